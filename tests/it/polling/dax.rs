//! DAX, counted at the simulator's door.

use super::*;
use ddbtop::model::metric::{Cache, DaxMetric};
use std::fmt::Write as _;

/// Three quiet tables, and clusters of three nodes.
fn cached(clusters: usize) -> World {
    let mut toml = String::new();
    for number in 0..clusters {
        let _ = write!(
            toml,
            "[[dax]]\nname = \"cluster-{number}\"\nnode_type = \"dax.r5.large\"\n\
             nodes = [{{ zone = \"us-east-1a\" }}, {{ zone = \"us-east-1b\" }}, {{ zone = \"us-east-1c\" }}]\n"
        );
    }
    quiet_and(3, &toml)
}

fn counted(bench: &Bench) -> usize {
    bench.world.ledger().iter().map(|call| call.metrics_requested).sum()
}

#[tokio::test(start_paused = true)]
async fn the_price_of_calm_clusters_is_shown_as_it_is_counted() {
    let mut bench = Bench::start(cached(2), Settings::default());
    bench.pass(10 * MINUTE).await;
    bench.world.reset_ledger();
    let mut updates = vec![];
    for _ in 0..3 {
        bench.press_a_key();
        updates = bench.pass(20 * MINUTE).await;
    }
    // Sentinels of three tables with an index each, of the account, and of two clusters.
    assert_eq!(counted(&bench), 60 * (25 + 2 * 14));
    let usd = (counted(&bench) + bench.count("ListMetrics")) as f64 / 100_000.0;
    let shown = last_cost(&updates).usd_per_hour;
    assert!((shown - usd).abs() < 1e-9, "{shown} shown, {usd} counted");
    let calls = ["DescribeClusters", "DescribeEvents", "DescribeParameters"];
    assert_eq!(calls.map(|operation| bench.count(operation)), [60, 60, 4]);
    for operation in calls {
        for (minute, calls) in bench.by_minute(operation) {
            assert_eq!(calls.len(), 1, "{operation} in minute {minute}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_clusters_nothing_of_dax_is_asked_but_whether_there_are_any() {
    let mut bench = Bench::start(quiet(3), Settings::default());
    bench.pass(60 * MINUTE).await;
    assert!((12..=13).contains(&bench.count("DescribeClusters")));
    for operation in ["DescribeEvents", "DescribeParameters", "DescribeParameterGroups"] {
        assert_eq!(bench.count(operation), 0, "{operation}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cluster_that_is_looked_at_is_read_at_once_and_no_series_of_it_twice_in_a_minute() {
    let mut bench = Bench::start(cached(2), Settings::default());
    let mut updates = bench.pass(MINUTE + 30).await;
    bench.world.reset_ledger();
    bench.interest.send_modify(|interest| interest.cluster = Some(Arc::from("cluster-1")));
    updates.extend(bench.pass(2).await);
    assert_eq!(counted(&bench), 2 + 3 * (14 + 2), "its network, and three nodes");
    for _ in 0..5 {
        bench.refresh.notify_one();
        bench.interest.send_modify(|interest| interest.cluster = None);
        updates.extend(bench.pass(2).await);
        bench.interest.send_modify(|interest| interest.cluster = Some(Arc::from("cluster-1")));
        updates.extend(bench.pass(20).await);
    }
    for operation in ["DescribeClusters", "DescribeEvents", "DescribeParameters"] {
        for (minute, calls) in bench.by_minute(operation) {
            assert_eq!(calls.len(), 1, "{operation} in minute {minute}");
        }
    }
    let mut asked = BTreeSet::new();
    for update in &updates {
        if let News::Points(points) = &update.news {
            let minute = Minute::containing(update.at);
            for (key, _) in &points.series {
                assert!(asked.insert((key.clone(), minute)), "{key:?} twice in {minute}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_node_that_is_lost_is_unknown_and_its_cluster_is_looked_into() {
    let world = world("dax-node-loss", None);
    let clock = started(&world, 1.0);
    let interest = Interest { last_key: clock.now(), ..Interest::default() };
    let settings = Settings::default();
    let updates = once(connection(&world, &clock), clock.clone(), settings, interest).await;
    let mut store = Store::new(store::Settings::default());
    for update in updates {
        store.apply(update);
    }
    let scope = store.scopes().next().unwrap().clone();
    let reading = store.reading(&scope, clock.now());
    let catalog = reading.cluster("catalog").unwrap();
    let lost: Vec<&str> =
        catalog.nodes.iter().filter(|node| !node.is_available()).map(|node| &*node.id).collect();
    let cluster = Resource::cluster("catalog");
    let cpu = |resource: &Resource| reading.dax(resource, DaxMetric::CpuUtilization);
    assert!(cpu(&cluster).value().is_some_and(|percent| percent > 10.0), "{:?}", cpu(&cluster));
    let rate = reading.hit_rate_percent(&cluster, Cache::Item).value();
    assert!(rate.is_some_and(|percent| (1.0..=100.0).contains(&percent)), "{rate:?}");
    for node in &catalog.nodes {
        let resource = Resource::node("catalog", &node.id);
        let throttled = reading.dax(&resource, DaxMetric::ThrottledRequestCount);
        if lost.contains(&&*node.id) {
            assert!(matches!(throttled, Figure::Unknown { .. }), "{}: {throttled:?}", node.id);
            assert!(matches!(cpu(&resource), Figure::Unknown { .. }), "{}", node.id);
        } else {
            assert!(cpu(&resource).value().is_some(), "{}: {:?}", node.id, cpu(&resource));
            assert!(throttled.value().is_some(), "{}: {throttled:?}", node.id);
        }
    }
    assert_eq!(lost.len(), 1, "{catalog:?}");
    assert!(reading.parameter_group(catalog).is_some_and(|group| group.record_ttl.is_some()));
    let since = clock.now() - SignedDuration::from_hours(24);
    assert!(!reading.events_of_cluster(catalog, since).is_empty());
}
