//! What the pollers know about each resource: what was read of it, and whether it is in trouble.

mod clusters;
mod outflow;

use super::Settings;
use super::plan::{Ask, Group};
pub(crate) use outflow::Outflow;

use crate::model::consumer::Consumer;
use crate::model::health::Poller;
use crate::model::id::Resource;
use crate::model::metric::{Metric, Operation, SeriesKey, is_transaction};
use crate::model::table::{Table, Throughput};
use crate::model::throttle::Direction;
use crate::model::time::Minute;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How long a resource stays escalated after its last event, minutes.
pub(crate) const ESCALATED_MINUTES: i64 = 15;

/// How often a calm table is described, seconds.
const DESCRIBE_SECONDS: i64 = 300;
/// How often a table in trouble or an open one is described, seconds.
const DESCRIBE_URGENT_SECONDS: i64 = 60;

/// Every resource that is watched: the account, tables and indexes, DAX clusters and nodes.
#[derive(Debug)]
pub(crate) struct Fleet {
    tables: BTreeMap<Arc<str>, TableState>,
    watched: BTreeMap<Resource, Watch>,
    /// Every function that reads a stream, of tables that are not known yet, too.
    consumers: Vec<Consumer>,
}

#[derive(Debug, Default)]
struct TableState {
    /// When it was last described, well or not.
    asked: Option<Timestamp>,
    /// Whether that failed.
    failed: bool,
    operations: Vec<Operation>,
    /// When each poller that reads open tables alone last read this one.
    opened: BTreeMap<Poller, Timestamp>,
}

/// What was read of one resource.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    throughput: Throughput,
    progress: [Progress; Group::ALL.len()],
    trouble: Option<Trouble>,
    /// Where the table's changes go.
    outflow: Outflow,
    /// Whether transactions were seen on the table lately.
    transacted: bool,
    /// What AWS tells of the DAX cluster that it is or belongs to.
    cluster: clusters::Told,
}

/// How far one group of series was read.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Progress {
    /// The minute in which it was last asked for.
    pub(crate) asked: Option<Minute>,
    /// The minute by which it is read again, whatever the pace is then.
    pub(crate) promised: Option<Minute>,
    /// The first minute that is not known to be settled in what was read.
    pub(crate) settled_to: Option<Minute>,
    /// The minute in which the whole history was last asked for.
    pub(crate) history: Option<Minute>,
    /// Whether the store has that history: its table is the last that was opened.
    pub(crate) has_history: bool,
    /// Whether the last reading failed, at least in part.
    pub(crate) failed: bool,
}

/// Minutes with throttle events, or with more consumed than is provisioned, that lie close.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Trouble {
    /// The first such minute.
    pub(crate) first: Minute,
    /// The last one.
    pub(crate) last: Minute,
}

impl Default for Fleet {
    fn default() -> Self {
        let account = (Resource::Account, Watch::default());
        Self { tables: BTreeMap::new(), watched: BTreeMap::from([account]), consumers: vec![] }
    }
}

impl Watch {
    pub(crate) fn progress(&self, group: Group) -> Progress {
        self.progress.get(group as usize).copied().unwrap_or_default()
    }

    fn note_progress(&mut self, group: Group, note: impl FnOnce(&mut Progress)) {
        if let Some(progress) = self.progress.get_mut(group as usize) {
            note(progress);
        }
    }

    /// Whether it has provisioned capacity, as far as is known.
    pub(crate) fn is_provisioned(&self) -> bool {
        self.throughput.read.provisioned.is_some() || self.throughput.write.provisioned.is_some()
    }

    /// Whether it is a table that serves transactions.
    pub(crate) fn is_transacted(&self) -> bool {
        self.transacted
    }

    /// The trouble it is in, if any.
    pub(crate) fn escalated(&self, now: Minute) -> Option<Trouble> {
        self.trouble.filter(|trouble| now.since(trouble.last) <= ESCALATED_MINUTES)
    }

    fn note_event(&mut self, event: Minute) {
        match &mut self.trouble {
            Some(trouble) if event.since(trouble.last) <= ESCALATED_MINUTES => {
                trouble.last = trouble.last.max(event);
                if trouble.first.since(event) <= ESCALATED_MINUTES {
                    trouble.first = trouble.first.min(event);
                }
            }
            trouble => *trouble = Some(Trouble { first: event, last: event }),
        }
    }

    /// Whether a sentinel's point calls for a closer look: a throttle event, or more units than
    /// the resource may use for long, so that it lives on burst capacity.
    fn is_event(&self, metric: Metric, value: f64) -> bool {
        match metric {
            Metric::ThrottleEvents(_) => value > 0.0,
            Metric::Consumed(direction) => self.limit(direction).is_some_and(|l| value / 60.0 > l),
            Metric::ThrottleEventsBy(..)
            | Metric::SuccessfulRequestLatency
            | Metric::SystemErrors
            | Metric::ConditionalCheckFailedRequests
            | Metric::TransactionConflict
            | Metric::Provisioned(_)
            | Metric::UserErrors
            | Metric::IteratorAge
            | Metric::FunctionErrors
            | Metric::FunctionThrottles
            | Metric::ReplicationLatency
            | Metric::AgeOfOldestUnreplicatedRecord
            | Metric::FailedToReplicateRecordCount
            | Metric::ThrottledPutRecordCount => false,
            Metric::Dax(metric) => clusters::is_event(metric, value),
        }
    }

    fn limit(&self, direction: Direction) -> Option<f64> {
        let capacity = self.throughput.capacity(direction);
        capacity.provisioned.or(capacity.maximum)
    }
}

impl Fleet {
    /// Number of tables.
    pub(crate) fn tables(&self) -> usize {
        self.tables.len()
    }

    /// Every resource: the account, the tables, the indexes, the DAX clusters and their nodes.
    pub(crate) fn watched(&self) -> impl Iterator<Item = (&Resource, &Watch)> {
        self.watched.iter()
    }

    /// One resource.
    pub(crate) fn watch(&self, resource: &Resource) -> Option<&Watch> {
        self.watched.get(resource)
    }

    /// The operations that `table` was seen to serve.
    pub(crate) fn operations(&self, table: &str) -> &[Operation] {
        self.tables.get(table).map_or(&[], |table| &table.operations)
    }

    /// Takes the complete list of tables; those that are missing are forgotten.
    pub(crate) fn set_tables(&mut self, names: &[Arc<str>]) {
        let listed: BTreeSet<&Arc<str>> = names.iter().collect();
        self.tables.retain(|name, _| listed.contains(name));
        self.watched
            .retain(|resource, _| resource.table_name().is_none_or(|name| listed.contains(name)));
        for name in names {
            self.tables.entry(name.clone()).or_default();
            self.watched.entry(Resource::Table(name.clone())).or_default();
        }
        self.place_consumers();
    }

    /// Takes a description: the capacities, and which indexes there are.
    pub(crate) fn set_description(&mut self, table: &Table) {
        if !self.tables.contains_key(&table.name) {
            return;
        }
        // Only this table's part of the map: a large fleet is described one table after another.
        let first = Resource::Index(table.name.clone(), Arc::from(""));
        let gone: Vec<Resource> = self
            .watched
            .range(first..)
            .map(|(resource, _)| resource)
            .take_while(|resource| resource.table_name() == Some(&table.name))
            .filter(|resource| table.index(resource.short_name()).is_none())
            .cloned()
            .collect();
        for resource in gone {
            self.watched.remove(&resource);
        }
        self.set_replicas(&table.name, &table.details.replicas);
        let own = (Resource::Table(table.name.clone()), table.throughput);
        let indexes = table.indexes.iter().map(|index| {
            (Resource::Index(table.name.clone(), index.name.clone()), index.throughput)
        });
        for (resource, throughput) in indexes.chain([own]) {
            self.watched.entry(resource).or_default().throughput = throughput;
        }
    }

    /// Forgets a table that AWS no longer knows.
    pub(crate) fn remove_table(&mut self, name: &str) {
        self.tables.remove(name);
        self.watched.retain(|resource, _| resource.table_name().is_none_or(|of| &**of != name));
    }

    /// Takes the operations seen lately; tables that are not named served none.
    pub(crate) fn set_operations(&mut self, seen: &[(Arc<str>, Vec<Operation>)]) {
        for table in self.tables.values_mut() {
            table.operations.clear();
        }
        for (name, operations) in seen {
            if let Some(table) = self.tables.get_mut(name) {
                table.operations.clone_from(operations);
            }
        }
        for (resource, watch) in &mut self.watched {
            let operations = match resource {
                Resource::Table(name) => self.tables.get(name).map(|table| &table.operations),
                Resource::Account
                | Resource::Index(..)
                | Resource::Cluster(_)
                | Resource::Node(..) => None,
            };
            watch.transacted = operations.is_some_and(|all| all.iter().any(|o| is_transaction(o)));
        }
    }

    /// Notes that these are being asked for in `minute`.
    pub(crate) fn mark_asked(&mut self, asks: &[Ask], minute: Minute) {
        for ask in asks {
            self.note(&ask.resource, ask.group, |progress| {
                progress.asked = Some(minute);
                progress.promised = None;
                progress.failed = false;
                if ask.is_history {
                    progress.history = Some(minute);
                    progress.has_history = true;
                }
            });
        }
    }

    /// Notes that a series could not be read: slowed or not, it is tried again a minute later.
    pub(crate) fn mark_failed(&mut self, key: &SeriesKey) {
        self.note(&key.resource, Group::of(key.metric), |progress| {
            progress.failed = true;
            progress.promised = progress.asked.map(|asked| asked.plus(1));
            progress.has_history &= progress.history != progress.asked;
        });
    }

    /// Notes that the group of a series will be read again by `minute`, or earlier.
    pub(crate) fn promise(&mut self, key: &SeriesKey, minute: Minute) {
        self.note(&key.resource, Group::of(key.metric), |progress| {
            let promised = progress.promised;
            progress.promised = Some(promised.map_or(minute, |earlier| earlier.min(minute)));
        });
    }

    /// Notes that all replies are in: what did not fail is read up to what was settled at `now`.
    pub(crate) fn mark_read(&mut self, asks: &[Ask], now: Timestamp, settings: &Settings) {
        for ask in asks {
            let settle = settings.settle_seconds + ask.group.late_seconds();
            let settled = Minute::newest_settled(now, settle).plus(1).min(ask.window.end);
            self.note(&ask.resource, ask.group, |progress| {
                if !progress.failed {
                    progress.settled_to = Some(settled);
                }
            });
        }
    }

    fn note(&mut self, resource: &Resource, group: Group, note: impl FnOnce(&mut Progress)) {
        if let Some(watch) = self.watched.get_mut(resource) {
            watch.note_progress(group, note);
        }
    }

    /// Looks for events in what was read.
    pub(crate) fn look(&mut self, series: &[(SeriesKey, Vec<(Minute, f64)>)]) {
        let mut events = Vec::new();
        for (key, points) in series {
            self.note_lag(key, points);
            let Some(watch) = self.watched.get(&key.resource) else { continue };
            let hits = points.iter().filter(|(_, value)| watch.is_event(key.metric, *value));
            events.extend(hits.map(|(minute, _)| (*minute, &key.resource)));
        }
        // In the order of time, so that reads and writes make up one trouble.
        events.sort_unstable();
        for (minute, resource) in events {
            self.note_event(resource, minute);
        }
    }

    /// When `poller` is to read an open table, every so often; `None` for a table that is not listed.
    pub(crate) fn opened_due(
        &self,
        table: &str,
        poller: Poller,
        now: Timestamp,
        every: SignedDuration,
    ) -> Option<Timestamp> {
        let read = self.tables.get(table)?.opened.get(&poller);
        Some(read.map_or(now, |at| *at + every))
    }

    /// Notes that `poller` reads an open table now.
    pub(crate) fn mark_opened(&mut self, table: &str, poller: Poller, now: Timestamp) {
        if let Some(table) = self.tables.get_mut(table) {
            table.opened.insert(poller, now);
        }
    }

    /// Lets `poller` read an open table again at once.
    pub(crate) fn forget_opened(&mut self, table: &str, poller: Poller) {
        if let Some(table) = self.tables.get_mut(table) {
            table.opened.remove(&poller);
        }
    }

    /// Forgets when everything was read and was in trouble, since the clock was set back.
    pub(crate) fn turn_back(&mut self) {
        for watch in self.watched.values_mut() {
            (watch.progress, watch.trouble) = Default::default();
            watch.outflow.turn_back();
        }
        for table in self.tables.values_mut() {
            table.asked = None;
            table.opened.clear();
        }
    }

    /// Lets the whole history of whatever is opened next be read, since the store drops that of the
    /// table that was opened before.
    pub(crate) fn forget_history(&mut self) {
        for progress in self.watched.values_mut().flat_map(|watch| &mut watch.progress) {
            progress.has_history = false;
        }
    }

    /// Lets every table be described again, but for those described in the minute of `now`; the
    /// same for what is read of open tables alone.
    pub(crate) fn refresh_descriptions(&mut self, now: Timestamp) {
        let earlier = |at: Timestamp| Minute::containing(at) < Minute::containing(now);
        for table in self.tables.values_mut() {
            table.asked = table.asked.filter(|at| !earlier(*at));
            table.opened.retain(|_, at| !earlier(*at));
        }
    }

    /// Lets everything that failed be asked for again at once.
    pub(crate) fn retry_failed(&mut self) {
        for progress in self.watched.values_mut().flat_map(|watch| &mut watch.progress) {
            if progress.failed {
                progress.asked = None;
            }
        }
        for table in self.tables.values_mut().filter(|table| table.failed) {
            table.asked = None;
        }
    }

    /// Whether any table or index is in trouble.
    pub(crate) fn any_escalated(&self, now: Minute) -> bool {
        let is_escalated = |(resource, watch): (&Resource, &Watch)| {
            watch.escalated(now).is_some() && resource.table_name().is_some()
        };
        self.watched.iter().any(is_escalated)
    }

    /// Notes that `table` was described at `now`, or that it failed.
    pub(crate) fn mark_described(&mut self, table: &str, now: Timestamp, failed: bool) {
        if let Some(table) = self.tables.get_mut(table) {
            table.asked = Some(now);
            table.failed = failed;
        }
    }

    /// The tables whose description is due by `now`.
    pub(crate) fn to_describe(&self, now: Timestamp, open: Option<&Resource>) -> Vec<Arc<str>> {
        let urgent = self.urgent_tables(now, open);
        let due = |(name, table): &(&Arc<str>, &TableState)| {
            described_due(name, table, urgent.contains(*name)).is_none_or(|due| due <= now)
        };
        self.tables.iter().filter(due).map(|(name, _)| name.clone()).collect()
    }

    /// When the next description is due; `None` without tables.
    pub(crate) fn next_description(
        &self,
        now: Timestamp,
        open: Option<&Resource>,
    ) -> Option<Timestamp> {
        let urgent = self.urgent_tables(now, open);
        let due = |(name, table): (&Arc<str>, &TableState)| {
            described_due(name, table, urgent.contains(name)).unwrap_or(now)
        };
        self.tables.iter().map(due).min()
    }

    /// The tables that are in trouble, of which an index is, or that are open.
    pub(crate) fn urgent_tables(
        &self,
        now: Timestamp,
        open: Option<&Resource>,
    ) -> BTreeSet<Arc<str>> {
        let now = Minute::containing(now);
        let escalated = self.watched.iter().filter(|(_, watch)| watch.escalated(now).is_some());
        let escalated = escalated.filter_map(|(resource, _)| resource.table_name());
        escalated.chain(open.and_then(Resource::table_name)).cloned().collect()
    }
}

/// When a table is to be described again; `None` if it never was.
///
/// Calm tables come at a time of the five minutes that their name decides, so that a large fleet
/// is not described in bursts.
fn described_due(name: &str, table: &TableState, urgent: bool) -> Option<Timestamp> {
    let asked = table.asked?;
    let earliest = asked + SignedDuration::from_secs(DESCRIBE_URGENT_SECONDS);
    if urgent || table.failed {
        return Some(earliest);
    }
    let slot = spread(name, DESCRIBE_SECONDS);
    let wait = (slot - earliest.as_second()).rem_euclid(DESCRIBE_SECONDS);
    Some(earliest + SignedDuration::from_secs(wait))
}

/// A number in `0..range` that depends on `name` only, the same on every machine (FNV-1a).
pub(crate) fn spread(name: &str, range: i64) -> i64 {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // The low bits of FNV depend on few input bits.
    i64::try_from(hash >> 33).unwrap_or_default().rem_euclid(range.max(1))
}

#[cfg(test)]
mod tests;
