//! A DAX cluster `carts` of three nodes in front of the table `orders`.

mod misses;
mod tables;

use super::*;
use crate::model::dax::{Cluster, DaxEvent, EventSource, Node, ParameterGroup, ParameterUse, Ttl};
use crate::model::event::{Event, Happening};
use crate::model::health::{ErrorClass, Poller};
use crate::model::metric::{Cache, DaxMetric};
use crate::store::fixture::{failed, minute, provisioned, second};
use jiff::Timestamp;
use std::time::Duration;

const NODES: [&str; 3] = ["carts-a", "carts-b", "carts-c"];

fn carts() -> Resource {
    Resource::cluster("carts")
}

fn node(id: &str) -> Resource {
    Resource::node("carts", id)
}

fn described() -> Cluster {
    let long_ago: Timestamp = "2026-05-01T00:00:00Z".parse().unwrap();
    let node = |id: &&str| Node {
        id: Arc::from(*id),
        status: Arc::from("available"),
        created: Some(long_ago),
        ..Node::default()
    };
    Cluster {
        name: Arc::from("carts"),
        status: Arc::from("available"),
        node_type: Arc::from("dax.r5.large"),
        total_nodes: Some(3),
        active_nodes: Some(3),
        nodes: NODES.iter().map(node).collect(),
        parameters: Some(ParameterUse { group: Arc::from("short"), ..ParameterUse::default() }),
        ..Cluster::default()
    }
}

/// A cluster that serves: 1,000 item lookups a second, one in a hundred of which misses.
fn serving(cluster: Cluster) -> Fixture {
    let mut fixture = calm(vec![table("orders", provisioned(200.0), &[])]);
    tell(&mut fixture, cluster);
    set_ttl(&mut fixture, Duration::from_mins(5));
    measure(&mut fixture, &carts(), DaxMetric::CpuUtilization, |_| 30.0);
    measure(&mut fixture, &carts(), DaxMetric::CacheMemoryUtilization, |_| 50.0);
    for metric in [
        DaxMetric::ThrottledRequestCount,
        DaxMetric::ErrorRequestCount,
        DaxMetric::FaultRequestCount,
        DaxMetric::EvictedSize,
    ] {
        measure(&mut fixture, &carts(), metric, |_| 0.0);
    }
    look_up(&mut fixture, |_| (59_400.0, 600.0));
    fixture
}

/// Tells of the cluster; clusters and their events have been read.
fn tell(fixture: &mut Fixture, cluster: Cluster) {
    fixture.tell(News::Clusters(Ok(vec![cluster])));
    fixture.finish(Poller::Clusters, None);
    fixture.finish(Poller::ClusterEvents, None);
}

fn set_ttl(fixture: &mut Fixture, time: Duration) {
    let ttl = || Some(Ttl { time, source: None });
    let name = Arc::from("short");
    let group = ParameterGroup { name, record_ttl: ttl(), query_ttl: ttl() };
    fixture.tell(News::ParameterGroups(Ok(vec![group])));
}

/// Reads a metric of the cluster or a node by minute; what is 0 has no point, as DAX publishes it.
fn measure(
    fixture: &mut Fixture,
    resource: &Resource,
    metric: DaxMetric,
    value: impl Fn(i64) -> f64,
) {
    let points = WINDOW.map(|minute| (minute, value(minute)));
    let points: Vec<(i64, f64)> = points.filter(|(_, value)| *value > 0.0).collect();
    fixture.read(&SeriesKey::dax(resource.clone(), metric), WINDOW, &points);
}

/// Reads hits and misses of the item cache by minute.
fn look_up(fixture: &mut Fixture, lookups: impl Fn(i64) -> (f64, f64)) {
    measure(fixture, &carts(), DaxMetric::CacheHits(Cache::Item), |at| lookups(at).0);
    measure(fixture, &carts(), DaxMetric::CacheMisses(Cache::Item), |at| lookups(at).1);
    measure(fixture, &carts(), DaxMetric::TotalRequestCount, |at| lookups(at).0 + lookups(at).1);
}

fn happens(fixture: &mut Fixture, at: i64, source: EventSource, message: &str) {
    let event = DaxEvent { source, message: Arc::from(message) };
    let event = Event { at: second(60 * at + 7), what: Happening::Dax(event) };
    fixture.tell(News::Events(vec![event]));
}

fn of_cluster() -> EventSource {
    EventSource::Cluster(Arc::from("carts"))
}

fn throttle_dax(fixture: &mut Fixture, since: i64) {
    let count = move |at| if at >= since { 900.0 } else { 0.0 };
    measure(fixture, &carts(), DaxMetric::ThrottledRequestCount, count);
    measure(fixture, &carts(), DaxMetric::ErrorRequestCount, count);
    let cpu = move |at| if at >= since { 100.0 } else { 60.0 };
    measure(fixture, &carts(), DaxMetric::CpuUtilization, cpu);
}

fn causes(fixture: &Fixture) -> Vec<(String, Severity)> {
    let told = |verdict: &Verdict| {
        (format!("{}: {}", verdict.resource, verdict.cause.as_str()), verdict.severity)
    };
    diagnose(fixture).iter().map(told).collect()
}

fn with_status(status: &str) -> Cluster {
    let mut cluster = described();
    cluster.nodes[1].status = Arc::from(status);
    cluster.active_nodes = Some(2);
    cluster
}

#[test]
fn a_cluster_that_serves_has_no_verdict() {
    assert_eq!(diagnose(&serving(described())), []);
}

#[test]
fn a_node_that_does_not_serve_is_told_in_awss_words_and_what_is_asked_for_is_a_notice() {
    for (status, cause, severity) in [
        ("failed", "dax-node-down", Severity::Trouble),
        ("incompatible-network", "dax-node-down", Severity::Trouble),
        ("REBOOTING", "dax-node-rebooting", Severity::Notice),
        ("creating", "dax-node-changing", Severity::Notice),
        ("deleting", "dax-node-changing", Severity::Notice),
    ] {
        let fixture = serving(with_status(status));
        let expected = (format!("dax/carts/node/carts-b: {cause}"), severity);
        assert_eq!(causes(&fixture), [expected], "{status}");
        let verdict = only(&fixture);
        assert_eq!(clauses(&verdict)[0], format!("carts-b {status}: 2 of 3 nodes active"));
    }
    let mut leaving = with_status("going");
    leaving.leaving = vec![Arc::from("carts-b")];
    assert_eq!(only(&serving(leaving)).cause, Cause::Dax(DaxCause::NodeChanging));
}

#[test]
fn a_node_that_is_down_is_so_since_it_was_last_seen_and_stands_before_what_the_others_refuse() {
    let mut fixture = serving(with_status("failed"));
    measure(&mut fixture, &node("carts-b"), DaxMetric::CpuUtilization, |at| {
        if at < 15 { 60.0 } else { 0.0 }
    });
    happens(&mut fixture, 15, of_cluster(), "Recovering node carts-b.");
    throttle_dax(&mut fixture, 16);
    let found = diagnose(&fixture);
    let told: Vec<&str> = found.iter().map(|verdict| verdict.cause.as_str()).collect();
    assert_eq!(told, ["dax-node-down", "dax-saturated"]);
    assert_eq!((found[0].since, found[1].since), (minute(15), minute(16)));
    assert_eq!(found[0].explains, [carts()]);
    assert_eq!(
        clauses(&found[0]),
        [
            "carts-b failed: 2 of 3 nodes active",
            "12:15 DAX told: Recovering node carts-b.",
            "the busiest node uses 100 % of its CPU in 12:27",
        ]
    );
    assert!(found[0].advice.step.contains("until AWS has recovered it"));
}

#[test]
fn a_node_without_points_that_aws_calls_available_is_unknown_and_not_down() {
    let mut fixture = serving(described());
    measure(&mut fixture, &node("carts-a"), DaxMetric::CpuUtilization, |_| 30.0);
    measure(&mut fixture, &node("carts-b"), DaxMetric::CpuUtilization, |_| 0.0);
    assert_eq!(diagnose(&fixture), []);
}

#[test]
fn a_cluster_that_nobody_asks_has_no_points_and_no_verdict() {
    let mut fixture = calm(vec![table("orders", provisioned(200.0), &[])]);
    tell(&mut fixture, described());
    for metric in DaxMetric::SENTINELS {
        measure(&mut fixture, &carts(), metric, |_| 0.0);
    }
    assert_eq!(diagnose(&fixture), [], "at night");
    for metric in DaxMetric::SENTINELS {
        measure(&mut fixture, &carts(), metric, |at| if at >= 10 { 60_000.0 } else { 0.0 });
    }
    measure(
        &mut fixture,
        &carts(),
        DaxMetric::CpuUtilization,
        |at| if at >= 10 { 20.0 } else { 0.0 },
    );
    for quiet in [
        DaxMetric::ThrottledRequestCount,
        DaxMetric::ErrorRequestCount,
        DaxMetric::FaultRequestCount,
        DaxMetric::EvictedSize,
    ] {
        measure(&mut fixture, &carts(), quiet, |_| 0.0);
    }
    assert_eq!(diagnose(&fixture), [], "in the morning: nothing is known to compare with");
}

#[test]
fn a_cluster_without_nodes_is_told_while_it_is_made_and_left_alone_where_aws_names_none() {
    let mut made = described();
    (made.nodes, made.active_nodes) = (vec![], Some(0));
    assert_eq!(diagnose(&serving(made.clone())), [], "available, and nothing else is told");
    made.status = Arc::from("creating");
    let cause = "dax/carts: dax-cluster-unavailable".to_owned();
    assert_eq!(causes(&serving(made.clone())), [(cause.clone(), Severity::Notice)]);
    made.status = Arc::from("incompatible-network");
    assert_eq!(causes(&serving(made)), [(cause, Severity::Trouble)]);
    let modified = Cluster { status: Arc::from("modifying"), ..described() };
    assert_eq!(diagnose(&serving(modified)), []);
}

#[test]
fn throttles_of_dax_are_told_when_they_last_and_a_full_cpu_before() {
    let mut fixture = serving(described());
    throttle_dax(&mut fixture, 27);
    assert_eq!(diagnose(&fixture), [], "one minute");
    throttle_dax(&mut fixture, 26);
    let verdict = only(&fixture);
    assert_eq!(verdict.headline(), "CPU saturated");
    assert_eq!((verdict.severity, verdict.since), (Severity::Trouble, minute(26)));
    assert_eq!(
        clauses(&verdict),
        [
            "900 requests throttled in 12:27, 1.5 % of all",
            "the busiest node uses 100 % of its CPU in 12:27",
            "throttled by DAX, for want of CPU, and not by DynamoDB",
        ]
    );
    assert!(verdict.advice.step.contains("takes a new cluster"), "{}", verdict.advice);
    let mut full = serving(described());
    measure(
        &mut full,
        &carts(),
        DaxMetric::CpuUtilization,
        |at| if at >= 20 { 96.0 } else { 30.0 },
    );
    let cause = "dax/carts: dax-saturated".to_owned();
    assert_eq!(causes(&full), [(cause, Severity::Notice)]);
    measure(&mut full, &carts(), DaxMetric::CpuUtilization, |_| 94.0);
    assert_eq!(diagnose(&full), []);
}

#[test]
fn a_node_far_busier_than_the_others_is_hot_and_one_a_little_busier_is_not() {
    for (others, expected) in
        [(40.0, "dax/carts/node/carts-b: dax-hot-node"), (80.0, "dax/carts: dax-saturated")]
    {
        let mut fixture = serving(described());
        throttle_dax(&mut fixture, 20);
        for id in NODES {
            let cpu = if id == "carts-b" { 100.0 } else { others };
            measure(&mut fixture, &node(id), DaxMetric::CpuUtilization, |_| cpu);
        }
        assert_eq!(causes(&fixture), [(expected.to_owned(), Severity::Trouble)]);
    }
}

#[test]
fn faults_are_daxs_and_errors_beside_throttles_the_callers() {
    let from = |count: f64| move |at: i64| if at >= 24 { count } else { 0.0 };
    for (faults, errors, throttled, expected) in [
        (900.0, 0.0, 0.0, Some("dax/carts: dax-faults")),
        (9.0, 0.0, 0.0, None),
        (0.0, 900.0, 0.0, Some("dax/carts: dax-errors")),
        (0.0, 59.0, 0.0, None),
        (0.0, 5.0, 5.0, None),
    ] {
        let mut fixture = serving(described());
        measure(&mut fixture, &carts(), DaxMetric::FaultRequestCount, from(faults));
        measure(&mut fixture, &carts(), DaxMetric::ErrorRequestCount, from(errors));
        measure(&mut fixture, &carts(), DaxMetric::ThrottledRequestCount, from(throttled));
        let expected = expected.map(|told| (told.to_owned(), Severity::Trouble));
        assert_eq!(causes(&fixture), Vec::from_iter(expected));
    }
}

#[test]
fn credits_that_ran_out_have_no_point_any_more_and_are_told_of_the_node() {
    let credits = |last: f64| {
        move |at: i64| {
            if at % 5 == 0 && at < 5 {
                100.0
            } else if at % 5 == 0 {
                last
            } else {
                0.0
            }
        }
    };
    for (last, runs, expected) in
        [(0.0, true, true), (4.0, true, true), (90.0, true, false), (0.0, false, false)]
    {
        let burstable = Cluster { node_type: Arc::from("dax.t3.small"), ..described() };
        let mut fixture = serving(burstable);
        let cpu = if runs { 60.0 } else { 0.0 };
        measure(&mut fixture, &node("carts-a"), DaxMetric::CpuUtilization, |_| cpu);
        measure(&mut fixture, &node("carts-a"), DaxMetric::CpuCreditBalance, credits(last));
        let told = ("dax/carts/node/carts-a: dax-credits-used-up".to_owned(), Severity::Notice);
        assert_eq!(causes(&fixture), Vec::from_iter(expected.then_some(told)), "{last}");
    }
}

#[test]
fn credits_that_were_read_long_ago_are_no_verdict() {
    let burstable = Cluster { node_type: Arc::from("dax.t3.small"), ..described() };
    let mut fixture = serving(burstable);
    measure(&mut fixture, &node("carts-a"), DaxMetric::CpuUtilization, |_| 60.0);
    let credits = |at: i64| {
        if at % 5 != 0 {
            0.0
        } else if at < 5 {
            100.0
        } else {
            4.0
        }
    };
    measure(&mut fixture, &node("carts-a"), DaxMetric::CpuCreditBalance, credits);
    for (later, told) in [(15, 1), (25, 0)] {
        fixture.go_to(READ_AT + 60 * later);
        fixture.publish(&orders(), 0..30 + later);
        assert_eq!(causes(&fixture).len(), told, "{later} minutes later: {:?}", causes(&fixture));
    }
}

#[test]
fn a_status_that_cannot_be_read_again_is_told_with_its_age_and_then_no_more() {
    let mut fixture = serving(with_status("failed"));
    let error = failed(ErrorClass::Expired, "dax:DescribeClusters");
    fixture.tell(News::Clusters(Err(error)));
    let verdict = only(&fixture);
    let told = clauses(&verdict);
    assert_eq!(told[0], "carts-b failed: 2 of 3 nodes active");
    assert_eq!(told[1], "stale: that was read in 12:30, and not since");
    fixture.go_to(READ_AT + 16 * 60);
    assert_eq!(diagnose(&fixture), []);
}
