//! What is told of a write while it is carried out.

use super::setting::Setting;
use crate::model::health::CallError;

/// What has happened to one step of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Which, from 0.
    pub step: usize,
    /// What.
    pub event: Event,
}

/// What happens to a write, in this order as far as it comes.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Its intent is on disk.
    IntentWritten,
    /// It was not sent, in one line: who writes is not known, or it could not be read again.
    NotSent(String),
    /// It was not sent, since it is not as the plan was made for.
    ChangedUnderneath {
        /// As it was when it was planned.
        expected: Setting,
        /// As it is; `None` if it is not there any more.
        found: Option<Setting>,
        /// The difference, in one line.
        line: String,
    },
    /// It is being sent, once.
    Sent,
    /// AWS accepted it.
    Done,
    /// AWS refused it, or it never got there: nothing is changed.
    Refused(CallError),
    /// No answer tells: AWS may have done it.
    Unknown(CallError),
    /// What was wanted is so.
    Seen(Setting),
    /// A minute later it is not so yet: the last that was read of it, if anything was.
    NotSeenYet(Option<Setting>),
    /// It could not be recorded, in one line; what follows is not done.
    JournalFailed(String),
    /// This step and those after it are not begun: an earlier one failed.
    Stopped,
    /// Nothing follows.
    Finished,
}
