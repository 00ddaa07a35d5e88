//! The next step for each cause, as AWS recommends it for the throttling reason.
//!
//! Source: Amazon DynamoDB Developer Guide, "Diagnosing throttling".

use super::episode::Episode;
use super::hot_key::{self, Kind};
use super::infer::partition_limit;
use super::scaling::hindrance;
use super::words::{clock, limit, name, number, unit};
use super::{Advice, Evidence, Fact, Hindrance, Opens, Thresholds, Unit};
use crate::model::event::{Change, Happening};
use crate::model::health::Poller;
use crate::model::id::Resource;
use crate::model::insights::InsightsMode;
use crate::model::throttle::{Direction, Limit};
use crate::model::time::Minute;
use crate::store::Reading;

/// What is to be known before anybody doubles the bill.
const NO_CAPACITY: &str = "more capacity will not help";

/// What to do about the limit behind an episode, and what else there is to know for that.
pub(super) fn for_limit(
    reading: Reading<'_>,
    episode: &Episode,
    limit: Limit,
    thresholds: &Thresholds,
) -> (Advice, Vec<Evidence>) {
    let (resource, direction) = (&episode.resource, episode.direction);
    match limit {
        Limit::Provisioned => {
            let (advice, seen) = provisioned(reading, resource, direction);
            (advice, vec![seen])
        }
        Limit::KeyRange => key_range(reading, episode, thresholds),
        Limit::MaxOnDemand => (max_on_demand(reading, resource, direction), vec![]),
        Limit::AccountLimit => (account_limit(reading, resource, direction), vec![]),
    }
}

/// More capacity: by autoscaling's bounds where it manages it, and by hand where it does not.
fn provisioned(
    reading: Reading<'_>,
    resource: &Resource,
    direction: Direction,
) -> (Advice, Evidence) {
    let name = name(resource);
    let (kind, unit) = (direction.as_str(), unit(reading, resource, direction));
    let capacity = reading.capacity(resource, direction).and_then(|capacity| capacity.provisioned);
    let now = capacity.map_or(String::new(), |units| format!(" (now {} {unit})", number(units)));
    if let Some(raised) = raised(reading, resource, direction) {
        return raised;
    }
    let Some(target) = reading.scalable_target(resource, direction) else {
        let was_read = reading.health(Poller::Scaling).is_some_and(|h| h.last_success.is_some());
        let seen = if was_read { "no autoscaling on it" } else { "autoscaling not read" };
        let caution = if was_read { "" } else { "if autoscaling manages it, raise its maximum" };
        let step = format!("raise the provisioned {kind} capacity of {name}{now}");
        let advice = Advice::opening(Opens::Change, step).knowing(caution);
        return (advice, Evidence::fact(Fact::ScalableTarget, seen));
    };
    let has = capacity.map_or(String::new(), |units| format!(", capacity {}", number(units)));
    let bounds = format!(" (now {} to {} {unit}{has})", number(target.min), number(target.max));
    let Some((hindrance, seen)) = hindrance(reading, resource, direction) else {
        let step = format!("raise autoscaling's minimum for the {kind} capacity of {name}{bounds}");
        let advice = Advice::opening(Opens::Change, step)
            .knowing("it acts at once, while autoscaling waits for minutes of data");
        let (min, max) = (number(target.min), number(target.max));
        let seen = format!("autoscaling may go from {min} to {max} {unit}");
        return (advice, Evidence::fact(Fact::ScalableTarget, seen));
    };
    let change = |step: String| Advice::opening(Opens::Change, step);
    let advice = match hindrance {
        Hindrance::AtMaximum => change(format!(
            "raise autoscaling's maximum for the {kind} capacity of {name}{bounds}, and with it the \
             minimum, which acts at once"
        )),
        Hindrance::ScaleOutSuspended => change(format!(
            "resume scaling out for the {kind} capacity of {name}{now}, or raise it by hand"
        )),
        Hindrance::Failing | Hindrance::OutOfDecreases => {
            change(format!("raise the provisioned {kind} capacity of {name}{now} by hand"))
                .knowing("autoscaling fails, and the Scaling pane says why")
        }
    };
    (advice, seen)
}

/// That capacity was raised, where no settled minute shows yet what that did: more would be raised on figures of
/// before.
fn raised(
    reading: Reading<'_>,
    resource: &Resource,
    direction: Direction,
) -> Option<(Advice, Evidence)> {
    let held = reading.capacity_held(resource)?;
    if reading.newest_settled().is_some_and(|settled| held.start <= settled) {
        return None;
    }
    // The newest tells: what was lowered since is not waited for.
    let (at, from, to) =
        reading.events_of(resource, held.start.plus(-2).start()).find_map(|event| {
            let Happening::Table(change) = &event.what else { return None };
            let Change::Capacity { direction: of, from, to } = change.change else { return None };
            (of == direction).then_some((Minute::containing(event.at), from, to))
        })?;
    if to <= from {
        return None;
    }
    let (kind, unit) = (direction.as_str(), unit(reading, resource, direction));
    let (at, to) = (clock(reading, at), number(to));
    let first = Minute::containing(reading.settles(held.start));
    let advice = format!(
        "wait: the {kind} capacity of {} was raised to {to} {unit} at {at}; the figures are of before, and the first \
         that show it come about {}",
        name(resource),
        clock(reading, first)
    );
    let seen = format!("{kind} capacity raised from {} to {to} {unit} at {at}", number(from));
    Some((Advice::from(advice), Evidence::fact(Fact::CapacityChange, seen)))
}

/// A full partition is mostly one key's doing. Several warm keys in one partition are parted by
/// DynamoDB itself (Amazon DynamoDB Developer Guide, "Burst and adaptive capacity").
fn key_range(
    reading: Reading<'_>,
    episode: &Episode,
    thresholds: &Thresholds,
) -> (Advice, Vec<Evidence>) {
    let (resource, direction) = (&episode.resource, episode.direction);
    let relief = match (direction, resource) {
        (Direction::Read, _) => "cache the hot items or spread their partition key",
        (Direction::Write, Resource::Index(..)) => "spread the index's partition key",
        (
            Direction::Write,
            Resource::Table(_) | Resource::Account | Resource::Cluster(_) | Resource::Node(..),
        ) => "spread the partition key over more values",
    };
    let hot_key = hot_key::of(reading, episode, thresholds);
    let report = insights_report(resource, direction);
    let name = name(resource);
    let advice = match hot_key.kind {
        Kind::One => Advice::from(format!("one key is too hot: {relief}")).knowing(NO_CAPACITY),
        Kind::InTurn => {
            let step = "one key after the other is too hot, and none for long enough to wait for";
            Advice::from(format!("{step}: {relief}")).knowing(NO_CAPACITY)
        }
        Kind::Several => {
            Advice::from("no key stands out: DynamoDB splits the partition by itself in minutes")
                .knowing(NO_CAPACITY)
        }
        Kind::Off | Kind::Unmeasured => {
            let (mode, why) = match (resource, direction) {
                (Resource::Index(..), Direction::Write) => (
                    InsightsMode::AccessedAndThrottled,
                    ", since throttled writes of an index are not measured",
                ),
                (
                    Resource::Account
                    | Resource::Table(_)
                    | Resource::Index(..)
                    | Resource::Cluster(_)
                    | Resource::Node(..),
                    _,
                ) => (InsightsMode::Throttled, ""),
            };
            let step = format!(
                "usually one hot key: {relief}; {NO_CAPACITY}. To see the key, turn on Contributor Insights for {name} \
                 in mode {}{why}",
                mode.as_str(),
            );
            Advice::opening(Opens::PricedPlan, step)
        }
        Kind::Unknown => Advice::from(format!(
            "usually one hot key: {relief}; {NO_CAPACITY}. If Contributor Insights (the {report}) shows several keys, \
             DynamoDB splits the partition by itself in minutes"
        )),
    };
    let limit = partition_limit(direction);
    let unit = unit(reading, resource, direction);
    let seen = format!("one partition gives {} {unit} per second", number(limit));
    let seen = Evidence::fact(Fact::PartitionLimit, seen).of(limit, Unit::UnitsPerSecond);
    (advice, hot_key.evidence.into_iter().chain([seen]).collect())
}

/// Which report of Contributor Insights shows a hot key. The throttled keys of an index do not
/// count its writes (Amazon DynamoDB Developer Guide, "Contributor Insights: how it works").
fn insights_report(resource: &Resource, direction: Direction) -> &'static str {
    match (resource, direction) {
        (Resource::Index(..), Direction::Write) => "index's most accessed keys",
        (
            Resource::Account
            | Resource::Table(_)
            | Resource::Index(..)
            | Resource::Cluster(_)
            | Resource::Node(..),
            _,
        ) => "most throttled keys",
    }
}

fn max_on_demand(reading: Reading<'_>, resource: &Resource, direction: Direction) -> Advice {
    let maximum = reading.capacity(resource, direction).and_then(|capacity| capacity.maximum);
    let (kind, name) = (direction.as_str(), name(resource));
    let unit = unit(reading, resource, direction);
    let now = maximum.map_or(String::new(), |max| format!(" of {} {unit} per second", number(max)));
    let step = format!("raise or remove the on-demand {kind} maximum{now} of {name}");
    Advice::opening(Opens::Change, step)
}

fn account_limit(reading: Reading<'_>, resource: &Resource, direction: Direction) -> Advice {
    let quota = reading.quotas().map(|quotas| number(quotas.per_table(direction)));
    let unit = unit(reading, resource, direction);
    let now = quota.map_or(String::new(), |quota| format!(" (now {quota} {unit})"));
    let (kind, name) = (direction.as_str(), name(resource));
    Advice::from(format!(
        "ask Service Quotas to increase the table-level {kind} throughput limit{now}, or spread \
         the traffic of {name} over time"
    ))
}

/// What to do when the cause is not known.
pub(super) fn for_unknown(
    resource: &Resource,
    direction: Direction,
    candidates: &[Limit],
) -> Advice {
    let candidates: Vec<&str> = candidates.iter().map(|candidate| limit(*candidate)).collect();
    Advice::from(format!(
        "it may be: {}. To tell: look for ThrottlingReasons in the application's logs, or turn on \
         Contributor Insights for {}: a hot key shows among the {}",
        candidates.join(", "),
        name(resource),
        insights_report(resource, direction),
    ))
}
