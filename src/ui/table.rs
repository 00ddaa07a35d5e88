//! The Table pane: verdict, charts, facts.

use super::{Pen, chart, detail};
use crate::view::table::TablePane;
use ratatui::layout::Rect;

/// Paints the pane; returns where its charts are.
pub(super) fn paint(pane: &TablePane, area: Rect, pen: &mut Pen<'_>) -> Vec<Rect> {
    let lines = detail::words(&pane.verdict, area, pen);
    let rest = Rect { y: area.y + lines, height: area.height - lines, ..area };
    let charts = detail::beside(pane.charts.len(), rest);
    for (chart, area) in pane.charts.iter().zip(&charts) {
        chart::paint(chart, pen.marker, *area, pen);
    }
    charts
}
