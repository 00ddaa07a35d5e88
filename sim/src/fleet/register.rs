//! Scalable targets and policies as callers register and put them.
//!
//! The settings of a target are the present ones, whatever moment is asked about; what follows from
//! them, its capacity and its activities, is known over time.

use super::Fleet;
use super::scaling::{Policy, Scaler};
use super::table::Table;
use crate::facts::{Dimension, Epoch, PolicySettings, ScalingState};

/// Which capacity of which table or index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Capacity<'a> {
    pub(crate) table: &'a str,
    pub(crate) index: Option<&'a str>,
    pub(crate) dimension: Dimension,
}

/// What `RegisterScalableTarget` sets; what it does not say stays as it is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Registration {
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
    /// Suspended: (scale in, scale out, scheduled).
    pub(crate) suspended: (Option<bool>, Option<bool>, Option<bool>),
}

/// Why a scalable target or policy is not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScalingRefusal {
    NoTable,
    NoIndex,
    /// No such target is registered.
    NoTarget,
    /// A new target lacks a bound.
    BoundMissing,
    /// The maximum would be below the minimum.
    BoundsCrossed,
    /// Another policy follows the same metric.
    AnotherPolicy,
}

impl Fleet {
    /// Registers a scalable target or changes it. Its capacity is moved inside the bounds, changed or
    /// not: that begins at once and takes half a minute, so while a clock stands still it only shows
    /// as an activity under way.
    pub(crate) fn register(
        &mut self,
        of: Capacity<'_>,
        asked: Registration,
        now: Epoch,
    ) -> Result<(), ScalingRefusal> {
        let table = self.tables.get_mut(of.table).ok_or(ScalingRefusal::NoTable)?;
        let number = table.number(of.index).ok_or(ScalingRefusal::NoIndex)?;
        let at = table.changeable(now);
        let place = match table.scaler(number, of.dimension) {
            Ok(place) => place,
            Err(place) => {
                asked.min.zip(asked.max).ok_or(ScalingRefusal::BoundMissing)?;
                place
            }
        };
        let known = table.scalers.get(place).filter(|one| one.is(number, of.dimension));
        let (min, max) = known.map_or((0, 0), |scaler| scaler.bounds_at(at));
        let bounds = (asked.min.unwrap_or(min), asked.max.unwrap_or(max));
        if bounds.0 > bounds.1 {
            return Err(ScalingRefusal::BoundsCrossed);
        }
        if known.is_none() {
            let chance = of.index.map_or(table.chance, |index| table.chance.named(index));
            let scaler = Scaler::bare(number, of.dimension, of.table, of.index, chance);
            table.scalers.insert(place, scaler.created_at(at));
        }
        table.settle(place, bounds, asked, at);
        Ok(())
    }

    /// Puts a policy on a scalable target, or replaces the one of that name as a whole.
    pub(crate) fn put_policy(
        &mut self,
        of: Capacity<'_>,
        name: &str,
        settings: PolicySettings,
        now: Epoch,
    ) -> Result<ScalingState, ScalingRefusal> {
        let table = self.tables.get_mut(of.table).ok_or(ScalingRefusal::NoTarget)?;
        let number = table.number(of.index).ok_or(ScalingRefusal::NoTarget)?;
        let at = table.changeable(now);
        let made = table.created();
        let scaler = table
            .scaler(number, of.dimension)
            .ok()
            .and_then(|place| table.scalers.get_mut(place))
            .ok_or(ScalingRefusal::NoTarget)?;
        let created = match &scaler.policy {
            Some(policy) if policy.name != name => return Err(ScalingRefusal::AnotherPolicy),
            Some(policy) => policy.created,
            None => Some(at),
        };
        scaler.policy = Some(Policy { name: name.to_owned(), settings, created });
        Ok(scaler.state(made, now))
    }
}

impl Table {
    /// The number of the table or one of its indexes among its resources.
    pub(super) fn number(&self, index: Option<&str>) -> Option<usize> {
        match index {
            None => Some(0),
            Some(name) => Some(self.spec.indexes.iter().position(|one| one.name == name)? + 1),
        }
    }

    /// The place of a scaler, or where it would be.
    fn scaler(&self, number: usize, dimension: Dimension) -> Result<usize, usize> {
        self.scalers.binary_search_by_key(&(number, dimension), |one| (one.resource, one.dimension))
    }

    /// Gives a scaler its new settings and moves the capacity inside its bounds.
    fn settle(&mut self, place: usize, bounds: (u64, u64), asked: Registration, at: Epoch) {
        let Some(scaler) = self.scalers.get_mut(place) else { return };
        let Some(resource) = self.resources.get_mut(scaler.resource) else { return };
        let suspended = &mut scaler.suspended;
        let (scale_in, scale_out, scheduled) = asked.suspended;
        suspended.scale_in = scale_in.unwrap_or(suspended.scale_in);
        suspended.scale_out = scale_out.unwrap_or(suspended.scale_out);
        suspended.scheduled = scheduled.unwrap_or(suspended.scheduled);
        scaler.registered = bounds;
        scaler.registered_at = at;
        scaler.bounds = bounds;
        let activity = scaler.move_inside(resource, at);
        self.activities.extend(activity);
    }
}

impl Scaler {
    fn is(&self, number: usize, dimension: Dimension) -> bool {
        self.resource == number && self.dimension == dimension
    }
}
