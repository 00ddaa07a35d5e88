//! The DAX pane while a cluster is open.
//!
//! ```text
//! ─ carts · available ──────────
//! what is known of it
//! its charts, those around the focused one
//! by what nodes are compared
//! a small chart of each node, all on one scale
//! ```

use super::{Pen, chart, detail, from, line};
use crate::view::chart::Chart;
use crate::view::dax::DaxPane;
use crate::view::{Layout, Role};
use ratatui::layout::Rect;

/// The least and the most cells of a node's chart, across and down.
const LEAST_NODE: (u16, u16) = (18, 4);
const WIDE_NODE: u16 = 30;
const HIGH_NODE: u16 = 8;
/// The least lines of a cluster's chart.
const LEAST_HEIGHT: u16 = 5;

/// Paints the pane; returns the parts that may come late: its charts.
pub(super) fn paint(pane: &DaxPane, area: Rect, pen: &mut Pen<'_>) -> Vec<Rect> {
    if area.height < 2 {
        return vec![];
    }
    detail::rule(&pane.title, line(area, area.y), pen);
    let inner = below(area, 1);
    let most = if inner.height < 20 { 1 } else { inner.height / 5 };
    let taken = detail::words(&pane.words, Rect { height: most.min(inner.height), ..inner }, pen);
    let rest = below(inner, taken);
    let nodes = Grid::of(pane.nodes.len(), rest);
    let charts = Rect { height: rest.height - nodes.height(), ..rest };
    let mut late = clusters(pane, charts, pen);
    let compared = below(rest, charts.height);
    if compared.height > 0 {
        pen.put(
            &pane.compared.text,
            pane.compared.role,
            from(line(compared, compared.y), compared.x + 1),
        );
        let places = nodes.places(below(compared, 1));
        let left_out = pane.nodes.len().saturating_sub(places.len());
        if left_out > 0 {
            let text = format!("{left_out} more");
            let cells = u16::try_from(text.len()).unwrap_or(0).min(compared.width);
            pen.put(&text, Role::Dim, from(line(compared, compared.y), compared.right() - cells));
        }
        for (chart, place) in shown(pane, places.len()).zip(&places) {
            chart::paint(chart, pen.marker, *place, pen);
        }
        late.extend(places);
    }
    late
}

/// What is left of `area` below its first `lines` lines.
fn below(area: Rect, lines: u16) -> Rect {
    let lines = lines.min(area.height);
    Rect { y: area.y + lines, height: area.height - lines, ..area }
}

/// The charts of so many nodes, in their order: where not all have room, of those least like the others.
fn shown(pane: &DaxPane, room: usize) -> impl Iterator<Item = &Chart> {
    let kept = pane.odd_first.get(..room.min(pane.odd_first.len())).unwrap_or_default();
    pane.nodes.iter().enumerate().filter(|(place, _)| kept.contains(place)).map(|(_, chart)| chart)
}

/// Paints as many charts of the cluster as have room, the focused one among them.
fn clusters(pane: &DaxPane, area: Rect, pen: &mut Pen<'_>) -> Vec<Rect> {
    if area.height < LEAST_HEIGHT || pane.charts.is_empty() {
        return vec![];
    }
    let count = u16::try_from(pane.charts.len()).unwrap_or(u16::MAX);
    let across = (area.width / Layout::LEAST_CHART.0).clamp(1, count);
    let rows = count.div_ceil(across).min(area.height / (LEAST_HEIGHT + 1)).max(1);
    let room = usize::from(across * rows);
    let focused = pane.charts.iter().position(|chart| chart.focused).unwrap_or(0);
    let first = focused / room * room;
    let first = first.min(pane.charts.len().saturating_sub(room));
    let shown = pane.charts.iter().skip(first).take(room);
    let places = divide(area, (across, rows), shown.len());
    for (chart, place) in shown.zip(&places) {
        chart::paint(chart, pen.marker, *place, pen);
    }
    places
}

/// How the charts of nodes are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Grid {
    across: u16,
    rows: u16,
    each: u16,
    count: usize,
}

impl Grid {
    /// Makes room for so many charts: as large as is of use, as small as it takes.
    fn of(count: usize, area: Rect) -> Self {
        let wanted = u16::try_from(count).unwrap_or(u16::MAX);
        let most_across = (area.width / LEAST_NODE.0).max(1);
        let rows_of = |across: u16| wanted.div_ceil(across);
        let wide = (area.width / WIDE_NODE).clamp(1, wanted.max(1));
        // Half of the room is the cluster's, as far as that goes.
        let half = area.height.saturating_sub(1) / 2;
        let across = if rows_of(wide) * LEAST_NODE.1 <= half { wide } else { most_across };
        let across = across.min(wanted.max(1));
        let fit = area.height.saturating_sub(1) / LEAST_NODE.1;
        let rows = rows_of(across).min(fit);
        let each = match rows {
            0 => 0,
            rows => (half / rows).clamp(LEAST_NODE.1, HIGH_NODE),
        };
        Self { across, rows, each, count }
    }

    /// Lines it takes, with its head.
    fn height(self) -> u16 {
        1 + self.rows * self.each
    }

    fn places(self, area: Rect) -> Vec<Rect> {
        let room = usize::from(self.across) * usize::from(self.rows);
        divide(area, (self.across, self.rows), self.count.min(room))
    }
}

/// The places of so many charts in rows of `across`.
fn divide(area: Rect, (across, rows): (u16, u16), count: usize) -> Vec<Rect> {
    let (Some(width), Some(height)) =
        (area.width.checked_div(across), area.height.checked_div(rows))
    else {
        return vec![];
    };
    let count = u16::try_from(count).unwrap_or(u16::MAX);
    let place = |number: u16| Rect {
        x: area.x + number % across * width,
        y: area.y + number / across * height,
        width: width.saturating_sub(1),
        height,
    };
    (0..count).map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(count: usize, width: u16, height: u16) -> (u16, u16, u16) {
        let grid = Grid::of(count, Rect { x: 0, y: 0, width, height });
        (grid.across, grid.rows, grid.each)
    }

    #[test]
    fn nodes_get_half_of_the_room_and_more_only_where_they_need_it() {
        assert_eq!(grid(3, 80, 18), (2, 2, 4));
        assert_eq!(grid(11, 80, 18), (4, 3, 4));
        assert_eq!(grid(11, 60, 14), (3, 3, 4), "two go without");
        assert_eq!(grid(11, 120, 30), (4, 3, 4));
        assert_eq!(grid(11, 200, 40), (6, 2, 8));
        assert_eq!(grid(1, 200, 40), (1, 1, 8));
        assert_eq!(grid(0, 80, 18).1, 0);
        assert_eq!(grid(3, 80, 2), (3, 0, 0));
    }
}
