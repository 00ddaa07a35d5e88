//! Episodes: throttling that is more than the isolated event every busy table has.

use super::Thresholds;
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::throttle::Direction;
use crate::model::time::{Minute, Window};
use crate::store::{Point, Reading};

/// Throttling of one resource and direction that goes on, as of its newest known minute.
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
}

impl Episode {
    /// The present episode, if there is one.
    ///
    /// It is one if, at any time since it began, the throttle events were enough for trouble.
    pub(super) fn of(
        reading: Reading<'_>,
        resource: &Resource,
        direction: Direction,
        thresholds: &Thresholds,
    ) -> Option<Self> {
        let key = SeriesKey::sum(resource.clone(), Metric::ThrottleEvents(direction));
        let view = reading.series(&key)?;
        let through = reading.known_through(&key)?;
        let first_read = view.first_read()?;
        let mut throttled: Vec<(Minute, f64)> = Vec::new();
        for (minute, point) in view.points().filter(|(minute, _)| *minute <= through) {
            let Point::Value(events) = point else { continue };
            if events <= 0.0 {
                continue;
            }
            let pause = throttled.last().map_or(0, |(last, _)| minute.since(*last));
            if pause > thresholds.window_minutes {
                throttled.clear();
            }
            throttled.push((minute, events));
        }
        let (since, last) = (throttled.first()?.0, throttled.last()?.0);
        let is_over = through.since(last) >= thresholds.window_minutes;
        let was_trouble =
            throttled.iter().any(|(minute, _)| is_trouble(&throttled, *minute, thresholds));
        if is_over || !was_trouble {
            return None;
        }
        Some(Self {
            resource: resource.clone(),
            direction,
            since,
            maybe_earlier: since.since(first_read) < thresholds.window_minutes,
            through,
            events: within(&throttled, through, thresholds).map(|(_, events)| events).sum(),
            easing: !is_trouble(&throttled, through, thresholds),
            throttled,
        })
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
