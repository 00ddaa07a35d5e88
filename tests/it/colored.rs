//! Text in colours: `snapshot --format ansi`, for logs, pagers and chats.

use crate::screens::stores::{now, trouble};
use crate::support::ddbtop::command;
use crate::support::pty::Tui;
use ddbtop::app::Msg;
use ddbtop::app::pane::Pane;
use ddbtop::report::snapshot::{ansi, text};
use ddbtop::ui::theme::{Depth, Themes};
use std::num::NonZeroU16;

const SIZE: (u16, u16) = (80, 24);

/// The lines that a terminal shows of these bytes, without trailing blanks.
fn shown(bytes: &[u8], (columns, rows): (u16, u16)) -> Vec<String> {
    // A row more than there are lines: the last line feed must not scroll the first one away.
    let cells = |cells| NonZeroU16::new(cells).unwrap();
    let mut terminal = vt100::Parser::new(cells(rows + 1), cells(columns), 0);
    terminal.process(&bytes.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(&b"\r\n"[..]));
    let lines = terminal.screen().rows(0, columns).take(rows.into());
    lines.map(|line| line.trim_end().to_owned()).collect()
}

/// The parameters of every escape sequence, all of which must set colours (SGR).
fn parameters(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let sequences = text.split('\x1b').skip(1).map(|rest| {
        let (parameters, _) = rest.split_once('m').expect("the end of a sequence");
        let inside = parameters.strip_prefix('[').expect("a control sequence");
        assert!(inside.chars().all(|char| char.is_ascii_digit() || char == ';'), "{inside:?}");
        inside.to_owned()
    });
    sequences.collect()
}

fn printed(environment: &[(&str, &str)], args: &[&str]) -> Vec<u8> {
    let args = [&["--demo=hot-key", "snapshot", "--format=ansi", "--size=80x24"], args].concat();
    let output = command(&args).envs(environment.iter().copied()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn a_terminal_shows_the_same_text_as_the_plain_format_on_every_pane() {
    let themes = Themes::load(None).unwrap();
    let theme = themes.entries()[0].theme();
    for pane in Pane::ALL {
        let mut app = trouble().app(SIZE.0, SIZE.1);
        app.go_to(pane);
        app.handle(Msg::Tick, now());
        let screen = app.screen(now());
        let text = text(&screen, SIZE.0, SIZE.1);
        let colored = ansi(&screen, theme, SIZE);
        assert_eq!(shown(&colored, SIZE), text.lines().collect::<Vec<_>>(), "{pane:?}");
    }
}

#[test]
fn every_theme_changes_colours_alone_and_leaves_none_in_force_at_the_end_of_a_line() {
    let themes = Themes::load(None).unwrap();
    let screen = trouble().app(SIZE.0, SIZE.1).screen(now());
    let text = text(&screen, SIZE.0, SIZE.1);
    for entry in themes.entries() {
        for depth in [Depth::Truecolor, Depth::Palette256, Depth::Ansi16, Depth::Monochrome] {
            let bytes = ansi(&screen, &entry.theme().for_depth(depth), SIZE);
            assert_eq!(shown(&bytes, SIZE), text.lines().collect::<Vec<_>>(), "{}", entry.name());
            for line in bytes.split(|byte| *byte == b'\n') {
                let last = parameters(line).pop();
                assert!(last.is_none_or(|last| last.is_empty()), "{}: {line:?}", entry.name());
            }
        }
    }
}

#[test]
fn trouble_is_red_and_calm_text_has_the_terminals_own_colours() {
    let bytes = printed(&[], &[]);
    let text = String::from_utf8(bytes).unwrap().replace('\x1b', "^[");
    insta::assert_snapshot!("ansi-80x24", text);
}

#[test]
fn there_are_256_colours_unless_something_else_is_said() {
    let nord = |environment: &[(&str, &str)], args: &[&str]| {
        let bytes = printed(environment, &[&["--theme=nord"], args].concat());
        let all = parameters(&bytes).join(";");
        let codes: Vec<&str> = all.split(';').collect();
        let has = |wanted: &[&str]| codes.windows(2).any(|pair| pair == wanted);
        let sixteen = codes.iter().any(|code| matches!(*code, "31" | "33" | "91" | "93"));
        (has(&["38", "2"]), has(&["38", "5"]), sixteen)
    };
    let (truecolor, palette, sixteen) =
        ((true, false, false), (false, true, false), (false, false, true));
    assert_eq!(nord(&[], &[]), palette);
    assert_eq!(nord(&[("TERM", "dumb")], &[]), palette, "as in most CI");
    assert_eq!(nord(&[("COLORTERM", "truecolor")], &[]), truecolor);
    assert_eq!(nord(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")], &[]), (false, false, false));
    assert_eq!(nord(&[("NO_COLOR", "1")], &["--colors=truecolor"]), truecolor);
    assert_eq!(nord(&[], &["--colors=16"]), sixteen);
    assert_eq!(nord(&[], &["--colors=none"]), (false, false, false));
}

#[test]
fn a_terminal_gets_the_colours_that_it_has() {
    let args = ["--demo=hot-key", "snapshot", "--format=ansi", "--size=80x20", "--theme=nord"];
    let written = |environment: &[(&str, &str)]| {
        let mut command = command(&args);
        command.envs(environment.iter().copied());
        let mut tui = Tui::start(&command, 100, 30);
        assert_eq!(tui.exit_code(), 0);
        tui.written(0)
    };
    let few = written(&[("TERM", "xterm")]);
    assert!(few.contains("hot partition") && !few.contains("38;5;"), "{few:?}");
    assert!(written(&[("COLORTERM", "truecolor")]).contains("38;2;"));
}
