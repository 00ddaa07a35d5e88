//! Verdicts: the cause of each trouble, with its evidence and the next step.
//!
//! Only settled minutes count. A cause is measured, or inferred where AWS does not publish reasons
//! and arithmetic leaves only one, or unknown: an honest unknown is better than a wrong cause.

mod advice;
mod episode;
mod errors;
mod infer;
mod reasons;
#[cfg(test)]
mod tests;
mod throttle;
mod words;

pub(crate) use words::{name, number};

use crate::model::id::Resource;
use crate::model::metric::Metric;
use crate::model::throttle::{Direction, Limit, Reason};
use crate::model::time::{Figure, Minute, Window};
use crate::store::Reading;
use serde::Deserialize;
use std::cmp::Reverse;

/// When something counts as trouble, and when arithmetic suffices for a cause.
///
/// Where no source is named the number is our own choice.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// Newest settled minutes looked at; so many without a throttle event end an episode. Five
    /// one-minute periods are also what AWS's recommended throttle alarms look at (Amazon
    /// CloudWatch User Guide, "Best practice alarm recommendations").
    pub window_minutes: i64,
    /// Of these, minutes with throttle events that make a trouble …
    pub throttled_minutes: usize,
    /// … if they have together at least this many events.
    pub events_together: f64,
    /// Throttle events that make a trouble in a single minute.
    pub events_at_once: f64,
    /// Newest minutes of an episode that its cause is concluded from.
    pub cause_minutes: i64,
    /// Share of the events, 0 to 1, from which a second reason is named in the evidence.
    pub second_share: f64,
    /// Throttled minutes that must agree before a cause is inferred.
    pub agreeing_minutes: usize,
    /// Share of a limit, 0 to 1, from which consumption counts as pinned to it.
    pub pinned_share: f64,
    /// Share of an on-demand limit, less what one partition gives, 0 to 1, below which no second
    /// of a minute can have met it.
    pub clear_share: f64,
    /// Seconds of provisioned capacity that must be left in the burst bank to rule out that it
    /// ran dry. The bank holds up to 300 (Amazon DynamoDB Developer Guide, "Burst and adaptive
    /// capacity"), of which DynamoDB may use some itself.
    pub burst_reserve_seconds: f64,
    /// Read units that refused reads are taken to have asked for at most, on average.
    pub read_units_per_event: f64,
    /// Write units that refused writes are taken to have asked for at most, on average.
    pub write_units_per_event: f64,
    /// `UserErrors` in a minute that count.
    pub user_errors_per_minute: f64,
    /// Of the newest settled minutes, those with so many that make a trouble.
    pub user_error_minutes: usize,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            window_minutes: 5,
            throttled_minutes: 2,
            events_together: 10.0,
            events_at_once: 60.0,
            cause_minutes: 15,
            second_share: 0.1,
            agreeing_minutes: 3,
            pinned_share: 0.95,
            clear_share: 0.5,
            burst_reserve_seconds: 30.0,
            read_units_per_event: 8.0,
            write_units_per_event: 4.0,
            user_errors_per_minute: 60.0,
            user_error_minutes: 3,
        }
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It was trouble and is easing off.
    Notice,
    /// It is trouble now.
    Trouble,
}

/// How the cause is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// AWS's own metrics name it.
    Measured,
    /// It is the only one that the figures allow.
    Inferred,
    /// It is not.
    Unknown,
}

impl Confidence {
    /// `measured`, `inferred` or `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Inferred => "inferred",
            Self::Unknown => "unknown",
        }
    }
}

/// Why a resource is in trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Requests are refused at this limit.
    Throttled(Limit),
    /// Requests are refused; the limit is not known.
    ThrottledUnknown,
    /// Callers send what DynamoDB answers with HTTP 400.
    UserErrors,
}

impl Cause {
    /// Its name in JSON: the limit's, `unknown` or `user-errors`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Throttled(limit) => limit.cause(),
            Self::ThrottledUnknown => "unknown",
            Self::UserErrors => "user-errors",
        }
    }
}

/// One fact a verdict rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// A short clause with its figure and unit, such as `1,240 write throttle events in 11:58`.
    pub what: String,
    /// The metric it is from, if it is from one.
    pub metric: Option<Metric>,
    /// The number in it, in the unit named there.
    pub figure: Option<f64>,
    /// The minutes it is about, if it is about some.
    pub window: Option<Window>,
}

impl Evidence {
    fn clause(what: impl Into<String>) -> Self {
        Self { what: what.into(), metric: None, figure: None, window: None }
    }

    fn measured(what: String, metric: Metric, figure: f64, window: Window) -> Self {
        Self { what, metric: Some(metric), figure: Some(figure), window: Some(window) }
    }

    /// Tells that a count is known through `through` only, where its newest figure says so.
    fn of_age(reading: Reading<'_>, newest: Figure, through: Minute) -> Option<Self> {
        let through = words::clock(reading, through);
        match newest {
            Figure::Stale { .. } => {
                Some(Self::clause(format!("stale: nothing newer than {through} could be read")))
            }
            Figure::Unknown { .. } => {
                let what = format!("CloudWatch has told nothing of minutes after {through} yet");
                Some(Self::clause(what))
            }
            Figure::Value { .. }
            | Figure::Settling { .. }
            | Figure::Zero { .. }
            | Figure::Idle { .. }
            | Figure::Denied { .. }
            | Figure::NotApplicable
            | Figure::NotPolled => None,
        }
    }
}

/// What is wrong with one resource, and what to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The table, index or account.
    pub resource: Resource,
    /// Reads or writes; `None` for the account.
    pub direction: Option<Direction>,
    /// The cause.
    pub cause: Cause,
    /// The cause as AWS spells it in `ThrottlingReasons`, where it is one of those.
    pub reason: Option<Reason>,
    /// How the cause is known.
    pub confidence: Confidence,
    /// How bad it is.
    pub severity: Severity,
    /// The first minute of the trouble, as far as is known.
    pub since: Minute,
    /// Whether it may have begun earlier: nothing is known of the minutes before.
    pub since_or_earlier: bool,
    /// Throttle events or errors in the newest settled minutes.
    pub events: f64,
    /// What it rests on, the most telling first.
    pub evidence: Vec<Evidence>,
    /// Other resources that suffer from this one.
    pub explains: Vec<Resource>,
    /// The next step.
    pub advice: String,
    /// What the cause may be, where it is unknown.
    pub candidates: Vec<Limit>,
}

impl Verdict {
    /// Names direction and cause in a few words that fit a narrow list, such as `WRITE: hot partition`.
    pub fn headline(&self) -> String {
        let cause = match self.cause {
            Cause::UserErrors => return "user errors".to_owned(),
            Cause::Throttled(limit) => words::limit(limit),
            Cause::ThrottledUnknown => "cause unknown",
        };
        let direction = match self.direction {
            Some(Direction::Read) => "READ: ",
            Some(Direction::Write) => "WRITE: ",
            None => "",
        };
        let doubt = if self.confidence == Confidence::Inferred { " (inferred)" } else { "" };
        format!("{direction}{cause}{doubt}")
    }
}

/// Every verdict of a scope, in the order of what to do first.
///
/// What is worse comes first; of that, an index that refuses its table's writes, since it explains
/// them; then what has more events, by powers of two so that noise changes no places; then what is
/// older.
pub fn verdicts(reading: Reading<'_>, thresholds: &Thresholds) -> Vec<Verdict> {
    // Settling minutes may be shown, but nothing is concluded from them.
    let reading = reading.with_settling(false);
    let mut verdicts = throttle::verdicts(reading, thresholds);
    verdicts.extend(errors::verdict(reading, thresholds));
    verdicts.sort_by(|a, b| {
        let rank = |verdict: &Verdict| (Reverse(verdict.severity), verdict.explains.is_empty());
        let magnitude = |verdict: &Verdict| verdict.events.log2().floor();
        rank(a)
            .cmp(&rank(b))
            .then_with(|| magnitude(b).total_cmp(&magnitude(a)))
            .then_with(|| a.since.cmp(&b.since))
            .then_with(|| (&a.resource, a.direction).cmp(&(&b.resource, b.direction)))
    });
    verdicts
}
