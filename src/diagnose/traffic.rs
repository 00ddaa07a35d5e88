//! Traffic that came steadily and comes no more: nothing that DynamoDB refuses, but what does not
//! reach it.

use super::evidence::single;
use super::spell::{LEAST_KNOWN, Spell, median, untold};
use super::words::{clock, number, unit};
use super::{Cause, Evidence, Fact, Severity, Thresholds, Unit, Verdict};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::throttle::Direction;
use crate::model::time::{Minute, Window};
use crate::store::Reading;
use std::sync::Arc;

const ADVICE: &str = "nothing here refuses requests: look at the callers, their network and the \
    cache in front of the table, unless a job has come to its end";

/// Share of the usual traffic, 0 to 1, below which no minute may have been for it to count as steady.
const STEADY_SHARE: f64 = 0.5;

/// Tables whose traffic has fallen away, where nothing else is told of them.
pub(super) fn verdicts(
    reading: Reading<'_>,
    found: &[Verdict],
    thresholds: &Thresholds,
) -> Vec<Verdict> {
    // Callers of a table that refuses or fails back off.
    let untold = untold(reading, found);
    untold.filter_map(|(reading, table)| verdict(reading, table, thresholds)).collect()
}

fn verdict(reading: Reading<'_>, table: &Arc<str>, thresholds: &Thresholds) -> Option<Verdict> {
    let resource = Resource::Table(table.clone());
    let fallen: Vec<Fallen> = Direction::ALL
        .into_iter()
        .filter_map(|direction| Fallen::of(reading, &resource, direction, thresholds))
        .collect();
    let first = fallen.iter().min_by_key(|fallen| fallen.spell.since)?;
    let direction = Some(first.direction).filter(|_| fallen.len() == 1);
    let mut evidence: Vec<Evidence> =
        fallen.iter().map(|fallen| fallen.evidence(reading, &resource)).collect();
    evidence.push(Evidence::fact(Fact::Definition, "no throttle and no error explains it"));
    Some(Verdict {
        direction,
        events: fallen.iter().map(|fallen| 60.0 * fallen.before).sum(),
        evidence,
        advice: ADVICE.into(),
        ..first.spell.verdict(resource, Cause::TrafficFallen, Severity::Notice)
    })
}

/// Consumption of one direction that has fallen, units per second.
struct Fallen {
    direction: Direction,
    spell: Spell,
    before: f64,
    now: f64,
}

impl Fallen {
    fn of(
        reading: Reading<'_>,
        resource: &Resource,
        direction: Direction,
        thresholds: &Thresholds,
    ) -> Option<Self> {
        let key = SeriesKey::sum(resource.clone(), Metric::Consumed(direction));
        let view = reading.series(&key)?;
        let units = |minute: Minute| view.get(minute).value().map(|sum| sum / 60.0);
        let through = reading.known_through(&key)?;
        let now = units(through)?;
        let hour = Window::ending(through.plus(1), 60);
        let back = || (0..hour.minutes()).map(|back| through.plus(-back));
        // Most of the time nothing has fallen: then half an hour ago was no ten times as much.
        let earlier = units(through.plus(-hour.minutes() / 2))?;
        if now > thresholds.fallen_share * earlier {
            return None;
        }
        let before = median(back().filter_map(units).collect(), LEAST_KNOWN)?;
        let is_low = |minute: &Minute| {
            units(*minute).is_some_and(|units| units <= thresholds.fallen_share * before)
        };
        let low = i64::try_from(back().take_while(is_low).count()).ok()?;
        let since = through.plus(1 - low);
        let mut usual = back().filter(|minute| *minute < since).filter_map(units);
        // While it falls, one minute may be anything.
        usual.next();
        let is_steady = usual.all(|units| units >= STEADY_SHARE * before);
        let has_fallen = low >= thresholds.fallen_minutes
            && before >= thresholds.traffic_units_per_second
            && is_steady;
        let spell = Spell { since, maybe_earlier: false, last: through };
        has_fallen.then_some(Self { direction, spell, before, now })
    }

    fn evidence(&self, reading: Reading<'_>, resource: &Resource) -> Evidence {
        let Self { direction, spell, before, now } = self;
        let text = format!(
            "{} of {} {} per second in {}, {} in the hour before",
            direction.as_str(),
            number(*now),
            unit(reading, resource, *direction),
            clock(reading, spell.last),
            number(*before),
        );
        let key = SeriesKey::sum(resource.clone(), Metric::Consumed(*direction));
        Evidence::series(key, text, (*now, Unit::UnitsPerSecond), single(spell.last))
    }
}
