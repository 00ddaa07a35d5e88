//! How each poller knows when it is due, and what it then asks.

use super::State;
use crate::model::health::Poller;
use crate::poll::job::Job;
use crate::poll::plan::Reach;
use jiff::{SignedDuration, Timestamp};

/// How often is read which operations tables serve, the only list that has a price.
pub(super) const OPERATIONS: SignedDuration = SignedDuration::from_mins(15);
/// How often what hurries is read.
pub(super) const HURRIED: SignedDuration = SignedDuration::from_mins(1);
/// How often a refused call is made again where data are complete without it.
const REFUSED: SignedDuration = SignedDuration::from_mins(15);

/// What surrounds the tables: read once the first screen is there. An alarm's history is read once its
/// alarms are known, events and parameters of DAX once its clusters are.
pub(super) const SURROUNDINGS: [Poller; 7] = [
    Poller::Alarms,
    Poller::MuteRules,
    Poller::Activities,
    Poller::Schedules,
    Poller::Insights,
    Poller::Consumers,
    Poller::Clusters,
];

/// What lets a poller read each minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hurry {
    /// Any table or index is in trouble.
    Trouble,
    /// There is a DAX cluster.
    Clusters,
}

/// How a poller knows when it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rhythm {
    /// It reads all there is, every so often.
    Steady {
        /// How often.
        calm: SignedDuration,
        /// What lets it be read each minute instead, if anything.
        hurry: Option<Hurry>,
        /// How often while AWS refuses the call; `None` is like after any other failure.
        refused: Option<SignedDuration>,
    },
    /// Each table has its own time.
    EachTable,
    /// It reads the open table, and each that is opened has its own time.
    OpenTable,
    /// It reads the open alarm, and each that is opened has its own time.
    OpenAlarm,
    /// It reads the reports of what is looked at or in trouble, each once a minute.
    EachReport,
    /// It has its place in each minute.
    Cycle,
}

impl Rhythm {
    /// What everything else hangs on.
    const fn needed(minutes: i64) -> Self {
        Self::Steady { calm: SignedDuration::from_mins(minutes), hurry: None, refused: None }
    }

    /// What may be missing.
    const fn spare(minutes: i64) -> Self {
        let calm = SignedDuration::from_mins(minutes);
        Self::Steady { calm, hurry: None, refused: Some(REFUSED) }
    }

    /// What moves at times.
    const fn urgent(minutes: i64, hurry: Hurry, refused: Option<SignedDuration>) -> Self {
        let calm = SignedDuration::from_mins(minutes);
        Self::Steady { calm, hurry: Some(hurry), refused }
    }
}

/// How `poller` knows when it is due.
pub(super) const fn rhythm(poller: Poller) -> Rhythm {
    match poller {
        Poller::Identity => Rhythm::needed(60),
        Poller::Tables => Rhythm::needed(5),
        Poller::Limits => Rhythm::needed(15),
        Poller::Operations => Rhythm::needed(OPERATIONS.as_mins()),
        Poller::Scaling => Rhythm::urgent(5, Hurry::Trouble, None),
        Poller::Activities => Rhythm::urgent(5, Hurry::Trouble, Some(REFUSED)),
        Poller::Alarms | Poller::AlarmHistory | Poller::ClusterEvents => Rhythm::spare(1),
        Poller::Schedules | Poller::MuteRules | Poller::Consumers => Rhythm::spare(5),
        // What became of a node or a group is part of why a cluster fails, and has no known price.
        Poller::Clusters => Rhythm::urgent(5, Hurry::Clusters, Some(REFUSED)),
        Poller::Insights | Poller::Parameters => Rhythm::spare(15),
        Poller::Descriptions => Rhythm::EachTable,
        Poller::TimeToLive | Poller::Backups | Poller::Kinesis => Rhythm::OpenTable,
        Poller::AlarmData => Rhythm::OpenAlarm,
        Poller::HotKeys => Rhythm::EachReport,
        Poller::Metrics => Rhythm::Cycle,
    }
}

impl State {
    /// What `poller` asks now that it is due, if anything.
    pub(super) fn jobs(&mut self, poller: Poller, now: Timestamp) -> Vec<Job> {
        let job = match poller {
            Poller::Identity if self.lost => Job::Renew,
            Poller::Identity => Job::Identity,
            Poller::Tables => Job::TableNames,
            Poller::Limits => Job::Quotas,
            Poller::Operations => Job::Operations,
            Poller::Scaling => Job::Scaling,
            Poller::Activities => Job::Activities(self.alarms.activities_since(now)),
            Poller::Schedules => Job::Schedules,
            Poller::Alarms => Job::Alarms,
            Poller::AlarmHistory if self.alarms.is_empty() => return vec![],
            Poller::AlarmHistory => Job::AlarmHistory(self.alarms.history_since(now)),
            Poller::MuteRules => Job::MuteRules,
            Poller::Insights => Job::Insights,
            Poller::Consumers => Job::Consumers,
            Poller::Clusters => Job::Clusters,
            Poller::ClusterEvents | Poller::Parameters if !self.fleet.has_clusters() => {
                return vec![];
            }
            Poller::ClusterEvents => Job::ClusterEvents(self.dax.events_since(now)),
            Poller::Parameters if self.dax.groups.is_empty() => return vec![],
            Poller::Parameters => Job::Parameters(self.dax.groups.clone()),
            Poller::AlarmData => return self.open_alarm_jobs(now),
            Poller::HotKeys => return self.report_jobs(now),
            Poller::TimeToLive => return self.open_table_jobs(poller, now, Job::TimeToLive),
            Poller::Backups => return self.open_table_jobs(poller, now, Job::Backups),
            Poller::Kinesis => return self.open_table_jobs(poller, now, Job::Kinesis),
            Poller::Descriptions => {
                let due = self.fleet.to_describe(now, self.interest.open.as_ref());
                return due.into_iter().map(Job::Describe).collect();
            }
            Poller::Metrics => {
                let refresh = std::mem::take(&mut self.metrics.refresh);
                self.metrics.is_cycle = true;
                return self.plan(now, if refresh { Reach::Refresh } else { Reach::Cycle });
            }
        };
        vec![job]
    }
}
