//! One call to AWS, as a task runs it.

use super::plan::Batch;
use crate::aws::{Connection, Fetched, Gathered, HotKeysRead, Listed, Reply};
use crate::clock::Clock;
use crate::model::alarm::{AlarmData, MetricAlarm, MuteRule};
use crate::model::consumer::Consumer;
use crate::model::contributor::MaskSalt;
use crate::model::dax::{Cluster, ParameterGroup};
use crate::model::event::Event;
use crate::model::health::{CallError, ErrorClass, Poller};
use crate::model::id::Resource;
use crate::model::insights::ContributorInsights;
use crate::model::metric::Operation;
use crate::model::scaling::{ScalableTarget, ScheduledAction};
use crate::model::table::{Backups, Identity, KinesisStreaming, Quotas, Table, TimeToLive};
use crate::model::time::Window;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

/// What is to be asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Job {
    Identity,
    /// Loads the credentials again and tries them.
    Renew,
    TableNames,
    Describe(Arc<str>),
    TimeToLive(Arc<str>),
    Backups(Arc<str>),
    Kinesis(Arc<str>),
    Quotas,
    Operations,
    Scaling,
    /// What Application Auto Scaling did since then.
    Activities(Timestamp),
    Schedules,
    Alarms,
    /// What happened to alarms since then.
    AlarmHistory(Timestamp),
    MuteRules,
    /// What the alarm of this name compares with its threshold.
    AlarmData(Arc<str>, Box<MetricAlarm>),
    Insights,
    HotKeys(Wanted),
    Consumers,
    Clusters,
    /// What happened to DAX since then.
    ClusterEvents(Timestamp),
    /// The parameter groups of these names.
    Parameters(Vec<Arc<str>>),
    Points(Batch),
}

/// The reports of one table or index that are to be read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) resource: Resource,
    /// The names of its rules, where they are known.
    pub(crate) rules: Option<Vec<Arc<str>>>,
    pub(crate) window: Window,
    /// What the masks of its keys are made with.
    pub(crate) salt: MaskSalt,
}

/// What came back, and when it was asked.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) at: Timestamp,
    pub(crate) said: Said,
}

/// The reply to each kind of job.
#[derive(Debug)]
pub(crate) enum Said {
    Identity(Reply<Identity>),
    /// The new connection is there whenever one could be made.
    Renewed(Option<Connection>, Reply<Identity>),
    TableNames(Reply<Vec<Arc<str>>>),
    Table(Arc<str>, Reply<Option<Box<Table>>>),
    TimeToLive(Arc<str>, Reply<TimeToLive>),
    Backups(Arc<str>, Reply<Backups>),
    Kinesis(Arc<str>, Reply<KinesisStreaming>),
    Quotas(Reply<Quotas>),
    Operations(Reply<Vec<(Arc<str>, Vec<Operation>)>>),
    Scaling(Reply<Vec<ScalableTarget>>),
    Activities(Reply<Gathered<Event>>),
    Schedules(Reply<Vec<ScheduledAction>>),
    Alarms(Reply<Listed>),
    AlarmHistory(Reply<Gathered<Event>>),
    MuteRules(Reply<Vec<MuteRule>>),
    AlarmData(Arc<str>, Reply<AlarmData>),
    Insights(Reply<Gathered<ContributorInsights>>),
    HotKeys(Resource, Reply<HotKeysRead>),
    Consumers(Reply<Vec<Consumer>>),
    Clusters(Reply<Vec<Cluster>>),
    ClusterEvents(Reply<Gathered<Event>>),
    Parameters(Reply<Gathered<ParameterGroup>>),
    Points(Batch, Reply<Fetched>),
}

impl Job {
    /// The poller it belongs to.
    pub(crate) fn poller(&self) -> Poller {
        match self {
            Self::Identity | Self::Renew => Poller::Identity,
            Self::TableNames => Poller::Tables,
            Self::Describe(_) => Poller::Descriptions,
            Self::Quotas => Poller::Limits,
            Self::Operations => Poller::Operations,
            Self::Scaling => Poller::Scaling,
            Self::Activities(_) => Poller::Activities,
            Self::Schedules => Poller::Schedules,
            Self::Alarms => Poller::Alarms,
            Self::AlarmHistory(_) => Poller::AlarmHistory,
            Self::MuteRules => Poller::MuteRules,
            Self::AlarmData(..) => Poller::AlarmData,
            Self::Insights => Poller::Insights,
            Self::HotKeys(_) => Poller::HotKeys,
            Self::Consumers => Poller::Consumers,
            Self::Clusters => Poller::Clusters,
            Self::ClusterEvents(_) => Poller::ClusterEvents,
            Self::Parameters(_) => Poller::Parameters,
            Self::TimeToLive(_) => Poller::TimeToLive,
            Self::Backups(_) => Poller::Backups,
            Self::Kinesis(_) => Poller::Kinesis,
            Self::Points(_) => Poller::Metrics,
        }
    }

    /// Asks AWS. A description takes at least `pause`, which bounds how many there are per second.
    pub(crate) async fn run(self, connection: Connection, clock: Clock, pause: Duration) -> Answer {
        let at = clock.now();
        let said = match self {
            Self::Identity => Said::Identity(connection.identity().await),
            Self::Renew => renew(&connection).await,
            Self::TableNames => Said::TableNames(connection.table_names().await),
            Self::Describe(name) => {
                let (reply, ()) = tokio::join!(connection.table(&name), tokio::time::sleep(pause));
                Said::Table(name, reply.map(|table| table.map(Box::new)))
            }
            Self::TimeToLive(table) => {
                let reply = connection.time_to_live(&table).await;
                Said::TimeToLive(table, reply)
            }
            Self::Backups(table) => {
                let reply = connection.backups(&table).await;
                Said::Backups(table, reply)
            }
            Self::Kinesis(table) => {
                let reply = connection.kinesis_streaming(&table).await;
                Said::Kinesis(table, reply)
            }
            Self::Quotas => Said::Quotas(connection.quotas().await),
            Self::Operations => Said::Operations(connection.operations().await),
            Self::Scaling => Said::Scaling(connection.scaling().await),
            Self::Activities(since) => Said::Activities(connection.activities(&clock, since).await),
            Self::Schedules => Said::Schedules(connection.scheduled_actions().await),
            Self::Alarms => Said::Alarms(connection.alarms(&clock).await),
            Self::AlarmHistory(since) => {
                Said::AlarmHistory(connection.alarm_history(&clock, since).await)
            }
            Self::MuteRules => Said::MuteRules(connection.mute_rules(&clock).await),
            Self::AlarmData(name, alarm) => {
                let reply = connection.alarm_data(&alarm, at).await;
                Said::AlarmData(name, reply)
            }
            Self::Insights => Said::Insights(connection.insights(&clock).await),
            Self::HotKeys(Wanted { resource, rules, window, salt }) => {
                let of = (&resource, rules.as_deref());
                let reply = connection.hot_keys(&clock, of, window, salt).await;
                Said::HotKeys(resource, reply)
            }
            Self::Consumers => Said::Consumers(connection.consumers(&clock).await),
            Self::Clusters => Said::Clusters(connection.clusters(&clock).await),
            Self::ClusterEvents(since) => {
                Said::ClusterEvents(connection.cluster_events(&clock, since).await)
            }
            Self::Parameters(groups) => {
                Said::Parameters(connection.parameter_groups(&clock, &groups).await)
            }
            Self::Points(batch) => {
                let reply = connection.points(batch.window, &batch.keys).await;
                Said::Points(batch, reply)
            }
        };
        Answer { at, said }
    }
}

async fn renew(connection: &Connection) -> Said {
    match connection.renew().await {
        Ok(fresh) => {
            let reply = fresh.identity().await;
            Said::Renewed(Some(fresh), reply)
        }
        Err(error) => {
            let error = CallError {
                class: ErrorClass::NoCredentials,
                action: "sts:GetCallerIdentity",
                code: None,
                message: error.to_string(),
            };
            Said::Renewed(None, Reply { result: Err(error), requests: 0, metrics: 0 })
        }
    }
}
