//! Tables and indexes as `DescribeTable` tells them, and the account's quotas.

use super::throttle::Direction;
use jiff::Timestamp;
use std::sync::Arc;

/// How throughput is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillingMode {
    /// `PROVISIONED`.
    Provisioned,
    /// `PAY_PER_REQUEST`.
    OnDemand,
}

impl BillingMode {
    /// AWS's name of the mode.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provisioned => "PROVISIONED",
            Self::OnDemand => "PAY_PER_REQUEST",
        }
    }
}

/// The limits of one direction of a table or index, in units per second.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Capacity {
    /// Provisioned capacity units; `None` on an on-demand table.
    pub provisioned: Option<f64>,
    /// The maximum on-demand throughput, where one is set.
    pub maximum: Option<f64>,
    /// What the table can serve at once without having to grow; `None` where AWS does not tell.
    pub warm: Option<f64>,
}

/// Both directions of a table or index, and its decrease budget.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Throughput {
    /// Reads.
    pub read: Capacity,
    /// Writes.
    pub write: Capacity,
    /// Capacity decreases accepted since 00:00 UTC, of reads and writes together: AWS counts and
    /// dates changes of either direction as one.
    pub decreases_today: Option<u32>,
    /// When capacity was last raised.
    pub last_increase: Option<Timestamp>,
    /// When capacity was last lowered.
    pub last_decrease: Option<Timestamp>,
}

impl Throughput {
    /// The limits of one direction.
    pub fn capacity(&self, direction: Direction) -> Capacity {
        match direction {
            Direction::Read => self.read,
            Direction::Write => self.write,
        }
    }
}

/// The names of the attributes that make up a key: names, never data.
///
/// An index may have up to four of each; a table has one partition key and at most one sort key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeySchema {
    /// `HASH` attributes.
    pub partition: Vec<Arc<str>>,
    /// `RANGE` attributes.
    pub sort: Vec<Arc<str>>,
}

/// Which attributes an index holds beside the keys.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Projection {
    /// `ALL` of them.
    #[default]
    All,
    /// `KEYS_ONLY`: none.
    KeysOnly,
    /// `INCLUDE`: these.
    Include(Vec<Arc<str>>),
}

/// What storage and throughput are charged at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TableClass {
    /// `STANDARD`.
    #[default]
    Standard,
    /// `STANDARD_INFREQUENT_ACCESS`.
    StandardInfrequentAccess,
    /// What AWS adds next.
    Other(Arc<str>),
}

impl TableClass {
    /// AWS's name of the class.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Standard => "STANDARD",
            Self::StandardInfrequentAccess => "STANDARD_INFREQUENT_ACCESS",
            Self::Other(name) => name,
        }
    }
}

/// Whose key a table is encrypted with at rest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Encryption {
    /// A key that AWS owns.
    #[default]
    AwsOwned,
    /// A key in AWS KMS. `DescribeTable` does not tell whether AWS or the customer manages it.
    Kms {
        /// The key's ARN.
        key: Arc<str>,
        /// `ENABLED`, `UPDATING`, …, or what AWS adds next.
        status: Arc<str>,
        /// Since when the key cannot be used, if so: a week later AWS archives the table.
        inaccessible_since: Option<Timestamp>,
    },
}

/// The copy of a global table in another region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replica {
    /// The region's name.
    pub region: Arc<str>,
    /// `ACTIVE`, `CREATING`, `REGION_DISABLED`, …, or what AWS adds next.
    pub status: Arc<str>,
}

/// What only a table's own pane shows of its description.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// When it was created.
    pub created: Option<Timestamp>,
    /// Its key.
    pub keys: KeySchema,
    /// What storage and throughput are charged at.
    pub class: TableClass,
    /// Whose key it is encrypted with.
    pub encryption: Encryption,
    /// Whether it cannot be deleted before this is switched off.
    pub deletion_protection: bool,
    /// What its stream records (`NEW_AND_OLD_IMAGES`, …); `None` without a stream.
    pub stream: Option<Arc<str>>,
    /// Its replicas in other regions, by region.
    pub replicas: Vec<Replica>,
}

/// One global secondary index.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Index {
    /// Its name.
    pub name: Arc<str>,
    /// `ACTIVE`, `CREATING`, `UPDATING`, `DELETING`, or what AWS adds next.
    pub status: Arc<str>,
    /// Whether it is still being filled from the table.
    pub backfilling: bool,
    /// Its own limits.
    pub throughput: Throughput,
    /// Its key.
    pub keys: KeySchema,
    /// Which attributes it holds.
    pub projection: Projection,
    /// Number of items, some six hours old.
    pub items: Option<u64>,
    /// Size in bytes, some six hours old.
    pub bytes: Option<u64>,
}

/// One table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: Arc<str>,
    /// Its ARN.
    pub arn: String,
    /// `ACTIVE`, `UPDATING`, …, or what AWS adds next.
    pub status: Arc<str>,
    /// How throughput is paid for.
    pub billing: BillingMode,
    /// Limits without the indexes.
    pub throughput: Throughput,
    /// Number of items, some six hours old.
    pub items: Option<u64>,
    /// Size in bytes, some six hours old.
    pub bytes: Option<u64>,
    /// Its global secondary indexes, by name.
    pub indexes: Vec<Index>,
    /// The rest, apart: a large fleet has thousands of tables, and few are looked at.
    pub details: Box<Details>,
}

impl Table {
    /// The index called `name`.
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| &*index.name == name)
    }
}

/// `DescribeTimeToLive`: whether items of a table expire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeToLive {
    /// `ENABLED`, `DISABLED`, `ENABLING`, `DISABLING`, or what AWS adds next.
    pub status: Arc<str>,
    /// The name of the attribute that holds an item's expiry, where one is set.
    pub attribute: Option<Arc<str>>,
}

/// `DescribeContinuousBackups`: to when a table can be restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backups {
    /// Point-in-time recovery: `ENABLED`, `DISABLED`, or what AWS adds next.
    pub recovery: Arc<str>,
    /// How far back it reaches, days (1 to 35).
    pub recovery_days: Option<u32>,
    /// The earliest moment the table can be restored to.
    pub earliest: Option<Timestamp>,
    /// The latest one, some five minutes ago.
    pub latest: Option<Timestamp>,
}

/// `DescribeKinesisStreamingDestination`: a Kinesis data stream that a table's changes are sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KinesisDestination {
    /// The ARN of the data stream.
    pub stream: Arc<str>,
    /// `ACTIVE`, `DISABLED`, `ENABLE_FAILED`, …, or what AWS adds next. It stays `ACTIVE` where the data
    /// stream was deleted.
    pub status: Arc<str>,
    /// AWS's words on it, if it has any.
    pub status_description: Option<Arc<str>>,
}

/// Where a table's changes are sent beside its stream.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KinesisStreaming {
    /// The data streams.
    pub destinations: Vec<KinesisDestination>,
    /// The value of the dimension `DelegatedOperation` of the metrics about it; AWS documents none, so it is
    /// read from `ListMetrics`. `None` where nothing was published lately.
    pub operation: Option<Arc<str>>,
}

/// `DescribeLimits`: the account's quotas in units per second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quotas {
    /// All provisioned tables together, reads.
    pub account_read: f64,
    /// All provisioned tables together, writes.
    pub account_write: f64,
    /// Any one table or index, reads.
    pub table_read: f64,
    /// Any one table or index, writes.
    pub table_write: f64,
}

impl Quotas {
    /// The quota of one table or index.
    pub fn per_table(&self, direction: Direction) -> f64 {
        match direction {
            Direction::Read => self.table_read,
            Direction::Write => self.table_write,
        }
    }
}

/// `GetCallerIdentity`: who AWS takes us for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Account id, twelve digits.
    pub account: String,
    /// ARN of the user or assumed role.
    pub arn: String,
}
