//! Whatever is pressed: nothing is ever written without a permit, nor without the typed name.

use super::keys;
use crate::screens::alarms::watched;
use crate::screens::stores::{Fleet, now, options, trouble};
use ddbtop::app::key::Key;
use ddbtop::app::{App, Effect, Msg};
use ddbtop::tune::permit::Permit;
use ddbtop::tune::progress::{Event, Progress};

/// What is pressed: what leads to a plan and through it, and what leads away.
const PRESSED: [&str; 24] = [
    "e<Enter>",
    "e<Enter>+<Enter>",
    "e<Enter><Down>+<Enter><Enter>",
    "e<Down><Enter><Enter>",
    "u",
    "<Enter>",
    "<Esc>",
    "<Esc><Esc>",
    "<Down>",
    "<Up>",
    "+",
    "-",
    "<Space>",
    "5000",
    "none",
    "apply 2",
    "j",
    "k",
    "1",
    "2",
    "4",
    "6",
    ":insights<Enter>",
    "y",
];

fn started(fleet: Fleet, permit: Option<Permit>) -> App {
    let mut app = App::new(options()).permitted(permit);
    app.handle(Msg::Resize(80, 24), now());
    app.handle(Msg::Updates(fleet.updates()), now());
    app
}

/// What the box on screen asks to be typed, and what was typed.
fn asked(app: &App) -> Option<(String, String)> {
    let asked = app.screen(now()).sheet?.asked?;
    let name = asked.prompt.strip_prefix("type ")?.strip_suffix(" to apply")?.to_owned();
    let [before, under, after] = asked.typed;
    Some((name, format!("{before}{under}{after}").trim().to_owned()))
}

/// What is pressed next: often the name that is asked for, or something like it.
fn next(app: &App, rng: &mut fastrand::Rng) -> Vec<Key> {
    let typed = |text: &str| text.chars().map(Key::Char).collect::<Vec<_>>();
    match (asked(app), rng.u8(..)) {
        (Some((name, _)), 0..=99) => typed(&name),
        (Some((name, _)), 100..=140) => typed(&name[..rng.usize(..name.len())]),
        (Some(_), 141..=200) => vec![Key::Enter],
        (_, 0..=230) => keys(rng.choice(PRESSED).unwrap()),
        _ => vec![Key::Char(rng.char(' '..='~'))],
    }
}

/// Presses keys at random; how many writes left the application, each with its typed name.
fn writes(fleet: Fleet, permit: Option<Permit>, seed: u64) -> usize {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut app = started(fleet, permit);
    let mut written = 0;
    for _ in 0..150 {
        for key in next(&app, &mut rng) {
            let asked = if key == Key::Enter { asked(&app) } else { None };
            for effect in app.handle(Msg::Key(key), now()) {
                let Effect::Write(confirmed) = effect else { continue };
                let (name, typed) = asked.clone().expect("nothing was asked");
                assert_eq!((&*name, &*typed), (confirmed.plan().to_type(), &*name));
                written += 1;
                let event = Event::Finished;
                app.handle(Msg::Written(Box::new(Progress { step: 0, event })), now());
            }
        }
    }
    written
}

#[test]
fn without_a_permit_no_write_ever_leaves_the_application() {
    for seed in 0..25 {
        assert_eq!(writes(trouble(), None, seed) + writes(watched(), None, seed), 0, "{seed}");
    }
}

#[test]
fn with_a_permit_every_write_was_confirmed_by_its_typed_name() {
    let permit = || Some(Permit::granted_by_configuration());
    let written: usize = (0..25)
        .map(|seed| writes(trouble(), permit(), seed) + writes(watched(), permit(), seed))
        .sum();
    // Else this test has shown nothing.
    assert!(written > 5, "only {written} writes");
}
