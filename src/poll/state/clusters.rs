//! What the pollers know of DAX beside its metrics.

use super::State;
use super::alarms::{HISTORY_OVERLAP, since};
use crate::model::dax::Cluster;
use crate::model::health::Poller;
use crate::model::time::Minute;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How often clusters and their events are read while one is in doubt or looked at.
const HURRIED: SignedDuration = SignedDuration::from_mins(1);

/// What was read of DAX.
#[derive(Debug, Default)]
pub(super) struct Dax {
    /// The parameter groups that clusters have.
    pub(super) groups: Vec<Arc<str>>,
    /// Up to when events were read.
    pub(super) events_read: Option<Timestamp>,
}

impl Dax {
    /// Since when events are to be read.
    pub(super) fn events_since(&self, now: Timestamp) -> Timestamp {
        since(self.events_read, HISTORY_OVERLAP, now)
    }

    pub(super) fn turn_back(&mut self, now: Timestamp) {
        self.events_read = self.events_read.map(|read| read.min(now));
    }
}

impl State {
    /// Takes in every cluster.
    pub(super) fn set_clusters(&mut self, clusters: &[Cluster]) {
        self.fleet.set_clusters(clusters);
        let used = clusters.iter().filter_map(|cluster| cluster.parameters.as_ref());
        let groups: BTreeSet<&Arc<str>> = used.map(|used| &used.group).collect();
        self.dax.groups = groups.into_iter().cloned().collect();
    }

    /// What is read only where there are clusters, and what is new of them.
    pub(super) fn follow_clusters(&mut self, now: Timestamp) {
        for poller in [Poller::ClusterEvents, Poller::Parameters] {
            if self.once {
                self.rounds.set_due(poller, now);
            } else if self.fleet.has_clusters() && self.rounds.started(poller).is_none() {
                self.rounds.hasten(poller, now);
            }
        }
        self.read_newcomers(now);
    }

    /// Makes clusters and their events due earlier while one is in doubt or looked at.
    pub(super) fn hasten_clusters(&mut self, now: Timestamp) {
        let is_looked_at = self.interest.cluster.is_some();
        let is_urgent = is_looked_at || self.fleet.any_cluster_in_doubt(Minute::containing(now));
        if self.once || !is_urgent || !self.fleet.has_clusters() {
            return;
        }
        for poller in [Poller::Clusters, Poller::ClusterEvents] {
            if let Some(last) = self.rounds.started(poller)
                && self.rounds.failed(poller).is_none()
                && !self.rounds.is_open(poller)
            {
                self.rounds.hasten(poller, (last + HURRIED).max(now));
            }
        }
    }
}
