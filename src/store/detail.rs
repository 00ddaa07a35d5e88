//! What is read of a table only while it is open, and may be refused on its own.

use crate::model::health::{CallError, ErrorClass};
use jiff::Timestamp;

/// An answer that is read on demand, or why there is none.
#[derive(Debug, PartialEq)]
pub enum Detail<'a, T> {
    /// What AWS said at a moment.
    Known {
        /// The answer.
        value: &'a T,
        /// When it was read.
        at: Timestamp,
    },
    /// What AWS said once; it could not be read again when it was due.
    Stale {
        /// The last answer.
        value: &'a T,
        /// When it was read.
        at: Timestamp,
        /// Why it could not be read again.
        error: &'a CallError,
    },
    /// AWS refused to tell.
    Denied {
        /// The IAM action that is missing, such as `dynamodb:DescribeTimeToLive`.
        action: &'static str,
    },
    /// It could not be read yet.
    Failed(&'a CallError),
    /// Nobody asked AWS for it (yet).
    NotPolled,
}

// Not derived: that would ask for a `T` that can be copied.
impl<T> Clone for Detail<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Detail<'_, T> {}

impl<'a, T> Detail<'a, T> {
    /// The last answer, stale or not.
    pub fn value(self) -> Option<&'a T> {
        match self {
            Self::Known { value, .. } | Self::Stale { value, .. } => Some(value),
            Self::Denied { .. } | Self::Failed(_) | Self::NotPolled => None,
        }
    }

    /// When the last answer was read, stale or not.
    pub fn at(self) -> Option<Timestamp> {
        match self {
            Self::Known { at, .. } | Self::Stale { at, .. } => Some(at),
            Self::Denied { .. } | Self::Failed(_) | Self::NotPolled => None,
        }
    }
}

/// The last answer and the last failure.
#[derive(Debug, Clone)]
pub(super) struct Told<T> {
    value: Option<(T, Timestamp)>,
    error: Option<CallError>,
}

// Not derived: that would ask for a `T` with a default.
impl<T> Default for Told<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Told<T> {
    pub(super) const fn new() -> Self {
        Self { value: None, error: None }
    }

    /// Takes in a reply of `at`; a failure leaves the last answer in place.
    pub(super) fn tell(&mut self, reply: Result<T, CallError>, at: Timestamp) {
        match reply {
            Ok(value) => *self = Self { value: Some((value, at)), error: None },
            Err(error) => self.error = Some(error),
        }
    }

    /// The last answer, to be amended; where the whole is not known, a part says too little.
    pub(super) fn value_mut(&mut self) -> Option<&mut T> {
        self.value.as_mut().map(|(value, _)| value)
    }

    pub(super) fn detail(&self) -> Detail<'_, T> {
        match (&self.value, &self.error) {
            (Some((value, at)), None) => Detail::Known { value, at: *at },
            (Some((value, at)), Some(error)) => Detail::Stale { value, at: *at, error },
            (None, Some(error)) if error.class == ErrorClass::Denied => {
                Detail::Denied { action: error.action }
            }
            (None, Some(error)) => Detail::Failed(error),
            (None, None) => Detail::NotPolled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(class: ErrorClass) -> CallError {
        CallError { class, action: "a:B", code: None, message: String::new() }
    }

    #[test]
    fn a_failure_takes_nothing_away_and_the_next_answer_heals_it() {
        let (early, late) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
        let mut told = Told::default();
        assert_eq!(told.detail(), Detail::NotPolled);
        told.tell(Err(error(ErrorClass::Server)), early);
        assert_eq!(told.detail(), Detail::Failed(&error(ErrorClass::Server)));
        told.tell(Err(error(ErrorClass::Denied)), early);
        assert_eq!(told.detail(), Detail::Denied { action: "a:B" });
        told.tell(Ok(1), early);
        assert_eq!(told.detail(), Detail::Known { value: &1, at: early });
        let denied = error(ErrorClass::Denied);
        told.tell(Err(denied.clone()), late);
        assert_eq!(told.detail(), Detail::Stale { value: &1, at: early, error: &denied });
        told.tell(Ok(2), late);
        assert_eq!(told.detail(), Detail::Known { value: &2, at: late });
    }
}
