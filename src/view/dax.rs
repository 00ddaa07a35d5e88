//! The DAX pane: clusters, each with its nodes, and what keeps them from serving.

mod facts;
mod opened;
mod row;
#[cfg(test)]
mod tests;
mod why;

pub use opened::{DaxPane, opened};
pub use row::{list, longest_name};

use super::scaling::Weight;
use super::tables::Subject;
use super::timeline::{Unread, unread};
use super::times::Times;
use super::{Charset, Detail};
use crate::diagnose::Verdict;
use crate::model::dax::Cluster;
use crate::model::health::Poller;
use crate::model::id::{Resource, Scope};
use crate::store::Reading;
use crate::view::chart::Marker;
use std::cmp::Reverse;
use std::sync::Arc;

/// One row: a cluster or a node.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where it lives.
    pub scope: Scope,
    /// The cluster or node.
    pub resource: Resource,
    /// How much it matters.
    pub weight: Weight,
    /// The same with its nodes, of a cluster: it stays where one of them has a row.
    pub worst: Weight,
    /// What is the matter, what matters most first.
    pub what: String,
    /// What a filter looks through, in lower case: of a cluster its nodes, too.
    pub haystack: String,
    /// Whether it goes without a row unless everything is shown: a calm node where there are many.
    pub folded: bool,
}

/// Every cluster, each followed by its nodes, what needs action first.
pub fn entries<'a>(judged: impl Iterator<Item = (Reading<'a>, &'a [Verdict])>) -> Vec<Entry> {
    let mut families: Vec<Vec<Entry>> = judged
        .flat_map(|(reading, verdicts)| {
            let clusters = reading.clusters().value().into_iter().flatten();
            clusters.map(move |cluster| family(reading, verdicts, cluster))
        })
        .collect();
    // A stable sort: what is alike stays in the order of scopes and names.
    families.sort_by_key(|family| Reverse(family.first().map(|cluster| cluster.worst)));
    families.into_iter().flatten().collect()
}

fn family(reading: Reading<'_>, verdicts: &[Verdict], cluster: &Cluster) -> Vec<Entry> {
    let entry = |resource: Resource| {
        let own: Vec<&Verdict> =
            verdicts.iter().filter(|verdict| verdict.resource == resource).collect();
        let (what, weight) = why::told(reading, cluster, &resource, &own);
        let cause = verdicts
            .iter()
            .find(|verdict| verdict.resource != resource && verdict.explains.contains(&resource));
        let what = match cause.filter(|_| !own.is_empty()) {
            Some(cause) => format!("{}: {}; {what}", cause.resource.short_name(), cause.headline()),
            None => what,
        };
        let haystack = format!("{resource} {what} {}", row::status(cluster, &resource));
        let haystack = haystack.to_lowercase();
        let scope = reading.scope().clone();
        Entry { scope, resource, weight, worst: weight, what, haystack, folded: false }
    };
    let name = &cluster.name;
    let node = |id: &Arc<str>| entry(Resource::Node(Arc::clone(name), Arc::clone(id)));
    let mut nodes: Vec<Entry> = cluster.nodes.iter().map(|known| node(&known.id)).collect();
    nodes.sort_by(|a, b| a.resource.cmp(&b.resource));
    let mut head = entry(Resource::Cluster(Arc::clone(name)));
    head.worst = nodes.iter().map(|node| node.weight).fold(head.weight, Weight::max);
    for node in &nodes {
        head.haystack.push(' ');
        head.haystack.push_str(&node.haystack);
    }
    std::iter::once(head).chain(nodes).collect()
}

/// What the pane is made of, and who reads it.
const SOURCES: [(Poller, &str); 3] = [
    (Poller::Clusters, "DAX clusters"),
    (Poller::ClusterEvents, "DAX events"),
    (Poller::Parameters, "TTLs"),
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
    pub subject: Subject<'a>,
    /// Cells that the widest name takes, whether it is on screen or not.
    pub longest_name: usize,
    /// What the charts show.
    pub times: Times,
    /// The chart that keys act on, counted round and round.
    pub focus: isize,
    /// Which characters may be used.
    pub charset: Charset,
    /// What charts are made of.
    pub marker: Marker,
    /// Columns of the screen and rows of the strip below the list; no rows where there is none.
    pub strip: (u16, u16),
}

/// Everything that is known of the selected row, in words alone.
pub fn words(facts: &Facts<'_>) -> Detail {
    let title = row::title(facts.subject.resource, facts.charset);
    Detail { title, paragraphs: facts::words(facts), charts: vec![] }
}
