//! The signals that end the program, and those that stop it and wake it.

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

/// What a shell, or whoever acts like one, wants of its job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// To stop, without the terminal.
    Stop,
    /// To go on; whoever stopped us may have used the terminal since.
    Continue,
}

/// Waits for SIGTSTP and SIGCONT.
pub(super) struct JobControl {
    stop: Signal,
    go_on: Signal,
}

impl JobControl {
    /// Takes the signals over: the default would stop us with the terminal as it is.
    pub(super) fn new() -> Result<Self, Failure> {
        Ok(Self {
            stop: take(SignalKind::from_raw(Number::TSTP.as_raw()))?,
            go_on: take(SignalKind::from_raw(Number::CONT.as_raw()))?,
        })
    }

    /// Completes when one arrives. Nothing is lost if the future is dropped before.
    pub(super) async fn next(&mut self) -> Wish {
        tokio::select! {
            _ = self.stop.recv() => Wish::Stop,
            _ = self.go_on.recv() => Wish::Continue,
        }
    }
}

fn take(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind).map_err(Failure::system("waiting for signals"))
}
