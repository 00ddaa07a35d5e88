//! Which queries are due, over which window, in which calls.

use super::budget::{Load, Pace};
use super::fleet::{Fleet, Progress, Trouble, Watch, spread};
use super::{Interest, Settings};
use crate::model::id::Resource;
use crate::model::metric::{Metric, Operation, SeriesKey, Statistic};
use crate::model::throttle::{Direction, Limit};
use crate::model::time::{Minute, Window};
use std::collections::BTreeMap;

/// The most queries one `GetMetricData` takes (`CloudWatch` API Reference, `GetMetricData`).
pub(crate) const QUERIES_PER_CALL: usize = 500;

/// The shortest window: what was read is read again until it is settled, and a little more.
const SHORTEST_MINUTES: i64 = 5;
/// Longer windows than this are rounded up, so that many resources share few windows.
const EXACT_MINUTES: i64 = 10;
const ROUND_MINUTES: i64 = 30;

/// The series of one resource that are due together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// Consumed capacity and throttle events; `UserErrors` of the account.
    Sentinels,
    /// The eight reason metrics.
    Reasons,
    /// Latency, errors and failed conditions of a table.
    Details,
}

impl Group {
    const ALL: [Self; 3] = [Self::Sentinels, Self::Reasons, Self::Details];

    /// The group that `metric` belongs to.
    pub(crate) fn of(metric: Metric) -> Self {
        match metric {
            Metric::Consumed(_) | Metric::ThrottleEvents(_) | Metric::UserErrors => Self::Sentinels,
            Metric::ThrottleEventsBy(..) => Self::Reasons,
            Metric::SuccessfulRequestLatency
            | Metric::SystemErrors
            | Metric::ConditionalCheckFailedRequests => Self::Details,
        }
    }

    /// The series of `resource` in this group; statistics of one metric stand side by side.
    fn keys(self, resource: &Resource, operations: &[Operation]) -> Vec<SeriesKey> {
        let sum = |metric| SeriesKey::sum(resource.clone(), metric);
        match (self, resource) {
            (Self::Sentinels, Resource::Account) => vec![sum(Metric::UserErrors)],
            (Self::Sentinels, _) => Metric::SENTINELS.map(sum).to_vec(),
            (Self::Reasons, Resource::Table(_) | Resource::Index(..)) => Direction::ALL
                .into_iter()
                .flat_map(|direction| Limit::ALL.map(|l| Metric::ThrottleEventsBy(direction, l)))
                .map(sum)
                .collect(),
            (Self::Details, Resource::Table(_)) => details(resource, operations),
            (Self::Reasons, Resource::Account)
            | (Self::Details, Resource::Account | Resource::Index(..)) => vec![],
        }
    }

    /// How many metrics `CloudWatch` bills for one reading of the group.
    fn billed(self, resource: &Resource, operations: &[Operation]) -> u64 {
        match (self, resource) {
            (Self::Sentinels, Resource::Account) => 1,
            (Self::Sentinels, _) => 4,
            (Self::Reasons, Resource::Table(_) | Resource::Index(..)) => 8,
            (Self::Details, Resource::Table(_)) => 1 + 2 * operations.len() as u64,
            (Self::Reasons, Resource::Account)
            | (Self::Details, Resource::Account | Resource::Index(..)) => 0,
        }
    }
}

fn details(table: &Resource, operations: &[Operation]) -> Vec<SeriesKey> {
    let of = |metric, operation: &Operation, statistic| SeriesKey {
        resource: table.clone(),
        metric,
        operation: Some(operation.clone()),
        statistic,
    };
    let latency = operations.iter().flat_map(|operation| {
        [Statistic::Average, Statistic::P99]
            .map(|statistic| of(Metric::SuccessfulRequestLatency, operation, statistic))
    });
    let errors = operations.iter().map(|op| of(Metric::SystemErrors, op, Statistic::Sum));
    let failed = SeriesKey::sum(table.clone(), Metric::ConditionalCheckFailedRequests);
    latency.chain(errors).chain([failed]).collect()
}

/// One group of one resource that is due, and since when it is to be read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ask {
    pub(crate) resource: Resource,
    pub(crate) group: Group,
    pub(crate) window: Window,
}

/// One `GetMetricData`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Batch {
    pub(crate) window: Window,
    pub(crate) keys: Vec<SeriesKey>,
}

/// What to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Everything that is due in this minute.
    Cycle,
    /// Everything that was not asked for in this minute, slowed or not.
    Refresh,
    /// Only what was not being read: new resources, rows that have come into view, new trouble.
    Newcomers,
}

/// What decides whether something is due.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Planner<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) interest: &'a Interest,
    pub(crate) pace: Pace,
    /// The present minute; the newest complete one is the one before.
    pub(crate) minute: Minute,
}

impl Planner<'_> {
    /// What is due; nothing that was asked for in this minute already.
    pub(crate) fn due(&self, fleet: &Fleet, reach: Reach) -> Vec<Ask> {
        let mut due = Vec::new();
        for (resource, watch) in fleet.watched() {
            for group in Group::ALL {
                if self.is_due(resource, watch, group, reach) {
                    let window = self.window(watch, group);
                    due.push(Ask { resource: resource.clone(), group, window });
                }
            }
        }
        due
    }

    fn is_due(&self, resource: &Resource, watch: &Watch, group: Group, reach: Reach) -> bool {
        if !self.is_wanted(resource, watch, group) {
            return false;
        }
        let Progress { asked: Some(asked), promised, .. } = watch.progress(group) else {
            return true;
        };
        // Until it was promised its last figure counts as fresh: a slower pace may not break that.
        let turn = self.turn(resource, watch, asked);
        let due = promised.map_or(turn, |promised| promised.min(turn));
        match reach {
            _ if self.minute <= asked => false,
            Reach::Refresh => true,
            Reach::Newcomers => self.minute > due,
            Reach::Cycle => self.minute >= due,
        }
    }

    fn is_wanted(&self, resource: &Resource, watch: &Watch, group: Group) -> bool {
        let escalated = watch.escalated(self.minute).is_some();
        match (group, resource) {
            (Group::Sentinels, _) => true,
            (Group::Reasons, _) => escalated,
            (Group::Details, Resource::Table(_)) => escalated || self.interest.shows(resource),
            (Group::Details, Resource::Account | Resource::Index(..)) => false,
        }
    }

    /// Every how many minutes a resource is read.
    fn every(&self, resource: &Resource, watch: &Watch) -> i64 {
        if self.is_urgent(resource, watch) {
            1
        } else if self.interest.shows(resource) {
            self.pace.visible
        } else {
            self.pace.hidden
        }
    }

    /// Whether a resource is never slowed.
    fn is_urgent(&self, resource: &Resource, watch: &Watch) -> bool {
        resource == &Resource::Account || watch.escalated(self.minute).is_some()
    }

    /// The first minute after `asked` that is a resource's own at the present pace.
    ///
    /// Slowed rows take turns: the name of the table decides which minute is its own.
    fn turn(&self, resource: &Resource, watch: &Watch, asked: Minute) -> Minute {
        let every = self.every(resource, watch);
        let slot = resource.table_name().map_or(0, |name| spread(name, every));
        let earliest = asked.plus(1);
        earliest.plus((slot - earliest.0).rem_euclid(every))
    }

    /// The minute in which a resource that is read now will be read again.
    pub(crate) fn next(&self, fleet: &Fleet, resource: &Resource) -> Minute {
        let turn = |watch| self.turn(resource, watch, self.minute);
        fleet.watch(resource).map_or(self.minute.plus(1), turn)
    }

    /// Since the last settled point that was read, at least five minutes, at most what fits.
    fn window(&self, watch: &Watch, group: Group) -> Window {
        let end = self.minute;
        let settled = watch.progress(group).settled_to;
        let start = match (group, watch.escalated(end)) {
            (Group::Reasons, Some(Trouble { first, .. })) => {
                settled.map_or(first, |s| s.max(first))
            }
            _ => settled.unwrap_or(end.plus(-self.settings.backfill_minutes)),
        };
        let minutes = end.since(start).max(SHORTEST_MINUTES);
        let minutes = if minutes > EXACT_MINUTES {
            (minutes + ROUND_MINUTES - 1) / ROUND_MINUTES * ROUND_MINUTES
        } else {
            minutes
        };
        Window::ending(end, minutes.min(self.settings.full_minutes))
    }

    /// What one reading of everything that is wanted now takes.
    pub(crate) fn load(&self, fleet: &Fleet) -> Load {
        let mut load = Load::default();
        for (resource, watch) in fleet.watched() {
            let table = resource.table_name();
            let operations = table.map_or(&[][..], |table| fleet.operations(table));
            let metrics: u64 = Group::ALL
                .into_iter()
                .filter(|group| self.is_wanted(resource, watch, *group))
                .map(|group| group.billed(resource, operations))
                .sum();
            if self.is_urgent(resource, watch) {
                load.urgent += metrics;
            } else if self.interest.shows(resource) {
                load.visible += metrics;
            } else {
                load.hidden += metrics;
            }
        }
        load
    }
}

/// Groups what is due by window into calls of at most 500 queries.
///
/// Metrics with two statistics come first: 500 is even, so none is cut apart and billed twice.
pub(crate) fn batches(fleet: &Fleet, asks: &[Ask]) -> Vec<Batch> {
    let mut by_window: BTreeMap<Window, [Vec<SeriesKey>; 2]> = BTreeMap::new();
    for ask in asks {
        let table = ask.resource.table_name();
        let operations = table.map_or(&[][..], |table| fleet.operations(table));
        let [pairs, singles] = by_window.entry(ask.window).or_default();
        for key in ask.group.keys(&ask.resource, operations) {
            let paired = key.metric == Metric::SuccessfulRequestLatency;
            if paired { pairs.push(key) } else { singles.push(key) }
        }
    }
    let mut batches = Vec::new();
    for (window, [mut keys, mut singles]) in by_window {
        keys.append(&mut singles);
        batches.extend(
            keys.chunks(QUERIES_PER_CALL).map(|keys| Batch { window, keys: keys.to_vec() }),
        );
    }
    batches
}

#[cfg(test)]
mod tests;
