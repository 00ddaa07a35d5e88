//! Hand-made DAX clusters: one with a node unlike the others, one on credits, a large one, one that is made, one that
//! nobody asks.

use super::stores::{Fleet, calm, denied, now};
use ddbtop::model::dax::{Cluster, DaxEvent, EventSource, Node, ParameterGroup, ParameterUse, Ttl};
use ddbtop::model::event::{Event, Happening};
use ddbtop::model::health::{Outcome, Poller};
use ddbtop::model::id::Resource;
use ddbtop::model::metric::{Cache, DaxMetric, SeriesKey};
use ddbtop::model::update::News;
use jiff::SignedDuration;
use std::sync::Arc;
use std::time::Duration;

const ZONES: [&str; 3] = ["us-east-1a", "us-east-1b", "us-east-1c"];

/// A cluster of so many nodes, all of them well, in this many zones.
pub(crate) fn cluster(name: &str, node_type: &str, nodes: usize, zones: usize) -> Cluster {
    let node = |place: usize| Node {
        id: Arc::from(format!("{name}-{}", char::from(b'a' + u8::try_from(place).unwrap()))),
        status: Arc::from("available"),
        zone: Some(Arc::from(ZONES[place % zones])),
        created: Some(now() - SignedDuration::from_hours(24 * 90)),
        parameter_status: Some(Arc::from("in-sync")),
    };
    let count = u32::try_from(nodes).unwrap();
    Cluster {
        name: Arc::from(name),
        arn: Arc::from(format!("arn:aws:dax:us-east-1:123456789012:cache/{name}")),
        status: Arc::from("available"),
        node_type: Arc::from(node_type),
        total_nodes: Some(count),
        active_nodes: Some(count),
        nodes: (0..nodes).map(node).collect(),
        leaving: vec![],
        parameters: Some(ParameterUse {
            group: Arc::from("default.dax1.0"),
            status: Some(Arc::from("in-sync")),
            to_reboot: vec![],
        }),
        maintenance_window: Some(Arc::from("sun:23:00-mon:01:30")),
        encryption_at_rest: Some(Arc::from("ENABLED")),
        endpoint_encryption: Some(Arc::from("TLS")),
    }
}

/// What a cluster or node does in a minute.
#[derive(Clone, Copy)]
struct Load {
    cpu: f64,
    memory: f64,
    hits: f64,
    misses: f64,
    queries: f64,
    connections: f64,
    throttled: f64,
}

const CALM: Load = Load {
    cpu: 31.0,
    memory: 58.0,
    hits: 94_000.0,
    misses: 4_100.0,
    queries: 0.0,
    connections: 120.0,
    throttled: 0.0,
};

/// Reads everything of a cluster or node; what is 0 has no points, as DAX publishes it.
fn read(fleet: &mut Fleet, resource: &Resource, load: Load, with_network: bool) {
    let swing = |place: i64| 0.85 + 0.05 * (place.rem_euclid(7) as f64);
    let mut series = |metric: DaxMetric, value: f64, recent: bool| {
        fleet.read(SeriesKey::dax(resource.clone(), metric), |place| {
            let is_there = value > 0.0 && (!recent || place > -12);
            is_there.then(|| value * swing(place))
        });
    };
    series(DaxMetric::CpuUtilization, load.cpu, false);
    series(DaxMetric::CacheMemoryUtilization, load.memory, false);
    series(DaxMetric::EvictedSize, if load.memory > 90.0 { 8.4e6 } else { 0.0 }, true);
    series(DaxMetric::CacheHits(Cache::Item), load.hits, false);
    series(DaxMetric::CacheMisses(Cache::Item), load.misses, false);
    series(DaxMetric::CacheHits(Cache::Query), load.queries * 0.6, false);
    series(DaxMetric::CacheMisses(Cache::Query), load.queries * 0.4, false);
    series(DaxMetric::CacheHits(Cache::Scan), 0.0, false);
    series(DaxMetric::CacheMisses(Cache::Scan), 0.0, false);
    series(DaxMetric::TotalRequestCount, load.hits + load.misses + load.queries, false);
    series(DaxMetric::ErrorRequestCount, load.throttled, true);
    series(DaxMetric::ThrottledRequestCount, load.throttled, true);
    series(DaxMetric::FaultRequestCount, 0.0, false);
    series(DaxMetric::ClientConnections, load.connections, false);
    if with_network {
        series(DaxMetric::NetworkIn, load.cpu / 4.0, false);
        series(DaxMetric::NetworkOut, load.cpu * 0.9, false);
    }
}

fn read_nodes(fleet: &mut Fleet, cluster: &Cluster, load: impl Fn(usize) -> Load) {
    for (place, node) in cluster.nodes.iter().enumerate() {
        let resource = Resource::node(&cluster.name, &node.id);
        read(fleet, &resource, load(place), true);
    }
}

fn events() -> News {
    let event = |minutes: i64, source, message: &str| Event {
        at: now() - SignedDuration::from_mins(minutes),
        what: Happening::Dax(DaxEvent { source, message: Arc::from(message) }),
    };
    News::Events(vec![
        event(22, EventSource::Cluster("carts".into()), "Node carts-b has been restarted."),
        event(400, EventSource::ParameterGroup("short".into()), "Parameter group updated."),
        event(410, EventSource::Cluster("products".into()), "Cluster modified."),
    ])
}

/// A calm fleet with DAX before it.
pub(crate) fn cached() -> Fleet {
    let mut fleet = calm();
    let carts = cluster("carts", "dax.r5.large", 3, 3);
    let mut products = cluster("products", "dax.t3.small", 2, 1);
    products.parameters = Some(ParameterUse {
        group: Arc::from("short"),
        status: Some(Arc::from("pending-reboot")),
        to_reboot: vec![Arc::from("products-a")],
    });
    let search = cluster("search-results-production", "dax.r5.4xlarge", 11, 3);
    let mut made = cluster("sessions", "dax.t3.medium", 1, 1);
    made.status = Arc::from("creating");
    (made.nodes, made.active_nodes) = (vec![], Some(0));
    let clusters = [&carts, &products, &search, &made].map(Clone::clone).to_vec();
    fleet.tell(News::Clusters(Ok(clusters)));
    let ttl =
        |seconds| Some(Ttl { time: Duration::from_secs(seconds), source: Some(Arc::from("user")) });
    let group = |name: &str, record_ttl, query_ttl| ParameterGroup {
        name: Arc::from(name),
        record_ttl,
        query_ttl,
    };
    fleet.tell(News::ParameterGroups(Ok(vec![
        group("default.dax1.0", ttl(300), ttl(300)),
        group("short", ttl(20), ttl(0)),
    ])));
    fleet.tell(events());
    let hot = Load { cpu: 84.0, connections: 610.0, throttled: 240.0, queries: 4_000.0, ..CALM };
    read(&mut fleet, &Resource::cluster("carts"), hot, true);
    read_nodes(&mut fleet, &carts, |place| match place {
        1 => Load { queries: 4_000.0, ..hot },
        _ => Load { cpu: 27.0, queries: 0.0, ..CALM },
    });
    let full = Load { memory: 97.0, misses: 31_000.0, ..CALM };
    read(&mut fleet, &Resource::cluster("products"), full, true);
    read_nodes(&mut fleet, &products, |_| full);
    for node in &products.nodes {
        let resource = Resource::node("products", &node.id);
        let key = SeriesKey::dax(resource, DaxMetric::CpuCreditBalance);
        fleet.read(key, |place| (place.rem_euclid(5) == 0).then_some(212.0));
    }
    // Its nodes are not looked at.
    read(&mut fleet, &Resource::cluster("search-results-production"), CALM, false);
    fleet
}

/// As [`cached`] where events and parameters may not be read.
pub(crate) fn cached_in_part() -> Fleet {
    let mut fleet = cached();
    for (poller, action) in [
        (Poller::ClusterEvents, "dax:DescribeEvents"),
        (Poller::Parameters, "dax:DescribeParameters"),
    ] {
        fleet.round(poller, -4, Outcome::Failed(denied(action)));
    }
    fleet.tell(News::ParameterGroups(Err(denied("dax:DescribeParameters"))));
    fleet
}

/// A fleet whose caller may not read DAX.
pub(crate) fn refused() -> Fleet {
    let mut fleet = calm();
    let error = denied("dax:DescribeClusters");
    fleet.tell(News::Clusters(Err(error.clone())));
    fleet.round(Poller::Clusters, -4, Outcome::Failed(error));
    fleet
}

/// A fleet without DAX.
pub(crate) fn without() -> Fleet {
    let mut fleet = calm();
    fleet.tell(News::Clusters(Ok(vec![])));
    fleet
}

/// One cluster of one node, of which nothing was read yet.
pub(crate) fn one_node() -> Fleet {
    let mut fleet = calm();
    fleet.tell(News::Clusters(Ok(vec![cluster("lonely", "dax.t3.small", 1, 1)])));
    fleet
}

/// Eleven nodes, one of which is away.
pub(crate) fn eleven_nodes() -> Fleet {
    let mut fleet = calm();
    let mut large = cluster("large", "dax.r5.large", 11, 3);
    large.nodes[4].status = Arc::from("rebooting");
    large.active_nodes = Some(10);
    fleet.tell(News::Clusters(Ok(vec![large.clone()])));
    read(&mut fleet, &Resource::cluster("large"), CALM, true);
    read_nodes(&mut fleet, &large, |place| match place {
        4 => Load { cpu: 0.0, memory: 0.0, hits: 0.0, misses: 0.0, connections: 0.0, ..CALM },
        7 => Load { cpu: 74.0, hits: 20_000.0, misses: 24_000.0, ..CALM },
        _ => CALM,
    });
    fleet
}

/// As many clusters and nodes as an account may have, most of them calm.
pub(crate) fn fifty() -> Fleet {
    let mut fleet = calm();
    let clusters: Vec<Cluster> =
        (0..50).map(|n| cluster(&format!("cluster-{n:02}"), "dax.r5.large", 11, 3)).collect();
    fleet.tell(News::Clusters(Ok(clusters.clone())));
    for (place, cluster) in clusters.iter().enumerate() {
        let throttled = if place == 31 { 90.0 } else { 0.0 };
        let load = Load { throttled, ..CALM };
        read(&mut fleet, &Resource::cluster(&cluster.name), load, false);
    }
    fleet
}
