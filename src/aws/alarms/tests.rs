//! Tests of pages, of pauses, and of servers that know less than AWS.

use super::*;
use crate::aws::testing::{Cbor, Stub, clock, map, text};
use crate::model::alarm::AlarmKind;

fn named(name: &str) -> Cbor {
    map(&[("AlarmName", text(name)), ("StateValue", text("OK"))])
}

/// A page of alarms; what goes on with `next` if it is not empty.
fn page(kind: &str, names: &[&str], next: &str) -> Cbor {
    let alarms = Cbor::Array(names.iter().map(|name| named(name)).collect());
    map(&[(kind, alarms), ("NextToken", text(next))])
}

fn refusal(code: &str) -> Cbor {
    map(&[("__type", text(code)), ("message", text("no"))])
}

#[tokio::test(start_paused = true)]
async fn alarms_of_all_types_and_pages_are_read_at_less_than_nine_a_second() {
    let stub = Stub::default();
    stub.cbor(200, &page("MetricAlarms", &["a", "b"], "2"));
    stub.cbor(200, &page("CompositeAlarms", &["c"], "3"));
    stub.cbor(200, &page("LogAlarms", &["d"], ""));
    let reply = stub.connection().alarms(&clock()).await;
    let alarms = reply.result.unwrap().alarms;
    let names: Vec<_> = alarms.iter().map(|alarm| &*alarm.name).collect();
    assert_eq!((names, reply.requests), (vec!["a", "b", "c", "d"], 3));
    assert!(matches!(alarms[2].kind, AlarmKind::Composite(_)));
    assert_eq!(alarms[3].kind, AlarmKind::Other(Arc::from("LogAlarm")));
    let asked = stub.asked();
    for call in &asked {
        for kind in TYPES[0] {
            assert!(call.body.contains(kind), "{call:?}");
        }
    }
    for pair in asked.windows(2) {
        assert!(pair[1].at - pair[0].at >= Duration::from_secs(1) / 7, "{pair:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_stands_still_makes_nobody_wait() {
    let stub = Stub::default();
    stub.cbor(200, &page("MetricAlarms", &["a"], "2"));
    stub.cbor(200, &page("MetricAlarms", &["b"], ""));
    let still = Clock::simulated(clock().now(), 0.0);
    stub.connection().alarms(&still).await.result.unwrap();
    let asked = stub.asked();
    assert_eq!(asked[0].at, asked[1].at);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_types_is_asked_for_fewer() {
    let stub = Stub::default();
    stub.cbor(400, &refusal("ValidationException"));
    stub.cbor(400, &refusal("InvalidParameterValue"));
    stub.cbor(200, &page("MetricAlarms", &["a"], ""));
    let reply = stub.connection().alarms(&clock()).await;
    assert_eq!((reply.result.unwrap().alarms.len(), reply.requests), (1, 3));
    let asked = stub.asked();
    assert!(asked[1].body.contains("CompositeAlarm") && !asked[1].body.contains("LogAlarm"));
    assert!(!asked[2].body.contains("AlarmTypes"), "{:?}", asked[2]);
}

#[tokio::test(start_paused = true)]
async fn who_may_not_or_cannot_is_asked_once() {
    for (code, class) in
        [("AccessDenied", ErrorClass::Denied), ("UnknownOperationException", ErrorClass::Rejected)]
    {
        let stub = Stub::default();
        stub.cbor(400, &refusal(code));
        let error = stub.connection().alarms(&clock()).await.result.unwrap_err();
        assert_eq!((error.class, error.action), (class, "cloudwatch:DescribeAlarms"));
        assert_eq!(stub.asked().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn history_is_read_for_ten_pages_at_most() {
    let stub = Stub::default();
    let at = Cbor::Tag(1, Box::new(Cbor::Float(1_795_348_800.25)));
    let item = map(&[
        ("AlarmName", text("a")),
        ("Timestamp", at),
        ("HistoryItemType", text("StateUpdate")),
        ("HistorySummary", text("Alarm updated from OK to ALARM")),
    ]);
    for number in 1..=HISTORY_PAGES {
        let items = Cbor::Array(vec![item.clone()]);
        let next = text(&number.to_string());
        stub.cbor(200, &map(&[("AlarmHistoryItems", items), ("NextToken", next)]));
    }
    let since = Timestamp::from_second(1_795_300_000).unwrap();
    let reply = stub.connection().alarm_history(&clock(), since).await;
    let gathered = reply.result.unwrap();
    assert_eq!((gathered.items.len(), gathered.flaw, reply.requests), (10, None, 10));
    assert!(stub.asked().iter().all(|call| call.body.contains("TimestampDescending")));
}

const RULE: &str = "arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:";

/// A reply that lists these rules.
fn listed(names: &[&str]) -> Cbor {
    let summary = |name: &&str| map(&[("AlarmMuteRuleArn", text(&format!("{RULE}{name}")))]);
    map(&[("AlarmMuteRuleSummaries", Cbor::Array(names.iter().map(summary).collect()))])
}

fn targets(names: &[&str]) -> Cbor {
    let names = Cbor::Array(names.iter().map(|name| text(name)).collect());
    map(&[("Status", text("ACTIVE")), ("MuteTargets", map(&[("AlarmNames", names)]))])
}

#[tokio::test(start_paused = true)]
async fn each_rule_is_read_for_its_targets_and_one_that_is_gone_is_none() {
    let stub = Stub::default();
    stub.cbor(200, &listed(&["nights", "gone", "snooze"]));
    stub.cbor(200, &targets(&["a", "b"]));
    stub.cbor(404, &refusal("ResourceNotFoundException"));
    stub.cbor(200, &targets(&["c"]));
    let reply = stub.connection().mute_rules(&clock()).await;
    let rules = reply.result.unwrap();
    let found: Vec<_> = rules.iter().map(|rule| (&*rule.name, rule.targets.len())).collect();
    assert_eq!((found, reply.requests), (vec![("nights", 2), ("snooze", 1)], 4));
    for pair in stub.asked().windows(2) {
        assert!(pair[1].at - pair[0].at >= Duration::from_millis(50), "{pair:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_every_rule_nobody_knows_who_is_silenced() {
    let stub = Stub::default();
    stub.cbor(200, &listed(&["nights", "snooze"]));
    stub.cbor(200, &targets(&["a"]));
    stub.cbor(403, &refusal("AccessDenied"));
    let error = stub.connection().mute_rules(&clock()).await.result.unwrap_err();
    assert_eq!(error.to_string(), "no permission: cloudwatch:GetAlarmMuteRule");
}
