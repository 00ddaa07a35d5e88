//! What is AWS's: system errors and latency.

use super::*;
use crate::store::fixture::{minute, provisioned};

const ERRORS: (Metric, Statistic) = (Metric::SystemErrors, Statistic::Sum);

fn serving() -> Fixture {
    let mut fixture = calm(vec![table("orders", provisioned(200.0), &[])]);
    serve(&mut fixture, &["GetItem", "PutItem"]);
    requests(&mut fixture, "GetItem", |_| 20_000.0);
    requests(&mut fixture, "PutItem", |_| 5_000.0);
    fixture
}

#[test]
fn system_errors_are_told_when_they_last_and_are_a_share_of_the_requests() {
    type Case = (&'static str, fn(i64) -> f64, bool);
    let cases: &[Case] = &[
        ("a few, as ever", |_| 9.0, false),
        ("many, but one in two thousand", |at| if at >= 20 { 12.0 } else { 0.0 }, false),
        ("a burst of one minute", |at| if at == 27 { 900.0 } else { 0.0 }, false),
        ("over since", |at| if (10..22).contains(&at) { 900.0 } else { 0.0 }, false),
        ("two minutes", |at| if at >= 26 { 40.0 } else { 0.0 }, true),
    ];
    for (name, errors, expected) in cases {
        let mut fixture = serving();
        serve_with(&mut fixture, "GetItem", ERRORS, errors);
        serve_with(&mut fixture, "PutItem", ERRORS, |_| 0.0);
        let found: Vec<Cause> = diagnose(&fixture).iter().map(|verdict| verdict.cause).collect();
        assert_eq!(found, Vec::from_iter(expected.then_some(Cause::SystemErrors)), "{name}");
    }
}

#[test]
fn system_errors_are_awss_and_name_the_operation() {
    let mut fixture = serving();
    serve_with(&mut fixture, "GetItem", ERRORS, |at| if at >= 24 { 60.0 } else { 0.0 });
    serve_with(&mut fixture, "PutItem", ERRORS, |at| if at >= 24 { 190.0 } else { 0.0 });
    let verdict = only(&fixture);
    assert_eq!((verdict.headline().as_str(), verdict.since), ("system errors", minute(24)));
    assert_eq!(
        clauses(&verdict)[0],
        "250 system errors in 12:27, 1 % of the requests; 190 on PutItem"
    );
    let Source::Series(key) = &verdict.evidence[0].source else { panic!("{verdict:#?}") };
    assert_eq!((key.metric, key.operation.as_deref()), (Metric::SystemErrors, Some("PutItem")));
    assert!(verdict.advice.step.contains("AWS Health Dashboard"));
}

/// `orders` whose `PutItem` takes so many milliseconds, by minute, for so many requests.
fn taking(statistic: Statistic, count: f64, latency: impl Fn(i64) -> f64) -> Fixture {
    let mut fixture = calm(vec![table("orders", provisioned(200.0), &[])]);
    serve(&mut fixture, &["PutItem"]);
    requests(&mut fixture, "PutItem", |_| count);
    serve_with(&mut fixture, "PutItem", (Metric::SuccessfulRequestLatency, statistic), latency);
    fixture
}

#[test]
fn latency_is_raised_against_its_own_past_hour_where_there_are_samples_enough() {
    use Statistic::{P50, P99};
    let from = |first: i64, before: f64, since: f64| {
        move |at: i64| if at >= first { since } else { before }
    };
    let cases: [(&str, Fixture, Option<Severity>); 10] = [
        ("as ever", taking(P50, 500.0, |_| 30.0), None),
        ("the median doubles", taking(P50, 500.0, from(25, 6.0, 12.0)), Some(Severity::Trouble)),
        ("not quite", taking(P50, 500.0, from(25, 6.0, 11.9)), None),
        ("still single-digit", taking(P50, 500.0, from(25, 2.0, 9.9)), None),
        ("for one minute", taking(P50, 500.0, from(27, 6.0, 60.0)), None),
        ("for two", taking(P50, 500.0, from(26, 6.0, 60.0)), Some(Severity::Trouble)),
        ("of nineteen requests", taking(P50, 19.0, from(25, 6.0, 60.0)), None),
        ("the tail alone", taking(P99, 1_001.0, from(20, 8.0, 24.0)), Some(Severity::Notice)),
        ("the tail of too few", taking(P99, 990.0, from(20, 8.0, 90.0)), None),
        ("nothing to compare with", taking(P50, 500.0, |at| if at > 0 { 50.0 } else { 0.0 }), None),
    ];
    for (name, fixture, expected) in cases {
        let found: Vec<_> = diagnose(&fixture).iter().map(|v| (v.cause, v.severity)).collect();
        let expected = expected.map(|severity| (Cause::LatencyRaised, severity));
        assert_eq!(found, Vec::from_iter(expected), "{name}");
    }
}

#[test]
fn raised_latency_tells_what_it_was_and_from_how_many_requests() {
    let slow = |at: i64| if at >= 22 { 31.0 } else { 4.2 };
    let verdict = only(&taking(Statistic::P50, 1_240.0, slow));
    assert_eq!(verdict.headline(), "latency raised");
    assert_eq!(
        clauses(&verdict),
        [
            "PutItem p50 of 31 ms in 12:27, 4.2 ms in the hour before",
            "from 1,240 requests",
            "on AWS's side: neither network nor client is in it",
        ]
    );
    assert_eq!(verdict.since, minute(22));
}

#[test]
fn a_table_that_throttles_is_slow_for_that_reason() {
    let slow = |at: i64| if at >= 20 { 31.0 } else { 4.2 };
    let mut fixture = taking(Statistic::P50, 1_240.0, slow);
    throttle(&mut fixture, &orders(), WRITE, &steady(20..28, 100.0));
    assert!(only(&fixture).cause.is_throttle());
}
