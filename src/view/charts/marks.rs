//! What happened to a resource, as marks on the charts that it concerns.

use super::Kind;
use crate::model::alarm::{AlarmState, MetricStat, Subject};
use crate::model::event::{
    AT_DESIRED, AT_MINIMUM, Activity, AlarmChangeKind, Change, Course, Event, Happening,
    TableChange,
};
use crate::model::health::Poller;
use crate::model::id::Resource;
use crate::model::metric::Metric;
use crate::model::throttle::Direction;
use crate::model::time::{Minute, Window};
use crate::store::Reading;
use crate::view::chart::{self, Mark};
use std::collections::BTreeMap;

/// A minute in which the metric of provisioned capacity is seen to differ from the one before, and
/// whether it was raised or lowered.
pub(super) type Step = (Minute, Mark);

/// Minutes that the metric of provisioned capacity may lag behind a change: it has a point every
/// five minutes, and the change itself takes a moment.
const METRIC_LAG: i64 = 6;

/// What happened to a resource in a window of time.
pub(super) struct Happened<'a> {
    activities: Vec<(&'a Event, &'a Activity)>,
    changes: Vec<(&'a Event, &'a TableChange)>,
    /// What alarms on it said, with the chart of what they watch.
    alarms: Vec<(Minute, Kind, Mark)>,
    outages: Vec<(Minute, Poller)>,
    /// What this program wrote, and of which direction if of one.
    own: Vec<(Minute, Option<Direction>)>,
}

impl<'a> Happened<'a> {
    /// Looks everything up once.
    pub(super) fn to(reading: Reading<'a>, resource: &Resource, window: Window) -> Self {
        // What made a change at the window's edge may lie before it.
        let since = window.start.plus(-METRIC_LAG).start();
        let (mut activities, mut changes, mut own) = (vec![], vec![], vec![]);
        for event in reading.events_of(resource, since) {
            match &event.what {
                Happening::Scaling(activity) => activities.push((event, activity)),
                Happening::Table(change) => changes.push((event, change)),
                Happening::Write(write) if write.is_sent() => {
                    own.push((Minute::containing(event.at), write.direction));
                }
                Happening::Alarm(_)
                | Happening::Dax(_)
                | Happening::Poller(_)
                | Happening::Write(_) => {}
            }
        }
        let outages = reading.events_of_pollers(window.start.start());
        let outages = outages.filter_map(|event| match &event.what {
            Happening::Poller(change) if change.error.is_some() => {
                Some((Minute::containing(event.at), change.poller))
            }
            Happening::Poller(_)
            | Happening::Scaling(_)
            | Happening::Table(_)
            | Happening::Dax(_)
            | Happening::Alarm(_)
            | Happening::Write(_) => None,
        });
        let outages = outages.collect();
        Self { activities, changes, alarms: alarms(reading, resource, window), outages, own }
    }

    /// The marks of one chart, at most one a minute, what matters most last.
    pub(super) fn marks(&self, kind: Kind, steps: &[Step]) -> Vec<chart::Event> {
        let mut found: BTreeMap<Minute, Mark> = BTreeMap::new();
        let alarms = self.alarms.iter().filter(|(_, watched, _)| *watched == kind);
        let outages = self.outages.iter().filter(|(_, poller)| is_drawn_from(kind, *poller));
        let capacity = match kind {
            Kind::Units(direction) => {
                self.capacity(direction, steps).into_iter().chain(self.edits(direction)).collect()
            }
            Kind::Throttles(_) | Kind::Latency | Kind::Errors | Kind::UserErrors => vec![],
        };
        let all = outages.map(|(minute, _)| (*minute, Mark::Unread)).chain(capacity);
        for (minute, mark) in all.chain(alarms.map(|(minute, _, mark)| (*minute, *mark))) {
            let known = found.entry(minute).or_insert(mark);
            *known = mark.max(*known);
        }
        let events = found.into_iter().map(|(minute, mark)| chart::Event { minute, mark });
        let mut events: Vec<chart::Event> = events.collect();
        events.sort_by_key(|event| event.mark);
        events
    }

    /// What this program wrote of one direction, or of both.
    fn edits(&self, direction: Direction) -> impl Iterator<Item = (Minute, Mark)> {
        let of = self.own.iter().filter(move |(_, of)| of.is_none_or(|of| of == direction));
        of.map(|(minute, _)| (*minute, Mark::Edited))
    }

    /// What was done to the capacity of one direction, each change once however many tell of it.
    fn capacity(&self, direction: Direction, steps: &[Step]) -> Vec<(Minute, Mark)> {
        let mut marks: Vec<(Minute, Mark)> = vec![];
        let mut explained = vec![false; self.changes.len()];
        for (event, activity) in &self.activities {
            if activity.direction != direction {
                continue;
            }
            let mut made = None;
            for ((seen, change), explained) in self.changes.iter().zip(&mut explained) {
                if activity.explains(event.at, change, seen.at) {
                    *explained = true;
                    made = raises(change);
                }
            }
            let at = Minute::containing(event.at);
            marks.extend(of_activity(activity, made, at, steps).map(|mark| (at, mark)));
        }
        for ((event, change), explained) in self.changes.iter().zip(explained) {
            if !explained && let Some(mark) = of_change(change, direction) {
                marks.push((Minute::containing(event.at), mark));
            }
        }
        let is_told = |step: &Step| marks.iter().any(|(at, mark)| is_seen_as(*at, *mark, step));
        let untold: Vec<Step> = steps.iter().filter(|step| !is_told(step)).copied().collect();
        marks.extend(untold);
        marks
    }
}

/// Whether a change of capacity at `at` is what the metric shows as `step`.
fn is_seen_as(at: Minute, mark: Mark, step: &Step) -> bool {
    mark == step.1 && (-1..=METRIC_LAG).contains(&step.0.since(at))
}

/// The mark of an activity: `made` is whether it raised the capacity, where a description told.
fn of_activity(
    activity: &Activity,
    made: Option<bool>,
    at: Minute,
    steps: &[Step],
) -> Option<Mark> {
    match activity.course() {
        Course::Failed => Some(Mark::Failed),
        Course::Other => None,
        // Who wants less and has the least, or wants what there is, lacks nothing.
        Course::NotScaled => {
            let calm = |code: &str| matches!(code, AT_MINIMUM | AT_DESIRED);
            let is_calm = activity.not_scaled.iter().all(|reason| calm(&reason.code));
            (!is_calm).then_some(Mark::NotScaled)
        }
        Course::Done | Course::UnderWay => {
            let of_direction = |raised| if raised { Mark::Raised } else { Mark::Lowered };
            let told = activity.units().and(made.or_else(|| activity.raises())).map(of_direction);
            let is_near = |(minute, _): &&Step| (-1..=METRIC_LAG).contains(&minute.since(at));
            let seen = || steps.iter().find(is_near).map(|(_, mark)| *mark);
            told.or_else(seen).or(Some(Mark::Changed))
        }
    }
}

/// Whether a change raised capacity; `None` if it is about something else.
fn raises(change: &TableChange) -> Option<bool> {
    match change.change {
        Change::Capacity { from, to, .. } => Some(to > from),
        Change::Created
        | Change::Deleted
        | Change::Status { .. }
        | Change::Billing { .. }
        | Change::Dated { .. }
        | Change::Maximum { .. } => None,
    }
}

fn of_change(change: &TableChange, of: Direction) -> Option<Mark> {
    match change.change {
        Change::Capacity { direction, from, to } => {
            let mark = if to > from { Mark::Raised } else { Mark::Lowered };
            (direction == of).then_some(mark)
        }
        Change::Maximum { direction, .. } => (direction == of).then_some(Mark::Changed),
        Change::Created | Change::Deleted | Change::Status { .. } | Change::Billing { .. } => {
            Some(Mark::Changed)
        }
        // Of which it is, the steps of the metric tell.
        Change::Dated { .. } => None,
    }
}

/// What the alarms on a resource said, autoscaling's own left out: what they lead to is marked.
fn alarms(reading: Reading<'_>, resource: &Resource, window: Window) -> Vec<(Minute, Kind, Mark)> {
    let mut said = vec![];
    for alarm in reading.alarms_on(resource).filter(|alarm| !alarm.is_target_tracking()) {
        let stats = alarm.stats();
        let about = stats.iter().filter(|stat| Subject::of(stat).resource() == Some(resource));
        let mut kinds: Vec<Kind> = vec![];
        for kind in about.flat_map(|stat| watched(stat)) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        for event in reading.events_of_alarm(&alarm.name, window.start.start()) {
            let Happening::Alarm(change) = &event.what else { continue };
            let mark = match change.kind {
                AlarmChangeKind::State { to: AlarmState::Alarm, .. } => Mark::Alarm,
                AlarmChangeKind::State { to: AlarmState::Ok, .. } => Mark::Calmed,
                AlarmChangeKind::State { to: AlarmState::InsufficientData, .. }
                | AlarmChangeKind::Configuration
                | AlarmChangeKind::Action(_) => continue,
            };
            let minute = Minute::containing(event.at);
            said.extend(kinds.iter().map(|kind| (minute, *kind, mark)));
        }
    }
    said
}

/// The charts that show what an alarm's metric is about.
pub(super) fn watched(stat: &MetricStat) -> Vec<Kind> {
    let name = &*stat.metric;
    let direction = Direction::ALL.into_iter().find(|direction| {
        let named = match direction {
            Direction::Read => "Read",
            Direction::Write => "Write",
        };
        name.contains(named)
    });
    match direction {
        _ if name == Metric::SuccessfulRequestLatency.name() => vec![Kind::Latency],
        _ if name == Metric::UserErrors.name() => vec![Kind::UserErrors],
        Some(direction) if name.ends_with("ThrottleEvents") => vec![Kind::Throttles(direction)],
        // Consumed and provisioned units, and use in per cent.
        Some(direction) if name.contains("Capacity") => vec![Kind::Units(direction)],
        _ if name == "ThrottledRequests" => Direction::ALL.map(Kind::Throttles).to_vec(),
        _ if [
            Metric::SystemErrors,
            Metric::ConditionalCheckFailedRequests,
            Metric::TransactionConflict,
        ]
        .iter()
        .any(|metric| metric.name() == name) =>
        {
            vec![Kind::Errors]
        }
        _ => vec![],
    }
}

/// Whether a chart shows what a poller reads: data points, and of capacity the limits, too.
fn is_drawn_from(kind: Kind, poller: Poller) -> bool {
    poller == Poller::Metrics || matches!((kind, poller), (Kind::Units(_), Poller::Descriptions))
}

#[cfg(test)]
mod tests;
