//! Alarms as `DescribeAlarms` tells them, in our own types.

use crate::aws::timestamp;
use crate::model::alarm::{
    Actions, Alarm, AlarmKind, AlarmState, Comparison, CompositeAlarm, Dimension, MetricAlarm,
    MetricStat, MissingData, Query, QueryKind, Source,
};
use aws_sdk_cloudwatch::types as sdk;
use std::sync::Arc;

/// What every type of alarm has; the SDK's types share these members, but no trait.
macro_rules! alarm {
    ($described:expr, $kind:expr) => {{
        let described = $described;
        let state = described.state_value().map(sdk::StateValue::as_str);
        let since = described.state_transitioned_timestamp();
        Some(Alarm {
            name: Arc::from(described.alarm_name()?),
            arn: Arc::from(described.alarm_arn().unwrap_or_default()),
            description: text(described.alarm_description()),
            // A state that AWS adds is none of the others.
            state: state.and_then(AlarmState::from_aws).unwrap_or(AlarmState::InsufficientData),
            since: since.or(described.state_updated_timestamp()).copied().and_then(timestamp),
            configured: described
                .alarm_configuration_updated_timestamp()
                .copied()
                .and_then(timestamp),
            reason: Arc::from(described.state_reason().unwrap_or_default()),
            actions: Actions {
                enabled: described.actions_enabled().unwrap_or(true),
                ok: texts(described.ok_actions()),
                alarm: texts(described.alarm_actions()),
                insufficient_data: texts(described.insufficient_data_actions()),
            },
            kind: $kind,
        })
    }};
}

/// Takes in an alarm on metrics; `None` for one without a name.
pub(super) fn metric_alarm(described: &sdk::MetricAlarm) -> Option<Alarm> {
    let kind = match source(described) {
        _ if described.evaluation_criteria().is_some() => AlarmKind::Other(Arc::from("PromQL")),
        Some(source) => AlarmKind::Metric(Box::new(settings(described, source))),
        None => AlarmKind::Other(Arc::from("MetricAlarm")),
    };
    alarm!(described, kind)
}

/// Takes in an alarm on other alarms; `None` for one without a name.
pub(super) fn composite_alarm(described: &sdk::CompositeAlarm) -> Option<Alarm> {
    let suppressed_by = described.actions_suppressed_by().map(sdk::ActionsSuppressedBy::as_str);
    let composite = CompositeAlarm {
        rule: Arc::from(described.alarm_rule().unwrap_or_default()),
        suppressor: text(described.actions_suppressor()),
        suppressed_by: text(suppressed_by),
    };
    alarm!(described, AlarmKind::Composite(Box::new(composite)))
}

/// Takes in an alarm on logs; `None` for one without a name.
pub(super) fn log_alarm(described: &sdk::LogAlarm) -> Option<Alarm> {
    alarm!(described, AlarmKind::Other(Arc::from("LogAlarm")))
}

/// Whether an alarm looks at metrics of another account than its own.
pub(super) fn looks_elsewhere(described: &sdk::MetricAlarm) -> bool {
    // arn:aws:cloudwatch:us-east-1:123456789012:alarm:NAME
    let own = described.alarm_arn().and_then(|arn| arn.split(':').nth(4));
    let mut accounts = described.metrics().iter().filter_map(sdk::MetricDataQuery::account_id);
    accounts.any(|account| Some(account) != own)
}

fn settings(described: &sdk::MetricAlarm, source: Source) -> MetricAlarm {
    let comparison = described.comparison_operator().map(sdk::ComparisonOperator::as_str);
    let state = described.evaluation_state().map(sdk::EvaluationState::as_str);
    MetricAlarm {
        source,
        comparison: Comparison::from_aws(comparison.unwrap_or_default()),
        threshold: described.threshold(),
        evaluation_periods: count(described.evaluation_periods()).unwrap_or(1),
        datapoints_to_alarm: count(described.datapoints_to_alarm()),
        missing_data: described.treat_missing_data().and_then(MissingData::from_aws),
        low_samples: text(described.evaluate_low_sample_count_percentile()),
        evaluation_state: text(state),
    }
}

/// What is compared with the threshold, as far as it is metrics.
fn source(described: &sdk::MetricAlarm) -> Option<Source> {
    let Some(metric) = described.metric_name() else {
        let queries: Option<Vec<_>> = described.metrics().iter().map(query).collect();
        let queries = queries.filter(|queries| !queries.is_empty())?;
        return Some(Source::Math { queries, threshold: text(described.threshold_metric_id()) });
    };
    let statistic = described.statistic().map(sdk::Statistic::as_str);
    Some(Source::Metric(MetricStat {
        namespace: Arc::from(described.namespace()?),
        metric: Arc::from(metric),
        dimensions: dimensions(described.dimensions()),
        statistic: text(statistic.or(described.extended_statistic()))?,
        period_seconds: described.period()?.into(),
        unit: text(described.unit().map(sdk::StandardUnit::as_str)),
    }))
}

fn query(described: &sdk::MetricDataQuery) -> Option<Query> {
    let what = match (described.metric_stat(), described.expression()) {
        (Some(stat), _) => QueryKind::Stat(metric_stat(stat)?),
        (None, Some(formula)) => QueryKind::Expression {
            formula: Arc::from(formula),
            period_seconds: described.period().map(i64::from),
        },
        (None, None) => return None,
    };
    Some(Query {
        id: Arc::from(described.id()?),
        what,
        label: text(described.label()),
        account: text(described.account_id()),
        // Absent is yes (`CloudWatch` API Reference, "MetricDataQuery").
        returns_data: described.return_data().unwrap_or(true),
    })
}

fn metric_stat(described: &sdk::MetricStat) -> Option<MetricStat> {
    let metric = described.metric()?;
    Some(MetricStat {
        namespace: Arc::from(metric.namespace()?),
        metric: Arc::from(metric.metric_name()?),
        dimensions: dimensions(metric.dimensions()),
        statistic: Arc::from(described.stat()?),
        period_seconds: described.period()?.into(),
        unit: text(described.unit().map(sdk::StandardUnit::as_str)),
    })
}

fn dimensions(described: &[sdk::Dimension]) -> Vec<Dimension> {
    let pair =
        |dimension: &sdk::Dimension| Some((text(dimension.name())?, text(dimension.value())?));
    described.iter().filter_map(pair).collect()
}

fn text(told: Option<&str>) -> Option<Arc<str>> {
    told.map(Arc::from)
}

fn texts(told: &[String]) -> Vec<Arc<str>> {
    told.iter().map(|text| Arc::from(text.as_str())).collect()
}

fn count(told: Option<i32>) -> Option<u32> {
    told.and_then(|number| u32::try_from(number).ok())
}

#[cfg(test)]
mod tests;
