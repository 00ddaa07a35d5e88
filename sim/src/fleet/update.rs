//! Throughput as `UpdateTable` changes it.

use super::Fleet;
use super::capacity::{Resource, Setting};
use super::table::Table;
use crate::both::{Both, DIMENSIONS};
use crate::facts::{Dimension, Epoch};

/// A change of provisioned capacity takes from one to two seconds.
const LEAST_SECONDS: f64 = 1.0;

/// A change of the throughput of a table or index.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    /// The index, if it is one.
    pub(crate) index: Option<String>,
    pub(crate) to: Throughput,
}

/// What throughput is changed to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Throughput {
    /// Provisioned capacity, units per second.
    Provisioned(Both<u64>),
    /// On-demand maxima.
    OnDemand(Both<Maximum>),
}

/// What becomes of one on-demand maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Maximum {
    Unchanged,
    Removed,
    /// Units per second.
    Set(u64),
}

/// Why throughput is not changed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum UpdateRefusal {
    NoTable,
    NoIndex(String),
    /// An earlier change of it is not yet in effect.
    Updating,
    /// It has that capacity already.
    Same(Both<u64>),
    /// Above the account's table-level quota.
    OverQuota(String),
    /// No decrease is left; in AWS's words.
    NoDecreaseLeft(String),
    /// Capacity is provisioned for what is on-demand.
    IsOnDemand,
    /// An on-demand maximum is set on what is provisioned.
    IsProvisioned(Both<Maximum>),
}

impl Fleet {
    /// Makes all changes, or none; the error comes with the index it is about. On-demand maxima hold
    /// at once. Capacity follows one to two seconds later: while a clock stands still it never does,
    /// and the table stays `UPDATING`.
    pub(crate) fn update(
        &mut self,
        table: &str,
        changes: &[Change],
        now: Epoch,
    ) -> Result<(), (UpdateRefusal, Option<String>)> {
        let table = self.tables.get_mut(table).ok_or((UpdateRefusal::NoTable, None))?;
        let at = table.changeable(now);
        for change in changes {
            table.check(change, at).map_err(|refusal| (refusal, change.index.clone()))?;
        }
        for change in changes {
            table.apply(change, at);
        }
        Ok(())
    }
}

impl Table {
    fn check(&self, change: &Change, at: Epoch) -> Result<(), UpdateRefusal> {
        let index = change.index.as_deref();
        let resource = self.number(index).and_then(|number| self.resources.get(number));
        let unknown = || UpdateRefusal::NoIndex(index.unwrap_or_default().to_owned());
        let resource = resource.ok_or_else(unknown)?;
        match change.to {
            Throughput::Provisioned(units) => resource.check_capacity(units, at),
            Throughput::OnDemand(maxima) if resource.is_provisioned() => {
                Err(UpdateRefusal::IsProvisioned(maxima))
            }
            Throughput::OnDemand(_) => Ok(()),
        }
    }

    /// Sets the capacity that the scenario says somebody sets in a minute.
    pub(super) fn set_by_hand(&mut self, minute: i64) {
        let (since, at) = (minute - self.start, minute as f64 * 60.0);
        let all = std::iter::once((None, &self.spec.capacity)).chain(
            self.spec.indexes.iter().map(|index| (Some(index.name.clone()), &index.capacity)),
        );
        let mut changes = Vec::new();
        for (index, capacity) in all {
            let number = self.number(index.as_deref());
            let Some(resource) = number.and_then(|number| self.resources.get(number)) else {
                continue;
            };
            for set in capacity.set.iter().filter(|set| set.at == since) {
                let present = |dimension| resource.provisioned_at(dimension, at).unwrap_or(1);
                let units = Both::from_fn(|d| set.of(d).unwrap_or_else(|| present(d)));
                let to = Throughput::Provisioned(units);
                changes.push(Change { index: index.clone(), to });
            }
        }
        for change in changes {
            self.apply(&change, at);
        }
    }

    fn apply(&mut self, change: &Change, at: Epoch) {
        let takes = self.chance.named("update").unit(at.to_bits().cast_signed());
        let effective = at + LEAST_SECONDS + takes;
        let number = self.number(change.index.as_deref());
        let Some(resource) = number.and_then(|number| self.resources.get_mut(number)) else {
            return;
        };
        for dimension in DIMENSIONS {
            match change.to {
                Throughput::Provisioned(units) => {
                    let units = *units.of(dimension);
                    if resource.provisioned_at(dimension, at) != Some(units) {
                        resource.set(dimension, Setting { asked: at, at: effective, units });
                    }
                }
                Throughput::OnDemand(maxima) => match *maxima.of(dimension) {
                    Maximum::Unchanged => {}
                    Maximum::Removed => resource.set_on_demand_max(dimension, at, None),
                    Maximum::Set(max) => resource.set_on_demand_max(dimension, at, Some(max)),
                },
            }
        }
    }
}

impl Resource {
    fn check_capacity(&self, units: Both<u64>, at: Epoch) -> Result<(), UpdateRefusal> {
        let present = |dimension| self.provisioned_at(dimension, at);
        let Some((read, write)) = present(Dimension::Read).zip(present(Dimension::Write)) else {
            return Err(UpdateRefusal::IsOnDemand);
        };
        let current = Both { read, write };
        if self.is_updating(at) {
            return Err(UpdateRefusal::Updating);
        }
        if current == units {
            return Err(UpdateRefusal::Same(current));
        }
        for dimension in DIMENSIONS {
            if let Some(message) = self.over_quota(dimension, *units.of(dimension)) {
                return Err(UpdateRefusal::OverQuota(message));
            }
        }
        let is_decrease = units.read < read || units.write < write;
        if is_decrease && self.next_decrease(at).is_some_and(|next| at < next) {
            return Err(UpdateRefusal::NoDecreaseLeft(self.no_decrease_left(at)));
        }
        Ok(())
    }

    /// Why a capacity cannot be provisioned at all, if it is above the table-level quota; the words
    /// are the simulation's own.
    pub(super) fn over_quota(&self, dimension: Dimension, units: u64) -> Option<String> {
        let quota = *self.quota.of(dimension);
        let name = match dimension {
            Dimension::Read => "ReadCapacityUnits",
            Dimension::Write => "WriteCapacityUnits",
        };
        (units > quota).then(|| {
            format!(
                "Subscriber limit exceeded: The requested {name} ({units}) are above the table-level \
                 quota ({quota})"
            )
        })
    }
}
