use serde_json::{Value, json};

use crate::testing::{DYNAMODB, get_at, refused, refused_at, world_of};
use crate::world::World;

const TABLES: &str = "
    [[table]]
    name = 'lean'
    key_schema = ['pk', 'sk']
    contributor_insights = 'throttled'
    capacity.provisioned = { read = 5, write = 5 }
    [[table.index]]
    name = 'by-day'
    key_schema = ['day']
    capacity.provisioned = { read = 5, write = 5 }
    [[table]]
    name = 'failed'
    contributor_insights = 'failed'
";

const UPDATE: (&str, &str) = (DYNAMODB, "UpdateContributorInsights");

fn enable(more: &Value) -> Value {
    let mut body = json!({ "TableName": "lean", "ContributorInsightsAction": "ENABLE" });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// Status, mode and the rules, without what they have in common.
fn describe(world: &World, index: Option<&str>, after: f64) -> (String, Value, Vec<String>) {
    let mut body = json!({ "TableName": "lean" });
    if let Some(index) = index {
        body["IndexName"] = json!(index);
    }
    let found = get_at(world, (DYNAMODB, "DescribeContributorInsights"), &body, after);
    let rules = found["ContributorInsightsRuleList"].as_array().cloned().unwrap_or_default();
    let short = |rule: &Value| {
        let rule = rule.as_str().unwrap().replace("DynamoDBContributorInsights-", "");
        rule.replace("-lean", "")
    };
    let status = found["ContributorInsightsStatus"].as_str().unwrap().to_owned();
    (status, found["ContributorInsightsMode"].clone(), rules.iter().map(short).collect())
}

fn at(world: &World, after: f64) -> String {
    format!("{:.0}", (world.start() + after) * 1e3)
}

#[test]
fn enabling_without_a_mode_silently_watches_accessed_keys_too() {
    let world = world_of(TABLES);
    let (_, mode_before, before) = describe(&world, None, 0.0);
    assert_eq!(mode_before, "THROTTLED_KEYS");
    let reply = get_at(&world, UPDATE, &enable(&json!({})), 10.0);
    let expected = json!({
        "TableName": "lean", "ContributorInsightsStatus": "ENABLING",
        "ContributorInsightsMode": "ACCESSED_AND_THROTTLED_KEYS",
    });
    assert_eq!(reply, expected);
    assert_eq!(describe(&world, None, 10.9).0, "ENABLING");
    let (status, mode, rules) = describe(&world, None, 11.0);
    assert_eq!((status.as_str(), mode), ("ENABLED", json!("ACCESSED_AND_THROTTLED_KEYS")));
    let since = at(&world, 10.0);
    let expected =
        [format!("PKC-{since}"), format!("SKC-{since}"), before[0].clone(), before[1].clone()];
    assert_eq!(rules, expected, "the rules of throttled keys stay with their history");
}

#[test]
fn another_mode_drops_the_rules_of_accessed_keys_and_the_same_mode_changes_nothing() {
    let world = world_of(TABLES);
    get_at(&world, UPDATE, &enable(&json!({})), 0.0);
    let whole = describe(&world, None, 5.0);
    let same = enable(&json!({ "ContributorInsightsMode": "ACCESSED_AND_THROTTLED_KEYS" }));
    assert_eq!(get_at(&world, UPDATE, &same, 5.0)["ContributorInsightsStatus"], "ENABLED");
    assert_eq!(describe(&world, None, 5.0), whole);
    let throttled = enable(&json!({ "ContributorInsightsMode": "THROTTLED_KEYS" }));
    assert_eq!(get_at(&world, UPDATE, &throttled, 6.0)["ContributorInsightsStatus"], "ENABLING");
    assert_eq!(describe(&world, None, 8.0).2, whole.2[2..]);
}

#[test]
fn what_is_disabled_and_enabled_again_has_new_rules() {
    let world = world_of(TABLES);
    let before = describe(&world, None, 0.0);
    let mut disable = enable(&json!({ "ContributorInsightsMode": "ACCESSED_AND_THROTTLED_KEYS" }));
    disable["ContributorInsightsAction"] = json!("DISABLE");
    let reply = get_at(&world, UPDATE, &disable, 0.0);
    assert_eq!(reply["ContributorInsightsStatus"], "DISABLING");
    assert_eq!(reply["ContributorInsightsMode"], "THROTTLED_KEYS", "the mode sent is ignored");
    assert_eq!(describe(&world, None, 1.0), ("DISABLED".to_owned(), Value::Null, Vec::new()));
    let listed =
        get_at(&world, (DYNAMODB, "ListContributorInsights"), &json!({ "TableName": "lean" }), 1.0);
    assert_eq!(listed, json!({ "ContributorInsightsSummaries": [] }));
    assert_eq!(get_at(&world, UPDATE, &disable, 2.0)["ContributorInsightsStatus"], "DISABLED");
    let throttled = enable(&json!({ "ContributorInsightsMode": "THROTTLED_KEYS" }));
    get_at(&world, UPDATE, &throttled, 60.0);
    let (status, _, rules) = describe(&world, None, 62.0);
    let made = at(&world, 60.0);
    assert_eq!(
        (status.as_str(), &rules),
        ("ENABLED", &vec![format!("PKT-{made}"), format!("SKT-{made}")])
    );
    assert_ne!(rules, before.2);
}

#[test]
fn an_index_is_enabled_for_itself() {
    let world = world_of(TABLES);
    let table = describe(&world, None, 0.0);
    let reply = get_at(&world, UPDATE, &enable(&json!({ "IndexName": "by-day" })), 0.0);
    assert_eq!(reply["IndexName"], "by-day");
    let made = at(&world, 0.0);
    let rules = [format!("PKC-by-day-{made}"), format!("PKT-by-day-{made}")];
    assert_eq!(describe(&world, Some("by-day"), 1.0).2, rules);
    assert_eq!(describe(&world, None, 1.0), table);
}

#[test]
fn an_account_without_a_rule_left_fails_and_a_failure_can_be_tried_again() {
    let full = |number| {
        format!(
            "[[table]]\nname = 'full-{number}'\nkey_schema = ['pk', 'sk']
             contributor_insights = 'accessed-and-throttled'\n"
        )
    };
    let tables = TABLES.to_owned() + &(0..24).map(full).collect::<String>();
    // 24 tables have 96 rules, `lean` has two.
    let world = world_of(&tables);
    get_at(
        &world,
        UPDATE,
        &enable(&json!({ "IndexName": "by-day", "ContributorInsightsMode": "THROTTLED_KEYS" })),
        0.0,
    );
    assert_eq!(describe(&world, Some("by-day"), 2.0).0, "ENABLED");
    get_at(&world, UPDATE, &enable(&json!({})), 2.0);
    assert_eq!(describe(&world, None, 2.5).0, "ENABLING");
    assert_eq!(
        describe(&world, None, 3.0),
        ("FAILED".to_owned(), json!("ACCESSED_AND_THROTTLED_KEYS"), vec![])
    );
    get_at(&world, UPDATE, &enable(&json!({ "ContributorInsightsMode": "THROTTLED_KEYS" })), 4.0);
    assert_eq!(describe(&world, None, 5.0).0, "ENABLED");
}

#[test]
fn a_bad_change_is_refused_with_its_reason() {
    let world = world_of(TABLES);
    let found = [
        (json!({ "TableName": "lean" }), "Value null at 'contributorInsightsAction'"),
        (json!({ "ContributorInsightsAction": "ENABLE" }), "Value null at 'tableName'"),
        (
            enable(&json!({ "ContributorInsightsAction": "PAUSE" })),
            "Value 'PAUSE' at 'contributorInsightsAction'",
        ),
        (
            enable(&json!({ "ContributorInsightsMode": "ALL" })),
            "Value 'ALL' at 'contributorInsightsMode'",
        ),
    ];
    for (body, part) in found {
        let (name, message) = refused(&world, UPDATE.0, UPDATE.1, &body);
        assert_eq!(name, "ValidationException");
        assert!(message.contains(part), "{message}");
    }
    for body in [enable(&json!({ "TableName": "nope" })), enable(&json!({ "IndexName": "nope" }))] {
        assert_eq!(refused(&world, UPDATE.0, UPDATE.1, &body).0, "ResourceNotFoundException");
    }
    let units = json!({ "TableName": "lean", "ProvisionedThroughput": { "ReadCapacityUnits": 9, "WriteCapacityUnits": 9 } });
    get_at(&world, (DYNAMODB, "UpdateTable"), &units, 0.0);
    let (_, message) = refused_at(&world, UPDATE, &enable(&json!({})), 0.5);
    assert!(
        message.contains("TableStatus must be ACTIVE to enable ContributorInsights"),
        "{message}"
    );
}
