//! What keeps autoscaling from helping: behind a throttle, or before there is one.

use super::*;
use crate::model::event::{Activity, Event, Happening};
use crate::model::health::Poller;
use crate::model::scaling::{ScalableTarget, Suspended, fixture as scaling};
use crate::store::fixture::events::{event, not_scaled, out_of_decreases, set_writes};
use crate::store::fixture::{minute, on_demand, provisioned};

fn target(max: f64) -> ScalableTarget {
    scaling::target(orders(), WRITE, (10.0, max))
}

fn suspended(max: f64) -> ScalableTarget {
    let suspended = Suspended { scale_out: true, ..Suspended::default() };
    ScalableTarget { suspended, ..target(max) }
}

/// `orders` with 200 WCU, so many of which are used from 12:20 on.
fn using(units: f64, target: ScalableTarget) -> Fixture {
    let mut fixture = calm(vec![table("orders", provisioned(200.0), &[])]);
    consume(&mut fixture, &orders(), WRITE, |at| if at >= 20 { units } else { 50.0 });
    fixture.tell(News::Scaling(vec![target]));
    fixture.finish(Poller::Scaling, None);
    fixture
}

fn after(mut fixture: Fixture, at: i64, activity: Activity) -> Fixture {
    let event: Event = event(at * 60, Happening::Scaling(activity));
    fixture.tell(News::Events(vec![event]));
    fixture
}

fn failed() -> Activity {
    let message = "Failed to set write capacity units to 300. Reason: Table is being updated.";
    let message = Some(Arc::from(message));
    Activity { status: Arc::from("Failed"), message, ..set_writes("f", 300, "AlarmHigh") }
}

#[test]
fn capacity_that_is_pressed_is_told_before_it_throttles_if_autoscaling_will_not_help() {
    use Hindrance::{AtMaximum, Failing, OutOfDecreases, ScaleOutSuspended};
    type Case<'a> = (&'a str, Fixture, Option<(Hindrance, i64)>);
    let cases: [Case<'_>; 10] = [
        ("room to grow", using(190.0, target(400.0)), None),
        ("at its maximum", using(160.0, target(200.0)), Some((AtMaximum, 20))),
        ("at its maximum, and calm", using(159.0, target(200.0)), None),
        ("suspended", using(170.0, suspended(400.0)), Some((ScaleOutSuspended, 20))),
        ("suspended, and calm", using(100.0, suspended(400.0)), None),
        ("failing", after(using(100.0, target(400.0)), 11, failed()), Some((Failing, 11))),
        ("failed long ago", after(using(100.0, target(400.0)), -31, failed()), None),
        (
            "no decrease is left",
            after(using(20.0, target(400.0)), 12, out_of_decreases("d")),
            Some((OutOfDecreases, 12)),
        ),
        (
            "decided to change nothing",
            after(using(100.0, target(400.0)), 12, not_scaled("n", "AlreadyAtDesiredCapacity")),
            None,
        ),
        (
            "it went well since",
            after(
                after(using(100.0, target(400.0)), 11, failed()),
                14,
                set_writes("s", 200, "AlarmHigh"),
            ),
            None,
        ),
    ];
    for (name, fixture, expected) in cases {
        let found = diagnose(&fixture);
        let found: Vec<_> = found.iter().map(|v| (v.cause, v.since, v.severity)).collect();
        let expected = expected.map(|(hindrance, since)| {
            (Cause::Autoscaling(hindrance), minute(since), Severity::Notice)
        });
        assert_eq!(found, Vec::from_iter(expected), "{name}");
    }
}

#[test]
fn the_notice_tells_the_use_and_what_to_change() {
    let verdict = only(&using(190.0, target(200.0)));
    assert_eq!(verdict.headline(), "WRITE: autoscaling at max");
    assert_eq!(
        clauses(&verdict),
        [
            "190 of 200 WCU per second consumed in 12:27 (95 %)",
            "autoscaling is at its maximum of 200 WCU",
            "190 WCU per second asked for in 12:27, and served: 280 is that at a use of 70 %",
        ]
    );
    let step = "before it throttles: raise autoscaling's maximum for the write capacity of orders to at least 280 WCU \
                (now 200 WCU)";
    assert_eq!((&*verdict.advice.step, verdict.advice.raise_to), (step, Some(280.0)));
    let verdict = only(&after(using(100.0, target(400.0)), 11, failed()));
    assert_eq!(
        clauses(&verdict),
        [
            "autoscaling in 12:11: Failed to set write capacity units to 300. Reason: Table is being updated"
        ]
    );
}

#[test]
fn a_throttle_names_what_stands_behind_it_and_there_is_no_second_verdict() {
    let throttled = |mut fixture: Fixture, limit| {
        throttle(&mut fixture, &orders(), WRITE, &steady(20..28, 100.0));
        reasons(&mut fixture, &orders(), WRITE, &[(limit, steady(20..28, 100.0))]);
        only(&fixture)
    };
    let behind = |fixture, limit| throttled(fixture, limit).behind;
    let full = |target| using(200.0, target);
    let limit = Limit::Provisioned;
    assert_eq!(behind(full(target(200.0)), limit), Some(Hindrance::AtMaximum));
    assert_eq!(behind(full(suspended(400.0)), limit), Some(Hindrance::ScaleOutSuspended));
    assert_eq!(behind(full(target(400.0)), limit), None);
    assert_eq!(behind(full(target(200.0)), Limit::KeyRange), None, "that is not why");
    let failing = throttled(after(full(target(400.0)), 11, failed()), limit);
    assert_eq!(failing.behind, Some(Hindrance::Failing));
    assert!(
        failing.advice.step.contains("orders by hand to at least 290 WCU"),
        "{}",
        failing.advice
    );
    assert_eq!(failing.advice.opens, Some(Opens::Change));
    // What cannot be lowered keeps nothing from being raised.
    let spent = after(full(target(400.0)), 11, out_of_decreases("d"));
    assert_eq!(behind(spent, limit), None);
}

#[test]
fn a_target_that_does_nothing_is_told_only_where_more_is_wanted() {
    let with = |maximum, units: f64| {
        let mut fixture = calm(vec![table("orders", on_demand(maximum), &[])]);
        consume(&mut fixture, &orders(), WRITE, |_| units);
        fixture.tell(News::Scaling(vec![target(4_000.0)]));
        fixture
    };
    assert_eq!(diagnose(&with(None, 900.0)), []);
    assert_eq!(diagnose(&with(Some(1_000.0), 700.0)), []);
    let near = only(&with(Some(1_000.0), 800.0));
    assert_eq!((near.cause, near.severity), (Cause::InertTarget, Severity::Notice));
    let throttled_by = |limit| {
        let mut throttled = with(None, 900.0);
        throttle(&mut throttled, &orders(), WRITE, &steady(20..28, 100.0));
        reasons(&mut throttled, &orders(), WRITE, &[(limit, steady(20..28, 100.0))]);
        diagnose(&throttled)
    };
    assert_eq!(throttled_by(Limit::KeyRange).len(), 1, "autoscaling would not help either");
    let found = throttled_by(Limit::AccountLimit);
    let causes: Vec<Cause> = found.iter().map(|verdict| verdict.cause).collect();
    assert_eq!(causes, [Cause::Throttled(Limit::AccountLimit), Cause::InertTarget]);
    assert_eq!(
        clauses(&found[1]),
        ["a scalable target from 10 to 4,000 WRU is registered, and does nothing on-demand"]
    );
}
