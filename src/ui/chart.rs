//! One chart in cells, from 18x4 up; of a smaller one only the title is shown.
//!
//! ```text
//! ▶ orders: reads, units/s  ─ consumed 812  ┄ provisioned 1,000
//! 1,000┤⠁ ⠁ ⠁ ⠁ ⠁ ⠁ ⠁ ⠁ ⠁ ⠁ ⠁ ⠁
//!     0┤⠤⠤⣀⡠⠤⠤⠤⠤⠤⠔⠒⠒⠒⠒⠢⠤⠤⠤⠤⠤⠤⠤⠤
//!      └─┬─────────^─┬───────────
//!       11:50       12:00   12:07
//! ```

mod heading;
mod raster;
#[cfg(test)]
mod tests;
mod trace;

use super::{Pen, from, line};
use crate::view::Role;
use crate::view::chart::{Chart, Marker, Scale, Tick};
use crate::view::text::{Charset, width, wrap};
use raster::{Ink, Raster};
use ratatui::layout::Rect;

const LEAST_WIDTH: u16 = 18;
const LEAST_HEIGHT: u16 = 4;

/// The least height that has room for times below the axis.
const LEAST_WITH_TIMES: u16 = 6;

/// Rows of the plot from which on its middle is labelled.
const LEAST_WITH_MIDDLE: u16 = 6;

/// Paints `chart` into `area`; a terminal that shows only ASCII gets the ASCII marker.
pub(super) fn paint(chart: &Chart, marker: Marker, area: Rect, pen: &mut Pen<'_>) {
    let area = area.intersection(pen.buf.area);
    if area.is_empty() {
        return;
    }
    if area.width < LEAST_WIDTH || area.height < LEAST_HEIGHT {
        heading::title(chart, &chart.title, area, pen);
        return;
    }
    let marker = if pen.charset == Charset::Ascii { Marker::Ascii } else { marker };
    let scale = chart.scale();
    let heading = heading::paint(chart, &scale, marker, area, pen);
    let below = if area.height < LEAST_WITH_TIMES { 1 } else { 2 };
    let height = area.height - heading - below;
    let plot = Rect { y: area.y + heading, height, ..area };

    let plot = values(&scale, plot, pen);
    let axis = Rect { y: plot.bottom(), height: 1, ..plot };
    time_axis(chart, axis, pen);
    if below > 1 {
        times(chart, plot, Rect { y: axis.y + 1, height: 1, ..area }, pen);
    }
    if let Some(note) = &chart.note {
        self::note(note, plot, pen);
    } else {
        picture(&Raster::of(chart, &scale, marker, (plot.width, plot.height)), plot, pen);
        cursor(chart, plot, pen);
    }
}

/// Glyphs of the axes.
struct Frame {
    side: &'static str,
    side_tick: &'static str,
    corner: &'static str,
    bottom: &'static str,
    bottom_marked: &'static str,
    bottom_tick: &'static str,
    cursor: &'static str,
    cursor_foot: &'static str,
}

impl Frame {
    fn of(charset: Charset) -> Self {
        match charset {
            Charset::Unicode => Self {
                side: "│",
                side_tick: "┤",
                corner: "└",
                bottom: "─",
                bottom_marked: "━",
                bottom_tick: "┬",
                cursor: "│",
                cursor_foot: "┴",
            },
            Charset::Ascii => Self {
                side: "|",
                side_tick: "+",
                corner: "+",
                bottom: "-",
                bottom_marked: "=",
                bottom_tick: "+",
                cursor: "|",
                cursor_foot: "|",
            },
        }
    }
}

/// Paints the axis of values and returns what is left of `area` for the plot.
fn values(scale: &Scale, area: Rect, pen: &mut Pen<'_>) -> Rect {
    let frame = Frame::of(pen.charset);
    let named = scale.labels();
    let widest = named.iter().map(|(_, label)| width(label)).max().unwrap_or(0);
    let side = area.x + u16::try_from(widest).unwrap_or(0).min(area.width / 2);
    for y in area.top()..area.bottom() {
        pen.put(frame.side, Role::Axis, from(line(area, y), side));
    }
    pen.put(frame.corner, Role::Axis, from(line(area, area.bottom()), side));
    for (value, label) in &named {
        // Each beside the row in which it is drawn.
        let y = if *value <= 0.0 {
            area.bottom().saturating_sub(1)
        } else if *value >= scale.top {
            area.y
        } else if area.height >= LEAST_WITH_MIDDLE {
            area.y + area.height / 2
        } else {
            continue;
        };
        let cells = u16::try_from(width(label)).unwrap_or(0);
        pen.put(label, Role::Axis, from(line(area, y), side.saturating_sub(cells)));
        pen.put(frame.side_tick, Role::Axis, from(line(area, y), side));
    }
    from(area, side + 1)
}

/// Paints the axis of time with its ticks, what is marked of it, the cursor's foot, and what
/// happened.
fn time_axis(chart: &Chart, axis: Rect, pen: &mut Pen<'_>) {
    let frame = Frame::of(pen.charset);
    pen.put(&frame.bottom.repeat(axis.width.into()), Role::Axis, axis);
    if let Some((first, last)) = marked(chart, axis.width) {
        let cells = Rect { x: axis.x + first, width: last - first + 1, ..axis };
        pen.put(&frame.bottom_marked.repeat(cells.width.into()), Role::Limit, cells);
    }
    for tick in chart.ticks(axis.width) {
        pen.put(frame.bottom_tick, Role::Axis, from(axis, axis.x + tick.column));
    }
    if let Some(tick) = chart.cursor_tick(axis.width) {
        pen.put(frame.cursor_foot, Role::TimeCursor, from(axis, axis.x + tick.column));
    }
    for event in &chart.events {
        if let Some(column) = chart.column(event.minute, axis.width) {
            let cell = Rect { x: axis.x + column, width: 1, ..axis };
            pen.put(event.mark.glyph(), event.mark.role(), cell);
        }
    }
}

/// The columns of the minutes that are marked, as far as they are in the window.
fn marked(chart: &Chart, columns: u16) -> Option<(u16, u16)> {
    let marked = chart.marked?;
    let first = marked.start.max(chart.window.start);
    let last = marked.end.min(chart.window.end).plus(-1);
    Some((chart.column(first, columns)?, chart.column(last, columns)?)).filter(|(a, b)| a <= b)
}

/// Names times on the line below the axis: the cursor's, the newest, and as many ticks as have room.
fn times(chart: &Chart, plot: Rect, area: Rect, pen: &mut Pen<'_>) {
    const BLANKS: u16 = 2;
    let mut taken: Vec<(u16, u16)> = Vec::new();
    let mut place = |tick: Tick, role: Role| {
        let cells = u16::try_from(width(&tick.label)).unwrap_or(area.width).min(area.width);
        let middle = plot.x + tick.column;
        let start = middle.saturating_sub(cells / 2).clamp(area.x, area.right() - cells);
        let end = start + cells;
        let has_room = taken.iter().all(|(from, to)| {
            end.saturating_add(BLANKS) <= *from || to.saturating_add(BLANKS) <= start
        });
        if has_room {
            pen.put(&tick.label, role, from(area, start));
            taken.push((start, end));
        }
    };
    if let Some(tick) = chart.cursor_tick(plot.width) {
        place(tick, Role::TimeCursor);
    }
    if let Some(tick) = chart.newest(plot.width) {
        place(tick, Role::Axis);
    }
    for tick in chart.ticks(plot.width) {
        place(tick, Role::Axis);
    }
}

/// Paints the cells of `raster` that are not blank.
fn picture(raster: &Raster, plot: Rect, pen: &mut Pen<'_>) {
    let mut brush = (Role::Axis, pen.theme.style(Role::Axis));
    for (inks, y) in raster.rows().zip(plot.top()..plot.bottom()) {
        for (ink, x) in inks.iter().zip(plot.left()..plot.right()) {
            if ink.glyph == Ink::NONE.glyph {
                continue;
            }
            if brush.0 != ink.role {
                brush = (ink.role, pen.theme.style(ink.role));
            }
            if let Some(cell) = pen.buf.cell_mut((x, y)) {
                cell.set_char(ink.glyph).set_style(brush.1);
            }
        }
    }
}

/// Paints the cursor where nothing else is.
fn cursor(chart: &Chart, plot: Rect, pen: &mut Pen<'_>) {
    let Some(tick) = chart.cursor_tick(plot.width) else { return };
    let frame = Frame::of(pen.charset);
    let x = plot.x + tick.column;
    for y in plot.top()..plot.bottom() {
        if pen.buf.cell((x, y)).is_some_and(|cell| cell.symbol() == " ") {
            pen.put(frame.cursor, Role::TimeCursor, Rect { x, y, width: 1, height: 1 });
        }
    }
}

/// Paints what stands in place of the lines.
fn note(note: &str, plot: Rect, pen: &mut Pen<'_>) {
    const MARGIN: u16 = 1;
    let room = plot.width.saturating_sub(2 * MARGIN);
    let texts = wrap(note, room.into(), plot.height.into(), pen.charset);
    let lines = u16::try_from(texts.len()).unwrap_or(plot.height).min(plot.height);
    let top = plot.y + (plot.height - lines) / 2;
    for (text, y) in texts.iter().zip(top..plot.bottom()) {
        let cells = u16::try_from(width(text)).unwrap_or(room).min(room);
        pen.put(text, Role::Dim, from(line(plot, y), plot.x + MARGIN + (room - cells) / 2));
    }
}
