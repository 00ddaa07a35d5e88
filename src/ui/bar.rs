//! A line with parts at both ends; what does not fit is left out by rank.

use super::{Pen, from};
use crate::view::text::{cut_end, width};
use crate::view::{Bar, Part};
use ratatui::layout::Rect;

/// Cells between two parts.
const GAP: u16 = 2;

/// Paints the parts that fit.
pub(super) fn paint(bar: &Bar, area: Rect, pen: &mut Pen<'_>) {
    let limit = highest_rank_that_fits(bar, area.width.into());
    let end = parts(&bar.left, limit, area, pen);
    let right_width = total(bar.right.iter().filter(|part| part.rank <= limit));
    let taken = u16::try_from(right_width).unwrap_or(area.width).min(area.width);
    parts(&bar.right, limit, from(area, end.max(area.right() - taken)), pen);
}

/// Paints the parts up to rank `limit` and returns where the next would begin.
fn parts(parts: &[Part], limit: u8, area: Rect, pen: &mut Pen<'_>) -> u16 {
    let mut x = area.x;
    for part in parts.iter().filter(|part| part.rank <= limit) {
        for span in &part.spans {
            let rest = from(area, x);
            let text = cut_end(&span.text, rest.width.into(), pen.charset);
            x = pen.put(&text, span.role, rest);
        }
        x = x.saturating_add(GAP);
    }
    x
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
    widths.reduce(|sum, next| sum + usize::from(GAP) + next).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::Theme;
    use crate::view::chart::Marker;
    use crate::view::{Charset, Role};
    use ratatui::buffer::Buffer;

    fn painted(bar: &Bar, width: u16) -> String {
        let area = Rect::new(0, 0, width, 1);
        let mut buf = Buffer::empty(area);
        let mut pen = Pen {
            theme: &Theme::plain(),
            charset: Charset::Unicode,
            marker: Marker::Braille,
            buf: &mut buf,
        };
        paint(bar, area, &mut pen);
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
        assert_eq!(painted(&bar, 4), "ddb…");
    }
}
