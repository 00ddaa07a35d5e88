//! What the physics (`fleet`) tells the services (`service`): plain values, no wire format.

mod inventory;

pub use inventory::ReplicaState;
pub(crate) use inventory::{
    ContributorInsights, DaxCluster, DaxEvent, DaxNode, DaxParameterGroup, DaxSource,
    EventSourceMapping, InsightRule, InsightsState, InsightsStatus, KinesisDestination, RuleKind,
    StreamState,
};
use std::borrow::Cow;

use super::metric::DYNAMODB;

/// Seconds since the Unix epoch; fractions allowed.
pub type Epoch = f64;

/// One minute of one metric, as CloudWatch would hold it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Datum {
    /// Minutes since the Unix epoch: the minute the datum is about (its start).
    pub minute: i64,
    /// Sum of the samples, in the metric's unit.
    pub sum: f64,
    /// Smallest sample.
    pub min: f64,
    /// Largest sample.
    pub max: f64,
    /// Number of samples (`SampleCount`).
    pub samples: f64,
    /// The distribution of the samples where percentiles are meaningful (latency).
    pub spread: Option<LogNormal>,
}

/// A log-normal distribution of sample values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogNormal {
    /// Mean of the logarithm.
    pub mu: f64,
    /// Standard deviation of the logarithm.
    pub sigma: f64,
}

/// A metric as `ListMetrics` names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MetricId {
    /// For example `AWS/DynamoDB`.
    pub namespace: Cow<'static, str>,
    /// For example `ConsumedReadCapacityUnits`.
    pub name: Cow<'static, str>,
    /// Exactly one published dimension set, in AWS's order.
    pub dimensions: Vec<(Cow<'static, str>, String)>,
}

impl MetricId {
    /// Names a metric of `AWS/DynamoDB`.
    pub(crate) fn of_dynamodb<'a>(
        name: &'static str,
        dimensions: impl IntoIterator<Item = (&'static str, &'a str)>,
    ) -> Self {
        let dimension = |(name, value): (&'static str, &str)| (name.into(), value.to_owned());
        let dimensions = dimensions.into_iter().map(dimension).collect();
        Self { namespace: DYNAMODB.into(), name: name.into(), dimensions }
    }
}

/// How a table or index is paid for and limited.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Billing {
    /// Provisioned capacity, units per second.
    Provisioned {
        /// Read capacity units.
        read: u64,
        /// Write capacity units.
        write: u64,
    },
    /// On-demand, with the optional maximum throughput in request units per second.
    OnDemand {
        /// `MaxReadRequestUnits`.
        max_read: Option<u64>,
        /// `MaxWriteRequestUnits`.
        max_write: Option<u64>,
    },
}

/// Live throughput state of a table or an index.
#[derive(Debug, Clone, PartialEq)]
pub struct ThroughputState {
    /// Billing mode and present capacity.
    pub billing: Billing,
    /// Warm throughput: (read, write) units per second.
    pub warm: (u64, u64),
    /// Decreases accepted since 00:00 UTC.
    pub decreases_today: u32,
    /// When capacity was last raised.
    pub last_increase: Option<Epoch>,
    /// When capacity was last lowered.
    pub last_decrease: Option<Epoch>,
}

/// An index as `DescribeTable` shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexState {
    /// Index name.
    pub name: String,
    /// Partition key attribute, and sort key attribute if any.
    pub keys: (String, Option<String>),
    /// `ACTIVE`, `UPDATING`, …
    pub status: &'static str,
    /// Live throughput.
    pub throughput: ThroughputState,
    /// `ItemCount`.
    pub items: u64,
    /// Whether its projection is `KEYS_ONLY`, not `ALL`.
    pub keys_only: bool,
    /// `IndexSizeBytes`.
    pub bytes: u64,
}

/// A table as `DescribeTable` and its neighbours show it.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of a table, as AWS has them"
)]
pub struct TableState {
    /// Table name.
    pub name: String,
    /// Table id, a UUID.
    pub id: String,
    /// When it was created.
    pub created: Epoch,
    /// Partition key attribute, and sort key attribute if any.
    pub keys: (String, Option<String>),
    /// `ACTIVE`, `UPDATING`, …
    pub status: &'static str,
    /// Live throughput.
    pub throughput: ThroughputState,
    /// `ItemCount`.
    pub items: u64,
    /// `TableSizeBytes`.
    pub bytes: u64,
    /// `DeletionProtectionEnabled`.
    pub deletion_protection: bool,
    /// Customer-managed KMS key, or `None` for the AWS-owned key.
    pub kms_key: bool,
    /// Whether a stream (`NEW_AND_OLD_IMAGES`) is on.
    pub stream: bool,
    /// Point-in-time recovery.
    pub point_in_time_recovery: bool,
    /// Time-to-live attribute, if TTL is on.
    pub ttl_attribute: Option<String>,
    /// Whether the table is in the Standard-IA class.
    pub infrequent_access: bool,
    /// Its replicas in other regions.
    pub replicas: Vec<ReplicaState>,
    /// Its global secondary indexes, by name.
    pub indexes: Vec<IndexState>,
}

/// The direction of a capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// Read capacity.
    Read,
    /// Write capacity.
    Write,
}

/// A scalable target with its target-tracking policy, if it has one.
#[derive(Debug, Clone, PartialEq)]
pub struct ScalingState {
    /// Table name.
    pub table: String,
    /// Index name, if the target is an index.
    pub index: Option<String>,
    /// Which capacity.
    pub dimension: Dimension,
    /// Minimum capacity, units per second.
    pub min: u64,
    /// Maximum capacity, units per second.
    pub max: u64,
    /// Suspended: (scale in, scale out, scheduled).
    pub suspended: (bool, bool, bool),
    /// When it was registered.
    pub created: Epoch,
    /// Scheduled actions on it.
    pub scheduled: Vec<ScheduledAction>,
    /// Its policy; a target that was registered alone has none, and scales for nothing but its
    /// bounds.
    pub policy: Option<PolicyState>,
}

/// A target-tracking policy on the utilization of the target's capacity.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyState {
    /// `PolicyName`, as activities name it in their cause.
    pub name: String,
    /// When it was first put.
    pub created: Epoch,
    /// What it says.
    pub settings: PolicySettings,
    /// Names of its four alarms: `AlarmHigh`, `AlarmLow`, `ProvisionedCapacityHigh`,
    /// `ProvisionedCapacityLow`.
    pub alarms: [String; 4],
}

/// What a target-tracking policy says, as `PutScalingPolicy` replaces it: whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PolicySettings {
    /// Target utilization in percent.
    pub target_utilization: f64,
    /// `ScaleInCooldown`, seconds, if set; AWS takes negative ones, which are as none.
    pub scale_in_cooldown: Option<i32>,
    /// `ScaleOutCooldown`, seconds, if set; AWS takes negative ones, which are as none.
    pub scale_out_cooldown: Option<i32>,
    /// `DisableScaleIn`, if set.
    pub disable_scale_in: Option<bool>,
}

/// A scheduled scaling action.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduledAction {
    /// Its name.
    pub name: String,
    /// `cron(...)`, `rate(...)` or `at(...)`.
    pub schedule: String,
    /// New minimum, if it sets one.
    pub min: Option<u64>,
    /// New maximum, if it sets one.
    pub max: Option<u64>,
}

/// One scaling activity, or (with `not_scaled`) a decision not to scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Activity id, a UUID.
    pub id: String,
    /// Table name.
    pub table: String,
    /// Index name, if any.
    pub index: Option<String>,
    /// Which capacity.
    pub dimension: Dimension,
    /// AWS's description, e.g. `Setting write capacity units to 210.`
    pub description: String,
    /// AWS's cause, naming the alarm.
    pub cause: String,
    /// When it started.
    pub start: Epoch,
    /// When it ended, if it has; decisions not to scale have no end.
    pub end: Option<Epoch>,
    /// `Pending`, `InProgress`, `Successful`, `Failed`, …
    pub status: &'static str,
    /// AWS's status message; decisions not to scale have none.
    pub message: String,
    /// (code, max, min, current) when it did not scale.
    pub not_scaled: Option<(&'static str, u64, u64, u64)>,
}

/// The account the fleet lives in.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountState {
    /// Twelve digits.
    pub id: String,
    /// For example `us-east-1`.
    pub region: String,
    /// Caller's ARN as `GetCallerIdentity` gives it.
    pub caller_arn: String,
    /// Caller's unique id.
    pub caller_id: String,
    /// Account quota: (read, write) units per second over all provisioned tables.
    pub account_max: (u64, u64),
    /// Table-level quota: (read, write) units per second for any table or index.
    pub table_max: (u64, u64),
}
