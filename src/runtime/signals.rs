//! The signals that end the program, and the one that wakes it.

use super::{Ending, Failure};
use rustix::process::Signal as Number;
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

/// Waits for SIGCONT: whoever stopped the program may have used the terminal since.
pub(super) struct Continued(Signal);

impl Continued {
    /// Listens for the signal.
    pub(super) fn new() -> Result<Self, Failure> {
        take(SignalKind::from_raw(Number::CONT.as_raw())).map(Self)
    }

    /// Completes when it arrives. Nothing is lost if the future is dropped before.
    pub(super) async fn next(&mut self) {
        self.0.recv().await;
    }
}

fn take(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind).map_err(Failure::system("waiting for signals"))
}
