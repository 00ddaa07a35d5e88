//! Episodes: throttling that is more than the isolated event every busy table has.

use super::Thresholds;
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::throttle::Direction;
use crate::model::time::{Minute, Window};
use crate::store::Reading;

/// Throttling of one resource and direction, as of its newest known minute.
#[derive(Debug)]
pub(super) struct Episode {
    pub(super) resource: Resource,
    pub(super) direction: Direction,
    /// Its minutes with throttle events, ascending; never empty.
    pub(super) throttled: Vec<(Minute, f64)>,
    /// Its first minute, or the first that is known.
    pub(super) since: Minute,
    /// Whether it may have begun before anything is known of it.
    pub(super) maybe_earlier: bool,
    /// The newest settled minute that CloudWatch has published; later ones are no calm.
    pub(super) through: Minute,
    /// Events in the newest minutes up to then.
    pub(super) events: f64,
    /// Whether it would not count as trouble by these newest minutes alone.
    pub(super) easing: bool,
    /// Whether so many minutes without an event have followed that it has ended.
    pub(super) is_over: bool,
}

impl Episode {
    /// The present episode, if there is one.
    pub(super) fn of(
        reading: Reading<'_>,
        resource: &Resource,
        direction: Direction,
        thresholds: &Thresholds,
    ) -> Option<Self> {
        let newest = Self::all(reading, resource, direction, thresholds).pop();
        newest.filter(|episode| !episode.is_over)
    }

    /// Every episode in the minutes that are kept, the oldest first.
    ///
    /// It is one if, at any time since it began, the throttle events were enough for trouble.
    pub(super) fn all(
        reading: Reading<'_>,
        resource: &Resource,
        direction: Direction,
        thresholds: &Thresholds,
    ) -> Vec<Self> {
        let key = SeriesKey::sum(resource.clone(), Metric::ThrottleEvents(direction));
        let Some(view) = reading.series(&key) else { return vec![] };
        let (Some(through), Some(first_read)) = (reading.known_through(&key), view.first_read())
        else {
            return vec![];
        };
        let mut runs: Vec<Vec<(Minute, f64)>> = Vec::new();
        for (minute, point) in view.points().filter(|(minute, _)| *minute <= through) {
            let Some(events) = point.value().filter(|events| *events > 0.0) else { continue };
            let goes_on =
                |(last, _): &(Minute, f64)| minute.since(*last) <= thresholds.window_minutes;
            match runs.last_mut() {
                Some(run) if run.last().is_some_and(goes_on) => run.push((minute, events)),
                Some(_) | None => runs.push(vec![(minute, events)]),
            }
        }
        let episode = |throttled: Vec<(Minute, f64)>| {
            let (since, last) = (throttled.first()?.0, throttled.last()?.0);
            let was_trouble =
                throttled.iter().any(|(minute, _)| is_trouble(&throttled, *minute, thresholds));
            was_trouble.then(|| Self {
                resource: resource.clone(),
                direction,
                since,
                maybe_earlier: since.since(first_read) < thresholds.window_minutes,
                through,
                events: within(&throttled, through, thresholds).map(|(_, events)| events).sum(),
                easing: !is_trouble(&throttled, through, thresholds),
                is_over: through.since(last) >= thresholds.window_minutes,
                throttled,
            })
        };
        runs.into_iter().filter_map(episode).collect()
    }

    /// Its newest minute with throttle events.
    pub(super) fn last(&self) -> Minute {
        self.throttled.last().map_or(self.through, |(minute, _)| *minute)
    }

    /// From its first minute to its newest one with throttle events.
    pub(super) fn window(&self) -> Window {
        Window { start: self.since, end: self.last().plus(1) }
    }

    /// The newest minutes of the episode, from which its cause is concluded.
    pub(super) fn cause_window(&self, thresholds: &Thresholds) -> Window {
        let Window { start, end } = self.window();
        Window { start: end.plus(-thresholds.cause_minutes).max(start), end }
    }
}

/// The throttled minutes among the newest as of `end`.
fn within<'a>(
    throttled: &'a [(Minute, f64)],
    end: Minute,
    thresholds: &Thresholds,
) -> impl Iterator<Item = &'a (Minute, f64)> {
    let window = Window::ending(end.plus(1), thresholds.window_minutes);
    throttled.iter().filter(move |(minute, _)| window.contains(*minute))
}

fn is_trouble(throttled: &[(Minute, f64)], end: Minute, thresholds: &Thresholds) -> bool {
    let newest = || within(throttled, end, thresholds).map(|(_, events)| *events);
    let sustained = newest().count() >= thresholds.throttled_minutes
        && newest().sum::<f64>() >= thresholds.events_together;
    sustained || newest().any(|events| events >= thresholds.events_at_once)
}
