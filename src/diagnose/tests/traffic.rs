//! Traffic that comes no more.

use super::*;
use crate::store::fixture::{minute, provisioned};

fn reading(units: impl Fn(i64) -> f64) -> Fixture {
    let mut fixture = calm(vec![table("orders", provisioned(900.0), &[])]);
    consume(&mut fixture, &orders(), Direction::Read, units);
    fixture
}

#[test]
fn steady_traffic_that_falls_away_is_noticed() {
    type Case = (&'static str, fn(i64) -> f64, Option<i64>);
    let cases: &[Case] = &[
        ("as ever", |_| 300.0, None),
        ("gone for two minutes", |at| if at < 26 { 300.0 } else { 0.0 }, Some(26)),
        ("gone for one", |at| if at < 27 { 300.0 } else { 0.0 }, None),
        ("a fifth is left", |at| if at < 20 { 300.0 } else { 60.0 }, None),
        ("a twentieth is left", |at| if at < 10 { 300.0 } else { 15.0 }, Some(10)),
        (
            "a minute in between",
            |at| [300.0, 140.0, 0.0][usize::from(at > 19) + usize::from(at > 20)],
            Some(21),
        ),
        ("little to begin with", |at| if at < 20 { 9.0 } else { 0.0 }, None),
        (
            "a batch every quarter of an hour",
            |at| if at.rem_euclid(15) < 10 { 300.0 } else { 0.0 },
            None,
        ),
        ("a job of twenty minutes", |at| if (0..20).contains(&at) { 300.0 } else { 0.0 }, None),
        ("idle", |_| 0.0, None),
    ];
    for (name, units, since) in cases {
        let found = diagnose(&reading(units));
        let found: Vec<_> =
            found.into_iter().map(|verdict| (verdict.cause, verdict.since)).collect();
        let expected = since.map(|since| (Cause::TrafficFallen, minute(since)));
        assert_eq!(found, Vec::from_iter(expected), "{name}");
    }
}

#[test]
fn what_falls_away_is_told_with_what_it_was() {
    let mut fixture = reading(|at| if at < 22 { 1_240.0 } else { 3.0 });
    let verdict = only(&fixture);
    assert_eq!(
        (verdict.headline().as_str(), verdict.severity),
        ("READ: traffic fallen", Severity::Notice)
    );
    assert_eq!(clauses(&verdict)[0], "read of 3 RCU per second in 12:27, 1,240 in the hour before");
    // Both ways it is one matter.
    consume(&mut fixture, &orders(), WRITE, |at| if at < 21 { 90.0 } else { 0.0 });
    let verdict = only(&fixture);
    assert_eq!((verdict.direction, verdict.since), (None, minute(21)));
    assert_eq!(verdict.headline(), "traffic fallen");
}

#[test]
fn callers_of_a_table_that_throttles_back_off() {
    let mut fixture = reading(|at| if at < 22 { 1_240.0 } else { 3.0 });
    throttle(&mut fixture, &orders(), WRITE, &steady(20..28, 100.0));
    assert!(only(&fixture).cause.is_throttle());
}
