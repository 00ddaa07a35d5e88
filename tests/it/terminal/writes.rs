//! Writes by keys in the real binary: the permit, the journal on disk, and what the next start says.

use super::wait_for_fleet;
use crate::support::ddbtop::command;
use crate::support::pty::Tui;
use crate::support::sim::{frozen, world};
use ddbtop_sim::front::listen::serve;
use std::fs;
use std::path::Path;
use tokio::net::TcpListener;

/// A demo in which tables are under-provisioned, with a state directory of its own.
fn demo(state: &Path) -> Tui {
    let mut command = command(&["--demo=under-provisioned", "--speed=10"]);
    command.env("XDG_STATE_HOME", state);
    let tui = Tui::start(&command, 100, 40);
    wait_for_fleet(&tui);
    // The table in trouble is described by now.
    tui.wait_for_text("provisioned units/s");
    tui
}

fn audit(state: &Path) -> String {
    let mut command = command(&["audit", "--demo"]);
    let output = command.env("XDG_STATE_HOME", state).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_write_by_keys_is_seen_audited_and_told_at_the_next_start_where_its_end_is_missing() {
    let state = tempfile::tempdir().unwrap();
    let mut tui = demo(state.path());
    // Until autoscaling is read there is nothing to choose.
    tui.wait_for_text("no autoscaling on it");
    for (pressed, wanted) in [
        ("e", "Change what of invoices?"),
        ("\r", "Change invoices"),
        ("400\r", "nothing is done yet"),
        ("\r", "type invoices to apply"),
        ("invoices\r", "done: it is seen to be so"),
    ] {
        tui.press(pressed);
        tui.wait_for_text(wanted);
    }
    // Until then quitting would warn, and the end would be told in place of the keys.
    tui.wait_for_text("This is how it went");
    tui.press("\x1b");
    tui.wait_for_text("q quit");
    tui.press("q");
    assert_eq!(tui.exit_code(), 0);
    let told = audit(state.path());
    assert!(told.contains("done  provisioned capacity of invoices"), "{told}");
    assert!(told.contains("write capacity: 150 WCU -> 400 WCU"), "{told}");

    // As if the program had been killed right after it had recorded what it was about to do.
    let journal = state.path().join("ddbtop/journal-demo.jsonl");
    let recorded = fs::read_to_string(&journal).unwrap();
    let intent = recorded.lines().next().unwrap();
    fs::write(&journal, format!("{intent}\n")).unwrap();
    let tui = demo(state.path());
    tui.wait_for_text("a write has no recorded end, the last provisioned capacity of invoices");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_allows_writes_is_asked_to_confirm_a_plan_and_everybody_reads_it() {
    let world = world("under-provisioned", None);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("--endpoint-url=http://{}", listener.local_addr().unwrap());
    let clock = frozen(&world);
    tokio::spawn(serve(listener, world, clock, std::future::pending()));
    for (allowed, banner, offered, wanted) in [
        (None, "READ-ONLY", "e plan", "nobody allowed it (--allow-writes would"),
        (Some("--allow-writes"), "WRITES ALLOWED", "e edit", "type invoices to apply"),
    ] {
        let flags = [Some(&*url), Some("--region=us-east-1"), allowed];
        let flags: Vec<&str> = flags.into_iter().flatten().collect();
        let mut tui = Tui::start(&command(&flags), 100, 40);
        // The frozen world is long ago: there are tables, and no data points of now.
        tui.wait_for_text("tax-rates");
        tui.wait_for_text(banner);
        tui.press("/invoices\r");
        tui.wait_for_text("FILTER invoices");
        tui.wait_for_text(offered);
        // It is described by now.
        tui.wait_for_text("provisioned 500");
        for (pressed, shown) in [
            ("e", "Change what of invoices?"),
            ("\r", "Change invoices"),
            ("400\r", "Plan for"),
            ("\r", wanted),
        ] {
            tui.press(pressed);
            tui.wait_for_text(shown);
        }
    }
}
