//! Charts that leave the program, with names for their files and for the columns of their data.

use super::{DaxKind, Kind, charts_of, dax_chart, kinds};
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use crate::model::time::Minute;
use crate::view::chart::{Chart, Stroke};
use crate::view::tables::Subject;
use crate::view::times::Times;

/// A chart, and what its numbers are called where nothing else explains them.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported {
    /// A part of a file's name, such as `write-units`.
    pub name: &'static str,
    /// The unit of the lines, such as `units/s`.
    pub unit: &'static str,
    /// The end of a column's name, such as `units_per_second`.
    pub column: &'static str,
    /// The chart; every line of it has a name of its own, or is the only one.
    pub chart: Chart,
    /// What belongs beside the lines in their data, by the names of columns: a value for each minute of the chart
    /// where it is known.
    pub beside: Vec<(&'static str, Vec<Option<f64>>)>,
}

/// Every chart that exists for a resource.
pub fn exported(subject: &Subject<'_>, times: Times) -> Vec<Exported> {
    if let Resource::Cluster(cluster) | Resource::Node(cluster, _) = subject.resource {
        return of_dax(subject, cluster, times);
    }
    let kinds = kinds(subject);
    let charts = charts_of(kinds.iter().copied(), subject, times);
    let exported = |(kind, chart): (Kind, Chart)| {
        let (name, unit, column) = named(kind);
        let chart = if kind == Kind::Latency { with_percentiles(chart) } else { chart };
        let beside = beside(kind, subject, times);
        Exported { name, unit, column, chart, beside }
    };
    kinds.into_iter().zip(charts).map(exported).collect()
}

fn of_dax(subject: &Subject<'_>, cluster: &str, times: Times) -> Vec<Exported> {
    let reading = subject.reading;
    let kinds = reading.cluster(cluster).map(DaxKind::of).unwrap_or_default();
    let exported = |kind: DaxKind| {
        let (name, unit, column) = named_of_dax(kind);
        let chart = dax_chart(kind, reading, subject.resource, times);
        Exported { name, unit, column, chart, beside: vec![] }
    };
    kinds.into_iter().map(exported).collect()
}

/// The limits of each minute beside what was consumed in it: a chart's level is the present one, and its line that of a
/// metric which comes every five minutes.
fn beside(
    kind: Kind,
    subject: &Subject<'_>,
    times: Times,
) -> Vec<(&'static str, Vec<Option<f64>>)> {
    let direction = match kind {
        Kind::Units(direction) => direction,
        Kind::Throttles(_) | Kind::Latency | Kind::Errors | Kind::UserErrors => return vec![],
    };
    let Subject { reading, resource, .. } = *subject;
    let minutes = || (times.window.start.0..times.window.end.0).map(Minute);
    let provisioned = minutes().map(|at| reading.provisioned_then(resource, direction, at));
    let maximum = minutes().map(|at| reading.maximum_then(resource, direction, at));
    vec![
        ("provisioned_units_per_second", provisioned.collect()),
        ("on_demand_maximum_units_per_second", maximum.collect()),
    ]
}

fn named_of_dax(kind: DaxKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        DaxKind::Use => ("use", "%", "percent"),
        DaxKind::Hits => ("hit-rate", "%", "hit_rate_percent"),
        DaxKind::Refused => ("refused", "requests/min", "requests_per_minute"),
        DaxKind::Requests => ("requests", "requests/min", "requests_per_minute"),
        DaxKind::Evicted => ("evicted", "bytes/min", "evicted_bytes_per_minute"),
        DaxKind::Connections => ("connections", "connections", "connections"),
        DaxKind::Network => ("network", "% of baseline", "percent_of_baseline"),
        DaxKind::Credits => ("credits", "credits", "credits"),
    }
}

fn named(kind: Kind) -> (&'static str, &'static str, &'static str) {
    use Direction::{Read, Write};
    match kind {
        Kind::Units(Read) => ("read-units", "units/s", "units_per_second"),
        Kind::Units(Write) => ("write-units", "units/s", "units_per_second"),
        Kind::Throttles(Read) => ("read-throttles", "events/min", "throttle_events_per_minute"),
        Kind::Throttles(Write) => ("write-throttles", "events/min", "throttle_events_per_minute"),
        Kind::Latency => ("latency", "ms", "milliseconds"),
        Kind::Errors => ("errors", "errors/min", "errors_per_minute"),
        Kind::UserErrors => ("user-errors", "errors/min", "user_errors_per_minute"),
    }
}

/// Names the dotted lines of medians, which on the screen follow those of their operation.
fn with_percentiles(mut chart: Chart) -> Chart {
    let mut operation = String::new();
    for line in &mut chart.lines {
        let percentile = if line.stroke == Stroke::Dotted {
            "p50"
        } else {
            operation.clone_from(&line.label);
            "p99"
        };
        line.label = format!("{operation} {percentile}");
    }
    chart
}
