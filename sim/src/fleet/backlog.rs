//! Records on their way out of a table, oldest first: to a stream's consumer, a replica, a Kinesis data stream.

use std::collections::VecDeque;

use crate::facts::Datum;

/// Minutes that a stream keeps its records ("Change data capture for DynamoDB Streams").
const RETENTION_MINUTES: i64 = 24 * 60;

/// Milliseconds in a minute.
const MINUTE: f64 = 60_000.0;

/// Records that wait, by the minute in which they were written.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    cohorts: VecDeque<Cohort>,
}

/// The records of one minute, written evenly in it.
#[derive(Debug)]
struct Cohort {
    minute: i64,
    written: f64,
    left: f64,
}

/// The ages of the records that leave in a minute, milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ages {
    pub(super) least: f64,
    pub(super) most: f64,
}

impl Backlog {
    /// Adds the records of a minute.
    pub(super) fn write(&mut self, minute: i64, records: f64) {
        if records > 0.0 {
            self.cohorts.push_back(Cohort { minute, written: records, left: records });
        }
    }

    /// Takes up to so many records, the oldest first; returns how many there were.
    pub(super) fn take(&mut self, records: f64) -> f64 {
        let mut taken = 0.0;
        while let Some(oldest) = self.cohorts.front_mut() {
            let wanted = records - taken;
            if oldest.left > wanted {
                oldest.left -= wanted;
                return records;
            }
            taken += oldest.left;
            self.cohorts.pop_front();
        }
        taken
    }

    /// Loses what the stream no longer keeps at the end of a minute; returns how much that is.
    pub(super) fn trim(&mut self, minute: i64) -> f64 {
        self.expire(minute, RETENTION_MINUTES)
    }

    /// Drops the records that are so many minutes old at the end of a minute; returns how many.
    pub(super) fn expire(&mut self, minute: i64, minutes: i64) -> f64 {
        let mut expired = 0.0;
        while let Some(oldest) = self.cohorts.front().filter(|c| minute - c.minute >= minutes) {
            expired += oldest.left;
            self.cohorts.pop_front();
        }
        expired
    }

    /// Records that wait.
    pub(super) fn waiting(&self) -> f64 {
        self.cohorts.iter().map(|cohort| cohort.left).sum()
    }

    /// How old the oldest record is at the end of a minute, milliseconds; 0 where none waits.
    pub(super) fn age(&self, minute: i64) -> f64 {
        self.cohorts.front().map_or(0.0, |oldest| {
            let written = oldest.minute as f64 + 1.0 - oldest.left / oldest.written;
            ((minute + 1) as f64 - written) * MINUTE
        })
    }
}

impl Ages {
    /// From the age at the beginning of a minute to that at its end, and `ease` at least, which is what a
    /// record needs that waits for nothing.
    pub(super) fn between(begin: f64, end: f64, ease: f64) -> Self {
        Self { least: begin.min(end).max(0.0) + ease, most: begin.max(end) + ease }
    }

    /// A datum of so many samples of these ages; none without samples.
    pub(super) fn datum(self, minute: i64, samples: f64) -> Option<Datum> {
        let samples = samples.round();
        // A single sample is the oldest record.
        let mean = if samples < 2.0 { self.most } else { f64::midpoint(self.least, self.most) };
        let min = if samples < 2.0 { self.most } else { self.least };
        (samples > 0.0).then_some(Datum {
            minute,
            sum: mean * samples,
            min,
            max: self.most,
            samples,
            spread: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_leave_first_and_what_is_left_is_as_old_as_it_was_written() {
        let mut backlog = Backlog::default();
        backlog.write(0, 60.0);
        backlog.write(1, 60.0);
        assert!((backlog.age(1) - 120_000.0).abs() < 1e-6);
        assert!((backlog.take(90.0) - 90.0).abs() < 1e-9);
        assert!((backlog.waiting() - 30.0).abs() < 1e-9);
        assert!((backlog.age(1) - 30_000.0).abs() < 1e-6, "{}", backlog.age(1));
        assert!((backlog.take(f64::MAX) - 30.0).abs() < 1e-9);
        assert!(backlog.age(9).abs() < 1e-9, "nothing waits");
    }

    #[test]
    fn nothing_is_kept_for_longer_than_a_day() {
        let mut backlog = Backlog::default();
        let mut lost = 0.0;
        for minute in 0..2_000 {
            backlog.write(minute, 10.0);
            lost += backlog.trim(minute);
            assert!(backlog.age(minute) <= 86_400_000.0 + 1e-6);
        }
        assert!((lost + backlog.waiting() - 20_000.0).abs() < 1e-6, "written is lost or waits");
    }
}
