//! `ConditionalCheckFailedRequests`: writes whose condition does not hold. Each consumes write
//! units, and is the application's doing.

use super::evidence::single;
use super::spell::{Spell, Tally, tables};
use super::words::{clock, number, percent};
use super::{Cause, Evidence, Fact, Severity, Thresholds, Unit, Verdict};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::throttle::Direction;
use crate::store::Reading;
use std::sync::Arc;

const ADVICE: &str = "somebody tries again and again: look for ConditionalCheckFailedException in \
    the application's logs, and for one item among Contributor Insights' most accessed keys; retry \
    with back-off and jitter, or ask before writing. More capacity only pays for more attempts";

/// Tables many of whose writes fail their condition.
pub(super) fn verdicts(
    reading: Reading<'_>,
    found: &[Verdict],
    thresholds: &Thresholds,
) -> Vec<Verdict> {
    let judge = |(reading, table)| verdict(reading, table, found, thresholds);
    tables(reading).filter_map(judge).collect()
}

fn verdict(
    reading: Reading<'_>,
    table: &Arc<str>,
    found: &[Verdict],
    thresholds: &Thresholds,
) -> Option<Verdict> {
    let resource = Resource::Table(table.clone());
    let sum = |metric| SeriesKey::sum(resource.clone(), metric);
    let metric = Metric::ConditionalCheckFailedRequests;
    let failed = Tally::of(reading, [sum(metric)])?.recent(reading)?;
    let units = sum(Metric::Consumed(Direction::Write));
    let consumed = Tally::of(reading, [units.clone()])?;
    // Each attempt took one unit or more, so that this is the least that they took.
    let share = |minute| {
        let consumed = consumed.at(minute);
        if consumed > 0.0 { (failed.at(minute) / consumed).min(1.0) } else { 0.0 }
    };
    let spell = failed.spell(thresholds.failing_minutes, thresholds, |minute| {
        failed.at(minute) >= thresholds.failed_conditions_per_minute
            && share(minute) >= thresholds.failed_condition_share
    })?;
    let (in_last, at) = (failed.at(spell.last), clock(reading, spell.last));
    let per_second = consumed.at(spell.last) / 60.0;
    let took = format!(
        "they took at least {} of the {} write units per second consumed",
        percent(share(spell.last)),
        number(per_second),
    );
    let text = format!("{} failed conditions in {at}", number(in_last));
    let in_minute = single(spell.last);
    let mut evidence = vec![
        Evidence::series(sum(metric), text, (in_last, Unit::Count), in_minute),
        Evidence::series(units, took, (per_second, Unit::UnitsPerSecond), in_minute),
        Evidence::fact(Fact::Definition, "HTTP 400, but not among the account's user errors"),
    ];
    let newest = reading.figure(&resource, metric);
    evidence.extend(Evidence::of_age(reading, newest, failed.through));
    let throttled = refused(&resource, spell, found).filter(|_| share(spell.last) > 0.5);
    if let Some(throttled) = throttled {
        let since = clock(reading, throttled.since);
        let text = format!("most of what the table gives goes to them: refused since {since}");
        evidence.push(Evidence::fact(Fact::Inference, text).in_minute(throttled.since));
    }
    // What was there all along may be how the application works.
    let own = if spell.maybe_earlier { Severity::Notice } else { Severity::Trouble };
    Some(Verdict {
        direction: Some(Direction::Write),
        events: failed.lately(thresholds),
        evidence,
        explains: throttled.iter().map(|throttled| throttled.resource.clone()).collect(),
        advice: ADVICE.into(),
        ..spell.verdict(
            resource.clone(),
            Cause::ConditionalChecks,
            throttled.map_or(own, |throttled| throttled.severity.max(own)),
        )
    })
}

/// The verdict on writes of the table that were first refused when conditions had begun to fail.
fn refused<'a>(resource: &Resource, spell: Spell, found: &'a [Verdict]) -> Option<&'a Verdict> {
    found.iter().find(|verdict| {
        verdict.resource == *resource
            && verdict.direction == Some(Direction::Write)
            && verdict.cause.is_throttle()
            && !spell.maybe_earlier
            && spell.since <= verdict.since
    })
}
