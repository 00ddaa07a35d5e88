//! A table of rows that were already chosen; only what is visible comes here.

use super::columns::{GAP, fit};
use super::{Pen, from, line};
use crate::view::text::{cut_end, cut_middle, width};
use crate::view::{Align, Column, List, Role, Row};
use ratatui::layout::Rect;

/// Cells in front of the first column: the pointer, the mark, and what the user marked.
pub(super) const GUTTER: u16 = 3;
/// Stands beside the rows that the user marked.
const MARKED: &str = "+";

/// Paints heads and rows; the first line of `area` takes the heads.
pub(super) fn paint(list: &List, area: Rect, pen: &mut Pen<'_>) {
    let columns = Columns::of(&list.columns, line(area, area.y));
    columns.heads(pen);
    for (row, y) in list.rows.iter().zip(area.y + 1..area.bottom()) {
        columns.row(row, y, pen);
    }
}

/// The columns that have room, and where they are.
pub(super) struct Columns<'a> {
    /// The line of the heads.
    area: Rect,
    /// The place of each among the cells of a row, and its width.
    fitted: Vec<(usize, &'a Column, u16)>,
}

impl<'a> Columns<'a> {
    /// Chooses those that fit on a line.
    pub(super) fn of(columns: &'a [Column], area: Rect) -> Self {
        let fitted = fit(columns, area.width.saturating_sub(GUTTER)).into_iter();
        let column = |(place, cells)| Some((place, columns.get(place)?, cells));
        Self { area, fitted: fitted.filter_map(column).collect() }
    }

    /// Paints the heads.
    pub(super) fn heads(&self, pen: &mut Pen<'_>) {
        for (_, column, area) in self.at(self.area.y) {
            head(column, area, pen);
        }
    }

    /// Paints a row in a line of its own.
    pub(super) fn row(&self, row: &Row, y: u16, pen: &mut Pen<'_>) {
        gutter(row, line(self.area, y), pen);
        for (place, column, area) in self.at(y) {
            if let Some(span) = row.cells.get(place) {
                cell(&span.text, span.role, column.align, area, pen);
            }
        }
    }

    /// Where each column is in a line.
    fn at(&self, y: u16) -> impl Iterator<Item = (usize, &'a Column, Rect)> {
        let mut x = from(self.area, self.area.x.saturating_add(GUTTER)).x;
        self.fitted.iter().map(move |(place, column, cells)| {
            let area = Rect { x, y, width: *cells, height: 1 };
            x += cells + GAP;
            (*place, *column, area)
        })
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
