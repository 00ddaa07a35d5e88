//! Causes inferred where AWS publishes no reasons: right or unknown, never wrong.

use super::*;
use crate::model::table::Throughput;
use crate::store::fixture::{on_demand, provisioned, second};

/// What is known of a table whose writes are throttled for reasons that are not published.
struct Case {
    name: &'static str,
    throughput: Throughput,
    /// Minutes with throttle events, and how many.
    throttled: Vec<(i64, f64)>,
    /// Consumed units per second by minute.
    consumed: fn(i64) -> f64,
    expected: Option<Limit>,
}

fn throttled(case: &Case) -> Fixture {
    let mut fixture = calm(vec![table("orders", case.throughput, &[])]);
    throttle(&mut fixture, &orders(), WRITE, &case.throttled);
    consume(&mut fixture, &orders(), WRITE, case.consumed);
    fixture
}

fn check(cases: &[Case]) {
    for case in cases {
        let verdict = only(&throttled(case));
        let (cause, confidence) = match case.expected {
            Some(limit) => (Cause::Throttled(limit), Confidence::Inferred),
            None => (Cause::ThrottledUnknown, Confidence::Unknown),
        };
        assert_eq!(verdict.cause, cause, "{}: {verdict:#?}", case.name);
        assert_eq!(verdict.confidence, confidence, "{}", case.name);
        assert_eq!(verdict.candidates.is_empty(), case.expected.is_some(), "{}", case.name);
    }
}

#[test]
fn on_provisioned_capacity_the_burst_bank_decides() {
    let long = || steady(18..28, 300.0);
    let case = |name, units, throttled, consumed, expected| Case {
        name,
        throughput: provisioned(units),
        throttled,
        consumed,
        expected,
    };
    check(&[
        case("much left unused", 4_000.0, long(), |_| 1_200.0, Some(Limit::KeyRange)),
        case(
            "most used, some saved each minute",
            2_000.0,
            long(),
            |_| 1_450.0,
            Some(Limit::KeyRange),
        ),
        case("too little saved to be sure", 2_000.0, long(), |_| 1_700.0, None),
        case("pinned, but what was banked may be left", 200.0, long(), |_| 199.0, None),
        case(
            "pinned for long, too small for a full partition",
            2.0,
            steady(18..28, 100.0),
            |_| 2.0,
            Some(Limit::Provisioned),
        ),
        case("pinned above what a partition gives", 2_000.0, long(), |_| 2_000.0, None),
        case("pinned, but far more was refused", 200.0, steady(18..28, 9_000.0), |_| 200.0, None),
        case("above it, so the bank was in use", 200.0, long(), |_| 260.0, None),
        case(
            "a bank emptied in one minute",
            100.0,
            steady(18..28, 300.0),
            |minute| if minute % 4 == 0 { 250.0 } else { 50.0 },
            None,
        ),
        case(
            "a bank emptied before it was pinned",
            10.0,
            steady(18..28, 150.0),
            |minute| if minute < 18 { 20.0 } else { 10.0 },
            Some(Limit::Provisioned),
        ),
        case(
            "a bank emptied, but a minute may save enough for a full partition",
            20.0,
            steady(18..28, 150.0),
            |minute| if minute < 18 { 40.0 } else { 20.0 },
            None,
        ),
        case(
            "most events before it was pinned",
            10.0,
            [steady(18..21, 900.0), steady(21..28, 150.0)].concat(),
            |minute| if minute < 21 { 20.0 } else { 10.0 },
            None,
        ),
        case("only two minutes", 4_000.0, steady(26..28, 300.0), |_| 1_200.0, None),
        case("nothing provisioned", 0.0, long(), |_| 0.0, None),
    ]);
}

#[test]
fn on_demand_a_full_partition_shows_in_the_consumption() {
    let long = || steady(18..28, 200.0);
    let case = |name, maximum, consumed, expected| Case {
        name,
        throughput: on_demand(maximum),
        throttled: long(),
        consumed,
        expected,
    };
    check(&[
        case("far below the quota", None, |_| 1_500.0, Some(Limit::KeyRange)),
        case("too little for a partition that is full", None, |_| 200.0, None),
        case("near the quota", None, |_| 39_900.0, None),
        case("half the quota", None, |_| 25_000.0, None),
        case("far below the maximum", Some(6_000.0), |_| 1_200.0, Some(Limit::KeyRange)),
        case("pinned to a small maximum", Some(500.0), |_| 490.0, Some(Limit::MaxOnDemand)),
        case("pinned to a maximum that one key could pass", Some(990.0), |_| 990.0, None),
        case("pinned to a large maximum", Some(5_000.0), |_| 4_990.0, None),
        case("a spike on one key may meet the maximum", Some(2_500.0), |_| 1_150.0, None),
        case("in between", Some(500.0), |_| 350.0, None),
        case("spikes under a small maximum", Some(500.0), |_| 100.0, None),
    ]);
}

#[test]
fn what_cannot_refuse_is_no_candidate() {
    let cases = [
        (provisioned(100.0), vec![Limit::Provisioned, Limit::KeyRange]),
        (on_demand(None), vec![Limit::AccountLimit, Limit::KeyRange]),
        (on_demand(Some(900.0)), vec![Limit::MaxOnDemand, Limit::KeyRange]),
    ];
    for (throughput, expected) in cases {
        let mut fixture = calm(vec![table("orders", throughput, &[])]);
        throttle(&mut fixture, &orders(), WRITE, &steady(26..28, 300.0));
        assert_eq!(only(&fixture).candidates, expected);
    }
}

#[test]
fn reads_have_their_own_partition_limit() {
    for (consumed, expected) in [(1_200.0, None), (2_600.0, Some(Limit::KeyRange))] {
        let mut fixture = calm(vec![table("orders", on_demand(None), &[])]);
        throttle(&mut fixture, &orders(), Direction::Read, &steady(18..28, 300.0));
        consume(&mut fixture, &orders(), Direction::Read, |_| consumed);
        let cause = expected.map_or(Cause::ThrottledUnknown, Cause::Throttled);
        assert_eq!(only(&fixture).cause, cause, "{consumed} RCU per second");
    }
}

#[test]
fn minutes_before_a_change_of_capacity_are_not_judged_by_what_came_after() {
    let raised = |at: i64| {
        let throughput =
            Throughput { last_increase: Some(second(60 * at)), ..provisioned(4_000.0) };
        throttled(&Case {
            name: "",
            throughput,
            throttled: steady(18..28, 300.0),
            consumed: |_| 1_000.0,
            expected: None,
        })
    };
    // With a quarter of today's capacity, all of these minutes would have been at the limit.
    assert_eq!(only(&raised(25)).cause, Cause::ThrottledUnknown);
    assert_eq!(only(&raised(19)).cause, Cause::Throttled(Limit::KeyRange));

    let mut seen = raised(0);
    seen.go_to(READ_AT + 1);
    seen.tell(News::Table(Box::new(table("orders", on_demand(None), &[]))));
    assert_eq!(only(&seen).cause, Cause::ThrottledUnknown, "another billing mode was seen");
}

#[test]
fn a_description_says_nothing_about_later_minutes() {
    let mut fixture = Fixture::new(19 * 60, vec![table("orders", provisioned(4_000.0), &[])]);
    let quotas = calm_orders().reading().quotas().unwrap();
    fixture.tell(News::Quotas(quotas));
    fixture.go_to(READ_AT);
    throttle(&mut fixture, &orders(), WRITE, &steady(18..28, 300.0));
    consume(&mut fixture, &orders(), WRITE, |_| 1_000.0);
    reasons(&mut fixture, &orders(), WRITE, &[]);
    assert_eq!(only(&fixture).cause, Cause::ThrottledUnknown);
}

#[test]
fn consumption_proves_nothing_while_another_index_refuses() {
    let index = ("by-customer", provisioned(10.0));
    let mut fixture = calm(vec![table("orders", provisioned(4_000.0), &[index])]);
    throttle(&mut fixture, &orders(), WRITE, &steady(18..28, 300.0));
    consume(&mut fixture, &orders(), WRITE, |_| 1_000.0);
    assert_eq!(only(&fixture).cause, Cause::Throttled(Limit::KeyRange));
    throttle(&mut fixture, &by_customer(), WRITE, &[(20, 1.0)]);
    assert_eq!(only(&fixture).cause, Cause::ThrottledUnknown);
}

#[test]
fn a_minute_without_consumption_data_is_not_taken_for_an_idle_one() {
    let mut fixture = calm(vec![table("orders", provisioned(4_000.0), &[])]);
    throttle(&mut fixture, &orders(), WRITE, &steady(18..28, 300.0));
    fixture.read_sum(&orders(), Metric::Consumed(WRITE), WINDOW, &[]);
    assert_eq!(only(&fixture).cause, Cause::ThrottledUnknown);
}
