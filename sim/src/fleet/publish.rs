//! When `CloudWatch` shows a minute, and how much of it at first.
//!
//! AWS gives no figures for the delay of vended metrics; these are the simulation's own.

use super::chance::Chance;
use crate::facts::{Datum, Epoch};

/// Seconds after a period's end until its datum is first seen: at least, and at most that much more.
const FIRST: (f64, f64) = (20.0, 60.0);
/// Seconds after a period's end until its datum is final.
const FINAL: (f64, f64) = (80.0, 30.0);
/// Seconds after a period's end until a late datum is seen.
const LATE: (f64, f64) = (120.0, 120.0);
/// Share of the data that are incomplete at first.
const PARTIAL_SHARE: f64 = 0.35;
/// The least part of a datum that is seen at first.
const PARTIAL_LEAST: f64 = 0.85;
/// Minutes before the scenario's start whose data are never late, so that a frozen start is whole.
const PUNCTUAL_MINUTES: i64 = 6;

/// What is asked of a series: minutes since the epoch, as seen at a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// The first minute.
    pub(super) begin: i64,
    /// The first minute not asked for.
    pub(super) end: i64,
    pub(super) now: Epoch,
}

/// The publication of all series of a scenario.
#[derive(Debug, Clone, Copy)]
pub(super) struct Publisher {
    pub(super) late_share: f64,
    /// Whether the eight throttle-reason metrics are held back.
    pub(super) withhold_reasons: bool,
    /// The scenario's start, minutes.
    pub(super) start: i64,
}

/// A series as it is, with what decides when each of its data is seen.
#[derive(Debug)]
pub(crate) struct Truth {
    data: Vec<Datum>,
    series: Chance,
    /// Minutes per datum.
    period: i64,
    publisher: Publisher,
    grain: Grain,
}

/// What a part of a datum is rounded to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grain {
    /// Halves, of capacity units.
    Halves,
    /// Whole numbers, of what is counted several to a sample.
    Whole,
    /// Nothing, of what is measured.
    Fine,
}

impl Grain {
    /// A part of a datum, which was rounded to halves.
    fn of_part(self, whole: Datum, part: Datum) -> Datum {
        let sum = whole.sum * part.samples / whole.samples;
        match self {
            _ if part.samples >= whole.samples => part,
            Self::Halves => part,
            Self::Whole => Datum { sum: sum.floor(), ..part },
            Self::Fine => Datum { sum, ..part },
        }
    }
}

/// A datum and when `CloudWatch` shows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Publication {
    datum: Datum,
    /// When it is first seen.
    pub(crate) first: Epoch,
    /// Until when only a part of it is seen, and that part.
    partial: Option<(Epoch, Option<Datum>)>,
}

impl Truth {
    pub(super) fn new(series: Chance, period: i64, publisher: Publisher, data: Vec<Datum>) -> Self {
        Self { data, series, period, publisher, grain: Grain::Halves }
    }

    /// The same with another grain.
    pub(super) fn with_grain(self, grain: Grain) -> Self {
        Self { grain, ..self }
    }

    /// What is visible at `now`, ascending.
    pub(crate) fn seen(self, now: Epoch) -> Vec<Datum> {
        let seen = |whole| {
            let part = self.publisher.seen(self.series, whole, self.period, now)?;
            Some(self.grain.of_part(whole, part))
        };
        self.data.into_iter().filter_map(seen).collect()
    }

    /// All data with the moments of their publication, ascending.
    pub(crate) fn publications(&self) -> impl Iterator<Item = Publication> + '_ {
        self.data.iter().map(|whole| {
            let publication = self.publisher.publication(self.series, *whole, self.period);
            let grained = |part| self.grain.of_part(*whole, part);
            let partial = publication.partial.map(|(until, part)| (until, part.map(grained)));
            Publication { partial, ..publication }
        })
    }
}

impl Publication {
    /// The minute it is about.
    pub(crate) fn minute(&self) -> i64 {
        self.datum.minute
    }

    /// What is seen of it in the end.
    pub(crate) fn settled(&self) -> Datum {
        self.datum
    }

    /// From when on all of it is seen.
    pub(crate) fn settled_at(&self) -> Epoch {
        self.partial.map_or(self.first, |(until, _)| until.max(self.first))
    }

    /// What is seen of it at a moment.
    pub(crate) fn at(&self, now: Epoch) -> Option<Datum> {
        if now < self.first {
            return None;
        }
        match self.partial {
            Some((until, part)) if now < until => part,
            _ => Some(self.datum),
        }
    }
}

impl Publisher {
    fn is_late(self, series: Chance, minute: i64) -> bool {
        !(self.start - PUNCTUAL_MINUTES..self.start).contains(&minute)
            && series.numbered(0).unit(minute) < self.late_share
    }

    /// When a datum is first seen; `period` is in minutes, 1 or 5.
    pub(super) fn first_seen(self, series: Chance, minute: i64, period: i64) -> Epoch {
        let (least, more) = if self.is_late(series, minute) { LATE } else { FIRST };
        let end = (minute + period) as f64 * 60.0;
        // A five-minute metric comes a whole period later still.
        let behind = (period - 1).min(1) * period * 60;
        end + behind as f64 + least + more * series.numbered(1).unit(minute)
    }

    /// A datum as it is seen at `now`, if it is.
    pub(super) fn seen(
        self,
        series: Chance,
        datum: Datum,
        period: i64,
        now: Epoch,
    ) -> Option<Datum> {
        if now < self.first_seen(series, datum.minute, period) {
            return None;
        }
        match self.partial(series, datum, period) {
            Some((until, part)) if now < until => part,
            _ => Some(datum),
        }
    }

    /// A datum and when it is seen.
    fn publication(self, series: Chance, datum: Datum, period: i64) -> Publication {
        let first = self.first_seen(series, datum.minute, period);
        Publication { datum, first, partial: self.partial(series, datum, period) }
    }

    /// The part of a datum that is seen at first, if not all of it is, and until when.
    fn partial(self, series: Chance, datum: Datum, period: i64) -> Option<(Epoch, Option<Datum>)> {
        let is_partial = period == 1
            && series.numbered(3).unit(datum.minute) < PARTIAL_SHARE
            && !self.is_late(series, datum.minute);
        if !is_partial {
            return None;
        }
        let end = (datum.minute + period) as f64 * 60.0;
        let until = end + FINAL.0 + FINAL.1 * series.numbered(2).unit(datum.minute);
        let part = PARTIAL_LEAST + (1.0 - PARTIAL_LEAST) * series.numbered(4).unit(datum.minute);
        let samples = (datum.samples * part).floor();
        let sum = datum.sum * samples / datum.samples;
        // Counts are whole and units come in halves; latency has neither grain.
        let sum = if datum.spread.is_none() { (sum * 2.0).round() / 2.0 } else { sum };
        // Single samples are there or not; a part of none is no datum.
        Some((until, (samples > 0.0).then_some(Datum { sum, samples, ..datum })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publisher(late_share: f64, start: i64) -> Publisher {
        Publisher { late_share, withhold_reasons: false, start }
    }

    fn datum(minute: i64) -> Datum {
        Datum { minute, sum: 1_000.0, min: 1.0, max: 1.0, samples: 1_000.0, spread: None }
    }

    #[test]
    fn a_minute_is_seen_20_to_80_seconds_after_its_end_and_final_by_110() {
        let publisher = publisher(0.0, 0);
        let series = Chance::seeded(1);
        let mut revised = 0;
        for minute in 0..2_000 {
            let end = (minute + 1) as f64 * 60.0;
            let seen = |after: f64| publisher.seen(series, datum(minute), 1, end + after);
            assert_eq!(seen(19.9), None);
            let first = seen(80.0).unwrap().sum;
            assert!((840.0..=1_000.0).contains(&first), "{first}");
            revised += u32::from(first < 1_000.0);
            assert_eq!(seen(110.0), Some(datum(minute)));
        }
        assert!((500..900).contains(&revised), "{revised}");
    }

    #[test]
    fn a_late_minute_comes_within_four_minutes_and_never_just_before_the_start() {
        let publisher = publisher(1.0, 100);
        let series = Chance::seeded(2);
        for minute in 0..100 {
            let end = (minute + 1) as f64 * 60.0;
            let seen = |after: f64| publisher.seen(series, datum(minute), 1, end + after);
            assert_eq!(seen(110.0).is_some(), minute >= 94, "{minute}");
            assert!(seen(240.0).is_some());
        }
    }

    #[test]
    fn a_five_minute_metric_comes_a_period_later() {
        let publisher = publisher(0.0, 0);
        let series = Chance::seeded(3);
        let end = 300.0;
        assert_eq!(publisher.seen(series, datum(0), 5, end + 300.0 + 19.0), None);
        assert!(publisher.seen(series, datum(0), 5, end + 300.0 + 81.0).is_some());
    }

    #[test]
    fn a_single_sample_is_there_or_not() {
        let publisher = publisher(0.0, 0);
        let single = |minute| Datum { sum: 1.0, samples: 1.0, ..datum(minute) };
        for minute in 0..200 {
            let at = (minute + 1) as f64 * 60.0 + 75.0;
            let seen = publisher.seen(Chance::seeded(4), single(minute), 1, at);
            assert!(seen.is_none_or(|datum| datum == single(minute)));
        }
    }
}
