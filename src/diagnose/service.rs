//! `SystemErrors`: requests that DynamoDB answers with HTTP 500. They are AWS's.

use super::evidence::single;
use super::spell::{Failures, per_operation, tables};
use super::words::{clock, number, percent};
use super::{Cause, Evidence, Fact, Severity, Thresholds, Unit, Verdict};
use crate::model::id::Resource;
use crate::model::metric::{Metric, Statistic};
use crate::store::Reading;
use std::sync::Arc;

/// Amazon DynamoDB Developer Guide, "Error handling with DynamoDB": 5xx is to be retried.
const ADVICE: &str = "nothing to change here: let the SDK retry with back-off, look at the AWS \
    Health Dashboard, and give AWS Support the request ids if it lasts";

/// Tables whose requests fail on AWS's side for more than a moment.
pub(super) fn verdicts(
    reading: Reading<'_>,
    _: &[Verdict],
    thresholds: &Thresholds,
) -> Vec<Verdict> {
    let judged = tables(reading).filter_map(|(reading, table)| verdict(reading, table, thresholds));
    judged.collect()
}

fn verdict(reading: Reading<'_>, table: &Arc<str>, thresholds: &Thresholds) -> Option<Verdict> {
    let metric = Metric::SystemErrors;
    let keys = per_operation(reading, table, (metric, Statistic::Sum));
    let counted = (Metric::SuccessfulRequestLatency, Statistic::SampleCount);
    let requests = Failures::of(reading, keys, per_operation(reading, table, counted))?;
    let least = thresholds.system_errors_per_minute;
    let spell = requests.spell(thresholds, least, thresholds.system_error_share)?;
    let errors = &requests.failed;
    let resource = Resource::Table(table.clone());
    let (in_last, at) = (errors.at(spell.last), clock(reading, spell.last));
    let (key, most) = errors.largest(spell.last)?;
    let operation = key.operation.as_deref().unwrap_or_default();
    let text = format!(
        "{} system errors in {at}, {} of the requests; {} on {operation}",
        number(in_last),
        percent(requests.share(spell.last)),
        number(most),
    );
    let mut evidence = vec![
        Evidence::series(key.clone(), text, (most, Unit::Count), single(spell.last)),
        Evidence::fact(Fact::Definition, "HTTP 500: AWS's side; a few for a moment are usual"),
    ];
    let newest = reading.figure(&resource, metric);
    evidence.extend(Evidence::of_age(reading, newest, errors.through));
    Some(Verdict {
        events: errors.lately(thresholds),
        evidence,
        advice: ADVICE.into(),
        ..spell.verdict(resource, Cause::SystemErrors, Severity::Trouble)
    })
}
