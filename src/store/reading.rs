//! One scope as of one instant: what may be shown and concluded.

use super::Settings;
use super::detail::Detail;
use super::events::Log;
use super::health::Health;
use super::inventory::Inventory;
use super::published::Published;
use super::scope::{Opened, ResourceSeries, ScopeState, TableState};
use super::series::{Known, Series, SeriesView};
use crate::model::dax::Behind;
use crate::model::health::{Cost, ErrorClass, Outcome, Poller};
use crate::model::id::{Resource, Scope};
use crate::model::local::UtcOffset;
use crate::model::metric::{DimensionSet, Metric, Operation, SeriesKey, Statistic};
use crate::model::scaling::ScalableTarget;
use crate::model::table::{Backups, Capacity, Identity, Quotas, Table, Throughput, TimeToLive};
use crate::model::throttle::{Direction, Limit};
use crate::model::time::{Figure, Minute, Window};
use jiff::Timestamp;
use std::sync::Arc;

/// Seconds after which a table is described again at the latest: its turn comes every five minutes,
/// but not within a minute of the last description.
const DESCRIBED_AGAIN_SECONDS: i64 = 360;

/// A view of one scope as of one instant.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    state: &'a ScopeState,
    scope: &'a Scope,
    behind: &'a Behind,
    settings: Settings,
    now: Timestamp,
    settling: bool,
    utc_offset: UtcOffset,
    /// The table that most is asked about, found already.
    found: Option<(&'a Arc<str>, &'a TableState)>,
}

/// One row of the list of tables.
#[derive(Debug, Clone, Copy)]
pub struct TableEntry<'a> {
    /// Its name.
    pub name: &'a Arc<str>,
    /// Its description; `None` until it was described.
    pub table: Option<&'a Table>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        state: &'a ScopeState,
        scope: &'a Scope,
        behind: &'a Behind,
        settings: Settings,
        now: Timestamp,
    ) -> Self {
        let (settling, utc_offset, found) = (false, UtcOffset::ZERO, None);
        Self { state, scope, behind, settings, now, settling, utc_offset, found }
    }

    /// The same, with figures about newer minutes that may still be revised, where they have a
    /// data point.
    #[must_use]
    pub fn with_settling(self, settling: bool) -> Self {
        Self { settling, ..self }
    }

    /// The same, with times to be written by clocks that are so far ahead of UTC.
    #[must_use]
    pub fn with_utc_offset(self, utc_offset: UtcOffset) -> Self {
        Self { utc_offset, ..self }
    }

    /// The same, with one table found once for all that is asked about it and its indexes: in a
    /// large fleet, finding it takes longer than the answer.
    #[must_use]
    pub(crate) fn of_table(self, name: &'a Arc<str>) -> Self {
        Self { found: self.table_state(name).map(|state| (name, state)), ..self }
    }

    pub(super) fn inventory(self) -> &'a Inventory {
        &self.state.inventory
    }

    pub(super) fn settings(self) -> Settings {
        self.settings
    }

    pub(super) fn behind(self) -> &'a Behind {
        self.behind
    }

    pub(super) fn log(self) -> &'a Log {
        &self.state.log
    }

    fn table_state(self, name: &str) -> Option<&'a TableState> {
        match self.found {
            Some((found, state)) if **found == *name => Some(state),
            Some(_) | None => self.state.tables.get(name).map(|state| &**state),
        }
    }

    /// The series of a resource, if it has any.
    pub(super) fn series_of(self, resource: &Resource) -> Option<&'a ResourceSeries> {
        match resource {
            Resource::Account => Some(&self.state.account),
            Resource::Table(table) => self.table_state(table).map(|state| &state.series),
            Resource::Index(table, index) => self.table_state(table)?.index_series(index),
            Resource::Cluster(cluster) | Resource::Node(cluster, _) => {
                self.state.clusters.get(cluster)?.series_of(resource)
            }
        }
    }

    /// How far times are to be written ahead of UTC.
    pub fn utc_offset(self) -> UtcOffset {
        self.utc_offset
    }

    /// The instant it is as of.
    pub fn now(self) -> Timestamp {
        self.now
    }

    /// The scope it is about.
    pub fn scope(self) -> &'a Scope {
        self.scope
    }

    /// Who AWS takes us for.
    pub fn identity(self) -> Option<&'a Identity> {
        self.state.identity.as_ref()
    }

    /// The account's quotas.
    pub fn quotas(self) -> Option<Quotas> {
        self.state.quotas
    }

    /// What watching this scope costs.
    pub fn cost(self) -> Cost {
        self.state.cost
    }

    /// Every table, by name.
    pub fn tables(self) -> impl Iterator<Item = TableEntry<'a>> {
        let tables = self.state.tables.iter();
        tables.map(|(name, state)| TableEntry { name, table: state.table.as_deref() })
    }

    /// Whether a table called `name` is known, described or not.
    pub fn has_table(self, name: &str) -> bool {
        self.table_state(name).is_some()
    }

    /// A table's description, once it was described.
    pub fn table(self, name: &str) -> Option<&'a Table> {
        self.table_state(name)?.table.as_deref()
    }

    /// Whether items of a table expire, as it was read while the table was open.
    pub fn time_to_live(self, table: &str) -> Detail<'a, TimeToLive> {
        self.opened(table).map_or(Detail::NotPolled, |opened| opened.time_to_live.detail())
    }

    /// To when a table can be restored, as it was read while the table was open.
    pub fn backups(self, table: &str) -> Detail<'a, Backups> {
        self.opened(table).map_or(Detail::NotPolled, |opened| opened.backups.detail())
    }

    pub(super) fn opened(self, table: &str) -> Option<&'a Opened> {
        self.table_state(table)?.opened.as_deref()
    }

    /// Every table, each followed by its indexes.
    pub fn resources(self) -> impl Iterator<Item = Resource> + 'a {
        self.tables().flat_map(|TableEntry { name, table }| {
            let indexes = table.map_or(&[][..], |table| &table.indexes);
            let index = |index: &Arc<str>| Resource::Index(Arc::clone(name), Arc::clone(index));
            std::iter::once(Resource::Table(Arc::clone(name)))
                .chain(indexes.iter().map(move |described| index(&described.name)))
        })
    }

    /// Every table and index with a throttle event in `earliest` or later.
    pub(crate) fn throttled_since(self, earliest: Minute) -> impl Iterator<Item = Resource> + 'a {
        self.state
            .tables
            .iter()
            .flat_map(|(name, state)| state.resources(name))
            .filter(move |(_, series)| series.throttled_since(earliest))
            .map(|(resource, _)| resource)
    }

    /// The limits of a resource in one direction; `None` until its table was described.
    pub fn capacity(self, resource: &Resource, direction: Direction) -> Option<Capacity> {
        Some(self.throughput(resource)?.capacity(direction))
    }

    /// One limit of a resource, as of when its table was last described.
    ///
    /// Stale if the table could not be described again when its turn came.
    pub fn limit(
        self,
        resource: &Resource,
        direction: Direction,
        pick: fn(Capacity) -> Option<f64>,
    ) -> Figure {
        let (Some(capacity), Some(described_at)) =
            (self.capacity(resource, direction), self.described_at(resource))
        else {
            return self.never_read(Poller::Descriptions);
        };
        let at = Minute::containing(described_at);
        match pick(capacity) {
            None => Figure::NotApplicable,
            Some(value) if self.is_description_old(described_at) => Figure::Stale { value, at },
            Some(value) => Figure::Value { value, at },
        }
    }

    /// When the table of a resource was described last.
    pub(crate) fn described_at(self, resource: &Resource) -> Option<Timestamp> {
        let state = self.table_state(resource.table_name()?)?;
        state.table.as_ref().map(|_| state.described_at)
    }

    /// When the table of a resource was described first, and last.
    pub(super) fn described_between(self, resource: &Resource) -> Option<(Timestamp, Timestamp)> {
        let state = self.table_state(resource.table_name()?)?;
        Some((state.first_described?, state.described_at))
    }

    /// Seconds after its end from which a minute counts as settled.
    pub(super) fn settle_seconds(self) -> i64 {
        self.settings.settle_seconds
    }

    pub(super) fn is_description_old(self, described_at: Timestamp) -> bool {
        // One table may be denied by a policy of its own, while the poller reads the others.
        let latest = DESCRIBED_AGAIN_SECONDS.saturating_add(self.settings.grace_seconds);
        let age = self.now.as_second().saturating_sub(described_at.as_second());
        let failing = |health: &Health| health.failures_in_a_row > 0;
        age > latest || self.health(Poller::Descriptions).is_some_and(failing)
    }

    /// Both directions of a resource; `None` for the account and DAX, and until its table was described.
    pub fn throughput(self, resource: &Resource) -> Option<&'a Throughput> {
        match resource {
            Resource::Account | Resource::Cluster(_) | Resource::Node(..) => None,
            Resource::Table(table) => Some(&self.table(table)?.throughput),
            Resource::Index(table, index) => Some(&self.table(table)?.index(index)?.throughput),
        }
    }

    /// AWS's word for how a table or index is, such as `UPDATING`.
    pub fn status(self, resource: &Resource) -> Option<&'a str> {
        match resource {
            Resource::Account | Resource::Cluster(_) | Resource::Node(..) => None,
            Resource::Table(table) => Some(&self.table(table)?.status),
            Resource::Index(table, index) => Some(&self.table(table)?.index(index)?.status),
        }
    }

    /// The minutes for which [`Self::capacity`] is known to have held throughout.
    ///
    /// The minute of a change, and the next, belong to neither side of it.
    pub(crate) fn capacity_held(self, resource: &Resource) -> Option<Window> {
        let throughput = self.throughput(resource)?;
        let state = self.table_state(resource.table_name()?)?;
        let changes = [throughput.last_increase, throughput.last_decrease, state.limits_changed];
        let newest = changes.into_iter().flatten().max();
        let start = newest.map_or(Minute(i64::MIN), |at| Minute::containing(at).plus(2));
        Some(Window { start, end: Minute::containing(state.described_at) })
    }

    /// Every scalable target, by resource and direction.
    pub fn scalable_targets(self) -> &'a [ScalableTarget] {
        &self.state.scalable_targets
    }

    /// The scalable target of a resource and direction.
    pub fn scalable_target(
        self,
        resource: &Resource,
        direction: Direction,
    ) -> Option<&'a ScalableTarget> {
        let targets = self.scalable_targets();
        let at = targets
            .binary_search_by(|target| {
                (&target.resource, target.direction).cmp(&(resource, direction))
            })
            .ok()?;
        targets.get(at)
    }

    /// The operations a table was seen to serve, in order.
    pub fn operations(self, table: &str) -> &'a [Operation] {
        self.table_state(table).map_or(&[], |state| &state.operations)
    }

    /// How well a poller reads; `None` before its first round.
    pub fn health(self, poller: Poller) -> Option<&'a Health> {
        self.state.health.get(&poller)
    }

    /// The newest settled minute in which any table or index has a data point of consumption or
    /// throttle events.
    pub fn newest_settled(self) -> Option<Minute> {
        self.state.newest_settled
    }

    /// A series as it was read.
    pub fn series(self, key: &SeriesKey) -> Option<SeriesView<'a>> {
        Some(self.series_of(&key.resource)?.get(key)?.view())
    }

    /// The newest settled minute for which a count is known: CloudWatch has published it, or a
    /// newer one, or the series itself has a data point in it.
    ///
    /// A gap up to then is 0; whether anything was counted later is unknown.
    pub(crate) fn known_through(self, key: &SeriesKey) -> Option<Minute> {
        let view = self.series(key)?;
        let settled = view.settled_through();
        let points = view.points().filter(|(minute, _)| *minute <= settled);
        let counted = points.filter(|(_, point)| point.value().is_some()).last();
        let published = self.published(&key.resource).through(settled).min(Some(settled));
        published.max(counted.map(|(minute, _)| minute))
    }

    /// The minutes that CloudWatch is known to have published for a resource.
    pub(crate) fn published(self, resource: &Resource) -> Published {
        let own = match resource {
            Resource::Account => {
                return Published { own: self.state.published, ..Published::default() };
            }
            Resource::Table(_) | Resource::Index(..) => self.series_of(resource),
            Resource::Cluster(_) | Resource::Node(..) => {
                let own = self.series_of(resource).and_then(ResourceSeries::published);
                return Published { own, ..Published::default() };
            }
        };
        let Some(own) = own else { return Published::default() };
        let read = Direction::ALL
            .into_iter()
            .flat_map(|direction| own.each(Metric::Consumed(direction), Statistic::Sum))
            .map(|series| series.view().settled_through())
            .max();
        Published { own: own.published(), read, others: self.newest_settled() }
    }

    /// The Sum of a metric in the newest settled minute, in the metric's unit per minute.
    ///
    /// For a metric that is published per operation it is the total of the operations read.
    pub fn figure(self, resource: &Resource, metric: Metric) -> Figure {
        self.each(resource, metric, Statistic::Sum)
            .reduce(total)
            .or_else(|| self.without_operations(resource, metric))
            .unwrap_or_else(|| self.never_read(Poller::Metrics))
    }

    /// Consumed capacity units per second, averaged over the minute.
    pub fn consumed_per_second(self, resource: &Resource, direction: Direction) -> Figure {
        self.figure(resource, Metric::Consumed(direction)).map(|sum| sum / 60.0)
    }

    /// Throttle events in the newest settled minute, whatever their reason.
    pub fn throttle_events(self, resource: &Resource, direction: Direction) -> Figure {
        self.figure(resource, Metric::ThrottleEvents(direction))
    }

    /// Throttle events in the newest settled minute that one limit caused.
    pub fn throttle_events_by(
        self,
        resource: &Resource,
        direction: Direction,
        limit: Limit,
    ) -> Figure {
        self.figure(resource, Metric::ThrottleEventsBy(direction, limit))
    }

    /// Latency in milliseconds, server side: that of the slowest operation among those that were asked for.
    pub fn latency(self, table: &Arc<str>, statistic: Statistic) -> Figure {
        let resource = Resource::Table(Arc::clone(table));
        self.each(&resource, Metric::SuccessfulRequestLatency, statistic)
            .reduce(larger)
            .or_else(|| self.without_operations(&resource, Metric::SuccessfulRequestLatency))
            .unwrap_or_else(|| self.never_read(Poller::Metrics))
    }

    /// The figure of a metric per operation, for a table that is known to have served none: there
    /// was nothing to ask for. A table that consumes serves some, listed or not.
    fn without_operations(self, resource: &Resource, metric: Metric) -> Option<Figure> {
        let (Resource::Table(name), DimensionSet::Operation) = (resource, metric.dimension_set())
        else {
            return None;
        };
        let listed = &self.health(Poller::Operations)?.last.outcome;
        let consumes = || {
            Direction::ALL
                .into_iter()
                .any(|direction| self.consumed_per_second(resource, direction).value() > Some(0.0))
        };
        if *listed != Outcome::Complete || !self.operations(name).is_empty() || consumes() {
            return None;
        }
        let consumption = Metric::Consumed(Direction::Read);
        let read = self.series_of(resource)?.each(consumption, Statistic::Sum).next()?;
        Some(read.figure_without_points(metric.gap_rule(), self.known(resource, read)))
    }

    fn each(
        self,
        resource: &Resource,
        metric: Metric,
        statistic: Statistic,
    ) -> impl Iterator<Item = Figure> {
        let series = self.series_of(resource).into_iter();
        series.flat_map(move |resource: &ResourceSeries| resource.each(metric, statistic)).map(
            move |series| {
                series.figure(metric.gap_rule(), self.known(resource, series), self.settling)
            },
        )
    }

    pub(super) fn known(self, resource: &Resource, series: &Series) -> Known {
        let settled = series.view().settled_through();
        let published = match resource.cluster_name() {
            None => self.published(resource).through(settled),
            Some(_) => Some(settled).filter(|minute| self.was_running(resource, *minute)),
        };
        Known { published, overdue: series.overdue(self.now, self.settings.grace_seconds) }
    }

    /// Why something `poller` should have read was never read.
    pub(super) fn never_read(self, poller: Poller) -> Figure {
        let error = self.health(poller).and_then(|health| health.last.outcome.error());
        match error {
            Some(error) if error.class == ErrorClass::Denied => {
                Figure::Denied { action: error.action }
            }
            Some(_) | None => Figure::NotPolled,
        }
    }
}

/// Adds up two operations' counts; the sum is no better known than the worse known of the two.
pub(super) fn total(a: Figure, b: Figure) -> Figure {
    let (Some(x), Some(y), Some(at_a), Some(at_b)) = (a.value(), b.value(), a.at(), b.at()) else {
        return if a.value().is_none() { a } else { b };
    };
    let value = x + y;
    let is_settling = |figure| matches!(figure, Figure::Settling { .. });
    let is_stale = |figure| matches!(figure, Figure::Stale { .. });
    if is_settling(a) || is_settling(b) {
        Figure::Settling { value, at: at_a.max(at_b) }
    } else if is_stale(a) || is_stale(b) || at_a != at_b {
        // Two minutes do not add up to one: the sum is as old as its older part.
        Figure::Stale { value, at: at_a.min(at_b) }
    } else if matches!((a, b), (Figure::Zero { .. }, Figure::Zero { .. })) {
        a
    } else {
        Figure::Value { value, at: at_a }
    }
}

/// The figure with the larger number; one with a number, if the other has none.
pub(super) fn larger(a: Figure, b: Figure) -> Figure {
    match (a.value(), b.value()) {
        (Some(x), Some(y)) if y > x => b,
        (None, Some(_)) => b,
        _ => a,
    }
}
