//! The Hot keys pane: which keys take which share, of which tables and indexes that is counted, and what
//! the counts cannot see.

mod insights;
mod key;
mod ranking;
#[cfg(test)]
mod tests;
mod words;

pub use key::{Reveal, hottest, told};
pub use ranking::{Ranking, Section};
pub use words::words;

use self::insights::Insights;
use super::chart::Marker;
use super::format::{Unit, age, number};
use super::scaling::{Weight, name};
use super::tables::Subject as Shown;
use super::timeline::{Unread, unread};
use super::{Align, Column, ColumnWidth, Layout, List, Role, Row, Span};
use crate::diagnose::{Severity, Verdict};
use crate::model::contributor::{Contributor, RuleKind, share_of_partition};
use crate::model::health::Poller;
use crate::model::id::{Resource, Scope};
use crate::model::insights::ContributorInsights;
use crate::model::throttle::Limit;
use crate::store::{Detail, Reading};
use crate::tune::price::Prices;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Share of a partition, 0 to 1, from which a key is worth a look before anything is throttled; our own
/// choice.
const HIGH_SHARE: f64 = 0.8;

/// One row: a table or index.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where it lives.
    pub scope: Scope,
    /// The table or index.
    pub resource: Resource,
    /// How much it matters.
    pub weight: Weight,
    /// Whether its keys are counted.
    insights: Insights,
    /// Whether a partition of it may be too hot.
    is_hot: bool,
    /// The most of a partition that a key took in a minute, 0 to 1.
    peak: Option<f64>,
    /// What is the matter, in a few words.
    what: String,
}

impl Entry {
    /// Whether its keys are counted.
    pub fn is_on(&self) -> bool {
        matches!(self.insights, Insights::On(_))
    }

    /// Whether it has a row only where everything is shown: its keys are not counted, and no partition of
    /// it is too hot.
    pub fn is_folded(&self) -> bool {
        matches!(self.insights, Insights::Off | Insights::Unread) && !self.is_hot
    }

    /// What a filter looks through, in lower case; no key is in it.
    pub fn haystack(&self) -> String {
        let (name, state) = (name(&self.resource), self.insights.short());
        format!("{name} {state} {}", self.what).to_lowercase()
    }
}

/// Whether a partition that serves too much is, or may be, the cause.
fn is_hot(verdict: &Verdict) -> bool {
    verdict.may_be_at(Limit::KeyRange)
}

/// Every table and index that is described, what needs action first, each reading with its verdicts.
pub fn entries<'a>(judged: impl Iterator<Item = (Reading<'a>, &'a [Verdict])>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = judged.flat_map(|(reading, all)| of(reading, all)).collect();
    entries.sort_by(|one, other| {
        let peak = |entry: &Entry| entry.peak.unwrap_or(-1.0);
        let rank = |entry: &Entry| (Reverse(entry.weight), !entry.is_hot);
        rank(one)
            .cmp(&rank(other))
            .then(peak(other).total_cmp(&peak(one)))
            .then_with(|| other.is_on().cmp(&one.is_on()))
            .then_with(|| one.resource.cmp(&other.resource))
    });
    entries
}

fn of(reading: Reading<'_>, all: &[Verdict]) -> Vec<Entry> {
    let mut verdicts: BTreeMap<&Resource, Vec<&Verdict>> = BTreeMap::new();
    for verdict in all {
        verdicts.entry(&verdict.resource).or_default().push(verdict);
    }
    let listed = reading.insights().value();
    let listed: Option<BTreeMap<&Resource, &ContributorInsights>> =
        listed.map(|listed| listed.iter().map(|one| (&one.resource, one)).collect());
    let entry = |resource: Resource| {
        let insights = match &listed {
            None => Insights::Unread,
            Some(listed) => Insights::of(listed.get(&resource).copied()),
        };
        let verdicts = verdicts.get(&resource).map_or(&[][..], Vec::as_slice);
        entry(reading, resource, insights, verdicts)
    };
    let is_described = |resource: &Resource| {
        resource.table_name().is_some_and(|name| reading.table(name).is_some())
    };
    reading.resources().filter(is_described).map(entry).collect()
}

fn entry(
    reading: Reading<'_>,
    resource: Resource,
    insights: Insights,
    verdicts: &[&Verdict],
) -> Entry {
    let hot = verdicts.iter().find(|verdict| is_hot(verdict));
    let told = hot.or(verdicts.first());
    let peak = peak(reading, &resource);
    let calm = || match (&insights, peak) {
        (Insights::Failed(_), _) => (Weight::Notice, "its rules could not be made".to_owned()),
        (_, Some(share)) if share >= HIGH_SHARE => {
            let percent = number(100.0 * share, Unit::Percent);
            (Weight::Notice, format!("a key took {percent} of a partition"))
        }
        (_, _) => (Weight::Calm, String::new()),
    };
    let (weight, what) = told.map_or_else(calm, |verdict| {
        let weight = match verdict.severity {
            Severity::Trouble => Weight::Trouble,
            Severity::Notice => Weight::Notice,
        };
        (weight, verdict.headline())
    });
    let scope = reading.scope().clone();
    Entry { scope, resource, weight, insights, is_hot: hot.is_some(), peak, what }
}

/// The most of a partition that the most accessed keys took in a minute of the newest report.
fn peak(reading: Reading<'_>, resource: &Resource) -> Option<f64> {
    let report = reading.hot_keys(resource).value()?.report(RuleKind::AccessedKeys)?;
    let peaks = report.contributors.iter().filter_map(|one| peak_share(report.kind, one));
    peaks.reduce(f64::max)
}

/// The most of a partition that a contributor took in a minute; `None` for throttle events.
fn peak_share(kind: RuleKind, contributor: &Contributor) -> Option<f64> {
    let most = contributor.points.iter().map(|(_, value)| *value).reduce(f64::max)?;
    share_of_partition(kind, most)
}

/// What the pane is made of, but for what every pane is made of, and who reads it.
const SOURCES: [(Poller, &str); 2] =
    [(Poller::Insights, "Contributor Insights"), (Poller::HotKeys, "reports of hot keys")];

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
    /// What Contributor Insights costs.
    pub prices: &'a Prices,
    /// How keys are written.
    pub reveal: Reveal,
    /// What small charts are made of.
    pub marker: Marker,
    /// Columns and rows of the screen.
    pub size: (u16, u16),
    /// Whether the list has the whole pane.
    pub expanded: bool,
}

/// Everything the pane says.
#[derive(Debug, Clone, PartialEq)]
pub struct HotKeysPane {
    /// The tables and indexes.
    pub list: List,
    /// What is counted of the selected one; `None` where the list has the whole pane.
    pub ranking: Option<Ranking>,
}

/// Columns of the list beside a ranking, on a screen of so many.
pub fn list_width(width: u16) -> u16 {
    width / 5 * 2
}

/// Rows of the list, of so many there are, that fit on screen: beside the ranking, or above it.
pub fn page((width, height): (u16, u16), expanded: bool, rows: usize) -> usize {
    let Some(Layout { list, detail }) = Layout::of(width, height, expanded) else { return 0 };
    let whole = usize::from(list + detail);
    let is_alone = detail == 0 || width >= Layout::SIDE_BY_SIDE;
    if is_alone { whole } else { rows.clamp(1, (whole / 4).max(1)) }
}

/// Writes the pane.
pub fn pane(facts: &Facts<'_>) -> HotKeysPane {
    let (width, height) = facts.size;
    let rows = facts.rows.iter().enumerate();
    let rows = rows.map(|(at, (entry, reading))| row(*reading, entry, at == facts.selected));
    let has_ranking =
        Layout::of(width, height, facts.expanded).is_some_and(|layout| layout.detail > 0);
    let is_beside = has_ranking && width >= Layout::SIDE_BY_SIDE;
    let room = if is_beside { list_width(width) } else { width };
    let list =
        List { columns: columns(facts.longest_name, room), rows: rows.collect(), detail: None };
    HotKeysPane { list, ranking: has_ranking.then(|| ranking::ranking(facts)) }
}

/// The columns of the list on so many cells.
fn columns(longest_name: usize, room: u16) -> Vec<Column> {
    const NAME: (u16, u16) = (14, 34);
    let wanted = u16::try_from(longest_name).unwrap_or(u16::MAX).clamp(NAME.0, NAME.1);
    let name = ColumnWidth::Flexible { min: wanted.min((room / 3).max(NAME.0)), wanted };
    let what = ColumnWidth::Flexible { min: 14, wanted: u16::MAX };
    let column = |title, width, rank, align| Column { title, sorted: None, width, rank, align };
    vec![
        column("NAME", name, 0, Align::LeftCutMiddle),
        column("COUNTED", ColumnWidth::Fixed(9), 1, Align::LeftCutEnd),
        column("TOP KEY", ColumnWidth::Fixed(7), 3, Align::Right),
        column("READ", ColumnWidth::Fixed(6), 2, Align::Right),
        column("WHAT", what, 4, Align::LeftCutEnd),
    ]
}

fn row(reading: Reading<'_>, entry: &Entry, selected: bool) -> Row {
    let peak = entry.peak.map_or_else(|| "-".to_owned(), |it| number(100.0 * it, Unit::Percent));
    let is_high = entry.peak.is_some_and(|share| share >= HIGH_SHARE);
    Row {
        mark: entry.weight.mark(),
        selected,
        marked: false,
        cells: vec![
            Span::new(name(&entry.resource), if selected { Role::Selected } else { Role::Text }),
            entry.insights.cell(reading),
            Span::new(peak, if is_high { Role::Trouble } else { Role::Text }),
            read(reading, entry),
            Span::new(entry.what.clone(), entry.weight.role()),
        ],
    }
}

/// How long ago its reports were read.
fn read(reading: Reading<'_>, entry: &Entry) -> Span {
    let ago = |at| age(reading.now(), at);
    match reading.hot_keys(&entry.resource) {
        Detail::Known { at, .. } => Span::new(ago(at), Role::Text),
        Detail::Stale { at, .. } => Span::new(format!("{}*", ago(at)), Role::Stale),
        Detail::Denied { .. } => Span::new("denied", Role::Problem),
        Detail::Failed(_) => Span::new("?", Role::Problem),
        Detail::NotPolled if entry.is_on() => Span::new(".", Role::Dim),
        Detail::NotPolled => Span::new("-", Role::Dim),
    }
}
