//! The list of clusters and nodes, and the strip below it.

use super::{Entry, Facts, facts};
use crate::model::dax::Cluster;
use crate::model::id::Resource;
use crate::model::metric::{Cache, DaxMetric, SeriesKey};
use crate::model::time::Figure;
use crate::store::Reading;
use crate::view::chart::Marker;
use crate::view::charts::{DaxKind, dax_chart};
use crate::view::detail::{STRIP_CHARTS, has_room_for_charts};
use crate::view::format::{Unit, figure};
use crate::view::scaling::Weight;
use crate::view::text::{Charset, points_per_cell, sparkline, width};
use crate::view::{Align, Column, ColumnWidth, Detail, List, Role, Row, Span};

/// From which use on a figure is worth a look, percent.
const HIGH_PERCENT: f64 = 80.0;
/// Cells of the small chart in a row.
const SPARK_CELLS: i64 = 20;

/// What stands in a column of figures.
#[derive(Clone, Copy)]
enum Content {
    Metric(DaxMetric),
    PerSecond(DaxMetric),
    HitRate(Cache),
    Network,
}

/// The columns of figures: head, width, rank, content, unit.
const FIGURES: [(&str, u16, u8, Content, Unit); 13] = {
    use Content::{HitRate, Metric, Network, PerSecond};
    use DaxMetric as M;
    [
        ("CPU", 5, 1, Metric(M::CpuUtilization), Unit::Percent),
        ("MEM", 5, 3, Metric(M::CacheMemoryUtilization), Unit::Percent),
        ("ITEM HIT", 8, 2, HitRate(Cache::Item), Unit::Percent),
        ("QUERY HIT", 9, 7, HitRate(Cache::Query), Unit::Percent),
        ("SCAN HIT", 8, 15, HitRate(Cache::Scan), Unit::Percent),
        ("REQ/S", 7, 10, PerSecond(M::TotalRequestCount), Unit::Decimal),
        ("EVICTED B", 9, 9, Metric(M::EvictedSize), Unit::Count),
        ("CONNS", 7, 13, Metric(M::ClientConnections), Unit::Count),
        ("THR", 6, 1, Metric(M::ThrottledRequestCount), Unit::Count),
        ("ERR", 6, 12, Metric(M::ErrorRequestCount), Unit::Count),
        ("FAULTS", 7, 5, Metric(M::FaultRequestCount), Unit::Count),
        ("NET", 6, 11, Network, Unit::Percent),
        ("CREDITS", 7, 14, Metric(M::CpuCreditBalance), Unit::Count),
    ]
};

/// Writes the list, with what is told of the selected row below it if there is room.
pub fn list(facts: &Facts<'_>) -> List {
    let rows = facts.rows.iter().enumerate();
    let rows = rows.map(|(at, (entry, reading))| row(facts, *reading, entry, at == facts.selected));
    List {
        columns: columns(facts),
        rows: rows.collect(),
        detail: (facts.strip.1 > 0).then(|| detail(facts)),
    }
}

/// The strip: words, with charts where there is room for them.
fn detail(facts: &Facts<'_>) -> Detail {
    let paragraphs = facts::paragraphs(facts);
    let resource = facts.subject.resource;
    let charts = if has_room_for_charts(&paragraphs, facts.charset, facts.strip) {
        [DaxKind::Use, DaxKind::Hits]
            .into_iter()
            .take(STRIP_CHARTS)
            .map(|kind| dax_chart(kind, facts.subject.reading, resource, facts.times))
            .collect()
    } else {
        vec![]
    };
    Detail { title: title(resource, facts.charset), paragraphs, charts }
}

pub(super) fn title(resource: &Resource, charset: Charset) -> String {
    let separator = charset.separator();
    match resource {
        Resource::Node(cluster, node) => format!("{cluster}{separator}node {node}"),
        Resource::Cluster(_) | Resource::Account | Resource::Table(_) | Resource::Index(..) => {
            resource.short_name().to_owned()
        }
    }
}

/// Cells of the widest name among these.
pub fn longest_name<'a>(resources: impl Iterator<Item = &'a Resource>) -> usize {
    const INDENT: usize = 2;
    let cells = |resource: &Resource| {
        let indent = if matches!(resource, Resource::Node(..)) { INDENT } else { 0 };
        indent + width(resource.short_name())
    };
    resources.map(cells).max().unwrap_or(0)
}

fn columns(facts: &Facts<'_>) -> Vec<Column> {
    const NAME: (u16, u16) = (16, 40);
    const WHAT: (u16, u16) = (20, 34);
    let column = |title, width, rank, align| Column { title, sorted: None, width, rank, align };
    let wanted = u16::try_from(facts.longest_name).unwrap_or(u16::MAX).clamp(NAME.0, NAME.1);
    let name = ColumnWidth::Flexible { min: NAME.0, wanted };
    let figures = FIGURES.into_iter().map(|(title, cells, rank, _, _)| {
        column(title, ColumnWidth::Fixed(cells), rank, Align::Right)
    });
    let spark = match points_per_cell(facts.charset, facts.marker) {
        2 => "CPU, 40 MIN",
        _ => "CPU, 20 MIN",
    };
    let mut columns = vec![
        column("NAME", name, 0, Align::LeftCutMiddle),
        column("STATUS", ColumnWidth::Fixed(10), 6, Align::LeftCutEnd),
        column("NODES, AZ", ColumnWidth::Fixed(10), 8, Align::LeftCutEnd),
    ];
    columns.extend(figures);
    let cells = ColumnWidth::Fixed(u16::try_from(SPARK_CELLS).unwrap_or(0));
    columns.push(column(spark, cells, 4, Align::LeftCutEnd));
    let what = ColumnWidth::Flexible { min: WHAT.0, wanted: WHAT.1 };
    columns.push(column("WHAT", what, 3, Align::LeftCutEnd));
    columns
}

fn row(facts: &Facts<'_>, reading: Reading<'_>, entry: &Entry, selected: bool) -> Row {
    let resource = &entry.resource;
    let cluster = resource.cluster_name().and_then(|name| reading.cluster(name));
    let status = cluster.map_or("", |cluster| status(cluster, resource));
    let (status_role, place_role) = match reading.clusters_outdated() {
        Some(_) => (Role::Stale, Role::Stale),
        None if status.eq_ignore_ascii_case("available") => (Role::Dim, Role::Dim),
        None => (Role::Notice, Role::Dim),
    };
    let name = match resource {
        Resource::Node(_, node) => format!("{}{node}", facts.charset.branch()),
        Resource::Cluster(_) | Resource::Account | Resource::Table(_) | Resource::Index(..) => {
            resource.short_name().to_owned()
        }
    };
    let name_role = match entry.weight {
        _ if selected => Role::Selected,
        Weight::Trouble => Role::Trouble,
        Weight::Calm | Weight::Notice => Role::Text,
    };
    let place = cluster.map_or_else(String::new, |cluster| place(cluster, resource));
    let mut cells = vec![
        Span::new(name, name_role),
        Span::new(status, status_role),
        Span::new(place, place_role),
    ];
    cells.extend(FIGURES.into_iter().map(|(_, _, _, content, unit)| {
        let value = content.figure(reading, resource);
        Span::new(figure(value, unit), content.role(value, entry.weight))
    }));
    cells.push(spark(reading, resource, facts.charset, facts.marker));
    cells.push(Span::new(
        entry.what.clone(),
        match entry.weight {
            Weight::Calm => Role::Dim,
            Weight::Notice => Role::Notice,
            Weight::Trouble => Role::Trouble,
        },
    ));
    Row { mark: entry.weight.mark(), selected, marked: false, cells }
}

/// The status in AWS's words.
pub(super) fn status<'a>(cluster: &'a Cluster, resource: &Resource) -> &'a str {
    match resource {
        Resource::Node(_, id) => cluster.node(id).map_or("", |node| &*node.status),
        Resource::Cluster(_) | Resource::Account | Resource::Table(_) | Resource::Index(..) => {
            &cluster.status
        }
    }
}

/// How many nodes of a cluster serve, or where a node is.
fn place(cluster: &Cluster, resource: &Resource) -> String {
    match resource {
        Resource::Node(_, id) => {
            let zone = cluster.node(id).and_then(|node| node.zone.as_deref());
            zone.unwrap_or_default().to_owned()
        }
        Resource::Cluster(_) | Resource::Account | Resource::Table(_) | Resource::Index(..) => {
            match (cluster.active_nodes, cluster.total_nodes) {
                (Some(active), Some(total)) => format!("{active} of {total}"),
                _ => cluster.size().to_string(),
            }
        }
    }
}

impl Content {
    fn figure(self, reading: Reading<'_>, resource: &Resource) -> Figure {
        match self {
            Self::Metric(metric) => reading.dax(resource, metric),
            Self::PerSecond(metric) => reading.dax(resource, metric).map(|count| count / 60.0),
            Self::HitRate(cache) => reading.hit_rate_percent(resource, cache),
            Self::Network => reading.network_percent(resource),
        }
    }

    /// Whether a high share of something that is limited.
    fn is_use(self) -> bool {
        matches!(
            self,
            Self::Network
                | Self::Metric(DaxMetric::CpuUtilization | DaxMetric::CacheMemoryUtilization)
        )
    }

    /// Whether any of it is too much.
    fn is_failure(self) -> bool {
        matches!(
            self,
            Self::Metric(DaxMetric::ThrottledRequestCount | DaxMetric::FaultRequestCount)
        )
    }

    fn role(self, figure: Figure, weight: Weight) -> Role {
        match figure {
            Figure::Stale { .. } => Role::Stale,
            Figure::Denied { .. } => Role::Problem,
            Figure::Zero { .. }
            | Figure::Idle { .. }
            | Figure::NotApplicable
            | Figure::NotPolled => Role::Dim,
            Figure::Unknown { .. } => Role::Notice,
            Figure::Value { value, .. } | Figure::Settling { value, .. } => {
                let is_high = self.is_use() && value >= HIGH_PERCENT;
                match (self.is_failure() && value > 0.0, weight) {
                    (true, Weight::Trouble) => Role::Trouble,
                    (true, Weight::Calm | Weight::Notice) => Role::Notice,
                    (false, _) if is_high => Role::Notice,
                    (false, _) => Role::Text,
                }
            }
        }
    }
}

/// CPU use of the last minutes, on every row against all of the CPU: a node unlike the others is seen.
fn spark(reading: Reading<'_>, resource: &Resource, charset: Charset, marker: Marker) -> Span {
    const ALL: f64 = 100.0;
    let key = SeriesKey::dax(resource.clone(), DaxMetric::CpuUtilization);
    let Some(series) = reading.series(&key) else { return Span::new("", Role::Chart) };
    let newest = series.settled_through();
    let minutes = SPARK_CELLS * points_per_cell(charset, marker);
    let minutes = (1 - minutes..=0).map(|offset| newest.plus(offset));
    let points: Vec<Option<f64>> = minutes.map(|minute| series.get(minute).value()).collect();
    Span::new(sparkline(&points, ALL, charset, marker), Role::Chart)
}
