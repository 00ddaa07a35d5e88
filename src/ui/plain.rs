//! A screen without a terminal: its lines as text.

use super::draw;
use super::theme::Theme;
use crate::view::Screen;
use crate::view::text::width;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

/// Paints the screen and reads it back as `height` lines of at most `columns` cells, without
/// trailing blanks.
pub fn lines(screen: &Screen, columns: u16, height: u16) -> Vec<String> {
    let area = Rect::new(0, 0, columns, height);
    let mut buf = Buffer::empty(area);
    drop(draw(screen, &Theme::plain(), area, &mut buf));
    let rows = buf.content.chunks(usize::from(columns.max(1)));
    let line = |cells: &[Cell]| line(cells.iter().map(Cell::symbol));
    rows.map(line).collect()
}

/// The text of neighbouring cells, without trailing blanks.
pub(super) fn line<'a>(symbols: impl Iterator<Item = &'a str>) -> String {
    let mut line = String::new();
    let mut covered = 0;
    for symbol in symbols {
        // A wide character covers the cells behind it.
        if covered == 0 {
            line.push_str(symbol);
            covered = width(symbol).max(1);
        }
        covered -= 1;
    }
    line.truncate(line.trim_end().len());
    line
}
