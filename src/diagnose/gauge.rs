//! A gauge over time: what has a point only where there was something to measure, such as an age or a latency.

use super::Thresholds;
use super::spell::{Spell, is_recent, median};
use crate::model::metric::SeriesKey;
use crate::model::time::{Minute, Window};
use crate::store::Reading;

/// How far back the newest points are looked for, in periods of the metric.
const REACH_PERIODS: i64 = 3;
/// The same at least, minutes: AWS does not say for every gauge whether it has a point each minute or in five.
const REACH_MINUTES: i64 = 15;

/// The settled points of one series.
#[derive(Debug)]
pub(super) struct Gauge {
    pub(super) key: SeriesKey,
    /// Ascending; never empty.
    points: Vec<(Minute, f64)>,
    /// The newest settled minute of the series, with or without a point.
    through: Minute,
    first_read: Minute,
    window: usize,
}

impl Gauge {
    /// `None` where it has no settled point, or was not read for long.
    pub(super) fn of(
        reading: Reading<'_>,
        key: SeriesKey,
        thresholds: &Thresholds,
    ) -> Option<Self> {
        let view = reading.series(&key)?;
        let (through, first_read) = (view.settled_through(), view.first_read()?);
        if !is_recent(reading, through, key.metric.late_minutes()) {
            return None;
        }
        let known = view.points().filter(|(minute, _)| *minute <= through);
        let points: Vec<(Minute, f64)> =
            known.filter_map(|(minute, point)| Some((minute, point.value()?))).collect();
        let window = usize::try_from(thresholds.window_minutes).unwrap_or(1);
        (!points.is_empty()).then_some(Self { key, points, through, first_read, window })
    }

    /// The newest points, newest first: as many as minutes are looked at, and none that is old.
    pub(super) fn newest(&self) -> impl Iterator<Item = (Minute, f64)> {
        let is_new = |(minute, _): &(Minute, f64)| self.through.since(*minute) < self.reach();
        self.points.iter().rev().copied().take(self.window).take_while(is_new)
    }

    /// How long something may have no point and go on nevertheless, minutes.
    fn reach(&self) -> i64 {
        (REACH_PERIODS * self.key.metric.period_minutes()).max(REACH_MINUTES)
    }

    /// Whether the newest minutes have a point.
    pub(super) fn is_present(&self, minutes: i64) -> bool {
        self.newest().next().is_some_and(|(minute, _)| self.through.since(minute) < minutes)
    }

    /// The present spell, if so many of the newest points are high and the very newest is.
    pub(super) fn spell(&self, needed: usize, is_high: impl Fn(f64) -> bool) -> Option<Spell> {
        let high = || self.newest().filter(|(_, value)| is_high(*value));
        let (last, value) = self.newest().next()?;
        if !is_high(value) || high().count() < needed {
            return None;
        }
        let mut since = last;
        let mut low = 0;
        for (minute, value) in self.points.iter().rev() {
            if since.since(*minute) > self.reach() || low >= self.window {
                break;
            }
            if is_high(*value) {
                (since, low) = (*minute, 0);
            } else {
                low += 1;
            }
        }
        let maybe_earlier = since.since(self.first_read) < REACH_MINUTES
            && self.points.first().is_some_and(|(first, _)| *first == since);
        Some(Spell { since, maybe_earlier, last })
    }

    /// How many units it rises in one, over the newest points, if it is measured in time: 1 where what it is about
    /// stands still, less than 0 where it catches up.
    pub(super) fn rise(&self) -> Option<f64> {
        let newest: Vec<(Minute, f64)> = self.newest().collect();
        let ((last, to), (first, from)) = (*newest.first()?, *newest.last()?);
        let minutes = last.since(first);
        (minutes > 0).then(|| (to - from) / (minutes as f64 * 60_000.0))
    }

    /// The middle of the points of the hour before the newest ones, if there are so many.
    pub(super) fn usual(&self, least: usize) -> Option<f64> {
        self.before(self.newest().last()?.0, least)
    }

    /// The middle of the points of the hour before a minute, if there are so many.
    pub(super) fn before(&self, minute: Minute, least: usize) -> Option<f64> {
        let hour = Window::ending(minute, 60);
        let before = self.points.iter().filter(|(minute, _)| hour.contains(*minute));
        median(before.map(|(_, value)| *value).collect(), least)
    }
}
