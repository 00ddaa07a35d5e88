//! The Table pane: one table or index, its family, its charts, and what is known about it.

mod calm;
mod facts;
#[cfg(test)]
mod tests;

use super::chart::{Chart, Marker};
use super::charts;
use super::tables::{self, Marks, SortBy, Subject};
use super::text::width;
use super::times::Times;
use super::{ColumnWidth, List, Paragraph, Span, detail};
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use crate::view::text::Charset;

/// One thing that is known, such as `deletion` `protected`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is; empty where the text goes on from the fact above.
    pub label: &'static str,
    /// How it is.
    pub text: Span,
}

/// Everything the pane says.
#[derive(Debug, Clone, PartialEq)]
pub struct TablePane {
    /// The table and its indexes, all of them; empty where there is no index.
    pub family: List,
    /// What is wrong, what to do, and why we think so; or why nothing is.
    pub verdict: Vec<Paragraph>,
    /// What matters most first; keys act on the focused one.
    pub charts: Vec<Chart>,
    /// Whether the focused chart has the whole pane.
    pub expanded: bool,
    /// What else is known, what matters most first.
    pub facts: Vec<Fact>,
}

/// What the pane is made from.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The resource in view.
    pub subject: Subject<'a>,
    /// The table and its indexes, each with its verdicts.
    pub family: Vec<Subject<'a>>,
    /// What charts show.
    pub times: Times,
    /// Which chart keys act on; counted round and round.
    pub focus: isize,
    /// Whether that chart has the whole pane.
    pub expanded: bool,
    /// Which characters may be used.
    pub charset: Charset,
}

/// Writes the pane.
pub fn pane(facts: &Facts<'_>) -> TablePane {
    let Facts { subject, times, charset, .. } = facts;
    let mut charts = charts_of(subject, *times);
    let count = charts.len().max(1).cast_signed();
    let focused = facts.focus.rem_euclid(count).cast_unsigned();
    if let Some(chart) = charts.get_mut(focused) {
        chart.focused = true;
    }
    let mut verdict = detail::judgement(subject, *charset);
    if verdict.is_empty() {
        verdict.push(calm::calm(subject));
    }
    TablePane {
        family: members(&facts.family, *charset),
        verdict,
        charts,
        expanded: facts.expanded,
        facts: facts::facts(subject),
    }
}

/// The table of `resource` and its indexes, in the order of the pane.
pub fn family(subject: &Subject<'_>) -> Vec<Resource> {
    let Some(table) = subject.resource.table_name() else { return vec![] };
    let described = subject.reading.table(table);
    let indexes = described.map_or(&[][..], |table| &table.indexes);
    let index = |name: &std::sync::Arc<str>| Resource::Index(table.clone(), name.clone());
    let indexes = indexes.iter().map(|described| index(&described.name));
    std::iter::once(Resource::Table(table.clone())).chain(indexes).collect()
}

/// Every chart that exists for such a resource: first what its trouble is about, if it has any.
///
/// Side by side in pairs they are reads beside writes; in trouble, use beside throttles.
pub(super) fn charts_of(subject: &Subject<'_>, times: Times) -> Vec<Chart> {
    let Subject { reading, resource, .. } = *subject;
    let units = |direction| charts::consumption(reading, resource, direction, times);
    let throttles = |direction| charts::throttles(reading, resource, direction, times);
    let [read, write] = Direction::ALL;
    let both = || match subject.verdicts.first().and_then(|verdict| verdict.direction) {
        None => vec![units(read), units(write), throttles(read), throttles(write)],
        Some(Direction::Read) => vec![units(read), throttles(read), units(write), throttles(write)],
        Some(Direction::Write) => {
            vec![units(write), throttles(write), units(read), throttles(read)]
        }
    };
    match resource {
        Resource::Account => vec![charts::user_errors(reading, times)],
        Resource::Index(..) => both(),
        Resource::Table(table) => {
            let rest =
                [charts::latency(reading, table, times), charts::errors(reading, table, times)];
            both().into_iter().chain(rest).collect()
        }
    }
}

/// The family as rows of the Tables pane, with the columns that tell where the trouble is.
fn members(family: &[Subject<'_>], charset: Charset) -> List {
    if family.len() < 2 {
        return List { columns: vec![], rows: vec![], detail: None };
    }
    // None of these columns has a small chart.
    let glyphs = (charset, Marker::default());
    let mut columns = tables::columns(0, (SortBy::default(), false), glyphs);
    let ranks = columns.iter().map(|column| rank(column.title));
    let places: Vec<usize> =
        ranks.enumerate().filter_map(|(place, rank)| rank.map(|_| place)).collect();
    let mut rows: Vec<_> =
        family.iter().map(|subject| tables::row(subject, glyphs, &mut Marks::default())).collect();
    for row in &mut rows {
        keep(&mut row.cells, &places);
    }
    keep(&mut columns, &places);
    if let Some(name) = columns.first_mut() {
        let cells = rows.iter().filter_map(|row| row.cells.first()).map(|name| width(&name.text));
        let wanted = cells.max().and_then(|cells| u16::try_from(cells).ok()).unwrap_or(0);
        name.width = ColumnWidth::Flexible { min: 8, wanted: wanted.max(8) };
    }
    for column in &mut columns {
        column.sorted = None;
        column.rank = rank(column.title).unwrap_or(column.rank);
    }
    List { columns, rows, detail: None }
}

/// The rank of a column of the Tables pane among the family's; `None` where it isn't one of them.
fn rank(title: &str) -> Option<u8> {
    match title {
        "NAME" => Some(0),
        "R THR" | "W THR" => Some(1),
        "R USE" | "W USE" => Some(2),
        _ => None,
    }
}

/// Keeps the elements in these places.
fn keep<T>(all: &mut Vec<T>, places: &[usize]) {
    let mut place = 0..;
    all.retain(|_| place.next().is_some_and(|place| places.contains(&place)));
}
