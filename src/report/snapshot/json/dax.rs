//! DAX in the contract that scripts rely on.

use super::{figure, instant, located};
use crate::model::dax::{Cluster, Node, ParameterUse, Ttl};
use crate::model::id::Resource;
use crate::model::metric::{Cache, DaxMetric};
use crate::store::Reading;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Every DAX cluster with its nodes.
pub(super) fn clusters(reading: Reading<'_>) -> Vec<Value> {
    let all = reading.clusters().value().into_iter().flatten();
    all.map(|one| located(reading.scope(), cluster(reading, one))).collect()
}

fn cluster(reading: Reading<'_>, cluster: &Cluster) -> Value {
    let resource = Resource::Cluster(Arc::clone(&cluster.name));
    let nodes = cluster.nodes.iter().map(|one| node(reading, cluster, one));
    let parameters = cluster.parameters.as_ref();
    let fields = json!({
        "name": &*cluster.name,
        "resource": resource.to_string(),
        "arn": &*cluster.arn,
        "status": &*cluster.status,
        "described_at": reading.clusters().at().map(instant),
        "is_stale": reading.clusters_outdated().is_some(),
        "node_type": &*cluster.node_type,
        "total_nodes": cluster.total_nodes,
        "active_nodes": cluster.active_nodes,
        "nodes_being_removed": texts(&cluster.leaving),
        "parameter_group": parameters.map(|used| parameter_group(reading, cluster, used)),
        "maintenance_window_utc": cluster.maintenance_window.as_deref(),
        "encryption_at_rest": cluster.encryption_at_rest.as_deref(),
        "endpoint_encryption": cluster.endpoint_encryption.as_deref(),
        "nodes": nodes.collect::<Vec<_>>(),
    });
    with_figures(reading, &resource, fields)
}

fn node(reading: Reading<'_>, cluster: &Cluster, node: &Node) -> Value {
    let resource = Resource::Node(Arc::clone(&cluster.name), Arc::clone(&node.id));
    let fields = json!({
        "id": &*node.id,
        "resource": resource.to_string(),
        "status": &*node.status,
        "availability_zone": node.zone.as_deref(),
        "created": node.created.map(instant),
        "parameter_group_status": node.parameter_status.as_deref(),
        "cpu_credits": figure(reading.dax(&resource, DaxMetric::CpuCreditBalance)),
    });
    with_figures(reading, &resource, fields)
}

/// Times are null where the group could not be read.
fn parameter_group(reading: Reading<'_>, cluster: &Cluster, used: &ParameterUse) -> Value {
    let known = reading.parameter_group(cluster);
    let milliseconds = |ttl: Option<&Ttl>| ttl.map(|ttl| ttl.time.as_millis());
    json!({
        "name": &*used.group,
        "status": used.status.as_deref(),
        "nodes_to_reboot": texts(&used.to_reboot),
        "record_ttl_milliseconds": milliseconds(known.and_then(|group| group.record_ttl.as_ref())),
        "query_ttl_milliseconds": milliseconds(known.and_then(|group| group.query_ttl.as_ref())),
    })
}

/// Adds what a cluster and a node have alike; of a cluster percentages and connections are those of its worst node.
fn with_figures(reading: Reading<'_>, resource: &Resource, fields: Value) -> Value {
    const FIGURES: [(&str, DaxMetric); 10] = [
        ("cpu_percent", DaxMetric::CpuUtilization),
        ("cache_memory_percent", DaxMetric::CacheMemoryUtilization),
        ("evicted_bytes_per_minute", DaxMetric::EvictedSize),
        ("client_connections", DaxMetric::ClientConnections),
        ("requests_per_minute", DaxMetric::TotalRequestCount),
        ("throttled_requests_per_minute", DaxMetric::ThrottledRequestCount),
        ("error_requests_per_minute", DaxMetric::ErrorRequestCount),
        ("fault_requests_per_minute", DaxMetric::FaultRequestCount),
        ("network_in_percent_of_baseline", DaxMetric::NetworkIn),
        ("network_out_percent_of_baseline", DaxMetric::NetworkOut),
    ];
    let mut all = Map::new();
    if let Value::Object(fields) = fields {
        all.extend(fields);
    }
    let of = |(name, metric): (&str, DaxMetric)| {
        (name.to_owned(), figure(reading.dax(resource, metric)))
    };
    all.extend(FIGURES.map(of));
    let rate = |cache: Cache| {
        let name = format!("{}_cache_hit_rate_percent", cache.name());
        (name, figure(reading.hit_rate_percent(resource, cache)))
    };
    all.extend(Cache::ALL.map(rate));
    Value::Object(all)
}

fn texts(ids: &[Arc<str>]) -> Vec<&str> {
    ids.iter().map(|id| &**id).collect()
}
