//! The shapes of `DescribeAlarms`.

#![expect(clippy::struct_field_names, reason = "the members have AWS's names")]

use serde::Serialize;

use super::Extent;
use crate::alarms::{Alarm, alarm_name};
use crate::scenario::spec::alarms::{EvaluationState, LowSamples, Missing, QuerySpec, WatchedSpec};
use crate::service::{Ask, arn};
use crate::wire::Stamp;

/// What both types of alarms have.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Common<'a> {
    alarm_name: &'a str,
    alarm_arn: &'a str,
    #[serde(flatten)]
    state: Option<StateMembers<'a>>,
    #[serde(flatten)]
    rest: Option<Rest<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StateMembers<'a> {
    state_value: &'a str,
    state_updated_timestamp: Stamp,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Rest<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    alarm_description: Option<&'a str>,
    alarm_configuration_updated_timestamp: Stamp,
    actions_enabled: bool,
    #[serde(rename = "OKActions")]
    ok_actions: &'a [String],
    alarm_actions: &'a [String],
    insufficient_data_actions: &'a [String],
    state_reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_reason_data: Option<&'a str>,
    state_transitioned_timestamp: Stamp,
}

impl<'a> Common<'a> {
    fn new(alarm: &'a Alarm, extent: Extent) -> Self {
        let (life, actions) = (alarm.life(), &alarm.actions);
        let state = StateMembers {
            state_value: life.now.state.name(),
            state_updated_timestamp: Stamp(life.updated),
        };
        let rest = Rest {
            alarm_description: alarm.description.as_deref(),
            alarm_configuration_updated_timestamp: Stamp(alarm.configured),
            actions_enabled: actions.enabled,
            ok_actions: &actions.ok,
            alarm_actions: &actions.alarm,
            insufficient_data_actions: &actions.insufficient_data,
            state_reason: &life.now.reason,
            state_reason_data: life.now.data.as_deref(),
            state_transitioned_timestamp: Stamp(life.transitioned),
        };
        Self {
            alarm_name: &alarm.name,
            alarm_arn: &alarm.arn,
            state: (extent != Extent::Name).then_some(state),
            rest: (extent == Extent::All).then_some(rest),
        }
    }
}

/// A `MetricAlarm`.
#[derive(Serialize)]
pub(super) struct MetricAlarm<'a> {
    #[serde(flatten)]
    common: Common<'a>,
    #[serde(flatten)]
    definition: Option<Definition<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Definition<'a> {
    #[serde(flatten)]
    single: Option<Single<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    metrics: Vec<Query<'a>>,
    evaluation_periods: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    datapoints_to_alarm: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<f64>,
    comparison_operator: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    treat_missing_data: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evaluate_low_sample_count_percentile: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold_metric_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evaluation_state: Option<&'static str>,
}

/// The members of an alarm on one metric.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Single<'a> {
    #[serde(flatten)]
    metric: Metric<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statistic: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_statistic: Option<&'a str>,
    period: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metric<'a> {
    namespace: &'a str,
    metric_name: &'a str,
    dimensions: Vec<Dimension<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Dimension<'a> {
    name: &'a str,
    value: &'a str,
}

/// A `MetricDataQuery`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Query<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    metric_stat: Option<MetricStat<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expression: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<&'a str>,
    return_data: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MetricStat<'a> {
    metric: Metric<'a>,
    period: u32,
    stat: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
}

impl<'a> Metric<'a> {
    fn new(spec: &'a WatchedSpec) -> Option<Self> {
        let dimension = |(name, value): (&'a String, &'a String)| Dimension { name, value };
        Some(Self {
            namespace: &spec.namespace,
            metric_name: spec.metric.as_deref()?,
            dimensions: spec.dimensions.iter().map(dimension).collect(),
        })
    }
}

impl<'a> Single<'a> {
    fn new(spec: &'a WatchedSpec) -> Option<Self> {
        let stat = spec.stat();
        let is_percentile = stat.starts_with('p');
        Some(Self {
            metric: Metric::new(spec)?,
            statistic: (!is_percentile).then_some(stat),
            extended_statistic: is_percentile.then_some(stat),
            period: spec.seconds(),
            unit: spec.unit.as_deref(),
        })
    }
}

impl<'a> Query<'a> {
    fn new(spec: &'a QuerySpec) -> Self {
        let stat = |metric| MetricStat {
            metric,
            period: spec.watched.seconds(),
            stat: spec.watched.stat(),
            unit: spec.watched.unit.as_deref(),
        };
        Self {
            id: &spec.id,
            metric_stat: Metric::new(&spec.watched).map(stat),
            expression: spec.expression.as_deref(),
            label: spec.label.as_deref(),
            account_id: spec.account_id.as_deref(),
            return_data: spec.return_data,
        }
    }
}

impl<'a> MetricAlarm<'a> {
    pub(super) fn new(alarm: &'a Alarm, extent: Extent) -> Self {
        let definition = alarm.watch().filter(|_| extent == Extent::All).map(|watch| {
            let spec = &watch.spec;
            Definition {
                single: Single::new(&spec.watched),
                metrics: spec.queries.iter().map(Query::new).collect(),
                evaluation_periods: spec.evaluation_periods,
                datapoints_to_alarm: spec.datapoints_to_alarm,
                threshold: spec.threshold.map(|_| watch.threshold),
                comparison_operator: spec.comparison.name(),
                treat_missing_data: spec.treat_missing_data.map(missing_name),
                evaluate_low_sample_count_percentile: spec
                    .evaluate_low_sample_count_percentile
                    .map(low_samples_name),
                threshold_metric_id: spec.threshold_metric.as_deref(),
                evaluation_state: spec.evaluation_state.map(evaluation_state_name),
            }
        });
        Self { common: Common::new(alarm, extent), definition }
    }
}

/// A `CompositeAlarm`.
#[derive(Serialize)]
pub(super) struct CompositeAlarm<'a> {
    #[serde(flatten)]
    common: Common<'a>,
    #[serde(flatten)]
    rule: Option<Rule<'a>>,
    #[serde(flatten)]
    suppressor: Option<Suppressor>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Rule<'a> {
    alarm_rule: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Suppressor {
    actions_suppressor: String,
    actions_suppressor_wait_period: u32,
    actions_suppressor_extension_period: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    actions_suppressed_by: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actions_suppressed_reason: Option<String>,
}

impl<'a> CompositeAlarm<'a> {
    pub(super) fn new(alarm: &'a Alarm, ask: &Ask<'_>, extent: Extent) -> Self {
        let is_whole = extent == Extent::All;
        let suppressor = alarm.suppressor().filter(|_| is_whole).map(|(spec, by)| {
            let name = alarm_name(&spec.alarm);
            Suppressor {
                actions_suppressor: arn(ask.account(), "cloudwatch", &format!("alarm:{name}")),
                actions_suppressor_wait_period: spec.wait,
                actions_suppressor_extension_period: spec.extension,
                actions_suppressed_by: by,
                actions_suppressed_reason: by.map(|by| format!("Actions suppressed by {by}")),
            }
        });
        let rule = alarm.rule().filter(|_| is_whole).map(|(text, _)| Rule { alarm_rule: text });
        Self { common: Common::new(alarm, extent), rule, suppressor }
    }
}

/// Returns the name of a treatment of missing data.
pub(in crate::service::cloudwatch) fn missing_name(missing: Missing) -> &'static str {
    match missing {
        Missing::Missing => "missing",
        Missing::Ignore => "ignore",
        Missing::Breaching => "breaching",
        Missing::NotBreaching => "notBreaching",
    }
}

fn low_samples_name(treatment: LowSamples) -> &'static str {
    match treatment {
        LowSamples::Evaluate => "evaluate",
        LowSamples::Ignore => "ignore",
    }
}

fn evaluation_state_name(state: EvaluationState) -> &'static str {
    match state {
        EvaluationState::PartialData => "PARTIAL_DATA",
        EvaluationState::EvaluationFailure => "EVALUATION_FAILURE",
        EvaluationState::EvaluationError => "EVALUATION_ERROR",
    }
}
