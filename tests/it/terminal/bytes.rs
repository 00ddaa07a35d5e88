//! How much is written to the terminal, and in which pieces.

use super::{demo, selected, wait_for_fleet};
use crate::support::ddbtop::command;
use crate::support::pty::Tui;

/// Bytes written while `keys` take the screen to where it shows `text`.
fn cost(tui: &mut Tui, keys: &str, text: &str) -> usize {
    let before = tui.bytes();
    tui.press(keys);
    tui.wait_for_text(text);
    tui.bytes() - before
}

#[test]
fn keys_that_do_nothing_cost_nothing() {
    let mut tui = demo();
    // News that still come cost, too.
    let mut least = |keys: &str| {
        let costs = [(); 3].map(|()| {
            let bytes = cost(&mut tui, keys, "Enter keep");
            cost(&mut tui, "\x1b", "q quit");
            bytes
        });
        costs.into_iter().min().unwrap()
    };
    let box_alone = least("/");
    let after_idle_keys = least("999ZZZ/");
    assert_eq!(after_idle_keys, box_alone);
    assert!((1..400).contains(&box_alone), "{box_alone}");
}

#[test]
fn a_step_in_the_list_costs_no_more_than_what_changes() {
    let mut tui = demo();
    for _ in 0..5 {
        let (before, since) = (tui.look(selected), tui.bytes());
        tui.press("j");
        tui.wait_for("the next row", |screen| selected(screen) != before);
        // Two rows and the strip below the list.
        let bytes = tui.bytes() - since;
        assert!(bytes < 2_500, "{bytes}");
    }
}

#[test]
fn a_step_in_a_long_list_is_answered_by_few_bytes_and_the_strip_follows() {
    let mut tui = Tui::start(&command(&["--demo", "--speed=0", "--tables=200"]), 200, 50);
    wait_for_fleet(&tui);
    let title = |screen: &vt100::Screen| {
        let text = screen.contents();
        text.lines().find(|line| line.starts_with("──")).map(str::to_owned)
    };
    let steps: Vec<usize> = (0..5)
        .map(|_| {
            let (row, strip, since) = (tui.look(selected), tui.look(title), tui.bytes());
            tui.press("j");
            let at_once = tui.wait_for("the next row", |screen| selected(screen) != row);
            tui.wait_for("its strip", |screen| title(screen) != strip);
            at_once - since
        })
        .collect();
    // News may come in some of them.
    assert!(steps.iter().any(|bytes| *bytes <= 700), "{steps:?}");
}

#[test]
fn a_second_of_the_clock_costs_a_few_bytes() {
    let tui = Tui::start(&command(&["--demo"]), 200, 50);
    wait_for_fleet(&tui);
    let clock = |screen: &vt100::Screen| screen.contents().lines().next().map(str::to_owned);
    let ticks: Vec<usize> = (0..5)
        .map(|_| {
            let (before, since) = (tui.look(clock), tui.bytes());
            tui.wait_for("the next second", |screen| clock(screen) != before);
            tui.bytes() - since
        })
        .collect();
    // News may come in some of them.
    assert!(ticks.iter().any(|bytes| *bytes <= 40), "{ticks:?}");
}

#[test]
fn large_frames_are_shown_at_once_except_inside_tmux() {
    for (tmux, bracketed) in [("", true), ("/tmp/tmux-0/default,1,0", false)] {
        let mut command = command(&["--demo", "--speed=0"]);
        command.env("TMUX", tmux);
        let mut tui = Tui::start(&command, 200, 50);
        wait_for_fleet(&tui);
        let before = tui.bytes();
        tui.press("\x0c/");
        tui.wait_for_text("Enter keep");
        let written = tui.written(before);
        assert_eq!(written.contains("\x1b[?2026h"), bracketed, "TMUX={tmux}");
        assert_eq!(written.contains("\x1b[?2026l"), bracketed, "TMUX={tmux}");
    }
}

#[test]
fn a_slow_connection_ends_with_the_same_screen_and_answers_keys_on_the_way() {
    let fast = demo();
    let mut slow = Tui::start(&command(&["--demo", "--speed=0", "--link-rate=6000"]), 120, 40);
    slow.wait_for_text("q quit");
    // News are still owed when the box of keys opens.
    slow.press("?");
    slow.wait_for_text("Keys: type to search");
    slow.press("\x1b");
    wait_for_fleet(&slow);
    // The header counts requests, which depend on time; the rest depends on the world alone.
    let rest = |text: &str| {
        text.lines().skip(3).map(|line| line.trim_end().to_owned()).collect::<Vec<_>>()
    };
    slow.wait_for("what the fast one shows", |screen| {
        rest(&screen.contents()) == rest(&fast.text())
    });
}

#[test]
fn a_dragged_corner_is_followed_by_few_frames() {
    let tui = demo();
    let before = tui.bytes();
    for width in 80..=120 {
        tui.resize(width, 40);
    }
    tui.wait_for("the whole width", |screen| {
        let text = screen.contents();
        text.lines().any(|line| line.starts_with('─') && line.chars().count() == 120)
    });
    let frames = tui.written(before).matches("\x1b[2J").count();
    assert!((1..10).contains(&frames), "{frames} frames for 41 sizes");
}
