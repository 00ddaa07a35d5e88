//! Which row of a list is selected: whatever happens to the rows, it stays on what its row is about.

use super::sight::Place;

/// Where the pointer of a list is. `I` tells what a row is about, and stays the same when rows change.
#[derive(Debug)]
pub(super) struct Pointer<I> {
    pub(super) place: Place,
    /// What the user moved to; `None` stays on what needs action first.
    chosen: Option<I>,
    /// What the pointer shows.
    shown: Option<I>,
}

// Not derived: that would ask for an `I` with a default.
impl<I> Default for Pointer<I> {
    fn default() -> Self {
        Self { place: Place::default(), chosen: None, shown: None }
    }
}

impl<I: Clone + PartialEq> Pointer<I> {
    /// The row to point at in a list that was chosen anew, of so many rows: what the user moved to where that is
    /// listed, otherwise what was pointed at, otherwise the row in its place.
    ///
    /// A user who neither moved nor narrowed the list down is kept on what needs action first.
    pub(super) fn sought(
        &self,
        rows: usize,
        is_narrow: bool,
        first: Option<&I>,
        row_of: impl Fn(&I) -> Option<usize>,
    ) -> usize {
        let is_led = self.is_chosen() || is_narrow;
        let shown = self.shown.as_ref().filter(|_| is_led);
        let wanted = [self.chosen.as_ref(), shown, first.filter(|_| !is_led)];
        let row = wanted.into_iter().flatten().find_map(row_of);
        let in_its_place = if is_led { self.place.cursor } else { 0 };
        row.unwrap_or(in_its_place).min(rows.saturating_sub(1))
    }

    /// Notes what the row is about that it points at.
    pub(super) fn show(&mut self, about: Option<I>) {
        if !self.place.is_held {
            self.shown = about;
        }
    }

    /// Moves to a row, as the user asked.
    pub(super) fn move_to(&mut self, row: usize, about: Option<I>) {
        self.place.cursor = row;
        self.choose(about);
    }

    /// Stays on this from now on, once its row is known.
    pub(super) fn choose(&mut self, about: Option<I>) {
        self.chosen.clone_from(&about);
        self.shown = about;
    }

    /// Whether the user has moved to a row.
    pub(super) fn is_chosen(&self) -> bool {
        self.chosen.is_some()
    }

    /// Lets go of what is listed no more.
    pub(super) fn forget(&mut self, is_gone: impl Fn(&I) -> bool) {
        for about in [&mut self.chosen, &mut self.shown] {
            if about.as_ref().is_some_and(&is_gone) {
                *about = None;
            }
        }
    }
}
