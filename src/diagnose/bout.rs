//! When throttling began and ended: each time of it that the kept minutes tell of, past or present.

use super::Thresholds;
use super::episode::Episode;
use super::reasons::Reasons;
use crate::model::id::Resource;
use crate::model::throttle::{Direction, Reason};
use crate::model::time::Minute;
use crate::store::Reading;

/// How far back is told: as far as a day's events are.
const TOLD_MINUTES: i64 = 24 * 60;

/// A time in which one resource refused requests, more than the isolated one that every busy table refuses.
#[derive(Debug, Clone, PartialEq)]
pub struct Bout {
    /// The table or index.
    pub resource: Resource,
    /// Reads or writes.
    pub direction: Direction,
    /// Its first minute, or the first that is known.
    pub since: Minute,
    /// Whether it may have begun earlier: nothing is known of the minutes before.
    pub since_or_earlier: bool,
    /// The first minute without throttle events after it, once as many calm ones have followed as end a trouble.
    pub ended: Option<Minute>,
    /// Throttle events so far.
    pub events: f64,
    /// Why most were refused, where AWS's metrics tell.
    pub reason: Option<Reason>,
}

/// Every time of throttling in a scope, by resource, direction and time; from settled minutes alone.
pub fn bouts(reading: Reading<'_>, thresholds: &Thresholds) -> Vec<Bout> {
    let reading = reading.with_settling(false);
    let Some(newest) = reading.newest_settled() else { return vec![] };
    let throttled = reading.throttled_since(newest.plus(-TOLD_MINUTES));
    throttled
        .flat_map(|resource| {
            let each = |direction| Episode::all(reading, &resource, direction, thresholds);
            Direction::ALL.into_iter().flat_map(each).collect::<Vec<_>>()
        })
        .map(|episode| bout(reading, &episode, thresholds))
        .collect()
}

fn bout(reading: Reading<'_>, episode: &Episode, thresholds: &Thresholds) -> Bout {
    let Episode { resource, direction, .. } = episode;
    let limit = match Reasons::of(reading, episode, thresholds) {
        Reasons::Measured(counted) => counted.first().map(|(limit, _)| *limit),
        Reasons::NotPublished | Reasons::NotRead(_) => None,
    };
    Bout {
        resource: resource.clone(),
        direction: *direction,
        since: episode.since,
        since_or_earlier: episode.maybe_earlier,
        ended: episode.is_over.then(|| episode.last().plus(1)),
        events: episode.throttled.iter().map(|(_, events)| events).sum(),
        reason: limit.and_then(|limit| Reason::of(resource, *direction, limit)),
    }
}
