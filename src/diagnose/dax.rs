//! DAX: does a cluster, or a node of it, do what it is there for, and which tables suffer if not.
//!
//! What AWS says of a status is told in its words. Metrics are judged in settled minutes, and what is usual by those
//! in which the cluster was asked anything. DAX publishes no zero, so that a cluster that nobody asks has no points but
//! of its CPU, and a node without points is unknown rather than down.

mod advice;
mod cause;
mod credits;
mod ground;
mod load;
mod lookups;
mod misses;
mod nodes;
mod standing;
mod tables;
mod thresholds;

pub use cause::DaxCause;
pub(super) use tables::tell_tables;
pub use thresholds::DaxThresholds;

use super::{Cause, Severity, Thresholds, Verdict};
use crate::store::Reading;
use ground::Ground;

/// What is wrong with each cluster.
pub(super) fn verdicts(
    reading: Reading<'_>,
    found: &[Verdict],
    thresholds: &Thresholds,
) -> Vec<Verdict> {
    let clusters = reading.clusters().value().into_iter().flatten();
    let grounds = clusters.map(|cluster| Ground::of(reading, cluster, thresholds));
    grounds.flat_map(|ground| of_cluster(&ground, found)).collect()
}

fn of_cluster(ground: &Ground<'_>, found: &[Verdict]) -> Vec<Verdict> {
    let refused = load::verdicts(ground);
    let mut verdicts = nodes::verdicts(ground, &refused);
    verdicts.extend(refused);
    verdicts.extend(credits::verdicts(ground));
    if let Some((mut verdict, lookups)) = misses::verdict(ground) {
        tables::relate(ground, &mut verdict, Some(&lookups), found);
        verdicts.push(verdict);
        return verdicts;
    }
    // Where nothing more is missed, the tables behind it feel whatever else is the trouble.
    let is_trouble = |verdict: &&mut Verdict| verdict.severity == Severity::Trouble;
    if let Some(first) = verdicts.iter_mut().find(is_trouble) {
        tables::relate(ground, first, None, found);
    }
    verdicts.extend(standing::verdict(ground));
    verdicts
}

/// Whether a verdict is about this cause of DAX's.
fn is(verdict: &Verdict, cause: DaxCause) -> bool {
    verdict.cause == Cause::Dax(cause)
}
