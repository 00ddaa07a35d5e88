//! Alarms that boto3 made on MiniStack: shown and linted as those of the simulated AWS.

use super::snapshot;
use crate::support::alone;
use crate::support::ddbtop::{command, ddbtop};
use crate::support::python::{judge, python};
use crate::support::server::Server;
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;

/// Rule and alarm of every finding about an alarm of its own; what needs other services is left out,
/// since MiniStack has none of them.
fn findings(url: &str) -> BTreeSet<(String, String)> {
    let told = ddbtop(&["--region=us-east-1", "--endpoint-url", url, "lint", "--format=json"]);
    let json: Value = serde_json::from_slice(&told.stdout).unwrap();
    let of_alarms = json["findings"].as_array().unwrap().iter().filter(|it| !it["alarm"].is_null());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    of_alarms.map(|finding| (text(&finding["rule"]), text(&finding["alarm"]))).collect()
}

#[test]
fn alarms_made_on_ministack_are_told_as_boto3_reads_them_and_linted_as_on_the_simulated_aws() {
    let _turn = alone();
    let simulated = ["--demo=misconfigured", "sim", "--frozen", "--listen=127.0.0.1:0"];
    let simulated = Server::announced_on_stdout(command(&simulated));
    let mut start = Command::new(python("ministack").with_file_name("ministack"));
    start.env("BIND_HOST", "127.0.0.1").env("GATEWAY_PORT", "0").env("PERSIST_STATE", "0");
    let ministack = Server::announced_on_stderr(start);
    let told = judge("copy_alarms.py", &[&simulated.url, &ministack.url]);
    let told: Value = serde_json::from_str(&told).unwrap();

    let read = snapshot(&ministack.url);
    let json: Value = serde_json::from_slice(&read.stdout).unwrap();
    let shown = json["alarms"].as_array().unwrap();
    let expected = told["alarms"].as_array().unwrap();
    assert!(expected.len() >= 12, "{expected:?}");
    assert_eq!(shown.len(), expected.len());
    for expected in expected {
        let alarm = shown.iter().find(|alarm| alarm["name"] == expected["name"]).unwrap();
        assert_eq!(alarm["state"], expected["state"], "{alarm}");
        assert_eq!(alarm["reason"], expected["reason"], "{alarm}");
    }
    let history = timeline(&ministack.url);
    for change in told["history"].as_array().unwrap() {
        let (alarm, summary) = (&change["alarm"], change["summary"].as_str().unwrap());
        let Some((_, states)) = summary.split_once("from ") else { continue };
        let [from, to] = *states.split(" to ").collect::<Vec<_>>() else { continue };
        let shown = history.contains(alarm.as_str().unwrap());
        assert!(from == to || shown, "{change}:\n{history}");
    }

    let (there, here) = (findings(&ministack.url), findings(&simulated.url));
    assert!(there.contains(&("DDB001".to_owned(), "orders-user-errors".to_owned())), "{there:?}");
    assert_eq!(there, here);
}

/// The Timeline pane as it is printed.
fn timeline(url: &str) -> String {
    let flags = ["--region=us-east-1", "--endpoint-url", url, "snapshot", "--pane=timeline"];
    let told = ddbtop(&[&flags[..], &["--size=200x60"]].concat());
    String::from_utf8(told.stdout).unwrap()
}
