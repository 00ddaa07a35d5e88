//! A list whose rows are judged while it is on screen, what needs action first, and which is selected.

use super::Target;
use super::narrowing::Narrowing;
use super::pointer::Pointer;
use super::query::Terms;
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
    pub(super) pointer: Pointer<Id>,
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
            pointer: Pointer::default(),
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
        let is_narrow = self.narrowing.is_narrow();
        let row = self.pointer.sought(self.shown.len(), is_narrow, None, |id| self.row_of(id));
        self.pointer.place.cursor = row;
        self.pointer.show(self.current().map(id));
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
        self.rows().skip(self.pointer.place.offset).take(page)
    }

    /// What each row on such a screen is about, from top to bottom.
    pub(super) fn targets_in_sight(&self, page: usize) -> impl Iterator<Item = Target> {
        self.in_sight(page).map(|entry| id(entry).0)
    }

    fn row_of(&self, (target, direction): &Id) -> Option<usize> {
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
        self.pointer.is_chosen()
    }

    /// The selected row.
    pub(super) fn current(&self) -> Option<&E> {
        self.entry_at(self.pointer.place.cursor)
    }

    fn entry_at(&self, row: usize) -> Option<&E> {
        self.entries.get(*self.shown.get(row)?)
    }

    /// What the selected row is about.
    pub(super) fn target(&self) -> Option<Target> {
        self.current().map(|entry| id(entry).0)
    }

    pub(super) fn select(&mut self, row: usize) {
        let about = self.entry_at(row).map(id);
        self.pointer.move_to(row, about);
    }

    /// Selects the row of this, whatever the list left out until now.
    pub(super) fn seek(&mut self, target: Target) {
        self.narrowing.clear();
        self.pointer.choose(Some((target, None)));
        self.choose();
    }

    /// Leaves out what seldom matters, or shows it.
    pub(super) fn toggle_folded(&mut self) {
        self.unfolded = !self.unfolded;
        self.choose();
    }
}
