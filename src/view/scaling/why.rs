//! Why capacity moves, or does not, in words.

use super::{Weight, activities};
use crate::model::event::{AT_DESIRED, AT_MAXIMUM, AT_MINIMUM, Activity, Course};
use crate::model::id::Resource;
use crate::model::scaling::{ScalableTarget, ScheduledAction};
use crate::model::throttle::Direction;
use crate::model::time::{Figure, Minute};
use crate::store::Reading;
use crate::tune::budget::budget;
use crate::tune::cost::USUAL_TARGET;
use crate::tune::schedule::{self, Next};
use crate::view::detail::scaling_was_read;
use crate::view::format::{grouped, minute};
use jiff::{SignedDuration, Timestamp};

/// Use of a limit that nothing moves from which on it is worth a look, percent.
const NEAR_LIMIT: f64 = 90.0;
/// A failure that is older says nothing about the present.
const RECENT: SignedDuration = SignedDuration::from_hours(1);

/// One reason.
pub(super) struct Reason {
    pub(super) text: String,
    pub(super) weight: Weight,
}

fn reason(text: impl Into<String>, weight: Weight) -> Reason {
    Reason { text: text.into(), weight }
}

/// Everything that bears on the capacity of a table or index in one direction, what matters most
/// first.
pub(super) fn reasons(
    reading: Reading<'_>,
    resource: &Resource,
    direction: Direction,
) -> Vec<Reason> {
    let Some(capacity) = reading.capacity(resource, direction) else { return vec![] };
    let target = reading.scalable_target(resource, direction);
    let used = reading.utilization_percent(resource, direction).value();
    let pressure = || pressure(reading.throttle_events(resource, direction), used);
    let mut reasons = match (capacity.provisioned, target) {
        (None, target) => on_demand(capacity.maximum, pressure(), target),
        (Some(_), None) if scaling_was_read(reading) => {
            vec![no_target(reading, resource, direction, pressure())]
        }
        (Some(_), None) => vec![reason("autoscaling not read", pressure())],
        (Some(units), Some(target)) => {
            let mut reasons = suspensions(target);
            reasons.extend(bounds(target, units, used));
            reasons.extend(policies(target));
            reasons.extend(newest(reading, target));
            reasons.extend(scheduled(reading, target));
            reasons
        }
    };
    if capacity.provisioned.is_some() {
        // Without a target nobody is about to lower it.
        let weight = if target.is_some() { Weight::Notice } else { Weight::Calm };
        reasons.extend(decreases(reading, resource).map(|text| reason(text, weight)));
    }
    // Of equal weight they stay in their order.
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.weight));
    reasons
}

/// How much it matters that nothing raises a limit of which so many percent are used.
fn pressure(throttles: Figure, used: Option<f64>) -> Weight {
    let Some(used) = used.filter(|used| *used >= NEAR_LIMIT) else { return Weight::Calm };
    let throttles = throttles.value().is_some_and(|events| events > 0.0);
    if throttles || used >= 100.0 { Weight::Trouble } else { Weight::Notice }
}

fn on_demand(
    maximum: Option<f64>,
    pressure: Weight,
    target: Option<&ScalableTarget>,
) -> Vec<Reason> {
    let inert = target.map(|_| reason("target inert: on-demand", Weight::Notice));
    let limit = maximum.map(|units| {
        let words = match pressure {
            Weight::Calm => "on-demand, maximum",
            Weight::Notice => "on-demand, near its maximum",
            Weight::Trouble => "on-demand, at its maximum",
        };
        reason(format!("{words} {}", grouped(units)), pressure)
    });
    let reasons: Vec<Reason> = inert.into_iter().chain(limit).collect();
    if reasons.is_empty() { vec![reason("on-demand", Weight::Calm)] } else { reasons }
}

/// That nothing moves a provisioned capacity; worse on an index whose table is scaled, since what an
/// index refuses its table refuses.
fn no_target(
    reading: Reading<'_>,
    resource: &Resource,
    direction: Direction,
    pressure: Weight,
) -> Reason {
    let table = match resource {
        Resource::Index(table, _) => Some(Resource::Table(table.clone())),
        Resource::Table(_) | Resource::Account | Resource::Cluster(_) | Resource::Node(..) => None,
    };
    if table.is_some_and(|table| reading.scalable_target(&table, direction).is_some()) {
        return reason("no target, its table has one", pressure.max(Weight::Notice));
    }
    reason("no scalable target", pressure)
}

fn suspensions(target: &ScalableTarget) -> Vec<Reason> {
    let suspended = target.suspended;
    let both = suspended.scale_out && suspended.scale_in;
    let all = [
        (both, "scaling suspended", Weight::Trouble),
        (suspended.scale_out && !both, "scale-out suspended", Weight::Trouble),
        (suspended.scale_in && !both, "scale-in suspended", Weight::Notice),
        (suspended.scheduled, "scheduled actions suspended", Weight::Notice),
    ];
    let all = all.into_iter().filter(|(is_so, ..)| *is_so);
    all.map(|(_, text, weight)| reason(text, weight)).collect()
}

/// Where provisioned capacity stands between the bounds.
fn bounds(target: &ScalableTarget, units: f64, used: Option<f64>) -> Option<Reason> {
    // What is provisioned by hand below the minimum stays there until autoscaling acts.
    if units < target.min {
        return Some(reason("below its minimum", Weight::Notice));
    }
    if units < target.max {
        return None;
    }
    let wanted = target.target_utilization().unwrap_or(USUAL_TARGET);
    let lacks = used.is_some_and(|used| used >= wanted);
    Some(reason("at maximum", if lacks { Weight::Trouble } else { Weight::Notice }))
}

fn policies(target: &ScalableTarget) -> Option<Reason> {
    match target.policies.iter().filter_map(|policy| policy.tracking.as_ref()).count() {
        0 => Some(reason("no policy", Weight::Notice)),
        1 => {
            let tracking = target.policy().and_then(|policy| policy.tracking.as_ref());
            let never = tracking.is_some_and(|tracking| tracking.disable_scale_in == Some(true));
            never.then(|| reason("its policy never scales in", Weight::Calm))
        }
        count => Some(reason(format!("{count} policies"), Weight::Calm)),
    }
}

/// What the newest activity says of the present.
fn newest(reading: Reading<'_>, target: &ScalableTarget) -> Option<Reason> {
    let (at, activity) = activities(reading, &target.resource, target.direction).next()?;
    let is_recent = reading.now().duration_since(at) <= RECENT;
    match activity.course() {
        Course::UnderWay => Some(reason("scaling now", Weight::Calm)),
        Course::Done => {
            let until = cooldown(target, at, activity).filter(|until| *until > reading.now())?;
            Some(reason(format!("cooling down until {}", time(reading, until)), Weight::Calm))
        }
        Course::Failed if is_recent => Some(reason("last change failed", Weight::Trouble)),
        Course::NotScaled if is_recent => {
            let codes = activity.not_scaled.iter().map(|why| &*why.code);
            // What the bounds say already, or that nothing is needed.
            let mut codes =
                codes.filter(|code| ![AT_MAXIMUM, AT_MINIMUM, AT_DESIRED].contains(code));
            codes.next().map(|code| reason(format!("not scaled: {code}"), Weight::Notice))
        }
        Course::Failed | Course::NotScaled | Course::Other => None,
    }
}

/// When the policy may act the same way again after an activity of it.
fn cooldown(target: &ScalableTarget, at: Timestamp, activity: &Activity) -> Option<Timestamp> {
    activity.alarm()?;
    let tracking = target.policy()?.tracking.as_ref()?;
    let seconds = if activity.raises()? {
        tracking.scale_out_cooldown?
    } else {
        tracking.scale_in_cooldown?
    };
    activity.ended.unwrap_or(at).checked_add(SignedDuration::from_secs(seconds.into())).ok()
}

/// The scheduled action that acts next, as far as that can be told.
fn scheduled(reading: Reading<'_>, target: &ScalableTarget) -> Option<Reason> {
    if target.suspended.scheduled {
        return None;
    }
    let actions = actions(reading, &target.resource, target.direction);
    let times = actions.filter_map(|action| match schedule::next(action, reading.now()) {
        Next::At(at) => Some((at, action)),
        Next::Within(_) | Next::Never | Next::Unknown => None,
    });
    let (at, action) = times.min_by_key(|(at, _)| *at)?;
    let text = format!("scheduled {} {}", time(reading, at), sets(action));
    Some(reason(text, Weight::Calm))
}

/// The scheduled actions of a table or index in one direction.
pub(super) fn actions<'a>(
    reading: Reading<'a>,
    resource: &Resource,
    direction: Direction,
) -> impl Iterator<Item = &'a ScheduledAction> {
    let all = reading.scheduled_actions().value().into_iter().flatten();
    all.filter(move |it| it.direction == direction && it.resource == *resource)
}

/// `min->200 max->4,000`.
pub(super) fn sets(action: &ScheduledAction) -> String {
    let bound =
        |name: &str, units: Option<f64>| units.map(|units| format!("{name}->{}", grouped(units)));
    let bounds = [bound("min", action.min), bound("max", action.max)];
    bounds.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Whether capacity may be lowered no more at present.
fn decreases(reading: Reading<'_>, resource: &Resource) -> Option<String> {
    let next = budget(reading.throughput(resource)?, reading.now())?.next?;
    Some(format!("no decrease until {}", time(reading, next)))
}

/// A moment to the minute; it is not over before that minute is.
pub(super) fn time(reading: Reading<'_>, at: Timestamp) -> String {
    minute(Minute::containing(at), reading.now(), reading.utc_offset())
}
