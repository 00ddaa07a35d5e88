use serde_json::{Value, json};

use crate::testing::{
    CLOUDWATCH, DYNAMODB, ask, call, get, get_at, refused, send_at, world, world_of,
};
use crate::world::World;

const TABLES: &str = "
    [[table]]
    name = 'orders'
    key_schema = ['PK', 'SK']
    key_names = { partition = 'CUSTOMER#{n}', sort = 'ORDER#{n}', hot = 'CUSTOMER#8131' }
    contributor_insights = 'accessed-and-throttled'
    capacity.provisioned = { read = 20_000, write = 20_000 }
    [[table.traffic]]
    operation = 'PutItem'
    rate = 1_500
    daily = 0
    noise = 0
    keys = { hot_share = 0.8, zipf = 0.9 }
    [[table]]
    name = 'calm'
    key_schema = ['user_id']
    contributor_insights = 'throttled'
    [[table.traffic]]
    operation = 'GetItem'
    rate = 3
";

/// The rule of a table whose name has these letters.
fn rule(world: &World, table: &str, code: &str) -> String {
    let described =
        get(world, DYNAMODB, "DescribeContributorInsights", &json!({ "TableName": table }));
    let rules = described["ContributorInsightsRuleList"].as_array().unwrap();
    let name = |rule: &&Value| rule.as_str().unwrap().contains(&format!("-{code}-"));
    rules.iter().find(name).unwrap().as_str().unwrap().to_owned()
}

/// The ten minutes before the two newest, five minutes to a period.
fn question(world: &World, rule: &str) -> Value {
    let end = world.start() - 120.0;
    json!({ "RuleName": rule, "StartTime": end - 600.0, "EndTime": end, "Period": 300 })
}

fn report(world: &World, question: &Value) -> Value {
    get(world, CLOUDWATCH, "GetInsightRuleReport", question)
}

#[test]
fn the_hot_key_comes_first_with_its_periods() {
    let world = world_of(TABLES);
    let question = question(&world, &rule(&world, "orders", "PKC"));
    let report = report(&world, &question);
    assert_eq!(report["KeyLabels"], json!(["PK"]));
    assert_eq!(report["AggregationStatistic"], "SUM");
    assert_eq!(report["MetricDatapoints"], json!([]), "none were asked for");
    let contributors = report["Contributors"].as_array().unwrap();
    assert_eq!(contributors.len(), 10, "the default");
    assert_eq!(contributors[0]["Keys"], json!(["CUSTOMER#8131"]));
    let values: Vec<f64> =
        contributors.iter().map(|one| one["ApproximateAggregateValue"].as_f64().unwrap()).collect();
    assert!(values.is_sorted_by(|one, other| one >= other), "{values:?}");
    // A partition serves 1,000 WCU, which are 180,000 units a minute.
    assert!((1_700_000.0..=1_800_000.0).contains(&values[0]), "{values:?}");
    let points = contributors[0]["Datapoints"].as_array().unwrap();
    let sum: f64 = points.iter().map(|point| point["ApproximateValue"].as_f64().unwrap()).sum();
    assert!((sum - values[0]).abs() < 1e-6 && (2..=3).contains(&points.len()), "{points:?}");
    let aggregate = report["AggregateValue"].as_f64().unwrap();
    assert!(values.iter().sum::<f64>() < aggregate);
    assert!(report["ApproximateUniqueCount"].as_i64().unwrap() > 1_000);
}

#[test]
fn pairs_have_two_keys_and_as_many_contributors_as_are_asked_for() {
    let world = world_of(TABLES);
    let mut question = question(&world, &rule(&world, "orders", "SKT"));
    question["MaxContributorCount"] = json!(3);
    let report = report(&world, &question);
    assert_eq!(report["KeyLabels"], json!(["PK", "SK"]));
    let contributors = report["Contributors"].as_array().unwrap();
    assert_eq!(contributors.len(), 3);
    assert_eq!(contributors[0]["Keys"][0], "CUSTOMER#8131");
    assert!(contributors[0]["Keys"][1].as_str().unwrap().starts_with("ORDER#"));
}

#[test]
fn metrics_are_there_where_they_are_asked_for_and_the_largest_is_the_first_contributor() {
    let world = world_of(TABLES);
    let mut question = question(&world, &rule(&world, "orders", "PKC"));
    question["Metrics"] = json!(["MaxContributorValue", "Maximum"]);
    question["OrderBy"] = json!("Maximum");
    let report = report(&world, &question);
    let first = report["Contributors"][0]["Datapoints"].as_array().unwrap();
    let points = report["MetricDatapoints"].as_array().unwrap();
    assert_eq!(points.len(), first.len());
    for (point, first) in points.iter().zip(first) {
        assert_eq!(point["MaxContributorValue"], first["ApproximateValue"]);
        assert!(point["Sum"].is_null(), "{point}");
    }
    assert_eq!(world.ledger().last().unwrap().metrics_requested, 2);
}

#[test]
fn where_nothing_is_throttled_a_report_is_empty() {
    let world = world_of(TABLES);
    let report = report(&world, &question(&world, &rule(&world, "calm", "PKT")));
    assert_eq!(report["Contributors"], json!([]));
    assert_eq!(report["AggregateValue"], json!(0.0));
    assert_eq!(world.ledger().last().unwrap().metrics_requested, 1, "billed all the same");
}

#[test]
fn a_minute_is_reported_once_it_is_published() {
    let world = world_of(TABLES);
    let rule = rule(&world, "orders", "PKC");
    let points = |after: f64| {
        let end = world.start() + 60.0;
        let question =
            json!({ "RuleName": rule, "StartTime": end - 60.0, "EndTime": end, "Period": 60 });
        let report = get_at(&world, (CLOUDWATCH, "GetInsightRuleReport"), &question, after);
        report["Contributors"].as_array().unwrap().len()
    };
    assert_eq!((points(79.0), points(141.0)), (0, 10));
}

#[test]
fn a_bad_question_is_refused_with_its_parameter() {
    let world = world_of(TABLES);
    let good = question(&world, &rule(&world, "orders", "PKC"));
    let with = |member: &str, value: Value| {
        let mut question = good.clone();
        question[member] = value;
        question
    };
    let table = [
        (with("RuleName", Value::Null), "MissingRequiredParameterException", "RuleName"),
        (with("Period", Value::Null), "MissingRequiredParameterException", "Period"),
        (with("EndTime", good["StartTime"].clone()), "InvalidParameterValueException", "EndTime"),
        (with("Period", json!(90)), "InvalidParameterValueException", "Period"),
        (with("MaxContributorCount", json!(26)), "InvalidParameterValueException", "1 to 25"),
        (with("MaxContributorCount", json!(0)), "InvalidParameterValueException", "1 to 25"),
        (with("Metrics", json!(["Median"])), "InvalidParameterValueException", "Metrics"),
        (with("OrderBy", json!("Average")), "InvalidParameterValueException", "OrderBy"),
        (with("RuleName", json!("")), "InvalidParameterValueException", "RuleName"),
    ];
    for (body, name, part) in table {
        let (found, message) = refused(&world, CLOUDWATCH, "GetInsightRuleReport", &body);
        assert_eq!(found, name, "{body}");
        assert!(message.contains(part), "{message}");
    }
    let unknown = with("RuleName", json!("DynamoDBContributorInsights-PKC-orders-1"));
    let (status, document) = ask(&world, CLOUDWATCH, "GetInsightRuleReport", &unknown);
    assert_eq!(status, 404);
    assert!(document["__type"].as_str().unwrap().ends_with("#ResourceNotFoundException"));
}

#[test]
fn cbor_says_the_same_as_json() {
    let world = world_of(TABLES);
    let rule = rule(&world, "orders", "PKC");
    let end = ciborium::Value::Integer(1_795_348_800.into());
    let stamp = |value| ciborium::Value::Tag(1, Box::new(value));
    let text = |text: &str| ciborium::Value::Text(text.to_owned());
    let body = ciborium::Value::Map(vec![
        (text("RuleName"), text(&rule)),
        (text("StartTime"), stamp(ciborium::Value::Integer(1_795_348_200.into()))),
        (text("EndTime"), stamp(end)),
        (text("Period"), ciborium::Value::Integer(60.into())),
    ]);
    let mut bytes = vec![];
    ciborium::into_writer(&body, &mut bytes).unwrap();
    let path = "/service/GraniteServiceVersion20100801/operation/GetInsightRuleReport";
    let reply = send_at(&world, path, &[("smithy-protocol", "rpc-v2-cbor")], &bytes, world.start());
    assert_eq!(reply.status, 200);
    let document: ciborium::Value = ciborium::from_reader(&reply.body[..]).unwrap();
    let json = json!({
        "RuleName": rule, "StartTime": 1_795_348_200, "EndTime": 1_795_348_800, "Period": 60,
    });
    let json = report(&world, &json);
    let members = document.into_map().unwrap();
    let member = |name: &str| members.iter().find(|(key, _)| *key == text(name)).unwrap().1.clone();
    let whole = member("AggregateValue").into_float().unwrap();
    assert_eq!(json!(whole), json["AggregateValue"]);
    let contributors = member("Contributors").into_array().unwrap();
    assert_eq!(contributors.len(), json["Contributors"].as_array().unwrap().len());
}

#[test]
fn rules_are_described_in_pages_and_are_managed() {
    let world = world_of(TABLES);
    let page = get(&world, CLOUDWATCH, "DescribeInsightRules", &json!({ "MaxResults": 3 }));
    let rest = get(
        &world,
        CLOUDWATCH,
        "DescribeInsightRules",
        &json!({ "NextToken": page["NextToken"], "MaxResults": 3 }),
    );
    let rules =
        [&page, &rest].map(|page| page["InsightRules"].as_array().unwrap().clone()).concat();
    let codes: Vec<&str> = rules
        .iter()
        .map(|rule| rule["Name"].as_str().unwrap().split('-').nth(1).unwrap())
        .collect();
    assert_eq!(codes, ["PKC", "PKT", "PKT", "SKC", "SKT"]);
    assert!(rules.iter().all(|rule| rule["ManagedRule"] == true && rule["State"] == "ENABLED"));
    assert!(rest["NextToken"].is_null());
    let (name, _) =
        refused(&world, CLOUDWATCH, "DescribeInsightRules", &json!({ "NextToken": "x" }));
    assert_eq!(name, "InvalidNextToken");
}

#[test]
fn a_reply_of_the_incident_names_the_session_that_is_too_hot() {
    let world = world("incident", None);
    let report = report(&world, &question(&world, &rule(&world, "sessions", "PKT")));
    let first = &report["Contributors"][0];
    let share = first["ApproximateAggregateValue"].as_f64().unwrap()
        / report["AggregateValue"].as_f64().unwrap();
    assert!(share > 0.9, "{report}");
    let reply = call(&world, (CLOUDWATCH, "GetInsightRuleReport"), &json!({}), 0.0);
    assert_eq!(reply.status, 400);
}
