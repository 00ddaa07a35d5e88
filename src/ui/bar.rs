//! A line with parts at both ends; what does not fit is left out by rank.

use super::{Pen, from};
use crate::view::text::{cut_end, width};
use crate::view::{Bar, Part};
use ratatui::layout::Rect;

/// Cells between two parts.
const GAP: u16 = 2;

/// Paints the parts that fit.
pub(super) fn paint(bar: &Bar, area: Rect, pen: &mut Pen<'_>) {
    let (left, right) = fitting(bar, area.width.into());
    let end = parts(&left, area, pen);
    let taken = u16::try_from(total(&right)).unwrap_or(area.width).min(area.width);
    parts(&right, from(area, end.max(area.right() - taken)), pen);
}

/// Paints parts and returns where the next would begin.
fn parts(parts: &[&Part], area: Rect, pen: &mut Pen<'_>) -> u16 {
    let mut x = area.x;
    for part in parts {
        for span in &part.spans {
            let rest = from(area, x);
            let text = cut_end(&span.text, rest.width.into(), pen.charset);
            x = pen.put(&text, span.role, rest);
        }
        x = x.saturating_add(GAP);
    }
    x
}

/// The parts at both ends for which there is room. Those of the greatest rank give way first, and of one rank
/// those in the middle of the line; parts of rank 0 stay.
fn fitting(bar: &Bar, room: usize) -> (Vec<&Part>, Vec<&Part>) {
    let [mut left, mut right] =
        [&bar.left, &bar.right].map(|parts| parts.iter().collect::<Vec<&Part>>());
    while total(&[&*left, &*right].concat()) > room {
        let greatest = left.iter().chain(&right).map(|part| part.rank).max().unwrap_or(0);
        if greatest == 0 {
            break;
        }
        let is_it = |part: &&Part| part.rank == greatest;
        if let Some(place) = left.iter().rposition(is_it) {
            left.remove(place);
        } else if let Some(place) = right.iter().position(is_it) {
            right.remove(place);
        }
    }
    (left, right)
}

/// Cells that the parts take, gaps included.
fn total(parts: &[&Part]) -> usize {
    let widths =
        parts.iter().map(|part| part.spans.iter().map(|span| width(&span.text)).sum::<usize>());
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

    #[test]
    fn of_one_rank_what_is_said_first_stays_longest() {
        let part = |rank, text: &str| Part::new(rank, text, Role::Text);
        let bar = Bar {
            left: vec![part(0, "9 in trouble"), part(1, "6 in ALARM"), part(1, "SUSPENDED")],
            right: vec![part(1, "2 m old"), part(0, "12:03")],
        };
        assert_eq!(painted(&bar, 49), "9 in trouble  6 in ALARM           2 m old  12:03");
        assert_eq!(painted(&bar, 30), "9 in trouble    2 m old  12:03");
        assert_eq!(painted(&bar, 25), "9 in trouble        12:03");
    }
}
