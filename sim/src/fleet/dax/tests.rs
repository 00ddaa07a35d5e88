//! What follows from a cluster in front of a table.

mod faults;
mod published;
mod shipped;

use super::*;
use crate::fleet::tests::{TABLE, fleet, sums};

/// A cluster `cache` of three nodes in front of the table `ttt`; `cluster` and `traffic` say more of both.
fn cached(cluster: &str, traffic: &str) -> Fleet {
    fleet(&format!(
        "[[dax]]\nname = 'cache'\nnode_type = 'dax.r5.large'\nparameter_group = 'own'
         nodes = [{{ zone = 'us-east-1a' }}, {{ zone = 'us-east-1b' }}, {{ zone = 'us-east-1c' }}]
         {cluster}\n{}",
        table(traffic)
    ))
}

/// The table `ttt`, read 900 times a second through the cluster.
fn table(traffic: &str) -> String {
    format!(
        "[[table]]\nname = 'ttt'\ncapacity.provisioned = {{ read = 2_000, write = 500 }}
         [[table.traffic]]\noperation = 'GetItem'\nrate = 900\nunits = 0.5\nnoise = 0\ndaily = 0\n{traffic}"
    )
}

const THROUGH: &str = "dax = { cluster = 'cache', distinct = 20_000 }";

/// The settled data of a metric, one place per minute from `from` to `until` relative to the start.
fn data(fleet: &mut Fleet, name: &str, node: &str, from: i64, until: i64) -> Vec<Option<Datum>> {
    let start = minute_of(fleet.start());
    let mut dimensions = vec![("ClusterId".to_owned(), "cache".to_owned())];
    if !node.is_empty() {
        dimensions.push(("NodeId".to_owned(), format!("cache-{node}")));
    }
    let metric = MetricRef { namespace: DAX, name, dimensions: &dimensions };
    let now = (start + until + 10) as f64 * 60.0;
    let seen = fleet.truth(metric, start + from..start + until, now).unwrap().seen(now);
    let at = |minute| seen.iter().find(|datum| datum.minute == start + minute).copied();
    (from..until).map(at).collect()
}

/// The sums of a count; where nothing was published it is 0.
fn counts(fleet: &mut Fleet, name: &str, node: &str, from: i64, until: i64) -> Vec<f64> {
    let data = data(fleet, name, node, from, until);
    data.into_iter().map(|datum| datum.map_or(0.0, |datum| datum.sum)).collect()
}

/// The share of lookups that found nothing, minute by minute.
fn miss_rates(fleet: &mut Fleet, node: &str, from: i64, until: i64) -> Vec<f64> {
    let hits = counts(fleet, "ItemCacheHits", node, from, until);
    let misses = counts(fleet, "ItemCacheMisses", node, from, until);
    let rate = |(hits, misses): (&f64, &f64)| misses / (hits + misses).max(1.0);
    hits.iter().zip(&misses).map(rate).collect()
}

#[test]
fn the_hit_rate_rises_as_a_new_cluster_fills() {
    let mut fleet = cached("age_hours = 1", THROUGH);
    let rates = miss_rates(&mut fleet, "", -60, 0);
    assert!(rates[0] > 0.5, "{}", rates[0]);
    assert!(rates[..10].is_sorted_by(|earlier, later| earlier > later), "{rates:?}");
    // An item is asked for every 67 s of each node, and found by 300 s of 367.
    assert!((rates[59] - 67.0 / 367.0).abs() < 0.01, "{}", rates[59]);
}

#[test]
fn what_is_asked_is_hits_and_misses_and_only_these_reach_the_table() {
    let mut fleet = cached("age_hours = 1", THROUGH);
    let requests = counts(&mut fleet, "GetItemRequestCount", "", -60, 0);
    let hits = counts(&mut fleet, "ItemCacheHits", "", -60, 0);
    let misses = counts(&mut fleet, "ItemCacheMisses", "", -60, 0);
    let units = sums(&mut fleet, "ConsumedReadCapacityUnits", TABLE, -60, 0);
    for (minute, all) in requests.iter().enumerate() {
        assert!((hits[minute] + misses[minute] - all).abs() < 1e-9);
        assert!((all - 54_000.0).abs() <= 3.0, "{all}");
        let expected = misses[minute] * 0.5;
        assert!((units[minute] - expected).abs() <= 4.0, "{} of {expected}", units[minute]);
    }
}

#[test]
fn what_goes_around_the_cluster_is_read_from_the_table_itself() {
    let through = "dax = { cluster = 'cache', share = 0.75, distinct = 1 }";
    let mut fleet = cached("", through);
    let requests = counts(&mut fleet, "GetItemRequestCount", "", -5, 0);
    let units = sums(&mut fleet, "ConsumedReadCapacityUnits", TABLE, -5, 0);
    assert!(requests.iter().all(|requests| (requests - 40_500.0).abs() <= 3.0), "{requests:?}");
    assert!(units.iter().all(|units| (units - 6_750.0).abs() <= 3.0), "{units:?}");
}

#[test]
fn half_the_time_to_live_is_about_twice_the_misses() {
    let misses = |millis: u32| {
        let mut fleet = cached(&format!("record_ttl_millis = {millis}"), THROUGH);
        counts(&mut fleet, "ItemCacheMisses", "", -10, 0).iter().sum::<f64>()
    };
    let (whole, half, endless) = (misses(1_200_000), misses(600_000), misses(0));
    assert!((1.8..2.0).contains(&(half / whole)), "{half} and {whole}");
    assert!(endless < whole / 100.0, "{endless}");
}

#[test]
fn a_shorter_time_to_live_counts_from_its_minute_on() {
    let change = "[[dax.event]]\nat = -20\nkind = 'time-to-live'\nrecord_ttl_millis = 5_000";
    let mut fleet = cached(change, THROUGH);
    let rates = miss_rates(&mut fleet, "", -30, 0);
    assert!(rates[..10].iter().all(|rate| *rate < 0.2), "{rates:?}");
    assert!(rates[11..].iter().all(|rate| *rate > 0.9), "{rates:?}");
    let groups = |after: f64| fleet.dax_parameter_groups(fleet.start() + after * 60.0);
    let of_own = |after| groups(after).iter().find(|group| group.name == "own").cloned().unwrap();
    assert_eq!(of_own(-20.5).record_ttl_millis, 300_000);
    assert_eq!((of_own(-20.0).record_ttl_millis, of_own(0.0).query_ttl_millis), (5_000, 300_000));
}

#[test]
fn a_time_to_live_that_needs_a_reboot_counts_on_each_node_from_its_own() {
    let change = "[[dax.event]]\nat = -20\nkind = 'time-to-live'\nrecord_ttl_millis = 5_000\nneeds_reboot = true
        [[dax.event]]\nat = -15\nkind = 'node-rebooted'\nnode = 'b'";
    let mut fleet = cached(change, THROUGH);
    let late = |fleet: &mut Fleet, node| miss_rates(fleet, node, -9, 0);
    assert!(late(&mut fleet, "b").iter().all(|rate| *rate > 0.9));
    assert!(late(&mut fleet, "a").iter().all(|rate| *rate < 0.2));
}

#[test]
fn a_working_set_that_does_not_fit_is_evicted_and_missed() {
    let with = |distinct: u32| {
        let through = format!(
            "keys = {{ zipf = 0.6 }}\ndax = {{ cluster = 'cache', item_bytes = 40_000, distinct = {distinct} }}"
        );
        cached("record_ttl_millis = 0", &through)
    };
    let (mut fits, mut grown) = (with(100_000), with(2_000_000));
    assert!(counts(&mut fits, "EvictedSize", "", -10, 0).iter().all(|bytes| *bytes <= 0.0));
    let evicted = data(&mut grown, "EvictedSize", "", -10, 0);
    for datum in evicted {
        let datum = datum.unwrap();
        // What comes in by misses goes out: each is 40,200 bytes in memory.
        let misses = counts(&mut grown, "ItemCacheMisses", "", -10, 0);
        let expected = misses[0] * 40_200.0;
        assert!((datum.sum / expected - 1.0).abs() < 0.02, "{} of {expected}", datum.sum);
    }
    let fullest = |fleet: &mut Fleet| {
        let data = data(fleet, "CacheMemoryUtilization", "", -1, 0);
        data[0].unwrap().max
    };
    assert!((96.5..=97.0).contains(&fullest(&mut grown)), "{}", fullest(&mut grown));
    assert!(fullest(&mut fits) < 50.0);
    let rate = |fleet: &mut Fleet| miss_rates(fleet, "", -1, 0)[0];
    let (few, many) = (rate(&mut fits), rate(&mut grown));
    assert!(few < 0.01 && many > 0.3, "{few} and {many}");
}

#[test]
fn queries_have_their_own_cache_and_time_to_live() {
    let traffic = "dax = { cluster = 'cache' }
        [[table.traffic]]\noperation = 'Query'\nrate = 50\nunits = 4\nnoise = 0\ndaily = 0
        dax = { cluster = 'cache', distinct = 200 }
        [[table.traffic]]\noperation = 'Scan'\nrate = 1\nunits = 90\nnoise = 0\ndaily = 0
        dax = { cluster = 'cache', distinct = 1 }";
    let mut fleet = cached("query_ttl_millis = 0", traffic);
    assert!(counts(&mut fleet, "QueryCacheHits", "", -5, 0).iter().all(|hits| *hits <= 0.0));
    assert!(counts(&mut fleet, "QueryCacheMisses", "", -5, 0).iter().all(|all| *all > 2_990.0));
    assert!(counts(&mut fleet, "ScanCacheMisses", "", -5, 0).iter().all(|all| *all > 50.0));
    assert!(counts(&mut fleet, "ItemCacheHits", "", -5, 0).iter().all(|hits| *hits > 0.0));
    let mut fleet = cached("record_ttl_millis = 1", traffic);
    let hits = counts(&mut fleet, "QueryCacheHits", "", -5, 0);
    assert!(hits.iter().all(|hits| *hits > 2_850.0), "{hits:?}");
    assert!(counts(&mut fleet, "ItemCacheHits", "", -5, 0).iter().all(|hits| *hits < 5.0));
}

#[test]
fn batches_look_up_item_by_item() {
    let traffic = "dax = { cluster = 'cache', distinct = 1 }
        [[table.traffic]]\noperation = 'BatchGetItem'\nrate = 10\nitems = 20\nnoise = 0\ndaily = 0
        dax = { cluster = 'cache', distinct = 500 }";
    let mut fleet = cached("", traffic);
    let requests = counts(&mut fleet, "BatchGetItemRequestCount", "", -3, 0);
    let single = counts(&mut fleet, "GetItemRequestCount", "", -3, 0);
    let hits = counts(&mut fleet, "ItemCacheHits", "", -3, 0);
    let misses = counts(&mut fleet, "ItemCacheMisses", "", -3, 0);
    for minute in 0..3 {
        assert!((requests[minute] - 600.0).abs() <= 3.0);
        let lookups = hits[minute] + misses[minute];
        assert!((lookups - single[minute] - 20.0 * requests[minute]).abs() < 1e-9);
    }
}

#[test]
fn writes_go_through_the_primary_and_cost_every_node() {
    let traffic = "dax = { cluster = 'cache', distinct = 1 }
        [[table.traffic]]\noperation = 'PutItem'\nrate = 300\nnoise = 0\ndaily = 0
        dax = { cluster = 'cache' }";
    let (mut with, mut without) = (cached("", traffic), cached("", THROUGH));
    let puts = counts(&mut with, "PutItemRequestCount", "", -3, 0);
    assert_eq!(counts(&mut with, "PutItemRequestCount", "a", -3, 0), puts);
    assert!(counts(&mut with, "PutItemRequestCount", "b", -3, 0).iter().all(|puts| *puts <= 0.0));
    let units = sums(&mut with, "ConsumedWriteCapacityUnits", TABLE, -3, 0);
    assert!(units.iter().zip(&puts).all(|(units, puts)| (units - puts).abs() <= 1.0));
    for node in ["a", "b", "c"] {
        let cpu = |fleet: &mut Fleet| data(fleet, "CPUUtilization", node, -1, 0)[0].unwrap().max;
        // 300 writes are 7,500 hits, a tenth of what the node can.
        let more = cpu(&mut with) - cpu(&mut without);
        assert!((7.0..11.0).contains(&more), "{node}: {more}");
    }
}
