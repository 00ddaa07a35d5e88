//! Local time: how far its clocks are ahead of UTC.

use super::time::Minute;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// How far clocks are ahead of UTC at a place: now, and before they were changed last, for what is shown of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UtcOffset {
    /// Minutes.
    now: i64,
    /// When clocks were changed last, and how many minutes they were ahead of UTC before.
    before: Option<(Timestamp, i64)>,
}

impl UtcOffset {
    /// UTC itself.
    pub const ZERO: Self = Self::fixed(0);

    /// That of a place where clocks are never changed, in minutes.
    pub const fn fixed(minutes: i64) -> Self {
        Self { now: minutes, before: None }
    }

    /// That of a time zone, for `now` and what was before.
    pub fn of(zone: &TimeZone, now: Timestamp) -> Self {
        let minutes = |at: Timestamp| i64::from(zone.to_offset(at).seconds() / 60);
        let changed = zone.preceding(now).next().map(|transition| transition.timestamp());
        let before = changed.and_then(|at| at.checked_sub(SignedDuration::from_secs(1)).ok());
        Self { now: minutes(now), before: changed.zip(before.map(minutes)) }
    }

    /// Minutes that clocks are, or were, ahead of UTC at a moment.
    pub fn minutes_at(self, at: Timestamp) -> i64 {
        match self.before {
            Some((changed, minutes)) if at < changed => minutes,
            Some(_) | None => self.now,
        }
    }

    /// The instant at which clocks in UTC show what clocks there show at `at`.
    pub fn local(self, at: Timestamp) -> Timestamp {
        at.checked_add(SignedDuration::from_mins(self.minutes_at(at))).unwrap_or(at)
    }

    /// The minute whose time in UTC reads as `minute` does there.
    pub fn local_minute(self, minute: Minute) -> Minute {
        minute.plus(self.minutes_at(minute.start()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_before_clocks_were_changed_is_told_by_the_clocks_of_then() {
        // Berlin, the last Sunday of October 2026: from 03:00 CEST back to 02:00 CET.
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let offset = UtcOffset::of(&zone, at("2026-10-25T09:00:00Z"));
        for (utc, local) in [
            ("2026-10-25T00:30:00Z", "2026-10-25T02:30:00Z"),
            ("2026-10-25T00:59:59Z", "2026-10-25T02:59:59Z"),
            ("2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"),
            ("2026-10-25T09:00:00Z", "2026-10-25T10:00:00Z"),
        ] {
            assert_eq!(offset.local(at(utc)), at(local), "{utc}");
        }
        let utc = UtcOffset::of(&TimeZone::UTC, at("2026-10-25T09:00:00Z"));
        assert_eq!(utc, UtcOffset::ZERO);
    }
}
