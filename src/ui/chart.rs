//! Charts in cells.

use super::{Pen, line};
use crate::view::Role;
use crate::view::chart::{Chart, Marker};
use ratatui::layout::Rect;

/// Paints a chart.
pub(super) fn paint(chart: &Chart, _marker: Marker, area: Rect, pen: &mut Pen<'_>) {
    pen.put(&chart.title, Role::Title, line(area, area.y));
}
