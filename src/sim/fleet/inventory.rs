//! The set-up around the tables: state that no traffic changes, so that no table is simulated for it.

use super::Fleet;
use super::chance::Chance;
use super::table::Table;
use crate::sim::facts::{DaxCluster, Epoch, EventSourceMapping};

impl Fleet {
    /// All event-source mappings, by table.
    pub(crate) fn event_source_mappings(&self) -> Vec<EventSourceMapping<'_>> {
        self.tables.values().flat_map(Table::event_source_mappings).collect()
    }

    /// All DAX clusters, by name.
    pub(crate) fn dax_clusters(&self) -> Vec<DaxCluster<'_>> {
        let chance = self.chance.named("dax");
        let host_id: String = chance.uuid(0).chars().take(6).collect();
        let clusters = self.clusters.iter().map(|settings| DaxCluster {
            name: settings.name.to_lowercase(),
            created: self.start - f64::from(settings.age_hours) * 3_600.0,
            host_id: host_id.clone(),
            settings,
        });
        let mut clusters: Vec<DaxCluster<'_>> = clusters.collect();
        clusters.sort_by(|one, other| one.name.cmp(&other.name));
        clusters
    }
}

impl Table {
    fn event_source_mappings(&self) -> impl Iterator<Item = EventSourceMapping<'_>> {
        self.spec.consumers.iter().map(|settings| {
            let chance = self.chance.named("consumer").named(&settings.function);
            EventSourceMapping {
                table: &self.spec.name,
                stream_since: self.created(),
                uuid: chance.uuid(0),
                last_modified: self.some_time_ago(chance),
                settings,
            }
        })
    }

    /// A moment in the middle of the table's life before the start, a whole millisecond.
    pub(super) fn some_time_ago(&self, chance: Chance) -> Epoch {
        let life = f64::from(self.spec.age_hours) * 3_600.0;
        let at = self.created() + life * (0.2 + 0.6 * chance.unit(0));
        (at * 1_000.0).floor() / 1_000.0
    }
}
