//! The read path judged by clients and servers that nobody here wrote.

mod alarms;
mod dax;

use crate::support::alone;
use crate::support::ddbtop::{command, ddbtop};
use crate::support::python::{judge, python};
use crate::support::server::Server;
use serde_json::Value;
use std::fs;
use std::process::{Command, Output};

fn snapshot(url: &str) -> Output {
    ddbtop(&["--region=us-east-1", "--endpoint-url", url, "snapshot", "--format=json"])
}

/// Compares every figure of the snapshot with what boto3 reads from the same server.
fn compare(url: &str, snapshot: &Output) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("snapshot.json");
    fs::write(&path, &snapshot.stdout).unwrap();
    judge("compare_figures.py", &[url, path.to_str().unwrap()])
}

fn poller<'a>(json: &'a Value, name: &str) -> &'a Value {
    let pollers = json["pollers"].as_array().unwrap();
    pollers.iter().find(|poller| poller["name"] == name).unwrap()
}

#[test]
fn figures_equal_boto3_on_a_frozen_simulated_aws() {
    let _turn = alone();
    for scenario in ["--demo=incident", "--demo=on-demand-cap"] {
        let server = Server::announced_on_stdout(command(&[
            scenario,
            "sim",
            "--frozen",
            "--listen=127.0.0.1:0",
        ]));
        let read = snapshot(&server.url);
        assert_eq!(read.status.code(), Some(0), "{}", String::from_utf8_lossy(&read.stderr));
        compare(&server.url, &read);
    }
}

#[test]
fn figures_equal_boto3_on_ministack() {
    let _turn = alone();
    let mut start = Command::new(python("ministack").with_file_name("ministack"));
    start.env("BIND_HOST", "127.0.0.1").env("GATEWAY_PORT", "0").env("PERSIST_STATE", "0");
    let server = Server::announced_on_stderr(start);
    judge("seed_ministack.py", &[&server.url]);
    let read = snapshot(&server.url);
    let stderr = String::from_utf8_lossy(&read.stderr);
    assert_eq!(read.status.code(), Some(0), "{stderr}");
    // It knows no mute rules: said, and nothing else of the two services.
    let of_the_two = |line: &&str| line.contains("dynamodb:") || line.contains("cloudwatch:");
    let said: Vec<&str> = stderr.lines().filter(of_the_two).collect();
    let [mute_rules] = said.as_slice() else { panic!("{stderr}") };
    assert!(mute_rules.contains("cloudwatch:ListAlarmMuteRules: InvalidAction"), "{stderr}");
    compare(&server.url, &read);

    let json: Value = serde_json::from_slice(&read.stdout).unwrap();
    let verdict = &json["verdicts"][0];
    assert_eq!(verdict["resource"], "table/orders/index/by-customer", "{verdict}");
    assert_eq!(verdict["reason"], "IndexWriteProvisionedThroughputExceeded", "{verdict}");
    assert_eq!(verdict["confidence"], "measured");
    // MiniStack has no Application Auto Scaling: said, and nothing else suffers.
    assert!(poller(&json, "scaling")["error"].is_string(), "{json}");
    assert!(stderr.contains("application-autoscaling:DescribeScalableTargets"), "{stderr}");
}

#[test]
fn moto_without_metrics_leaves_the_rest_whole_and_is_called_unreadable() {
    let _turn = alone();
    let server = Server::moto();
    let targets: Value = serde_json::from_str(&judge("seed_moto.py", &[&server.url])).unwrap();
    let read = snapshot(&server.url);
    let stderr = String::from_utf8_lossy(&read.stderr);
    // No figure could be read: moto answers CloudWatch's wire format with an error page.
    assert_eq!(read.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("cloudwatch:GetMetricData"), "{stderr}");
    assert!(!stderr.contains('<'), "{stderr}");

    let json: Value = serde_json::from_slice(&read.stdout).unwrap();
    let table = &json["tables"][0];
    assert_eq!(table["name"], "orders");
    assert_eq!(table["write"]["provisioned_units_per_second"]["value"], 200.0);
    assert_eq!(table["indexes"][0]["read"]["provisioned_units_per_second"]["value"], 100.0);
    assert_eq!(table["write"]["consumed_units_per_second"]["state"], "not_polled");
    assert_eq!(table["write"]["consumed_units_per_second"]["value"], Value::Null);
    assert_eq!(json["verdicts"], Value::Array(vec![]));
    let shown: Vec<Value> = json["scalable_targets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|target| {
            let mut kept = serde_json::Map::new();
            for key in [
                "resource",
                "direction",
                "min_units_per_second",
                "max_units_per_second",
                "target_utilization_percent",
            ] {
                kept.insert(key.to_owned(), target[key].clone());
            }
            Value::Object(kept)
        })
        .collect();
    let expected = targets.as_array().unwrap();
    assert_eq!(shown.len(), expected.len());
    for (shown, expected) in shown.iter().zip(expected) {
        for (key, value) in expected.as_object().unwrap() {
            let same = match value.as_f64() {
                Some(number) => shown[key].as_f64() == Some(number),
                None => shown[key] == *value,
            };
            assert!(same, "{key}: {shown} instead of {expected}");
        }
    }
}
