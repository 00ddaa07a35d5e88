//! What the shipped scenarios promise, from their start on for hours.

use super::*;

/// Every (table, index) with throttle events by reason over some minutes around the start.
fn throttled(fleet: &mut Fleet, from: i64, until: i64) -> Vec<(String, &'static str, f64)> {
    let mut found = Vec::new();
    for name in fleet.table_names().to_vec() {
        let indexes = fleet.tables[&name].spec.indexes.iter().map(|index| Some(index.name.clone()));
        for index in std::iter::once(None).chain(indexes).collect::<Vec<_>>() {
            let mut of = vec![("TableName", name.as_str())];
            of.extend(index.as_deref().map(|index| ("GlobalSecondaryIndexName", index)));
            let label = index.as_ref().map_or(name.clone(), |index| format!("{name}/{index}"));
            for (metric, _) in CAPACITY_METRICS.iter().filter(|(_, kind)| kind.is_reason()) {
                let events = total(fleet, metric, &of, from, until);
                if events > 0.0 {
                    found.push((label.clone(), *metric, events));
                }
            }
        }
    }
    found
}

/// A resource that refuses, the metric that says so, and when it begins.
type Trouble = (&'static str, &'static str, std::ops::RangeInclusive<i64>);

/// What is refused in each scenario.
const TROUBLES: &[(&str, &[Trouble])] = &[
    ("calm", &[]),
    ("user-errors", &[]),
    ("aws-side", &[]),
    ("misconfigured", &[]),
    ("stream-lag", &[]),
    ("replica-lag", &[]),
    ("conditional-check-storm", &[]),
    ("dax-node-loss", &[]),
    ("dax-saturated", &[]),
    ("dax-ttl-too-short", &[]),
    ("dax-cold-cache", &[("profiles", "ReadProvisionedThroughputThrottleEvents", -13..=-9)]),
    ("dax-miss-storm", &[("listings", "ReadProvisionedThroughputThrottleEvents", -12..=-8)]),
    (
        "capacity-just-lowered",
        &[("reservations", "WriteProvisionedThroughputThrottleEvents", -15..=-13)],
    ),
    (
        "alarm-storm",
        &[("orders/by-customer", "WriteProvisionedThroughputThrottleEvents", -16..=-14)],
    ),
    (
        "denied",
        &[
            ("catalog", "ReadKeyRangeThroughputThrottleEvents", -11..=-11),
            ("invoices", "WriteProvisionedThroughputThrottleEvents", -19..=-16),
        ],
    ),
    ("hot-key", &[("sessions", "WriteKeyRangeThroughputThrottleEvents", -14..=-14)]),
    ("hot-key-read", &[("catalog", "ReadKeyRangeThroughputThrottleEvents", -11..=-11)]),
    ("hot-key-gsi", &[("orders/by-status", "WriteKeyRangeThroughputThrottleEvents", -9..=-9)]),
    ("rolling-hot-key", &[("bids", "WriteKeyRangeThroughputThrottleEvents", -17..=-17)]),
    (
        "gsi-backpressure",
        &[("shipments/by-carrier", "WriteProvisionedThroughputThrottleEvents", -16..=-14)],
    ),
    (
        "under-provisioned",
        &[
            ("customers", "ReadProvisionedThroughputThrottleEvents", -9..=-6),
            ("invoices", "WriteProvisionedThroughputThrottleEvents", -19..=-16),
        ],
    ),
    ("at-max", &[("inventory", "WriteProvisionedThroughputThrottleEvents", -22..=-12)]),
    ("account-limit", &[("clickstream", "WriteAccountLimitThrottleEvents", -18..=-18)]),
    (
        "on-demand-cap",
        &[
            ("search-history", "WriteMaxOnDemandThroughputThrottleEvents", -8..=-8),
            ("search-suggestions", "ReadMaxOnDemandThroughputThrottleEvents", -16..=-16),
        ],
    ),
    (
        "incident",
        &[
            ("clickstream", "WriteAccountLimitThrottleEvents", -18..=-18),
            ("inventory", "WriteProvisionedThroughputThrottleEvents", -22..=-12),
            ("invoices", "WriteProvisionedThroughputThrottleEvents", -19..=-16),
            ("orders/GSI2", "WriteProvisionedThroughputThrottleEvents", -16..=-10),
            ("payments/by-status", "WriteKeyRangeThroughputThrottleEvents", -9..=-9),
            ("product-catalog/by-category", "ReadKeyRangeThroughputThrottleEvents", -12..=-12),
            ("search-suggestions", "ReadMaxOnDemandThroughputThrottleEvents", -16..=-16),
            ("sessions", "WriteKeyRangeThroughputThrottleEvents", -14..=-14),
        ],
    ),
];

/// Scenarios whose trouble ends by itself within an hour.
const PASSING: [&str; 1] = ["dax-cold-cache"];

/// Refusals but for the isolated ones that `feature-flags` has in every fleet.
fn troubles(fleet: &mut Fleet, from: i64, until: i64) -> Vec<(String, &'static str)> {
    let mut found = throttled(fleet, from, until);
    found.retain(|(name, ..)| name != "feature-flags");
    found.into_iter().map(|(name, metric, _)| (name, metric)).collect()
}

#[test]
fn each_scenario_is_in_exactly_its_troubles_at_the_start_and_for_hours() {
    assert_eq!(TROUBLES.len(), Scenario::names().len());
    for (name, expected) in TROUBLES {
        let expected: Vec<_> =
            expected.iter().map(|(name, metric, _)| ((*name).to_owned(), *metric)).collect();
        for seed in [1, 2, 3] {
            let mut fleet = Fleet::new(&Scenario::named(name).unwrap(), seed, None);
            assert_eq!(troubles(&mut fleet, -1_430, -30), [], "{name} {seed} before");
            for hour in [0, 1, 4, 8] {
                let until = hour * 60;
                let found = troubles(&mut fleet, until - 10, until);
                let is_over = hour > 0 && PASSING.contains(name);
                let expected = if is_over { vec![] } else { expected.clone() };
                assert_eq!(found, expected, "{name} {seed} after {hour} h");
            }
        }
    }
}

#[test]
fn each_trouble_begins_at_its_minute() {
    for (name, expected) in TROUBLES {
        let mut fleet = Fleet::new(&Scenario::named(name).unwrap(), 1, None);
        for (resource, metric, begins) in *expected {
            let (table, index) = resource.split_once('/').unwrap_or((resource, ""));
            let mut of = vec![("TableName", table)];
            if !index.is_empty() {
                of.push(("GlobalSecondaryIndexName", index));
            }
            let events = sums(&mut fleet, metric, &of, -60, 0);
            let first = events.iter().position(|events| *events > 0.0).unwrap();
            let first = i64::try_from(first).unwrap() - 60;
            assert!(begins.contains(&first), "{name} {resource}: {first}");
        }
    }
}

#[test]
fn an_isolated_throttle_is_one_to_three_events() {
    let mut fleet = Fleet::new(&Scenario::named("calm").unwrap(), 1, None);
    let of = [("TableName", "feature-flags")];
    let events = sums(&mut fleet, "ReadThrottleEvents", &of, -1_440, 1_440);
    let isolated: Vec<f64> = events.into_iter().filter(|events| *events > 0.0).collect();
    assert!((3..30).contains(&isolated.len()), "{isolated:?}");
    assert!(isolated.iter().all(|events| *events <= 3.0), "{isolated:?}");
}

#[test]
fn user_errors_rise_at_their_minute() {
    let mut fleet = Fleet::new(&Scenario::named("user-errors").unwrap(), 1, None);
    let errors = sums(&mut fleet, "UserErrors", &[], -40, 0);
    let (before, after) = errors.split_at(29);
    assert!(before.iter().all(|errors| *errors < 10.0), "{before:?}");
    assert!(after.iter().all(|errors| *errors > 700.0), "{after:?}");
}

#[test]
fn calm_autoscaling_goes_both_ways() {
    let mut fleet = Fleet::new(&Scenario::named("calm").unwrap(), 1, None);
    let start = fleet.start();
    let activities = fleet.activities(start);
    for alarm in ["AlarmHigh", "AlarmLow"] {
        let acted = activities.iter().any(|activity| {
            activity.cause.contains(alarm)
                && activity.not_scaled.is_none()
                && activity.status == "Successful"
        });
        assert!(acted, "{alarm}");
    }
}

#[test]
fn each_of_the_sixteen_reasons_follows_from_traffic() {
    let hot = "keys = { hot_share = 1.0 }";
    let provisioned = "capacity.provisioned = { read = 50, write = 50 }";
    let ample = "capacity.provisioned = { read = 20_000, write = 20_000 }";
    let capped = "capacity.on_demand_max = { read = 50, write = 50 }";
    let warm = "capacity.warm = { read = 12_000, write = 12_000 }";
    // Reason, capacity of the resource at fault, popularity of its keys, requests per second.
    let reasons = [
        ("Provisioned", provisioned, "", 200),
        ("KeyRange", ample, hot, 4_000),
        ("MaxOnDemand", capped, "", 200),
        ("AccountLimit", warm, "", 2_500),
    ];
    for (reason, capacity, keys, rate) in reasons {
        for (direction, operation) in [("Read", "Query"), ("Write", "PutItem")] {
            for index in [false, true] {
                let at_ease = if capacity.contains("provisioned") { ample } else { warm };
                let (table, gsi) = if index { (at_ease, capacity) } else { (capacity, at_ease) };
                let quota = if reason == "AccountLimit" { 2_000 } else { 40_000 };
                let read_index = index && direction == "Read";
                // Fewer writes on the table, with more units each on the index.
                let (rate, units) =
                    if index && direction == "Write" { (rate / 5, 5) } else { (rate, 1) };
                let mut fleet = fleet(&format!(
                    "account.table_max = {{ read = {quota}, write = {quota} }}
                     [[table]]\nname = 'ttt'\n{table}
                     [[table.index]]\nname = 'GSI1'\nwrite_share = {}\nwrite_units = {units}\n{gsi}\n{}
                     [[table.traffic]]\noperation = '{operation}'\nrate = {rate}\n{}\n{}",
                    f64::from(u8::from(index)),
                    if index { keys } else { "" },
                    if read_index { "index = 'GSI1'" } else { "" },
                    if index && direction == "Write" { "" } else { keys },
                ));
                let throughput = if reason == "AccountLimit" { "" } else { "Throughput" };
                let metric = format!("{direction}{reason}{throughput}ThrottleEvents");
                let found = troubles(&mut fleet, -10, 0);
                let at = if index { "ttt/GSI1" } else { "ttt" };
                assert_eq!(found.len(), 1, "{at} {metric}: {found:?}");
                assert_eq!((found[0].0.as_str(), found[0].1), (at, metric.as_str()));
            }
        }
    }
}

#[test]
fn a_grown_fleet_has_the_scenario_and_calm_tables_four_hours_old() {
    let mut fleet = Fleet::new(&Scenario::named("calm").unwrap(), 1, Some(300));
    let now = fleet.start();
    assert_eq!(fleet.table_names().len(), 300);
    assert!(fleet.table_names().is_sorted());
    for name in fleet.table_names().to_vec() {
        let state = fleet.table(&name, now + 1_800.0).unwrap();
        assert_eq!(state.name, name);
        let table = &fleet.tables[&name];
        if (state.created - (now - 4.0 * 3_600.0)).abs() < 1.0 {
            assert_eq!(table.end() - table.born, 270, "{name}");
            assert!(table.stressed.is_empty(), "{name}");
        }
    }
    assert_eq!(Fleet::new(&Scenario::named("calm").unwrap(), 1, Some(3)).table_names().len(), 3);
}

#[test]
fn what_is_too_old_is_forgotten_whatever_is_asked_and_when() {
    let fleet = || Fleet::new(&Scenario::named("calm").unwrap(), 1, Some(30));
    let (mut often, mut once) = (fleet(), fleet());
    let later = once.start() + 2.0 * 86_400.0;
    let names = once.table_names().to_vec();
    for hours in 1..=6 {
        for name in &names {
            often.table(name, once.start() + f64::from(hours) * 7.3 * 3_600.0);
        }
    }
    for name in &names {
        assert_eq!(often.table(name, later), once.table(name, later), "{name}");
        let table = &once.tables[name];
        let own = (table.created() - (once.start() - 4.0 * 3_600.0)).abs() > 1.0;
        let kept = if own { 1_440..1_500 } else { 240..300 };
        assert!(kept.contains(&table.heat.len()), "{name}: {} minutes", table.heat.len());
        let minutes = minute_of(later) - 2 * 1_440..minute_of(later);
        let dimensions = [("TableName".to_owned(), name.clone())];
        let read = |fleet: &mut Fleet| {
            let data =
                fleet.series("ConsumedReadCapacityUnits", &dimensions, minutes.clone(), later);
            data.unwrap()
        };
        let data = read(&mut once);
        assert_eq!(data, read(&mut often), "{name}");
        assert!(data.len() >= kept.start - 3, "{name}: {} minutes", data.len());
    }
}

#[test]
fn a_fleet_can_move_between_threads() {
    fn movable<T: Send + 'static>() {}
    movable::<Fleet>();
    movable::<Scenario>();
}
