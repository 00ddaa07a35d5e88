//! Tests of when DAX is read.

use super::*;
use crate::model::dax::{Node, ParameterUse};

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
fn events_and_parameters_are_read_once_there_is_a_cluster_at_a_slow_pace() {
    let mut aws = Aws::new();
    aws.pass(8 * 60);
    aws.clusters = vec![cluster("available")];
    aws.pass(5 * 60);
    assert_eq!(DAX.map(|poller| count(&aws, poller)).map(|count| count.min(1)), [1, 1, 1]);
    aws.asked.clear();
    aws.pass(60 * 60);
    assert_eq!(DAX.map(|poller| count(&aws, poller)), [12, 12, 4]);
    let since: Vec<i64> = aws
        .asked
        .iter()
        .filter_map(|(at, job)| {
            let Job::ClusterEvents(since) = job else { return None };
            Some(at.duration_since(*since).as_secs())
        })
        .collect();
    assert!(since.iter().all(|back| *back <= 11 * 60), "{since:?}");
    let groups = aws.asked.iter().find_map(|(_, job)| {
        let Job::Parameters(groups) = job else { return None };
        Some(groups.clone())
    });
    assert_eq!(groups, Some(vec![Arc::from("short")]));
}

#[test]
fn what_is_unwell_or_looked_at_is_described_each_minute() {
    let mut unwell = Aws::new();
    unwell.clusters = vec![cluster("modifying")];
    let mut watched = Aws::new();
    watched.clusters = vec![cluster("available")];
    let interest = Interest { cluster: Some("carts".into()), ..watched.state.interest.clone() };
    watched.state.look_at(interest, watched.now);
    for mut aws in [unwell, watched] {
        aws.pass(5 * 60);
        aws.asked.clear();
        aws.pass(60 * 60);
        let [clusters, events, parameters] = DAX.map(|poller| count(&aws, poller));
        assert!(
            (58..=60).contains(&clusters) && (58..=60).contains(&events),
            "{clusters} {events}"
        );
        assert_eq!(parameters, 4);
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
