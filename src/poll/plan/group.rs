//! The series of a resource that are read together.

use crate::model::id::Resource;
use crate::model::metric::{Metric, Operation, SeriesKey, Statistic};
use crate::model::throttle::{Direction, Limit};

/// What is read of latency: up to five statistics of a metric cost as much as one (Amazon
/// CloudWatch pricing).
pub(super) const LATENCY_STATISTICS: [Statistic; 3] =
    [Statistic::P50, Statistic::P99, Statistic::SampleCount];

/// The series of one resource that are due together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// Consumed capacity and throttle events; `UserErrors` of the account.
    Sentinels,
    /// The eight reason metrics.
    Reasons,
    /// Latency, errors and failed conditions of a table.
    Details,
    /// Transaction conflicts of a table that serves transactions, or is open.
    Conflicts,
    /// Provisioned capacity over time, published every five minutes, of an open table or index.
    Provisioned,
}

impl Group {
    pub(crate) const ALL: [Self; 5] =
        [Self::Sentinels, Self::Reasons, Self::Details, Self::Conflicts, Self::Provisioned];

    /// The group that `metric` belongs to.
    pub(crate) fn of(metric: Metric) -> Self {
        match metric {
            Metric::Consumed(_) | Metric::ThrottleEvents(_) | Metric::UserErrors => Self::Sentinels,
            Metric::ThrottleEventsBy(..) => Self::Reasons,
            Metric::SuccessfulRequestLatency
            | Metric::SystemErrors
            | Metric::ConditionalCheckFailedRequests => Self::Details,
            Metric::TransactionConflict => Self::Conflicts,
            Metric::Provisioned(_) => Self::Provisioned,
        }
    }

    /// Minutes between two points of its metrics.
    pub(super) fn period_minutes(self) -> i64 {
        match self {
            Self::Sentinels | Self::Reasons | Self::Details | Self::Conflicts => 1,
            Self::Provisioned => Metric::Provisioned(Direction::Read).period_minutes(),
        }
    }

    /// How much later than a metric of every minute its points settle, seconds.
    pub(crate) fn late_seconds(self) -> i64 {
        match self {
            Self::Sentinels | Self::Reasons | Self::Details | Self::Conflicts => 0,
            Self::Provisioned => 60 * Metric::Provisioned(Direction::Read).late_minutes(),
        }
    }

    /// The series of `resource` in this group; statistics of one metric stand side by side.
    pub(super) fn keys(self, resource: &Resource, operations: &[Operation]) -> Vec<SeriesKey> {
        let sum = |metric| SeriesKey::sum(resource.clone(), metric);
        match (self, resource) {
            (Self::Sentinels, Resource::Account) => vec![sum(Metric::UserErrors)],
            (_, Resource::Account) | (Self::Details | Self::Conflicts, Resource::Index(..)) => {
                vec![]
            }
            (Self::Sentinels, _) => Metric::SENTINELS.map(sum).to_vec(),
            (Self::Reasons, _) => Direction::ALL
                .into_iter()
                .flat_map(|direction| Limit::ALL.map(|l| Metric::ThrottleEventsBy(direction, l)))
                .map(sum)
                .collect(),
            (Self::Details, Resource::Table(_)) => details(resource, operations),
            (Self::Conflicts, Resource::Table(_)) => vec![sum(Metric::TransactionConflict)],
            (Self::Provisioned, _) => Direction::ALL
                .map(|direction| SeriesKey::provisioned(resource.clone(), direction))
                .to_vec(),
        }
    }

    /// How many metrics `CloudWatch` bills for one reading of the group.
    pub(super) fn billed(self, resource: &Resource, operations: &[Operation]) -> u64 {
        match (self, resource) {
            (Self::Sentinels, Resource::Account) | (Self::Conflicts, Resource::Table(_)) => 1,
            (_, Resource::Account) | (Self::Details | Self::Conflicts, Resource::Index(..)) => 0,
            (Self::Sentinels, _) => 4,
            (Self::Reasons, _) => 8,
            (Self::Details, Resource::Table(_)) => 1 + 2 * operations.len() as u64,
            (Self::Provisioned, _) => 2,
        }
    }
}

fn details(table: &Resource, operations: &[Operation]) -> Vec<SeriesKey> {
    let of = |metric, operation: &Operation, statistic| SeriesKey {
        resource: table.clone(),
        metric,
        operation: Some(operation.clone()),
        statistic,
    };
    let latency = operations.iter().flat_map(|operation| {
        LATENCY_STATISTICS
            .map(|statistic| of(Metric::SuccessfulRequestLatency, operation, statistic))
    });
    let errors = operations.iter().map(|op| of(Metric::SystemErrors, op, Statistic::Sum));
    let failed = SeriesKey::sum(table.clone(), Metric::ConditionalCheckFailedRequests);
    latency.chain(errors).chain([failed]).collect()
}
