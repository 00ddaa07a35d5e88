//! What all pollers together know, and what follows from each answer; no waiting happens here.

mod alarms;
mod answers;
mod clusters;
mod hot_keys;
mod steady;
mod timing;

use self::alarms::Alarms;
use self::clusters::Dax;
use self::hot_keys::HotKeys;
use self::steady::{OPERATIONS, Rhythm, SURROUNDINGS, rhythm};
use self::timing::{AT_LATEST, RENEW, TURNED_BACK};
use super::budget::Pace;
use super::job::Job;
use super::plan::{Ask, Planner, Reach, batches};
use super::rounds::Rounds;
use super::{Interest, Settings, fleet::Fleet};
use crate::aws::Connection;
use crate::model::health::{
    CallError, Cost, ErrorClass, Poller, Round, Slowed, USD_PER_LIST_REQUEST, USD_PER_METRIC,
};
use crate::model::id::{Resource, Scope};
use crate::model::time::Minute;
use crate::model::update::{News, Update};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;

/// How long after the last key the user is taken to be away.
const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// One look at everything details all tables of a fleet that is no larger than this.
const FEW_TABLES: usize = 50;
/// The same of the nodes of all DAX clusters.
const FEW_NODES: usize = 50;

/// The pollers of one connection.
#[derive(Debug)]
pub(crate) struct State {
    scope: Scope,
    settings: Settings,
    interest: Interest,
    /// The table that was opened last: the store keeps its whole history, open or not, until
    /// another is opened, so it is not read again.
    opened: Option<Arc<str>>,
    /// The time of the last tick.
    latest: Timestamp,
    /// Whether everything is read once only.
    once: bool,
    /// Whether the scope is fixed.
    begun: bool,
    fleet: Fleet,
    rounds: Rounds,
    metrics: Metrics,
    alarms: Alarms,
    hot_keys: HotKeys,
    dax: Dax,
    /// Whether AWS no longer takes our credentials.
    lost: bool,
    cost: Cost,
    list_requests: u32,
    renewed: Option<Connection>,
    updates: Vec<Update>,
}

/// The round of `GetMetricData` under way.
#[derive(Debug)]
struct Metrics {
    /// How far into each minute the cycle begins: `CloudWatch` publishes late.
    offset: SignedDuration,
    asks: Vec<Ask>,
    planned: Timestamp,
    /// Whether it is the minute's cycle, rather than a few newcomers.
    is_cycle: bool,
    refresh: bool,
    pace: Pace,
}

impl State {
    pub(crate) fn new(scope: Scope, settings: Settings, interest: Interest, once: bool) -> Self {
        let mut rounds = Rounds::new(settings.jitter_seed);
        let offset = SignedDuration::from_millis(rounds.random_millis(10_000..=20_000));
        let metrics = Metrics {
            offset,
            asks: vec![],
            planned: Timestamp::UNIX_EPOCH,
            is_cycle: false,
            refresh: false,
            pace: Pace::FULL,
        };
        Self {
            scope,
            settings,
            opened: interest.open.as_ref().and_then(Resource::table_name).cloned(),
            interest,
            latest: Timestamp::UNIX_EPOCH,
            once,
            begun: false,
            fleet: Fleet::default(),
            rounds,
            metrics,
            alarms: Alarms::default(),
            hot_keys: HotKeys::default(),
            dax: Dax::default(),
            lost: false,
            cost: Cost::default(),
            list_requests: 0,
            renewed: None,
            updates: vec![],
        }
    }

    /// Starts the first call, which tells who we are.
    pub(crate) fn identify(&mut self, now: Timestamp) {
        self.rounds.open(Poller::Identity, now, vec![Job::Identity]);
    }

    /// Fixes the scope and makes everything else due; what surrounds the tables does not compete
    /// with the first screen.
    pub(crate) fn begin(&mut self, now: Timestamp) {
        self.begun = true;
        for poller in [Poller::Tables, Poller::Limits, Poller::Scaling] {
            self.rounds.set_due(poller, now);
        }
        let later = if self.once { now } else { now + AT_LATEST };
        for poller in SURROUNDINGS {
            self.rounds.set_due(poller, later);
        }
    }

    /// Where it reads; fixed from [`Self::begin`] on.
    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// When something is due that is not under way.
    pub(crate) fn wake(&self) -> Option<Timestamp> {
        self.rounds.wake()
    }

    /// Whether everything was read once and nothing is left to do.
    pub(crate) fn is_done(&self) -> bool {
        self.rounds.all_closed() && self.rounds.wake().is_none()
    }

    /// The next call that may be made now.
    pub(crate) fn next_job(&mut self) -> Option<Job> {
        self.rounds.next_job()
    }

    /// What there is to tell.
    pub(crate) fn take_updates(&mut self) -> Vec<Update> {
        std::mem::take(&mut self.updates)
    }

    /// The connection to use from now on, if it is a new one.
    pub(crate) fn take_connection(&mut self) -> Option<Connection> {
        self.renewed.take()
    }

    /// Begins the rounds that are due.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        if now < self.latest - TURNED_BACK {
            self.rounds.turn_back(now);
            self.fleet.turn_back();
            self.alarms.turn_back(now);
            self.hot_keys.turn_back();
            self.dax.turn_back(now);
        }
        self.latest = now;
        for poller in self.rounds.ready(now) {
            let jobs = self.jobs(poller, now);
            if jobs.is_empty() && self.once {
                self.rounds.open(poller, now, jobs);
                self.finish(poller, now);
            } else if jobs.is_empty() {
                let due = self.next_due(poller, now, now);
                self.rounds.set_due(poller, due);
            } else {
                self.rounds.open(poller, now, jobs);
            }
        }
        self.order_descriptions(now);
    }

    /// Takes what the user looks at now; rows that have come into view are read at once.
    pub(crate) fn look_at(&mut self, interest: Interest, now: Timestamp) {
        let table = |interest: &Interest| interest.open.as_ref()?.table_name().cloned();
        let opened = table(&interest);
        let is_same = interest.visible == self.interest.visible
            && opened == table(&self.interest)
            && interest.cluster == self.interest.cluster;
        let is_other_alarm = interest.alarm != self.interest.alarm;
        let are_other_keys =
            interest.hot_keys != self.interest.hot_keys || interest.open != self.interest.open;
        self.interest = interest;
        if is_other_alarm {
            self.hasten_alarm_data(now);
        }
        if are_other_keys {
            self.hasten_reports(now);
        }
        if is_other_alarm || are_other_keys {
            self.set_pace(now);
        }
        if is_same && self.cost.slowed != Some(Slowed::Idle) {
            return;
        }
        if opened.is_some() && opened != self.opened {
            self.fleet.forget_history();
            self.opened = opened;
        }
        self.order_descriptions(now);
        self.hasten_descriptions(now);
        self.hasten_opened(now);
        self.read_newcomers(now);
        self.order_points();
    }

    /// Makes everything due that was not asked for in this minute.
    pub(crate) fn refresh(&mut self, now: Timestamp) {
        let minute = Minute::containing(now);
        self.fleet.refresh_descriptions(now);
        self.alarms.refresh(now);
        self.hot_keys.refresh(now);
        self.metrics.refresh = true;
        for poller in Poller::ALL {
            let asked = self.rounds.started(poller).map(Minute::containing);
            let due = match rhythm(poller) {
                Rhythm::Steady { .. } => asked.is_some_and(|asked| asked < minute),
                // These know for each table, series, alarm and report when it was asked for.
                Rhythm::EachTable
                | Rhythm::OpenTable
                | Rhythm::OpenAlarm
                | Rhythm::EachReport
                | Rhythm::Cycle => self.rounds.due(poller).is_some(),
            };
            if due {
                if self.rounds.failed(poller) != Some(ErrorClass::Throttled) {
                    self.rounds.wake_up(poller);
                }
                self.rounds.hasten(poller, now);
            }
        }
    }

    fn planner(&self, now: Timestamp) -> Planner<'_> {
        Planner {
            settings: &self.settings,
            interest: &self.interest,
            pace: self.metrics.pace,
            minute: Minute::containing(now),
            operations_listed: self.rounds.finished(Poller::Operations),
        }
    }

    /// Changes what watching may cost, US dollars per hour.
    pub(super) fn spend_at_most(&mut self, budget_usd_per_hour: Option<f64>) {
        self.settings.budget_usd_per_hour = budget_usd_per_hour;
    }

    /// Sets the pace from the price of what is wanted now.
    fn set_pace(&mut self, now: Timestamp) {
        let mut load = self.planner(now).load(&self.fleet);
        self.add_open_alarm(&mut load);
        load.reports = self.reports_wanted(now);
        let rounds_per_hour = 60 / OPERATIONS.as_mins().max(1);
        load.list_requests_per_hour =
            u64::from(self.list_requests) * rounds_per_hour.unsigned_abs();
        let idle = !self.once && now.duration_since(self.interest.last_key) >= IDLE;
        let (pace, slowed) = load.pace(self.settings.budget_usd_per_hour, idle);
        self.metrics.pace = pace;
        self.cost.reading_metrics = load.metrics();
        self.cost.reading_usd = load.metrics() as f64 * USD_PER_METRIC
            + f64::from(self.list_requests) * USD_PER_LIST_REQUEST;
        self.cost.usd_per_hour = load.usd_per_hour(pace);
        self.cost.slowed = slowed;
        self.cost.budget_usd_per_hour = self.settings.budget_usd_per_hour;
    }

    /// Chooses what to read now, and notes that it is being read.
    fn plan(&mut self, now: Timestamp, reach: Reach) -> Vec<Job> {
        if self.once && self.fleet.tables() <= FEW_TABLES {
            let are_few = self.fleet.nodes() <= FEW_NODES;
            let is_seen = |resource: &&Resource| are_few || !matches!(resource, Resource::Node(..));
            let all = self.fleet.watched().map(|(resource, _)| resource);
            self.interest.visible = all.filter(is_seen).cloned().collect();
        }
        self.set_pace(now);
        let asks = self.planner(now).due(&self.fleet, reach);
        self.fleet.mark_asked(&asks, Minute::containing(now));
        let jobs =
            batches(&self.fleet, &self.interest, &asks).into_iter().map(Job::Points).collect();
        if !self.rounds.is_open(Poller::Metrics) {
            // What joins a round later counts as settled no further than what began it.
            self.metrics.planned = now;
        }
        self.metrics.asks.extend(asks);
        jobs
    }

    /// Chooses what has joined since the last cycle, or since the round under way began.
    fn plan_newcomers(&mut self, now: Timestamp) -> Vec<Job> {
        let is_open = self.rounds.is_open(Poller::Metrics);
        let began = self.rounds.started(Poller::Metrics).filter(|_| is_open);
        self.plan(now, Reach::Newcomers { round: began.map(Minute::containing) })
    }

    /// Reads what has joined since the last cycle, within the round under way if there is one.
    fn read_newcomers(&mut self, now: Timestamp) {
        let begun = self.rounds.finished(Poller::Metrics);
        let resting = self
            .rounds
            .failed(Poller::Metrics)
            .is_some_and(|class| class == ErrorClass::Throttled || is_lost(class));
        if resting || self.rounds.given_up(Poller::Metrics) {
            return;
        }
        if self.rounds.is_open(Poller::Metrics) {
            let jobs = self.plan_newcomers(now);
            self.rounds.extend(Poller::Metrics, jobs);
            self.order_points();
        } else if begun {
            let jobs = self.plan_newcomers(now);
            if !jobs.is_empty() {
                self.metrics.is_cycle = false;
                self.rounds.open(Poller::Metrics, now, jobs);
            }
        }
    }

    fn record(&mut self, poller: Poller, spent: (u32, u32), good: bool, error: Option<CallError>) {
        self.cost.requests += u64::from(spent.0);
        self.cost.metrics += u64::from(spent.1);
        if error.as_ref().is_some_and(|error| is_lost(error.class)) {
            self.lost = true;
        }
        for job in self.rounds.record(poller, spent, good, error) {
            if let Job::Points(batch) = job {
                batch.keys.iter().for_each(|key| self.fleet.mark_failed(key));
            }
        }
    }

    /// Ends a round, or goes on with what its first answers call for.
    fn finish(&mut self, poller: Poller, now: Timestamp) {
        if poller == Poller::Metrics {
            let asks = std::mem::take(&mut self.metrics.asks);
            self.fleet.mark_read(&asks, self.metrics.planned, &self.settings);
            if !self.rounds.given_up(poller) {
                let jobs = self.plan_newcomers(now);
                if !jobs.is_empty() {
                    self.rounds.extend(poller, jobs);
                    return;
                }
            }
        }
        let planned = self.rounds.due(poller);
        let Some(closed) = self.rounds.close(poller) else { return };
        let mut due = self.due_after(poller, &closed, now);
        if poller == Poller::Metrics && !self.metrics.is_cycle {
            due = planned.unwrap_or(due);
        }
        if poller == Poller::Identity && self.lost {
            due = closed.started + RENEW;
        } else if let Some(delay) = closed.delay
            && let Ok(delay) = SignedDuration::try_from(delay)
        {
            due = self.postponed(poller, due, now + delay);
            self.rounds.rest(poller, now + delay);
        }
        if !self.once {
            self.rounds.set_due(poller, due);
        }
        let read = closed.outcome.error().is_none();
        self.tell(
            now,
            News::Round(Round {
                poller,
                started: closed.started,
                took: Duration::try_from(now.duration_since(closed.started)).unwrap_or_default(),
                outcome: closed.outcome,
                requests: closed.requests,
                metrics: closed.metrics,
                due: Some(due),
            }),
        );
        self.tell(now, News::Cost(self.cost));
        self.follow(poller, read, now);
    }

    /// What the end of one poller's round means for the others.
    fn follow(&mut self, poller: Poller, read: bool, now: Timestamp) {
        // What is told of a table that is not known yet would be lost.
        if poller == Poller::Tables && self.rounds.started(Poller::Operations).is_none() {
            self.rounds.hasten(Poller::Operations, now);
        }
        match poller {
            Poller::Identity if read && self.lost => self.revive(now),
            Poller::Tables if self.once => {
                self.rounds.set_due(Poller::Descriptions, now);
                self.hasten_opened(now);
            }
            Poller::Tables => {
                self.hasten_descriptions(now);
                self.hasten_opened(now);
                if !self.rounds.finished(Poller::Metrics) {
                    self.rounds.hasten(Poller::Metrics, now);
                }
                self.read_newcomers(now);
            }
            // What surrounds a table may be known only after its own metrics were read.
            Poller::Descriptions | Poller::Operations | Poller::Consumers | Poller::Kinesis => {
                self.read_newcomers(now);
            }
            Poller::Metrics => {
                self.hasten_descriptions(now);
                self.hasten_scaling(now);
                self.begin_surroundings(now);
                self.follow_sentinels(now);
            }
            Poller::Clusters => self.follow_clusters(now),
            Poller::Alarms => self.follow_alarms(now),
            Poller::Insights => self.follow_sentinels(now),
            Poller::Identity
            | Poller::Limits
            | Poller::Scaling
            | Poller::TimeToLive
            | Poller::Backups
            | Poller::AlarmHistory
            | Poller::MuteRules
            | Poller::AlarmData
            | Poller::Activities
            | Poller::Schedules
            | Poller::HotKeys
            | Poller::ClusterEvents
            | Poller::Parameters => {}
        }
        let metrics_first = !self.rounds.finished(Poller::Metrics)
            && [Poller::Tables, Poller::Descriptions, Poller::Operations]
                .into_iter()
                .all(|poller| self.rounds.finished(poller));
        if self.once && metrics_first {
            self.rounds.set_due(Poller::Metrics, now);
        }
        if self.lost && !self.once && !self.rounds.is_open(Poller::Identity) {
            let last = self.rounds.started(Poller::Identity).unwrap_or(now);
            self.rounds.hasten(Poller::Identity, (last + RENEW).max(now));
        }
    }

    /// Reads what surrounds the tables once the first screen is there.
    fn begin_surroundings(&mut self, now: Timestamp) {
        for poller in SURROUNDINGS {
            if self.rounds.started(poller).is_none() {
                self.rounds.hasten(poller, now);
            }
        }
    }

    /// Credentials are good again: what failed for want of them is due at once.
    fn revive(&mut self, now: Timestamp) {
        self.lost = false;
        self.fleet.retry_failed();
        for poller in Poller::ALL {
            if self.rounds.failed(poller).is_some_and(is_lost) {
                self.rounds.wake_up(poller);
                self.rounds.hasten(poller, now);
            }
        }
    }
}

/// Whether an error means that AWS will take no call before the credentials are renewed.
fn is_lost(class: ErrorClass) -> bool {
    matches!(class, ErrorClass::Expired | ErrorClass::NoCredentials | ErrorClass::NoRegion)
}

#[cfg(test)]
mod tests;
