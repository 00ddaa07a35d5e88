//! The set-up around the tables: state that no traffic changes, so that no table is simulated for it.

use super::Fleet;
use super::chance::Chance;
use super::table::Table;
use crate::facts::{Epoch, EventSourceMapping, KinesisDestination, StreamState};

impl Fleet {
    /// All event-source mappings as they are at `now`, by table.
    pub(crate) fn event_source_mappings(&self, now: Epoch) -> Vec<EventSourceMapping<'_>> {
        let since = self.since(now);
        self.tables.values().flat_map(|table| table.event_source_mappings(since)).collect()
    }

    /// The Kinesis data stream that a table's changes are sent to, if they are.
    pub(crate) fn kinesis_destination(&self, table: &str) -> Option<KinesisDestination> {
        self.tables.get(table)?.kinesis_destination()
    }

    /// The stream of a table as it is at `now`, if it has one.
    pub(crate) fn stream(&mut self, table: &str, now: Epoch) -> Option<StreamState> {
        let table = self.tables.get_mut(table).filter(|table| table.spec.stream)?;
        table.advance(now);
        let partitions = table.resources.first()?.partitions.count();
        Some(StreamState { since: table.created(), keys: table.keys(), partitions })
    }
}

impl Table {
    /// Its event-source mappings so many minutes after the start.
    fn event_source_mappings(&self, since: i64) -> impl Iterator<Item = EventSourceMapping<'_>> {
        self.spec.consumers.iter().map(move |settings| {
            let chance = self.chance.named("consumer").named(&settings.function);
            EventSourceMapping {
                table: &self.spec.name,
                stream_since: self.created(),
                uuid: chance.uuid(0),
                last_modified: self.some_time_ago(chance),
                last_result: settings.result(since),
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
