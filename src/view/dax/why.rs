//! What is the matter with a cluster or node, in a few words.

use crate::diagnose::{Cause, DaxCause, Severity, Verdict};
use crate::model::dax::{Cluster, FAULT_TOLERANT_NODES};
use crate::model::id::Resource;
use crate::model::metric::DaxMetric;
use crate::store::Reading;
use crate::view::format::age;
use crate::view::scaling::Weight;
use std::sync::Arc;

/// What AWS calls parameters that are applied.
const IN_SYNC: &str = "in-sync";

/// What is the matter, what matters most first, and how much that is. A verdict says it all; without one AWS's words
/// and the newest figures do.
pub(super) fn told(
    reading: Reading<'_>,
    cluster: &Cluster,
    resource: &Resource,
    verdicts: &[&Verdict],
) -> (String, Weight) {
    let mut notices = match resource {
        Resource::Node(_, node) => of_node(cluster, node),
        Resource::Cluster(_) | Resource::Account | Resource::Table(_) | Resource::Index(..) => {
            of_cluster(cluster)
        }
    };
    if let Some(first) = verdicts.first() {
        let weight = match first.severity {
            Severity::Trouble => Weight::Trouble,
            Severity::Notice => Weight::Notice,
        };
        let more = match verdicts.len() - 1 {
            0 => String::new(),
            more => format!(" +{more}"),
        };
        // Of what somebody asked for, AWS's own word says more than ours.
        let is_asked_for = matches!(
            first.cause,
            Cause::Dax(DaxCause::NodeRebooting | DaxCause::NodeChanging | DaxCause::Unavailable)
        );
        let words = if is_asked_for { notices.join("; ") } else { String::new() };
        let words = if words.is_empty() { first.headline() } else { words };
        return (format!("{words}{more}"), weight);
    }
    match reading.clusters_outdated().filter(|_| !notices.is_empty()) {
        None => notices.extend(refused(reading, resource)),
        Some(at) => {
            let ago = age(reading.now(), at);
            let was = format!("{ago} ago: {}", notices.join("; "));
            notices = refused(reading, resource);
            notices.push(was);
        }
    }
    if !notices.is_empty() {
        return (notices.join("; "), Weight::Notice);
    }
    let calm = matches!(resource, Resource::Cluster(_)).then(|| exposure(cluster)).flatten();
    (calm.unwrap_or_default(), Weight::Calm)
}

fn of_cluster(cluster: &Cluster) -> Vec<String> {
    let mut notices = vec![];
    if !cluster.is_available() {
        notices.push(cluster.status.to_string());
    }
    let unwell: Vec<String> = cluster
        .nodes
        .iter()
        .filter(|node| !node.is_available())
        .map(|node| format!("{} {}", node.id, node.status))
        .collect();
    if let (Some(total), Some(active)) = (cluster.total_nodes, cluster.active_nodes)
        && active < total
    {
        notices.push(format!("{active} of {total} nodes up"));
    }
    notices.extend(unwell);
    notices.extend(cluster.leaving.iter().map(|node| format!("{node} is being removed")));
    notices.extend(parameters(cluster));
    notices
}

/// What became of a change of parameters, where it is not applied yet.
pub(super) fn parameters(cluster: &Cluster) -> Option<String> {
    let used = cluster.parameters.as_ref()?;
    match used.to_reboot.len() {
        0 => {
            let status = used.status.as_ref().filter(|status| &***status != IN_SYNC)?;
            Some(format!("parameters {status}"))
        }
        1 => Some("1 node waits for a reboot".to_owned()),
        count => Some(format!("{count} nodes wait for a reboot")),
    }
}

fn of_node(cluster: &Cluster, id: &Arc<str>) -> Vec<String> {
    let Some(node) = cluster.node(id) else { return vec![] };
    let status = (!node.is_available()).then(|| node.status.to_string());
    let leaves = cluster.leaving.contains(id).then(|| "is being removed".to_owned());
    let waits = cluster.parameters.as_ref().is_some_and(|used| used.to_reboot.contains(id));
    let parameters = node.parameter_status.as_ref().filter(|status| &***status != IN_SYNC);
    let parameters = if waits {
        Some("waits for a reboot".to_owned())
    } else {
        parameters.map(|status| format!("parameters {status}"))
    };
    [status, leaves, parameters].into_iter().flatten().collect()
}

/// What the newest minute shows of requests that were not answered.
fn refused(reading: Reading<'_>, resource: &Resource) -> Vec<String> {
    let counted = |(metric, what): (DaxMetric, &str)| {
        let is_any = reading.dax(resource, metric).value().is_some_and(|count| count > 0.0);
        is_any.then(|| what.to_owned())
    };
    let kinds = [
        (DaxMetric::ThrottledRequestCount, "throttles requests"),
        (DaxMetric::FaultRequestCount, "faults"),
    ];
    kinds.into_iter().filter_map(counted).collect()
}

/// What a loss of nodes would do to a cluster that is well, if it is not built to survive it.
pub(super) fn exposure(cluster: &Cluster) -> Option<String> {
    let (size, zones) = (cluster.size(), cluster.zones().len());
    match (size, zones) {
        (0, _) => None,
        (1, _) => Some("one node: not fault-tolerant".to_owned()),
        (size, 1) if size < FAULT_TOLERANT_NODES => {
            Some("fewer than 3 nodes, one AZ: not fault-tolerant".to_owned())
        }
        (size, _) if size < FAULT_TOLERANT_NODES => {
            Some("fewer than 3 nodes: not fault-tolerant".to_owned())
        }
        (_, 1) => Some("one AZ: not fault-tolerant".to_owned()),
        _ => None,
    }
}
