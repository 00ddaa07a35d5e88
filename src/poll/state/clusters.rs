//! What the pollers know of DAX beside its metrics.

use super::State;
use super::alarms::{HISTORY_OVERLAP, since};
use super::steady::HURRIED;
use crate::model::dax::{Cluster, DaxEvent, EventSource};
use crate::model::event::{Event, Happening};
use crate::model::health::Poller;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

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
    /// Takes in every cluster; the parameters of other groups than before are not known yet.
    pub(super) fn set_clusters(&mut self, clusters: &[Cluster], now: Timestamp) {
        self.fleet.set_clusters(clusters);
        let used = clusters.iter().filter_map(|cluster| cluster.parameters.as_ref());
        let groups: BTreeSet<&Arc<str>> = used.map(|used| &used.group).collect();
        let groups = groups.into_iter().cloned().collect();
        if self.dax.groups != groups {
            self.dax.groups = groups;
            self.hasten_parameters(now);
        }
    }

    /// Takes in what happened to clusters and groups: parameters that were changed are read again.
    pub(super) fn note_cluster_events(&mut self, events: &[Event], now: Timestamp) {
        let read = self.rounds.started(Poller::Parameters);
        let is_change = |event: &Event| {
            let Happening::Dax(DaxEvent { source, .. }) = &event.what else { return false };
            matches!(source, EventSource::ParameterGroup(_))
                && read.is_some_and(|at| at <= event.at)
        };
        if events.iter().any(is_change) {
            self.hasten_parameters(now);
        }
    }

    /// Makes parameters due at once, but not twice in a minute; they are first read once there are clusters.
    fn hasten_parameters(&mut self, now: Timestamp) {
        if let Some(last) = self.rounds.started(Poller::Parameters)
            && !self.once
        {
            self.rounds.hasten(Poller::Parameters, (last + HURRIED).max(now));
        }
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
}
