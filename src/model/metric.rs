//! The metric catalogue: names, dimensions, units and what a gap means.
//!
//! Source: Amazon DynamoDB Developer Guide, "DynamoDB Metrics and dimensions". CloudWatch does not
//! roll up: a metric must be asked for under exactly the dimension set it is published with.

mod dax;

pub use dax::{Cache, DaxMetric};

use super::id::Resource;
use super::throttle::{Direction, Limit};
use std::fmt;
use std::sync::Arc;

/// Which dimensions a metric is published with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DimensionSet {
    /// None: one series for the account and region.
    Account,
    /// `TableName`; and `TableName` + `GlobalSecondaryIndexName` for an index.
    Resource,
    /// `TableName` alone; indexes have no such series.
    Table,
    /// `TableName` + `Operation`.
    Operation,
    /// `TableName` + `ReceivingRegion`.
    Replica,
    /// `TableName` + `DelegatedOperation`.
    Delegated,
    /// `FunctionName`, of the namespace `AWS/Lambda`.
    Function,
    /// `ClusterId`; and `ClusterId` + `NodeId` for a node, of the namespace `AWS/DAX`.
    Cluster,
    /// `ClusterId` + `NodeId` alone: the cluster has no such series.
    Node,
}

impl DimensionSet {
    /// The `CloudWatch` namespace of the metrics that have it.
    pub fn namespace(self) -> &'static str {
        match self {
            Self::Account
            | Self::Resource
            | Self::Table
            | Self::Operation
            | Self::Replica
            | Self::Delegated => "AWS/DynamoDB",
            Self::Function => "AWS/Lambda",
            Self::Cluster | Self::Node => "AWS/DAX",
        }
    }
}

/// What it means when a minute that CloudWatch has published has no data point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GapRule {
    /// A count, published only when something happened: 0.
    Count,
    /// A gauge or latency, published only with samples: no samples.
    Gauge,
    /// Published every minute: unknown.
    Dense,
    /// A setting, published once in several minutes: it held from one point to the next.
    Held,
}

/// A CloudWatch statistic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Statistic {
    /// Sum of the samples in the period.
    Sum,
    /// Mean of the samples in the period.
    Average,
    /// Largest of the samples.
    Maximum,
    /// How many samples there are: of latency, how many requests succeeded.
    SampleCount,
    /// Median of the samples.
    P50,
    /// 99th percentile of the samples.
    P99,
}

impl Statistic {
    /// The name CloudWatch takes in `Stat`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "Sum",
            Self::Average => "Average",
            Self::Maximum => "Maximum",
            Self::SampleCount => "SampleCount",
            Self::P50 => "p50",
            Self::P99 => "p99",
        }
    }
}

/// A metric that the product reads: of namespace `AWS/DynamoDB`, of a function in `AWS/Lambda`, or of `AWS/DAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Metric {
    /// `ConsumedReadCapacityUnits` / `ConsumedWriteCapacityUnits`: units in the minute.
    Consumed(Direction),
    /// `ReadThrottleEvents` / `WriteThrottleEvents`: all throttle events, whatever the reason.
    ThrottleEvents(Direction),
    /// The eight reason metrics, such as `WriteKeyRangeThroughputThrottleEvents`.
    ThrottleEventsBy(Direction, Limit),
    /// `SuccessfulRequestLatency`, milliseconds, server side.
    SuccessfulRequestLatency,
    /// `SystemErrors`: HTTP 500 replies.
    SystemErrors,
    /// `ConditionalCheckFailedRequests`.
    ConditionalCheckFailedRequests,
    /// `TransactionConflict`: items of transactions that met a conflict.
    TransactionConflict,
    /// `ProvisionedReadCapacityUnits` / `ProvisionedWriteCapacityUnits`: units per second, every
    /// five minutes. What is provisioned now, `DescribeTable` tells sooner.
    Provisioned(Direction),
    /// `UserErrors`: HTTP 400 replies of the account and region, without throttles and failed
    /// conditions.
    UserErrors,
    /// `IteratorAge`: how long ago the last record of a batch was written when the function got it,
    /// milliseconds; only where it was invoked. AWS Lambda Developer Guide, "Types of metrics for Lambda
    /// functions".
    IteratorAge,
    /// `Errors`: invocations of the function that ended in an error. Each invocation has a sample.
    FunctionErrors,
    /// `Throttles`: invocations that Lambda refused for want of concurrency.
    FunctionThrottles,
    /// `ReplicationLatency`: from a write to its arrival in another region, milliseconds; only where
    /// something arrived.
    ReplicationLatency,
    /// `AgeOfOldestUnreplicatedRecord`: how long a record has waited for its Kinesis data stream,
    /// milliseconds.
    AgeOfOldestUnreplicatedRecord,
    /// `FailedToReplicateRecordCount`: records that never reached their Kinesis data stream.
    FailedToReplicateRecordCount,
    /// `ThrottledPutRecordCount`: records that the Kinesis data stream refused, to be sent again.
    ThrottledPutRecordCount,
    /// One of DAX.
    Dax(DaxMetric),
}

impl Metric {
    /// The four asked for every table and index each minute.
    pub const SENTINELS: [Self; 4] = [
        Self::Consumed(Direction::Read),
        Self::Consumed(Direction::Write),
        Self::ThrottleEvents(Direction::Read),
        Self::ThrottleEvents(Direction::Write),
    ];

    /// The metric's name in CloudWatch.
    pub fn name(self) -> &'static str {
        use Direction::{Read, Write};
        match self {
            Self::Consumed(Read) => "ConsumedReadCapacityUnits",
            Self::Consumed(Write) => "ConsumedWriteCapacityUnits",
            Self::ThrottleEvents(Read) => "ReadThrottleEvents",
            Self::ThrottleEvents(Write) => "WriteThrottleEvents",
            Self::ThrottleEventsBy(Read, limit) => match limit {
                Limit::Provisioned => "ReadProvisionedThroughputThrottleEvents",
                Limit::KeyRange => "ReadKeyRangeThroughputThrottleEvents",
                Limit::MaxOnDemand => "ReadMaxOnDemandThroughputThrottleEvents",
                Limit::AccountLimit => "ReadAccountLimitThrottleEvents",
            },
            Self::ThrottleEventsBy(Write, limit) => match limit {
                Limit::Provisioned => "WriteProvisionedThroughputThrottleEvents",
                Limit::KeyRange => "WriteKeyRangeThroughputThrottleEvents",
                Limit::MaxOnDemand => "WriteMaxOnDemandThroughputThrottleEvents",
                Limit::AccountLimit => "WriteAccountLimitThrottleEvents",
            },
            Self::SuccessfulRequestLatency => "SuccessfulRequestLatency",
            Self::SystemErrors => "SystemErrors",
            Self::ConditionalCheckFailedRequests => "ConditionalCheckFailedRequests",
            Self::TransactionConflict => "TransactionConflict",
            Self::Provisioned(Read) => "ProvisionedReadCapacityUnits",
            Self::Provisioned(Write) => "ProvisionedWriteCapacityUnits",
            Self::UserErrors => "UserErrors",
            Self::IteratorAge => "IteratorAge",
            Self::FunctionErrors => "Errors",
            Self::FunctionThrottles => "Throttles",
            Self::ReplicationLatency => "ReplicationLatency",
            Self::AgeOfOldestUnreplicatedRecord => "AgeOfOldestUnreplicatedRecord",
            Self::FailedToReplicateRecordCount => "FailedToReplicateRecordCount",
            Self::ThrottledPutRecordCount => "ThrottledPutRecordCount",
            Self::Dax(metric) => metric.name(),
        }
    }

    /// The dimension set it is published with.
    pub fn dimension_set(self) -> DimensionSet {
        match self {
            Self::Consumed(_)
            | Self::ThrottleEvents(_)
            | Self::ThrottleEventsBy(..)
            | Self::Provisioned(_) => DimensionSet::Resource,
            Self::SuccessfulRequestLatency | Self::SystemErrors => DimensionSet::Operation,
            Self::ConditionalCheckFailedRequests | Self::TransactionConflict => DimensionSet::Table,
            Self::UserErrors => DimensionSet::Account,
            Self::IteratorAge | Self::FunctionErrors | Self::FunctionThrottles => {
                DimensionSet::Function
            }
            Self::ReplicationLatency => DimensionSet::Replica,
            Self::AgeOfOldestUnreplicatedRecord
            | Self::FailedToReplicateRecordCount
            | Self::ThrottledPutRecordCount => DimensionSet::Delegated,
            Self::Dax(metric) => metric.dimension_set(),
        }
    }

    /// What a gap in a minute that was read means.
    pub fn gap_rule(self) -> GapRule {
        match self {
            Self::Consumed(_) => GapRule::Dense,
            // Each invocation has a sample of errors and throttles, 0 or 1: a gap is no invocation.
            Self::SuccessfulRequestLatency
            | Self::IteratorAge
            | Self::FunctionErrors
            | Self::FunctionThrottles
            | Self::ReplicationLatency
            | Self::AgeOfOldestUnreplicatedRecord => GapRule::Gauge,
            Self::ThrottleEvents(_)
            | Self::ThrottleEventsBy(..)
            | Self::SystemErrors
            | Self::ConditionalCheckFailedRequests
            | Self::TransactionConflict
            | Self::UserErrors
            | Self::FailedToReplicateRecordCount
            | Self::ThrottledPutRecordCount => GapRule::Count,
            Self::Provisioned(_) => GapRule::Held,
            Self::Dax(metric) => metric.gap_rule(),
        }
    }

    /// Minutes between two of its points: asked for with a period of 60 seconds, a metric of five
    /// minutes has one point in five.
    pub fn period_minutes(self) -> i64 {
        match self.dimension_set() {
            DimensionSet::Delegated | DimensionSet::Node => 5,
            // AWS's page lists replication latency among the metrics of five minutes; AWS's own recommended
            // alarm on it needs fifteen points in as many minutes.
            DimensionSet::Account
            | DimensionSet::Resource
            | DimensionSet::Table
            | DimensionSet::Operation
            | DimensionSet::Replica
            | DimensionSet::Function
            | DimensionSet::Cluster => match self.gap_rule() {
                GapRule::Count | GapRule::Gauge | GapRule::Dense => 1,
                GapRule::Held => 5,
            },
        }
    }

    /// How much later than those of a metric of every minute its points settle, minutes: a period
    /// must be over, and is published one period later.
    pub(crate) fn late_minutes(self) -> i64 {
        match self.period_minutes() {
            1 => 0,
            period => 2 * period,
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An operation name as the `Operation` dimension spells it, such as `GetItem`.
pub type Operation = Arc<str>;

/// Whether an operation is a transaction.
pub fn is_transaction(operation: &str) -> bool {
    matches!(operation, "TransactGetItems" | "TransactWriteItems")
}

/// One series to read and to keep.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SeriesKey {
    /// What it is about.
    pub resource: Resource,
    /// Which metric.
    pub metric: Metric,
    /// Which operation, for metrics published per operation; which function, receiving region or delegated
    /// operation, for those about where a table's changes go.
    pub operation: Option<Operation>,
    /// Which statistic.
    pub statistic: Statistic,
}

impl SeriesKey {
    /// The sum of `metric` on `resource`.
    pub fn sum(resource: Resource, metric: Metric) -> Self {
        Self { resource, metric, operation: None, statistic: Statistic::Sum }
    }

    /// Provisioned capacity of `resource` over time.
    ///
    /// The maximum of a period: unlike a mean it is a capacity that was in effect.
    pub fn provisioned(resource: Resource, direction: Direction) -> Self {
        let (metric, statistic) = (Metric::Provisioned(direction), Statistic::Maximum);
        Self { resource, metric, operation: None, statistic }
    }

    /// A metric of where the changes of `table` go: `to` is a function, a receiving region or a delegated
    /// operation, as the metric's dimension set has it.
    ///
    /// The statistics are those that AWS's recommended alarms have; of what a Kinesis data stream refused, AWS
    /// lists no sum.
    pub fn outflow(table: &Arc<str>, metric: Metric, to: &Arc<str>) -> Self {
        let statistic = match metric {
            Metric::ReplicationLatency => Statistic::Average,
            Metric::IteratorAge
            | Metric::AgeOfOldestUnreplicatedRecord
            | Metric::ThrottledPutRecordCount => Statistic::Maximum,
            Metric::Consumed(_)
            | Metric::ThrottleEvents(_)
            | Metric::ThrottleEventsBy(..)
            | Metric::SuccessfulRequestLatency
            | Metric::SystemErrors
            | Metric::ConditionalCheckFailedRequests
            | Metric::TransactionConflict
            | Metric::Provisioned(_)
            | Metric::UserErrors
            | Metric::FunctionErrors
            | Metric::FunctionThrottles
            | Metric::FailedToReplicateRecordCount => Statistic::Sum,
            Metric::Dax(metric) => metric.statistic(),
        };
        let resource = Resource::Table(Arc::clone(table));
        Self { resource, metric, operation: Some(Arc::clone(to)), statistic }
    }

    /// A metric of a DAX cluster or node, in the statistic that says most of it.
    pub fn dax(resource: Resource, metric: DaxMetric) -> Self {
        let statistic = metric.statistic();
        Self { resource, metric: Metric::Dax(metric), operation: None, statistic }
    }

    /// The published dimensions, in AWS's order: exactly these, or CloudWatch finds nothing.
    ///
    /// `None` where the metric is not published for such a resource or lacks its operation.
    pub fn dimensions(&self) -> Option<Vec<(&'static str, &str)>> {
        const TABLE: &str = "TableName";
        // AWS's page on alarms writes `ClusterID`, under which nothing is published.
        const CLUSTER: &str = "ClusterId";
        match (self.metric.dimension_set(), &self.resource, &self.operation) {
            (DimensionSet::Account, Resource::Account, None) => Some(vec![]),
            (DimensionSet::Resource | DimensionSet::Table, Resource::Table(table), None) => {
                Some(vec![(TABLE, table)])
            }
            (DimensionSet::Resource, Resource::Index(table, index), None) => {
                Some(vec![(TABLE, table), ("GlobalSecondaryIndexName", index)])
            }
            (DimensionSet::Operation, Resource::Table(table), Some(operation)) => {
                Some(vec![(TABLE, table), ("Operation", operation)])
            }
            (DimensionSet::Replica, Resource::Table(table), Some(region)) => {
                Some(vec![(TABLE, table), ("ReceivingRegion", region)])
            }
            (DimensionSet::Delegated, Resource::Table(table), Some(operation)) => {
                Some(vec![(TABLE, table), ("DelegatedOperation", operation)])
            }
            (DimensionSet::Function, Resource::Table(_), Some(function)) => {
                Some(vec![("FunctionName", function)])
            }
            (DimensionSet::Cluster, Resource::Cluster(cluster), None) => {
                Some(vec![(CLUSTER, cluster)])
            }
            (DimensionSet::Cluster | DimensionSet::Node, Resource::Node(cluster, node), None) => {
                Some(vec![(CLUSTER, cluster), ("NodeId", node)])
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_errors_never_carry_a_table() {
        let account = SeriesKey::sum(Resource::Account, Metric::UserErrors);
        assert_eq!(account.dimensions(), Some(vec![]));
        let table = SeriesKey::sum(Resource::table("orders"), Metric::UserErrors);
        assert_eq!(table.dimensions(), None);
    }

    #[test]
    fn per_operation_metrics_need_their_operation() {
        let mut key = SeriesKey::sum(Resource::table("orders"), Metric::SystemErrors);
        assert_eq!(key.dimensions(), None);
        key.operation = Some(Arc::from("PutItem"));
        assert_eq!(key.dimensions(), Some(vec![("TableName", "orders"), ("Operation", "PutItem")]));
    }

    #[test]
    fn what_is_about_a_function_names_no_table_and_what_is_about_a_region_does() {
        let (table, to) = (Arc::from("orders"), Arc::from("eu-west-1"));
        let latency = SeriesKey::outflow(&table, Metric::ReplicationLatency, &to);
        let expected = vec![("TableName", "orders"), ("ReceivingRegion", "eu-west-1")];
        assert_eq!((latency.dimensions(), latency.statistic), (Some(expected), Statistic::Average));
        let function = Arc::from("projector");
        let age = SeriesKey::outflow(&table, Metric::IteratorAge, &function);
        assert_eq!(age.dimensions(), Some(vec![("FunctionName", "projector")]));
        assert_eq!(age.metric.dimension_set().namespace(), "AWS/Lambda");
        assert_eq!(Metric::ThrottledPutRecordCount.late_minutes(), 10);
    }

    #[test]
    fn index_series_name_table_and_index() {
        let key = SeriesKey::sum(
            Resource::index("orders", "GSI1"),
            Metric::ThrottleEventsBy(Direction::Write, Limit::KeyRange),
        );
        assert_eq!(key.metric.name(), "WriteKeyRangeThroughputThrottleEvents");
        assert_eq!(
            key.dimensions(),
            Some(vec![("TableName", "orders"), ("GlobalSecondaryIndexName", "GSI1")])
        );
    }
}
