//! What the dashboard always records: a ring of the newest news.

use serde::Deserialize;
use std::path::PathBuf;

/// Most mebibytes that a ring may be set to: a tebibyte.
pub(super) const MOST_MIB: u32 = 1 << 20;

/// `[recording]` of the settings file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Recording {
    /// Most mebibytes of what is always recorded; 0 records nothing.
    pub ring_mib: u32,
    /// Where it is kept; `None` is `ddbtop/recordings` in the user's state directory.
    pub directory: Option<PathBuf>,
}

impl Default for Recording {
    fn default() -> Self {
        Self { ring_mib: 64, directory: None }
    }
}
