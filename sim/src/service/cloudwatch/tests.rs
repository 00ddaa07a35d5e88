use serde_json::{Value, json};

use crate::testing::{CLOUDWATCH, get, refused, world};
use crate::world::World;

/// Reads all pages of `ListMetrics`; returns the metrics and the sizes of the pages.
fn list(world: &World, filter: Value) -> (Vec<Value>, Vec<usize>) {
    let (mut metrics, mut sizes, mut body) = (Vec::new(), Vec::new(), filter);
    loop {
        let page = get(world, CLOUDWATCH, "ListMetrics", &body);
        let part = page["Metrics"].as_array().unwrap();
        sizes.push(part.len());
        metrics.extend(part.iter().cloned());
        if page["NextToken"].is_null() {
            return (metrics, sizes);
        }
        body["NextToken"] = page["NextToken"].clone();
    }
}

#[test]
fn metrics_are_listed_in_pages_of_500() {
    let (metrics, sizes) = list(&world("calm", Some(300)), json!({}));
    let (last, full) = sizes.split_last().unwrap();
    assert!(full.iter().all(|size| *size == 500) && *last <= 500 && !full.is_empty(), "{sizes:?}");
    let distinct: std::collections::HashSet<_> = metrics.iter().map(Value::to_string).collect();
    assert_eq!(distinct.len(), metrics.len());
}

#[test]
fn a_dimension_filter_is_met_by_all_metrics_that_have_it() {
    let world = world("incident", None);
    let (all, _) = list(&world, json!({}));
    let dimensions = |metric: &Value| metric["Dimensions"].as_array().unwrap().clone();
    let is_of = |metric: &Value, name: &str| dimensions(metric).iter().any(|d| d["Name"] == name);
    let table = all.iter().find(|metric| is_of(metric, "TableName")).unwrap();
    let value = &dimensions(table)[0]["Value"];

    let filter = json!({ "Dimensions": [{ "Name": "TableName", "Value": value }] });
    let expected: Vec<_> = all
        .iter()
        .filter(|metric| dimensions(metric).iter().any(|d| &d["Value"] == value))
        .cloned()
        .collect();
    assert_eq!(list(&world, filter).0, expected);

    let by_name = list(&world, json!({ "Dimensions": [{ "Name": "GlobalSecondaryIndexName" }] })).0;
    let expected: Vec<_> =
        all.iter().filter(|metric| is_of(metric, "GlobalSecondaryIndexName")).cloned().collect();
    assert!(!expected.is_empty());
    assert_eq!(by_name, expected);

    let name = json!({ "MetricName": "ConsumedReadCapacityUnits", "RecentlyActive": "PT3H" });
    assert!(list(&world, name).0.iter().all(|m| m["MetricName"] == "ConsumedReadCapacityUnits"));
    assert!(list(&world, json!({ "Namespace": "AWS/S3" })).0.is_empty());
}

#[test]
fn a_bad_listing_is_refused() {
    let world = world("calm", None);
    let filters: Vec<_> = (0..11).map(|i| json!({ "Name": format!("n{i}") })).collect();
    let table = [
        (json!({ "RecentlyActive": "PT1H" }), "ValidationException"),
        (json!({ "Dimensions": filters }), "ValidationException"),
        (json!({ "NextToken": "x" }), "InvalidNextToken"),
        (json!({ "Dimensions": [{}] }), "SerializationException"),
    ];
    for (body, name) in table {
        assert_eq!(refused(&world, CLOUDWATCH, "ListMetrics", &body).0, name, "{body}");
    }
}

#[test]
fn a_bad_question_about_alarms_is_refused() {
    let world = world("calm", None);
    let names: Vec<String> = (0..101).map(|i| format!("a{i}")).collect();
    let table = [
        (json!({ "MaxRecords": 101 }), "ValidationException"),
        (json!({ "MaxRecords": 0 }), "ValidationException"),
        (json!({ "AlarmNames": names }), "ValidationException"),
        (json!({ "AlarmNames": ["a"], "AlarmNamePrefix": "a" }), "ValidationException"),
        (json!({ "StateValue": "FINE" }), "ValidationException"),
        (json!({ "AlarmTypes": ["Fire"] }), "ValidationException"),
        (json!({ "ActionPrefix": "" }), "ValidationException"),
        (json!({ "ChildrenOfAlarmName": "a", "StateValue": "OK" }), "ValidationException"),
        (json!({ "ChildrenOfAlarmName": "a", "ParentsOfAlarmName": "a" }), "ValidationException"),
        (json!({ "NextToken": "x" }), "InvalidNextToken"),
    ];
    for (body, name) in table {
        assert_eq!(refused(&world, CLOUDWATCH, "DescribeAlarms", &body).0, name, "{body}");
    }
}
