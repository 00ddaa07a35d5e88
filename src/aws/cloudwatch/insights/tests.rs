use super::*;
use crate::aws::testing::{Cbor, Stub, clock, map, text};
use crate::model::health::ErrorClass;
use serde_json::json;

const WINDOW: Window = Window { start: Minute(100), end: Minute(115) };

fn salt() -> MaskSalt {
    MaskSalt::new(1)
}

fn stamp(minute: i64) -> Cbor {
    Cbor::Tag(1, Box::new(Cbor::Integer((minute * 60).into())))
}

fn contributor(keys: &[&str], total: f64, points: &[(i64, f64)]) -> Cbor {
    let point = |(minute, value): &(i64, f64)| {
        map(&[("Timestamp", stamp(*minute)), ("ApproximateValue", Cbor::Float(*value))])
    };
    map(&[
        ("Keys", Cbor::Array(keys.iter().map(|key| text(key)).collect())),
        ("ApproximateAggregateValue", Cbor::Float(total)),
        ("Datapoints", Cbor::Array(points.iter().map(point).collect())),
    ])
}

fn a_report(contributors: Vec<Cbor>) -> Cbor {
    map(&[
        ("KeyLabels", Cbor::Array(vec![text("PK")])),
        ("AggregationStatistic", text("SUM")),
        ("AggregateValue", Cbor::Float(90.0)),
        ("ApproximateUniqueCount", Cbor::Integer(7.into())),
        ("Contributors", Cbor::Array(contributors)),
        ("MetricDatapoints", Cbor::Array(vec![])),
    ])
}

fn refusal(code: &str) -> Cbor {
    map(&[("__type", text(&format!("com.amazonaws.cloudwatch#{code}"))), ("message", text("no"))])
}

fn rules(codes: &[&str]) -> Vec<Arc<str>> {
    let name =
        |code: &&str| format!("DynamoDBContributorInsights-{code}-orders-1576629651520").into();
    codes.iter().map(name).collect()
}

async fn read(stub: &Stub, rules: Option<&[Arc<str>]>) -> Reply<HotKeysRead> {
    let orders = Resource::table("orders");
    stub.connection().hot_keys(&clock(), (&orders, rules), WINDOW, salt()).await
}

#[tokio::test(start_paused = true)]
async fn a_report_is_read_of_each_known_rule_and_is_billed_as_one_metric() {
    let stub = Stub::default();
    let hot = contributor(&["CUSTOMER#8131"], 60.0, &[(103, 40.0), (101, 20.0), (99, 5.0)]);
    stub.cbor(200, &a_report(vec![contributor(&["CUSTOMER#2"], 9.0, &[]), hot]));
    stub.cbor(200, &a_report(vec![]));
    let reply = read(&stub, Some(&rules(&["PKC", "PKX", "PKT"]))).await;
    assert_eq!((reply.requests, reply.metrics), (2, 2));
    let HotKeysRead { reports, flaw, .. } = reply.result.unwrap();
    assert_eq!(flaw, None);
    let kinds: Vec<_> = reports.iter().map(|report| report.kind).collect();
    assert_eq!(kinds, [RuleKind::ThrottledKeys, RuleKind::AccessedKeys]);
    let report = &reports[0];
    assert_eq!((report.total, report.unique, &*report.labels[0]), (90.0, 7, "PK"));
    assert_eq!(report.contributors[0].keys[0].reveal(), "CUSTOMER#8131");
    assert_eq!(report.contributors[0].points, [(Minute(101), 20.0), (Minute(103), 40.0)]);
    for asked in stub.asked() {
        assert!(asked.uri.ends_with("/operation/GetInsightRuleReport"), "{}", asked.uri);
    }
}

#[tokio::test(start_paused = true)]
async fn calls_are_paced_below_the_quota() {
    let stub = Stub::default();
    for _ in 0..4 {
        stub.cbor(200, &a_report(vec![]));
    }
    read(&stub, Some(&rules(&["PKC", "SKC", "PKT", "SKT"]))).await.result.unwrap();
    for pair in stub.asked().windows(2) {
        assert!(pair[1].at - pair[0].at >= Duration::from_millis(50), "{pair:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn unknown_rules_are_asked_for_first() {
    let stub = Stub::default();
    stub.json(200, &json!({ "ContributorInsightsRuleList": rules(&["PKT"]) }));
    stub.cbor(200, &a_report(vec![]));
    let reply = read(&stub, None).await;
    assert_eq!((reply.requests, reply.metrics), (2, 1));
    assert_eq!(reply.result.unwrap().rules, rules(&["PKT"]));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_ends_the_reading_and_is_not_billed() {
    for (code, class) in [
        ("AccessDeniedException", ErrorClass::Denied),
        ("ThrottlingException", ErrorClass::Throttled),
        ("ResourceNotFoundException", ErrorClass::Rejected),
    ] {
        let stub = Stub::default();
        let attempts = if class == ErrorClass::Throttled { 3 } else { 1 };
        for _ in 0..attempts {
            stub.cbor(400, &refusal(code));
        }
        let reply = read(&stub, Some(&rules(&["PKC", "PKT"]))).await;
        let error = reply.result.unwrap_err();
        assert_eq!((error.class, error.action, reply.metrics), (class, GET_REPORT, 0), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_read_before_a_failure_is_kept() {
    let stub = Stub::default();
    stub.cbor(200, &a_report(vec![]));
    stub.cbor(400, &refusal("AccessDeniedException"));
    let reply = read(&stub, Some(&rules(&["PKC", "PKT"]))).await;
    let read = reply.result.unwrap();
    assert_eq!((read.reports.len(), reply.metrics), (1, 1));
    let words = "no permission: cloudwatch:GetInsightRuleReport";
    assert_eq!(read.flaw.unwrap().to_string(), words);
}

#[tokio::test(start_paused = true)]
async fn a_key_is_in_no_error_and_in_no_debug_output() {
    let stub = Stub::default();
    stub.cbor(200, &a_report(vec![contributor(&["CUSTOMER#8131"], 60.0, &[(103, 40.0)])]));
    // The second is no report, and holds a key all the same.
    stub.cbor(200, &map(&[("Contributors", text("CUSTOMER#8131"))]));
    let reply = read(&stub, Some(&rules(&["PKC", "PKT"]))).await;
    assert!(!format!("{reply:?}").contains("8131"), "{reply:?}");
    assert!(reply.result.unwrap().flaw.is_some());
}
