//! What the shipped scenarios promise, from their start on for hours.

use super::*;

/// Sum of a metric over ten settled minutes that end `hours` after the start.
fn ten_minutes(fleet: &mut Fleet, metric: &str, of: &[(&str, &str)], hours: i64) -> f64 {
    total(fleet, metric, of, hours * 60 - 10, hours * 60)
}

#[test]
fn each_scenario_is_in_its_trouble_at_the_start_and_hours_later() {
    type Case = (&'static str, &'static [(&'static str, &'static str)], &'static str);
    let cases: &[Case] =
        &[("hot-key", &[("TableName", "sessions")], "WriteKeyRangeThroughputThrottleEvents")];
    for (name, of, metric) in cases {
        let mut fleet = Fleet::new(&Scenario::named(name).unwrap(), 1, None);
        for hours in [0, 1, 3] {
            assert!(ten_minutes(&mut fleet, metric, of, hours) > 100.0, "{name} after {hours} h");
        }
    }
}
