//! The Scaling pane: which reads and writes have rows, and which of them is selected.

use super::pane::Pane;
use super::ranked::{self, Ranked};
use super::{App, Target};
use crate::model::id::{Resource, Scope};
use crate::model::throttle::Direction;
use crate::store::Reading;
use crate::view::format::grouped;
use crate::view::scaling::{self, Entry, Weight};
use crate::view::timeline::Unread;
use crate::view::{Body, Role, Span};
use jiff::Timestamp;

/// The state of the pane.
pub(super) type Scaling = Ranked<Entry>;

impl ranked::Entry for Entry {
    fn about(&self) -> (&Scope, &Resource) {
        (&self.scope, &self.resource)
    }

    fn direction(&self) -> Option<Direction> {
        Some(self.direction)
    }

    fn is_calm(&self) -> bool {
        self.weight == Weight::Calm
    }

    fn is_folded(&self) -> bool {
        self.is_folded()
    }

    fn haystack(&self) -> String {
        self.haystack()
    }
}

impl App {
    /// Judges what moves capacity and what keeps it from moving, where that is on screen.
    pub(super) fn list_scaling(&mut self, now: Timestamp) {
        let entries = scaling::entries(self.readings(now));
        self.scaling.longest_name =
            scaling::longest_name(entries.iter().map(|entry| &entry.resource));
        self.scaling.entries = entries;
        self.scaling.choose();
    }

    /// The selected row of the Scaling pane; `None` on every other pane.
    pub(super) fn scaling_current(&self) -> Option<&Entry> {
        self.scaling.current().filter(|_| self.pane == Pane::Scaling)
    }

    /// The table or index of each row on screen, from top to bottom.
    pub(super) fn scaling_in_sight(&self) -> impl Iterator<Item = Target> {
        self.scaling.targets_in_sight(self.page())
    }

    /// The table or index that the selected row is about.
    pub(super) fn scaling_target(&self) -> Option<Target> {
        self.scaling.target().filter(|_| self.pane == Pane::Scaling)
    }

    /// Shows the selected table or index on the Table pane.
    pub(super) fn open_scaling(&mut self) {
        // What keys act on stays where it is while others come and go above it.
        self.scaling.select(self.scaling.pointer.place.cursor);
        if let Some(target) = self.scaling_target() {
            self.open_from(Pane::Scaling, target);
        }
    }

    /// What the pane shows.
    pub(super) fn scaling_view(&self, readings: &[Reading<'_>], now: Timestamp) -> Body {
        let Some(target) = self.scaling_target() else {
            return Body::Message(self.no_scaling(readings));
        };
        let rows = self.scaling.in_sight(self.page());
        let facts = scaling::Facts {
            rows: rows.map(|entry| (entry, self.reading(&entry.scope, now))).collect(),
            selected: self.scaling.pointer.place.line(),
            subject: self.subject(&target, true, now),
            longest_name: self.scaling.longest_name,
            prices: &self.options.prices,
            times: self.times(now),
            charset: self.options.charset,
            strip: self.strip(),
        };
        let words = if self.details { scaling::words(&facts) } else { None };
        words.map_or_else(|| Body::List(scaling::list(&facts)), Body::Words)
    }

    /// Why there is no row.
    fn no_scaling(&self, readings: &[Reading<'_>]) -> Vec<Span> {
        let scaling = &self.scaling;
        let lines = |what: String, how: String| {
            vec![Span::new(what, Role::Text), Span::new(how, Role::Dim)]
        };
        if scaling.narrowing.is_narrow() && scaling.has_any() {
            let filter = scaling.narrowing.filter.value();
            let what = if filter.is_empty() {
                "nothing keeps capacity from following the traffic".to_owned()
            } else {
                format!("nothing matches {filter}")
            };
            let hidden = grouped(scaling.entries.len() as f64);
            return lines(what, format!("Esc shows all {hidden} rows"));
        }
        if scaling.has_any() {
            let what = "everything is on-demand, and all is well".to_owned();
            return lines(what, "i shows it".to_owned());
        }
        if self.fleet.counts.tables > 0 {
            return vec![Span::new("no table is described yet", Role::Text)];
        }
        self.message(readings)
    }

    /// How the list is made up.
    pub(super) fn scaling_state(&self) -> Vec<Option<String>> {
        let folded = self.scaling.folded();
        let targets = self.scaling.entries.iter().filter(|entry| entry.is_target).count();
        let plural = if targets == 1 { "" } else { "s" };
        let text = || format!("{} on-demand folded", grouped(folded as f64));
        vec![
            // None at all is the same as none that may be read.
            (targets > 0).then(|| format!("{} scalable target{plural}", grouped(targets as f64))),
            (folded > 0).then(text),
        ]
    }

    /// What the list leaves out, and what of it could not be read.
    pub(super) fn scaling_narrowed(&self, readings: &[Reading<'_>]) -> Option<String> {
        let missing = readings.iter().flat_map(|reading| scaling::missing(*reading));
        without(self.scaling.narrowing.told(), &missing.collect::<Vec<_>>())
    }
}

/// What a list leaves out, and what of it could not be read, or not again.
pub(super) fn without(told: Option<String>, missing: &[Unread<'_>]) -> Option<String> {
    let named = |was_read: bool| {
        let named = missing.iter().filter(|missing| missing.was_read == was_read);
        let mut named: Vec<&str> = named.map(|missing| missing.what).collect();
        named.dedup();
        (!named.is_empty()).then(|| named.join(", "))
    };
    let parts = [
        told,
        named(false).map(|what| format!("WITHOUT {what}")),
        named(true).map(|what| format!("AS LAST READ {what}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
