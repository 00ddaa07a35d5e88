//! What is kept of DAX clusters, beside what `DescribeClusters` tells.

use super::Keeping;
use super::scope::{ResourceSeries, ScopeState};
use crate::model::dax::Cluster;
use crate::model::health::CallError;
use crate::model::id::Resource;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The series of one cluster with its nodes.
#[derive(Debug, Clone, Default)]
pub(super) struct ClusterState {
    series: ResourceSeries,
    nodes: BTreeMap<Arc<str>, ResourceSeries>,
}

impl ClusterState {
    /// Keeps the series of the nodes that there are.
    fn set_nodes(&mut self, cluster: &Cluster) {
        self.nodes.retain(|id, _| cluster.node(id).is_some());
        for node in &cluster.nodes {
            self.nodes.entry(Arc::clone(&node.id)).or_default();
        }
    }

    pub(super) fn series_of(&self, resource: &Resource) -> Option<&ResourceSeries> {
        match resource {
            Resource::Account | Resource::Table(_) | Resource::Index(..) => None,
            Resource::Cluster(_) => Some(&self.series),
            Resource::Node(_, node) => self.nodes.get(node),
        }
    }

    pub(super) fn series_to_write(&mut self, resource: &Resource) -> Option<&mut ResourceSeries> {
        match resource {
            Resource::Account | Resource::Table(_) | Resource::Index(..) => None,
            Resource::Cluster(_) => Some(&mut self.series),
            Resource::Node(_, node) => self.nodes.get_mut(node),
        }
    }

    /// Whether series of a node are kept that nobody looks at any more; the cluster's own are always read.
    pub(super) fn has_unused(&self, now: Timestamp, keeping: Keeping<'_>) -> bool {
        self.nodes.values().any(|series| series.has_unused(now, keeping.settings))
    }

    pub(super) fn drop_unused(&mut self, now: Timestamp, keeping: Keeping<'_>) {
        for series in self.nodes.values_mut() {
            series.drop_unused(now, keeping.settings);
        }
    }
}

impl ScopeState {
    /// Takes in every cluster, or why they could not be read; those that are missing are forgotten.
    pub(super) fn tell_clusters(&mut self, reply: Result<Vec<Cluster>, CallError>, at: Timestamp) {
        let by_name = |mut clusters: Vec<Cluster>| {
            clusters.sort_by(|a, b| a.name.cmp(&b.name));
            clusters
        };
        let reply = reply.map(by_name);
        if let Ok(clusters) = &reply {
            let mut before = std::mem::take(&mut self.clusters);
            for cluster in clusters {
                let mut state = before.remove(&cluster.name).unwrap_or_default();
                Arc::make_mut(&mut state).set_nodes(cluster);
                self.clusters.insert(Arc::clone(&cluster.name), state);
            }
        }
        self.inventory.clusters.tell(reply, at);
    }
}
