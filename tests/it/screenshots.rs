//! The pictures in `screenshots/`: each from a fixed scenario, seed and moment, by keys.
//!
//! `UPDATE=1 cargo test --test it screenshots` draws them anew.

use crate::journeys::keys;
use crate::replay::screen::Replay;
use crate::screens::stores::options_in;
use crate::support::sim::{frozen, world};
use ddbtop::app::pane::Pane;
use ddbtop::app::{App, Msg};
use ddbtop::aws::connect_simulated;
use ddbtop::clock::Clock;
use ddbtop::model::contributor::MaskSalt;
use ddbtop::plot;
use ddbtop::poll::{Interest, Settings, once};
use ddbtop::ui::grid::Grid;
use ddbtop::ui::theme::{Entry, Themes};
use ddbtop_sim::front::in_process::InProcess;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// A picture: its file, its scenario, its theme, its columns and rows, and the keys that lead there.
struct Shot {
    name: &'static str,
    scenario: &'static str,
    /// Of how many minutes a recording is on screen; 0 is the scenario itself.
    recorded: i64,
    theme: &'static str,
    size: (u16, u16),
    keys: &'static str,
}

const fn pane(name: &'static str, scenario: &'static str, keys: &'static str) -> Shot {
    Shot { name, scenario, recorded: 0, theme: "tokyo-night", size: (100, 30), keys }
}

const fn theme(name: &'static str, theme: &'static str) -> Shot {
    Shot { theme, size: (60, 20), ..pane(name, "incident", "") }
}

/// Change `customers` to another minimum, as far as the plan.
const PLAN: &str = "/name:customers<Enter>gge<Enter>1500<Enter>";

const SHOTS: &[Shot] = &[
    pane("tables", "incident", "1"),
    pane("table", "incident", "2"),
    pane("hot-keys", "incident", "3"),
    pane("scaling", "incident", "4"),
    pane("dax", "dax-node-loss", "5"),
    pane("alarms", "incident", "6"),
    pane("timeline", "incident", "7"),
    pane("pollers", "incident", "8"),
    pane("verdict", "incident", "d"),
    Shot { size: (90, 27), ..pane("plan", "under-provisioned", PLAN) },
    Shot {
        size: (90, 27),
        keys: "/name:customers<Enter>gge<Enter>1500<Enter><Enter>custom",
        ..pane("confirmation", "under-provisioned", PLAN)
    },
    Shot { recorded: 8, ..pane("replay", "incident", "}}w") },
    theme("theme-dark", "dark"),
    theme("theme-light", "light"),
    theme("theme-high-contrast", "high-contrast"),
    theme("theme-color-blind", "color-blind"),
    theme("theme-monochrome", "monochrome"),
    theme("theme-catppuccin-mocha", "catppuccin-mocha"),
    theme("theme-dracula", "dracula"),
    theme("theme-gruvbox-dark", "gruvbox-dark"),
    theme("theme-nord", "nord"),
    theme("theme-solarized-light", "solarized-light"),
    theme("theme-tokyo-night", "tokyo-night"),
];

/// More than this is a burden for everybody who fetches the repository.
const MOST_BYTES: usize = 1_500_000;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/screenshots"))
}

/// Whether this is a published crate, which cargo marks so. It comes without pictures.
fn is_packaged() -> bool {
    folder().with_file_name(".cargo_vcs_info.json").exists()
}

/// What one poll at the start of a scenario tells.
async fn polled(scenario: &str) -> (App, Timestamp) {
    let world = world(scenario, None);
    let origin = SignedDuration::from_secs_f64(world.start());
    let clock = Clock::simulated(Timestamp::from_duration(origin).unwrap(), 0.0);
    let region = world.account().region.clone();
    let http = InProcess::new(world.clone(), frozen(&world));
    let connection = connect_simulated(http, &region, clock.clone());
    let settings = Settings {
        describe_per_second: 10_000,
        jitter_seed: 1,
        mask_salt: MaskSalt::new(1),
        ..Settings::default()
    };
    let now = clock.now();
    let interest = Interest { last_key: now, ..Interest::default() };
    let updates = once(connection, clock, settings, interest).await;
    let mut app = App::new(options_in(&region));
    app.handle(Msg::Updates(updates), now);
    (app, now)
}

/// What keys lead to in the scenario itself.
async fn live(shot: &Shot) -> (App, Timestamp) {
    let (mut app, now) = polled(shot.scenario).await;
    app.handle(Msg::Resize(shot.size.0, shot.size.1), now);
    for key in keys(shot.keys) {
        app.handle(Msg::Key(key), now);
    }
    (app, now)
}

/// What keys lead to in a recording of it.
async fn replayed(shot: &Shot) -> (App, Timestamp) {
    let mut replay = Replay::of(shot.scenario, shot.recorded).await;
    replay.app.handle(Msg::Resize(shot.size.0, shot.size.1), replay.first);
    replay.look_through();
    replay.follow(shot.keys);
    (replay.app, replay.player.at())
}

async fn draw(shot: &Shot, themes: &Themes) -> String {
    let (app, now) = if shot.recorded > 0 { replayed(shot).await } else { live(shot).await };
    let theme = themes.get(shot.theme).unwrap().theme();
    let grid = Grid::of(&app.screen(now), theme, shot.size);
    plot::screen(&grid, &format!("ddbtop: {}", shot.name)).svg()
}

#[tokio::test(start_paused = true)]
async fn the_pictures_in_the_repository_are_what_the_screen_shows() {
    let themes = Themes::load(None).unwrap();
    let update = std::env::var_os("UPDATE").is_some();
    let mut stale = vec![];
    let mut bytes = 0;
    if is_packaged() {
        return;
    }
    for shot in SHOTS {
        let drawn = draw(shot, &themes).await;
        bytes += drawn.len();
        let path = folder().join(format!("{}.svg", shot.name));
        if update {
            fs::create_dir_all(folder()).unwrap();
            fs::write(path, drawn).unwrap();
        } else if fs::read_to_string(path).ok() != Some(drawn) {
            stale.push(shot.name);
        }
    }
    assert!(stale.is_empty(), "run this test with UPDATE=1 to draw anew: {}", stale.join(", "));
    assert!(bytes <= MOST_BYTES, "{bytes} bytes");
}

#[test]
fn every_pane_has_a_picture_and_the_readme_shows_pictures_that_are_there() {
    let drawn: BTreeSet<&str> = SHOTS.iter().map(|shot| shot.name).collect();
    for pane in Pane::ALL {
        let name = pane.name().to_lowercase().replace(' ', "-");
        assert!(drawn.contains(&*name), "{name}");
    }
    let readme = include_str!("../../README.md");
    let shown =
        readme.split("](screenshots/").skip(1).filter_map(|rest| rest.split(".svg)").next());
    let shown: BTreeSet<&str> = shown.collect();
    assert!(shown.len() >= 5 && shown.is_subset(&drawn), "{shown:?}");
}

#[test]
fn every_theme_has_a_picture_and_every_picture_is_drawn_here() {
    if is_packaged() {
        return;
    }
    let shown: BTreeSet<&str> = SHOTS
        .iter()
        .filter(|shot| shot.name.starts_with("theme-"))
        .map(|shot| shot.theme)
        .collect();
    let themes = Themes::load(None).unwrap();
    let shipped: BTreeSet<&str> = themes.entries().iter().map(Entry::name).collect();
    assert_eq!(shown, shipped);
    let drawn: BTreeSet<String> = SHOTS.iter().map(|shot| format!("{}.svg", shot.name)).collect();
    let there = fs::read_dir(folder()).unwrap();
    let there: BTreeSet<String> =
        there.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(there, drawn);
}
