//! Themes: those shipped can be read by everybody, and the user's are read with care.

mod eye;
mod files;

use crate::screens::stores::{now, trouble};
use ddbtop::ui::grid::Grid;
use ddbtop::ui::theme::{DEFAULT, Depth, Entry, MONOCHROME, Theme, Themes};
use ddbtop::view::Role;
use eye::{Eye, Rgb};
use ratatui::style::{Color, Modifier};

/// What must be read at 3 am: the contrast that WCAG 2.2 asks of text (1.4.3).
const TEXT: [Role; 13] = [
    Role::Text,
    Role::Title,
    Role::Head,
    Role::Sorted,
    Role::Selected,
    Role::Notice,
    Role::Trouble,
    Role::Stale,
    Role::Problem,
    Role::Demo,
    Role::Safe,
    Role::Key,
    Role::Event,
];
/// What is drawn, or may be overlooked: the contrast that WCAG 2.2 asks of graphics (1.4.11).
const GRAPHICS: [Role; 14] = [
    Role::Dim,
    Role::Chart,
    Role::Axis,
    Role::Limit,
    Role::Line1,
    Role::Line2,
    Role::Line3,
    Role::Line4,
    Role::Line5,
    Role::Line6,
    Role::Settling,
    Role::TimeCursor,
    Role::Frame,
    Role::Focus,
];
const STATES: [Role; 4] = [Role::Notice, Role::Trouble, Role::Stale, Role::Safe];
const LINES: [Role; 6] =
    [Role::Line1, Role::Line2, Role::Line3, Role::Line4, Role::Line5, Role::Line6];

/// Themes whose colours are their own rather than the terminal's, with the background they are for.
fn colored(themes: &Themes) -> Vec<(&Entry, Rgb)> {
    let hint = |entry: &Entry| entry.theme().background_hint().map(rgb);
    themes.entries().iter().filter_map(|entry| Some((entry, hint(entry)?))).collect()
}

fn rgb(color: Color) -> Rgb {
    let Color::Rgb(red, green, blue) = color else { panic!("{color} is the terminal's") };
    Rgb([red, green, blue])
}

fn front(theme: &Theme, role: Role) -> Rgb {
    rgb(theme.style(role).fg.unwrap_or_else(|| panic!("{role:?} has no colour")))
}

fn pairs<T: Copy>(of: &[T]) -> impl Iterator<Item = (T, T)> + '_ {
    of.iter().enumerate().flat_map(|(at, a)| of[at + 1..].iter().map(|b| (*a, *b)))
}

#[test]
fn text_and_graphics_stand_out_from_the_background_they_are_made_for() {
    let themes = Themes::load(None).unwrap();
    let mut faint = vec![];
    for (entry, background) in colored(&themes) {
        let (text, graphics) =
            if entry.name() == "high-contrast" { (7.0, 4.5) } else { (4.5, 3.0) };
        let wanted = TEXT.map(|role| (role, text)).into_iter();
        for (role, least) in wanted.chain(GRAPHICS.map(|role| (role, graphics))) {
            let found = front(entry.theme(), role).contrast(background);
            if found < least {
                faint.push(format!("{} {role:?}: {found:.2} of {least}", entry.name()));
            }
        }
        let badge = entry.theme().style(Role::Production);
        let found = rgb(badge.fg.unwrap()).contrast(rgb(badge.bg.unwrap()));
        assert!(found >= 4.5, "{} Production: {found:.2}", entry.name());
    }
    assert!(colored(&themes).len() >= 8);
    assert!(faint.is_empty(), "too faint:\n{}", faint.join("\n"));
}

#[test]
fn the_terminals_own_colours_can_be_read_and_told_apart_in_pictures() {
    let themes = Themes::load(None).unwrap();
    let theme = themes.get(DEFAULT).unwrap().theme();
    let screen = trouble().app(80, 24).screen(now());
    let ground = Rgb(Grid::of(&screen, theme, (80, 24)).ground);
    // What has none is in the colour of ordinary text.
    let drawn = |role: Role| theme.style(role).fg.and_then(ddbtop::ui::theme::rgb).map(Rgb);
    let wanted = TEXT.map(|role| (role, 4.5)).into_iter();
    for (role, least) in wanted.chain(GRAPHICS.map(|role| (role, 3.0))) {
        let found = drawn(role).map_or(least, |color| color.contrast(ground));
        assert!(found >= least, "{role:?}: {found:.2} of {least}");
    }
    for (a, b) in pairs(&LINES).chain(pairs(&STATES)) {
        let found = Eye::Usual.distance(drawn(a).unwrap(), drawn(b).unwrap());
        assert!(found >= 7.0, "{a:?} {b:?}: {found:.1}");
    }
}

#[test]
fn the_word_for_production_can_be_read_on_every_colour() {
    for red in (0..=255).step_by(15) {
        for green in (0..=255).step_by(15) {
            for blue in (0..=255).step_by(15) {
                let color = [red, green, blue];
                let badge = Theme::plain().with_production(color).style(Role::Production);
                let found = rgb(badge.fg.unwrap()).contrast(Rgb(color));
                assert!(found >= 4.5, "{color:?}: {found:.2}");
            }
        }
    }
}

#[test]
fn states_and_lines_differ_from_each_other() {
    /// Distances that are seen at a glance, in hundredths of `OKLab`.
    const STATE: f64 = 10.0;
    const LINE: f64 = 7.0;
    let themes = Themes::load(None).unwrap();
    let mut alike = vec![];
    for (entry, _) in colored(&themes) {
        let eyes: &[Eye] = if entry.name() == "color-blind" { &Eye::ALL } else { &[Eye::Usual] };
        for eye in eyes {
            let mut judge = |(a, b): (Role, Role), least: f64| {
                let found = eye.distance(front(entry.theme(), a), front(entry.theme(), b));
                if found < least {
                    alike.push(format!("{} {a:?} {b:?}, {eye:?}: {found:.1}", entry.name()));
                }
            };
            pairs(&STATES).for_each(|pair| judge(pair, STATE));
            pairs(&LINES).for_each(|pair| judge(pair, LINE));
        }
    }
    assert!(alike.is_empty(), "too much alike:\n{}", alike.join("\n"));
}

#[test]
fn states_still_differ_in_256_and_in_16_colours() {
    let themes = Themes::load(None).unwrap();
    for entry in themes.entries().iter().filter(|entry| entry.name() != MONOCHROME) {
        for depth in [Depth::Palette256, Depth::Ansi16] {
            let theme = entry.theme().for_depth(depth);
            for role in Role::ALL {
                let style = theme.style(role);
                for color in [style.fg, style.bg].into_iter().flatten() {
                    let indexed = matches!(color, Color::Indexed(_));
                    let known =
                        !matches!(color, Color::Rgb(..)) && (depth != Depth::Ansi16 || !indexed);
                    assert!(known, "{} {role:?} {depth:?}: {color}", entry.name());
                }
            }
            let [notice, trouble, stale, safe] = STATES;
            for (a, b) in pairs(&[Role::Text, notice, trouble, stale, safe]) {
                let (first, second) = (theme.style(a).fg, theme.style(b).fg);
                assert_ne!(first, second, "{} {a:?} {b:?} {depth:?}", entry.name());
            }
        }
    }
}

#[test]
fn no_theme_paints_a_background_but_small_badges() {
    let themes = Themes::load(None).unwrap();
    for entry in themes.entries() {
        assert_eq!(entry.theme().ground(), None, "{}", entry.name());
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Production) {
            assert_eq!(entry.theme().style(role).bg, None, "{} {role:?}", entry.name());
        }
    }
}

#[test]
fn the_default_theme_uses_the_terminals_own_colours_and_the_monochrome_one_none() {
    let themes = Themes::load(None).unwrap();
    for role in Role::ALL {
        let style = themes.get(DEFAULT).unwrap().theme().style(role);
        for color in [style.fg, style.bg].into_iter().flatten() {
            assert!(!matches!(color, Color::Rgb(..) | Color::Indexed(_)), "{role:?}: {color}");
        }
        let style = themes.get(MONOCHROME).unwrap().theme().style(role);
        assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
    }
}

#[test]
fn without_colours_trouble_and_production_still_stand_out() {
    let themes = Themes::load(None).unwrap();
    for entry in themes.entries() {
        let theme = entry.theme().for_depth(Depth::Monochrome);
        let (trouble, production) = (theme.style(Role::Trouble), theme.style(Role::Production));
        assert!(trouble.add_modifier.contains(Modifier::BOLD), "{}", entry.name());
        assert!(production.add_modifier.contains(Modifier::REVERSED), "{}", entry.name());
    }
}
