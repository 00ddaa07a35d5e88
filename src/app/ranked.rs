//! A list whose rows are judged while it is on screen, what needs action first, and which is selected.

use super::Target;
use super::narrowing::Narrowing;
use super::query::Terms;
use super::sight::Place;
use crate::model::id::{Resource, Scope};
use crate::model::throttle::Direction;

/// A row of such a list.
pub(super) trait Entry {
    /// What it is about, and where that is.
    fn about(&self) -> (&Scope, &Resource);
    /// Which of its capacities, where each has a row of its own.
    fn direction(&self) -> Option<Direction> {
        None
    }
    /// Whether nothing about it is worth a look.
    fn is_calm(&self) -> bool;
    /// Whether it has a row only where everything is shown.
    fn is_folded(&self) -> bool;
    /// What a filter looks through, in lower case.
    fn haystack(&self) -> String;
}

/// What a row is about, which stays the same when rows change.
type Id = (Target, Option<Direction>);

fn id(entry: &impl Entry) -> Id {
    let (scope, resource) = entry.about();
    (Target::new(scope, resource.clone()), entry.direction())
}

/// The state of such a list.
#[derive(Debug)]
pub(super) struct Ranked<E: Entry> {
    /// What needs action first.
    pub(super) entries: Vec<E>,
    /// The places of those that are shown.
    shown: Vec<usize>,
    /// Cells of the widest name among the entries.
    pub(super) longest_name: usize,
    pub(super) place: Place,
    /// What the user moved to; `None` stays on what needs action first.
    selected: Option<Id>,
    /// What the pointer of the list shows.
    pointed: Option<Id>,
    pub(super) narrowing: Narrowing,
    /// Whether what seldom matters has rows.
    unfolded: bool,
}

// Not derived: that would ask for an `E` with a default.
impl<E: Entry> Default for Ranked<E> {
    fn default() -> Self {
        Self {
            entries: vec![],
            shown: vec![],
            longest_name: 0,
            place: Place::default(),
            selected: None,
            pointed: None,
            narrowing: Narrowing::default(),
            unfolded: false,
        }
    }
}

impl<E: Entry> Ranked<E> {
    /// Chooses the rows; the selection stays on what it is about where that is listed, and otherwise in
    /// its place.
    pub(super) fn choose(&mut self) {
        let terms = Terms::parse(self.narrowing.filter.value());
        let (only_trouble, folds) = (self.narrowing.only_trouble, self.folds());
        let passes = |entry: &E| {
            let is_left_out = only_trouble && entry.is_calm() || folds && entry.is_folded();
            !is_left_out && (terms.is_empty() || terms.match_all_in(&entry.haystack()))
        };
        let places = self.entries.iter().enumerate().filter(|(_, entry)| passes(entry));
        self.shown = places.map(|(place, _)| place).collect();
        let is_led = self.selected.is_some() || self.narrowing.is_narrow();
        let pointed = self.pointed.as_ref().filter(|_| is_led);
        let wanted = [self.selected.as_ref(), pointed];
        let place = wanted.into_iter().flatten().find_map(|id| self.place_of(id));
        let fallback = if is_led { self.place.cursor } else { 0 };
        self.place.cursor = place.unwrap_or(fallback).min(self.shown.len().saturating_sub(1));
        self.pointed = self.current().map(id);
    }

    /// Whether what seldom matters goes without a row; a filter may seek it.
    pub(super) fn folds(&self) -> bool {
        !self.unfolded && !Terms::parse(self.narrowing.filter.value()).seek()
    }

    /// How many entries go without a row because they seldom matter.
    pub(super) fn folded(&self) -> usize {
        let folds = self.folds();
        self.entries.iter().filter(|entry| folds && entry.is_folded()).count()
    }

    /// The rows from top to bottom.
    pub(super) fn rows(&self) -> impl Iterator<Item = &E> {
        self.shown.iter().filter_map(|place| self.entries.get(*place))
    }

    /// The rows on a screen that has room for so many.
    pub(super) fn in_sight(&self, page: usize) -> impl Iterator<Item = &E> {
        self.rows().skip(self.place.offset).take(page)
    }

    /// What each row on such a screen is about, from top to bottom.
    pub(super) fn targets_in_sight(&self, page: usize) -> impl Iterator<Item = Target> {
        self.in_sight(page).map(|entry| id(entry).0)
    }

    fn place_of(&self, (target, direction): &Id) -> Option<usize> {
        let about = (&target.scope, &target.resource);
        self.rows().position(|entry| entry.about() == about && entry.direction() == *direction)
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
    pub(super) fn current(&self) -> Option<&E> {
        self.entries.get(*self.shown.get(self.place.cursor)?)
    }

    /// What the selected row is about.
    pub(super) fn target(&self) -> Option<Target> {
        self.current().map(|entry| id(entry).0)
    }

    pub(super) fn select(&mut self, row: usize) {
        self.place.cursor = row;
        self.selected = self.current().map(id);
        self.pointed.clone_from(&self.selected);
    }

    /// Selects the row of this, whatever the list left out until now.
    pub(super) fn seek(&mut self, target: Target) {
        self.narrowing.clear();
        self.selected = Some((target, None));
        self.choose();
    }

    /// Leaves out what seldom matters, or shows it.
    pub(super) fn toggle_folded(&mut self) {
        self.unfolded = !self.unfolded;
        self.choose();
    }
}
