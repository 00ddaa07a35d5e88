//! Contributor Insights and mutes.

use super::*;
use crate::model::alarm::MuteRule;
use crate::model::insights::InsightsMode::{self, AccessedAndThrottled, Throttled};
use crate::model::update::News;
use crate::tune::choice;
use std::sync::Arc;

fn planned(world: &World, edit: Edit) -> Plan {
    Plan::new(&world.ground(), vec![edit]).unwrap()
}

#[test]
fn the_mode_of_contributor_insights_is_always_sent() {
    let mut world = World::new();
    for (status, was, wanted, enable, mode) in [
        ("DISABLED", None, Some(Throttled), true, Throttled),
        ("FAILED", Some(Throttled), Some(Throttled), true, Throttled),
        ("ENABLED", Some(AccessedAndThrottled), Some(Throttled), true, Throttled),
        ("ENABLED", Some(Throttled), None, false, Throttled),
        ("ENABLED", Some(AccessedAndThrottled), None, false, AccessedAndThrottled),
    ] {
        world.insights(&[(orders(), status, was)]);
        let edit = choice::insights(world.reading(), &orders(), wanted).unwrap();
        let plan = planned(&world, edit);
        let expected = Call::UpdateContributorInsights { resource: orders(), enable, mode };
        assert_eq!(*plan.steps()[0].call(), expected);
        assert_eq!(plan.to_type(), "orders");
    }
}

#[test]
fn contributor_insights_is_not_switched_where_that_would_be_in_vain_or_blind() {
    let mut world = World::new();
    for (status, was, wanted, expected) in [
        (
            "ENABLED",
            Some(Throttled),
            Some(Throttled),
            "nothing to do: Contributor Insights of orders is THROTTLED_KEYS now",
        ),
        ("DISABLED", None, None, "nothing to do: Contributor Insights of orders is off now"),
        ("ENABLING", Some(Throttled), None, "Contributor Insights of orders is ENABLING"),
        ("ENABLED", None, None, "Contributor Insights of orders could not be read"),
        (
            "DISABLED",
            None,
            Some(InsightsMode::Other("NEW".into())),
            "mode NEW is not known to this program",
        ),
    ] {
        world.insights(&[(orders(), status, was)]);
        let mistake = choice::insights(world.reading(), &orders(), wanted).unwrap_err();
        assert_eq!(mistake.line, expected);
    }
}

/// 100 units and one throttled request a second, both ways.
fn busy() -> World {
    let mut world = World::new();
    for direction in Direction::ALL {
        world.consume(&orders(), direction, 100.0);
        let events = crate::model::metric::Metric::ThrottleEvents(direction);
        world.fixture.read_sum(&orders(), events, 0..30, &[(27, 60.0)]);
    }
    world
}

#[test]
fn contributor_insights_says_what_it_costs_at_most() {
    let world = busy();
    let price = |mode| {
        let edit = choice::insights(world.reading(), &orders(), Some(mode)).unwrap();
        planned(&world, edit).steps()[0].told().money.as_ref().unwrap().at_once
    };
    // One rule and 2 throttled requests a second; two rules and 302 requests a second.
    let [rule, million] = [0.5 / 730.0, 0.03 * 3_600.0 / 1e6];
    assert!((price(Throttled) - (rule + 2.0 * million)).abs() < 1e-12);
    assert!((price(AccessedAndThrottled) - (2.0 * rule + 302.0 * million)).abs() < 1e-12);
}

#[test]
fn switching_contributor_insights_off_says_what_is_gone() {
    let mut world = busy();
    world.insights(&[(orders(), "ENABLED", Some(Throttled))]);
    let edit = choice::insights(world.reading(), &orders(), None).unwrap();
    let plan = planned(&world, edit);
    let told = plan.steps()[0].told();
    assert_eq!(told.at_once, ["its rules and their history are deleted"]);
    assert!(told.lost[0].starts_with("the history of orders is gone"));
    assert!(told.money.as_ref().unwrap().line().contains(", $0/h then ("));
}

#[test]
fn a_mute_is_a_rule_that_ends_by_itself_from_the_next_minute_on() {
    let world = World::new();
    for minutes in choice::MUTE_MINUTES {
        let edit = choice::mute(world.reading(), &["orders-throttles".into()], minutes).unwrap();
        let plan = planned(&world, edit);
        let Call::PutAlarmMuteRule { rule, mute } = plan.steps()[0].call() else { panic!() };
        assert_eq!(&**rule, "ddbtop-20261122T1231Z");
        assert_eq!(mute.expression(), "at(2026-11-22T12:31)");
        assert_eq!(mute.duration(), format!("PT{minutes}M"));
        assert_eq!(mute.minutes(), i64::from(minutes));
        assert_eq!(plan.to_type(), "orders-throttles");
    }
}

#[test]
fn what_cannot_be_muted_has_its_line() {
    let mut world = World::new();
    let many: Vec<String> = (0..101).map(|n| format!("alarm-{n}")).collect();
    let scaling = "TargetTracking-table/orders-AlarmHigh-1";
    let mut names: Vec<&str> = many.iter().map(String::as_str).collect();
    names.push(scaling);
    world.alarms(&names);
    let mute = |names: &[&str], minutes| {
        let names: Vec<Arc<str>> = names.iter().map(|name| Arc::from(*name)).collect();
        choice::mute(world.reading(), &names, minutes).map_err(|mistake| mistake.line)
    };
    for (names, minutes, expected) in [
        (&["gone"][..], 30, "alarm gone does not exist"),
        (
            &[scaling][..],
            30,
            "alarm TargetTracking-table/orders-AlarmHigh-1 is autoscaling's own: muted, it would no longer scale",
        ),
        (&[][..], 30, "a mute rule silences 1 to 100 alarms, not 0"),
        (&names[..101], 30, "a mute rule silences 1 to 100 alarms, not 101"),
        (&["alarm-1"][..], 0, "a mute lasts from 1 minute to 15 days"),
        (&["alarm-1"][..], 21_601, "a mute lasts from 1 minute to 15 days"),
    ] {
        assert_eq!(mute(names, minutes).unwrap_err(), expected);
    }
    let several = mute(&["alarm-2", "alarm-1", "alarm-2"], 30).unwrap();
    assert_eq!(planned(&world, several).to_type(), "apply 2");
}

fn rule(name: &str, status: &str) -> MuteRule {
    MuteRule {
        name: name.into(),
        status: status.into(),
        targets: vec!["orders-throttles".into()],
        expression: "at(2026-11-22T12:31)".into(),
        duration: "PT1H".into(),
        time_zone: None,
        expires: None,
    }
}

#[test]
fn only_rules_of_ours_that_are_at_work_are_deleted() {
    let mut world = World::new();
    let own = "ddbtop-20261122T1231Z";
    world.fixture.tell(News::MuteRules(Ok(vec![
        rule(own, "ACTIVE"),
        rule("ddbtop-old", "EXPIRED"),
        rule("theirs", "ACTIVE"),
    ])));
    let unmute = |name: &str| choice::unmute(world.reading(), &Arc::from(name));
    let plan = planned(&world, unmute(own).unwrap());
    assert_eq!(*plan.steps()[0].call(), Call::DeleteAlarmMuteRule { rule: own.into() });
    assert_eq!(plan.to_type(), "orders-throttles");
    for (name, expected) in [
        ("theirs", "mute rule theirs was not made by ddbtop, which deletes no others"),
        ("ddbtop-old", "nothing to do: there is no mute rule ddbtop-old at work"),
        ("ddbtop-none", "nothing to do: there is no mute rule ddbtop-none at work"),
    ] {
        assert_eq!(unmute(name).unwrap_err().line, expected);
    }
    // A name that is taken is not taken again.
    let edit = choice::mute(world.reading(), &["orders-throttles".into()], 30).unwrap();
    let Setting::Mute { rule, .. } = edit.after() else { panic!() };
    assert_eq!(&**rule, "ddbtop-20261122T1231Z-2");
}
