//! What several integration tests need.

use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) mod ddbtop;
pub(crate) mod pty;
pub(crate) mod python;
pub(crate) mod server;
pub(crate) mod sim;

/// Keeps tests apart that take every processor or whose servers must answer in time.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    // A failed test must not fail the next one.
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}
