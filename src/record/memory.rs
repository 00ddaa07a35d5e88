//! What a later file of a run begins with, since the files before it may be gone: the newest of all that is
//! not read again each minute. Without the tables, for one, the store would drop their data points.

use crate::model::event::{Event, Identity};
use crate::model::id::Scope;
use crate::model::update::{News, Update};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Events that are kept.
const MOST_EVENTS: usize = 2_000;

/// The newest news of each kind about each thing.
#[derive(Debug, Default)]
pub(super) struct Memory {
    kept: BTreeMap<Slot, Update>,
    events: BTreeMap<(Timestamp, Identity, Scope), Update>,
}

/// What news are about. The order is the one in which the store is fed: tables are named before they are described.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    scope: Scope,
    kind: Kind,
    /// The table, resource, rule or poller, where there are several.
    about: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Identity,
    Quotas,
    TableNames,
    Table,
    Operations,
    TimeToLive,
    Backups,
    Kinesis,
    Scaling,
    ScalingOf,
    ScheduledActions,
    Alarms,
    MuteRules,
    MuteRule,
    Insights,
    InsightsOf,
    HotKeys,
    Consumers,
    Clusters,
    ParameterGroups,
    Round,
    Cost,
}

impl Memory {
    /// Takes in news.
    pub(super) fn hear(&mut self, update: &Update) {
        let whole = |kind| (kind, String::new());
        let (kind, about) = match &update.news {
            News::Left => return self.forget(&update.scope),
            News::Identity(_) => whole(Kind::Identity),
            News::TableNames(names) => {
                self.keep_tables(&update.scope, names);
                whole(Kind::TableNames)
            }
            News::Table(table) => (Kind::Table, table.name.to_string()),
            News::TimeToLive(table, _) => (Kind::TimeToLive, table.to_string()),
            News::Backups(table, _) => (Kind::Backups, table.to_string()),
            News::Kinesis(table, _) => (Kind::Kinesis, table.to_string()),
            News::TableGone(table) => return self.forget_table(&update.scope, table),
            News::Quotas(_) => whole(Kind::Quotas),
            News::Scaling(_) => self.anew(update, Kind::Scaling, Kind::ScalingOf),
            News::ScalingOf(resource, _) => (Kind::ScalingOf, resource.to_string()),
            News::ScheduledActions(_) => whole(Kind::ScheduledActions),
            News::Alarms(_) => whole(Kind::Alarms),
            News::MuteRules(_) => self.anew(update, Kind::MuteRules, Kind::MuteRule),
            News::MuteRule(name, _) => (Kind::MuteRule, name.to_string()),
            News::Insights(_) => self.anew(update, Kind::Insights, Kind::InsightsOf),
            News::InsightsOf(resource, _) => (Kind::InsightsOf, resource.to_string()),
            News::HotKeys(resource, _) => (Kind::HotKeys, resource.to_string()),
            News::Consumers(_) => whole(Kind::Consumers),
            News::Clusters(_) => whole(Kind::Clusters),
            News::ParameterGroups(_) => whole(Kind::ParameterGroups),
            News::Events(events) => return self.hear_events(update, events),
            News::Operations(_) => whole(Kind::Operations),
            News::Round(round) => (Kind::Round, round.poller.name().to_owned()),
            News::Cost(_) => whole(Kind::Cost),
            // Read again each minute.
            News::AlarmData(..) | News::Points(_) => return,
        };
        self.kept.insert(Slot { scope: update.scope.clone(), kind, about }, update.clone());
    }

    /// Everything kept, in the order in which the store is to be fed.
    pub(super) fn recall(&self) -> impl Iterator<Item = &Update> {
        self.kept.values().chain(self.events.values())
    }

    /// Of news that replace the whole: the single things that were told after the last whole are in it.
    fn anew(&mut self, update: &Update, kind: Kind, single: Kind) -> (Kind, String) {
        self.kept.retain(|slot, _| slot.scope != update.scope || slot.kind != single);
        (kind, String::new())
    }

    fn forget(&mut self, scope: &Scope) {
        self.kept.retain(|slot, _| slot.scope != *scope);
        self.events.retain(|_, update| update.scope != *scope);
    }

    fn keep_tables(&mut self, scope: &Scope, names: &[Arc<str>]) {
        let names: BTreeSet<&str> = names.iter().map(|name| &**name).collect();
        let is_kept = |table: &str| names.contains(table);
        self.kept.retain(|slot, _| slot.scope != *scope || slot.table().is_none_or(is_kept));
    }

    fn forget_table(&mut self, scope: &Scope, gone: &str) {
        self.kept.retain(|slot, _| slot.scope != *scope || slot.table() != Some(gone));
    }

    fn hear_events(&mut self, update: &Update, events: &[Event]) {
        for event in events {
            let news = News::Events(vec![event.clone()]);
            let single = Update { scope: update.scope.clone(), at: update.at, news };
            let key = (event.at, event.identity(), update.scope.clone());
            self.events.insert(key, single);
        }
        while self.events.len() > MOST_EVENTS {
            self.events.pop_first();
        }
    }
}

impl Slot {
    /// The table it is about, where it goes with that.
    fn table(&self) -> Option<&str> {
        match self.kind {
            Kind::Table | Kind::TimeToLive | Kind::Backups | Kind::Kinesis => Some(&self.about),
            Kind::Identity
            | Kind::Quotas
            | Kind::TableNames
            | Kind::Operations
            | Kind::Scaling
            | Kind::ScalingOf
            | Kind::ScheduledActions
            | Kind::Alarms
            | Kind::MuteRules
            | Kind::MuteRule
            | Kind::Insights
            | Kind::InsightsOf
            | Kind::HotKeys
            | Kind::Consumers
            | Kind::Clusters
            | Kind::ParameterGroups
            | Kind::Round
            | Kind::Cost => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    #[test]
    fn what_is_left_is_not_recalled() {
        let scope = |region: &str| Scope::new("aws", "123456789012", region);
        let read = |region: &str, news: News| Update {
            scope: scope(region),
            at: Timestamp::UNIX_EPOCH,
            news,
        };
        let tables = |region: &str| read(region, News::TableNames(vec![Arc::from("orders")]));
        let mut memory = Memory::default();
        memory.hear(&tables("us-east-1"));
        memory.hear(&tables("eu-west-1"));
        memory.hear(&read("us-east-1", News::Left));
        assert_eq!(memory.recall().collect::<Vec<_>>(), [&tables("eu-west-1")]);
    }

    #[test]
    fn operations_are_kept_as_they_were_read_last_and_not_table_by_table() {
        let scope = Scope::new("aws", "123456789012", "us-east-1");
        let serving = |at, tables: &[&str]| Update {
            scope: scope.clone(),
            at: Timestamp::from_second(at).unwrap(),
            news: News::Operations(
                tables.iter().map(|table| (Arc::from(*table), vec![Arc::from("Query")])).collect(),
            ),
        };
        let mut memory = Memory::default();
        memory.hear(&serving(0, &["carts", "orders"]));
        let newest = serving(900, &["orders", "users"]);
        memory.hear(&newest);
        assert_eq!(memory.recall().collect::<Vec<_>>(), [&newest], "carts served none since");
    }
}
