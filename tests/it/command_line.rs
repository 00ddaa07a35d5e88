//! Bad input, exit codes and output of the real binary.

use crate::support::ddbtop::{command, ddbtop};
use std::fs;

/// One clear line on stderr, nothing on stdout, exit code 2.
fn refused(args: &[&str], said: &str) {
    let output = ddbtop(args);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {stderr}");
    assert!(stderr.contains(said), "{args:?}: {stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert!(output.stdout.is_empty(), "{args:?}");
    let ours = stderr.lines().filter(|line| line.starts_with("ddbtop: ")).count();
    let claps = stderr.starts_with("error: ");
    assert!(claps || (ours == 1 && stderr.lines().count() == 1), "{args:?}: {stderr}");
}

#[test]
fn a_misspelt_scenario_is_answered_with_the_nearest_one() {
    refused(&["--demo=hotkey", "snapshot"], "hot-key");
}

#[test]
fn a_region_that_cannot_be_one_is_named() {
    refused(&["--region", "Frankfurt", "snapshot"], "`Frankfurt`");
    refused(&["--region", "us-east-1,Frankfurt", "snapshot"], "`Frankfurt`");
    refused(&["--demo", "--region", "us-east-1,Frankfurt", "snapshot"], "`Frankfurt`");
    refused(&["sim", "--listen=127.0.0.1:0", "--region=eu-west-1"], "--region");
}

#[test]
fn a_missing_region_says_how_to_name_one() {
    refused(&["snapshot"], "--region");
}

#[test]
fn an_endpoint_that_is_no_url_is_named() {
    refused(&["--region=us-east-1", "--endpoint-url=localhost:1", "snapshot"], "localhost:1");
}

#[test]
fn a_misspelt_setting_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, "\n[thresholds]\nthrotle_minutes = 3\n").unwrap();
    let path = path.to_str().unwrap();
    refused(
        &["--config", path, "--demo", "snapshot"],
        "config.toml:3: unknown key `throtle_minutes`",
    );
}

#[test]
fn a_settings_file_that_is_not_there_is_named() {
    refused(&["--config", "/nowhere/config.toml", "--demo", "snapshot"], "/nowhere/config.toml");
}

#[test]
fn values_out_of_range_are_named_with_their_flag() {
    refused(&["--demo", "--speed=-1"], "--speed");
    refused(&["--demo", "--tables=999999", "snapshot"], "--tables");
    refused(&["snapshot", "--size=0x0", "--demo"], "--size");
    refused(&["sim", "--listen=nowhere"], "--listen");
    refused(&["--demo", "--profile=p", "snapshot"], "--profile");
}

#[test]
fn without_a_terminal_the_dashboard_names_snapshot() {
    refused(&["--demo"], "ddbtop snapshot");
}

#[test]
fn an_endpoint_that_refuses_ends_with_3_and_what_was_read_is_printed() {
    // A port that was free a moment ago and that nobody listens on.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let output =
        ddbtop(&["--region=us-east-1", "--endpoint-url", &url, "snapshot", "--format=json"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("Connection refused"), "{stderr}");
    assert_eq!(stderr.matches("--endpoint-url").count(), 1, "the cure is told once: {stderr}");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["schema"], 1);
    assert_eq!(json["tables"].as_array().unwrap().len(), 0);
    let failed = json["pollers"].as_array().unwrap().iter();
    assert!(failed.filter(|poller| poller["error"].is_string()).count() >= 2, "{json}");
}

#[test]
fn a_demo_of_two_regions_prints_both_and_says_where_each_row_is() {
    let region = "--region=us-east-1,eu-west-1";
    let output = ddbtop(&["--demo=hot-key", region, "snapshot", "--format=json"]);
    assert_eq!(output.status.code(), Some(0));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let of = |region: &str| -> Vec<String> {
        let tables = json["tables"].as_array().unwrap().iter();
        let here = tables.filter(|table| table["region"] == region);
        here.map(|table| format!("{} {}", table["name"], table["write"])).collect()
    };
    let (one, other) = (of("us-east-1"), of("eu-west-1"));
    assert!(!one.is_empty());
    assert_eq!(one.len(), other.len());
    assert_ne!(one, other, "each region has chances of its own");
    let alone = ddbtop(&["--demo=hot-key", "snapshot", "--format=json"]);
    let alone: serde_json::Value = serde_json::from_slice(&alone.stdout).unwrap();
    let names = |json: &serde_json::Value| -> Vec<String> {
        let tables = json["tables"].as_array().unwrap().iter();
        let here = tables.filter(|table| table["region"] == "us-east-1");
        here.map(ToString::to_string).collect()
    };
    assert_eq!(names(&json), names(&alone), "another region beside it changes nothing");
    let text = ddbtop(&["--demo=hot-key", region, "snapshot", "--size=200x40"]);
    let text = String::from_utf8(text.stdout).unwrap();
    for said in ["2 regions", "REGION", "us-east-1", "eu-west-1"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let lint = ddbtop(&["--demo=hot-key", region, "lint"]);
    let lint = String::from_utf8(lint.stdout).unwrap();
    assert!(lint.contains("123456789012 us-east-1") && lint.contains("123456789012 eu-west-1"));
}

#[test]
fn a_profile_without_a_region_is_named_and_the_other_one_is_read() {
    // A port that was free a moment ago and that nobody listens on.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("--endpoint-url=http://127.0.0.1:{port}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    fs::write(&path, "[profile one]\nregion = us-east-1\n[profile two]\n").unwrap();
    let run = |profiles: &str| {
        let mut command = command(&[&url, "--profile", profiles, "snapshot", "--format=json"]);
        let output = command.env("AWS_CONFIG_FILE", &path).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), stderr, output.stdout)
    };
    let (code, stderr, stdout) = run("one,two");
    assert_eq!(code, Some(3), "{stderr}");
    let line = |begins: &str| stderr.lines().any(|line| line.starts_with(begins));
    assert!(line("ddbtop: two: no region"), "{stderr}");
    assert!(line("ddbtop: one us-east-1: ") || line("ddbtop: one: "), "{stderr}");
    let json: serde_json::Value = serde_json::from_slice(&stdout).unwrap();
    assert_eq!(json["scopes"].as_array().unwrap().len(), 2, "{json}");
    let (code, stderr, _) = run("two");
    assert_eq!((code, stderr.lines().count()), (Some(2), 1), "{stderr}");
}

#[test]
fn missing_credentials_are_one_line_with_the_fix() {
    let output = command(&["--region=us-east-1", "snapshot"])
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains("aws sso login"), "{stderr}");
}

#[test]
fn a_demo_ignores_the_environments_aws_but_refuses_typed_flags() {
    let output = command(&["--demo=calm", "snapshot"])
        .env("DDBTOP_PROFILE", "production")
        .env("DDBTOP_REGION", "eu-west-1,Frankfurt")
        .env("DDBTOP_ENDPOINT_URL", "http://127.0.0.1:1")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("us-east-1") && !text.contains("eu-west-1"), "{text}");
    refused(&["--demo", "--profile=p", "snapshot"], "--profile");
    refused(&["sim", "--listen=0", "--endpoint-url=http://127.0.0.1:1"], "--endpoint-url");
}

#[test]
fn thresholds_that_would_silence_everything_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    for (key, value) in [
        ("window_minutes", "0"),
        ("window_minutes", "100000000000"),
        ("window_minutes", "-9223372036854775808"),
        ("throttled_minutes", "9"),
        ("user_error_minutes", "0"),
        ("pinned_share", "95"),
        ("clear_share", "nan"),
        ("events_at_once", "-1"),
        ("events_together", "inf"),
    ] {
        fs::write(&path, format!("[thresholds]\n{key} = {value}\n")).unwrap();
        refused(&["--config", path.to_str().unwrap(), "--demo", "snapshot"], key);
    }
}

#[test]
fn fail_on_verdict_ends_with_1_in_trouble_and_0_in_calm() {
    let ending = |scenario: &str| {
        let output = ddbtop(&[scenario, "snapshot", "--fail-on=verdict"]);
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        output.status.code()
    };
    assert_eq!(ending("--demo=hot-key"), Some(1));
    assert_eq!(ending("--demo=calm"), Some(0));
}

#[test]
fn the_same_seed_prints_the_same_snapshot() {
    let print = |seed: &str| ddbtop(&["--demo", seed, "snapshot", "--format=json"]).stdout;
    assert_eq!(print("--seed=7"), print("--seed=7"));
    assert_ne!(print("--seed=7"), print("--seed=8"));
}

#[test]
fn a_snapshot_is_of_the_pane_that_is_named() {
    for (pane, said) in [
        ("tables", "VERDICT"),
        ("table", "2 inventory"),
        ("scaling", "at maximum"),
        ("alarms", "CONDITION"),
        ("timeline", "AlreadyAtMaxCapacity"),
        ("pollers", "LAST READ"),
    ] {
        let output = ddbtop(&["--demo=at-max", "snapshot", "--pane", pane, "--size=200x50"]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains(said), "{pane}: {text}");
    }
}

#[test]
fn a_snapshot_goes_into_a_file_where_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("screen.txt");
    let output = ddbtop(&["--demo", "snapshot", "--size=80x24", "--out", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.is_empty());
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 24);
    let nowhere = folder.path().join("no/such/folder/screen.txt");
    refused(&["--demo", "snapshot", "--out", nowhere.to_str().unwrap()], "no/such/folder");
}

#[test]
fn lint_prints_its_findings_and_tells_by_its_exit_code_what_they_are() {
    let text = ddbtop(&["--demo=calm", "lint"]);
    let json = ddbtop(&["--demo=calm", "lint", "--format=json"]);
    assert_eq!(text.status.code(), json.status.code());
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.lines().last().unwrap().ends_with(" info"), "{text}");
    let report: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let unread = report["unread"].as_array().unwrap();
    let is_error = |finding: &serde_json::Value| finding["severity"] == "error";
    let expected = if unread.iter().any(|list| list["what"] == "alarms") {
        3
    } else {
        i32::from(findings.iter().any(is_error))
    };
    assert_eq!(json.status.code(), Some(expected));
}

#[test]
fn a_journal_that_is_not_there_is_one_line_and_one_with_broken_lines_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let audit = |args: &[&str]| {
        let mut audit = command(&["audit"]);
        audit.args(args).env("XDG_STATE_HOME", folder.path()).output().unwrap()
    };
    let output = audit(&[]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stderr.starts_with("ddbtop: no journal: nothing was written yet"), "{stderr}");
    assert_eq!((stderr.lines().count(), output.stdout.len()), (1, 0));

    let line = concat!(
        r#"{"schema":1,"id":"w1","plan":"p1","at":"2026-11-22T12:31:40Z","who":"arn:me","#,
        r#""partition":"aws","account":"123456789012","region":"us-east-1","#,
        r#""call":"dynamodb:UpdateTable","before":{"kind":"capacity","resource":"table/orders","#,
        r#""read":10,"write":20},"after":{"kind":"capacity","resource":"table/orders","read":10,"#,
        r#""write":40},"step":"intent"}"#
    );
    fs::create_dir(folder.path().join("ddbtop")).unwrap();
    let path = folder.path().join("ddbtop/journal.jsonl");
    fs::write(&path, format!("broken\n{line}\n{{\"sch")).unwrap();
    let output = audit(&["--format=json"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("1 unreadable line left out, the first is line 1"), "{stderr}");
    assert!(stderr.contains("the last line is torn"), "{stderr}");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["writes"][0]["outcome"], "open");
    let text = String::from_utf8(audit(&[]).stdout).unwrap();
    assert!(text.contains("write capacity: 20 WCU -> 40 WCU"), "{text}");
    // The simulated AWS has a journal of its own.
    let demo = audit(&["--demo"]);
    assert!(String::from_utf8_lossy(&demo.stderr).contains("no journal"), "{demo:?}");
}

#[test]
fn whether_writes_are_allowed_must_be_true_or_false() {
    let output = command(&["--region=us-east-1", "audit"])
        .env("DDBTOP_ALLOW_WRITES", "perhaps")
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    let said = "DDBTOP_ALLOW_WRITES: expected true or false, not `perhaps`";
    assert!(stderr.contains(said), "{stderr}");
}
