//! Keys and the mouse as the application knows them.

use std::fmt;
use std::str::FromStr;

/// One key press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A character, with Shift already applied.
    Char(char),
    /// Ctrl with a lower-case letter.
    Ctrl(char),
    /// Alt with a character, with Shift already applied.
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
    /// Shift-Tab.
    BackTab,
}

impl Key {
    /// The keys that have a name, as the footer and the manual write it.
    const NAMES: [(Self, &str); 16] = [
        (Self::Char(' '), "Space"),
        (Self::Up, "Up"),
        (Self::Down, "Down"),
        (Self::Left, "Left"),
        (Self::Right, "Right"),
        (Self::Home, "Home"),
        (Self::End, "End"),
        (Self::PageUp, "PgUp"),
        (Self::PageDown, "PgDn"),
        (Self::Enter, "Enter"),
        (Self::Esc, "Esc"),
        (Self::Backspace, "Backspace"),
        (Self::Delete, "Delete"),
        (Self::Insert, "Insert"),
        (Self::Tab, "Tab"),
        (Self::BackTab, "Shift-Tab"),
    ];
}

impl fmt::Display for Key {
    /// Writes the key as the footer and the manual name it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((_, name)) = Self::NAMES.iter().find(|(key, _)| key == self) {
            return f.write_str(name);
        }
        match self {
            Self::Char(c) => write!(f, "{c}"),
            Self::Ctrl(c) => write!(f, "Ctrl-{}", Self::Char(*c)),
            Self::Alt(c) => write!(f, "Alt-{}", Self::Char(*c)),
            Self::F(number) => write!(f, "F{number}"),
            // All of these have names.
            Self::Up
            | Self::Down
            | Self::Left
            | Self::Right
            | Self::Home
            | Self::End
            | Self::PageUp
            | Self::PageDown
            | Self::Enter
            | Self::Esc
            | Self::Backspace
            | Self::Delete
            | Self::Insert
            | Self::Tab
            | Self::BackTab => Ok(()),
        }
    }
}

/// Text that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Nothing of the kind.
    #[error("`{0}` is no key; keys are written x, Space, Ctrl-x, Alt-x, F5, PgDn, Shift-Tab")]
    Unknown(String),
    /// Terminals send the same for both.
    #[error("`Ctrl-{0}` is the same as `{1}` to a terminal")]
    Same(char, Key),
}

impl FromStr for Key {
    type Err = KeyError;

    /// Reads a key as [`Display`](fmt::Display) writes it; names in upper or lower case.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let unknown = || KeyError::Unknown(text.to_owned());
        if let Some(c) = only_character(text) {
            return if c.is_control() { Err(unknown()) } else { Ok(Self::Char(c)) };
        }
        let name = text.to_ascii_lowercase();
        let named = Self::NAMES.iter().find(|(_, known)| known.eq_ignore_ascii_case(&name));
        if let Some((key, _)) = named {
            return Ok(*key);
        }
        if let Some(number) = name.strip_prefix('f').and_then(|digits| digits.parse().ok()) {
            return if (1..=24).contains(&number) { Ok(Self::F(number)) } else { Err(unknown()) };
        }
        match name.split_once('-') {
            Some(("ctrl", "i")) => Err(KeyError::Same('i', Self::Tab)),
            Some(("ctrl", "m")) => Err(KeyError::Same('m', Self::Enter)),
            Some(("ctrl", held)) => match held.parse() {
                Ok(Self::Char(c)) if c == ' ' || c.is_ascii_lowercase() => Ok(Self::Ctrl(c)),
                Ok(_) | Err(_) => Err(unknown()),
            },
            // Alt tells upper from lower case.
            Some(("alt", _)) => match text.split_once('-').map(|(_, held)| held.parse()) {
                Some(Ok(Self::Char(c))) => Ok(Self::Alt(c)),
                Some(Ok(_) | Err(_)) | None => Err(unknown()),
            },
            Some(_) | None => Err(unknown()),
        }
    }
}

/// The character of a text that has just one.
fn only_character(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

/// What the mouse did; cells count from the upper left corner, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    /// The left button was pressed.
    Click {
        /// The column.
        column: u16,
        /// The row.
        row: u16,
    },
    /// The wheel was turned away from the user.
    WheelUp,
    /// The wheel was turned towards the user.
    WheelDown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_as_it_is_written() {
        let named = Key::NAMES.map(|(key, _)| key);
        let others = ['g', 'G', '!', '-', '"', 'ä'].map(Key::Char);
        let held = [
            Key::Ctrl('d'),
            Key::Ctrl(' '),
            Key::Alt('x'),
            Key::Alt('X'),
            Key::Alt('-'),
            Key::F(12),
        ];
        for key in named.into_iter().chain(others).chain(held) {
            let written = key.to_string();
            assert!(!written.is_empty(), "{key:?}");
            assert_eq!(written.parse(), Ok(key), "{written}");
        }
    }

    #[test]
    fn names_are_read_in_upper_and_lower_case_and_characters_as_they_are() {
        let cases = [
            ("ctrl-D", Key::Ctrl('d')),
            ("PGDN", Key::PageDown),
            ("shift-tab", Key::BackTab),
            ("f5", Key::F(5)),
            ("alt-Q", Key::Alt('Q')),
            ("f", Key::Char('f')),
        ];
        for (written, key) in cases {
            assert_eq!(written.parse(), Ok(key), "{written}");
        }
    }

    #[test]
    fn what_no_terminal_sends_is_no_key() {
        for wrong in ["", "gg", "F0", "F25", "F-1", "Ctrl-", "Ctrl-1", "Ctrl-xx", "Hyper-x", "\n"] {
            assert!(matches!(wrong.parse::<Key>(), Err(KeyError::Unknown(_))), "{wrong:?}");
        }
        let message = "Ctrl-I".parse::<Key>().unwrap_err().to_string();
        assert_eq!(message, "`Ctrl-i` is the same as `Tab` to a terminal");
    }
}
