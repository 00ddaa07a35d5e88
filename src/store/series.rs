//! One time series: the newest minutes, with gaps, and how far it is settled.

use crate::model::metric::GapRule;
use crate::model::time::{Figure, Minute, Window};
use crate::model::update::Points;
use jiff::Timestamp;

/// How far the newest minute of a series may lie after a reply's time before we conclude that the
/// clock was set back and the series is about minutes that have not happened yet.
pub(super) const CLOCK_SLACK_MINUTES: i64 = 5;

/// In memory a minute is one float: a finite one is a value, these two are not.
///
/// Seven digits are enough for charts and shares, and a fleet has millions of minutes.
const UNREAD: f32 = f32::INFINITY;
const GAP: f32 = f32::NAN;

/// One minute of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Point {
    /// A data point.
    Value(f64),
    /// The minute was read and has no data point.
    Gap,
    /// The minute was never read, or only before it settled.
    Unread,
}

impl Point {
    fn decode(stored: f32) -> Self {
        if stored.is_nan() {
            Self::Gap
        } else if stored.is_infinite() {
            Self::Unread
        } else {
            Self::Value(f64::from(stored))
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "seven digits are kept on purpose")]
    fn encode(value: f64) -> f32 {
        value as f32
    }

    /// The number of a data point; what a gap means depends on the metric.
    pub fn value(self) -> Option<f64> {
        match self {
            Self::Value(value) => Some(value),
            Self::Gap | Self::Unread => None,
        }
    }
}

/// What all series of one reply have in common.
#[derive(Debug)]
pub(super) struct Reply {
    window: Window,
    /// The newest minute in the window that was settled when it was read.
    pub(super) settled: Option<Minute>,
    pub(super) at: Timestamp,
    due: Timestamp,
}

impl Reply {
    /// `None` for a window without a minute that had begun.
    pub(super) fn new(points: &Points, at: Timestamp, settle_seconds: i64) -> Option<Self> {
        let end = points.window.end.min(Minute::containing(at).plus(1));
        let window = Window { end, ..points.window };
        let settled = Minute::newest_settled(at, settle_seconds).min(end.plus(-1));
        let settled = window.contains(settled).then_some(settled);
        (window.minutes() > 0).then_some(Self { window, settled, at, due: points.due })
    }

    /// The same for a metric whose points settle so much later.
    pub(super) fn settling_later(&self, minutes: i64) -> Self {
        let settled = self.settled.map(|settled| settled.plus(-minutes));
        Self { settled: settled.filter(|settled| self.window.contains(*settled)), ..*self }
    }

    /// The newest minute of the window with a data point.
    pub(super) fn newest_point(&self, points: &[(Minute, f64)]) -> Option<Minute> {
        self.newest(points, f64::is_finite)
    }

    /// The newest minute of the window in which something was counted.
    pub(super) fn last_event(&self, points: &[(Minute, f64)]) -> Option<Minute> {
        self.newest(points, |count| count > 0.0)
    }

    fn newest(&self, points: &[(Minute, f64)], is_meant: impl Fn(f64) -> bool) -> Option<Minute> {
        let meant = points.iter().filter(|(_, value)| is_meant(*value)).map(|(minute, _)| *minute);
        meant.filter(|minute| self.window.contains(*minute)).max()
    }

    /// Moves the newest known minute on to `minute`, if that is newer.
    pub(super) fn advance(&self, known: &mut Option<Minute>, minute: Option<Minute>) {
        *known = known.filter(|known| !self.precedes(*known)).max(minute);
    }

    /// Whether the clock must have been set back since something was known of `minute`.
    fn precedes(&self, minute: Minute) -> bool {
        minute.since(Minute::containing(self.at)) > CLOCK_SLACK_MINUTES
    }
}

/// What decides how a gap in a series is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// The newest minute that CloudWatch has published: a gap after it says nothing yet.
    pub(super) published: Option<Minute>,
    /// Whether the series was not read again when it was due.
    pub(super) overdue: bool,
}

/// The newest minutes of one series.
#[derive(Debug, Clone)]
pub(super) struct Series {
    /// One stored minute each, oldest first; the last one is the minute before `end`.
    minutes: Box<[f32]>,
    end: Minute,
    settled_through: Minute,
    /// That minute with all its digits, because it is the one whose figure is shown.
    settled: Point,
    read_at: Timestamp,
    due: Timestamp,
}

impl Series {
    /// A series of which nothing was read, ready to record `reply`.
    pub(super) fn new(capacity: usize, reply: &Reply) -> Self {
        Self {
            minutes: vec![UNREAD; capacity].into_boxed_slice(),
            end: reply.window.end,
            settled_through: reply.window.start.plus(-1),
            settled: Point::Unread,
            read_at: Timestamp::MIN,
            due: reply.due,
        }
    }

    /// Takes in the points of a reply; other minutes of its window are gaps from now on.
    ///
    /// An older reply that comes late only fills in minutes of which nothing is known. A reply
    /// with something that is not a number counts as no reply.
    pub(super) fn record(&mut self, reply: &Reply, points: &[(Minute, f64)]) {
        if points.iter().any(|(_, value)| !value.is_finite()) {
            return;
        }
        if reply.precedes(self.end) {
            *self = Self::new(self.minutes.len(), reply);
        }
        let mut window = reply.window;
        let revises = reply.at >= self.read_at;
        if revises {
            self.slide_to(window.end);
            self.slots(window).fill(UNREAD);
            self.read_at = reply.at;
            self.due = reply.due;
        } else {
            window.end = reply.settled.map_or(window.start, |settled| settled.plus(1));
        }
        for &(minute, value) in points.iter().filter(|(minute, _)| window.contains(*minute)) {
            let slot = self.slots(Window { start: minute, end: minute.plus(1) });
            slot.iter_mut().filter(|stored| stored.is_infinite()).for_each(|stored| {
                *stored = Point::encode(value);
            });
        }
        for stored in self.slots(window).iter_mut().filter(|stored| stored.is_infinite()) {
            *stored = GAP;
        }
        let settles = self.settle(reply);
        if (revises || settles) && window.contains(self.settled_through) {
            let point = points.iter().find(|(minute, _)| *minute == self.settled_through);
            self.settled = point.map_or(Point::Gap, |(_, value)| Point::Value(*value));
        }
    }

    /// Moves on to the newest minute that `reply` settles, if it is newer.
    fn settle(&mut self, reply: &Reply) -> bool {
        let Some(settled) = reply.settled.filter(|settled| *settled > self.settled_through) else {
            return false;
        };
        // What was read only before it settled, and is now skipped, is not known.
        let skipped = Window { start: self.settled_through.plus(1), end: reply.window.start };
        self.slots(skipped).fill(UNREAD);
        self.settled_through = settled;
        true
    }

    fn slide_to(&mut self, end: Minute) {
        let by = usize::try_from(end.since(self.end)).unwrap_or(0).min(self.minutes.len());
        self.minutes.copy_within(by.., 0);
        let kept = self.minutes.len() - by;
        self.minutes.get_mut(kept..).unwrap_or_default().fill(UNREAD);
        self.end = self.end.max(end);
    }

    /// First minute kept.
    fn start(&self) -> Minute {
        self.end.plus(-i64::try_from(self.minutes.len()).unwrap_or(i64::MAX))
    }

    /// The stored minutes inside `window`.
    fn slots(&mut self, window: Window) -> &mut [f32] {
        let start = self.start();
        let length = self.minutes.len();
        let index = |minute: Minute| match usize::try_from(minute.since(start)) {
            Ok(index) => index.min(length),
            Err(_) if minute < start => 0,
            Err(_) => length,
        };
        let (from, to) = (index(window.start), index(window.end));
        self.minutes.get_mut(from..to).unwrap_or_default()
    }

    fn get(&self, minute: Minute) -> Point {
        if minute == self.settled_through {
            return self.settled;
        }
        usize::try_from(minute.since(self.start()))
            .ok()
            .and_then(|index| self.minutes.get(index))
            .map_or(Point::Unread, |stored| Point::decode(*stored))
    }

    /// Changes how many minutes are kept.
    pub(super) fn resize(&mut self, capacity: usize) {
        let old = &self.minutes;
        if old.len() == capacity {
            return;
        }
        let skipped = old.len().saturating_sub(capacity);
        let mut minutes = vec![UNREAD; capacity.saturating_sub(old.len())];
        minutes.extend(old.iter().skip(skipped));
        self.minutes = minutes.into_boxed_slice();
    }

    /// Minutes kept.
    pub(super) fn capacity(&self) -> usize {
        self.minutes.len()
    }

    /// When it was last read.
    pub(super) fn read_at(&self) -> Timestamp {
        self.read_at
    }

    pub(super) fn view(&self) -> SeriesView<'_> {
        SeriesView { series: self }
    }

    /// The figure of the newest settled minute.
    ///
    /// With `settling` it is that of a newer minute, if one has a data point already.
    pub(super) fn figure(&self, rule: GapRule, known: Known, settling: bool) -> Figure {
        if settling
            && !known.overdue
            && let Some(newer) = self.newest_settling()
        {
            return newer;
        }
        self.figure_of(self.settled, rule, known)
    }

    /// The figure of a metric that was not asked for since it cannot have a data point, as of the
    /// minute in which this one was read.
    pub(super) fn figure_without_points(&self, rule: GapRule, known: Known) -> Figure {
        let point = if self.settled == Point::Unread { Point::Unread } else { Point::Gap };
        self.figure_of(point, rule, known)
    }

    fn figure_of(&self, settled: Point, rule: GapRule, known: Known) -> Figure {
        let at = self.settled_through;
        let is_published = known.published >= Some(at);
        match (settled, rule) {
            (Point::Unread, _) => Figure::NotPolled,
            (Point::Value(value), _) if known.overdue => Figure::Stale { value, at },
            (Point::Value(value), _) => Figure::Value { value, at },
            (Point::Gap, GapRule::Count) if is_published && known.overdue => {
                Figure::Stale { value: 0.0, at }
            }
            (Point::Gap, GapRule::Count) if is_published => Figure::Zero { at },
            (Point::Gap, GapRule::Gauge) if is_published && !known.overdue => Figure::Idle { at },
            (Point::Gap, GapRule::Count | GapRule::Gauge | GapRule::Dense | GapRule::Held) => {
                Figure::Unknown { at }
            }
        }
    }

    fn newest_settling(&self) -> Option<Figure> {
        let newer = self.view().points().filter(|(minute, _)| *minute > self.settled_through);
        newer
            .filter_map(|(at, point)| match point {
                Point::Value(value) => Some(Figure::Settling { value, at }),
                Point::Gap | Point::Unread => None,
            })
            .last()
    }

    /// Whether it should have been read again by `now`, `grace_seconds` allowed.
    pub(super) fn overdue(&self, now: Timestamp, grace_seconds: i64) -> bool {
        now.as_second() > self.due.as_second().saturating_add(grace_seconds)
    }
}

/// A series as it was read.
#[derive(Debug, Clone, Copy)]
pub struct SeriesView<'a> {
    series: &'a Series,
}

impl<'a> SeriesView<'a> {
    /// The newest settled minute that was read; newer ones may still be revised.
    pub fn settled_through(self) -> Minute {
        self.series.settled_through
    }

    /// The oldest minute kept that was read.
    pub(crate) fn first_read(self) -> Option<Minute> {
        let mut read = self.points().filter(|(_, point)| *point != Point::Unread);
        read.next().map(|(minute, _)| minute)
    }

    /// Every minute kept, ascending; minutes that were not read are among them.
    pub fn points(self) -> impl Iterator<Item = (Minute, Point)> + 'a {
        let minutes = self.series.start().0..self.series.end.0;
        minutes.map(Minute).map(move |minute| (minute, self.get(minute)))
    }

    /// What a setting was in `minute`, of a series with one point in each `period` of minutes;
    /// `None` where its period has no point.
    pub fn held(self, minute: Minute, period: i64) -> Option<f64> {
        (0..period).find_map(|ago| self.get(minute.plus(-ago)).value())
    }

    /// One minute; [`Point::Unread`] outside of what is kept.
    pub fn get(self, minute: Minute) -> Point {
        self.series.get(minute)
    }
}
