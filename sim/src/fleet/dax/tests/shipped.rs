//! What the shipped scenarios show when they open.

use super::*;
use crate::scenario::Scenario;

/// What is seen of a cluster in ten minutes.
#[derive(Debug)]
struct Seen {
    /// The busiest node's, percent.
    cpu: f64,
    missed: f64,
    /// Shares of all requests.
    throttled: f64,
    evicted: f64,
}

fn seen(fleet: &mut Fleet, cluster: &str, until: i64) -> Seen {
    let start = minute_of(fleet.start());
    let dimensions = [("ClusterId".to_owned(), cluster.to_owned())];
    let mut data = |name: &str| {
        let metric = MetricRef { namespace: DAX, name, dimensions: &dimensions };
        let minutes = start + until - 10..start + until;
        let now = (minutes.end + 10) as f64 * 60.0;
        fleet.truth(metric, minutes, now).unwrap().seen(now)
    };
    let mut sum = |name: &str| data(name).iter().map(|datum| datum.sum).sum::<f64>();
    let (hits, misses) = (sum("ItemCacheHits"), sum("ItemCacheMisses"));
    let (queries, fresh) = (sum("QueryCacheHits"), sum("QueryCacheMisses"));
    let requests = sum("TotalRequestCount");
    Seen {
        missed: (misses + fresh) / (hits + misses + queries + fresh),
        throttled: sum("ThrottledRequestCount") / requests,
        evicted: sum("EvictedSize"),
        cpu: data("CPUUtilization").iter().map(|datum| datum.max).fold(0.0, f64::max),
    }
}

/// A scenario, the cluster in trouble, the one that is well, and what tells the trouble from a calm time.
type Story = (&'static str, &'static str, &'static str, fn(&Seen, &Seen) -> bool);

const STORIES: [Story; 5] = [
    ("dax-node-loss", "catalog", "sessions", |before, now| {
        before.cpu < 80.0 && now.cpu > 97.0 && before.throttled <= 0.0 && now.throttled > 0.0
    }),
    ("dax-cold-cache", "profiles", "preferences", |before, now| now.missed > 1.5 * before.missed),
    ("dax-saturated", "pricing", "stock", |before, now| {
        before.cpu < 20.0 && now.cpu > 97.0 && now.throttled > 0.1 && now.missed < 0.05
    }),
    ("dax-ttl-too-short", "articles", "comments", |before, now| {
        before.missed < 0.15 && now.missed > 0.8 && now.cpu < 80.0
    }),
    ("dax-miss-storm", "listings", "agents", |before, now| {
        before.evicted <= 0.0 && now.evicted > 1e9 && now.missed > 4.0 * before.missed
    }),
];

#[test]
fn each_story_is_seen_of_its_cluster_when_it_opens_and_of_no_other() {
    for (name, troubled, well, is_told) in STORIES {
        for seed in [1, 2, 3] {
            let mut fleet = Fleet::new(&Scenario::named(name).unwrap(), seed, None);
            let (before, now) = (seen(&mut fleet, troubled, -40), seen(&mut fleet, troubled, 0));
            assert!(is_told(&before, &now), "{name} {seed}: {before:?}, {now:?}");
            assert!(!is_told(&before, &before), "{name} {seed}: {before:?}");
            let (before, now) = (seen(&mut fleet, well, -40), seen(&mut fleet, well, 0));
            assert!(!is_told(&before, &now), "{name} {seed}: {before:?}, {now:?}");
            let is_well = now.cpu < 40.0 && now.throttled <= 0.0 && now.evicted <= 0.0;
            assert!(is_well && now.missed < 0.15, "{name} {seed}: {now:?}");
        }
    }
}

#[test]
fn a_node_that_is_lost_is_seen_in_the_inventory_and_in_the_events() {
    let fleet = Fleet::new(&Scenario::named("dax-node-loss").unwrap(), 1, None);
    let clusters = fleet.dax_clusters(fleet.start());
    let statuses = |cluster: &DaxCluster<'_>| {
        cluster.nodes.iter().map(|node| node.status.clone()).collect::<Vec<_>>()
    };
    let found: Vec<_> = clusters.iter().map(statuses).collect();
    assert_eq!(found, [["available", "failed", "available"], ["available"; 3]]);
    assert_eq!(fleet.dax_events(fleet.start())[0].message, "Recovering node catalog-b.");
}

#[test]
fn a_cluster_of_the_calm_fleet_sleeps_at_night() {
    let mut fleet = Fleet::new(&Scenario::named("calm").unwrap(), 1, None);
    let by_day = seen(&mut fleet, "shops", 0);
    assert!(by_day.missed < 0.3 && by_day.cpu < 10.0, "{by_day:?}");
    // At 23:00 and at 03:00 UTC; it is noon when the scenario starts.
    for minute in [11 * 60, -9 * 60] {
        let at_night = seen(&mut fleet, "shops", minute);
        assert!(at_night.missed.is_nan() && at_night.cpu < 2.0, "{at_night:?}");
    }
}
