//! What one node has cached of the answers to one source of requests.
//!
//! Entries are grouped by popularity. Of each group the state is how much of it is cached; it is the same for
//! all entries of the group, and a fraction. An entry that is not cached comes in with its next request, so at
//! the rate `asks` of those; one that is cached leaves at the rate `leaves`: its time to live is over, or the
//! memory is full. Between two moments that is a relaxation towards `asks / (asks + leaves)`, in closed form:
//! where nothing changes, an entry of rate λ and time to live T is found by λT of 1 + λT requests.
//!
//! That what is cached leaves at a rate, rather than each entry after its own T, smooths the wave of expiries
//! which follows T after a cold start.
//!
//! The memory is a list of the least recently used entries. By Che's approximation (Che, Tung, Wang,
//! "Hierarchical Web caching systems", 2002) an entry is evicted when it was not asked for during the
//! characteristic time of the cache, which is the longest one for which all that stays fits in.

use super::super::keys::generalized_harmonic;
use crate::scenario::spec::KeysSpec;

/// How much the ranks of one group differ: the first and the last by a quarter.
const GROUP: f64 = 1.25;

/// Entries of about the same popularity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Group {
    pub(super) entries: f64,
    /// Share of all requests that asks for any one of them.
    pub(super) share: f64,
}

/// Groups so many distinct entries by popularity; the shares of all of them sum to 1.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "ranks, >= 1")]
pub(super) fn groups(distinct: u64, keys: KeysSpec) -> Vec<Group> {
    let hot = (keys.hot_share > 0.0).then_some(Group { entries: 1.0, share: keys.hot_share });
    let rest = 1.0 - keys.hot_share;
    let mut groups: Vec<Group> = hot.into_iter().collect();
    let total = generalized_harmonic(distinct, keys.zipf);
    let (mut first, mut before) = (1, 0.0);
    while first <= distinct {
        let even = keys.zipf == 0.0;
        let last = if even { distinct } else { (first as f64 * GROUP) as u64 }.min(distinct);
        let until = generalized_harmonic(last, keys.zipf);
        let entries = (last + 1 - first) as f64;
        groups.push(Group { entries, share: rest * (until - before) / total / entries });
        (first, before) = (last + 1, until);
    }
    groups
}

/// What decides how entries come and go for a while.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// Requests a second for any of the entries.
    pub(super) requests: f64,
    /// The rate at which entries expire, per second: 0 is never, and what is infinite is not cached at all.
    pub(super) expiry: f64,
    /// The characteristic time of a full cache, seconds; `None` while there is room.
    pub(super) lifetime: Option<f64>,
    pub(super) seconds: f64,
}

/// What becomes of the cached entries in a while.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Lived {
    /// How much of each group is cached in the end.
    held: Vec<f64>,
    /// Share of the requests that were not answered from the cache.
    pub(super) missed: f64,
    /// Entries that are cached in the end.
    pub(super) entries: f64,
    /// Entries that were evicted.
    pub(super) evicted: f64,
}

/// The cached entries.
#[derive(Debug, Clone, Default)]
pub(super) struct Cache {
    held: Vec<f64>,
    /// Seconds since anything was asked for.
    idle: f64,
}

impl Cache {
    /// Forgets everything.
    pub(super) fn empty(&mut self) {
        *self = Self::default();
    }

    /// What a while makes of it; nothing is changed yet.
    pub(super) fn live(&self, groups: &[Group], pace: Pace) -> Lived {
        let mut lived = Lived::default();
        let idle = self.idle_after(pace);
        let is_over = pace.requests <= 0.0 && pace.expiry > 0.0 && idle * pace.expiry >= 1.0;
        for (number, group) in groups.iter().enumerate() {
            let held = self.held.get(number).copied().unwrap_or(0.0);
            let asks = pace.requests * group.share;
            let evicts = pace.lifetime.map_or(0.0, |lifetime| eviction(asks, lifetime));
            let (mean, after) = relax(held, asks, pace.expiry + evicts, pace.seconds);
            let after = if is_over { 0.0 } else { after };
            lived.missed += group.entries * group.share * (1.0 - mean);
            lived.entries += group.entries * after;
            lived.evicted += group.entries * mean * evicts * pace.seconds;
            lived.held.push(after);
        }
        lived
    }

    /// Makes what a while made of it its state.
    pub(super) fn keep(&mut self, lived: Lived, pace: Pace) {
        self.idle = self.idle_after(pace);
        self.held = lived.held;
    }

    fn idle_after(&self, pace: Pace) -> f64 {
        if pace.requests > 0.0 { 0.0 } else { self.idle + pace.seconds }
    }
}

/// The rate at which a cached entry is evicted when it is asked for at a rate, per second.
fn eviction(asks: f64, lifetime: f64) -> f64 {
    let asked = asks * lifetime;
    if asked < 1e-9 { 1.0 / lifetime } else { asks / asked.exp_m1() }
}

/// How much is cached on average and in the end.
fn relax(held: f64, asks: f64, leaves: f64, seconds: f64) -> (f64, f64) {
    let pace = asks + leaves;
    if pace <= 0.0 || seconds <= 0.0 {
        return (held, held);
    }
    let rest = asks / pace;
    let faded = -(-pace * seconds).exp_m1();
    (rest + (held - rest) * faded / (pace * seconds), held + (rest - held) * faded)
}

#[cfg(test)]
mod tests;
