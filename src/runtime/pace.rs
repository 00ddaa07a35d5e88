//! What may be sent to the terminal when: keys first, news by a budget, large areas last.
//!
//! A connection takes whatever it is given into a queue, and a key pressed then waits until the
//! queue is through. So what nobody waits for is sent in slices, at a fraction of the rate that the
//! connection bears. Times are since the dashboard's start, told by the caller.

#[cfg(test)]
mod tests;

use std::time::Duration;

/// An answer to a key carries late areas along while it is not larger than this, in bytes.
const SMALL_FRAME: usize = 700;
/// Late areas follow after so long without a key.
const LULL: Duration = Duration::from_millis(120);
/// They follow after this in any case, while a key is held.
const LONGEST_WAIT: Duration = Duration::from_millis(500);
/// A window's corner is being dragged while its sizes follow one another faster than this.
const DRAG: Duration = Duration::from_millis(40);
/// Whoever drags sees a frame at least so often.
const LONGEST_DRAG: Duration = Duration::from_millis(200);

/// What of the wanted frame the terminal does not show yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owed {
    Nothing,
    /// Something in the late areas alone.
    Late,
    /// Something outside of them, too.
    Urgent,
}

/// How the late areas are treated in what is sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Late {
    /// They are left out.
    Held,
    /// Each is sent whole if the frame stays within so many bytes.
    WholeWithin(usize),
    /// They are sent as far as there is room.
    AsRoomLasts,
}

/// What may be sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    /// Bytes; the row that passes it is finished.
    pub(super) room: usize,
    pub(super) late: Late,
}

/// Decides what is sent when.
#[derive(Debug)]
pub(super) struct Pace {
    bucket: Option<Bucket>,
    owed: Owed,
    /// Whether somebody waits for the next frame.
    awaited: bool,
    /// Since keys come in.
    keys: Option<Series>,
    /// Since sizes come in.
    sizes: Option<Series>,
}

impl Pace {
    /// For a connection that bears `link_rate` bytes a second; `None` is one without a limit.
    pub(super) fn new(link_rate: Option<u32>) -> Self {
        let bucket = link_rate.map(Bucket::new);
        Self { bucket, owed: Owed::Nothing, awaited: false, keys: None, sizes: None }
    }

    /// Notes that somebody pressed a key, pasted or clicked.
    pub(super) fn note_input(&mut self, now: Duration) {
        self.awaited = true;
        Series::note(&mut self.keys, now, LULL, LONGEST_WAIT);
    }

    /// Notes that the terminal has another size.
    pub(super) fn note_size(&mut self, now: Duration) {
        self.note_input(now);
        Series::note(&mut self.sizes, now, DRAG, LONGEST_DRAG);
    }

    /// Notes that another frame is wanted than before.
    pub(super) fn note_frame(&mut self) {
        self.owed = Owed::Urgent;
    }

    /// Whether the terminal's size is about to change again: a frame would be for nothing.
    pub(super) fn is_being_resized(&self, now: Duration) -> bool {
        self.sizes.is_some_and(|sizes| now < sizes.end(DRAG, LONGEST_DRAG))
    }

    /// What may be sent at `now`; `None` if nothing.
    pub(super) fn share(&self, now: Duration) -> Option<Share> {
        if self.awaited && self.owed != Owed::Nothing {
            return Some(Share { room: usize::MAX, late: Late::WholeWithin(SMALL_FRAME) });
        }
        if self.next(now)? > now {
            return None;
        }
        let room = self.bucket.as_ref().map_or(usize::MAX, |bucket| bucket.room(now));
        let late = if self.late_from() > now { Late::Held } else { Late::AsRoomLasts };
        Some(Share { room, late })
    }

    /// Notes what was sent and what is still owed.
    pub(super) fn note_sent(&mut self, bytes: usize, owed: Owed, now: Duration) {
        // An answer to a key costs nothing here: it must not put off the news behind it for longer
        // than the connection takes for it.
        if !std::mem::take(&mut self.awaited)
            && let Some(bucket) = &mut self.bucket
        {
            bucket.take(bytes, now);
        }
        self.owed = owed;
    }

    /// When there is something to send or to draw without another event; `None` if there is not.
    pub(super) fn wake(&self, now: Duration) -> Option<Duration> {
        if self.is_being_resized(now) {
            return self.sizes.map(|sizes| sizes.end(DRAG, LONGEST_DRAG));
        }
        self.next(now)
    }

    /// When the next slice of what nobody waits for may be sent.
    fn next(&self, now: Duration) -> Option<Duration> {
        let room_from = self.bucket.as_ref().map_or(now, |bucket| bucket.ready(now));
        match self.owed {
            Owed::Nothing => None,
            Owed::Urgent => Some(room_from),
            Owed::Late => Some(room_from.max(self.late_from())),
        }
    }

    /// When late areas may be sent for their own sake.
    fn late_from(&self) -> Duration {
        self.keys.map_or(Duration::ZERO, |keys| keys.end(LULL, LONGEST_WAIT))
    }
}

/// Events that follow one another closely.
#[derive(Debug, Clone, Copy)]
struct Series {
    first: Duration,
    last: Duration,
}

impl Series {
    /// Adds an event at `now` to `series`, or begins another where that one has ended.
    fn note(series: &mut Option<Self>, now: Duration, quiet: Duration, longest: Duration) {
        let going_on = series.filter(|series| now < series.end(quiet, longest));
        let first = going_on.map_or(now, |series| series.first);
        *series = Some(Self { first, last: now });
    }

    /// When it ends: `quiet` after its last event, and `longest` after its first in any case.
    fn end(self, quiet: Duration, longest: Duration) -> Duration {
        (self.last + quiet).min(self.first + longest)
    }
}

/// A budget of bytes that fills up with time and is overdrawn by a row at most.
#[derive(Debug)]
struct Bucket {
    /// Bytes a second.
    refill: f64,
    /// Bytes that it holds.
    burst: f64,
    bytes: f64,
    filled: Duration,
}

impl Bucket {
    /// A quarter of the connection is for news; half a second of it may go at once.
    fn new(link_rate: u32) -> Self {
        let rate = f64::from(link_rate.max(1));
        Self { refill: rate / 4.0, burst: rate / 2.0, bytes: rate / 2.0, filled: Duration::ZERO }
    }

    fn level(&self, now: Duration) -> f64 {
        let passed = now.saturating_sub(self.filled).as_secs_f64();
        (self.bytes + passed * self.refill).min(self.burst)
    }

    /// Bytes that may go now.
    fn room(&self, now: Duration) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and the burst"
        )]
        // A row at least, however slow the connection is.
        let room = self.level(now).max(1.0) as usize;
        room
    }

    /// When a slice is worth sending: at once, or when a tenth of the burst is there.
    fn ready(&self, now: Duration) -> Duration {
        let lacking = (self.burst / 10.0 - self.level(now)).max(0.0);
        // A little later, since what is lacking by rounding would ask for the same moment again.
        let wait = Duration::from_secs_f64(lacking / self.refill);
        if wait.is_zero() { now } else { now + wait + Duration::from_millis(1) }
    }

    fn take(&mut self, bytes: usize, now: Duration) {
        self.bytes = self.level(now) - bytes as f64;
        self.filled = now;
    }
}
