//! One cluster in charts, and its nodes side by side.

use super::{Facts, facts, row};
use crate::model::id::Resource;
use crate::view::chart::Chart;
use crate::view::charts::{DaxKind, dax_chart, node_charts};
use crate::view::{Paragraph, Role, Span};
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
    /// The places of the nodes, those least like the others first: where not all have room, these do.
    pub odd_first: Vec<usize>,
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
            odd_first: vec![],
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
        Resource::Node(_, id) => {
            let is_it = |chart: &&mut Chart| chart.title.split(' ').next() == Some(&**id);
            nodes.iter_mut().find(is_it)
        }
        Resource::Account | Resource::Table(_) | Resource::Index(..) | Resource::Cluster(_) => None,
    };
    if let Some(chart) = selected {
        chart.focused = true;
    }
    DaxPane {
        title: cluster.name.to_string(),
        words: facts::paragraphs(facts),
        charts: charts.collect(),
        compared: comparison(compared, nodes.len()),
        odd_first: odd_first(&nodes),
        nodes,
    }
}

/// The places of these charts, those whose mean lies farthest from the middle one's first; what has no points is
/// unlike all others.
fn odd_first(nodes: &[Chart]) -> Vec<usize> {
    let mean = |chart: &Chart| {
        let points = chart.lines.iter().flat_map(|line| chart.points(line)).flatten();
        let (sum, count) =
            points.fold((0.0, 0.0), |(sum, count), point| (sum + point, count + 1.0));
        (count > 0.0).then(|| sum / count)
    };
    let means: Vec<Option<f64>> = nodes.iter().map(mean).collect();
    let mut known: Vec<f64> = means.iter().flatten().copied().collect();
    known.sort_by(f64::total_cmp);
    let middle = known.get(known.len() / 2).copied().unwrap_or(0.0);
    let distance = |mean: Option<f64>| mean.map_or(f64::INFINITY, |mean| (mean - middle).abs());
    let mut places: Vec<(usize, f64)> = means.into_iter().map(distance).enumerate().collect();
    places.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    places.into_iter().map(|(place, _)| place).collect()
}

fn comparison(kind: DaxKind, nodes: usize) -> Span {
    match nodes {
        0 => Span::new("AWS tells no nodes of it", Role::Dim),
        1 => Span::new(format!("its node: {}", kind.compared()), Role::Head),
        nodes => Span::new(format!("{nodes} nodes on one scale: {}", kind.compared()), Role::Head),
    }
}
