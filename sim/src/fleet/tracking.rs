//! What the alarms of target tracking watch: thresholds that follow the capacity.

use super::Fleet;
use super::scaling::LOW_POINTS;
use crate::facts::{Dimension, Epoch};

/// What autoscaling sees of a scalable target.
#[derive(Debug)]
pub(crate) struct Tracked {
    /// When the history begins, and each change: since when, and units per second.
    settings: Vec<(Epoch, u64)>,
    /// The first minute of the history, and the units consumed in each minute.
    born: i64,
    consumed: Vec<f32>,
}

impl Tracked {
    /// The capacity at a moment; `None` of an on-demand table.
    pub(crate) fn capacity_at(&self, at: Epoch) -> Option<u64> {
        let reached = self.settings.partition_point(|(since, _)| *since <= at);
        self.settings.get(reached.saturating_sub(1)).map(|(_, units)| *units)
    }

    /// The units consumed in a minute, not yet made whole.
    pub(crate) fn consumed_in(&self, minute: i64) -> Option<f64> {
        let at = usize::try_from(minute - self.born).ok()?;
        self.consumed.get(at).copied().map(f64::from)
    }

    /// The last change up to a moment, if there was one since the history began.
    pub(crate) fn changed_at(&self, at: Epoch) -> Option<Epoch> {
        let changes = self.settings.iter().skip(1).map(|(since, _)| *since);
        changes.rev().find(|since| *since <= at)
    }
}

/// Percentage points that `AlarmLow` is under the target.
pub(crate) const LOW_UNDER_TARGET: f64 = LOW_POINTS;

impl Fleet {
    /// Consumption and capacity of a table or index over time, as far as they are decided at `now`.
    pub(crate) fn tracked(
        &mut self,
        table: &str,
        index: Option<&str>,
        dimension: Dimension,
        now: Epoch,
    ) -> Option<Tracked> {
        let table = self.tables.get_mut(table)?;
        table.advance(now);
        let number = match index {
            Some(index) => table.spec.indexes.iter().position(|spec| spec.name == index)? + 1,
            None => 0,
        };
        let resource = table.resources.get(number)?;
        let settings = resource.settings(dimension).iter().map(|one| (one.at, one.units));
        Some(Tracked {
            settings: settings.collect(),
            born: table.born,
            consumed: resource.consumed.of(dimension).clone(),
        })
    }
}
