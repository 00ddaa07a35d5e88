//! How well each poller reads, and what it has taken so far.

use crate::model::health::{CallError, ErrorClass, Outcome, Round};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::time::Duration;

/// How many of a poller's newest rounds are remembered one by one.
const REMEMBERED: usize = 30;

/// How well one poller reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    /// Its newest round.
    pub last: Round,
    /// When its newest round that read anything began.
    pub last_success: Option<Timestamp>,
    /// Its newest failure, and when that round began; success does not take it away.
    pub last_error: Option<(Timestamp, CallError)>,
    /// Rounds since the last success that read nothing.
    pub failures_in_a_row: u32,
    /// Rounds since the start.
    pub rounds: u64,
    /// HTTP requests since the start, pages and retries counted.
    pub requests: u64,
    /// Metrics requested since the start, as CloudWatch bills them.
    pub metrics: u64,
    /// What that cost, dollars: an estimate from list prices.
    pub usd: f64,
    recent: VecDeque<Beat>,
}

/// What is remembered of an earlier round.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beat {
    /// When it began.
    pub started: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// Whether it read anything.
    pub read: bool,
    /// The first error it met, if any.
    pub error: Option<ErrorClass>,
    /// What it cost, dollars.
    pub usd: f64,
}

impl Health {
    /// A poller's health after `round`, given what it was `before`.
    pub(super) fn after(before: Option<Self>, round: Round) -> Self {
        let mut health = before.unwrap_or_else(|| Self {
            last: round.clone(),
            last_success: None,
            last_error: None,
            failures_in_a_row: 0,
            rounds: 0,
            requests: 0,
            metrics: 0,
            usd: 0.0,
            recent: VecDeque::new(),
        });
        let read = !matches!(round.outcome, Outcome::Failed(_));
        let error = round.outcome.error();
        if read {
            health.last_success = Some(round.started);
            health.failures_in_a_row = 0;
        } else {
            health.failures_in_a_row = health.failures_in_a_row.saturating_add(1);
        }
        if let Some(error) = error {
            health.last_error = Some((round.started, error.clone()));
        }
        health.rounds += 1;
        health.requests += u64::from(round.requests);
        health.metrics += u64::from(round.metrics);
        health.usd += round.usd();
        if health.recent.len() == REMEMBERED {
            health.recent.pop_front();
        }
        health.recent.push_back(Beat {
            started: round.started,
            took: round.took,
            read,
            error: error.map(|error| error.class),
            usd: round.usd(),
        });
        Self { last: round, ..health }
    }

    /// The newest thirty rounds, oldest first.
    pub fn recent(&self) -> impl ExactSizeIterator<Item = &Beat> {
        self.recent.iter()
    }

    /// Dollars per hour, counted over the rounds remembered and the time until the next is due; 0 where none is.
    pub fn usd_per_hour(&self) -> f64 {
        let Some(first) = self.recent.front() else { return 0.0 };
        let Some(due) = self.last.due else { return 0.0 };
        let hours = due.duration_since(first.started).as_secs_f64() / 3_600.0;
        let usd: f64 = self.recent.iter().map(|beat| beat.usd).sum();
        if hours > 0.0 { usd / hours } else { 0.0 }
    }

    /// Until when AWS is left alone after a failure, if it is.
    pub fn backs_off_until(&self) -> Option<Timestamp> {
        let error = self.last.outcome.error()?;
        let backs_off = self.failures_in_a_row > 0 || error.class == ErrorClass::Throttled;
        self.last.due.filter(|_| backs_off)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::health::Poller;
    use jiff::SignedDuration;

    fn after(minutes: i64) -> Timestamp {
        let noon: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        noon + SignedDuration::from_mins(minutes)
    }

    fn round(poller: Poller, minute: i64, outcome: Outcome) -> Round {
        Round {
            poller,
            started: after(minute),
            took: Duration::from_millis(90),
            outcome,
            requests: 2,
            metrics: 500,
            due: Some(after(minute + 1)),
        }
    }

    fn error(class: ErrorClass) -> CallError {
        CallError { class, action: "a:B", code: None, message: String::new() }
    }

    #[test]
    fn rounds_add_up_and_the_newest_thirty_are_remembered() {
        let mut health = None;
        for minute in 0..45 {
            let round = round(Poller::Metrics, minute, Outcome::Complete);
            health = Some(Health::after(health, round));
        }
        let health = health.unwrap();
        assert_eq!((health.rounds, health.requests, health.metrics), (45, 90, 22_500));
        assert_eq!(health.recent().len(), 30);
        assert_eq!(health.recent().next().unwrap().started, after(15));
        assert!((health.usd - 0.225).abs() < 1e-9, "{}", health.usd);
        assert!((health.usd_per_hour() - 0.3).abs() < 1e-9, "{}", health.usd_per_hour());
    }

    #[test]
    fn only_list_metrics_is_charged_by_the_request() {
        for (poller, usd) in [(Poller::Operations, 0.000_02), (Poller::Tables, 0.0)] {
            let round = Round { metrics: 0, ..round(poller, 0, Outcome::Complete) };
            assert!((Health::after(None, round).usd - usd).abs() < 1e-12, "{}", poller.name());
        }
    }

    #[test]
    fn a_poller_backs_off_after_a_failure_and_remembers_it_after_a_success() {
        use ErrorClass::{Server, Throttled};
        for (outcome, backs_off, failures) in [
            (Outcome::Failed(error(Server)), true, 1),
            (Outcome::Partial(error(Server)), false, 0),
            (Outcome::Partial(error(Throttled)), true, 0),
        ] {
            let failed = Health::after(None, round(Poller::Tables, 0, outcome.clone()));
            assert_eq!(failed.backs_off_until().is_some(), backs_off, "{outcome:?}");
            assert_eq!(failed.failures_in_a_row, failures);
            let healed = Health::after(Some(failed), round(Poller::Tables, 1, Outcome::Complete));
            assert_eq!((healed.backs_off_until(), healed.failures_in_a_row), (None, 0));
            assert_eq!(healed.last_error.map(|(at, _)| at), Some(after(0)));
        }
    }
}
