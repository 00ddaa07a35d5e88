//! `DescribeClusters`.

#![expect(clippy::struct_field_names, reason = "the members have AWS's names")]

use serde::{Deserialize, Serialize};

use super::{invalid_token, page_size};
use crate::facts::{AccountState, DaxCluster, DaxNode};
use crate::service::{Ask, arn, page, uuid};
use crate::wire::{Refusal, Stamp};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    cluster_names: Option<Vec<String>>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    clusters: Vec<Cluster>,
}

pub(super) fn describe(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: Input = ask.input()?;
    ask.call.continued = input.next_token.is_some();
    let size = page_size(input.max_results)?;
    let all = ask.fleet.dax_clusters(ask.now);
    let wanted = input.cluster_names.unwrap_or_default();
    let wanted: Vec<String> = wanted.iter().map(|name| name.to_lowercase()).collect();
    let known = |name: &String| all.iter().any(|cluster| cluster.name == *name);
    if let Some(name) = wanted.iter().find(|name| !known(name)) {
        let message = format!("Cluster {name} not found");
        return Err(Refusal::client("ClusterNotFoundFault", "ClusterNotFound", message));
    }
    let account = ask.account();
    let found: Vec<Cluster> = all
        .iter()
        .filter(|cluster| wanted.is_empty() || wanted.contains(&cluster.name))
        .map(|cluster| Cluster::new(cluster, account))
        .collect();
    let (clusters, next_token) =
        page(&found, input.next_token.as_deref(), size, &wanted).ok_or_else(invalid_token)?;
    ask.output(&Output { next_token, clusters })
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct Cluster {
    cluster_name: String,
    cluster_arn: String,
    total_nodes: usize,
    active_nodes: usize,
    node_type: String,
    status: String,
    cluster_discovery_endpoint: Endpoint,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    node_ids_to_remove: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nodes: Vec<Node>,
    preferred_maintenance_window: &'static str,
    subnet_group: &'static str,
    security_groups: [SecurityGroup; 1],
    iam_role_arn: String,
    parameter_group: ParameterGroup,
    #[serde(rename = "SSEDescription")]
    sse_description: SseDescription,
    cluster_endpoint_encryption_type: &'static str,
    network_type: &'static str,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct Endpoint {
    address: String,
    port: u16,
    #[serde(rename = "URL", skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct SecurityGroup {
    security_group_identifier: String,
    status: &'static str,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct ParameterGroup {
    parameter_group_name: String,
    parameter_apply_status: &'static str,
    node_ids_to_reboot: Vec<String>,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct SseDescription {
    status: &'static str,
}

/// A node; one that is being added has neither place nor address yet, one that is being removed no address
/// any more (API reference, `DescribeClusters`).
#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct Node {
    node_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<Endpoint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    node_create_time: Option<Stamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    availability_zone: Option<String>,
    node_status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter_group_status: Option<&'static str>,
}

impl Cluster {
    fn new(cluster: &DaxCluster<'_>, account: &AccountState) -> Self {
        let settings = cluster.settings;
        let (scheme, _) = protocol(cluster);
        let address = format!("{}.{}.{}", cluster.name, cluster.host_id, domain(account));
        // Until all nodes are there, and when they go, only the cluster itself is described.
        let whole = !matches!(cluster.status, "creating" | "deleting");
        let nodes: &[DaxNode] = if whole { &cluster.nodes } else { &[] };
        let waiting = nodes.iter().filter(|node| node.needs_reboot);
        let are = |status: &'static str| nodes.iter().filter(move |node| node.status == status);
        Self {
            cluster_arn: arn(account, "dax", &format!("cache/{}", cluster.name)),
            total_nodes: cluster.nodes.len(),
            active_nodes: are("available").count(),
            node_type: settings.node_type.clone(),
            status: cluster.status.to_owned(),
            cluster_discovery_endpoint: Endpoint {
                url: Some(format!("{scheme}://{address}")),
                ..endpoint(cluster, address)
            },
            node_ids_to_remove: are("deleting").map(|node| node.id.clone()).collect(),
            nodes: nodes.iter().map(|node| Node::new(node, cluster, account)).collect(),
            preferred_maintenance_window: "sun:03:00-sun:04:00",
            subnet_group: "default",
            security_groups: [SecurityGroup {
                security_group_identifier: format!("sg-{}", security_group(account)),
                status: "active",
            }],
            iam_role_arn: format!(
                "arn:aws:iam::{}:role/DAXServiceRoleForDynamoDBAccess",
                account.id
            ),
            parameter_group: ParameterGroup {
                parameter_group_name: settings.parameter_group.clone(),
                parameter_apply_status: applied(cluster.nodes.iter().any(|it| it.needs_reboot)),
                node_ids_to_reboot: waiting.map(|node| node.id.clone()).collect(),
            },
            sse_description: SseDescription {
                status: if settings.encrypted { "ENABLED" } else { "DISABLED" },
            },
            cluster_endpoint_encryption_type: if settings.tls { "TLS" } else { "NONE" },
            network_type: "ipv4",
            cluster_name: cluster.name.clone(),
        }
    }
}

impl Node {
    fn new(node: &DaxNode, cluster: &DaxCluster<'_>, account: &AccountState) -> Self {
        let (coming, going) = (node.status == "creating", node.status == "deleting");
        let address = format!("{}.{}.nodes.{}", node.id, cluster.host_id, domain(account));
        Self {
            node_id: node.id.clone(),
            endpoint: (!coming && !going).then(|| endpoint(cluster, address)),
            node_create_time: (!coming).then_some(Stamp(node.created)),
            availability_zone: (!coming).then(|| node.zone.clone()),
            node_status: node.status.clone(),
            parameter_group_status: (!coming).then_some(applied(node.needs_reboot)),
        }
    }
}

/// How far parameters are applied. AWS's examples of DAX have `in-sync` alone, and changes of both parameters are
/// immediate in them; `pending-reboot` is what `ElastiCache` says, whose control plane answers the same way.
fn applied(needs_reboot: bool) -> &'static str {
    if needs_reboot { "pending-reboot" } else { "in-sync" }
}

/// The scheme and port, with and without TLS (API reference, `Endpoint`).
fn protocol(cluster: &DaxCluster<'_>) -> (&'static str, u16) {
    if cluster.settings.tls { ("daxs", 9111) } else { ("dax", 8111) }
}

fn endpoint(cluster: &DaxCluster<'_>, address: String) -> Endpoint {
    Endpoint { address, port: protocol(cluster).1, url: None }
}

fn domain(account: &AccountState) -> String {
    format!("dax-clusters.{}.amazonaws.com", account.region)
}

/// The last part of the id of the security group that all clusters are in.
fn security_group(account: &AccountState) -> String {
    uuid(&("security group", &account.id)).replace('-', "").chars().take(17).collect()
}
