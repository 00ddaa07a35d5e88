//! Rendering: a view, a theme and a rectangle in; cells out. No clock, no state.
//!
//! ```text
//! header, three lines: who and where; how it is; what went wrong
//! column heads
//! rows of the list
//! ─ selected resource ─────────
//! what is known about it
//! footer: keys that work here, and what the marks mean
//! ```

mod bar;
mod columns;
mod detail;
mod list;
pub mod theme;

use crate::view::text::{Charset, width, wrap};
use crate::view::{Body, Layout, Screen, Span};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use theme::Theme;

/// Paints the screen into `area` of `buf`; whatever the size, something is said.
pub fn draw(screen: &Screen, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    let Some(layout) = Layout::of(area.width, area.height) else {
        return too_small(area, buf);
    };
    for (bar, y) in screen.header.iter().zip(area.y..) {
        bar::paint(bar, theme, line(area, y), buf);
    }
    let top = area.y + Layout::HEADER;
    let body = Rect { y: top, height: area.height - Layout::HEADER - 1, ..area };
    match &screen.body {
        Body::Message(lines) => message(lines, theme, body, buf),
        Body::List(list) => {
            let rows = Rect { height: layout.list + 1, ..body };
            list::paint(list, screen.charset, theme, rows, buf);
            let strip = Rect { y: rows.bottom(), height: layout.detail, ..area };
            detail::paint(&list.detail, screen.charset, theme, strip, buf);
        }
    }
    bar::paint(&screen.footer, theme, line(area, area.bottom() - 1), buf);
}

/// One line of `area`.
fn line(area: Rect, y: u16) -> Rect {
    Rect { y, height: 1, ..area }
}

/// Writes `span` from `x` on and returns where it ended; never past `end`.
fn put(span: &Span, theme: &Theme, (x, y, end): (u16, u16, u16), buf: &mut Buffer) -> u16 {
    let room = end.saturating_sub(x);
    let (next, _) = buf.set_stringn(x, y, &span.text, room.into(), theme.style(span.role));
    next
}

fn message(lines: &[Span], theme: &Theme, area: Rect, buf: &mut Buffer) {
    const MARGIN: u16 = 2;
    let room = area.width.saturating_sub(2 * MARGIN);
    let wrapped: Vec<Span> = lines
        .iter()
        .flat_map(|span| {
            let text = wrap(&span.text, room.into(), area.height.into(), Charset::Unicode);
            text.into_iter().map(|text| Span::new(text, span.role))
        })
        .collect();
    let count = u16::try_from(wrapped.len()).unwrap_or(area.height).min(area.height);
    let top = area.y + (area.height - count) / 3;
    for (span, y) in wrapped.iter().zip(top..area.bottom()) {
        let taken = u16::try_from(width(&span.text)).unwrap_or(room).min(room);
        put(span, theme, (area.x + MARGIN + (room - taken) / 2, y, area.right()), buf);
    }
}

fn too_small(area: Rect, buf: &mut Buffer) {
    let (least_width, least_height) = (Layout::MIN_WIDTH, Layout::MIN_HEIGHT);
    let text = format!(
        "ddbtop needs {least_width}x{least_height}, this is {}x{}",
        area.width, area.height
    );
    let lines = wrap(&text, area.width.into(), area.height.into(), Charset::Ascii);
    for (text, y) in lines.iter().zip(area.top()..area.bottom()) {
        buf.set_stringn(area.x, y, text, area.width.into(), Style::default());
    }
}
