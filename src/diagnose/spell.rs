//! Counts over time, and the minutes in which they are high, as of the newest known one.

use super::{Advice, Cause, Confidence, Severity, Thresholds, Verdict};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey, Statistic};
use crate::model::time::{Minute, Window};
use crate::store::{Reading, SeriesView};
use std::sync::Arc;

/// How long something that is read no more is still judged, minutes: as long as a trouble keeps
/// being read in every detail.
const LOOK_BACK_MINUTES: i64 = 15;

/// A count: one series, or those of several operations together.
#[derive(Debug)]
pub(super) struct Tally<'a> {
    parts: Vec<(SeriesKey, SeriesView<'a>)>,
    /// The newest settled minute that all parts are known for.
    pub(super) through: Minute,
    pub(super) first_read: Minute,
}

/// Requests that fail beside those that succeed.
#[derive(Debug)]
pub(super) struct Failures<'a> {
    pub(super) failed: Tally<'a>,
    pub(super) done: Tally<'a>,
}

/// Minutes in which something is high, with pauses shorter than the window that is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spell {
    /// Its first minute, or the first that is known.
    pub(super) since: Minute,
    /// Whether it may have begun before anything is known of it.
    pub(super) maybe_earlier: bool,
    /// Its newest minute.
    pub(super) last: Minute,
}

impl<'a> Tally<'a> {
    /// `None` where nothing of it is known.
    pub(super) fn of(
        reading: Reading<'a>,
        keys: impl IntoIterator<Item = SeriesKey>,
    ) -> Option<Self> {
        let mut parts = Vec::new();
        let mut known: Option<(Minute, Minute)> = None;
        for key in keys {
            let Some(view) = reading.series(&key) else { continue };
            let (through, first) = (reading.known_through(&key)?, view.first_read()?);
            known = Some(known.map_or((through, first), |(other, earlier)| {
                (other.min(through), earlier.max(first))
            }));
            parts.push((key, view));
        }
        known.map(|(through, first_read)| Self { parts, through, first_read })
    }

    /// The same, unless nothing was read of it for long.
    pub(super) fn recent(self, reading: Reading<'a>) -> Option<Self> {
        Some(self).filter(|tally| is_recent(reading, tally.through, 0))
    }

    /// What was counted in a minute.
    pub(super) fn at(&self, minute: Minute) -> f64 {
        self.parts.iter().filter_map(|(_, view)| view.get(minute).value()).sum()
    }

    /// The part that counted most in a minute.
    pub(super) fn largest(&self, minute: Minute) -> Option<(&SeriesKey, f64)> {
        let parts = self.parts.iter();
        let counted = parts.filter_map(|(key, view)| Some((key, view.get(minute).value()?)));
        counted.max_by(|(_, a), (_, b)| a.total_cmp(b))
    }

    /// The newest known minutes, newest first.
    pub(super) fn newest(&self, thresholds: &Thresholds) -> impl Iterator<Item = Minute> + use<> {
        let through = self.through;
        (0..thresholds.window_minutes).map(move |back| through.plus(-back))
    }

    /// What was counted in the newest known minutes.
    pub(super) fn lately(&self, thresholds: &Thresholds) -> f64 {
        self.newest(thresholds).map(|minute| self.at(minute)).sum()
    }

    /// The present spell, if so many of the newest known minutes are high.
    pub(super) fn spell(
        &self,
        needed: usize,
        thresholds: &Thresholds,
        is_high: impl Fn(Minute) -> bool,
    ) -> Option<Spell> {
        let newest = || self.newest(thresholds).filter(|minute| is_high(*minute));
        let last = newest().next().filter(|_| newest().count() >= needed)?;
        let mut since = last;
        let mut minute = last;
        while minute > self.first_read && since.since(minute) < thresholds.window_minutes {
            minute = minute.plus(-1);
            if is_high(minute) {
                since = minute;
            }
        }
        let maybe_earlier = since.since(self.first_read) < thresholds.window_minutes;
        Some(Spell { since, maybe_earlier, last })
    }
}

/// Whether what is known through a minute is still judged; `late` is how many minutes later than others it settles.
pub(super) fn is_recent(reading: Reading<'_>, through: Minute, late: i64) -> bool {
    let newest = reading.newest_settled();
    newest.is_some_and(|newest| newest.since(through) <= LOOK_BACK_MINUTES + late)
}

impl<'a> Failures<'a> {
    /// `None` where either is not known, or no failure was read of for long.
    pub(super) fn of(
        reading: Reading<'a>,
        failed: impl IntoIterator<Item = SeriesKey>,
        done: impl IntoIterator<Item = SeriesKey>,
    ) -> Option<Self> {
        let failed = Tally::of(reading, failed)?.recent(reading)?;
        Some(Self { failed, done: Tally::of(reading, done)? })
    }

    /// The share that failed in a minute, 0 to 1.
    pub(super) fn share(&self, minute: Minute) -> f64 {
        let (failed, done) = (self.failed.at(minute), self.done.at(minute));
        if failed > 0.0 { failed / (failed + done) } else { 0.0 }
    }

    /// The present spell in which so many failed, and this share of all.
    pub(super) fn spell(&self, thresholds: &Thresholds, least: f64, share: f64) -> Option<Spell> {
        self.failed.spell(thresholds.failing_minutes, thresholds, |minute| {
            self.failed.at(minute) >= least && self.share(minute) >= share
        })
    }
}

impl Spell {
    /// A verdict on it that AWS's own figures bear out; evidence and advice are still to be given.
    pub(super) fn verdict(self, resource: Resource, cause: Cause, severity: Severity) -> Verdict {
        Verdict {
            resource,
            direction: None,
            recipient: None,
            cause,
            behind: None,
            reason: None,
            confidence: Confidence::Measured,
            severity,
            since: self.since,
            since_or_earlier: self.maybe_earlier,
            events: 0.0,
            evidence: vec![],
            explains: vec![],
            advice: Advice::default(),
            candidates: vec![],
        }
    }

    /// One that began in a known minute and still holds.
    pub(super) fn began(since: Minute) -> Self {
        Self { since, maybe_earlier: false, last: since }
    }
}

/// Every table, each with a reading that has found it already.
pub(super) fn tables(reading: Reading<'_>) -> impl Iterator<Item = (Reading<'_>, &Arc<str>)> {
    reading.tables().map(move |entry| (reading.of_table(entry.name), entry.name))
}

/// The same without those of which, or of an index of which, something is told already.
pub(super) fn untold<'a>(
    reading: Reading<'a>,
    found: &[Verdict],
) -> impl Iterator<Item = (Reading<'a>, &'a Arc<str>)> {
    tables(reading)
        .filter(|(_, table)| !found.iter().any(|told| told.resource.table_name() == Some(*table)))
}

/// The series of a metric of each operation that a table was seen to serve.
pub(super) fn per_operation(
    reading: Reading<'_>,
    table: &Arc<str>,
    (metric, statistic): (Metric, Statistic),
) -> impl Iterator<Item = SeriesKey> {
    reading.operations(table).iter().map(move |operation| SeriesKey {
        resource: Resource::Table(table.clone()),
        metric,
        operation: Some(operation.clone()),
        statistic,
    })
}

/// The middle of some numbers, if there are so many.
pub(super) fn median(mut values: Vec<f64>, least: usize) -> Option<f64> {
    if values.len() < least.max(1) {
        return None;
    }
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// The hour before the newest minutes, and how many of its minutes must be known to compare with it.
pub(super) fn past_hour(through: Minute, thresholds: &Thresholds) -> Window {
    Window::ending(through.plus(1 - thresholds.window_minutes), 60)
}
/// See [`past_hour`].
pub(super) const LEAST_KNOWN: usize = 30;
