//! What arithmetic says about a cause when AWS publishes no reasons.
//!
//! A table or index refuses at one of two kinds of limit: one of its partitions is full, or all of
//! it is. All of it is limited by provisioned capacity with its burst bank or, on-demand, by the
//! lower of its maximum and the account's quota. Both can refuse at once, and what was admitted does
//! not show how much each refused: consumption at a limit proves little by itself.

use super::episode::Episode;
use super::words::{clock, number, unit};
use super::{Evidence, Fact, Thresholds};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::table::Capacity;
use crate::model::throttle::{Direction, Limit};
use crate::model::time::{Minute, Window};
use crate::store::{Reading, SeriesView};

/// Minutes of unused provisioned capacity that the burst bank holds (Amazon DynamoDB Developer
/// Guide, "Burst and adaptive capacity").
const BURST_MINUTES: i64 = 5;
/// Consumption counts as above a limit, for bursts, from this share of it on.
const ABOVE: f64 = 1.01;
/// A full partition shows as consumption of at least this share of its limit.
const FULL_PARTITION: f64 = 0.8;

/// What one partition gives, in units per second.
///
/// Source: Amazon DynamoDB Developer Guide, "Designing partition keys to distribute your workload".
pub(super) fn partition_limit(direction: Direction) -> f64 {
    match direction {
        Direction::Read => 3_000.0,
        Direction::Write => 1_000.0,
    }
}

/// The cause, if only one of the candidates is possible.
#[derive(Debug)]
pub(super) struct Inference {
    pub(super) limit: Option<Limit>,
    pub(super) candidates: Vec<Limit>,
    pub(super) evidence: Evidence,
}

impl Inference {
    fn open(candidates: Vec<Limit>, why: impl Into<String>) -> Self {
        Self { limit: None, candidates, evidence: Evidence::fact(Fact::Inference, why) }
    }
}

/// What limits a table or index as a whole.
#[derive(Debug, Clone, Copy)]
struct Ceiling {
    limit: Limit,
    /// Units per second.
    units: f64,
}

/// One throttled minute whose limits are known.
#[derive(Debug, Clone, Copy)]
struct Throttled {
    minute: Minute,
    /// Refused items.
    events: f64,
    /// Consumption as a share of the ceiling.
    share: f64,
}

impl Throttled {
    /// Its events if the ceiling was met, whatever refused them.
    fn near_ceiling(self, thresholds: &Thresholds) -> f64 {
        let is_met = self.share >= thresholds.pinned_share && self.share <= ABOVE;
        if is_met { self.events } else { 0.0 }
    }
}

/// Consumption, as a share of the ceiling, in the minutes that prove a cause.
#[derive(Debug, Clone, Copy)]
struct Span {
    since: Minute,
    lowest: f64,
    highest: f64,
}

/// Concludes what the figures allow; never more.
pub(super) fn infer(reading: Reading<'_>, episode: &Episode, thresholds: &Thresholds) -> Inference {
    let Episode { resource, direction, .. } = episode;
    let Some(capacity) = reading.capacity(resource, *direction) else {
        return Inference::open(Limit::ALL.to_vec(), "its limits are not known: not described");
    };
    let quota = reading.quotas().map(|quotas| quotas.per_table(*direction));
    let candidates = candidates(capacity, quota);
    let Some(ceiling) = ceiling(capacity, quota) else {
        return Inference::open(candidates, "which limit holds for all of it is not known");
    };
    if *direction == Direction::Write && another_index_may_refuse(reading, episode) {
        return Inference::open(candidates, "another index may refuse writes, which hides demand");
    }
    let key = SeriesKey::sum(resource.clone(), Metric::Consumed(*direction));
    let (Some(consumed), Some(held)) = (reading.series(&key), reading.capacity_held(resource))
    else {
        return Inference::open(candidates, "its consumption was not read");
    };
    let unit = unit(reading, resource, *direction);
    let shares = Shares { consumed, held, direction: *direction, ceiling };
    let (limit, span) =
        if let Some(span) = shares.proven(episode, thresholds, Shares::refused_by_partition) {
            (Limit::KeyRange, span)
        } else if let Some(span) = shares.proven(episode, thresholds, Shares::refused_by_ceiling) {
            (ceiling.limit, span)
        } else if let Some(span) =
            shares.proven(episode, thresholds, |_, minute, t| minute.near_ceiling(t))
        {
            let range = in_words(reading, span, ceiling, unit);
            let why = format!("{range}: near it, but a hot partition may refuse more");
            return Inference::open(candidates, why);
        } else {
            return Inference::open(candidates, "its consumption fits more than one cause");
        };
    let what = format!("{}: only {} fits", in_words(reading, span, ceiling, unit), limit.cause());
    Inference { limit: Some(limit), candidates, evidence: Evidence::fact(Fact::Inference, what) }
}

fn in_words(reading: Reading<'_>, span: Span, ceiling: Ceiling, unit: &str) -> String {
    let percent = |share: f64| number((100.0 * share).round());
    let (lowest, highest) = (percent(span.lowest), percent(span.highest));
    let range = if lowest == highest { lowest } else { format!("{lowest} to {highest}") };
    format!(
        "consumption of {range} % of the {} of {} {unit} since {}",
        words_of(ceiling.limit),
        number(ceiling.units),
        clock(reading, span.since),
    )
}

fn words_of(limit: Limit) -> &'static str {
    match limit {
        Limit::Provisioned => "provisioned capacity",
        Limit::MaxOnDemand => "on-demand maximum",
        Limit::AccountLimit => "account's quota",
        Limit::KeyRange => "partition limit",
    }
}

/// What can refuse at all under this billing mode.
fn candidates(capacity: Capacity, quota: Option<f64>) -> Vec<Limit> {
    match (capacity.provisioned, capacity.maximum, quota) {
        (Some(_), _, _) => vec![Limit::Provisioned, Limit::KeyRange],
        (None, Some(maximum), Some(quota)) if maximum < quota => {
            vec![Limit::MaxOnDemand, Limit::KeyRange]
        }
        (None, Some(_), _) => vec![Limit::MaxOnDemand, Limit::AccountLimit, Limit::KeyRange],
        (None, None, _) => vec![Limit::AccountLimit, Limit::KeyRange],
    }
}

fn ceiling(capacity: Capacity, quota: Option<f64>) -> Option<Ceiling> {
    let (limit, units) = match (capacity.provisioned, capacity.maximum, quota) {
        (Some(units), _, _) => (Limit::Provisioned, units),
        (None, Some(maximum), Some(quota)) if maximum < quota => (Limit::MaxOnDemand, maximum),
        (None, None, Some(quota)) => (Limit::AccountLimit, quota),
        (None, Some(_), _) | (None, None, None) => return None,
    };
    (units > 0.0).then_some(Ceiling { limit, units })
}

/// Whether an index refuses, or may refuse, what this resource may have admitted but then did not
/// consume.
fn another_index_may_refuse(reading: Reading<'_>, episode: &Episode) -> bool {
    let Some(name) = episode.resource.table_name() else { return false };
    let Some(table) = reading.table(name) else { return true };
    table.indexes.iter().any(|index| {
        let other = Resource::Index(name.clone(), index.name.clone());
        let key = SeriesKey::sum(other.clone(), Metric::ThrottleEvents(Direction::Write));
        let is_known = reading.known_through(&key) >= Some(episode.last());
        let refuses = |view: SeriesView<'_>| {
            let mut points = view.points().filter(|(minute, _)| *minute >= episode.since);
            points.any(|(_, point)| point.value() > Some(0.0))
        };
        other != episode.resource && (!is_known || reading.series(&key).is_none_or(refuses))
    })
}

/// Consumption against a ceiling, for the minutes in which the ceiling is known to have held.
#[derive(Debug, Clone, Copy)]
struct Shares<'a> {
    consumed: SeriesView<'a>,
    held: Window,
    direction: Direction,
    ceiling: Ceiling,
}

impl Shares<'_> {
    fn of(&self, minute: Minute) -> Option<f64> {
        let is_known = self.held.contains(minute) && minute <= self.consumed.settled_through();
        let sum = self.consumed.get(minute).value().filter(|_| is_known)?;
        Some(sum / 60.0 / self.ceiling.units)
    }

    /// The minutes with events that `proof` counts for one limit, if they are enough and these are
    /// most events: then that limit refused most, whatever happened otherwise.
    fn proven(
        &self,
        episode: &Episode,
        thresholds: &Thresholds,
        proof: impl Fn(&Self, Throttled, &Thresholds) -> f64,
    ) -> Option<Span> {
        let window = episode.cause_window(thresholds);
        let mut all = 0.0;
        let mut proven = Vec::new();
        let mut proven_events = 0.0;
        for &(minute, events) in episode.throttled.iter().filter(|(m, _)| window.contains(*m)) {
            all += events;
            let Some(share) = self.of(minute) else { continue };
            let throttled = Throttled { minute, events, share };
            let counted = proof(self, throttled, thresholds);
            if counted > 0.0 {
                proven_events += counted;
                proven.push(throttled);
            }
        }
        let is_enough = proven.len() >= thresholds.agreeing_minutes && proven_events > all / 2.0;
        let since = proven.first().filter(|_| is_enough)?.minute;
        let shares = || proven.iter().map(|throttled| throttled.share);
        Some(Span {
            since,
            lowest: shares().fold(f64::INFINITY, f64::min),
            highest: shares().fold(0.0, f64::max),
        })
    }

    /// The minute's events if nothing but a full partition can have refused, else none.
    fn refused_by_partition(&self, throttled: Throttled, thresholds: &Thresholds) -> f64 {
        let limit = partition_limit(self.direction);
        let is_certain = match self.ceiling.limit {
            Limit::Provisioned => self.burst_left(throttled) >= thresholds.burst_reserve_seconds,
            // Without a bank, a few seconds of much traffic may meet the ceiling in a minute of
            // little, the more so with a full partition on top. A partition that is full all
            // along shows in the minute's consumption.
            Limit::MaxOnDemand | Limit::AccountLimit => {
                let units = throttled.share * self.ceiling.units;
                units < thresholds.clear_share * (self.ceiling.units - limit)
                    && units >= FULL_PARTITION * limit
            }
            Limit::KeyRange => false,
        };
        if is_certain { throttled.events } else { 0.0 }
    }

    /// The least that the burst bank can have held at any time of the minute, in seconds of
    /// provisioned capacity: what earlier minutes left unused, less all the minute consumed.
    fn burst_left(&self, throttled: Throttled) -> f64 {
        let mut banked: f64 = 0.0;
        let mut best: f64 = 0.0;
        for back in 1..=BURST_MINUTES {
            let Some(share) = self.of(throttled.minute.plus(-back)) else { break };
            banked += 60.0 * (1.0 - share);
            best = best.max(banked);
        }
        best - 60.0 * throttled.share
    }

    /// The least that the ceiling can have refused in a minute in which it was met.
    ///
    /// Where one partition admits more in a second than the ceiling can, whatever the partition
    /// refuses comes on top of what the ceiling must then refuse; at worst all in the same second.
    fn refused_by_ceiling(&self, throttled: Throttled, thresholds: &Thresholds) -> f64 {
        let units_per_event = match self.direction {
            Direction::Read => thresholds.read_units_per_event,
            Direction::Write => thresholds.write_units_per_event,
        };
        let at_once = self.ceiling.units * self.seconds_at_once(throttled.minute);
        let room = partition_limit(self.direction) - at_once;
        if room <= 0.0 {
            return 0.0;
        }
        throttled.near_ceiling(thresholds).min(room / units_per_event)
    }

    /// The most that the ceiling can have let through in one second of the minute, in seconds of
    /// it: provisioned capacity may have been banked in all earlier ones.
    fn seconds_at_once(&self, minute: Minute) -> f64 {
        if self.ceiling.limit != Limit::Provisioned {
            return 1.0;
        }
        let full = 60.0 * BURST_MINUTES as f64;
        let earlier = self.consumed.points().filter(|(earlier, _)| *earlier < minute);
        let banked = earlier.fold(full, |banked, (earlier, _)| {
            let known = self.of(earlier).map(|share| banked + 60.0 * (1.0 - share));
            known.map_or(full, |banked| banked.clamp(0.0, full))
        });
        banked + 60.0
    }
}
