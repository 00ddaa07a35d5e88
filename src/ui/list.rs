//! A table of rows that were already chosen; only what is visible comes here.

use super::columns::{GAP, fit};
use super::{Pen, from, line};
use crate::view::text::{cut_end, cut_middle, width};
use crate::view::{Align, Column, List, Role, Row};
use ratatui::layout::Rect;

/// Cells in front of the first column: the pointer, the mark, and what the user marked.
const GUTTER: u16 = 3;
/// Stands beside the rows that the user marked.
const MARKED: &str = "+";

/// Paints heads and rows; the first line of `area` takes the heads.
pub(super) fn paint(list: &List, area: Rect, pen: &mut Pen<'_>) {
    let fitted = fit(&list.columns, area.width.saturating_sub(GUTTER));
    let columns: Vec<(usize, &Column, u16)> = fitted
        .into_iter()
        .filter_map(|(place, cells)| Some((place, list.columns.get(place)?, cells)))
        .collect();
    let first = from(area, area.x.saturating_add(GUTTER));
    let mut x = first.x;
    for (_, column, cells) in &columns {
        head(column, Rect { x, width: *cells, height: 1, ..area }, pen);
        x += cells + GAP;
    }
    for (row, y) in list.rows.iter().zip(area.y + 1..area.bottom()) {
        gutter(row, line(area, y), pen);
        let mut x = first.x;
        for (place, column, cells) in &columns {
            if let Some(span) = row.cells.get(*place) {
                let area = Rect { x, y, width: *cells, height: 1 };
                cell(&span.text, span.role, column.align, area, pen);
            }
            x += cells + GAP;
        }
    }
}

fn head(column: &Column, area: Rect, pen: &mut Pen<'_>) {
    match column.sorted {
        Some(ascending) => {
            let text = format!("{}{}", column.title, pen.charset.arrow(ascending));
            cell(&text, Role::Sorted, column.align, area, pen);
        }
        None => cell(column.title, Role::Head, column.align, area, pen),
    }
}

fn gutter(row: &Row, area: Rect, pen: &mut Pen<'_>) {
    if row.selected {
        pen.put(pen.charset.pointer(), Role::Title, area);
    }
    pen.put(&row.mark.text, row.mark.role, from(area, area.x + 1));
    if row.marked {
        pen.put(MARKED, Role::Focus, from(area, area.x + 2));
    }
}

fn cell(text: &str, role: Role, align: Align, area: Rect, pen: &mut Pen<'_>) {
    let room = usize::from(area.width);
    let text = match align {
        Align::LeftCutMiddle => cut_middle(text, room, pen.charset),
        Align::Right | Align::LeftCutEnd => cut_end(text, room, pen.charset),
    };
    let indent = match align {
        Align::Right => area.width.saturating_sub(u16::try_from(width(&text)).unwrap_or(0)),
        Align::LeftCutMiddle | Align::LeftCutEnd => 0,
    };
    pen.put(&text, role, from(area, area.x + indent));
}
