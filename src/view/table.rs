//! The Table pane: one table or index, its family, its charts, and what is known about it.

mod calm;
mod facts;
mod outflow;
#[cfg(test)]
mod tests;

use super::chart::{Chart, Marker};
use super::charts::{self, Kind};
use super::format::mark_in;
use super::hot_keys::{self, Reveal};
use super::tables::{self, Marks, SortBy, Subject};
use super::text::width;
use super::times::Times;
use super::{ColumnWidth, Layout, List, Paragraph, Span, detail};
use crate::model::id::Resource;
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
    /// Whether the focused chart has the whole pane: then it is the only one. In words, the facts have it.
    pub expanded: bool,
    /// Whether words have the whole pane.
    pub details: bool,
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
    /// Whether that chart has the whole pane, or in words what is no verdict.
    pub expanded: bool,
    /// Whether words have the whole pane, in place of charts.
    pub details: bool,
    /// Whether keys are written in full.
    pub reveals_keys: bool,
    /// Which characters may be used.
    pub charset: Charset,
}

/// Writes the pane.
pub fn pane(facts: &Facts<'_>) -> TablePane {
    let Facts { subject, times, charset, .. } = facts;
    let kinds = charts::kinds(subject);
    let count = kinds.len().max(1).cast_signed();
    let focused = facts.focus.rem_euclid(count).cast_unsigned();
    let is_shown = |place: usize| !facts.expanded || place == focused;
    let shown = kinds.into_iter().enumerate().filter(|(place, _)| is_shown(*place));
    let (places, kinds): (Vec<usize>, Vec<Kind>) = shown.unzip();
    let mut charts = charts::charts_of(kinds, subject, *times);
    for (chart, place) in charts.iter_mut().zip(places) {
        chart.focused = place == focused;
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
        details: facts.details,
        facts: hot_key(facts).into_iter().chain(facts::facts(subject)).collect(),
    }
}

/// The key that makes a partition too hot, where reports tell.
fn hot_key(facts: &Facts<'_>) -> Option<Fact> {
    let reveal = Reveal { in_full: facts.reveals_keys, charset: facts.charset };
    hot_keys::told(&facts.subject, reveal).map(|text| Fact { label: "hot key", text })
}

impl TablePane {
    /// Which marks of [`super::format::LEGEND`] it uses on a screen so many cells wide.
    pub fn marks(&self, width: u16) -> Marks {
        let charts = self.charts.iter().flat_map(|chart| &chart.lines);
        let charts = charts.map(|line| line.value.as_str());
        // Narrow screens name the family, without its figures.
        let has_figures = width >= Layout::SIDE_BY_SIDE && !self.expanded;
        let family = self.family.rows.iter().filter(|_| has_figures);
        let family = family.flat_map(|row| row.cells.iter().skip(1)).map(|cell| cell.text.as_str());
        let facts = self.facts.iter().filter(|_| !self.expanded);
        let facts = facts.filter_map(|fact| fact.text.text.split(' ').next());
        let mut marks = Marks::default();
        for place in charts.chain(family).chain(facts).filter_map(mark_in) {
            if let Some(mark) = marks.get_mut(place) {
                *mark = true;
            }
        }
        marks
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
