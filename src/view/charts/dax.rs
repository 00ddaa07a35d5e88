//! Charts of DAX clusters and nodes.

use super::history::{History, history};
use super::{Trace, chart, nothing_counted, why_empty};
use crate::model::dax::{Cluster, Node};
use crate::model::id::Resource;
use crate::model::metric::{Cache, DaxMetric, SeriesKey};
use crate::model::time::{Figure, Minute};
use crate::store::Reading;
use crate::view::Role;
use crate::view::chart::{Chart, Event, Mark, Stroke};
use crate::view::format::Unit;
use crate::view::times::Times;
use std::sync::Arc;

/// What a chart of DAX is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::view) enum DaxKind {
    /// CPU and memory.
    Use,
    /// How much is answered from each cache.
    Hits,
    /// What was throttled, or failed.
    Refused,
    Requests,
    Evicted,
    Connections,
    Network,
    Credits,
}

/// One line of a chart: the metric, its name at length and short, and its colour.
type Named = (DaxMetric, (&'static str, &'static str), Role);

impl DaxKind {
    /// The charts of a cluster, in the order of the pane.
    pub(in crate::view) fn of(cluster: &Cluster) -> Vec<Self> {
        let mut kinds = vec![
            Self::Use,
            Self::Hits,
            Self::Refused,
            Self::Requests,
            Self::Evicted,
            Self::Connections,
            Self::Network,
        ];
        if cluster.is_burstable() {
            kinds.push(Self::Credits);
        }
        kinds
    }

    fn title(self) -> &'static str {
        match self {
            Self::Use => "CPU and memory, %",
            Self::Hits => "hit rate, %",
            Self::Refused => "refused/min",
            Self::Requests => "requests/min",
            Self::Evicted => "evicted bytes/min",
            Self::Connections => "connections of a node",
            Self::Network => "network, % of baseline",
            Self::Credits => "CPU credits",
        }
    }

    /// By what nodes are compared where this is looked at.
    pub(in crate::view) fn compared(self) -> &'static str {
        match self {
            Self::Use => "CPU, %",
            Self::Hits => "item cache hit rate, %",
            Self::Refused => "throttled requests/min",
            Self::Requests => "requests/min",
            Self::Evicted => "evicted bytes/min",
            Self::Connections => "connections",
            Self::Network => "network out, % of baseline",
            Self::Credits => "CPU credits",
        }
    }

    fn unit(self) -> Unit {
        match self {
            Self::Use | Self::Hits | Self::Network => Unit::Percent,
            Self::Refused | Self::Requests | Self::Evicted | Self::Connections | Self::Credits => {
                Unit::Count
            }
        }
    }

    /// Per cent of what cannot be exceeded are drawn against all of it.
    fn least_top(self) -> Option<f64> {
        matches!(self, Self::Use | Self::Hits).then_some(100.0)
    }

    /// In the order of the legend, what matters most first.
    fn lines(self) -> &'static [Named] {
        use DaxMetric as M;
        match self {
            Self::Use => &[
                (M::CpuUtilization, ("CPU", ""), Role::Line1),
                (M::CacheMemoryUtilization, ("memory", "mem"), Role::Line3),
            ],
            Self::Hits => &[],
            Self::Refused => &[
                (M::ThrottledRequestCount, ("throttled", "thr"), Role::Line4),
                (M::ErrorRequestCount, ("errors", "err"), Role::Line1),
                (M::FaultRequestCount, ("faults", "flt"), Role::Line6),
            ],
            Self::Requests => &[(M::TotalRequestCount, ("", ""), Role::Line1)],
            Self::Evicted => &[(M::EvictedSize, ("", ""), Role::Line5)],
            Self::Connections => &[(M::ClientConnections, ("at most", ""), Role::Line2)],
            Self::Network => &[
                (M::NetworkOut, ("out", ""), Role::Line1),
                (M::NetworkIn, ("in", ""), Role::Line2),
            ],
            Self::Credits => &[(M::CpuCreditBalance, ("", ""), Role::Line3)],
        }
    }

    /// The one line by which nodes are compared.
    fn compared_line(self) -> Option<Named> {
        self.lines().first().copied()
    }

    fn are_counts(self) -> bool {
        matches!(self, Self::Refused | Self::Requests | Self::Evicted)
    }
}

/// Builds a chart of a cluster or node, with what happened to the cluster.
pub(in crate::view) fn dax_chart(
    kind: DaxKind,
    reading: Reading<'_>,
    resource: &Resource,
    times: Times,
) -> Chart {
    let mut traces: Vec<Trace> = match kind {
        DaxKind::Hits => {
            Cache::ALL.into_iter().map(|cache| rate(reading, resource, cache, times)).collect()
        }
        DaxKind::Use
        | DaxKind::Refused
        | DaxKind::Requests
        | DaxKind::Evicted
        | DaxKind::Connections
        | DaxKind::Network
        | DaxKind::Credits => {
            kind.lines().iter().map(|named| trace(reading, resource, *named, times)).collect()
        }
    };
    // Later lines lie in front: where they are equal, the first shows between their dashes.
    traces.iter_mut().skip(1).for_each(|trace| trace.stroke = Stroke::Dashed);
    let is_of_nodes = kind == DaxKind::Credits && matches!(resource, Resource::Cluster(_));
    let note = if is_of_nodes {
        Some("only nodes have credits: see below".to_owned())
    } else if kind.are_counts() {
        nothing_counted(&traces, reading, times)
    } else {
        absence(&traces)
    };
    Chart {
        note,
        least_top: kind.least_top(),
        events: events(reading, resource, times),
        ..chart((kind.title().to_owned(), ""), kind.unit(), times, &traces)
    }
}

/// Builds the charts by which the nodes of a cluster are compared, all on one scale, so that the odd one out is seen.
pub(in crate::view) fn node_charts(
    kind: DaxKind,
    reading: Reading<'_>,
    cluster: &Cluster,
    times: Times,
) -> Vec<Chart> {
    let mut charts: Vec<Chart> = cluster
        .nodes
        .iter()
        .map(|node| {
            let resource = Resource::Node(Arc::clone(&cluster.name), Arc::clone(&node.id));
            let trace = match kind.compared_line() {
                Some(named) => trace(reading, &resource, named, times),
                None => rate(reading, &resource, Cache::Item, times),
            };
            let traces = [trace.named("", "", Role::Line1)];
            Chart {
                note: absence(&traces),
                least_top: kind.least_top(),
                ..chart((named(node), ""), kind.unit(), times, &traces)
            }
        })
        .collect();
    let tops = charts.iter().map(|chart| chart.scale().top);
    let highest = tops.reduce(f64::max);
    for chart in &mut charts {
        chart.least_top = highest;
    }
    charts
}

/// The id, and the status where the node does not serve.
fn named(node: &Node) -> String {
    if node.is_available() { node.id.to_string() } else { format!("{} {}", node.id, node.status) }
}

fn trace(
    reading: Reading<'_>,
    resource: &Resource,
    (metric, (label, short), role): Named,
    times: Times,
) -> Trace {
    let key = SeriesKey::dax(resource.clone(), metric);
    Trace::of(reading, &key, times).named(label, short, role)
}

/// Which part of the requests to a cache it answered, minute by minute.
fn rate(reading: Reading<'_>, resource: &Resource, cache: Cache, times: Times) -> Trace {
    let of = |metric| history(reading, &SeriesKey::dax(resource.clone(), metric), times.window);
    let (hits, misses) = (of(DaxMetric::CacheHits(cache)), of(DaxMetric::CacheMisses(cache)));
    let both = hits.figures.iter().zip(&misses.figures);
    let history = History {
        start: hits.start,
        figures: both.map(|(hits, misses)| rate_of(*hits, *misses)).collect(),
        settled_through: hits.settled_through.min(misses.settled_through),
    };
    let figure = match times.cursor {
        Some(cursor) => history.at(cursor),
        None => reading.hit_rate_percent(resource, cache),
    };
    let role = match cache {
        Cache::Item => Role::Line1,
        Cache::Query => Role::Line2,
        Cache::Scan => Role::Line4,
    };
    Trace::from_history(history, figure).named(cache.name(), "", role)
}

fn rate_of(hits: Figure, misses: Figure) -> Figure {
    let (Some(answered), Some(rest), Some(at)) = (hits.value(), misses.value(), misses.at()) else {
        return if hits.value().is_none() { hits } else { misses };
    };
    let sum = answered + rest;
    if sum <= 0.0 {
        return Figure::Idle { at };
    }
    let value = 100.0 * answered / sum;
    match (hits, misses) {
        (Figure::Settling { .. }, _) | (_, Figure::Settling { .. }) => {
            Figure::Settling { value, at }
        }
        _ => Figure::Value { value, at },
    }
}

/// Why nothing is drawn, where nothing is.
fn absence(traces: &[Trace]) -> Option<String> {
    let is_empty = |trace: &Trace| trace.history.values().all(|value| value.is_none());
    let newest = traces.first()?.figure;
    traces.iter().all(is_empty).then(|| why_empty(newest))
}

/// What happened to the cluster meanwhile.
fn events(reading: Reading<'_>, resource: &Resource, times: Times) -> Vec<Event> {
    let cluster = resource.cluster_name().and_then(|name| reading.cluster(name));
    let Some(cluster) = cluster else { return vec![] };
    let happened = reading.events_of_cluster(cluster, times.window.start.start());
    let mut minutes: Vec<Minute> =
        happened.into_iter().map(|event| Minute::containing(event.at)).collect();
    minutes.dedup();
    minutes.into_iter().map(|minute| Event { minute, mark: Mark::Changed }).collect()
}
