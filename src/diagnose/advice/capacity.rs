//! More capacity, and how much: by autoscaling's bounds where it manages it, by hand where it does not.

use super::demand::Demand;
use super::raised::raised;
use crate::diagnose::episode::Episode;
use crate::diagnose::scaling::hindrance;
use crate::diagnose::words::{name, number, unit};
use crate::diagnose::{Advice, Evidence, Fact, Hindrance, Opens};
use crate::model::health::Poller;
use crate::model::throttle::Limit;
use crate::store::Reading;

pub(super) fn provisioned(reading: Reading<'_>, episode: &Episode) -> (Advice, Vec<Evidence>) {
    let Episode { resource, direction, .. } = episode;
    if let Some((advice, seen)) = raised(reading, episode) {
        return (advice, vec![seen]);
    }
    let of = (resource, *direction);
    let (kind, unit) = (direction.as_str(), unit(reading, resource, *direction));
    let units = reading.capacity(resource, *direction).and_then(|capacity| capacity.provisioned);
    let demand = Demand::of_episode(reading, episode, Limit::Provisioned);
    let raise = demand.zip(units).and_then(|(demand, now)| demand.raise(reading, of, now));
    let to = raise.as_ref().map(|raise| raise.to);
    let least = to.map_or(String::new(), |to| format!(" to at least {} {unit}", number(to)));
    let now = units.map_or(String::new(), |units| format!(" (now {} {unit})", number(units)));
    let what = format!("{kind} capacity of {}", name(resource));
    let change = |step: String| Advice { raise_to: to, ..Advice::opening(Opens::Change, step) };
    let (advice, seen) = if let Some(target) = reading.scalable_target(resource, *direction) {
        let (min, max) = (number(target.min), number(target.max));
        let has = units.map_or(String::new(), |units| format!(", capacity {}", number(units)));
        let bounds = format!("{least} (now {min} to {max} {unit}{has})");
        let below = units.filter(|units| target.min > units + 0.5).map(number);
        match (hindrance(reading, resource, *direction), below) {
            // It was raised just now: to ask for the same again would help nobody.
            (None, Some(units)) => {
                let advice = Advice::from(format!(
                    "wait: autoscaling's minimum of {min} {unit} is above the {what}, and raises it to that within \
                     about a minute"
                ));
                let text =
                    format!("{units} {unit} provisioned, below autoscaling's minimum of {min}");
                (advice, Evidence::fact(Fact::ScalableTarget, text))
            }
            (None, None) => {
                let bound = if to > Some(target.max) { "minimum and maximum" } else { "minimum" };
                let text = format!("autoscaling may go from {min} to {max} {unit}");
                let advice = change(format!("raise autoscaling's {bound} for the {what}{bounds}"))
                    .knowing("it acts at once, while autoscaling waits for minutes of data");
                (advice, Evidence::fact(Fact::ScalableTarget, text))
            }
            (Some((hindrance, seen)), _) => {
                let advice = match hindrance {
                    Hindrance::AtMaximum => change(format!(
                        "raise autoscaling's maximum for the {what}{bounds}, and with it the minimum, which acts at once"
                    )),
                    Hindrance::ScaleOutSuspended => change(format!(
                        "resume scaling out for the {what}{now}, or raise it by hand{least}"
                    )),
                    Hindrance::Failing | Hindrance::OutOfDecreases => {
                        change(format!("raise the provisioned {what} by hand{least}{now}"))
                            .knowing("autoscaling fails, and the Scaling pane says why")
                    }
                };
                (advice, seen)
            }
        }
    } else {
        let was_read = reading.health(Poller::Scaling).is_some_and(|h| h.last_success.is_some());
        let seen = if was_read { "no autoscaling on it" } else { "autoscaling not read" };
        let caution = if was_read { "" } else { "if autoscaling manages it, raise its maximum" };
        let advice = change(format!("raise the provisioned {what}{least}{now}")).knowing(caution);
        (advice, Evidence::fact(Fact::ScalableTarget, seen))
    };
    (advice, [seen].into_iter().chain(raise.map(|raise| raise.evidence)).collect())
}

pub(super) fn max_on_demand(reading: Reading<'_>, episode: &Episode) -> (Advice, Vec<Evidence>) {
    let Episode { resource, direction, .. } = episode;
    if let Some((advice, seen)) = raised(reading, episode) {
        return (advice, vec![seen]);
    }
    let (kind, unit) = (direction.as_str(), unit(reading, resource, *direction));
    let maximum = reading.capacity(resource, *direction).and_then(|capacity| capacity.maximum);
    let now = maximum.map_or(String::new(), |max| format!(" (now {} {unit})", number(max)));
    let demand = Demand::of_episode(reading, episode, Limit::MaxOnDemand);
    let of = (resource, *direction);
    let raise = demand.zip(maximum).and_then(|(demand, now)| demand.raise(reading, of, now));
    let what = format!("on-demand {kind} maximum of {}", name(resource));
    let Some(raise) = raise else {
        let step = format!("raise or remove the {what}{now}");
        return (Advice::opening(Opens::Change, step), vec![]);
    };
    let least = format!("{} {unit} per second", number(raise.to));
    let step = format!("raise the {what} to at least {least}{now}, or remove it");
    let advice = Advice { raise_to: Some(raise.to), ..Advice::opening(Opens::Change, step) };
    (advice, vec![raise.evidence])
}
