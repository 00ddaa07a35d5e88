//! What callers ask for: the rate of each source of traffic, minute by minute and second by second.

use super::chance::Chance;
use super::dax::Passage;
use crate::facts::Dimension;
use crate::scenario::spec::{Change, TrafficSpec};

/// How much one blip differs from another: little, so that a scenario can aim at a limit.
const BLIP_NOISE: f64 = 0.0004;

/// One source of traffic at work.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) spec: TrafficSpec,
    /// The minute that the spec's times are relative to.
    start: i64,
    /// Where its requests go: 0 is the table, n its n-th index.
    pub(super) resource: usize,
    /// Which of that resource's flows it is.
    pub(super) flow: usize,
    noise: Chance,
    seconds: Chance,
    blips: Chance,
    /// Refused items that come again in the next second.
    pub(super) backlog: f64,
    /// Fraction of a throttled request not yet counted.
    pub(super) throttled_carry: f64,
    /// The cache that it goes through, if it does: what is found there never comes here.
    passage: Option<Passage>,
}

impl Source {
    /// Binds a source to its resource and flow.
    pub(super) fn new(
        spec: TrafficSpec,
        start: i64,
        resource: usize,
        flow: usize,
        chance: Chance,
    ) -> Self {
        Self {
            spec,
            start,
            resource,
            flow,
            noise: chance.named("noise"),
            seconds: chance.named("seconds"),
            blips: chance.named("blips"),
            backlog: 0.0,
            throttled_carry: 0.0,
            passage: None,
        }
    }

    /// The same through a cache.
    pub(super) fn through(self, passage: Option<Passage>) -> Self {
        Self { passage, ..self }
    }

    /// Whether it reads or writes.
    pub(super) fn dimension(&self) -> Dimension {
        self.spec.operation.dimension()
    }

    /// Whether it writes.
    pub(super) fn is_write(&self) -> bool {
        self.dimension() == Dimension::Write
    }

    /// Requests per second that come to the table, the mean of a minute.
    pub(super) fn rate(&self, minute: i64) -> f64 {
        let demand = self.demand(minute);
        self.passage.as_ref().map_or(demand, |passage| demand * passage.reaches(minute))
    }

    /// Requests per second that callers send, the mean of a minute.
    pub(super) fn demand(&self, minute: i64) -> f64 {
        let since = minute - self.start;
        if self.spec.from.is_some_and(|from| since < from)
            || self.spec.until.is_some_and(|until| since >= until)
        {
            return 0.0;
        }
        let hour = minute.rem_euclid(24 * 60) as f64 / 60.0;
        let turn = std::f64::consts::TAU * (hour - self.spec.peak_hour) / 24.0;
        let daily = 1.0 + self.spec.daily * turn.cos();
        let noise = 1.0 + self.spec.noise * self.noise.signed(minute);
        self.spec.rate * daily * noise * factor(&self.spec.changes, since)
    }

    /// The weight of a second within its minute, from 1 - jitter to 1 + jitter. The second half of
    /// a minute mirrors the first, so the weights of a minute sum to exactly 60.
    pub(super) fn weight(&self, minute: i64, second: i64) -> f64 {
        let draw = self.seconds.signed(minute * 30 + second % 30);
        1.0 + self.spec.jitter * if second < 30 { draw } else { -draw }
    }

    /// The second of a minute with extra requests for one key, and how many, if there is one.
    pub(super) fn blip(&self, minute: i64) -> Option<(i64, f64)> {
        let blips = self.spec.blips?;
        let chance = self.blips.numbered(1);
        (self.blips.unit(minute) * f64::from(blips.every) < 1.0).then(|| {
            let second = chance.bits(minute).cast_signed().rem_euclid(60);
            (second, blips.requests * (1.0 + BLIP_NOISE * chance.signed(minute)))
        })
    }
}

/// The product of all changes, `since` minutes after the scenario's start.
pub(super) fn factor(changes: &[Change], since: i64) -> f64 {
    changes.iter().map(|change| one_factor(change, since)).product()
}

fn one_factor(change: &Change, since: i64) -> f64 {
    let elapsed = since - change.at;
    let elapsed = change.every.map_or(elapsed, |every| elapsed.rem_euclid(i64::from(every)));
    if elapsed < 0 || change.lasts.is_some_and(|lasts| elapsed >= i64::from(lasts)) {
        return 1.0;
    }
    // Half a minute, because a minute's rate is its mean.
    let progress = (elapsed as f64 + 0.5) / f64::from(change.ramp.max(1));
    let progress = if change.ramp == 0 { 1.0 } else { progress.min(1.0) };
    1.0 + (change.factor - 1.0) * progress
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(toml: &str) -> Source {
        let spec = toml::from_str(toml).unwrap();
        Source::new(spec, 1_000, 0, 0, Chance::seeded(1))
    }

    #[test]
    fn changes_step_ramp_end_and_come_again() {
        let step = Change { at: -5, factor: 3.0, ramp: 0, lasts: Some(10), every: None };
        let ramp = Change { at: 0, factor: 2.0, ramp: 4, lasts: None, every: None };
        let deploys = Change { at: 10, factor: 5.0, ramp: 0, lasts: Some(2), every: Some(60) };
        let cases = [
            (step, -6, 1.0),
            (step, -5, 3.0),
            (step, 4, 3.0),
            (step, 5, 1.0),
            (ramp, -1, 1.0),
            (ramp, 0, 1.125),
            (ramp, 3, 1.875),
            (ramp, 400, 2.0),
            (deploys, 9, 1.0),
            (deploys, 11, 5.0),
            (deploys, 12, 1.0),
            (deploys, -49, 5.0),
        ];
        for (change, since, expected) in cases {
            let found = factor(&[change], since);
            assert!((found - expected).abs() < 1e-12, "{change:?} at {since}: {found}");
        }
    }

    #[test]
    fn the_weights_of_a_minute_sum_to_sixty_within_the_jitter() {
        let source = source("operation = 'GetItem'\nrate = 10\njitter = 0.4");
        for minute in 0..50 {
            let weights: Vec<f64> = (0..60).map(|second| source.weight(minute, second)).collect();
            assert!((weights.iter().sum::<f64>() - 60.0).abs() < 1e-9);
            assert!(weights.iter().all(|weight| (0.6..=1.4).contains(weight)));
        }
    }

    #[test]
    fn a_source_has_a_first_and_a_last_minute() {
        let source = source("operation = 'GetItem'\nrate = 10\nfrom = -3\nuntil = 2");
        let alive: Vec<i64> = (990..1_010).filter(|minute| source.rate(*minute) > 0.0).collect();
        assert_eq!(alive, vec![997, 998, 999, 1_000, 1_001]);
    }

    #[test]
    fn the_daily_curve_peaks_at_its_hour() {
        let source =
            source("operation = 'GetItem'\nrate = 10\nnoise = 0\ndaily = 0.5\npeak_hour = 6");
        assert!((source.rate(6 * 60) - 15.0).abs() < 1e-9);
        assert!((source.rate(18 * 60) - 5.0).abs() < 1e-9);
    }
}
