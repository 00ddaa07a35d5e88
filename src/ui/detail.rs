//! The strip below the list: what is known about the selected row, in words.

use super::put;
use super::theme::Theme;
use crate::view::text::{Charset, cut_middle, wrap};
use crate::view::{Detail, Paragraph, Role, Span};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Cells before a paragraph's text; its label stands in them.
const LABEL: u16 = 7;

/// Paints a titled rule and the paragraphs below it.
pub(super) fn paint(
    detail: &Detail,
    charset: Charset,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    if area.height < 2 {
        return;
    }
    rule(&detail.title, charset, theme, area, buf);
    let room = area.width.saturating_sub(LABEL + 1);
    let mut y = area.y + 1;
    for (paragraph, lines) in fit(&detail.paragraphs, room, area.height - 1, charset) {
        put(&Span::new(paragraph.label, Role::Head), theme, (area.x + 1, y, area.right()), buf);
        for text in lines {
            let span = Span::new(text, paragraph.text.role);
            put(&span, theme, (area.x + LABEL, y, area.right()), buf);
            y += 1;
        }
    }
}

fn rule(title: &str, charset: Charset, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let line = charset.rule().repeat(area.width.into());
    put(&Span::new(line, Role::Dim), theme, (area.x, area.y, area.right()), buf);
    let title = cut_middle(title, area.width.saturating_sub(6).into(), charset);
    let span = Span::new(format!(" {title} "), Role::Title);
    put(&span, theme, (area.x + 2, area.y, area.right()), buf);
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
        match longest {
            Some((_, lines)) => *lines -= 1,
            None => {
                heights.truncate(height);
                break;
            }
        }
    }
    let fitted = paragraphs.iter().zip(heights);
    fitted.map(|(paragraph, (_, lines))| (paragraph, lines_of(paragraph, lines))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
