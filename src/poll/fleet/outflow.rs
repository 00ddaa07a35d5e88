//! Where the changes of tables go, as far as it is read how late they arrive there.

use super::{ESCALATED_MINUTES, Fleet, Watch};
use crate::model::consumer::{Consumer, homes};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::table::{KinesisStreaming, Replica};
use crate::model::time::Minute;
use crate::poll::plan::Group;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// From which iterator age on a function's errors and throttles are read, milliseconds. A function that keeps up
/// is less than a second behind, or as long as its batching window, five minutes at most, lets it wait.
const DOUBTFUL_MILLISECONDS: f64 = 60_000.0;

/// Where the changes of one table go.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Outflow {
    /// The functions whose series are kept with the table.
    pub(crate) functions: Vec<Arc<str>>,
    /// The tables that these functions read.
    readers_of: BTreeSet<Arc<str>>,
    /// Whether AWS tells that one of them does not read, or that its last batch went badly.
    is_unwell: bool,
    /// The last minute in which one of them was late.
    late: Option<Minute>,
    /// The regions of its replicas.
    pub(crate) regions: Vec<Arc<str>>,
    /// The dimension of the metrics about its Kinesis data stream, if it has one.
    pub(crate) kinesis: Option<Arc<str>>,
}

impl Outflow {
    /// Whether something is known to read the table's changes each minute.
    pub(crate) fn is_timed(&self) -> bool {
        !(self.functions.is_empty() && self.regions.is_empty())
    }

    /// Whether one of the functions reads the stream of `table`.
    pub(crate) fn reads(&self, table: &Arc<str>) -> bool {
        self.readers_of.contains(table)
    }

    /// Whether one of the functions may not do what it is there for.
    pub(crate) fn is_in_doubt(&self, now: Minute) -> bool {
        let is_late = self.late.is_some_and(|late| now.since(late) <= ESCALATED_MINUTES);
        !self.functions.is_empty() && (self.is_unwell || is_late)
    }

    pub(super) fn turn_back(&mut self) {
        self.late = None;
    }
}

impl Watch {
    /// Where the table's changes go.
    pub(crate) fn outflow(&self) -> &Outflow {
        &self.outflow
    }

    /// Changes where they go; what is new is read as far back as any new series.
    fn set_outflow(&mut self, groups: &[Group], change: impl FnOnce(&mut Outflow)) {
        let before = self.outflow.clone();
        change(&mut self.outflow);
        if before != self.outflow {
            for group in groups {
                self.note_progress(*group, |progress| progress.settled_to = None);
            }
        }
    }
}

impl Fleet {
    /// Takes the complete list of functions that read streams.
    pub(crate) fn set_consumers(&mut self, consumers: &[Consumer]) {
        self.consumers = consumers.to_vec();
        self.place_consumers();
    }

    /// Gives each function to one table, of those that are known.
    pub(super) fn place_consumers(&mut self) {
        let known = self.consumers.iter().filter(|c| self.tables.contains_key(&c.table));
        let homes = homes(known.clone());
        let mut placed: BTreeMap<&Arc<str>, Vec<&Consumer>> = BTreeMap::new();
        for consumer in known {
            if let Some(home) = homes.get(&consumer.function) {
                placed.entry(home).or_default().push(consumer);
            }
        }
        for name in self.tables.keys() {
            let here = placed.get(name).map_or(&[][..], Vec::as_slice);
            let functions: BTreeSet<Arc<str>> = here.iter().map(|c| c.function.clone()).collect();
            let Some(watch) = self.watched.get_mut(&Resource::Table(name.clone())) else {
                continue;
            };
            watch.set_outflow(&[Group::Lag, Group::Functions], |outflow| {
                outflow.functions = functions.into_iter().collect();
                outflow.readers_of = here.iter().map(|consumer| consumer.table.clone()).collect();
                outflow.is_unwell = here.iter().any(|consumer| !consumer.is_well());
            });
        }
    }

    pub(super) fn set_replicas(&mut self, table: &Arc<str>, replicas: &[Replica]) {
        let Some(watch) = self.watched.get_mut(&Resource::Table(table.clone())) else { return };
        watch.set_outflow(&[Group::Lag], |outflow| {
            outflow.regions = replicas.iter().map(|replica| replica.region.clone()).collect();
        });
    }

    /// Takes where the changes of a table are sent beside its stream.
    pub(crate) fn set_kinesis(&mut self, table: &Arc<str>, streaming: &KinesisStreaming) {
        let Some(watch) = self.watched.get_mut(&Resource::Table(table.clone())) else { return };
        watch.set_outflow(&[Group::Kinesis], |outflow| {
            outflow.kinesis.clone_from(&streaming.operation);
        });
    }

    /// Notes when a function was late.
    pub(super) fn note_lag(&mut self, key: &SeriesKey, points: &[(Minute, f64)]) {
        let late = points.iter().filter(|(_, age)| *age >= DOUBTFUL_MILLISECONDS);
        let late = late.map(|(minute, _)| *minute).max();
        if key.metric == Metric::IteratorAge
            && let Some(watch) = self.watched.get_mut(&key.resource)
        {
            watch.outflow.late = watch.outflow.late.max(late);
        }
    }
}
