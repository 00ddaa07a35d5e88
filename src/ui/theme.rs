//! What each role looks like.

use crate::view::Role;
use ratatui::style::{Color, Modifier, Style};

/// A style for every role.
#[derive(Debug, Clone)]
pub struct Theme([Style; Role::ALL.len()]);

impl Theme {
    /// Asks `style` about each role.
    pub fn from_fn(style: impl Fn(Role) -> Style) -> Self {
        Self(Role::ALL.map(style))
    }

    /// The terminal's own sixteen colours on its own background.
    pub fn colours() -> Self {
        Self::from_fn(|role| {
            let plain = Style::new();
            match role {
                Role::Text => plain,
                Role::Dim => plain.add_modifier(Modifier::DIM),
                Role::Title => plain.add_modifier(Modifier::BOLD),
                Role::Head => plain.fg(Color::Cyan),
                // Areas of colour are louder than text.
                Role::Chart => plain.fg(Color::Cyan).add_modifier(Modifier::DIM),
                Role::Sorted | Role::Key => plain.fg(Color::Cyan).add_modifier(Modifier::BOLD),
                Role::Selected | Role::Cursor => plain.add_modifier(Modifier::REVERSED),
                Role::Notice => plain.fg(Color::Yellow),
                Role::Trouble => plain.fg(Color::Red).add_modifier(Modifier::BOLD),
                Role::Stale => plain.fg(Color::Magenta),
                Role::Problem => plain.fg(Color::Yellow).add_modifier(Modifier::BOLD),
                Role::Demo => plain.fg(Color::Magenta).add_modifier(Modifier::BOLD),
                Role::Safe | Role::Line2 => plain.fg(Color::Green),
                Role::Production => plain.fg(Color::Red).add_modifier(Modifier::REVERSED),
                Role::Axis | Role::Settling => plain.add_modifier(Modifier::DIM),
                Role::Limit => plain.fg(Color::Yellow),
                Role::Line1 => plain.fg(Color::Cyan),
                Role::Line3 => plain.fg(Color::Magenta),
                Role::Line4 => plain.fg(Color::Blue),
                Role::Line5 => plain.fg(Color::LightYellow),
                Role::Line6 => plain.fg(Color::LightRed),
                Role::Event => plain.fg(Color::Yellow).add_modifier(Modifier::BOLD),
                Role::TimeCursor => plain.add_modifier(Modifier::BOLD),
                Role::Frame => plain.fg(Color::Cyan),
                Role::Focus => plain.fg(Color::Cyan).add_modifier(Modifier::BOLD),
            }
        })
    }

    /// No colour at all, as `NO_COLOR` asks (<https://no-color.org>).
    pub fn plain() -> Self {
        Self::from_fn(|role| {
            let modifier = match role {
                Role::Text
                | Role::Dim
                | Role::Notice
                | Role::Stale
                | Role::Safe
                | Role::Chart
                | Role::Axis
                | Role::Limit
                | Role::Line1
                | Role::Line2
                | Role::Line3
                | Role::Line4
                | Role::Line5
                | Role::Line6
                | Role::Settling
                | Role::Event
                | Role::Frame => Modifier::empty(),
                Role::Title
                | Role::Trouble
                | Role::Problem
                | Role::Demo
                | Role::Key
                | Role::TimeCursor
                | Role::Focus => Modifier::BOLD,
                Role::Production => Modifier::REVERSED | Modifier::BOLD,
                Role::Head => Modifier::UNDERLINED,
                Role::Sorted => Modifier::UNDERLINED | Modifier::BOLD,
                Role::Selected | Role::Cursor => Modifier::REVERSED,
            };
            Style::new().add_modifier(modifier)
        })
    }

    /// The style of `role`.
    pub fn style(&self, role: Role) -> Style {
        let place = Role::ALL.iter().position(|known| *known == role);
        place.and_then(|place| self.0.get(place)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_theme_paints_a_background_and_the_plain_one_no_colour() {
        for role in Role::ALL {
            assert_eq!(Theme::colours().style(role).bg, None, "{role:?}");
            assert_eq!(Theme::plain().style(role).fg, None, "{role:?}");
        }
    }

    #[test]
    fn every_role_has_the_style_it_was_given() {
        let theme = Theme::from_fn(|role| Style::new().fg(Color::Indexed(role as u8)));
        for role in Role::ALL {
            assert_eq!(theme.style(role).fg, Some(Color::Indexed(role as u8)));
        }
    }
}
