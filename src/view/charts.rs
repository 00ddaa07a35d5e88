//! From series to charts.

use super::Role;
use super::chart::{Chart, Level, Line, Stroke};
use super::format::{Unit, figure, grouped, number};
use super::times::Times;
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::throttle::Direction;
use crate::store::Reading;

/// Consumed units per second against the limit of the resource.
pub fn consumption(
    reading: Reading<'_>,
    resource: &Resource,
    direction: Direction,
    times: Times,
) -> Chart {
    let key = SeriesKey::sum(resource.clone(), Metric::Consumed(direction));
    let series = reading.series(&key);
    let points: Vec<Option<f64>> = (times.window.start.0..times.window.end.0)
        .map(crate::model::time::Minute)
        .map(|minute| series.and_then(|series| series.get(minute).value()).map(|sum| sum / 60.0))
        .collect();
    let value = match times.cursor {
        Some(cursor) => {
            let place = usize::try_from(cursor.since(times.window.start)).ok();
            let point = place.and_then(|place| points.get(place)).copied().flatten();
            point.map_or_else(|| "?".to_owned(), |value| number(value, Unit::Decimal))
        }
        None => figure(reading.consumed_per_second(resource, direction), Unit::Decimal),
    };
    let capacity = reading.capacity(resource, direction);
    let level = capacity.and_then(|capacity| {
        let provisioned = capacity.provisioned.map(|units| ("provisioned", units));
        provisioned.or(capacity.maximum.map(|units| ("maximum", units)))
    });
    let (label, role) = match direction {
        Direction::Read => ("read", Role::Line1),
        Direction::Write => ("write", Role::Line2),
    };
    Chart {
        title: format!("{label} units/s"),
        unit: Unit::Decimal,
        window: times.window,
        utc_offset_minutes: times.utc_offset_minutes,
        lines: vec![Line {
            label: "consumed".to_owned(),
            value,
            role,
            stroke: Stroke::Solid,
            points,
        }],
        levels: level
            .map(|(name, value)| Level { label: format!("{name} {}", grouped(value)), value })
            .into_iter()
            .collect(),
        events: vec![],
        settled_through: series.map(|series| series.settled_through()),
        cursor: times.cursor,
        note: None,
        focused: false,
    }
}
