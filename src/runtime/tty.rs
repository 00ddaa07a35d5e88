//! Writing to the terminal without waiting for it.
//!
//! Whoever writes to a terminal that takes nothing, as over a connection that hangs, is blocked. So
//! it is always another thread that writes, one at a time, and the event loop goes on to hear
//! signals.

use rustix::termios::{OptionalActions, QueueSelector, tcflush, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;
use tokio::task::JoinHandle;

/// A terminal to write to.
#[derive(Debug)]
pub(super) struct Tty {
    file: File,
    /// Held while something is written.
    writing: Mutex<()>,
    /// How often somebody had last words: a frame from before them must not come after them.
    last_words: AtomicUsize,
}

impl Tty {
    /// The terminal behind `file`.
    pub(super) fn new(file: File) -> Self {
        Self { file, writing: Mutex::new(()), last_words: AtomicUsize::new(0) }
    }

    /// Writes `bytes` beside the caller.
    pub(super) fn write(self: &Arc<Self>, bytes: Vec<u8>) -> JoinHandle<io::Result<()>> {
        let (tty, last_words) = (Arc::clone(self), self.last_words.load(Ordering::SeqCst));
        tokio::task::spawn_blocking(move || tty.write_unless_after(last_words, &bytes))
    }

    /// Writes `bytes` after all that has begun to be written and instead of all that has not, and
    /// waits for it, but not for ever.
    ///
    /// A terminal that takes nothing for as long as `patience` loses what it was to take before.
    pub(super) fn write_last(self: &Arc<Self>, bytes: Vec<u8>, patience: Duration) {
        let (done, written) = mpsc::channel();
        let tty = Arc::clone(self);
        let last_words = self.last_words.fetch_add(1, Ordering::SeqCst) + 1;
        let write = move || {
            // Who is gone needs no last words.
            let _ = tty.write_unless_after(last_words, &bytes);
            let _ = done.send(());
        };
        // Where even threads have run out, the terminal is the least worry.
        let _ = thread::Builder::new().spawn(write);
        let is_stuck =
            |patience| written.recv_timeout(patience) == Err(mpsc::RecvTimeoutError::Timeout);
        if is_stuck(patience) {
            // The terminal's queue is smaller than a frame, so that one is lost in several parts.
            const PARTS: u32 = 10;
            let _ = (0..PARTS).find(|_| {
                self.drop_queue();
                !is_stuck(patience / PARTS)
            });
        }
    }

    /// Makes room for what is being written, by what was to be taken before.
    fn drop_queue(&self) {
        let _ = tcflush(&self.file, QueueSelector::OFlush);
        // Linux lets a writer sleep on although there is room again, until the modes are set.
        if let Ok(modes) = tcgetattr(&self.file) {
            let _ = tcsetattr(&self.file, OptionalActions::Now, &modes);
        }
    }

    fn write_unless_after(&self, last_words: usize, bytes: &[u8]) -> io::Result<()> {
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if self.last_words.load(Ordering::SeqCst) != last_words {
            return Ok(());
        }
        (&self.file).write_all(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_has_not_begun_before_the_last_words_does_not_come_after_them() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let tty = Arc::new(Tty::new(file.reopen().unwrap()));
        let busy = tty.writing.lock().unwrap();
        let frame = tty.write(b"frame ".to_vec());
        let last = Arc::clone(&tty);
        let said = thread::spawn(move || last.write_last(b"last".to_vec(), Duration::from_mins(1)));
        while tty.last_words.load(Ordering::SeqCst) == 0 {
            thread::yield_now();
        }
        drop(busy);
        said.join().unwrap();
        frame.await.unwrap().unwrap();
        tty.write(b" and on".to_vec()).await.unwrap().unwrap();
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), "last and on");
    }
}
