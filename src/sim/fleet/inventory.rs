//! The set-up around the tables: state that no traffic changes, so that no table is simulated for it.

use super::Fleet;
use super::chance::Chance;
use super::table::Table;
use crate::sim::facts::{
    ContributorInsights, DaxCluster, Epoch, EventSourceMapping, InsightsState,
};
use crate::sim::scenario::spec::inventory::InsightsSpec;

impl Fleet {
    /// One table with its indexes, or all of them, as Contributor Insights sees them: by name, each table
    /// before its indexes. Empty when there is no such table.
    pub(crate) fn insights(&self, table: Option<&str>) -> Vec<InsightsState> {
        match table {
            Some(name) => self.tables.get(name).map(Table::insights).unwrap_or_default(),
            None => self.tables.values().flat_map(Table::insights).collect(),
        }
    }

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
    fn insights(&self) -> Vec<InsightsState> {
        let state = |index: Option<&str>, keys: &[String], spec: Option<InsightsSpec>| {
            let chance = self.chance.named("contributor insights");
            let chance = index.map_or(chance, |index| chance.named(index));
            InsightsState {
                table: self.spec.name.clone(),
                index: index.map(str::to_owned),
                sort_key: keys.len() > 1,
                insights: spec.map(|spec| ContributorInsights {
                    throttled_only: spec == InsightsSpec::Throttled,
                    failed: spec == InsightsSpec::Failed,
                    since: self.some_time_ago(chance),
                }),
            }
        };
        let spec = &self.spec;
        let mut indexes: Vec<_> = spec.indexes.iter().collect();
        indexes.sort_by(|one, other| one.name.cmp(&other.name));
        let own = state(None, &spec.key_schema, spec.contributor_insights);
        std::iter::once(own)
            .chain(indexes.into_iter().map(|index| {
                state(Some(&index.name), &index.key_schema, index.contributor_insights)
            }))
            .collect()
    }

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
    fn some_time_ago(&self, chance: Chance) -> Epoch {
        let life = f64::from(self.spec.age_hours) * 3_600.0;
        let at = self.created() + life * (0.2 + 0.6 * chance.unit(0));
        (at * 1_000.0).floor() / 1_000.0
    }
}
