use super::why::{exposure, told};
use crate::model::dax::{Cluster, Node, ParameterUse};
use crate::model::id::Resource;
use crate::model::update::News;
use crate::store::fixture::Fixture;
use crate::view::scaling::Weight;
use std::sync::Arc;

/// A cluster of one node in each of these zones.
fn cluster(zones: &[&str]) -> Cluster {
    let node = |(place, zone): (usize, &&str)| Node {
        id: Arc::from(format!("n{place}")),
        status: Arc::from("available"),
        zone: Some(Arc::from(*zone)),
        ..Node::default()
    };
    Cluster {
        name: Arc::from("c"),
        status: Arc::from("available"),
        nodes: zones.iter().enumerate().map(node).collect(),
        ..Cluster::default()
    }
}

fn matter(cluster: &Cluster, resource: &Resource) -> (String, Weight) {
    let fixture = Fixture::new(0, vec![]);
    told(fixture.reading(), cluster, resource, &[])
}

#[test]
fn what_a_loss_of_a_node_or_a_zone_would_do_is_said() {
    for (zones, expected) in [
        (&["a", "b", "c"][..], None),
        (&["a", "a", "a"], Some("one AZ: not fault-tolerant")),
        (&["a", "b"], Some("fewer than 3 nodes: not fault-tolerant")),
        (&["a", "a"], Some("fewer than 3 nodes, one AZ: not fault-tolerant")),
        (&["a"], Some("one node: not fault-tolerant")),
        (&[], None),
    ] {
        assert_eq!(exposure(&cluster(zones)).as_deref(), expected, "{zones:?}");
    }
    let (_, weight) = matter(&cluster(&["a"]), &Resource::cluster("c"));
    assert_eq!(weight, Weight::Calm, "how it is built is no event");
}

#[test]
fn what_awss_words_say_is_worth_a_look_until_they_say_that_all_is_well() {
    let well = cluster(&["a", "b", "c"]);
    assert_eq!(matter(&well, &Resource::cluster("c")), (String::new(), Weight::Calm));
    let mut unwell = well.clone();
    unwell.status = Arc::from("modifying");
    unwell.nodes[1].status = Arc::from("REBOOTING");
    (unwell.total_nodes, unwell.active_nodes) = (Some(3), Some(2));
    unwell.leaving = vec![Arc::from("n2")];
    unwell.parameters = Some(ParameterUse {
        group: Arc::from("g"),
        status: Some(Arc::from("applying")),
        to_reboot: vec![Arc::from("n0")],
    });
    let (what, weight) = matter(&unwell, &Resource::cluster("c"));
    assert_eq!(
        what,
        "modifying; 2 of 3 nodes up; n1 REBOOTING; n2 is being removed; 1 node waits for a reboot"
    );
    assert_eq!(weight, Weight::Notice);
    for (node, expected) in
        [("n0", "waits for a reboot"), ("n1", "REBOOTING"), ("n2", "is being removed")]
    {
        let (what, weight) = matter(&unwell, &Resource::node("c", node));
        assert_eq!((what.as_str(), weight), (expected, Weight::Notice));
    }
    unwell.parameters =
        Some(ParameterUse { status: Some(Arc::from("applying")), ..ParameterUse::default() });
    let (what, _) = matter(&unwell, &Resource::cluster("c"));
    assert!(what.ends_with("parameters applying"), "{what}");
}

#[test]
fn a_status_that_was_read_long_ago_is_told_with_its_age() {
    let mut unwell = cluster(&["a", "b", "c"]);
    unwell.nodes[1].status = Arc::from("failed");
    let mut fixture = Fixture::new(0, vec![]);
    fixture.tell(News::Clusters(Ok(vec![unwell.clone()])));
    let node = Resource::node("c", "n1");
    let what = |fixture: &Fixture| told(fixture.reading(), &unwell, &node, &[]);
    assert_eq!(what(&fixture), ("failed".to_owned(), Weight::Notice));
    fixture.go_to(3 * 3_600);
    assert_eq!(what(&fixture), ("3 h ago: failed".to_owned(), Weight::Notice));
}
