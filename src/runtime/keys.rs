//! The terminal's keys as the application's.

use crate::app::key::Key;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// The application's key for a key event; `None` for releases and for keys it has no use for.
#[expect(clippy::wildcard_enum_match_arm, reason = "keyboards have keys without end")]
pub(super) fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    if event.modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    let key = match event.code {
        KeyCode::Char(c) if control => Key::Ctrl(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Key::Char(c),
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
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        _ => return None,
    };
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_letters_are_lower_case_and_alt_is_ignored() {
        let event = |code, modifiers| KeyEvent::new(code, modifiers);
        let ctrl_c = event(KeyCode::Char('C'), KeyModifiers::CONTROL);
        assert_eq!(key(ctrl_c), Some(Key::Ctrl('c')));
        assert_eq!(key(event(KeyCode::Char('G'), KeyModifiers::SHIFT)), Some(Key::Char('G')));
        assert_eq!(key(event(KeyCode::Char('q'), KeyModifiers::ALT)), None);
        assert_eq!(key(event(KeyCode::F(1), KeyModifiers::NONE)), None);
    }
}
