//! One cluster in charts, and its nodes side by side.

use super::{Facts, facts, row};
use crate::model::id::Resource;
use crate::store::Reading;
use crate::view::chart::Chart;
use crate::view::charts::{DaxKind, dax_chart, node_charts};
use crate::view::{Charset, Paragraph, Role, Span};
use std::sync::Arc;

/// The DAX pane while a cluster is open.
#[derive(Debug, Clone, PartialEq)]
pub struct DaxPane {
    /// Which cluster.
    pub title: String,
    /// What is known of it, what matters most first.
    pub words: Vec<Paragraph>,
    /// Its charts; keys act on the focused one.
    pub charts: Vec<Chart>,
    /// By what its nodes are compared.
    pub compared: Span,
    /// A small chart of each node, all on one scale.
    pub nodes: Vec<Chart>,
}

/// Writes the cluster that the selected row is or belongs to.
pub fn opened(facts: &Facts<'_>) -> DaxPane {
    let reading = facts.subject.reading;
    let name = facts.subject.resource.cluster_name();
    let Some(cluster) = name.and_then(|name| reading.cluster(name)) else {
        return DaxPane {
            title: row::title(facts.subject.resource, facts.charset),
            words: vec![],
            charts: vec![],
            compared: Span::new("", Role::Dim),
            nodes: vec![],
        };
    };
    let kinds = DaxKind::of(cluster);
    let count = isize::try_from(kinds.len()).unwrap_or(1).max(1);
    let focused = usize::try_from(facts.focus.rem_euclid(count)).unwrap_or(0);
    let resource = Resource::Cluster(Arc::clone(&cluster.name));
    let charts = kinds.iter().enumerate().map(|(place, kind)| Chart {
        focused: place == focused,
        ..dax_chart(*kind, reading, &resource, facts.times)
    });
    let compared = kinds.get(focused).copied().unwrap_or(DaxKind::Use);
    let mut nodes = node_charts(compared, reading, cluster, facts.times);
    nodes.sort_by(|a, b| a.title.cmp(&b.title));
    let selected = match facts.subject.resource {
        Resource::Node(_, id) => nodes.iter_mut().find(|chart| *chart.title == **id),
        Resource::Account | Resource::Table(_) | Resource::Index(..) | Resource::Cluster(_) => None,
    };
    if let Some(chart) = selected {
        chart.focused = true;
    }
    DaxPane {
        title: heading(reading, facts.charset, cluster.name.as_ref(), &cluster.status),
        words: facts::paragraphs(facts),
        charts: charts.collect(),
        compared: comparison(compared, nodes.len()),
        nodes,
    }
}

fn heading(reading: Reading<'_>, charset: Charset, name: &str, status: &str) -> String {
    format!(
        "{name}{separator}{status}{separator}{region}",
        separator = charset.separator(),
        region = reading.scope().region(),
    )
}

fn comparison(kind: DaxKind, nodes: usize) -> Span {
    match nodes {
        0 => Span::new("AWS tells no nodes of it", Role::Dim),
        1 => Span::new(format!("its node: {}", kind.compared()), Role::Head),
        nodes => Span::new(format!("{nodes} nodes on one scale: {}", kind.compared()), Role::Head),
    }
}
