//! Metrics of operations and of the table's other events.

use super::*;

const TRAFFIC: &str = "
[[table]]
name = 'ttt'
ttl = { attribute = 'expires', deletes_per_minute = 300 }
[[table.traffic]]
operation = 'PutItem'
rate = 100
daily = 0
noise = 0
conditional_failures = 0.02
system_errors = [{ at = -20, lasts = 5, share = 0.01 }]
[[table.traffic]]
operation = 'TransactWriteItems'
rate = 10
items = 3
units = 2
daily = 0
noise = 0
conflicts = 0.1
[[table.traffic]]
operation = 'Query'
rate = 20
daily = 0
noise = 0
returned = 7
";

/// Whether a sum is what is expected, but for chance.
fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 0.1 * expected
}

#[test]
fn rare_events_are_the_scripted_share_of_the_requests() {
    let mut fleet = fleet(TRAFFIC);
    let put = [("TableName", "ttt"), ("Operation", "PutItem")];
    let query = [("TableName", "ttt"), ("Operation", "Query")];
    for (metric, of, per_minute) in [
        ("ConditionalCheckFailedRequests", TABLE, 6_000.0 * 0.02),
        ("TransactionConflict", TABLE, 600.0 * 0.1),
        ("TimeToLiveDeletedItemCount", TABLE, 300.0),
        ("ReturnedItemCount", &query[..], 1_200.0 * 7.0),
    ] {
        let found = total(&mut fleet, metric, of, -60, 0) / 60.0;
        assert!(near(found, per_minute), "{metric}: {found}");
    }
    let errors = sums(&mut fleet, "SystemErrors", &put, -25, -10);
    assert!(near(errors[5..10].iter().sum(), 5.0 * 60.0), "{errors:?}");
    let others: f64 = errors[..5].iter().chain(&errors[10..]).sum();
    assert!(others <= 1.0, "{errors:?}");
}

#[test]
fn the_samples_of_latency_are_the_successful_requests() {
    let mut fleet = fleet(TRAFFIC);
    let now = fleet.start();
    let minute = minute_of(now) - 18;
    let of = dims(&[("TableName", "ttt"), ("Operation", "PutItem")]);
    let data = fleet.series("SuccessfulRequestLatency", &of, minute..minute + 1, now).unwrap();
    let errors = fleet.series("SystemErrors", &of, minute..minute + 1, now).unwrap();
    assert!((data[0].samples + errors[0].sum - 6_000.0).abs() < 0.5, "{data:?}, {errors:?}");
    let spread = data[0].spread.unwrap();
    let mean = (spread.mu + spread.sigma * spread.sigma / 2.0).exp();
    assert!((data[0].sum / data[0].samples - mean).abs() < 1e-9);
    assert!((3.0..8.0).contains(&mean), "{mean}");
}

#[test]
fn a_table_that_is_slow_for_awss_reasons_serves_as_many_requests_as_ever() {
    let mut fleet = fleet(&format!("{TRAFFIC}[[table.slow]]\nat = -20\nlasts = 5\nfactor = 4"));
    let of = dims(&[("TableName", "ttt"), ("Operation", "Query")]);
    let (start, now) = (minute_of(fleet.start()), fleet.start() + 600.0);
    let data = fleet.series("SuccessfulRequestLatency", &of, start - 30..start, now).unwrap();
    for datum in &data {
        let is_slow = (-20..-15).contains(&(datum.minute - start));
        let mean = datum.sum / datum.samples;
        assert_eq!(is_slow, mean > 15.0, "{datum:?}");
        assert!(near(datum.samples, 1_200.0), "{datum:?}");
    }
    assert_eq!(data.len(), 30);
}

#[test]
fn latency_grows_when_the_hottest_partition_is_near_its_limit() {
    let mean = |rate: f64| {
        let mut fleet = fleet(&format!(
            "[[table]]\nname = 'ttt'\ncapacity.provisioned = {{ read = 9_000, write = 9_000 }}
             [[table.traffic]]\noperation = 'PutItem'\nrate = {rate}\nkeys = {{ hot_share = 1.0 }}"
        ));
        let of = [("TableName", "ttt"), ("Operation", "PutItem")];
        let latency = total(&mut fleet, "SuccessfulRequestLatency", &of, -30, 0);
        let start = minute_of(fleet.start());
        let range = start - 30..start;
        let data = fleet.series(
            "SuccessfulRequestLatency",
            &dims(&of),
            range,
            start as f64 * 60.0 + 300.0,
        );
        latency / data.unwrap().iter().map(|datum| datum.samples).sum::<f64>()
    };
    let (calm, crowded) = (mean(100.0), mean(1_500.0));
    assert!(crowded > 1.4 * calm, "{calm}, {crowded}");
}
