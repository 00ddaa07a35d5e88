//! The journal as things that happened.

use super::{Journal, Outcome, Record, Stage};
use crate::model::event::{Ending, Event, Happening, OwnWrite};
use crate::model::id::Scope;
use crate::model::update::{News, Update};
use crate::tune::plan::Line;
use crate::tune::setting::Setting;
use jiff::Timestamp;
use std::collections::BTreeMap;

impl Journal {
    /// The writes of some scopes as news of now.
    pub fn news<'a>(
        &self,
        scopes: impl IntoIterator<Item = &'a Scope>,
        now: Timestamp,
    ) -> Vec<Update> {
        let of_scope = |scope: &Scope| {
            let events = self.events(scope);
            let told = !events.is_empty();
            told.then(|| Update { scope: scope.clone(), at: now, news: News::Events(events) })
        };
        scopes.into_iter().filter_map(of_scope).collect()
    }

    /// The writes of one scope, each at the moment it began.
    pub fn events(&self, scope: &Scope) -> Vec<Event> {
        let mut begun: BTreeMap<&str, Timestamp> = BTreeMap::new();
        for record in &self.records {
            begun.entry(&record.id).or_insert(record.at);
        }
        let writes = self.writes().into_iter().filter(|record| record.is_of(scope));
        let event = |record: &Record| Event {
            at: begun.get(&*record.id).copied().unwrap_or(record.at),
            what: Happening::Write(own_write(record)),
        };
        writes.map(event).collect()
    }
}

fn own_write(record: &Record) -> OwnWrite {
    let changes = record.changes();
    let change = |Line { name, before, after }: &Line| format!("{name} {before} -> {after}");
    let direction = match &record.after {
        Setting::Bounds { direction, .. } | Setting::Policy { direction, .. } => Some(*direction),
        Setting::Capacity { .. }
        | Setting::Maximum { .. }
        | Setting::Insights { .. }
        | Setting::Mute { .. } => None,
    };
    OwnWrite {
        id: record.id.clone(),
        resource: record.after.resource().cloned(),
        direction,
        title: record.subject(),
        changes: changes.iter().map(change).collect::<Vec<_>>().join(", "),
        ending: ending(&record.stage),
        who: record.who.clone(),
        is_undo: record.undoes.is_some(),
    }
}

fn ending(stage: &Stage) -> Ending {
    match stage {
        Stage::Intent => Ending::Open,
        Stage::Outcome { outcome, .. } => match outcome {
            Outcome::Done => Ending::Done,
            Outcome::Refused(words) => Ending::Refused(words.clone()),
            Outcome::NotSent(words) | Outcome::ChangedUnderneath(words) => {
                Ending::NotSent(words.clone())
            }
            Outcome::Unknown => Ending::Unknown,
        },
    }
}
