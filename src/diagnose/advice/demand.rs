//! To how much a limit has to be raised: what the worst settled minute of a trouble asked for, with room above it.
//!
//! What was served is published in units, and what was refused in requests: what was asked for is not published. Each
//! refused request counts as one unit here, which is what a write of 1 KB and a strongly consistent read of 4 KB take
//! (Amazon DynamoDB Developer Guide, "DynamoDB read and write operations"). Larger items want more, and what is sent
//! again counts each time, so this is where to begin. It is never less than what was served just before: there the
//! burst bank paid for all that was asked for.

use crate::diagnose::episode::Episode;
use crate::diagnose::words::{clock, number, unit};
use crate::diagnose::{Evidence, Fact, Unit};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::scaling::ScalableTarget;
use crate::model::throttle::{Direction, Limit};
use crate::model::time::{Minute, Window};
use crate::store::{Point, Reading, SeriesView};

/// Minutes before the first throttle event in which all was served, from the burst bank: it holds five minutes of
/// capacity, and so carries what is half as much again for ten (Amazon DynamoDB Developer Guide, "Burst and adaptive
/// capacity").
const RUN_UP_MINUTES: i64 = 10;
/// Minutes of a long trouble that are looked at: what was asked for hours ago need not be asked for again.
const MOST_MINUTES: i64 = 60;
/// How much of capacity is to be used, percent, where no scaling policy says it: what DynamoDB's console sets up for
/// autoscaling. Seconds of a minute differ, and what passes the limit in one of them is refused.
const USUAL_PERCENT: f64 = 70.0;
/// A refused request, in units.
const UNITS_PER_REQUEST: f64 = 1.0;

/// What was asked for in one minute, units per second.
#[derive(Debug, Clone, Copy)]
pub(in crate::diagnose) struct Demand {
    minute: Minute,
    served: f64,
    refused: f64,
}

/// The least limit that leaves room for a demand.
#[derive(Debug)]
pub(in crate::diagnose) struct Raise {
    /// Units per second.
    pub(in crate::diagnose) to: f64,
    /// What it is worked out from.
    pub(in crate::diagnose) evidence: Evidence,
}

impl Demand {
    /// The most that was asked for in an episode, or just before it; only what `limit` refused counts, where that is
    /// measured.
    pub(super) fn of_episode(
        reading: Reading<'_>,
        episode: &Episode,
        limit: Limit,
    ) -> Option<Self> {
        let Episode { resource, direction, .. } = episode;
        let end = episode.last().plus(1);
        let start = episode.since.plus(-RUN_UP_MINUTES).max(end.plus(-MOST_MINUTES));
        let window = Window { start, end };
        let own = SeriesKey::sum(resource.clone(), Metric::ThrottleEventsBy(*direction, limit));
        let own = reading.series(&own).filter(|view| is_measured(*view, window));
        let all = |minute: Minute| {
            let events = episode.throttled.iter().find(|(at, _)| *at == minute);
            events.map_or(0.0, |(_, events)| *events)
        };
        let refused = |minute: Minute| match own.map_or(Point::Unread, |view| view.get(minute)) {
            Point::Value(events) => events,
            Point::Gap => 0.0,
            Point::Unread => all(minute),
        };
        Self::worst(reading, (resource, *direction), window, refused)
    }

    /// The most that was served in the newest settled minutes of `window`, where nothing was refused.
    pub(in crate::diagnose) fn served(
        reading: Reading<'_>,
        of: (&Resource, Direction),
        window: Window,
    ) -> Option<Self> {
        Self::worst(reading, of, window, |_| 0.0)
    }

    fn worst(
        reading: Reading<'_>,
        (resource, direction): (&Resource, Direction),
        window: Window,
        refused: impl Fn(Minute) -> f64,
    ) -> Option<Self> {
        let consumed = SeriesKey::sum(resource.clone(), Metric::Consumed(direction));
        let view = reading.series(&consumed)?;
        let minutes = (0..window.minutes()).map(|offset| window.start.plus(offset));
        let settled = minutes.filter(|minute| *minute <= view.settled_through());
        let demands = settled.filter_map(|minute| {
            let served = view.get(minute).value()? / 60.0;
            Some(Self { minute, served, refused: UNITS_PER_REQUEST * refused(minute) / 60.0 })
        });
        demands.max_by(|a, b| a.units().total_cmp(&b.units()))
    }

    fn units(self) -> f64 {
        self.served + self.refused
    }

    /// To how much the limit of `now` units per second is to be raised; `None` where that is enough, or where the
    /// quota of a table is not.
    pub(in crate::diagnose) fn raise(
        self,
        reading: Reading<'_>,
        (resource, direction): (&Resource, Direction),
        now: f64,
    ) -> Option<Raise> {
        let target = reading.scalable_target(resource, direction);
        let percent = target.and_then(ScalableTarget::target_utilization).unwrap_or(USUAL_PERCENT);
        let quota = reading.quotas().map_or(f64::INFINITY, |quotas| quotas.per_table(direction));
        let to = rounded_up(100.0 * self.units() / percent).min(quota);
        (to > now && self.units() <= to).then(|| {
            let unit = unit(reading, resource, direction);
            let (asked, at) = (number(self.units()), clock(reading, self.minute));
            let asked = if self.refused > 0.0 {
                let (served, refused) = (number(self.served), number(self.refused));
                format!(
                    "at least {asked} {unit} per second asked for in {at} ({served} served, {refused} requests refused, \
                     counted as one unit each)"
                )
            } else {
                format!("{asked} {unit} per second asked for in {at}, and served")
            };
            let (least, percent) = (number(to), number(percent));
            let text = format!("{asked}: {least} is that at a use of {percent} %");
            let evidence = Evidence::fact(Fact::Inference, text);
            let evidence = evidence.of(self.units(), Unit::UnitsPerSecond).in_minute(self.minute);
            Raise { to, evidence }
        })
    }
}

/// Whether AWS publishes what this limit refuses: then a minute without a point has none of it.
fn is_measured(view: SeriesView<'_>, window: Window) -> bool {
    let mut points = view.points().filter(|(minute, _)| window.contains(*minute));
    points.any(|(_, point)| point.value() > Some(0.0))
}

/// To two digits: a limit that is typed at night.
fn rounded_up(units: f64) -> f64 {
    /// Less than any unit: a quotient that should be whole is not rounded up to the next number.
    const NEARLY: f64 = 1e-9;
    let step = 10_f64.powf(units.max(1.0).log10().floor() - 1.0).max(1.0);
    (units / step - NEARLY).ceil() * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_rounded_up_to_two_digits() {
        for (units, expected) in [
            (0.3, 1.0),
            (7.2, 8.0),
            (13.0, 13.0),
            (99.5, 100.0),
            (441.0, 450.0),
            (100.0 * 315.0 / 70.0, 450.0),
            (1_128.6, 1_200.0),
            (33_010.0, 34_000.0),
        ] {
            assert!((rounded_up(units) - expected).abs() < 1e-6, "{units}: {}", rounded_up(units));
        }
    }
}
