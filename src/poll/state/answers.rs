//! What follows from each answer.

use super::State;
use crate::aws::{Fetched, Gathered, Reply};
use crate::model::dax::Cluster;
use crate::model::event::Event;
use crate::model::health::{CallError, ErrorClass, OWN_CALL, Poller};
use crate::model::id::Scope;
use crate::model::insights::ContributorInsights;
use crate::model::table::Table;
use crate::model::time::Minute;
use crate::model::update::{News, Points, Update};
use crate::poll::job::{Answer, Job, Said};
use crate::poll::plan::{Batch, Group};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

impl State {
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
                reply.result.iter().for_each(|names| self.fleet.set_tables(names));
                self.simple(Poller::Tables, at, reply, News::TableNames)
            }
            Said::Table(name, reply) => self.described(at, name, reply),
            Said::TimeToLive(name, reply) => {
                self.on_demand(at, (Poller::TimeToLive, name), reply, News::TimeToLive)
            }
            Said::Backups(name, reply) => {
                self.on_demand(at, (Poller::Backups, name), reply, News::Backups)
            }
            Said::Kinesis(name, reply) => {
                reply.result.iter().for_each(|told| self.fleet.set_kinesis(&name, told));
                self.on_demand(at, (Poller::Kinesis, name), reply, News::Kinesis)
            }
            Said::Quotas(reply) => self.simple(Poller::Limits, at, reply, News::Quotas),
            Said::Operations(reply) => {
                self.list_requests = reply.requests;
                reply.result.iter().for_each(|seen| self.fleet.set_operations(seen));
                self.simple(Poller::Operations, at, reply, News::Operations)
            }
            Said::Scaling(reply) => self.simple(Poller::Scaling, at, reply, News::Scaling),
            Said::Activities(reply) => {
                let read = &mut self.alarms.activities_read;
                *read = read_to(&reply, at).or(*read);
                self.events(Poller::Activities, at, reply)
            }
            Said::Alarms(reply) => {
                if let Ok(listed) = &reply.result {
                    self.alarms.set(listed);
                }
                self.told(Poller::Alarms, at, reply.map(|listed| listed.alarms), News::Alarms)
            }
            Said::AlarmHistory(reply) => {
                let read = &mut self.alarms.history_read;
                *read = read_to(&reply, at).or(*read);
                self.events(Poller::AlarmHistory, at, reply)
            }
            Said::Schedules(reply) => {
                self.told(Poller::Schedules, at, reply, News::ScheduledActions)
            }
            Said::MuteRules(reply) => self.told(Poller::MuteRules, at, reply, News::MuteRules),
            Said::AlarmData(alarm, reply) => {
                if let Err(error) = &reply.result {
                    self.alarms.note_failure(&alarm, is_worth_a_retry(error.class));
                }
                let news = |result| News::AlarmData(alarm, result);
                self.told(Poller::AlarmData, at, reply, news)
            }
            Said::Insights(reply) => self.insights(at, reply),
            Said::HotKeys(resource, reply) => self.reported(at, resource, reply),
            Said::Consumers(reply) => {
                reply.result.iter().for_each(|told| self.fleet.set_consumers(told));
                self.told(Poller::Consumers, at, reply, News::Consumers)
            }
            Said::Clusters(reply) => self.clusters(at, reply),
            Said::ClusterEvents(reply) => self.cluster_events(at, reply),
            Said::Parameters(reply) => {
                let news = |result| Some(News::ParameterGroups(result));
                self.partly(Poller::Parameters, at, reply, news)
            }
            Said::Points(batch, reply) => self.points(at, batch, reply),
        };
        if self.rounds.is_drained(poller) {
            self.finish(poller, now);
        }
    }

    /// Ends a job that broke down without an answer: what it was to read is read again.
    pub(crate) fn broken(&mut self, job: Job, why: &dyn Display, now: Timestamp) {
        let poller = job.poller();
        match job {
            Job::Points(batch) => batch.keys.iter().for_each(|key| self.fleet.mark_failed(key)),
            Job::Describe(table) => self.fleet.mark_described(&table, now, true),
            Job::TimeToLive(table) | Job::Backups(table) | Job::Kinesis(table) => {
                self.fleet.forget_opened(&table, poller);
            }
            Job::AlarmData(alarm, _) => self.alarms.note_failure(&alarm, true),
            // They are read again in the next minute.
            Job::HotKeys(_)
            | Job::Identity
            | Job::Renew
            | Job::TableNames
            | Job::Quotas
            | Job::Operations
            | Job::Scaling
            | Job::Activities(_)
            | Job::Schedules
            | Job::Alarms
            | Job::AlarmHistory(_)
            | Job::MuteRules
            | Job::Insights
            | Job::Consumers
            | Job::Clusters
            | Job::ClusterEvents(_)
            | Job::Parameters(_) => {}
        }
        let error = CallError {
            class: ErrorClass::Unreadable,
            action: OWN_CALL,
            code: None,
            message: format!("a call broke down: {why}"),
        };
        self.record(poller, (0, 0), false, Some(error));
        if self.rounds.is_drained(poller) {
            self.finish(poller, now);
        }
    }

    pub(super) fn tell(&mut self, at: Timestamp, news: News) {
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

    fn described(
        &mut self,
        at: Timestamp,
        name: Arc<str>,
        reply: Reply<Option<Box<Table>>>,
    ) -> Poller {
        // What is refused is asked for again at its usual time.
        let failed = reply.result.as_ref().is_err_and(|error| is_worth_a_retry(error.class));
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

    /// Counts what was read of the open table; a refusal is news of it, too.
    fn on_demand<T>(
        &mut self,
        at: Timestamp,
        (poller, table): (Poller, Arc<str>),
        reply: Reply<T>,
        news: impl FnOnce(Arc<str>, Result<T, CallError>) -> News,
    ) -> Poller {
        if reply.result.as_ref().is_err_and(|error| is_worth_a_retry(error.class)) {
            self.fleet.forget_opened(&table, poller);
        }
        self.told(poller, at, reply, |result| news(table, result))
    }

    /// Counts a reply that is good or bad as a whole, and is news either way.
    fn told<T>(
        &mut self,
        poller: Poller,
        at: Timestamp,
        reply: Reply<T>,
        news: impl FnOnce(Result<T, CallError>) -> News,
    ) -> Poller {
        let error = reply.result.as_ref().err().cloned();
        let spent = (reply.requests, reply.metrics);
        self.tell(at, news(reply.result));
        self.record(poller, spent, error.is_none(), error);
        poller
    }

    /// Counts a reply that may be good in part.
    fn partly<T>(
        &mut self,
        poller: Poller,
        at: Timestamp,
        reply: Reply<Gathered<T>>,
        news: impl FnOnce(Result<Vec<T>, CallError>) -> Option<News>,
    ) -> Poller {
        let spent = (reply.requests, reply.metrics);
        let (result, error) = match reply.result {
            Ok(Gathered { items, flaw }) => (Ok(items), flaw),
            Err(error) => (Err(error.clone()), Some(error)),
        };
        let good = result.is_ok();
        if let Some(news) = news(result) {
            self.tell(at, news);
        }
        self.record(poller, spent, good, error);
        poller
    }

    fn insights(&mut self, at: Timestamp, reply: Reply<Gathered<ContributorInsights>>) -> Poller {
        if let Ok(gathered) = &reply.result {
            self.hot_keys.set(&gathered.items);
        }
        self.partly(Poller::Insights, at, reply, |result| Some(News::Insights(result)))
    }

    fn clusters(&mut self, at: Timestamp, reply: Reply<Vec<Cluster>>) -> Poller {
        if let Ok(clusters) = &reply.result {
            self.set_clusters(clusters, at);
        }
        self.told(Poller::Clusters, at, reply, News::Clusters)
    }

    fn cluster_events(&mut self, at: Timestamp, reply: Reply<Gathered<Event>>) -> Poller {
        let read = &mut self.dax.events_read;
        *read = read_to(&reply, at).or(*read);
        if let Ok(gathered) = &reply.result {
            self.note_cluster_events(&gathered.items, at);
        }
        self.events(Poller::ClusterEvents, at, reply)
    }

    /// Counts what was read of the past, and passes it on.
    fn events(&mut self, poller: Poller, at: Timestamp, reply: Reply<Gathered<Event>>) -> Poller {
        let news = |events: Vec<Event>| (!events.is_empty()).then_some(News::Events(events));
        self.partly(poller, at, reply, |result| result.ok().and_then(news))
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
            let group = Group::of(key.metric);
            let next = self.planner(at).next(&self.fleet, &key.resource, group);
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
}

/// Up to when the past is known after a reading that began at `at`, if it brought all of it.
fn read_to<T>(reply: &Reply<Gathered<T>>, at: Timestamp) -> Option<Timestamp> {
    let is_whole = reply.result.as_ref().is_ok_and(|gathered| gathered.flaw.is_none());
    is_whole.then_some(at)
}

/// Whether it is worth asking again soon: what is refused is asked for again at its usual time.
fn is_worth_a_retry(class: ErrorClass) -> bool {
    !matches!(class, ErrorClass::Denied | ErrorClass::Rejected)
}
