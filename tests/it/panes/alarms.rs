//! What the Alarms pane looks like, and the other panes where alarms are known.

use super::{SIZES, compare, press};
use crate::screens::alarms::{HOT, watched};
use crate::screens::stores::{now, options};
use ddbtop::app::{App, Msg, Options};
use ddbtop::report::snapshot::text;
use ddbtop::view::Charset;
use std::collections::BTreeSet;

#[test]
fn what_pages_stands_on_top_with_what_it_is_made_of() {
    compare("alarms", watched, "6");
}

#[test]
fn the_strip_shows_the_reason_and_the_data() {
    compare("alarm_selected", watched, "6j");
}

#[test]
fn everything_about_an_alarm_in_words() {
    compare("alarm_in_words", watched, "6jd");
}

#[test]
fn the_chart_of_an_alarm_alone() {
    compare("alarm_expanded", watched, "6jz-");
}

#[test]
fn the_other_panes_name_the_alarms_of_a_table() {
    let app = watched().app(200, 50);
    let shown = text(&app.screen(now()), 200, 50);
    let row = |name: &str| shown.lines().find(|line| line.contains(name)).unwrap().to_owned();
    let heads = row("VERDICT");
    let end = heads.find("ALARMS").unwrap() + "ALARMS".len();
    let count = |name: &str| row(name).chars().take(end).last();
    assert_eq!(count("   orders "), Some('1'), "that of its index counts: {shown}");
    assert_eq!([count("by-status"), count("by-customer")], [Some('1'), Some('0')], "{shown}");
    let mut app = watched().app(120, 40);
    press(&mut app, "\n");
    let shown = text(&app.screen(now()), 120, 40);
    assert!(shown.contains(" in ALARM   orders-by-status"), "{shown}");
}

/// The pane in ASCII.
fn plain(width: u16, height: u16, keys: &str) -> String {
    let mut app = App::new(Options { charset: Charset::Ascii, ..options() });
    app.handle(Msg::Resize(width, height), now());
    app.handle(Msg::Updates(watched().updates()), now());
    press(&mut app, keys);
    let shown = text(&app.screen(now()), width, height);
    assert!(shown.is_ascii(), "{shown}");
    shown
}

#[test]
fn states_are_told_apart_in_monochrome_ascii() {
    for (width, height) in SIZES {
        let shown = plain(width, height, "6");
        let row = |name: &str| {
            let row = shown.lines().skip(4).find(|line| line.contains(name));
            row.unwrap_or_else(|| panic!("{name}\n{shown}")).to_owned()
        };
        let rows: BTreeSet<(String, &str)> = [
            ("orders-unwell", "ALARM"),
            ("carts-throttled", "ALARM"),
            ("sessions-", "INSUFFICIENT"),
            ("orders-p99", "OK"),
        ]
        .map(|(name, state)| {
            let row = row(name);
            assert!(row.split_whitespace().any(|word| word == state), "{row}");
            (row.chars().skip(1).take(1).collect(), state)
        })
        .into();
        assert_eq!(rows.len(), 4, "mark and state tell them apart: {rows:?}");
    }
    let shown = plain(200, 50, "6");
    let row = shown.lines().find(|line| line.contains(HOT)).unwrap();
    assert!(row.ends_with("......_________________##______#####"), "{row}");
    let words = plain(200, 50, "6jd");
    assert!(words.contains("# ALARM : INSUFFICIENT_DATA _ OK . not known"), "{words}");
}

#[test]
fn the_axis_marks_what_is_evaluated() {
    let shown = plain(80, 24, "6jz");
    assert!(shown.contains("==="), "{shown}");
}

#[test]
fn no_size_is_too_small_or_odd_for_alarms() {
    for keys in ["6", "6jd", "6jz", "6i"] {
        let mut app = watched().app(1, 1);
        press(&mut app, keys);
        for width in (1..=210).step_by(11) {
            for height in (1..=60).step_by(3) {
                app.handle(Msg::Resize(width, height), now());
                let shown = text(&app.screen(now()), width, height);
                assert_eq!(shown.lines().count(), usize::from(height));
            }
        }
    }
}
