//! The Timeline pane: its rows, and the time cursor that goes along with them.

use super::narrowing::Narrowing;
use super::query::Terms;
use super::sight::Place;
use super::{App, Target};
use crate::diagnose::{Bout, Thresholds, bouts};
use crate::model::id::Scope;
use crate::model::time::{Minute, Window};
use crate::store::{Detail, Reading};
use crate::view::format::grouped;
use crate::view::timeline::{self, Entry, Occurrence};
use crate::view::times::Times;
use crate::view::{Body, Role, Span};
use jiff::Timestamp;

/// What happened, and what is shown of it.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    /// Newest first.
    entries: Vec<Entry>,
    /// The places of those that are shown.
    shown: Vec<usize>,
    /// What the entries were made from: scopes, how their events stood, when alarms, which name what they are about,
    /// were read, and the times of throttling.
    made_from: Vec<(Scope, u64, Option<Timestamp>, Vec<Bout>)>,
    /// Whether there are events at all, shown or not.
    has_events: bool,
    /// Cells of the widest name among the entries.
    longest_name: usize,
    pub(super) place: Place,
    /// What the user moved to; `None` stays on the newest.
    selected: Option<(Scope, Occurrence)>,
    pub(super) narrowing: Narrowing,
    /// Whether the alarms that autoscaling made for itself are among the entries.
    own_alarms: bool,
}

impl Timeline {
    /// Takes in what happened, if that is something else than before.
    fn read(&mut self, readings: &[Reading<'_>], thresholds: &Thresholds) {
        let source = |reading: &Reading<'_>| {
            let alarms = match reading.alarms() {
                Detail::Known { at, .. } | Detail::Stale { at, .. } => Some(at),
                Detail::Denied { .. } | Detail::Failed(_) | Detail::NotPolled => None,
            };
            let throttling = bouts(*reading, thresholds);
            (reading.scope().clone(), reading.events_revision(), alarms, throttling)
        };
        let made_from: Vec<_> = readings.iter().map(source).collect();
        if self.made_from == made_from {
            return;
        }
        self.made_from = made_from;
        self.has_events = readings.iter().any(|reading| reading.events().next().is_some());
        let bouts = self.made_from.iter().map(|(.., bouts)| bouts.as_slice());
        self.entries = timeline::entries(readings.iter().copied().zip(bouts), self.own_alarms);
        self.longest_name = timeline::longest_name(&self.entries);
        self.choose();
    }

    /// Chooses the rows; the selection stays on what it tells of, or else near its time.
    pub(super) fn choose(&mut self) {
        let terms = Terms::parse(self.narrowing.filter.value());
        let only_trouble = self.narrowing.only_trouble;
        let passes = |entry: &Entry| {
            (entry.is_trouble() || !only_trouble)
                && (terms.is_empty() || terms.match_all_in(&entry.haystack()))
        };
        let places = self.entries.iter().enumerate().filter(|(_, entry)| passes(entry));
        self.shown = places.map(|(place, _)| place).collect();
        self.place.cursor = self.selected.as_ref().map_or(0, |(scope, one)| {
            let told = self.rows().position(|entry| entry.tells_of(scope, one));
            told.or_else(|| self.nearest(Minute::containing(one.at()))).unwrap_or(0)
        });
    }

    /// The rows, newest first.
    pub(super) fn rows(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.shown.iter().filter_map(|place| self.entries.get(*place))
    }

    pub(super) fn row_count(&self) -> usize {
        self.shown.len()
    }

    /// Whether the user has moved to a row.
    pub(super) fn is_chosen(&self) -> bool {
        self.selected.is_some()
    }

    /// The selected row.
    pub(super) fn current(&self) -> Option<&Entry> {
        self.entries.get(*self.shown.get(self.place.cursor)?)
    }

    /// The row of what happened nearest to `minute`: the selected one, if none is nearer.
    fn nearest(&self, minute: Minute) -> Option<usize> {
        let selected = self.place.cursor;
        let distances = self.rows().map(|entry| entry.distance(minute)).enumerate();
        let nearest = distances.min_by_key(|(row, apart)| (*apart, *row != selected, *row));
        nearest.map(|(row, _)| row)
    }

    fn select(&mut self, row: usize) {
        self.place.cursor = row;
        self.selected = self.current().and_then(Entry::newest);
    }
}

impl App {
    /// Reads what happened, where that is on screen.
    pub(super) fn list_events(&mut self, now: Timestamp) {
        let mut timeline = std::mem::take(&mut self.timeline);
        let readings: Vec<Reading<'_>> = self.readings(now).collect();
        timeline.read(&readings, &self.options.thresholds);
        self.timeline = timeline;
    }

    /// Comes to the Timeline: to what happened where the time cursor stands, if it stands somewhere.
    pub(super) fn enter_timeline(&mut self, now: Timestamp) {
        self.list_events(now);
        // Other panes have no cursor on the present minute, which is not complete.
        let newest = self.end(now).plus(-1);
        let here = self.timeline.current().map(|entry| entry.minute().min(newest));
        if here != self.timeframe.cursor() {
            self.follow_cursor();
        }
    }

    /// Selects what happened nearest to the time cursor.
    pub(super) fn follow_cursor(&mut self) {
        let cursor = self.timeframe.cursor();
        if let Some(row) = cursor.and_then(|cursor| self.timeline.nearest(cursor)) {
            self.timeline.select(row);
        }
    }

    /// Selects a row and moves the time cursor to its minute.
    pub(super) fn move_to_event(&mut self, row: usize) {
        self.timeline.select(row);
        let minute = self.timeline.current().map(Entry::minute);
        self.timeframe.set_cursor(minute.or(self.timeframe.cursor()));
    }

    /// The minutes on which the time cursor can stand on this pane: all that is told of, the present
    /// one included.
    pub(super) fn minutes_told(&self, now: Timestamp) -> Window {
        const DAY: i64 = 24 * 60;
        let end = self.end(now);
        Window { start: end.plus(-DAY), end: end.plus(1) }
    }

    /// Shows the alarms that autoscaling made for itself, or leaves them out again.
    pub(super) fn toggle_own_alarms(&mut self, now: Timestamp) {
        self.timeline.own_alarms = !self.timeline.own_alarms;
        self.timeline.made_from.clear();
        self.list_events(now);
    }

    /// Whether anything happened, shown or not.
    pub(super) fn has_events(&self) -> bool {
        self.timeline.has_events
    }

    /// The table, index or account that the selected row is about.
    pub(super) fn event_target(&self) -> Option<Target> {
        let entry = self.timeline.current()?;
        Some(Target::new(&entry.scope, entry.resource()?.clone()))
    }

    /// What there is to open of the selected row.
    pub(super) fn event_to_open(&self, now: Timestamp) -> Option<Target> {
        let entry = self.timeline.current()?;
        let resource = entry.to_open(self.reading(&entry.scope, now))?;
        Some(Target::new(&entry.scope, resource))
    }

    /// What the pane shows.
    pub(super) fn timeline_view(&self, readings: &[Reading<'_>], now: Timestamp) -> Body {
        let timeline = &self.timeline;
        let Some(selected) = timeline.current() else {
            return Body::Message(self.no_events(readings));
        };
        let target = self.event_target();
        let strip = if self.expanded { (self.size.0, 0) } else { self.strip() };
        let facts = timeline::Facts {
            rows: timeline.rows().skip(timeline.place.offset).take(self.page()).collect(),
            selected: timeline.place.line(),
            reading: self.reading(&selected.scope, now),
            subject: target.as_ref().map(|target| self.subject(target, true, now)),
            verdicts: self.fleet.verdicts(&selected.scope),
            longest_name: timeline.longest_name,
            oldest: timeline.rows().next_back().map_or(self.as_of(now), Entry::at),
            times: self.times_around(selected, now),
            charset: self.options.charset,
            strip,
        };
        let words = if self.details { timeline::words(&facts) } else { None };
        words.map_or_else(|| Body::List(timeline::list(&facts)), Body::Words)
    }

    /// What the charts show: the newest minutes if the cursor is among them, else those around it.
    fn times_around(&self, entry: &Entry, now: Timestamp) -> Times {
        let (frame, end) = (self.timeframe_here(), self.end(now));
        let cursor = self.timeframe.cursor().map(|cursor| cursor.min(end.plus(-1)));
        let middle = cursor.unwrap_or_else(|| entry.minute());
        let newest = frame.window(end);
        let window = if middle < newest.start {
            frame.window(middle.plus(frame.minutes() / 2).min(end))
        } else {
            newest
        };
        Times { window, cursor, utc_offset: self.utc_offset(now) }
    }

    /// Why there is no row.
    fn no_events(&self, readings: &[Reading<'_>]) -> Vec<Span> {
        let dim = |text: &str| Span::new(text, Role::Dim);
        let text = |text: String| Span::new(text, Role::Text);
        if !self.timeline.entries.is_empty() {
            let hidden = grouped(self.timeline.entries.len() as f64);
            let filter = self.timeline.narrowing.filter.value();
            let what = if filter.is_empty() {
                "nothing that happened is trouble".to_owned()
            } else {
                format!("nothing matches {filter}")
            };
            return vec![text(what), dim(&format!("Esc shows all {hidden} rows"))];
        }
        let missing = readings.iter().flat_map(|reading| timeline::missing(*reading));
        let missing = missing.map(|missing| Span::new(missing.to_string(), Role::Problem));
        let missing: Vec<Span> = missing.collect();
        let is_read = readings.iter().any(|reading| timeline::is_read(*reading));
        let mut lines = if self.timeline.has_events {
            vec![
                text("only autoscaling's own alarms changed in the last 24 hours".to_owned()),
                dim("i shows them"),
            ]
        } else if is_read || !missing.is_empty() {
            vec![
                text("nothing happened in the last 24 hours, as far as is known".to_owned()),
                dim("changes of tables are seen from the start of ddbtop on"),
            ]
        } else {
            vec![text("reading what happened in the last 24 hours".to_owned())]
        };
        lines.extend(missing);
        lines
    }

    /// What the list leaves out, and what of it could not be read.
    pub(super) fn timeline_narrowed(&self, readings: &[Reading<'_>]) -> Option<String> {
        let missing = readings.iter().flat_map(|reading| timeline::missing(*reading));
        let missing = missing.map(|missing| format!("WITHOUT {}", missing.what));
        let parts: Vec<String> =
            self.timeline.narrowing.told().into_iter().chain(missing).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// What the header says of the list.
    pub(super) fn timeline_state(&self) -> String {
        let own = if self.timeline.own_alarms { "shown" } else { "folded" };
        format!("newest first, autoscaling's alarms {own}")
    }
}
