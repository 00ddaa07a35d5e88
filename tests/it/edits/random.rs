//! Whatever is pressed: nothing is ever written without a permit, nor without the typed name.

use super::keys;
use crate::screens::alarms::watched;
use crate::screens::stores::{Fleet, now, options, read_only, trouble};
use ddbtop::app::key::Key;
use ddbtop::app::{App, Effect, Msg, Options, Standing};
use ddbtop::tune::progress::{Event, Progress};
use ddbtop::view::sheet::Sheet;

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

fn started(fleet: Fleet, standing: Standing) -> App {
    let mut app = App::new(Options { standing, ..options() });
    app.handle(Msg::Resize(80, 24), now());
    app.handle(Msg::Updates(fleet.updates()), now());
    app
}

/// What a box asks to be typed, and what was typed.
fn asked(sheet: Option<Sheet>) -> Option<(String, String)> {
    let asked = sheet?.asked?;
    let name = asked.prompt.strip_prefix("type ")?.strip_suffix(" to apply")?.to_owned();
    let [before, under, after] = asked.typed;
    Some((name, format!("{before}{under}{after}").trim().to_owned()))
}

/// Whether a box is a plan that can only be read.
fn is_only_read(sheet: Option<&Sheet>) -> bool {
    sheet.is_some_and(|it| it.title.starts_with("Plan") && it.title.ends_with("a preview"))
}

/// What is pressed next: often the name that is asked for, or something like it.
fn next(sheet: Option<Sheet>, rng: &mut fastrand::Rng) -> Vec<Key> {
    let typed = |text: &str| text.chars().map(Key::Char).collect::<Vec<_>>();
    match (asked(sheet), rng.u8(..)) {
        (Some((name, _)), 0..=99) => typed(&name),
        (Some((name, _)), 100..=140) => typed(&name[..rng.usize(..name.len())]),
        (Some(_), 141..=200) => vec![Key::Enter],
        (_, 0..=230) => keys(rng.choice(PRESSED).unwrap()),
        _ => vec![Key::Char(rng.char(' '..='~'))],
    }
}

/// Presses keys at random; how many writes left the application, each with its typed name, and how often a plan was
/// on screen that can only be read.
fn writes(fleet: Fleet, standing: Standing, seed: u64) -> [usize; 2] {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut app = started(fleet, standing);
    let [mut written, mut only_read] = [0; 2];
    for _ in 0..150 {
        let sheet = app.screen(now()).sheet;
        only_read += usize::from(is_only_read(sheet.as_ref()));
        for key in next(sheet, &mut rng) {
            let asked = if key == Key::Enter { asked(app.screen(now()).sheet) } else { None };
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
    [written, only_read]
}

/// The same on both fleets, with many seeds.
fn all_writes(standing: fn() -> Standing) -> [usize; 2] {
    let each = (0..25).flat_map(|seed| {
        [writes(trouble(), standing(), seed), writes(watched(), standing(), seed)]
    });
    each.fold([0; 2], |[a, b], [written, only_read]| [a + written, b + only_read])
}

#[test]
fn without_a_permit_plans_are_read_and_no_write_ever_leaves_the_application() {
    let [written, only_read] = all_writes(read_only);
    assert_eq!(written, 0);
    // Else this test has shown nothing.
    assert!(only_read > 100, "only {only_read} times");
}

#[test]
fn with_a_permit_every_write_was_confirmed_by_its_typed_name() {
    let [written, only_read] = all_writes(|| options().standing);
    // Else this test has shown nothing.
    assert!(written > 5, "only {written} writes");
    assert_eq!(only_read, 0);
}
