//! Amazon DAX: clusters and their nodes, parameter groups, events.

mod parameters;
#[cfg(test)]
mod tests;

use super::error::call_error;
use super::{Attempts, Connection, Gathered, Reply, all_pages, first_pages, timestamp};
use crate::clock::Clock;
use crate::model::dax::{Cluster, DaxEvent, EventSource, Node, ParameterUse};
use crate::model::event::{Event, Happening};
use crate::model::health::CallError;
use aws_sdk_dax::primitives::DateTime;
use aws_sdk_dax::types as sdk;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

const CLUSTERS: &str = "dax:DescribeClusters";
const EVENTS: &str = "dax:DescribeEvents";

/// The most clusters, events or parameters that one page holds (DAX API Reference, "`DescribeClusters`").
const PER_PAGE: i32 = 100;
/// The most pages of events that one read asks for.
const MOST_PAGES: usize = 10;
/// Between two calls: AWS does not publish how many an account may ask for.
const PAUSE: Duration = Duration::from_millis(200);

impl Connection {
    /// Reads every DAX cluster (`DescribeClusters`, all pages).
    pub async fn clusters(&self, clock: &Clock) -> Reply<Vec<Cluster>> {
        let attempts = Attempts::default();
        let result = self.describe_clusters(&attempts, clock).await;
        attempts.reply(result)
    }

    async fn describe_clusters(
        &self,
        attempts: &Attempts,
        clock: &Clock,
    ) -> Result<Vec<Cluster>, CallError> {
        all_pages(CLUSTERS, |token| async {
            if token.is_some() {
                tokio::time::sleep(clock.span(PAUSE)).await;
            }
            let call = self.dax().describe_clusters().max_results(PER_PAGE);
            let call = call.set_next_token(token).customize();
            let sent = call.interceptor(attempts.clone()).send().await;
            let output = sent.map_err(|error| call_error(CLUSTERS, &error))?;
            let clusters = output.clusters().iter().filter_map(cluster);
            Ok((clusters.collect(), output.next_token.clone()))
        })
        .await
    }

    /// Reads what happened since `since` to clusters, parameter groups and subnet groups of DAX (`DescribeEvents`, at
    /// most a thousand). AWS tells of 14 days.
    pub async fn cluster_events(&self, clock: &Clock, since: Timestamp) -> Reply<Gathered<Event>> {
        let attempts = Attempts::default();
        let result = first_pages(EVENTS, MOST_PAGES, |token| async {
            if token.is_some() {
                tokio::time::sleep(clock.span(PAUSE)).await;
            }
            let call = self
                .dax()
                .describe_events()
                .start_time(DateTime::from_secs(since.as_second()))
                .max_results(PER_PAGE)
                .set_next_token(token)
                .customize();
            let sent = call.interceptor(attempts.clone()).send().await;
            let output = sent.map_err(|error| call_error(EVENTS, &error))?;
            // Other servers do not look at the start.
            let is_new = |event: &Event| event.at >= since;
            let events = output.events().iter().filter_map(event).filter(is_new);
            Ok((events.collect(), output.next_token.clone()))
        })
        .await;
        attempts.reply(result)
    }
}

/// Takes in a cluster; `None` for one without a name.
fn cluster(told: &sdk::Cluster) -> Option<Cluster> {
    let count = |count: Option<i32>| count.and_then(|count| u32::try_from(count).ok());
    let at_rest = told.sse_description().and_then(sdk::SseDescription::status);
    let endpoint = told.cluster_endpoint_encryption_type();
    Some(Cluster {
        name: Arc::from(told.cluster_name()?),
        arn: Arc::from(told.cluster_arn().unwrap_or_default()),
        status: Arc::from(told.status().unwrap_or("UNKNOWN")),
        node_type: Arc::from(told.node_type().unwrap_or_default()),
        total_nodes: count(told.total_nodes()),
        active_nodes: count(told.active_nodes()),
        nodes: told.nodes().iter().filter_map(node).collect(),
        leaving: texts(told.node_ids_to_remove()),
        parameters: told.parameter_group().and_then(parameter_use),
        maintenance_window: told.preferred_maintenance_window().map(Arc::from),
        encryption_at_rest: at_rest.map(|status| Arc::from(status.as_str())),
        endpoint_encryption: endpoint.map(|kind| Arc::from(kind.as_str())),
    })
}

fn node(told: &sdk::Node) -> Option<Node> {
    Some(Node {
        id: Arc::from(told.node_id()?),
        status: Arc::from(told.node_status().unwrap_or("UNKNOWN")),
        zone: told.availability_zone().map(Arc::from),
        created: told.node_create_time().copied().and_then(timestamp),
        parameter_status: told.parameter_group_status().map(Arc::from),
    })
}

fn parameter_use(told: &sdk::ParameterGroupStatus) -> Option<ParameterUse> {
    Some(ParameterUse {
        group: Arc::from(told.parameter_group_name()?),
        status: told.parameter_apply_status().map(Arc::from),
        to_reboot: texts(told.node_ids_to_reboot()),
    })
}

fn texts(told: &[String]) -> Vec<Arc<str>> {
    told.iter().map(|text| Arc::from(text.as_str())).collect()
}

/// Takes in an event; `None` for one that is about nothing or of no time.
fn event(told: &sdk::Event) -> Option<Event> {
    let name = Arc::from(told.source_name()?);
    let source = match told.source_type().map(sdk::SourceType::as_str) {
        Some("CLUSTER") => EventSource::Cluster(name),
        Some("PARAMETER_GROUP") => EventSource::ParameterGroup(name),
        Some("SUBNET_GROUP") => EventSource::SubnetGroup(name),
        Some(_) | None => EventSource::Other(name),
    };
    let message = Arc::from(told.message().unwrap_or_default());
    let what = Happening::Dax(DaxEvent { source, message });
    Some(Event { at: told.date().copied().and_then(timestamp)?, what })
}
