//! A dashboard that is killed while it records.

use super::{Player, opened};
use crate::support::ddbtop::command;
use crate::support::pty::Tui;
use jiff::{SignedDuration, Timestamp};
use rustix::process::Signal;
use std::sync::Arc;

/// The time on the screen's clock, of the scenario's day.
fn clock(screen: &vt100::Screen) -> Option<Timestamp> {
    let text = screen.contents();
    let first = text.lines().next()?;
    let (before, _) = first.rsplit_once(" UTC")?;
    let time = before.rsplit(' ').next()?;
    format!("2026-11-22T{time}Z").parse().ok()
}

#[test]
fn a_recording_of_incident_killed_while_it_is_written_replays_to_the_last_whole_minute() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("incident.ddbrec");
    let flags = ["--demo=incident", "--speed=20", "--record", path.to_str().unwrap()];
    let mut tui = Tui::start(&command(&flags), 160, 40);
    tui.wait_for_text("REC");
    tui.wait_for("data", |screen| screen.contents().contains("in trouble"));
    let begun = tui.look(clock).unwrap();
    // Three minutes later, and some way into a minute.
    tui.wait_for("three minutes", |screen| {
        let later = |now: Timestamp| now >= begun + SignedDuration::from_mins(3);
        clock(screen).is_some_and(|now| later(now) && now.as_second().rem_euclid(60) >= 20)
    });
    let killed = tui.look(clock).unwrap();
    tui.signal(Signal::KILL);
    tui.exit_code();

    let recording = opened(&path);
    let (first, last) = recording.span();
    assert!(first <= begun, "{first}");
    let minute = |at: Timestamp| at.as_second().div_euclid(60);
    assert!(minute(last) >= minute(killed) - 1, "killed at {killed}, and read up to {last}");
    let mut player = Player::new(recording, Arc::default());
    player.go_to(last);
    assert_eq!(player.gaps().told(), None);
    let scope = player.store().scopes().next().unwrap();
    assert!(player.store().reading(scope, last).newest_settled().is_some());
}
