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

pub mod abilities;
mod bar;
mod chart;
mod columns;
mod dax;
mod detail;
pub mod grid;
mod hot_keys;
mod list;
mod picker;
pub mod plain;
mod sheet;
mod table;
pub mod theme;
pub mod wire;

use crate::view::chart::{Chart, Marker};
use crate::view::text::{Charset, width, wrap};
use crate::view::{Body, Layout, List, Role, Screen, Span};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Clear, Widget};
use theme::Theme;

/// Paints the screen into `area` of `buf`; whatever the size, something is said.
///
/// Returns the parts of the screen that may reach a slow terminal later than the rest, what matters
/// most first: what is told of the selected row, and charts.
pub fn draw(screen: &Screen, theme: &Theme, area: Rect, buf: &mut Buffer) -> Vec<Rect> {
    let area = area.intersection(buf.area);
    if let Some(ground) = theme.ground() {
        buf.set_style(area, ground);
    }
    let expanded = matches!(&screen.body, Body::List(List { detail: None, .. }));
    let Some(layout) = Layout::of(area.width, area.height, expanded) else {
        too_small(area, buf);
        return vec![];
    };
    let mut pen = Pen { theme, charset: screen.charset, marker: screen.marker, buf };
    for (bar, y) in screen.header.iter().zip(area.y..) {
        bar::paint(bar, line(area, y), &mut pen);
    }
    let top = area.y + Layout::HEADER;
    let body = Rect { y: top, height: area.height - Layout::HEADER - 1, ..area };
    let mut late = vec![];
    match &screen.body {
        Body::Message(lines) => message(lines, body, &mut pen),
        Body::List(list) => {
            let rows = Rect { height: layout.list + 1, ..body };
            list::paint(list, rows, &mut pen);
            let strip = Rect { y: rows.bottom(), height: layout.detail, ..area };
            if let Some(detail) = &list.detail {
                late = detail::paint(detail, strip, &mut pen);
            }
        }
        Body::Table(pane) => late = table::paint(pane, body, &mut pen),
        Body::HotKeys(pane) => late = hot_keys::paint(pane, body, &mut pen),
        Body::Dax(pane) => late = dax::paint(pane, body, &mut pen),
        Body::Chart(chart) => {
            chart::paint(chart, screen.marker, body, &mut pen);
            late = vec![body];
        }
        Body::Words(words) => late = detail::paint(words, body, &mut pen),
    }
    bar::paint(&screen.footer, line(area, area.bottom() - 1), &mut pen);
    if let Some(picker) = &screen.picker {
        picker::paint(picker, body, &mut pen);
        late = vec![];
    }
    if let Some(sheet) = &screen.sheet {
        sheet::paint(sheet, body, &mut pen);
        late = vec![];
    }
    late
}

/// Paints one chart into `area` of `buf`; with [`Marker::Ascii`] all of it is ASCII.
pub fn draw_chart(chart: &Chart, marker: Marker, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let charset = match marker {
        Marker::Braille | Marker::Block => Charset::Unicode,
        Marker::Ascii => Charset::Ascii,
    };
    chart::paint(chart, marker, area, &mut Pen { theme, charset, marker, buf });
}

/// What painting needs besides what to paint and where.
struct Pen<'a> {
    theme: &'a Theme,
    charset: Charset,
    marker: Marker,
    buf: &'a mut Buffer,
}

impl Pen<'_> {
    /// Takes away what was painted in `area`, colours included.
    fn clear(&mut self, area: Rect) {
        Clear.render(area, self.buf);
        if let Some(ground) = self.theme.ground() {
            self.buf.set_style(area, ground);
        }
    }

    /// Writes `text` into the first line of `area` and returns where it ended. Of what it is written over, such as a
    /// dim axis below a mark, no look is left.
    fn put(&mut self, text: &str, role: Role, area: Rect) -> u16 {
        let ground = self.theme.ground().unwrap_or_default();
        let style = Style::reset().patch(ground).patch(self.theme.style(role));
        self.buf.set_stringn(area.x, area.y, text, area.width.into(), style).0
    }
}

/// One line of `area`.
fn line(area: Rect, y: u16) -> Rect {
    Rect { y, height: 1, ..area }
}

/// What is left of `area` from `x` on.
fn from(area: Rect, x: u16) -> Rect {
    let x = x.clamp(area.x, area.right());
    Rect { x, width: area.right() - x, ..area }
}

fn message(lines: &[Span], area: Rect, pen: &mut Pen<'_>) {
    const MARGIN: u16 = 2;
    let room = area.width.saturating_sub(2 * MARGIN);
    let wrapped: Vec<(String, Role)> = lines
        .iter()
        .flat_map(|span| {
            let texts = wrap(&span.text, room.into(), area.height.into(), pen.charset);
            texts.into_iter().map(|text| (text, span.role))
        })
        .collect();
    let count = u16::try_from(wrapped.len()).unwrap_or(area.height).min(area.height);
    let top = area.y + (area.height - count) / 3;
    for ((text, role), y) in wrapped.iter().zip(top..area.bottom()) {
        let taken = u16::try_from(width(text)).unwrap_or(room).min(room);
        pen.put(text, *role, from(line(area, y), area.x + MARGIN + (room - taken) / 2));
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
