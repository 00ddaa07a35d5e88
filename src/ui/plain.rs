//! A screen without a terminal: its lines as text, and as text in colours.

use super::theme::Theme;
use super::{draw, wire};
use crate::view::Screen;
use crate::view::text::width;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

/// Paints the screen and reads it back as `height` lines of at most `columns` cells, without
/// trailing blanks.
pub fn lines(screen: &Screen, columns: u16, height: u16) -> Vec<String> {
    let buf = painted(screen, &Theme::plain(), columns, height);
    let rows = buf.content.chunks(usize::from(columns.max(1)));
    let line = |cells: &[Cell]| line(cells.iter().map(Cell::symbol));
    rows.map(line).collect()
}

/// The same lines in colours, as a terminal gets them ([`wire::lines`]). Where the theme paints a ground, there
/// are no blanks to leave out.
pub fn colored_lines(screen: &Screen, theme: &Theme, columns: u16, height: u16) -> Vec<Vec<u8>> {
    wire::lines(&painted(screen, theme, columns, height))
}

fn painted(screen: &Screen, theme: &Theme, columns: u16, height: u16) -> Buffer {
    let area = Rect::new(0, 0, columns, height);
    let mut buf = Buffer::empty(area);
    drop(draw(screen, theme, area, &mut buf));
    buf
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
