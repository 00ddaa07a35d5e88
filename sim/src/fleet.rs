//! A fleet of simulated tables: traffic in, admissions and refusals by DynamoDB's laws, metrics out.
//!
//! Each table with its indexes is simulated minute by minute, and only as far as it is asked about.
//!
//! A write holds from the moment it comes, and never before what its table has been asked about.
//!
//! Exact:
//! - A minute in which no second can reach a limit is done in closed form; the others are stepped
//!   second by second. Both give the same figures, for a minute's seconds mirror each other.
//! - Order of checks: a request meets its partition first (1,000 WCU, 3,000 RCU each second), and
//!   what the partitions admit draws on the bucket: provisioned capacity plus up to 300 s of banked
//!   burst, or the lower of on-demand maximum and table-level quota. No partition has a static
//!   share of the table's capacity, so adaptive capacity is instant.
//! - Every refused item is one event with one reason, on the resource at fault. Admitted plus
//!   refused is what was asked for; fractions of events are carried to the next minute.
//! - A write that an index refuses is refused whole: the event counts on the index alone, and
//!   neither the table nor the other indexes are charged.
//! - Decrease budgets, alarm thresholds and data-point counts of autoscaling are AWS's.
//! - The same seed and the same writes give the same world, whatever is asked and in which order.
//!
//! Approximate:
//! - Requests are a fluid: rates and refusals are fractions, made whole when they are counted.
//! - Which indexes a write touches is independent of its key, of the operation and of the other
//!   indexes; each index sees what the table and the indexes before it admit.
//! - Two checks that bind in the same second (table and index) may each count refusals of requests
//!   that the other would have refused too.
//! - Contributor Insights counts what the published metrics count. Keys that are not placed one by one are
//!   seen as a dozen of them a minute; a `Query` or `Scan` counts for its partition key alone.
//! - Only the 64 most popular keys of a source are placed one by one; the rest are even.
//! - A partition splits after ten hot minutes, where its load divides best, unless one key is the
//!   load. Partitions never merge. Latency is log-normal and follows the hottest partition's load.
//! - Autoscaling sees settled data at the moment of their first publication, and acts 33 s later.
//! - Publication: first seen 20 to 80 s after the minute, a third of it partial, final by 110 s, and
//!   seldom up to four minutes late.

mod account;
mod backlog;
mod budget;
mod capacity;
mod chance;
mod consumers;
mod contributors;
mod dax;
mod demand;
mod describe;
mod grown;
mod insights;
mod inventory;
mod keys;
mod names;
mod outflow;
mod partitions;
mod publish;
mod register;
mod scaling;
mod schedule;
mod series;
mod signals;
mod table;
mod tally;
#[cfg(test)]
mod tests;
mod tracking;
mod update;

use std::collections::BTreeMap;
use std::ops::Range;

use super::facts::{AccountState, Activity, Datum, Epoch, MetricId, ScalingState, TableState};
use super::metric::{DYNAMODB, dynamodb_unit};
use super::scenario::Scenario;
use super::scenario::spec::ErrorRate;
use super::scenario::spec::TableSpec;
pub(crate) use chance::{Chance, mix};
pub(crate) use consumers::LAMBDA;
pub(crate) use contributors::{Contributor, RuleReport};
use dax::Cluster;
pub(crate) use dax::{DAX, Hardware};
pub(crate) use insights::{InsightsRefusal, SETTLING};
pub(crate) use publish::Publication;
use publish::{Publisher, Truth, Window};
pub(crate) use register::{Capacity, Registration, ScalingRefusal};
use series::{CAPACITY_METRICS, OPERATION_METRICS, TABLE_METRICS, metric};
use signals::Signal;
use table::{Surroundings, Table};
pub(crate) use tracking::{LOW_UNDER_TARGET, Tracked};
pub(crate) use update::{Change, Maximum, Throughput, UpdateRefusal};

/// Minutes of history of a scenario's own tables, before the start and at any time after it: what is
/// older is forgotten. Of the tables that a fleet is grown with there is less.
const HISTORY_MINUTES: i64 = 24 * 60;
const GROWN_HISTORY_MINUTES: i64 = 4 * 60;
/// `ListMetrics` names what had data in the last three hours (its `RecentlyActive` filter) …
const LISTED_MINUTES: i64 = 180;
/// … and a new metric only after up to fifteen minutes (the same page).
const UNLISTED_MINUTES: i64 = 15;

/// A fleet of simulated tables in one account and region.
#[derive(Debug)]
pub struct Fleet {
    start: Epoch,
    account: AccountState,
    names: Vec<String>,
    tables: BTreeMap<String, Table>,
    /// The DAX clusters, by name.
    clusters: Vec<Cluster>,
    user_errors: Option<ErrorRate>,
    /// The metrics of other namespaces.
    signals: Vec<Signal>,
    publisher: Publisher,
    chance: Chance,
}

/// A metric that is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MetricRef<'a> {
    pub(crate) namespace: &'a str,
    pub(crate) name: &'a str,
    pub(crate) dimensions: &'a [(String, String)],
}

impl Fleet {
    /// Builds the fleet of a scenario; `tables` cuts it to that many tables or grows it with calm
    /// ones, which are four hours old.
    pub fn new(scenario: &Scenario, seed: u64, tables: Option<usize>) -> Self {
        let spec = scenario.spec();
        let start = scenario.start_minute();
        let chance = Chance::seeded(seed).named(scenario.name());
        let publisher = Publisher {
            late_share: spec.late_share,
            withhold_reasons: spec.withhold_reasons,
            start,
        };
        let around = Surroundings {
            quota: spec.account.table_max,
            start,
            history: HISTORY_MINUTES,
            chance,
            publisher,
            clusters: &[],
        };
        let count = tables.unwrap_or(spec.tables.len());
        let own: Vec<TableSpec> = spec.tables.iter().take(count).cloned().collect();
        let grown = grown::tables(count.saturating_sub(spec.tables.len()), chance);
        let clusters = Cluster::all(&spec.clusters, &own, &around);
        let around = Surroundings { clusters: &clusters, ..around };
        let around_grown = Surroundings { history: GROWN_HISTORY_MINUTES, ..around };
        let tables: BTreeMap<String, Table> = own
            .into_iter()
            .map(|spec| (spec, &around))
            .chain(grown.into_iter().map(|spec| (spec, &around_grown)))
            .map(|(spec, around)| (spec.name.clone(), Table::new(spec, around)))
            .collect();
        Self {
            start: scenario.start(),
            account: account::state(&spec.account),
            names: tables.keys().cloned().collect(),
            tables,
            clusters,
            user_errors: spec.user_errors.clone(),
            signals: Signal::all(&spec.signals, publisher, chance),
            publisher,
            chance,
        }
    }

    /// The moment the scenario is about.
    pub fn start(&self) -> Epoch {
        self.start
    }

    /// The account the fleet lives in.
    pub fn account(&self) -> &AccountState {
        &self.account
    }

    /// All tables, in the order of `ListTables`.
    pub fn table_names(&self) -> &[String] {
        &self.names
    }

    /// When a table was created.
    pub(crate) fn created(&self, name: &str) -> Option<Epoch> {
        self.tables.get(name).map(Table::created)
    }

    /// A table as it is at `now`.
    pub fn table(&mut self, name: &str, now: Epoch) -> Option<TableState> {
        let table = self.tables.get_mut(name)?;
        table.advance(now);
        Some(table.describe(now))
    }

    /// The data of a metric of `AWS/DynamoDB`, or of `AWS/Lambda` where the dimension is a function, that are
    /// visible at `now`, ascending; `minutes` are minutes since the Unix epoch. `None` when no metric has that name
    /// or exactly those dimensions.
    pub fn series(
        &mut self,
        name: &str,
        dimensions: &[(String, String)],
        minutes: Range<i64>,
        now: Epoch,
    ) -> Option<Vec<Datum>> {
        let is_of_function = dimensions.iter().any(|(name, _)| name == "FunctionName");
        let namespace = if is_of_function { LAMBDA } else { DYNAMODB };
        let metric = MetricRef { namespace, name, dimensions };
        Some(self.truth(metric, minutes, now)?.seen(now))
    }

    /// A metric of any namespace in some minutes, over before `now`; dimensions in any order.
    /// `None` when there is none of that name with exactly those dimensions.
    pub(crate) fn truth(
        &mut self,
        metric: MetricRef<'_>,
        minutes: Range<i64>,
        now: Epoch,
    ) -> Option<Truth> {
        if metric.namespace == DYNAMODB {
            return self.dynamodb(metric.name, metric.dimensions, minutes, now);
        }
        let minutes = minutes.start..minutes.end.min(minute_of(now));
        if self.is_of_function(metric) {
            return self.function_series(metric, minutes, now);
        }
        if let Some(truth) = self.dax_series(metric, minutes.clone()) {
            return Some(truth);
        }
        self.signal(metric).map(|signal| signal.truth(minutes))
    }

    /// The unit a metric is published with; `None` when it is none of another namespace.
    pub(crate) fn unit(&self, metric: MetricRef<'_>) -> Option<&str> {
        if metric.namespace == DYNAMODB {
            return Some(dynamodb_unit(metric.name));
        }
        if self.is_of_function(metric) {
            return Some(consumers::unit(metric.name));
        }
        self.dax_unit(metric).or_else(|| self.signal(metric).map(Signal::unit))
    }

    fn signal(&self, metric: MetricRef<'_>) -> Option<&Signal> {
        self.signals.iter().find(|signal| signal.is(metric))
    }

    fn dynamodb(
        &mut self,
        name: &str,
        dimensions: &[(String, String)],
        minutes: Range<i64>,
        now: Epoch,
    ) -> Option<Truth> {
        let minutes = minutes.start..minutes.end.min(minute_of(now));
        if dimensions.is_empty() {
            return self.account_series(name, minutes, now);
        }
        let value = |key: &str| {
            dimensions.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
        };
        let table = self.tables.get_mut(value("TableName")?)?;
        table.advance(now);
        if let (2, Some(region)) = (dimensions.len(), value("ReceivingRegion")) {
            return table.replica_series(name, region, minutes);
        }
        if let (2, Some(operation)) = (dimensions.len(), value("DelegatedOperation")) {
            return table.kinesis_series(name, operation, minutes);
        }
        match (dimensions.len(), value("GlobalSecondaryIndexName"), value("Operation")) {
            (1, None, None) => table
                .capacity_series(name, None, minutes.clone())
                .or_else(|| table.table_series(name, minutes)),
            (2, Some(index), None) => table.capacity_series(name, Some(index), minutes),
            (2, None, Some(operation)) => table.operation_series(name, operation, minutes),
            _ => None,
        }
    }

    /// The metrics that `ListMetrics` names in the minute of `now`. It looks through the whole
    /// fleet.
    pub fn metrics(&mut self, now: Epoch) -> Vec<MetricId> {
        let present = minute_of(now);
        let now = present as f64 * 60.0;
        let window =
            Window { begin: present - LISTED_MINUTES, end: present - UNLISTED_MINUTES, now };
        let mut found = Vec::new();
        for table in self.tables.values_mut() {
            table.advance(now);
            table.list_metrics(window, &mut found);
        }
        let minutes = window.begin..window.end;
        for name in account::METRICS {
            let series = self.account_series(name, minutes.clone(), now);
            if series.is_some_and(|truth| !truth.seen(now).is_empty()) {
                found.push(MetricId::of_dynamodb(name, []));
            }
        }
        found.extend(self.function_metrics(&minutes, now));
        found.extend(self.dax_metrics(&minutes, now));
        let is_active = |signal: &&Signal| !signal.truth(minutes.clone()).seen(now).is_empty();
        found.extend(self.signals.iter().filter(is_active).map(Signal::id));
        found
    }

    /// All scalable targets as they are at `now`, by table.
    pub fn scaling(&mut self, now: Epoch) -> Vec<ScalingState> {
        let mut found = Vec::new();
        for table in self.tables.values_mut().filter(|table| !table.scalers.is_empty()) {
            table.advance(now);
            let created = table.created();
            found.extend(table.scalers.iter().map(|scaler| scaler.state(created, now)));
        }
        found
    }

    /// All scaling activities up to `now`, newest first, decisions not to scale included.
    pub fn activities(&mut self, now: Epoch) -> Vec<Activity> {
        let mut found = Vec::new();
        for table in self.tables.values_mut().filter(|table| !table.scalers.is_empty()) {
            table.advance(now);
            found.extend(table.activities_at(now));
        }
        // Of two that start together the later one comes first.
        found.reverse();
        found.sort_by(|one, other| other.start.total_cmp(&one.start));
        found
    }
}

/// The minute that a moment is in, counted from the Unix epoch.
#[expect(clippy::cast_possible_truncation, reason = "minutes since 1970 fit")]
fn minute_of(at: Epoch) -> i64 {
    (at / 60.0).floor() as i64
}
