//! Partitions, burst, indexes, conservation, closed form, determinism.

use super::*;

/// Even traffic without daily curve and noise.
fn steady(operation: &str, rate: f64, more: &str) -> String {
    format!(
        "[[table.traffic]]\noperation = '{operation}'\nrate = {rate}\ndaily = 0\nnoise = 0\njitter = 0\n{more}\n"
    )
}

#[test]
fn a_partition_serves_1000_write_and_3000_read_units_however_much_is_provisioned() {
    for (operation, rate, used, metric, events) in [
        (
            "PutItem",
            1_500,
            60_000.0,
            "ConsumedWriteCapacityUnits",
            "WriteKeyRangeThroughputThrottleEvents",
        ),
        (
            "GetItem",
            4_000,
            180_000.0,
            "ConsumedReadCapacityUnits",
            "ReadKeyRangeThroughputThrottleEvents",
        ),
    ] {
        let traffic = steady(operation, f64::from(rate), "keys = { hot_share = 1.0 }");
        let mut fleet = fleet(&format!(
            "[[table]]\nname = 'ttt'\ncapacity.provisioned = {{ read = 20_000, write = 20_000 }}\n{traffic}"
        ));
        let refused = f64::from(rate) * 60.0 - used;
        assert_eq!(sums(&mut fleet, metric, TABLE, -30, -27), vec![used; 3]);
        for found in sums(&mut fleet, events, TABLE, -30, -27) {
            assert!((found - refused).abs() <= 1.0, "{operation}: {found} of {refused}");
        }
    }
}

#[test]
fn a_full_burst_bank_lasts_five_minutes_and_then_only_capacity_is_served() {
    let traffic =
        steady("PutItem", 50.0, "") + "[[table.traffic.change]]\nat = -60\nfactor = 4.0\n";
    let mut fleet = fleet(&format!(
        "[[table]]\nname = 'ttt'\ncapacity.provisioned = {{ read = 5, write = 100 }}\n{traffic}"
    ));
    // 300 s x 100 units are banked; 200/s is 100/s too many, so the bank lasts 300 s.
    let used = sums(&mut fleet, "ConsumedWriteCapacityUnits", TABLE, -61, -53);
    let expected = [3_000.0, 12_000.0, 12_000.0, 12_000.0, 12_000.0, 12_000.0, 6_000.0, 6_000.0];
    assert_eq!(used, expected);
    let refused = sums(&mut fleet, "WriteProvisionedThroughputThrottleEvents", TABLE, -61, -53);
    assert_eq!(refused, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 6_000.0, 6_000.0]);
}

#[test]
fn calm_minutes_refill_the_bank_by_what_they_leave_unused() {
    for always_step in [false, true] {
        // Eight minutes at 200/s, three at 50/s: these bank 3 x 60 x 50 units, 90 s of excess.
        let traffic = steady("PutItem", 50.0, "")
            + "[[table.traffic.change]]\nat = -60\nfactor = 4.0\nlasts = 8\nevery = 11\n";
        let mut fleet = fleet(&format!(
            "[[table]]\nname = 'ttt'\ncapacity.provisioned = {{ read = 5, write = 100 }}\n{traffic}"
        ));
        fleet.tables.get_mut("ttt").unwrap().always_step = always_step;
        let used = sums(&mut fleet, "ConsumedWriteCapacityUnits", TABLE, -60, -49);
        let (refilled, calm) = ([12_000.0, 9_000.0, 6_000.0], [3_000.0; 3]);
        assert_eq!((&used[..3], &used[8..]), (&refilled[..], &calm[..]), "{always_step}");
    }
}

#[test]
fn a_refused_index_write_refuses_the_table_write_and_counts_on_the_index_alone() {
    let traffic = steady("PutItem", 100.0, "");
    let mut fleet = fleet(&format!(
        "[[table]]\nname = 'ttt'\ncapacity.provisioned = {{ read = 5, write = 500 }}
         [[table.index]]\nname = 'GSI1'\nwrite_share = 0.5\ncapacity.provisioned = {{ read = 5, write = 30 }}
         [[table.index]]\nname = 'GSI2'\ncapacity.provisioned = {{ read = 5, write = 500 }}\n{traffic}"
    ));
    // 50 of 100 writes/s touch GSI1, which takes 30: 20 are refused, 80 are left for all.
    let second: &[(&str, &str)] = &[("TableName", "ttt"), ("GlobalSecondaryIndexName", "GSI2")];
    for (of, units, events) in
        [(TABLE, 4_800.0, 0.0), (INDEX, 1_800.0, 1_200.0), (second, 4_800.0, 0.0)]
    {
        let used = total(&mut fleet, "ConsumedWriteCapacityUnits", of, -10, -9);
        assert!((used - units).abs() < 1.0, "{of:?}: {used}");
        let refused = total(&mut fleet, "WriteThrottleEvents", of, -10, -9);
        assert!((refused - events).abs() <= 1.0, "{of:?}: {refused}");
    }
    let operation = [("TableName", "ttt"), ("Operation", "PutItem")];
    let throttled = total(&mut fleet, "ThrottledRequests", &operation, -10, -9);
    assert!((throttled - 1_200.0).abs() <= 1.0, "{throttled}");
}

#[test]
fn on_demand_is_bound_by_its_maximum_and_else_by_the_quota() {
    for (max, reason, used) in [
        (
            "capacity.on_demand_max = { write = 500 }",
            "WriteMaxOnDemandThroughputThrottleEvents",
            30_000.0,
        ),
        ("", "WriteAccountLimitThrottleEvents", 120_000.0),
    ] {
        let traffic = steady("PutItem", 2_500.0, "");
        let mut fleet = fleet(&format!(
            "account.table_max = {{ read = 2_000, write = 2_000 }}\n[[table]]\nname = 'ttt'\n{max}\n{traffic}"
        ));
        assert_eq!(sums(&mut fleet, "ConsumedWriteCapacityUnits", TABLE, -9, -8), [used]);
        let refused = total(&mut fleet, reason, TABLE, -9, -8);
        assert!((refused - (150_000.0 - used)).abs() <= 1.0, "{refused}");
    }
}

#[test]
fn a_batch_is_a_throttled_request_only_when_all_its_items_are() {
    let traffic = steady("BatchGetItem", 40.0, "items = 10");
    let mut fleet = fleet(&format!(
        "[[table]]\nname = 'ttt'\ncapacity.on_demand_max = {{ read = 200 }}\n{traffic}"
    ));
    let events = total(&mut fleet, "ReadThrottleEvents", TABLE, -9, -4);
    assert!((events - 200.0 * 300.0).abs() <= 1.0, "{events}");
    let operation = [("TableName", "ttt"), ("Operation", "BatchGetItem")];
    let throttled = total(&mut fleet, "ThrottledRequests", &operation, -9, -4);
    assert!((throttled - 40.0 * 300.0 / 1024.0).abs() <= 1.0, "{throttled}");
}

#[test]
fn heat_spread_over_keys_splits_a_partition_and_one_hot_key_never_does() {
    for (keys, before, after) in
        [("{ count = 100_000 }", true, false), ("{ hot_share = 1.0 }", true, true)]
    {
        let traffic = steady("PutItem", 1_800.0, &format!("from = -60\nkeys = {keys}"));
        let mut fleet = fleet(&format!(
            "[[table]]\nname = 'ttt'\ngigabytes = 1\ncapacity.warm = {{ read = 1, write = 1 }}\n{traffic}"
        ));
        let table = fleet.tables.get_mut("ttt").unwrap();
        table.resources[0].partitions = super::super::partitions::Partitions::new(1);
        for flow in &mut table.resources[0].flows.write {
            flow.lay(&super::super::partitions::Partitions::new(1));
        }
        let events = "WriteKeyRangeThroughputThrottleEvents";
        assert_eq!(total(&mut fleet, events, TABLE, -59, -55) > 0.0, before, "{keys}");
        assert_eq!(total(&mut fleet, events, TABLE, -10, -1) > 0.0, after, "{keys}");
        let partitions = fleet.tables["ttt"].resources[0].partitions.count();
        assert_eq!(partitions > 1, !after, "{keys}: {partitions}");
    }
}

/// Troubles of all kinds at once, with noise, batches and indexes.
const MIXED: &str = "
[[table]]
name = 'ttt'
capacity.provisioned = { read = 900, write = 2_000 }
[[table.index]]
name = 'GSI1'
write_share = 0.7
write_units = 2.0
capacity.provisioned = { read = 40, write = 700 }
[[table.index]]
name = 'GSI2'
write_share = 0.3
keys = { hot_share = 0.9 }
capacity.provisioned = { read = 40, write = 5_000 }
[[table.traffic]]
operation = 'PutItem'
rate = 500
units = 1.5
[[table.traffic.change]]
at = -90
factor = 3.0
lasts = 40
[[table.traffic]]
operation = 'UpdateItem'
rate = 900
from = -70
until = -20
keys = { hot_share = 0.9 }
[[table.traffic]]
operation = 'Query'
index = 'GSI1'
rate = 30
units = 1.2
[[table.traffic]]
operation = 'GetItem'
rate = 800
jitter = 0.5
";

#[test]
fn what_is_admitted_and_refused_is_what_was_asked_for() {
    let mut fleet = fleet(MIXED);
    let start = minute_of(fleet.start());
    fleet.table("ttt", start as f64 * 60.0);
    let table = &fleet.tables["ttt"];
    let minutes = table.born..start;
    assert!(table.stressed.len() > 60, "{}", table.stressed.len());
    for dimension in crate::both::DIMENSIONS {
        let (mut asked, mut admitted, mut throttled, mut units) = (0.0, 0.0, 0.0, 0.0);
        for (number, source) in table.sources.iter().enumerate() {
            if source.dimension() == dimension {
                for minute in minutes.clone() {
                    let requests = table.requests(number, minute);
                    asked += source.rate(minute) * 60.0;
                    admitted += requests.admitted;
                    throttled += requests.throttled;
                    if source.resource == 0 {
                        units += requests.admitted * source.spec.units;
                    }
                }
            }
        }
        let off = (admitted + throttled - asked).abs();
        assert!(off <= table.sources.len() as f64, "{dimension:?}: {off} of {asked}");
        let events: f64 = table
            .stressed
            .iter()
            .flat_map(|stress| &stress.refused)
            .map(|both| both.of(dimension).total())
            .sum();
        assert!((events - throttled).abs() <= 20.0, "{dimension:?}: {events}, {throttled}");
        let consumed: f64 =
            table.resources[0].consumed.of(dimension).iter().map(|units| f64::from(*units)).sum();
        assert!((consumed / units - 1.0).abs() < 1e-6, "{dimension:?}: {consumed}, {units}");
    }
}

#[test]
fn the_closed_form_and_stepping_agree() {
    let (mut closed, mut stepped) = (fleet(MIXED), fleet(MIXED));
    stepped.tables.get_mut("ttt").unwrap().always_step = true;
    for metric in CAPACITY_METRICS.iter().map(|(name, _)| *name) {
        for of in [TABLE, INDEX] {
            let one = sums(&mut closed, metric, of, -300, 0);
            let other = sums(&mut stepped, metric, of, -300, 0);
            for (minute, (one, other)) in one.iter().zip(&other).enumerate() {
                // Half a unit is the grain of metering.
                assert!((one - other).abs() <= 1.0, "{metric} {minute}: {one}, {other}");
            }
        }
    }
    let calm = closed.tables["ttt"].stressed.len();
    assert_eq!(calm, stepped.tables["ttt"].stressed.len());
}

#[test]
fn the_world_does_not_depend_on_what_is_asked_in_which_order() {
    let scenario = Scenario::named("incident").unwrap();
    let (mut one, mut other) = (Fleet::new(&scenario, 9, None), Fleet::new(&scenario, 9, None));
    let now = one.start() - 600.0;
    let names = one.table_names().to_vec();
    let metrics = one.metrics(now);
    // The other world is asked backwards, in jumps, and about the future first.
    other.activities(now + 3_600.0);
    for name in names.iter().rev() {
        other.table(name, now - 7_200.0);
        assert_eq!(other.table(name, now), one.table(name, now), "{name}");
    }
    for metric in metrics.iter().rev() {
        let of: Vec<_> =
            metric.dimensions.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
        let range = minute_of(now) - 30..minute_of(now);
        let data = one.series(&metric.name, &of, range.clone(), now);
        assert_eq!(other.series(&metric.name, &of, range, now), data, "{metric:?}");
    }
    assert!(other.activities(now) == one.activities(now));
    assert!(other.metrics(now) == metrics);
    // A third one is asked every 20 seconds, as a live dashboard does.
    let mut live = Fleet::new(&scenario, 9, None);
    for tick in 0..30 {
        live.activities(now - 600.0 + f64::from(tick) * 20.0);
    }
    assert!(live.activities(now) == one.activities(now));
    assert!(live.metrics(now) == metrics);
    let mut seeded = Fleet::new(&scenario, 10, None);
    assert!(seeded.activities(now) != one.activities(now));
}

#[test]
fn only_exactly_published_dimensions_have_data() {
    let mut fleet = fleet(MIXED);
    let now = fleet.start();
    let range = minute_of(now) - 60..minute_of(now);
    let present: &[(&str, &[(&str, &str)])] = &[
        ("ConsumedReadCapacityUnits", TABLE),
        ("ConsumedReadCapacityUnits", INDEX),
        ("SuccessfulRequestLatency", &[("TableName", "ttt"), ("Operation", "GetItem")]),
        ("SuccessfulRequestLatency", &[("Operation", "GetItem"), ("TableName", "ttt")]),
        ("AccountMaxReads", &[]),
    ];
    for (metric, of) in present {
        let data = fleet.series(metric, &dims(of), range.clone(), now);
        assert!(data.is_some_and(|data| !data.is_empty()), "{metric} {of:?}");
    }
    let absent: &[(&str, &[(&str, &str)])] = &[
        ("ConsumedReadCapacityUnits", &[]),
        ("ConsumedReadCapacityUnits", &[("TableName", "no-such-table")]),
        ("ConsumedReadCapacityUnits", &[("TableName", "ttt"), ("GlobalSecondaryIndexName", "x")]),
        ("ConsumedReadCapacityUnits", &[("TableName", "ttt"), ("Operation", "GetItem")]),
        ("SuccessfulRequestLatency", TABLE),
        ("SuccessfulRequestLatency", &[("TableName", "ttt"), ("Operation", "Scan")]),
        ("ThrottledRequests", TABLE),
        ("UserErrors", TABLE),
        ("SystemErrors", TABLE),
        ("OnDemandMaxReadRequestUnits", TABLE),
        ("NoSuchMetric", TABLE),
    ];
    for (metric, of) in absent {
        let data = fleet.series(metric, &dims(of), range.clone(), now);
        assert!(data.is_none_or(|data| data.is_empty()), "{metric} {of:?}");
    }
}

#[test]
fn an_idle_table_has_data_and_they_are_zero() {
    let mut fleet = fleet("[[table]]\nname = 'ttt'");
    let now = fleet.start();
    let range = minute_of(now) - 60..minute_of(now);
    let data = fleet.series("ConsumedReadCapacityUnits", &dims(TABLE), range.clone(), now).unwrap();
    assert!(data.len() >= 58);
    assert!(data.iter().all(|datum| datum.sum == 0.0 && datum.samples > 0.0));
    let latency = [("TableName", "ttt"), ("Operation", "GetItem")];
    assert_eq!(fleet.series("SuccessfulRequestLatency", &dims(&latency), range, now), None);
}

#[test]
fn the_average_of_consumed_units_is_units_per_request() {
    let mut fleet =
        fleet(&format!("[[table]]\nname = 'ttt'\n{}", steady("GetItem", 80.0, "units = 0.5")));
    let now = fleet.start();
    let minute = minute_of(now) - 10;
    let data =
        fleet.series("ConsumedReadCapacityUnits", &dims(TABLE), minute..minute + 1, now).unwrap();
    let [datum] = data[..] else { panic!("{data:?}") };
    assert_eq!((datum.sum, datum.samples, datum.min, datum.max), (2_400.0, 4_800.0, 0.5, 0.5));
}

#[test]
fn withheld_reasons_leave_the_events_without_a_reason() {
    let mut fleet = fleet(&format!(
        "withhold_reasons = true\n[[table]]\nname = 'ttt'\ncapacity.on_demand_max = {{ write = 9 }}\n{}",
        steady("PutItem", 20.0, "")
    ));
    assert_eq!(sums(&mut fleet, "WriteThrottleEvents", TABLE, -10, -9), [660.0]);
    let withheld = sums(&mut fleet, "WriteMaxOnDemandThroughputThrottleEvents", TABLE, -10, -9);
    assert_eq!(withheld, [0.0]);
    let now = fleet.start();
    let listed = fleet.metrics(now);
    assert!(listed.iter().any(|metric| metric.name == "WriteThrottleEvents"));
    assert!(listed.iter().all(|metric| !metric.name.contains("MaxOnDemandThroughput")));
}

#[test]
fn every_datum_lies_between_its_extremes() {
    let mut fleet = Fleet::new(&Scenario::named("incident").unwrap(), 4, None);
    let now = fleet.start() + 45.0;
    let range = minute_of(now) - 60..minute_of(now);
    for metric in fleet.metrics(now) {
        let of: Vec<_> =
            metric.dimensions.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
        let asked = MetricRef { namespace: &metric.namespace, name: &metric.name, dimensions: &of };
        let data = fleet.truth(asked, range.clone(), now).unwrap().seen(now);
        assert!(data.windows(2).all(|pair| pair[0].minute < pair[1].minute), "{metric:?}");
        for datum in data {
            let mean = datum.sum / datum.samples;
            let slack = 1e-3 * datum.max;
            assert!(datum.samples > 0.0 && datum.sum >= 0.0, "{metric:?}: {datum:?}");
            assert!(datum.samples.fract() == 0.0, "{metric:?}: {datum:?}");
            assert!(
                datum.min <= mean + slack && mean <= datum.max + slack,
                "{metric:?}: {datum:?}"
            );
        }
    }
}
