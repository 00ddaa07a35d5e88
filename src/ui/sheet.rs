//! A box over the screen that tells of one thing.

use super::picker::{framed, typed};
use super::{Pen, line};
use crate::view::sheet::{Sheet, columns};
use crate::view::{Role, Span};
use ratatui::layout::Rect;

/// Paints the box into the middle of `area`: its lines, what is asked, what is answered.
pub(super) fn paint(sheet: &Sheet, area: Rect, pen: &mut Pen<'_>) {
    let count = |lines: usize| u16::try_from(lines).unwrap_or(u16::MAX);
    let asked = u16::from(sheet.asked.is_some());
    let lines = count(sheet.lines.len() + sheet.answers.len()).saturating_add(asked);
    let size = (count(columns(area.width)), lines);
    let inner = framed((&sheet.title, &sheet.position), size, area, pen);
    let mut rows = inner.top()..inner.bottom();
    for (spans, y) in sheet.lines.iter().zip(rows.by_ref().take(sheet.lines.len())) {
        put(spans, line(inner, y), pen);
    }
    if let Some(asked) = &sheet.asked
        && let Some(y) = rows.next()
    {
        typed(&format!("{}: ", asked.prompt), &asked.typed, line(inner, y), pen);
    }
    for (answer, y) in sheet.answers.iter().zip(rows) {
        pen.put(&answer.text, answer.role, line(inner, y));
    }
}

fn put(spans: &[Span], area: Rect, pen: &mut Pen<'_>) {
    let mut x = area.x;
    for Span { text, role } in spans {
        let role: Role = *role;
        x = pen.put(text, role, super::from(area, x));
    }
}
