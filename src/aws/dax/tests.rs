use crate::aws::testing::{Stub, clock};
use crate::model::dax::{DaxEvent, EventSource};
use crate::model::event::Happening;
use crate::model::health::ErrorClass;
use jiff::Timestamp;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn all_pages_are_read_and_a_cluster_in_the_making_has_no_nodes() {
    let stub = Stub::default();
    let nodes = json!([
        { "NodeId": "carts-a", "NodeStatus": "available", "AvailabilityZone": "us-east-1a",
          "NodeCreateTime": 1_795_000_000, "ParameterGroupStatus": "in-sync" },
        { "NodeId": "carts-b", "NodeStatus": "creating" },
    ]);
    let carts = json!({
        "ClusterName": "carts", "ClusterArn": "arn", "Status": "available", "TotalNodes": 3,
        "ActiveNodes": 2, "NodeType": "dax.r5.large", "Nodes": nodes, "NodeIdsToRemove": ["carts-b"],
        "PreferredMaintenanceWindow": "sun:23:00-mon:01:30",
        "ParameterGroup": {
            "ParameterGroupName": "short", "ParameterApplyStatus": "in-sync",
            "NodeIdsToReboot": ["carts-a"],
        },
        "SSEDescription": { "Status": "ENABLED" }, "ClusterEndpointEncryptionType": "TLS",
    });
    let new = json!({ "ClusterName": "new", "Status": "creating", "NodeType": "dax.t3.small" });
    stub.json(200, &json!({ "Clusters": [carts], "NextToken": "2" }));
    stub.json(200, &json!({ "Clusters": [new] }));
    let reply = stub.connection().clusters(&clock()).await;
    let clusters = reply.result.unwrap();
    assert_eq!((clusters.len(), reply.requests), (2, 2));
    let carts = &clusters[0];
    assert_eq!((&*carts.name, &*carts.node_type), ("carts", "dax.r5.large"));
    assert_eq!((carts.total_nodes, carts.active_nodes, carts.size()), (Some(3), Some(2), 3));
    let zones: Vec<_> = carts.nodes.iter().map(|node| node.zone.as_deref()).collect();
    assert_eq!(zones, [Some("us-east-1a"), None]);
    assert_eq!(carts.nodes[0].created.map(Timestamp::as_second), Some(1_795_000_000));
    assert_eq!(carts.nodes[0].parameter_status.as_deref(), Some("in-sync"));
    assert_eq!(carts.leaving, [Arc::from("carts-b")]);
    let used = carts.parameters.as_ref().unwrap();
    assert_eq!((&*used.group, used.status.as_deref()), ("short", Some("in-sync")));
    assert_eq!(used.to_reboot, [Arc::from("carts-a")]);
    assert_eq!(carts.encryption_at_rest.as_deref(), Some("ENABLED"));
    assert_eq!(carts.endpoint_encryption.as_deref(), Some("TLS"));
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

#[tokio::test(start_paused = true)]
async fn events_say_of_what_they_are_and_those_from_before_are_left_out() {
    let stub = Stub::default();
    let event = |kind: &str, name: &str, at: i64| json!({ "SourceType": kind, "SourceName": name, "Message": "Said.", "Date": at });
    let first = [event("CLUSTER", "carts", 1_000), event("PARAMETER_GROUP", "short", 1_001)];
    let second =
        [event("SUBNET_GROUP", "s", 1_002), event("NEW", "x", 1_003), event("CLUSTER", "old", 999)];
    stub.json(200, &json!({ "Events": first, "NextToken": "2" }));
    stub.json(200, &json!({ "Events": second }));
    let since = Timestamp::from_second(1_000).unwrap();
    let reply = stub.connection().cluster_events(&clock(), since).await;
    let gathered = reply.result.unwrap();
    let sources: Vec<EventSource> = gathered
        .items
        .iter()
        .map(|event| {
            let Happening::Dax(DaxEvent { source, .. }) = &event.what else { panic!("{event:?}") };
            source.clone()
        })
        .collect();
    let name = |name: &str| Arc::<str>::from(name);
    assert_eq!(
        sources,
        [
            EventSource::Cluster(name("carts")),
            EventSource::ParameterGroup(name("short")),
            EventSource::SubnetGroup(name("s")),
            EventSource::Other(name("x")),
        ]
    );
    assert!(stub.asked()[0].body.contains(r#""StartTime":1000"#), "{:?}", stub.asked());
}

#[tokio::test(start_paused = true)]
async fn a_denied_call_names_its_action() {
    let denied = json!({ "__type": "AccessDeniedException", "message": "no" });
    let stub = Stub::default();
    stub.json(400, &denied);
    stub.json(400, &denied);
    let connection = stub.connection();
    let events = connection.cluster_events(&clock(), Timestamp::UNIX_EPOCH).await;
    let groups = connection.parameter_groups(&clock(), &[Arc::from("short")]).await;
    for (error, action) in [
        (events.result.unwrap_err(), "dax:DescribeEvents"),
        (groups.result.unwrap_err(), "dax:DescribeParameters"),
    ] {
        assert_eq!((error.class, error.action), (ErrorClass::Denied, action));
    }
}

#[tokio::test(start_paused = true)]
async fn a_group_that_cannot_be_read_keeps_no_other_back() {
    let stub = Stub::default();
    let parameter = |name: &str, value: &str| json!({ "ParameterName": name, "ParameterValue": value, "Source": "user" });
    stub.json(400, &json!({ "__type": "ParameterGroupNotFoundFault", "message": "gone" }));
    stub.json(
        200,
        &json!({ "Parameters": [parameter("query-ttl-millis", "0")], "NextToken": "2" }),
    );
    stub.json(200, &json!({ "Parameters": [parameter("record-ttl-millis", "300000")] }));
    stub.json(200, &json!({}));
    let names = ["gone", "short", "none"].map(Arc::from);
    let reply = stub.connection().parameter_groups(&clock(), &names).await;
    assert_eq!(reply.requests, 4);
    let gathered = reply.result.unwrap();
    assert_eq!(gathered.flaw.map(|flaw| flaw.action), Some("dax:DescribeParameters"));
    let [short, none] = &gathered.items[..] else { panic!("{:?}", gathered.items) };
    let record = short.record_ttl.as_ref().unwrap();
    assert_eq!((record.time, record.source.as_deref()), (Duration::from_mins(5), Some("user")));
    assert_eq!(short.query_ttl.as_ref().map(|ttl| ttl.time), Some(Duration::ZERO));
    // Such a reply is all that moto has.
    assert_eq!((&none.record_ttl, &none.query_ttl), (&None, &None));
}
