//! Pictures of what the screen shows, for `snapshot` and `export`.

use super::Failure;
use super::look::Look;
use crate::app::App;
use crate::config::Config;
use crate::plot::{self, Scene};
use crate::ui::grid::Grid;
use crate::ui::theme::Theme;
use jiff::Timestamp;

/// How many pixels of a PNG stand for one of the picture's: sharp on every screen.
pub(super) const SCALE: u8 = 2;

/// The theme that the user says, in all its colours.
///
/// # Errors
/// No theme of that name, or one that cannot be used.
pub(super) fn theme(config: &Config) -> Result<Theme, Failure> {
    Ok(Look::for_pictures(config)?.said(config)?)
}

/// Draws what the screen shows; `size` is in columns and rows.
pub(super) fn scene(app: &App, theme: &Theme, size: (u16, u16), now: Timestamp) -> Scene {
    let screen = app.screen(now);
    let title = format!("ddbtop: {}, {}", app.pane().name(), now.strftime("%Y-%m-%d %H:%M:%S UTC"));
    plot::screen(&Grid::of(&screen, theme, size), &title)
}
