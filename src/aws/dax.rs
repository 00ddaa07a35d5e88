//! Amazon DAX: clusters and their nodes.

use super::error::call_error;
use super::{Attempts, Connection, Reply, all_pages};
use crate::clock::Clock;
use crate::model::dax::{Cluster, Node};
use crate::model::health::CallError;
use aws_sdk_dax::types as sdk;
use std::sync::Arc;
use std::time::Duration;

const ACTION: &str = "dax:DescribeClusters";

/// The most clusters that one page holds (DAX API Reference, "`DescribeClusters`").
const PER_PAGE: i32 = 100;
/// Between two pages: AWS does not publish how many an account may ask for.
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
        all_pages(ACTION, |token| async {
            if token.is_some() {
                tokio::time::sleep(clock.span(PAUSE)).await;
            }
            let call = self.dax().describe_clusters().max_results(PER_PAGE);
            let call = call.set_next_token(token).customize();
            let sent = call.interceptor(attempts.clone()).send().await;
            let output = sent.map_err(|error| call_error(ACTION, &error))?;
            let clusters = output.clusters().iter().filter_map(cluster);
            Ok((clusters.collect(), output.next_token.clone()))
        })
        .await
    }
}

/// Takes in a cluster; `None` for one without a name.
fn cluster(told: &sdk::Cluster) -> Option<Cluster> {
    Some(Cluster {
        name: Arc::from(told.cluster_name()?),
        arn: Arc::from(told.cluster_arn().unwrap_or_default()),
        status: Arc::from(told.status().unwrap_or("UNKNOWN")),
        node_type: Arc::from(told.node_type().unwrap_or_default()),
        nodes: told.nodes().iter().filter_map(node).collect(),
    })
}

fn node(told: &sdk::Node) -> Option<Node> {
    Some(Node {
        id: Arc::from(told.node_id()?),
        status: Arc::from(told.node_status().unwrap_or("UNKNOWN")),
        zone: told.availability_zone().map(Arc::from),
    })
}

#[cfg(test)]
mod tests {
    use crate::aws::testing::{Stub, clock};
    use serde_json::json;

    #[tokio::test(start_paused = true)]
    async fn all_pages_are_read_and_a_cluster_in_the_making_has_no_nodes() {
        let stub = Stub::default();
        let nodes = json!([
            { "NodeId": "carts-a", "NodeStatus": "available", "AvailabilityZone": "us-east-1a" },
            { "NodeId": "carts-b", "NodeStatus": "creating" },
        ]);
        let carts = json!({
            "ClusterName": "carts", "ClusterArn": "arn", "Status": "available",
            "NodeType": "dax.r5.large", "Nodes": nodes,
        });
        let new = json!({ "ClusterName": "new", "Status": "creating", "NodeType": "dax.t3.small" });
        stub.json(200, &json!({ "Clusters": [carts], "NextToken": "2" }));
        stub.json(200, &json!({ "Clusters": [new] }));
        let reply = stub.connection().clusters(&clock()).await;
        let clusters = reply.result.unwrap();
        assert_eq!((clusters.len(), reply.requests), (2, 2));
        assert_eq!((&*clusters[0].name, &*clusters[0].node_type), ("carts", "dax.r5.large"));
        let zones: Vec<_> = clusters[0].nodes.iter().map(|node| node.zone.as_deref()).collect();
        assert_eq!(zones, [Some("us-east-1a"), None]);
        assert_eq!((&*clusters[1].status, clusters[1].nodes.len()), ("creating", 0));
        let asked = stub.asked();
        assert!(asked[1].body.contains(r#""NextToken":"2""#), "{asked:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_endpoint_that_does_not_know_dax_says_so() {
        let stub = Stub::default();
        stub.json(400, &json!({ "__type": "UnknownOperationException", "message": "what?" }));
        let error = stub.connection().clusters(&clock()).await.result.unwrap_err();
        assert!(error.is_unknown_call(), "{error}");
    }
}
