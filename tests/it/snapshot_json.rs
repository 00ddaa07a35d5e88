//! The contract of `snapshot --format json`, field by field.

use crate::panes::stores::lagging;
use crate::screens::stores::{Fleet, calm, denied, now, on_demand, trouble};
use ddbtop::app::App;
use ddbtop::model::alarm::{
    Actions, Alarm, AlarmKind, AlarmState, Comparison, CompositeAlarm, MetricAlarm, MetricStat,
    MissingData, MuteRule, Source,
};
use ddbtop::model::dax::{Cluster, Node, ParameterGroup, ParameterUse, Ttl};
use ddbtop::model::health::{Outcome, Poller};
use ddbtop::model::id::Resource;
use ddbtop::model::scaling::ScheduledAction;
use ddbtop::model::throttle::Direction;
use ddbtop::model::update::News;
use ddbtop::report::snapshot::json;
use jiff::SignedDuration;
use serde_json::{Value, json as value};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

fn snapshot_of(app: &App, seconds_later: i64) -> Value {
    let at = now() + SignedDuration::from_secs(seconds_later);
    let scopes: Vec<_> = app.store().scopes().collect();
    let readings: Vec<_> = scopes
        .into_iter()
        .map(|scope| (app.store().reading(scope, at), app.verdicts(scope)))
        .collect();
    json(&readings, at)
}

fn snapshot(fleet: Fleet) -> Value {
    snapshot_of(&fleet.app(80, 24), 0)
}

/// An element of one of the snapshot's lists; null where there is none.
fn find<'a>(list: &'a Value, field: &str, wanted: &str) -> &'a Value {
    let found = list.as_array().into_iter().flatten().find(|element| element[field] == wanted);
    found.unwrap_or(&Value::Null)
}

fn table<'a>(snapshot: &'a Value, name: &str) -> &'a Value {
    find(&snapshot["tables"], "name", name)
}

fn fields(object: &Value) -> BTreeSet<&str> {
    object.as_object().into_iter().flat_map(|fields| fields.keys()).map(String::as_str).collect()
}

#[test]
fn every_field_of_the_contract_is_there() {
    let snapshot = snapshot(trouble());
    assert_eq!(snapshot["schema"], 1);
    assert_eq!(snapshot["at"], "2026-11-22T12:03:20Z");
    let direction = BTreeSet::from([
        "consumed_units_per_second",
        "maximum_units_per_second",
        "provisioned_units_per_second",
        "throttle_events_by_cause",
        "throttle_events_per_minute",
        "utilization_percent",
        "warm_units_per_second",
    ]);
    let orders = table(&snapshot, "orders");
    for part in [orders, &orders["indexes"][0]] {
        assert_eq!(fields(&part["read"]), direction);
        assert_eq!(fields(&part["write"]), direction);
        assert_eq!(
            fields(&part["write"]["throttle_events_by_cause"]),
            BTreeSet::from(["account_limit", "key_range", "max_on_demand", "provisioned"])
        );
        assert_eq!(
            fields(&part["write"]["utilization_percent"]),
            BTreeSet::from(["at", "state", "value"])
        );
        assert_eq!(part["status"], "ACTIVE");
    }
    assert_eq!(orders["account"], "123456789012");
    assert_eq!(orders["region"], "us-east-1");
    assert_eq!(orders["billing_mode"], "PROVISIONED");
    for empty in ["hot_keys", "dax_clusters", "alarms"] {
        assert_eq!(snapshot[empty], value!([]));
    }
    // Neither alarms nor what surrounds the tables was read: only their scaling is judged.
    let findings = snapshot["findings"].as_array().unwrap();
    let rules: BTreeSet<&str> =
        findings.iter().filter_map(|finding| finding["rule"].as_str()).collect();
    assert_eq!(rules, BTreeSet::from(["CFG04"]));
}

#[test]
fn figures_carry_their_unit_their_minute_and_their_state() {
    let snapshot = snapshot(trouble());
    let figure = |number: f64| {
        value!({
            "value": number, "at": "2026-11-22T12:00:00Z", "state": "value",
        })
    };
    let payments = table(&snapshot, "payments");
    assert_eq!(payments["read"]["consumed_units_per_second"], figure(500.0));
    assert_eq!(payments["read"]["utilization_percent"], figure(100.0));
    assert_eq!(payments["read"]["throttle_events_per_minute"], figure(96.0));
    let causes = &payments["read"]["throttle_events_by_cause"];
    assert_eq!(causes["provisioned"], figure(96.0));
    let zero = value!({ "value": 0.0, "at": "2026-11-22T12:00:00Z", "state": "zero" });
    assert_eq!(causes["key_range"], zero);
    let provisioned = &payments["read"]["provisioned_units_per_second"];
    assert_eq!((&provisioned["value"], &provisioned["state"]), (&value!(500.0), &value!("value")));
    let nothing = value!({ "value": null, "at": null, "state": "not_applicable" });
    assert_eq!(payments["read"]["maximum_units_per_second"], nothing);
    assert_eq!(payments["read"]["warm_units_per_second"], nothing);
    assert_eq!(payments["latency_p99_milliseconds"], figure(3.4 + 230.0 / 400.0));
    assert_eq!(payments["latency_p50_milliseconds"]["state"], "not_polled");
    assert_eq!(payments["system_errors_per_minute"], zero);
    assert_eq!(payments["conditional_check_failed_per_minute"]["state"], "not_polled");
    let sessions = table(&snapshot, "sessions");
    assert_eq!(sessions["billing_mode"], "PAY_PER_REQUEST");
    assert_eq!(sessions["write"]["provisioned_units_per_second"], nothing);
    assert_eq!(sessions["write"]["utilization_percent"], nothing);
    let causes = &sessions["write"]["throttle_events_by_cause"];
    assert_eq!(causes["key_range"]["state"], "not_polled");
    assert_eq!(snapshot["scopes"][0]["user_errors_per_minute"], figure(340.0));
    assert_eq!(
        snapshot["scopes"][0]["cost"],
        value!({ "requests": 1240, "metrics_requested": 9600, "usd_per_hour": 0.416 })
    );
}

#[test]
fn verdicts_come_in_the_order_of_what_to_do_first() {
    let snapshot = snapshot(trouble());
    let first = &snapshot["verdicts"][0];
    assert_eq!(first["resource"], "table/orders/index/by-status");
    assert_eq!(first["operation"], "write");
    assert_eq!(first["cause"], "key-range");
    assert_eq!(first["reason"], "IndexWriteKeyRangeThroughputExceeded");
    assert_eq!(first["confidence"], "measured");
    assert_eq!(first["since"], "2026-11-22T11:38:00Z");
    assert_eq!(first["since_or_earlier"], false);
    assert_eq!(first["explains"], value!(["table/orders"]));
    assert_eq!(first["behind"], Value::Null);
    let evidence = &first["evidence"][0];
    assert!(evidence["text"].as_str().unwrap().ends_with("write throttle events in 12:00"));
    assert_eq!(
        evidence["series"],
        value!({
            "resource": "table/orders/index/by-status", "metric": "WriteThrottleEvents",
            "operation": null, "statistic": "Sum",
        })
    );
    assert_eq!((&evidence["fact"], &evidence["unit"]), (&Value::Null, &value!("count")));
    assert!(evidence["value"].is_number());
    let minute = value!({
        "start": "2026-11-22T12:00:00Z", "end": "2026-11-22T12:01:00Z", "minutes": 1,
    });
    assert_eq!(evidence["window"], minute);
    let facts = first["evidence"].as_array().unwrap().iter().filter(|one| one["series"].is_null());
    let facts: Vec<_> = facts.map(|one| one["fact"].as_str().unwrap()).collect();
    assert_eq!(facts, ["contributor-insights", "partition-limit", "back-pressure"]);
    assert!(first["advice"].is_string());
    let account = find(&snapshot["verdicts"], "resource", "account");
    assert_eq!(account["cause"], "user-errors");
    assert_eq!((&account["operation"], &account["reason"]), (&Value::Null, &Value::Null));
}

#[test]
fn scalable_targets_and_pollers_are_listed() {
    let snapshot = snapshot(calm());
    assert_eq!(
        snapshot["scalable_targets"],
        value!([{
            "account": "123456789012", "region": "us-east-1", "resource": "table/orders",
            "direction": "write", "min_units_per_second": 500.0, "max_units_per_second": 4000.0,
            "target_utilization_percent": 70.0, "scale_out_suspended": false,
            "scale_in_suspended": false, "scheduled_suspended": false,
            "policies": [{
                "name": "p", "target_utilization_percent": 70.0,
                "scale_out_cooldown_seconds": null, "scale_in_cooldown_seconds": null,
                "scale_in_disabled": null,
            }],
            "scheduled_actions": null,
        }])
    );
    let pollers = snapshot["pollers"].as_array().unwrap();
    assert_eq!(pollers.len(), Poller::ALL.len());
    assert_eq!(pollers[0]["name"], "metrics");
    assert_eq!(pollers[0]["state"], "ok");
    assert_eq!(pollers[0]["last_success"], "2026-11-22T12:03:15Z");
    assert_eq!(pollers[0]["error"], Value::Null);
    assert_eq!(pollers[0]["requests"], 3);
}

#[test]
fn scheduled_actions_stand_with_the_target_that_they_change() {
    let mut fleet = calm();
    let action = |name: &str, direction| ScheduledAction {
        name: Arc::from(name),
        resource: Resource::table("orders"),
        direction,
        schedule: Arc::from("cron(0 18 * * ? *)"),
        time_zone: None,
        min: Some(200.0),
        max: None,
        start: None,
        end: None,
    };
    let told = vec![action("evening", Direction::Write), action("reads", Direction::Read)];
    fleet.tell(News::ScheduledActions(Ok(told)));
    assert_eq!(
        snapshot(fleet)["scalable_targets"][0]["scheduled_actions"],
        value!([{
            "name": "evening", "schedule": "cron(0 18 * * ? *)", "time_zone": null,
            "min_units_per_second": 200.0, "max_units_per_second": null,
            "next": "2026-11-22T18:00:00Z",
        }])
    );
}

#[test]
fn what_could_not_be_read_is_stale_denied_or_not_polled() {
    let mut fleet = calm();
    fleet.listed("never-described");
    fleet.round(Poller::Descriptions, -5, Outcome::Failed(denied("dynamodb:DescribeTable")));
    fleet.round(Poller::Metrics, -5, Outcome::Failed(denied("cloudwatch:GetMetricData")));
    let snapshot = snapshot_of(&fleet.app(80, 24), 300);
    let orders = &table(&snapshot, "orders")["read"];
    assert_eq!(orders["consumed_units_per_second"]["state"], "stale");
    assert_eq!(orders["consumed_units_per_second"]["value"], 672.0);
    assert_eq!(orders["consumed_units_per_second"]["at"], "2026-11-22T12:00:00Z");
    assert_eq!(orders["provisioned_units_per_second"]["state"], "stale");
    let unknown = table(&snapshot, "never-described");
    assert_eq!((&unknown["status"], &unknown["billing_mode"]), (&Value::Null, &Value::Null));
    assert_eq!(unknown["read"]["consumed_units_per_second"]["state"], "denied");
    assert_eq!(unknown["read"]["provisioned_units_per_second"]["state"], "denied");
    assert_eq!(snapshot["pollers"][0]["state"], "failed");
    assert_eq!(snapshot["pollers"][0]["error"], "no permission: cloudwatch:GetMetricData");
}

#[test]
fn what_cloudwatch_has_not_published_yet_is_unknown() {
    let mut fleet = trouble();
    fleet.late(7);
    let snapshot = snapshot(fleet);
    let unknown = value!({ "value": null, "at": "2026-11-22T12:00:00Z", "state": "unknown" });
    let payments = &table(&snapshot, "payments")["read"];
    for field in ["consumed_units_per_second", "utilization_percent", "throttle_events_per_minute"]
    {
        assert_eq!(payments[field], unknown, "{field}");
    }
    assert_eq!(payments["throttle_events_by_cause"]["provisioned"], unknown);
    assert_eq!(snapshot["scopes"][0]["user_errors_per_minute"], unknown);
    assert_eq!(snapshot["verdicts"][0]["cause"], "key-range", "it has not ended");
}

#[test]
fn a_table_that_was_only_listed_is_not_polled() {
    let mut fleet = Fleet::new();
    fleet.listed("new");
    fleet.table("old", on_demand(Some(500.0)), &[]);
    let snapshot = snapshot(fleet);
    let new = &table(&snapshot, "new")["write"];
    assert_eq!(new["provisioned_units_per_second"]["state"], "not_polled");
    assert_eq!(new["throttle_events_per_minute"]["state"], "not_polled");
    let old = &table(&snapshot, "old")["write"];
    assert_eq!(old["maximum_units_per_second"]["value"], 500.0);
}

fn an_alarm(name: &str, kind: AlarmKind) -> Alarm {
    Alarm {
        name: name.into(),
        arn: format!("arn:aws:cloudwatch:us-east-1:123456789012:alarm:{name}").into(),
        description: None,
        state: AlarmState::Alarm,
        since: Some(now() - SignedDuration::from_mins(3)),
        configured: None,
        reason: "Threshold Crossed".into(),
        actions: Actions { enabled: true, ..Actions::default() },
        kind,
    }
}

fn on_throttles() -> AlarmKind {
    let stat = MetricStat {
        namespace: "AWS/DynamoDB".into(),
        metric: "WriteThrottleEvents".into(),
        dimensions: vec![
            ("TableName".into(), "orders".into()),
            ("GlobalSecondaryIndexName".into(), "by-status".into()),
        ],
        statistic: "Sum".into(),
        period_seconds: 60,
        unit: None,
    };
    AlarmKind::Metric(Box::new(MetricAlarm {
        source: Source::Metric(stat),
        comparison: Comparison::GreaterOrEqual,
        threshold: Some(10.0),
        evaluation_periods: 5,
        datapoints_to_alarm: None,
        missing_data: Some(MissingData::NotBreaching),
        low_samples: None,
        evaluation_state: None,
    }))
}

fn muting(name: &str, status: &str) -> MuteRule {
    MuteRule {
        name: "rule".into(),
        status: status.into(),
        targets: vec![name.into()],
        expression: "cron(0 12 * * *)".into(),
        duration: "PT1H".into(),
        time_zone: None,
        expires: None,
    }
}

#[test]
fn alarms_tell_what_they_look_at_since_when_and_whether_they_are_silenced() {
    let rule = "ALARM(\"b-throttled\") AND NOT ALARM(\"deploying\")";
    let composite = CompositeAlarm { rule: rule.into(), ..CompositeAlarm::default() };
    let mut fleet = calm();
    fleet.tell(News::Alarms(Ok(vec![
        an_alarm("c-paging", AlarmKind::Composite(Box::new(composite))),
        an_alarm("b-throttled", on_throttles()),
        an_alarm("d-logs", AlarmKind::Other("LogAlarm".into())),
    ])));
    fleet.tell(News::MuteRules(Ok(vec![
        muting("b-throttled", "ACTIVE"),
        muting("c-paging", "SCHEDULED"),
    ])));
    let snapshot = snapshot(fleet);
    assert_eq!(
        snapshot["alarms"][0],
        value!({
            "account": "123456789012", "region": "us-east-1", "name": "b-throttled",
            "arn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:b-throttled",
            "type": "metric", "state": "ALARM", "since": "2026-11-22T12:00:20Z",
            "reason": "Threshold Crossed", "actions_enabled": true, "muted": true,
            "subjects": ["table/orders/index/by-status"],
            "namespace": "AWS/DynamoDB", "metric": "WriteThrottleEvents", "statistic": "Sum",
            "dimensions": { "TableName": "orders", "GlobalSecondaryIndexName": "by-status" },
            "period_seconds": 60, "threshold": 10.0, "comparison": "GreaterThanOrEqualToThreshold",
            "evaluation_periods": 5, "datapoints_to_alarm": 5, "treat_missing_data": "notBreaching",
        })
    );
    let composite = &snapshot["alarms"][1];
    assert_eq!((&composite["type"], &composite["rule"]), (&value!("composite"), &value!(rule)));
    assert_eq!((&composite["muted"], &composite["subjects"]), (&value!(false), &value!([])));
    assert_eq!(snapshot["alarms"][2]["type"], "other");
}

#[test]
fn without_its_rules_nobody_knows_whether_an_alarm_is_silenced() {
    let mut fleet = calm();
    fleet.tell(News::Alarms(Ok(vec![an_alarm("throttled", on_throttles())])));
    fleet.tell(News::MuteRules(Err(denied("cloudwatch:ListAlarmMuteRules"))));
    assert_eq!(snapshot(fleet)["alarms"][0]["muted"], Value::Null);
}

#[test]
fn dax_clusters_are_listed_with_their_nodes() {
    let node = Node { id: "carts-a".into(), status: "available".into(), ..Node::default() };
    let mut fleet = calm();
    fleet.tell(News::Clusters(Ok(vec![Cluster {
        name: "carts".into(),
        arn: "arn:aws:dax:us-east-1:123456789012:cache/carts".into(),
        status: "available".into(),
        node_type: "dax.r5.large".into(),
        nodes: vec![node],
        total_nodes: Some(3),
        parameters: Some(ParameterUse {
            group: "short".into(),
            to_reboot: vec!["carts-a".into()],
            ..ParameterUse::default()
        }),
        ..Cluster::default()
    }])));
    let ttl = |seconds| Some(Ttl { time: Duration::from_secs(seconds), source: None });
    fleet.tell(News::ParameterGroups(Ok(vec![ParameterGroup {
        name: "short".into(),
        record_ttl: ttl(300),
        query_ttl: ttl(0),
    }])));
    let snapshot = snapshot(fleet);
    let cluster = &snapshot["dax_clusters"][0];
    for (field, expected) in [
        ("account", value!("123456789012")),
        ("region", value!("us-east-1")),
        ("name", value!("carts")),
        ("resource", value!("dax/carts")),
        ("arn", value!("arn:aws:dax:us-east-1:123456789012:cache/carts")),
        ("status", value!("available")),
        ("node_type", value!("dax.r5.large")),
        ("total_nodes", value!(3)),
        ("active_nodes", Value::Null),
        ("cpu_percent", value!({ "value": null, "at": null, "state": "not_polled" })),
        (
            "item_cache_hit_rate_percent",
            value!({ "value": null, "at": null, "state": "not_polled" }),
        ),
        (
            "parameter_group",
            value!({
                "name": "short", "status": null, "nodes_to_reboot": ["carts-a"],
                "record_ttl_milliseconds": 300_000, "query_ttl_milliseconds": 0,
            }),
        ),
    ] {
        assert_eq!(cluster[field], expected, "{field}");
    }
    let node = &cluster["nodes"][0];
    assert_eq!(node["resource"], "dax/carts/node/carts-a");
    assert_eq!(node["availability_zone"], Value::Null);
    assert_eq!(node["cpu_credits"]["state"], "not_applicable");
}

#[test]
fn where_the_changes_of_a_table_go_is_told_with_how_late_they_arrive() {
    let snapshot = snapshot(lagging());
    let orders = table(&snapshot, "orders");
    assert_eq!(orders["stream"], "NEW_AND_OLD_IMAGES");
    let late = find(&orders["consumers"], "function", "orders-to-search");
    let expected = value!({
        "value": 2_520_000.0, "at": "2026-11-22T12:00:00Z", "state": "value",
    });
    assert_eq!(late["iterator_age_milliseconds"], expected);
    assert_eq!(late["errors_per_minute"]["value"], 12.0);
    assert_eq!(late["last_processing_result"], "PROBLEM: Function call failed");
    assert_eq!((&late["maximum_retry_attempts"], &late["on_failure"]), (&value!(-1), &Value::Null));
    let off = find(&orders["consumers"], "function", "orders-audit");
    assert_eq!(
        (&off["state"], &off["iterator_age_milliseconds"]["state"]),
        (&value!("Disabled"), &value!("idle"))
    );
    let replica = &orders["replicas"][0];
    assert_eq!((&replica["region"], &replica["status"]), (&value!("eu-west-1"), &value!("ACTIVE")));
    assert_eq!(replica["replication_latency_milliseconds"]["value"], 840_000.0);
    let kinesis = &orders["kinesis"];
    assert_eq!(kinesis["destinations"][0]["status"], "ACTIVE");
    assert_eq!(kinesis["age_of_oldest_unreplicated_record_milliseconds"]["value"], 95.0);
    let carts = table(&snapshot, "carts");
    assert_eq!((&carts["kinesis"], &carts["consumers"]), (&Value::Null, &value!([])));
}

#[test]
fn consumers_that_could_not_be_read_are_null_rather_than_none() {
    assert_eq!(table(&snapshot(calm()), "orders")["consumers"], Value::Null);
}
