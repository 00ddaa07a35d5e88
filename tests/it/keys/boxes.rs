//! Help, palette and themes: what is listed, found and done.

use super::{PANES, pane, started, written};
use crate::journeys::press;
use crate::screens::stores::{now, trouble};
use ddbtop::app::action::ACTIONS;
use ddbtop::app::{App, Effect, Msg};
use ddbtop::view::Picker;

fn picker(app: &App) -> Picker {
    app.screen(now()).picker.expect("a box is open")
}

#[test]
fn help_lists_every_action_with_its_keys_on_every_pane() {
    for to_pane in PANES {
        let mut app = started(trouble());
        app.handle(Msg::Resize(200, 100), now());
        press(&mut app, to_pane);
        press(&mut app, "?");
        let choices = picker(&app).choices;
        assert_eq!(choices.len(), ACTIONS.len());
        for (choice, spec) in choices.iter().zip(ACTIONS) {
            assert_eq!(choice.text, spec.doc);
            assert!(!choice.keys.is_empty(), "{}", spec.name);
        }
    }
}

#[test]
fn typing_in_help_finds_by_word_and_by_key_and_enter_does_it() {
    let mut app = started(trouble());
    press(&mut app, "?freeze");
    let found: Vec<String> = picker(&app).choices.into_iter().map(|choice| choice.keys).collect();
    assert_eq!(found, ["f"]);
    press(&mut app, "<Enter>");
    assert!(written(&app.screen(now())).contains("FROZEN"));
    press(&mut app, "?Ctrl-l<Enter>");
    press(&mut app, "?");
    assert_eq!(picker(&app).typed[0], "", "each time it starts anew");
    press(&mut app, "zzzz");
    assert!(picker(&app).choices.is_empty());
    assert_eq!(picker(&app).position, "nothing matches");
    press(&mut app, "<Enter>");
    assert!(app.screen(now()).picker.is_none());
}

#[test]
fn what_has_no_meaning_here_says_so_when_help_is_asked_to_do_it() {
    let mut app = started(trouble());
    assert_eq!(press(&mut app, "?next chart<Enter>"), []);
    assert!(written(&app.screen(now())).contains("has no meaning here"));
    press(&mut app, "j");
    assert!(!written(&app.screen(now())).contains("has no meaning here"));
}

#[test]
fn the_palette_opens_tables_and_indexes_by_parts_of_their_names() {
    for (typed, opened) in [
        ("open paym", "payments"),
        ("invwareh", "inventory/by-warehouse"),
        ("ordbycus", "orders/by-customer"),
        ("shiplab", "shipping-labels"),
    ] {
        for to_pane in PANES {
            let mut app = started(trouble());
            press(&mut app, &format!("{to_pane}:{typed}<Enter>"));
            assert_eq!(pane(&app.screen(now())), opened, "{typed} after {to_pane:?}");
        }
    }
}

#[test]
fn the_palette_offers_only_what_can_be_done() {
    let mut app = started(trouble());
    app.handle(Msg::Resize(200, 200), now());
    for (to_pane, offered) in [("1", false), ("2", true), ("6", false), ("7", false), ("8", false)]
    {
        press(&mut app, &format!("{to_pane}:"));
        let charts = picker(&app).choices.iter().any(|choice| choice.text.contains("next chart"));
        assert_eq!(charts, offered, "{to_pane}");
        press(&mut app, "<Esc>");
    }
}

#[test]
fn themes_are_seen_before_they_are_taken_and_esc_brings_the_old_one_back() {
    let theme = |name: &str| Effect::Theme(name.to_owned());
    let mut app = started(trouble());
    assert_eq!(press(&mut app, "T"), []);
    assert_eq!(press(&mut app, "<Down>"), [theme("light")]);
    assert_eq!(press(&mut app, "<Esc>"), [theme("dark")]);
    let previews = press(&mut app, "Tlight");
    assert_eq!(previews.last(), Some(&theme("light")));
    let effects = press(&mut app, "<Enter>");
    let [taken, Effect::Remember(remembered)] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!(*taken, theme("light"));
    assert_eq!(remembered.theme.as_deref(), Some("light"));
    press(&mut app, "T");
    assert_eq!(press(&mut app, "<Up><Esc>"), [theme("dark"), theme("light")]);
}

#[test]
fn filters_kept_before_come_back_with_up() {
    let mut app = started(trouble());
    press(&mut app, "/pay<Enter><Esc>/cart<Enter><Esc>/");
    let footer = |app: &App| written(&app.screen(now())).lines().last().unwrap().to_owned();
    for (key, typed) in
        [("<Up>", "/cart "), ("<Up>", "/pay "), ("<Up>", "/pay "), ("<Down>", "/cart ")]
    {
        press(&mut app, key);
        assert!(footer(&app).starts_with(typed), "{key}: {}", footer(&app));
    }
}
