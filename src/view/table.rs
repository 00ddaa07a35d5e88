//! The Table pane: one table or index, its family, its charts, and what is known about it.

use super::chart::Chart;
use super::charts;
use super::tables::Subject;
use super::times::Times;
use super::{Paragraph, Span, detail};
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use crate::view::text::Charset;

/// A table or one of its indexes, to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// `!` for trouble, `i` for a notice, empty otherwise.
    pub mark: Span,
    /// Its name.
    pub name: Span,
    /// Whether the pane is about it.
    pub selected: bool,
}

/// One thing that is known, such as `deletion protection` `on`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub label: &'static str,
    /// How it is.
    pub text: Span,
}

/// Everything the pane says.
#[derive(Debug, Clone, PartialEq)]
pub struct TablePane {
    /// The resource's name.
    pub title: String,
    /// The table and its indexes; empty for the account.
    pub members: Vec<Member>,
    /// What is wrong, what to do, and why we think so.
    pub verdict: Vec<Paragraph>,
    /// What matters most first.
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
    let Facts { subject, times, .. } = facts;
    let charts = Direction::ALL
        .map(|direction| charts::consumption(subject.reading, subject.resource, direction, *times));
    TablePane {
        title: detail::title(subject.resource),
        members: vec![],
        verdict: detail::judgement(subject, facts.charset),
        charts: charts.to_vec(),
        expanded: facts.expanded,
        facts: vec![],
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
