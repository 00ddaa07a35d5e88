//! When each poller's next round is due.

use super::State;
use super::steady::{HURRIED, Hurry, Rhythm, rhythm};
use crate::model::health::{ErrorClass, Outcome, Poller};
use crate::model::id::Resource;
use crate::model::time::Minute;
use crate::poll::job::Job;
use crate::poll::plan::Rank;
use crate::poll::rounds::Closed;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How often tables are looked at for whose description is due.
const DESCRIBE_TICK: SignedDuration = SignedDuration::from_secs(10);
/// How long until tables are looked at again where there are none.
const NO_TABLES: SignedDuration = SignedDuration::from_mins(5);
/// How often what only an open table needs is read while it is open.
const OPENED: SignedDuration = SignedDuration::from_mins(15);
/// How long after one such reading the next may follow, since users may leaf through tables:
/// `DescribeTimeToLive` may be called ten times a second (`Amazon DynamoDB` Developer Guide,
/// "Quotas").
pub(super) const LEAF: SignedDuration = SignedDuration::from_secs(1);
/// How often lost credentials are looked for again.
pub(super) const RENEW: SignedDuration = SignedDuration::from_secs(15);

/// When what surrounds the tables is read even if the first screen is not there yet.
pub(super) const AT_LATEST: SignedDuration = SignedDuration::from_secs(15);

/// How soon a call that failed is made again; twice as long after each further failure.
const RETRY: SignedDuration = SignedDuration::from_mins(1);
/// How far back a clock must be set for everything to be due anew.
pub(super) const TURNED_BACK: SignedDuration = SignedDuration::from_mins(2);

/// Whether AWS would refuse the same call again: it is not allowed, or not known.
fn is_refused(outcome: &Outcome) -> bool {
    let Outcome::Failed(error) = outcome else { return false };
    matches!(error.class, ErrorClass::Denied | ErrorClass::Rejected)
}

/// When a round that read nothing is repeated, if that is sooner than its own pace.
fn retry_due(poller: Poller, closed: &Closed) -> Timestamp {
    match (rhythm(poller), closed.failures) {
        // These know when each table, series, alarm and report failed.
        (Rhythm::Cycle | Rhythm::EachTable | Rhythm::OpenAlarm | Rhythm::EachReport, _)
        | (_, 0) => Timestamp::MAX,
        (Rhythm::Steady { .. } | Rhythm::OpenTable, failures) => {
            let wait = RETRY * 2_i32.saturating_pow(failures.min(10) - 1);
            closed.started.saturating_add(wait).unwrap_or(Timestamp::MAX)
        }
    }
}

impl State {
    pub(super) fn hasten_descriptions(&mut self, now: Timestamp) {
        if self.once || self.rounds.is_open(Poller::Descriptions) {
            return;
        }
        if let Some(due) = self.fleet.next_description(now, self.interest.open.as_ref()) {
            let last = self.rounds.started(Poller::Descriptions);
            let tick = last.map_or(now, |last| last + DESCRIBE_TICK);
            self.rounds.hasten(Poller::Descriptions, due.max(tick));
        }
    }

    /// Lets tables in trouble be described first, then those on the screen: until then nobody knows
    /// their indexes, and in a large fleet that takes many seconds.
    pub(super) fn order_descriptions(&mut self, now: Timestamp) {
        if !self.rounds.is_open(Poller::Descriptions) {
            return;
        }
        let urgent = self.fleet.urgent_tables(now, self.interest.open.as_ref());
        let visible: BTreeSet<&Arc<str>> =
            self.interest.visible.iter().filter_map(Resource::table_name).collect();
        self.rounds.sort_waiting(Poller::Descriptions, |job| {
            let Job::Describe(table) = job else { return (true, true) };
            (!urgent.contains(table), !visible.contains(table))
        });
    }

    /// Lets what waits of a metrics round begin with the open table, then with what is on the
    /// screen.
    pub(super) fn order_points(&mut self) {
        let interest = &self.interest;
        self.rounds.sort_waiting(Poller::Metrics, |job| {
            let Job::Points(batch) = job else { return Rank::Other };
            batch.rank(interest)
        });
    }

    /// What `poller` is to read of the open table by `now`, if anything.
    pub(super) fn open_table_jobs(
        &mut self,
        poller: Poller,
        now: Timestamp,
        job: fn(Arc<str>) -> Job,
    ) -> Vec<Job> {
        let Some(table) = self.interest.open.as_ref().and_then(Resource::table_name) else {
            return vec![];
        };
        let due = self.fleet.opened_due(table, poller, now, OPENED);
        if due.is_none_or(|due| due > now) {
            return vec![];
        }
        self.fleet.mark_opened(table, poller, now);
        vec![job(table.clone())]
    }

    /// Makes what is read of an open table due when its turn comes.
    pub(super) fn hasten_opened(&mut self, now: Timestamp) {
        let Some(table) = self.interest.open.as_ref().and_then(Resource::table_name) else {
            return;
        };
        for poller in [Poller::TimeToLive, Poller::Backups, Poller::Kinesis] {
            if let Some(due) = self.fleet.opened_due(table, poller, now, OPENED)
                && !self.rounds.is_open(poller)
            {
                let earliest = self.rounds.started(poller).map_or(now, |last| last + LEAF);
                self.rounds.hasten(poller, due.max(earliest));
            }
        }
    }

    /// Makes what is read more often in trouble due earlier, if there is any.
    pub(super) fn hasten_scaling(&mut self, now: Timestamp) {
        if !self.hurries(Some(Hurry::Trouble), now) {
            return;
        }
        for poller in Poller::ALL {
            if let Rhythm::Steady { hurry: Some(Hurry::Trouble), .. } = rhythm(poller)
                && let Some(last) = self.rounds.started(poller)
                && self.rounds.failed(poller).is_none()
            {
                self.rounds.hasten(poller, last + HURRIED);
            }
        }
    }

    fn hurries(&self, hurry: Option<Hurry>, now: Timestamp) -> bool {
        match hurry {
            // Nothing follows a single poll, and which reply comes first must not show.
            None => false,
            Some(_) if self.once => false,
            Some(Hurry::Trouble) => self.fleet.any_escalated(Minute::containing(now)),
            Some(Hurry::Clusters) => self.fleet.has_clusters(),
        }
    }

    /// When the round after one that has ended is due, unless AWS is to be left alone for longer.
    pub(super) fn due_after(&self, poller: Poller, closed: &Closed, now: Timestamp) -> Timestamp {
        let due = self.next_due(poller, closed.started, now);
        match rhythm(poller) {
            Rhythm::Steady { refused: Some(every), .. } if is_refused(&closed.outcome) => {
                due.max(closed.started + every)
            }
            Rhythm::Steady { .. }
            | Rhythm::EachTable
            | Rhythm::OpenTable
            | Rhythm::OpenAlarm
            | Rhythm::EachReport
            | Rhythm::Cycle => due.min(retry_due(poller, closed)),
        }
    }

    /// When a round that began at `started` is to be followed by the next.
    pub(super) fn next_due(&self, poller: Poller, started: Timestamp, now: Timestamp) -> Timestamp {
        match rhythm(poller) {
            Rhythm::Steady { calm, hurry, .. } => {
                started + if self.hurries(hurry, now) { HURRIED } else { calm }
            }
            Rhythm::EachTable => {
                let due = self.fleet.next_description(now, self.interest.open.as_ref());
                due.unwrap_or(started + NO_TABLES).max(started + DESCRIBE_TICK)
            }
            Rhythm::OpenTable => {
                let table = self.interest.open.as_ref().and_then(Resource::table_name);
                let due = table.and_then(|table| self.fleet.opened_due(table, poller, now, OPENED));
                due.unwrap_or(started + OPENED).max(started + LEAF)
            }
            Rhythm::OpenAlarm => {
                let due = self.alarm_due(now);
                due.unwrap_or(started + OPENED).max(started + LEAF)
            }
            Rhythm::EachReport => {
                self.reports_due(now).unwrap_or(started + OPENED).max(started + LEAF)
            }
            Rhythm::Cycle => self.cycle(Minute::containing(started).plus(1)),
        }
    }

    /// When the cycle of `minute` begins.
    fn cycle(&self, minute: Minute) -> Timestamp {
        minute.start() + self.metrics.offset
    }

    /// Puts a round off; cycles keep their place in the minute.
    pub(super) fn postponed(&self, poller: Poller, due: Timestamp, until: Timestamp) -> Timestamp {
        if poller != Poller::Metrics || until <= due {
            return due.max(until);
        }
        let minute = Minute::containing(until);
        let cycle = self.cycle(minute);
        if cycle >= until { cycle } else { self.cycle(minute.plus(1)) }
    }
}
