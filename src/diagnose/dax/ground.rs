//! What is known of one cluster, as its checks ask for it.

use super::DaxThresholds;
use crate::diagnose::spell::Tally;
use crate::diagnose::words::clock;
use crate::diagnose::{Evidence, Fact, Thresholds};
use crate::model::dax::{Cluster, DaxEvent, EventSource, Node};
use crate::model::event::{Event, Happening};
use crate::model::id::Resource;
use crate::model::metric::{DaxMetric, SeriesKey};
use crate::model::time::{Minute, Window};
use crate::store::Reading;
use jiff::SignedDuration;
use std::sync::Arc;

/// How far back events are looked through.
const EVENTS: SignedDuration = SignedDuration::from_hours(24);

/// One cluster and what is asked about it.
#[derive(Debug, Clone)]
pub(super) struct Ground<'a> {
    pub(super) reading: Reading<'a>,
    pub(super) cluster: &'a Cluster,
    /// The cluster as a resource.
    pub(super) resource: Resource,
    pub(super) thresholds: &'a Thresholds,
}

impl<'a> Ground<'a> {
    pub(super) fn of(
        reading: Reading<'a>,
        cluster: &'a Cluster,
        thresholds: &'a Thresholds,
    ) -> Self {
        let resource = Resource::Cluster(Arc::clone(&cluster.name));
        Self { reading, cluster, resource, thresholds }
    }

    pub(super) fn dax(&self) -> &'a DaxThresholds {
        &self.thresholds.dax
    }

    /// A node as a resource.
    pub(super) fn node(&self, node: &Node) -> Resource {
        Resource::Node(Arc::clone(&self.cluster.name), Arc::clone(&node.id))
    }

    pub(super) fn key(&self, metric: DaxMetric) -> SeriesKey {
        SeriesKey::dax(self.resource.clone(), metric)
    }

    /// A metric of the cluster; `None` where nothing is known of it of late.
    pub(super) fn tally(&self, metric: DaxMetric) -> Option<Tally<'a>> {
        self.tally_of(&self.resource, metric)
    }

    /// The same of the cluster or one of its nodes.
    pub(super) fn tally_of(&self, resource: &Resource, metric: DaxMetric) -> Option<Tally<'a>> {
        let key = SeriesKey::dax(resource.clone(), metric);
        Tally::of(self.reading, [key])?.recent(self.reading)
    }

    /// The minutes of a window in which the cluster is known to have been asked anything: one that nobody asks uses
    /// some CPU, and misses nothing.
    pub(super) fn asked(&self, window: Window) -> impl Iterator<Item = Minute> {
        let minutes = (0..window.minutes()).map(move |offset| window.start.plus(offset));
        let requests = self.reading.series(&self.key(DaxMetric::TotalRequestCount));
        minutes.filter(move |minute| {
            let requests = requests.and_then(|series| series.get(*minute).value());
            requests.is_some_and(|requests| requests > 0.0)
        })
    }

    /// What happened to the cluster and its parameter group in the last day, newest first.
    pub(super) fn events(&self) -> impl Iterator<Item = Told<'a>> {
        let since = self.reading.now().checked_sub(EVENTS).unwrap_or_default();
        let events = self.reading.events_of_cluster(self.cluster, since);
        events.into_iter().filter_map(Told::of)
    }
}

/// One event of DAX.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) at: Minute,
    pub(super) source: &'a EventSource,
    pub(super) message: &'a str,
}

impl<'a> Told<'a> {
    fn of(event: &'a Event) -> Option<Self> {
        let Happening::Dax(DaxEvent { source, message }) = &event.what else { return None };
        Some(Self { at: Minute::containing(event.at), source, message })
    }

    /// It in AWS's words.
    pub(super) fn evidence(self, reading: Reading<'_>) -> Evidence {
        let at = clock(reading, self.at);
        let text = match self.source {
            EventSource::Cluster(_) => format!("{at} DAX told: {}", self.message),
            EventSource::ParameterGroup(name)
            | EventSource::SubnetGroup(name)
            | EventSource::Other(name) => format!("{at} DAX told of {name}: {}", self.message),
        };
        Evidence::fact(Fact::DaxEvent, text).in_minute(self.at)
    }
}
