//! What `CloudWatch` shows of clusters.

use super::*;

#[test]
fn a_cluster_is_its_nodes() {
    let skew = "[[dax.event]]\nat = -60\nkind = 'imbalance'\nnode = 'a'\nfactor = 2";
    let traffic = format!(
        "{THROUGH}\n[[table.traffic]]\noperation = 'Query'\nrate = 9\ndax = {{ cluster = 'cache' }}"
    );
    let mut fleet = cached(skew, &traffic);
    for metric in METRICS.iter().filter(|metric| metric.of_clusters) {
        let of = |fleet: &mut Fleet, node| data(fleet, metric.name, node, -20, 0);
        let whole = of(&mut fleet, "");
        let nodes = ["a", "b", "c"].map(|node| of(&mut fleet, node));
        for (minute, whole) in whole.iter().enumerate() {
            let parts: Vec<Datum> = nodes.iter().filter_map(|node| node[minute]).collect();
            let sum: f64 = parts.iter().map(|part| part.sum).sum();
            assert_eq!(whole.is_some(), !parts.is_empty(), "{}", metric.name);
            let Some(whole) = whole else { continue };
            assert!((whole.sum - sum).abs() <= 1e-9 * sum, "{}", metric.name);
            assert!((whole.samples - parts.len() as f64).abs() < 1e-9, "{}", metric.name);
            let most = parts.iter().map(|part| part.max).fold(0.0, f64::max);
            assert!((whole.max - most).abs() < 1e-9 && whole.min <= most, "{}", metric.name);
        }
    }
}

#[test]
fn only_what_is_not_zero_is_published_and_an_idle_node_uses_some_cpu() {
    let until = format!("{THROUGH}\nuntil = -30");
    let mut fleet = cached("", &until);
    for metric in METRICS {
        let node = data(&mut fleet, metric.name, "a", -60, 0);
        assert!(node.iter().flatten().all(|datum| datum.min > 0.0), "{}", metric.name);
        let late = data(&mut fleet, metric.name, "a", -24, 0);
        let expected = if metric.name == "CPUUtilization" { late.len() } else { 0 };
        assert_eq!(late.iter().flatten().count(), expected, "{}: {late:?}", metric.name);
    }
    let cpu = counts(&mut fleet, "CPUUtilization", "a", -24, 0);
    assert!(cpu.iter().all(|percent| (0.5..5.0).contains(percent)), "{cpu:?}");
    // What is cached outlives the requests by its time to live.
    let cached = data(&mut fleet, "EstimatedDbSize", "", -35, -20);
    assert_eq!(cached.iter().filter(|datum| datum.is_some()).count(), 9, "{cached:?}");
    assert!(data(&mut fleet, "ItemCacheHits", "", -40, -30).iter().all(Option::is_some));
    assert!(data(&mut fleet, "ThrottledRequestCount", "", -60, -30).iter().all(Option::is_none));
}

/// The names that `ListMetrics` tells with these dimensions.
fn listed(fleet: &mut Fleet, dimensions: &[&str]) -> Vec<String> {
    let now = fleet.start();
    let all = fleet.metrics(now).into_iter().filter(|metric| metric.namespace == DAX);
    let of = all.filter(|metric| {
        metric.dimensions.iter().map(|(name, _)| &**name).eq(dimensions.iter().copied())
    });
    of.map(|metric| metric.name.into_owned()).collect()
}

#[test]
fn what_is_listed_has_data_and_the_dimensions_that_aws_has() {
    let mut fleet = cached("", THROUGH);
    let of_clusters = listed(&mut fleet, &["ClusterId"]);
    for name in ["CPUUtilization", "ItemCacheHits", "TotalRequestCount", "ClientConnections"] {
        assert!(of_clusters.iter().any(|listed| listed == name), "{name}");
    }
    assert!(!of_clusters.iter().any(|name| name == "ThrottledRequestCount"), "never seen");
    assert_eq!(listed(&mut fleet, &["ClusterId", "NodeId"]).len(), 3 * of_clusters.len());
    let mut idle = cached("", &format!("{THROUGH}\nuntil = -600"));
    assert_eq!(listed(&mut idle, &["ClusterId"]), ["CPUUtilization"]);
}

#[test]
fn dimensions_are_exact_and_credits_are_of_nodes_alone() {
    let mut fleet = cached("", THROUGH);
    let mut known = |name: &str, dimensions: &[(&str, &str)]| {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let dimensions: Vec<_> = dimensions.iter().map(own).collect();
        let metric = MetricRef { namespace: DAX, name, dimensions: &dimensions };
        let (minute, now) = (minute_of(fleet.start()), fleet.start());
        fleet.truth(metric, minute - 5..minute, now).is_some()
    };
    let (cluster, node) = (("ClusterId", "cache"), ("NodeId", "cache-a"));
    assert!(known("CPUUtilization", &[cluster]) && known("CPUUtilization", &[node, cluster]));
    assert!(known("CPUCreditBalance", &[cluster, node]) && !known("CPUCreditBalance", &[cluster]));
    for wrong in [
        vec![("ClusterID", "cache")],
        vec![("ClusterId", "Cache")],
        vec![node],
        vec![cluster, ("NodeId", "cache-d")],
        vec![cluster, ("TableName", "ttt")],
        vec![],
    ] {
        assert!(!known("CPUUtilization", &wrong), "{wrong:?}");
    }
    assert!(!known("SuccessfulRequestLatency", &[cluster]), "there is no latency in AWS/DAX");
}

#[test]
fn units_are_those_of_aws() {
    let fleet = cached("", THROUGH);
    let dimensions = [("ClusterId".to_owned(), "cache".to_owned())];
    for (name, expected) in [
        ("CPUUtilization", "Percent"),
        ("CacheMemoryUtilization", "Percent"),
        ("BaselineNetworkBytesInUtilization", "Percent"),
        ("EvictedSize", "Bytes"),
        ("NetworkBytesOut", "Bytes"),
        ("NetworkPacketsOut", "Count"),
        ("ItemCacheMisses", "Count"),
        ("CPUCreditUsage", "Count"),
    ] {
        let metric = MetricRef { namespace: DAX, name, dimensions: &dimensions };
        assert_eq!(fleet.unit(metric), Some(expected), "{name}");
    }
}

#[test]
fn credits_come_every_five_minutes() {
    let mut fleet = fleet(&format!(
        "[[dax]]\nname = 'cache'\nnode_type = 'dax.t3.small'\nnodes = [{{ zone = 'us-east-1a' }}]\n{}",
        table(THROUGH)
    ));
    for name in ["CPUCreditBalance", "CPUCreditUsage"] {
        let data = data(&mut fleet, name, "a", -30, 0);
        let minutes: Vec<usize> = data
            .iter()
            .enumerate()
            .filter(|(_, datum)| datum.is_some())
            .map(|(at, _)| at)
            .collect();
        assert_eq!(minutes, [0, 5, 10, 15, 20, 25], "{name}");
    }
    let cpu: f64 = counts(&mut fleet, "CPUUtilization", "a", -5, 0).iter().sum();
    let used = data(&mut fleet, "CPUCreditUsage", "a", -5, 0)[0].unwrap().sum;
    assert!((used - 2.0 * cpu / 100.0).abs() < 1e-9, "{used} of {cpu} % minutes of two processors");
}

#[test]
fn a_seed_is_one_world_whatever_is_asked_and_when() {
    let (mut often, mut once) = (cached("", THROUGH), cached("", THROUGH));
    for hours in 1..=5 {
        let minutes = hours * 170;
        data(&mut often, "ItemCacheHits", "b", minutes - 5, minutes);
        sums(&mut often, "ConsumedReadCapacityUnits", TABLE, minutes - 5, minutes);
    }
    // Days later: what is old is forgotten by the cluster, and known all the same to the table behind it.
    let later = 3 * 1_440;
    let read = |fleet: &mut Fleet| {
        let units = sums(fleet, "ConsumedReadCapacityUnits", TABLE, later - 60, later);
        (data(fleet, "CPUUtilization", "", later - 60, later), units)
    };
    counts(&mut once, "ItemCacheHits", "", later - 5, later);
    let (first, second) = (read(&mut often), read(&mut once));
    assert_eq!(first, second);
    assert!(first.1.iter().all(|units| *units > 0.0), "{:?}", first.1);
    assert!(data(&mut once, "CPUUtilization", "", 0, 60).iter().all(Option::is_none), "forgotten");

    let seeded = |seed| {
        let toml = format!(
            "start = '2026-11-22T12:00:00Z'\n[[dax]]\nname = 'cache'\nnode_type = 'dax.r5.large'
             nodes = [{{ zone = 'us-east-1a' }}]\n{}",
            table(THROUGH)
        );
        let scenario = crate::scenario::Scenario::parse("test", &toml).unwrap();
        data(&mut Fleet::new(&scenario, seed, None), "CPUUtilization", "", -60, 0)
    };
    assert_ne!(seeded(1), seeded(2));
}

#[test]
fn a_part_of_a_cluster_is_whole_nodes() {
    let mut fleet = cached("", THROUGH);
    let start = minute_of(fleet.start());
    let dimensions = [("ClusterId".to_owned(), "cache".to_owned())];
    let mut parts = 0;
    for minute in start - 60..start {
        for name in ["CPUUtilization", "ItemCacheHits"] {
            let metric = MetricRef { namespace: DAX, name, dimensions: &dimensions };
            let at = (minute + 1) as f64 * 60.0 + 79.0;
            let seen = fleet.truth(metric, minute..minute + 1, at).unwrap().seen(at);
            for datum in seen.iter().filter(|datum| datum.samples < 3.0) {
                let mean = datum.sum / datum.samples;
                assert!(datum.min <= mean + 1e-9 && mean <= datum.max + 1e-9, "{name}: {datum:?}");
                assert!(name == "CPUUtilization" || datum.sum.fract() <= 0.0, "{datum:?}");
                parts += 1;
            }
        }
    }
    assert!(parts > 20, "{parts}");
}
