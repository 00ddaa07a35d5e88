//! DAX clusters, judged by boto3 and served by moto.

use super::{poller, snapshot};
use crate::support::alone;
use crate::support::ddbtop::{command, ddbtop};
use crate::support::python::judge;
use crate::support::server::Server;
use serde_json::Value;
use std::fs;

#[test]
fn hit_rates_and_figures_of_nodes_equal_boto3s_arithmetic() {
    let _turn = alone();
    let scenarios =
        ["dax-node-loss", "dax-saturated", "dax-ttl-too-short", "dax-cold-cache", "dax-miss-storm"];
    let mut nodes = 0;
    for scenario in scenarios {
        let demo = format!("--demo={scenario}");
        let server = Server::announced_on_stdout(command(&[
            &demo,
            "sim",
            "--frozen",
            "--listen=127.0.0.1:0",
        ]));
        let read = snapshot(&server.url);
        assert_eq!(read.status.code(), Some(0), "{}", String::from_utf8_lossy(&read.stderr));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("snapshot.json");
        fs::write(&path, &read.stdout).unwrap();
        let said = judge("compare_dax.py", &[&server.url, path.to_str().unwrap()]);
        let compared: Value = serde_json::from_str(&said).unwrap();
        // Two clusters of at least eleven figures each.
        assert!(compared["cluster"].as_u64() >= Some(22), "{scenario}: {compared}");
        nodes += compared["node"].as_u64().unwrap();
    }
    assert!(nodes >= 60, "nodes of clusters in trouble are read, too: {nodes}");
}

#[test]
fn moto_without_parameters_events_and_metrics_leaves_its_clusters_whole() {
    let _turn = alone();
    let server = Server::moto();
    judge("seed_moto_dax.py", &[&server.url]);
    let read = snapshot(&server.url);
    let stderr = String::from_utf8_lossy(&read.stderr);
    assert_eq!(read.status.code(), Some(3), "no figure could be read: {stderr}");
    assert!(!stderr.contains('<'), "{stderr}");
    let json: Value = serde_json::from_slice(&read.stdout).unwrap();
    let cluster = &json["dax_clusters"][0];
    assert_eq!(cluster["name"], "carts");
    assert_eq!(cluster["node_type"], "dax.t3.small");
    assert_eq!(cluster["cpu_percent"]["state"], "not_polled");
    assert_eq!(cluster["parameter_group"]["record_ttl_milliseconds"], Value::Null);
    // It calls a cluster that was just made `creating`: worth a look, and no trouble.
    let verdicts = json["verdicts"].as_array().unwrap();
    assert!(verdicts.iter().all(|verdict| verdict["severity"] == "notice"), "{verdicts:#?}");
    for name in ["dax events", "dax parameters"] {
        assert!(poller(&json, name)["error"].is_string(), "{name}: {}", json["pollers"]);
    }
    let pane = ddbtop(&[
        "--region=us-east-1",
        "--endpoint-url",
        &server.url,
        "snapshot",
        "--pane=dax",
        "--size=80x24",
    ]);
    let shown = String::from_utf8_lossy(&pane.stdout);
    assert!(shown.contains("carts") && shown.contains("dax.t3.small"), "{shown}");
    assert!(!shown.contains('<'), "no page of an error: {shown}");
}
