//! The user's theme files: what they may leave out, what they stand in for, and their mistakes.

use crate::screens::stores::{Fleet, now};
use crate::support::ddbtop::{command, ddbtop};
use crate::support::pty::Tui;
use ddbtop::ui::draw;
use ddbtop::ui::theme::{Depth, Entry, ThemeError, Themes};
use ddbtop::view::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use std::fs;
use tempfile::TempDir;

/// A folder of theme files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn load(files: &[(&str, &str)]) -> Result<Themes, ThemeError> {
    Themes::load(Some(folder(files).path()))
}

/// Why a theme cannot be used.
fn refusal(themes: &Themes, name: &str) -> String {
    themes.get(name).unwrap_err().to_string()
}

/// A theme file that begins as every one does.
fn theme(name: &str, rest: &str) -> String {
    format!("name = \"{name}\"\nsummary = \"mine\"\n{rest}")
}

#[test]
fn a_palette_alone_makes_a_theme() {
    let mine = theme("mine", "inherits = \"nord\"\n[palette]\ntrouble = \"index:208\"\n");
    let themes = load(&[("mine.toml", &mine)]).unwrap();
    let (mine, nord) = (themes.get("mine").unwrap(), themes.get("nord").unwrap());
    assert_eq!(mine.summary(), "mine");
    let trouble = mine.theme().style(Role::Trouble);
    assert_eq!(trouble.fg, Some(Color::Indexed(208)));
    assert!(trouble.add_modifier.contains(Modifier::BOLD), "the token is inherited");
    assert_eq!(mine.theme().style(Role::Notice), nord.theme().style(Role::Notice));
    assert_eq!(mine.theme().background_hint(), nord.theme().background_hint());
}

#[test]
fn the_readme_shows_a_theme_that_works() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let blocks = readme.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let mine = blocks.into_iter().find(|block| block.starts_with("name = ")).unwrap();
    let themes = load(&[("mine.toml", mine)]).unwrap();
    assert!(themes.get("mine").unwrap().theme().ground().is_some());
}

#[test]
fn a_theme_may_stand_in_for_a_shipped_one_and_inherit_from_it() {
    let dark = theme("dark", "inherits = \"dark\"\n[tokens]\nkey = { italic = true }\n");
    let themes = load(&[("dark.toml", &dark), ("notes.txt", "no theme")]).unwrap();
    let key = |name| themes.get(name).unwrap().theme().style(Role::Key);
    assert_eq!(key("dark").add_modifier, Modifier::ITALIC);
    assert_eq!(key("nord").add_modifier, Modifier::ITALIC, "it inherits from the user's");
    let darks = themes.entries().iter().filter(|entry| entry.name() == "dark");
    assert_eq!(darks.count(), 1);
    assert_eq!(themes.entries().len(), Themes::load(None).unwrap().entries().len());
}

#[test]
fn a_theme_that_asks_for_a_background_gets_it_under_everything() {
    let mine = theme(
        "mine",
        "inherits = \"nord\"\nbackground_hint = \"#2e3440\"\n\
         [tokens]\nbackground = { bg = \"#2e3440\" }\n",
    );
    let themes = load(&[("mine.toml", &mine)]).unwrap();
    let ground = themes.get("mine").unwrap().theme().ground().unwrap();
    assert_eq!(ground.bg, Some(Color::Rgb(0x2e, 0x34, 0x40)));
    assert_eq!(ground.fg, themes.get("nord").unwrap().theme().style(Role::Text).fg);
    let at = |depth| themes.get("mine").unwrap().theme().for_depth(depth).ground();
    assert!(matches!(at(Depth::Palette256).unwrap().bg, Some(Color::Indexed(_))));
    assert_eq!(at(Depth::Ansi16), None, "the terminal's own sixteen fit its own background");

    let theme = themes.get("mine").unwrap().theme();
    let area = Rect::new(0, 0, 80, 24);
    let mut buf = Buffer::empty(area);
    draw(&Fleet::new().app(80, 24).screen(now()), theme, area, &mut buf);
    assert!(buf.content.iter().all(|cell| cell.bg == Color::Rgb(0x2e, 0x34, 0x40)));
}

#[test]
fn mistakes_are_named_with_file_and_line() {
    let tokens = "inherits = \"dark\"\n[tokens]\n";
    let palette = "inherits = \"dark\"\n[palette]\n";
    for (rest, said) in [
        (format!("{tokens}troubel = {{}}"), "5: unknown token `troubel`; did you mean `trouble`?"),
        (
            format!("{tokens}safe = {{ fg = \"acent\" }}"),
            "5: no colour `acent` in the palette; did you mean `accent`?",
        ),
        (format!("{tokens}safe = {{ fg = \"#12345\" }}"), "5: no colour `#12345` in the palette"),
        (
            format!("{tokens}safe = {{ blod = true }}"),
            "5: unknown key `blod`; did you mean `bold`?",
        ),
        (format!("{tokens}safe = 5"), "5: invalid type"),
        (format!("{palette}accent = \"cyan\""), "5: `cyan` is no colour: expected \"#rrggbb\""),
        (format!("{palette}accent = \"#fff\""), "5: `#fff` is no colour"),
        ("background_hint = \"black\"\ninherits = \"dark\"".to_owned(), "3: `black` is no colour"),
        ("inherits = \"nrod\"".to_owned(), "3: no theme `nrod`; did you mean `nord`?"),
        ("inherits = \"mine\"".to_owned(), "3: `mine` inherits from itself"),
        ("colour = \"red\"".to_owned(), "3: unknown key `colour`"),
        (
            "[tokens]\ntext = {}".to_owned(),
            "1: token `dim` is missing: add it, or `inherits = \"dark\"`",
        ),
        ("inherits = [".to_owned(), "3: "),
    ] {
        let error = refusal(&load(&[("mine.toml", &theme("mine", &rest))]).unwrap(), "mine");
        assert!(error.starts_with("theme file /") && !error.contains('\n'), "{error}");
        assert!(error.contains(&format!("/mine.toml:{said}")), "{rest}\n{error}");
    }
}

#[test]
fn circles_and_second_themes_of_a_name_are_refused() {
    let (a, b) = (theme("a", "inherits = \"b\"\n"), theme("b", "inherits = \"a\"\n"));
    let error = refusal(&load(&[("a.toml", &a), ("b.toml", &b)]).unwrap(), "a");
    assert!(error.ends_with("/a.toml:3: inherits in a circle: a, b, a"), "{error}");
    let dark = theme("dark", "inherits = \"nord\"\n");
    let error = refusal(&load(&[("dark.toml", &dark)]).unwrap(), "dark");
    assert!(error.contains("inherits in a circle"), "{error}");
    let a = theme("a", "inherits = \"dark\"\n");
    let error = refusal(&load(&[("1.toml", &a), ("2.toml", &a)]).unwrap(), "a");
    assert!(error.ends_with("/2.toml:1: a second theme `a`"), "{error}");
}

#[test]
fn a_broken_theme_is_in_the_way_of_those_alone_that_inherit_from_it() {
    let light = theme("light", "inherits = \"dark\"\n[palette]\naccent = \"cyan\"\n");
    let child = theme("child", "inherits = \"light\"\n");
    let fine = theme("fine", "inherits = \"dark\"\n");
    let files = [
        ("light.toml", &*light),
        ("child.toml", &*child),
        ("fine.toml", &*fine),
        ("half.toml", "name = "),
    ];
    let themes = load(&files).unwrap();
    let names: Vec<_> = themes.entries().iter().map(Entry::name).collect();
    assert!(names.contains(&"dark") && names.contains(&"fine"), "{names:?}");
    for name in ["light", "child"] {
        assert!(!names.contains(&name), "{names:?}");
        let error = refusal(&themes, name);
        assert!(error.contains("/light.toml:5: `cyan` is no colour"), "{name}: {error}");
    }
    assert!(refusal(&themes, "half").contains("/half.toml:1: "));
    let mistakes: Vec<_> = themes.mistakes().iter().map(ToString::to_string).collect();
    assert_eq!(mistakes.len(), 2, "each once: {mistakes:?}");
}

#[test]
fn a_folder_need_not_exist_and_one_that_cannot_be_read_is_told_where_it_is_missed() {
    let folder = folder(&[("file", "")]);
    let nowhere = Themes::load(Some(&folder.path().join("nowhere"))).unwrap();
    assert!(nowhere.mistakes().is_empty());
    let unread = Themes::load(Some(&folder.path().join("file"))).unwrap();
    assert!(unread.get("dark").is_ok());
    let error = unread.get("mine").unwrap_err();
    assert!(matches!(error, ThemeError::Unreadable { .. }), "{error}");
    assert_eq!(unread.mistakes(), [&error]);
}

#[test]
fn a_broken_theme_stops_nobody_but_who_asked_for_it() {
    let config = tempfile::tempdir().unwrap();
    let themes = config.path().join("ddbtop/themes");
    fs::create_dir_all(&themes).unwrap();
    fs::write(themes.join("mine.toml"), theme("mine", "inherits = [")).unwrap();
    let at_home = |args: &[&str]| {
        let mut command = command(args);
        command.env("XDG_CONFIG_HOME", config.path());
        command
    };
    let list = at_home(&["themes"]).output().unwrap();
    let (said, stdout) = (String::from_utf8(list.stderr).unwrap(), list.stdout);
    assert_eq!(list.status.code(), Some(0), "{said}");
    assert!(said.starts_with("ddbtop: theme file /") && said.contains("/mine.toml:3: "), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(String::from_utf8(stdout).unwrap().starts_with("dark "));

    let mut tui = Tui::start(&at_home(&["--demo", "--speed=0"]), 120, 40);
    tui.wait_for_text("q quit");
    tui.press("q");
    assert_eq!(tui.exit_code(), 0);
    let mut tui = Tui::start(&at_home(&["--demo", "--speed=0", "--theme=mine"]), 200, 40);
    assert_eq!(tui.exit_code(), 2);
    assert!(tui.text().contains("mine.toml:3: "), "{}", tui.text());
}

#[test]
fn the_command_lists_themes_and_prints_one_that_can_be_used_again() {
    let text = |args: &[&str]| {
        let output = ddbtop(args);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let themes = Themes::load(None).unwrap();
    let list = text(&["themes"]);
    assert!(list.is_ascii() && !list.contains('\x1b'), "{list}");
    assert_eq!(list.lines().count(), themes.entries().len());
    for (line, entry) in list.lines().zip(themes.entries()) {
        assert!(line.starts_with(entry.name()) && line.ends_with(entry.summary()), "{line}");
        let printed = text(&["themes", entry.name()]);
        assert!(
            load(&[("copy.toml", &printed)]).unwrap().mistakes().is_empty(),
            "{}",
            entry.name()
        );
    }
}

#[test]
fn the_command_shows_samples_where_there_are_colours() {
    let coloured = |flags: &[&str], no_color: &str| {
        let mut command = command(flags);
        command.env("NO_COLOR", no_color);
        let mut tui = Tui::start(&command, 120, 40);
        assert_eq!(tui.exit_code(), 0);
        tui.text().contains("hot partition")
    };
    assert!(coloured(&["themes"], ""));
    assert!(!coloured(&["themes"], "1"));
    assert!(coloured(&["themes", "--colors=16"], "1"));
}

/// The colours of the cells on screen.
fn colors(screen: &vt100::Screen) -> Vec<vt100::Color> {
    let (rows, columns) = screen.size();
    let cells = (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |col| (row, col)));
    cells.filter_map(|(row, col)| screen.cell(row, col)).map(vt100::Cell::fgcolor).collect()
}

#[test]
fn the_dashboard_has_the_theme_and_the_depth_that_were_asked_for() {
    use vt100::Color::{Idx, Rgb};
    let config = tempfile::tempdir().unwrap();
    let themes = config.path().join("ddbtop/themes");
    fs::create_dir_all(&themes).unwrap();
    let mine = theme("mine", "inherits = \"nord\"\n[palette]\ntrouble = \"#ff0001\"\n");
    fs::write(themes.join("mine.toml"), mine).unwrap();
    for (depth, wanted) in [("truecolor", Rgb(255, 0, 1)), ("256", Idx(196)), ("16", Idx(9))] {
        let mut command = command(&["--demo", "--speed=0", "--theme=mine", "--colors", depth]);
        command.env("XDG_CONFIG_HOME", config.path()).env("NO_COLOR", "1");
        let mut tui = Tui::start(&command, 120, 40);
        tui.wait_for(depth, |screen| colors(screen).contains(&wanted));
        tui.look(|screen| {
            let other = |color: &vt100::Color| match color {
                Rgb(..) => depth != "truecolor",
                Idx(index) => depth == "16" && *index > 15,
                vt100::Color::Default => false,
            };
            assert!(!colors(screen).iter().any(other), "{depth}");
        });
        tui.press("q");
        assert_eq!(tui.exit_code(), 0);
    }
}

#[test]
fn a_theme_that_is_not_there_is_named_before_the_terminal_is_taken() {
    let mut tui = Tui::start(&command(&["--demo", "--theme=nrod"]), 120, 24);
    assert_eq!(tui.exit_code(), 2);
    let text = tui.text();
    assert!(text.starts_with("ddbtop: no theme `nrod`; did you mean `nord`?"), "{text}");
}
