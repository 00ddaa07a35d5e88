//! A box over the screen, to type in and to pick from.

use super::{Pen, from, line};
use crate::view::text::{cut_end, width};
use crate::view::{Choice, Picker, Role};
use ratatui::layout::Rect;

/// Cells that the box takes at most across.
const WIDEST: u16 = 84;
/// Cells of the column of keys.
const KEYS: u16 = 14;

/// Paints the box into the middle of `area`: frame, text, choices, legend.
pub(super) fn paint(picker: &Picker, area: Rect, pen: &mut Pen<'_>) {
    let count = |lines: usize| u16::try_from(lines).unwrap_or(u16::MAX);
    let (choices, legend) = (count(picker.choices.len()), count(picker.legend.len()));
    let height = choices.max(1).saturating_add(legend).saturating_add(1);
    let across = area.width.saturating_sub(2).min(WIDEST).saturating_sub(4);
    let inner = framed((&picker.title, &picker.position), (across, height), area, pen);
    typed("> ", &picker.typed, line(inner, inner.y), pen);
    let list = inner.y + 1..inner.bottom().saturating_sub(legend);
    let has_keys = picker.choices.iter().any(|choice| !choice.keys.is_empty());
    for (choice, y) in picker.choices.iter().zip(list) {
        row(choice, has_keys, line(inner, y), pen);
    }
    for (text, y) in picker.legend.iter().zip(inner.bottom().saturating_sub(legend)..) {
        let text = cut_end(text, inner.width.into(), pen.charset);
        pen.put(&text, Role::Dim, line(inner, y));
    }
}

/// Paints a frame with a title and a position around so many columns and rows in the middle of
/// `area`; what is inside it.
pub(super) fn framed(
    (title, position): (&str, &str),
    (columns, rows): (u16, u16),
    area: Rect,
    pen: &mut Pen<'_>,
) -> Rect {
    let across = columns.saturating_add(4).min(area.width);
    let height = rows.saturating_add(2).min(area.height);
    let outer = Rect {
        x: area.x + (area.width - across) / 2,
        y: area.y + (area.height - height) / 3,
        width: across,
        height,
    };
    frame(title, position, outer, pen);
    Rect {
        x: outer.x + 2,
        y: outer.y + 1,
        width: outer.width.saturating_sub(4),
        height: outer.height.saturating_sub(2),
    }
}

fn frame(title: &str, position: &str, area: Rect, pen: &mut Pen<'_>) {
    let [across, down, corners @ ..] = pen.charset.frame();
    pen.clear(area);
    for y in area.top()..area.bottom() {
        pen.put(down, Role::Frame, line(area, y));
        pen.put(down, Role::Frame, from(line(area, y), area.right().saturating_sub(1)));
    }
    let between = across.repeat(area.width.saturating_sub(2).into());
    let [upper_left, upper_right, lower_left, lower_right] = corners;
    let top = format!("{upper_left}{between}{upper_right}");
    let bottom = format!("{lower_left}{between}{lower_right}");
    pen.put(&top, Role::Frame, line(area, area.y));
    pen.put(&bottom, Role::Frame, line(area, area.bottom().saturating_sub(1)));
    let room = usize::from(area.width.saturating_sub(6));
    let title = cut_end(title, room, pen.charset);
    pen.put(&format!(" {title} "), Role::Title, from(line(area, area.y), area.x + 2));
    if !position.is_empty() {
        let text = format!(" {position} ");
        let taken = u16::try_from(width(&text)).unwrap_or(0) + 2;
        let x = area.right().saturating_sub(taken);
        pen.put(&text, Role::Dim, from(line(area, area.bottom().saturating_sub(1)), x));
    }
}

/// Paints a text box of one line: a prompt, and what was typed around the cursor.
pub(super) fn typed(
    prompt: &str,
    [before, under, after]: &[String; 3],
    area: Rect,
    pen: &mut Pen<'_>,
) {
    let taken = width(prompt) + 2;
    // The end of a long text is where the cursor is.
    let skipped = width(before).saturating_sub(usize::from(area.width).saturating_sub(taken));
    let before: String = before.chars().skip(skipped).collect();
    let mut x = pen.put(prompt, Role::Key, area);
    for (text, role) in [(&before, Role::Text), (under, Role::Cursor), (after, Role::Text)] {
        x = pen.put(text, role, from(area, x));
    }
}

fn row(choice: &Choice, has_keys: bool, area: Rect, pen: &mut Pen<'_>) {
    let role = if choice.selected { Role::Selected } else { Role::Text };
    if choice.selected {
        pen.put(pen.charset.pointer(), Role::Title, area);
    }
    let keys = from(area, area.x + 2);
    let text = if has_keys { from(keys, keys.x + KEYS) } else { keys };
    if has_keys {
        pen.put(&choice.keys, Role::Key, Rect { width: KEYS.min(keys.width), ..keys });
    }
    pen.put(&cut_end(&choice.text, text.width.into(), pen.charset), role, text);
}
