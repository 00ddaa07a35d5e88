//! What could not be read is not judged, and what is not ours is left alone.

use super::scene::{
    Scene, alarm, cluster, composite, consumer, insights, math, metric_alarm, set, throttles,
};
use crate::lint::{Severity, findings};
use crate::model::health::{CallError, ErrorClass, Poller};
use crate::model::id::Resource;
use crate::model::insights::InsightsMode;
use crate::model::update::News;
use crate::store::fixture::{Fixture, second};

fn found(fixture: &Fixture) -> Vec<&'static str> {
    findings(fixture.reading()).iter().map(|finding| finding.rule.id).collect()
}

fn has(fixture: &Fixture, id: &str) -> bool {
    found(fixture).contains(&id)
}

fn denied() -> CallError {
    CallError {
        class: ErrorClass::Denied,
        action: "cloudwatch:DescribeAlarms",
        code: None,
        message: String::new(),
    }
}

/// An alarm on a table, an index and a cluster that are not there.
fn orphans() -> Scene {
    let on_index = [("TableName", "orders"), ("GlobalSecondaryIndexName", "gone")];
    Scene::of([
        alarm("a", "WriteThrottleEvents", &[("TableName", "gone")]),
        alarm("b", "WriteThrottleEvents", &on_index),
        metric_alarm("c", "AWS/DAX", "CPUUtilization", &[("ClusterId", "gone")]),
    ])
}

fn orphans_found(fixture: &Fixture) -> usize {
    found(fixture).iter().filter(|id| **id == "DDB023").count()
}

#[test]
fn without_a_list_of_alarms_nothing_is_said_to_be_missing() {
    let bare = || Scene {
        alarms: None,
        ..Scene::of([]).with_clusters(vec![cluster("carts", &["a", "b", "c"])])
    };
    let judged = |fixture: &Fixture| {
        found(fixture).into_iter().filter(|id| !id.starts_with("CFG")).collect::<Vec<_>>()
    };
    assert_eq!(judged(&bare().fixture()), Vec::<&str>::new());
    let mut fixture = bare().fixture();
    fixture.tell(News::Alarms(Err(denied())));
    assert_eq!(judged(&fixture), Vec::<&str>::new());
    assert!(has(&Scene { alarms: Some(vec![]), ..bare() }.fixture(), "COV01"));
}

#[test]
fn an_orphan_is_one_only_where_the_list_is_complete() {
    assert_eq!(orphans_found(&orphans().fixture()), 3);
    let unlisted = Scene { listed: false, ..orphans() }.fixture();
    assert_eq!(orphans_found(&unlisted), 2, "the index and the cluster are");
    let mut failed = orphans().fixture();
    failed.finish(Poller::Tables, Some((ErrorClass::Throttled, "dynamodb:ListTables")));
    assert_eq!(orphans_found(&failed), 2);
    let without_clusters = Scene { clusters: None, ..orphans() }.fixture();
    assert_eq!(orphans_found(&without_clusters), 2);
    let nothing_known = Scene { tables: vec![], listed: false, clusters: None, ..orphans() };
    assert_eq!(orphans_found(&nothing_known.fixture()), 0);
}

#[test]
fn an_alarm_that_is_newer_than_the_list_is_no_orphan() {
    let mut fresh = alarm("a", "WriteThrottleEvents", &[("TableName", "fresh")]);
    fresh.configured = Some(second(3_601));
    assert_eq!(orphans_found(&Scene::of([fresh]).fixture()), 0);
}

#[test]
fn lists_that_are_not_known_miss_nothing() {
    let insight = |status: &str| {
        let mut on = insights(Resource::table("orders"), InsightsMode::AccessedAndThrottled);
        on.status = status.into();
        on
    };
    let formula = "INSIGHT_RULE_METRIC('DynamoDBContributorInsights-PKT-orders-1', 'Sum')";
    let on_rule = math(throttles("a"), formula);
    let known = Scene::of([on_rule.clone()]).with_insights(vec![insight("ENABLED")]);
    assert!(has(&known.fixture(), "DDB034"));
    let unknown = Scene { insights: None, ..Scene::of([on_rule.clone()]) }.fixture();
    for id in ["DDB034", "CFG02", "CFG03"] {
        assert!(!has(&unknown, id), "{id}");
    }
    let mut undescribed = insight("ENABLED");
    undescribed.rules = None;
    let undescribed = Scene::of([on_rule]).with_insights(vec![undescribed]);
    assert!(!has(&undescribed.fixture(), "DDB034"), "its rules were not read");
    let unscaled = Scene { targets: None, ..Scene::of([]) }.fixture();
    assert!(!has(&unscaled, "CFG04"));
    let unread = Scene { consumers: None, clusters: None, ..Scene::of([]) }.fixture();
    for id in ["COV06", "COV07", "CFG05", "CFG06"] {
        assert!(!has(&unread, id), "{id}");
    }
}

#[test]
fn alarms_of_autoscaling_and_of_other_services_are_left_alone() {
    let wrong = &[("TableName", "orders")];
    let scaling = "TargetTracking-table/orders-AlarmHigh-1b6f2a3c";
    let theirs = Scene::of([
        alarm(scaling, "UserErrors", wrong),
        metric_alarm("rds", "AWS/RDS", "UserErrors", wrong),
        metric_alarm("other", "AWS/Lambda", "IteratorAge", &[("FunctionName", "other")]),
        composite("c", "ALARM(rds)"),
    ]);
    let theirs = Scene { consumers: Some(vec![consumer("ship")]), ..theirs }.fixture();
    let of_alarms = findings(theirs.reading()).into_iter().filter(|f| f.alarm.is_some());
    assert_eq!(of_alarms.count(), 0);
}

#[test]
fn a_part_of_metric_math_that_never_has_data_is_a_warning_beside_others_that_have() {
    let on = |metric: &str| alarm("a", metric, &[("TableName", "orders")]);
    let both = |first: &str| math(on(first), "m1");
    let severity = |alarm| {
        let fixture = Scene::of([alarm]).fixture();
        let found = findings(fixture.reading());
        found.iter().find(|finding| finding.rule.id == "DDB001").map(|finding| finding.severity)
    };
    assert_eq!(severity(both("UserErrors")), Some(Severity::Error));
    let mixed = set(both("UserErrors"), |settings| {
        let crate::model::alarm::Source::Math { queries, .. } = &mut settings.source else {
            return;
        };
        let mut second = queries[1].clone();
        second.id = "m2".into();
        second.what =
            crate::model::alarm::QueryKind::Stat(on("WriteThrottleEvents").stats()[0].clone());
        queries.push(second);
    });
    assert_eq!(severity(mixed), Some(Severity::Warning));
}

#[test]
fn a_proposed_alarm_takes_no_name_that_is_taken() {
    let taken = alarm("orders-WriteThrottleEvents", "UserErrors", &[]);
    let fixture = Scene::of([taken]).fixture();
    let findings = findings(fixture.reading());
    let missing = findings.iter().find(|finding| finding.rule.id == "COV01").unwrap();
    let cli = missing.commands(fixture.reading()).cli.unwrap();
    assert!(cli.contains("--alarm-name orders-WriteThrottleEvents-2 "), "{cli}");
    assert!(cli.contains("--alarm-name orders-ReadThrottleEvents "), "{cli}");
}
