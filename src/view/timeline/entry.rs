//! From events to rows: each told once, and what repeats itself in one row.

use super::words::{self, Told};
use super::{Entry, Kind, Occurrence, Weight};
use crate::model::alarm::Subject;
use crate::model::dax::EventSource;
use crate::model::event::{
    Activity, AlarmChange, AlarmChangeKind, Change, Course, Event, Happening, Outcome, TableChange,
};
use crate::model::health::Poller;
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use crate::store::Reading;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Equal events no further apart than this are one row: autoscaling that stays at its maximum says
/// so time and again.
const SAME: SignedDuration = SignedDuration::from_hours(2);
/// Changes of state no further apart than this belong together, …
const FLAP: SignedDuration = SignedDuration::from_mins(15);
/// … and so many of them are one row: an alarm that rings and is over is told in two.
const FLAPS: usize = 4;
/// An action no later than this after a change of state is told with it. What is put off, such as by
/// a mute rule, is told for itself.
const AT_ONCE: SignedDuration = SignedDuration::from_mins(2);
/// No activity takes longer from its start to the change it makes.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);

/// One thing that goes on: what repeats itself in it is one row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Stream {
    Scaling(Resource, Direction),
    AlarmState(Arc<str>),
    AlarmOther(Arc<str>),
    Table(Resource),
    Dax(EventSource),
    Poller(Poller),
    Write(Arc<str>, Option<Resource>),
}

/// One event in words.
struct Line {
    event: Event,
    /// Its place among all events, the oldest first: it puts those of one moment in order.
    place: usize,
    told: Told,
    /// What an alarm did at once.
    actions: Vec<AlarmChange>,
}

/// Everything that happened in one scope, in no order; the alarms that autoscaling made for itself
/// only where they are asked for.
pub(super) fn entries(reading: Reading<'_>, own_alarms: bool) -> Vec<Entry> {
    let mut story = Story::new(reading);
    let mut streams: BTreeMap<Stream, Vec<Line>> = BTreeMap::new();
    for (place, event) in reading.events().rev().enumerate() {
        let (stream, told) = match &event.what {
            Happening::Scaling(activity) => {
                let told = story.activity(event.at, activity);
                (Stream::Scaling(activity.resource.clone(), activity.direction), told)
            }
            Happening::Alarm(change) => {
                let has_failed = matches!(change.kind.outcome(), Some(Outcome::Failed(_)));
                if change.is_target_tracking() && !own_alarms && !has_failed {
                    continue;
                }
                if let Some(line) = cause(&mut streams, event.at, change) {
                    line.actions.push(change.clone());
                    continue;
                }
                let name = change.alarm.clone();
                let stream = match change.kind {
                    AlarmChangeKind::State { .. } => Stream::AlarmState(name),
                    AlarmChangeKind::Configuration | AlarmChangeKind::Action(_) => {
                        Stream::AlarmOther(name)
                    }
                };
                (stream, words::alarm(change))
            }
            Happening::Table(change) => {
                let Some(told) = story.table(event.at, change) else { continue };
                (Stream::Table(change.resource.clone()), told)
            }
            Happening::Dax(told) => (Stream::Dax(told.source.clone()), words::dax(told)),
            Happening::Poller(change) => {
                let since = match change.error {
                    Some(_) => story.outages.insert(change.poller, event.at),
                    None => story.outages.remove(&change.poller),
                };
                (Stream::Poller(change.poller), words::poller(change, event.at, since))
            }
            Happening::Write(write) => {
                (Stream::Write(write.id.clone(), write.resource.clone()), words::write(write))
            }
        };
        let line = Line { event: event.clone(), place, told, actions: vec![] };
        streams.entry(stream).or_default().push(line);
    }
    streams.into_iter().flat_map(|(stream, lines)| rows(reading, &stream, lines)).collect()
}

/// The change of state of which an alarm told somebody, if it did so at once.
fn cause<'a>(
    streams: &'a mut BTreeMap<Stream, Vec<Line>>,
    at: Timestamp,
    change: &AlarmChange,
) -> Option<&'a mut Line> {
    change.kind.outcome().filter(|outcome| **outcome == Outcome::Done)?;
    let changes = streams.get_mut(&Stream::AlarmState(change.alarm.clone()))?;
    changes.last_mut().filter(|last| at.duration_since(last.event.at) <= AT_ONCE)
}

/// What is known up to an event from those before and around it.
struct Story<'a> {
    activities: HashMap<(&'a Resource, Direction), Vec<(Timestamp, &'a Activity)>>,
    changes: HashMap<(&'a Resource, Direction), Vec<(Timestamp, &'a TableChange)>>,
    /// Capacity, units per second.
    capacity: HashMap<(&'a Resource, Direction), f64>,
    /// Pollers that read nothing, and since when.
    outages: HashMap<Poller, Timestamp>,
}

impl<'a> Story<'a> {
    fn new(reading: Reading<'a>) -> Self {
        let mut activities: HashMap<_, Vec<_>> = HashMap::new();
        let mut changes: HashMap<_, Vec<_>> = HashMap::new();
        for event in reading.events().rev() {
            match &event.what {
                Happening::Scaling(activity) => {
                    let key = (&activity.resource, activity.direction);
                    activities.entry(key).or_default().push((event.at, activity));
                }
                Happening::Table(change) => {
                    if let Change::Capacity { direction, .. } = change.change {
                        let key = (&change.resource, direction);
                        changes.entry(key).or_default().push((event.at, change));
                    }
                }
                Happening::Alarm(_)
                | Happening::Dax(_)
                | Happening::Poller(_)
                | Happening::Write(_) => {}
            }
        }
        Self { activities, changes, capacity: HashMap::new(), outages: HashMap::new() }
    }

    fn activity(&mut self, at: Timestamp, activity: &'a Activity) -> Told {
        let key = (&activity.resource, activity.direction);
        let changes = self.changes.get(&key).map_or(&[][..], Vec::as_slice);
        let mut made = near(changes, at).filter(|(seen, it)| activity.explains(at, it, *seen));
        let made = made.find_map(|(_, change)| match change.change {
            Change::Capacity { from, .. } => Some(from),
            Change::Created
            | Change::Deleted
            | Change::Status { .. }
            | Change::Billing { .. }
            | Change::Dated { .. }
            | Change::Maximum { .. } => None,
        });
        let before = made.or_else(|| self.capacity.get(&key).copied());
        // What contradicts the cause is not what was there before: a change in between was not seen.
        let before = before.zip(activity.units()).and_then(|(from, to)| {
            let is_so = (to - from).abs() >= 0.5
                && activity.raises().is_none_or(|raises| raises == (to > from));
            is_so.then_some(from)
        });
        let after = match activity.course() {
            Course::Done | Course::UnderWay => activity.units(),
            Course::NotScaled => activity.not_scaled.iter().find_map(|reason| reason.current),
            Course::Failed | Course::Other => None,
        };
        if let Some(units) = after {
            self.capacity.insert(key, units);
        }
        words::activity(activity, before)
    }

    /// `None` for a change that an activity tells.
    fn table(&mut self, at: Timestamp, change: &'a TableChange) -> Option<Told> {
        match change.change {
            Change::Capacity { direction, to, .. } => {
                let key = (&change.resource, direction);
                let activities = self.activities.get(&key).map_or(&[][..], Vec::as_slice);
                let mut near = near(activities, at);
                if near.any(|(then, activity)| activity.explains(then, change, at)) {
                    return None;
                }
                self.capacity.insert(key, to);
            }
            Change::Dated { .. } => {
                let of = |direction| self.activities.get(&(&change.resource, direction));
                let all = Direction::ALL.into_iter().filter_map(of);
                let mut near = all.flat_map(|activities| near(activities, at));
                if near.any(|(then, activity)| activity.may_have_made(then, at)) {
                    return None;
                }
            }
            Change::Billing { .. } | Change::Created | Change::Deleted => {
                let table = change.resource.table_name();
                self.capacity.retain(|(resource, _), _| resource.table_name() != table);
            }
            Change::Status { .. } | Change::Maximum { .. } => {}
        }
        Some(words::table(change))
    }
}

/// Those of `all`, in order of time, that lie so near to `at` that one may explain the other.
fn near<T: Copy>(all: &[(Timestamp, T)], at: Timestamp) -> impl Iterator<Item = (Timestamp, T)> {
    let first = all.partition_point(|(then, _)| at.duration_since(*then) > LONGEST);
    let rest = all.get(first..).unwrap_or_default();
    rest.iter().take_while(move |(then, _)| then.duration_since(at) <= LONGEST).copied()
}

/// The rows of one stream, whose lines come oldest first.
fn rows(reading: Reading<'_>, stream: &Stream, lines: Vec<Line>) -> Vec<Entry> {
    let about = about(reading, stream);
    let flaps = matches!(stream, Stream::AlarmState(_) | Stream::Poller(_));
    let mut runs: Vec<Vec<Line>> = vec![];
    for line in lines {
        let joins = |last: &Line| {
            let apart = line.event.at.duration_since(last.event.at);
            if flaps { apart <= FLAP } else { apart <= SAME && line.told.0 == last.told.0 }
        };
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(joins) => run.push(line),
            Some(_) | None => runs.push(vec![line]),
        }
    }
    let is_one_row = |run: &Vec<Line>| !flaps || run.len() >= FLAPS;
    runs.into_iter()
        .flat_map(|run| {
            if is_one_row(&run) {
                vec![run]
            } else {
                run.into_iter().map(|line| vec![line]).collect()
            }
        })
        .filter_map(|run| row(reading, stream, &about, run))
        .collect()
}

fn row(
    reading: Reading<'_>,
    stream: &Stream,
    about: &Arc<[Subject]>,
    mut run: Vec<Line>,
) -> Option<Entry> {
    run.reverse();
    let newest = run.first()?;
    let place = newest.place;
    let weight = run.iter().map(|line| line.told.1).max().unwrap_or(Weight::Calm);
    let mut text = if run.len() > 1 { repeated(newest) } else { newest.told.0.clone() };
    let mut actions: Vec<AlarmChange> = vec![];
    for action in run.iter().flat_map(|line| &line.actions) {
        // Of several changes in a row, each may have told the same.
        if !actions.contains(action) {
            actions.push(action.clone());
        }
    }
    text.push_str(&words::told(&actions));
    let kind = match stream {
        Stream::Scaling(..) => Kind::Scaling,
        Stream::AlarmState(_) | Stream::AlarmOther(_) => Kind::Alarm,
        Stream::Table(_) => Kind::Table,
        Stream::Dax(_) => Kind::Dax,
        Stream::Poller(_) => Kind::Poller,
        Stream::Write(..) => Kind::Edit,
    };
    Some(Entry {
        scope: reading.scope().clone(),
        kind,
        weight,
        about: about.clone(),
        text,
        actions,
        happened: run.into_iter().map(|line| Occurrence::Event(line.event)).collect(),
        place,
    })
}

/// What is said of several events, of which this is the newest.
fn repeated(newest: &Line) -> String {
    match &newest.event.what {
        Happening::Alarm(change) => match change.kind {
            AlarmChangeKind::State { to, .. } => format!("flaps, now {to}: {}", change.alarm),
            AlarmChangeKind::Configuration | AlarmChangeKind::Action(_) => newest.told.0.clone(),
        },
        Happening::Poller(change) => {
            let name = change.poller.name();
            match &change.error {
                Some(error) => format!("{name}: fails on and off, now: {error}"),
                None => format!("{name}: fails on and off, reads now"),
            }
        }
        Happening::Scaling(_) | Happening::Table(_) | Happening::Dax(_) | Happening::Write(_) => {
            newest.told.0.clone()
        }
    }
}

fn about(reading: Reading<'_>, stream: &Stream) -> Arc<[Subject]> {
    match stream {
        Stream::Scaling(resource, _) | Stream::Table(resource) => {
            Arc::from([Subject::Dynamo(resource.clone())])
        }
        Stream::AlarmState(alarm) | Stream::AlarmOther(alarm) => {
            Arc::from(words::subjects(reading, alarm))
        }
        Stream::Dax(EventSource::Cluster(name)) => Arc::from([Subject::Dax(name.clone(), None)]),
        Stream::Write(_, Some(resource)) => Arc::from([Subject::Dynamo(resource.clone())]),
        Stream::Dax(
            EventSource::ParameterGroup(_) | EventSource::SubnetGroup(_) | EventSource::Other(_),
        )
        | Stream::Poller(_)
        | Stream::Write(_, None) => Arc::from([]),
    }
}
