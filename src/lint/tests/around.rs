//! Pairs of the rules on what surrounds an alarm: what it watches, who hears it, what is missing.

use super::Pair;
use super::scene::{
    Scene, alarm, cluster, composite, consumer, global_table, insights, math, metric_alarm, mute,
    set, stat, target, throttles,
};
use crate::model::alarm::{Alarm, AlarmState};
use crate::model::id::Resource;
use crate::model::insights::InsightsMode;
use crate::model::throttle::Direction;
use crate::store::fixture::{on_demand, provisioned, second, table};
use std::sync::Arc;

const ORDERS: (&str, &str) = ("TableName", "orders");
const BY_CUSTOMER: (&str, &str) = ("GlobalSecondaryIndexName", "by-customer");

fn orders() -> Resource {
    Resource::table("orders")
}

fn by_customer() -> Resource {
    Resource::index("orders", "by-customer")
}

fn writes(table: &str) -> Scene {
    Scene::of([alarm("a", "WriteThrottleEvents", &[("TableName", table)])])
}

fn on_index(index: &str) -> Scene {
    let dimensions = [ORDERS, ("GlobalSecondaryIndexName", index)];
    Scene::of([alarm("a", "WriteThrottleEvents", &dimensions)])
}

fn on_cluster(name: &str) -> Scene {
    let cpu = metric_alarm("a", "AWS/DAX", "CPUUtilization", &[("ClusterId", name)]);
    Scene::of([cpu]).with_clusters(vec![cluster("carts", &["a", "b", "c"])])
}

fn silent(metric: &str, hours: i64) -> Scene {
    let mut alarm = alarm("a", metric, &[ORDERS]);
    alarm.state = AlarmState::InsufficientData;
    alarm.since = Some(second(3_600 * (1 - hours)));
    alarm.configured = None;
    Scene::of([alarm])
}

fn without_actions() -> Alarm {
    let mut quiet = throttles("a");
    quiet.actions.alarm.clear();
    quiet
}

fn switched_off() -> Alarm {
    let mut off = throttles("a");
    off.actions.enabled = false;
    off
}

fn muted(expression: &str, duration: &str) -> Scene {
    Scene::of([throttles("a")]).with_mute_rules(vec![mute("a", expression, duration)])
}

fn evaluated(state: Option<&str>) -> Scene {
    Scene::of([set(throttles("a"), |settings| {
        settings.evaluation_state = state.map(Arc::from);
    })])
}

fn on_rule(time: &str) -> Scene {
    let formula =
        format!("INSIGHT_RULE_METRIC(\"DynamoDBContributorInsights-PKT-orders-{time}\", \"Sum\")");
    let on_rule = math(throttles("a"), &formula);
    Scene::of([on_rule]).with_insights(vec![insights(orders(), InsightsMode::Throttled)])
}

fn both_directions(dimensions: &[(&str, &str)]) -> [Alarm; 2] {
    ["ReadThrottleEvents", "WriteThrottleEvents"]
        .map(|metric| alarm(&format!("{}{metric}", dimensions.len()), metric, dimensions))
}

fn twin(threshold: f64) -> Scene {
    let twin = set(throttles("b"), |settings| settings.threshold = Some(threshold));
    Scene::of([throttles("a"), twin])
}

fn replicated(alarms: impl IntoIterator<Item = Alarm>) -> Scene {
    Scene::of(alarms).with_tables(vec![global_table(&["eu-west-1"])])
}

fn lag(region: &str) -> Scene {
    let dimensions = [ORDERS, ("ReceivingRegion", region)];
    replicated([alarm("a", "ReplicationLatency", &dimensions)])
}

fn consumed_by(function: &str) -> Scene {
    let age = metric_alarm("a", "AWS/Lambda", "IteratorAge", &[("FunctionName", "ship")]);
    Scene::of([age]).with_consumers(vec![consumer(function)])
}

fn on_dax(metric: &str) -> Scene {
    let alarm = metric_alarm("a", "AWS/DAX", metric, &[("ClusterId", "carts")]);
    Scene::of([alarm]).with_clusters(vec![cluster("carts", &["a", "b", "c"])])
}

fn scaled(table_of: crate::model::table::Throughput) -> Scene {
    let tables = vec![table("orders", table_of, &[])];
    Scene::of([]).with_tables(tables).with_targets(vec![target(orders(), Direction::Read)])
}

fn scaled_both_ways() -> Scene {
    let targets = Direction::ALL.map(|direction| target(orders(), direction));
    scaled(provisioned(100.0)).with_targets(targets.to_vec())
}

fn insights_on(resources: &[Resource], mode: &InsightsMode) -> Scene {
    let on = resources.iter().map(|resource| insights(resource.clone(), mode.clone()));
    Scene::of([]).with_insights(on.collect())
}

fn careless(change: fn(&mut crate::model::consumer::Consumer)) -> Scene {
    let mut careless = consumer("ship");
    change(&mut careless);
    Scene::of([]).with_consumers(vec![careless])
}

fn clusters(zones: &[&str]) -> Scene {
    Scene::of([]).with_clusters(vec![cluster("carts", zones)])
}

fn broken() -> Alarm {
    alarm("broken", "UserErrors", &[ORDERS])
}

fn by_query() -> Alarm {
    let query = "SELECT SUM(ReadThrottleEvents) FROM SCHEMA(\"AWS/DynamoDB\", TableName)";
    math(throttles("a"), query)
}

#[rustfmt::skip]
pub(super) const PAIRS: &[Pair] = &[
    Pair { id: "DDB023", found: || writes("ordrs"), missed: || writes("orders") },
    Pair { id: "DDB023", found: || on_index("by-custmer"), missed: || on_index("by-customer") },
    Pair { id: "DDB023", found: || on_cluster("cart"), missed: || on_cluster("carts") },
    Pair { id: "DDB023", found: || writes("ordrs"), missed: || Scene::of([math(alarm("a", "WriteThrottleEvents", &[("TableName", "elsewhere")]), "m1")]) },
    Pair { id: "DDB024", found: || writes("orders"), missed: || on_index("by-customer") },
    Pair { id: "DDB026", found: || silent("ConsumedReadCapacity", 25), missed: || silent("ConsumedReadCapacity", 23) },
    Pair { id: "DDB026", found: || silent("ConsumedReadCapacityUnits", 25), missed: || silent("WriteThrottleEvents", 25) },
    Pair { id: "DDB027", found: || Scene::of([without_actions()]), missed: || Scene::of([throttles("a")]) },
    Pair { id: "DDB027", found: || Scene::of([switched_off()]), missed: || Scene::of([without_actions(), composite("c", "ALARM(a)")]) },
    Pair { id: "DDB028", found: || muted("cron(0 18 * * *)", "PT14H"), missed: || muted("cron(0 22 * * *)", "PT8H") },
    Pair { id: "DDB029", found: || evaluated(Some("PARTIAL_DATA")), missed: || evaluated(None) },
    Pair { id: "DDB030", found: || twin(0.0), missed: || twin(5.0) },
    Pair { id: "DDB030", found: || twin(0.0), missed: || Scene::of([throttles("a"), stat(throttles("b"), |stat| stat.period_seconds = 300)]) },
    Pair { id: "DDB034", found: || on_rule("1763000000000"), missed: || on_rule("1764000000000") },
    Pair { id: "DDB035", found: || Scene::of([broken(), composite("c", "ALARM(broken)")]), missed: || Scene::of([broken(), throttles("a"), composite("c", "ALARM(broken) OR ALARM(a)")]) },
    Pair { id: "DDB035", found: || Scene::of([throttles("a"), composite("c", "ALARM(a) AND ALARM(b)")]), missed: || Scene::of([throttles("a"), composite("c", "ALARM(\"arn:aws:cloudwatch:us-east-1:123456789012:alarm:a\")")]) },
    Pair { id: "COV01", found: || on_index("by-customer"), missed: || writes("orders") },
    Pair { id: "COV01", found: || Scene::of([alarm("a", "OnlineIndexThrottleEvents", &[ORDERS])]), missed: || Scene::of([by_query()]).with_tables(vec![table("orders", provisioned(1.0), &[])]) },
    Pair { id: "COV02", found: || writes("orders"), missed: || Scene::of(both_directions(&[ORDERS])) },
    Pair { id: "COV02", found: || on_index("by-customer"), missed: || Scene::of(both_directions(&[ORDERS, BY_CUSTOMER])) },
    Pair { id: "COV02", found: || Scene::of([alarm("a", "ThrottledRequests", &[ORDERS, ("Operation", "Query")])]), missed: || Scene::of([alarm("a", "ThrottledRequests", &[ORDERS, ("Operation", "ExecuteStatement")])]) },
    Pair { id: "COV03", found: || writes("orders"), missed: || Scene::of([alarm("a", "UserErrors", &[])]) },
    Pair { id: "COV04", found: || writes("orders"), missed: || Scene::of([alarm("a", "SystemErrors", &[ORDERS, ("Operation", "PutItem")])]) },
    Pair { id: "COV05", found: || replicated([]), missed: || lag("eu-west-1") },
    Pair { id: "COV06", found: || consumed_by("bill"), missed: || consumed_by("ship") },
    Pair { id: "COV07", found: || on_dax("CacheMemoryUtilization"), missed: || on_dax("CPUUtilization") },
    Pair { id: "COV08", found: || on_dax("CPUUtilization"), missed: || on_dax("CacheMemoryUtilization") },
    Pair { id: "COV09", found: || on_dax("ErrorRequestCount"), missed: || on_dax("FailedRequestCount") },
    Pair { id: "COV10", found: || on_dax("FaultRequestCount"), missed: || on_dax("ThrottledRequestCount") },
    Pair { id: "COV10", found: || on_dax("CPUUtilization"), missed: || on_dax("ErrorRequestCount") },
    Pair { id: "CFG01", found: || scaled(on_demand(None)), missed: || scaled(provisioned(100.0)) },
    Pair { id: "CFG02", found: || insights_on(&[orders()], &InsightsMode::Throttled), missed: || insights_on(&[orders(), by_customer()], &InsightsMode::Throttled) },
    Pair { id: "CFG03", found: || insights_on(&[orders()], &InsightsMode::AccessedAndThrottled), missed: || insights_on(&[orders()], &InsightsMode::Throttled) },
    Pair { id: "CFG03", found: || insights_on(&[orders()], &InsightsMode::AccessedAndThrottled), missed: || insights_on(&[by_customer()], &InsightsMode::AccessedAndThrottled) },
    Pair { id: "CFG04", found: || scaled(provisioned(100.0)), missed: scaled_both_ways },
    Pair { id: "CFG05", found: || careless(|consumer| consumer.bisects = false), missed: || careless(|consumer| (consumer.bisects, consumer.reports_item_failures) = (false, true)) },
    Pair { id: "CFG05", found: || careless(|consumer| consumer.on_failure = None), missed: || careless(|_| {}) },
    Pair { id: "CFG06", found: || clusters(&["a", "b"]), missed: || clusters(&["a", "b", "c"]) },
    Pair { id: "CFG06", found: || clusters(&["a", "a", "a"]), missed: || clusters(&[]) },
];
