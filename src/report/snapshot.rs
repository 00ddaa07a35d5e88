//! `snapshot`: one look at everything, for scripts (JSON) and for people (text, in colours or without).

mod json;

pub use json::json;
pub(super) use json::{SCHEMA, instant, located};

use crate::ui::plain;
use crate::ui::theme::Theme;
use crate::view::Screen;

/// Writes the screen as `height` lines of at most `width` cells, without trailing blanks.
pub fn text(screen: &Screen, width: u16, height: u16) -> String {
    plain::lines(screen, width, height).into_iter().map(|line| line + "\n").collect()
}

/// Writes the same lines in colours, with the escape sequences of colours (SGR, ECMA-48) and no others.
pub fn ansi(screen: &Screen, theme: &Theme, (width, height): (u16, u16)) -> Vec<u8> {
    let lines = plain::colored_lines(screen, theme, width, height);
    lines.into_iter().flat_map(|line| [line, b"\n".to_vec()].concat()).collect()
}
