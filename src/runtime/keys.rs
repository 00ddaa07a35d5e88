//! The terminal's keys and mouse as the application's.

use crate::app::key::{Key, Mouse};
use crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

/// The application's key for a key event; `None` for releases and for keys it has no use for.
#[expect(clippy::wildcard_enum_match_arm, reason = "keyboards have keys without end")]
pub(super) fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    if event.modifiers.contains(KeyModifiers::ALT) {
        return match event.code {
            KeyCode::Char(c) if !control => Some(Key::Alt(c)),
            _ => None,
        };
    }
    let key = match event.code {
        KeyCode::Char(c) if control => Key::Ctrl(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::F(number) => Key::F(number),
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Insert => Key::Insert,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        _ => return None,
    };
    Some(key)
}

/// What the mouse did; `None` for what the application has no use for.
pub(super) fn mouse(event: MouseEvent) -> Option<Mouse> {
    let MouseEvent { kind, column, row, .. } = event;
    match kind {
        MouseEventKind::Down(MouseButton::Left) => Some(Mouse::Click { column, row }),
        MouseEventKind::ScrollUp => Some(Mouse::WheelUp),
        MouseEventKind::ScrollDown => Some(Mouse::WheelDown),
        MouseEventKind::Down(MouseButton::Right | MouseButton::Middle)
        | MouseEventKind::Up(_)
        | MouseEventKind::Drag(_)
        | MouseEventKind::Moved
        | MouseEventKind::ScrollLeft
        | MouseEventKind::ScrollRight => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modified_keys_are_told_apart() {
        let (none, shift) = (KeyModifiers::NONE, KeyModifiers::SHIFT);
        let (control, alt) = (KeyModifiers::CONTROL, KeyModifiers::ALT);
        for (code, modifiers, expected) in [
            (KeyCode::Char('C'), control, Some(Key::Ctrl('c'))),
            (KeyCode::Char(' '), control, Some(Key::Ctrl(' '))),
            (KeyCode::Char('G'), shift, Some(Key::Char('G'))),
            (KeyCode::Char('q'), alt, Some(Key::Alt('q'))),
            (KeyCode::Char('q'), alt | control, None),
            (KeyCode::Up, alt, None),
            (KeyCode::F(1), none, Some(Key::F(1))),
            (KeyCode::BackTab, shift, Some(Key::BackTab)),
            (KeyCode::CapsLock, none, None),
        ] {
            assert_eq!(key(KeyEvent::new(code, modifiers)), expected, "{code:?} {modifiers:?}");
        }
        let release = KeyEvent::new_with_kind(KeyCode::Enter, none, KeyEventKind::Release);
        assert_eq!(key(release), None);
    }

    #[test]
    fn the_mouse_clicks_and_turns_its_wheel() {
        let event = |kind| MouseEvent { kind, column: 7, row: 3, modifiers: KeyModifiers::NONE };
        let click = Mouse::Click { column: 7, row: 3 };
        for (kind, expected) in [
            (MouseEventKind::Down(MouseButton::Left), Some(click)),
            (MouseEventKind::Up(MouseButton::Left), None),
            (MouseEventKind::Down(MouseButton::Right), None),
            (MouseEventKind::ScrollUp, Some(Mouse::WheelUp)),
            (MouseEventKind::ScrollDown, Some(Mouse::WheelDown)),
        ] {
            assert_eq!(mouse(event(kind)), expected, "{kind:?}");
        }
    }
}
