//! The next step for each cause, as AWS recommends it for the throttling reason.
//!
//! Source: Amazon DynamoDB Developer Guide, "Diagnosing throttling".

mod capacity;
pub(super) mod demand;
mod raised;

use super::episode::Episode;
use super::hot_key::{self, Kind};
use super::infer::partition_limit;
use super::words::{limit, name, number, unit};
use super::{Advice, Evidence, Fact, Opens, Thresholds, Unit};
use crate::model::id::Resource;
use crate::model::insights::InsightsMode;
use crate::model::throttle::{Direction, Limit};
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
        Limit::Provisioned => capacity::provisioned(reading, episode),
        Limit::KeyRange => key_range(reading, episode, thresholds),
        Limit::MaxOnDemand => capacity::max_on_demand(reading, episode),
        Limit::AccountLimit => (account_limit(reading, resource, direction), vec![]),
    }
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
