//! Each poller's schedule and the round it is in.

use super::backoff::Backoff;
use super::job::Job;
use crate::model::health::{CallError, ErrorClass, Outcome, Poller};
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// Failures in a row after which a round without any success is given up.
const HOPELESS: u32 = 3;

/// All pollers.
#[derive(Debug)]
pub(crate) struct Rounds {
    slots: BTreeMap<Poller, Slot>,
    random: fastrand::Rng,
}

#[derive(Debug, Default)]
struct Slot {
    due: Option<Timestamp>,
    /// Until when AWS is left alone after a failure.
    rests_until: Option<Timestamp>,
    started: Option<Timestamp>,
    /// How the last round failed, if it did.
    failed: Option<ErrorClass>,
    /// Rounds in a row that read nothing.
    failures: u32,
    finished: bool,
    open: Option<Open>,
    backoff: Backoff,
}

/// A round that is under way.
#[derive(Debug, Default)]
struct Open {
    queue: VecDeque<Job>,
    running: usize,
    requests: u32,
    metrics: u32,
    good: u32,
    bad: u32,
    error: Option<CallError>,
    given_up: bool,
}

/// A round that has ended.
#[derive(Debug)]
pub(crate) struct Closed {
    pub(crate) started: Timestamp,
    pub(crate) outcome: Outcome,
    pub(crate) requests: u32,
    pub(crate) metrics: u32,
    /// How long to leave AWS alone, after a failure.
    pub(crate) delay: Option<Duration>,
    /// Rounds in a row that read nothing.
    pub(crate) failures: u32,
}

impl Rounds {
    pub(crate) fn new(seed: u64) -> Self {
        let slots = Poller::ALL.into_iter().map(|poller| (poller, Slot::default())).collect();
        Self { slots, random: fastrand::Rng::with_seed(seed) }
    }

    /// A number of milliseconds in `range`, for what is to be chosen once.
    pub(crate) fn random_millis(&mut self, range: std::ops::RangeInclusive<i64>) -> i64 {
        self.random.i64(range)
    }

    fn slot(&mut self, poller: Poller) -> &mut Slot {
        self.slots.entry(poller).or_default()
    }

    fn open_slot(&mut self, poller: Poller) -> Option<&mut Open> {
        self.slot(poller).open.as_mut()
    }

    /// Makes `poller` due at `at`, whatever it was before.
    pub(crate) fn set_due(&mut self, poller: Poller, at: Timestamp) {
        self.slot(poller).due = Some(at);
    }

    /// Leaves AWS alone until `until`, whatever calls for a round meanwhile.
    pub(crate) fn rest(&mut self, poller: Poller, until: Timestamp) {
        self.slot(poller).rests_until = Some(until);
    }

    /// Ends a rest early: what it waited for has happened.
    pub(crate) fn wake_up(&mut self, poller: Poller) {
        self.slot(poller).rests_until = None;
    }

    /// Makes `poller` due at `at` or the end of its rest, if it is due later or not at all.
    pub(crate) fn hasten(&mut self, poller: Poller, at: Timestamp) {
        let slot = self.slot(poller);
        let at = slot.rests_until.map_or(at, |until| at.max(until));
        slot.due = Some(slot.due.map_or(at, |due| due.min(at)));
    }

    /// Makes everything due at `now`, to which the clock was set back.
    pub(crate) fn turn_back(&mut self, now: Timestamp) {
        for slot in self.slots.values_mut() {
            slot.due = slot.due.map(|due| due.min(now));
            slot.started = slot.started.map(|started| started.min(now));
            slot.rests_until = None;
        }
    }

    /// When `poller` is due.
    pub(crate) fn due(&self, poller: Poller) -> Option<Timestamp> {
        self.slots.get(&poller).and_then(|slot| slot.due)
    }

    /// When `poller`'s last round began.
    pub(crate) fn started(&self, poller: Poller) -> Option<Timestamp> {
        self.slots.get(&poller).and_then(|slot| slot.started)
    }

    /// How `poller`'s last round failed, if it did.
    pub(crate) fn failed(&self, poller: Poller) -> Option<ErrorClass> {
        self.slots.get(&poller).and_then(|slot| slot.failed)
    }

    /// Whether `poller` has finished a round.
    pub(crate) fn finished(&self, poller: Poller) -> bool {
        self.slots.get(&poller).is_some_and(|slot| slot.finished)
    }

    /// Whether `poller` is in a round.
    pub(crate) fn is_open(&self, poller: Poller) -> bool {
        self.slots.get(&poller).is_some_and(|slot| slot.open.is_some())
    }

    /// Whether no poller is in a round.
    pub(crate) fn all_closed(&self) -> bool {
        self.slots.values().all(|slot| slot.open.is_none())
    }

    /// The pollers that are due by `now` and not in a round.
    pub(crate) fn ready(&self, now: Timestamp) -> Vec<Poller> {
        let ready = |slot: &Slot| slot.open.is_none() && slot.due.is_some_and(|due| due <= now);
        self.slots.iter().filter(|(_, slot)| ready(slot)).map(|(poller, _)| *poller).collect()
    }

    /// When the next poller is due.
    pub(crate) fn wake(&self) -> Option<Timestamp> {
        self.slots.values().filter(|slot| slot.open.is_none()).filter_map(|slot| slot.due).min()
    }

    /// Begins a round.
    pub(crate) fn open(&mut self, poller: Poller, now: Timestamp, jobs: Vec<Job>) {
        let slot = self.slot(poller);
        slot.started = Some(now);
        slot.rests_until = None;
        slot.open = Some(Open { queue: jobs.into(), ..Open::default() });
    }

    /// Adds jobs to a round.
    pub(crate) fn extend(&mut self, poller: Poller, jobs: Vec<Job>) {
        if let Some(open) = self.open_slot(poller) {
            open.queue.extend(jobs);
        }
    }

    /// Puts what waits in a round into the order of `rank`; what ranks the same keeps its order.
    pub(crate) fn sort_waiting<R: Ord>(&mut self, poller: Poller, rank: impl Fn(&Job) -> R) {
        if let Some(open) = self.open_slot(poller) {
            open.queue.make_contiguous().sort_by_key(rank);
        }
    }

    /// The next job that may run now, a few at a time for each poller.
    pub(crate) fn next_job(&mut self) -> Option<Job> {
        for (poller, slot) in &mut self.slots {
            let Some(open) = &mut slot.open else { continue };
            if open.running < concurrency(*poller)
                && let Some(job) = open.queue.pop_front()
            {
                open.running += 1;
                return Some(job);
            }
        }
        None
    }

    /// Counts what one finished job took and brought.
    ///
    /// Returns the jobs that are given up because AWS will clearly not answer them either.
    pub(crate) fn record(
        &mut self,
        poller: Poller,
        (requests, metrics): (u32, u32),
        good: bool,
        error: Option<CallError>,
    ) -> Vec<Job> {
        let Some(open) = self.open_slot(poller) else { return vec![] };
        open.running = open.running.saturating_sub(1);
        open.requests = open.requests.saturating_add(requests);
        open.metrics = open.metrics.saturating_add(metrics);
        if good {
            open.good += 1;
        }
        let Some(error) = error else { return vec![] };
        // A table may be denied by a policy of its own.
        if !good && error.class != ErrorClass::Denied {
            open.bad += 1;
        }
        let hopeless = open.good == 0 && open.bad >= HOPELESS;
        let give_up = !good && (hopeless || concerns_all(poller, error.class));
        open.error.get_or_insert(error);
        if !give_up {
            return vec![];
        }
        open.given_up = true;
        open.queue.drain(..).collect()
    }

    /// Whether the round has nothing left to do.
    pub(crate) fn is_drained(&self, poller: Poller) -> bool {
        let open = self.slots.get(&poller).and_then(|slot| slot.open.as_ref());
        open.is_some_and(|open| open.queue.is_empty() && open.running == 0)
    }

    /// Whether jobs of the round were given up.
    pub(crate) fn given_up(&self, poller: Poller) -> bool {
        let open = self.slots.get(&poller).and_then(|slot| slot.open.as_ref());
        open.is_some_and(|open| open.given_up)
    }

    /// Ends a round.
    pub(crate) fn close(&mut self, poller: Poller) -> Option<Closed> {
        let slot = self.slots.entry(poller).or_default();
        let open = slot.open.take()?;
        slot.finished = true;
        slot.due = None;
        let outcome = match open.error {
            None => Outcome::Complete,
            Some(error) if open.good > 0 => Outcome::Partial(error),
            Some(error) => Outcome::Failed(error),
        };
        slot.failures = match outcome {
            Outcome::Failed(_) => slot.failures.saturating_add(1),
            Outcome::Complete | Outcome::Partial(_) => 0,
        };
        let failures = slot.failures;
        slot.failed = outcome.error().map(|error| error.class);
        let delay = match &outcome {
            Outcome::Partial(error) if error.class != ErrorClass::Throttled => None,
            Outcome::Complete => None,
            Outcome::Partial(error) | Outcome::Failed(error) => {
                Some(slot.backoff.fail(error.class, &mut self.random))
            }
        };
        if delay.is_none() {
            slot.backoff.succeed();
        }
        let (started, requests, metrics) = (slot.started?, open.requests, open.metrics);
        Some(Closed { started, outcome, requests, metrics, delay, failures })
    }
}

/// How many calls of one poller may be under way.
pub(crate) fn concurrency(poller: Poller) -> usize {
    match poller {
        // Enough for two hundred a second where each takes a tenth of it.
        Poller::Descriptions => 20,
        Poller::Metrics => 4,
        Poller::Identity
        | Poller::Tables
        | Poller::Limits
        | Poller::Operations
        | Poller::Scaling
        | Poller::TimeToLive
        | Poller::Backups
        | Poller::Kinesis
        | Poller::Alarms
        | Poller::AlarmHistory
        | Poller::MuteRules
        | Poller::AlarmData
        | Poller::Activities
        | Poller::Schedules
        | Poller::Insights
        | Poller::HotKeys
        | Poller::Consumers
        | Poller::Clusters
        | Poller::ClusterEvents
        | Poller::Parameters => 1,
    }
}

/// Whether an error of one call tells how the others of its round will end.
fn concerns_all(poller: Poller, class: ErrorClass) -> bool {
    match class {
        ErrorClass::Throttled
        | ErrorClass::Expired
        | ErrorClass::NoCredentials
        | ErrorClass::NoRegion
        | ErrorClass::Network => true,
        // Metrics are allowed or denied as a whole.
        ErrorClass::Denied => poller == Poller::Metrics,
        ErrorClass::TimedOut
        | ErrorClass::Server
        | ErrorClass::Unreadable
        | ErrorClass::Rejected => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPENT: (u32, u32) = (1, 0);

    fn now() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    fn error(class: ErrorClass) -> CallError {
        CallError { class, action: "a:B", code: None, message: String::new() }
    }

    /// A round of twelve jobs, as many of them under way as may be.
    fn begun(poller: Poller) -> Rounds {
        let mut rounds = Rounds::new(1);
        rounds.open(poller, now(), vec![Job::TableNames; 12]);
        while rounds.next_job().is_some() {}
        rounds
    }

    #[test]
    fn an_error_that_concerns_all_calls_gives_up_those_that_wait() {
        use ErrorClass::{Denied, Expired, Network, Server, Throttled, TimedOut};
        for (poller, class, given_up) in [
            (Poller::Metrics, Throttled, 8),
            (Poller::Metrics, Expired, 8),
            (Poller::Metrics, Network, 8),
            (Poller::Metrics, Denied, 8),
            (Poller::Descriptions, Denied, 0),
            (Poller::Metrics, TimedOut, 0),
            (Poller::Descriptions, Server, 0),
        ] {
            let mut rounds = begun(poller);
            let dropped = rounds.record(poller, SPENT, false, Some(error(class)));
            assert_eq!(dropped.len(), given_up, "{class:?} of {}", poller.name());
        }
    }

    #[test]
    fn a_round_without_any_success_is_given_up_after_three_failures() {
        let fail = |rounds: &mut Rounds| {
            rounds.record(Poller::Metrics, SPENT, false, Some(error(ErrorClass::TimedOut))).len()
        };
        let mut hopeless = begun(Poller::Metrics);
        assert_eq!([fail(&mut hopeless), fail(&mut hopeless), fail(&mut hopeless)], [0, 0, 8]);
        let mut hopeful = begun(Poller::Metrics);
        hopeful.record(Poller::Metrics, SPENT, true, None);
        assert_eq!([fail(&mut hopeful), fail(&mut hopeful), fail(&mut hopeful)], [0, 0, 0]);
    }

    #[test]
    fn a_round_ends_as_its_answers_say_and_only_failures_delay_the_next() {
        let server = || Some(error(ErrorClass::Server));
        for (answers, complete, partial, delayed) in [
            (vec![(true, None)], true, false, false),
            (vec![(true, None), (false, server())], false, true, false),
            (vec![(true, server())], false, true, false),
            (vec![(true, Some(error(ErrorClass::Throttled)))], false, true, true),
            (vec![(false, server())], false, false, true),
        ] {
            let mut rounds = Rounds::new(1);
            rounds.open(Poller::Metrics, now(), vec![Job::TableNames; answers.len()]);
            while rounds.next_job().is_some() {}
            for (good, error) in answers {
                assert!(!rounds.is_drained(Poller::Metrics));
                rounds.record(Poller::Metrics, (2, 5), good, error);
            }
            assert!(rounds.is_drained(Poller::Metrics));
            let closed = rounds.close(Poller::Metrics).unwrap();
            assert_eq!(closed.outcome == Outcome::Complete, complete);
            assert_eq!(matches!(closed.outcome, Outcome::Partial(_)), partial);
            assert_eq!(closed.delay.is_some(), delayed);
            assert_eq!(closed.metrics / closed.requests, 2);
        }
    }
}
