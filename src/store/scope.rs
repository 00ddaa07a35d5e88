//! What is known about one scope, table by table.

mod operations;

use super::clusters::ClusterState;
use super::detail::Told;
use super::events::Log;
use super::health::Health;
use super::inventory::Inventory;
use super::parts::{Parts, is_outdated};
use super::series::{Reply, Series};
use super::{Keeping, Settings};
use crate::model::event::Change;
use crate::model::health::{Cost, Outcome, Poller, Round};
use crate::model::id::Resource;
use crate::model::metric::{DaxMetric, Metric, Operation, SeriesKey, Statistic};
use crate::model::scaling::ScalableTarget;
use crate::model::table::{
    Backups, Identity, KinesisStreaming, Quotas, Table, Throughput, TimeToLive,
};
use crate::model::time::Minute;
use jiff::Timestamp;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Minutes after which a series that is no longer read is dropped, unless its table was opened last or it is
/// escalated.
const KEEP_UNREAD_MINUTES: i64 = 30;

/// One scope.
#[derive(Debug, Clone, Default)]
pub(super) struct ScopeState {
    pub(super) identity: Option<Identity>,
    pub(super) quotas: Option<Quotas>,
    pub(super) cost: Cost,
    pub(super) tables: BTreeMap<Arc<str>, Arc<TableState>>,
    /// The DAX clusters that are known.
    pub(super) clusters: BTreeMap<Arc<str>, Arc<ClusterState>>,
    /// Whether the tables were listed: from then on, what is not listed does not exist.
    is_listed: bool,
    /// When it was read which operations tables serve.
    operations_read: Option<Timestamp>,
    /// By resource and direction.
    pub(super) scalable_targets: Vec<ScalableTarget>,
    scaling_reread: Parts<Resource, ScalableTarget>,
    pub(super) inventory: Inventory,
    pub(super) log: Log,
    pub(super) health: BTreeMap<Poller, Health>,
    pub(super) account: ResourceSeries,
    /// The newest settled minute with a data point of a sentinel.
    pub(super) newest_settled: Option<Minute>,
    /// The newest minute that CloudWatch has published for any table or index.
    pub(super) published: Option<Minute>,
}

/// One table with its indexes.
#[derive(Debug, Clone, Default)]
pub(super) struct TableState {
    /// `None` until it is described.
    pub(super) table: Option<Arc<Table>>,
    pub(super) first_described: Option<Timestamp>,
    pub(super) described_at: Timestamp,
    /// When a description first differed in its limits from the one before.
    pub(super) limits_changed: Option<Timestamp>,
    pub(super) operations: Vec<Operation>,
    /// What was read while the table was open; few ever are.
    pub(super) opened: Option<Box<Opened>>,
    pub(super) series: ResourceSeries,
    pub(super) indexes: Vec<(Arc<str>, ResourceSeries)>,
}

/// What is read of an open table alone.
#[derive(Debug, Clone, Default)]
pub(super) struct Opened {
    pub(super) time_to_live: Told<TimeToLive>,
    pub(super) backups: Told<Backups>,
    pub(super) kinesis: Told<KinesisStreaming>,
}

/// What is published of a resource: the rest of a [`SeriesKey`].
#[derive(Debug, Clone)]
struct Measure {
    metric: Metric,
    operation: Option<Operation>,
    statistic: Statistic,
}

impl Measure {
    fn compare(&self, key: &SeriesKey) -> Ordering {
        (self.metric, &self.operation, self.statistic).cmp(&(
            key.metric,
            &key.operation,
            key.statistic,
        ))
    }

    fn is_sentinel(&self) -> bool {
        Metric::SENTINELS.contains(&self.metric)
    }

    /// Minutes kept of it where its resource is neither of the table opened last nor
    /// escalated.
    fn minutes_kept(&self, settings: Settings) -> usize {
        if self.is_sentinel() { settings.list_minutes } else { settings.full_minutes }
    }

    fn is_unused(&self, series: &Series, now: Timestamp) -> bool {
        let unread = Minute::containing(now).since(Minute::containing(series.read_at()));
        !self.is_sentinel() && unread > KEEP_UNREAD_MINUTES
    }
}

/// All series of one table, index, account, DAX cluster or node.
#[derive(Debug, Clone, Default)]
pub(super) struct ResourceSeries {
    /// In the order of [`Measure::compare`].
    series: Vec<(Measure, Series)>,
    /// The newest minute in which a throttle event was ever read.
    last_event: Option<Minute>,
    /// The newest minute with a data point of consumption, which CloudWatch publishes for every
    /// minute, or of DAX with one of CPU use: what has no point up to then did not happen.
    published: Option<Minute>,
}

impl ScopeState {
    pub(super) const fn new() -> Self {
        Self {
            identity: None,
            quotas: None,
            cost: Cost {
                requests: 0,
                metrics: 0,
                reading_metrics: 0,
                reading_usd: 0.0,
                usd_per_hour: 0.0,
                budget_usd_per_hour: None,
                slowed: None,
            },
            tables: BTreeMap::new(),
            clusters: BTreeMap::new(),
            is_listed: false,
            operations_read: None,
            scalable_targets: Vec::new(),
            scaling_reread: Parts::new(),
            inventory: Inventory::new(),
            log: Log::new(),
            health: BTreeMap::new(),
            account: ResourceSeries { series: Vec::new(), last_event: None, published: None },
            newest_settled: None,
            published: None,
        }
    }

    pub(super) fn set_table_names(&mut self, names: Vec<Arc<str>>, at: Timestamp) {
        let was_listed = std::mem::replace(&mut self.is_listed, true);
        let names: BTreeSet<Arc<str>> = names.into_iter().collect();
        let gone: Vec<Arc<str>> =
            self.tables.keys().filter(|name| !names.contains(*name)).cloned().collect();
        for name in gone {
            self.forget(&name, at);
        }
        for name in names {
            if was_listed && !self.tables.contains_key(&name) {
                self.log.note_table(at, &Resource::Table(name.clone()), Change::Created);
            }
            self.tables.entry(name).or_default();
        }
    }

    /// Takes in a description; a late one of a table that is gone from the list brings nothing back.
    pub(super) fn describe(&mut self, table: Arc<Table>, at: Timestamp) {
        if self.is_listed && !self.tables.contains_key(&table.name) {
            return;
        }
        let state = Arc::make_mut(self.tables.entry(Arc::clone(&table.name)).or_default());
        if state.table.is_some() && is_outdated(at, state.described_at) {
            return;
        }
        if let Some(before) = &state.table {
            if !has_same_limits(before, &table) {
                state.limits_changed = Some(at);
            }
            self.log.compare_tables(before, &table, at);
        } else {
            self.log.note_dates(&table, at);
        }
        state.indexes.retain(|(name, _)| table.index(name).is_some());
        state.table = Some(table);
        state.first_described.get_or_insert(at);
        state.described_at = at;
    }

    /// Takes in what was read of a table while it was open, if it is known.
    pub(super) fn tell(&mut self, table: &str, tell: impl FnOnce(&mut Opened)) {
        if let Some(state) = self.tables.get_mut(table) {
            tell(Arc::make_mut(state).opened.get_or_insert_default());
        }
    }

    pub(super) fn forget(&mut self, table: &str, at: Timestamp) {
        if let Some((name, _)) = self.tables.remove_entry(table) {
            self.log.note_table(at, &Resource::Table(name), Change::Deleted);
        }
    }

    pub(super) fn set_scalable_targets(&mut self, mut targets: Vec<ScalableTarget>, at: Timestamp) {
        self.scaling_reread.amend(&mut targets, at, |known| &known.resource);
        sort(&mut targets);
        self.scalable_targets = targets;
    }

    /// Replaces the scalable targets of one table or index.
    pub(super) fn set_scaling_of(
        &mut self,
        resource: Resource,
        targets: Vec<ScalableTarget>,
        at: Timestamp,
    ) {
        let (known, part) = (&mut self.scalable_targets, (resource, targets));
        self.scaling_reread.tell(Some(known), part, at, |known| &known.resource);
        sort(known);
    }

    pub(super) fn finish(&mut self, round: Round) {
        let poller = round.poller;
        let before = self.health.remove(&poller);
        let failing = before.as_ref().is_some_and(|health| health.failures_in_a_row > 0);
        match &round.outcome {
            Outcome::Failed(error) if !failing => {
                self.log.note_poller(poller, round.started, Some(error));
            }
            Outcome::Complete | Outcome::Partial(_) if failing => {
                self.log.note_poller(poller, round.started, None);
            }
            Outcome::Complete | Outcome::Partial(_) | Outcome::Failed(_) => {}
        }
        let health = Health::after(before, round);
        self.health.insert(poller, health);
    }

    pub(super) fn record(
        &mut self,
        reply: &Reply,
        series: &[(SeriesKey, Vec<(Minute, f64)>)],
        keeping: Keeping<'_>,
    ) {
        for (key, points) in series {
            if !points.is_empty() {
                self.learn_operation(key);
            }
            let Some(resource) = self.series_to_write(&key.resource) else { continue };
            resource.record(key, reply, points, keeping);
            // What DAX publishes says nothing of DynamoDB.
            let published = resource.published.filter(|_| key.resource.cluster_name().is_none());
            reply.advance(&mut self.published, published);
            if Metric::SENTINELS.contains(&key.metric) {
                let settled = reply.newest_point(points).min(reply.settled);
                reply.advance(&mut self.newest_settled, settled);
            }
        }
    }

    /// The series of a resource that exists, as far as is known.
    fn series_to_write(&mut self, resource: &Resource) -> Option<&mut ResourceSeries> {
        let (table, index) = match resource {
            Resource::Account => return Some(&mut self.account),
            Resource::Table(table) => (table, None),
            Resource::Index(table, index) => (table, Some(index)),
            Resource::Cluster(cluster) | Resource::Node(cluster, _) => {
                let cluster = Arc::make_mut(self.clusters.get_mut(cluster)?);
                return cluster.series_to_write(resource);
            }
        };
        let state = Arc::make_mut(self.tables.get_mut(table)?);
        match index {
            None => Some(&mut state.series),
            Some(index) => state.index_series_to_write(index),
        }
    }

    /// Lets go of what was kept for resources that are neither of the table opened last nor escalated.
    pub(super) fn drop_unused(&mut self, now: Timestamp, keeping: Keeping<'_>) {
        for (name, state) in &mut self.tables {
            // Looked at first, because writing copies a table that a frozen store still shares.
            if state.resources(name).any(|(resource, series)| {
                series.has_unused(now, keeping.settings)
                    && !series.is_kept_in_full(&resource, now, keeping)
            }) {
                Arc::make_mut(state).drop_unused(name, now, keeping);
            }
        }
        for state in self.clusters.values_mut().filter(|state| state.has_unused(now, keeping)) {
            Arc::make_mut(state).drop_unused(now, keeping);
        }
    }
}

fn sort(targets: &mut [ScalableTarget]) {
    targets.sort_by(|a, b| (&a.resource, a.direction).cmp(&(&b.resource, b.direction)));
}

fn has_same_limits(before: &Table, after: &Table) -> bool {
    let limits = |throughput: &Throughput| (throughput.read, throughput.write);
    let index_limits = |table: &Table| -> Vec<_> {
        table.indexes.iter().map(|index| limits(&index.throughput)).collect()
    };
    before.billing == after.billing
        && limits(&before.throughput) == limits(&after.throughput)
        && index_limits(before) == index_limits(after)
}

impl TableState {
    fn index_series_to_write(&mut self, name: &Arc<str>) -> Option<&mut ResourceSeries> {
        if self.table.as_ref().is_some_and(|table| table.index(name).is_none()) {
            return None;
        }
        let known = self.indexes.iter().position(|(known, _)| known == name);
        let at = known.unwrap_or_else(|| {
            self.indexes.push((Arc::clone(name), ResourceSeries::default()));
            self.indexes.len() - 1
        });
        self.indexes.get_mut(at).map(|(_, series)| series)
    }

    /// The table and each index that has series, with them.
    pub(super) fn resources(
        &self,
        name: &Arc<str>,
    ) -> impl Iterator<Item = (Resource, &ResourceSeries)> {
        let table = (Resource::Table(Arc::clone(name)), &self.series);
        let indexes = self.indexes.iter().map(move |(index, series)| {
            (Resource::Index(Arc::clone(name), Arc::clone(index)), series)
        });
        std::iter::once(table).chain(indexes)
    }

    fn drop_unused(&mut self, name: &Arc<str>, now: Timestamp, keeping: Keeping<'_>) {
        let table = (Resource::Table(Arc::clone(name)), &mut self.series);
        let indexes = self
            .indexes
            .iter_mut()
            .map(|(index, series)| (Resource::Index(Arc::clone(name), Arc::clone(index)), series));
        for (resource, series) in std::iter::once(table).chain(indexes) {
            if !series.is_kept_in_full(&resource, now, keeping) {
                series.drop_unused(now, keeping.settings);
            }
        }
    }

    pub(super) fn index_series(&self, name: &str) -> Option<&ResourceSeries> {
        self.indexes.iter().find(|(known, _)| **known == *name).map(|(_, series)| series)
    }
}

impl ResourceSeries {
    fn record(
        &mut self,
        key: &SeriesKey,
        reply: &Reply,
        points: &[(Minute, f64)],
        keeping: Keeping<'_>,
    ) {
        let in_full = !Metric::SENTINELS.contains(&key.metric)
            || self.is_kept_in_full(&key.resource, reply.at, keeping);
        let capacity = match in_full {
            _ if keeping.opened(&key.resource) => keeping.settings.open_minutes,
            true => keeping.settings.full_minutes,
            false => keeping.settings.list_minutes,
        };
        let at = match self.series.binary_search_by(|(measure, _)| measure.compare(key)) {
            Ok(at) => at,
            Err(at) => {
                let measure = Measure {
                    metric: key.metric,
                    operation: key.operation.clone(),
                    statistic: key.statistic,
                };
                // The four sentinels are all that most resources ever have.
                self.series.reserve_exact(Metric::SENTINELS.len().saturating_sub(at));
                self.series.insert(at, (measure, Series::new(capacity, reply)));
                at
            }
        };
        let Some((_, series)) = self.series.get_mut(at) else { return };
        if series.capacity() < capacity {
            series.resize(capacity);
        }
        match key.metric.late_minutes() {
            0 => series.record(reply, points),
            late => series.record(&reply.settling_later(late), points),
        }
        match key.metric {
            Metric::Consumed(_) | Metric::Dax(DaxMetric::CpuUtilization) => {
                reply.advance(&mut self.published, reply.newest_point(points));
            }
            Metric::ThrottleEvents(_) => {
                reply.advance(&mut self.last_event, reply.last_event(points));
            }
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
            | Metric::ThrottledPutRecordCount
            | Metric::Dax(_) => {}
        }
    }

    pub(super) fn published(&self) -> Option<Minute> {
        self.published
    }

    pub(super) fn get(&self, key: &SeriesKey) -> Option<&Series> {
        let at = self.series.binary_search_by(|(measure, _)| measure.compare(key)).ok()?;
        self.series.get(at).map(|(_, series)| series)
    }

    /// The series of `metric` and `statistic`, one per operation where it has operations.
    pub(super) fn each(
        &self,
        metric: Metric,
        statistic: Statistic,
    ) -> impl Iterator<Item = &Series> {
        self.series
            .iter()
            .filter(move |(measure, _)| measure.metric == metric && measure.statistic == statistic)
            .map(|(_, series)| series)
    }

    /// Whether a throttle event was read for `earliest` or a later minute.
    pub(super) fn throttled_since(&self, earliest: Minute) -> bool {
        self.last_event.is_some_and(|last| last >= earliest)
    }

    fn is_kept_in_full(&self, resource: &Resource, now: Timestamp, keeping: Keeping<'_>) -> bool {
        // Minutes that CloudWatch has not published yet are no calm.
        let now = Minute::containing(now);
        let known = self.published.map_or(now, |published| published.min(now));
        let earliest = known.plus(-keeping.settings.keep_escalated_minutes);
        keeping.opened(resource) || self.throttled_since(earliest)
    }

    pub(super) fn has_unused(&self, now: Timestamp, settings: Settings) -> bool {
        self.series.iter().any(|(measure, series)| {
            measure.is_unused(series, now) || series.capacity() > measure.minutes_kept(settings)
        })
    }

    pub(super) fn drop_unused(&mut self, now: Timestamp, settings: Settings) {
        self.series.retain(|(measure, series)| !measure.is_unused(series, now));
        self.series.shrink_to_fit();
        for (measure, series) in &mut self.series {
            series.resize(measure.minutes_kept(settings).min(series.capacity()));
        }
    }
}
