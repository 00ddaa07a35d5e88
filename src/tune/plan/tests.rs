//! What plans say, and what makes them writes.

mod choices;
mod warnings;

use super::*;
use crate::model::scaling::Suspended;
use crate::model::throttle::Direction;
use crate::tune::call::Call;
use crate::tune::draft::Field::{self, Capacity, Max, Maximum, Min, ScaleIn, ScaleOut, Target};
use crate::tune::fixture::{READ, WRITE, World, lines, orders, second};

fn plain() -> Resource {
    Resource::table("plain")
}

/// The only step of a plan for `orders`.
fn step(world: &World, typed: &[(Field, Direction, &str)]) -> Step {
    let plan = world.plan(orders(), typed).unwrap();
    assert_eq!(plan.steps().len(), 1);
    plan.steps()[0].clone()
}

#[test]
fn raising_the_minimum_above_capacity_raises_it_at_once() {
    let world = World::new();
    let step = step(&world, &[(Min, WRITE, "400")]);
    let told = step.told();
    assert_eq!(told.title, "write autoscaling of orders");
    let [line] = told.changes.as_slice() else { panic!("{:?}", told.changes) };
    assert_eq!((line.name, &*line.before, &*line.after), ("minimum", "50 WCU", "400 WCU"));
    assert_eq!(
        told.at_once,
        [
            "registering moves capacity into the bounds at once: from 200 WCU to 400 WCU, done in \
             about half a minute",
            "from then on autoscaling moves it between 400 WCU and 1,000 WCU",
        ]
    );
    assert_eq!(
        told.money.as_ref().unwrap().line(),
        "$0.1300/h now, $0.2600/h then, at most $0.6500/h (estimate, list price of us-east-1, 2026-05)"
    );
    assert_eq!(
        told.lost,
        ["an undo lowers the minimum, not the capacity: it stays at 400 WCU until scale-in"]
    );
    assert_eq!((told.decreases.as_ref(), told.warnings.len()), (None, 0));
    assert!(!step.lowers_capacity());
    assert_eq!(
        *step.call(),
        Call::RegisterScalableTarget {
            resource: orders(),
            direction: WRITE,
            min: 400,
            max: 1_000,
            suspended: Suspended::default(),
        }
    );
    assert!(told.command.starts_with("aws application-autoscaling register-scalable-target"));
    assert!(told.terraform.as_ref().unwrap().contains("min_capacity = 400"));
}

#[test]
fn capacity_outside_the_bounds_moves_even_if_none_of_them_changes() {
    let mut world = World::new();
    // Somebody lowered capacity by hand; autoscaling leaves it below its minimum.
    world.change_target(|target| target.min = 300.0);
    let step = step(&world, &[(ScaleIn, WRITE, "yes")]);
    assert!(step.told().at_once[0].contains("from 200 WCU to 300 WCU"), "{:?}", step.told());
}

#[test]
fn lowering_the_maximum_below_capacity_is_a_decrease_and_says_so() {
    let mut world = World::new();
    world.change_throughput("orders", |throughput| throughput.decreases_today = Some(1));
    let step = step(&world, &[(Max, WRITE, "150")]);
    let told = step.told();
    assert_eq!(told.warnings[0].text, "LOWERS write capacity of orders from 200 WCU to 150 WCU");
    assert!(told.warnings[0].is_danger);
    assert_eq!(told.decreases.as_deref(), Some("spends 1 of 3 decreases left (1 spent today)"));
    assert!(told.lost[0].contains("it stays at 150 WCU until scale-out"));
    assert!(step.lowers_capacity());
}

#[test]
fn a_decrease_that_autoscaling_will_be_refused_is_foretold() {
    let mut world = World::new();
    world.change_throughput("orders", |throughput| {
        throughput.decreases_today = Some(4);
        throughput.last_decrease = Some(second(0));
    });
    let step = step(&world, &[(Max, WRITE, "150")]);
    assert_eq!(step.told().decreases.as_deref(), Some("no decrease is left until 13:00 UTC"));
    let warned = |text: &str| step.told().warnings.iter().any(|warning| warning.text == text);
    assert!(warned("no decrease is left: capacity cannot fall before 13:00 UTC"));
    // Nor is anything said to have happened by then.
    let told = step.told();
    let late = "no decrease is left: capacity stays at 200 WCU, and autoscaling can lower it to 150 WCU from 13:00 UTC on";
    assert_eq!(told.at_once[0], late);
    let money = told.money.as_ref().unwrap();
    assert!((money.at_once - money.now).abs() < 1e-12, "{money:?}");
    assert!(
        told.lost[0].starts_with("once it was lowered, an undo raises the maximum"),
        "{:?}",
        told.lost
    );
}

#[test]
fn two_decreases_of_one_table_are_counted_one_after_the_other() {
    let mut world = World::new();
    world.scale(orders(), READ, (5.0, 1_000.0));
    world.change_throughput("orders", |throughput| throughput.decreases_today = Some(3));
    let plan = world.plan(orders(), &[(Max, READ, "100"), (Max, WRITE, "100")]).unwrap();
    let told: Vec<_> = plan.steps().iter().map(|step| step.told().decreases.as_deref()).collect();
    assert_eq!(
        told,
        [
            Some(
                "spends the last decrease (3 spent today): the next an hour later, or at 00:00 UTC"
            ),
            Some("no decrease is left after the others of this plan"),
        ]
    );
    assert_eq!(plan.to_type(), "orders");
}

#[test]
fn a_new_target_moves_nothing_at_once_and_says_what_it_would_aim_for() {
    let mut world = World::new();
    world.consume(&orders(), WRITE, 150.0);
    let step = step(&world, &[(Target, WRITE, "50")]);
    let told = step.told();
    assert!(told.at_once[0].starts_with("nothing moves at once"));
    assert_eq!(told.at_once[1], "at the present use of 150 WCU it would aim for 300 WCU");
    assert_eq!((told.changes[0].before.as_str(), told.changes[0].after.as_str()), ("70 %", "50 %"));
    let Call::PutScalingPolicy { policy, tracking, .. } = step.call() else { panic!() };
    assert_eq!(&**policy, "$orders-scaling-policy");
    // All that was read is sent again; what was absent stays absent.
    let before = world.reading().scalable_target(&orders(), WRITE).unwrap().policy().unwrap();
    let mut expected = before.tracking.clone().unwrap();
    expected.target_value = 50.0;
    assert_eq!(*tracking, expected);
    assert_eq!((tracking.scale_in_cooldown, tracking.scale_out_cooldown), (None, Some(60)));
}

#[test]
fn bounds_and_target_of_one_resource_are_two_calls_confirmed_by_one_name() {
    let world = World::new();
    let plan = world.plan(orders(), &[(Min, WRITE, "300"), (Target, WRITE, "50")]).unwrap();
    let actions: Vec<_> = plan.steps().iter().map(|step| step.call().action()).collect();
    assert_eq!(
        actions,
        [
            "application-autoscaling:RegisterScalableTarget",
            "application-autoscaling:PutScalingPolicy"
        ]
    );
    assert_eq!(plan.to_type(), "orders");
}

#[test]
fn capacity_by_hand_sends_both_values_of_this_resource_only() {
    let mut world = World::new();
    world.change_throughput("plain", |throughput| throughput.decreases_today = Some(0));
    let plan = world.plan(plain(), &[(Capacity, READ, "300"), (Capacity, WRITE, "50")]).unwrap();
    let step = &plan.steps()[0];
    assert_eq!(*step.call(), Call::UpdateCapacity { resource: plain(), read: 300, write: 50 });
    assert_eq!(
        step.told().at_once,
        [
            "read capacity goes from 100 RCU to 300 RCU, usually within a minute",
            "write capacity goes from 100 WCU to 50 WCU, usually within a minute",
        ]
    );
    assert_eq!(
        step.told().decreases.as_deref(),
        Some("spends 1 of 4 decreases left (0 spent today)")
    );
    let index = Resource::index("plain", "by-day");
    let plan = world.plan(index.clone(), &[(Capacity, WRITE, "90")]).unwrap();
    let call = plan.steps()[0].call();
    assert_eq!(*call, Call::UpdateCapacity { resource: index, read: 40, write: 90 });
    assert_eq!(plan.to_type(), "plain/by-day");
}

#[test]
fn only_the_on_demand_maximum_that_changes_is_sent() {
    let mut world = World::new();
    let bursty = Resource::table("bursty");
    for direction in Direction::ALL {
        world.consume(&bursty, direction, 100.0);
    }
    let plan = world.plan(bursty.clone(), &[(Maximum, WRITE, "none")]).unwrap();
    let step = &plan.steps()[0];
    let expected = Call::UpdateMaximum { resource: bursty.clone(), read: None, write: Some(-1) };
    assert_eq!(*step.call(), expected);
    let money = step.told().money.as_ref().unwrap();
    assert_eq!(money.most, None);
    assert!(money.line().contains("without a limit"), "{}", money.line());
    // 100 RRU/s and 100 WRU/s.
    assert!((money.now - 0.27).abs() < 1e-9);
    let plan = world.plan(bursty, &[(Maximum, WRITE, "50")]).unwrap();
    let warning = &plan.steps()[0].told().warnings[0];
    assert_eq!(warning.text, "THROTTLES AT ONCE: the write maximum is below the present use");
    assert!(warning.is_danger);
}

#[test]
fn a_plan_is_confirmed_by_the_exact_text_and_given_back_otherwise() {
    let world = World::new();
    let permit = Permit::granted_by_configuration();
    let plan = world.plan(orders(), &[(Min, WRITE, "400")]).unwrap();
    for typed in ["", "Orders", "orders ", "order", "apply 1", "yes"] {
        let refused = plan.clone().confirm(&permit, typed).unwrap_err();
        assert_eq!(refused.to_string(), "type `orders` to apply, Esc to cancel");
        assert_eq!(*refused.plan, plan);
    }
    let confirmed = plan.clone().confirm(&permit, "orders").unwrap();
    assert_eq!(*confirmed.plan(), plan);
}

#[test]
fn suspending_scale_out_takes_more_than_the_name() {
    let world = World::new();
    let plan = world.plan(orders(), &[(ScaleOut, WRITE, "yes")]).unwrap();
    assert_eq!(plan.to_type(), "suspend scale-out orders");
    assert!(plan.steps()[0].told().warnings[0].text.starts_with("SUSPENDS SCALE-OUT"));
    let mut suspended = World::new();
    suspended.change_target(|target| target.suspended.scale_out = true);
    let plan = suspended.plan(orders(), &[(ScaleOut, WRITE, "no")]).unwrap();
    assert_eq!(plan.to_type(), "orders");
}

#[test]
fn no_draft_becomes_a_write_without_its_exact_text() {
    let permit = Permit::granted_by_configuration();
    let world = World::new();
    let rng = &mut fastrand::Rng::with_seed(11);
    let mut confirmed = 0;
    for _ in 0..500 {
        let min = rng.u32(1..2_000).to_string();
        let Ok(plan) = world.plan(orders(), &[(Min, WRITE, &min)]) else { continue };
        let to_type = plan.to_type().to_owned();
        let mut typed: Vec<char> = to_type.chars().collect();
        if rng.bool() {
            let at = rng.usize(..typed.len());
            typed[at] = rng.alphanumeric();
        }
        let typed: String = typed.into_iter().collect();
        let is_exact = typed == to_type;
        assert_eq!(plan.confirm(&permit, &typed).is_ok(), is_exact, "{typed}");
        confirmed += usize::from(is_exact);
    }
    assert!(confirmed > 100);
}

#[test]
fn a_step_is_not_sent_once_something_has_changed_underneath() {
    let mut world = World::new();
    let step = step(&world, &[(Min, WRITE, "400")]);
    assert_eq!(step.check(world.reading()), Ok(()));
    // Autoscaling may have moved capacity: as long as nothing would fall, the plan holds.
    let write = |world: &mut World, units: f64| {
        world.change_throughput("orders", |t| t.write.provisioned = Some(units));
    };
    write(&mut world, 600.0);
    assert_eq!(step.check(world.reading()), Ok(()));
    write(&mut world, 2_000.0);
    let line = step.check(world.reading()).unwrap_err().line;
    assert_eq!(line, "capacity is 2,000 WCU now, and this would lower it to 1,000 WCU");
    write(&mut world, 200.0);
    world.change_target(|target| target.max = 900.0);
    let line = step.check(world.reading()).unwrap_err().line;
    assert_eq!(line, "write autoscaling of orders: maximum is 900 WCU now, not 1,000 WCU");
    world.unscale();
    let line = step.check(world.reading()).unwrap_err().line;
    assert_eq!(line, "write autoscaling of orders: not there any more, or not read");
}

#[test]
fn a_policy_that_changed_in_what_is_not_shown_is_not_overwritten() {
    let mut world = World::new();
    let step = step(&world, &[(Target, WRITE, "50")]);
    world.change_target(|target| {
        let tracking = target.policies[0].tracking.as_mut().unwrap();
        tracking.scale_in_cooldown = Some(0);
    });
    let line = step.check(world.reading()).unwrap_err().line;
    assert!(line.ends_with("its policy has changed"), "{line}");
}

#[test]
fn a_table_that_is_updating_by_the_time_of_the_call_is_not_touched() {
    let mut world = World::new();
    let plan = world.plan(plain(), &[(Capacity, READ, "300")]).unwrap();
    world.change_table("plain", |table| table.status = "UPDATING".into());
    let line = plan.steps()[0].check(world.reading()).unwrap_err().line;
    assert!(line.starts_with("plain is UPDATING"), "{line}");
}

#[test]
fn a_plan_of_nothing_is_none() {
    let world = World::new();
    let mistakes = Plan::new(&world.ground(), vec![]).unwrap_err();
    assert_eq!(lines(&mistakes), ["nothing to do"]);
}
