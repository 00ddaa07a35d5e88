//! The signals that end the program.

use super::{Ending, Failure};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Waits for the first of SIGINT, SIGTERM and SIGHUP.
pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Signals {
    /// Takes the signals over from their default, which would leave the terminal as it is.
    pub(super) fn new() -> Result<Self, Failure> {
        let take = |kind| signal(kind).map_err(Failure::system("waiting for signals"));
        Ok(Self {
            interrupt: take(SignalKind::interrupt())?,
            terminate: take(SignalKind::terminate())?,
            hang_up: take(SignalKind::hangup())?,
        })
    }

    /// Completes when one arrives. Nothing is lost if the future is dropped before.
    pub(super) async fn next(&mut self) -> Ending {
        tokio::select! {
            _ = self.interrupt.recv() => Ending::Signal(2),
            _ = self.terminate.recv() => Ending::Signal(15),
            _ = self.hang_up.recv() => Ending::HANG_UP,
        }
    }
}
