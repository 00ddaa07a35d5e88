//! The state store: what every [`Update`] so far says, and what may be concluded from it now.
//!
//! [`Store::apply`] is the only way in and [`Store::reading`] the only way out. A store is copied
//! on write, table by table, so that a clone costs next to nothing: that is what freezing is.

mod capacity;
mod clusters;
mod dax;
mod detail;
mod events;
#[cfg(test)]
pub(crate) mod fixture;
mod health;
mod hot_keys;
mod inventory;
mod outflow;
mod parts;
mod published;
mod reading;
mod scope;
mod series;
#[cfg(test)]
mod tests;
mod unread;

pub use dax::unknown_behind;
pub use detail::Detail;
pub use health::{Beat, Health};
pub use hot_keys::{HotKeys, Trend};
pub use reading::{Reading, TableEntry};

pub use series::{Point, SeriesView};

use crate::model::dax::Behind;
use crate::model::health::Poller;
use crate::model::id::{Resource, Scope};
use crate::model::update::{News, Update};
use jiff::Timestamp;
use scope::ScopeState;
use series::Reply;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How long data take to settle, stay fresh and are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Seconds after its end from which a minute counts as settled.
    pub settle_seconds: i64,
    /// Seconds after a series was due during which its last value still counts as fresh.
    pub grace_seconds: i64,
    /// Minutes kept of the metrics that are read for the whole fleet.
    pub list_minutes: usize,
    /// Minutes kept of every other series, and of all series of escalated resources.
    pub full_minutes: usize,
    /// Minutes kept of all series of the table that was opened last and of its indexes.
    pub open_minutes: usize,
    /// Minutes after its last throttle event for which a resource counts as escalated.
    pub keep_escalated_minutes: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            settle_seconds: 120,
            grace_seconds: 45,
            list_minutes: 60,
            full_minutes: 180,
            open_minutes: 1_440,
            keep_escalated_minutes: 15,
        }
    }
}

/// Everything known, by scope.
#[derive(Debug, Clone)]
pub struct Store {
    settings: Settings,
    scopes: BTreeMap<Scope, Arc<ScopeState>>,
    /// The table or index that was opened last in each scope.
    opened: BTreeMap<Scope, Resource>,
    /// Which tables are read through which DAX cluster, as the user says.
    behind: Arc<Behind>,
}

impl Store {
    /// Makes an empty store.
    pub fn new(settings: Settings) -> Self {
        let (scopes, opened) = (BTreeMap::new(), BTreeMap::new());
        Self { settings, scopes, opened, behind: Arc::default() }
    }

    /// The same store, which knows what tables are read through which DAX cluster.
    #[must_use]
    pub fn with_tables_behind(self, behind: Arc<Behind>) -> Self {
        Self { behind, ..self }
    }

    /// Takes in one piece of news, whatever it says and in whatever order it comes: of what is described, what was
    /// asked for last counts.
    ///
    /// Points of a table or index that is not known are dropped: they are late replies, and must
    /// not bring back what was deleted.
    pub fn apply(&mut self, update: Update) {
        let Update { scope, at, news } = update;
        if news == News::Left {
            self.scopes.remove(&scope);
            self.opened.remove(&scope);
            return;
        }
        let keeping = Keeping { settings: self.settings, opened: self.opened.get(&scope) };
        let state = Arc::make_mut(self.scopes.entry(scope).or_default());
        match news {
            News::Left => {}
            News::Identity(identity) => state.identity = Some(identity),
            News::TableNames(names) => state.set_table_names(names, at),
            News::Table(table) => state.describe(Arc::from(table), at),
            News::TimeToLive(name, reply) => {
                state.tell(&name, |table| table.time_to_live.tell(reply, at));
            }
            News::Backups(name, reply) => state.tell(&name, |table| table.backups.tell(reply, at)),
            News::Kinesis(name, reply) => state.tell(&name, |table| table.kinesis.tell(reply, at)),
            News::TableGone(name) => state.forget(&name, at),
            News::Quotas(quotas) => state.quotas = Some(quotas),
            News::Scaling(targets) => state.set_scalable_targets(targets, at),
            News::ScalingOf(resource, targets) => state.set_scaling_of(resource, targets, at),
            News::ScheduledActions(reply) => state.inventory.scheduled_actions.tell(reply, at),
            News::Alarms(reply) => state.inventory.tell_alarms(reply, at),
            News::MuteRules(reply) => state.inventory.tell_mute_rules(reply, at),
            News::MuteRule(name, rule) => state.inventory.tell_mute_rule(name, rule, at),
            News::AlarmData(alarm, reply) => state.inventory.tell_alarm_data(alarm, reply, at),
            News::InsightsOf(resource, told) => {
                state.inventory.tell_insights_of(resource, told, at);
            }
            News::Insights(reply) => state.inventory.tell_insights(reply, at),
            News::HotKeys(resource, reply) => state.inventory.hot_keys.tell(resource, reply, at),
            News::Consumers(reply) => state.inventory.consumers.tell(reply, at),
            News::Clusters(reply) => state.tell_clusters(reply, at),
            News::ParameterGroups(reply) => state.inventory.parameter_groups.tell(reply, at),
            News::Events(events) => state.log.tell(events, at),
            News::Operations(operations) => state.set_operations(operations, at),
            News::Points(points) => {
                if let Some(reply) = Reply::new(&points, at, self.settings.settle_seconds) {
                    state.record(&reply, &points.series, keeping);
                }
            }
            News::Round(round) => {
                // Once a minute is often enough to let go of what nobody looks at any more.
                if round.poller == Poller::Metrics {
                    state.drop_unused(at, keeping);
                }
                state.finish(round);
            }
            News::Cost(cost) => state.cost = cost,
        }
    }

    /// Names the table or index that is looked at in full, so that more is kept of the past of its
    /// table and of all indexes of that, until another table of the same scope is opened. The
    /// pollers must be told the same: they do not read again what is kept.
    pub fn open(&mut self, scope: Scope, resource: Resource) {
        self.opened.insert(scope, resource);
    }

    /// The scopes anything was heard of, in order.
    pub fn scopes(&self) -> impl Iterator<Item = &Scope> {
        self.scopes.keys()
    }

    /// The scopes of which these updates are the first to tell, each once.
    pub fn unheard_of<'a>(&self, updates: &'a [Update]) -> BTreeSet<&'a Scope> {
        let scopes = updates.iter().map(|update| &update.scope);
        scopes.filter(|scope| !self.scopes.contains_key(scope)).collect()
    }

    /// Looks at one scope as of `now`; an unknown scope reads as empty.
    pub fn reading<'a>(&'a self, scope: &'a Scope, now: Timestamp) -> Reading<'a> {
        static UNHEARD_OF: ScopeState = ScopeState::new();
        let state = self.scopes.get(scope).map_or(&UNHEARD_OF, |state| &**state);
        Reading::new(state, scope, &self.behind, self.settings, now)
    }
}

/// What decides how much of a series is kept.
#[derive(Debug, Clone, Copy)]
struct Keeping<'a> {
    settings: Settings,
    /// What was opened last.
    opened: Option<&'a Resource>,
}

impl Keeping<'_> {
    /// Whether `resource` is the table that was opened last, or an index of it.
    fn opened(&self, resource: &Resource) -> bool {
        let table = self.opened.and_then(Resource::table_name);
        table.is_some() && table == resource.table_name()
    }
}
