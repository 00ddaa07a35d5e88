use super::*;
use crate::model::scaling::{ScalingMetric, ScalingPolicy, fixture::policy};
use crate::model::table::{Quotas, Throughput};
use crate::model::update::News;
use crate::tune::fixture::{READ, WRITE, World, lines, on_demand, orders, second};
use crate::tune::plan::Plan;
use Field::{Capacity, Max, Maximum, Min, ScaleIn, ScaleOut, Target};
use std::sync::Arc;

fn plain() -> Resource {
    Resource::table("plain")
}

fn bursty() -> Resource {
    Resource::table("bursty")
}

/// The first mistake of a draft, which stays as it was typed.
fn mistake(world: &World, resource: Resource, typed: &[(Field, Direction, &str)]) -> String {
    let draft = world.draft(&[resource], typed);
    let before = draft.clone();
    let mistakes = match draft.edits(world.reading()) {
        Ok(edits) => Plan::new(&world.ground(), edits).expect_err("a mistake"),
        Err(mistakes) => mistakes,
    };
    assert_eq!(draft, before);
    let line = mistakes[0].line.clone();
    assert!(!line.is_empty() && !line.contains('\n'), "{line}");
    line
}

fn keys(draft: &Draft) -> Vec<String> {
    draft.entries().iter().map(|entry| format!("{}={}", entry.key, entry.text)).collect()
}

#[test]
fn a_draft_shows_what_can_be_set_and_why_other_things_cannot() {
    let world = World::new();
    let draft = Draft::open(world.reading(), &[orders()]).unwrap();
    assert_eq!(
        keys(&draft),
        [
            "read capacity=200",
            "write minimum=50",
            "write maximum=1000",
            "write target=70",
            "write scale-in suspended=no",
            "write scale-out suspended=no",
        ]
    );
    let index = Resource::index("plain", "by-day");
    let draft = Draft::open(world.reading(), &[index]).unwrap();
    assert_eq!(keys(&draft), ["read capacity=40", "write capacity=40"]);
    let draft = Draft::open(world.reading(), &[bursty()]).unwrap();
    assert_eq!(keys(&draft), ["read on-demand maximum=500", "write on-demand maximum=500"]);
    assert!(!draft.is_touched());
}

#[test]
fn an_inert_target_of_an_on_demand_table_is_named_and_not_edited() {
    let mut world = World::new();
    world.scale(bursty(), WRITE, (5.0, 50.0));
    let draft = Draft::open(world.reading(), &[bursty()]).unwrap();
    assert_eq!(keys(&draft), ["read on-demand maximum=500", "write on-demand maximum=500"]);
    assert_eq!(draft.notes(), ["write autoscaling of bursty is inert: it is on-demand"]);
}

#[test]
fn every_rule_of_a_scalable_target_has_its_line() {
    let world = World::new();
    for (typed, expected) in [
        (vec![(Min, WRITE, "abc")], "write minimum: `abc` is not a whole number of units"),
        (vec![(Min, WRITE, "")], "write minimum: `` is not a whole number of units"),
        (vec![(Min, WRITE, "0")], "write minimum: 0 is too low: 1 is the least"),
        (
            vec![(Min, WRITE, "1001")],
            "write minimum of 1,001 WCU is above its maximum of 1,000 WCU",
        ),
        (vec![(Max, WRITE, "49")], "write minimum of 50 WCU is above its maximum of 49 WCU"),
        (
            vec![(Max, WRITE, "40001")],
            "write maximum: 40,001 is above the quota of 40,000 for one table or index",
        ),
        (vec![(Max, WRITE, "4294967295")], "write maximum: too high for AWS to take"),
        (vec![(Target, WRITE, "19.9")], "write target: 19.9 % is not between 20 and 90 %"),
        (vec![(Target, WRITE, "90.1")], "write target: 90.1 % is not between 20 and 90 %"),
        (vec![(Target, WRITE, "much")], "write target: `much` is not a percentage"),
        (vec![(ScaleIn, WRITE, "perhaps")], "write scale-in suspended: `perhaps` is not yes or no"),
        (vec![], "nothing to do: every value is as it is now"),
        (vec![(Min, WRITE, " 050 ")], "nothing to do: every value is as it is now"),
        (vec![(Target, WRITE, "70.0 %")], "nothing to do: every value is as it is now"),
    ] {
        assert_eq!(mistake(&world, orders(), &typed), expected);
    }
}

#[test]
fn several_mistakes_are_all_told() {
    let world = World::new();
    let draft = world.draft(&[orders()], &[(Min, WRITE, "x"), (Target, WRITE, "95")]);
    let mistakes = draft.edits(world.reading()).unwrap_err();
    assert_eq!(
        lines(&mistakes),
        [
            "write minimum: `x` is not a whole number of units",
            "write target: 95 % is not between 20 and 90 %",
        ]
    );
    assert_eq!(mistakes[1].field, Some(Key { field: Target, direction: WRITE }));
}

#[test]
fn min_may_equal_max_and_a_value_above_a_lowered_quota_may_stay() {
    let mut world = World::new();
    assert!(world.plan(orders(), &[(Min, WRITE, "1000")]).is_ok());
    world.fixture.tell(News::Quotas(Quotas {
        account_read: 9_000.0,
        account_write: 9_000.0,
        table_read: 500.0,
        table_write: 500.0,
    }));
    assert!(world.plan(orders(), &[(Min, WRITE, "60")]).is_ok());
}

#[test]
fn a_target_below_20_is_left_alone_and_not_fixed() {
    let mut world = World::new();
    world.change_target(|target| target.policies = vec![policy(WRITE, 12.0)]);
    let plan = world.plan(orders(), &[(Min, WRITE, "60")]).unwrap();
    assert_eq!(plan.steps().len(), 1);
    assert!(mistake(&world, orders(), &[(Target, WRITE, "12.5")]).contains("between 20 and 90"));
}

#[test]
fn the_accounts_quota_counts_what_is_raised_at_once() {
    let mut world = World::new();
    world.fixture.tell(News::Quotas(Quotas {
        account_read: 600.0,
        account_write: 600.0,
        table_read: 500.0,
        table_write: 500.0,
    }));
    // 340 WCU are provisioned: a minimum of 461 adds 261.
    assert_eq!(
        mistake(&world, orders(), &[(Min, WRITE, "461")]),
        "261 more write capacity would pass the account's quota of 600 WCU: 340 are provisioned"
    );
    assert!(world.plan(orders(), &[(Min, WRITE, "460")]).is_ok());
}

#[test]
fn a_policy_that_cannot_be_sent_again_whole_is_not_edited() {
    let without = |policies: Vec<ScalingPolicy>| {
        let mut world = World::new();
        world.change_target(|target| target.policies = policies);
        let draft = Draft::open(world.reading(), &[orders()]).unwrap();
        let key = Key { field: Target, direction: WRITE };
        assert!(draft.entries().iter().all(|entry| entry.key != key));
        draft.notes()[0].clone()
    };
    let unknown =
        ScalingPolicy { unknown: Some(Arc::from("metric type X")), ..policy(WRITE, 70.0) };
    assert_eq!(
        without(vec![unknown]),
        "policy $orders-scaling-policy has what this program does not know (metric type X) and would lose"
    );
    assert_eq!(without(vec![]), "write capacity of orders has no target-tracking policy");
    assert_eq!(
        without(vec![policy(WRITE, 70.0), policy(WRITE, 50.0)]),
        "write capacity of orders has several target-tracking policies"
    );
}

#[test]
fn a_customized_metric_may_have_any_target_above_0() {
    let mut world = World::new();
    let mut own = policy(WRITE, 70.0);
    own.tracking.as_mut().unwrap().metric = ScalingMetric::Customized(Arc::from("{}"));
    world.change_target(|target| target.policies = vec![own]);
    assert!(world.plan(orders(), &[(Target, WRITE, "1500")]).is_ok());
    assert_eq!(
        mistake(&world, orders(), &[(Target, WRITE, "0")]),
        "write target: 0 is not above 0"
    );
}

#[test]
fn every_rule_of_capacity_by_hand_has_its_line() {
    let mut world = World::new();
    assert_eq!(
        mistake(&world, plain(), &[(Capacity, READ, "0")]),
        "read capacity: 0 is too low: 1 is the least"
    );
    assert!(mistake(&world, plain(), &[(Capacity, READ, "41000")]).contains("quota of 40,000"));
    world.change_throughput("plain", |throughput| {
        throughput.decreases_today = Some(4);
        throughput.last_decrease = Some(second(600));
    });
    assert_eq!(
        mistake(&world, plain(), &[(Capacity, WRITE, "90")]),
        "write capacity: plain has spent its 4 decreases of today: the next at 13:10 UTC"
    );
    assert!(world.plan(plain(), &[(Capacity, WRITE, "110")]).is_ok());
    world.change_table("plain", |table| table.status = Arc::from("UPDATING"));
    assert_eq!(
        mistake(&world, plain(), &[(Capacity, WRITE, "110")]),
        "plain is UPDATING: AWS takes one change at a time, so wait"
    );
}

#[test]
fn an_index_that_is_being_built_is_not_edited() {
    let mut world = World::new();
    world.change_table("plain", |table| table.indexes[0].status = Arc::from("CREATING"));
    let index = Resource::index("plain", "by-day");
    assert_eq!(
        mistake(&world, index, &[(Capacity, WRITE, "50")]),
        "index by-day of plain is CREATING"
    );
}

#[test]
fn capacity_that_autoscaling_would_set_back_is_not_edited_by_hand() {
    let mut world = World::new();
    let draft = Draft::open(world.reading(), &[plain()]).unwrap();
    world.scale(plain(), WRITE, (5.0, 500.0));
    let key = Key { field: Capacity, direction: WRITE };
    let mut late = draft;
    late.set(key, "150");
    let mistakes = late.edits(world.reading()).unwrap_err();
    assert_eq!(
        lines(&mistakes),
        [
            "autoscaling manages the write capacity of plain and would set it back: edit its minimum \
          and maximum"
        ]
    );
    // The other direction may be edited: what is sent again is what is.
    let plan = world.plan(plain(), &[(Capacity, READ, "150")]).unwrap();
    assert!(
        plan.steps()[0].told().at_once[1].contains("sent again as it is, 100 WCU; autoscaling")
    );
}

#[test]
fn without_knowing_the_scalable_targets_no_capacity_is_edited_by_hand() {
    use crate::store::fixture::{Fixture, provisioned, table};
    let fixture = Fixture::new(0, vec![table("plain", provisioned(5.0), &[])]);
    let mistake = Draft::open(fixture.reading(), &[plain()]).unwrap_err();
    assert!(mistake.line.starts_with("scalable targets could not be read"), "{mistake}");
}

#[test]
fn on_demand_maxima_are_set_and_removed() {
    let world = World::new();
    for (text, expected) in [("none", None), ("-1", None), ("900", Some(900))] {
        let edits = world.draft(&[bursty()], &[(Maximum, WRITE, text)]).edits(world.reading());
        let after = edits.unwrap().remove(0).after().clone();
        assert_eq!(
            after,
            Setting::Maximum { resource: bursty(), read: Some(500), write: expected }
        );
    }
    for (text, expected) in [
        ("0", "write on-demand maximum: 0 is too low: 1 is the least"),
        ("lots", "write on-demand maximum: `lots` is not a whole number of units, or none"),
        (
            "50000",
            "write on-demand maximum: 50,000 is above the quota of 40,000 for one table or index",
        ),
    ] {
        assert_eq!(mistake(&world, bursty(), &[(Maximum, WRITE, text)]), expected);
    }
}

#[test]
fn a_table_whose_billing_mode_changed_meanwhile_is_not_edited() {
    let mut world = World::new();
    let draft = world.draft(&[orders()], &[(Min, WRITE, "60")]);
    world.change_table("orders", |table| {
        table.billing = BillingMode::OnDemand;
        table.throughput = on_demand(None);
    });
    let mistakes = draft.edits(world.reading()).unwrap_err();
    assert_eq!(lines(&mistakes), ["orders is on-demand: its autoscaling is inert"]);
    world.change_table("orders", |table| table.throughput = Throughput::default());
}

#[test]
fn several_resources_take_the_same_absolute_values_in_the_fields_they_share() {
    let mut world = World::new();
    world.scale(plain(), WRITE, (5.0, 1_000.0));
    let mut draft = Draft::open(world.reading(), &[orders(), plain()]).unwrap();
    let min = draft.entries().iter().find(|entry| entry.key.field == Min).unwrap();
    assert_eq!((min.text.as_str(), min.values.as_deref()), ("", Some("50, 5")));
    draft.set(Key { field: Min, direction: WRITE }, "80");
    let edits = draft.edits(world.reading()).unwrap();
    assert_eq!(edits.len(), 2);
    // The untouched maximum stays each one's own.
    let plan = Plan::new(&world.ground(), edits).unwrap();
    assert_eq!(plan.to_type(), "apply 2");
    draft.set(Key { field: Min, direction: WRITE }, "2000");
    let mistakes = draft.edits(world.reading()).unwrap_err();
    assert!(mistakes[0].line.starts_with("orders: "), "{mistakes:?}");
    assert!(mistakes[1].line.starts_with("plain: "), "{mistakes:?}");
}

#[test]
fn resources_without_a_setting_in_common_cannot_be_edited_together() {
    let world = World::new();
    let mistake = Draft::open(world.reading(), &[orders(), bursty()]).unwrap_err();
    assert!(mistake.line.contains("no setting in common"), "{mistake}");
    assert!(Draft::open(world.reading(), &[]).is_err());
    assert!(Draft::open(world.reading(), &[Resource::Account]).is_err());
    assert!(Draft::open(world.reading(), &[Resource::table("gone")]).is_err());
}

#[test]
fn steps_move_a_field_and_leave_nonsense_as_it_is() {
    let world = World::new();
    let mut draft = world.draft(&[orders()], &[(Max, WRITE, "lots")]);
    for (field, up, expected) in
        [(Min, true, "51"), (Max, true, "lots"), (Target, false, "65"), (ScaleOut, true, "yes")]
    {
        let key = Key { field, direction: WRITE };
        draft.nudge(key, up);
        let entry = draft.entries().iter().find(|entry| entry.key == key).unwrap();
        assert_eq!(entry.text, expected);
    }
}

#[test]
fn no_typed_text_makes_validation_panic_or_yields_a_value_out_of_range() {
    let mut world = World::new();
    world.scale(plain(), READ, (5.0, 500.0));
    let rng = &mut fastrand::Rng::with_seed(7);
    let pieces =
        ["0", "9", "1,000", "_", "-1", ".", "%", "none", "yes", "e", "é", " ", "\n", "∞", "99999"];
    for _ in 0..3_000 {
        let resource = [orders(), plain(), bursty()][rng.usize(..3)].clone();
        let mut draft = Draft::open(world.reading(), &[resource]).unwrap();
        let keys: Vec<Key> = draft.entries().iter().map(|entry| entry.key).collect();
        for _ in 0..rng.usize(1..4) {
            let key = keys[rng.usize(..keys.len())];
            let text: String =
                (0..rng.usize(..4)).map(|_| pieces[rng.usize(..pieces.len())]).collect();
            draft.set(key, text);
            draft.nudge(key, rng.bool());
        }
        let before = draft.clone();
        match draft.edits(world.reading()) {
            Ok(edits) => edits.iter().for_each(is_in_range),
            Err(mistakes) => {
                assert!(!mistakes.is_empty());
                assert!(
                    mistakes.iter().all(|mistake| !mistake.line.contains('\n')),
                    "{mistakes:?}"
                );
            }
        }
        assert_eq!(draft, before);
    }
}

fn is_in_range(edit: &Edit) {
    let units = |units: &u32| (1..=40_000).contains(units);
    assert!(match edit.after() {
        Setting::Bounds { min, max, .. } => units(min) && units(max) && min <= max,
        Setting::Policy { tracking, .. } => (20.0..=90.0).contains(&tracking.target_value),
        Setting::Capacity { read, write, .. } => units(read) && units(write),
        Setting::Maximum { read, write, .. } => read.iter().chain(write).all(units),
        Setting::Insights { .. } | Setting::Mute { .. } => false,
    });
}
