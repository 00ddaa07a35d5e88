//! What may be in trouble beside tables, and was never read: nobody knows yet whether that is well.

use super::reading::Reading;
use crate::model::consumer::homes;
use crate::model::health::Poller;
use crate::model::id::Resource;
use crate::model::metric::{DaxMetric, Metric, SeriesKey};
use crate::model::time::Figure;
use std::sync::Arc;

impl Reading<'_> {
    /// What is still to be read for the first time: `functions`, `replicas`, `DAX`. What is refused was read as far as
    /// it goes, and is told elsewhere.
    pub fn unread(self) -> impl Iterator<Item = &'static str> {
        [
            (self.has_unread_functions(), "functions"),
            (self.has_unread_replicas(), "replicas"),
            (self.has_unread_clusters(), "DAX"),
        ]
        .into_iter()
        .filter_map(|(is_unread, what)| is_unread.then_some(what))
    }

    /// Whether it is not known of every function that reads a stream how late it is.
    fn has_unread_functions(self) -> bool {
        let all = self.consumers().value().map_or(&[][..], Vec::as_slice);
        let known = homes(all.iter().filter(|consumer| self.has_table(&consumer.table)));
        let mut ages = known
            .into_iter()
            .map(|(function, home)| SeriesKey::outflow(home, Metric::IteratorAge, function));
        self.health(Poller::Consumers).is_none() || ages.any(|key| self.was_never_read(&key))
    }

    /// The same of every replica.
    fn has_unread_replicas(self) -> bool {
        self.tables().filter_map(|entry| entry.table).any(|table| {
            let mut regions = table.details.replicas.iter().map(|replica| &replica.region);
            let key = |region| SeriesKey::outflow(&table.name, Metric::ReplicationLatency, region);
            regions.any(|region| self.was_never_read(&key(region)))
        })
    }

    /// Whether the clusters, or the metrics of one of them, were never read.
    fn has_unread_clusters(self) -> bool {
        let mut clusters = self.clusters().value().into_iter().flatten();
        let key = |name: &Arc<str>| {
            SeriesKey::dax(Resource::Cluster(name.clone()), DaxMetric::CpuUtilization)
        };
        self.health(Poller::Clusters).is_none()
            || clusters.any(|cluster| self.was_never_read(&key(&cluster.name)))
    }

    fn was_never_read(self, key: &SeriesKey) -> bool {
        self.newest(key) == Figure::NotPolled
    }
}
