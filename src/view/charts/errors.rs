//! Errors: AWS's own and the callers'.

use super::{Trace, chart, nothing_counted};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::store::Reading;
use crate::view::Role;
use crate::view::chart::Chart;
use crate::view::format::Unit;
use crate::view::times::Times;
use std::sync::Arc;

/// What is counted per table, in the order of the legend.
const OF_A_TABLE: [(Metric, (&str, &str), Role); 3] = [
    (Metric::SystemErrors, ("system", "sys"), Role::Line6),
    (Metric::ConditionalCheckFailedRequests, ("failed conditions", "cond"), Role::Line1),
    (Metric::TransactionConflict, ("conflicts", "tx"), Role::Line3),
];

/// Errors of a table per minute: those that are AWS's, conditions that were not met, and
/// transactions in each other's way.
pub(super) fn errors(reading: Reading<'_>, table: &Arc<str>, times: Times) -> Chart {
    let resource = Resource::Table(Arc::clone(table));
    counts(("errors/min", ""), reading, &resource, &OF_A_TABLE, times)
}

/// Requests per minute that DynamoDB answered with HTTP 400, of the whole account and region.
pub(super) fn user_errors(reading: Reading<'_>, times: Times) -> Chart {
    let metrics = [(Metric::UserErrors, ("", ""), Role::Line1)];
    let title = ("user errors/min, whole account", "user errors/min");
    counts(title, reading, &Resource::Account, &metrics, times)
}

fn counts(
    (title, short_title): (&str, &'static str),
    reading: Reading<'_>,
    resource: &Resource,
    metrics: &[(Metric, (&str, &'static str), Role)],
    times: Times,
) -> Chart {
    let trace = |(metric, (label, short), role): &(Metric, (&str, &'static str), Role)| {
        let key = SeriesKey::sum(resource.clone(), *metric);
        Trace::of(reading, &key, times).named(*label, short, *role)
    };
    let traces: Vec<Trace> = metrics.iter().map(trace).collect();
    let note = nothing_counted(&traces, reading, times);
    Chart { note, ..chart((title.to_owned(), short_title), Unit::Count, times, &traces) }
}
