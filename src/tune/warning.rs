//! What speaks against an edit, or has to be known before it.

use super::budget::budget;
use super::consequence::{Move, moves};
use super::maximum::is_above;
use super::plan::Ground;
use super::schedule::{Next, next};
use super::setting::{Edit, Setting, table_of};
use super::words::{capacity, moment};
use crate::diagnose::{Confidence, Verdict, name};
use crate::model::id::Resource;
use crate::model::scaling::ScheduledAction;
use crate::model::throttle::{Direction, Limit};
use crate::store::{Detail, Reading};

/// One thing to know before confirming.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Whether requests may be throttled or alarms missed because of the edit.
    pub is_danger: bool,
    /// One sentence.
    pub text: String,
}

fn danger(text: String) -> Warning {
    Warning { is_danger: true, text }
}

fn caution(text: String) -> Warning {
    Warning { is_danger: false, text }
}

/// Everything to know before `edit` is confirmed, dangers first.
pub(super) fn warnings(ground: &Ground<'_>, edit: &Edit) -> Vec<Warning> {
    let mut found = falls(ground.reading, edit);
    for direction in raised(edit) {
        found.extend(useless(ground, edit, direction));
    }
    found.extend(schedules(ground.reading, edit));
    found.extend(forgotten(edit));
    found.extend(replicas(ground.reading, edit));
    found.sort_by_key(|warning| !warning.is_danger);
    found
}

/// Where more can be served than before.
fn raised(edit: &Edit) -> Vec<Direction> {
    match (edit.before(), edit.after()) {
        (
            Setting::Bounds { min, max, suspended, .. },
            Setting::Bounds { direction, min: to_min, max: to_max, suspended: to, .. },
        ) => {
            let resumed = suspended.scale_out && !to.scale_out;
            let is_raised = to_min > min || to_max > max || resumed;
            is_raised.then_some(*direction).into_iter().collect()
        }
        (Setting::Policy { tracking, .. }, Setting::Policy { direction, tracking: to, .. }) => {
            (to.target_value < tracking.target_value).then_some(*direction).into_iter().collect()
        }
        (Setting::Capacity { read, write, .. }, Setting::Capacity { read: r, write: w, .. }) => {
            pick([r > read, w > write])
        }
        (Setting::Maximum { read, write, .. }, Setting::Maximum { read: r, write: w, .. }) => {
            pick([is_above(*r, *read), is_above(*w, *write)])
        }
        _ => vec![],
    }
}

fn pick(which: [bool; 2]) -> Vec<Direction> {
    Direction::ALL
        .into_iter()
        .zip(which)
        .filter(|(_, is)| *is)
        .map(|(direction, _)| direction)
        .collect()
}

/// Where less may be served than before.
fn falls(reading: Reading<'_>, edit: &Edit) -> Vec<Warning> {
    let mut found: Vec<Warning> = moves(reading, edit.after())
        .iter()
        .filter(|moved| moved.to < moved.from)
        .map(|moved| {
            let [from, to] = [moved.from, moved.to].map(|units| capacity(units, moved.direction));
            let (kind, of) = (moved.direction.as_str(), name(&moved.resource));
            let lacking = below_use(reading, moved).unwrap_or_default();
            danger(format!("LOWERS {kind} capacity of {of} from {from} to {to}{lacking}"))
        })
        .collect();
    let falls_at_once = !found.is_empty();
    match (edit.before(), edit.after()) {
        (Setting::Bounds { .. }, Setting::Bounds { resource, .. }) if falls_at_once => {
            found.extend(exhausted(reading, resource));
        }
        (
            Setting::Bounds { min, max, .. },
            Setting::Bounds { direction, min: to_min, max: to_max, .. },
        ) => {
            let kind = direction.as_str();
            if to_min < min {
                found.push(danger(format!("{kind} capacity may fall at the next scale-in")));
            } else if to_max < max {
                found.push(caution(format!("{kind} capacity cannot grow as far as before")));
            }
        }
        (Setting::Policy { tracking, .. }, Setting::Policy { direction, tracking: to, .. })
            if to.target_value > tracking.target_value =>
        {
            let kind = direction.as_str();
            found.push(danger(format!("{kind} capacity MAY FALL: less is kept in reserve")));
        }
        (
            Setting::Maximum { read, write, .. },
            Setting::Maximum { resource, read: to_read, write: to_write },
        ) => {
            let maxima =
                [(Direction::Read, *read, *to_read), (Direction::Write, *write, *to_write)];
            let lowered = maxima.into_iter().filter(|(_, was, to)| is_above(*was, *to));
            let below_use = |(direction, _, to): (Direction, _, Option<u32>)| {
                let used = reading.consumed_per_second(resource, direction).value()?;
                (f64::from(to?) < used).then(|| throttles_at_once(direction))
            };
            found.extend(lowered.filter_map(below_use));
        }
        _ => {}
    }
    found.extend(suspends_scale_out(edit));
    found
}

/// What a decrease below the present use does.
fn below_use(reading: Reading<'_>, moved: &Move) -> Option<String> {
    let used = reading.consumed_per_second(&moved.resource, moved.direction).value()?;
    let lacking = (used - moved.to).ceil();
    let whose = match (&moved.resource, moved.direction) {
        (Resource::Index(table, _), Direction::Write) => format!(", and with it writes of {table}"),
        _ => String::new(),
    };
    (lacking > 0.0).then(|| {
        let [used, lacking] = [used, lacking].map(|units| capacity(units, moved.direction));
        format!(", BELOW THE PRESENT USE of {used}: {lacking} per second are refused as soon as its burst is spent{whose}")
    })
}

fn throttles_at_once(direction: Direction) -> Warning {
    let kind = direction.as_str();
    danger(format!("THROTTLES AT ONCE: the {kind} maximum is below the present use"))
}

fn suspends_scale_out(edit: &Edit) -> Option<Warning> {
    match (edit.before(), edit.after()) {
        (
            Setting::Bounds { suspended, .. },
            Setting::Bounds { resource, direction, suspended: to, .. },
        ) if to.scale_out && !suspended.scale_out => {
            let (kind, of) = (direction.as_str(), name(resource));
            Some(danger(format!(
                "SUSPENDS SCALE-OUT: {kind} capacity of {of} will not grow until it is resumed"
            )))
        }
        _ => None,
    }
}

/// A decrease that autoscaling will be refused.
fn exhausted(reading: Reading<'_>, resource: &Resource) -> Option<Warning> {
    let next = budget(reading.throughput(resource)?, reading.now())?.next?;
    let next = moment(reading, next);
    Some(caution(format!("no decrease is left: capacity cannot fall before {next}")))
}

/// Why raising a limit will not help: another one refuses the requests.
fn useless(ground: &Ground<'_>, edit: &Edit, direction: Direction) -> Vec<Warning> {
    let Some(resource) = edit.after().resource() else { return vec![] };
    // What stands before a throttle, or is told beside it, does not refuse.
    let throttles = ground.verdicts.iter().filter(|verdict| verdict.cause.is_throttle());
    let of_direction = throttles.filter(|verdict| verdict.direction == Some(direction));
    of_direction.filter_map(|verdict| against(verdict, resource)).collect()
}

fn against(verdict: &Verdict, resource: &Resource) -> Option<Warning> {
    let of = name(resource);
    if verdict.resource != *resource {
        let text = || {
            let culprit = name(&verdict.resource);
            format!(
                "this will not help {of}: {culprit} refuses its writes ({})",
                verdict.headline()
            )
        };
        return verdict.explains.contains(resource).then(text).map(caution);
    }
    let reason = verdict.reason.map(|reason| format!(", {reason}")).unwrap_or_default();
    let how = match verdict.confidence {
        Confidence::Measured => "measured",
        Confidence::Inferred => "inferred",
        Confidence::Unknown => "unknown",
    };
    match verdict.cause.limit() {
        Some(Limit::KeyRange) => Some(caution(format!(
            "MORE CAPACITY WILL NOT HELP: {of} is throttled by a hot partition ({how}{reason})"
        ))),
        Some(Limit::AccountLimit) => Some(caution(format!(
            "this will not help: {of} is throttled by the account's quota ({how}{reason})"
        ))),
        None if verdict.may_be_at(Limit::KeyRange) => Some(caution(format!(
            "the cause of the throttling of {of} is unknown: if it is a hot partition, this \
                 will not help"
        ))),
        Some(Limit::Provisioned | Limit::MaxOnDemand) | None => None,
    }
}

/// Scheduled actions that will set the bounds otherwise.
fn schedules(reading: Reading<'_>, edit: &Edit) -> Vec<Warning> {
    let Setting::Bounds { resource, direction, suspended, .. } = edit.after() else {
        return vec![];
    };
    if suspended.scheduled {
        return vec![];
    }
    let actions = match reading.scheduled_actions() {
        Detail::Known { value, .. } | Detail::Stale { value, .. } => value,
        Detail::Denied { action } => {
            let text = format!("no permission for {action}: a scheduled action may overwrite this");
            return vec![caution(text)];
        }
        Detail::Failed(_) | Detail::NotPolled => {
            let text = "scheduled actions were not read: one may overwrite this";
            return vec![caution(text.to_owned())];
        }
    };
    let own = actions.iter().filter(|a| a.resource == *resource && a.direction == *direction);
    own.filter_map(|action| overwrites(reading, action)).map(caution).collect()
}

fn overwrites(reading: Reading<'_>, action: &ScheduledAction) -> Option<String> {
    let when = match next(action, reading.now()) {
        Next::Never => return None,
        Next::At(at) => format!("at {}", moment(reading, at)),
        Next::Within(length) => format!("within {} minutes", length.as_mins()),
        Next::Unknown => "at a time that could not be computed".to_owned(),
    };
    let units = |units: f64| capacity(units, action.direction);
    let min = action.min.map(|min| format!("minimum {}", units(min)));
    let max = action.max.map(|max| format!("maximum {}", units(max)));
    let sets: Vec<String> = min.into_iter().chain(max).collect();
    let (name, zone) = (&action.name, action.time_zone.as_deref().unwrap_or("UTC"));
    let (sets, schedule) = (sets.join(" and "), &action.schedule);
    Some(format!("scheduled action {name} overwrites this {when}: {sets} ({schedule}, {zone})"))
}

/// What stays until somebody thinks of it.
fn forgotten(edit: &Edit) -> Option<Warning> {
    match (edit.before(), edit.after()) {
        (Setting::Bounds { suspended, .. }, Setting::Bounds { suspended: to, .. }) => {
            (to.scale_in && !suspended.scale_in).then(|| {
                caution("scale-in stays suspended, and costs, until it is resumed".to_owned())
            })
        }
        _ => None,
    }
}

/// A global table: its replicas are not in the figures.
fn replicas(reading: Reading<'_>, edit: &Edit) -> Option<Warning> {
    let table = table_of(reading, edit.after().resource()?)?;
    let regions: Vec<&str> = table.details.replicas.iter().map(|r| &*r.region).collect();
    let is_about_throughput = match edit.after() {
        Setting::Bounds { .. }
        | Setting::Policy { .. }
        | Setting::Capacity { .. }
        | Setting::Maximum { .. } => true,
        Setting::Insights { .. } | Setting::Mute { .. } => false,
    };
    (is_about_throughput && !regions.is_empty()).then(|| {
        let (table, regions) = (&table.name, regions.join(", "));
        caution(format!(
            "{table} is a global table: its replicas in {regions} have autoscaling and a bill of \
             their own, which these figures leave out; AWS keeps write capacity alike in all"
        ))
    })
}
