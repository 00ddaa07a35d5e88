//! `snapshot`: one look at everything, for scripts (JSON) and for people (text).

mod json;

pub use json::json;

use crate::ui;
use crate::ui::theme::Theme;
use crate::view::Screen;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Writes the screen as `height` lines of at most `width` columns, without trailing blanks.
pub fn text(screen: &Screen, width: u16, height: u16) -> String {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    ui::draw(screen, &Theme::plain(), area, &mut buf);
    let mut text = String::new();
    for cells in buf.content.chunks(usize::from(width.max(1))) {
        let mut line = String::with_capacity(cells.len());
        let mut covered = 0;
        for cell in cells {
            // A wide character covers the cells behind it.
            if covered == 0 {
                line.push_str(cell.symbol());
                covered = crate::view::text::width(cell.symbol()).max(1);
            }
            covered -= 1;
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
