//! Pictures of screens: `snapshot --format svg` and `png`, the same on every machine.

use crate::screens::stores::{now, trouble};
use crate::support::ddbtop::{command, ddbtop};
use crate::support::pty::Tui;
use ddbtop::plot;
use ddbtop::report::snapshot::text;
use ddbtop::ui::grid::Grid;
use ddbtop::ui::theme::{Theme, Themes};
use std::collections::BTreeSet;

const SIZE: (u16, u16) = (80, 24);

fn svg(theme: &Theme) -> String {
    let screen = trouble().app(SIZE.0, SIZE.1).screen(now());
    plot::screen(&Grid::of(&screen, theme, SIZE), "a <test>").svg()
}

#[test]
fn every_theme_gives_a_picture_of_its_own_and_the_same_one_each_time() {
    let themes = Themes::load(None).unwrap();
    let mut seen = BTreeSet::new();
    for entry in themes.entries() {
        let picture = svg(entry.theme());
        assert_eq!(picture, svg(entry.theme()), "{}", entry.name());
        assert!(seen.insert(picture), "{} looks like another", entry.name());
    }
}

#[test]
fn a_picture_needs_no_font_and_says_what_it_shows() {
    let themes = Themes::load(None).unwrap();
    let picture = svg(themes.get("dark").unwrap().theme());
    assert!(!picture.contains("<text") && !picture.contains("font"), "outlines alone");
    assert!(picture.contains("<title>a &lt;test&gt;</title>"));
    let screen = trouble().app(SIZE.0, SIZE.1).screen(now());
    let said = text(&screen, SIZE.0, SIZE.1).replace('&', "&amp;").replace('<', "&lt;");
    assert!(picture.contains(&format!("<desc>{}</desc>", said.replace('>', "&gt;"))));
    let opened = picture.matches("<g ").count();
    assert_eq!(opened, picture.matches("</g>").count());
    assert!(opened > 24, "{opened} runs of text");
}

#[test]
fn bold_reversed_and_underlined_text_is_drawn_so() {
    let themes = Themes::load(None).unwrap();
    let monochrome = themes.get("monochrome").unwrap().theme();
    let screen = trouble().app(SIZE.0, SIZE.1).screen(now());
    let grid = Grid::of(&screen, monochrome, SIZE);
    let cells: Vec<_> = grid.lines().flatten().collect();
    let head = cells.iter().find(|cell| cell.underlined).unwrap();
    assert_eq!(head.symbol, "N", "heads of columns are underlined: NAME");
    assert!(cells.iter().any(|cell| cell.bold && cell.symbol == "!"), "trouble is bold");
    let inks: BTreeSet<_> = cells.iter().map(|cell| cell.ink).collect();
    assert!(inks.len() >= 2, "some of it is dim or reversed: {inks:?}");
    assert!(svg(monochrome).contains("#b21\""), "the heavy outline of `!`");
}

#[test]
fn a_png_has_twice_the_pixels_of_its_svg() {
    let output = ddbtop(&["--demo=calm", "snapshot", "--format=png", "--size=80x24"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.starts_with(b"\x89PNG\r\n\x1a\n"));
    let number = |at: usize| u32::from_be_bytes(output.stdout[at..at + 4].try_into().unwrap());
    assert_eq!((number(16), number(20)), (2 * (80 * 9 + 24), 2 * (24 * 20 + 24)));
}

#[test]
fn the_environment_changes_nothing_in_a_picture() {
    let picture = |environment: &[(&str, &str)], args: &[&str]| {
        let args = [&["--demo=hot-key", "snapshot", "--format=svg", "--size=100x30"], args];
        let mut command = command(&args.concat());
        let output = command.envs(environment.iter().copied()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let usual = picture(&[("COLORTERM", "truecolor"), ("TERM", "xterm-256color")], &[]);
    assert_eq!(usual, picture(&[("NO_COLOR", "1"), ("LANG", "C"), ("TZ", "Asia/Tokyo")], &[]));
    assert_ne!(usual, picture(&[], &["--theme=light"]), "a theme does");
    assert_ne!(usual, picture(&[], &["--pane=timeline"]), "so does a pane");
}

#[test]
fn what_cannot_be_drawn_is_told_in_one_line() {
    let cases = [
        (&["--theme=drak", "snapshot", "--format=svg"][..], "no theme `drak`"),
        (&["--theme=drak", "snapshot"], "no theme `drak`"),
        (&["snapshot", "--format=png", "--size=1000x1000"], "ask for a smaller --size"),
    ];
    for (args, said) in cases {
        let output = ddbtop(&[&["--demo=calm"], args].concat());
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(said) && stderr.lines().count() == 1, "{stderr}");
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn a_terminal_is_spared_a_png() {
    let tui = Tui::start(&command(&["--demo=calm", "snapshot", "--format=png"]), 100, 24);
    tui.wait_for_text("a PNG is nothing for a terminal: name a file with --out, or pipe it");
}
