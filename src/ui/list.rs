//! A table of rows that were already chosen; only what is visible comes here.

use super::columns::{GAP, fit};
use super::put;
use super::theme::Theme;
use crate::view::text::{Charset, cut_end, cut_middle, width};
use crate::view::{Align, Column, List, Role, Row, Span};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Cells in front of the first column: the pointer, the mark and a blank.
const GUTTER: u16 = 3;

/// Paints heads and rows; the first line of `area` takes the heads.
pub(super) fn paint(list: &List, charset: Charset, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let columns = fit(&list.columns, area.width.saturating_sub(GUTTER));
    let first = area.x.saturating_add(GUTTER);
    let mut x = first;
    for (column, cells) in shown(&list.columns, &columns) {
        head(column, charset, theme, Rect { x, width: cells, height: 1, ..area }, buf);
        x += cells + GAP;
    }
    for (row, y) in list.rows.iter().zip(area.y + 1..area.bottom()) {
        gutter(row, charset, theme, (area.x, y, area.right()), buf);
        let mut x = first;
        for ((place, cells), (column, _)) in columns.iter().zip(shown(&list.columns, &columns)) {
            if let Some(span) = row.cells.get(*place) {
                let line = Rect { x, y, width: *cells, height: 1 };
                cell(span, column.align, charset, theme, line, buf);
            }
            x += cells + GAP;
        }
    }
}

fn shown<'a>(
    columns: &'a [Column],
    fitted: &'a [(usize, u16)],
) -> impl Iterator<Item = (&'a Column, u16)> {
    fitted.iter().filter_map(|(place, cells)| Some((columns.get(*place)?, *cells)))
}

fn head(column: &Column, charset: Charset, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let span = match column.sorted {
        Some(ascending) => {
            Span::new(format!("{}{}", column.title, charset.arrow(ascending)), Role::Sorted)
        }
        None => Span::new(column.title, Role::Head),
    };
    cell(&span, column.align, charset, theme, area, buf);
}

fn gutter(row: &Row, charset: Charset, theme: &Theme, at: (u16, u16, u16), buf: &mut Buffer) {
    let pointer = if row.selected { charset.pointer() } else { " " };
    let (_, y, end) = at;
    let x = put(&Span::new(pointer, Role::Title), theme, at, buf);
    put(&row.mark, theme, (x, y, end), buf);
}

fn cell(span: &Span, align: Align, charset: Charset, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let room = usize::from(area.width);
    let text = match align {
        Align::LeftCutMiddle => cut_middle(&span.text, room, charset),
        Align::Right | Align::LeftCutEnd => cut_end(&span.text, room, charset),
    };
    let indent = match align {
        Align::Right => u16::try_from(room - width(&text).min(room)).unwrap_or(0),
        Align::LeftCutMiddle | Align::LeftCutEnd => 0,
    };
    let span = Span::new(text, span.role);
    put(&span, theme, (area.x + indent, area.y, area.right()), buf);
}
