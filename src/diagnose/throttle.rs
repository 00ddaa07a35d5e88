//! Throttling: one verdict per resource and direction that refuses requests.

use super::episode::Episode;
use super::evidence::single;
use super::infer::infer;
use super::reasons::Reasons;
use super::words::{clock, number, unit};
use super::{
    Cause, Confidence, Evidence, Fact, Hindrance, Severity, Thresholds, Unit, Verdict, advice,
    lowered, scaling,
};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::table::Capacity;
use crate::model::throttle::{Direction, Limit, Reason};
use crate::model::time::{Minute, Window};
use crate::store::Reading;

/// How far back a resource may have been read last and still be looked at: one that cannot be
/// read any more keeps its verdict, marked stale, as long as this.
const LOOK_BACK_MINUTES: i64 = 60;

pub(super) fn verdicts(reading: Reading<'_>, thresholds: &Thresholds) -> Vec<Verdict> {
    let Some(newest) = reading.newest_settled() else { return vec![] };
    let episodes = reading.throttled_since(newest.plus(-LOOK_BACK_MINUTES)).flat_map(|resource| {
        Direction::ALL.map(|direction| Episode::of(reading, &resource, direction, thresholds))
    });
    let judge = |episode: Episode| {
        let verdict = verdict(reading, &episode, thresholds);
        let before = lowered::verdict(reading, &episode, &verdict, thresholds);
        before.into_iter().chain([verdict])
    };
    episodes.flatten().flat_map(judge).collect()
}

/// A cause and how it is known.
struct Finding {
    limit: Option<Limit>,
    confidence: Confidence,
    candidates: Vec<Limit>,
    evidence: Vec<Evidence>,
}

fn verdict(reading: Reading<'_>, episode: &Episode, thresholds: &Thresholds) -> Verdict {
    let Episode { resource, direction, .. } = episode;
    let finding = match Reasons::of(reading, episode, thresholds) {
        Reasons::Measured(counted) => measured(episode, &counted, thresholds),
        Reasons::NotPublished => inferred(reading, episode, thresholds),
        Reasons::NotRead(why) => Finding {
            limit: None,
            confidence: Confidence::Unknown,
            candidates: infer(reading, episode, thresholds).candidates,
            evidence: vec![Evidence::fact(Fact::Reasons, why)],
        },
    };
    let mut evidence = events(reading, episode);
    evidence.extend(finding.evidence);
    evidence.extend(consumption(reading, episode));
    evidence.extend(warm_throughput(reading, episode));
    let advice = match finding.limit {
        Some(limit) => {
            let (advice, seen) = advice::for_limit(reading, episode, limit, thresholds);
            evidence.extend(seen);
            advice
        }
        None => advice::for_unknown(resource, *direction, &finding.candidates),
    };
    let explains = match (resource, direction) {
        // What an index refuses, its table refuses as a whole.
        (Resource::Index(table, index), Direction::Write) => {
            let what = format!("writes to {table} that touch {index} are refused with it");
            evidence.push(Evidence::fact(Fact::BackPressure, what));
            vec![Resource::Table(table.clone())]
        }
        _ => vec![],
    };
    Verdict {
        resource: resource.clone(),
        direction: Some(*direction),
        recipient: None,
        cause: finding.limit.map_or(Cause::ThrottledUnknown, Cause::Throttled),
        behind: behind(reading, episode, finding.limit),
        reason: finding.limit.and_then(|limit| Reason::of(resource, *direction, limit)),
        confidence: finding.confidence,
        severity: if episode.easing { Severity::Notice } else { Severity::Trouble },
        since: episode.since,
        since_or_earlier: episode.maybe_earlier,
        events: episode.events,
        evidence,
        explains,
        advice,
        candidates: finding.candidates,
    }
}

/// What stands behind a lack of provisioned capacity.
fn behind(reading: Reading<'_>, episode: &Episode, limit: Option<Limit>) -> Option<Hindrance> {
    let Episode { resource, direction, .. } = episode;
    let hindrance = || scaling::hindrance(reading, resource, *direction);
    hindrance().filter(|_| limit == Some(Limit::Provisioned)).map(|(hindrance, _)| hindrance)
}

/// How many events, since when, and how old that knowledge is.
fn events(reading: Reading<'_>, episode: &Episode) -> Vec<Evidence> {
    let key = SeriesKey::sum(episode.resource.clone(), Metric::ThrottleEvents(episode.direction));
    let kind = episode.direction.as_str();
    let mut evidence = Vec::new();
    if let Some(&(last, events)) = episode.throttled.last() {
        let what = format!("{} {kind} throttle events in {}", number(events), clock(reading, last));
        evidence.push(Evidence::series(key.clone(), what, (events, Unit::Count), single(last)));
        if episode.throttled.len() > 1 {
            let total: f64 = episode.throttled.iter().map(|(_, events)| events).sum();
            let or_earlier = if episode.maybe_earlier { " or earlier" } else { "" };
            let what =
                format!("{} since {}{or_earlier}", number(total), clock(reading, episode.since));
            let window = Window { start: episode.since, end: last.plus(1) };
            evidence.push(Evidence::series(key, what, (total, Unit::Count), window));
        }
    }
    let newest = reading.throttle_events(&episode.resource, episode.direction);
    evidence.extend(Evidence::of_age(reading, newest, episode.through));
    evidence
}

fn measured(episode: &Episode, counted: &[(Limit, f64)], thresholds: &Thresholds) -> Finding {
    let total: f64 = counted.iter().map(|(_, events)| events).sum();
    let window = episode.cause_window(thresholds);
    let period = match window.minutes() {
        1 => "minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    };
    let evidence = counted
        .iter()
        .enumerate()
        .filter(|(rank, (_, events))| *rank == 0 || *events > thresholds.second_share * total)
        .map(|(_, &(limit, events))| {
            let metric = Metric::ThrottleEventsBy(episode.direction, limit);
            let key = SeriesKey::sum(episode.resource.clone(), metric);
            let share = number((100.0 * events / total).round());
            let what = format!("{share} % {} in the last {period}", limit.cause());
            Evidence::series(key, what, (events, Unit::Count), window)
        });
    Finding {
        limit: counted.first().map(|(limit, _)| *limit),
        confidence: Confidence::Measured,
        candidates: vec![],
        evidence: evidence.collect(),
    }
}

fn inferred(reading: Reading<'_>, episode: &Episode, thresholds: &Thresholds) -> Finding {
    let inference = infer(reading, episode, thresholds);
    let confidence = match inference.limit {
        Some(_) => Confidence::Inferred,
        None => Confidence::Unknown,
    };
    Finding {
        limit: inference.limit,
        confidence,
        candidates: if inference.limit.is_some() { vec![] } else { inference.candidates },
        evidence: vec![
            Evidence::fact(Fact::Reasons, "AWS published no throttle reason for these events"),
            inference.evidence,
        ],
    }
}

/// Consumption in the newest throttled minute, against what holds for all of the resource.
fn consumption(reading: Reading<'_>, episode: &Episode) -> Option<Evidence> {
    let Episode { resource, direction, .. } = episode;
    let key = SeriesKey::sum(resource.clone(), Metric::Consumed(*direction));
    let minute: Minute = episode.throttled.last()?.0;
    let view = reading.series(&key)?;
    let units = view.get(minute).value()? / 60.0;
    let (unit, at) = (unit(reading, resource, *direction), clock(reading, minute));
    let held = reading.capacity_held(resource).is_some_and(|held| held.contains(minute));
    let capacity = reading.capacity(resource, *direction).filter(|_| held);
    let quota = reading.quotas().map(|quotas| quotas.per_table(*direction));
    let what = match capacity.and_then(|capacity| ceiling(capacity, quota)) {
        Some((kind, most)) => {
            let share = number((100.0 * units / most).round());
            let (units, most) = (number(units), number(most));
            format!("{units} of {kind}{most} {unit} per second consumed in {at} ({share} %)")
        }
        None => format!("{} {unit} per second consumed in {at}", number(units)),
    };
    Some(Evidence::series(key, what, (units, Unit::UnitsPerSecond), single(minute)))
}

/// What limits all of a table or index, in units per second, and what it is where its unit does
/// not tell.
fn ceiling(capacity: Capacity, quota: Option<f64>) -> Option<(&'static str, f64)> {
    let most = match (capacity.provisioned, capacity.maximum, quota) {
        (Some(units), _, _) => ("", units),
        (None, Some(maximum), None) => ("", maximum),
        (None, Some(maximum), Some(quota)) if maximum <= quota => ("", maximum),
        (None, _, Some(quota)) => ("the quota of ", quota),
        (None, None, None) => return None,
    };
    Some(most).filter(|(_, units)| *units > 0.0)
}

/// What an on-demand table or index without a maximum serves without having to grow first.
fn warm_throughput(reading: Reading<'_>, episode: &Episode) -> Option<Evidence> {
    let Episode { resource, direction, .. } = episode;
    let capacity = reading.capacity(resource, *direction)?;
    let is_unlimited = capacity.provisioned.is_none() && capacity.maximum.is_none();
    let warm = capacity.warm.filter(|_| is_unlimited)?;
    let unit = unit(reading, resource, *direction);
    let text = format!("warm throughput {} {unit} per second", number(warm));
    Some(Evidence::fact(Fact::WarmThroughput, text).of(warm, Unit::UnitsPerSecond))
}
