//! Tests of what is asked for an alarm, over which window, and what is made of the reply.

use super::*;
use crate::aws::testing::{Cbor, Stub, clock, map, text};
use crate::model::alarm::Comparison;

fn stat(metric: &str, statistic: &str, period_seconds: i64) -> MetricStat {
    MetricStat {
        namespace: Arc::from("AWS/DynamoDB"),
        metric: Arc::from(metric),
        dimensions: vec![(Arc::from("TableName"), Arc::from("orders"))],
        statistic: Arc::from(statistic),
        period_seconds,
        unit: None,
    }
}

fn alarm(source: Source, evaluation_periods: u32) -> MetricAlarm {
    MetricAlarm {
        source,
        comparison: Comparison::Greater,
        threshold: Some(1.0),
        evaluation_periods,
        datapoints_to_alarm: None,
        missing_data: None,
        low_samples: None,
        evaluation_state: None,
    }
}

fn simple(period_seconds: i64, evaluation_periods: u32) -> MetricAlarm {
    alarm(Source::Metric(stat("X", "Sum", period_seconds)), evaluation_periods)
}

fn part(id: &str, what: QueryKind, returns_data: bool) -> Query {
    Query { id: Arc::from(id), what, label: None, account: None, returns_data }
}

fn formula(text: &str) -> QueryKind {
    QueryKind::Expression { formula: Arc::from(text), period_seconds: None }
}

fn math(queries: Vec<Query>, threshold: Option<&str>) -> MetricAlarm {
    alarm(Source::Math { queries, threshold: threshold.map(Arc::from) }, 3)
}

/// Consumption in per cent of what is provisioned.
fn quotient() -> MetricAlarm {
    let consumed = QueryKind::Stat(stat("ConsumedWriteCapacityUnits", "Sum", 300));
    let provisioned = QueryKind::Stat(stat("ProvisionedWriteCapacityUnits", "Average", 300));
    let parts = [
        part("m1", consumed, false),
        part("m2", provisioned, false),
        part("e1", formula("100*(m1/300)/m2"), true),
    ];
    math(parts.to_vec(), None)
}

fn banded() -> MetricAlarm {
    let latency = QueryKind::Stat(stat("SuccessfulRequestLatency", "Average", 60));
    let band = formula("ANOMALY_DETECTION_BAND(m1, 2)");
    math(vec![part("m1", latency, true), part("ad1", band, true)], Some("ad1"))
}

#[test]
fn a_window_is_of_whole_periods_and_holds_all_that_is_evaluated() {
    let now = "2026-11-22T12:07:20Z".parse().unwrap();
    for (period, evaluated, minutes, end) in [
        (60, 5, 180, "2026-11-22T12:07:00Z"),
        (300, 2, 180, "2026-11-22T12:05:00Z"),
        (420, 1, 182, "2026-11-22T12:07:00Z"),
        (300, 200, 1_030, "2026-11-22T12:05:00Z"),
        (3_600, 3, 1_440, "2026-11-22T12:00:00Z"),
        (86_400, 7, 14 * 1_440, "2026-11-22T00:00:00Z"),
        (10, 30, 179, "2026-11-22T12:07:00Z"),
    ] {
        let window = window(&simple(period, evaluated), now);
        assert_eq!((window.minutes(), window.end.to_string().as_str()), (minutes, end), "{period}");
    }
}

#[test]
fn a_metric_is_billed_once_whatever_its_statistics() {
    assert_eq!(billed_for_alarm(&simple(60, 1)), 1);
    assert_eq!(billed_for_alarm(&quotient()), 2);
    let of = |statistic| QueryKind::Stat(stat("X", statistic, 60));
    let parts = [("a", "Sum"), ("b", "Average"), ("c", "p99"), ("d", "p90"), ("e", "p50")];
    let mut parts = parts.map(|(id, statistic)| part(id, of(statistic), false)).to_vec();
    assert_eq!(billed_for_alarm(&math(parts.clone(), None)), 1);
    parts.push(part("f", of("Maximum"), true));
    assert_eq!(billed_for_alarm(&math(parts, None)), 2);
}

#[test]
fn an_alarm_that_cannot_be_asked_for_says_why() {
    let sql = math(vec![part("q1", formula("SELECT MAX(X) FROM \"AWS/DynamoDB\""), true)], None);
    let two = math(vec![part("e1", formula("1"), true), part("e2", formula("2"), true)], None);
    for (alarm, elsewhere, words) in [
        (&simple(60, 1), true, Some("another account")),
        (&sql, false, Some("each metric that it matches")),
        (&two, false, Some("no single part")),
        (&simple(60, 1), false, None),
        (&quotient(), false, None),
        (&banded(), false, None),
    ] {
        let why = why_not_read(alarm, elsewhere).map(|error| error.to_string());
        let said = why.as_deref().unwrap_or_default();
        assert_eq!(why.is_some(), words.is_some(), "{said}");
        assert!(said.contains(words.unwrap_or_default()), "{said}");
    }
}

#[test]
fn the_parts_are_asked_for_as_configured_but_for_the_band() {
    let asked = queries(&quotient());
    let told: Vec<_> = asked
        .iter()
        .map(|query| (query.id().unwrap(), query.expression(), query.return_data().unwrap()))
        .collect();
    let expected =
        [("m1", None, false), ("m2", None, false), ("e1", Some("100*(m1/300)/m2"), true)];
    assert_eq!(told, expected);
    let stat = asked[0].metric_stat().unwrap();
    assert_eq!((stat.period(), stat.stat()), (Some(300), Some("Sum")));
    assert_eq!(stat.metric().unwrap().dimensions().len(), 1);
    let ids: Vec<_> = queries(&banded()).iter().filter_map(|q| q.id().map(str::to_owned)).collect();
    assert_eq!((ids, subject(&banded()).as_deref()), (vec!["m1".to_owned()], Some("m1")));
}

/// A page with one point of `id` at a minute of the hour.
fn page(id: &str, status: &str, minute: i64, next: Option<&str>) -> Cbor {
    let noon: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    let at = Cbor::Integer((noon.as_second() + minute * 60).into());
    let result = map(&[
        ("Id", text(id)),
        ("StatusCode", text(status)),
        ("Timestamps", Cbor::Array(vec![Cbor::Tag(1, Box::new(at))])),
        ("Values", Cbor::Array(vec![Cbor::Float(minute as f64)])),
    ]);
    let mut fields = vec![("MetricDataResults", Cbor::Array(vec![result]))];
    fields.extend(next.map(|next| ("NextToken", text(next))));
    map(&fields)
}

#[tokio::test(start_paused = true)]
async fn pages_of_what_is_compared_are_put_together() {
    let stub = Stub::default();
    stub.cbor(200, &page("e1", "PartialData", 0, Some("2")));
    stub.cbor(200, &page("e1", "Complete", -5, None));
    let reply = stub.connection().alarm_data(&quotient(), clock().now()).await;
    assert_eq!((reply.requests, reply.metrics), (2, 2));
    let data = reply.result.unwrap();
    assert_eq!(data.period_seconds, 300);
    let points: Vec<_> = data.points.iter().map(|(at, v)| (at.to_string(), *v)).collect();
    // Noon's period is not over.
    assert_eq!(points, [("2026-11-22T11:55:00Z".to_owned(), -5.0)]);
}

#[tokio::test(start_paused = true)]
async fn data_that_do_not_come_to_an_end_are_none() {
    let stub = Stub::default();
    stub.cbor(200, &page("m0", "PartialData", -5, None));
    stub.cbor(200, &page("m0", "Forbidden", -5, None));
    let connection = stub.connection();
    for class in [ErrorClass::Unreadable, ErrorClass::Denied] {
        let reply = connection.alarm_data(&simple(60, 1), clock().now()).await;
        assert_eq!((reply.result.unwrap_err().class, reply.metrics), (class, 1));
    }
}
