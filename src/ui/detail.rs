//! The strip below the list: what is known about the selected row, in words.

use super::{Pen, chart, from, line};
use crate::view::text::{Charset, cut_middle, wrap};
use crate::view::{Detail, Paragraph, Role};
use ratatui::layout::Rect;

/// Cells before a paragraph's text; its label stands in them.
const LABEL: u16 = 7;

/// The least cells that a chart is of use in.
const CHART: (u16, u16) = (34, 4);
/// Screens at least so wide have charts beside the words, others below them.
const SIDE_BY_SIDE: u16 = 110;

/// Paints a titled rule, the paragraphs below it, and charts where there is room for them.
///
/// Returns the parts that may come late: the whole strip.
pub(super) fn paint(detail: &Detail, area: Rect, pen: &mut Pen<'_>) -> Vec<Rect> {
    if area.height < 2 {
        return vec![];
    }
    rule(&detail.title, line(area, area.y), pen);
    let inner = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let charts = if area.width >= SIDE_BY_SIDE && !detail.charts.is_empty() {
        let width = (area.width / 2).max(CHART.0);
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
pub(super) fn beside(charts: usize, area: Rect) -> Vec<Rect> {
    let count = u16::try_from(charts).unwrap_or(u16::MAX);
    let (least_width, least_height) = CHART;
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
    let room = area.width.saturating_sub(LABEL + 1);
    let mut y = area.y;
    for (paragraph, lines) in fit(paragraphs, room, area.height, pen.charset) {
        pen.put(paragraph.label, Role::Head, from(line(area, y), area.x + 1));
        for text in lines {
            pen.put(&text, paragraph.text.role, from(line(area, y), area.x + LABEL));
            y += 1;
        }
    }
    y - area.y
}

fn rule(title: &str, area: Rect, pen: &mut Pen<'_>) {
    pen.put(&pen.charset.rule().repeat(area.width.into()), Role::Dim, area);
    let title = cut_middle(title, area.width.saturating_sub(6).into(), pen.charset);
    pen.put(&format!(" {title} "), Role::Title, from(area, area.x + 2));
}

/// Wraps the paragraphs into `height` lines; where room lacks, the last ones go without.
fn fit(
    paragraphs: &[Paragraph],
    room: u16,
    height: u16,
    charset: Charset,
) -> Vec<(&Paragraph, Vec<String>)> {
    let mut left = usize::from(height);
    let mut fitted = Vec::with_capacity(paragraphs.len());
    for paragraph in paragraphs {
        let lines = wrap(&paragraph.text.text, room.into(), left, charset);
        left -= lines.len().min(left);
        fitted.push((paragraph, lines));
    }
    fitted.retain(|(_, lines)| !lines.is_empty());
    fitted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Span;

    #[test]
    fn the_last_paragraphs_go_without() {
        let paragraph = |text: &str| Paragraph { label: "", text: Span::new(text, Role::Text) };
        let paragraphs = [paragraph("a b c d"), paragraph("x y")];
        let texts = |height| -> Vec<Vec<String>> {
            let fitted = fit(&paragraphs, 3, height, Charset::Unicode);
            fitted.into_iter().map(|(_, lines)| lines).collect()
        };
        assert_eq!(texts(4), [vec!["a b", "c d"], vec!["x y"]]);
        assert_eq!(texts(2), [vec!["a b", "c d"]]);
        assert_eq!(texts(1), [vec!["a …"]]);
    }
}
