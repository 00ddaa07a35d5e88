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
use crate::view::Role;
use crate::view::table::TablePane;
use crate::view::text::width;
use ratatui::layout::Rect;

/// Screens at least so wide have what is known beside the charts.
const SIDE_BY_SIDE: u16 = 110;
/// The least cells that a chart is of use in.
const CHART: (u16, u16) = (34, 5);

/// Paints the pane; returns the parts that may come late: its charts, what matters most first.
pub(super) fn paint(pane: &TablePane, area: Rect, pen: &mut Pen<'_>) -> Vec<Rect> {
    let focused = pane.charts.iter().position(|chart| chart.focused).unwrap_or(0);
    if let Some(chart) = pane.charts.get(focused).filter(|_| pane.expanded) {
        chart::paint(chart, pen.marker, area, pen);
        return vec![area];
    }
    let most = if area.height < 30 { area.height / 4 } else { area.height / 5 };
    let taken = detail::words(&pane.verdict, Rect { height: most.min(area.height), ..area }, pen);
    let rest = below(area, taken);
    let charts = if area.width >= SIDE_BY_SIDE {
        beside(pane, rest, pen)
    } else {
        around(pane, focused, rest, pen)
    };
    let page = Page::of(pane.charts.len(), focused, charts);
    let shown = pane.charts.iter().skip(page.first);
    for (chart, place) in shown.zip(&page.places) {
        chart::paint(chart, pen.marker, *place, pen);
    }
    page.places
}

/// What is left of `area` below its first `lines` lines.
fn below(area: Rect, lines: u16) -> Rect {
    let lines = lines.min(area.height);
    Rect { y: area.y + lines, height: area.height - lines, ..area }
}

/// Paints family and facts on the left; returns the room for charts.
fn beside(pane: &TablePane, area: Rect, pen: &mut Pen<'_>) -> Rect {
    let area = below(area, 1);
    let width = if area.width >= 160 { 58 } else { 42 };
    let left = Rect { width, ..area };
    let taken = family::rows(&pane.family, Rect { height: left.height / 2, ..left }, pen);
    let gap = u16::from(taken > 0);
    facts::lines(&pane.facts, below(left, taken + gap), pen);
    from(area, left.right() + 2)
}

/// Paints the family above and the first facts below; returns the room for charts between them.
fn around(pane: &TablePane, focused: usize, area: Rect, pen: &mut Pen<'_>) -> Rect {
    let least_facts = if area.height >= 14 { 2 } else { 1 };
    let facts = least_facts.min(area.height);
    let foot = Rect { y: area.bottom() - facts, height: facts, ..area };
    facts::flow(&pane.facts, foot, pen);
    let rest = Rect { height: area.height - facts, ..area };
    let page = Page::of(pane.charts.len(), focused, below(rest, 1));
    let hint = page.hint(pane.charts.len());
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
struct Page {
    /// How many charts come before those that are shown.
    first: usize,
    places: Vec<Rect>,
}

impl Page {
    fn of(charts: usize, focused: usize, area: Rect) -> Self {
        let (least_width, least_height) = CHART;
        if charts == 0 || area.height < least_height {
            return Self { first: 0, places: vec![] };
        }
        let count = u16::try_from(charts).unwrap_or(u16::MAX);
        let across = (area.width / least_width).clamp(1, 2).min(count);
        let down = count.div_ceil(across).min(area.height / least_height);
        let fitting = usize::from(across) * usize::from(down);
        let first = focused / fitting * fitting;
        let place = |number: u16| {
            let (column, row) = (number % across, number / across);
            let (left, right) =
                (edge(area.width, column, across), edge(area.width, column + 1, across));
            let (top, bottom) = (edge(area.height, row, down), edge(area.height, row + 1, down));
            // A blank column parts charts side by side.
            let gap = u16::from(column + 1 < across);
            Rect {
                x: area.x + left,
                y: area.y + top,
                width: right - left - gap,
                height: bottom - top,
            }
        };
        let shown = charts.saturating_sub(first).min(fitting);
        Self { first, places: (0..across * down).map(place).take(shown).collect() }
    }

    /// Which charts are shown, if not all are: `charts 1-4 of 6`.
    fn hint(&self, charts: usize) -> Option<String> {
        let (first, shown) = (self.first, self.places.len());
        let is_part = shown > 0 && shown < charts;
        is_part.then(|| format!("charts {}-{} of {charts}", first + 1, first + shown))
    }
}

/// Where part number `part` of `parts` equal parts begins.
fn edge(length: u16, part: u16, parts: u16) -> u16 {
    let edge = u32::from(length) * u32::from(part) / u32::from(parts.max(1));
    u16::try_from(edge).unwrap_or(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_share_the_room_and_turn_the_page_with_the_focus() {
        let places = |charts, focused, width, height| {
            let page = Page::of(charts, focused, Rect { x: 0, y: 4, width, height });
            let sizes: Vec<_> = page.places.iter().map(|p| (p.width, p.height)).collect();
            (page.first, sizes, page.hint(charts))
        };
        assert_eq!(
            places(6, 0, 139, 30),
            (0, vec![(68, 10), (70, 10), (68, 10), (70, 10), (68, 10), (70, 10)], None)
        );
        let hint = Some("charts 5-6 of 6".to_owned());
        assert_eq!(places(6, 5, 80, 13), (4, vec![(39, 6), (40, 6)], hint));
        let hint = Some("charts 3-4 of 6".to_owned());
        assert_eq!(places(6, 2, 60, 10), (2, vec![(60, 5), (60, 5)], hint));
        assert_eq!(places(1, 0, 139, 30), (0, vec![(139, 30)], None));
        assert_eq!(places(6, 0, 80, 4), (0, vec![], None));
        assert_eq!(places(0, 0, 80, 30), (0, vec![], None));
    }
}
