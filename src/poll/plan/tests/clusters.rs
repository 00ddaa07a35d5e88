//! Tests of what is due of DAX.

use super::*;
use crate::model::dax::{Cluster, Node};
use crate::model::metric::DaxMetric;

fn cluster(number: usize, nodes: usize) -> Cluster {
    let name: Arc<str> = Arc::from(format!("cluster-{number:02}"));
    let node = |place| Node {
        id: Arc::from(format!("{name}-{place}")),
        status: Arc::from("available"),
        ..Node::default()
    };
    Cluster {
        status: Arc::from("available"),
        node_type: Arc::from("dax.r5.large"),
        nodes: (0..nodes).map(node).collect(),
        name,
        ..Cluster::default()
    }
}

/// No table, and clusters of eleven nodes each.
fn case(clusters: usize) -> Case {
    let mut case = Case::new(0);
    let clusters: Vec<Cluster> = (0..clusters).map(|number| cluster(number, 11)).collect();
    case.fleet.set_clusters(&clusters);
    case
}

fn queries(case: &mut Case, minute: i64) -> usize {
    let asks = case.read(minute, Reach::Cycle);
    batches(&case.fleet, &case.interest, &asks).iter().map(|batch| batch.keys.len()).sum()
}

fn first_node() -> Resource {
    Resource::node("cluster-00", "cluster-00-0")
}

fn read(case: &mut Case, resource: Resource, metric: DaxMetric, minute: i64, value: f64) {
    case.fleet.look(&[(SeriesKey::dax(resource, metric), vec![(Minute(minute), value)])]);
}

#[test]
fn a_calm_cluster_costs_fourteen_metrics_and_its_nodes_none() {
    let mut case = case(50);
    for minute in START..START + 30 {
        assert_eq!(queries(&mut case, minute), 50 * 14 + 1);
    }
    let load = case.planner(START + 30).load(&case.fleet);
    assert_eq!(load.metrics(), 50 * 14 + 1);
    let (pace, _) = load.pace(case.settings.budget_usd_per_hour, false);
    assert_eq!(pace, Pace::FULL, "fifty clusters stay within the default budget");
}

#[test]
fn a_cluster_that_is_looked_at_has_its_network_and_every_node_read() {
    let mut case = case(50);
    case.interest.cluster = Some(Arc::from("cluster-07"));
    let expected = 50 * 14 + 1 + 2 + 11 * (14 + 2);
    assert_eq!(queries(&mut case, START), expected);
    assert_eq!(case.planner(START).load(&case.fleet).metrics(), expected as u64);
    let asks = case.read(START + 1, Reach::Cycle);
    let first = batches(&case.fleet, &case.interest, &asks).into_iter().next().unwrap();
    let of = first.keys.first().and_then(|key| key.resource.cluster_name().cloned());
    assert_eq!(of.as_deref(), Some("cluster-07"), "what is looked at comes first");
}

#[test]
fn nodes_are_read_while_their_cluster_is_in_doubt_and_a_quarter_of_an_hour_longer() {
    let cpu = DaxMetric::CpuUtilization;
    for (resource, metric, value, in_doubt) in [
        (Resource::cluster("cluster-00"), cpu, 79.0, false),
        (Resource::cluster("cluster-00"), cpu, 80.0, true),
        (Resource::cluster("cluster-00"), DaxMetric::ThrottledRequestCount, 1.0, true),
        (Resource::cluster("cluster-00"), DaxMetric::FaultRequestCount, 1.0, true),
        (Resource::cluster("cluster-00"), DaxMetric::ErrorRequestCount, 9.0, false),
        (Resource::cluster("cluster-00"), DaxMetric::EvictedSize, 9.0, false),
        (first_node(), cpu, 99.0, true),
    ] {
        let mut case = case(2);
        read(&mut case, resource, metric, START, value);
        let more = if in_doubt { 2 + 11 * (14 + 2) } else { 0 };
        assert_eq!(queries(&mut case, START + 1), 2 * 14 + 1 + more, "{metric:?} {value}");
        let watch = case.fleet.watch(&first_node()).unwrap();
        assert_eq!(watch.is_in_doubt(Minute(START + 15)), in_doubt);
        assert!(!watch.is_in_doubt(Minute(START + 16)));
        assert!(!case.fleet.any_escalated(Minute(START + 1)), "no table is in trouble");
    }
}

#[test]
fn a_cluster_that_is_unwell_in_awss_words_is_in_doubt_until_it_is_well() {
    let mut case = case(1);
    let mut unwell = cluster(0, 11);
    unwell.nodes[3].status = Arc::from("rebooting");
    case.fleet.set_clusters(&[unwell]);
    case.pace = pace(30);
    assert_eq!(queries(&mut case, START), 1 + 14 + 2 + 11 * 16);
    assert_eq!(queries(&mut case, START + 1), 1 + 14 + 2 + 11 * 16, "it is never slowed");
    case.fleet.set_clusters(&[cluster(0, 11)]);
    assert_eq!(queries(&mut case, START + 2), 1 + 14, "as it was promised");
    assert_eq!(queries(&mut case, START + 3), 1);
}

#[test]
fn credits_are_read_every_five_minutes_and_of_t_nodes_only() {
    let mut case = case(0);
    let burstable = Cluster { node_type: Arc::from("dax.t3.small"), ..cluster(0, 3) };
    case.fleet.set_clusters(&[burstable, cluster(1, 3)]);
    case.interest.visible = [0, 1]
        .map(|n| Resource::node(&format!("cluster-{n:02}"), &format!("cluster-{n:02}-0")))
        .into();
    let mut credits = vec![];
    for minute in START..START + 20 {
        let asks = case.read(minute, Reach::Cycle);
        let of = asks.iter().filter(|ask| ask.group == Group::Credits);
        credits.extend(of.map(|ask| (minute - START, ask.resource.to_string())));
    }
    assert_eq!(credits.len(), 4, "{credits:?}");
    assert!(credits.iter().all(|(_, name)| name == "dax/cluster-00/node/cluster-00-0"));
}

#[test]
fn clusters_and_nodes_that_are_gone_are_not_read_any_more() {
    let mut case = case(2);
    assert!(case.fleet.has_clusters());
    assert_eq!(case.fleet.nodes(), 22);
    case.fleet.set_clusters(&[cluster(1, 2)]);
    assert_eq!(case.fleet.nodes(), 2);
    assert_eq!(queries(&mut case, START), 1 + 14);
    case.fleet.set_tables(&[Arc::from("t")]);
    assert!(case.fleet.has_clusters(), "a list of tables says nothing of DAX");
    case.fleet.set_clusters(&[]);
    assert!(!case.fleet.has_clusters());
    assert!(case.fleet.watch(&Resource::table("t")).is_some());
}
