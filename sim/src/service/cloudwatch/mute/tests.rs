use serde_json::{Value, json};

use crate::testing::{CLOUDWATCH, ask, get, refused, world};

#[test]
fn mute_rules_are_listed_by_target_and_status() {
    let world = world("alarm-storm", None);
    let list = |body: Value| -> Vec<String> {
        let found = get(&world, CLOUDWATCH, "ListAlarmMuteRules", &body);
        let rules = found["AlarmMuteRuleSummaries"].as_array().unwrap().clone();
        let arn = |rule: &Value| rule["AlarmMuteRuleArn"].as_str().unwrap().to_owned();
        rules.iter().map(|rule| arn(rule).rsplit(':').next().unwrap().to_owned()).collect()
    };
    assert_eq!(list(json!({})), ["nightly-backup", "orders-import"]);
    assert_eq!(list(json!({ "Statuses": ["ACTIVE"] })), ["orders-import"]);
    assert_eq!(list(json!({ "Statuses": ["SCHEDULED", "EXPIRED"] })), ["nightly-backup"]);
    assert_eq!(list(json!({ "AlarmName": "sessions-db-cpu" })), ["nightly-backup"]);
    assert_eq!(list(json!({ "AlarmName": "gone" })), Vec::<String>::new());
    let page = get(&world, CLOUDWATCH, "ListAlarmMuteRules", &json!({ "MaxRecords": 1 }));
    let next = json!({ "MaxRecords": 1, "NextToken": page["NextToken"] });
    assert_eq!(list(next), ["orders-import"]);
}

#[test]
fn a_mute_rule_is_told_with_its_schedule_and_targets() {
    let world = world("alarm-storm", None);
    let of = |name: &str| {
        get(&world, CLOUDWATCH, "GetAlarmMuteRule", &json!({ "AlarmMuteRuleName": name }))
    };
    let single = of("orders-import");
    assert_eq!(single["Rule"]["Schedule"]["Expression"], "at(2026-11-22T11:35)");
    assert_eq!(single["Rule"]["Schedule"]["Duration"], "PT2H");
    assert_eq!(single["MuteTargets"]["AlarmNames"], json!(["orders-import-slow"]));
    assert_eq!((&single["Status"], &single["MuteType"]), (&json!("ACTIVE"), &json!("ONE_TIME")));
    let nightly = of("nightly-backup");
    assert_eq!(nightly["Rule"]["Schedule"]["Expression"], "cron(0 2 * * *)");
    assert_eq!(nightly["MuteType"], "RECURRING");
    assert!(nightly["ExpireDate"].is_number());
}

#[test]
fn what_does_not_exist_or_makes_no_sense_is_refused() {
    let world = world("alarm-storm", None);
    let body = json!({ "AlarmMuteRuleName": "gone" });
    let (status, document) = ask(&world, CLOUDWATCH, "GetAlarmMuteRule", &body);
    assert_eq!(status, 404);
    assert!(document["__type"].as_str().unwrap().ends_with("#ResourceNotFoundException"));
    let table = [
        ("GetAlarmMuteRule", json!({})),
        ("GetAlarmMuteRule", json!({ "AlarmMuteRuleName": "" })),
        ("ListAlarmMuteRules", json!({ "MaxRecords": 101 })),
        ("ListAlarmMuteRules", json!({ "Statuses": ["LOUD"] })),
    ];
    for (operation, body) in table {
        assert_eq!(
            refused(&world, CLOUDWATCH, operation, &body).0,
            "ValidationException",
            "{body}"
        );
    }
    let token = json!({ "NextToken": "x" });
    assert_eq!(refused(&world, CLOUDWATCH, "ListAlarmMuteRules", &token).0, "InvalidNextToken");
}
