//! What speaks against a plan.

use super::*;
use crate::diagnose::{Advice, Cause, Confidence, Severity, Verdict};
use crate::model::health::{CallError, ErrorClass};
use crate::model::scaling::ScheduledAction;
use crate::model::table::Replica;
use crate::model::throttle::{Limit, Reason};
use crate::model::time::Minute;
use crate::model::update::News;

fn verdict(resource: Resource, direction: Direction, cause: Cause) -> Verdict {
    let (reason, confidence) = match cause {
        Cause::Throttled(limit) => (Reason::of(&resource, direction, limit), Confidence::Measured),
        Cause::ThrottledUnknown
        | Cause::CapacityLowered
        | Cause::Autoscaling(_)
        | Cause::InertTarget
        | Cause::ConditionalChecks
        | Cause::TransactionConflicts
        | Cause::SystemErrors
        | Cause::LatencyRaised
        | Cause::TrafficFallen
        | Cause::UserErrors
        | Cause::Outflow(_)
        | Cause::Dax(_) => (None, Confidence::Unknown),
    };
    Verdict {
        resource,
        direction: Some(direction),
        recipient: None,
        cause,
        behind: None,
        reason,
        confidence,
        severity: Severity::Trouble,
        since: Minute(0),
        since_or_earlier: false,
        events: 100.0,
        evidence: vec![],
        explains: vec![],
        advice: Advice::default(),
        candidates: vec![],
    }
}

fn warned(world: &World, typed: &[(Field, Direction, &str)]) -> Vec<String> {
    let step = step(world, typed);
    step.told().warnings.iter().map(|warning| warning.text.clone()).collect()
}

#[test]
fn more_capacity_for_a_hot_partition_is_warned_against() {
    let mut world = World::new();
    world.find(verdict(orders(), WRITE, Cause::Throttled(Limit::KeyRange)));
    let expected = "MORE CAPACITY WILL NOT HELP: orders is throttled by a hot partition (measured, \
                    TableWriteKeyRangeThroughputExceeded)";
    for typed in [(Min, WRITE, "60"), (Max, WRITE, "2000"), (Target, WRITE, "50")] {
        assert_eq!(warned(&world, &[typed]), [expected]);
    }
    // Less capacity, and the other direction, are another matter.
    assert!(!warned(&world, &[(Min, WRITE, "40")]).contains(&expected.to_owned()));
    assert_eq!(warned(&world, &[(Capacity, READ, "300")]), Vec::<String>::new());
}

#[test]
fn a_write_for_another_cause_is_not_warned_against() {
    let mut world = World::new();
    world.find(verdict(orders(), WRITE, Cause::Throttled(Limit::Provisioned)));
    assert_eq!(warned(&world, &[(Min, WRITE, "400")]), Vec::<String>::new());
}

#[test]
fn other_limits_and_unknown_causes_are_named() {
    for (found, expected) in [
        (
            verdict(orders(), WRITE, Cause::Throttled(Limit::AccountLimit)),
            "this will not help: orders is throttled by the account's quota",
        ),
        (
            Verdict {
                candidates: vec![Limit::Provisioned, Limit::KeyRange],
                ..verdict(orders(), WRITE, Cause::ThrottledUnknown)
            },
            "the cause of the throttling of orders is unknown: if it is a hot partition",
        ),
        (
            Verdict {
                explains: vec![orders()],
                ..verdict(
                    Resource::index("orders", "by-day"),
                    WRITE,
                    Cause::Throttled(Limit::Provisioned),
                )
            },
            "this will not help orders: index by-day of orders refuses its writes",
        ),
    ] {
        let mut world = World::new();
        world.find(found);
        let warned = warned(&world, &[(Min, WRITE, "400")]);
        assert!(warned[0].starts_with(expected), "{warned:?}");
    }
}

fn night(schedule: &str, direction: Direction) -> ScheduledAction {
    ScheduledAction {
        name: "night".into(),
        resource: orders(),
        direction,
        schedule: schedule.into(),
        time_zone: Some("Europe/Berlin".into()),
        min: Some(5.0),
        max: Some(80.0),
        start: None,
        end: None,
    }
}

#[test]
fn a_scheduled_action_that_will_overwrite_it_is_named_with_its_time() {
    let mut world = World::new();
    for (schedule, expected) in [
        ("cron(0 2 * * ? *)", Some("at 2026-11-23 01:00 UTC")),
        ("at(2026-11-22T20:00:00)", Some("at 19:00 UTC")),
        ("rate(2 hours)", Some("within 120 minutes")),
        ("cron(0 2 ? * FRI-MON *)", Some("at a time that could not be computed")),
        ("at(2026-11-21T20:00:00)", None),
    ] {
        let action = night(schedule, WRITE);
        world.fixture.tell(News::ScheduledActions(Ok(vec![night("rate(1 hour)", READ), action])));
        let expected: Vec<String> = expected
            .map(|when| {
                format!(
                    "scheduled action night overwrites this {when}: minimum 5 WCU and maximum 80 \
                     WCU ({schedule}, Europe/Berlin)"
                )
            })
            .into_iter()
            .collect();
        assert_eq!(warned(&world, &[(Min, WRITE, "400")]), expected);
    }
    // It does not touch the policy, and does nothing where it is suspended.
    world.fixture.tell(News::ScheduledActions(Ok(vec![night("rate(1 hour)", WRITE)])));
    assert_eq!(warned(&world, &[(Target, WRITE, "50")]), Vec::<String>::new());
    world.change_target(|target| target.suspended.scheduled = true);
    assert_eq!(warned(&world, &[(Min, WRITE, "400")]), Vec::<String>::new());
}

#[test]
fn scheduled_actions_that_could_not_be_read_are_not_taken_for_none() {
    use crate::store::fixture::{provisioned, table};
    let mut world = World::of(vec![table("orders", provisioned(200.0), &[])]);
    let denied = CallError {
        class: ErrorClass::Denied,
        action: "application-autoscaling:DescribeScheduledActions",
        code: None,
        message: String::new(),
    };
    world.forget_schedules(denied);
    assert_eq!(
        warned(&world, &[(Min, WRITE, "400")]),
        ["no permission for application-autoscaling:DescribeScheduledActions: a scheduled action \
          may overwrite this"]
    );
}

#[test]
fn what_may_fall_later_and_what_stays_is_said() {
    let world = World::new();
    for (typed, expected, is_danger) in [
        ((Min, WRITE, "10"), "write capacity may fall at the next scale-in", true),
        ((Max, WRITE, "900"), "write capacity cannot grow as far as before", false),
        ((Target, WRITE, "80"), "write capacity MAY FALL: less is kept in reserve", true),
        (
            (ScaleIn, WRITE, "yes"),
            "scale-in stays suspended, and costs, until it is resumed",
            false,
        ),
    ] {
        let step = step(&world, &[typed]);
        let [warning] = step.told().warnings.as_slice() else { panic!("{:?}", step.told()) };
        assert_eq!((warning.text.as_str(), warning.is_danger), (expected, is_danger));
    }
}

#[test]
fn a_global_tables_replicas_are_not_forgotten() {
    let mut world = World::new();
    world.change_table("orders", |table| {
        table.details.replicas =
            vec![Replica { region: "eu-west-1".into(), status: "ACTIVE".into() }];
    });
    let warned = warned(&world, &[(Min, WRITE, "400")]);
    assert!(warned[0].starts_with("orders is a global table: its replicas in eu-west-1"));
}

#[test]
fn a_decrease_below_the_present_use_says_what_is_refused() {
    let mut world = World::new();
    world.consume(&plain(), WRITE, 80.0);
    let plan = world.plan(plain(), &[(Capacity, WRITE, "50")]).unwrap();
    assert_eq!(
        plan.steps()[0].told().warnings[0].text,
        "LOWERS write capacity of plain from 100 WCU to 50 WCU, BELOW THE PRESENT USE of 80 WCU: 30 WCU per second \
         are refused as soon as its burst is spent"
    );
    let index = Resource::index("plain", "by-day");
    world.consume(&index, WRITE, 30.0);
    let plan = world.plan(index, &[(Capacity, WRITE, "10")]).unwrap();
    let text = &plan.steps()[0].told().warnings[0].text;
    assert!(text.ends_with("20 WCU per second are refused as soon as its burst is spent, and with it writes of plain"), "{text}");
}

#[test]
fn capacity_above_the_warm_throughput_takes_longer() {
    let mut world = World::new();
    world.change_throughput("plain", |throughput| throughput.write.warm = Some(4_000.0));
    let plan = world.plan(plain(), &[(Capacity, WRITE, "5000")]).unwrap();
    assert_eq!(
        plan.steps()[0].told().at_once[0],
        "write capacity goes from 100 WCU to 5,000 WCU, in minutes or longer: it is above the warm throughput of \
         4,000 WCU, and partitions are split first"
    );
}
