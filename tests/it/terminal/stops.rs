//! Stopped and continued: by the user, by the shell, by others.

use super::{demo, selected, wait_for_fleet};
use crate::support::ddbtop::command;
use crate::support::pty::{Tui, signal};
use rustix::process::Signal;
use std::process::Command;

/// A shell that controls jobs, once it waits for a command.
fn shell() -> Tui {
    let mut shell = Command::new("sh");
    shell.args(["-i", "-m"]).env("LANG", "C.UTF-8").env("PS1", "prompt> ").env("ENV", "");
    shell.env("PATH", std::env::var("PATH").unwrap()).env("HOME", "/nowhere");
    let tui = Tui::start(&shell, 120, 40);
    tui.wait_for_text("prompt>");
    tui
}

fn wait_for_shell(tui: &Tui) {
    tui.wait_for("the shell", |screen| {
        !screen.alternate_screen() && !screen.hide_cursor() && screen.contents().contains("Stopped")
    });
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_takes_it_over_again() {
    // The script waits for the program as a wrapper does: both must stop, or the shell never wakes.
    let script = format!("{} --demo --speed=0; echo ended with $?", env!("CARGO_BIN_EXE_ddbtop"));
    let mut tui = shell();
    tui.press(&format!("sh -c '{script}'\r"));
    wait_for_fleet(&tui);
    for width in [100, 110] {
        tui.press("\x1a");
        wait_for_shell(&tui);
        // The shell keeps the news of another size for itself.
        tui.resize(width, 30);
        tui.press("clear; echo back in the shell; fg\r");
        wait_for_fleet(&tui);
        tui.wait_for("the new size", |screen| {
            let text = screen.contents();
            let rule = text.lines().find(|line| line.starts_with('─'));
            rule.is_some_and(|line| line.chars().count() == usize::from(width))
        });
        let before = tui.look(selected);
        tui.press("j");
        tui.wait_for("the next row", |screen| selected(screen) != before);
    }
    tui.press("q");
    tui.wait_for_text("ended with 0");
    tui.assert_restored();
}

#[test]
fn who_was_stopped_by_others_takes_the_terminal_over_again() {
    let mut tui = demo();
    tui.signal(Signal::STOP);
    tui.show(b"\x1b[?1049l\x1b[?25h\x1b[?2004l\x1b[2J\x1b[Hanother program was here");
    tui.signal(Signal::CONT);
    wait_for_fleet(&tui);
    tui.wait_for("the terminal taken over", |screen| {
        let is_taken =
            screen.alternate_screen() && screen.hide_cursor() && screen.bracketed_paste();
        is_taken && !screen.contents().contains("another program")
    });
    let before = tui.look(selected);
    tui.press("j");
    tui.wait_for("the next row", |screen| selected(screen) != before);
    tui.press("q");
    assert_eq!(tui.exit_code(), 0);
    tui.assert_restored();
}

#[test]
fn a_stop_asked_for_by_others_gives_the_terminal_back_until_it_goes_on() {
    let mut tui = shell();
    let program = env!("CARGO_BIN_EXE_ddbtop");
    tui.press(&format!("sh -c 'echo number $$.; exec {program} --demo --speed=0'\r"));
    wait_for_fleet(&tui);
    let written = tui.written(0);
    let number = written.rsplit("number ").next().and_then(|rest| rest.split('.').next());
    let number = number.unwrap().parse().unwrap();
    for _ in 0..2 {
        let before = tui.look(selected);
        signal(number, Signal::TSTP);
        wait_for_shell(&tui);
        tui.press("clear; fg\r");
        wait_for_fleet(&tui);
        tui.press("j");
        tui.wait_for("the next row", |screen| selected(screen) != before);
    }
    tui.press("q");
    tui.wait_for_text("prompt>");
    tui.assert_restored();
}

#[test]
fn without_a_shell_nothing_stops_it_since_nobody_could_continue_it() {
    let mut tui = demo();
    tui.press("\x1a");
    tui.signal(Signal::TSTP);
    let before = tui.look(selected);
    tui.press("j");
    tui.wait_for("the next row", |screen| selected(screen) != before);
    tui.press("q");
    assert_eq!(tui.exit_code(), 0);
}

#[test]
fn a_signal_ends_it_while_the_terminal_takes_nothing() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let flags = ["--demo", "--speed=0", "--tables=200", "--link-rate=0"];
        let mut tui = Tui::start(&command(&flags), 300, 100);
        wait_for_fleet(&tui);
        // A frame larger than a terminal's queue.
        tui.stall_at("\x0c");
        tui.signal(signal);
        assert_eq!(tui.exit_code_while_stalled(), code, "{signal:?}");
        tui.assert_restored();
    }
}
