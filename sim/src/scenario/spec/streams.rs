//! What a scenario says of where a table's writes go: consumers that fail, replicas, a Kinesis data stream.

use serde::Deserialize;

/// A time in which a consumer gets nowhere.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FailureSpec {
    /// The minute it begins.
    pub(crate) at: i64,
    /// Minutes it lasts; for ever when absent.
    #[serde(default)]
    pub(crate) lasts: Option<u32>,
    pub(crate) kind: FailureKind,
}

/// Why a consumer gets nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FailureKind {
    /// Every invocation ends in an error.
    Errors,
    /// One record, written in the first minute, ends every invocation that holds it in an error.
    Poison,
    /// Lambda refuses every invocation: no concurrency is left.
    Throttles,
}

impl FailureSpec {
    /// Whether it is under way so many minutes after the scenario's start.
    pub(crate) fn is_on(&self, since: i64) -> bool {
        since >= self.at && self.lasts.is_none_or(|lasts| since < self.at + i64::from(lasts))
    }
}

/// A replica of a global table in another region.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "ReplicaForm")]
pub(crate) struct ReplicaSpec {
    pub(crate) region: String,
    /// `ReplicaStatus`.
    pub(crate) status: String,
    /// The replicated writes it takes per second; as many as come when absent.
    pub(crate) writes_per_second: Option<f64>,
}

/// A replica as it is written: its region alone, or a table.
#[derive(Deserialize)]
#[serde(untagged)]
enum ReplicaForm {
    Region(String),
    Whole(ReplicaTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReplicaTable {
    region: String,
    #[serde(default = "default_status")]
    status: String,
    #[serde(default)]
    writes_per_second: Option<f64>,
}

impl From<ReplicaForm> for ReplicaSpec {
    fn from(form: ReplicaForm) -> Self {
        match form {
            ReplicaForm::Region(region) => {
                Self { region, status: default_status(), writes_per_second: None }
            }
            ReplicaForm::Whole(ReplicaTable { region, status, writes_per_second }) => {
                Self { region, status, writes_per_second }
            }
        }
    }
}

/// A Kinesis data stream that a table's changes are sent to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KinesisSpec {
    /// The name of the data stream.
    pub(crate) stream: String,
    /// `DestinationStatus`; records are sent while it is `ACTIVE`.
    #[serde(default = "default_status")]
    pub(crate) status: String,
    /// Each takes 1,000 records per second.
    #[serde(default = "default_shards")]
    pub(crate) shards: u32,
}

fn default_status() -> String {
    "ACTIVE".into()
}

fn default_shards() -> u32 {
    4
}
