//! Why something cannot be written.

use super::draft::Key;
use std::fmt;

/// One mistake, in one line that says what is wrong and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The field at fault; `None` where it is the whole.
    pub field: Option<Key>,
    /// One line.
    pub line: String,
}

impl Mistake {
    pub(super) fn of(field: Key, line: impl Into<String>) -> Self {
        Self { field: Some(field), line: line.into() }
    }

    pub(super) fn whole(line: impl Into<String>) -> Self {
        Self { field: None, line: line.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)
    }
}

impl std::error::Error for Mistake {}
