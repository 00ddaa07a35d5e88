//! What a scenario file may say: the TOML shape of a fleet, its traffic and its troubles.
//!
//! Times are minutes relative to the scenario's start (negative: before it).

pub(crate) mod alarms;
pub(crate) mod dax;
pub(crate) mod inventory;
mod keys;
pub(crate) mod streams;

use serde::Deserialize;

use alarms::{AlarmSpec, CompositeSpec, MuteSpec, SignalSpec};

use crate::both::Both;
use crate::facts::Dimension;
use crate::fault::Fault;
use dax::{DaxSpec, ThroughDax};
use inventory::{ConsumerSpec, InsightsSpec};
pub(crate) use keys::{KeysSpec, NamesSpec};
use streams::{KinesisSpec, ReplicaSpec};

/// A whole scenario file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScenarioSpec {
    /// When the scenario starts, RFC 3339.
    pub(crate) start: String,
    /// Share of minutes of a series that CloudWatch publishes minutes late.
    #[serde(default = "default_late_share")]
    pub(crate) late_share: f64,
    /// Whether the eight throttle-reason metrics are withheld.
    #[serde(default)]
    pub(crate) withhold_reasons: bool,
    #[serde(default)]
    pub(crate) account: AccountSpec,
    #[serde(default)]
    pub(crate) user_errors: Option<ErrorRate>,
    #[serde(default, rename = "table")]
    pub(crate) tables: Vec<TableSpec>,
    #[serde(default, rename = "dax")]
    pub(crate) clusters: Vec<DaxSpec>,
    /// What goes wrong between the services and their callers.
    #[serde(default, rename = "fault")]
    pub(crate) faults: Vec<Fault>,
    /// Metrics of other namespaces.
    #[serde(default, rename = "signal")]
    pub(crate) signals: Vec<SignalSpec>,
    #[serde(default, rename = "alarm")]
    pub(crate) alarms: Vec<AlarmSpec>,
    #[serde(default, rename = "composite_alarm")]
    pub(crate) composite_alarms: Vec<CompositeSpec>,
    #[serde(default, rename = "mute_rule")]
    pub(crate) mute_rules: Vec<MuteSpec>,
}

/// The account; quotas are units per second.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AccountSpec {
    pub(crate) id: String,
    pub(crate) region: String,
    /// Over all provisioned tables.
    pub(crate) account_max: Both<u64>,
    /// For any one table or index.
    pub(crate) table_max: Both<u64>,
}

impl Default for AccountSpec {
    fn default() -> Self {
        // Default quotas: "Service, account, and table quotas in Amazon DynamoDB".
        Self {
            id: "123456789012".into(),
            region: "us-east-1".into(),
            account_max: Both { read: 80_000, write: 80_000 },
            table_max: Both { read: 40_000, write: 40_000 },
        }
    }
}

/// Account-wide HTTP 400 errors.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ErrorRate {
    /// Mean errors per minute.
    pub(crate) per_minute: f64,
    #[serde(default, rename = "change")]
    pub(crate) changes: Vec<Change>,
}

/// A table, its indexes and its traffic.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of a table, as AWS has them"
)]
pub(crate) struct TableSpec {
    pub(crate) name: String,
    /// Partition key attribute and, optionally, sort key attribute.
    #[serde(default = "default_keys")]
    pub(crate) key_schema: Vec<String>,
    /// What its key values look like.
    #[serde(default)]
    pub(crate) key_names: NamesSpec,
    #[serde(default = "default_items")]
    pub(crate) items: u64,
    #[serde(default = "default_gigabytes")]
    pub(crate) gigabytes: f64,
    /// Age at the scenario's start; grown tables are hours old.
    #[serde(default = "default_age_hours")]
    pub(crate) age_hours: u32,
    #[serde(default)]
    pub(crate) capacity: CapacitySpec,
    #[serde(default)]
    pub(crate) deletion_protection: bool,
    #[serde(default)]
    pub(crate) kms_key: bool,
    #[serde(default)]
    pub(crate) stream: bool,
    /// The Lambda functions that read its stream.
    #[serde(default, rename = "consumer")]
    pub(crate) consumers: Vec<ConsumerSpec>,
    #[serde(default)]
    pub(crate) contributor_insights: Option<InsightsSpec>,
    #[serde(default)]
    pub(crate) point_in_time_recovery: bool,
    #[serde(default)]
    pub(crate) infrequent_access: bool,
    #[serde(default)]
    pub(crate) ttl: Option<TtlSpec>,
    /// Its replicas, if it is a global table.
    #[serde(default)]
    pub(crate) replicas: Vec<ReplicaSpec>,
    /// The Kinesis data stream that its changes are sent to.
    #[serde(default)]
    pub(crate) kinesis: Option<KinesisSpec>,
    #[serde(default, rename = "index")]
    pub(crate) indexes: Vec<IndexSpec>,
    #[serde(default, rename = "traffic")]
    pub(crate) traffic: Vec<TrafficSpec>,
    /// When it answers late, for AWS's reasons.
    #[serde(default, rename = "slow")]
    pub(crate) slow_spells: Vec<SlowSpell>,
}

/// A while in which a table answers later than its load accounts for.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SlowSpell {
    pub(crate) at: i64,
    pub(crate) lasts: u32,
    /// How many times as long each request takes.
    pub(crate) factor: f64,
}

/// How a table or index is paid for and limited. Without `provisioned` it is on-demand.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CapacitySpec {
    /// Provisioned capacity when the history begins.
    pub(crate) provisioned: Option<Both<u64>>,
    pub(crate) on_demand_max: Both<Option<u64>>,
    /// Warm throughput, where it is more than billing mode and capacity imply.
    pub(crate) warm: Option<Both<u64>>,
    pub(crate) scaling: Both<Option<ScalingSpec>>,
    /// What somebody sets of provisioned capacity, with `UpdateTable`.
    pub(crate) set: Vec<SetSpec>,
}

/// Provisioned capacity that somebody sets, such as a deployment of an old template.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetSpec {
    /// The minute in which it is set.
    pub(crate) at: i64,
    #[serde(default)]
    pub(crate) read: Option<u64>,
    #[serde(default)]
    pub(crate) write: Option<u64>,
}

impl SetSpec {
    /// What it sets of one direction.
    pub(crate) fn of(&self, dimension: Dimension) -> Option<u64> {
        match dimension {
            Dimension::Read => self.read,
            Dimension::Write => self.write,
        }
    }
}

/// A scalable target and its target-tracking policy.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScalingSpec {
    pub(crate) min: u64,
    pub(crate) max: u64,
    /// Target utilization, percent.
    #[serde(default = "default_target")]
    pub(crate) target: f64,
    #[serde(default)]
    pub(crate) scale_in_cooldown: Option<i32>,
    #[serde(default)]
    pub(crate) scale_out_cooldown: Option<i32>,
    #[serde(default)]
    pub(crate) disable_scale_in: bool,
    #[serde(default)]
    pub(crate) suspended: Suspended,
    #[serde(default)]
    pub(crate) scheduled: Vec<ScheduledSpec>,
}

/// A scheduled action that sets the bounds of a scalable target every day.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScheduledSpec {
    pub(crate) name: String,
    /// UTC hour and minute.
    pub(crate) hour: u8,
    #[serde(default)]
    pub(crate) minute: u8,
    #[serde(default)]
    pub(crate) min: Option<u64>,
    #[serde(default)]
    pub(crate) max: Option<u64>,
}

/// `SuspendedState` of a scalable target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Suspended {
    pub(crate) scale_in: bool,
    pub(crate) scale_out: bool,
    pub(crate) scheduled: bool,
}

/// Time to live.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TtlSpec {
    pub(crate) attribute: String,
    /// Mean deletions per minute.
    #[serde(default)]
    pub(crate) deletes_per_minute: f64,
}

/// A global secondary index.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndexSpec {
    pub(crate) name: String,
    #[serde(default = "default_keys")]
    pub(crate) key_schema: Vec<String>,
    /// What its key values look like.
    #[serde(default)]
    pub(crate) key_names: NamesSpec,
    /// Whether it holds the keys alone, rather than all attributes.
    #[serde(default)]
    pub(crate) keys_only: bool,
    #[serde(default)]
    pub(crate) contributor_insights: Option<InsightsSpec>,
    #[serde(default)]
    pub(crate) capacity: CapacitySpec,
    /// Share of the base table's writes that touch the index.
    #[serde(default = "one")]
    pub(crate) write_share: f64,
    /// Write units per touching write.
    #[serde(default = "one")]
    pub(crate) write_units: f64,
    /// Popularity of the index's own keys among the touching writes.
    #[serde(default)]
    pub(crate) keys: KeysSpec,
    /// Share of the table's items that the index holds.
    #[serde(default = "one")]
    pub(crate) item_share: f64,
}

/// One source of traffic: one operation of one caller.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrafficSpec {
    pub(crate) operation: Operation,
    /// The index a `Query` or `Scan` reads, if not the table.
    #[serde(default)]
    pub(crate) index: Option<String>,
    /// Mean requests per second.
    pub(crate) rate: f64,
    /// Capacity units of one item, or of the whole request for `Query` and `Scan`.
    #[serde(default = "one")]
    pub(crate) units: f64,
    /// Items in one request of a batch or transaction.
    #[serde(default = "one")]
    pub(crate) items: f64,
    /// Items that one `Query` or `Scan` returns.
    #[serde(default = "default_returned")]
    pub(crate) returned: f64,
    #[serde(default)]
    pub(crate) keys: KeysSpec,
    /// Amplitude of the daily curve, a share of `rate`.
    #[serde(default = "default_daily")]
    pub(crate) daily: f64,
    /// UTC hour at which the daily curve peaks.
    #[serde(default = "default_peak_hour")]
    pub(crate) peak_hour: f64,
    /// Amplitude of the noise from minute to minute, a share.
    #[serde(default = "default_noise")]
    pub(crate) noise: f64,
    /// Amplitude of the noise from second to second, a share.
    #[serde(default = "default_jitter")]
    pub(crate) jitter: f64,
    /// The first minute with traffic.
    #[serde(default)]
    pub(crate) from: Option<i64>,
    /// The first minute without traffic again.
    #[serde(default)]
    pub(crate) until: Option<i64>,
    #[serde(default, rename = "change")]
    pub(crate) changes: Vec<Change>,
    #[serde(default)]
    pub(crate) blips: Option<Blips>,
    /// Share of the refused requests that come again in the next second.
    #[serde(default)]
    pub(crate) retries: f64,
    /// Share of the requests that fail their condition.
    #[serde(default)]
    pub(crate) conditional_failures: f64,
    /// Share of the transactions that meet a conflict.
    #[serde(default)]
    pub(crate) conflicts: f64,
    /// Bursts of HTTP 500.
    #[serde(default)]
    pub(crate) system_errors: Vec<ErrorBurst>,
    /// The DAX cluster that it goes through, if it does.
    #[serde(default, rename = "dax")]
    pub(crate) through: Option<ThroughDax>,
}

/// A factor on a rate, once or again and again.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// The minute it begins.
    pub(crate) at: i64,
    /// The factor it reaches.
    pub(crate) factor: f64,
    /// Minutes it takes to get there.
    #[serde(default)]
    pub(crate) ramp: u32,
    /// Minutes it lasts, ramp included; for ever when absent.
    #[serde(default)]
    pub(crate) lasts: Option<u32>,
    /// Minutes after which it comes again, before and after `at`; needs `lasts`.
    #[serde(default)]
    pub(crate) every: Option<u32>,
}

/// Single seconds, at random, with many requests for one key.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Blips {
    /// Mean minutes between them.
    pub(crate) every: u32,
    /// Requests in that second, beside the others.
    pub(crate) requests: f64,
}

/// A share of the requests answered with HTTP 500 for a while.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ErrorBurst {
    pub(crate) at: i64,
    pub(crate) lasts: u32,
    pub(crate) share: f64,
}

/// The operations that the traffic is made of, as the `Operation` dimension spells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) enum Operation {
    BatchGetItem,
    BatchWriteItem,
    DeleteItem,
    GetItem,
    PutItem,
    Query,
    Scan,
    TransactGetItems,
    TransactWriteItems,
    UpdateItem,
}

impl Operation {
    /// The name in the API and in the `Operation` dimension.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::BatchGetItem => "BatchGetItem",
            Self::BatchWriteItem => "BatchWriteItem",
            Self::DeleteItem => "DeleteItem",
            Self::GetItem => "GetItem",
            Self::PutItem => "PutItem",
            Self::Query => "Query",
            Self::Scan => "Scan",
            Self::TransactGetItems => "TransactGetItems",
            Self::TransactWriteItems => "TransactWriteItems",
            Self::UpdateItem => "UpdateItem",
        }
    }

    /// Whether it reads or writes.
    pub(crate) fn dimension(self) -> Dimension {
        match self {
            Self::BatchGetItem
            | Self::GetItem
            | Self::Query
            | Self::Scan
            | Self::TransactGetItems => Dimension::Read,
            Self::BatchWriteItem
            | Self::DeleteItem
            | Self::PutItem
            | Self::TransactWriteItems
            | Self::UpdateItem => Dimension::Write,
        }
    }

    /// Whether the items of one request succeed or fail one by one.
    pub(crate) fn is_batch(self) -> bool {
        matches!(self, Self::BatchGetItem | Self::BatchWriteItem)
    }

    /// Whether it is a transaction.
    pub(crate) fn is_transaction(self) -> bool {
        matches!(self, Self::TransactGetItems | Self::TransactWriteItems)
    }

    /// Whether it may read an index and returns items (`ReturnedItemCount`).
    pub(crate) fn is_query(self) -> bool {
        matches!(self, Self::Query | Self::Scan)
    }
}

fn default_late_share() -> f64 {
    0.002
}

fn default_keys() -> Vec<String> {
    vec!["id".into()]
}

fn default_items() -> u64 {
    1_000_000
}

fn default_gigabytes() -> f64 {
    1.0
}

fn default_age_hours() -> u32 {
    24 * 400
}

fn default_target() -> f64 {
    70.0
}

fn default_returned() -> f64 {
    12.0
}

fn default_daily() -> f64 {
    0.25
}

fn default_peak_hour() -> f64 {
    14.0
}

fn default_noise() -> f64 {
    0.05
}

fn default_jitter() -> f64 {
    0.2
}

fn one() -> f64 {
    1.0
}
