//! `replay` and `--record` of the real binary.

use super::record;
use crate::support::ddbtop::command;
use crate::support::pty::Tui;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Output;

fn run(args: &[&str], state: &Path) -> Output {
    command(args).env("XDG_STATE_HOME", state).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_of_a_recording_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording");
    record(&path, "under-provisioned", 0, 3).await;
    let path = path.to_str().unwrap();
    let json = |args: &[&str]| -> Value {
        let output =
            run(&[&["replay", path], args, &["snapshot", "--format=json"]].concat(), folder.path());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert_eq!(said(&output), "");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let end = json(&[]);
    assert_eq!(end["schema"], 1);
    let at: Timestamp = end["at"].as_str().unwrap().parse().unwrap();
    let before = (at - SignedDuration::from_mins(1)).to_string();
    assert_eq!(json(&["--at", &before])["at"], before.as_str());
    let text = run(&["replay", path, "snapshot", "--pane=scaling", "--size=200x50"], folder.path());
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("REPLAY") && text.contains("TARGET"), "{text}");
    let failing = run(&["replay", path, "snapshot", "--fail-on=verdict"], folder.path());
    assert_eq!(failing.status.code(), Some(1), "{}", said(&failing));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_of_a_recording_is_the_same_each_time_and_has_what_snapshot_prints() {
    let folder = tempfile::tempdir().unwrap();
    let (state, path) = (folder.path(), folder.path().join("recording"));
    record(&path, "under-provisioned", 0, 3).await;
    let path = path.to_str().unwrap();
    let bundle = |name: &str| {
        let target = state.join(name);
        let output = run(&["replay", path, "export", target.to_str().unwrap()], state);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let read = |name: &str| fs::read(target.join(name)).unwrap();
        ["report.md", "snapshot.json", "timeline.json", "screens/tables.svg"].map(read)
    };
    let one = bundle("one");
    assert!(one == bundle("other"), "the same recording gives another bundle");
    let printed = run(&["replay", path, "snapshot", "--format=json"], state);
    assert!(printed.stdout == one[1], "the figures are not those of snapshot");
    assert!(String::from_utf8_lossy(&one[0]).contains("a recording of the simulated AWS"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_settings_say_of_dax_counts_in_a_replay_as_it_does_live() {
    let folder = tempfile::tempdir().unwrap();
    let [path, config, bundle] =
        ["recording", "config.toml", "bundle"].map(|name| folder.path().join(name));
    record(&path, "dax-cold-cache", 0, 2).await;
    fs::write(&config, "[dax.profiles]\ntables = [\"profiles\"]\n").unwrap();
    let config = format!("--config={}", config.display());
    let replay = |more: &[&str]| {
        let output =
            run(&[&[&config, "replay", path.to_str().unwrap()], more].concat(), folder.path());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        output.stdout
    };
    let printed = replay(&["snapshot", "--format=json"]);
    replay(&["export", bundle.to_str().unwrap()]);
    for json in [printed, fs::read(bundle.join("snapshot.json")).unwrap()] {
        let json: Value = serde_json::from_slice(&json).unwrap();
        let evidence = json["verdicts"][0]["evidence"].as_array().unwrap();
        let facts: Vec<&str> = evidence.iter().filter_map(|item| item["fact"].as_str()).collect();
        assert!(facts.contains(&"tables-behind"), "{facts:?}");
    }
}

#[test]
fn what_cannot_be_recorded_or_played_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("there");
    fs::write(&there, "precious").unwrap();
    let there = there.to_str().unwrap();
    let nowhere = folder.path().join("no/such/folder/x");
    for (args, wanted) in [
        (&["replay", there][..], "there: this is no recording of ddbtop"),
        (&["replay", nowhere.to_str().unwrap(), "snapshot"], "No such file"),
        (&["replay", "snapshot"], "nothing was recorded here"),
        (&["--demo", "--record", there, "snapshot"], "--record: what the dashboard shows"),
    ] {
        let output = run(args, folder.path());
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", said(&output));
        assert!(said(&output).contains(wanted), "{args:?}: {}", said(&output));
        assert_eq!(said(&output).lines().count(), 1, "{}", said(&output));
    }
    // That is about the file, and so comes after the terminal was found.
    let mut tui = Tui::start(&command(&["--demo", "--speed=0", "--record", there]), 160, 30);
    tui.wait_for_text("is there already: name another file, or add --overwrite");
    assert_eq!(tui.exit_code(), 2);
    tui.assert_restored();
    assert_eq!(fs::read_to_string(there).unwrap(), "precious");
}

#[test]
fn the_dashboard_always_records_and_the_newest_recording_is_played() {
    let state = tempfile::tempdir().unwrap();
    let mut recorded = command(&["--demo=calm", "--speed=60"]);
    recorded.env("XDG_STATE_HOME", state.path());
    let mut tui = Tui::start(&recorded, 120, 40);
    tui.wait_for_text("nothing in trouble");
    // Long enough to be seen playing.
    tui.wait_for_text(" 12:04:");
    tui.press("q");
    assert_eq!(tui.exit_code(), 0);

    let listed = run(&["replay", "--demo", "--list"], state.path());
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.contains("123456789012 us-east-1") && listed.contains("1 file"), "{listed}");
    let live = run(&["replay", "--list"], state.path());
    let live = String::from_utf8(live.stdout).unwrap();
    assert!(live.starts_with("nothing was recorded in"), "a demo is no incident: {live}");

    let damaged = "demo-20991231T235959999Z-damaged-0.ddbrec";
    let damaged = state.path().join("ddbtop/recordings").join(damaged);
    std::fs::write(&damaged, "not what it seems").unwrap();
    let played = run(&["--demo", "replay", "--at=12:04", "snapshot"], state.path());
    let (screen, told) = (played.stdout, String::from_utf8(played.stderr).unwrap());
    assert!(String::from_utf8(screen).unwrap().contains("nothing in trouble"));
    let passed_over = told.lines().find(|line| line.contains("passed over"));
    assert!(passed_over.unwrap().contains("-damaged-0.ddbrec: this is no recording"), "{told}");
    std::fs::remove_file(damaged).unwrap();

    let outside = run(&["--demo", "replay", "--at=23:59", "snapshot"], state.path());
    assert_eq!((outside.status.code(), outside.stdout.as_slice()), (Some(2), &b""[..]));
    let told = String::from_utf8(outside.stderr).unwrap();
    assert!(
        told.contains("--at: 23:59:00 is not in the recording, from 2026-11-22 12:0"),
        "{told}"
    );

    let mut replayed = command(&["--demo", "replay", "--at=12:04"]);
    replayed.env("XDG_STATE_HOME", state.path());
    let mut tui = Tui::start(&replayed, 120, 40);
    tui.wait_for_text("REPLAY  paused");
    tui.wait_for_text("nothing in trouble");
    tui.press("e");
    tui.wait_for_text("a replay changes nothing");
    tui.press(",");
    tui.wait_for_text("2026-11-22 12:03:");
    tui.press("w");
    tui.wait_for_text("REPLAY  playing");
    tui.press("q");
    assert_eq!(tui.exit_code(), 0);
    tui.assert_restored();
}
