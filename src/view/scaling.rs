//! The Scaling pane: reads and writes of every table and index, and why their capacity moves or not.

mod strip;
#[cfg(test)]
mod tests;
mod why;

use super::format::{Unit, age, figure, grouped, number};
use super::tables::Subject as Shown;
use super::text::{Charset, width};
use super::timeline::{Unread, unread};
use super::times::Times;
use super::{Align, Column, ColumnWidth, Detail, List, Role, Row, Span};
use crate::model::event::{Activity, Course};
use crate::model::health::Poller;
use crate::model::id::{Resource, Scope};
use crate::model::scaling::ScalableTarget;
use crate::model::throttle::Direction;
use crate::store::Reading;
use crate::tune::price::Prices;
use jiff::{SignedDuration, Timestamp};
use std::cmp::Reverse;

/// How much something matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Things go their way.
    Calm,
    /// Worth a look.
    Notice,
    /// Capacity does not follow the traffic.
    Trouble,
}

impl Weight {
    pub(super) fn role(self) -> Role {
        match self {
            Self::Calm => Role::Text,
            Self::Notice => Role::Notice,
            Self::Trouble => Role::Trouble,
        }
    }

    pub(super) fn mark(self) -> Span {
        match self {
            Self::Calm => Span::new("", Role::Text),
            Self::Notice => Span::new("i", Role::Notice),
            Self::Trouble => Span::new("!", Role::Trouble),
        }
    }
}

/// One row: reads or writes of a table or index.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where it lives.
    pub scope: Scope,
    /// The table or index.
    pub resource: Resource,
    /// Which capacity.
    pub direction: Direction,
    /// How much it matters.
    pub weight: Weight,
    /// Why capacity moves or does not, what matters most first.
    pub why: String,
    /// Whether it is paid for by the request, and capacity is none to be moved.
    pub on_demand: bool,
    /// Whether it is a scalable target.
    pub is_target: bool,
    /// Percent of what is provisioned, or of the on-demand maximum, where that is known.
    used: Option<f64>,
}

impl Entry {
    /// Whether it has a row only where everything is shown: on-demand, and all is well.
    pub fn is_folded(&self) -> bool {
        self.on_demand && self.weight == Weight::Calm
    }

    /// What a filter looks through, in lower case.
    pub fn haystack(&self) -> String {
        format!("{} {} {}", name(&self.resource), self.direction.as_str(), self.why).to_lowercase()
    }
}

/// Reads and writes of every table and index that is described, what needs action first.
pub fn entries<'a>(readings: impl Iterator<Item = Reading<'a>>) -> Vec<Entry> {
    let both = |(reading, resource): (Reading<'a>, Resource)| {
        Direction::ALL.into_iter().filter_map(move |way| entry(reading, &resource, way))
    };
    let of = |reading: Reading<'a>| reading.resources().map(move |resource| (reading, resource));
    let mut entries: Vec<Entry> = readings.flat_map(of).flat_map(both).collect();
    entries.sort_by(|one, other| {
        let used = |entry: &Entry| entry.used.unwrap_or(-1.0);
        Reverse(one.weight)
            .cmp(&Reverse(other.weight))
            .then(used(other).total_cmp(&used(one)))
            .then_with(|| one.resource.cmp(&other.resource))
            .then(one.direction.cmp(&other.direction))
    });
    entries
}

fn entry(reading: Reading<'_>, resource: &Resource, direction: Direction) -> Option<Entry> {
    let capacity = reading.capacity(resource, direction)?;
    let reasons = why::reasons(reading, resource, direction);
    let texts: Vec<&str> = reasons.iter().map(|reason| reason.text.as_str()).collect();
    Some(Entry {
        scope: reading.scope().clone(),
        resource: resource.clone(),
        direction,
        weight: reasons.iter().map(|reason| reason.weight).max().unwrap_or(Weight::Calm),
        why: texts.join("; "),
        on_demand: capacity.provisioned.is_none(),
        is_target: reading.scalable_target(resource, direction).is_some(),
        used: reading.utilization_percent(resource, direction).value(),
    })
}

/// What the pane is made of, but for what every pane is made of, and who reads it.
const SOURCES: [(Poller, &str); 3] = [
    (Poller::Scaling, "scalable targets"),
    (Poller::Activities, "scaling activities"),
    (Poller::Schedules, "scheduled actions"),
];

/// The parts of the pane that cannot be read.
pub fn missing(reading: Reading<'_>) -> Vec<Unread<'_>> {
    unread(reading, &SOURCES)
}

/// What the pane is made from.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The rows on screen.
    pub rows: Vec<(&'a Entry, Reading<'a>)>,
    /// The place of the selected one among them.
    pub selected: usize,
    /// What that is about.
    pub subject: Shown<'a>,
    /// Cells that the widest name of a resource takes, whether it is on screen or not.
    pub longest_name: usize,
    /// What capacity costs.
    pub prices: &'a Prices,
    /// What the charts show.
    pub times: Times,
    /// Which characters may be used.
    pub charset: Charset,
    /// Columns of the screen and rows of the strip below the list; no rows where there is none.
    pub strip: (u16, u16),
}

/// Writes the list, with what is told of the selected row below it if there is room.
pub fn list(facts: &Facts<'_>) -> List {
    let rows = facts.rows.iter().enumerate();
    let rows = rows.map(|(at, (entry, reading))| row(*reading, entry, at == facts.selected));
    let selected = facts.rows.get(facts.selected).filter(|_| facts.strip.1 > 0);
    List {
        columns: columns(facts.longest_name, facts.strip.0),
        rows: rows.collect(),
        detail: selected.map(|(entry, _)| strip::detail(facts, entry)),
    }
}

/// Everything that is known of the selected row, in words alone.
pub fn words(facts: &Facts<'_>) -> Option<Detail> {
    let (entry, _) = facts.rows.get(facts.selected)?;
    Some(strip::words(facts, entry))
}

/// Cells of the widest name among these.
pub fn longest_name<'a>(resources: impl Iterator<Item = &'a Resource>) -> usize {
    resources.map(|resource| width(&name(resource))).max().unwrap_or(0)
}

/// `table`, or `table/index`.
pub(super) fn name(resource: &Resource) -> String {
    match resource {
        Resource::Index(whole, part) | Resource::Node(whole, part) => format!("{whole}/{part}"),
        other @ (Resource::Account | Resource::Table(_) | Resource::Cluster(_)) => {
            other.short_name().to_owned()
        }
    }
}

/// The columns on a screen of so many cells: what a row is about and why it stands as it does get a
/// quarter each before it is told what autoscaling did last. On 80 cells there is room for all but that.
fn columns(longest_name: usize, room: u16) -> Vec<Column> {
    const NAME: (u16, u16) = (14, 34);
    const LEAST_WHY: (u16, u16) = (16, 48);
    let column = |title, width, rank, align| Column { title, sorted: None, width, rank, align };
    let figures = |title, cells, rank| column(title, ColumnWidth::Fixed(cells), rank, Align::Right);
    let quarter = (room / 4).saturating_sub(1);
    let wanted = u16::try_from(longest_name).unwrap_or(u16::MAX).clamp(NAME.0, NAME.1);
    let name = ColumnWidth::Flexible { min: wanted.min(quarter.max(NAME.0)), wanted };
    // It takes all the room that is left.
    let least = quarter.saturating_sub(1).clamp(LEAST_WHY.0, LEAST_WHY.1);
    let why = ColumnWidth::Flexible { min: least, wanted: u16::MAX };
    vec![
        column("NAME", name, 0, Align::LeftCutMiddle),
        column("R/W", ColumnWidth::Fixed(5), 0, Align::LeftCutEnd),
        figures("USE", 6, 1),
        figures("NOW", 6, 2),
        figures("MIN-MAX", BOUNDS, 3),
        figures("TARGET", 6, 4),
        column("LAST", ColumnWidth::Fixed(16), 6, Align::LeftCutEnd),
        column("WHY", why, 7, Align::LeftCutEnd),
    ]
}

/// Cells of a target's minimum and maximum.
const BOUNDS: u16 = 11;

/// `100-4,000`; shorter numbers where these find no room, and `-` where there is no target.
fn bounds(target: Option<&ScalableTarget>) -> String {
    let Some(ScalableTarget { min, max, .. }) = target else { return "-".to_owned() };
    let exact = format!("{}-{}", grouped(*min), grouped(*max));
    if width(&exact) <= BOUNDS.into() {
        return exact;
    }
    format!("{}-{}", number(*min, Unit::Count), number(*max, Unit::Count))
}

fn row(reading: Reading<'_>, entry: &Entry, selected: bool) -> Row {
    let (resource, direction) = (&entry.resource, entry.direction);
    let target = reading.scalable_target(resource, direction);
    let percent = target.and_then(ScalableTarget::target_utilization);
    let used = reading.utilization_percent(resource, direction);
    let text = |text: String| Span::new(text, Role::Text);
    let provisioned = reading.limit(resource, direction, |capacity| capacity.provisioned);
    Row {
        mark: entry.weight.mark(),
        selected,
        marked: false,
        cells: vec![
            Span::new(name(resource), if selected { Role::Selected } else { Role::Text }),
            Span::new(direction.as_str(), Role::Dim),
            text(figure(used, Unit::Percent)),
            text(figure(provisioned, Unit::Count)),
            text(bounds(target)),
            text(percent.map_or_else(|| "-".to_owned(), |percent| format!("{percent:.0}%"))),
            Span::new(last(reading, resource, direction), Role::Dim),
            Span::new(entry.why.clone(), entry.weight.role()),
        ],
    }
}

/// When autoscaling acted last, and how that went.
fn last(reading: Reading<'_>, resource: &Resource, direction: Direction) -> String {
    let newest = activities(reading, resource, direction).next();
    newest.map_or_else(String::new, |(at, activity)| {
        let course = match (activity.course(), activity.raises()) {
            (Course::Done, Some(true)) => "raised",
            (Course::Done, Some(false)) => "lowered",
            (Course::Done, None) => "changed",
            (Course::UnderWay, _) => "under way",
            (Course::NotScaled, _) => "not scaled",
            (Course::Failed, _) => "failed",
            (Course::Other, _) => "overridden",
        };
        format!("{} {course}", age(reading.now(), at))
    })
}

/// How far back activities are told.
const TOLD: SignedDuration = SignedDuration::from_hours(24);

/// What autoscaling did, and did not, in the last day, newest first.
fn activities<'a>(
    reading: Reading<'a>,
    resource: &Resource,
    direction: Direction,
) -> impl Iterator<Item = (Timestamp, &'a Activity)> {
    let since = reading.now().checked_sub(TOLD).unwrap_or_default();
    reading.activities_of(resource, direction, since)
}
