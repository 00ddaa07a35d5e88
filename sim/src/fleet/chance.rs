//! Reproducible chance: a counter-based hash instead of a random number generator.
//!
//! A draw depends only on (seed, names, counter), never on what was drawn before, so the same seed
//! gives the same world whatever is asked and in which order.

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// A stream of draws, one per counter (mostly: one per minute).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chance(u64);

/// The finalizer of `SplitMix64` (Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", 2014).
pub(crate) fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

impl Chance {
    /// Starts from a seed.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(mix(seed ^ GOLDEN))
    }

    /// Derives an independent stream by name.
    #[must_use]
    pub(crate) fn named(self, name: &str) -> Self {
        let folded = name.bytes().fold(self.0, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        Self(mix(folded ^ GOLDEN))
    }

    /// Derives an independent stream by number.
    #[must_use]
    pub(crate) fn numbered(self, number: u64) -> Self {
        Self(mix(self.0 ^ number.wrapping_add(1).wrapping_mul(GOLDEN)))
    }

    /// Draws 64 bits.
    pub(crate) fn bits(self, counter: i64) -> u64 {
        mix(self.0.wrapping_add(counter.cast_unsigned().wrapping_mul(GOLDEN)))
    }

    /// Draws from 0 (included) to 1 (excluded), evenly.
    pub(crate) fn unit(self, counter: i64) -> f64 {
        (self.bits(counter) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Draws from -1 to 1, evenly.
    pub(crate) fn signed(self, counter: i64) -> f64 {
        2.0 * self.unit(counter) - 1.0
    }

    /// Rounds up with a probability equal to the fraction, so that many small amounts add up.
    pub(crate) fn round(self, amount: f64, counter: i64) -> f64 {
        (amount + self.unit(counter)).floor()
    }

    /// A UUID, as AWS names activities, alarms and tables.
    pub(crate) fn uuid(self, counter: i64) -> String {
        let high = self.bits(counter);
        let low = self.numbered(1).bits(counter);
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0x0fff,
            0x8000 | ((low >> 48) & 0x3fff),
            low & 0xffff_ffff_ffff
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_even_and_names_are_independent() {
        let chance = Chance::seeded(7).named("orders");
        let mean: f64 = (0..10_000).map(|n| chance.unit(n)).sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
        assert_ne!(chance.bits(1), Chance::seeded(7).named("orders2").bits(1));
        assert_ne!(chance.bits(1), Chance::seeded(8).named("orders").bits(1));
        assert_ne!(chance.numbered(0).bits(1), chance.numbered(1).bits(1));
    }

    #[test]
    fn rounding_by_chance_keeps_the_sum() {
        let chance = Chance::seeded(1);
        let sum: f64 = (0..10_000).map(|n| chance.round(0.3, n)).sum();
        assert!((sum - 3_000.0).abs() < 150.0, "{sum}");
    }

    #[test]
    fn a_uuid_has_the_shape_of_version_4() {
        let uuid = Chance::seeded(3).uuid(9);
        assert_eq!(uuid.len(), 36);
        assert_eq!(uuid.as_bytes()[14], b'4');
        assert!(matches!(uuid.as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
    }
}
