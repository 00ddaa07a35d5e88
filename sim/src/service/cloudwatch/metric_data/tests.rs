use serde_json::{Value, json};

use crate::facts::Datum;
use crate::fault::{Effect, Fault};
use crate::fleet::Fleet;
use crate::scenario::Scenario;
use crate::testing::{CLOUDWATCH, SEED, get, refused, world};
use crate::wire::Service;
use crate::world::World;

const METRIC: &str = "ConsumedReadCapacityUnits";

/// The first table of a world.
fn table_of(world: &World) -> String {
    let names = get(world, "DynamoDB_20120810", "ListTables", &json!({}));
    names["TableNames"][0].as_str().unwrap().to_owned()
}

fn query(id: &str, table: &str, stat: &str, period: i64) -> Value {
    let dimensions = json!([{ "Name": "TableName", "Value": table }]);
    let metric =
        json!({ "Namespace": "AWS/DynamoDB", "MetricName": METRIC, "Dimensions": dimensions });
    json!({ "Id": id, "MetricStat": { "Metric": metric, "Period": period, "Stat": stat } })
}

/// A request for the last `minutes` before the start of the world.
fn request(world: &World, minutes: f64, queries: &[Value]) -> Value {
    let (start, end) = (world.start() - minutes * 60.0, world.start());
    json!({ "StartTime": start, "EndTime": end, "MetricDataQueries": queries })
}

fn results(world: &World, body: &Value) -> Vec<Value> {
    get(world, CLOUDWATCH, "GetMetricData", body)["MetricDataResults"].as_array().unwrap().clone()
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

/// What the fleet itself says about the metric, in the minutes of a request.
fn truth(world: &World, table: &str, minutes: i64) -> Vec<Datum> {
    #[expect(clippy::cast_possible_truncation, reason = "epoch minutes fit")]
    let end = (world.start() / 60.0) as i64;
    let mut fleet = Fleet::new(&Scenario::named("calm").unwrap(), SEED, None);
    let dimensions = [("TableName".to_owned(), table.to_owned())];
    fleet.series(METRIC, &dimensions, end - minutes..end, world.start()).unwrap()
}

#[test]
fn points_are_the_fleets_data_newest_first() {
    let world = world("calm", None);
    let table = table_of(&world);
    let found = &results(&world, &request(&world, 60.0, &[query("m0", &table, "Sum", 60)]))[0];
    let truth = truth(&world, &table, 60);
    let moments: Vec<f64> = truth.iter().rev().map(|datum| datum.minute as f64 * 60.0).collect();
    let sums: Vec<f64> = truth.iter().rev().map(|datum| datum.sum).collect();
    assert!(truth.len() > 50);
    assert_eq!(numbers(&found["Timestamps"]), moments);
    assert_eq!(numbers(&found["Values"]), sums);
    assert_eq!((&found["StatusCode"], &found["Label"]), (&json!("Complete"), &json!(METRIC)));
}

#[test]
fn ascending_is_descending_turned_round() {
    let world = world("calm", None);
    let mut body = request(&world, 60.0, &[query("m0", &table_of(&world), "Average", 60)]);
    let mut newest_first = numbers(&results(&world, &body)[0]["Values"]);
    body["ScanBy"] = json!("TimestampAscending");
    newest_first.reverse();
    assert_eq!(numbers(&results(&world, &body)[0]["Values"]), newest_first);
}

#[test]
fn periods_are_aligned_and_hold_the_sum_of_their_minutes() {
    let world = world("calm", None);
    let table = table_of(&world);
    let mut body = request(&world, 120.0, &[query("m0", &table, "Sum", 300)]);
    body["StartTime"] = json!(world.start() - 120.0 * 60.0 + 61.0);
    let found = &results(&world, &body)[0];
    let (moments, sums) = (numbers(&found["Timestamps"]), numbers(&found["Values"]));
    let truth = truth(&world, &table, 120);
    // The period that StartTime lies inside began before it and is left out.
    assert_eq!(moments.len(), 23);
    for (moment, sum) in moments.iter().zip(sums) {
        assert!(moment % 300.0 == 0.0, "{moment}");
        let inside =
            truth.iter().filter(|d| (d.minute as f64 * 60.0 - moment - 150.0).abs() <= 150.0);
        let inside = inside.filter(|d| (d.minute as f64 * 60.0) < moment + 300.0);
        let expected: f64 = inside.map(|datum| datum.sum).sum();
        assert!((sum - expected).abs() < 1e-6, "{moment}: {sum} {expected}");
    }
}

#[test]
fn the_start_is_inclusive_and_the_end_exclusive() {
    let world = world("calm", None);
    let start = world.start() - 3600.0;
    let table = table_of(&world);
    let moments = |from: f64, to: f64| {
        let mut body = request(&world, 60.0, &[query("m0", &table, "Sum", 60)]);
        (body["StartTime"], body["EndTime"]) = (json!(from), json!(to));
        numbers(&results(&world, &body)[0]["Timestamps"])
    };
    assert_eq!(moments(start, start + 120.0), [start + 60.0, start]);
    assert_eq!(moments(start + 59.0, start + 60.0), [start], "rounded down to the minute");
    assert_eq!(moments(start, start + 61.0), [start + 60.0, start], "begun before the end");
}

#[test]
fn what_does_not_exist_is_complete_and_empty() {
    let world = world("calm", None);
    let table = table_of(&world);
    let with = |pointer: &str, value: Value| {
        let mut query = query("m0", &table, "Sum", 60);
        *query.pointer_mut(pointer).unwrap() = value;
        query
    };
    let mut unit = query("m0", &table, "Sum", 60);
    unit["MetricStat"]["Unit"] = json!("Bytes");
    let queries = [
        with("/MetricStat/Metric/MetricName", json!("ConsumedCapacityUnits")),
        with("/MetricStat/Metric/Namespace", json!("AWS/DAX")),
        with("/MetricStat/Metric/Dimensions/0/Value", json!("nope")),
        with("/MetricStat/Metric/Dimensions/0/Name", json!("Table")),
        with("/MetricStat/Metric/Dimensions", json!([])),
        with("/MetricStat/Stat", json!("p99")),
        with("/MetricStat/Period", json!(30)),
        unit,
    ];
    for query in queries {
        let found = &results(&world, &request(&world, 60.0, std::slice::from_ref(&query)))[0];
        assert_eq!(found["StatusCode"], "Complete", "{query}");
        assert_eq!(found["Values"], json!([]), "{query}");
    }
    let mut right_unit = query("m0", &table, "Sum", 60);
    right_unit["MetricStat"]["Unit"] = json!("Count");
    assert_ne!(results(&world, &request(&world, 60.0, &[right_unit]))[0]["Values"], json!([]));
}

#[test]
fn a_period_too_fine_for_the_age_of_the_start_has_no_data() {
    let world = world("calm", None);
    let table = table_of(&world);
    let days = 24.0 * 60.0;
    for (age, period, some) in [
        (14.0 * days, 60, true),
        (16.0 * days, 60, false),
        (16.0 * days, 300, true),
        (64.0 * days, 300, false),
        (64.0 * days, 3600, true),
    ] {
        let body = request(&world, age, &[query("m0", &table, "Sum", period)]);
        let values = &results(&world, &body)[0]["Values"];
        assert_eq!(values != &json!([]), some, "{age} minutes ago, period {period}");
    }
}

#[test]
fn a_bad_request_is_a_validation_error_that_names_what_is_wrong() {
    let world = world("calm", None);
    let good = query("m0", "t", "Sum", 60);
    let of = |queries: &[Value]| request(&world, 60.0, queries);
    let with = |member: &str, value: Value| {
        let mut body = of(std::slice::from_ref(&good));
        body[member] = value;
        body
    };
    let both = json!({ "Id": "m0", "MetricStat": good["MetricStat"], "Expression": "m1" });
    let many: Vec<_> = (0..501).map(|i| query(&format!("m{i}"), "t", "Sum", 60)).collect();
    let table = [
        (of(&many), "size greater than 500"),
        (of(&[]), "MetricDataQueries is required"),
        (of(&[good.clone(), good.clone()]), "not unique: m0"),
        (of(&[query("M0", "t", "Sum", 60)]), "'M0' for parameter MetricDataQueries.member.1.Id"),
        (of(&[query("m-0", "t", "Sum", 60)]), "'m-0'"),
        (of(&[query(&"m".repeat(256), "t", "Sum", 60)]), "pattern"),
        (of(&[query("m0", "t", "Sum", 61)]), "Period"),
        (of(&[query("m0", "t", "Sum", 0)]), "Period"),
        (of(&[query("m0", "t", "Median", 60)]), "Median"),
        (
            of(&[json!({ "Id": "e1", "Expression": "m1/PERIOD(m1)" })]),
            "expression 'e1' [m1/PERIOD(m1)]",
        ),
        (of(&[both]), "mutually exclusive"),
        (of(&[json!({ "Id": "m0" })]), "Exactly one of"),
        (with("EndTime", json!(world.start() - 3600.0)), "StartTime must be less than"),
        (with("StartTime", Value::Null), "StartTime is required"),
        (with("ScanBy", json!("Random")), "Random"),
        (with("MaxDatapoints", json!(0)), "MaxDatapoints"),
    ];
    for (body, part) in table {
        let (name, message) = refused(&world, CLOUDWATCH, "GetMetricData", &body);
        assert_eq!(name, "ValidationException", "{message}");
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn pages_merge_to_what_one_page_would_have_held() {
    let world = world("calm", None);
    let table = table_of(&world);
    let queries: Vec<_> = ["Sum", "Average", "Maximum"]
        .iter()
        .enumerate()
        .map(|(i, stat)| query(&format!("m{i}"), &table, stat, 60))
        .collect();
    for scan_by in ["TimestampAscending", "TimestampDescending"] {
        let mut body = request(&world, 50.0, &queries);
        body["ScanBy"] = json!(scan_by);
        let whole = results(&world, &body);
        let mut merged = vec![(Vec::new(), Vec::new(), Value::Null); 3];
        body["MaxDatapoints"] = json!(40);
        loop {
            let page = get(&world, CLOUDWATCH, "GetMetricData", &body);
            let results = page["MetricDataResults"].as_array().unwrap();
            let size: usize = results.iter().map(|r| r["Values"].as_array().unwrap().len()).sum();
            assert!(size <= 40);
            for result in results {
                let id = result["Id"].as_str().unwrap();
                let index: usize = id.trim_start_matches('m').parse().unwrap();
                merged[index].0.extend(numbers(&result["Timestamps"]));
                merged[index].1.extend(numbers(&result["Values"]));
                assert_ne!(merged[index].2, "Complete", "a complete result is not repeated");
                merged[index].2 = result["StatusCode"].clone();
            }
            if page["NextToken"].is_null() {
                break;
            }
            body["NextToken"] = page["NextToken"].clone();
        }
        for (result, (moments, values, status)) in whole.iter().zip(merged) {
            assert_eq!(
                (numbers(&result["Timestamps"]), numbers(&result["Values"])),
                (moments, values)
            );
            assert_eq!(status, "Complete");
        }
    }
}

#[test]
fn a_token_of_another_request_is_refused() {
    let world = world("calm", None);
    let mut body = request(&world, 50.0, &[query("m0", &table_of(&world), "Sum", 60)]);
    body["MaxDatapoints"] = json!(10);
    let page = get(&world, CLOUDWATCH, "GetMetricData", &body);
    body["NextToken"] = page["NextToken"].clone();
    body["MaxDatapoints"] = json!(11);
    assert_eq!(refused(&world, CLOUDWATCH, "GetMetricData", &body).0, "InvalidNextToken");
}

#[test]
fn a_page_never_holds_more_than_100800_points() {
    let world = world("calm", None);
    let table = table_of(&world);
    let queries: Vec<_> = (0..100).map(|i| query(&format!("m{i}"), &table, "Sum", 60)).collect();
    let mut body = request(&world, 23.0 * 60.0, &queries);
    body["MaxDatapoints"] = json!(1_000_000);
    let page = get(&world, CLOUDWATCH, "GetMetricData", &body);
    let results = page["MetricDataResults"].as_array().unwrap();
    let size: usize = results.iter().map(|r| r["Values"].as_array().unwrap().len()).sum();
    assert_eq!((size, results.len()), (100_800, 100));
    assert!(page["NextToken"].is_string());
    assert_eq!(results[99]["StatusCode"], "PartialData");
}

#[test]
fn a_metric_of_an_unlinked_account_is_forbidden() {
    let world = world("calm", None);
    let mut queries =
        [query("m0", &table_of(&world), "Sum", 60), query("m1", &table_of(&world), "Sum", 60)];
    queries[0]["AccountId"] = json!("999999999999");
    queries[1]["AccountId"] = json!(world.account().id);
    let found = results(&world, &request(&world, 10.0, &queries));
    assert_eq!((&found[0]["StatusCode"], &found[0]["Values"]), (&json!("Forbidden"), &json!([])));
    assert_eq!(found[1]["StatusCode"], "Complete");
}

#[test]
fn a_share_of_results_fails_and_another_one_the_next_time() {
    let world = world("calm", None);
    let table = table_of(&world);
    let queries: Vec<_> = (0..200).map(|i| query(&format!("m{i}"), &table, "Sum", 60)).collect();
    world.faults().inject(Fault::on(Service::CloudWatch, Effect::PartialData(0.25)));
    let failing = || -> Vec<usize> {
        let found = results(&world, &request(&world, 10.0, &queries));
        (0..200).filter(|i| found[*i]["StatusCode"] == "InternalError").collect()
    };
    let (first, second) = (failing(), failing());
    assert!((25..75).contains(&first.len()), "{}", first.len());
    assert_ne!(first, second);
}

#[test]
fn the_ledger_counts_metrics_as_aws_bills_them() {
    let world = world("calm", None);
    let stats = ["Sum", "Average", "Minimum", "Maximum", "SampleCount", "p50"];
    let mut queries: Vec<_> =
        stats.iter().enumerate().map(|(i, stat)| query(&format!("m{i}"), "a", stat, 60)).collect();
    queries.push(query("other", "b", "Sum", 60));
    get(&world, CLOUDWATCH, "GetMetricData", &request(&world, 10.0, &queries));
    let call = &world.ledger()[0];
    // Six statistics of one metric are billed as two, and the other metric as one.
    assert_eq!((call.queries, call.metrics_requested, call.continued), (7, 3, false));
}

#[test]
fn an_expression_is_computed_from_the_metrics_of_its_request() {
    let world = world("calm", None);
    let table = table_of(&world);
    let mut hidden = query("m1", &table, "Sum", 300);
    hidden["ReturnData"] = json!(false);
    let expression = json!({ "Id": "e1", "Expression": "m1 / PERIOD(m1)", "Label": "units/s" });
    let mut body = request(&world, 60.0, &[expression, hidden]);
    let found = results(&world, &body);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["Id"], &found[0]["Label"]), (&json!("e1"), &json!("units/s")));
    let sums = &results(&world, &request(&world, 60.0, &[query("m1", &table, "Sum", 300)]))[0];
    assert_eq!(found[0]["Timestamps"], sums["Timestamps"]);
    let expected: Vec<f64> = numbers(&sums["Values"]).iter().map(|sum| sum / 300.0).collect();
    assert_eq!(numbers(&found[0]["Values"]), expected);
    assert_eq!(world.ledger()[1].metrics_requested, 1);
    // What does not fit has no further page.
    body["MaxDatapoints"] = json!(3);
    let page = get(&world, CLOUDWATCH, "GetMetricData", &body);
    assert!(page["NextToken"].is_null());
    assert_eq!(page["MetricDataResults"][0]["StatusCode"], "PartialData");
}

#[test]
fn an_expression_that_cannot_be_computed_is_refused_with_its_reason() {
    let world = world("calm", None);
    let good = query("m1", "t", "Sum", 60);
    for (expression, part) in [
        (
            "ANOMALY_DETECTION_BAND(m1, 2)",
            "Error in expression 'e1' [ANOMALY_DETECTION_BAND(m1, 2)]",
        ),
        ("m1 + e1", "refers to itself"),
        ("m2", "no query has the id `m2`"),
        ("SUM(m1)", "single time series"),
    ] {
        let queries = [good.clone(), json!({ "Id": "e1", "Expression": expression })];
        let body = request(&world, 60.0, &queries);
        let (name, message) = refused(&world, CLOUDWATCH, "GetMetricData", &body);
        assert_eq!(name, "ValidationException");
        assert!(message.contains(part), "{message}");
    }
}
