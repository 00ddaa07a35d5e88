//! What is the application's own doing: failed conditions and transaction conflicts.

use super::*;
use crate::store::fixture::{minute, provisioned};

/// `orders`, consuming so many write units per second, with so many failed conditions by minute.
fn failing(units: f64, failed: &[(i64, f64)]) -> Fixture {
    let mut fixture = calm(vec![table("orders", provisioned(200.0), &[])]);
    consume(&mut fixture, &orders(), WRITE, |_| units);
    let metric = Metric::ConditionalCheckFailedRequests;
    fixture.read_sum(&orders(), metric, WINDOW, failed);
    fixture
}

#[test]
fn failed_conditions_are_told_when_they_are_many_and_many_of_the_writes() {
    type Case<'a> = (&'a str, f64, Vec<(i64, f64)>, Option<i64>);
    let cases: &[Case<'_>] = &[
        ("none", 100.0, vec![], None),
        ("half of the writes", 100.0, steady(20..28, 3_000.0), Some(20)),
        ("a share that many applications live with", 100.0, steady(20..28, 1_700.0), None),
        ("a third of few writes", 10.0, steady(20..28, 250.0), None),
        ("one minute", 100.0, vec![(27, 3_000.0)], None),
        ("minutes that may still change", 100.0, vec![(27, 3e3), (28, 3e3), (29, 3e3)], None),
        ("over since", 100.0, steady(10..22, 3_000.0), None),
    ];
    for (name, units, failed, since) in cases {
        let found = diagnose(&failing(*units, failed));
        let found: Vec<_> =
            found.into_iter().map(|verdict| (verdict.cause, verdict.since)).collect();
        let expected = since.map(|since| (Cause::ConditionalChecks, minute(since)));
        assert_eq!(found, Vec::from_iter(expected), "{name}");
    }
}

#[test]
fn failed_conditions_are_the_applications_and_cost_write_units() {
    let verdict = only(&failing(100.0, &steady(20..28, 4_500.0)));
    assert_eq!(verdict.headline(), "WRITE: failed conditions");
    assert_eq!(
        (verdict.severity, verdict.cause.as_str()),
        (Severity::Trouble, "conditional-check-failures")
    );
    assert_eq!(
        clauses(&verdict),
        [
            "4,500 failed conditions in 12:27",
            "they took at least 75 % of the 100 write units per second consumed",
            "HTTP 400, but not among the account's user errors",
        ]
    );
    assert!(verdict.advice.step.contains("More capacity only pays for more attempts"));
    // What was there before anything is known may be how the application works.
    assert_eq!(only(&failing(100.0, &steady(-30..28, 4_500.0))).severity, Severity::Notice);
}

#[test]
fn failed_conditions_that_came_first_explain_the_throttle_that_they_led_to() {
    let throttled_from = |first: i64, failed: f64| {
        let mut fixture = failing(200.0, &steady(15..28, failed));
        throttle(&mut fixture, &orders(), WRITE, &steady(first..28, 500.0));
        let counted = [(Limit::Provisioned, steady(first..28, 500.0))];
        reasons(&mut fixture, &orders(), WRITE, &counted);
        let found = diagnose(&fixture);
        found.into_iter().map(|verdict| (verdict.cause, verdict.explains)).collect::<Vec<_>>()
    };
    let throttle = Cause::Throttled(Limit::Provisioned);
    let (storm, alone) = (Cause::ConditionalChecks, vec![]);
    assert_eq!(throttled_from(18, 9_000.0), [(storm, vec![orders()]), (throttle, alone.clone())]);
    let others = [(throttle, alone.clone()), (storm, alone)];
    assert_eq!(throttled_from(10, 9_000.0), others, "it throttled before");
    assert_eq!(throttled_from(18, 4_000.0), others, "they are not most of the writes");
}

#[test]
fn failed_conditions_that_nobody_reads_any_more_are_not_judged_for_ever() {
    let mut fixture = failing(100.0, &steady(20..28, 4_500.0));
    let go_on = |fixture: &mut Fixture, minutes: i64| {
        fixture.go_to(READ_AT + minutes * 60);
        let window = minutes..minutes + 30;
        fixture.read_sum(&orders(), Metric::ThrottleEvents(WRITE), window.clone(), &[]);
        fixture.publish(&orders(), window);
    };
    go_on(&mut fixture, 10);
    assert!(clauses(&only(&fixture)).contains(&"stale: nothing newer than 12:27 could be read"));
    go_on(&mut fixture, 20);
    assert_eq!(diagnose(&fixture), []);
}

/// `orders` with so many transactions done and conflicts met in each minute from 12:20 on.
fn conflicting(done: f64, met: f64) -> Fixture {
    let mut fixture = calm(vec![table("orders", provisioned(200.0), &[])]);
    serve(&mut fixture, &["GetItem", "TransactWriteItems"]);
    requests(&mut fixture, "TransactWriteItems", |_| done);
    requests(&mut fixture, "GetItem", |_| 90_000.0);
    fixture.read_sum(&orders(), Metric::TransactionConflict, WINDOW, &steady(20..28, met));
    fixture
}

#[test]
fn transaction_conflicts_are_told_when_they_are_many_of_the_transactions() {
    for (done, met, expected) in
        [(3_000.0, 1_000.0, true), (3_000.0, 700.0, false), (100.0, 59.0, false), (0.0, 60.0, true)]
    {
        let found = diagnose(&conflicting(done, met));
        let found: Vec<Cause> = found.iter().map(|verdict| verdict.cause).collect();
        let expected = Vec::from_iter(expected.then_some(Cause::TransactionConflicts));
        assert_eq!(found, expected, "{met} beside {done}");
    }
    let verdict = only(&conflicting(3_000.0, 1_000.0));
    assert_eq!(
        clauses(&verdict)[0],
        "1,000 transaction conflicts in 12:27, beside 3,000 transactions that were done (25 %)"
    );
    assert_eq!(verdict.headline(), "transaction conflicts");
    assert!(verdict.advice.step.ends_with("More capacity will not help"));
}
