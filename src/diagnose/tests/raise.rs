//! To how much a limit is to be raised.

use super::*;
use crate::model::event::Change;
use crate::model::health::Poller;
use crate::model::scaling::{ScalableTarget, fixture as scaling};
use crate::model::table::Throughput;
use crate::store::fixture::events::{changed, event};
use crate::store::fixture::{on_demand, provisioned, second};

/// Minutes that throttle.
const THROTTLED: Range<i64> = 18..28;

/// `orders`, whose writes consume so much by minute and are refused so often in each throttled minute by `limit`.
fn short(limit: Limit, throughput: Throughput, units: impl Fn(i64) -> f64, events: f64) -> Fixture {
    let mut fixture = calm(vec![table("orders", throughput, &[])]);
    consume(&mut fixture, &orders(), WRITE, units);
    throttle(&mut fixture, &orders(), WRITE, &steady(THROTTLED, events));
    reasons(&mut fixture, &orders(), WRITE, &[(limit, steady(THROTTLED, events))]);
    fixture.finish(Poller::Scaling, None);
    fixture
}

fn target(bounds: (f64, f64)) -> ScalableTarget {
    scaling::target(orders(), WRITE, bounds)
}

#[test]
fn a_raise_is_what_was_served_and_refused_with_room_above_it() {
    // 3,300 refused a minute are 55 a second.
    let verdict = only(&short(Limit::Provisioned, provisioned(200.0), |_| 200.0, 3_300.0));
    let step = "raise the provisioned write capacity of orders to at least 370 WCU (now 200 WCU)";
    assert_eq!((&*verdict.advice.step, verdict.advice.raise_to), (step, Some(370.0)));
    let told = "at least 255 WCU per second asked for in 12:27 (200 served, 55 requests refused, counted as one unit \
                each): 370 is that at a use of 70 %";
    assert!(clauses(&verdict).contains(&told), "{verdict:#?}");
}

#[test]
fn what_the_burst_bank_served_before_counts_where_it_is_more() {
    let burst = |at: i64| if (12..18).contains(&at) { 420.0 } else { 200.0 };
    let verdict = only(&short(Limit::Provisioned, provisioned(200.0), burst, 3_300.0));
    assert_eq!(verdict.advice.raise_to, Some(600.0));
    let told = "420 WCU per second asked for in 12:17, and served: 600 is that at a use of 70 %";
    assert!(clauses(&verdict).contains(&told), "{verdict:#?}");
    let long_ago = |at: i64| if at < 8 { 420.0 } else { 200.0 };
    let verdict = only(&short(Limit::Provisioned, provisioned(200.0), long_ago, 3_300.0));
    assert_eq!(verdict.advice.raise_to, Some(370.0));
}

#[test]
fn the_use_is_the_one_that_autoscaling_aims_at_and_both_bounds_are_raised_where_needed() {
    let advice = |bounds, percent| {
        let mut target = target(bounds);
        for tracking in target.policies.iter_mut().filter_map(|it| it.tracking.as_mut()) {
            tracking.target_value = percent;
        }
        let mut fixture = short(Limit::Provisioned, provisioned(200.0), |_| 200.0, 3_300.0);
        fixture.tell(News::Scaling(vec![target]));
        only(&fixture).advice
    };
    for (bounds, percent, expected, to) in [
        ((10.0, 200.0), 70.0, "raise autoscaling's maximum for", 370.0),
        ((10.0, 400.0), 70.0, "raise autoscaling's minimum for", 370.0),
        ((10.0, 300.0), 70.0, "raise autoscaling's minimum and maximum for", 370.0),
        ((10.0, 900.0), 40.0, "raise autoscaling's minimum for", 640.0),
    ] {
        let advice = advice(bounds, percent);
        assert!(advice.step.starts_with(expected), "{advice}");
        assert_eq!(advice.raise_to, Some(to), "{advice}");
        assert!(advice.step.contains(&format!("to at least {to} WCU (now 10 to")), "{advice}");
    }
}

#[test]
fn a_minimum_above_the_capacity_is_waited_for_and_not_asked_for_again() {
    let mut fixture = short(Limit::Provisioned, provisioned(200.0), |_| 200.0, 3_300.0);
    fixture.tell(News::Scaling(vec![target((500.0, 900.0))]));
    let verdict = only(&fixture);
    let step = "wait: autoscaling's minimum of 500 WCU is above the write capacity of orders, and raises it to that \
                within about a minute";
    assert_eq!((&*verdict.advice.step, verdict.advice.raise_to), (step, None));
    assert!(clauses(&verdict).contains(&"200 WCU provisioned, below autoscaling's minimum of 500"));
}

#[test]
fn an_on_demand_maximum_is_raised_by_the_same_rule_and_not_above_the_quota_of_a_table() {
    for (maximum, units, events, to) in [
        (600.0, 600.0, 14_160.0, Some(1_200.0)),
        // More is asked for than the quota gives.
        (30_000.0, 30_000.0, 1_800_000.0, None),
        (30_000.0, 30_000.0, 60_000.0, Some(40_000.0)),
    ] {
        let verdict = only(&short(Limit::MaxOnDemand, on_demand(Some(maximum)), |_| units, events));
        assert_eq!(verdict.advice.raise_to, to, "{}", verdict.advice);
    }
    let verdict = only(&short(Limit::MaxOnDemand, on_demand(Some(600.0)), |_| 600.0, 14_160.0));
    let step = "raise the on-demand write maximum of orders to at least 1,200 WRU per second (now 600 WRU), or remove it";
    assert_eq!(verdict.advice.step, step);
}

#[test]
fn no_number_is_given_where_there_is_none_to_give() {
    let half = short(Limit::Provisioned, provisioned(200.0), |_| 100.0, 100.0);
    assert_eq!(only(&half).advice.raise_to, None, "70 % of what there is would do by the minute");
    let mut unread = Fixture::new(READ_AT, vec![table("orders", provisioned(200.0), &[])]);
    throttle(&mut unread, &orders(), WRITE, &steady(THROTTLED, 100.0));
    reasons(&mut unread, &orders(), WRITE, &[(Limit::Provisioned, steady(THROTTLED, 100.0))]);
    let advice = only(&unread).advice;
    assert!(advice.step.starts_with("raise the provisioned") && advice.raise_to.is_none());
    for limit in [Limit::KeyRange, Limit::AccountLimit] {
        let other = short(limit, on_demand(None), |_| 900.0, 30_000.0);
        assert_eq!(only(&other).advice.raise_to, None);
    }
}

#[test]
fn what_another_limit_refused_does_not_count() {
    let mut fixture = short(Limit::Provisioned, provisioned(200.0), |_| 200.0, 6_600.0);
    let half = || steady(THROTTLED, 3_300.0);
    let counted = [(Limit::Provisioned, steady(THROTTLED, 3_300.1)), (Limit::KeyRange, half())];
    reasons(&mut fixture, &orders(), WRITE, &counted);
    assert_eq!(only(&fixture).advice.raise_to, Some(370.0));
}

#[test]
fn after_a_raise_nothing_more_is_advised_while_nothing_is_refused() {
    let advice = |raised: i64| {
        let minute = Some(second(raised * 60));
        let throughput = Throughput { last_increase: minute, ..provisioned(500.0) };
        let mut fixture = short(Limit::Provisioned, throughput, |_| 200.0, 900.0);
        let change = Change::Capacity { direction: WRITE, from: 200.0, to: 500.0 };
        fixture.tell(News::Events(vec![event(raised * 60, changed(&orders(), change))]));
        // Four calm minutes do not end a trouble.
        throttle(&mut fixture, &orders(), WRITE, &steady(18..24, 900.0));
        only(&fixture).advice.to_string()
    };
    let calm = "wait: the write capacity of orders was raised to 500 WCU at 12:22; nothing was refused since";
    assert_eq!(advice(22), calm);
    assert!(advice(21).starts_with("raise the provisioned write capacity"), "it was no help");
}
