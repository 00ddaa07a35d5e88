//! `snapshot`: one look at everything, for scripts (JSON) and for people (text).

mod json;

pub use json::json;
pub(super) use json::{SCHEMA, instant, located};

use crate::ui::plain;
use crate::view::Screen;

/// Writes the screen as `height` lines of at most `width` cells, without trailing blanks.
pub fn text(screen: &Screen, width: u16, height: u16) -> String {
    plain::lines(screen, width, height).into_iter().map(|line| line + "\n").collect()
}
