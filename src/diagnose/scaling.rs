//! Whether autoscaling gives what its target asks for: what stands behind a throttle, or will.

use super::advice::demand::{Demand, Raise};
use super::spell::{Spell, Tally};
use super::words::{clock, name, number, unit};
use super::{Advice, Cause, Evidence, Fact, Hindrance, Opens, Severity, Thresholds, Unit, Verdict};
use crate::model::event::{Activity, Course};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::scaling::ScalableTarget;
use crate::model::throttle::{Direction, Limit};
use crate::model::time::{Minute, Window};
use crate::store::Reading;
use jiff::{SignedDuration, Timestamp};

/// A failed activity that is older says nothing about the present.
const RECENT: SignedDuration = SignedDuration::from_hours(1);

/// What AWS says in an activity for which no decrease is left.
const OUT_OF_DECREASES: &str = "decreases are limited";

/// Why autoscaling does not raise a provisioned capacity, if that is known.
pub(super) fn hindrance(
    reading: Reading<'_>,
    resource: &Resource,
    direction: Direction,
) -> Option<(Hindrance, Evidence)> {
    let target = reading.scalable_target(resource, direction)?;
    let units = reading.capacity(resource, direction)?.provisioned?;
    if units >= target.max {
        let unit = unit(reading, resource, direction);
        let text = format!("autoscaling is at its maximum of {} {unit}", number(target.max));
        let evidence = Evidence::fact(Fact::ScalableTarget, text);
        return Some((Hindrance::AtMaximum, evidence.of(target.max, Unit::UnitsPerSecond)));
    }
    if target.suspended.scale_out {
        let evidence = Evidence::fact(Fact::ScalableTarget, "scaling out is suspended");
        return Some((Hindrance::ScaleOutSuspended, evidence));
    }
    let (at, activity) = failed(reading, resource, direction)?;
    let raises = activity.raises() != Some(false);
    raises.then(|| (Hindrance::Failing, told(reading, at, activity)))
}

/// The newest activity, if it failed a short while ago.
fn failed<'a>(
    reading: Reading<'a>,
    resource: &Resource,
    direction: Direction,
) -> Option<(Timestamp, &'a Activity)> {
    let since = reading.now().checked_sub(RECENT).ok()?;
    let newest = reading.activities_of(resource, direction, since).next();
    newest.filter(|(_, activity)| activity.course() == Course::Failed)
}

fn told(reading: Reading<'_>, at: Timestamp, activity: &Activity) -> Evidence {
    let minute = Minute::containing(at);
    let words = activity.message.as_deref().unwrap_or(&activity.description);
    let text =
        format!("autoscaling in {}: {}", clock(reading, minute), words.trim_end_matches('.'));
    Evidence::fact(Fact::ScalingActivity, text).in_minute(minute)
}

/// Scalable targets that will not help when capacity runs out, and those that do nothing.
pub(super) fn verdicts(
    reading: Reading<'_>,
    found: &[Verdict],
    thresholds: &Thresholds,
) -> Vec<Verdict> {
    let judge = |target: &ScalableTarget| {
        let capacity = reading.capacity(&target.resource, target.direction)?;
        let throttled = found.iter().find(|verdict| {
            verdict.cause.is_throttle()
                && verdict.resource == target.resource
                && verdict.direction == Some(target.direction)
        });
        match (capacity.provisioned, throttled) {
            // The throttle's verdict says what stands behind it.
            (Some(_), Some(_)) => None,
            (Some(units), None) => hindered(reading, target, units, thresholds),
            (None, throttled) => {
                let pressed = capacity.maximum.and_then(|units| {
                    pressed(reading, target, units, thresholds).map(|(spell, _)| spell)
                });
                // A hot partition or an unknown cause is another matter.
                let throttled = throttled.filter(|throttled| lacks_throughput(throttled.cause));
                let throttled = throttled.map(|throttled| Spell {
                    maybe_earlier: throttled.since_or_earlier,
                    ..Spell::began(throttled.since)
                });
                Some(inert(reading, target, throttled.or(pressed)?))
            }
        }
    };
    reading.scalable_targets().iter().filter_map(judge).collect()
}

/// Whether requests are refused since more is wanted than an on-demand table or index may have.
fn lacks_throughput(cause: Cause) -> bool {
    [Limit::MaxOnDemand, Limit::AccountLimit].map(Cause::Throttled).contains(&cause)
}

/// The minutes in which a limit is nearly used up, and the evidence.
fn pressed(
    reading: Reading<'_>,
    target: &ScalableTarget,
    limit: f64,
    thresholds: &Thresholds,
) -> Option<(Spell, Evidence)> {
    let ScalableTarget { resource, direction, .. } = target;
    let key = SeriesKey::sum(resource.clone(), Metric::Consumed(*direction));
    let consumed = Tally::of(reading, [key.clone()])?.recent(reading)?;
    let share = |minute| consumed.at(minute) / 60.0 / limit;
    let spell = consumed.spell(thresholds.pressed_minutes, thresholds, |minute| {
        share(minute) >= thresholds.pressed_share
    })?;
    let used = consumed.at(spell.last) / 60.0;
    let text = format!(
        "{} of {} {} per second consumed in {} ({} %)",
        number(used),
        number(limit),
        unit(reading, resource, *direction),
        clock(reading, spell.last),
        number((100.0 * share(spell.last)).round()),
    );
    let window = super::evidence::single(spell.last);
    Some((spell, Evidence::series(key, text, (used, Unit::UnitsPerSecond), window)))
}

/// A notice that autoscaling will not help, or fails.
fn hindered(
    reading: Reading<'_>,
    target: &ScalableTarget,
    units: f64,
    thresholds: &Thresholds,
) -> Option<Verdict> {
    let ScalableTarget { resource, direction, .. } = target;
    let failed = failed(reading, resource, *direction);
    let (hindrance, spell, mut evidence) = match hindrance(reading, resource, *direction) {
        Some((hindrance @ (Hindrance::AtMaximum | Hindrance::ScaleOutSuspended), why)) => {
            let (spell, used) = pressed(reading, target, units, thresholds)?;
            (hindrance, spell, vec![used, why])
        }
        Some((hindrance @ (Hindrance::Failing | Hindrance::OutOfDecreases), why)) => {
            (hindrance, Spell::began(Minute::containing(failed?.0)), vec![why])
        }
        None => {
            let (at, activity) = failed?;
            let is_spent = |text: &str| text.contains(OUT_OF_DECREASES);
            let is_spent = activity.message.as_deref().is_some_and(is_spent);
            let hindrance = if is_spent { Hindrance::OutOfDecreases } else { Hindrance::Failing };
            let spell = Spell::began(Minute::containing(at));
            (hindrance, spell, vec![told(reading, at, activity)])
        }
    };
    let raise = match hindrance {
        Hindrance::AtMaximum => room(reading, target, spell),
        Hindrance::ScaleOutSuspended | Hindrance::Failing | Hindrance::OutOfDecreases => None,
    };
    let advice = advice(reading, target, hindrance, raise.as_ref().map(|raise| raise.to));
    evidence.extend(raise.map(|raise| raise.evidence));
    Some(Verdict {
        direction: Some(*direction),
        evidence,
        advice,
        ..spell.verdict(resource.clone(), Cause::Autoscaling(hindrance), Severity::Notice)
    })
}

/// What a maximum has to be raised to for what is served under pressure.
fn room(reading: Reading<'_>, target: &ScalableTarget, spell: Spell) -> Option<Raise> {
    let of = (&target.resource, target.direction);
    let window = Window { start: spell.since, end: spell.last.plus(1) };
    Demand::served(reading, of, window)?.raise(reading, of, target.max)
}

/// The next step; `to` is what a maximum has to be raised to.
fn advice(
    reading: Reading<'_>,
    target: &ScalableTarget,
    hindrance: Hindrance,
    to: Option<f64>,
) -> Advice {
    let (kind, of) = (target.direction.as_str(), name(&target.resource));
    let unit = unit(reading, &target.resource, target.direction);
    let change = |step: String| Advice::opening(Opens::Change, step);
    match hindrance {
        Hindrance::AtMaximum => {
            let least =
                to.map_or(String::new(), |to| format!(" to at least {} {unit}", number(to)));
            let step = format!(
                "before it throttles: raise autoscaling's maximum for the {kind} capacity of {of}{least} \
                 (now {} {unit})",
                number(target.max),
            );
            Advice { raise_to: to, ..change(step) }
        }
        Hindrance::ScaleOutSuspended => change(format!(
            "before it throttles: resume scaling out for the {kind} capacity of {of}"
        )),
        Hindrance::Failing => change(format!(
            "see why on the Scaling pane; until it is mended set the {kind} capacity of {of} by hand"
        )),
        Hindrance::OutOfDecreases => Advice::from(format!(
            "nothing is refused: the {kind} capacity of {of} stays higher than it need be until a \
             decrease is left, one an hour, four and more after 00:00 UTC"
        )),
    }
}

/// A notice that a scalable target does nothing for an on-demand table or index that needs more.
fn inert(reading: Reading<'_>, target: &ScalableTarget, spell: Spell) -> Verdict {
    let ScalableTarget { resource, direction, .. } = target;
    let unit = unit(reading, resource, *direction);
    let (min, max) = (number(target.min), number(target.max));
    let text = format!(
        "a scalable target from {min} to {max} {unit} is registered, and does nothing on-demand"
    );
    let step = format!("do not wait for autoscaling: {} is on-demand", name(resource));
    let limits = "its limits are its own maximum, the account's quota and its partitions";
    Verdict {
        direction: Some(*direction),
        evidence: vec![Evidence::fact(Fact::ScalableTarget, text)],
        advice: Advice::opening(Opens::Change, step).knowing(limits),
        ..spell.verdict(resource.clone(), Cause::InertTarget, Severity::Notice)
    }
}
