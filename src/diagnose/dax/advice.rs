//! The next step for each cause, as AWS recommends it. None of it is a write of this program.
//!
//! Sources: Amazon DynamoDB Developer Guide, "DAX cluster components", "Production monitoring" and "Managing DAX
//! clusters"; DAX API Reference.

use crate::diagnose::words::number;
use crate::model::dax::{Cluster, FAULT_TOLERANT_NODES, Ttl};

/// AWS's own name of a parameter group that nobody can change.
const DEFAULT_GROUP: &str = "default.";

pub(super) const NODE_CHANGING: &str = "nothing is wrong if this is planned: the other nodes serve meanwhile; a node \
    that is made anew has nothing cached at first, so that its tables are read more for a while";

pub(super) const UNAVAILABLE: &str = "clients get no answer from it: have them read the tables themselves, as far as \
    these bear it, and look at the cluster's events and at the AWS Health Dashboard";

pub(super) const SATURATED: &str = "add nodes (IncreaseReplicationFactor) for more reads, and have clients back off \
    meanwhile; a larger node type takes a new cluster, since that of a running one cannot be changed. The tables' \
    capacity has nothing to do with it";

pub(super) const HOT_NODE: &str = "more nodes will not help while one of them gets the requests: have clients connect \
    anew to the cluster's endpoint rather than to a node's, each with more connections than there are nodes";

pub(super) const FAULTS: &str = "nothing to change here: let clients retry with back-off, look at the AWS Health \
    Dashboard, and give AWS Support the request ids if it lasts";

pub(super) const ERRORS: &str = "search the application's logs for ValidationException, ResourceNotFoundException and \
    AccessDeniedException: CloudWatch names neither the table nor the caller";

pub(super) const CACHE_TOO_SMALL: &str = "what is asked for does not fit: a larger node type, which takes a new \
    cluster, gives each node more memory; more nodes do not, since each caches on its own. Or cache less: a shorter \
    TTL in the parameter group, large scans read from the table itself";

pub(super) const COLD_CACHE: &str = "it fills by itself, from minute to minute: keep the read capacity of the tables \
    behind it up until then, and put off what can wait. Replace nodes one after the other";

pub(super) const MISS_STORM: &str = "find who asks for what nobody asked for before (an export, a crawler, a scan): \
    have it read the table itself, slowly; what is read once is of no use in a cache, and pushes out the rest";

pub(super) const MISSES_RAISED: &str = "compare with deployments and with what is asked for: other keys, keys that \
    are read once, strongly consistent reads. To tell: the cluster's events, its parameter group, and the requests of \
    each caller";

pub(super) const CREDITS: &str = "the node works above its baseline: add nodes (IncreaseReplicationFactor), or make a \
    new cluster of a type without credits. T3 nodes go on and are charged for it, T2 nodes are held to their baseline";

/// What to do while a node is down.
pub(super) fn node_down(cluster: &Cluster) -> String {
    let fragile = if cluster.size() < FAULT_TOLERANT_NODES {
        "; AWS asks for three nodes in three Availability Zones in production"
    } else {
        ""
    };
    format!(
        "the other nodes serve until AWS has recovered it: watch its status and the cluster's events. If they are at \
         their limit, add a node (IncreaseReplicationFactor){fragile}"
    )
}

/// The time to live of both caches where nobody sets it, milliseconds (AWS CLI reference, `dax describe-parameters`).
const USUAL_TTL: f64 = 300_000.0;

/// What to do about a time to live that is too short. A parameter group that running nodes use cannot be modified
/// (Amazon DynamoDB Developer Guide, "Configuring TTL settings"). `parameter` is its name, `ttl` what it is where that was read.
pub(super) fn ttl_too_short(cluster: &Cluster, parameter: &str, ttl: Option<&Ttl>) -> String {
    let now = ttl.map(|ttl| ttl.time.as_millis() as f64);
    let than = now.map_or(String::new(), |now| format!(" than {}", number(now)));
    let usual = if now.is_some_and(|now| now >= USUAL_TTL) {
        String::new()
    } else {
        format!(" ({} by default)", number(USUAL_TTL))
    };
    let group = cluster.parameters.as_ref().map_or("", |used| &*used.group);
    let waiting = cluster.parameters.as_ref().map_or(0, |used| used.to_reboot.len());
    let reboot = match waiting {
        0 => {
            "AWS calls the change immediate: where a node is listed to be rebooted, it takes it only then"
        }
        _ => "nodes that are listed to be rebooted take it only then",
    };
    let why =
        if group.starts_with(DEFAULT_GROUP) { "AWS's own" } else { "one in use, by AWS's guide," };
    format!(
        "give the cluster a parameter group with a longer {parameter}{than}{usual} (CreateParameterGroup, UpdateCluster): \
         {group} is {why} and cannot be changed; {reboot}"
    )
}
