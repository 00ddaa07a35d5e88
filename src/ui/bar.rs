//! A line with parts at both ends; what does not fit is left out by rank.

use super::put;
use super::theme::Theme;
use crate::view::text::width;
use crate::view::{Bar, Part};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Cells between two parts.
const GAP: usize = 2;

/// Paints the parts that fit.
pub(super) fn paint(bar: &Bar, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let limit = highest_rank_that_fits(bar, area.width.into());
    let shown = |part: &&Part| part.rank <= limit;
    let mut x = area.x;
    for part in bar.left.iter().filter(shown) {
        for span in &part.spans {
            x = put(span, theme, (x, area.y, area.right()), buf);
        }
        x = x.saturating_add(2);
    }
    let right_width = total(bar.right.iter().filter(shown));
    let taken = u16::try_from(right_width).unwrap_or(area.width).min(area.width);
    let mut x = (area.right() - taken).max(x.min(area.right()));
    for part in bar.right.iter().filter(shown) {
        for span in &part.spans {
            x = put(span, theme, (x, area.y, area.right()), buf);
        }
        x = x.saturating_add(2).min(area.right());
    }
}

fn highest_rank_that_fits(bar: &Bar, room: usize) -> u8 {
    let mut limit = bar.left.iter().chain(&bar.right).map(|part| part.rank).max().unwrap_or(0);
    while limit > 0 {
        let shown = |part: &&Part| part.rank <= limit;
        if total(bar.left.iter().chain(&bar.right).filter(shown)) <= room {
            break;
        }
        limit -= 1;
    }
    limit
}

/// Cells that the parts take, gaps included.
fn total<'a>(parts: impl Iterator<Item = &'a Part>) -> usize {
    let widths = parts.map(|part| part.spans.iter().map(|span| width(&span.text)).sum::<usize>());
    widths.reduce(|sum, next| sum + GAP + next).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Role;

    fn painted(bar: &Bar, width: u16) -> String {
        let area = Rect::new(0, 0, width, 1);
        let mut buf = Buffer::empty(area);
        paint(bar, &Theme::plain(), area, &mut buf);
        buf.content.iter().map(ratatui::buffer::Cell::symbol).collect()
    }

    #[test]
    fn parts_of_the_greatest_rank_give_way_first() {
        let part = |rank, text: &str| Part::new(rank, text, Role::Text);
        let bar = Bar {
            left: vec![part(0, "ddbtop"), part(2, "profile")],
            right: vec![part(3, "cost"), part(1, "12:03")],
        };
        assert_eq!(painted(&bar, 30), "ddbtop  profile    cost  12:03");
        assert_eq!(painted(&bar, 25), "ddbtop  profile     12:03");
        assert_eq!(painted(&bar, 15), "ddbtop    12:03");
        assert_eq!(painted(&bar, 12), "ddbtop      ");
        assert_eq!(painted(&bar, 4), "ddbt");
    }
}
