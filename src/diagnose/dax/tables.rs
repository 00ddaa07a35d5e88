//! Which tables feel what is wrong with a cluster.
//!
//! Where the user says which tables are behind it (`[dax.CLUSTER] tables`), those whose reads have risen or are refused
//! since. Otherwise only those whose reads move together with its misses: that is never more than inferred.

use super::ground::Ground;
use super::lookups::Lookups;
use crate::diagnose::spell::{LEAST_KNOWN, median};
use crate::diagnose::words::{clock, name, number, unit};
use crate::diagnose::{Cause, Confidence, Evidence, Fact, Severity, Unit, Verdict};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::throttle::Direction;
use crate::model::time::{Minute, Window};
use std::cmp::Ordering;
use std::sync::Arc;

/// How many times what was usual before a table must be read to have felt anything.
const RISEN: f64 = 1.5;
/// Tables that are told of where nobody says which are behind a cluster.
const MOST: usize = 3;

/// Adds to a verdict on a cluster which tables feel it; `misses` is what the cluster misses, where it is about that.
pub(super) fn relate(
    ground: &Ground<'_>,
    verdict: &mut Verdict,
    misses: Option<&Lookups<'_>>,
    found: &[Verdict],
) {
    match (ground.reading.tables_behind(&ground.cluster.name), misses) {
        (Some(tables), _) => {
            let (since, is_missed) = (verdict.since, misses.is_some());
            let felt = tables.iter().filter_map(|table| felt(ground, table, since, found));
            // Only what is missed is read instead.
            let felt: Vec<Felt> = felt.filter(|felt| is_missed || felt.is_refused).collect();
            for Felt { resource, text, .. } in felt {
                verdict.evidence.push(Evidence::fact(Fact::TablesBehind, text));
                verdict.severity = verdict.severity.max(severity_of(found, &resource));
                verdict.explains.push(resource);
            }
        }
        (None, Some(misses)) => {
            for (resource, coefficient, evidence) in moving(ground, misses, verdict.since, found) {
                let of_table = refused(found, &resource, verdict.since);
                let resource = of_table.map_or(resource, |verdict| verdict.resource.clone());
                verdict.evidence.push(evidence.of(coefficient, Unit::Coefficient));
                verdict.severity = verdict.severity.max(severity_of(found, &resource));
                verdict.explains.push(resource);
                // What moves together may still have nothing to do with each other.
                if verdict.confidence == Confidence::Measured {
                    verdict.confidence = Confidence::Inferred;
                }
            }
        }
        (None, None) => {}
    }
}

/// Adds to the verdicts on tables which cluster is behind them.
pub(in crate::diagnose) fn tell_tables(verdicts: &mut [Verdict]) {
    let behind: Vec<(Resource, Evidence)> = verdicts
        .iter()
        .filter(|verdict| matches!(verdict.cause, Cause::Dax(_)))
        .flat_map(|verdict| {
            let text = format!("behind it: {}, {}", name(&verdict.resource), verdict.headline());
            let evidence = Evidence::fact(Fact::TablesBehind, text).in_minute(verdict.since);
            verdict.explains.iter().map(move |table| (table.clone(), evidence.clone()))
        })
        .filter(|(resource, _)| resource.table_name().is_some())
        .collect();
    for (resource, evidence) in behind {
        let reads = verdicts.iter_mut().filter(|verdict| {
            verdict.resource == resource && verdict.direction == Some(Direction::Read)
        });
        for verdict in reads.filter(|verdict| verdict.cause.is_throttle()) {
            verdict.evidence.insert(1.min(verdict.evidence.len()), evidence.clone());
        }
    }
}

/// How bad it is for a table: what is behind that is as bad, even where it eases off itself.
fn severity_of(found: &[Verdict], resource: &Resource) -> Severity {
    let of_table = found.iter().filter(|verdict| verdict.resource == *resource);
    of_table.map(|verdict| verdict.severity).max().unwrap_or(Severity::Notice)
}

/// What a table that is behind a cluster feels.
struct Felt {
    resource: Resource,
    is_refused: bool,
    text: String,
}

fn felt(ground: &Ground<'_>, table: &Arc<str>, since: Minute, found: &[Verdict]) -> Option<Felt> {
    let resource = Resource::Table(Arc::clone(table));
    let throttled = refused(found, &resource, since);
    let reads = Reads::of(ground, table, since);
    let risen = reads.as_ref().filter(|reads| reads.has_risen());
    if throttled.is_none() && risen.is_none() {
        return None;
    }
    let unit = unit(ground.reading, &resource, Direction::Read);
    let read = reads.map(|reads| {
        format!("{} {unit}/s, {} before", number(reads.now.round()), number(reads.before.round()))
    });
    let refused =
        throttled.map(|it| format!("throttled since {}", clock(ground.reading, it.since)));
    let parts: Vec<String> = read.into_iter().chain(refused).collect();
    let text = format!("behind it, as the settings say: {table}, {}", parts.join(", "));
    let is_refused = throttled.is_some();
    let resource = throttled.map_or(resource, |verdict| verdict.resource.clone());
    Some(Felt { resource, is_refused, text })
}

/// The verdict on reads of a table or an index of it that were first refused after `since`.
fn refused<'a>(found: &'a [Verdict], table: &Resource, since: Minute) -> Option<&'a Verdict> {
    found.iter().find(|verdict| {
        verdict.resource.table_name() == table.table_name()
            && verdict.direction == Some(Direction::Read)
            && verdict.cause.is_throttle()
            && since <= verdict.since
    })
}

/// What was read of a table, units per second.
struct Reads {
    now: f64,
    before: f64,
}

impl Reads {
    /// Since a minute, and in the hour before.
    fn of(ground: &Ground<'_>, table: &Arc<str>, since: Minute) -> Option<Self> {
        let of_table = ground.reading.of_table(table);
        let key =
            SeriesKey::sum(Resource::Table(Arc::clone(table)), Metric::Consumed(Direction::Read));
        let (view, through) = (of_table.series(&key)?, of_table.known_through(&key)?);
        let minutes = |window: Window| {
            let minutes = (0..window.minutes()).map(move |offset| window.start.plus(offset));
            minutes.filter_map(|minute| view.get(minute).value()).map(|sum| sum / 60.0).collect()
        };
        let window = Window::ending(through.plus(1), ground.thresholds.window_minutes);
        let now = Window { start: window.start.max(since), end: window.end };
        let hour = Window::ending(since, 60);
        // The trouble may have begun shortly after the first minute that is known.
        let few = LEAST_KNOWN / 3;
        Some(Self { now: median(minutes(now), 1)?, before: median(minutes(hour), few)? })
    }

    fn has_risen(&self) -> bool {
        self.now > RISEN * self.before
    }
}

/// The tables whose reads move together with a cluster's misses, those that do most first.
fn moving(
    ground: &Ground<'_>,
    misses: &Lookups<'_>,
    since: Minute,
    found: &[Verdict],
) -> Vec<(Resource, f64, Evidence)> {
    let through = misses.through();
    let asked: Vec<Minute> = ground.asked(Window::ending(through.plus(1), 60)).collect();
    let of_table = |table: &Arc<str>| {
        let reads = Reads::of(ground, table, since)?;
        let resource = Resource::Table(Arc::clone(table));
        // What throttles serves no more, however much more is asked for.
        if !reads.has_risen() && refused(found, &resource, since).is_none() {
            return None;
        }
        let pairs = pairs(ground, misses, table, &asked);
        let coefficient = correlation(&pairs)?;
        (coefficient >= ground.dax().correlation)
            .then(|| (Arc::clone(table), coefficient, reads, pairs.len()))
    };
    let tables = ground.reading.tables();
    let mut found: Vec<_> = tables.filter_map(|entry| of_table(entry.name)).collect();
    found.sort_by(|(_, a, ..), (_, b, ..)| b.partial_cmp(a).unwrap_or(Ordering::Equal));
    found.truncate(MOST);
    let tell = |(table, coefficient, reads, minutes): (Arc<str>, f64, Reads, usize)| {
        let resource = Resource::Table(table);
        let unit = unit(ground.reading, &resource, Direction::Read);
        let text = format!(
            "reads of {} move together with its misses (rank correlation {coefficient:.2} over {minutes} minutes, which \
             proves nothing): {} {unit}/s, {} before",
            resource.short_name(),
            number(reads.now.round()),
            number(reads.before.round()),
        );
        (resource, coefficient, Evidence::fact(Fact::Correlation, text))
    };
    found.into_iter().map(tell).collect()
}

/// What a cluster misses and what is read of a table, in each minute in which both are known.
fn pairs(
    ground: &Ground<'_>,
    misses: &Lookups<'_>,
    table: &Arc<str>,
    asked: &[Minute],
) -> Vec<(f64, f64)> {
    let key = SeriesKey::sum(Resource::Table(Arc::clone(table)), Metric::Consumed(Direction::Read));
    let Some(view) = ground.reading.of_table(table).series(&key) else { return vec![] };
    let settled = view.settled_through();
    let both = |minute: &Minute| {
        let read = view.get(*minute).value().filter(|_| *minute <= settled)?;
        Some((misses.misses.at(*minute), read))
    };
    asked.iter().filter_map(both).collect()
}

/// Spearman's rank coefficient of correlation: Pearson's, `sum((x - mx)(y - my)) / sqrt(sum((x - mx)^2) sum((y -
/// my)^2))` with the means `mx` and `my`, of the ranks; -1 to 1. `None` of too few pairs, or where one never changes.
///
/// Of ranks, since a table that throttles serves no more however much is missed, and since one step that two share by
/// chance does not suffice.
pub(super) fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < LEAST_KNOWN {
        return None;
    }
    let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (x, y) = (ranks(&x), ranks(&y));
    let mean = pairs.len().saturating_sub(1) as f64 / 2.0;
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(&y) {
        let (dx, dy) = (x - mean, y - mean);
        xy += dx * dy;
        xx += dx * dx;
        yy += dy * dy;
    }
    let spread = (xx * yy).sqrt();
    (spread > 0.0).then(|| (xy / spread).clamp(-1.0, 1.0))
}

/// The place of each value in their order, from 0; what is alike shares the middle of its places.
fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let less = values.iter().filter(|other| *other < value).count() as f64;
        let more = values.iter().filter(|other| *other > value).count() as f64;
        let alike = values.len() as f64 - less - more;
        less + (alike - 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_together_is_near_one_and_what_does_not_is_not() {
        let series =
            |of: fn(f64) -> (f64, f64)| (0..40).map(|at| of(f64::from(at))).collect::<Vec<_>>();
        let together = correlation(&series(|at| (at, 3.0 * at + 7.0))).unwrap();
        assert!((together - 1.0).abs() < 1e-9);
        let against = correlation(&series(|at| (at, 9.0 - at))).unwrap();
        assert!((against + 1.0).abs() < 1e-9);
        let apart = correlation(&series(|at| ((at % 2.0), (at / 2.0).floor() % 2.0))).unwrap();
        assert!(apart.abs() < 0.1, "{apart}");
        assert_eq!(correlation(&series(|at| (at, 5.0))), None);
        assert_eq!(correlation(&series(|at| (at, at))[..LEAST_KNOWN - 1]), None);
    }
}
