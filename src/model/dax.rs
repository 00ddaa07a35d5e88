//! DAX clusters, their parameters and what happened to them, as AWS tells it.

mod behind;

pub use behind::Behind;

use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// The fewest nodes of a cluster that AWS calls fault-tolerant, one for each of three Availability Zones (Amazon
/// DynamoDB Developer Guide, "DAX cluster components").
pub const FAULT_TOLERANT_NODES: usize = 3;

/// What AWS calls a cluster or node that serves, its own names for all else being free text.
const AVAILABLE: &str = "available";

/// One DAX cluster (`DescribeClusters`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cluster {
    /// Its name, which DAX keeps in lower case.
    pub name: Arc<str>,
    /// Its ARN.
    pub arn: Arc<str>,
    /// In AWS's words: `available`, `creating`, `modifying`, …
    pub status: Arc<str>,
    /// Such as `dax.r5.large`.
    pub node_type: Arc<str>,
    /// How many nodes it is to have.
    pub total_nodes: Option<u32>,
    /// How many of them serve.
    pub active_nodes: Option<u32>,
    /// Its nodes; AWS tells none while the cluster is created or deleted.
    pub nodes: Vec<Node>,
    /// The ids of the nodes that are being removed.
    pub leaving: Vec<Arc<str>>,
    /// Its parameter group, and how far that is applied.
    pub parameters: Option<ParameterUse>,
    /// When AWS may maintain it, UTC, such as `sun:23:00-mon:01:30`.
    pub maintenance_window: Option<Arc<str>>,
    /// Encryption at rest, in AWS's words: `ENABLED`, `DISABLED`, `ENABLING`, `DISABLING`.
    pub encryption_at_rest: Option<Arc<str>>,
    /// Encryption of its endpoint: `TLS` or `NONE`.
    pub endpoint_encryption: Option<Arc<str>>,
}

/// One node of a DAX cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Node {
    /// Its id, unique in the cluster.
    pub id: Arc<str>,
    /// In AWS's words: `available`, `REBOOTING`, …
    pub status: Arc<str>,
    /// Its Availability Zone, once it has one.
    pub zone: Option<Arc<str>>,
    /// When it was made, once it is.
    pub created: Option<Timestamp>,
    /// How far the parameter group is applied to it, in AWS's words: `in-sync`, …
    pub parameter_status: Option<Arc<str>>,
}

/// The parameter group of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParameterUse {
    /// The group's name.
    pub group: Arc<str>,
    /// How far it is applied, in AWS's words: `in-sync`, …
    pub status: Option<Arc<str>>,
    /// The ids of the nodes that take it only once they are rebooted.
    pub to_reboot: Vec<Arc<str>>,
}

/// What a parameter group says of how long something stays cached (`DescribeParameters`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParameterGroup {
    /// Its name.
    pub name: Arc<str>,
    /// Of the item cache (`record-ttl-millis`).
    pub record_ttl: Option<Ttl>,
    /// Of the query cache (`query-ttl-millis`).
    pub query_ttl: Option<Ttl>,
}

/// How long something stays cached.
///
/// Zero has two meanings: an item then stays until it is evicted or written through DAX, and the result of a query is
/// not cached at all (Amazon DynamoDB Developer Guide, "DAX: How it works").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ttl {
    /// How long.
    pub time: Duration,
    /// Who set it, in AWS's words: `user`, `system`, …
    pub source: Option<Arc<str>>,
}

/// One event of DAX (`DescribeEvents`), which has no id of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaxEvent {
    /// What it is about.
    pub source: EventSource,
    /// In AWS's words.
    pub message: Arc<str>,
}

/// What an event of DAX is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventSource {
    /// A cluster.
    Cluster(Arc<str>),
    /// A parameter group.
    ParameterGroup(Arc<str>),
    /// A subnet group.
    SubnetGroup(Arc<str>),
    /// What AWS adds next, by its name.
    Other(Arc<str>),
}

impl EventSource {
    /// Its name.
    pub fn name(&self) -> &Arc<str> {
        match self {
            Self::Cluster(name)
            | Self::ParameterGroup(name)
            | Self::SubnetGroup(name)
            | Self::Other(name) => name,
        }
    }

    /// Whether it is a cluster or the parameter group that this has.
    pub fn is_of(&self, cluster: &Cluster) -> bool {
        match self {
            Self::Cluster(name) => cluster.name == *name,
            Self::ParameterGroup(name) => {
                cluster.parameters.as_ref().is_some_and(|used| used.group == *name)
            }
            Self::SubnetGroup(_) | Self::Other(_) => false,
        }
    }
}

fn is_available(status: &str) -> bool {
    status.eq_ignore_ascii_case(AVAILABLE)
}

impl Cluster {
    /// Whether it serves, in AWS's words.
    pub fn is_available(&self) -> bool {
        is_available(&self.status)
    }

    /// Whether it and all of its nodes serve, in AWS's words.
    pub fn is_well(&self) -> bool {
        let lacks_nodes = self.total_nodes.zip(self.active_nodes).is_some_and(|(all, up)| up < all);
        self.is_available() && !lacks_nodes && self.nodes.iter().all(Node::is_available)
    }

    /// How many nodes it is to have, as far as AWS tells.
    pub fn size(&self) -> usize {
        let told = self.total_nodes.and_then(|total| usize::try_from(total).ok());
        told.unwrap_or(self.nodes.len())
    }

    /// Whether a node of this id is being removed.
    pub fn is_leaving(&self, id: &str) -> bool {
        self.leaving.iter().any(|leaving| **leaving == *id)
    }

    /// Whether its nodes run on CPU credits: those of the `t` types do.
    pub fn is_burstable(&self) -> bool {
        self.node_type.starts_with("dax.t")
    }

    /// The Availability Zones of its nodes, as far as AWS tells.
    pub fn zones(&self) -> BTreeSet<&Arc<str>> {
        self.nodes.iter().filter_map(|node| node.zone.as_ref()).collect()
    }

    /// The node of this id.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| *node.id == *id)
    }
}

impl Node {
    /// Whether it serves, in AWS's words.
    pub fn is_available(&self) -> bool {
        is_available(&self.status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(status: &str, nodes: &[&str], counts: Option<(u32, u32)>) -> Cluster {
        let node = |status: &&str| Node { status: Arc::from(*status), ..Node::default() };
        Cluster {
            status: Arc::from(status),
            nodes: nodes.iter().map(node).collect(),
            total_nodes: counts.map(|(total, _)| total),
            active_nodes: counts.map(|(_, active)| active),
            ..Cluster::default()
        }
    }

    #[test]
    fn a_cluster_is_well_if_all_of_it_is_available() {
        let cases = [
            (cluster("available", &["available", "available"], Some((2, 2))), true),
            (cluster("Available", &[], None), true),
            (cluster("modifying", &["available"], Some((1, 1))), false),
            (cluster("available", &["available", "REBOOTING"], Some((2, 2))), false),
            (cluster("available", &["available"], Some((2, 1))), false),
        ];
        for (cluster, expected) in cases {
            assert_eq!(cluster.is_well(), expected, "{cluster:?}");
        }
    }

    #[test]
    fn zones_are_counted_once_and_nodes_as_aws_does() {
        let mut cluster = cluster("available", &["available", "available"], Some((3, 2)));
        for node in &mut cluster.nodes {
            node.zone = Some(Arc::from("us-east-1a"));
        }
        assert_eq!((cluster.zones().len(), cluster.size()), (1, 3));
        cluster.total_nodes = None;
        assert_eq!(cluster.size(), 2);
        cluster.node_type = Arc::from("dax.t3.small");
        assert!(cluster.is_burstable());
    }
}
