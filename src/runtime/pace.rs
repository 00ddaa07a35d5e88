//! What may be sent to the terminal when: keys first, news by a budget, large areas last.
//!
//! A connection takes whatever it is given into a queue, and a key pressed then waits until the
//! queue is through. So what nobody waits for is sent in slices, at a fraction of the rate that the
//! connection bears. Where the user told that rate, answers to keys go by it, too: those of a held
//! key would else queue up without end. Times are since the dashboard's start, told by the caller.

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

/// What a connection of limited rate bears, in bytes a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// A cautious guess: too little for a person to wait for it, enough to go by for news.
    Guessed(u32),
    /// What the user says.
    Told(u32),
}

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
    /// What news may use of the connection.
    news: Option<Bucket>,
    /// What the connection takes in before anything waits in it.
    link: Option<Bucket>,
    owed: Owed,
    /// Whether somebody waits for the next frame.
    awaited: bool,
    /// Since keys come in.
    keys: Option<Series>,
    /// Since sizes come in.
    sizes: Option<Series>,
}

impl Pace {
    /// For such a connection; `None` is one without a limit.
    pub(super) fn new(link: Option<Link>) -> Self {
        let news = link.map(|(Link::Guessed(rate) | Link::Told(rate))| Bucket::of_news(rate));
        let link = match link {
            Some(Link::Told(rate)) => Some(Bucket::of_link(rate)),
            Some(Link::Guessed(_)) | None => None,
        };
        Self { news, link, owed: Owed::Nothing, awaited: false, keys: None, sizes: None }
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
        if self.next(now)? > now {
            return None;
        }
        if self.awaited {
            return Some(Share { room: usize::MAX, late: Late::WholeWithin(SMALL_FRAME) });
        }
        let room = self.news.as_ref().map_or(usize::MAX, |bucket| bucket.room(now));
        let late = if self.late_from() > now { Late::Held } else { Late::AsRoomLasts };
        Some(Share { room, late })
    }

    /// Notes what was sent and what is still owed.
    pub(super) fn note_sent(&mut self, bytes: usize, owed: Owed, now: Duration) {
        if let Some(link) = &mut self.link {
            link.take(bytes, now);
        }
        // An answer to a key costs news nothing: it must not put them off for longer than the
        // connection takes for it.
        if !std::mem::take(&mut self.awaited)
            && let Some(news) = &mut self.news
        {
            news.take(bytes, now);
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

    /// When the next share may be sent.
    ///
    /// What is not sent while the connection is busy is not lost: the keys that come in meanwhile
    /// are answered by one frame.
    fn next(&self, now: Duration) -> Option<Duration> {
        let from =
            |bucket: &Option<Bucket>| bucket.as_ref().map_or(now, |bucket| bucket.ready(now));
        let link = from(&self.link);
        match self.owed {
            Owed::Nothing => None,
            _ if self.awaited => Some(link),
            Owed::Urgent => Some(link.max(from(&self.news))),
            Owed::Late => Some(link.max(from(&self.news)).max(self.late_from())),
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

/// A budget of bytes that fills up with time and may be overdrawn once.
#[derive(Debug)]
struct Bucket {
    /// Bytes a second.
    refill: f64,
    /// Bytes that it holds.
    burst: f64,
    /// Bytes from which on it is worth using.
    least: f64,
    bytes: f64,
    filled: Duration,
}

impl Bucket {
    /// A quarter of the connection is for news; half a second of it may go at once, and less than a
    /// tenth of that is no slice.
    fn of_news(rate: u32) -> Self {
        let rate = f64::from(rate.max(1));
        Self::new(rate / 4.0, rate / 2.0, rate / 20.0)
    }

    /// All of the connection; a tenth of a second of it may wait on the way.
    fn of_link(rate: u32) -> Self {
        let rate = f64::from(rate.max(1));
        Self::new(rate, rate / 10.0, 0.0)
    }

    fn new(refill: f64, burst: f64, least: f64) -> Self {
        Self { refill, burst, least, bytes: burst, filled: Duration::ZERO }
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

    /// When it is worth using: at once, or when the least is there.
    fn ready(&self, now: Duration) -> Duration {
        let lacking = (self.least - self.level(now)).max(0.0);
        // A little later, since what is lacking by rounding would ask for the same moment again.
        let wait = Duration::from_secs_f64(lacking / self.refill);
        if wait.is_zero() { now } else { now + wait + Duration::from_millis(1) }
    }

    fn take(&mut self, bytes: usize, now: Duration) {
        self.bytes = self.level(now) - bytes as f64;
        self.filled = now;
    }
}
