use serde_json::{Value, json};

use crate::testing::{CLOUDWATCH, get, refused, world};
use crate::world::World;

/// Reads all pages of a history.
fn history(world: &World, mut body: Value) -> Vec<Value> {
    let mut found = Vec::new();
    loop {
        let page = get(world, CLOUDWATCH, "DescribeAlarmHistory", &body);
        let items = page["AlarmHistoryItems"].as_array().unwrap();
        assert!(items.len() <= 100);
        found.extend(items.iter().cloned());
        if page["NextToken"].is_null() {
            return found;
        }
        body["NextToken"] = page["NextToken"].clone();
    }
}

fn stamps(items: &[Value]) -> Vec<f64> {
    items.iter().map(|item| item["Timestamp"].as_f64().unwrap()).collect()
}

#[test]
fn a_change_of_state_is_told_as_aws_does() {
    let world = world("alarm-storm", None);
    let name = "orders-by-customer-write-throttles";
    let items = history(&world, json!({ "AlarmName": name, "HistoryItemType": "StateUpdate" }));
    let newest = &items[0];
    assert_eq!(newest["HistorySummary"], "Alarm updated from OK to ALARM");
    assert_eq!((&newest["AlarmName"], &newest["AlarmType"]), (&json!(name), &json!("MetricAlarm")));
    let data: Value = serde_json::from_str(newest["HistoryData"].as_str().unwrap()).unwrap();
    assert_eq!(data["version"], "1.0");
    assert_eq!(data["oldState"]["stateValue"], "OK");
    assert_eq!(data["newState"]["stateValue"], "ALARM");
    let reason = &data["newState"]["stateReasonData"];
    for member in ["version", "queryDate", "startDate", "statistic", "period", "threshold"] {
        assert!(!reason[member].is_null(), "{member}: {reason}");
    }
    assert!(reason["recentDatapoints"].as_array().unwrap().len() >= 3);
    assert!(reason["evaluatedDatapoints"][0]["timestamp"].is_string());
}

#[test]
fn an_action_follows_its_change_and_a_muted_alarm_has_none() {
    let world = world("alarm-storm", None);
    let of = |name: &str| history(&world, json!({ "AlarmName": name }));
    let items = of("orders-by-customer-write-throttles");
    let topic = "arn:aws:sns:us-east-1:123456789012:oncall";
    assert_eq!(items[0]["HistorySummary"], format!("Successfully executed action {topic}"));
    let data: Value = serde_json::from_str(items[0]["HistoryData"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&data["actionState"], &data["notificationResource"]),
        (&json!("Succeeded"), &json!(topic))
    );
    let kinds = |name: &str| -> Vec<Value> {
        of(name).iter().map(|item| item["HistoryItemType"].clone()).collect()
    };
    assert_eq!(kinds("orders-import-slow"), ["StateUpdate"], "muted");
    assert_eq!(kinds("orders-legacy-throttles"), ["StateUpdate"], "actions are off");
    assert!(kinds("sessions-cache-cpu").contains(&json!("ConfigurationUpdate")));
}

#[test]
fn history_is_filtered_by_type_time_and_name() {
    let world = world("alarm-storm", None);
    let all = history(&world, json!({}));
    assert!(all.iter().all(|item| item["AlarmType"] == "MetricAlarm"));
    let newest_first = stamps(&all);
    assert!(newest_first.windows(2).all(|pair| pair[0] >= pair[1]));
    let mut oldest_first = stamps(&history(&world, json!({ "ScanBy": "TimestampAscending" })));
    oldest_first.reverse();
    assert_eq!(oldest_first, newest_first);
    let composite = history(&world, json!({ "AlarmTypes": ["CompositeAlarm"] }));
    assert!(!composite.is_empty());
    assert!(composite.iter().all(|item| item["AlarmType"] == "CompositeAlarm"));
    let by_name = json!({ "AlarmName": "orders-service" });
    assert_eq!(history(&world, by_name), Vec::<Value>::new(), "a composite alarm");
    let (start, end) = (world.start() - 1_200.0, world.start() - 600.0);
    let recent = history(&world, json!({ "StartDate": start, "EndDate": end }));
    let expected = newest_first.iter().filter(|at| (start..=end).contains(*at)).count();
    assert!(expected > 0);
    assert_eq!(recent.len(), expected);
}

#[test]
fn a_bad_question_about_history_is_refused() {
    let world = world("alarm-storm", None);
    let table = [
        (json!({ "MaxRecords": 101 }), "ValidationException"),
        (json!({ "MaxRecords": 0 }), "ValidationException"),
        (json!({ "HistoryItemType": "Fire" }), "ValidationException"),
        (json!({ "ScanBy": "Random" }), "ValidationException"),
        (json!({ "AlarmName": "" }), "ValidationException"),
        (json!({ "StartDate": 2.0, "EndDate": 1.0 }), "ValidationException"),
        (json!({ "NextToken": "x" }), "InvalidNextToken"),
    ];
    for (body, name) in table {
        assert_eq!(refused(&world, CLOUDWATCH, "DescribeAlarmHistory", &body).0, name, "{body}");
    }
}
