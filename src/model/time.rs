//! Minutes, windows and figures: what a number is about and how far it can be trusted.

use jiff::Timestamp;
use std::fmt;

/// A whole minute since the Unix epoch; a data point of minute `m` covers `m.start()..m.end()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Minute(pub i64);

impl Minute {
    /// The minute that contains `at`.
    pub fn containing(at: Timestamp) -> Self {
        Self(at.as_second().div_euclid(60))
    }

    /// The newest minute whose end lies at least `settle_seconds` before `at`.
    ///
    /// CloudWatch publishes late and revises its newest points; only older ones are settled.
    pub fn newest_settled(at: Timestamp, settle_seconds: i64) -> Self {
        Self((at.as_second() - settle_seconds).div_euclid(60) - 1)
    }

    /// First instant of the minute; the Unix epoch for minutes outside the calendar.
    pub fn start(self) -> Timestamp {
        Timestamp::from_second(self.0.saturating_mul(60)).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// First instant after the minute.
    pub fn end(self) -> Timestamp {
        self.plus(1).start()
    }

    /// The minute `minutes` later (earlier, if negative).
    #[must_use]
    pub fn plus(self, minutes: i64) -> Self {
        Self(self.0.saturating_add(minutes))
    }

    /// How many minutes `self` lies after `earlier`.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Minute {
    /// Writes the start of the minute, `2026-11-22T12:03:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.start().fmt(f)
    }
}

/// A half-open range of minutes: `start` is in, `end` is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Window {
    /// First minute inside.
    pub start: Minute,
    /// First minute after.
    pub end: Minute,
}

impl Window {
    /// The `minutes` minutes before `end`.
    pub fn ending(end: Minute, minutes: i64) -> Self {
        Self { start: Minute(end.0.saturating_sub(minutes)), end }
    }

    /// Length in minutes; 0 for an inverted window.
    pub fn minutes(self) -> i64 {
        self.end.since(self.start).max(0)
    }

    /// Whether `minute` lies inside.
    pub fn contains(self, minute: Minute) -> bool {
        self.start <= minute && minute < self.end
    }
}

/// One number on the screen, with what it is about and how far it can be trusted.
///
/// The states are never shown alike: a zero is not an unknown, and neither is a refusal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    /// A measured value of a settled minute.
    Value {
        /// In the unit of the metric.
        value: f64,
        /// The minute it is about.
        at: Minute,
    },
    /// A value that CloudWatch may still revise; shown only where it is asked for.
    Settling {
        /// In the unit of the metric.
        value: f64,
        /// The minute it is about.
        at: Minute,
    },
    /// A count without a data point in a minute that CloudWatch has published: 0.
    Zero {
        /// The minute it is about.
        at: Minute,
    },
    /// A gauge or rate without samples in a minute that CloudWatch has published: nothing happened.
    Idle {
        /// The minute it is about.
        at: Minute,
    },
    /// The point should be there and is not, or CloudWatch has not published that minute yet.
    Unknown {
        /// The minute it is about.
        at: Minute,
    },
    /// The last value of a series that could not be read again when it was due.
    Stale {
        /// The last settled value; a count's gap is 0 here too.
        value: f64,
        /// The minute it was about.
        at: Minute,
    },
    /// AWS refused to tell.
    Denied {
        /// The IAM action that is missing, such as `cloudwatch:GetMetricData`.
        action: &'static str,
    },
    /// The question has no meaning here, such as provisioned capacity on an on-demand table.
    NotApplicable,
    /// Nobody asked AWS for it (yet).
    NotPolled,
}

impl Figure {
    /// The number, where there is one: 0 for [`Figure::Zero`].
    pub fn value(self) -> Option<f64> {
        match self {
            Self::Value { value, .. }
            | Self::Settling { value, .. }
            | Self::Stale { value, .. } => Some(value),
            Self::Zero { .. } => Some(0.0),
            Self::Idle { .. }
            | Self::Unknown { .. }
            | Self::Denied { .. }
            | Self::NotApplicable
            | Self::NotPolled => None,
        }
    }

    /// The minute it is about, where it is about one.
    pub fn at(self) -> Option<Minute> {
        match self {
            Self::Value { at, .. }
            | Self::Settling { at, .. }
            | Self::Zero { at }
            | Self::Idle { at }
            | Self::Unknown { at }
            | Self::Stale { at, .. } => Some(at),
            Self::Denied { .. } | Self::NotApplicable | Self::NotPolled => None,
        }
    }

    /// The same figure with its number changed, such as a sum per minute into units per second.
    #[must_use]
    pub fn map(self, change: impl FnOnce(f64) -> f64) -> Self {
        match self {
            Self::Value { value, at } => Self::Value { value: change(value), at },
            Self::Settling { value, at } => Self::Settling { value: change(value), at },
            Self::Stale { value, at } => Self::Stale { value: change(value), at },
            Self::Zero { .. }
            | Self::Idle { .. }
            | Self::Unknown { .. }
            | Self::Denied { .. }
            | Self::NotApplicable
            | Self::NotPolled => self,
        }
    }

    /// The same figure as one that could not be read again when it was due.
    #[must_use]
    pub fn staled(self) -> Self {
        match self {
            Self::Value { value, at } | Self::Settling { value, at } => Self::Stale { value, at },
            Self::Zero { at } => Self::Stale { value: 0.0, at },
            Self::Idle { .. }
            | Self::Unknown { .. }
            | Self::Stale { .. }
            | Self::Denied { .. }
            | Self::NotApplicable
            | Self::NotPolled => self,
        }
    }

    /// The state's name in JSON output.
    pub fn state(self) -> &'static str {
        match self {
            Self::Value { .. } => "value",
            Self::Settling { .. } => "settling",
            Self::Zero { .. } => "zero",
            Self::Idle { .. } => "idle",
            Self::Unknown { .. } => "unknown",
            Self::Stale { .. } => "stale",
            Self::Denied { .. } => "denied",
            Self::NotApplicable => "not_applicable",
            Self::NotPolled => "not_polled",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_settles_two_minutes_after_its_end() {
        let at: Timestamp = "2026-11-22T12:03:20Z".parse().unwrap();
        assert_eq!(Minute::newest_settled(at, 120).to_string(), "2026-11-22T12:00:00Z");
        let just: Timestamp = "2026-11-22T12:03:00Z".parse().unwrap();
        assert_eq!(Minute::newest_settled(just, 120).to_string(), "2026-11-22T12:00:00Z");
        let before: Timestamp = "2026-11-22T12:02:59Z".parse().unwrap();
        assert_eq!(Minute::newest_settled(before, 120).to_string(), "2026-11-22T11:59:00Z");
    }

    #[test]
    fn only_figures_with_a_number_have_a_value() {
        let at = Minute(1);
        assert_eq!(Figure::Zero { at }.value(), Some(0.0));
        assert_eq!(Figure::Idle { at }.value(), None);
        assert_eq!(Figure::Value { value: 120.0, at }.map(|v| v / 60.0).value(), Some(2.0));
        assert_eq!(Figure::NotPolled.map(|_| 1.0), Figure::NotPolled);
    }
}
