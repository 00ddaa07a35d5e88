//! Keys of tables are customer data: what hot keys are said to do is what AWS says, and nothing that the program
//! writes holds one.

use crate::support::alone;
use crate::support::ddbtop::command;
use crate::support::pty::Tui;
use crate::support::python::judge;
use crate::support::server::Server;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SCENARIOS: [&str; 3] = ["hot-key-read", "hot-key-gsi", "rolling-hot-key"];
const PANES: [&str; 8] =
    ["tables", "table", "hot-keys", "scaling", "dax", "alarms", "timeline", "pollers"];

fn served(scenario: &str) -> Server {
    let demo = format!("--demo={scenario}");
    Server::announced_on_stdout(command(&[&demo, "sim", "--frozen", "--listen=127.0.0.1:0"]))
}

/// The binary at work on a server, with a home directory of its own.
fn at(url: &str, home: &Path, args: &[&str]) -> Command {
    let mut command = command(&["--region=us-east-1", "--endpoint-url", url]);
    command.args(args).env("HOME", home).env("XDG_STATE_HOME", home.join("state"));
    command
}

/// Runs it to its end; what it printed is kept in the home directory, with all else that it wrote.
fn printed(url: &str, home: &Path, name: &str, args: &[&str]) -> PathBuf {
    let output = at(url, home, args).output().unwrap();
    let file = home.join(name);
    fs::write(&file, &output.stdout).unwrap();
    fs::write(home.join(format!("{name}.stderr")), &output.stderr).unwrap();
    file
}

/// The keys that boto3 reads where the snapshot has its hot keys, which are the same but for the keys' masks.
fn keys(url: &str, snapshot: &Path) -> Vec<String> {
    let told = judge("compare_hot_keys.py", &[url, snapshot.to_str().unwrap()]);
    told.lines().map(str::to_owned).collect()
}

/// Every file under a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn holds(bytes: &[u8], key: &str) -> bool {
    bytes.windows(key.len()).any(|window| window == key.as_bytes())
}

/// Shows this key in full, copies it, and then shows every other pane.
fn look_at_keys(url: &str, home: &Path, key: &str) {
    let mut tui = Tui::start(&at(url, home, &[]), 120, 40);
    tui.wait_for_text("in trouble");
    tui.press("3");
    tui.wait_for_text("p show keys");
    tui.press("p");
    tui.wait_for_text(key);
    tui.press("y");
    tui.wait_for_text("clipboard: ");
    for pane in ["1", "2", "4", "5", "6", "7", "8"] {
        tui.press(pane);
    }
    tui.press("q");
    assert_eq!(tui.exit_code(), 0);
}

#[test]
fn hot_keys_equal_boto3_and_nothing_that_is_written_holds_one() {
    let _turn = alone();
    for scenario in SCENARIOS {
        let server = served(scenario);
        let home = tempfile::tempdir().unwrap();
        let (url, home) = (&*server.url, home.path());
        let snapshot = printed(url, home, "snapshot.json", &["snapshot", "--format=json"]);
        let keys = keys(url, &snapshot);
        look_at_keys(url, home, &keys[0]);
        for pane in PANES {
            for format in ["text", "ansi"] {
                let args = ["snapshot", "--pane", pane, "--format", format];
                let file = printed(url, home, &format!("{pane}.{format}"), &args);
                assert!(!fs::read(&file).unwrap().is_empty(), "{}", file.display());
            }
        }
        printed(url, home, "lint", &["lint"]);
        printed(url, home, "audit", &["audit"]);
        let written = files(home);
        assert!(written.len() > 2 * PANES.len() * 2, "{written:?}");
        for file in written {
            let bytes = fs::read(&file).unwrap();
            let found: Vec<&String> = keys.iter().filter(|key| holds(&bytes, key)).collect();
            assert!(found.is_empty(), "{scenario}: {} holds {found:?}", file.display());
        }
    }
}
