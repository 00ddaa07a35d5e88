//! The next step for each cause, as AWS recommends it for the throttling reason.
//!
//! Source: Amazon DynamoDB Developer Guide, "Diagnosing throttling".

mod capacity;
pub(super) mod demand;
mod partition;
mod raised;

use super::episode::Episode;
use super::words::{limit, name, number, unit};
use super::{Advice, Evidence, Thresholds};
use crate::model::id::Resource;
use crate::model::throttle::{Direction, Limit};
use crate::store::Reading;

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
        Limit::KeyRange => partition::key_range(reading, episode, thresholds),
        Limit::MaxOnDemand => capacity::max_on_demand(reading, episode),
        Limit::AccountLimit => (account_limit(reading, resource, direction), vec![]),
    }
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

/// The limit is each on-demand table's own, so that less traffic to others does not help (Amazon DynamoDB Developer
/// Guide, "Account limits exceeded"); an increase is not instantaneous (DynamoDB API Reference, `DescribeLimits`).
fn account_limit(reading: Reading<'_>, resource: &Resource, direction: Direction) -> Advice {
    let quota = reading.quotas().map(|quotas| number(quotas.per_table(direction)));
    let unit = unit(reading, resource, direction);
    let now = quota.map_or(String::new(), |quota| format!(" (now {quota} {unit})"));
    let (kind, name) = (direction.as_str(), name(resource));
    Advice::from(format!(
        "slow down or put off what can wait of the {kind}s of {name}, and ask Service Quotas to increase the table-level \
         {kind} throughput limit{now}"
    ))
    .knowing("the increase does not come at once, and the limit is this table's alone: less traffic to others frees none")
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
