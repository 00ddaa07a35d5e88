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
    /// Capacity decreases accepted since 00:00 UTC.
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

/// One global secondary index.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// Its name.
    pub name: Arc<str>,
    /// `ACTIVE`, `CREATING`, `UPDATING`, `DELETING`, or what AWS adds next.
    pub status: Arc<str>,
    /// Whether it is still being filled from the table.
    pub backfilling: bool,
    /// Its own limits.
    pub throughput: Throughput,
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
}

impl Table {
    /// The index called `name`.
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| &*index.name == name)
    }
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
