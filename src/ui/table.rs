//! The Table pane.
//!
//! ```text
//! what is wrong, what to do, why
//! table and indexes │ charts, two abreast
//! what is known     │
//! ```
//!
//! Narrow screens have the family on one line above the charts and the first facts below them.

mod facts;
mod family;

use super::{Pen, chart, detail, from, line};
use crate::view::chart::Chart;
use crate::view::table::TablePane;
use crate::view::text::width;
use crate::view::{Layout, Role};
use ratatui::layout::Rect;

/// The least lines of a chart with others beside it: a little more, since its legend is short of
/// room as it is.
const LEAST_HEIGHT: u16 = 6;
/// The least lines of a chart as wide as the screen.
const LEAST_HEIGHT_ALONE: u16 = 5;
/// The height of charts in which nothing happens, where others need the room.
const QUIET: u16 = 6;

/// Paints the pane; returns the parts that may come late: its charts, what matters most first.
pub(super) fn paint(pane: &TablePane, area: Rect, pen: &mut Pen<'_>) -> Vec<Rect> {
    if pane.details {
        words(pane, area, pen);
        return vec![area];
    }
    let focused = pane.charts.iter().position(|chart| chart.focused).unwrap_or(0);
    if let Some(chart) = pane.charts.get(focused).filter(|_| pane.expanded) {
        chart::paint(chart, pen.marker, area, pen);
        return vec![area];
    }
    let most = if area.height < 30 { area.height / 4 } else { area.height / 5 };
    let taken = detail::words(&pane.verdict, Rect { height: most.min(area.height), ..area }, pen);
    let rest = below(area, taken);
    let charts = if area.width >= Layout::SIDE_BY_SIDE {
        beside(pane, rest, pen)
    } else {
        around(pane, focused, rest, pen)
    };
    let grid = Grid::of(&pane.charts, focused, charts);
    let shown = pane.charts.iter().skip(grid.first);
    for (chart, place) in shown.zip(&grid.places) {
        chart::paint(chart, pen.marker, *place, pen);
    }
    grid.places
}

/// Paints the verdict in full, and the facts that have room below it; or the facts alone, which have the whole pane
/// then.
fn words(pane: &TablePane, area: Rect, pen: &mut Pen<'_>) {
    let taken = if pane.expanded { 0 } else { detail::words(&pane.verdict, area, pen) };
    let rest = below(area, taken + u16::from(taken > 0));
    let half = Rect { width: rest.width / 2, ..rest };
    let shown = facts::lines(&pane.facts, half, pen);
    let _rest =
        facts::lines(pane.facts.get(shown..).unwrap_or_default(), from(rest, half.right()), pen);
}

/// What is left of `area` below its first `lines` lines.
fn below(area: Rect, lines: u16) -> Rect {
    let lines = lines.min(area.height);
    Rect { y: area.y + lines, height: area.height - lines, ..area }
}

/// Paints family and facts on the left; returns the room for charts.
fn beside(pane: &TablePane, area: Rect, pen: &mut Pen<'_>) -> Rect {
    let area = below(area, 1);
    let width = if area.width >= 160 { 58 } else { 46 };
    let left = Rect { width, ..area };
    let taken = family::rows(&pane.family, Rect { height: left.height / 2, ..left }, pen);
    let gap = u16::from(taken > 0);
    let _shown = facts::lines(&pane.facts, below(left, taken + gap), pen);
    from(area, left.right() + 2)
}

/// Paints the family above and the first facts below; returns the room for charts between them.
fn around(pane: &TablePane, focused: usize, area: Rect, pen: &mut Pen<'_>) -> Rect {
    let least_facts = if area.height >= 14 { 2 } else { 1 };
    let facts = least_facts.min(area.height);
    let foot = Rect { y: area.bottom() - facts, height: facts, ..area };
    facts::flow(&pane.facts, foot, pen);
    let rest = Rect { height: area.height - facts, ..area };
    let grid = Grid::of(&pane.charts, focused, below(rest, 1));
    let hint = grid.hint(pane.charts.len());
    if rest.height == 0 || (pane.family.rows.is_empty() && hint.is_none()) {
        return rest;
    }
    let top = line(rest, rest.y);
    let hint = hint.unwrap_or_default();
    let cells = u16::try_from(width(&hint)).unwrap_or(top.width).min(top.width);
    pen.put(&hint, Role::Dim, from(top, top.right() - cells));
    family::strip(&pane.family, Rect { width: top.width.saturating_sub(cells + 2), ..top }, pen);
    below(rest, 1)
}

/// Where charts are; if not all have room, those that stand with the focused one.
#[derive(Debug, PartialEq, Eq)]
struct Grid {
    /// How many charts come before those that are shown.
    first: usize,
    places: Vec<Rect>,
}

impl Grid {
    fn of(charts: &[Chart], focused: usize, area: Rect) -> Self {
        let across = usize::from(area.width / Layout::LEAST_CHART.0).clamp(1, 2).min(charts.len());
        let least_height = if across > 1 { LEAST_HEIGHT } else { LEAST_HEIGHT_ALONE };
        if charts.is_empty() || area.height < least_height {
            return Self { first: 0, places: vec![] };
        }
        let down = charts.len().div_ceil(across).min(usize::from(area.height / least_height));
        let first = focused / (across * down) * (across * down);
        let shown = charts.get(first..).unwrap_or_default();
        let rows: Vec<&[Chart]> = shown.chunks(across).take(down).collect();
        let heights = heights(&rows, area.height);
        let mut places = Vec::with_capacity(across * down);
        let mut y = area.y;
        for (row, height) in rows.iter().zip(heights) {
            let columns = u16::try_from(across).unwrap_or(1);
            for column in (0..columns).take(row.len()) {
                let edge = |column| edge(area.width, column, columns);
                // A blank column parts charts side by side.
                let gap = u16::from(column + 1 < columns);
                let width = edge(column + 1) - edge(column) - gap;
                places.push(Rect { x: area.x + edge(column), y, width, height });
            }
            y += height;
        }
        Self { first, places }
    }

    /// Which charts are shown, if not all are: `charts 1-4 of 6`.
    fn hint(&self, charts: usize) -> Option<String> {
        let (first, shown) = (self.first, self.places.len());
        let is_part = shown > 0 && shown < charts;
        is_part.then(|| format!("charts {}-{} of {charts}", first + 1, first + shown))
    }
}

/// Shares `height` among rows of charts: those in which nothing happens leave most of theirs to the
/// others.
fn heights(rows: &[&[Chart]], height: u16) -> Vec<u16> {
    let is_quiet = |row: &[Chart]| row.iter().all(is_quiet);
    let quiet: Vec<bool> = rows.iter().map(|row| is_quiet(row)).collect();
    let calm = quiet.iter().filter(|quiet| **quiet).count();
    let parts = |count: usize| u16::try_from(count).unwrap_or(1);
    if calm == 0 || calm == rows.len() {
        let edge = |row: usize| edge(height, parts(row), parts(rows.len()));
        return (0..rows.len()).map(|row| edge(row + 1) - edge(row)).collect();
    }
    let low = QUIET.min(height / parts(rows.len()));
    let rest = height - low * parts(calm);
    let busy = rows.len() - calm;
    let mut number = 0;
    let height_of = |quiet: bool| {
        if quiet {
            return low;
        }
        number += 1;
        edge(rest, number, parts(busy)) - edge(rest, number - 1, parts(busy))
    };
    quiet.into_iter().map(height_of).collect()
}

/// Whether a chart shows no more than its legend says.
fn is_quiet(chart: &Chart) -> bool {
    let mut points = chart.lines.iter().flat_map(|line| &line.points).flatten();
    chart.note.is_some() || points.all(|value| *value <= 0.0)
}

/// Where part number `part` of `parts` equal parts begins.
fn edge(length: u16, part: u16, parts: u16) -> u16 {
    let edge = u32::from(length) * u32::from(part) / u32::from(parts.max(1));
    u16::try_from(edge).unwrap_or(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::chart;

    fn charts(peaks: &[f64]) -> Vec<Chart> {
        peaks.iter().map(|peak| chart::example("2026-11-22T12:00:00Z", &[&[Some(*peak)]])).collect()
    }

    #[test]
    fn charts_share_the_room_and_turn_the_page_with_the_focus() {
        let six = charts(&[1.0; 6]);
        let places = |charts: &[Chart], focused, width, height| {
            let grid = Grid::of(charts, focused, Rect { x: 0, y: 4, width, height });
            let sizes: Vec<_> = grid.places.iter().map(|p| (p.width, p.height)).collect();
            (grid.first, sizes, grid.hint(charts.len()))
        };
        let grid = vec![(68, 10), (70, 10), (68, 10), (70, 10), (68, 10), (70, 10)];
        assert_eq!(places(&six, 0, 139, 30), (0, grid, None));
        let hint = Some("charts 5-6 of 6".to_owned());
        assert_eq!(places(&six, 5, 80, 13), (4, vec![(39, 13), (40, 13)], hint));
        let hint = Some("charts 3-4 of 6".to_owned());
        assert_eq!(places(&six, 2, 60, 10), (2, vec![(60, 5), (60, 5)], hint));
        assert_eq!(places(&six[..1], 0, 139, 30), (0, vec![(139, 30)], None));
        assert_eq!(places(&six, 0, 80, 4), (0, vec![], None));
        assert_eq!(places(&[], 0, 80, 30), (0, vec![], None));
    }

    #[test]
    fn charts_in_which_nothing_happens_leave_their_room_to_the_others() {
        let heights = |peaks: &[f64], height| -> Vec<u16> {
            let grid = Grid::of(&charts(peaks), 0, Rect { x: 0, y: 0, width: 139, height });
            grid.places.iter().step_by(2).map(|place| place.height).collect()
        };
        assert_eq!(heights(&[1.0, 0.0, 0.0, 0.0, 0.0, 2.0], 40), [17, 6, 17]);
        assert_eq!(heights(&[1.0, 0.0, 0.0, 0.0], 12), [6, 6]);
        assert_eq!(heights(&[0.0; 4], 40), [20, 20]);
    }
}
