//! Tests of the fleet as a whole.

use super::*;

/// Sum over the minutes before `now` of a metric of a table.
fn sum(fleet: &mut Fleet, metric: &str, dims: &[(&str, &str)], minutes: i64, now: Epoch) -> f64 {
    let dims: Vec<(String, String)> =
        dims.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let end = (now / 60.0) as i64;
    let data = fleet.series(metric, &dims, end - minutes..end, now).unwrap();
    data.iter().map(|datum| datum.sum).sum()
}

#[test]
fn a_hot_key_is_throttled_at_its_partition_below_the_table_capacity() {
    let scenario = Scenario::named("hot-key").unwrap();
    let mut fleet = Fleet::new(&scenario, 1, None);
    let now = fleet.start();
    let t = [("TableName", "sessions")];
    let events = sum(&mut fleet, "WriteThrottleEvents", &t, 10, now);
    let keyed = sum(&mut fleet, "WriteKeyRangeThroughputThrottleEvents", &t, 10, now);
    let used = sum(&mut fleet, "ConsumedWriteCapacityUnits", &t, 10, now);
    println!("{events} {keyed} {used}");
    assert!(keyed > 100_000.0);
    assert_eq!(events.to_bits(), keyed.to_bits());
}
