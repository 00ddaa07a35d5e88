//! The strip below the list: what is known about the selected row, in words.

use super::{Pen, from, line};
use crate::view::text::{Charset, cut_middle, wrap};
use crate::view::{Detail, Paragraph, Role};
use ratatui::layout::Rect;

/// Cells before a paragraph's text; its label stands in them.
const LABEL: u16 = 7;

/// Paints a titled rule and the paragraphs below it.
pub(super) fn paint(detail: &Detail, area: Rect, pen: &mut Pen<'_>) {
    if area.height < 2 {
        return;
    }
    rule(&detail.title, line(area, area.y), pen);
    let room = area.width.saturating_sub(LABEL + 1);
    let mut y = area.y + 1;
    for (paragraph, lines) in fit(&detail.paragraphs, room, area.height - 1, pen.charset) {
        pen.put(paragraph.label, Role::Head, from(line(area, y), area.x + 1));
        for text in lines {
            pen.put(&text, paragraph.text.role, from(line(area, y), area.x + LABEL));
            y += 1;
        }
    }
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
