//! What each role looks like.
//!
//! Themes are TOML files, shipped in `themes/` and added by the user: tokens, one per role, with
//! colours from the file's palette. [`Themes`] reads and resolves them; a [`Theme`] is what
//! painting needs.

mod color;
mod file;
mod themes;

pub use file::ThemeError;
pub use themes::{DEFAULT, Entry, MONOCHROME, Themes};

use crate::view::Role;
use ratatui::style::{Color, Modifier, Style};

/// How many colours a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// All of them.
    Truecolor,
    /// The 256 of xterm.
    Palette256,
    /// The terminal's own sixteen.
    Ansi16,
    /// None.
    Monochrome,
}

/// A style for every role.
#[derive(Debug, Clone)]
pub struct Theme {
    styles: [Style; Role::ALL.len()],
    /// What lies under everything, where the theme does not leave that to the terminal.
    ground: Option<Style>,
    background_hint: Option<Color>,
}

impl Theme {
    /// Asks `style` about each role.
    pub fn from_fn(style: impl Fn(Role) -> Style) -> Self {
        Self { styles: Role::ALL.map(style), ground: None, background_hint: None }
    }

    /// No styles at all, for text that goes nowhere near a terminal.
    pub fn plain() -> Self {
        Self::from_fn(|_| Style::new())
    }

    /// The style of `role`.
    pub fn style(&self, role: Role) -> Style {
        let place = Role::ALL.iter().position(|known| *known == role);
        place.and_then(|place| self.styles.get(place)).copied().unwrap_or_default()
    }

    /// What the whole screen is painted with first; `None` leaves the terminal's own background.
    pub fn ground(&self) -> Option<Style> {
        self.ground
    }

    /// The background that the theme is made for; `None` if any will do.
    pub fn background_hint(&self) -> Option<Color> {
        self.background_hint
    }

    /// The same theme in the colours that a terminal of `depth` shows.
    ///
    /// Sixteen colours are the user's own, made for the terminal's own text and background: those
    /// are kept, since the nearest of sixteen to a tinted grey is a colour that means something.
    #[must_use]
    pub fn for_depth(&self, depth: Depth) -> Self {
        let (text, dim) = (self.style(Role::Text).fg, self.style(Role::Dim).fg);
        let shown = |style: Style| match style.fg {
            Some(_) if depth == Depth::Ansi16 && style.fg == text => Style { fg: None, ..style },
            Some(_) if depth == Depth::Ansi16 && style.fg == dim => {
                Style { fg: None, ..style }.add_modifier(Modifier::DIM)
            }
            _ => style,
        };
        let few = matches!(depth, Depth::Ansi16 | Depth::Monochrome);
        Self {
            styles: self.styles.map(|style| at_depth(shown(style), depth)),
            ground: self.ground.filter(|_| !few).map(|ground| at_depth(ground, depth)),
            background_hint: self.background_hint,
        }
    }

    /// The same theme with `color`, red, green and blue, behind the word for production.
    #[must_use]
    pub fn with_production(&self, color: [u8; 3]) -> Self {
        let [red, green, blue] = color;
        let badge = Style::new().fg(color::readable_on(color)).bg(Color::Rgb(red, green, blue));
        let badge = badge.add_modifier(Modifier::BOLD);
        let style = |role| if role == Role::Production { badge } else { self.style(role) };
        Self { styles: Role::ALL.map(style), ..self.clone() }
    }
}

/// What a colour is in a picture, where all of them are shown; `None` for the terminal's own text or background.
pub fn rgb(color: Color) -> Option<[u8; 3]> {
    color::rgb(color)
}

fn at_depth(style: Style, depth: Depth) -> Style {
    let shown = Style {
        fg: style.fg.and_then(|color| color::at_depth(color, depth)),
        bg: style.bg.and_then(|color| color::at_depth(color, depth)),
        ..style
    };
    // What stood out by its background still must.
    let lost = style.bg.is_some() && shown.bg.is_none();
    if lost { shown.add_modifier(Modifier::REVERSED) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_the_style_it_was_given() {
        let theme = Theme::from_fn(|role| Style::new().fg(Color::Indexed(role as u8)));
        for role in Role::ALL {
            assert_eq!(theme.style(role).fg, Some(Color::Indexed(role as u8)));
        }
    }

    #[test]
    fn a_badge_without_colours_is_reversed() {
        let badge = Style::new().fg(Color::White).bg(Color::Red);
        let theme = Theme::from_fn(|_| badge).for_depth(Depth::Monochrome);
        assert_eq!(theme.style(Role::Production), Style::new().add_modifier(Modifier::REVERSED));
    }

    #[test]
    fn the_colour_for_production_wins_over_the_themes() {
        let theme = Theme::plain().with_production([0xff, 0xd7, 0]);
        assert_eq!(theme.style(Role::Production).bg, Some(Color::Rgb(0xff, 0xd7, 0)));
        assert_eq!(theme.style(Role::Trouble), Style::new());
    }
}
