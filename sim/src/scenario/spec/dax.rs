//! What a scenario says of DAX clusters: their set-up, what happens to them, and what is read through them.

use serde::Deserialize;

/// A DAX cluster.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DaxSpec {
    /// As it was typed; DAX stores it in lower case.
    pub(crate) name: String,
    /// For example `dax.r5.large`.
    pub(crate) node_type: String,
    /// `available`, `creating`, `modifying`, `deleting`; AWS lists no others.
    #[serde(default = "default_status")]
    pub(crate) status: String,
    #[serde(default = "default_parameter_group")]
    pub(crate) parameter_group: String,
    /// `record-ttl-millis` of the parameter group when the history begins: how long an item stays cached.
    #[serde(default = "default_ttl_millis")]
    pub(crate) record_ttl_millis: u64,
    /// `query-ttl-millis` of the parameter group when the history begins: the same of the result of a query.
    #[serde(default = "default_ttl_millis")]
    pub(crate) query_ttl_millis: u64,
    /// Connections that its clients keep open while they ask anything.
    #[serde(default = "default_connections")]
    pub(crate) connections: f64,
    /// Encryption at rest.
    #[serde(default)]
    pub(crate) encrypted: bool,
    /// Encryption of the way to its endpoint.
    #[serde(default)]
    pub(crate) tls: bool,
    /// Age at the scenario's start.
    #[serde(default = "default_age_hours")]
    pub(crate) age_hours: u32,
    pub(crate) nodes: Vec<DaxNodeSpec>,
    /// What happens to it.
    #[serde(default, rename = "event")]
    pub(crate) events: Vec<DaxEventSpec>,
}

/// A node of a DAX cluster.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DaxNodeSpec {
    /// Availability Zone, for example `us-east-1a`.
    pub(crate) zone: String,
    /// `available`, `creating`, `deleting`, `REBOOTING`; AWS lists no others.
    #[serde(default = "default_status")]
    pub(crate) status: String,
}

/// Something that happens to a cluster or to one of its nodes.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DaxEventSpec {
    /// The minute it begins.
    pub(crate) at: i64,
    pub(crate) kind: DaxEventKind,
    /// The last letter of the id of the node that it happens to.
    #[serde(default)]
    pub(crate) node: Option<char>,
    /// Minutes it lasts; what that means, and what it is when absent, is the kind's.
    #[serde(default)]
    pub(crate) lasts: Option<u32>,
    /// How many times the connections of another node the node gets.
    #[serde(default)]
    pub(crate) factor: Option<f64>,
    /// Share of the requests that fail.
    #[serde(default)]
    pub(crate) share: Option<f64>,
    #[serde(default)]
    pub(crate) record_ttl_millis: Option<u64>,
    #[serde(default)]
    pub(crate) query_ttl_millis: Option<u64>,
    /// Whether the times to live wait for a restart of each node, as a change of AWS's type `REQUIRES_REBOOT` does.
    #[serde(default)]
    pub(crate) needs_reboot: bool,
}

/// What happens to a cluster or to one of its nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DaxEventKind {
    /// A node is lost. After `lasts` minutes another takes its place, with an empty cache; never when absent.
    NodeLost,
    /// A node restarts and keeps what it has cached (API reference, `RebootNode`); four minutes when absent.
    NodeRebooted,
    /// The cluster is deleted and made again: `lasts` minutes without it, none when absent, and then empty
    /// caches everywhere.
    Recreated,
    /// A node gets `factor` times the connections of another; for ever when `lasts` is absent.
    Imbalance,
    /// A `share` of the requests, of one node or of all, ends in an internal error; for ever when `lasts` is
    /// absent.
    Faults,
    /// The parameter group gets other times to live.
    TimeToLive,
}

/// How the traffic of a source reaches its table through a DAX cluster.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ThroughDax {
    /// The cluster's name.
    pub(crate) cluster: String,
    /// Share of the requests that goes through it; the others go to the table itself.
    #[serde(default = "whole")]
    pub(crate) share: f64,
    /// Bytes of an item.
    #[serde(default = "default_item_bytes")]
    pub(crate) item_bytes: f64,
    /// Distinct items that are asked for, or distinct queries; one for each partition key when absent.
    #[serde(default)]
    pub(crate) distinct: Option<u64>,
}

/// The group that a cluster is created with (AWS CLI reference, `dax describe-clusters`).
pub(crate) const DEFAULT_PARAMETER_GROUP: &str = "default.dax1.0";

/// Both times to live of that group, milliseconds (AWS CLI reference, `dax describe-parameters`).
pub(crate) const DEFAULT_TTL_MILLIS: u64 = 300_000;

fn default_status() -> String {
    "available".into()
}

fn default_parameter_group() -> String {
    DEFAULT_PARAMETER_GROUP.into()
}

fn default_ttl_millis() -> u64 {
    DEFAULT_TTL_MILLIS
}

fn default_connections() -> f64 {
    90.0
}

fn default_age_hours() -> u32 {
    24 * 200
}

fn default_item_bytes() -> f64 {
    1_000.0
}

fn whole() -> f64 {
    1.0
}
