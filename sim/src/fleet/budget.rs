//! How often provisioned capacity may be lowered: the budget of one table or index.
//!
//! "Service, account, and table quotas in Amazon DynamoDB": four decreases in a UTC day at any time,
//! and then one more an hour after the last. Reads and writes that are lowered in one call are one
//! decrease. What counts is when a decrease was accepted; one that is refused costs nothing.

use super::capacity::{Resource, Setting};
use crate::both::DIMENSIONS;
use crate::facts::Epoch;

/// Decreases in a UTC day that need no waiting.
const FREE_DECREASES: usize = 4;
/// Seconds between further decreases.
const DECREASE_SECONDS: f64 = 3_600.0;
const DAY_SECONDS: f64 = 86_400.0;

impl Resource {
    /// `NumberOfDecreasesToday`: those since 00:00 UTC that are in effect.
    pub(super) fn decreases_today(&self, now: Epoch) -> u32 {
        let today = self.accepted(false, now).filter(|change| change.at <= now).count();
        u32::try_from(today).unwrap_or(u32::MAX)
    }

    /// The earliest moment of the next decrease, for one that is asked for at `asked`; `None` is at
    /// once.
    pub(super) fn next_decrease(&self, asked: Epoch) -> Option<Epoch> {
        if self.accepted(false, asked).count() < FREE_DECREASES {
            return None;
        }
        let last = self.accepted(false, asked).map(|change| change.asked).fold(f64::MIN, f64::max);
        Some((last + DECREASE_SECONDS).min(midnight(asked) + DAY_SECONDS))
    }

    /// What AWS says to a decrease that is asked for at `asked` when none is left.
    pub(super) fn no_decrease_left(&self, asked: Epoch) -> String {
        let number = self.accepted(false, asked).count();
        let last = self.accepted(false, asked).map(|change| change.asked).fold(f64::MIN, f64::max);
        let next = self.next_decrease(asked).unwrap_or(asked);
        format!(
            "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given \
             UTC day. After the first 4 decreases, each subsequent decrease in the same UTC day can \
             be performed at most once every 3600 seconds. Number of decreases today: {number}. Last \
             decrease at {}. Next decrease can be made at {}",
            in_words(last),
            in_words(next)
        )
    }

    /// When capacity was last raised, or lowered, up to `now`.
    pub(super) fn last_change(&self, now: Epoch, raised: bool) -> Option<Epoch> {
        let changes = self.changes(raised).map(|change| change.asked);
        changes.filter(|asked| *asked <= now).max_by(f64::total_cmp)
    }

    /// The changes accepted on the UTC day of a moment, each once.
    fn accepted(&self, raised: bool, day: Epoch) -> impl Iterator<Item = Setting> + '_ {
        let mut seen = Vec::new();
        self.changes(raised).filter(move |change| {
            let is_new = change.asked >= midnight(day) && !seen.contains(&change.asked);
            seen.push(change.asked);
            is_new
        })
    }

    fn changes(&self, raised: bool) -> impl Iterator<Item = Setting> + '_ {
        DIMENSIONS.into_iter().flat_map(move |dimension| {
            let settings = self.settings(dimension);
            let pairs = settings.iter().zip(settings.iter().skip(1));
            pairs
                .filter(move |(before, after)| (after.units > before.units) == raised)
                .map(|(_, after)| *after)
        })
    }
}

fn midnight(at: Epoch) -> Epoch {
    (at / DAY_SECONDS).floor() * DAY_SECONDS
}

/// A moment as the message spells it, for example
/// `Friday, October 9, 2026 at 1:21:34 AM Coordinated Universal Time`.
#[expect(clippy::cast_possible_truncation, reason = "epoch seconds are far below 2^63")]
fn in_words(at: Epoch) -> String {
    let format = "%A, %B %-d, %Y at %-I:%M:%S %p Coordinated Universal Time";
    jiff::Timestamp::from_second(at as i64)
        .map(|moment| moment.strftime(format).to_string())
        .unwrap_or_default()
}
