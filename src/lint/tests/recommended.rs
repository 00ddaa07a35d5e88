//! AWS's own recommendations, with dimensions that exist, are right; and what is proposed mends.

use super::pairs;
use super::scene::{
    Scene, alarm, cluster, consumer, global_table, metric_alarm, set, stat, target,
};
use crate::lint::context::{Context, Watch};
use crate::lint::fix::Fix;
use crate::lint::rules::{Check, all};
use crate::lint::{Severity, findings};
use crate::model::alarm::{Alarm, MissingData};
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use crate::store::fixture::{on_demand, provisioned, table};
use std::sync::Arc;

/// Statistic, period, N = M, threshold and missing data, as AWS's list has them.
fn recommended(alarm: Alarm, as_listed: (&str, i64, u32, f64, MissingData)) -> Alarm {
    let (statistic, period, periods, threshold, missing) = as_listed;
    let alarm = stat(alarm, |stat| {
        stat.statistic = Arc::from(statistic);
        stat.period_seconds = period;
    });
    set(alarm, |settings| {
        settings.evaluation_periods = periods;
        settings.datapoints_to_alarm = Some(periods);
        settings.threshold = Some(threshold);
        settings.missing_data = Some(missing);
    })
}

/// The list for a table with an index, a function and the account.
fn list() -> Vec<Alarm> {
    use MissingData::{Missing, NotBreaching};
    const T: (&str, &str) = ("TableName", "orders");
    const G: (&str, &str) = ("GlobalSecondaryIndexName", "by-customer");
    const O: (&str, &str) = ("Operation", "GetItem");
    const D: (&str, &str) = ("DelegatedOperation", "PutRecord");
    let throttles = ("Sum", 60, 5, 10.0, NotBreaching);
    let quota = ("Maximum", 300, 2, 80.0, Missing);
    let dynamo = |metric: &str, dimensions: &[(&str, &str)], as_listed| {
        let name = format!("orders-{metric}-{}", dimensions.len());
        recommended(alarm(&name, metric, dimensions), as_listed)
    };
    let lambda = |metric: &str, as_listed| {
        let function = [("FunctionName", "ship")];
        recommended(metric_alarm(metric, "AWS/Lambda", metric, &function), as_listed)
    };
    vec![
        dynamo("AccountProvisionedReadCapacityUtilization", &[], quota),
        dynamo("AccountProvisionedWriteCapacityUtilization", &[], quota),
        dynamo("ReadThrottleEvents", &[T], throttles),
        dynamo("WriteThrottleEvents", &[T], throttles),
        dynamo("ReadThrottleEvents", &[T, G], throttles),
        dynamo("WriteThrottleEvents", &[T, G], throttles),
        dynamo("SystemErrors", &[T, O], ("Sum", 60, 15, 5.0, NotBreaching)),
        dynamo("UserErrors", &[], ("Sum", 60, 10, 0.0, Missing)),
        dynamo("SuccessfulRequestLatency", &[T, O], ("Average", 60, 10, 9.0, Missing)),
        dynamo("AgeOfOldestUnreplicatedRecord", &[T, D], ("Maximum", 300, 3, 9_000.0, Missing)),
        dynamo("FailedToReplicateRecordCount", &[T, D], ("Sum", 60, 1, 0.0, NotBreaching)),
        dynamo("ThrottledPutRecordCount", &[T, D], ("Maximum", 60, 10, 5.0, NotBreaching)),
        lambda("Errors", ("Sum", 60, 3, 0.0, Missing)),
        lambda("Throttles", ("Sum", 60, 5, 1.0, Missing)),
        lambda("Duration", ("p90", 60, 15, 900.0, Missing)),
        lambda("IteratorAge", ("Maximum", 60, 5, 600_000.0, NotBreaching)),
    ]
}

fn dax() -> Vec<Alarm> {
    use MissingData::NotBreaching;
    let on = |metric: &str, as_listed| {
        let name = format!("carts-{metric}");
        let alarm = metric_alarm(&name, "AWS/DAX", metric, &[("ClusterId", "carts")]);
        recommended(alarm, as_listed)
    };
    vec![
        on("CPUUtilization", ("Maximum", 60, 5, 80.0, NotBreaching)),
        on("CacheMemoryUtilization", ("Maximum", 60, 5, 90.0, NotBreaching)),
        on("FaultRequestCount", ("Sum", 60, 5, 0.0, NotBreaching)),
        on("ThrottledRequestCount", ("Sum", 60, 5, 0.0, NotBreaching)),
    ]
}

fn scaled(indexes: &[&str]) -> Scene {
    let index = |index: &&str| Resource::index("orders", index);
    let resources = std::iter::once(Resource::table("orders")).chain(indexes.iter().map(index));
    let both =
        |resource: Resource| Direction::ALL.map(|direction| target(resource.clone(), direction));
    Scene::of(list())
        .with_targets(resources.flat_map(both).collect())
        .with_consumers(vec![consumer("ship")])
}

#[test]
fn the_recommended_set_gives_no_error_and_no_warning() {
    let provisioned = scaled(&["by-customer"]);
    let index = ("by-customer", on_demand(None));
    let on_demand = Scene::of(list())
        .with_tables(vec![table("orders", on_demand(None), &[index])])
        .with_consumers(vec![consumer("ship")]);
    let mut with_lag = list();
    with_lag.retain(|alarm| !alarm.name.ends_with("ThrottleEvents-2"));
    let dimensions = [("TableName", "orders"), ("ReceivingRegion", "eu-west-1")];
    with_lag.push(recommended(
        alarm("orders-lag", "ReplicationLatency", &dimensions),
        ("Average", 60, 15, 180_000.0, MissingData::Missing),
    ));
    let global = Scene { alarms: Some(with_lag), ..scaled(&[]) }
        .with_tables(vec![global_table(&["eu-west-1"])]);
    let cached = Scene { alarms: Some([list(), dax()].concat()), ..scaled(&["by-customer"]) }
        .with_clusters(vec![cluster("carts", &["a", "b", "c"])]);
    for (name, scene) in [
        ("provisioned", provisioned),
        ("on-demand", on_demand),
        ("global", global),
        ("DAX", cached),
    ] {
        let fixture = scene.fixture();
        let severe: Vec<_> = findings(fixture.reading())
            .into_iter()
            .filter(|finding| finding.severity > Severity::Info)
            .map(|finding| (finding.rule.id, finding.what))
            .collect();
        assert_eq!(severe, [], "{name}");
    }
}

/// As AWS's list has it, with `TableName` alone.
#[test]
fn the_recommended_alarm_on_system_errors_is_a_warning() {
    let errors = alarm("a", "SystemErrors", &[("TableName", "orders")]);
    let as_listed = ("Sum", 60, 15, 5.0, MissingData::NotBreaching);
    let fixture = Scene::of([recommended(errors, as_listed)]).fixture();
    let findings = findings(fixture.reading());
    let found = findings.iter().find(|finding| finding.rule.id == "DDB004").unwrap();
    assert_eq!(found.severity, Severity::Warning);
    assert!(!findings.iter().any(|finding| finding.rule.id == "COV04"), "told once");
}

/// The alarms that the rules called `prefix…` propose for what is missing in a scene.
fn proposed(lint: &Context<'_>) -> Vec<Alarm> {
    let mut alarms = Vec::new();
    for row in all().filter(|row| row.rule.id.starts_with("COV") || row.rule.id == "DDB024") {
        let Check::Scope(check) = row.check else { panic!("{}", row.rule.id) };
        for fault in check(lint) {
            let Fix::Add(missing, topic) = fault.fix else { panic!("{}", fault.what) };
            alarms.extend(missing.iter().map(|missing| missing.alarm(lint.reading, &topic)));
        }
    }
    alarms
}

#[test]
fn what_is_proposed_where_alarms_are_missing_leaves_nothing_to_find() {
    let scene = || {
        let index = ("by-customer", provisioned(50.0));
        let mut orders = global_table(&["eu-west-1", "eu-west-2"]);
        orders.indexes = table("orders", provisioned(100.0), &[index]).indexes;
        scaled(&["by-customer"])
            .with_tables(vec![orders])
            .with_clusters(vec![cluster("carts", &["a", "b", "c"])])
    };
    let bare = Scene { alarms: Some(vec![]), ..scene() }.fixture();
    let alarms = proposed(&Context::new(bare.reading()));
    assert_eq!(alarms.len(), 14, "{alarms:#?}");
    let covered = Scene { alarms: Some(alarms), ..scene() }.fixture();
    let left: Vec<_> = findings(covered.reading())
        .into_iter()
        .filter(|finding| finding.severity > Severity::Info || finding.rule.id.starts_with("COV"))
        .map(|finding| (finding.rule.id, finding.what))
        .collect();
    assert_eq!(left, []);
}

/// The alarms of a scene, with what one rule proposes put over them.
fn mended(lint: &Context<'_>, check: &Check) -> Option<Vec<Alarm>> {
    let alarms = lint.alarms.clone()?;
    let faults = alarms.iter().flat_map(|alarm| match check {
        Check::Metric(check) | Check::Settings(check) => {
            Watch::all(lint, alarm).iter().filter_map(check).collect()
        }
        Check::Alarm(check) => check(lint, alarm).into_iter().collect(),
        Check::Scope(_) | Check::Last(_) => vec![],
    });
    let puts: Vec<Alarm> = faults
        .filter_map(|fault| match fault.fix {
            Fix::Put(alarms) => Some(alarms),
            Fix::Unknown | Fix::Add(..) | Fix::Delete(_) | Fix::Call(_) => None,
        })
        .flatten()
        .collect();
    let is_put = |alarm: &&Alarm| puts.iter().any(|put| put.name == alarm.name);
    let kept = alarms.into_iter().filter(|alarm| !is_put(alarm)).cloned();
    (!puts.is_empty()).then(|| kept.chain(puts.clone()).collect())
}

#[test]
fn an_alarm_put_as_proposed_is_not_found_again() {
    let mut tried = 0;
    for pair in pairs() {
        let fixture = (pair.found)().fixture();
        let row = all().find(|row| row.rule.id == pair.id).unwrap();
        let Some(alarms) = mended(&Context::new(fixture.reading()), &row.check) else { continue };
        tried += 1;
        let again = Scene { alarms: Some(alarms), ..(pair.found)() }.fixture();
        let findings = findings(again.reading());
        let found = findings.iter().find(|finding| finding.rule.id == pair.id);
        assert!(found.is_none(), "{found:#?}");
    }
    assert!(tried > 30, "{tried}");
}
