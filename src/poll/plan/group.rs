//! The series of a resource that are read together.

use crate::aws::billed;
use crate::model::id::Resource;
use crate::model::metric::{DaxMetric, Metric, Operation, SeriesKey, Statistic};
use crate::model::throttle::{Direction, Limit};
use crate::poll::fleet::Outflow;
use std::sync::Arc;

/// What is read of latency: up to five statistics of a metric cost as much as one (Amazon
/// CloudWatch pricing).
pub(super) const LATENCY_STATISTICS: [Statistic; 3] =
    [Statistic::P50, Statistic::P99, Statistic::SampleCount];

/// The series of one resource that are due together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// Consumed capacity and throttle events; `UserErrors` of the account; of a DAX cluster and node what tells how
    /// it fares.
    Sentinels,
    /// The eight reason metrics.
    Reasons,
    /// Latency, errors and failed conditions of a table.
    Details,
    /// Transaction conflicts of a table that serves transactions, or is open.
    Conflicts,
    /// Provisioned capacity over time, published every five minutes, of an open table or index.
    Provisioned,
    /// How far the functions that read a table's stream, and its replicas, are behind.
    Lag,
    /// Errors and throttles of the functions that read a stream, of an open table or one in doubt.
    Functions,
    /// What is sent to a Kinesis data stream, published every five minutes, of an open table.
    Kinesis,
    /// Network use of a DAX cluster or node that is looked at or in doubt.
    Network,
    /// CPU credits of a DAX node, published every five minutes, where its type has them.
    Credits,
}

impl Group {
    pub(crate) const ALL: [Self; 10] = [
        Self::Sentinels,
        Self::Reasons,
        Self::Details,
        Self::Conflicts,
        Self::Provisioned,
        Self::Lag,
        Self::Functions,
        Self::Kinesis,
        Self::Network,
        Self::Credits,
    ];

    /// The group that `metric` belongs to.
    pub(crate) fn of(metric: Metric) -> Self {
        match metric {
            Metric::ThrottleEventsBy(..) => Self::Reasons,
            Metric::SuccessfulRequestLatency
            | Metric::SystemErrors
            | Metric::ConditionalCheckFailedRequests => Self::Details,
            Metric::TransactionConflict => Self::Conflicts,
            Metric::Provisioned(_) => Self::Provisioned,
            Metric::IteratorAge | Metric::ReplicationLatency => Self::Lag,
            Metric::FunctionErrors | Metric::FunctionThrottles => Self::Functions,
            Metric::AgeOfOldestUnreplicatedRecord
            | Metric::FailedToReplicateRecordCount
            | Metric::ThrottledPutRecordCount => Self::Kinesis,
            Metric::Dax(DaxMetric::NetworkIn | DaxMetric::NetworkOut) => Self::Network,
            Metric::Dax(DaxMetric::CpuCreditBalance) => Self::Credits,
            Metric::Consumed(_)
            | Metric::ThrottleEvents(_)
            | Metric::UserErrors
            | Metric::Dax(
                DaxMetric::CpuUtilization
                | DaxMetric::CacheMemoryUtilization
                | DaxMetric::EvictedSize
                | DaxMetric::CacheHits(_)
                | DaxMetric::CacheMisses(_)
                | DaxMetric::TotalRequestCount
                | DaxMetric::ErrorRequestCount
                | DaxMetric::ThrottledRequestCount
                | DaxMetric::FaultRequestCount
                | DaxMetric::ClientConnections,
            ) => Self::Sentinels,
        }
    }

    /// Minutes between two points of its metrics.
    pub(super) fn period_minutes(self) -> i64 {
        match self {
            Self::Sentinels
            | Self::Reasons
            | Self::Details
            | Self::Conflicts
            | Self::Lag
            | Self::Functions
            | Self::Network => 1,
            Self::Provisioned => Metric::Provisioned(Direction::Read).period_minutes(),
            Self::Kinesis => Metric::AgeOfOldestUnreplicatedRecord.period_minutes(),
            Self::Credits => Metric::Dax(DaxMetric::CpuCreditBalance).period_minutes(),
        }
    }

    /// How much later than a metric of every minute its points settle, seconds.
    pub(crate) fn late_seconds(self) -> i64 {
        match self {
            Self::Sentinels
            | Self::Reasons
            | Self::Details
            | Self::Conflicts
            | Self::Lag
            | Self::Functions
            | Self::Network => 0,
            Self::Provisioned => 60 * Metric::Provisioned(Direction::Read).late_minutes(),
            Self::Kinesis => 60 * Metric::AgeOfOldestUnreplicatedRecord.late_minutes(),
            Self::Credits => 60 * Metric::Dax(DaxMetric::CpuCreditBalance).late_minutes(),
        }
    }

    /// The series of `resource` in this group; statistics of one metric stand side by side.
    pub(super) fn keys(self, resource: &Resource, of: Parts<'_>) -> Vec<SeriesKey> {
        let sum = |metric| SeriesKey::sum(resource.clone(), metric);
        if resource.cluster_name().is_some() {
            let of = |metric: &DaxMetric| SeriesKey::dax(resource.clone(), *metric);
            return self.of_dax(resource).iter().map(of).collect();
        }
        match (self, resource) {
            (Self::Sentinels, Resource::Account) => vec![sum(Metric::UserErrors)],
            (_, Resource::Account | Resource::Cluster(_) | Resource::Node(..))
            | (Self::Network | Self::Credits, _)
            | (
                Self::Details | Self::Conflicts | Self::Lag | Self::Functions | Self::Kinesis,
                Resource::Index(..),
            ) => {
                vec![]
            }
            (Self::Sentinels, _) => Metric::SENTINELS.map(sum).to_vec(),
            (Self::Reasons, _) => Direction::ALL
                .into_iter()
                .flat_map(|direction| Limit::ALL.map(|l| Metric::ThrottleEventsBy(direction, l)))
                .map(sum)
                .collect(),
            (Self::Details, Resource::Table(_)) => details(resource, of),
            (Self::Conflicts, Resource::Table(_)) => vec![sum(Metric::TransactionConflict)],
            (Self::Provisioned, _) => Direction::ALL
                .map(|direction| SeriesKey::provisioned(resource.clone(), direction))
                .to_vec(),
            (Self::Lag, Resource::Table(table)) => {
                let ages = outflow(table, &[Metric::IteratorAge], &of.outflow.functions);
                ages.chain(outflow(table, &[Metric::ReplicationLatency], &of.outflow.regions))
                    .collect()
            }
            (Self::Functions, Resource::Table(table)) => {
                let metrics = [Metric::FunctionErrors, Metric::FunctionThrottles];
                outflow(table, &metrics, &of.outflow.functions).collect()
            }
            (Self::Kinesis, Resource::Table(table)) => {
                let metrics = [
                    Metric::AgeOfOldestUnreplicatedRecord,
                    Metric::FailedToReplicateRecordCount,
                    Metric::ThrottledPutRecordCount,
                ];
                outflow(table, &metrics, of.outflow.kinesis.as_slice()).collect()
            }
        }
    }

    /// The metrics of a DAX cluster or node in this group.
    fn of_dax(self, resource: &Resource) -> &'static [DaxMetric] {
        match self {
            Self::Sentinels => &DaxMetric::SENTINELS,
            Self::Network => &DaxMetric::NETWORK,
            Self::Credits if matches!(resource, Resource::Node(..)) => {
                &[DaxMetric::CpuCreditBalance]
            }
            Self::Credits
            | Self::Reasons
            | Self::Details
            | Self::Conflicts
            | Self::Provisioned
            | Self::Lag
            | Self::Functions
            | Self::Kinesis => &[],
        }
    }

    /// How many metrics `CloudWatch` bills for one reading of the group.
    pub(super) fn billed(self, resource: &Resource, of: Parts<'_>) -> u64 {
        billed(&self.keys(resource, of)).into()
    }
}

/// What a table has several of, so that some metrics have a series for each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts<'a> {
    /// The operations it was seen to serve.
    pub(super) operations: &'a [Operation],
    /// Whether it may serve others, too: what began with the trouble may be behind it, and is listed a quarter of an
    /// hour later.
    pub(super) may_serve_others: bool,
    /// Where its changes go.
    pub(super) outflow: &'a Outflow,
}

/// The series of `metrics` for each of `to`.
fn outflow<'a>(
    table: &'a Arc<str>,
    metrics: &'a [Metric],
    to: &'a [Arc<str>],
) -> impl Iterator<Item = SeriesKey> + 'a {
    to.iter().flat_map(move |to| metrics.iter().map(move |m| SeriesKey::outflow(table, *m, to)))
}

/// Operations whose latency is worth a look unasked: those that applications commonly send.
const COMMON: [&str; 8] = [
    "BatchGetItem",
    "BatchWriteItem",
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "Scan",
    "UpdateItem",
];

fn details(table: &Resource, of: Parts<'_>) -> Vec<SeriesKey> {
    let Parts { operations, may_serve_others, .. } = of;
    let of = |metric, operation: &Operation, statistic| SeriesKey {
        resource: table.clone(),
        metric,
        operation: Some(operation.clone()),
        statistic,
    };
    let is_other = |name: &&str| operations.iter().all(|known| **known != **name);
    let others = COMMON.into_iter().filter(|_| may_serve_others).filter(is_other);
    let timed = operations.iter().cloned().chain(others.map(Operation::from));
    let latency = timed.flat_map(|operation| {
        LATENCY_STATISTICS
            .map(|statistic| of(Metric::SuccessfulRequestLatency, &operation, statistic))
    });
    let errors = operations.iter().map(|op| of(Metric::SystemErrors, op, Statistic::Sum));
    let failed = SeriesKey::sum(table.clone(), Metric::ConditionalCheckFailedRequests);
    latency.chain(errors).chain([failed]).collect()
}
