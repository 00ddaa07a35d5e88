//! Pairs of the rules on what an alarm itself says.

use super::Pair;
use super::scene::{Scene, alarm, cluster, global_table, math, metric_alarm, set, stat, throttles};
use crate::model::alarm::{Comparison, MissingData};
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use crate::store::fixture::{on_demand, table};
use std::sync::Arc;

const ORDERS: (&str, &str) = ("TableName", "orders");
const GET: (&str, &str) = ("Operation", "GetItem");
const BY_CUSTOMER: (&str, &str) = ("GlobalSecondaryIndexName", "by-customer");

fn of(metric: &str, dimensions: &[(&str, &str)]) -> Scene {
    Scene::of([alarm("a", metric, dimensions)])
}

fn consumed(statistic: &str, threshold: f64) -> Scene {
    let consumed = alarm("a", "ConsumedReadCapacityUnits", &[ORDERS]);
    let consumed = stat(consumed, |stat| stat.statistic = Arc::from(statistic));
    Scene::of([set(consumed, |settings| settings.threshold = Some(threshold))])
}

fn replicated(metric: &str, dimensions: &[(&str, &str)]) -> Scene {
    of(metric, dimensions).with_tables(vec![global_table(&["eu-west-1", "eu-west-2"])])
}

fn dax(dimensions: &[(&str, &str)]) -> Scene {
    let cpu = metric_alarm("a", "AWS/DAX", "CPUUtilization", dimensions);
    Scene::of([cpu]).with_clusters(vec![cluster("carts", &["a", "b", "c"])])
}

const CARTS: &[(&str, &str)] = &[("ClusterId", "carts")];
const NODE: &[(&str, &str)] = &[("ClusterId", "carts"), ("NodeId", "carts-1")];

fn on_nodes(metric: &str, statistic: &str, dimensions: &[(&str, &str)]) -> Scene {
    let gauge = metric_alarm("a", "AWS/DAX", metric, dimensions);
    let gauge = stat(gauge, |stat| stat.statistic = Arc::from(statistic));
    Scene::of([gauge]).with_clusters(vec![cluster("carts", &["a", "b", "c"])])
}

fn compared(comparison: Comparison, threshold: f64) -> Scene {
    Scene::of([set(throttles("a"), |settings| {
        settings.comparison = comparison;
        settings.threshold = Some(threshold);
    })])
}

fn treated(alarm: crate::model::alarm::Alarm, missing: Option<MissingData>) -> Scene {
    Scene::of([set(alarm, |settings| settings.missing_data = missing)])
}

fn percentile(low_samples: Option<&str>) -> Scene {
    let latency = alarm("a", "SuccessfulRequestLatency", &[ORDERS, GET]);
    let latency = stat(latency, |stat| stat.statistic = Arc::from("p99"));
    Scene::of([set(latency, |settings| settings.low_samples = low_samples.map(Arc::from))])
}

fn periods(period: i64, needed: u32, looked_at: u32) -> Scene {
    let slow = stat(throttles("a"), |stat| stat.period_seconds = period);
    Scene::of([set(slow, |settings| {
        settings.datapoints_to_alarm = Some(needed);
        settings.evaluation_periods = looked_at;
    })])
}

fn filled(formula: &str, looked_at: u32) -> Scene {
    let filled = math(throttles("a"), formula);
    Scene::of([set(filled, |settings| settings.evaluation_periods = looked_at)])
}

fn every(metric: &str, period: i64) -> Scene {
    Scene::of([stat(alarm("a", metric, &[ORDERS]), |stat| stat.period_seconds = period)])
}

fn in_unit(unit: Option<&str>) -> Scene {
    Scene::of([stat(throttles("a"), |stat| stat.unit = unit.map(Arc::from))])
}

fn described(description: &str) -> Scene {
    let mut errors = alarm("errors", "UserErrors", &[]);
    errors.description = Some(Arc::from(description));
    Scene::of([errors])
}

fn throttle_statistic(statistic: &str, comparison: Comparison) -> Scene {
    let events = stat(throttles("a"), |stat| stat.statistic = Arc::from(statistic));
    Scene::of([set(events, |settings| {
        settings.comparison = comparison;
        settings.threshold = Some(1.0);
    })])
}

fn on_demand_orders(scene: Scene) -> Scene {
    scene.with_tables(vec![table("orders", on_demand(None), &[])])
}

#[rustfmt::skip]
pub(super) const PAIRS: &[Pair] = &[
    Pair { id: "DDB001", found: || of("UserErrors", &[ORDERS]), missed: || of("UserErrors", &[]) },
    Pair { id: "DDB002", found: || of("ThrottledRequests", &[ORDERS]), missed: || of("ThrottledRequests", &[ORDERS, GET]) },
    Pair { id: "DDB003", found: || of("SuccessfulRequestLatency", &[ORDERS]), missed: || of("SuccessfulRequestLatency", &[GET, ORDERS]) },
    Pair { id: "DDB004", found: || of("SystemErrors", &[ORDERS]), missed: || of("SystemErrors", &[ORDERS, GET]) },
    Pair { id: "DDB005", found: || of("WriteThrottleEvents", &[ORDERS, ("GlobalSecondaryIndex", "by-customer")]), missed: || of("WriteThrottleEvents", &[ORDERS, BY_CUSTOMER]) },
    Pair { id: "DDB005", found: || of("WriteThrottleEvents", &[BY_CUSTOMER]), missed: || of("ConsumedWriteCapacityUnits", &[ORDERS, ("Source", "Customer")]) },
    Pair { id: "DDB005", found: || of("ReadThrottleEvents", &[ORDERS, GET]), missed: || of("ConditionalCheckFailedRequests", &[ORDERS]) },
    Pair { id: "DDB006", found: || replicated("ReplicationLatency", &[ORDERS]), missed: || replicated("ReplicationLatency", &[ORDERS, ("ReceivingRegion", "eu-west-1")]) },
    Pair { id: "DDB006", found: || replicated("ReplicationLatency", &[ORDERS, ("ReceivingRegion", "us-east-1")]), missed: || of("ReplicationLatency", &[ORDERS, ("ReceivingRegion", "eu-west-1")]) },
    Pair { id: "DDB006", found: || replicated("ReplicationLatency", &[ORDERS, ("ReceivingRegion", "ap-south-1")]), missed: || replicated("ReplicationLatency", &[ORDERS, ("ReceivingRegion", "eu-west-2")]) },
    Pair { id: "DDB007", found: || of("AgeOfOldestUnreplicatedRecord", &[ORDERS]), missed: || of("AgeOfOldestUnreplicatedRecord", &[ORDERS, ("DelegatedOperation", "x")]) },
    Pair { id: "DDB008", found: || of("AccountMaxReads", &[ORDERS]), missed: || of("AccountMaxReads", &[]) },
    Pair { id: "DDB009", found: || Scene::of([alarm("orders-throttled-requests", "UserErrors", &[])]), missed: || Scene::of([alarm("orders-errors", "UserErrors", &[])]) },
    Pair { id: "DDB009", found: || described("requests are throttled"), missed: || described("HTTP 400, without throttled requests") },
    Pair { id: "DDB009", found: || Scene::of([alarm("Throttling", "SystemErrors", &[ORDERS, GET])]), missed: || Scene::of([throttles("Throttling")]) },
    Pair { id: "DDB010", found: || consumed("Average", 80.0), missed: || consumed("Sum", 4_800.0) },
    Pair { id: "DDB011", found: || consumed("Sum", 80.0), missed: || consumed("Sum", 4_800.0) },
    Pair { id: "DDB011", found: || consumed("Sum", 60_000.0), missed: || on_demand_orders(consumed("Sum", 80.0)) },
    Pair { id: "DDB012", found: || throttle_statistic("Maximum", Comparison::Greater), missed: || throttle_statistic("Maximum", Comparison::GreaterOrEqual) },
    Pair { id: "DDB012", found: || throttle_statistic("Average", Comparison::Greater), missed: || throttle_statistic("Sum", Comparison::Greater) },
    Pair { id: "DDB013", found: || treated(throttles("a"), None), missed: || treated(throttles("a"), Some(MissingData::NotBreaching)) },
    Pair { id: "DDB013", found: || treated(throttles("a"), Some(MissingData::Ignore)), missed: || treated(alarm("a", "ConsumedReadCapacityUnits", &[ORDERS]), None) },
    Pair { id: "DDB013", found: || treated(throttles("a"), Some(MissingData::Missing)), missed: || treated(math(throttles("a"), "m1 / 5"), Some(MissingData::Missing)) },
    Pair { id: "DDB014", found: || treated(throttles("a"), Some(MissingData::Breaching)), missed: || treated(set(throttles("a"), |settings| settings.comparison = Comparison::Less), Some(MissingData::Breaching)) },
    Pair { id: "DDB015", found: || every("WriteThrottleEvents", 10), missed: || every("WriteThrottleEvents", 60) },
    Pair { id: "DDB016", found: || every("ProvisionedReadCapacityUnits", 60), missed: || every("ProvisionedReadCapacityUnits", 300) },
    Pair { id: "DDB017", found: || periods(300, 2, 2), missed: || periods(60, 5, 5) },
    Pair { id: "DDB017", found: || periods(60, 10, 15), missed: || periods(60, 3, 15) },
    Pair { id: "DDB018", found: || periods(60, 5, 5), missed: || periods(60, 3, 5) },
    Pair { id: "DDB018", found: || periods(60, 2, 2), missed: || periods(60, 1, 1) },
    Pair { id: "DDB019", found: || in_unit(Some("Percent")), missed: || in_unit(Some("Count")) },
    Pair { id: "DDB020", found: || of("OnlineIndexThrottleEvents", &[ORDERS, BY_CUSTOMER]), missed: || of("OnlineIndexPercentageProgress", &[ORDERS, BY_CUSTOMER]) },
    Pair { id: "DDB021", found: || replicated("PendingReplicationCount", &[ORDERS, ("ReceivingRegion", "eu-west-1")]), missed: || of("PendingReplicationCount", &[ORDERS, ("ReceivingRegion", "eu-west-1")]) },
    Pair { id: "DDB022", found: || on_demand_orders(of("ReadProvisionedThroughputThrottleEvents", &[ORDERS])), missed: || of("ReadProvisionedThroughputThrottleEvents", &[ORDERS]) },
    Pair { id: "DDB022", found: || of("ReadMaxOnDemandThroughputThrottleEvents", &[ORDERS]), missed: || on_demand_orders(of("ReadMaxOnDemandThroughputThrottleEvents", &[ORDERS])) },
    Pair { id: "DDB025", found: || dax(&[("ClusterID", "carts")]), missed: || dax(&[("ClusterId", "carts")]) },
    Pair { id: "DDB025", found: || dax(&[("ClusterId", "Carts")]), missed: || dax(&[("ClusterId", "carts"), ("NodeId", "carts-1")]) },
    Pair { id: "DDB025", found: || dax(&[("NodeId", "carts-1")]), missed: || dax(&[]) },
    Pair { id: "DDB031", found: || percentile(None), missed: || percentile(Some("ignore")) },
    Pair { id: "DDB032", found: || filled("FILL(m1, 0)", 3), missed: || filled("FILL(m1, 0)", 5) },
    Pair { id: "DDB032", found: || filled("fill(m1, REPEAT)", 4), missed: || filled("FILL(m1, 0) + FILL(m1, 1)", 3) },
    Pair { id: "DDB036", found: || on_nodes("CPUUtilization", "Average", CARTS), missed: || on_nodes("CPUUtilization", "Maximum", CARTS) },
    Pair { id: "DDB036", found: || on_nodes("CacheMemoryUtilization", "Minimum", CARTS), missed: || on_nodes("CacheMemoryUtilization", "Average", NODE) },
    Pair { id: "DDB036", found: || on_nodes("BaselineNetworkBytesOutUtilization", "Average", CARTS), missed: || on_nodes("ClientConnections", "Average", CARTS) },
    Pair { id: "DDB033", found: || compared(Comparison::GreaterOrEqual, 0.0), missed: || compared(Comparison::Greater, 0.0) },
    Pair { id: "DDB033", found: || compared(Comparison::Less, 0.0), missed: || compared(Comparison::GreaterOrEqual, 1.0) },
];

/// Autoscaling moves what is provisioned, so that a fixed threshold is soon wrong again.
#[test]
fn a_threshold_on_scaled_capacity_is_mended_by_metric_math() {
    let scaled = super::scene::target(Resource::table("orders"), Direction::Read);
    let fixture = consumed("Sum", 80.0).with_targets(vec![scaled]).fixture();
    let findings = crate::lint::findings(fixture.reading());
    let far = findings.iter().find(|finding| finding.rule.id == "DDB011").unwrap();
    let cli = far.commands(fixture.reading()).cli.unwrap();
    assert!(cli.contains("100*(consumed/PERIOD(consumed))/provisioned"), "{cli}");
    assert!(cli.contains("ProvisionedReadCapacityUnits"), "{cli}");
}
