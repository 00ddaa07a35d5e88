//! The Timeline pane: everything that happened, newest first.

mod entry;
mod outage;
mod strip;
#[cfg(test)]
mod tests;
mod throttling;
mod words;

pub use throttling::Turn;

use super::format::{age, minute, moment};
use super::tables::Subject as Shown;
use super::text::{Charset, width};
use super::times::Times;
use super::{Align, Column, ColumnWidth, Detail, List, Role, Row, Span};
use crate::diagnose::{Bout, Verdict};
use crate::model::alarm::Subject;
use crate::model::dax::Cluster;
use crate::model::event::{Activity, AlarmChange, Event, Happening};
use crate::model::health::{CallError, Poller};
use crate::model::id::{Resource, Scope};
use crate::model::time::Minute;
use crate::store::Reading;
use jiff::Timestamp;
use std::fmt;
use std::sync::Arc;

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Application Auto Scaling did something, or decided not to.
    Scaling,
    /// An alarm changed.
    Alarm,
    /// A table or index changed.
    Table,
    /// Something happened to DAX.
    Dax,
    /// A poller stopped reading AWS, or reads it again.
    Poller,
    /// This program wrote something.
    Edit,
    /// A table or index began to throttle, or throttles no more.
    Throttle,
}

impl Kind {
    /// Its name on screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scaling => "scaling",
            Self::Alarm => "alarm",
            Self::Table => "table",
            Self::Dax => "dax",
            Self::Poller => "poller",
            Self::Edit => "edit",
            Self::Throttle => "throttle",
        }
    }
}

/// How much something matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Things go their way.
    Calm,
    /// Worth a look.
    Notice,
    /// AWS could not be read.
    Outage,
    /// An alarm rings, or autoscaling could not do what it is for.
    Trouble,
}

impl Weight {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Calm => "info",
            Self::Notice => "notice",
            Self::Outage => "outage",
            Self::Trouble => "trouble",
        }
    }

    fn role(self) -> Role {
        match self {
            Self::Calm => Role::Text,
            Self::Notice => Role::Notice,
            Self::Outage => Role::Problem,
            Self::Trouble => Role::Trouble,
        }
    }

    fn mark(self) -> Span {
        match self {
            Self::Calm => Span::new("", Role::Text),
            Self::Notice => Span::new("i", Role::Notice),
            Self::Outage => Span::new("!", Role::Problem),
            Self::Trouble => Span::new("!", Role::Trouble),
        }
    }
}

/// One thing that is told of.
#[derive(Debug, Clone, PartialEq)]
pub enum Occurrence {
    /// What AWS or this program tells.
    Event(Event),
    /// What the settled minutes tell.
    Throttling(Turn),
}

impl Occurrence {
    /// When it was.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Event(event) => event.at,
            Self::Throttling(turn) => turn.minute().start(),
        }
    }

    fn event(&self) -> Option<&Event> {
        match self {
            Self::Event(event) => Some(event),
            Self::Throttling(_) => None,
        }
    }
}

/// One row: an event, or several that repeat each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where it happened.
    pub scope: Scope,
    /// What kind of thing.
    pub kind: Kind,
    /// How much it matters.
    pub weight: Weight,
    /// What happened, in words.
    pub text: String,
    /// What it is about.
    about: Arc<[Subject]>,
    /// What an alarm did at once.
    actions: Vec<AlarmChange>,
    /// Newest first; never empty.
    happened: Vec<Occurrence>,
    /// The newest event's place among all, the oldest first.
    place: usize,
}

impl Entry {
    /// When it happened, the last time.
    pub fn at(&self) -> Timestamp {
        self.happened.first().map(Occurrence::at).unwrap_or_default()
    }

    /// When it happened, the first time.
    pub fn since(&self) -> Timestamp {
        self.happened.last().map(Occurrence::at).unwrap_or_default()
    }

    /// How often it happened; never 0.
    pub fn times(&self) -> usize {
        self.happened.len()
    }

    /// The minute in which it happened, the last time.
    pub fn minute(&self) -> Minute {
        Minute::containing(self.at())
    }

    /// Minutes between `minute` and the nearest time it happened.
    pub fn distance(&self, minute: Minute) -> u64 {
        let distances = self.happened.iter().map(|one| Minute::containing(one.at()));
        distances.map(|at| at.0.abs_diff(minute.0)).min().unwrap_or(u64::MAX)
    }

    /// What it tells of, the newest, and where that happened.
    pub fn newest(&self) -> Option<(Scope, Occurrence)> {
        self.happened.first().map(|newest| (self.scope.clone(), newest.clone()))
    }

    /// The newest event, where it tells of events.
    fn event(&self) -> Option<&Event> {
        self.happened.first().and_then(Occurrence::event)
    }

    /// Whether it tells of something of `scope`, with others or alone.
    pub fn tells_of(&self, scope: &Scope, one: &Occurrence) -> bool {
        self.scope == *scope && self.happened.iter().any(|told| is_same(told, one))
    }

    /// The table, index or account it is about, the first of several.
    pub fn resource(&self) -> Option<&Resource> {
        self.about.iter().find_map(Subject::resource)
    }

    /// What there is to open of it: a table, an index, the account, or a DAX cluster; of a parameter group the first
    /// cluster that has it.
    pub fn to_open(&self, reading: Reading<'_>) -> Option<Resource> {
        if let Some(resource) = self.resource() {
            let table = resource.table_name();
            return table
                .is_none_or(|table| reading.table(table).is_some())
                .then(|| resource.clone());
        }
        let named = self.about.iter().find_map(Subject::cluster);
        let is_about = |cluster: &&Cluster| match self.event().map(|event| &event.what) {
            Some(Happening::Dax(told)) => told.source.is_of(cluster),
            _ => named.is_some_and(|name| cluster.name == *name),
        };
        let cluster = reading.clusters().value()?.iter().find(is_about)?;
        Some(Resource::Cluster(cluster.name.clone()))
    }

    /// What it is about, as the list names it; may be empty.
    pub fn named(&self) -> String {
        words::named(&self.about)
    }

    /// What a filter looks through, in lower case.
    pub fn haystack(&self) -> String {
        format!("{} {} {}", self.kind.name(), self.named(), self.text).to_lowercase()
    }

    /// The row as one line for other people's eyes, its times in UTC.
    pub fn line(&self) -> String {
        format!("{} {}", self.at(), self.told(&format!(" since {}", self.since())))
    }

    /// The same where its time is told already.
    pub fn line_without_time(&self) -> String {
        self.told("")
    }

    /// What happened to what, and how often; `since` comes behind the count.
    fn told(&self, since: &str) -> String {
        let count = match self.times() {
            1 => String::new(),
            count => format!("x{count}{since}"),
        };
        let parts = [self.kind.name(), &self.named(), &count, &self.text];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    }

    /// Whether it is trouble.
    pub fn is_trouble(&self) -> bool {
        matches!(self.weight, Weight::Trouble | Weight::Outage)
    }
}

/// Whether two are one, of which more may be known meanwhile.
fn is_same(one: &Occurrence, other: &Occurrence) -> bool {
    match (one, other) {
        (Occurrence::Event(one), Occurrence::Event(other)) => is_same_event(one, other),
        (Occurrence::Throttling(one), Occurrence::Throttling(other)) => one.is_same(other),
        (Occurrence::Event(_) | Occurrence::Throttling(_), _) => false,
    }
}

fn is_same_event(one: &Event, other: &Event) -> bool {
    one.at == other.at
        && match (&one.what, &other.what) {
            (Happening::Scaling(one), Happening::Scaling(other)) => one.id == other.id,
            (Happening::Write(one), Happening::Write(other)) => one.id == other.id,
            (one, other) => one == other,
        }
}

/// Everything that happened in these scopes, each with its times of throttling, newest first; the alarms that
/// autoscaling made for itself only where they are asked for.
pub fn entries<'a>(
    readings: impl Iterator<Item = (Reading<'a>, &'a [Bout])>,
    own_alarms: bool,
) -> Vec<Entry> {
    let of_scope = |(reading, bouts): (Reading<'a>, &'a [Bout])| {
        let throttling = throttling::entries(reading, bouts);
        outage::joined(entry::entries(reading, own_alarms)).into_iter().chain(throttling)
    };
    let mut entries: Vec<Entry> = readings.flat_map(of_scope).collect();
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.at(), entry.place)));
    entries
}

/// What the pane is made from.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The rows on screen.
    pub rows: Vec<&'a Entry>,
    /// The place of the selected one among them.
    pub selected: usize,
    /// Where that happened.
    pub reading: Reading<'a>,
    /// What it is about, if that is a table, an index or the account.
    pub subject: Option<Shown<'a>>,
    /// Every verdict of the same scope.
    pub verdicts: &'a [Verdict],
    /// Cells that the widest name of a resource takes, whether it is on screen or not.
    pub longest_name: usize,
    /// The oldest entry, on screen or not.
    pub oldest: Timestamp,
    /// What the charts show.
    pub times: Times,
    /// Which characters may be used.
    pub charset: Charset,
    /// Columns of the screen, and rows of the strip below the list; no rows where there is none.
    pub strip: (u16, u16),
}

/// Writes the list, with what is told of the selected row below it if there is room.
pub fn list(facts: &Facts<'_>) -> List {
    let rows = facts.rows.iter().enumerate();
    let rows = rows.map(|(place, entry)| row(facts, entry, place == facts.selected)).collect();
    let detail = (facts.strip.1 > 0).then(|| detail(facts)).flatten();
    List { columns: columns(facts), rows, detail }
}

/// Everything that is known of the selected row, in words alone.
pub fn words(facts: &Facts<'_>) -> Option<Detail> {
    let entry = facts.rows.get(facts.selected)?;
    Some(strip::words(facts, entry))
}

fn detail(facts: &Facts<'_>) -> Option<Detail> {
    let entry = facts.rows.get(facts.selected)?;
    Some(strip::detail(facts, entry))
}

/// Cells of the widest name among these, as far as a column goes.
pub fn longest_name(entries: &[Entry]) -> usize {
    entries.iter().map(|entry| width(&entry.named())).max().unwrap_or(0)
}

/// What the list is made of, and who reads it.
const SOURCES: [(Poller, &str); 4] = [
    (Poller::Activities, "scaling activities"),
    (Poller::AlarmHistory, "alarms"),
    (Poller::Descriptions, "changes of tables"),
    (Poller::ClusterEvents, "DAX events"),
];

/// A part of the list that cannot be read.
#[derive(Debug, Clone, Copy)]
pub struct Unread<'a> {
    /// Which, such as `scaling activities`.
    pub what: &'static str,
    /// Why.
    pub why: &'a CallError,
    /// Whether it could be read before, so that what is shown of it is old.
    pub was_read: bool,
}

impl fmt::Display for Unread<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be read: {}", self.what, self.why)
    }
}

/// The parts of the list that cannot be read.
pub fn missing(reading: Reading<'_>) -> Vec<Unread<'_>> {
    unread(reading, &SOURCES)
}

/// Which of these could not be read the last time.
pub(super) fn unread<'a>(
    reading: Reading<'a>,
    sources: &[(Poller, &'static str)],
) -> Vec<Unread<'a>> {
    let missing = sources.iter().filter_map(|(poller, what)| {
        let health = reading.health(*poller)?;
        let why = health.last.outcome.error().filter(|_| health.failures_in_a_row > 0)?;
        Some(Unread { what, why, was_read: health.last_success.is_some() })
    });
    missing.collect()
}

/// Why a scaling activity changed nothing, such as `already at maximum 500 (AlreadyAtMaxCapacity)`.
pub(super) fn not_scaled(activity: &Activity) -> String {
    let reasons = activity.not_scaled.iter().map(|reason| words::not_scaled(reason).0);
    reasons.collect::<Vec<_>>().join("; ")
}

/// Whether anything of the list was read.
pub fn is_read(reading: Reading<'_>) -> bool {
    let has_succeeded =
        |poller| reading.health(poller).is_some_and(|health| health.last_success.is_some());
    SOURCES.into_iter().any(|(poller, _)| has_succeeded(poller))
}

fn columns(facts: &Facts<'_>) -> Vec<Column> {
    /// Cells of `Nov 21 12:03`, and of `12:03:20`.
    const DATED: u16 = 12;
    const TODAY: u16 = 8;
    const NARROW: u16 = 10;
    const WIDE: u16 = 30;
    /// Cells of `orders/by-status`.
    const MIDDLING: u16 = 16;
    /// Columns of a screen that has room for whole names, and for how long ago it was.
    const ROOMY: u16 = 100;
    let column = |title, width, rank, align| Column { title, sorted: None, width, rank, align };
    let oldest = moment(facts.oldest, facts.reading.now(), facts.times.utc_offset);
    let time = if width(&oldest) > TODAY.into() { DATED } else { TODAY };
    // What ranks below what happened, which takes all the room that there is, is not shown.
    let (widest, ago) = if facts.strip.0 < ROOMY { (MIDDLING, 5) } else { (WIDE, 3) };
    let name = u16::try_from(facts.longest_name).unwrap_or(widest).clamp(NARROW, widest);
    let name = ColumnWidth::Flexible { min: NARROW, wanted: name };
    let what = ColumnWidth::Flexible { min: 32, wanted: u16::MAX };
    vec![
        column("TIME", ColumnWidth::Fixed(time), 0, Align::LeftCutEnd),
        column("AGO", ColumnWidth::Fixed(5), ago, Align::Right),
        column("KIND", ColumnWidth::Fixed(8), 2, Align::LeftCutEnd),
        column("RESOURCE", name, 1, Align::LeftCutMiddle),
        column("WHAT", what, 4, Align::LeftCutEnd),
    ]
}

fn row(facts: &Facts<'_>, entry: &Entry, selected: bool) -> Row {
    let (now, offset) = (facts.reading.now(), facts.times.utc_offset);
    let name = if selected { Role::Selected } else { Role::Text };
    let count = match entry.times() {
        1 => String::new(),
        count => {
            let since = minute(Minute::containing(entry.since()), now, offset);
            format!("x{count} since {since}: ")
        }
    };
    Row {
        mark: entry.weight.mark(),
        selected,
        marked: false,
        cells: vec![
            Span::new(moment(entry.at(), now, offset), Role::Text),
            Span::new(age(now, entry.at()), Role::Dim),
            Span::new(entry.kind.name(), Role::Dim),
            Span::new(entry.named(), name),
            Span::new(format!("{count}{}", entry.text), entry.weight.role()),
        ],
    }
}
