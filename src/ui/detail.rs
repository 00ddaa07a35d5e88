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

/// Wraps the paragraphs into `height` lines: first those that yield become shorter, down to one
/// line each, then the others; the last ones are left out.
fn fit(
    paragraphs: &[Paragraph],
    room: u16,
    height: u16,
    charset: Charset,
) -> Vec<(&Paragraph, Vec<String>)> {
    let height = usize::from(height);
    let lines_of = |paragraph: &Paragraph, lines: usize| {
        wrap(&paragraph.text.text, room.into(), lines, charset)
    };
    let mut heights: Vec<(bool, usize)> =
        paragraphs.iter().map(|p| (p.yields, lines_of(p, height).len())).collect();
    while heights.iter().map(|(_, lines)| lines).sum::<usize>() > height {
        let longest = heights
            .iter_mut()
            .filter(|(_, lines)| *lines > 1)
            .max_by_key(|(yields, lines)| (*yields, *lines));
        let Some((_, lines)) = longest else {
            heights.truncate(height);
            break;
        };
        *lines -= 1;
    }
    let fitted = paragraphs.iter().zip(heights);
    fitted.map(|(paragraph, (_, lines))| (paragraph, lines_of(paragraph, lines))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Span;

    #[test]
    fn paragraphs_that_yield_become_shorter_first() {
        let paragraph =
            |text: &str, yields| Paragraph { label: "", text: Span::new(text, Role::Text), yields };
        let paragraphs = [paragraph("a b c d e f", true), paragraph("x y", false)];
        let texts = |height| -> Vec<Vec<String>> {
            let fitted = fit(&paragraphs, 3, height, Charset::Unicode);
            fitted.into_iter().map(|(_, lines)| lines).collect()
        };
        assert_eq!(texts(4), [vec!["a b", "c d", "e f"], vec!["x y"]]);
        assert_eq!(texts(3), [vec!["a b", "c …"], vec!["x y"]]);
        assert_eq!(texts(1), [vec!["a …"]]);
    }
}
