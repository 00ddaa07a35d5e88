//! Every key on every pane and in every mode does what the table of expectations says.

mod advice;
mod boxes;
mod command;
mod expectations;
mod remembered;
mod states;
mod whole_screen;

use crate::journeys::{keys, press};
use crate::screens::alarms::watched;
use crate::screens::dax::cached;
use crate::screens::events::eventful;
use crate::screens::hot_keys::hot;
use crate::screens::scaling::scaled;
use crate::screens::stores::{Fleet, now, options, trouble};
use ddbtop::app::action::{ACTIONS, Action, Spec};
use ddbtop::app::key::Key;
use ddbtop::app::keymap::{Keymap, Lookup};
use ddbtop::app::{App, Effect, Msg, Options};
use ddbtop::report::snapshot::text;
use ddbtop::view::hot_keys::HotKeysPane;
use ddbtop::view::{Body, List, Role, Screen};
use expectations::{EXPECTATIONS, Then};
use jiff::tz::TimeZone;

/// The keys that lead to each pane, in the order of the expectations.
const PANES: [&str; 8] = ["", "2", "3", "4", "5", "6", "7", "8"];

/// The application where local time is five hours ahead of UTC.
fn started(fleet: Fleet) -> App {
    let time_zone = TimeZone::posix("PKT-5").unwrap();
    let mut app = App::new(Options { time_zone, ..options() });
    app.handle(Msg::Resize(200, 50), now());
    app.handle(Msg::Updates(fleet.updates()), now());
    app
}

/// The fleet that keys are tried on: the one in trouble, with what their panes are about.
fn fleet_for(to_pane: &str) -> Fleet {
    match to_pane.chars().next() {
        Some('3') => hot(),
        Some('4') => scaled(),
        Some('5') => cached(),
        Some('6') => watched(),
        Some('7') => eventful(),
        Some(_) | None => trouble(),
    }
}

/// What is asked for elsewhere, but for what follows from other things.
fn asked(effects: Vec<Effect>) -> Vec<Effect> {
    let follows = |effect: &Effect| matches!(effect, Effect::Interest(_) | Effect::Remember(_));
    effects.into_iter().filter(|effect| !follows(effect)).collect()
}

fn written(screen: &Screen) -> String {
    text(screen, 200, 50)
}

/// The name of the pane on screen.
fn pane(screen: &Screen) -> String {
    let tabs = screen.header.iter().flat_map(|bar| &bar.left);
    let present = tabs.filter(|part| {
        matches!(part.spans.as_slice(), [keys, name]
        if keys.role == Role::Key && name.role == Role::Title)
    });
    present.map(|part| part.spans[1].text.trim().to_owned()).collect()
}

/// The place of the selected row of a list.
fn row(screen: &Screen) -> Option<usize> {
    let (Body::List(List { rows, .. })
    | Body::HotKeys(HotKeysPane { list: List { rows, .. }, .. })) = &screen.body
    else {
        return None;
    };
    rows.iter().position(|row| row.selected)
}

/// The place of the chart that keys act on.
fn focus(screen: &Screen) -> Option<usize> {
    let charts = match &screen.body {
        Body::Table(pane) => &pane.charts,
        Body::Dax(pane) => &pane.charts,
        Body::Message(_) | Body::List(_) | Body::HotKeys(_) | Body::Chart(_) | Body::Words(_) => {
            return None;
        }
    };
    charts.iter().position(|chart| chart.focused)
}

/// Whether the footer offers an action.
fn is_offered(screen: &Screen, spec: &Spec) -> bool {
    let shown = Keymap::default().shown(spec.action).unwrap();
    let is_hint = |key: &str| key == shown;
    screen.footer.left.iter().any(|part| part.spans.len() == 2 && is_hint(&part.spans[0].text))
}

/// Presses `pressed` after `before` and compares with what is expected.
fn check(spec: &Spec, pressed: &[Key], before: &str, then: Then) {
    let mut app = started(fleet_for(before));
    press(&mut app, before);
    let place = format!("{} by {pressed:?} after {before:?}", spec.name);
    let screen = app.screen(now());
    if !spec.label.is_empty() {
        assert_eq!(is_offered(&screen, spec), then != Then::Nothing, "footer: {place}");
    }
    let effects = pressed.iter().flat_map(|key| app.handle(Msg::Key(*key), now())).collect();
    let (effects, after) = (asked(effects), app.screen(now()));
    let shown = written(&after);
    if let Then::Asks(expected) = then {
        let effects: Vec<String> = effects.iter().map(|effect| format!("{effect:?}")).collect();
        assert_eq!(effects, [expected], "{place}");
        return;
    }
    assert_eq!(effects, [], "{place}");
    match then {
        Then::Nothing => assert!(after == screen, "{place} changed\n{shown}"),
        Then::Changes => assert!(after != screen, "{place} changed nothing\n{shown}"),
        Then::Shows(expected) => {
            assert!(!written(&screen).contains(expected), "{expected} is there before {place}");
            assert!(shown.contains(expected), "{place} does not show {expected}\n{shown}");
        }
        Then::Row(expected) => {
            assert_ne!(row(&screen), Some(expected), "{place} starts there");
            assert_eq!(row(&after), Some(expected), "{place}\n{shown}");
        }
        Then::Focus(expected) => {
            assert_ne!(focus(&screen), Some(expected), "{place} starts there");
            assert_eq!(focus(&after), Some(expected), "{place}\n{shown}");
        }
        Then::Pane(expected) => {
            assert_ne!(pane(&screen), expected, "{place} starts there");
            assert_eq!(pane(&after), expected, "{place}\n{shown}");
        }
        Then::Asks(_) => {}
    }
}

#[test]
fn every_key_does_on_every_pane_what_is_expected_frozen_or_not() {
    for spec in ACTIONS {
        let (_, expected) = EXPECTATIONS
            .iter()
            .find(|(name, _)| *name == spec.name)
            .unwrap_or_else(|| panic!("say what {} does on each pane", spec.name));
        for (to_pane, (before, then)) in PANES.iter().zip(expected) {
            for pressed in spec.keys {
                check(spec, pressed, &format!("{to_pane}{before}"), *then);
                if spec.action != Action::Freeze {
                    check(spec, pressed, &format!("{to_pane}{before}f"), *then);
                }
            }
        }
    }
    assert_eq!(EXPECTATIONS.len(), ACTIONS.len(), "expectations of actions that are no more");
}

#[test]
fn keys_that_are_not_bound_do_nothing_on_any_pane() {
    let keymap = Keymap::default();
    let letters = || (b'a'..=b'z').map(char::from);
    let unbound = (' '..='~')
        .chain(['ä', '€', '\u{200b}'])
        .map(Key::Char)
        .chain(letters().map(Key::Ctrl))
        .chain(letters().map(Key::Alt))
        .chain((1..=12).map(Key::F))
        .chain([Key::Insert, Key::Delete, Key::Backspace, Key::Ctrl(' ')])
        .filter(|key| keymap.lookup(&[*key]) == Lookup::Unbound);
    let unbound: Vec<Key> = unbound.collect();
    assert!(unbound.len() > 100, "{unbound:?}");
    for to_pane in PANES {
        let mut app = started(fleet_for(to_pane));
        press(&mut app, to_pane);
        let before = app.screen(now());
        for key in &unbound {
            assert_eq!(app.handle(Msg::Key(*key), now()), [], "{key} after {to_pane:?}");
            assert!(app.screen(now()) == before, "{key} after {to_pane:?}");
        }
    }
}

/// Presses the keys of every action where a box takes them.
fn in_a_box(open: &str, looks: impl Fn(&Screen, &str, &str)) {
    for spec in ACTIONS {
        for pressed in spec.keys {
            let mut app = started(fleet_for(open));
            press(&mut app, open);
            let effects = pressed.iter().flat_map(|key| app.handle(Msg::Key(*key), now()));
            let effects = asked(effects.collect());
            let place = format!("{pressed:?} after {open:?}");
            if *pressed == [Key::Ctrl('c')] {
                assert_eq!(effects, [Effect::Quit], "{place}");
                continue;
            }
            // A theme is seen before it is taken.
            let previews = effects.iter().all(|effect| matches!(effect, Effect::Theme(_)));
            assert!(previews && (effects.is_empty() || open.ends_with('T')), "{place}");
            let is_typed = |key: &Key| if let Key::Char(c) = key { Some(*c) } else { None };
            let typed: Option<String> = pressed.iter().map(is_typed).collect();
            let screen = app.screen(now());
            match (typed, pressed) {
                (Some(typed), _) => looks(&screen, &typed, &place),
                (None, [Key::Enter | Key::Esc]) => {
                    assert!(screen.picker.is_none(), "{place}");
                    assert!(!written(&screen).contains("Enter keep"), "{place}");
                }
                (None, _) => {}
            }
        }
    }
}

#[test]
fn the_filter_box_takes_every_key_of_every_action() {
    for (open, present) in [
        ("/", "Tables"),
        ("3/", "Hot keys"),
        ("4/", "Scaling"),
        ("5/", "DAX"),
        ("6/", "Alarms"),
        ("7/", "Timeline"),
    ] {
        in_a_box(open, |screen, typed, place| {
            let shown = written(screen);
            let footer = shown.lines().last().unwrap_or_default();
            assert!(footer.starts_with(&format!("/{typed}")), "{place}: {footer}");
            assert_eq!(pane(screen), present, "{place}");
        });
    }
}

#[test]
fn an_open_box_of_choices_takes_every_key_of_every_action() {
    for to_pane in PANES {
        for open in [":", "?", "T"] {
            if open == "T" && to_pane != "8" {
                continue;
            }
            in_a_box(&format!("{to_pane}{open}"), |screen, typed, place| {
                let picker = screen.picker.as_ref().unwrap_or_else(|| panic!("{place}"));
                assert_eq!(picker.typed[0], typed, "{place}");
            });
        }
    }
}

#[test]
fn own_keys_work_and_are_the_ones_that_are_shown() {
    let own = ddbtop::config::file::parse("[keys]\nfreeze = [\"v v\", \"F5\"]\nhelp = []\n");
    let keymap = own.unwrap().keymap;
    let mut app = App::new(Options { keymap, ..options() });
    app.handle(Msg::Resize(200, 50), now());
    app.handle(Msg::Updates(trouble().updates()), now());
    let footer = written(&app.screen(now())).lines().last().unwrap().to_owned();
    assert!(footer.contains("vv freeze") && !footer.contains("help"), "{footer}");
    for key in [Key::Char('f'), Key::Char('?')] {
        app.handle(Msg::Key(key), now());
        assert!(!written(&app.screen(now())).contains("FROZEN"));
    }
    press(&mut app, "vv");
    assert!(written(&app.screen(now())).contains("FROZEN"));
    app.handle(Msg::Key(Key::F(5)), now());
    assert!(!written(&app.screen(now())).contains("FROZEN"));
    app.handle(Msg::Key(keys(":")[0]), now());
    press(&mut app, "freeze the");
    let picker = app.screen(now()).picker.unwrap();
    assert_eq!(picker.choices[0].keys, "vv F5");
}
