//! The Hot keys pane.
//!
//! ```text
//! tables and indexes │ what is counted of the selected one
//! ```
//!
//! Narrow screens have the list above.

use super::{Pen, detail, from, line, list};
use crate::view::hot_keys::{HotKeysPane, Ranking, Section, list_width};
use crate::view::{Layout, Role};
use ratatui::layout::Rect;

/// Cells in which a title begins.
const MARGIN: u16 = 1;

/// Paints the pane; returns the parts that may come late: all but the list.
pub(super) fn paint(pane: &HotKeysPane, area: Rect, pen: &mut Pen<'_>) -> Vec<Rect> {
    let Some(ranking) = &pane.ranking else {
        list::paint(&pane.list, area, pen);
        return vec![];
    };
    let (rows, rest) = if area.width >= Layout::SIDE_BY_SIDE {
        let rows = Rect { width: list_width(area.width), ..area };
        (rows, from(area, rows.right() + 1))
    } else {
        let heads_and_rows = u16::try_from(pane.list.rows.len() + 1).unwrap_or(area.height);
        let rows = Rect { height: heads_and_rows.min(area.height), ..area };
        (rows, below(area, rows.height))
    };
    list::paint(&pane.list, rows, pen);
    self::ranking(ranking, rest, pen);
    vec![rest]
}

/// What is left of `area` below its first `lines` lines.
fn below(area: Rect, lines: u16) -> Rect {
    let lines = lines.min(area.height);
    Rect { y: area.y + lines, height: area.height - lines, ..area }
}

fn ranking(ranking: &Ranking, area: Rect, pen: &mut Pen<'_>) {
    if area.height < 2 {
        return;
    }
    detail::rule(&ranking.title, line(area, area.y), pen);
    let inner = below(area, 1);
    let most = if ranking.sections.is_empty() { inner.height } else { (inner.height / 3).max(2) };
    let taken =
        detail::words(&ranking.words, Rect { height: most.min(inner.height), ..inner }, pen);
    let rest = below(inner, taken);
    if ranking.sections.is_empty() || rest.height < 2 {
        return;
    }
    let columns = list::Columns::of(&ranking.columns, line(rest, rest.y));
    columns.heads(pen);
    sections(&ranking.sections, &columns, below(rest, 1), pen);
}

fn sections(sections: &[Section], columns: &list::Columns<'_>, area: Rect, pen: &mut Pen<'_>) {
    let wanted: Vec<u16> = sections.iter().map(lines).collect();
    let mut y = area.y;
    for (section, given) in sections.iter().zip(share(&wanted, area.height)) {
        if given < 2 {
            continue;
        }
        pen.put(&section.title.text, section.title.role, from(line(area, y), area.x + MARGIN));
        if let Some(note) = &section.note {
            pen.put(&note.text, note.role, from(line(area, y + 1), area.x + list::GUTTER));
        }
        for (row, y) in section.rows.iter().zip(y + 1..y + given) {
            columns.row(row, y, pen);
        }
        let left_out = section.rows.len().saturating_sub(usize::from(given - 1));
        if left_out > 0 {
            let text = format!("{left_out} more");
            let cells = u16::try_from(text.len()).unwrap_or(area.width).min(area.width);
            pen.put(&text, Role::Dim, from(line(area, y), area.right() - cells));
        }
        y += given;
    }
}

/// The lines that a section would take.
fn lines(section: &Section) -> u16 {
    let rows = section.rows.len().max(usize::from(section.note.is_some()));
    u16::try_from(rows + 1).unwrap_or(u16::MAX)
}

/// Shares lines among sections: each in turn gets its title and first row, as far as that goes, and then one
/// row after the other; none gets more than it wants.
fn share(wanted: &[u16], height: u16) -> Vec<u16> {
    let mut given = vec![0; wanted.len()];
    let mut left = height;
    for (given, wanted) in given.iter_mut().zip(wanted) {
        let least = 2.min(*wanted);
        if left < least {
            break;
        }
        *given = least;
        left -= least;
    }
    while left > 0 {
        let before = left;
        for (given, wanted) in given.iter_mut().zip(wanted) {
            if left > 0 && *given > 0 && *given < *wanted {
                *given += 1;
                left -= 1;
            }
        }
        if left == before {
            break;
        }
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_round_and_what_has_no_room_for_a_row_goes_without_a_title() {
        for (wanted, height, given) in [
            (&[4, 4][..], 8, &[4, 4][..]),
            (&[4, 26], 12, &[4, 8]),
            (&[2, 26, 26], 10, &[2, 4, 4]),
            (&[4, 4, 4], 5, &[3, 2, 0]),
            (&[4, 4], 1, &[0, 0]),
            (&[], 9, &[]),
        ] {
            assert_eq!(share(wanted, height), given, "{wanted:?} in {height}");
        }
    }
}
