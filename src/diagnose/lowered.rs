//! Whether capacity was lowered just before requests were refused, and by whom.

use super::episode::Episode;
use super::spell::Spell;
use super::words::{clock, name, number, unit};
use super::{Advice, Cause, Confidence, Evidence, Fact, Opens, Thresholds, Unit, Verdict};
use crate::model::event::{Activity, Change, Course, Happening, OwnWrite};
use crate::model::health::Poller;
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::throttle::{Direction, Limit};
use crate::model::time::{Minute, Window};
use crate::store::Reading;
use jiff::{SignedDuration, Timestamp};

/// How far apart a change and what made it are told to be.
const NEAR: SignedDuration = SignedDuration::from_mins(2);
/// Minutes before the change whose consumption is what the old capacity served, and how many of
/// them must be known.
const SERVED_MINUTES: i64 = 20;
const LEAST_SERVED: usize = 10;
/// How much more than a capacity can be served over these minutes, where the burst bank, which holds
/// five minutes of it, is full at first (Amazon DynamoDB Developer Guide, "Burst and adaptive
/// capacity").
const WITH_BURST: f64 = 1.25;

/// A decrease of capacity.
struct Lowered<'a> {
    at: Minute,
    /// Units per second before, where that is known.
    from: Option<f64>,
    /// Units per second after, as it is now.
    to: f64,
    who: Who<'a>,
    /// Whether it is certain which capacity was lowered: a description dates the last decrease of
    /// either.
    is_certain: bool,
}

enum Who<'a> {
    Autoscaling(Timestamp, &'a Activity),
    Own(&'a OwnWrite),
    /// No scaling activity tells of it.
    Somebody,
    /// Scaling activities could not be read.
    Unknown,
}

/// The verdict that stands before the one on provisioned capacity, if a decrease explains it: the
/// traffic had been served before.
pub(super) fn verdict(
    reading: Reading<'_>,
    episode: &Episode,
    throttle: &Verdict,
    thresholds: &Thresholds,
) -> Option<Verdict> {
    if throttle.cause != Cause::Throttled(Limit::Provisioned) || episode.maybe_earlier {
        return None;
    }
    let Episode { resource, direction, .. } = episode;
    let lowered = find(reading, episode, thresholds)?;
    let served = served(reading, resource, *direction, lowered.at);
    let least = if lowered.is_certain { lowered.to } else { WITH_BURST * lowered.to };
    let was_served = served.is_some_and(|units| units > least);
    let would_be = || {
        let asked = asked(reading, episode, thresholds);
        lowered.from.zip(asked).is_some_and(|(from, asked)| asked <= from)
    };
    if !was_served && !would_be() {
        return None;
    }
    let mut explains = vec![resource.clone()];
    explains.extend(throttle.explains.iter().cloned());
    Some(Verdict {
        direction: Some(*direction),
        confidence: Confidence::Inferred,
        events: episode.events,
        evidence: evidence(reading, episode, &lowered, served),
        explains,
        advice: advice(reading, episode, &lowered, served),
        ..Spell::began(lowered.at).verdict(
            resource.clone(),
            Cause::CapacityLowered,
            throttle.severity,
        )
    })
}

/// The newest decrease that lies shortly before the first throttle event and still holds.
fn find<'a>(
    reading: Reading<'a>,
    episode: &Episode,
    thresholds: &Thresholds,
) -> Option<Lowered<'a>> {
    let Episode { resource, direction, .. } = episode;
    let to = reading.capacity(resource, *direction)?.provisioned?;
    let window = Window {
        start: episode.since.plus(-thresholds.lowered_minutes),
        end: episode.since.plus(1),
    };
    let is_meant = |at: Timestamp| window.contains(Minute::containing(at));
    let seen = reading.events_of(resource, window.start.start()).find_map(|event| {
        let Happening::Table(change) = &event.what else { return None };
        let Change::Capacity { direction: of, from, to: then } = change.change else { return None };
        let is_it = of == *direction && then < from && (then - to).abs() < 0.5;
        (is_it && is_meant(event.at)).then_some((event.at, from))
    });
    let day = reading.now().checked_sub(SignedDuration::from_hours(24)).ok()?;
    let mut acts = reading
        .activities_of(resource, *direction, day)
        .filter(|(_, it)| matches!(it.course(), Course::Done | Course::UnderWay))
        .filter_map(|(at, it)| Some((at, it, it.units()?)));
    let act = acts.by_ref().find(|(at, ..)| is_meant(*at));
    let earlier = acts.next().map(|(.., units)| units);
    let act = act.filter(|(.., units)| (units - to).abs() < 0.5).map(|(at, it, _)| (at, it));
    let lowers = |it: &Activity| {
        it.raises().map_or(earlier.is_some_and(|earlier| earlier > to), |raises| !raises)
    };
    let act = act.filter(|(_, it)| lowers(it));
    let dated = reading.throughput(resource)?.last_decrease.filter(|at| is_meant(*at));
    let (at, from, is_certain) = match (seen, act, dated) {
        (Some((at, from)), _, _) => (at, Some(from), true),
        (None, Some((at, it)), _) => (it.ended.unwrap_or(at), earlier, true),
        (None, None, Some(at)) => {
            let from = metered(reading, resource, *direction, Minute::containing(at));
            // What was as low before is not what was lowered: reads and writes share the date.
            if from.is_some_and(|from| from - to < 0.5) {
                return None;
            }
            (at, from, from.is_some())
        }
        (None, None, None) => return None,
    };
    let who = who(reading, (resource, *direction), at, act);
    Some(Lowered { at: Minute::containing(at), from, to, who, is_certain })
}

/// Provisioned capacity before a minute, units per second, as its metric tells.
fn metered(
    reading: Reading<'_>,
    resource: &Resource,
    direction: Direction,
    before: Minute,
) -> Option<f64> {
    let key = SeriesKey::provisioned(resource.clone(), direction);
    let period = Metric::Provisioned(direction).period_minutes();
    let points = reading.series(&key)?.points();
    let whole = points.filter(|(minute, _)| minute.plus(period) <= before);
    whole.filter_map(|(_, point)| point.value()).last()
}

fn who<'a>(
    reading: Reading<'a>,
    (resource, direction): (&Resource, Direction),
    at: Timestamp,
    act: Option<(Timestamp, &'a Activity)>,
) -> Who<'a> {
    let is_near = |then: Timestamp| at.duration_since(then).abs() <= NEAR;
    let since = at.checked_sub(NEAR).unwrap_or(at);
    let own = reading.events_of(resource, since).find_map(|event| match &event.what {
        Happening::Write(write)
            if is_near(event.at)
                && write.is_sent()
                && write.direction.is_none_or(|of| of == direction) =>
        {
            Some(write)
        }
        Happening::Write(_)
        | Happening::Scaling(_)
        | Happening::Alarm(_)
        | Happening::Table(_)
        | Happening::Dax(_)
        | Happening::Poller(_) => None,
    });
    let acted = act.filter(|(then, it)| is_near(*then) || it.ended.is_some_and(is_near));
    let were_read = reading.health(Poller::Activities).is_some_and(|h| h.last_success.is_some());
    match (own, acted) {
        (Some(write), _) => Who::Own(write),
        (None, Some((at, activity))) => Who::Autoscaling(at, activity),
        (None, None) if were_read => Who::Somebody,
        (None, None) => Who::Unknown,
    }
}

/// What was consumed before the change, units per second.
fn served(
    reading: Reading<'_>,
    resource: &Resource,
    direction: Direction,
    at: Minute,
) -> Option<f64> {
    let key = SeriesKey::sum(resource.clone(), Metric::Consumed(direction));
    let view = reading.series(&key)?;
    let minutes = (1..=SERVED_MINUTES).filter_map(|back| view.get(at.plus(-back)).value());
    let sums: Vec<f64> = minutes.collect();
    let is_enough = sums.len() >= LEAST_SERVED;
    is_enough.then(|| sums.iter().sum::<f64>() / 60.0 / sums.len() as f64)
}

/// The most that was asked for in a throttled minute, units per second.
fn asked(reading: Reading<'_>, episode: &Episode, thresholds: &Thresholds) -> Option<f64> {
    let key = SeriesKey::sum(episode.resource.clone(), Metric::Consumed(episode.direction));
    let view = reading.series(&key)?;
    let per_event = match episode.direction {
        Direction::Read => thresholds.read_units_per_event,
        Direction::Write => thresholds.write_units_per_event,
    };
    let window = episode.cause_window(thresholds);
    let minutes = episode.throttled.iter().filter(|(minute, _)| window.contains(*minute));
    let asked = minutes.map(|(minute, events)| {
        view.get(*minute).value().map(|sum| (sum + per_event * events) / 60.0)
    });
    // One minute that is not known may be the one that asked for most.
    asked.collect::<Option<Vec<f64>>>()?.into_iter().reduce(f64::max)
}

fn evidence(
    reading: Reading<'_>,
    episode: &Episode,
    lowered: &Lowered<'_>,
    served: Option<f64>,
) -> Vec<Evidence> {
    let Episode { resource, direction, .. } = episode;
    let (kind, unit) = (direction.as_str(), unit(reading, resource, *direction));
    let (to, at) = (number(lowered.to), clock(reading, lowered.at));
    let from = lowered.from.map_or(String::new(), |from| format!("from {} ", number(from)));
    let change = Evidence::fact(
        Fact::CapacityChange,
        format!("{kind} capacity lowered {from}to {to} {unit} in {at}"),
    );
    let mut evidence = vec![change.of(lowered.to, Unit::UnitsPerSecond).in_minute(lowered.at)];
    evidence.push(match &lowered.who {
        Who::Autoscaling(at, activity) => {
            let text = format!("by autoscaling: {}", activity.cause.trim_end_matches('.'));
            let minute = Minute::containing(*at);
            Evidence::fact(Fact::ScalingActivity, text).in_minute(minute)
        }
        Who::Own(write) => {
            let text = format!("by {} from here: {}", write.who, write.title);
            Evidence::fact(Fact::OwnWrite, text)
        }
        Who::Somebody => Evidence::fact(
            Fact::ScalingActivity,
            "no scaling activity tells of it: a person or a deployment",
        ),
        Who::Unknown => {
            Evidence::fact(Fact::ScalingActivity, "by whom is not known: activities not read")
        }
    });
    if let Some(served) = served {
        let text = format!(
            "{} {unit} per second were served in the {SERVED_MINUTES} minutes before",
            number(served)
        );
        let key = SeriesKey::sum(resource.clone(), Metric::Consumed(*direction));
        let window = Window::ending(lowered.at, SERVED_MINUTES);
        evidence.push(Evidence::series(key, text, (served, Unit::UnitsPerSecond), window));
    }
    evidence
}

fn advice(
    reading: Reading<'_>,
    episode: &Episode,
    lowered: &Lowered<'_>,
    served: Option<f64>,
) -> Advice {
    let Episode { resource, direction, .. } = episode;
    let (kind, of) = (direction.as_str(), name(resource));
    let unit = unit(reading, resource, *direction);
    let to = match (lowered.from, served) {
        (Some(from), _) => format!(" to {} {unit}", number(from)),
        (None, Some(served)) => format!(" to more than {} {unit}", number(served.ceil())),
        (None, None) => String::new(),
    };
    match &lowered.who {
        Who::Own(_) => {
            let step = format!("take back the write that lowered the {kind} capacity of {of}");
            Advice::opening(Opens::Undo, step)
        }
        Who::Autoscaling(..) => {
            let step = format!(
                "raise autoscaling's minimum for the {kind} capacity of {of}{to}, and its maximum if that is below"
            );
            Advice::opening(Opens::Change, step)
        }
        Who::Somebody | Who::Unknown => {
            let step = format!("put the {kind} capacity of {of} back{to}");
            Advice::opening(Opens::Change, step)
                .knowing("CloudTrail's UpdateTable names the caller, who may do it again")
        }
    }
}
