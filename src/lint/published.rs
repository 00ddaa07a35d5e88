//! What AWS publishes: each metric with its exact dimension sets, unit and period.
//!
//! Sources: Amazon DynamoDB Developer Guide, "DynamoDB Metrics and dimensions" and "Viewing DAX
//! metrics and dimensions"; Amazon `CloudWatch` User Guide, list of dimension sets of vended
//! metrics; AWS Lambda Developer Guide, "Types of metrics for Lambda functions".

use crate::model::alarm::MetricStat;
use crate::model::table::BillingMode;
use crate::model::throttle::Direction;

/// The namespace of `DynamoDB`'s metrics.
pub(super) const DYNAMODB: &str = "AWS/DynamoDB";
/// The namespace of DAX's metrics.
pub(super) const DAX: &str = "AWS/DAX";
/// The namespace of Lambda's metrics.
pub(super) const LAMBDA: &str = "AWS/Lambda";

/// When a metric has a data point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Points {
    /// A count: only where something was counted.
    Counted,
    /// A latency, age or gauge: only where there was something to measure.
    Measured,
    /// In every period.
    Always,
}

/// What a metric is about, as far as rules differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// Throttled requests or events.
    Throttles,
    /// Failed requests.
    Errors,
    /// Units consumed.
    Consumption,
    /// A setting or quota, or how much of it is used.
    Settings,
    /// Anything else.
    Rest,
}

/// One metric as AWS publishes it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Published {
    /// Its namespace.
    pub(super) namespace: &'static str,
    /// Its name.
    pub(super) name: &'static str,
    /// The sets of dimensions it is published with: no other gets data.
    pub(super) sets: &'static [&'static [&'static str]],
    /// Its unit; `None` where AWS does not tell.
    pub(super) unit: Option<&'static str>,
    /// Seconds between two data points.
    pub(super) period_seconds: i64,
    /// When it has a data point.
    pub(super) points: Points,
    /// What it is about.
    pub(super) about: About,
}

const fn of(
    name: &'static str,
    sets: &'static [&'static [&'static str]],
    unit: &'static str,
    points: Points,
    about: About,
) -> Published {
    let unit = Some(unit);
    Published { namespace: DYNAMODB, name, sets, unit, period_seconds: 60, points, about }
}

const fn slow(published: Published) -> Published {
    Published { period_seconds: 300, ..published }
}

const fn dax(name: &'static str, unit: &'static str, points: Points, about: About) -> Published {
    Published { namespace: DAX, ..of(name, CLUSTER, unit, points, about) }
}

const fn lambda(
    name: &'static str,
    sets: &'static [&'static [&'static str]],
    unit: &'static str,
    points: Points,
    about: About,
) -> Published {
    Published { namespace: LAMBDA, ..of(name, sets, unit, points, about) }
}

const fn unmeasured(published: Published) -> Published {
    Published { unit: None, ..published }
}

type Sets = &'static [&'static [&'static str]];
const ACCOUNT: Sets = &[&[]];
const TABLE: Sets = &[&["TableName"]];
const INDEX: Sets = &[&["TableName", "GlobalSecondaryIndexName"]];
const RESOURCE: Sets = &[&["TableName"], &["TableName", "GlobalSecondaryIndexName"]];
const WRITES: Sets = &[
    &["TableName"],
    &["TableName", "GlobalSecondaryIndexName"],
    &["TableName", "Source"],
    &["TableName", "GlobalSecondaryIndexName", "Source"],
];
const OPERATION: Sets = &[&["TableName", "Operation"]];
const VERB: Sets = &[&["TableName", "Operation"], &["TableName", "Operation", "Verb"]];
const LATENCY: Sets = &[
    &["TableName", "Operation"],
    &["TableName", "Operation", "OperationType"],
    &["TableName", "Operation", "Verb"],
    &["TableName", "Operation", "StreamLabel"],
];
const STREAM: Sets = &[&["TableName", "Operation", "StreamLabel"]];
const REGION: Sets = &[&["TableName", "ReceivingRegion"]];
const DELEGATED: Sets = &[&["TableName", "DelegatedOperation"]];
/// The developer guide tells of a sum over all clusters of the account, too.
const CLUSTER: Sets = &[&[], &["ClusterId"], &["ClusterId", "NodeId"]];
const NODE: Sets = &[&["ClusterId", "NodeId"]];
const FUNCTION: Sets = &[
    &[],
    &["FunctionName"],
    &["FunctionName", "Resource"],
    &["FunctionName", "Resource", "ExecutedVersion"],
];
const MAPPING: Sets = &[&["EventSourceMappingUUID"]];

use About::{Consumption, Errors, Rest, Settings, Throttles};
use Points::{Always, Counted, Measured};

/// Every metric of `AWS/DynamoDB` and `AWS/DAX`, and those of `AWS/Lambda` about streams.
#[rustfmt::skip]
static CATALOGUE: &[Published] = &[
    of("ConsumedReadCapacityUnits", RESOURCE, "Count", Always, Consumption),
    of("ConsumedWriteCapacityUnits", WRITES, "Count", Always, Consumption),
    slow(of("ProvisionedReadCapacityUnits", RESOURCE, "Count", Always, Settings)),
    slow(of("ProvisionedWriteCapacityUnits", RESOURCE, "Count", Always, Settings)),
    slow(of("OnDemandMaxReadRequestUnits", RESOURCE, "Count", Always, Settings)),
    slow(of("OnDemandMaxWriteRequestUnits", RESOURCE, "Count", Always, Settings)),
    of("ReadThrottleEvents", RESOURCE, "Count", Counted, Throttles),
    of("WriteThrottleEvents", RESOURCE, "Count", Counted, Throttles),
    of("ReadProvisionedThroughputThrottleEvents", RESOURCE, "Count", Counted, Throttles),
    of("WriteProvisionedThroughputThrottleEvents", RESOURCE, "Count", Counted, Throttles),
    of("ReadKeyRangeThroughputThrottleEvents", RESOURCE, "Count", Counted, Throttles),
    of("WriteKeyRangeThroughputThrottleEvents", RESOURCE, "Count", Counted, Throttles),
    of("ReadMaxOnDemandThroughputThrottleEvents", RESOURCE, "Count", Counted, Throttles),
    of("WriteMaxOnDemandThroughputThrottleEvents", RESOURCE, "Count", Counted, Throttles),
    of("ReadAccountLimitThrottleEvents", RESOURCE, "Count", Counted, Throttles),
    of("WriteAccountLimitThrottleEvents", RESOURCE, "Count", Counted, Throttles),
    of("ThrottledRequests", VERB, "Count", Counted, Throttles),
    of("SuccessfulRequestLatency", LATENCY, "Milliseconds", Measured, Rest),
    of("SystemErrors", OPERATION, "Count", Counted, Errors),
    of("UserErrors", ACCOUNT, "Count", Counted, Errors),
    of("ConditionalCheckFailedRequests", TABLE, "Count", Counted, Errors),
    of("TransactionConflict", TABLE, "Count", Counted, Errors),
    of("FaultInjectionServiceInducedErrors", OPERATION, "Count", Counted, Errors),
    of("TimeToLiveDeletedItemCount", TABLE, "Count", Counted, Rest),
    of("ReturnedItemCount", LATENCY, "Count", Measured, Rest),
    of("ReturnedBytes", STREAM, "Bytes", Measured, Rest),
    of("ReturnedRecordsCount", STREAM, "Count", Measured, Rest),
    of("ReplicationLatency", REGION, "Milliseconds", Measured, Rest),
    slow(of("PendingReplicationCount", REGION, "Count", Measured, Rest)),
    slow(of("AgeOfOldestUnreplicatedRecord", DELEGATED, "Milliseconds", Measured, Rest)),
    of("FailedToReplicateRecordCount", DELEGATED, "Count", Counted, Errors),
    of("ThrottledPutRecordCount", DELEGATED, "Count", Counted, Errors),
    slow(of("ConsumedChangeDataCaptureUnits", DELEGATED, "Count", Measured, Rest)),
    slow(of("OnlineIndexPercentageProgress", INDEX, "Count", Measured, Rest)),
    slow(of("OnlineIndexConsumedWriteCapacity", INDEX, "Count", Measured, Rest)),
    slow(of("OnlineIndexThrottleEvents", INDEX, "Count", Measured, Rest)),
    slow(of("AccountMaxReads", ACCOUNT, "Count", Always, Settings)),
    slow(of("AccountMaxWrites", ACCOUNT, "Count", Always, Settings)),
    slow(of("AccountMaxTableLevelReads", ACCOUNT, "Count", Always, Settings)),
    slow(of("AccountMaxTableLevelWrites", ACCOUNT, "Count", Always, Settings)),
    slow(of("AccountProvisionedReadCapacityUtilization", ACCOUNT, "Percent", Always, Settings)),
    slow(of("AccountProvisionedWriteCapacityUtilization", ACCOUNT, "Percent", Always, Settings)),
    slow(of("MaxProvisionedTableReadCapacityUtilization", ACCOUNT, "Percent", Always, Settings)),
    slow(of("MaxProvisionedTableWriteCapacityUtilization", ACCOUNT, "Percent", Always, Settings)),
    dax("CPUUtilization", "Percent", Measured, Rest),
    dax("CacheMemoryUtilization", "Percent", Measured, Rest),
    dax("EvictedSize", "Bytes", Counted, Rest),
    dax("EstimatedDbSize", "Bytes", Measured, Rest),
    dax("ItemCacheHits", "Count", Counted, Rest),
    dax("ItemCacheMisses", "Count", Counted, Rest),
    dax("QueryCacheHits", "Count", Counted, Rest),
    dax("QueryCacheMisses", "Count", Counted, Rest),
    dax("ScanCacheHits", "Count", Counted, Rest),
    dax("ScanCacheMisses", "Count", Counted, Rest),
    dax("TotalRequestCount", "Count", Counted, Rest),
    dax("GetItemRequestCount", "Count", Counted, Rest),
    dax("BatchGetItemRequestCount", "Count", Counted, Rest),
    dax("BatchWriteItemRequestCount", "Count", Counted, Rest),
    dax("PutItemRequestCount", "Count", Counted, Rest),
    dax("UpdateItemRequestCount", "Count", Counted, Rest),
    dax("DeleteItemRequestCount", "Count", Counted, Rest),
    dax("QueryRequestCount", "Count", Counted, Rest),
    dax("ScanRequestCount", "Count", Counted, Rest),
    dax("TransactGetItemsCount", "Count", Counted, Rest),
    dax("TransactWriteItemsCount", "Count", Counted, Rest),
    dax("ErrorRequestCount", "Count", Counted, Errors),
    dax("ThrottledRequestCount", "Count", Counted, Throttles),
    dax("FaultRequestCount", "Count", Counted, Errors),
    dax("FailedRequestCount", "Count", Counted, Errors),
    dax("ClientConnections", "Count", Measured, Rest),
    dax("NetworkBytesIn", "Bytes", Measured, Rest),
    dax("NetworkBytesOut", "Bytes", Measured, Rest),
    dax("NetworkPacketsIn", "Count", Measured, Rest),
    dax("NetworkPacketsOut", "Count", Measured, Rest),
    dax("BaselineNetworkBytesInUtilization", "Percent", Measured, Rest),
    dax("BaselineNetworkBytesOutUtilization", "Percent", Measured, Rest),
    unmeasured(dax("NetworkMaxBytesIn", "", Measured, Rest)),
    unmeasured(dax("NetworkMaxBytesOut", "", Measured, Rest)),
    unmeasured(dax("NetworkMaxPacketsIn", "", Measured, Rest)),
    unmeasured(dax("NetworkMaxPacketsOut", "", Measured, Rest)),
    unmeasured(slow(dax("CPUCreditUsage", "", Measured, Rest))),
    unmeasured(slow(Published { sets: NODE, ..dax("CPUCreditBalance", "", Measured, Rest) })),
    unmeasured(slow(dax("CPUSurplusCreditBalance", "", Measured, Rest))),
    unmeasured(slow(dax("CPUSurplusCreditsCharged", "", Measured, Rest))),
    lambda("IteratorAge", FUNCTION, "Milliseconds", Measured, Rest),
    lambda("Errors", FUNCTION, "Count", Measured, Errors),
    lambda("Throttles", FUNCTION, "Count", Measured, Errors),
    lambda("Duration", FUNCTION, "Milliseconds", Measured, Rest),
    unmeasured(lambda("DroppedEventCount", MAPPING, "", Measured, Errors)),
    unmeasured(lambda("FailedInvokeEventCount", MAPPING, "", Measured, Errors)),
    unmeasured(lambda("OnFailureDestinationDeliveredEventCount", MAPPING, "", Measured, Errors)),
];

impl Published {
    /// How AWS publishes the metric that an alarm names; `None` for one that is not known here.
    pub(super) fn of(stat: &MetricStat) -> Option<&'static Self> {
        Self::named(&stat.namespace, &stat.metric)
    }

    /// How AWS publishes a metric.
    pub(super) fn named(namespace: &str, name: &str) -> Option<&'static Self> {
        CATALOGUE.iter().find(|known| known.name == name && known.namespace == namespace)
    }

    /// Whether it is published with exactly the dimensions of `stat`.
    pub(super) fn has_dimensions(&self, stat: &MetricStat) -> bool {
        self.sets.iter().any(|set| {
            set.len() == stat.dimensions.len()
                && set.iter().all(|name| stat.dimension(name).is_some())
        })
    }

    /// Whether it has data points only where something was counted or measured.
    pub(super) fn is_sparse(&self) -> bool {
        match self.points {
            Counted | Measured => true,
            Always => false,
        }
    }

    /// Whether AWS's own recommended alarm leaves missing data `missing`.
    ///
    /// Source: Amazon `CloudWatch` User Guide, "Best practice alarm recommendations".
    pub(super) fn is_recommended_missing(&self) -> bool {
        self.name == "UserErrors" || self.points == Measured
    }

    /// Reads or writes, where its name begins with one of them.
    pub(super) fn direction(&self) -> Option<Direction> {
        if self.name.contains("Read") {
            Some(Direction::Read)
        } else if self.name.contains("Write") {
            Some(Direction::Write)
        } else {
            None
        }
    }

    /// The only billing mode it means anything in, if there is one.
    pub(super) fn billing(&self) -> Option<BillingMode> {
        match self.name {
            "ProvisionedReadCapacityUnits"
            | "ProvisionedWriteCapacityUnits"
            | "ReadProvisionedThroughputThrottleEvents"
            | "WriteProvisionedThroughputThrottleEvents" => Some(BillingMode::Provisioned),
            "OnDemandMaxReadRequestUnits"
            | "OnDemandMaxWriteRequestUnits"
            | "ReadMaxOnDemandThroughputThrottleEvents"
            | "WriteMaxOnDemandThroughputThrottleEvents" => Some(BillingMode::OnDemand),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::Resource;
    use crate::model::metric::{Metric, SeriesKey};
    use crate::model::throttle::Limit;
    use std::collections::BTreeSet;

    #[test]
    fn every_metric_is_listed_once() {
        let names: BTreeSet<_> = CATALOGUE.iter().map(|row| (row.namespace, row.name)).collect();
        assert_eq!(names.len(), CATALOGUE.len());
    }

    /// The product polls what alarms watch: both must name the same series.
    #[test]
    fn what_the_product_reads_is_published() {
        let mut metrics = vec![
            Metric::SuccessfulRequestLatency,
            Metric::SystemErrors,
            Metric::ConditionalCheckFailedRequests,
            Metric::TransactionConflict,
            Metric::UserErrors,
        ];
        for direction in Direction::ALL {
            metrics.extend([
                Metric::Consumed(direction),
                Metric::ThrottleEvents(direction),
                Metric::Provisioned(direction),
            ]);
            metrics.extend(Limit::ALL.map(|limit| Metric::ThrottleEventsBy(direction, limit)));
        }
        for metric in metrics {
            let row = Published::named(DYNAMODB, metric.name()).unwrap();
            assert_eq!(row.period_seconds, metric.period_minutes() * 60, "{metric}");
            for resource in [Resource::Account, Resource::table("t"), Resource::index("t", "i")] {
                for operation in [None, Some("Query".into())] {
                    let key = SeriesKey { operation, ..SeriesKey::sum(resource.clone(), metric) };
                    let Some(dimensions) = key.dimensions() else { continue };
                    let names: Vec<_> = dimensions.iter().map(|(name, _)| *name).collect();
                    assert!(row.sets.contains(&&names[..]), "{metric}: {names:?}");
                }
            }
        }
    }
}
