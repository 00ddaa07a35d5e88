//! The strip below the list: what is known about the selected row, in words.

use super::{Pen, chart, from, line};
use crate::view::detail::{LABEL, fit};
use crate::view::text::cut_middle;
use crate::view::{Detail, Layout, Paragraph, Role};
use ratatui::layout::Rect;

/// Paints a titled rule, the paragraphs below it, and charts where there is room for them.
///
/// Returns the parts that may come late: the whole strip.
pub(super) fn paint(detail: &Detail, area: Rect, pen: &mut Pen<'_>) -> Vec<Rect> {
    if area.height < 2 {
        return vec![];
    }
    rule(&detail.title, line(area, area.y), pen);
    let inner = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let charts = if area.width >= Layout::SIDE_BY_SIDE && !detail.charts.is_empty() {
        let width = area.width / 2;
        let left = Rect { width: inner.width - width, ..inner };
        words(&detail.paragraphs, left, pen);
        Rect { x: left.right(), width, ..inner }
    } else {
        let taken = words(&detail.paragraphs, inner, pen);
        Rect { y: inner.y + taken, height: inner.height - taken, ..inner }
    };
    let places = beside(detail.charts.len(), charts);
    for (chart, place) in detail.charts.iter().zip(&places) {
        chart::paint(chart, pen.marker, *place, pen);
    }
    vec![area]
}

/// Divides `area` among so many charts: side by side if they stay wide enough, else one above the
/// other; those that find no room are left out.
fn beside(charts: usize, area: Rect) -> Vec<Rect> {
    let count = u16::try_from(charts).unwrap_or(u16::MAX);
    let (least_width, least_height) = Layout::LEAST_CHART;
    if count == 0 || area.width < least_width || area.height < least_height {
        return vec![];
    }
    let across = (area.width / least_width).min(count);
    let rows = count.div_ceil(across).min(area.height / least_height);
    let (width, height) = (area.width / across, area.height / rows);
    let place = |number: u16| Rect {
        x: area.x + number % across * width,
        y: area.y + number / across * height,
        width: width.saturating_sub(1),
        height,
    };
    (0..count.min(across * rows)).map(place).collect()
}

/// Paints paragraphs and returns how many lines they took.
pub(super) fn words(paragraphs: &[Paragraph], area: Rect, pen: &mut Pen<'_>) -> u16 {
    let mut y = area.y;
    for (paragraph, lines) in fit(paragraphs, (area.width, area.height), pen.charset) {
        // One cell before it, and one between it and the text.
        debug_assert!(paragraph.label.len() + 2 <= usize::from(LABEL), "{}", paragraph.label);
        pen.put(paragraph.label, Role::Head, from(line(area, y), area.x + 1));
        for text in lines {
            pen.put(&text, paragraph.text.role, from(line(area, y), area.x + LABEL));
            y += 1;
        }
    }
    y - area.y
}

pub(super) fn rule(title: &str, area: Rect, pen: &mut Pen<'_>) {
    pen.put(&pen.charset.rule().repeat(area.width.into()), Role::Dim, area);
    let title = cut_middle(title, area.width.saturating_sub(6).into(), pen.charset);
    pen.put(&format!(" {title} "), Role::Title, from(area, area.x + 2));
}
