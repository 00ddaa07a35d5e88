//! Which queries are due, over which window, in which calls.

mod group;

pub(crate) use group::Group;
use group::{LATENCY_STATISTICS, Parts};

use super::budget::{Load, Pace};
use super::fleet::{Fleet, Progress, Trouble, Watch, spread};
use super::{Interest, Settings};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::time::{Minute, Window};
use std::collections::BTreeMap;

/// The most queries one `GetMetricData` takes, and the most points one reply holds (`CloudWatch`
/// API Reference, `GetMetricData`).
const QUERIES_PER_CALL: usize = 500;
const POINTS_PER_REPLY: i64 = 100_800;

/// The shortest window: what was read is read again until it is settled, and a little more.
const SHORTEST_MINUTES: i64 = 5;
/// Longer windows than this are rounded up, so that many resources share few windows.
const EXACT_MINUTES: i64 = 10;
const ROUND_MINUTES: i64 = 30;

/// One group of one resource that is due, and since when it is to be read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ask {
    pub(crate) resource: Resource,
    pub(crate) group: Group,
    pub(crate) window: Window,
    /// Whether it is the whole history of an open table or index.
    pub(crate) is_history: bool,
}

/// One `GetMetricData`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Batch {
    pub(crate) window: Window,
    pub(crate) keys: Vec<SeriesKey>,
}

/// What is read before what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// The open table and its indexes, the DAX cluster that is looked at and its nodes.
    Open,
    /// Rows on the screen.
    Visible,
    /// Everything else.
    Other,
}

impl Rank {
    fn of(resource: &Resource, interest: &Interest) -> Self {
        if interest.opens(resource) || interest.looks_at_cluster_of(resource) {
            Self::Open
        } else if interest.visible.contains(resource) {
            Self::Visible
        } else {
            Self::Other
        }
    }
}

impl Batch {
    /// The rank of the first among what it reads.
    pub(crate) fn rank(&self, interest: &Interest) -> Rank {
        let ranks = self.keys.iter().map(|key| Rank::of(&key.resource, interest));
        ranks.min().unwrap_or(Rank::Other)
    }
}

/// What to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Everything that is due in this minute.
    Cycle,
    /// Everything that was not asked for in this minute, slowed or not.
    Refresh,
    /// Only what was not being read: new resources, rows that have come into view, new trouble.
    Newcomers {
        /// When the round began that they join, if they join one: what it asked for is not new, however long it takes.
        round: Option<Minute>,
    },
}

/// What decides whether something is due.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Planner<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) interest: &'a Interest,
    pub(crate) pace: Pace,
    /// The present minute; the newest complete one is the one before.
    pub(crate) minute: Minute,
    /// Whether it is known which operations tables serve, as far as that can be read: before, asking
    /// for latency would ask for nothing and take the minute's turn.
    pub(crate) operations_listed: bool,
}

impl Planner<'_> {
    /// What is due; nothing that was asked for in this minute already.
    pub(crate) fn due(&self, fleet: &Fleet, reach: Reach) -> Vec<Ask> {
        let mut due = Vec::new();
        for (resource, watch) in fleet.watched() {
            for group in Group::ALL {
                if self.is_due(resource, watch, group, reach) {
                    due.push(self.ask(resource, watch, group));
                }
            }
        }
        due
    }

    fn is_due(&self, resource: &Resource, watch: &Watch, group: Group, reach: Reach) -> bool {
        let is_listed = group != Group::Details || self.operations_listed;
        if !self.is_wanted(resource, watch, group) || !is_listed {
            return false;
        }
        let progress = watch.progress(group);
        let Progress { asked: Some(asked), promised, failed, .. } = progress else {
            return true;
        };
        let since = match reach {
            Reach::Newcomers { round } => round.unwrap_or(self.minute),
            Reach::Cycle | Reach::Refresh => self.minute,
        };
        if self.lacks_history(resource, watch, group) {
            // Its newest minutes may have been read in this minute: the past cannot wait for the
            // next, unless it has been asked for, too.
            let is_asked = progress.history.is_some_and(|history| since <= history);
            return since > asked || !(failed || is_asked);
        }
        // Until it was promised its last figure counts as fresh: a slower pace may not break that.
        let turn = self.turn(resource, watch, group, asked);
        let due = promised.map_or(turn, |promised| promised.min(turn));
        match reach {
            _ if since <= asked => false,
            Reach::Refresh => true,
            Reach::Newcomers { .. } => self.minute > due,
            Reach::Cycle => self.minute >= due,
        }
    }

    fn is_wanted(&self, resource: &Resource, watch: &Watch, group: Group) -> bool {
        let escalated = watch.escalated(self.minute).is_some();
        let open = self.interest.opens(resource);
        match (group, resource) {
            (_, Resource::Cluster(_) | Resource::Node(..)) => {
                self.is_wanted_of_dax(resource, watch, group)
            }
            (Group::Sentinels, _) => true,
            (Group::Reasons, _) => escalated || open,
            (Group::Details, Resource::Table(_)) => escalated || self.interest.shows(resource),
            (Group::Conflicts, Resource::Table(_)) => {
                open || watch.is_transacted() && (escalated || self.interest.shows(resource))
            }
            (Group::Provisioned, _) => (escalated || open) && watch.is_provisioned(),
            (Group::Lag, Resource::Table(_)) => watch.outflow().is_timed(),
            (Group::Functions, Resource::Table(_)) => self.asks_about_functions(watch),
            (Group::Kinesis, Resource::Table(_)) => open && watch.outflow().kinesis.is_some(),
            (
                Group::Details | Group::Conflicts | Group::Lag | Group::Functions | Group::Kinesis,
                Resource::Account | Resource::Index(..),
            )
            | (Group::Network | Group::Credits, _) => false,
        }
    }

    /// The same of a DAX cluster or node: a calm cluster that nobody looks at tells enough by its sentinels.
    fn is_wanted_of_dax(&self, resource: &Resource, watch: &Watch, group: Group) -> bool {
        let is_near = watch.is_in_doubt(self.minute) || self.interest.shows(resource);
        match group {
            Group::Sentinels => is_near || matches!(resource, Resource::Cluster(_)),
            Group::Network => is_near,
            Group::Credits => {
                is_near && watch.is_burstable() && matches!(resource, Resource::Node(..))
            }
            Group::Reasons
            | Group::Details
            | Group::Conflicts
            | Group::Provisioned
            | Group::Lag
            | Group::Functions
            | Group::Kinesis => false,
        }
    }

    /// Whether errors and throttles of a table's functions are wanted: one may be late, or reads the stream of
    /// the open table.
    fn asks_about_functions(&self, watch: &Watch) -> bool {
        let open = self.interest.open.as_ref().and_then(Resource::table_name);
        let outflow = watch.outflow();
        outflow.is_in_doubt(self.minute) || open.is_some_and(|table| outflow.reads(table))
    }

    /// Whether the past of an open table or index is still to be read.
    fn lacks_history(&self, resource: &Resource, watch: &Watch, group: Group) -> bool {
        self.interest.opens(resource) && !watch.progress(group).has_history
    }

    /// Every how many minutes a resource is read.
    fn every(&self, resource: &Resource, watch: &Watch, group: Group) -> i64 {
        let period = group.period_minutes();
        if period > 1 {
            period.max(self.pace.visible)
        } else if self.is_urgent(resource, watch, group) {
            1
        } else if self.interest.shows(resource) {
            self.pace.visible
        } else {
            self.pace.hidden
        }
    }

    /// Whether a group of a resource is never slowed.
    fn is_urgent(&self, resource: &Resource, watch: &Watch, group: Group) -> bool {
        let is_about_functions = matches!(group, Group::Lag | Group::Functions);
        resource == &Resource::Account
            || watch.is_in_doubt(self.minute)
            || (is_about_functions && watch.outflow().is_in_doubt(self.minute))
    }

    /// The first minute after `asked` that is a resource's own at the present pace.
    ///
    /// Slowed rows take turns: the name of the table decides which minute is its own.
    fn turn(&self, resource: &Resource, watch: &Watch, group: Group, asked: Minute) -> Minute {
        let every = self.every(resource, watch, group);
        let slot = resource.table_name().map_or(0, |name| spread(name, every));
        let earliest = asked.plus(1);
        earliest.plus((slot - earliest.0).rem_euclid(every))
    }

    /// The minute in which a group that is read now will be read again.
    pub(crate) fn next(&self, fleet: &Fleet, resource: &Resource, group: Group) -> Minute {
        let turn = |watch| self.turn(resource, watch, group, self.minute);
        fleet.watch(resource).map_or(self.minute.plus(1), turn)
    }

    fn ask(&self, resource: &Resource, watch: &Watch, group: Group) -> Ask {
        let is_history = self.lacks_history(resource, watch, group);
        let window = if is_history {
            Window::ending(self.minute, self.settings.open_minutes)
        } else {
            let open = self.interest.opens(resource);
            let most = if open { self.settings.open_minutes } else { self.settings.full_minutes };
            self.window(watch, group, most)
        };
        Ask { resource: resource.clone(), group, window, is_history }
    }

    /// Since the last settled point that was read, at least five minutes, at most what fits.
    fn window(&self, watch: &Watch, group: Group, most: i64) -> Window {
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
        Window::ending(end, minutes.min(most))
    }

    /// What one reading of everything that is wanted now takes.
    pub(crate) fn load(&self, fleet: &Fleet) -> Load {
        let mut load = Load::default();
        for (resource, watch) in fleet.watched() {
            let parts = parts(fleet, (resource, watch), self.minute);
            let is_wanted = |group: &Group| self.is_wanted(resource, watch, *group);
            for group in Group::ALL.into_iter().filter(is_wanted) {
                let part = if group.period_minutes() > 1 {
                    &mut load.five_minute
                } else if self.is_urgent(resource, watch, group) {
                    &mut load.urgent
                } else if self.interest.shows(resource) {
                    &mut load.visible
                } else {
                    &mut load.hidden
                };
                *part += group.billed(resource, parts);
            }
        }
        load
    }
}

fn parts<'a>(
    fleet: &'a Fleet,
    (resource, watch): (&Resource, &'a Watch),
    minute: Minute,
) -> Parts<'a> {
    let table = resource.table_name();
    let operations = table.map_or(&[][..], |table| fleet.operations(table));
    let may_serve_others = watch.escalated(minute).is_some();
    Parts { operations, may_serve_others, outflow: watch.outflow() }
}

/// Groups what is due by window into calls whose replies fit one page, what is looked at first.
///
/// Metrics with several statistics come first in each: a call takes a multiple of that many queries,
/// so that none is cut apart and billed twice.
pub(crate) fn batches(fleet: &Fleet, interest: &Interest, asks: &[Ask]) -> Vec<Batch> {
    let mut asks: Vec<&Ask> = asks.iter().collect();
    asks.sort_by_cached_key(|ask| Rank::of(&ask.resource, interest));
    let mut by_window: BTreeMap<Window, [Vec<SeriesKey>; 2]> = BTreeMap::new();
    for ask in asks {
        let Some(watch) = fleet.watch(&ask.resource) else { continue };
        let parts = parts(fleet, (&ask.resource, watch), ask.window.end);
        let [several, singles] = by_window.entry(ask.window).or_default();
        for key in ask.group.keys(&ask.resource, parts) {
            let is_latency = key.metric == Metric::SuccessfulRequestLatency;
            if is_latency { several.push(key) } else { singles.push(key) }
        }
    }
    let mut batches = Vec::new();
    for (window, [mut keys, mut singles]) in by_window {
        let together = if keys.is_empty() { 1 } else { LATENCY_STATISTICS.len() };
        keys.append(&mut singles);
        let fits = POINTS_PER_REPLY / window.minutes().max(1);
        let most = usize::try_from(fits).unwrap_or(0).clamp(together, QUERIES_PER_CALL);
        let most = most / together * together;
        batches.extend(keys.chunks(most).map(|keys| Batch { window, keys: keys.to_vec() }));
    }
    batches.sort_by_cached_key(|batch| batch.rank(interest));
    batches
}

#[cfg(test)]
mod tests;
