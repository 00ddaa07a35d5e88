//! Tests of when DAX is read.

use super::*;
use crate::model::dax::{DaxEvent, EventSource, Node, ParameterUse};
use crate::model::event::Happening;

fn cluster(status: &str) -> Cluster {
    let node = Node { id: "carts-a".into(), status: "available".into(), ..Node::default() };
    Cluster {
        name: "carts".into(),
        status: status.into(),
        nodes: vec![node],
        parameters: Some(ParameterUse { group: "short".into(), ..ParameterUse::default() }),
        ..Cluster::default()
    }
}

fn count(aws: &Aws, poller: Poller) -> usize {
    aws.asked.iter().filter(|(_, job)| job.poller() == poller).count()
}

const DAX: [Poller; 3] = [Poller::Clusters, Poller::ClusterEvents, Poller::Parameters];

#[test]
fn without_clusters_dax_costs_the_question_for_them_alone() {
    let mut aws = Aws::new();
    aws.pass(60 * 60);
    assert_eq!(DAX.map(|poller| count(&aws, poller)), [12, 0, 0]);
}

#[test]
fn a_cluster_that_appears_is_found_within_five_minutes_and_then_read_each_minute_with_its_events() {
    let mut aws = Aws::new();
    aws.pass(8 * 60);
    aws.clusters = vec![cluster("available")];
    aws.pass(5 * 60);
    assert_eq!(DAX.map(|poller| count(&aws, poller)).map(|count| count.min(1)), [1, 1, 1]);
    aws.asked.clear();
    aws.pass(60 * 60);
    assert_eq!(DAX.map(|poller| count(&aws, poller)), [60, 60, 4]);
    let since: Vec<i64> = aws
        .asked
        .iter()
        .filter_map(|(at, job)| {
            let Job::ClusterEvents(since) = job else { return None };
            Some(at.duration_since(*since).as_secs())
        })
        .collect();
    assert!(since.iter().all(|back| *back <= 7 * 60), "{since:?}");
    let groups = aws.asked.iter().find_map(|(_, job)| {
        let Job::Parameters(groups) = job else { return None };
        Some(groups.clone())
    });
    assert_eq!(groups, Some(vec![Arc::from("short")]));
}

#[test]
fn clusters_that_are_gone_are_looked_for_at_a_slow_pace_again() {
    let mut aws = Aws::new();
    aws.clusters = vec![cluster("available")];
    aws.pass(5 * 60);
    aws.clusters = vec![];
    aws.pass(2 * 60);
    aws.asked.clear();
    aws.pass(60 * 60);
    assert_eq!(DAX.map(|poller| count(&aws, poller)), [12, 0, 0]);
}

/// The seconds after noon at which parameters were asked for, and of which groups.
fn parameters(aws: &Aws) -> Vec<(i64, Vec<Arc<str>>)> {
    let asked = aws.asked.iter().filter_map(|(at, job)| {
        let Job::Parameters(groups) = job else { return None };
        Some((at.duration_since(noon()).as_secs(), groups.clone()))
    });
    asked.collect()
}

#[test]
fn parameters_are_read_anew_when_an_event_tells_of_a_group_or_a_cluster_has_another() {
    let event = |name: &str, source: fn(Arc<str>) -> EventSource, at| Event {
        at: noon() + SignedDuration::from_secs(at),
        what: Happening::Dax(DaxEvent { source: source(name.into()), message: "told".into() }),
    };
    let mut other = cluster("available");
    other.parameters = Some(ParameterUse { group: "long".into(), ..ParameterUse::default() });
    for (events, clusters, expected) in [
        (
            vec![event("short", EventSource::ParameterGroup, 290)],
            vec![cluster("available")],
            Some("short"),
        ),
        // Told of before they were read, and of what has no parameters.
        (vec![event("short", EventSource::ParameterGroup, -90)], vec![cluster("available")], None),
        (vec![event("carts", EventSource::Cluster, 290)], vec![cluster("available")], None),
        (vec![], vec![other], Some("long")),
    ] {
        let mut aws = Aws::new();
        aws.clusters = vec![cluster("available")];
        aws.pass(5 * 60);
        aws.asked.clear();
        (aws.cluster_events, aws.clusters) = (events.clone(), clusters);
        aws.pass(5 * 60);
        let read = parameters(&aws);
        let groups: Vec<&str> =
            read.iter().flat_map(|(_, groups)| groups).map(|name| &**name).collect();
        assert_eq!(groups, Vec::from_iter(expected), "{events:?}");
        assert!(read.iter().all(|(at, _)| *at <= 360), "within a minute: {read:?}");
    }
}

#[test]
fn what_is_refused_of_dax_is_asked_for_every_quarter_of_an_hour_even_then() {
    for poller in DAX {
        let mut aws = Aws::new();
        aws.clusters = vec![cluster("modifying")];
        aws.pass(5 * 60);
        aws.failing = Some((poller, ErrorClass::Denied));
        aws.pass(5 * 60);
        aws.asked.clear();
        aws.pass(60 * 60);
        assert_eq!(count(&aws, poller), 4, "{}", poller.name());
    }
}

#[test]
fn nodes_that_come_into_view_are_read_at_once() {
    let mut aws = Aws::new();
    aws.clusters = vec![cluster("available")];
    aws.pass(90);
    aws.windows.clear();
    let interest = Interest { cluster: Some("carts".into()), ..aws.state.interest.clone() };
    aws.state.look_at(interest, aws.now);
    aws.pass(2);
    assert_eq!(aws.windows, [60], "an hour back, as anything new");
}
