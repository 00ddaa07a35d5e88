//! Latency by operation.

use super::history::newest;
use super::{Trace, chart, why_empty};
use crate::model::id::Resource;
use crate::model::metric::{Metric, Operation, SeriesKey, Statistic};
use crate::store::Reading;
use crate::view::Role;
use crate::view::chart::{Chart, Stroke};
use crate::view::format::Unit;
use crate::view::times::Times;
use std::sync::Arc;

/// The lines of the slowest operations, in the order of the legend.
const ROLES: [Role; 3] = [Role::Line1, Role::Line2, Role::Line3];

/// Server-side latency of a table in milliseconds: the 99th percentile of its slowest operations,
/// and dotted their median.
pub(super) fn latency(reading: Reading<'_>, table: &Arc<str>, times: Times) -> Chart {
    let key = |operation: &Operation, statistic| SeriesKey {
        resource: Resource::Table(Arc::clone(table)),
        metric: Metric::SuccessfulRequestLatency,
        operation: Some(Arc::clone(operation)),
        statistic,
    };
    let mut operations: Vec<(&Operation, Trace)> = reading
        .operations(table)
        .iter()
        .map(|operation| (operation, Trace::of(reading, &key(operation, Statistic::P99), times)))
        .collect();
    // The cursor changes no places: what is slow now comes first, then what was slow in the window.
    let slowness = |(operation, p99): &(&Operation, Trace)| {
        let now = newest(reading, &key(operation, Statistic::P99)).value();
        [now, p99.history.values().flatten().reduce(f64::max)].map(|ms| ms.unwrap_or(-1.0))
    };
    operations.sort_by(|a, b| {
        let ([a_now, a_most], [b_now, b_most]) = (slowness(a), slowness(b));
        b_now.total_cmp(&a_now).then(b_most.total_cmp(&a_most))
    });
    let others = operations.len().saturating_sub(ROLES.len());
    let slowest = operations.into_iter().zip(ROLES);
    let traces: Vec<Trace> = slowest
        .flat_map(|((operation, p99), role)| {
            let mut p50 =
                Trace::of(reading, &key(operation, Statistic::P50), times).named("", "", role);
            p50.stroke = Stroke::Dotted;
            let p50 = Some(p50).filter(|p50| p50.absence().is_none());
            std::iter::once(p99.named(operation.to_string(), short(operation), role)).chain(p50)
        })
        .collect();
    let title = match others {
        0 => "latency p99/p50 ms".to_owned(),
        more => format!("latency p99/p50 ms (+{more} more)"),
    };
    let title = (title, "p99 ms");
    let absence = traces.iter().map(Trace::absence).reduce(Option::and);
    let note = absence.unwrap_or_else(|| Some(why_empty(reading.latency(table, Statistic::P99))));
    Chart { note, ..chart(title, Unit::Decimal, times, &traces) }
}

/// An operation in a few cells; empty for one that is not known to be long.
fn short(operation: &str) -> &'static str {
    match operation {
        "GetItem" => "Get",
        "PutItem" => "Put",
        "UpdateItem" => "Upd",
        "DeleteItem" => "Del",
        "BatchGetItem" => "BGet",
        "BatchWriteItem" => "BWrite",
        "TransactGetItems" => "TGet",
        "TransactWriteItems" => "TWrite",
        "ExecuteStatement" => "Exec",
        "BatchExecuteStatement" => "BExec",
        "ExecuteTransaction" => "TExec",
        _ => "",
    }
}
