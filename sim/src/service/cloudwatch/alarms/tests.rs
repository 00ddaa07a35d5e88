use serde_json::{Value, json};

use crate::testing::{CLOUDWATCH, get, world, world_of};
use crate::world::World;

const BOTH: [&str; 2] = ["CompositeAlarm", "MetricAlarm"];

fn describe(world: &World, body: &Value) -> Value {
    get(world, CLOUDWATCH, "DescribeAlarms", body)
}

/// The names that a question finds: of composite alarms, and of metric alarms.
fn names(world: &World, body: &Value) -> (Vec<String>, Vec<String>) {
    let found = describe(world, body);
    let list = |kind: &str| -> Vec<String> {
        let alarms = found[kind].as_array().unwrap().iter();
        alarms.map(|alarm| alarm["AlarmName"].as_str().unwrap().to_owned()).collect()
    };
    (list("CompositeAlarms"), list("MetricAlarms"))
}

#[test]
fn only_metric_alarms_are_described_unless_others_are_asked_for() {
    let world = world("alarm-storm", None);
    let (composite, metric) = names(&world, &json!({ "MaxRecords": 100 }));
    assert!(composite.is_empty() && metric.len() > 20, "{metric:?}");
    assert!(metric.is_sorted());
    let (composite, all) = names(&world, &json!({ "AlarmTypes": BOTH, "MaxRecords": 100 }));
    assert_eq!(composite, ["orders-service", "orders-service-page"]);
    assert_eq!(all, metric);
    let none = json!({ "AlarmTypes": ["LogAlarm"] });
    assert_eq!(names(&world, &none), (vec![], vec![]));
}

#[test]
fn alarms_are_filtered_by_name_prefix_state_and_action() {
    let world = world("alarm-storm", None);
    let find = |mut body: Value| {
        body["AlarmTypes"] = json!(BOTH);
        body["MaxRecords"] = json!(100);
        names(&world, &body)
    };
    let named = find(json!({ "AlarmNames": ["sessions-db-cpu", "orders-service", "gone"] }));
    assert_eq!(named, (vec!["orders-service".to_owned()], vec!["sessions-db-cpu".to_owned()]));
    let (_, prefixed) = find(json!({ "AlarmNamePrefix": "sessions-db" }));
    assert_eq!(prefixed, ["sessions-db-cpu"]);
    let (_, unknown) = find(json!({ "StateValue": "INSUFFICIENT_DATA" }));
    assert_eq!(unknown, ["orders-consumption-anomaly", "orders-hot-keys", "orders-user-errors"]);
    let page = "arn:aws:sns:us-east-1:123456789012:page";
    assert_eq!(find(json!({ "ActionPrefix": page })).0, ["orders-service-page"]);
}

#[test]
fn relatives_are_described_with_few_members() {
    let world = world("alarm-storm", None);
    let children = describe(&world, &json!({ "ChildrenOfAlarmName": "orders-service" }));
    let list = children["MetricAlarms"].as_array().unwrap();
    assert_eq!(list.len(), 4);
    for child in list {
        let members: Vec<&String> = child.as_object().unwrap().keys().collect();
        assert_eq!(members, ["AlarmArn", "AlarmName", "StateUpdatedTimestamp", "StateValue"]);
    }
    let parents = describe(&world, &json!({ "ParentsOfAlarmName": "orders-service" }));
    let parent = parents["CompositeAlarms"][0].as_object().unwrap();
    assert_eq!(parent.keys().collect::<Vec<_>>(), ["AlarmArn", "AlarmName"]);
    assert_eq!(parent["AlarmName"], "orders-service-page");
}

#[test]
fn pages_follow_one_another() {
    let world = world("alarm-storm", None);
    let mut body = json!({ "AlarmTypes": BOTH, "MaxRecords": 7 });
    let (mut seen, mut pages) = (Vec::new(), 0);
    loop {
        let (composite, metric) = names(&world, &body);
        assert!(composite.len() + metric.len() <= 7);
        seen.extend(composite);
        seen.extend(metric);
        pages += 1;
        let token = describe(&world, &body)["NextToken"].clone();
        if token.is_null() {
            break;
        }
        body["NextToken"] = token;
    }
    let (composite, metric) = names(&world, &json!({ "AlarmTypes": BOTH, "MaxRecords": 100 }));
    assert_eq!(seen, [composite, metric].concat());
    assert!(pages > 4);
    let default = describe(&world, &json!({}));
    assert!(default["MetricAlarms"].as_array().unwrap().len() <= 50);
}

#[test]
fn an_alarm_has_the_members_of_its_kind() {
    let world = world("alarm-storm", None);
    let body = json!({ "AlarmTypes": BOTH, "MaxRecords": 100 });
    let found = describe(&world, &body);
    let named = |kind: &str, name: &str| {
        let list = found[kind].as_array().unwrap();
        list.iter().find(|alarm| alarm["AlarmName"] == name).unwrap().clone()
    };
    let throttles = named("MetricAlarms", "orders-by-customer-write-throttles");
    assert_eq!(throttles["StateValue"], "ALARM");
    assert_eq!(throttles["DatapointsToAlarm"], 3);
    assert_eq!(throttles["TreatMissingData"], "notBreaching");
    assert_eq!(throttles["Statistic"], "Sum");
    let reason = throttles["StateReason"].as_str().unwrap();
    assert!(reason.contains("(minimum 3 datapoints for OK -> ALARM transition)."), "{reason}");
    let latency = named("MetricAlarms", "orders-get-latency");
    assert_eq!(
        (&latency["ExtendedStatistic"], &latency["Statistic"]),
        (&json!("p99"), &Value::Null)
    );
    let math = named("MetricAlarms", "orders-by-customer-write-capacity");
    assert!(
        math["MetricName"].is_null() && math["Period"].is_null() && math["Namespace"].is_null()
    );
    assert_eq!(math["Metrics"][0]["Id"], "e1");
    assert_eq!(math["Metrics"][0]["ReturnData"], true);
    assert_eq!(math["Metrics"][1]["MetricStat"]["Period"], 300);
    let anomaly = named("MetricAlarms", "orders-consumption-anomaly");
    assert_eq!(
        (&anomaly["ThresholdMetricId"], &anomaly["Threshold"]),
        (&json!("ad1"), &Value::Null)
    );
    assert_eq!(named("MetricAlarms", "orders-hot-keys")["EvaluationState"], "EVALUATION_ERROR");
    let page = named("CompositeAlarms", "orders-service-page");
    assert_eq!(page["ActionsSuppressedBy"], "Alarm");
    assert!(
        page["ActionsSuppressor"].as_str().unwrap().ends_with(":alarm:orders-deploy-in-progress")
    );
    assert!(page["AlarmRule"].as_str().unwrap().starts_with("ALARM("));
}

#[test]
fn the_queries_of_metric_math_keep_their_labels_and_accounts() {
    let world = world_of(
        "[[alarm]]\nname = 'a'\nthreshold = 1
         [[alarm.queries]]\nid = 'e1'\nexpression = 'm1'\nlabel = 'rate'\nreturn_data = true
         [[alarm.queries]]\nid = 'm1'\nmetric = 'M'\naccount_id = '999999999999'\n",
    );
    let queries = &describe(&world, &json!({}))["MetricAlarms"][0]["Metrics"];
    let told = |place: usize| (&queries[place]["Label"], &queries[place]["AccountId"]);
    assert_eq!(told(0), (&json!("rate"), &Value::Null));
    assert_eq!(told(1), (&Value::Null, &json!("999999999999")));
}
