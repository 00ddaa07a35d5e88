//! Moments of a recording that are worth going to.

use jiff::Timestamp;

/// When something came to be known, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// When the screen first showed it.
    pub at: Timestamp,
    /// What, in a line.
    pub what: String,
}
