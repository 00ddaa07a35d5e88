//! The time that charts show, and how times are written.

use crate::model::local::UtcOffset;
use crate::model::time::{Minute, Window};

/// What all charts of a screen have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// The minutes drawn.
    pub window: Window,
    /// The minute the user points at.
    pub cursor: Option<Minute>,
    /// How far shown times are ahead of UTC.
    pub utc_offset: UtcOffset,
}
