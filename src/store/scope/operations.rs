//! Which operations tables serve: those that are listed, and those that have data points before they are.

use super::{ResourceSeries, ScopeState};
use crate::model::id::Resource;
use crate::model::metric::{DimensionSet, Operation, SeriesKey};
use crate::model::time::Minute;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Minutes after its first data point by which an operation is listed: `ListMetrics` knows a metric after up to 15
/// (Amazon CloudWatch API Reference, `ListMetrics`), and is asked every 15.
const LISTED_AFTER_MINUTES: i64 = 30;

impl ScopeState {
    /// Takes the operations seen lately; tables that are not named served none.
    pub(in crate::store) fn set_operations(
        &mut self,
        seen: Vec<(Arc<str>, Vec<Operation>)>,
        at: Timestamp,
    ) {
        let mut seen: BTreeMap<Arc<str>, Vec<Operation>> = seen.into_iter().collect();
        // Recordings of older versions may tell of one table after the other what was read at once.
        let is_part = self.operations_read.replace(at) == Some(at);
        for (table, state) in &mut self.tables {
            let mut operations = match seen.remove(table) {
                None if is_part => continue,
                operations => operations.unwrap_or_default(),
            };
            let since = Minute::containing(at).plus(-LISTED_AFTER_MINUTES);
            let is_new = |operation: &&Operation| state.series.has_points_of(operation, since);
            operations.extend(state.operations.iter().filter(is_new).cloned());
            operations.sort();
            operations.dedup();
            if state.operations != operations {
                let state = Arc::make_mut(state);
                state.series.keep_operations(&operations);
                state.operations = operations;
            }
        }
    }

    /// Notes that a table serves an operation: it has a data point before it is listed.
    pub(super) fn learn_operation(&mut self, key: &SeriesKey) {
        let (Resource::Table(table), Some(operation)) = (&key.resource, &key.operation) else {
            return;
        };
        // Others have a region or a function in its place.
        if key.metric.dimension_set() != DimensionSet::Operation {
            return;
        }
        if let Some(state) = self.tables.get_mut(table)
            && let Err(place) = state.operations.binary_search(operation)
        {
            Arc::make_mut(state).operations.insert(place, Arc::clone(operation));
        }
    }
}

impl ResourceSeries {
    fn has_points_of(&self, operation: &Operation, since: Minute) -> bool {
        let mut own = self.series.iter().filter(|(it, _)| it.operation.as_ref() == Some(operation));
        own.any(|(_, series)| {
            series.view().points().any(|(minute, point)| minute >= since && point.value().is_some())
        })
    }

    fn keep_operations(&mut self, operations: &[Operation]) {
        self.series.retain(|(measure, _)| {
            let is_per_operation = measure.metric.dimension_set() == DimensionSet::Operation;
            let is_kept = |operation| operations.contains(operation);
            !is_per_operation || measure.operation.as_ref().is_none_or(is_kept)
        });
    }
}
