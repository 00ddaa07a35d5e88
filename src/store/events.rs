//! The timeline: what AWS tells of the past, and what differs between two readings.

use super::reading::Reading;
use crate::model::dax::EventSource;
use crate::model::event::{
    Activity, Change, Event, Happening, Identity, PollerChange, TableChange,
};
use crate::model::health::{CallError, Poller};
use crate::model::id::Resource;
use crate::model::table::{Index, Table, Throughput};
use crate::model::throttle::Direction;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How long events are kept, and how many: a flapping alarm must not take all memory.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
const MOST: usize = 10_000;

/// Everything that happened lately, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    events: BTreeMap<Key, Event>,
    /// Where the events about one thing are: charts ask for those of one resource at a time.
    about: BTreeMap<About, BTreeSet<Key>>,
    /// Events noted here, counted.
    noted: u64,
    /// Changes of all this, counted.
    revision: u64,
}

type Key = (Timestamp, Name);

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum About {
    Resource(Resource),
    Alarm(Arc<str>),
    /// What DAX clusters are set up with.
    Dax(EventSource),
    Pollers,
    /// What this program set of alarms.
    Own,
}

impl About {
    fn of(what: &Happening) -> Self {
        match what {
            Happening::Scaling(activity) => Self::Resource(activity.resource.clone()),
            Happening::Table(change) => Self::Resource(change.resource.clone()),
            Happening::Alarm(change) => Self::Alarm(change.alarm.clone()),
            Happening::Dax(event) => Self::of_dax(&event.source),
            Happening::Poller(_) => Self::Pollers,
            Happening::Write(write) => write.resource.clone().map_or(Self::Own, Self::Resource),
        }
    }
}

/// Tells events of one moment apart, and finds one that is told again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    /// What was told, and may be told again.
    Told(Identity),
    /// What was seen here, once, in this order.
    Noted(u64),
}

impl About {
    fn of_dax(source: &EventSource) -> Self {
        match source {
            EventSource::Cluster(name) => Self::Resource(Resource::Cluster(name.clone())),
            EventSource::ParameterGroup(_)
            | EventSource::SubnetGroup(_)
            | EventSource::Other(_) => Self::Dax(source.clone()),
        }
    }
}

impl Log {
    pub(super) const fn new() -> Self {
        Self { events: BTreeMap::new(), about: BTreeMap::new(), noted: 0, revision: 0 }
    }

    /// Takes in what AWS tells; what was told before is replaced.
    pub(super) fn tell(&mut self, events: Vec<Event>, now: Timestamp) {
        for event in events {
            self.insert(event);
        }
        self.trim(now);
    }

    /// Takes in what was seen here.
    fn note(&mut self, at: Timestamp, what: Happening) {
        self.insert(Event { at, what });
    }

    fn insert(&mut self, event: Event) {
        let name = match &event.what {
            Happening::Scaling(_)
            | Happening::Alarm(_)
            | Happening::Dax(_)
            | Happening::Write(_) => Name::Told(event.identity()),
            Happening::Table(_) | Happening::Poller(_) => {
                self.noted += 1;
                Name::Noted(self.noted)
            }
        };
        let key = (event.at, name);
        // AWS tells the same time and again.
        if self.events.get(&key) == Some(&event) {
            return;
        }
        self.revision += 1;
        self.about.entry(About::of(&event.what)).or_default().insert(key.clone());
        self.events.insert(key, event);
    }

    /// Lets go of what is too old or too much.
    fn trim(&mut self, now: Timestamp) {
        let oldest = now - KEPT;
        while let Some((key, _)) = self.events.first_key_value() {
            if key.0 >= oldest && self.events.len() <= MOST {
                break;
            }
            let Some((key, event)) = self.events.pop_first() else { break };
            self.revision += 1;
            let about = About::of(&event.what);
            let left = self.about.get_mut(&about).map(|keys| {
                keys.remove(&key);
                keys.len()
            });
            if left == Some(0) {
                self.about.remove(&about);
            }
        }
    }

    /// The events about one thing since `since`, newest first.
    fn about(&self, about: &About, since: Timestamp) -> impl Iterator<Item = &Event> + use<'_> {
        let keys = self.about.get(about).into_iter().flat_map(|keys| keys.iter().rev());
        keys.take_while(move |(at, _)| *at >= since).filter_map(|key| self.events.get(key))
    }

    /// Notes what differs between two descriptions of a table.
    pub(super) fn compare_tables(&mut self, before: &Table, after: &Table, at: Timestamp) {
        let table = Resource::Table(after.name.clone());
        let (from, to) = (before.billing.as_str(), after.billing.as_str());
        if from != to {
            self.note_table(at, &table, Change::Billing { from, to });
        }
        self.compare_status(&table, &before.status, &after.status, at);
        self.compare_limits(&table, &before.throughput, &after.throughput, at);
        for index in &after.indexes {
            let resource = Resource::Index(after.name.clone(), index.name.clone());
            match before.index(&index.name) {
                Some(known) => {
                    self.compare_status(&resource, &known.status, &index.status, at);
                    self.compare_limits(&resource, &known.throughput, &index.throughput, at);
                }
                None => self.note_table(at, &resource, Change::Created),
            }
        }
        for gone in before.indexes.iter().filter(|index| after.index(&index.name).is_none()) {
            let resource = Resource::Index(after.name.clone(), gone.name.clone());
            self.note_table(at, &resource, Change::Deleted);
        }
        self.trim(at);
    }

    /// Notes when the capacity of a table that is described for the first time was changed last.
    pub(super) fn note_dates(&mut self, table: &Table, at: Timestamp) {
        let own = (Resource::Table(table.name.clone()), &table.throughput);
        let of_index = |index: &Index| Resource::Index(table.name.clone(), index.name.clone());
        let indexes = table.indexes.iter().map(|index| (of_index(index), &index.throughput));
        for (resource, throughput) in std::iter::once(own).chain(indexes) {
            let dates = [(throughput.last_increase, true), (throughput.last_decrease, false)];
            for (date, raised) in dates {
                if let Some(date) = date.filter(|date| *date <= at && *date >= at - KEPT) {
                    self.note_table(date, &resource, Change::Dated { raised });
                }
            }
        }
    }

    pub(super) fn note_table(&mut self, at: Timestamp, resource: &Resource, change: Change) {
        let change = TableChange { resource: resource.clone(), change };
        self.note(at, Happening::Table(change));
    }

    fn compare_status(
        &mut self,
        resource: &Resource,
        before: &Arc<str>,
        after: &Arc<str>,
        at: Timestamp,
    ) {
        if before != after {
            let (from, to) = (before.clone(), after.clone());
            self.note_table(at, resource, Change::Status { from, to });
        }
    }

    fn compare_limits(
        &mut self,
        resource: &Resource,
        before: &Throughput,
        after: &Throughput,
        at: Timestamp,
    ) {
        for direction in Direction::ALL {
            let (old, new) = (before.capacity(direction), after.capacity(direction));
            if let (Some(from), Some(to)) = (old.provisioned, new.provisioned)
                && (from - to).abs() >= 0.5
            {
                // AWS dates the last change: the description may be minutes younger.
                let dated = if to > from {
                    (before.last_increase, after.last_increase)
                } else {
                    (before.last_decrease, after.last_decrease)
                };
                let changed = dated.1.filter(|_| dated.0 != dated.1).unwrap_or(at).min(at);
                let change = Change::Capacity { direction, from, to };
                self.note_table(changed, resource, change);
            }
            let same_mode = old.provisioned.is_some() == new.provisioned.is_some();
            if same_mode && old.maximum != new.maximum {
                let (from, to) = (old.maximum, new.maximum);
                self.note_table(at, resource, Change::Maximum { direction, from, to });
            }
        }
    }

    /// Notes that a poller stopped reading AWS, or reads it again.
    pub(super) fn note_poller(&mut self, poller: Poller, at: Timestamp, error: Option<&CallError>) {
        let change = PollerChange { poller, error: error.cloned() };
        self.note(at, Happening::Poller(change));
        self.trim(at);
    }
}

impl<'a> Reading<'a> {
    /// What happened in the last 24 hours, newest first; of one moment, what was told last first.
    pub fn events(self) -> impl DoubleEndedIterator<Item = &'a Event> {
        self.log().events.values().rev()
    }

    /// A number that changes with what happened: as long as it is the same, so are all events.
    pub fn events_revision(self) -> u64 {
        self.log().revision
    }

    /// What happened to a table or index since `since`, newest first; what alarms said of it is not
    /// among it.
    pub fn events_of(
        self,
        resource: &Resource,
        since: Timestamp,
    ) -> impl Iterator<Item = &'a Event> + use<'a> {
        self.log().about(&About::Resource(resource.clone()), since)
    }

    /// What autoscaling did, and did not, for one direction of a table or index since `since`, newest first.
    pub fn activities_of(
        self,
        resource: &Resource,
        direction: Direction,
        since: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, &'a Activity)> + use<'a> {
        self.events_of(resource, since).filter_map(move |event| match &event.what {
            Happening::Scaling(activity) if activity.direction == direction => {
                Some((event.at, activity))
            }
            Happening::Scaling(_)
            | Happening::Alarm(_)
            | Happening::Table(_)
            | Happening::Dax(_)
            | Happening::Poller(_)
            | Happening::Write(_) => None,
        })
    }

    /// What happened to an alarm since `since`, newest first.
    pub fn events_of_alarm(
        self,
        alarm: &Arc<str>,
        since: Timestamp,
    ) -> impl Iterator<Item = &'a Event> + use<'a> {
        self.log().about(&About::Alarm(alarm.clone()), since)
    }

    /// What happened to what DAX clusters are set up with since `since`, newest first, such as to a parameter group;
    /// what happened to a cluster is among [`Reading::events_of`] it.
    pub fn events_of_dax(
        self,
        source: &EventSource,
        since: Timestamp,
    ) -> impl Iterator<Item = &'a Event> + use<'a> {
        self.log().about(&About::of_dax(source), since)
    }

    /// When pollers stopped reading AWS since `since`, and when they read again, newest first.
    pub fn events_of_pollers(self, since: Timestamp) -> impl Iterator<Item = &'a Event> + use<'a> {
        self.log().about(&About::Pollers, since)
    }
}
