//! Writing to the terminal without waiting for it.
//!
//! Whoever writes to a terminal that takes nothing, as over a connection that hangs, is blocked. So
//! it is always another thread that writes, one at a time, and the event loop goes on to hear
//! signals.

use rustix::termios::{QueueSelector, tcflush};
use std::fs::File;
use std::io::{self, Write};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;
use tokio::task::JoinHandle;

/// Held while something is written, so that last words do not end up inside a frame.
static WRITING: Mutex<()> = Mutex::new(());

/// Writes `bytes` beside the caller.
pub(super) fn write(tty: &Arc<File>, bytes: Vec<u8>) -> JoinHandle<io::Result<()>> {
    let tty = Arc::clone(tty);
    tokio::task::spawn_blocking(move || write_all(&tty, &bytes))
}

/// Writes `bytes` after all that is on its way, and waits for it, but not for ever.
///
/// A terminal that takes nothing for as long as `patience` loses what it was to take before.
pub(super) fn write_last(tty: &Arc<File>, bytes: Vec<u8>, patience: Duration) {
    let (done, written) = mpsc::channel();
    let writer = Arc::clone(tty);
    let write = move || {
        let _ = write_all(&writer, &bytes);
        let _ = done.send(());
    };
    // Where even threads have run out, the terminal is the least worry.
    let _ = thread::Builder::new().spawn(write);
    if written.recv_timeout(patience) == Err(mpsc::RecvTimeoutError::Timeout) {
        let _ = tcflush(tty, QueueSelector::OFlush);
        let _ = written.recv_timeout(patience);
    }
}

fn write_all(mut tty: &File, bytes: &[u8]) -> io::Result<()> {
    let _alone = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    tty.write_all(bytes)
}
