//! How things were left comes back at the next start, and nothing else does.

use crate::support::ddbtop::command;
use crate::support::pty::Tui;
use std::fs;
use std::path::Path;
use std::process::Command;

fn demo(state: &Path) -> Command {
    let mut command = command(&["--demo=calm", "--speed=0"]);
    command.env("XDG_STATE_HOME", state);
    command
}

#[test]
fn order_and_filters_come_back_but_no_filter_hides_rows() {
    let folder = tempfile::tempdir().unwrap();
    let mut tui = Tui::start(&demo(folder.path()), 160, 40);
    tui.wait_for_text(" 8 tables ");
    tui.wait_for_text("sorted by trouble");
    tui.press("s");
    tui.wait_for_text("Sort by name");
    tui.press("name\r");
    tui.wait_for_text("sorted by name");
    tui.press("S");
    tui.wait_for_text("reversed");
    tui.press("/pay\r");
    tui.wait_for_text("FILTER pay");
    tui.press("q");
    assert_eq!(tui.exit_code(), 0);
    let path = folder.path().join("ddbtop/state.toml");
    let state = fs::read_to_string(&path).unwrap();
    assert!(state.contains("sort = \"name\"") && state.contains("filters = [\"pay\"]"), "{state}");

    let mut tui = Tui::start(&demo(folder.path()), 160, 40);
    tui.wait_for_text("sorted by name, reversed");
    tui.wait_for_text(" 8 tables ");
    assert!(!tui.look(|screen| screen.contents().contains("FILTER pay")));
    tui.press("/");
    tui.press("\x1b[A");
    tui.wait_for_text("/pay");
    tui.press("\x03");
    assert_eq!(tui.exit_code(), 0);

    let snapshot = demo(folder.path()).arg("snapshot").output().unwrap();
    let text = String::from_utf8(snapshot.stdout).unwrap();
    assert!(text.contains("sorted by trouble"), "snapshots don't depend on it: {text}");
    assert_eq!(fs::read_to_string(&path).unwrap(), state, "nor do they change it");
}
