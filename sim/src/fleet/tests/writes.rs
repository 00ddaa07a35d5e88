//! What follows from writes: each changes what happens next, and nothing that happened.

use super::*;
use crate::both::Both;
use crate::facts::{Billing, Dimension, PolicySettings};

const SESSIONS: &[(&str, &str)] = &[("TableName", "sessions")];
const INVOICES: &[(&str, &str)] = &[("TableName", "invoices")];
const EVENTS: &str = "WriteThrottleEvents";

fn named(scenario: &str) -> Fleet {
    Fleet::new(&Scenario::named(scenario).unwrap(), 7, None)
}

fn writes_of(table: &str) -> Capacity<'_> {
    Capacity { table, index: None, dimension: Dimension::Write }
}

fn bounds(min: u64, max: u64) -> Registration {
    Registration { min: Some(min), max: Some(max), ..Registration::default() }
}

fn write_units(fleet: &mut Fleet, table: &str, now: Epoch) -> u64 {
    match fleet.table(table, now).unwrap().throughput.billing {
        Billing::Provisioned { write, .. } => write,
        Billing::OnDemand { .. } => panic!("on-demand"),
    }
}

#[test]
fn a_raised_minimum_ends_the_throttling_of_what_is_under_provisioned() {
    let mut fleet = named("under-provisioned");
    let start = fleet.start();
    fleet.register(writes_of("invoices"), bounds(600, 2_000), start).unwrap();
    let events = sums(&mut fleet, EVENTS, INVOICES, -3, 10);
    assert!(events[..3].iter().all(|events| *events > 1_000.0), "{events:?}");
    assert!(events[3] > 0.0, "half a minute passes: {events:?}");
    assert!(events[4..].iter().all(|events| *events == 0.0), "{events:?}");
    assert_eq!(write_units(&mut fleet, "invoices", start + 600.0), 600);
    let untouched = sums(&mut named("under-provisioned"), EVENTS, INVOICES, 0, 10);
    assert!(untouched.iter().all(|events| *events > 1_000.0), "{untouched:?}");
}

#[test]
fn a_raised_minimum_does_not_help_a_hot_key() {
    let mut fleet = named("hot-key");
    let start = fleet.start();
    fleet.register(writes_of("sessions"), bounds(20_000, 40_000), start).unwrap();
    let hot = "WriteKeyRangeThroughputThrottleEvents";
    let (raised, untouched) =
        (sums(&mut fleet, hot, SESSIONS, 2, 20), sums(&mut named("hot-key"), hot, SESSIONS, 2, 20));
    assert_eq!(write_units(&mut fleet, "sessions", start + 60.0), 20_000);
    for (raised, untouched) in raised.iter().zip(untouched) {
        assert!(*raised > 0.8 * untouched && *raised > 10_000.0, "{raised}, {untouched}");
    }
}

#[test]
fn what_was_published_before_a_write_stays_as_it_was() {
    let (mut written, mut untouched) = (named("under-provisioned"), named("under-provisioned"));
    let start = written.start();
    // The whole of the present minute is simulated already: the write comes after it.
    written.table("invoices", start + 61.0);
    written.register(writes_of("invoices"), bounds(600, 2_000), start + 10.0).unwrap();
    let past = |fleet: &mut Fleet| {
        ["ConsumedWriteCapacityUnits", EVENTS].map(|name| sums(fleet, name, INVOICES, -60, 1))
    };
    assert_eq!(past(&mut written), past(&mut untouched));
    let activity = written.activities(start + 120.0).remove(0);
    assert!(activity.start >= start + 60.0, "{}", activity.start - start);
    assert_eq!(write_units(&mut written, "invoices", start + 61.0), 150);
}

#[test]
fn an_undo_restores_the_bounds_exactly_and_leaves_the_capacity_to_scaling() {
    let mut fleet = named("at-max");
    let start = fleet.start();
    let of = Capacity { dimension: Dimension::Read, ..writes_of("stock-levels") };
    let state = |fleet: &mut Fleet, now| {
        let mut all = fleet.scaling(now);
        all.retain(|state| state.table == "stock-levels");
        all.remove(0)
    };
    let before = state(&mut fleet, start);
    fleet.register(of, bounds(2_500, 2_900), start).unwrap();
    assert_eq!((state(&mut fleet, start).min, state(&mut fleet, start).max), (2_500, 2_900));
    let undo = bounds(before.min, before.max);
    fleet.register(of, undo, start + 120.0).unwrap();
    assert_eq!(state(&mut fleet, start + 120.0), before);
    let read =
        |fleet: &mut Fleet, now| match fleet.table("stock-levels", now).unwrap().throughput.billing
        {
            Billing::Provisioned { read, .. } => read,
            Billing::OnDemand { .. } => panic!("on-demand"),
        };
    assert_eq!(read(&mut fleet, start + 180.0), 2_500, "lowering a minimum lowers no capacity");
    // The day's free decreases are spent: the next one waits for its hour.
    assert!(read(&mut fleet, start + 4_200.0) < 2_500, "scale-in does, later");
    // Undone before it is in effect, a raise is completed and taken back by scaling too.
    let mut hasty = named("at-max");
    hasty.register(of, bounds(2_500, 2_900), start).unwrap();
    hasty.register(of, undo, start + 5.0).unwrap();
    assert_eq!(read(&mut hasty, start + 40.0), 2_500);
    assert_eq!(state(&mut hasty, start + 40.0), before);
}

#[test]
fn what_is_registered_stands_until_the_next_scheduled_action() {
    let tables = "[[table]]\nname = 'ttt'\ncapacity.provisioned = { read = 5, write = 300 }
         [table.capacity.scaling.write]\nmin = 50\nmax = 1_000\ndisable_scale_in = true
         scheduled = [{ name = 'day', hour = 7, minute = 30, min = 300 },
                      { name = 'night', hour = 22, min = 50, max = 400 }]";
    let mut fleet = fleet(tables);
    let noon = fleet.start();
    let bounds_at = |fleet: &mut Fleet, now| {
        let state = fleet.scaling(now).remove(0);
        (state.min, state.max)
    };
    assert_eq!(bounds_at(&mut fleet, noon), (300, 400));
    let raise = Registration { min: Some(350), ..Registration::default() };
    fleet.register(writes_of("ttt"), raise, noon).unwrap();
    assert_eq!(bounds_at(&mut fleet, noon), (350, 400), "the maximum is still the action's");
    assert_eq!(bounds_at(&mut fleet, noon + 9.9 * 3_600.0), (350, 400));
    let suspend = Registration { suspended: (None, None, Some(true)), ..Registration::default() };
    fleet.register(writes_of("ttt"), suspend, noon + 60.0).unwrap();
    assert_eq!(bounds_at(&mut fleet, noon + 60.0), (350, 400), "a suspension changes no bounds");
    assert_eq!(bounds_at(&mut fleet, noon + 11.0 * 3_600.0), (350, 400), "and holds the night off");
    let resume = Registration { suspended: (None, None, Some(false)), ..Registration::default() };
    fleet.register(writes_of("ttt"), resume, noon + 12.0 * 3_600.0).unwrap();
    assert_eq!(bounds_at(&mut fleet, noon + 12.0 * 3_600.0), (350, 400));
    assert_eq!(bounds_at(&mut fleet, noon + 20.0 * 3_600.0), (300, 400), "the next morning");
}

/// An idle table whose autoscaling is at its minimum.
const IDLE: &str = "[[table]]\nname = 'ttt'\ncapacity.provisioned = { read = 5, write = 10 }
    capacity.scaling.write = { min = 10, max = 20 }";

fn provision(fleet: &mut Fleet, write: u64, now: Epoch) {
    let to = Throughput::Provisioned(Both { read: 5, write });
    fleet.update("ttt", &[Change { index: None, to }], now).unwrap();
}

#[test]
fn on_an_idle_table_a_manual_value_inside_the_bounds_is_taken_back_in_minutes() {
    let mut fleet = fleet(IDLE);
    let start = fleet.start();
    provision(&mut fleet, 15, start);
    assert_eq!(write_units(&mut fleet, "ttt", start + 3.0), 15);
    assert_eq!(write_units(&mut fleet, "ttt", start + 180.0), 10);
    let state = fleet.table("ttt", start + 180.0).unwrap().throughput;
    assert_eq!(state.decreases_today, 1, "and spends a decrease");
    assert!(fleet.activities(start + 180.0)[0].cause.contains("AlarmLow"));
}

#[test]
fn a_manual_value_below_the_minimum_stays_until_the_target_is_registered_again() {
    let mut fleet = fleet(IDLE);
    let start = fleet.start();
    provision(&mut fleet, 4, start);
    assert_eq!(write_units(&mut fleet, "ttt", start + 12.0 * 60.0), 4);
    fleet.register(writes_of("ttt"), Registration::default(), start + 720.0).unwrap();
    assert_eq!(write_units(&mut fleet, "ttt", start + 760.0), 10);
    assert_eq!(fleet.activities(start + 760.0)[0].cause, "minimum capacity was set to 10");
}

#[test]
fn a_manual_value_waits_for_nobody_and_the_last_change_of_all_stands() {
    let mut fleet = fleet(IDLE);
    let start = fleet.start();
    fleet.register(writes_of("ttt"), bounds(30, 40), start).unwrap();
    // Autoscaling has not called yet.
    provision(&mut fleet, 35, start + 1.0);
    assert_eq!(write_units(&mut fleet, "ttt", start + 3.5), 35);
    assert_eq!(write_units(&mut fleet, "ttt", start + 40.0), 30);
}

#[test]
fn an_on_demand_maximum_binds_from_the_second_it_is_set() {
    let mut fleet = fleet(
        "[[table]]\nname = 'ttt'
         [[table.traffic]]\noperation = 'PutItem'\nrate = 500\ndaily = 0\nnoise = 0\njitter = 0",
    );
    let start = fleet.start();
    let set = |maximum| {
        let to = Throughput::OnDemand(Both { read: Maximum::Unchanged, write: maximum });
        [Change { index: None, to }]
    };
    fleet.update("ttt", &set(Maximum::Set(200)), start + 30.0).unwrap();
    fleet.update("ttt", &set(Maximum::Removed), start + 120.0).unwrap();
    let reason = "WriteMaxOnDemandThroughputThrottleEvents";
    let events = sums(&mut fleet, reason, TABLE, -1, 4);
    assert_eq!(events, [0.0, 300.0 * 30.0, 300.0 * 60.0, 0.0, 0.0]);
    let used = sums(&mut fleet, "ConsumedWriteCapacityUnits", TABLE, -1, 4);
    assert_eq!(used, [30_000.0, 21_000.0, 12_000.0, 30_000.0, 30_000.0]);
}

#[test]
fn a_raised_index_brings_its_table_into_updating_and_relief() {
    let mut fleet = named("gsi-backpressure");
    let start = fleet.start();
    let names = fleet.table_names().to_vec();
    let throttled = names.iter().find_map(|name| {
        let indexes = fleet.table(name, start)?.indexes;
        let name = name.clone();
        indexes.into_iter().find_map(|index| {
            let of = [("TableName", name.as_str()), ("GlobalSecondaryIndexName", &index.name)];
            (total(&mut fleet, EVENTS, &of, -3, 0) > 0.0).then(|| (name.clone(), index))
        })
    });
    let (table, index) = throttled.unwrap();
    let Billing::Provisioned { read, .. } = index.throughput.billing else { panic!("on-demand") };
    let to = Throughput::Provisioned(Both { read, write: 4_000 });
    let change = Change { index: Some(index.name.clone()), to };
    fleet.update(&table, &[change], start + 300.0).unwrap();
    let state = fleet.table(&table, start + 300.5).unwrap();
    assert_eq!(state.status, "UPDATING");
    let of = [("TableName", table.as_str()), ("GlobalSecondaryIndexName", &index.name)];
    assert!(total(&mut fleet, EVENTS, &of, 4, 5) > 0.0);
    assert_eq!(sums(&mut fleet, EVENTS, &of, 6, 15), [0.0; 9]);
}

#[test]
fn the_same_seed_and_the_same_writes_give_the_same_world_however_it_is_watched() {
    let settings = PolicySettings {
        target_utilization: 40.0,
        scale_in_cooldown: None,
        scale_out_cooldown: Some(60),
        disable_scale_in: None,
    };
    let run = |every: u32| {
        let mut fleet = named("at-max");
        let start = fleet.start();
        let policy = fleet.scaling(start).into_iter().find_map(|state| {
            (state.table == "inventory" && state.dimension == Dimension::Write)
                .then(|| state.policy.unwrap().name)
        });
        let watch = |fleet: &mut Fleet, from: u32, until: u32| {
            for after in (from..until).filter(|after| after % every == 0) {
                fleet.activities(start + f64::from(after));
            }
        };
        watch(&mut fleet, 0, 100);
        fleet.register(writes_of("inventory"), bounds(350, 800), start + 100.5).unwrap();
        watch(&mut fleet, 101, 700);
        let of = writes_of("inventory");
        fleet.put_policy(of, &policy.unwrap(), settings, start + 700.5).unwrap();
        watch(&mut fleet, 701, 3_600);
        let metrics = ["ConsumedWriteCapacityUnits", EVENTS, "ProvisionedWriteCapacityUnits"];
        let inventory = [("TableName", "inventory")];
        let sums = metrics.map(|name| sums(&mut fleet, name, &inventory, -60, 50));
        (fleet.activities(start + 3_600.0), fleet.scaling(start + 3_600.0), sums)
    };
    let (seldom, often) = (run(3_601), run(7));
    assert!(seldom == often);
    assert!(seldom.0.iter().any(|activity| activity.cause.contains("AlarmHigh")));
}
