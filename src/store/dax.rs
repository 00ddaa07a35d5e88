//! The figures of DAX clusters and nodes.

use super::detail::Detail;
use super::reading::{Reading, larger, total};
use crate::model::dax::{Cluster, EventSource, ParameterGroup};
use crate::model::event::Event;
use crate::model::health::Poller;
use crate::model::id::Resource;
use crate::model::metric::{Cache, DaxMetric, SeriesKey};
use crate::model::time::{Figure, Minute};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// After how many seconds the clusters count as not read again: twice as long as between two readings.
const READ_AGAIN_SECONDS: i64 = 600;

impl<'a> Reading<'a> {
    /// When the clusters were read, where that does not tell how they are any more: they could not be read again, or
    /// were not for long.
    pub fn clusters_outdated(self) -> Option<Timestamp> {
        let is_old = |at: Timestamp| self.now().duration_since(at).as_secs() > READ_AGAIN_SECONDS;
        match self.clusters() {
            Detail::Stale { at, .. } => Some(at),
            Detail::Known { at, .. } => Some(at).filter(|at| is_old(*at)),
            Detail::Denied { .. } | Detail::Failed(_) | Detail::NotPolled => None,
        }
    }

    /// The DAX cluster called `name`.
    pub fn cluster(self, name: &str) -> Option<&'a Cluster> {
        let clusters = self.clusters().value()?;
        let at = clusters.binary_search_by(|cluster| (*cluster.name).cmp(name)).ok()?;
        clusters.get(at)
    }

    /// The tables that are read through the cluster called `name`, as the user says; `None` where nothing is said.
    pub fn tables_behind(self, name: &str) -> Option<&'a [Arc<str>]> {
        self.behind().tables(name)
    }

    /// Whether there may be a cluster of this name, as far as is known.
    fn may_have_cluster(self, name: &str) -> bool {
        self.clusters().value().is_none_or(|_| self.cluster(name).is_some())
    }

    /// The same of a table.
    fn may_have_table(self, name: &str) -> bool {
        let health = self.health(Poller::Tables);
        let is_listed = health.is_some_and(|health| health.last_success.is_some());
        !is_listed || self.has_table(name)
    }

    /// What the parameter group of `cluster` says, where that was read.
    pub fn parameter_group(self, cluster: &Cluster) -> Option<&'a ParameterGroup> {
        let name = &cluster.parameters.as_ref()?.group;
        self.parameter_groups().value()?.iter().find(|group| group.name == *name)
    }

    /// What happened to a cluster and its parameter group since `since`, newest first.
    pub fn events_of_cluster(self, cluster: &Cluster, since: Timestamp) -> Vec<&'a Event> {
        let group = cluster.parameters.iter();
        let sources = group.map(|used| EventSource::ParameterGroup(used.group.clone()));
        let sources = sources.chain([EventSource::Cluster(cluster.name.clone())]);
        let mut events: Vec<&Event> =
            sources.flat_map(|source| self.events_of_dax(&source, since)).collect();
        events.sort_by_key(|event| std::cmp::Reverse(event.at));
        events
    }

    /// Whether a cluster or node is known to have run in `minute`: DAX publishes no zero and nothing of what does not
    /// run, and what runs uses CPU.
    pub(crate) fn was_running(self, resource: &Resource, minute: Minute) -> bool {
        let cpu = SeriesKey::dax(resource.clone(), DaxMetric::CpuUtilization);
        self.series(&cpu).is_some_and(|series| series.get(minute).value().is_some())
    }

    /// A metric of a cluster or node in the newest settled minute, of credits in one of the last five, in the
    /// statistic of [`DaxMetric::statistic`] and the metric's unit.
    ///
    /// Not applicable are credits of a cluster, and of nodes that run without them.
    pub fn dax(self, resource: &Resource, metric: DaxMetric) -> Figure {
        let key = SeriesKey::dax(resource.clone(), metric);
        match metric {
            DaxMetric::CpuCreditBalance if !self.has_credits(resource) => Figure::NotApplicable,
            DaxMetric::CpuCreditBalance => self.recent(&key),
            DaxMetric::CpuUtilization
            | DaxMetric::CacheMemoryUtilization
            | DaxMetric::EvictedSize
            | DaxMetric::CacheHits(_)
            | DaxMetric::CacheMisses(_)
            | DaxMetric::TotalRequestCount
            | DaxMetric::ErrorRequestCount
            | DaxMetric::ThrottledRequestCount
            | DaxMetric::FaultRequestCount
            | DaxMetric::ClientConnections
            | DaxMetric::NetworkIn
            | DaxMetric::NetworkOut => self.newest(&key),
        }
    }

    fn has_credits(self, resource: &Resource) -> bool {
        match resource {
            Resource::Node(cluster, _) => self.cluster(cluster).is_some_and(Cluster::is_burstable),
            Resource::Account | Resource::Table(_) | Resource::Index(..) | Resource::Cluster(_) => {
                false
            }
        }
    }

    /// Which part of the requests to one cache were answered from it, percent, in the newest settled minute. Idle
    /// where there were none, which is no bad rate.
    pub fn hit_rate_percent(self, resource: &Resource, cache: Cache) -> Figure {
        let hits = self.dax(resource, DaxMetric::CacheHits(cache));
        let all = total(hits, self.dax(resource, DaxMetric::CacheMisses(cache)));
        let (Some(hits), Some(sum), Some(at)) = (hits.value(), all.value(), all.at()) else {
            return all;
        };
        if sum > 0.0 {
            return all.map(|sum| 100.0 * hits / sum);
        }
        // What was idle then may be busy now.
        if matches!(all, Figure::Stale { .. }) {
            Figure::Unknown { at }
        } else {
            Figure::Idle { at }
        }
    }

    /// Network use in percent of the node type's baseline, of the busier direction; of a cluster that of its busiest
    /// node.
    pub fn network_percent(self, resource: &Resource) -> Figure {
        let [into, out] = DaxMetric::NETWORK.map(|metric| self.dax(resource, metric));
        larger(into, out)
    }
}

/// What the user says of clusters and tables that are nowhere, a line each. As long as it is not known of one of the
/// readings what is there, nothing is missing.
pub fn unknown_behind(readings: &[Reading<'_>]) -> Vec<String> {
    let of_cluster = |(cluster, tables): (&Arc<str>, &[Arc<str>])| -> Vec<String> {
        let homes = readings.iter().copied().filter(|reading| reading.may_have_cluster(cluster));
        let homes: Vec<Reading<'_>> = homes.collect();
        if homes.is_empty() {
            let regions = regions(readings);
            return vec![format!("settings: [dax.{cluster}]: no such DAX cluster in {regions}")];
        }
        let is_gone = |table: &str| !homes.iter().any(|reading| reading.may_have_table(table));
        let gone = tables.iter().filter(|table| is_gone(table));
        let regions = regions(&homes);
        gone.map(|table| format!("settings: [dax.{cluster}] tables: no table {table} in {regions}"))
            .collect()
    };
    let behind = readings.first().map(|reading| reading.behind().all());
    behind.into_iter().flatten().flat_map(of_cluster).collect()
}

/// `eu-west-1, us-east-1`.
fn regions(readings: &[Reading<'_>]) -> String {
    let regions: BTreeSet<&str> = readings.iter().map(|reading| reading.scope().region()).collect();
    regions.into_iter().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
