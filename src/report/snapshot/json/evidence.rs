//! What a verdict rests on.

use crate::diagnose::{Evidence, Fact, Source};
use crate::model::metric::SeriesKey;
use serde_json::{Value, json};

/// One item: where it is from, the number in it with its unit, the minutes it is about, and the
/// clause that the screen shows. Every field is there; what does not apply is null.
pub(super) fn item(evidence: &Evidence) -> Value {
    let (series, fact) = match &evidence.source {
        Source::Series(key) => (Some(series(key)), None),
        Source::Fact(fact) => (None, Some(Fact::as_str(*fact))),
    };
    let window = evidence.window.map(|window| {
        json!({
            "start": window.start.to_string(),
            "end": window.end.to_string(),
            "minutes": window.minutes(),
        })
    });
    json!({
        "text": evidence.text,
        "series": series,
        "fact": fact,
        "value": evidence.amount.map(|amount| amount.value),
        "unit": evidence.amount.map(|amount| amount.unit.as_str()),
        "window": window,
    })
}

/// The series as CloudWatch knows it.
fn series(key: &SeriesKey) -> Value {
    json!({
        "resource": key.resource.to_string(),
        "metric": key.metric.name(),
        "operation": key.operation.as_deref(),
        "statistic": key.statistic.as_str(),
    })
}
