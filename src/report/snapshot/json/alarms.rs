//! Alarms in the contract that scripts rely on.

use super::{instant, located};
use crate::model::alarm::{
    Alarm, AlarmKind, CompositeAlarm, MetricAlarm, MetricStat, MissingData, MuteRule, Source,
    Subject,
};
use crate::store::Reading;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Every alarm of a scope, by name.
pub(super) fn alarms(reading: Reading<'_>) -> Vec<Value> {
    let rules = reading.mute_rules().value();
    let active = rules.into_iter().flatten().filter(|rule| rule.is_active(reading.now()));
    let silenced: BTreeSet<&str> =
        active.flat_map(|rule: &MuteRule| rule.targets.iter().map(|name| &**name)).collect();
    // Without the rules nobody knows who is silenced.
    let is_muted = |alarm: &Alarm| rules.map(|_| silenced.contains(&*alarm.name));
    let alarms = reading.alarms().value().into_iter().flatten();
    alarms.map(|one| located(reading.scope(), alarm(one, is_muted(one)))).collect()
}

fn alarm(alarm: &Alarm, muted: Option<bool>) -> Value {
    let subjects: Vec<String> = alarm.subjects().iter().map(subject).collect();
    let common = json!({
        "name": &*alarm.name,
        "arn": &*alarm.arn,
        "state": alarm.state.as_str(),
        "since": alarm.since.map(instant),
        "reason": &*alarm.reason,
        "actions_enabled": alarm.actions.enabled,
        "muted": muted,
        "subjects": subjects,
    });
    let (kind, own) = match &alarm.kind {
        AlarmKind::Metric(alarm) => ("metric", metric(alarm)),
        AlarmKind::Composite(alarm) => ("composite", composite(alarm)),
        AlarmKind::Other(_) => ("other", json!({})),
    };
    let mut fields = Map::from_iter([("type".to_owned(), kind.into())]);
    for part in [common, own] {
        if let Value::Object(part) = part {
            fields.extend(part);
        }
    }
    Value::Object(fields)
}

/// How it is compared, and of one metric, which.
fn metric(alarm: &MetricAlarm) -> Value {
    let mut fields = match &alarm.source {
        Source::Metric(stat) => one_metric(stat),
        Source::Math { .. } => Map::new(),
    };
    let compared = json!({
        "period_seconds": alarm.period_seconds(),
        "threshold": alarm.threshold,
        "comparison": alarm.comparison.as_str(),
        "evaluation_periods": alarm.evaluation_periods,
        "datapoints_to_alarm": alarm.datapoints(),
        "treat_missing_data": alarm.missing_data.map(MissingData::as_str),
    });
    if let Value::Object(compared) = compared {
        fields.extend(compared);
    }
    Value::Object(fields)
}

fn one_metric(stat: &MetricStat) -> Map<String, Value> {
    let dimensions: Map<String, Value> =
        stat.dimensions.iter().map(|(name, value)| (name.to_string(), (&**value).into())).collect();
    let mut fields = Map::new();
    fields.insert("namespace".to_owned(), (&*stat.namespace).into());
    fields.insert("metric".to_owned(), (&*stat.metric).into());
    fields.insert("dimensions".to_owned(), dimensions.into());
    fields.insert("statistic".to_owned(), (&*stat.statistic).into());
    fields
}

fn composite(alarm: &CompositeAlarm) -> Value {
    json!({ "rule": &*alarm.rule, "suppressed_by": alarm.suppressed_by.as_deref() })
}

/// `table/T[/index/I]`, `account`, `dax/C[/node/N]`, `function/F`, or a namespace.
fn subject(subject: &Subject) -> String {
    match subject {
        Subject::Dynamo(resource) => resource.to_string(),
        Subject::Dax(cluster, None) => format!("dax/{cluster}"),
        Subject::Dax(cluster, Some(node)) => format!("dax/{cluster}/node/{node}"),
        Subject::Function(function) => format!("function/{function}"),
        Subject::Elsewhere(namespace) => namespace.to_string(),
    }
}
