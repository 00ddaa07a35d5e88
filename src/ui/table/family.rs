//! A table and its indexes, to choose from.

use crate::ui::{Pen, from, line, list};
use crate::view::text::width;
use crate::view::{List, Role, Row};
use ratatui::layout::Rect;

/// Cells in front of a row's name.
const GUTTER: u16 = 3;

/// Paints heads and as many rows as fit, the selected one among them; returns the lines taken.
pub(super) fn rows(family: &List, area: Rect, pen: &mut Pen<'_>) -> u16 {
    if family.rows.is_empty() || area.height < 2 {
        return 0;
    }
    let count = family.rows.len();
    let room = usize::from(area.height - 1).min(count);
    let selected = selected(&family.rows);
    let first = selected.saturating_sub(room / 2).min(count - room);
    let rows = family.rows.iter().skip(first).take(room).cloned().collect();
    let shown = List { columns: family.columns.clone(), rows, detail: None };
    list::paint(&shown, area, pen);
    if room < count {
        let position = format!("{} of {count}", selected + 1);
        let name = family.columns.first().map_or(0, |column| column.title.len() + 1);
        let x = area.x + GUTTER + u16::try_from(name).unwrap_or(0);
        pen.put(&position, Role::Dim, from(line(area, area.y), x));
    }
    u16::try_from(room + 1).unwrap_or(area.height)
}

/// Paints the family on one line: which one is selected, and its neighbours as far as they fit.
pub(super) fn strip(family: &List, area: Rect, pen: &mut Pen<'_>) {
    if family.rows.is_empty() {
        return;
    }
    let selected = selected(&family.rows);
    let position = format!("{} of {}", selected + 1, family.rows.len());
    let x = pen.put(&position, Role::Dim, from(area, area.x + 1));
    let area = from(area, x + 2);
    let branch = pen.charset.branch();
    let entry = |row: &Row| {
        let name = row.cells.first().map(|name| name.text.trim_start_matches(branch).to_owned());
        (row.mark.clone(), name.unwrap_or_default())
    };
    let entries: Vec<_> = family.rows.iter().map(entry).collect();
    let cells = |(mark, name): &(crate::view::Span, String)| width(&mark.text) + width(name) + 2;
    let fits = |first: &usize| {
        let shown = entries.iter().take(selected + 1).skip(*first);
        shown.map(cells).sum::<usize>() <= area.width.into()
    };
    let first = (0..=selected).find(fits).unwrap_or(selected);
    let mut rest = area;
    for (place, entry) in entries.iter().enumerate().skip(first) {
        if place > selected && cells(entry) > usize::from(rest.width) {
            pen.put(pen.charset.ellipsis(), Role::Dim, rest);
            return;
        }
        let (mark, name) = entry;
        let role = if place == selected { Role::Selected } else { Role::Text };
        let x = pen.put(&mark.text, mark.role, rest);
        let x = pen.put(name, role, from(rest, x));
        rest = from(rest, x + 2);
    }
}

fn selected(rows: &[Row]) -> usize {
    rows.iter().position(|row| row.selected).unwrap_or(0)
}
