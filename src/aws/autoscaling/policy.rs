//! A scaling policy, with all that must be sent again when its target is changed.

use crate::model::scaling::{ScalingMetric, ScalingPolicy, TargetTracking};
use aws_sdk_applicationautoscaling::types as sdk;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The policy in our terms. What the SDK does not know of it is named, never left out in silence.
pub(in crate::aws) fn policy(policy: &sdk::ScalingPolicy) -> ScalingPolicy {
    let tracking = policy.target_tracking_scaling_policy_configuration();
    let unknown = match tracking {
        None => Some(format!("policy type {}", policy.policy_type().as_str())),
        Some(config) => unknown_metric(config),
    };
    ScalingPolicy {
        name: Arc::from(policy.policy_name()),
        arn: Arc::from(policy.policy_arn()),
        tracking: tracking.map(target_tracking),
        unknown: unknown.map(Arc::from),
    }
}

fn target_tracking(config: &sdk::TargetTrackingScalingPolicyConfiguration) -> TargetTracking {
    let predefined = config.predefined_metric_specification().map(|metric| {
        let name = Arc::from(metric.predefined_metric_type().as_str());
        ScalingMetric::Predefined { metric: name, label: metric.resource_label().map(Arc::from) }
    });
    let customized = || {
        let metric = config.customized_metric_specification()?;
        Some(ScalingMetric::Customized(Arc::from(customized(metric).to_string())))
    };
    TargetTracking {
        target_value: config.target_value(),
        metric: predefined.or_else(customized).unwrap_or(ScalingMetric::Untold),
        scale_in_cooldown: config.scale_in_cooldown(),
        scale_out_cooldown: config.scale_out_cooldown(),
        disable_scale_in: config.disable_scale_in(),
    }
}

fn unknown_metric(config: &sdk::TargetTrackingScalingPolicyConfiguration) -> Option<String> {
    let (predefined, customized) =
        (config.predefined_metric_specification(), config.customized_metric_specification());
    match (predefined, customized) {
        (None, None) => Some("a metric that this program cannot read".to_owned()),
        (Some(_), Some(_)) => Some("a predefined and a customized metric at once".to_owned()),
        (Some(metric), None) => {
            let name = metric.predefined_metric_type().as_str();
            let is_known = sdk::MetricType::try_parse(name).is_ok();
            (!is_known).then(|| format!("metric type {name}"))
        }
        (None, Some(metric)) => {
            let name = metric.statistic()?.as_str();
            let is_known = sdk::MetricStatistic::try_parse(name).is_ok();
            (!is_known).then(|| format!("statistic {name}"))
        }
    }
}

/// A customized metric as the JSON that the AWS CLI takes; keys come in order.
fn customized(metric: &sdk::CustomizedMetricSpecification) -> Value {
    let pairs = |dimensions: &[sdk::MetricDimension]| {
        list(dimensions, |pair| json!({ "Name": pair.name(), "Value": pair.value() }))
    };
    object([
        ("Dimensions", metric.dimensions.as_deref().map(pairs)),
        ("MetricName", metric.metric_name().map(Value::from)),
        ("Metrics", metric.metrics.as_deref().map(|queries| list(queries, query))),
        ("Namespace", metric.namespace().map(Value::from)),
        ("Statistic", metric.statistic().map(|statistic| Value::from(statistic.as_str()))),
        ("Unit", metric.unit().map(Value::from)),
    ])
}

fn query(query: &sdk::TargetTrackingMetricDataQuery) -> Value {
    object([
        ("Expression", query.expression().map(Value::from)),
        ("Id", Some(Value::from(query.id()))),
        ("Label", query.label().map(Value::from)),
        ("MetricStat", query.metric_stat().map(stat)),
        ("ReturnData", query.return_data().map(Value::from)),
    ])
}

fn stat(stat: &sdk::TargetTrackingMetricStat) -> Value {
    object([
        ("Metric", stat.metric().map(inner_metric)),
        ("Stat", Some(Value::from(stat.stat()))),
        ("Unit", stat.unit().map(Value::from)),
    ])
}

fn inner_metric(metric: &sdk::TargetTrackingMetric) -> Value {
    let pairs = |dimensions: &[sdk::TargetTrackingMetricDimension]| {
        list(dimensions, |pair| json!({ "Name": pair.name(), "Value": pair.value() }))
    };
    object([
        ("Dimensions", metric.dimensions.as_deref().map(pairs)),
        ("MetricName", metric.metric_name().map(Value::from)),
        ("Namespace", metric.namespace().map(Value::from)),
    ])
}

fn list<T>(items: &[T], write: impl Fn(&T) -> Value) -> Value {
    items.iter().map(write).collect()
}

/// An object of what is there: absent stays absent.
fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let told = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(told.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::DateTime;

    fn described(
        config: sdk::builders::TargetTrackingScalingPolicyConfigurationBuilder,
    ) -> ScalingPolicy {
        let told = sdk::ScalingPolicy::builder()
            .policy_arn("arn")
            .policy_name("p")
            .service_namespace(sdk::ServiceNamespace::Dynamodb)
            .resource_id("table/orders")
            .scalable_dimension(sdk::ScalableDimension::DynamoDbTableWriteCapacityUnits)
            .policy_type(sdk::PolicyType::TargetTrackingScaling)
            .target_tracking_scaling_policy_configuration(
                config.target_value(70.0).build().unwrap(),
            )
            .creation_time(DateTime::from_secs(1))
            .build()
            .unwrap();
        policy(&told)
    }

    fn predefined(name: &str) -> sdk::PredefinedMetricSpecification {
        sdk::PredefinedMetricSpecification::builder()
            .predefined_metric_type(name.into())
            .build()
            .unwrap()
    }

    fn config() -> sdk::builders::TargetTrackingScalingPolicyConfigurationBuilder {
        sdk::TargetTrackingScalingPolicyConfiguration::builder()
    }

    #[test]
    fn cooldowns_that_are_absent_stay_absent_and_those_of_zero_stay_zero() {
        let metric = predefined("DynamoDBWriteCapacityUtilization");
        let absent = described(config().predefined_metric_specification(metric.clone()));
        let tracking = absent.tracking.unwrap();
        assert_eq!((tracking.scale_in_cooldown, tracking.scale_out_cooldown), (None, None));
        assert_eq!((tracking.disable_scale_in, absent.unknown), (None, None));
        let zero = config().predefined_metric_specification(metric).scale_in_cooldown(0);
        let tracking = described(zero.disable_scale_in(false)).tracking.unwrap();
        assert_eq!((tracking.scale_in_cooldown, tracking.scale_out_cooldown), (Some(0), None));
        assert_eq!(tracking.disable_scale_in, Some(false));
    }

    #[test]
    fn what_is_not_known_of_a_policy_is_named() {
        let future = described(config().predefined_metric_specification(predefined("Future")));
        assert_eq!(future.unknown.as_deref(), Some("metric type Future"));
        let neither = described(config());
        assert_eq!(neither.tracking.unwrap().metric, ScalingMetric::Untold);
        assert!(neither.unknown.is_some());
        let odd = sdk::CustomizedMetricSpecification::builder().statistic("p99".into()).build();
        let odd = described(config().customized_metric_specification(odd));
        assert_eq!(odd.unknown.as_deref(), Some("statistic p99"));
    }

    #[test]
    fn a_customized_metric_is_kept_as_json_with_what_is_absent_left_out() {
        let stat = sdk::TargetTrackingMetricStat::builder().stat("Sum").metric(
            sdk::TargetTrackingMetric::builder().namespace("AWS/DynamoDB").metric_name("M").build(),
        );
        let query = sdk::TargetTrackingMetricDataQuery::builder()
            .id("m1")
            .metric_stat(stat.build().unwrap())
            .build()
            .unwrap();
        let metric = sdk::CustomizedMetricSpecification::builder().metrics(query).build();
        let policy = described(config().customized_metric_specification(metric));
        let ScalingMetric::Customized(json) = policy.tracking.unwrap().metric else { panic!() };
        assert_eq!(
            &*json,
            r#"{"Metrics":[{"Id":"m1","MetricStat":{"Metric":{"MetricName":"M","Namespace":"AWS/DynamoDB"},"Stat":"Sum"}}]}"#
        );
        assert_eq!(policy.unknown, None);
    }
}
