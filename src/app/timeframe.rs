//! The time that charts show, and the cursor that runs through all of them.

use crate::model::time::{Minute, Window};

/// How much time charts can show, in minutes: the steps of the Contributor Insights console, and a
/// day.
pub(super) const RANGES: [i64; 6] = [15, 30, 60, 180, 720, 1_440];

/// What charts show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timeframe {
    /// One of [`RANGES`].
    minutes: i64,
    /// The minute the user points at.
    cursor: Option<Minute>,
}

impl Default for Timeframe {
    fn default() -> Self {
        Self { minutes: Self::USUAL, cursor: None }
    }
}

impl Timeframe {
    const USUAL: i64 = 60;

    /// The minutes shown, the last of them the newest complete one before `end`.
    pub(super) fn window(self, end: Minute) -> Window {
        Window::ending(end, self.minutes)
    }

    pub(super) fn minutes(self) -> i64 {
        self.minutes
    }

    pub(super) fn cursor(self) -> Option<Minute> {
        self.cursor
    }

    /// Shows the range of [`RANGES`] that is nearest to `minutes`.
    pub(super) fn set_minutes(&mut self, minutes: i64) {
        let nearest = RANGES.into_iter().min_by_key(|range| range.abs_diff(minutes));
        self.minutes = nearest.unwrap_or(Self::USUAL);
    }

    /// The same, with no more than so many minutes shown.
    pub(super) fn at_most(self, minutes: i64) -> Self {
        Self { minutes: self.minutes.min(minutes), ..self }
    }

    pub(super) fn set_cursor(&mut self, cursor: Option<Minute>) {
        self.cursor = cursor;
    }

    /// Shows the next longer range, or the next shorter one.
    pub(super) fn zoom(&mut self, longer: bool) {
        let mut ranges = RANGES.into_iter();
        let next = if longer {
            ranges.find(|range| *range > self.minutes)
        } else {
            ranges.rfind(|range| *range < self.minutes)
        };
        self.minutes = next.unwrap_or(self.minutes);
    }

    /// Shows the usual range again.
    pub(super) fn reset(&mut self) {
        self.minutes = Self::USUAL;
    }

    /// Moves the cursor one step within `window`; at first it stands on `newest`. Steps are a
    /// sixtieth of the range, so that few keys cross it.
    pub(super) fn move_cursor(&mut self, forward: bool, newest: Minute, window: Window) {
        let step = (self.minutes / Self::USUAL).max(1);
        let moved = match self.cursor {
            None => newest,
            Some(at) if forward => at.plus(step),
            Some(at) => at.plus(-step),
        };
        self.cursor = Some(moved.clamp(window.start, window.end.plus(-1)));
    }

    /// Takes the cursor away; whether there was one.
    pub(super) fn clear_cursor(&mut self) -> bool {
        self.cursor.take().is_some()
    }

    /// Takes the cursor along into `window` where time has left it behind.
    pub(super) fn keep_cursor_in(&mut self, window: Window) {
        let newest = window.end.plus(-1).max(window.start);
        self.cursor = self.cursor.map(|cursor| cursor.clamp(window.start, newest));
    }

    /// Shows as much more time before `end` as brings the cursor in sight.
    pub(super) fn reach_cursor(&mut self, end: Minute) {
        let Some(cursor) = self.cursor else { return };
        let reaches = |minutes: &i64| Window::ending(end, *minutes).start <= cursor;
        let least = RANGES.into_iter().find(reaches);
        self.minutes = self.minutes.max(least.unwrap_or(self.minutes));
    }
}

/// Writes a range as people say it: `15 m`, `3 h`, `24 h`.
pub(super) fn range_name(minutes: i64) -> String {
    if minutes < 60 { format!("{minutes} m") } else { format!("{} h", minutes / 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_goes_through_the_ranges_and_stops_at_both_ends() {
        let mut frame = Timeframe::default();
        let mut seen = vec![frame.minutes()];
        for longer in [true, true, true, true, false, false, false, false, false, false] {
            frame.zoom(longer);
            seen.push(frame.minutes());
        }
        assert_eq!(seen, [60, 180, 720, 1_440, 1_440, 720, 180, 60, 30, 15, 15]);
        frame.reset();
        assert_eq!(frame.minutes(), 60);
    }

    #[test]
    fn the_cursor_starts_on_the_newest_settled_minute_and_stays_in_the_window() {
        let mut frame = Timeframe::default();
        let (newest, end) = (Minute(1_000), Minute(1_003));
        let window = frame.window(end);
        frame.move_cursor(false, newest, window);
        assert_eq!(frame.cursor(), Some(newest));
        frame.move_cursor(false, newest, window);
        assert_eq!(frame.cursor(), Some(Minute(999)));
        for _ in 0..100 {
            frame.move_cursor(false, newest, window);
        }
        assert_eq!(frame.cursor(), Some(Minute(943)));
        for _ in 0..100 {
            frame.move_cursor(true, newest, window);
        }
        assert_eq!(frame.cursor(), Some(Minute(1_002)));
        frame.keep_cursor_in(frame.window(Minute(2_000)));
        assert_eq!(frame.cursor(), Some(Minute(1_940)));
        assert!(frame.clear_cursor() && !frame.clear_cursor());
    }

    #[test]
    fn as_much_time_is_shown_as_the_cursor_needs_and_never_less() {
        for (cursor, minutes) in [(999, 60), (940, 60), (939, 180), (400, 720), (-9_000, 60)] {
            let mut frame = Timeframe::default();
            frame.set_cursor(Some(Minute(cursor)));
            frame.reach_cursor(Minute(1_000));
            assert_eq!(frame.minutes(), minutes, "{cursor}");
        }
    }
}
