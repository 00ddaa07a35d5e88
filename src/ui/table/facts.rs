//! What is known of a table, each with its label.

use crate::ui::{Pen, from, line};
use crate::view::Role;
use crate::view::table::Fact;
use crate::view::text::{width, wrap};
use ratatui::layout::Rect;

/// Cells before a fact's text; its label stands in them.
const LABEL: u16 = 12;

/// Paints the facts one below the other and returns how many found room.
pub(super) fn lines(facts: &[Fact], area: Rect, pen: &mut Pen<'_>) -> usize {
    const MOST_LINES: usize = 2;
    let room = area.width.saturating_sub(LABEL);
    let mut y = area.y;
    for (place, fact) in facts.iter().enumerate() {
        if y >= area.bottom() {
            return place;
        }
        let left = usize::from(area.bottom() - y).min(MOST_LINES);
        let texts = wrap(&fact.text.text, room.into(), left, pen.charset);
        pen.put(fact.label, Role::Head, from(line(area, y), area.x + 1));
        for text in texts {
            pen.put(&text, fact.text.role, from(line(area, y), area.x + LABEL));
            y += 1;
        }
    }
    facts.len()
}

/// Paints as many facts as fit one after the other.
pub(super) fn flow(facts: &[Fact], area: Rect, pen: &mut Pen<'_>) {
    const GAP: u16 = 2;
    let start = area.x + 1;
    let (mut x, mut y) = (start, area.y);
    for fact in facts {
        let label = if fact.label.is_empty() { 0 } else { width(fact.label) + 1 };
        let cells = label + width(&fact.text.text);
        if x > start && usize::from(x) + cells > area.right().into() {
            (x, y) = (start, y + 1);
        }
        if y >= area.bottom() {
            return;
        }
        let place = line(area, y);
        if label > 0 {
            x = pen.put(fact.label, Role::Head, from(place, x)) + 1;
        }
        x = pen.put(&fact.text.text, fact.text.role, from(place, x)) + GAP;
    }
}
