//! What to ask AWS, how often, at what price.
//!
//! Four sentinel metrics of every table and index are read each minute. What throttles is
//! *escalated*: its eight reason metrics and its details are read until it has been quiet for
//! fifteen minutes. DAX clusters have sentinels, too, and a cluster in doubt has its nodes read. What is calm is read less often if the price calls for it. `plan` decides which
//! queries are due, `budget` how fast they may come, `rounds` keeps each poller's schedule, and
//! `engine` runs it all.

mod backoff;
mod budget;
mod engine;
mod fleet;
mod job;
mod plan;
mod rounds;
mod state;

pub use engine::{Feed, Pollers, identify, once, run};

use crate::model::contributor::MaskSalt;
use crate::model::id::Resource;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How to poll.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// How long after its end a minute may still be revised, seconds.
    pub settle_seconds: i64,
    /// What watching may cost, US dollars per hour; `None` for no limit.
    ///
    /// Before it is passed, calm rows are read every 5, 15, at last every 30 minutes. Escalated rows
    /// are read each minute even if that passes it.
    pub budget_usd_per_hour: Option<f64>,
    /// How far back the first read of a series goes, minutes.
    pub backfill_minutes: i64,
    /// How far back any read goes, minutes; at most 180, so that 500 series fit one reply.
    pub full_minutes: i64,
    /// How far back the open table and its indexes are read, minutes; at most fifteen days, for
    /// which `CloudWatch` keeps points of one minute.
    pub open_minutes: i64,
    /// How many tables may be described per second. An account may call `DescribeTable` and
    /// `ListTables` 2,500 times a second (`Amazon DynamoDB` Developer Guide, "Quotas").
    pub describe_per_second: u32,
    /// Decides the delay within the minute and the spread of retries.
    pub jitter_seed: u64,
    /// What the masks of keys are made with.
    pub mask_salt: MaskSalt,
    /// What stands for the account's id where AWS does not tell it, so that two accounts that are
    /// not known are told apart, such as the profile; may be empty.
    pub stand_in: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            settle_seconds: 120,
            budget_usd_per_hour: Some(1.0),
            backfill_minutes: 60,
            full_minutes: 180,
            open_minutes: 1_440,
            describe_per_second: 200,
            jitter_seed: 0,
            mask_salt: MaskSalt::new(0),
            stand_in: String::new(),
        }
    }
}

/// What the user looks at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Interest {
    /// The rows on the screen.
    pub visible: BTreeSet<Resource>,
    /// The table or index that is open in full: its table and all indexes of that are read far
    /// back and in every metric.
    pub open: Option<Resource>,
    /// The alarm that is open: what it looks at is read.
    pub alarm: Option<Arc<str>>,
    /// The table or index whose hot keys are looked at: its reports of Contributor Insights are read, as are
    /// those of what is open or in trouble.
    pub hot_keys: Option<Resource>,
    /// The DAX cluster that is looked at: its nodes are read.
    pub cluster: Option<Arc<str>>,
    /// When a key was last pressed.
    pub last_key: Timestamp,
}

impl Interest {
    /// Whether `resource` is on the screen, or belongs to what is open or to the DAX cluster that is looked at.
    pub(crate) fn shows(&self, resource: &Resource) -> bool {
        self.visible.contains(resource)
            || self.opens(resource)
            || self.looks_at_cluster_of(resource)
    }

    /// Whether `resource` is the DAX cluster that is looked at, or a node of it.
    pub(crate) fn looks_at_cluster_of(&self, resource: &Resource) -> bool {
        self.cluster.is_some() && self.cluster.as_ref() == resource.cluster_name()
    }

    /// Whether `resource` is the open table, an index of it, or the table of the open index.
    pub(crate) fn opens(&self, resource: &Resource) -> bool {
        let table = self.open.as_ref().and_then(Resource::table_name);
        table.is_some() && table == resource.table_name()
    }
}
