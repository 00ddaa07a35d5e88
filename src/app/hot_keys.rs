//! The Hot keys pane: which tables and indexes have rows, which is selected, and whether its keys are
//! masked.

use super::pane::Pane;
use super::ranked::{self, Ranked};
use super::scaling::without;
use super::{App, Target};
use crate::model::id::{Resource, Scope};
use crate::store::{Detail, Reading};
use crate::view::format::grouped;
use crate::view::hot_keys::{self, Entry, Reveal};
use crate::view::scaling::{Weight, longest_name};
use crate::view::timeline::Unread;
use crate::view::{Body, Layout, Role, Span};
use jiff::Timestamp;

/// The state of the pane.
pub(super) type HotKeys = Ranked<Entry>;

impl ranked::Entry for Entry {
    fn about(&self) -> (&Scope, &Resource) {
        (&self.scope, &self.resource)
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
    /// Judges whose keys are counted and whose should be, where that is on screen.
    pub(super) fn list_hot_keys(&mut self, now: Timestamp) {
        let judged = self.readings(now).map(|reading| {
            let verdicts = self.fleet.verdicts(reading.scope());
            (reading, verdicts)
        });
        let entries = hot_keys::entries(judged);
        self.hot_keys.longest_name = longest_name(entries.iter().map(|entry| &entry.resource));
        self.hot_keys.entries = entries;
        self.hot_keys.choose();
    }

    /// Rows of the list that fit on screen.
    pub(super) fn hot_keys_page(&self) -> usize {
        hot_keys::page(self.size, self.expanded, self.hot_keys.row_count())
    }

    /// Whether a column of the screen is to the right of the list.
    pub(super) fn is_beside_list(&self, column: u16) -> bool {
        let width = self.size.0;
        width >= Layout::SIDE_BY_SIDE && !self.expanded && column >= hot_keys::list_width(width)
    }

    /// The table or index of each row on screen, from top to bottom.
    pub(super) fn hot_keys_in_sight(&self) -> impl Iterator<Item = Target> {
        self.hot_keys.targets_in_sight(self.page())
    }

    /// The selected row of the Hot keys pane; `None` on every other pane.
    pub(super) fn hot_keys_target(&self) -> Option<Target> {
        self.hot_keys.target().filter(|_| self.pane == Pane::HotKeys)
    }

    /// Shows the selected table or index on the Table pane.
    pub(super) fn open_hot_keys(&mut self) {
        // What keys act on stays where it is while others come and go above it.
        self.hot_keys.select(self.hot_keys.pointer.place.cursor);
        if let Some(target) = self.hot_keys_target() {
            self.open_from(Pane::HotKeys, target);
        }
    }

    fn reveal(&self) -> Reveal {
        Reveal { in_full: self.reveals_keys, charset: self.options.charset }
    }

    /// Whether there are keys on screen to show in full, or shown so.
    pub(super) fn shows_keys(&self, now: Timestamp) -> bool {
        let shows = |target: &Target| {
            let subject = self.subject(target, true, now);
            match self.pane {
                Pane::HotKeys => hot_keys::hottest(&subject, self.reveal()).is_some(),
                Pane::Table => hot_keys::told(&subject, self.reveal()).is_some(),
                Pane::Tables
                | Pane::Scaling
                | Pane::Dax
                | Pane::Alarms
                | Pane::Timeline
                | Pane::Pollers => false,
            }
        };
        self.reveals_keys || self.current().is_some_and(|target| shows(&target))
    }

    /// The hottest key of the selected row as it is shown, where this pane is about keys.
    pub(super) fn copied_key(&self, now: Timestamp) -> Option<String> {
        let target = self.hot_keys_target()?;
        hot_keys::hottest(&self.subject(&target, true, now), self.reveal())
    }

    /// What the pane shows.
    pub(super) fn hot_keys_view(&self, readings: &[Reading<'_>], now: Timestamp) -> Body {
        let Some(target) = self.hot_keys_target() else {
            return Body::Message(self.no_hot_keys(readings));
        };
        let rows = self.hot_keys.in_sight(self.page());
        let place = self.hot_keys.pointer.place;
        let facts = hot_keys::Facts {
            rows: rows.map(|entry| (entry, self.reading(&entry.scope, now))).collect(),
            selected: place.line(),
            subject: self.subject(&target, true, now),
            longest_name: self.hot_keys.longest_name,
            prices: &self.options.prices,
            reveal: self.reveal(),
            marker: self.options.marker,
            size: self.size,
            expanded: self.expanded,
        };
        if self.details {
            return Body::Words(hot_keys::words(&facts));
        }
        Body::HotKeys(hot_keys::pane(&facts))
    }

    /// Why there is no row.
    fn no_hot_keys(&self, readings: &[Reading<'_>]) -> Vec<Span> {
        let list = &self.hot_keys;
        let lines = |what: String, how: String| {
            vec![Span::new(what, Role::Text), Span::new(how, Role::Dim)]
        };
        if list.narrowing.is_narrow() && list.has_any() {
            let filter = list.narrowing.filter.value();
            let what = if filter.is_empty() {
                "no key is known to be too hot".to_owned()
            } else {
                format!("nothing matches {filter}")
            };
            let hidden = grouped(list.entries.len() as f64);
            return lines(what, format!("Esc shows all {hidden} rows"));
        }
        let is_unread = |reading: &Reading<'_>| matches!(reading.insights(), Detail::NotPolled);
        if list.has_any() && readings.iter().any(is_unread) {
            let what = "whether keys are counted is not read yet";
            return vec![Span::new(what, Role::Text)];
        }
        if list.has_any() {
            let denied = readings.iter().flat_map(|reading| hot_keys::missing(*reading)).next();
            let what = denied.map_or_else(
                || "Contributor Insights is off everywhere, and no partition is too hot".to_owned(),
                |missing| format!("no partition is too hot; {missing}"),
            );
            let turns_on = self
                .keys_of_advice()
                .edit
                .map(|key| format!("; {key} opens the plan to turn it on"));
            let all = "i shows every table and index".to_owned();
            return lines(what, all + &turns_on.unwrap_or_default());
        }
        if self.fleet.counts.tables > 0 {
            return vec![Span::new("no table is described yet", Role::Text)];
        }
        self.message(readings)
    }

    /// How the list is made up.
    pub(super) fn hot_keys_state(&self) -> Vec<Option<String>> {
        let folded = self.hot_keys.folded();
        let on = self.hot_keys.entries.iter().filter(|entry| entry.is_on()).count();
        vec![
            Some(format!("Contributor Insights on {}", grouped(on as f64))),
            (folded > 0).then(|| format!("{} without it folded", grouped(folded as f64))),
        ]
    }

    /// What the list leaves out, and what of it could not be read.
    pub(super) fn hot_keys_narrowed(&self, readings: &[Reading<'_>]) -> Option<String> {
        let missing = readings.iter().flat_map(|reading| hot_keys::missing(*reading));
        without(self.hot_keys.narrowing.told(), &missing.collect::<Vec<Unread<'_>>>())
    }
}
