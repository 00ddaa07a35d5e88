//! Keys and the mouse as the application knows them.

use std::fmt;

/// One key press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A character, with Shift already applied.
    Char(char),
    /// Ctrl with a lower-case letter.
    Ctrl(char),
    /// Alt with a character, Shift already applied.
    Alt(char),
    /// A function key, from 1.
    F(u8),
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Tab.
    Tab,
    /// Tab with Shift.
    BackTab,
}

/// Something the mouse did. Columns and rows are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    /// The main button was pressed.
    Click {
        /// Where, from the left.
        column: u16,
        /// Where, from the top.
        row: u16,
    },
    /// The wheel was turned away from the user.
    WheelUp,
    /// The wheel was turned towards the user.
    WheelDown,
}

impl fmt::Display for Key {
    /// Writes the key as the footer and the manual name it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Char(' ') => "Space",
            Self::Char(c) => return write!(f, "{c}"),
            Self::Ctrl(' ') => "Ctrl-Space",
            Self::Ctrl(c) => return write!(f, "Ctrl-{c}"),
            Self::Alt(' ') => "Alt-Space",
            Self::Alt(c) => return write!(f, "Alt-{c}"),
            Self::F(number) => return write!(f, "F{number}"),
            Self::Up => "Up",
            Self::Down => "Down",
            Self::Left => "Left",
            Self::Right => "Right",
            Self::Home => "Home",
            Self::End => "End",
            Self::PageUp => "PgUp",
            Self::PageDown => "PgDn",
            Self::Enter => "Enter",
            Self::Esc => "Esc",
            Self::Backspace => "Backspace",
            Self::Delete => "Delete",
            Self::Insert => "Insert",
            Self::Tab => "Tab",
            Self::BackTab => "Shift-Tab",
        };
        f.write_str(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_as_people_write_them() {
        for (key, name) in [
            (Key::Char('G'), "G"),
            (Key::Char(' '), "Space"),
            (Key::Ctrl('d'), "Ctrl-d"),
            (Key::Ctrl(' '), "Ctrl-Space"),
            (Key::Alt('x'), "Alt-x"),
            (Key::F(12), "F12"),
            (Key::BackTab, "Shift-Tab"),
        ] {
            assert_eq!(key.to_string(), name);
        }
    }
}
