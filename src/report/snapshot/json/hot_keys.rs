//! Hot keys in the contract that scripts rely on. Keys are customer data: their masks are written, never they.

use super::{instant, located};
use crate::model::contributor::{Contributor, Report, RuleKind};
use crate::model::insights::{ContributorInsights, InsightsMode};
use crate::store::{Detail, HotKeys, Reading};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// Every table and index where Contributor Insights is on or was to be.
pub(super) fn hot_keys(reading: Reading<'_>) -> Vec<Value> {
    let listed = reading.insights().value().into_iter().flatten();
    listed.map(|one| located(reading.scope(), resource(reading, one))).collect()
}

fn resource(reading: Reading<'_>, insights: &ContributorInsights) -> Value {
    let known = reading.hot_keys(&insights.resource).value();
    let rules = known
        .into_iter()
        .flat_map(|hot_keys| hot_keys.reports().iter().map(|report| rule(hot_keys, report)));
    let (state, at, error) = state(reading, insights);
    json!({
        "resource": insights.resource.to_string(),
        "status": &*insights.status,
        "mode": insights.mode.as_ref().map(InsightsMode::as_str),
        "failure": insights.failure.as_deref(),
        "state": state,
        "at": at.map(instant),
        "error": error,
        "keys_are_masked": true,
        "rules": rules.collect::<Vec<_>>(),
    })
}

/// The state of the reports, when they were read, and why they could not be.
fn state(
    reading: Reading<'_>,
    insights: &ContributorInsights,
) -> (&'static str, Option<Timestamp>, Option<String>) {
    match reading.hot_keys(&insights.resource) {
        Detail::Known { at, .. } if reading.are_hot_keys_old(at) => ("stale", Some(at), None),
        Detail::Known { at, .. } => ("value", Some(at), None),
        Detail::Stale { at, error, .. } => ("stale", Some(at), Some(error.to_string())),
        Detail::Denied { action } => ("denied", None, Some(format!("no permission: {action}"))),
        Detail::Failed(error) => ("unknown", None, Some(error.to_string())),
        Detail::NotPolled if insights.is_enabled() => ("not_polled", None, None),
        Detail::NotPolled => ("not_applicable", None, None),
    }
}

fn rule(hot_keys: &HotKeys, report: &Report) -> Value {
    let contributors = report.contributors.iter().map(|one| contributor(hot_keys, report, one));
    let labels: Vec<&str> = report.labels.iter().map(|label| &**label).collect();
    let common = json!({
        "kind": report.kind.code(),
        "name": &*report.rule,
        "window": {
            "start": report.window.start.to_string(),
            "end": report.window.end.to_string(),
            "minutes": report.window.minutes(),
        },
        "key_attributes": labels,
        "contributors_approximately": report.unique,
        "contributors": contributors.collect::<Vec<_>>(),
    });
    with_amount(report.kind, report.total, common)
}

fn contributor(hot_keys: &HotKeys, report: &Report, contributor: &Contributor) -> Value {
    let trend = hot_keys.trend(report.kind, &contributor.keys);
    let percent = |share: Option<f64>| share.map(|share| share * 100.0);
    let points = contributor.points.iter().map(|(minute, value)| {
        with_amount(report.kind, *value, json!({ "minute": minute.to_string() }))
    });
    let common = json!({
        "keys": contributor.keys,
        "share_of_total_percent": percent(report.share_of_total(contributor)),
        "share_of_partition_percent": percent(report.share_of_partition(contributor)),
        "first_seen": trend.map(|trend| trend.first_seen.to_string()),
        "first_seen_or_earlier": trend.map(|trend| trend.or_earlier),
        "points": points.collect::<Vec<_>>(),
    });
    with_amount(report.kind, contributor.total, common)
}

/// Adds an amount under the name of its unit: consumption is three times the write units and the read units, and
/// does not tell which.
fn with_amount(kind: RuleKind, amount: f64, fields: Value) -> Value {
    let name = if kind.is_of_throttles() { "throttle_events" } else { "consumed_throughput_units" };
    let mut all = Map::new();
    if let Value::Object(fields) = fields {
        all.extend(fields);
    }
    all.insert(name.to_owned(), amount.into());
    Value::Object(all)
}
