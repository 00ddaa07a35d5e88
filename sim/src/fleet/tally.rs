//! Which keys the requests of a minute were for that was stepped second by second.

use super::capacity::{Resource, Wave};
use super::keys::Key;
use super::table::Table;
use crate::facts::Dimension;

/// What one source, or the writes of one index, asked of one key in a minute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct KeyLoad {
    /// `None` stands for all keys that are not known one by one.
    pub(super) key: Option<Key>,
    /// Units admitted.
    pub(super) kept: f64,
    /// Items refused here; what an index refuses of the table's writes is not among them.
    pub(super) refused: f64,
    /// Units per item.
    pub(super) units: f64,
    /// Whether each request is for one item, rather than for a range of them.
    pub(super) of_items: bool,
    /// Sort key values of each key.
    pub(super) sort_keys: u32,
}

/// What the items of one flow meet on each partition of its resource.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    pub(super) resource: usize,
    flow: usize,
    units: f64,
    of_items: bool,
    /// Items, as if all of them were on this partition: admitted, and refused.
    spread: Vec<(f64, f64)>,
    /// The same of those for the hot key beside the others.
    blip: (f64, f64),
}

impl Tally {
    fn add(&mut self, resource: &Resource, dimension: Dimension, wave: &Wave) {
        let met = |items: f64, partition: usize| {
            let admitted = items * resource.admits(partition) * wave.bucket;
            (admitted * wave.lasting, items - admitted)
        };
        let count = resource.partitions.count();
        self.spread.resize(count, (0.0, 0.0));
        for (partition, (kept, refused)) in self.spread.iter_mut().enumerate() {
            let (more_kept, more_refused) = met(wave.items, partition);
            *kept += more_kept;
            *refused += more_refused;
        }
        if wave.blip > 0.0
            && let Some(flow) = resource.flows.of(dimension).get(self.flow)
        {
            let (kept, refused) = met(wave.blip, flow.hot_partition());
            self.blip = (self.blip.0 + kept, self.blip.1 + refused);
        }
    }

    /// What that makes of each key, before a partition splits.
    fn loads(&self, resource: &Resource, dimension: Dimension, minute: i64) -> Vec<KeyLoad> {
        let Some(flow) = resource.flows.of(dimension).get(self.flow) else { return vec![] };
        let load = |key, (kept, refused): (f64, f64), share: f64| KeyLoad {
            key,
            kept: kept * share * self.units,
            refused: refused * share,
            units: self.units,
            of_items: self.of_items,
            sort_keys: flow.sort_keys(),
        };
        let on = |place: f64| {
            let partition = resource.partitions.holding(place);
            self.spread.get(partition).copied().unwrap_or_default()
        };
        let known = flow.weights(minute).map(|one| load(Some(one.key), on(one.place), one.share));
        let blip = (self.blip != (0.0, 0.0))
            .then(|| load(Some(Key::Hot(flow.turn(minute))), self.blip, 1.0));
        let widths = resource.partitions.ranges().map(|(low, high)| high - low);
        let even =
            self.spread.iter().zip(widths).fold((0.0, 0.0), |sum, (met, width)| {
                (sum.0 + met.0 * width, sum.1 + met.1 * width)
            });
        let rest = load(None, even, flow.even_share());
        known.chain(blip).chain([rest]).filter(|load| load.kept + load.refused > 0.0).collect()
    }
}

impl Table {
    /// Begins to tally one direction of a minute: nothing where no resource is watched.
    pub(super) fn tallies(&self, dimension: Dimension) -> Vec<Tally> {
        if !self.resources.iter().any(|resource| resource.is_watched) {
            return vec![];
        }
        let tally = |resource, flow, units, of_items| Tally {
            resource,
            flow,
            units,
            of_items,
            spread: vec![],
            blip: (0.0, 0.0),
        };
        let sources = self.sources.iter().map(|source| {
            let of_items = !source.spec.operation.is_query();
            tally(source.resource, source.flow, source.spec.units, of_items)
        });
        let mut tallies: Vec<Tally> = sources.collect();
        if dimension == Dimension::Write {
            let indexes = self.spec.indexes.iter().enumerate();
            tallies.extend(
                indexes.map(|(number, index)| tally(number + 1, 0, index.write_units, true)),
            );
        }
        tallies
    }

    /// Takes in one second.
    pub(super) fn tally(&self, dimension: Dimension, tallies: &mut [Tally]) {
        let waves = self.waves.iter().chain(&self.index_waves);
        for (tally, wave) in tallies.iter_mut().zip(waves) {
            if let Some(resource) = self.resources.get(tally.resource)
                && resource.is_watched
                && wave.items + wave.blip > 0.0
            {
                tally.add(resource, dimension, wave);
            }
        }
    }

    /// What a minute was for, by resource.
    pub(super) fn tallied(
        &self,
        dimension: Dimension,
        minute: i64,
        tallies: &[Tally],
    ) -> Vec<(usize, KeyLoad)> {
        let of = |tally: &Tally| {
            let resource = self.resources.get(tally.resource)?;
            let loads = tally.loads(resource, dimension, minute);
            Some(loads.into_iter().map(|load| (tally.resource, load)).collect::<Vec<_>>())
        };
        tallies.iter().filter_map(of).flatten().collect()
    }
}
