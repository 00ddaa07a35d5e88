//! Autoscaling: when it acts, what it decides, and what its budget allows.

use super::*;
use crate::facts::Billing;

/// A table whose writes go from 50 to `factor` x 50 units per second an hour before the start.
fn scaled(factor: f64, scaling: &str) -> Fleet {
    fleet(&format!(
        "[[table]]\nname = 'ttt'\ncapacity.provisioned = {{ read = 5, write = 100 }}
         capacity.scaling.write = {{ {scaling} }}
         [[table.traffic]]\noperation = 'PutItem'\nrate = 50\ndaily = 0\nnoise = 0
         [[table.traffic.change]]\nat = -60\nfactor = {factor}\n"
    ))
}

fn write_capacity(fleet: &mut Fleet, now: Epoch) -> u64 {
    match fleet.table("ttt", now).unwrap().throughput.billing {
        Billing::Provisioned { write, .. } => write,
        Billing::OnDemand { .. } => panic!("on-demand"),
    }
}

#[test]
fn two_published_minutes_above_the_target_scale_out_half_a_minute_later() {
    let mut fleet = scaled(3.0, "min = 100, max = 1_000");
    let start = fleet.start();
    let step = start - 3_600.0;
    let activities = fleet.activities(start);
    let first = activities.iter().rev().find(|activity| activity.not_scaled.is_none()).unwrap();
    let after = first.start - (step + 120.0);
    assert!((20.0..=80.0).contains(&after), "{after}");
    // 150 units/s at 70 %.
    assert_eq!(first.description, "Setting write capacity units to 215.");
    assert!(
        first.cause.starts_with("monitor alarm TargetTracking-table/ttt-AlarmHigh-"),
        "{}",
        first.cause
    );
    assert!(first.cause.ends_with("in state ALARM triggered policy $ttt-write-scaling-policy"));
    assert_eq!(first.end, Some(first.start + 33.0));
    assert_eq!(write_capacity(&mut fleet, first.start + 32.0), 100);
    assert_eq!(write_capacity(&mut fleet, first.start + 33.0), 215);
    assert_eq!(fleet.table("ttt", first.start + 32.0).unwrap().status, "UPDATING");
    let then = fleet.activities(first.start + 1.0);
    assert_eq!(
        then.first().map(|activity| (activity.status, activity.end)),
        Some(("InProgress", None))
    );
    let policy = fleet.scaling(start).remove(0).policy.unwrap();
    assert!(first.cause.contains(policy.alarms[0].as_str()));
}

#[test]
fn fifteen_minutes_below_scale_in_and_spend_a_decrease() {
    let mut fleet = scaled(0.5, "min = 20, max = 1_000");
    let start = fleet.start();
    // 50 units/s of 100 are neither above 70 % nor below 50 %; 25 are below.
    assert_eq!(write_capacity(&mut fleet, start - 3_600.0), 100);
    assert_eq!(write_capacity(&mut fleet, start - 3_600.0 + 15.0 * 60.0), 100);
    assert_eq!(write_capacity(&mut fleet, start - 3_600.0 + 17.5 * 60.0), 36);
    let state = fleet.table("ttt", start).unwrap().throughput;
    assert_eq!(state.decreases_today, 1);
    assert!(state.last_decrease.is_some() && state.last_increase.is_none());
}

#[test]
fn at_its_maximum_it_says_so_and_does_not_scale() {
    let mut fleet = scaled(9.0, "min = 100, max = 200");
    let start = fleet.start();
    assert_eq!(write_capacity(&mut fleet, start), 200);
    let activities = fleet.activities(start);
    let newest = activities.first().unwrap();
    assert_eq!(newest.not_scaled, Some(("AlreadyAtMaxCapacity", 200, 100, 200)));
    assert!(newest.cause.contains("AlarmHigh"));
}

#[test]
fn suspended_disabled_and_on_demand_targets_do_nothing() {
    for (factor, scaling) in [
        (3.0, "min = 100, max = 1_000, suspended = { scale_out = true }"),
        (0.2, "min = 5, max = 1_000, suspended = { scale_in = true }"),
        (0.2, "min = 5, max = 1_000, disable_scale_in = true"),
        // A manual value below the minimum stays.
        (1.0, "min = 400, max = 1_000"),
    ] {
        let mut fleet = scaled(factor, scaling);
        let start = fleet.start();
        assert_eq!(write_capacity(&mut fleet, start), 100, "{scaling}");
    }
    let mut inert = fleet(
        "[[table]]\nname = 'ttt'\ncapacity.scaling.write = { min = 5, max = 10 }
         [[table.traffic]]\noperation = 'PutItem'\nrate = 500",
    );
    let start = inert.start();
    assert!(inert.activities(start).is_empty());
    assert_eq!(inert.scaling(start).len(), 1);
}

#[test]
fn four_decreases_a_day_are_free_and_further_ones_wait_an_hour() {
    // Each hour 15 busy minutes, then 45 idle ones: a decrease is wanted every hour.
    let mut fleet = fleet(
        "[[table]]\nname = 'ttt'\ncapacity.provisioned = { read = 5, write = 100 }
         capacity.scaling.write = { min = 20, max = 1_000 }
         [[table.traffic]]\noperation = 'PutItem'\nrate = 20\ndaily = 0\nnoise = 0
         [[table.traffic.change]]\nat = 0\nfactor = 9.0\nlasts = 6\nevery = 30\n",
    );
    let start = fleet.start();
    let midnight = (start / 86_400.0).floor() * 86_400.0;
    let activities = fleet.activities(start);
    let mut decreases: Vec<Epoch> = activities
        .iter()
        .filter(|activity| {
            activity.cause.contains("AlarmLow")
                && activity.status == "Successful"
                && activity.not_scaled.is_none()
                && activity.start > midnight
        })
        .filter_map(|activity| activity.end)
        .collect();
    decreases.sort_by(f64::total_cmp);
    assert!(decreases.len() > 6, "{decreases:?}");
    for pair in decreases[3..].windows(2) {
        assert!(pair[1] - pair[0] >= 3_600.0, "{pair:?}");
    }
    assert!(decreases[3] - decreases[0] < 3.0 * 3_600.0);
    let failed: Vec<_> = activities
        .iter()
        .filter(|activity| activity.status == "Failed" && activity.not_scaled.is_none())
        .collect();
    assert!(!failed.is_empty());
    assert!(failed[0].message.contains("Subscriber limit exceeded"), "{}", failed[0].message);
    let today = fleet.table("ttt", start).unwrap().throughput.decreases_today;
    assert_eq!(today as usize, decreases.len());
}

#[test]
fn a_scheduled_action_moves_the_bounds_and_the_capacity_inside_them() {
    let tables = |suspended: &str| {
        format!(
            "[[table]]\nname = 'ttt'\ncapacity.provisioned = {{ read = 5, write = 100 }}
             [table.capacity.scaling.write]\nmin = 50\nmax = 1_000\ndisable_scale_in = true
             suspended = {{ scheduled = {suspended} }}
             scheduled = [{{ name = 'day', hour = 7, minute = 30, min = 300 }},
                          {{ name = 'night', hour = 22, min = 50, max = 200 }}]
             [[table.traffic]]\noperation = 'PutItem'\nrate = 20\n"
        )
    };
    let mut scheduled = fleet(&tables("false"));
    let noon = scheduled.start();
    let morning = noon - 4.5 * 3_600.0;
    assert_eq!(write_capacity(&mut scheduled, morning + 30.0), 100);
    assert_eq!(write_capacity(&mut scheduled, morning + 34.0), 300);
    // The maximum is still the night's, and the larger minimum wins.
    let bounds = |fleet: &mut Fleet, now| {
        let target = fleet.scaling(now).remove(0);
        (target.min, target.max)
    };
    assert_eq!(bounds(&mut scheduled, morning - 1.0), (50, 200));
    assert_eq!(bounds(&mut scheduled, noon), (300, 300));
    let night = noon + 10.0 * 3_600.0;
    assert_eq!(write_capacity(&mut scheduled, night + 60.0), 200);
    let newest = scheduled.activities(night + 60.0);
    assert_eq!(newest[0].cause, "maximum capacity was set to 200");
    assert_eq!(newest[1].cause, "scheduled action name night was triggered");
    assert_eq!(scheduled.scaling(noon)[0].scheduled[0].schedule, "cron(30 7 * * ? *)");

    let mut suspended = fleet(&tables("true"));
    assert_eq!(write_capacity(&mut suspended, noon), 100);
    assert_eq!(bounds(&mut suspended, noon), (50, 1_000));
}
