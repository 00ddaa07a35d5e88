//! The partitions of a table or index: ranges of the hashed key space.

use super::keys::Spread;
use crate::both::Both;
use crate::facts::Dimension;

/// Minutes of sustained heat before a partition splits. AWS gives no figure ("How DynamoDB
/// partition split for heat works" says minutes); ten is ours.
const SPLIT_AFTER_MINUTES: u32 = 10;
/// Seconds of a minute a partition must be over its limit for the minute to count as hot.
const HOT_SECONDS: u32 = 30;
/// A split must move at least this share of the partition's load; else the heat is one key's.
const SPLIT_SHARE: f64 = 0.1;

/// What one partition can serve, units per second ("Best practices for designing and using
/// partition keys effectively": 3,000 RCU and 1,000 WCU).
pub(super) fn partition_limit(dimension: Dimension) -> f64 {
    match dimension {
        Dimension::Read => 3_000.0,
        Dimension::Write => 1_000.0,
    }
}

/// The ranges, and how long each has been hot.
#[derive(Debug, Clone)]
pub(super) struct Partitions {
    list: Vec<Partition>,
}

#[derive(Debug, Clone)]
struct Partition {
    /// Its range ends here (excluded) and begins where the one before it ends.
    end: f64,
    heat: Both<Heat>,
}

/// How long a partition has been over its limit.
#[derive(Debug, Clone, Copy, Default)]
struct Heat {
    /// Seconds of the present minute.
    seconds: u32,
    /// Minutes in a row before it.
    minutes: u32,
}

impl Partition {
    fn ending(end: f64) -> Self {
        Self { end, heat: Both::default() }
    }
}

impl Partitions {
    /// `count` partitions of equal size, at least one.
    pub(super) fn new(count: usize) -> Self {
        let count = count.max(1);
        let list = (1..=count).map(|n| Partition::ending(n as f64 / count as f64)).collect();
        Self { list }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.list.len()
    }

    /// Beginning and end of each range.
    pub(super) fn ranges(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let begins = std::iter::once(0.0).chain(self.list.iter().map(|partition| partition.end));
        begins.zip(self.list.iter().map(|partition| partition.end))
    }

    /// The partition that holds a place in the key space.
    pub(super) fn holding(&self, place: f64) -> usize {
        self.list.partition_point(|partition| partition.end <= place).min(self.list.len() - 1)
    }

    /// Divides the widest ranges until there are `count`, as a raise of capacity does.
    pub(super) fn grow_to(&mut self, count: usize) {
        while self.list.len() < count {
            let widest = self
                .ranges()
                .enumerate()
                .max_by(|one, other| (one.1.1 - one.1.0).total_cmp(&(other.1.1 - other.1.0)));
            let Some((at, (low, high))) = widest else { return };
            self.list.insert(at, Partition::ending(f64::midpoint(low, high)));
        }
    }

    /// Turns the demand on each partition into the share of it that the partition admits.
    pub(super) fn admit(&mut self, dimension: Dimension, demand: &mut [f64]) {
        let limit = partition_limit(dimension);
        for (demand, partition) in demand.iter_mut().zip(&mut self.list) {
            if *demand > limit {
                partition.heat.of_mut(dimension).seconds += 1;
                *demand = limit / *demand;
            } else {
                *demand = 1.0;
            }
        }
    }

    /// Ends a minute; a partition that has been hot for long enough, and whose heat is not one
    /// key's, splits for heat. Returns whether one did, and then the flows must be laid anew.
    pub(super) fn end_minute(
        &mut self,
        dimension: Dimension,
        minute: i64,
        flows: &[Spread],
    ) -> bool {
        let mut candidate = None;
        for (at, partition) in self.list.iter_mut().enumerate() {
            let heat = partition.heat.of_mut(dimension);
            heat.minutes = if heat.seconds >= HOT_SECONDS { heat.minutes + 1 } else { 0 };
            heat.seconds = 0;
            if candidate.is_none() && heat.minutes >= SPLIT_AFTER_MINUTES {
                heat.minutes = 0;
                candidate = Some(at);
            }
        }
        let Some(at) = candidate else { return false };
        let Some((low, high)) = self.ranges().nth(at) else { return false };
        let Some(cut) = balanced_cut(minute, low, high, flows) else { return false };
        self.list.insert(at, Partition::ending(cut));
        true
    }

    /// Forgets heat after a calm minute.
    pub(super) fn cool(&mut self, dimension: Dimension) {
        for partition in &mut self.list {
            partition.heat.of_mut(dimension).minutes = 0;
        }
    }
}

/// The cut of a range that divides its load best, if it divides it at all.
fn balanced_cut(minute: i64, low: f64, high: f64, flows: &[Spread]) -> Option<f64> {
    let mut points = Vec::new();
    let mut even = 0.0;
    for flow in flows {
        let (heavy, rest) = flow.load_in(minute, low, high);
        points.extend(heavy);
        even += rest;
    }
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    let total = even + points.iter().map(|(_, load)| load).sum::<f64>();
    let below = |cut: f64| {
        let heavy: f64 = points.iter().take_while(|(at, _)| *at < cut).map(|(_, load)| load).sum();
        heavy + even * (cut - low) / (high - low)
    };
    let places: Vec<f64> =
        std::iter::once(low).chain(points.iter().map(|(at, _)| *at)).chain([high]).collect();
    let between = places.iter().zip(places.iter().skip(1)).map(|(a, b)| f64::midpoint(*a, *b));
    between
        .chain([f64::midpoint(low, high)])
        .map(|cut| (cut, below(cut).min(total - below(cut))))
        .max_by(|one, other| one.1.total_cmp(&other.1))
        .filter(|(cut, moved)| *moved >= SPLIT_SHARE * total && *cut > low && *cut < high)
        .map(|(cut, _)| cut)
}
