//! Capacity that was lowered just before: what explains a throttle, and what does not.

use super::*;
use crate::model::event::{Change, Ending, Event, Happening, OwnWrite};
use crate::model::health::Poller;
use crate::model::table::Throughput;
use crate::store::fixture::events::{changed, event, set_writes};
use crate::store::fixture::{minute, provisioned, second};

/// What `orders` consumes, by minute: 200 WCU per second, and from 12:12 on the 100 it then has.
fn served(at: i64) -> f64 {
    if at < 12 { 200.0 } else { 100.0 }
}

/// `orders` with 100 WCU that refuses writes from 12:17 on for lack of them, and what happened.
fn short(consumed: impl Fn(i64) -> f64, events: Vec<Event>) -> Fixture {
    described(consumed, events, provisioned(100.0))
}

fn described(consumed: impl Fn(i64) -> f64, events: Vec<Event>, throughput: Throughput) -> Fixture {
    let mut fixture = calm(vec![table("orders", throughput, &[])]);
    consume(&mut fixture, &orders(), WRITE, consumed);
    throttle(&mut fixture, &orders(), WRITE, &steady(17..28, 900.0));
    let counted = [(Limit::Provisioned, steady(17..28, 900.0))];
    reasons(&mut fixture, &orders(), WRITE, &counted);
    fixture.tell(News::Events(events));
    fixture.finish(Poller::Activities, None);
    fixture
}

fn lowered(at: i64, from: f64, to: f64) -> Event {
    event(at * 60, changed(&orders(), Change::Capacity { direction: WRITE, from, to }))
}

fn causes(fixture: &Fixture) -> Vec<Cause> {
    diagnose(fixture).iter().map(|verdict| verdict.cause).collect()
}

const BOTH: [Cause; 2] = [Cause::CapacityLowered, Cause::Throttled(Limit::Provisioned)];
const THROTTLE: [Cause; 1] = [Cause::Throttled(Limit::Provisioned)];

#[test]
fn a_decrease_comes_before_the_throttle_that_it_explains() {
    let found = diagnose(&short(served, vec![lowered(12, 300.0, 100.0)]));
    assert_eq!(found.iter().map(|verdict| verdict.cause).collect::<Vec<_>>(), BOTH);
    let first = &found[0];
    assert_eq!(first.explains, [orders()]);
    assert_eq!((first.since, first.severity), (minute(12), Severity::Trouble));
    assert_eq!(first.headline(), "WRITE: capacity lowered (inferred)");
    assert_eq!(
        clauses(first),
        [
            "write capacity lowered from 300 to 100 WCU in 12:12",
            "no scaling activity tells of it: a person or a deployment",
            "200 WCU per second were served in the 20 minutes before",
        ]
    );
    assert_eq!(first.advice.step, "put the write capacity of orders back to 300 WCU");
    assert_eq!(first.advice.opens, Some(Opens::Change));
}

#[test]
fn a_decrease_that_does_not_explain_the_throttle_is_not_blamed() {
    let rising = |at: i64| if at < 15 { 60.0 } else { 100.0 };
    let cases = [
        ("it was long before", short(served, vec![lowered(-14, 300.0, 100.0)])),
        ("it came afterwards", short(served, vec![lowered(19, 300.0, 100.0)])),
        ("it was an increase", short(served, vec![lowered(12, 50.0, 100.0)])),
        ("it was undone", short(served, vec![lowered(12, 300.0, 40.0)])),
        // 100 served and 900 refused a minute, of 4 units each, may have been 160 per second.
        ("traffic rose, and above what there was", short(rising, vec![lowered(12, 150.0, 100.0)])),
    ];
    for (name, fixture) in cases {
        assert_eq!(causes(&fixture), THROTTLE, "{name}");
    }
    let enough = short(rising, vec![lowered(12, 160.0, 100.0)]);
    assert_eq!(causes(&enough), BOTH, "the old capacity would have done");
    let mut hot = short(served, vec![lowered(12, 300.0, 100.0)]);
    let counted = [(Limit::KeyRange, steady(17..28, 900.0))];
    reasons(&mut hot, &orders(), WRITE, &counted);
    assert_eq!(causes(&hot), [Cause::Throttled(Limit::KeyRange)]);
}

#[test]
fn it_is_told_who_did_it() {
    let act = |alarm| event(11 * 60 + 30, Happening::Scaling(set_writes("a", 100, alarm)));
    let own = OwnWrite {
        id: Arc::from("w"),
        resource: Some(orders()),
        direction: Some(WRITE),
        title: "write autoscaling of orders".to_owned(),
        changes: "maximum 300 WCU -> 100 WCU".to_owned(),
        ending: Ending::Done,
        who: Arc::from("arn:aws:iam::123456789012:user/ann"),
        is_undo: false,
    };
    let own = event(11 * 60, Happening::Write(own));
    let seen = lowered(12, 300.0, 100.0);
    let cases = [
        (
            vec![seen.clone()],
            "no scaling activity tells of it: a person or a deployment",
            "put the write",
        ),
        (
            vec![seen.clone(), act("AlarmLow")],
            "by autoscaling: monitor alarm TargetTracking-table/orders-AlarmLow-1c9a in state ALARM triggered policy $orders-write-scaling-policy",
            "raise autoscaling's minimum",
        ),
        (
            vec![seen.clone(), own],
            "by arn:aws:iam::123456789012:user/ann from here: write autoscaling of orders",
            "take back the write",
        ),
    ];
    for (events, who, advice) in cases {
        let found = diagnose(&short(served, events));
        assert_eq!(clauses(&found[0])[1], who);
        assert!(found[0].advice.step.starts_with(advice), "{}", found[0].advice);
    }
    let mut unread = calm(vec![table("orders", provisioned(100.0), &[])]);
    consume(&mut unread, &orders(), WRITE, served);
    throttle(&mut unread, &orders(), WRITE, &steady(17..28, 900.0));
    reasons(&mut unread, &orders(), WRITE, &[(Limit::Provisioned, steady(17..28, 900.0))]);
    unread.tell(News::Events(vec![seen]));
    let unknown = "by whom is not known: activities not read";
    assert_eq!(clauses(&diagnose(&unread)[0])[1], unknown);
}

#[test]
fn a_decrease_that_was_not_seen_is_known_by_its_date_or_its_activity() {
    let dated = Throughput { last_decrease: Some(second(12 * 60)), ..provisioned(100.0) };
    let found = diagnose(&described(served, vec![], dated));
    assert_eq!(clauses(&found[0])[0], "write capacity lowered to 100 WCU in 12:12");
    assert!(found[0].advice.step.contains("back to more than 200 WCU"), "{}", found[0].advice);
    // Reads may be what was lowered: five minutes of banked capacity served this.
    let little = |at: i64| if at < 12 { 120.0 } else { 100.0 };
    assert_eq!(causes(&described(little, vec![], dated)), THROTTLE);
    // An activity tells which it was, and the one before from what.
    let acts = |units: [u32; 2]| {
        let [first, second] = units;
        vec![
            event(-60 * 60, Happening::Scaling(set_writes("a", first, "AlarmHigh"))),
            event(12 * 60, Happening::Scaling(set_writes("b", second, "AlarmLow"))),
        ]
    };
    let found = diagnose(&described(little, acts([240, 100]), dated));
    assert_eq!(clauses(&found[0])[0], "write capacity lowered from 240 to 100 WCU in 12:12");
}

#[test]
fn where_no_change_was_seen_the_metric_tells_what_there_was_before() {
    let dated = Throughput { last_decrease: Some(second(12 * 60)), ..provisioned(100.0) };
    let with = |units: f64| {
        let mut fixture = described(served, vec![], dated);
        let key = SeriesKey::provisioned(orders(), WRITE);
        let points: Vec<(i64, f64)> = (-12..2).map(|step| (step * 5, units)).collect();
        fixture.read(&key, -60..10, &points);
        fixture
    };
    let found = diagnose(&with(400.0));
    assert_eq!(found[0].cause, Cause::CapacityLowered);
    assert_eq!(clauses(&found[0])[0], "write capacity lowered from 400 to 100 WCU in 12:12");
    let advice = "put the write capacity of orders back to 400 WCU";
    assert!(found[0].advice.step.starts_with(advice), "{}", found[0].advice);
    // It was reads that were lowered: they share the date.
    assert_eq!(causes(&with(100.0)), THROTTLE);
}

#[test]
fn a_raise_that_no_figure_shows_yet_is_waited_for_not_repeated() {
    let raised = Throughput { last_increase: Some(second(27 * 60)), ..provisioned(500.0) };
    let change = Change::Capacity { direction: WRITE, from: 100.0, to: 500.0 };
    let told = vec![event(27 * 60, changed(&orders(), change))];
    let found = diagnose(&described(|_| 100.0, told, raised));
    assert_eq!(
        found[0].advice.to_string(),
        "wait: the write capacity of orders was raised to 500 WCU at 12:27; the figures are of before, and the \
         first that show it come about 12:32"
    );
    assert!(clauses(&found[0]).contains(&"write capacity raised from 100 to 500 WCU at 12:27"));
}
