//! A full partition: what helps at once, how its key is found, and that capacity is no help.

use super::insights_report;
use crate::diagnose::episode::Episode;
use crate::diagnose::hot_key::{self, Kind};
use crate::diagnose::infer::partition_limit;
use crate::diagnose::words::{number, unit};
use crate::diagnose::{Advice, Evidence, Fact, Opens, Thresholds, Unit};
use crate::model::id::Resource;
use crate::model::insights::InsightsMode;
use crate::model::throttle::Direction;
use crate::store::Reading;

/// A full partition is mostly one key's doing. Several warm keys in one partition are parted by
/// DynamoDB itself (Amazon DynamoDB Developer Guide, "Burst and adaptive capacity").
pub(super) fn key_range(
    reading: Reading<'_>,
    episode: &Episode,
    thresholds: &Thresholds,
) -> (Advice, Vec<Evidence>) {
    let (resource, direction) = (&episode.resource, episode.direction);
    let hot_key = hot_key::of(reading, episode, thresholds);
    let (now, key) = relief(resource, direction);
    // What is to be known before anybody doubles the bill.
    let not = format!("more capacity will not help; in the long run, spread {key}");
    let advice = match hot_key.kind {
        Kind::One => Advice::from(format!("one key is too hot: {now}")).knowing(not),
        Kind::InTurn => {
            let step = "one key after the other is too hot, and none for long enough to wait for";
            Advice::from(format!("{step}: {now}")).knowing(not)
        }
        Kind::Several => Advice::from(
            "no key stands out: back off with jitter while DynamoDB splits the partition by itself, which takes minutes",
        )
        .knowing("more capacity will not help"),
        Kind::Off | Kind::Unmeasured => {
            let mode = match (resource, direction) {
                // Throttled writes of an index are not measured.
                (Resource::Index(..), Direction::Write) => InsightsMode::AccessedAndThrottled,
                (
                    Resource::Account
                    | Resource::Table(_)
                    | Resource::Index(..)
                    | Resource::Cluster(_)
                    | Resource::Node(..),
                    _,
                ) => InsightsMode::Throttled,
            };
            let step = format!(
                "usually one hot key: {now}. To see it, turn on Contributor Insights in mode {}",
                mode.as_str()
            );
            Advice::opening(Opens::PricedPlan, step).knowing(not)
        }
        Kind::Unknown => Advice::from(format!(
            "usually one hot key: {now}. If Contributor Insights (the {}) shows several keys, DynamoDB splits the \
             partition by itself in minutes",
            insights_report(resource, direction)
        ))
        .knowing(not),
    };
    let limit = partition_limit(direction);
    let unit = unit(reading, resource, direction);
    let seen = format!("one partition gives {} {unit} per second", number(limit));
    let seen = Evidence::fact(Fact::PartitionLimit, seen).of(limit, Unit::UnitsPerSecond);
    (advice, hot_key.evidence.into_iter().chain([seen]).collect())
}

/// What takes load off one key at once, and which key has to be spread. An eventually consistent read takes half of
/// what a strongly consistent one does, and an index has no others (Amazon DynamoDB Developer Guide, "DynamoDB read
/// consistency").
fn relief(resource: &Resource, direction: Direction) -> (&'static str, &'static str) {
    let key = match resource {
        Resource::Index(..) => "the index's partition key",
        Resource::Table(_) | Resource::Account | Resource::Cluster(_) | Resource::Node(..) => {
            "the partition key"
        }
    };
    let now = match (direction, resource) {
        (Direction::Read, Resource::Index(..)) => {
            "cache what is read of it (application or DAX), or slow its readers down"
        }
        (
            Direction::Read,
            Resource::Table(_) | Resource::Account | Resource::Cluster(_) | Resource::Node(..),
        ) => {
            "cache its items (application or DAX), read eventually consistent for half the units, or slow its readers down"
        }
        (Direction::Write, _) => {
            "slow down or put off its writes, and retry with back-off and jitter"
        }
    };
    (now, key)
}
