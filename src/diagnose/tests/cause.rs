//! Measured causes, causes that nobody read, and advice.

use super::*;
use crate::model::health::{ErrorClass, Poller};
use crate::model::scaling::{ScalableTarget, Suspended, fixture as scaling};
use crate::store::fixture::{on_demand, provisioned};

fn target(max: f64, scale_out_suspended: bool) -> ScalableTarget {
    let suspended = Suspended { scale_out: scale_out_suspended, ..Suspended::default() };
    ScalableTarget { suspended, ..scaling::target(orders(), WRITE, (10.0, max)) }
}

/// `orders` throttling its writes for one measured cause.
fn throttled_by(limit: Limit, table: Table) -> Fixture {
    let mut fixture = calm(vec![table]);
    throttle(&mut fixture, &orders(), WRITE, &steady(20..28, 100.0));
    reasons(&mut fixture, &orders(), WRITE, &[(limit, steady(20..28, 100.0))]);
    fixture
}

#[test]
fn each_of_the_sixteen_reasons_is_named_as_aws_spells_it() {
    for resource in [orders(), by_customer()] {
        for direction in Direction::ALL {
            for limit in Limit::ALL {
                let mut fixture = calm_orders();
                let events = steady(20..28, 100.0);
                throttle(&mut fixture, &resource, direction, &events);
                reasons(&mut fixture, &resource, direction, &[(limit, events)]);
                let verdict = only(&fixture);
                let reason = Reason::of(&resource, direction, limit);
                assert_eq!(verdict.reason, reason);
                assert_eq!(verdict.cause, Cause::Throttled(limit));
                assert_eq!(verdict.confidence, Confidence::Measured);
                assert_eq!(verdict.candidates, []);
            }
        }
    }
}

#[test]
fn the_larger_reason_is_named_and_a_second_one_is_shown() {
    let mut fixture = calm_orders();
    throttle(&mut fixture, &orders(), WRITE, &steady(20..28, 100.0));
    let counted = [
        (Limit::Provisioned, steady(20..28, 35.0)),
        (Limit::KeyRange, steady(20..28, 60.0)),
        (Limit::AccountLimit, steady(20..28, 5.0)),
    ];
    reasons(&mut fixture, &orders(), WRITE, &counted);
    let verdict = only(&fixture);
    assert_eq!(verdict.headline(), "WRITE: hot partition");
    let shown: Vec<_> = clauses(&verdict).into_iter().filter(|what| what.contains(" % ")).collect();
    assert_eq!(
        shown,
        ["60 % key-range in the last 8 minutes", "35 % provisioned in the last 8 minutes"]
    );
}

#[test]
fn the_cause_is_that_of_the_newest_minutes() {
    let mut fixture = calm_orders();
    throttle(&mut fixture, &orders(), WRITE, &steady(-20..28, 100.0));
    let counted =
        [(Limit::Provisioned, steady(-20..10, 100.0)), (Limit::KeyRange, steady(10..28, 100.0))];
    reasons(&mut fixture, &orders(), WRITE, &counted);
    let verdict = only(&fixture);
    assert_eq!(verdict.cause, Cause::Throttled(Limit::KeyRange));
    assert!(clauses(&verdict).contains(&"100 % key-range in the last 15 minutes"), "{verdict:#?}");
}

#[test]
fn a_cause_that_nobody_read_is_never_guessed() {
    let unread = |denied: Option<(ErrorClass, &'static str)>| {
        let mut fixture = Fixture::new(READ_AT, vec![table("orders", provisioned(1_000.0), &[])]);
        throttle(&mut fixture, &orders(), WRITE, &steady(10..28, 100.0));
        // By consumption alone this would be a hot partition.
        consume(&mut fixture, &orders(), WRITE, |_| 100.0);
        fixture.finish(Poller::Metrics, denied);
        fixture
    };
    let denied = Some((ErrorClass::Denied, "cloudwatch:GetMetricData"));
    let cases = [
        (unread(None), "throttle reasons not known for most of these minutes"),
        (unread(denied), "throttle reasons not read: no permission: cloudwatch:GetMetricData"),
    ];
    for (fixture, why) in cases {
        let verdict = only(&fixture);
        assert_eq!(verdict.cause, Cause::ThrottledUnknown);
        assert_eq!((verdict.confidence, verdict.reason), (Confidence::Unknown, None));
        assert!(clauses(&verdict).contains(&why), "{verdict:#?}");
        assert_eq!(verdict.candidates, [Limit::Provisioned, Limit::KeyRange]);
        assert_eq!(verdict.headline(), "WRITE: cause unknown");
        assert!(verdict.advice.step.contains("ThrottlingReasons"), "{}", verdict.advice);
    }
}

#[test]
fn a_reason_that_was_not_read_may_outweigh_those_that_were() {
    for (events, cause) in
        [(40.0, Cause::ThrottledUnknown), (60.0, Cause::Throttled(Limit::Provisioned))]
    {
        let mut fixture = Fixture::new(READ_AT, vec![table("orders", provisioned(9.0), &[])]);
        throttle(&mut fixture, &orders(), WRITE, &steady(20..28, 100.0));
        let reason = Metric::ThrottleEventsBy(WRITE, Limit::Provisioned);
        fixture.read_sum(&orders(), reason, WINDOW, &steady(20..28, events));
        assert_eq!(only(&fixture).cause, cause, "{events} of 100 events");
    }
}

#[test]
fn stale_reasons_without_a_point_prove_nothing() {
    let mut fixture = calm(vec![table("orders", provisioned(2_000.0), &[])]);
    consume(&mut fixture, &orders(), WRITE, |_| 100.0);
    throttle(&mut fixture, &orders(), WRITE, &steady(10..28, 100.0));
    assert_eq!(only(&fixture).confidence, Confidence::Inferred);
    fixture.go_to(READ_AT + 300);
    throttle(&mut fixture, &orders(), WRITE, &steady(10..28, 100.0));
    let verdict = only(&fixture);
    assert_eq!(verdict.confidence, Confidence::Unknown);
    assert!(clauses(&verdict).contains(&"throttle reasons not read again since they were due"));
}

#[test]
fn more_capacity_is_never_advised_for_a_hot_partition() {
    let tables = [
        table("orders", provisioned(100.0), &[]),
        table("orders", on_demand(None), &[]),
        table("orders", on_demand(Some(500.0)), &[]),
    ];
    for table in tables {
        let mut fixture = throttled_by(Limit::KeyRange, table);
        fixture.tell(News::Scaling(vec![target(100.0, false)]));
        let advice = only(&fixture).advice.to_string();
        assert!(advice.contains("more capacity will not help"), "{advice}");
        assert!(!advice.contains("raise") && !advice.contains("increase"), "{advice}");
    }
}

#[test]
fn advice_on_provisioned_capacity_follows_autoscaling() {
    let cases = [
        (
            Some(target(200.0, false)),
            "autoscaling is at its maximum of 200 WCU",
            "'s maximum for the write capacity of orders (now 10 to 200 WCU, capacity 200)",
        ),
        (
            Some(target(400.0, false)),
            "autoscaling may go from 10 to 400 WCU",
            "'s minimum for the write capacity of orders (now 10 to 400 WCU, capacity 200)",
        ),
        (
            Some(target(400.0, true)),
            "scaling out is suspended",
            "resume scaling out for the write capacity of orders (now 200 WCU)",
        ),
        (
            None,
            "no autoscaling on it",
            "raise the provisioned write capacity of orders (now 200 WCU)",
        ),
    ];
    for (target, seen, advised) in cases {
        let mut fixture =
            throttled_by(Limit::Provisioned, table("orders", provisioned(200.0), &[]));
        fixture.tell(News::Scaling(target.into_iter().collect()));
        fixture.finish(Poller::Scaling, None);
        let verdict = only(&fixture);
        assert!(clauses(&verdict).contains(&seen), "{seen}: {verdict:#?}");
        assert!(verdict.advice.step.contains(advised), "{}", verdict.advice);
    }
    let unread = throttled_by(Limit::Provisioned, table("orders", provisioned(200.0), &[]));
    assert!(clauses(&only(&unread)).contains(&"autoscaling not read"));
    let caution = "if autoscaling manages it, raise its maximum";
    assert_eq!(only(&unread).advice.more, caution);
}

#[test]
fn advice_on_other_limits_names_the_limit_and_its_size() {
    let cases = [
        (
            Limit::MaxOnDemand,
            Some(500.0),
            "raise or remove the on-demand write maximum of orders (now 500 WRU)",
        ),
        (Limit::AccountLimit, None, "Service Quotas"),
        (Limit::AccountLimit, None, "(now 40,000 WRU)"),
    ];
    for (limit, maximum, expected) in cases {
        let advice = only(&throttled_by(limit, table("orders", on_demand(maximum), &[]))).advice;
        assert!(advice.step.contains(expected), "{advice}");
    }
}

#[test]
fn consumption_is_told_against_what_limits_all_of_the_table() {
    let cases = [
        (provisioned(1_500.0), "1,500 of 1,500 WCU per second consumed in 12:27 (100 %)"),
        (on_demand(Some(1_500.0)), "1,500 of 1,500 WRU per second consumed in 12:27 (100 %)"),
        (
            on_demand(Some(90_000.0)),
            "1,500 of the quota of 40,000 WRU per second consumed in 12:27 (4 %)",
        ),
        (on_demand(None), "1,500 of the quota of 40,000 WRU per second consumed in 12:27 (4 %)"),
        (on_demand(None), "warm throughput 12,000 WRU per second"),
    ];
    for (throughput, expected) in cases {
        let mut fixture = throttled_by(Limit::KeyRange, table("orders", throughput, &[]));
        consume(&mut fixture, &orders(), WRITE, |_| 1_500.0);
        let verdict = only(&fixture);
        assert!(clauses(&verdict).contains(&expected), "{verdict:#?}");
    }
}

#[test]
fn an_index_that_pushes_back_explains_its_table() {
    let mut fixture = calm_orders();
    throttle(&mut fixture, &by_customer(), WRITE, &steady(20..28, 100.0));
    consume(&mut fixture, &by_customer(), WRITE, |_| 100.0);
    let counted = [(Limit::Provisioned, steady(20..28, 100.0))];
    reasons(&mut fixture, &by_customer(), WRITE, &counted);
    let verdict = only(&fixture);
    assert_eq!(verdict.explains, [orders()]);
    assert_eq!(verdict.headline(), "WRITE: provisioned capacity");
    assert!(verdict.advice.step.contains("index by-customer of orders"), "{}", verdict.advice);
    let expected = "writes to orders that touch by-customer are refused with it";
    assert!(clauses(&verdict).contains(&expected));
    let consumed = "100 of 100 WCU per second consumed in 12:27 (100 %)";
    assert!(clauses(&verdict).contains(&consumed), "{verdict:#?}");
}
