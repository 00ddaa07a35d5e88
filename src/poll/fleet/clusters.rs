//! DAX clusters and nodes, and whether they are in doubt.

use super::{Fleet, Watch};
use crate::model::dax::Cluster;
use crate::model::id::Resource;
use crate::model::metric::DaxMetric;
use crate::model::time::Minute;
use std::collections::BTreeMap;
use std::sync::Arc;

/// From which CPU use of its busiest node a cluster's nodes are read, percent. AWS gives no number ("Monitoring DAX"
/// says to watch the maximum): this is ours.
const DOUBTFUL_CPU_PERCENT: f64 = 80.0;

/// What AWS tells of a cluster, as far as it decides what is read of the cluster and its nodes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Whether it or one of its nodes does not serve.
    is_unwell: bool,
    /// Whether its nodes run on CPU credits.
    is_burstable: bool,
}

/// Whether a point calls for a look at each node.
pub(super) fn is_event(metric: DaxMetric, value: f64) -> bool {
    match metric {
        DaxMetric::ThrottledRequestCount | DaxMetric::FaultRequestCount => value > 0.0,
        DaxMetric::CpuUtilization => value >= DOUBTFUL_CPU_PERCENT,
        DaxMetric::CacheMemoryUtilization
        | DaxMetric::EvictedSize
        | DaxMetric::CacheHits(_)
        | DaxMetric::CacheMisses(_)
        | DaxMetric::TotalRequestCount
        | DaxMetric::ErrorRequestCount
        | DaxMetric::ClientConnections
        | DaxMetric::NetworkIn
        | DaxMetric::NetworkOut
        | DaxMetric::CpuCreditBalance => false,
    }
}

impl Watch {
    /// Whether it is in trouble, or a DAX cluster or node that may not do what it is there for.
    pub(crate) fn is_in_doubt(&self, now: Minute) -> bool {
        self.escalated(now).is_some() || self.cluster.is_unwell
    }

    /// Whether it belongs to a DAX cluster whose nodes run on CPU credits.
    pub(crate) fn is_burstable(&self) -> bool {
        self.cluster.is_burstable
    }
}

impl Fleet {
    /// Takes the complete list of DAX clusters with their nodes; those that are missing are forgotten.
    pub(crate) fn set_clusters(&mut self, clusters: &[Cluster]) {
        let mut told: BTreeMap<Resource, Told> = BTreeMap::new();
        for cluster in clusters {
            let of = Told { is_unwell: !cluster.is_well(), is_burstable: cluster.is_burstable() };
            told.insert(Resource::Cluster(cluster.name.clone()), of);
            let node = |id: &Arc<str>| Resource::Node(cluster.name.clone(), id.clone());
            told.extend(cluster.nodes.iter().map(|known| (node(&known.id), of)));
        }
        self.watched
            .retain(|resource, _| resource.cluster_name().is_none() || told.contains_key(resource));
        for (resource, of) in told {
            self.watched.entry(resource).or_default().cluster = of;
        }
    }

    /// Whether there is any DAX cluster.
    pub(crate) fn has_clusters(&self) -> bool {
        self.watched.keys().any(|resource| resource.cluster_name().is_some())
    }

    /// How many nodes all DAX clusters have.
    pub(crate) fn nodes(&self) -> usize {
        let is_node = |resource: &&Resource| matches!(resource, Resource::Node(..));
        self.watched.keys().filter(is_node).count()
    }

    /// Notes an event: of DAX it is the whole cluster's, since any node may be the cause.
    pub(super) fn note_event(&mut self, resource: &Resource, minute: Minute) {
        let Some(cluster) = resource.cluster_name() else {
            if let Some(watch) = self.watched.get_mut(resource) {
                watch.note_event(minute);
            }
            return;
        };
        for (other, watch) in &mut self.watched {
            if other.cluster_name() == Some(cluster) {
                watch.note_event(minute);
            }
        }
    }
}
