//! What the pollers know of the alarms, and up to when the past was read.

use super::State;
use super::timing::LEAF;
use crate::aws::{Listed, billed_for_alarm, why_not_read};
use crate::model::alarm::{AlarmData, MetricAlarm};
use crate::model::health::Poller;
use crate::model::time::Minute;
use crate::model::update::News;
use crate::poll::budget::Load;
use crate::poll::job::Job;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

/// How far back the past is read at first.
const PAST: SignedDuration = SignedDuration::from_hours(24);
/// By how much one reading of the history overlaps the one before: entries come late.
pub(super) const HISTORY_OVERLAP: SignedDuration = SignedDuration::from_mins(5);
/// The same of scaling activities, which change until they have ended.
const ACTIVITIES_OVERLAP: SignedDuration = SignedDuration::from_mins(60);

/// How often the data of an open alarm are read, at most and at least: once in its period, but the newest
/// points of a long one are revised, too.
const FASTEST_SECONDS: i64 = 60;
const SLOWEST_SECONDS: i64 = 300;
/// The same for one whose data AWS refuses.
const REFUSED_SECONDS: i64 = 900;

/// The alarms of the account.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    /// Those on metrics, by name.
    on_metrics: HashMap<Arc<str>, MetricAlarm>,
    /// The names of those that look at metrics of another account.
    elsewhere: BTreeSet<Arc<str>>,
    /// How many there are in all.
    count: usize,
    /// Up to when their history was read.
    pub(super) history_read: Option<Timestamp>,
    /// Up to when scaling activities were read.
    pub(super) activities_read: Option<Timestamp>,
    /// Those whose data were asked for, the newest last; as many as the store keeps data of.
    asked: VecDeque<Asked>,
}

/// When the data of an alarm were asked for.
#[derive(Debug)]
struct Asked {
    alarm: Arc<str>,
    at: Timestamp,
    refused: bool,
}

impl Alarms {
    /// Whether there are none, as far as is known.
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Takes in all alarms; one whose settings have changed is read anew.
    pub(super) fn set(&mut self, listed: &Listed) {
        let on_metrics = listed.alarms.iter().filter_map(|alarm| {
            let metric = alarm.metric()?;
            Some((alarm.name.clone(), metric.clone()))
        });
        let before = std::mem::replace(&mut self.on_metrics, on_metrics.collect());
        self.elsewhere = listed.elsewhere.iter().cloned().collect();
        self.count = listed.alarms.len();
        let now = &self.on_metrics;
        self.asked.retain(|asked| now.get(&asked.alarm) == before.get(&asked.alarm));
    }

    /// Since when the history is to be read.
    pub(super) fn history_since(&self, now: Timestamp) -> Timestamp {
        since(self.history_read, HISTORY_OVERLAP, now)
    }

    /// Since when scaling activities are to be read.
    pub(super) fn activities_since(&self, now: Timestamp) -> Timestamp {
        since(self.activities_read, ACTIVITIES_OVERLAP, now)
    }

    /// Lets data be read again that were asked for in an earlier minute than that of `now`.
    pub(super) fn refresh(&mut self, now: Timestamp) {
        let minute = Minute::containing(now);
        self.asked.retain(|asked| Minute::containing(asked.at) >= minute);
    }

    /// Forgets when everything was read, since the clock was set back.
    pub(super) fn turn_back(&mut self, now: Timestamp) {
        self.asked.clear();
        for read in [&mut self.history_read, &mut self.activities_read] {
            *read = read.map(|read| read.min(now));
        }
    }

    /// Notes that the data of `alarm` could not be read; soon again, or at a slow pace.
    pub(super) fn note_failure(&mut self, alarm: &str, again: bool) {
        if again {
            self.asked.retain(|asked| *asked.alarm != *alarm);
        } else if let Some(asked) = self.asked.iter_mut().find(|asked| *asked.alarm == *alarm) {
            asked.refused = true;
        }
    }

    fn mark_asked(&mut self, alarm: &Arc<str>, at: Timestamp, refused: bool) {
        self.asked.retain(|asked| asked.alarm != *alarm);
        if self.asked.len() == AlarmData::KEPT {
            self.asked.pop_front();
        }
        self.asked.push_back(Asked { alarm: alarm.clone(), at, refused });
    }

    /// When the data of `alarm` are due; `None` for one that has none, or is not known.
    fn due(&self, alarm: &str, now: Timestamp) -> Option<Timestamp> {
        let settings = self.on_metrics.get(alarm)?;
        let Some(asked) = self.asked.iter().find(|asked| *asked.alarm == *alarm) else {
            return Some(now);
        };
        let seconds = if asked.refused { REFUSED_SECONDS } else { every_seconds(settings) };
        Some(asked.at + SignedDuration::from_secs(seconds))
    }
}

/// A little before the past that is known ends.
pub(super) fn since(read: Option<Timestamp>, overlap: SignedDuration, now: Timestamp) -> Timestamp {
    let first = now - PAST;
    read.map_or(first, |read| (read - overlap).max(first))
}

fn every_seconds(alarm: &MetricAlarm) -> i64 {
    alarm.period_seconds().clamp(FASTEST_SECONDS, SLOWEST_SECONDS)
}

impl State {
    /// What the end of a reading of all alarms means for what is read of them.
    pub(super) fn follow_alarms(&mut self, now: Timestamp) {
        if self.once {
            return self.rounds.set_due(Poller::AlarmHistory, now);
        }
        if !self.alarms.is_empty() && self.rounds.started(Poller::AlarmHistory).is_none() {
            self.rounds.hasten(Poller::AlarmHistory, now);
        }
        self.hasten_alarm_data(now);
    }

    /// When the data of the open alarm are due, if there are any.
    pub(super) fn alarm_due(&self, now: Timestamp) -> Option<Timestamp> {
        self.alarms.due(self.interest.alarm.as_ref()?, now)
    }

    /// Makes the data of the open alarm due when their turn comes: users may leaf through alarms.
    pub(super) fn hasten_alarm_data(&mut self, now: Timestamp) {
        if let Some(due) = self.alarm_due(now)
            && !self.rounds.is_open(Poller::AlarmData)
        {
            let earliest = self.rounds.started(Poller::AlarmData).map_or(now, |last| last + LEAF);
            self.rounds.hasten(Poller::AlarmData, due.max(earliest));
        }
    }

    /// What is to be read of the open alarm by `now`, if anything.
    pub(super) fn open_alarm_jobs(&mut self, now: Timestamp) -> Vec<Job> {
        let (Some(name), Some(due)) = (self.interest.alarm.clone(), self.alarm_due(now)) else {
            return vec![];
        };
        let Some(alarm) = self.alarms.on_metrics.get(&name).filter(|_| due <= now) else {
            return vec![];
        };
        let why_not = why_not_read(alarm, self.alarms.elsewhere.contains(&name));
        let job = Job::AlarmData(name.clone(), Box::new(alarm.clone()));
        self.alarms.mark_asked(&name, now, why_not.is_some());
        match why_not {
            // Nothing was asked, so no round failed.
            Some(error) => {
                self.tell(now, News::AlarmData(name, Err(error)));
                vec![]
            }
            None => vec![job],
        }
    }

    /// Adds what the open alarm takes.
    pub(super) fn add_open_alarm(&self, load: &mut Load) {
        let Some(name) = &self.interest.alarm else { return };
        let Some(alarm) = self.alarms.on_metrics.get(name) else { return };
        if why_not_read(alarm, self.alarms.elsewhere.contains(name)).is_none() {
            load.alarm = billed_for_alarm(alarm).into();
            load.alarm_readings_per_hour = (3_600 / every_seconds(alarm)).unsigned_abs();
        }
    }
}
