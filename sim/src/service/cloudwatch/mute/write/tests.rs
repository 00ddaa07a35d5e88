use serde_json::{Value, json};

use crate::fault::{Effect, Fault};
use crate::testing::{CLOUDWATCH, get, get_at, refused, world, world_of};
use crate::wire::Service;
use crate::world::World;

const PUT: (&str, &str) = (CLOUDWATCH, "PutAlarmMuteRule");
const DELETE: (&str, &str) = (CLOUDWATCH, "DeleteAlarmMuteRule");
const GET: (&str, &str) = (CLOUDWATCH, "GetAlarmMuteRule");

/// Mutes the alarm `a` for the first hour.
fn snooze(more: &Value) -> Value {
    let mut body = json!({
        "Name": "snooze",
        "Rule": { "Schedule": { "Expression": "at(2026-11-22T12:00)", "Duration": "PT1H" } },
        "MuteTargets": { "AlarmNames": ["a"] },
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn named(name: &str) -> Value {
    json!({ "AlarmMuteRuleName": name })
}

fn listed(world: &World) -> usize {
    let body = json!({ "MaxRecords": 100 });
    let rules = get(world, CLOUDWATCH, "ListAlarmMuteRules", &body);
    rules["AlarmMuteRuleSummaries"].as_array().unwrap().len()
}

#[test]
fn a_rule_is_made_replaced_as_a_whole_and_deleted_again_and_again() {
    let world = world("calm", None);
    let before = listed(&world);
    let whole = json!({ "Description": "deploy", "StartDate": world.start() - 60.0, "ExpireDate": world.start() + 7_200.0 });
    assert_eq!(get(&world, PUT.0, PUT.1, &snooze(&whole)), json!({}));
    let rule = get_at(&world, GET, &named("snooze"), 1.0);
    assert_eq!((&rule["Description"], &rule["Status"]), (&json!("deploy"), &json!("ACTIVE")));
    assert_eq!(
        (&rule["MuteType"], &rule["Rule"]["Schedule"]["Timezone"]),
        (&json!("ONE_TIME"), &json!("UTC"))
    );
    assert_eq!(rule["StartDate"], whole["StartDate"]);
    assert_eq!(rule["LastUpdatedTimestamp"], json!(world.start()));
    let nightly =
        json!({ "Rule": { "Schedule": { "Expression": "cron(0 2 * * *)", "Duration": "P15D" } } });
    get_at(&world, PUT, &snooze(&nightly), 5.0);
    let rule = get_at(&world, GET, &named("snooze"), 6.0);
    assert_eq!(
        (&rule["Description"], &rule["StartDate"], &rule["MuteType"]),
        (&Value::Null, &Value::Null, &json!("RECURRING"))
    );
    assert_eq!(rule["LastUpdatedTimestamp"], json!(world.start() + 5.0));
    assert_eq!(listed(&world), before + 1);
    for _ in 0..2 {
        assert_eq!(get_at(&world, DELETE, &named("snooze"), 9.0), json!({}));
        assert_eq!(listed(&world), before);
    }
}

#[test]
fn a_bad_rule_is_refused_with_its_reason() {
    let world = world("calm", None);
    let schedule = |expression: &str, duration: &str| {
        snooze(
            &json!({ "Rule": { "Schedule": { "Expression": expression, "Duration": duration } } }),
        )
    };
    let at = "at(2026-11-22T12:00)";
    let names = |count: usize| json!({ "MuteTargets": { "AlarmNames": vec!["a"; count] } });
    let table = [
        (snooze(&json!({ "Name": null })), "Value null at 'name'"),
        (snooze(&json!({ "Name": "" })), "at 'name'"),
        (snooze(&json!({ "Name": "n".repeat(256) })), "at 'name'"),
        (snooze(&json!({ "Rule": null })), "Value null at 'rule'"),
        (snooze(&json!({ "Rule": {} })), "Value null at 'rule.schedule'"),
        (
            snooze(&json!({ "Rule": { "Schedule": { "Duration": "PT1H" } } })),
            "'rule.schedule.expression'",
        ),
        (
            snooze(&json!({ "Rule": { "Schedule": { "Expression": at } } })),
            "'rule.schedule.duration'",
        ),
        (schedule("every day", "PT1H"), "neither cron nor at"),
        (schedule("cron(0 2 * *)", "PT1H"), "has 4 fields, not five"),
        (schedule("at(tomorrow)", "PT1H"), "no moment"),
        (schedule(at, "PT59S"), "PT1M to P15D"),
        (schedule(at, "P16D"), "PT1M to P15D"),
        (
            snooze(
                &json!({ "Rule": { "Schedule": { "Expression": at, "Duration": "PT1H", "Timezone": "Europe/Berlin" } } }),
            ),
            "only UTC",
        ),
        (snooze(&names(101)), "muteTargets.alarmNames"),
        (snooze(&json!({ "MuteTargets": { "AlarmNames": [""] } })), "muteTargets.alarmNames"),
        (snooze(&json!({ "Description": "d".repeat(1_025) })), "at 'description'"),
        (
            snooze(&json!({ "StartDate": 2_000_000_000, "ExpireDate": 2_000_000_000 })),
            "ExpireDate must be after",
        ),
    ];
    let before = listed(&world);
    for (body, part) in table {
        let (name, message) = refused(&world, PUT.0, PUT.1, &body);
        assert_eq!(name, "ValidationException", "{body}");
        assert!(message.contains(part), "{message}");
    }
    for body in [json!({}), named("")] {
        assert_eq!(refused(&world, DELETE.0, DELETE.1, &body).0, "ValidationException");
    }
    assert_eq!(listed(&world), before);
    get(&world, PUT.0, PUT.1, &snooze(&names(100)));
}

#[test]
fn an_account_has_two_thousand_rules_at_most() {
    let world = world_of("[[table]]\nname = 'ttt'");
    for number in 0..2_000 {
        get(&world, PUT.0, PUT.1, &snooze(&json!({ "Name": format!("rule-{number}") })));
    }
    assert_eq!(refused(&world, PUT.0, PUT.1, &snooze(&json!({}))).0, "LimitExceededFault");
    get(&world, PUT.0, PUT.1, &snooze(&json!({ "Name": "rule-7" })));
    get(&world, DELETE.0, DELETE.1, &named("rule-7"));
    get(&world, PUT.0, PUT.1, &snooze(&json!({})));
}

/// An alarm with an action that fires once, about five minutes after the start.
const ALARM: &str = "
    [[signal]]
    namespace = 'AWS/Lambda'
    metric = 'Errors'
    value = 5
    noise = 0
    dimensions = { FunctionName = 'ship' }
    unit = 'Count'
    samples = 1
    change = [{ at = -600, factor = 0, lasts = 603 }]
    [[alarm]]
    name = 'a'
    namespace = 'AWS/Lambda'
    metric = 'Errors'
    statistic = 'Sum'
    period = 60
    dimensions = { FunctionName = 'ship' }
    evaluation_periods = 1
    threshold = 3
    actions = { alarm = ['arn:aws:sns:us-east-1:123456789012:oncall'] }
";

/// How many actions were carried out, and when the last one was, in seconds after the start.
fn actions(world: &World, after: f64) -> (usize, f64) {
    let body = json!({ "AlarmName": "a", "HistoryItemType": "Action" });
    let history = get_at(world, (CLOUDWATCH, "DescribeAlarmHistory"), &body, after);
    let items = history["AlarmHistoryItems"].as_array().unwrap();
    let newest = items.first().map_or(0.0, |item| item["Timestamp"].as_f64().unwrap());
    (items.len(), newest - world.start())
}

#[test]
fn what_is_muted_is_carried_out_when_the_rule_is_deleted_or_over() {
    let loud = world_of(ALARM);
    assert_eq!(actions(&loud, 900.0).0, 1, "{:?}", actions(&loud, 900.0));
    for delete in [true, false] {
        let world = world_of(ALARM);
        get(&world, PUT.0, PUT.1, &snooze(&json!({})));
        assert_eq!(actions(&world, 900.0).0, 0, "muted");
        if delete {
            get_at(&world, DELETE, &named("snooze"), 900.0);
        }
        let (count, at) = actions(&world, 7_200.0);
        let expected = if delete { 900.0 } else { 3_600.0 };
        assert_eq!(count, 1, "the alarm is in its state still");
        assert!((expected..expected + 60.0).contains(&at), "{at}");
    }
    // What was carried out before is done.
    let late = world_of(ALARM);
    assert_eq!(actions(&late, 900.0).0, 1);
    get_at(&late, PUT, &snooze(&json!({})), 900.0);
    get_at(&late, DELETE, &named("snooze"), 960.0);
    assert_eq!(actions(&late, 1_200.0).0, 1);
}

#[test]
fn a_rule_whose_answer_is_lost_is_there_and_one_that_is_throttled_is_not() {
    for (effect, expected) in [(Effect::AnswerLost { status: None }, 1), (Effect::Throttle, 0)] {
        let world = world_of(ALARM);
        let fault = Fault::on(Service::CloudWatch, effect).operation("PutAlarmMuteRule");
        world.faults().inject(fault);
        crate::testing::call(&world, PUT, &snooze(&json!({})), 0.0);
        assert_eq!(listed(&world), expected, "{effect:?}");
    }
}
