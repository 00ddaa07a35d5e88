mod happened;

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::testing::{DAX, get, refused, world, world_of};
use crate::world::World;

fn clusters(world: &World, body: &Value) -> Vec<Value> {
    get(world, DAX, "DescribeClusters", body)["Clusters"].as_array().unwrap().clone()
}

/// A fleet of DAX clusters with one node each.
fn many(count: usize) -> World {
    let cluster = |number| {
        format!(
            "[[dax]]\nname = 'c{number:03}'\nnode_type = 'dax.t3.small'\n\
             nodes = [{{ zone = 'us-east-1a' }}]\n"
        )
    };
    world_of(&(0..count).map(cluster).collect::<String>())
}

#[test]
fn a_cluster_is_described_with_its_nodes_and_addresses() {
    let world = world("incident", None);
    let found = clusters(&world, &json!({}));
    let cluster = &found[0];
    assert_eq!(cluster["ClusterName"], "product-catalog");
    assert_eq!(cluster["ClusterArn"], "arn:aws:dax:us-east-1:123456789012:cache/product-catalog");
    assert_eq!((&cluster["TotalNodes"], &cluster["ActiveNodes"]), (&json!(3), &json!(3)));
    assert_eq!(cluster["ParameterGroup"]["ParameterGroupName"], "product-catalog");
    assert_eq!(cluster["SSEDescription"]["Status"], "ENABLED");
    assert_eq!(cluster["ClusterEndpointEncryptionType"], "TLS");
    let endpoint = &cluster["ClusterDiscoveryEndpoint"];
    assert_eq!(endpoint["Port"], 9111);
    let url = format!("daxs://{}", endpoint["Address"].as_str().unwrap());
    assert_eq!(endpoint["URL"], url.as_str());
    let nodes = cluster["Nodes"].as_array().unwrap();
    let members = |name| nodes.iter().map(|node| node[name].as_str().unwrap()).collect::<Vec<_>>();
    let ids = ["product-catalog-a", "product-catalog-b", "product-catalog-c"];
    assert_eq!(members("NodeId"), ids);
    assert_eq!(members("AvailabilityZone"), ["us-east-1a", "us-east-1b", "us-east-1c"]);
    assert_eq!(members("NodeStatus"), ["available"; 3]);
    let addresses: HashSet<_> =
        nodes.iter().map(|node| node["Endpoint"]["Address"].as_str().unwrap()).collect();
    assert_eq!(addresses.len(), 3);
}

#[test]
fn a_name_is_in_lower_case_and_found_in_any() {
    let world = world_of(
        "[[dax]]
         name = 'Orders-Cache'
         node_type = 'dax.r5.large'
         nodes = [{ zone = 'us-east-1a' }]",
    );
    let found = clusters(&world, &json!({ "ClusterNames": ["ORDERS-cache"] }));
    assert_eq!(found[0]["ClusterName"], "orders-cache");
    assert_eq!(found[0]["Nodes"][0]["NodeId"], "orders-cache-a");
    assert_eq!(found[0]["ClusterEndpointEncryptionType"], "NONE");
    assert_eq!(found[0]["SSEDescription"]["Status"], "DISABLED");
    assert_eq!(found[0]["ClusterDiscoveryEndpoint"]["Port"], 8111);
}

#[test]
fn a_node_that_comes_or_goes_has_no_address() {
    let world = world_of(
        "[[dax]]
         name = 'cache'
         node_type = 'dax.r5.large'
         status = 'modifying'
         nodes = [
           { zone = 'us-east-1a' },
           { zone = 'us-east-1b', status = 'creating' },
           { zone = 'us-east-1c', status = 'deleting' },
         ]",
    );
    let cluster = &clusters(&world, &json!({}))[0];
    assert_eq!((&cluster["TotalNodes"], &cluster["ActiveNodes"]), (&json!(3), &json!(1)));
    assert_eq!(cluster["NodeIdsToRemove"], json!(["cache-c"]));
    assert_eq!(cluster["Nodes"][1], json!({ "NodeId": "cache-b", "NodeStatus": "creating" }));
    assert!(cluster["Nodes"][2]["Endpoint"].is_null());
    assert!(cluster["Nodes"][2]["NodeCreateTime"].is_number());
}

#[test]
fn a_cluster_that_is_being_made_or_deleted_shows_no_nodes() {
    for status in ["creating", "deleting"] {
        let world = world_of(&format!(
            "[[dax]]
             name = 'cache'
             node_type = 'dax.r5.large'
             status = '{status}'
             nodes = [{{ zone = 'us-east-1a' }}, {{ zone = 'us-east-1b' }}]"
        ));
        let cluster = &clusters(&world, &json!({}))[0];
        assert_eq!((&cluster["Status"], &cluster["TotalNodes"]), (&json!(status), &json!(2)));
        assert_eq!(cluster["ActiveNodes"], 0);
        assert!(cluster["Nodes"].is_null(), "{cluster}");
    }
}

#[test]
fn clusters_come_in_pages_of_the_size_asked_for() {
    let world = many(45);
    let (mut found, mut sizes, mut body) = (Vec::new(), Vec::new(), json!({ "MaxResults": 20 }));
    loop {
        let page = get(&world, DAX, "DescribeClusters", &body);
        let part = page["Clusters"].as_array().unwrap();
        sizes.push(part.len());
        found.extend(part.iter().cloned());
        if page["NextToken"].is_null() {
            break;
        }
        body["NextToken"] = page["NextToken"].clone();
    }
    assert_eq!(sizes, [20, 20, 5]);
    assert_eq!(found, clusters(&world, &json!({})));
    let named = clusters(&world, &json!({ "ClusterNames": ["c044", "c007"] }));
    let found: Vec<_> = named.iter().map(|cluster| &cluster["ClusterName"]).collect();
    assert_eq!(found, ["c007", "c044"]);
}

#[test]
fn an_account_without_clusters_has_an_empty_list() {
    assert_eq!(get(&many(0), DAX, "DescribeClusters", &json!({})), json!({ "Clusters": [] }));
}

#[test]
fn a_bad_request_is_refused_with_its_reason() {
    let world = many(3);
    let table = [
        (json!({ "ClusterNames": ["c001", "nope"] }), "ClusterNotFoundFault", "nope"),
        (json!({ "MaxResults": 19 }), "InvalidParameterValueException", "19"),
        (json!({ "MaxResults": 101 }), "InvalidParameterValueException", "101"),
        (json!({ "NextToken": "x" }), "InvalidParameterValueException", "NextToken"),
        (json!([]), "SerializationException", ""),
    ];
    for (body, name, part) in table {
        let (found, message) = refused(&world, DAX, "DescribeClusters", &body);
        assert_eq!(found, name, "{body}");
        assert!(message.contains(part), "{message}");
    }
    let (name, _) = refused(&world, DAX, "RebootNode", &json!({}));
    assert_eq!(name, "UnknownOperationException");
}
