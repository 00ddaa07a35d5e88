//! What all pollers together know, and what follows from each answer; no waiting happens here.

mod timing;

use self::timing::{OPERATIONS, RENEW};
use super::budget::Pace;
use super::job::{Answer, Job, Said};
use super::plan::{Ask, Batch, Planner, Reach, batches};
use super::rounds::Rounds;
use super::{Interest, Settings, fleet::Fleet};
use crate::aws::{Connection, Fetched, Reply};
use crate::model::health::{CallError, Cost, ErrorClass, Poller, Round};
use crate::model::id::Scope;
use crate::model::time::Minute;
use crate::model::update::{News, Points, Update};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::task::JoinError;

/// How long after the last key the user is taken to be away.
const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// One look at everything details all tables of a fleet that is no larger than this.
const FEW_TABLES: usize = 50;

/// The pollers of one connection.
#[derive(Debug)]
pub(crate) struct State {
    scope: Scope,
    settings: Settings,
    interest: Interest,
    /// Whether everything is read once only.
    once: bool,
    /// Whether the scope is fixed.
    begun: bool,
    fleet: Fleet,
    rounds: Rounds,
    metrics: Metrics,
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
            interest,
            once,
            begun: false,
            fleet: Fleet::default(),
            rounds,
            metrics,
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

    /// Fixes the scope and makes everything else due.
    pub(crate) fn begin(&mut self, now: Timestamp) {
        self.begun = true;
        for poller in [Poller::Tables, Poller::Limits, Poller::Scaling] {
            self.rounds.set_due(poller, now);
        }
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
        for poller in self.rounds.ready(now) {
            let jobs = match poller {
                Poller::Identity if self.lost => vec![Job::Renew],
                Poller::Identity => vec![Job::Identity],
                Poller::Tables => vec![Job::TableNames],
                Poller::Limits => vec![Job::Quotas],
                Poller::Operations => vec![Job::Operations],
                Poller::Scaling => vec![Job::Scaling],
                Poller::Descriptions => {
                    let due = self.fleet.to_describe(now, self.interest.open.as_ref());
                    due.into_iter().map(Job::Describe).collect()
                }
                Poller::Metrics => {
                    let refresh = std::mem::take(&mut self.metrics.refresh);
                    self.metrics.is_cycle = true;
                    self.plan(now, if refresh { Reach::Refresh } else { Reach::Cycle })
                }
            };
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
        self.interest = interest;
        self.order_descriptions(now);
        self.hasten_descriptions(now);
        self.read_newcomers(now);
    }

    /// Makes everything due that was not asked for in this minute.
    pub(crate) fn refresh(&mut self, now: Timestamp) {
        let minute = Minute::containing(now);
        self.fleet.refresh_descriptions(now);
        self.metrics.refresh = true;
        for poller in Poller::ALL {
            let asked = self.rounds.started(poller).map(Minute::containing);
            let due = match poller {
                // These two know for each table and series when it was asked for.
                Poller::Descriptions | Poller::Metrics => self.rounds.due(poller).is_some(),
                Poller::Identity
                | Poller::Tables
                | Poller::Limits
                | Poller::Operations
                | Poller::Scaling => asked.is_some_and(|asked| asked < minute),
            };
            if due {
                self.rounds.hasten(poller, now);
            }
        }
    }

    /// Takes in one answer.
    pub(crate) fn answer(&mut self, answer: Answer, now: Timestamp) {
        let at = answer.at;
        let poller = match answer.said {
            Said::Identity(reply) => {
                if let (Ok(identity), false) = (&reply.result, self.begun) {
                    let (partition, region) = (self.scope.partition(), self.scope.region());
                    self.scope = Scope::new(partition, &identity.account, region);
                }
                self.simple(Poller::Identity, at, reply, News::Identity)
            }
            Said::Renewed(connection, reply) => {
                self.renewed = connection;
                self.simple(Poller::Identity, at, reply, News::Identity)
            }
            Said::TableNames(reply) => {
                if let Ok(names) = &reply.result {
                    self.fleet.set_tables(names);
                }
                self.simple(Poller::Tables, at, reply, News::TableNames)
            }
            Said::Table(name, reply) => {
                // What is refused is asked for again at its usual time.
                let failed = reply.result.as_ref().is_err_and(|error| {
                    !matches!(error.class, ErrorClass::Denied | ErrorClass::Rejected)
                });
                self.fleet.mark_described(&name, at, failed);
                match &reply.result {
                    Ok(Some(table)) => self.fleet.set_description(table),
                    Ok(None) => self.fleet.remove_table(&name),
                    Err(_) => {}
                }
                self.simple(Poller::Descriptions, at, reply, |table| {
                    table.map_or(News::TableGone(name), News::Table)
                })
            }
            Said::Quotas(reply) => self.simple(Poller::Limits, at, reply, News::Quotas),
            Said::Operations(reply) => {
                self.list_requests = reply.requests;
                if let Ok(operations) = &reply.result {
                    self.fleet.set_operations(operations);
                }
                self.simple(Poller::Operations, at, reply, News::Operations)
            }
            Said::Scaling(reply) => self.simple(Poller::Scaling, at, reply, News::Scaling),
            Said::Points(batch, reply) => self.points(at, batch, reply),
        };
        if self.rounds.is_drained(poller) {
            self.finish(poller, now);
        }
    }

    /// Ends a job that broke down without an answer.
    pub(crate) fn broken(&mut self, poller: Poller, why: &JoinError, now: Timestamp) {
        let error = CallError {
            class: ErrorClass::Unreadable,
            action: "ddbtop",
            code: None,
            message: format!("a call broke down: {why}"),
        };
        self.record(poller, (0, 0), false, Some(error));
        if self.rounds.is_drained(poller) {
            self.finish(poller, now);
        }
    }

    fn tell(&mut self, at: Timestamp, news: News) {
        self.updates.push(Update { scope: self.scope.clone(), at, news });
    }

    /// Counts a reply that is good or bad as a whole, and passes on what is good.
    fn simple<T>(
        &mut self,
        poller: Poller,
        at: Timestamp,
        reply: Reply<T>,
        news: impl FnOnce(T) -> News,
    ) -> Poller {
        let spent = (reply.requests, reply.metrics);
        match reply.result {
            Ok(value) => {
                self.tell(at, news(value));
                self.record(poller, spent, true, None);
            }
            Err(error) => self.record(poller, spent, false, Some(error)),
        }
        poller
    }

    fn points(&mut self, at: Timestamp, batch: Batch, reply: Reply<Fetched>) -> Poller {
        let spent = (reply.requests, reply.metrics);
        let Fetched { series, flaw } = match reply.result {
            Ok(fetched) => fetched,
            Err(error) => {
                batch.keys.iter().for_each(|key| self.fleet.mark_failed(key));
                self.record(Poller::Metrics, spent, false, Some(error));
                return Poller::Metrics;
            }
        };
        let mut read = Vec::with_capacity(series.len());
        for (key, points) in batch.keys.into_iter().zip(series) {
            match points {
                Some(points) => read.push((key, points)),
                None => self.fleet.mark_failed(&key),
            }
        }
        self.fleet.look(&read);
        self.order_descriptions(at);
        let good = !read.is_empty();
        let mut by_due: BTreeMap<Minute, Vec<_>> = BTreeMap::new();
        for (key, points) in read {
            let next = self.planner(at).next(&self.fleet, &key.resource);
            self.fleet.promise(&key, next);
            by_due.entry(next).or_default().push((key, points));
        }
        for (next, series) in by_due {
            let due = next.start() + self.metrics.offset;
            self.tell(at, News::Points(Points { window: batch.window, due, series }));
        }
        self.record(Poller::Metrics, spent, good, flaw);
        Poller::Metrics
    }

    fn planner(&self, now: Timestamp) -> Planner<'_> {
        Planner {
            settings: &self.settings,
            interest: &self.interest,
            pace: self.metrics.pace,
            minute: Minute::containing(now),
        }
    }

    /// Sets the pace from the price of what is wanted now.
    fn set_pace(&mut self, now: Timestamp) {
        let mut load = self.planner(now).load(&self.fleet);
        let rounds_per_hour = 60 / OPERATIONS.as_mins().max(1);
        load.list_requests_per_hour =
            u64::from(self.list_requests) * rounds_per_hour.unsigned_abs();
        let idle = !self.once && now.duration_since(self.interest.last_key) >= IDLE;
        let (pace, slowed) = load.pace(self.settings.budget_usd_per_hour, idle);
        self.metrics.pace = pace;
        self.cost.usd_per_hour = load.usd_per_hour(pace);
        self.cost.slowed = slowed;
        self.cost.budget_usd_per_hour = self.settings.budget_usd_per_hour;
    }

    /// Chooses what to read now, and notes that it is being read.
    fn plan(&mut self, now: Timestamp, reach: Reach) -> Vec<Job> {
        if self.once && self.fleet.tables() <= FEW_TABLES {
            let all = self.fleet.watched().map(|(resource, _)| resource.clone());
            self.interest.visible = all.collect();
        }
        self.set_pace(now);
        let asks = self.planner(now).due(&self.fleet, reach);
        self.fleet.mark_asked(&asks, Minute::containing(now));
        let jobs = batches(&self.fleet, &asks).into_iter().map(Job::Points).collect();
        self.metrics.asks = asks;
        self.metrics.planned = now;
        jobs
    }

    /// Reads what has joined since the last cycle; a cycle under way does that at its end.
    fn read_newcomers(&mut self, now: Timestamp) {
        let begun = self.rounds.finished(Poller::Metrics);
        let resting = self
            .rounds
            .failed(Poller::Metrics)
            .is_some_and(|class| class == ErrorClass::Throttled || is_lost(class));
        if self.once || !begun || resting || self.rounds.is_open(Poller::Metrics) {
            return;
        }
        let jobs = self.plan(now, Reach::Newcomers);
        if !jobs.is_empty() {
            self.metrics.is_cycle = false;
            self.rounds.open(Poller::Metrics, now, jobs);
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
                let jobs = self.plan(now, Reach::Newcomers);
                if !jobs.is_empty() {
                    self.rounds.extend(poller, jobs);
                    return;
                }
            }
        }
        let planned = self.rounds.due(poller);
        let Some(closed) = self.rounds.close(poller) else { return };
        let mut due = self.next_due(poller, closed.started, now);
        if poller == Poller::Metrics && !self.metrics.is_cycle {
            due = planned.unwrap_or(due);
        }
        if let Some(delay) = closed.delay.and_then(|delay| SignedDuration::try_from(delay).ok()) {
            due = self.postponed(poller, due, now + delay);
        }
        if poller == Poller::Identity && self.lost {
            due = closed.started + RENEW;
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
                due,
            }),
        );
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
            Poller::Tables if self.once => self.rounds.set_due(Poller::Descriptions, now),
            Poller::Tables => {
                self.hasten_descriptions(now);
                if !self.rounds.finished(Poller::Metrics) {
                    self.rounds.hasten(Poller::Metrics, now);
                }
                self.read_newcomers(now);
            }
            Poller::Descriptions | Poller::Operations => self.read_newcomers(now),
            Poller::Metrics => {
                self.tell(now, News::Cost(self.cost));
                self.hasten_descriptions(now);
                self.hasten_scaling(now);
            }
            Poller::Identity | Poller::Limits | Poller::Scaling => {}
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

    /// Credentials are good again: what failed for want of them is due at once.
    fn revive(&mut self, now: Timestamp) {
        self.lost = false;
        self.fleet.retry_failed();
        for poller in Poller::ALL {
            if self.rounds.failed(poller).is_some_and(is_lost) {
                self.rounds.hasten(poller, now);
            }
        }
    }
}

/// Whether an error means that AWS will take no call before the credentials are renewed.
fn is_lost(class: ErrorClass) -> bool {
    matches!(class, ErrorClass::Expired | ErrorClass::NoCredentials | ErrorClass::NoRegion)
}
