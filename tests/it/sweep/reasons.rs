//! Each of the sixteen reasons in a world of its own.

use super::look::{each, in_a_line, verdicts, world};
use ddbtop::diagnose::Confidence::{self, Inferred, Measured, Unknown};
use ddbtop_sim::scenario::Scenario;

const EVEN: &str = "keys = { count = 1_000_000 }";
const HOT: &str = "keys = { hot_share = 1.0 }";

/// The reason, the capacity of the table or index at fault, the units per second that are asked
/// of it, on which keys, and what is known of the cause when the reason metrics are withheld.
///
/// A small excess over a small limit leaves no room for a hot key. The quota is far above what
/// one partition gives, so that consumption there always fits a hot key, too.
#[rustfmt::skip]
const CASES: [(&str, &str, f64, &str, Confidence); 16] = [
    ("TableReadProvisionedThroughputExceeded", "provisioned = { read = 30, write = 10 }", 31.5, EVEN, Inferred),
    ("TableReadKeyRangeThroughputExceeded", "provisioned = { read = 9_000, write = 10 }", 4_000.0, HOT, Inferred),
    ("TableReadMaxOnDemandThroughputExceeded", "on_demand_max = { read = 1_500 }", 1_503.0, EVEN, Inferred),
    ("TableReadAccountLimitExceeded", "warm = { read = 72_000, write = 72_000 }", 46_000.0, EVEN, Unknown),
    ("TableWriteProvisionedThroughputExceeded", "provisioned = { read = 10, write = 10 }", 10.5, EVEN, Inferred),
    ("TableWriteKeyRangeThroughputExceeded", "provisioned = { read = 10, write = 5_000 }", 1_900.0, HOT, Inferred),
    ("TableWriteMaxOnDemandThroughputExceeded", "on_demand_max = { write = 500 }", 502.0, EVEN, Inferred),
    ("TableWriteAccountLimitExceeded", "warm = { read = 72_000, write = 72_000 }", 46_000.0, EVEN, Unknown),
    ("IndexReadProvisionedThroughputExceeded", "provisioned = { read = 30, write = 10 }", 31.5, EVEN, Inferred),
    ("IndexReadKeyRangeThroughputExceeded", "warm = { read = 72_000, write = 72_000 }", 4_400.0, HOT, Inferred),
    ("IndexReadMaxOnDemandThroughputExceeded", "on_demand_max = { read = 1_500 }", 1_503.0, EVEN, Inferred),
    ("IndexReadAccountLimitExceeded", "warm = { read = 72_000, write = 72_000 }", 46_000.0, EVEN, Unknown),
    ("IndexWriteProvisionedThroughputExceeded", "provisioned = { read = 10, write = 10 }", 10.5, EVEN, Inferred),
    ("IndexWriteKeyRangeThroughputExceeded", "warm = { read = 72_000, write = 72_000 }", 1_900.0, HOT, Inferred),
    ("IndexWriteMaxOnDemandThroughputExceeded", "on_demand_max = { write = 500 }", 502.0, EVEN, Inferred),
    ("IndexWriteAccountLimitExceeded", "warm = { read = 72_000, write = 72_000 }", 46_000.0, EVEN, Unknown),
];

/// The world of a case: one table with one index, the other of which has all it needs.
///
/// Traffic begins 40 minutes before the start, doubled at first: that empties a burst bank.
fn toml(reason: &str, capacity: &str, units: f64, keys: &str) -> String {
    let ample = if capacity.starts_with("provisioned") {
        "provisioned = { read = 20_000, write = 20_000 }"
    } else {
        "warm = { read = 72_000, write = 72_000 }"
    };
    let on_index = reason.starts_with("Index");
    let (table, index) = if on_index { (ample, capacity) } else { (capacity, ample) };
    let (operation, rate, write_share) = match (on_index, reason.contains("Read")) {
        (false, true) => ("operation = 'GetItem'", units, 0),
        (false, false) => ("operation = 'PutItem'", units, 0),
        (true, true) => ("operation = 'Query'\nindex = 'by-day'", units, 0),
        // Each write costs the index four units.
        (true, false) => ("operation = 'PutItem'", units / 4.0, 1),
    };
    let of_writes = if write_share == 1 { keys } else { EVEN };
    let of_requests = if write_share == 1 { EVEN } else { keys };
    format!(
        "start = '2026-11-22T12:00:00Z'
         [[table]]
         name = 'orders'
         age_hours = 3
         capacity.{table}
         [[table.index]]
         name = 'by-day'
         capacity.{index}
         write_share = {write_share}
         write_units = 4
         {of_writes}
         [[table.traffic]]
         {operation}
         rate = {rate}
         {of_requests}
         from = -40
         change = [{{ at = -40, factor = 2.0, lasts = 10 }}]
         daily = 0
         noise = 0
         jitter = 0"
    )
}

#[test]
fn each_of_the_sixteen_reasons_is_named_right_or_not_at_all() {
    let problems = each(&CASES, |(reason, capacity, units, keys, confidence)| {
        let toml = toml(reason, capacity, *units, keys);
        let resource = if reason.starts_with("Index") { "orders/by-day" } else { "orders" };
        let mut problems = vec![];
        for (withheld, confidence) in [(false, Measured), (true, *confidence)] {
            let toml = format!("withhold_reasons = {withheld}\n{toml}");
            let scenario = Scenario::parse(reason, &toml).unwrap();
            let found = verdicts(&world(&scenario, 1), 0);
            let lines: Vec<String> = found.iter().map(in_a_line).collect();
            let expected = if confidence == Unknown {
                format!("{resource}: one of [AccountLimit, KeyRange], unknown")
            } else {
                format!("{resource}: {reason}, {}", confidence.as_str())
            };
            if lines != [expected.clone()] {
                problems.push(format!("{expected}\n  but {lines:?}"));
            }
        }
        problems
    })
    .concat();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
