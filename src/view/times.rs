//! The time that charts show, and how times are written.

use crate::model::time::{Minute, Window};

/// What all charts of a screen have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// The minutes drawn.
    pub window: Window,
    /// The minute the user points at.
    pub cursor: Option<Minute>,
    /// Minutes that local time is ahead of UTC; 0 for UTC.
    pub utc_offset_minutes: i64,
}
