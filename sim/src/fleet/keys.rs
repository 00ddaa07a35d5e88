//! Key popularity, laid over the partitions of a table or index.

use super::chance::Chance;
use super::partitions::Partitions;
use crate::scenario::spec::KeysSpec;

/// Keys that are popular enough to be placed one by one.
const HEAVY_KEYS: u64 = 64;
/// A key with less than this share is part of the even rest.
const HEAVY_SHARE: f64 = 1e-4;

/// A partition key value of a table or index. The flows on one resource share their keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Key {
    /// The scripted hot key of a turn.
    Hot(i64),
    /// A key of this popularity, 1 being the most popular.
    Ranked(u64),
}

/// A part of the requests of a flow that falls on one place of the key space.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weight {
    pub(super) key: Key,
    /// Place in the key space.
    pub(super) place: f64,
    /// Share of the requests, 0 to 1.
    pub(super) share: f64,
}

/// How the units of one flow of requests fall on the partitions.
#[derive(Debug, Clone)]
pub(super) struct Spread {
    spec: KeysSpec,
    chance: Chance,
    /// Share of the requests (hot key aside) that falls evenly on the key space.
    even: f64,
    /// The popular keys: place in the key space, share of the requests (hot key aside).
    heavy: Vec<(f64, f64)>,
    /// Share of each partition (hot key aside); sums to 1.
    shares: Vec<f64>,
    /// Largest share that any partition may have, hot key included.
    max_share: f64,
    /// The partition of the hot key in the present minute.
    hot_partition: usize,
    /// Units asked for in the present minute; what a split is balanced by.
    pub(super) units: f64,
}

impl Spread {
    /// Lays keys over partitions. Flows on the same resource share `chance`, so that the most
    /// popular key of one is the most popular key of the other.
    pub(super) fn new(spec: KeysSpec, chance: Chance, partitions: &Partitions) -> Self {
        let total = generalized_harmonic(spec.count, spec.zipf);
        let places = chance.named("keys");
        let heavy: Vec<(f64, f64)> = (1..=spec.count.min(HEAVY_KEYS))
            .map(|rank| (places.unit(rank.cast_signed()), (rank as f64).powf(-spec.zipf) / total))
            .filter(|(_, share)| *share >= HEAVY_SHARE)
            .collect();
        let even = (1.0 - heavy.iter().map(|(_, share)| share).sum::<f64>()).max(0.0);
        let mut spread = Self {
            spec,
            chance,
            even,
            heavy,
            shares: Vec::new(),
            max_share: 1.0,
            hot_partition: 0,
            units: 0.0,
        };
        spread.lay(partitions);
        spread
    }

    /// Lays the keys anew after a split.
    pub(super) fn lay(&mut self, partitions: &Partitions) {
        self.shares = partitions.ranges().map(|(low, high)| self.even * (high - low)).collect();
        for (place, share) in &self.heavy {
            if let Some(partition) = self.shares.get_mut(partitions.holding(*place)) {
                *partition += share;
            }
        }
        let hot = self.spec.hot_share;
        self.max_share = self.shares.iter().copied().fold(0.0, f64::max) * (1.0 - hot) + hot;
    }

    /// Finds the hot key's partition for a minute.
    pub(super) fn begin_minute(&mut self, minute: i64, partitions: &Partitions) {
        self.units = 0.0;
        self.hot_partition = partitions.holding(self.hot_place(minute));
    }

    /// Where the scripted hot key is in the key space.
    fn hot_place(&self, minute: i64) -> f64 {
        self.chance.named("hot key").unit(self.turn(minute))
    }

    /// Which of the hot keys has its turn.
    pub(super) fn turn(&self, minute: i64) -> i64 {
        self.spec.hot_moves_every.map_or(0, |every| minute.div_euclid(i64::from(every)))
    }

    /// The keys that are asked for so often in a minute that each is known by itself.
    pub(super) fn weights(&self, minute: i64) -> impl Iterator<Item = Weight> + '_ {
        let hot = self.spec.hot_share;
        let place = self.hot_place(minute);
        let hot =
            (hot > 0.0).then_some(Weight { key: Key::Hot(self.turn(minute)), place, share: hot });
        let ranked = (1..).zip(&self.heavy).map(|(rank, (place, share))| Weight {
            key: Key::Ranked(rank),
            place: *place,
            share: share * (1.0 - self.spec.hot_share),
        });
        hot.into_iter().chain(ranked).filter(|weight| weight.share > 0.0)
    }

    /// The share of the requests that falls evenly on all other keys.
    pub(super) fn even_share(&self) -> f64 {
        self.even * (1.0 - self.spec.hot_share)
    }

    /// The rank of the first of those other keys, and how many they are.
    pub(super) fn even_keys(&self) -> (u64, u64) {
        let known = self.heavy.len() as u64;
        (known + 1, self.spec.count.saturating_sub(known))
    }

    /// Sort key values of each partition key value.
    pub(super) fn sort_keys(&self) -> u32 {
        self.spec.sort_keys
    }

    /// The partition of the hot key in the present minute.
    pub(super) fn hot_partition(&self) -> usize {
        self.hot_partition
    }

    /// The largest share of the units that any one partition gets.
    pub(super) fn max_share(&self) -> f64 {
        self.max_share
    }

    /// Adds units to the demand on each partition: `units` by popularity, `blip` on the hot key.
    pub(super) fn add(&self, units: f64, blip: f64, demand: &mut [f64]) {
        let spread = units * (1.0 - self.spec.hot_share);
        for (partition, share) in demand.iter_mut().zip(&self.shares) {
            *partition += spread * share;
        }
        if let Some(partition) = demand.get_mut(self.hot_partition) {
            *partition += units * self.spec.hot_share + blip;
        }
    }

    /// The units that come through when each partition admits a share of its demand.
    pub(super) fn admitted(&self, units: f64, blip: f64, admits: &[f64]) -> f64 {
        let mean: f64 = admits.iter().zip(&self.shares).map(|(admit, share)| admit * share).sum();
        let hot = admits.get(self.hot_partition).copied().unwrap_or(1.0);
        units * ((1.0 - self.spec.hot_share) * mean + self.spec.hot_share * hot) + blip * hot
    }

    /// The load of this minute in a key range: its popular keys one by one, and the even rest.
    pub(super) fn load_in(&self, minute: i64, low: f64, high: f64) -> (Vec<(f64, f64)>, f64) {
        let inside = |place: f64| place >= low && place < high;
        let spread = self.units * (1.0 - self.spec.hot_share);
        let mut points: Vec<(f64, f64)> = self
            .heavy
            .iter()
            .filter(|(place, _)| inside(*place))
            .map(|(place, share)| (*place, spread * share))
            .collect();
        let hot = self.hot_place(minute);
        if inside(hot) {
            points.push((hot, self.units * self.spec.hot_share));
        }
        (points, spread * self.even * (high - low))
    }
}

/// The sum of k^-s for k from 1 to `count`: exact to 1,000, then by the integral.
pub(super) fn generalized_harmonic(count: u64, exponent: f64) -> f64 {
    if exponent == 0.0 {
        return count as f64;
    }
    let exact = count.min(1_000);
    let head: f64 = (1..=exact).map(|rank| (rank as f64).powf(-exponent)).sum();
    let (low, high) = (exact as f64 + 0.5, count as f64 + 0.5);
    let tail = if (exponent - 1.0).abs() < 1e-9 {
        (high / low).ln()
    } else {
        (high.powf(1.0 - exponent) - low.powf(1.0 - exponent)) / (1.0 - exponent)
    };
    head + if count > exact { tail } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(keys: KeysSpec, partitions: usize) -> Spread {
        let chance = Chance::seeded(5);
        Spread::new(keys, chance, &Partitions::new(partitions))
    }

    #[test]
    fn many_keys_of_even_popularity_fall_evenly() {
        let spread = spread(KeysSpec::default(), 8);
        assert!((spread.max_share() - 0.125).abs() < 1e-9);
    }

    #[test]
    fn shares_sum_to_one_and_the_most_popular_key_weighs_what_zipf_says() {
        let zipf = KeysSpec { zipf: 1.0, count: 1_000_000, ..KeysSpec::default() };
        let spread = spread(zipf, 16);
        assert!((spread.shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        let harmonic = 1_000_000_f64.ln() + 0.577_215_664_9;
        assert!((spread.heavy[0].1 - 1.0 / harmonic).abs() < 1e-6);
    }

    #[test]
    fn a_hot_key_brings_its_share_to_one_partition() {
        let keys = KeysSpec { hot_share: 0.6, ..KeysSpec::default() };
        let spread = spread(keys, 10);
        let mut demand = vec![0.0; 10];
        spread.add(100.0, 5.0, &mut demand);
        let hottest = demand.iter().copied().fold(0.0, f64::max);
        assert!((hottest - 69.0).abs() < 1e-9, "{hottest}");
        assert!((demand.iter().sum::<f64>() - 105.0).abs() < 1e-9);
    }

    #[test]
    fn a_moving_hot_key_changes_place() {
        let keys = KeysSpec { hot_share: 1.0, hot_moves_every: Some(10), ..KeysSpec::default() };
        let spread = spread(keys, 4);
        assert_eq!(spread.hot_place(100).to_bits(), spread.hot_place(109).to_bits());
        assert_ne!(spread.hot_place(100).to_bits(), spread.hot_place(110).to_bits());
    }
}
