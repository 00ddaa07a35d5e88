//! The Scaling pane: which reads and writes have rows, and which of them is selected.

use super::narrowing::Narrowing;
use super::pane::Pane;
use super::query::Terms;
use super::sight::Place;
use super::{App, Target};
use crate::model::id::{Resource, Scope};
use crate::model::throttle::Direction;
use crate::store::Reading;
use crate::view::format::grouped;
use crate::view::scaling::{self, Entry, Weight};
use crate::view::timeline::Missing;
use crate::view::{Body, Role, Span};
use jiff::Timestamp;

/// The state of the pane.
#[derive(Debug, Default)]
pub(super) struct Scaling {
    /// What needs action first.
    entries: Vec<Entry>,
    /// The places of those that are shown.
    shown: Vec<usize>,
    /// Cells of the widest name among the entries.
    longest_name: usize,
    pub(super) place: Place,
    /// What the user moved to; `None` stays on what needs action first.
    selected: Option<Id>,
    /// What the pointer of the list shows.
    pointed: Option<Id>,
    pub(super) narrowing: Narrowing,
    /// Whether what is on-demand and calm has rows.
    unfolded: bool,
}

/// A row by what stays the same when rows change.
#[derive(Debug, Clone)]
struct Id(Scope, Resource, Direction);

impl Id {
    fn of(entry: &Entry) -> Self {
        Self(entry.scope.clone(), entry.resource.clone(), entry.direction)
    }

    fn is(&self, entry: &Entry) -> bool {
        entry.is(&self.0, &self.1, self.2)
    }
}

impl Scaling {
    /// Chooses the rows; the selection stays on its table or index where that is listed, and
    /// otherwise in its place.
    pub(super) fn choose(&mut self) {
        let terms = Terms::parse(self.narrowing.filter.value());
        let (only_trouble, folds) = (self.narrowing.only_trouble, self.folds());
        let passes = |entry: &Entry| {
            (entry.weight > Weight::Calm || !only_trouble)
                && !(folds && entry.is_folded())
                && (terms.is_empty() || terms.match_all_in(&entry.haystack()))
        };
        let places = self.entries.iter().enumerate().filter(|(_, entry)| passes(entry));
        self.shown = places.map(|(place, _)| place).collect();
        let is_led = self.selected.is_some() || self.narrowing.is_narrow();
        let pointed = self.pointed.as_ref().filter(|_| is_led);
        let wanted = [self.selected.as_ref(), pointed];
        let place = wanted.into_iter().flatten().find_map(|id| self.place_of(id));
        let fallback = if is_led { self.place.cursor } else { 0 };
        self.place.cursor = place.unwrap_or(fallback).min(self.shown.len().saturating_sub(1));
        self.pointed = self.current().map(Id::of);
    }

    /// Whether what is on-demand and calm goes without a row; a filter may seek it.
    fn folds(&self) -> bool {
        !self.unfolded && !Terms::parse(self.narrowing.filter.value()).seek()
    }

    fn rows(&self) -> impl Iterator<Item = &Entry> {
        self.shown.iter().filter_map(|place| self.entries.get(*place))
    }

    fn place_of(&self, id: &Id) -> Option<usize> {
        self.rows().position(|entry| id.is(entry))
    }

    pub(super) fn row_count(&self) -> usize {
        self.shown.len()
    }

    /// Whether there is anything to list, were nothing left out.
    pub(super) fn has_any(&self) -> bool {
        !self.entries.is_empty()
    }

    /// Whether the user has moved to a row.
    pub(super) fn is_chosen(&self) -> bool {
        self.selected.is_some()
    }

    /// The selected row.
    pub(super) fn current(&self) -> Option<&Entry> {
        self.entries.get(*self.shown.get(self.place.cursor)?)
    }

    pub(super) fn select(&mut self, row: usize) {
        self.place.cursor = row;
        self.selected = self.current().map(Id::of);
        self.pointed.clone_from(&self.selected);
    }

    /// Leaves out what is on-demand and calm, or shows it.
    pub(super) fn toggle_on_demand(&mut self) {
        self.unfolded = !self.unfolded;
        self.choose();
    }
}

impl App {
    /// Judges what moves capacity and what keeps it from moving, where that is on screen.
    pub(super) fn list_scaling(&mut self, now: Timestamp) {
        let entries = scaling::entries(self.readings(now));
        self.scaling.longest_name = scaling::longest_name(&entries);
        self.scaling.entries = entries;
        self.scaling.choose();
    }

    /// The selected row of the Scaling pane; `None` on every other pane.
    pub(super) fn scaling_current(&self) -> Option<&Entry> {
        self.scaling.current().filter(|_| self.pane == Pane::Scaling)
    }

    /// The table or index of each row on screen, from top to bottom.
    pub(super) fn scaling_in_sight(&self) -> impl Iterator<Item = Target> {
        let rows = self.scaling.rows().skip(self.scaling.place.offset).take(self.page());
        rows.map(|entry| Target::new(&entry.scope, entry.resource.clone()))
    }

    /// The table or index that the selected row is about.
    pub(super) fn scaling_target(&self) -> Option<Target> {
        let entry = self.scaling_current()?;
        Some(Target::new(&entry.scope, entry.resource.clone()))
    }

    /// Shows the selected table or index on the Table pane.
    pub(super) fn open_scaling(&mut self) {
        // What keys act on stays where it is while others come and go above it.
        self.scaling.select(self.scaling.place.cursor);
        if let Some(target) = self.scaling_target() {
            self.open_from(Pane::Scaling, target);
        }
    }

    /// What the pane shows.
    pub(super) fn scaling_view(&self, readings: &[Reading<'_>], now: Timestamp) -> Body {
        let Some(target) = self.scaling_target() else {
            return Body::Message(self.no_scaling(readings));
        };
        let Place { cursor, offset } = self.scaling.place;
        let rows = self.scaling.rows().skip(offset).take(self.page());
        let facts = scaling::Facts {
            rows: rows.map(|entry| (entry, self.reading(&entry.scope, now))).collect(),
            selected: cursor.saturating_sub(offset),
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
        let folds = self.scaling.folds();
        let folded = self.scaling.entries.iter().filter(|entry| folds && entry.is_folded()).count();
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
        let missing: Vec<Missing<'_>> =
            readings.iter().flat_map(|reading| scaling::missing(*reading)).collect();
        let named = |was_read: bool| {
            let named = missing.iter().filter(|missing| missing.was_read == was_read);
            let mut named: Vec<&str> = named.map(|missing| missing.what).collect();
            named.dedup();
            (!named.is_empty()).then(|| named.join(", "))
        };
        let parts = [
            self.scaling.narrowing.told(),
            named(false).map(|what| format!("WITHOUT {what}")),
            named(true).map(|what| format!("AS LAST READ {what}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}
