//! What pollers tell the store.

use super::alarm::{Alarm, AlarmData, MuteRule};
use super::consumer::Consumer;
use super::contributor::Reports;
use super::dax::{Cluster, ParameterGroup};
use super::event::Event;
use super::health::{CallError, Cost, Round};
use super::id::{Resource, Scope};
use super::insights::ContributorInsights;
use super::metric::{Operation, SeriesKey};
use super::scaling::{ScalableTarget, ScheduledAction};
use super::table::{Backups, Identity, KinesisStreaming, Quotas, Table, TimeToLive};
use super::time::{Minute, Window};
use jiff::Timestamp;
use std::sync::Arc;

/// One piece of news about one scope.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// Where it is from.
    pub scope: Scope,
    /// When it was read.
    pub at: Timestamp,
    /// What was read.
    pub news: News,
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// Nothing is read any more: whatever was known of the scope is let go.
    Left,
    /// Who we are.
    Identity(Identity),
    /// Every table's name, complete: tables that are missing here are gone.
    TableNames(Vec<Arc<str>>),
    /// One table described.
    Table(Box<Table>),
    /// Time to live of one table, or why it could not be read.
    TimeToLive(Arc<str>, Result<TimeToLive, CallError>),
    /// Continuous backups of one table, or why they could not be read.
    Backups(Arc<str>, Result<Backups, CallError>),
    /// Where the changes of one table are sent beside its stream, or why that could not be read.
    Kinesis(Arc<str>, Result<KinesisStreaming, CallError>),
    /// A table that AWS no longer knows.
    TableGone(Arc<str>),
    /// The account's quotas.
    Quotas(Quotas),
    /// Every scalable target, complete.
    Scaling(Vec<ScalableTarget>),
    /// Every scalable target of one table or index, without its other resources'.
    ScalingOf(Resource, Vec<ScalableTarget>),
    /// Every scheduled action, complete, or why they could not be read.
    ScheduledActions(Result<Vec<ScheduledAction>, CallError>),
    /// Every alarm, complete, or why they could not be read.
    Alarms(Result<Vec<Alarm>, CallError>),
    /// Every mute rule, complete, or why they could not be read.
    MuteRules(Result<Vec<MuteRule>, CallError>),
    /// One mute rule by name; `None` where there is none of that name.
    MuteRule(Arc<str>, Option<MuteRule>),
    /// What an open alarm looks at, or why that could not be read.
    AlarmData(Arc<str>, Result<AlarmData, CallError>),
    /// Contributor Insights of every table and index, complete, or why it could not be read.
    Insights(Result<Vec<ContributorInsights>, CallError>),
    /// Contributor Insights of one table or index; `None` where it never was on.
    InsightsOf(Resource, Option<ContributorInsights>),
    /// What each rule of Contributor Insights of one table or index counted lately, or why that could not be
    /// read.
    HotKeys(Resource, Result<Reports, CallError>),
    /// Every Lambda function that reads a table's stream, complete, or why they could not be read.
    Consumers(Result<Vec<Consumer>, CallError>),
    /// Every DAX cluster, complete, or why they could not be read.
    Clusters(Result<Vec<Cluster>, CallError>),
    /// The parameter groups of all DAX clusters, as far as they could be read, or why none could be.
    ParameterGroups(Result<Vec<ParameterGroup>, CallError>),
    /// What happened lately, told by AWS; what was told before may be among it.
    Events(Vec<Event>),
    /// Which operations a table was seen to serve.
    Operations(Vec<(Arc<str>, Vec<Operation>)>),
    /// Data points.
    Points(Points),
    /// A poller finished a round, well or not.
    Round(Round),
    /// What watching costs.
    Cost(Cost),
}

/// Data points of one window, read at [`Update::at`].
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// The minutes that were asked for: a minute inside without a point is a gap.
    pub window: Window,
    /// When these series are to be read again; until a little later their last value is fresh.
    pub due: Timestamp,
    /// Ascending points of each series whose reply was complete.
    pub series: Vec<(SeriesKey, Vec<(Minute, f64)>)>,
}
