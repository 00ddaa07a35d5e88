//! What touches everything on screen: freezing, the time zone, the time cursor, the mouse, the
//! selection.

use super::{PANES, asked, fleet_for, pane, row, started, written};
use crate::journeys::{press, selected};
use crate::screens::stores::{Fleet, calm, now, on_demand, options, trouble};
use crate::support::ddbtop::command;
use ddbtop::app::key::Mouse;
use ddbtop::app::{App, Effect, Msg};
use ddbtop::model::time::Minute;
use ddbtop::view::chart::Chart;
use ddbtop::view::{Body, Layout, List};
use jiff::SignedDuration;

fn charts(app: &App) -> Vec<Chart> {
    match app.screen(now()).body {
        Body::Table(pane) => pane.charts,
        Body::Dax(pane) => pane.charts,
        Body::List(List { detail: Some(detail), .. }) => detail.charts,
        Body::Chart(chart) => vec![*chart],
        Body::List(List { detail: None, .. })
        | Body::HotKeys(_)
        | Body::Message(_)
        | Body::Words(_) => vec![],
    }
}

#[test]
fn a_frozen_screen_stays_while_news_arrive_and_shows_them_when_it_goes_on() {
    for to_pane in PANES {
        let mut app = started(calm());
        press(&mut app, to_pane);
        press(&mut app, "f");
        let before = app.screen(now());
        app.handle(Msg::Updates(trouble().updates()), now());
        assert!(app.screen(now()) == before, "news show through after {to_pane:?}");
        let later = now() + SignedDuration::from_secs(90);
        app.handle(Msg::Tick, later);
        let after = app.screen(later);
        assert!(after.body == before.body || to_pane == "8", "time shows through");
        assert!(written(&after).contains("12:04:50 UTC"), "the clock goes on");
        assert!(written(&after).contains("FROZEN at 12:03:20, 90 s ago"), "{}", written(&after));
        press(&mut app, "1f");
        assert!(written(&app.screen(now())).contains("3 in trouble"));
    }
}

/// The text with every time of day moved by so many hours.
fn moved(text: &str, hours: u32) -> String {
    let mut moved: Vec<char> = text.chars().collect();
    let digit = |c: Option<&char>| c.and_then(|c| c.to_digit(10));
    for at in 0..moved.len() {
        let before = at.checked_sub(1).and_then(|place| moved.get(place));
        let begins = !before.is_some_and(|c| c.is_ascii_digit() || *c == ':');
        let digits = [at, at + 1, at + 3, at + 4].map(|place| digit(moved.get(place)));
        let [Some(tens), Some(ones), Some(_), Some(_)] = digits else { continue };
        if !begins || moved.get(at + 2) != Some(&':') {
            continue;
        }
        let hour = (10 * tens + ones + hours) % 24;
        moved[at] = char::from_digit(hour / 10, 10).unwrap();
        moved[at + 1] = char::from_digit(hour % 10, 10).unwrap();
    }
    moved.into_iter().collect()
}

#[test]
fn all_times_on_screen_move_together_to_local_time_and_back() {
    for before in [
        "",
        "2",
        "3",
        "3j",
        "3d",
        "6",
        "6j",
        "6d",
        "7",
        "7jj",
        "7d",
        "8",
        "f",
        "2f",
        "2[[",
        "/orders<Enter>kk",
        "/account<Enter>",
    ] {
        let mut app = started(fleet_for(before));
        press(&mut app, before);
        let utc = written(&app.screen(now()));
        press(&mut app, "L");
        let local = written(&app.screen(now()));
        // The first is that of the clock; AWS may speak of UTC, too.
        assert_eq!(moved(&utc, 5).replacen("UTC", "PKT", 1), local, "after {before:?}");
        press(&mut app, "L");
        assert_eq!(written(&app.screen(now())), utc, "after {before:?}");
    }
}

#[test]
fn json_is_in_utc_wherever_the_user_is() {
    let json = |zone: &str| {
        let mut command = command(&["--demo", "snapshot", "--format=json"]);
        String::from_utf8(command.env("TZ", zone).output().unwrap().stdout).unwrap()
    };
    let utc = json("UTC");
    assert!(utc.contains("since"), "{utc}");
    assert_eq!(json("PKT-5"), utc);
}

#[test]
fn the_time_cursor_moves_through_all_charts_equally() {
    let newest = Minute::newest_settled(now(), 120);
    for (before, minute) in [
        ("2[", newest),
        ("2[[[", newest.plus(-2)),
        ("2[[[]", newest.plus(-1)),
        ("2[[[l", newest.plus(-2)),
        ("2[[[k", newest.plus(-2)),
        ("2-[[", newest.plus(-3)),
        ("[[", newest.plus(-1)),
        ("[[2", newest.plus(-1)),
    ] {
        let mut app = started(trouble());
        press(&mut app, before);
        let charts = charts(&app);
        assert!(charts.len() >= 2, "{before}");
        for chart in charts {
            assert_eq!(chart.cursor, Some(minute), "{}: {before}", chart.title);
        }
        press(&mut app, "<Esc>");
        assert!(self::charts(&app).iter().all(|chart| chart.cursor.is_none()), "{before}");
    }
}

#[test]
fn names_and_arns_are_copied_whatever_is_selected() {
    for (before, name, arn) in [
        ("/carts<Enter>", "carts", "arn:aws:dynamodb:us-east-1:123456789012:table/carts"),
        ("/account<Enter>", "123456789012", "123456789012"),
    ] {
        for to_pane in ["", "2"] {
            let mut app = started(trouble());
            press(&mut app, &format!("{before}{to_pane}"));
            for (key, text) in [("y", name), ("Y", arn)] {
                let effects = asked(press(&mut app, key));
                assert_eq!(effects, [Effect::Copy(text.to_owned())], "{key} {before} {to_pane}");
                assert!(written(&app.screen(now())).contains(text));
            }
        }
    }
    let mut fleet = Fleet::new();
    fleet.listed("never-described");
    let mut app = started(fleet);
    assert_eq!(asked(press(&mut app, "Y")), []);
    assert!(written(&app.screen(now())).contains("no ARN yet"));
}

#[test]
fn the_mouse_selects_opens_and_turns_through_rows() {
    let click = |app: &mut App, row| app.handle(Msg::Mouse(Mouse::Click { column: 9, row }), now());
    let mut app = started(trouble());
    click(&mut app, Layout::FIRST_ROW + 4);
    assert_eq!((row(&app.screen(now())), selected(&app).as_str()), (Some(4), "payments"));
    for beside in [0, 2, Layout::FIRST_ROW - 1, Layout::FIRST_ROW + 14, 40, 49, 500] {
        click(&mut app, beside);
        assert_eq!(selected(&app), "payments", "line {beside}");
    }
    app.handle(Msg::Mouse(Mouse::WheelDown), now());
    assert_eq!(selected(&app), "sessions");
    app.handle(Msg::Mouse(Mouse::WheelUp), now());
    click(&mut app, Layout::FIRST_ROW + 4);
    assert_eq!(pane(&app.screen(now())), "payments");
    click(&mut app, Layout::FIRST_ROW + 4);
    assert_eq!(pane(&app.screen(now())), "payments");
    press(&mut app, "8");
    click(&mut app, Layout::FIRST_ROW + 2);
    click(&mut app, Layout::FIRST_ROW + 2);
    assert_eq!((row(&app.screen(now())), pane(&app.screen(now())).as_str()), (Some(2), "Pollers"));
    press(&mut app, "?");
    let before = app.screen(now());
    click(&mut app, Layout::FIRST_ROW + 3);
    assert!(app.screen(now()) == before, "a box lies over the rows");
}

#[test]
fn the_selection_stays_on_its_resource_through_orders_and_panes() {
    let mut app = started(calm());
    press(&mut app, "sname<Enter>ggstrouble<Enter>");
    for (keys, name) in [
        ("sname<Enter>", "carts"),
        ("S", "carts"),
        ("8", ""),
        ("1", "carts"),
        ("2", ""),
        ("<Esc>", "carts"),
        ("i", "carts"),
        (":open bywareh<Enter>", ""),
        ("1", "inventory"),
        ("i", "by-warehouse"),
        ("i", "inventory"),
        ("i", "by-warehouse"),
        ("2k", ""),
        ("1", "inventory"),
        ("2j", ""),
        ("1", "by-warehouse"),
    ] {
        press(&mut app, keys);
        if !name.is_empty() {
            assert_eq!(selected(&app), name, "{keys}");
        }
        app.handle(Msg::Updates(calm().updates()), now());
    }
}

#[test]
fn the_table_pane_shows_a_table_as_soon_as_there_is_one() {
    let mut app = App::new(options());
    app.handle(Msg::Resize(200, 50), now());
    press(&mut app, "2");
    assert_eq!(pane(&app.screen(now())), "Table");
    assert!(written(&app.screen(now())).contains("reading the tables"));
    let mut fleet = Fleet::new();
    fleet.table("carts", on_demand(None), &[]);
    let effects = app.handle(Msg::Updates(fleet.updates()), now());
    assert_eq!(pane(&app.screen(now())), "carts");
    let [Effect::Interest(interest)] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(interest.open.is_some(), "more is read of it");
}
