//! A call as the AWS CLI command that does the same.

use super::call::{Call, scalable_dimension};
use crate::model::id::Resource;
use crate::model::scaling::{ScalingMetric, TargetTracking};
use serde_json::{Map, Value, json};

/// The command, complete, for a POSIX shell.
pub fn aws_cli(call: &Call, region: &str) -> String {
    let words = match call {
        Call::RegisterScalableTarget { resource, direction, min, max, suspended } => {
            let state = format!(
                "DynamicScalingInSuspended={},DynamicScalingOutSuspended={},ScheduledScalingSuspended={}",
                suspended.scale_in, suspended.scale_out, suspended.scheduled
            );
            let mut words = vec![text("application-autoscaling register-scalable-target")];
            words.extend(scalable(resource, scalable_dimension(resource, *direction)));
            words.extend(option("--min-capacity", &min.to_string()));
            words.extend(option("--max-capacity", &max.to_string()));
            words.extend(option("--suspended-state", &state));
            words
        }
        Call::PutScalingPolicy { resource, direction, policy, tracking } => {
            let mut words = vec![text("application-autoscaling put-scaling-policy")];
            words.extend(scalable(resource, scalable_dimension(resource, *direction)));
            words.extend(option("--policy-name", policy));
            words.extend(option("--policy-type", "TargetTrackingScaling"));
            let config = configuration(tracking).to_string();
            words.extend(option("--target-tracking-scaling-policy-configuration", &config));
            words
        }
        Call::UpdateCapacity { resource, read, write } => {
            let units = [("ReadCapacityUnits", Some(*read)), ("WriteCapacityUnits", Some(*write))];
            update_table(resource, ("ProvisionedThroughput", "--provisioned-throughput"), &units)
        }
        Call::UpdateMaximum { resource, read, write } => {
            let units = [("MaxReadRequestUnits", *read), ("MaxWriteRequestUnits", *write)];
            update_table(resource, ("OnDemandThroughput", "--on-demand-throughput"), &units)
        }
        Call::UpdateContributorInsights { resource, enable, mode } => {
            let mut words = vec![text("dynamodb update-contributor-insights")];
            words.extend(table_and_index(resource));
            let action = if *enable { "ENABLE" } else { "DISABLE" };
            words.extend(option("--contributor-insights-action", action));
            words.extend(option("--contributor-insights-mode", mode.as_str()));
            words
        }
        Call::PutAlarmMuteRule { rule, mute } => {
            let schedule = json!({
                "Expression": mute.expression(), "Duration": mute.duration(), "Timezone": "UTC"
            });
            let mut words = vec![text("cloudwatch put-alarm-mute-rule")];
            words.extend(option("--name", rule));
            words.extend(option("--rule", &json!({ "Schedule": schedule }).to_string()));
            let targets = json!({ "AlarmNames": mute.alarms }).to_string();
            words.extend(option("--mute-targets", &targets));
            words.extend(option("--expire-date", &mute.end.to_string()));
            words
        }
        Call::DeleteAlarmMuteRule { rule } => {
            let mut words = vec![text("cloudwatch delete-alarm-mute-rule")];
            words.extend(option("--alarm-mute-rule-name", rule));
            words
        }
    };
    format!("aws {} --region {}", words.join(" "), quoted(region))
}

fn text(words: &str) -> String {
    words.to_owned()
}

fn option(name: &str, value: &str) -> [String; 2] {
    [name.to_owned(), quoted(value)]
}

fn scalable(resource: &Resource, dimension: &str) -> Vec<String> {
    let options = [
        ("--service-namespace", "dynamodb"),
        ("--resource-id", &resource.to_string()),
        ("--scalable-dimension", dimension),
    ];
    options.into_iter().flat_map(|(name, value)| option(name, value)).collect()
}

fn table_and_index(resource: &Resource) -> Vec<String> {
    let table = resource.table_name().map(|table| option("--table-name", table));
    let index = match resource {
        Resource::Index(_, index) => Some(option("--index-name", index)),
        Resource::Account | Resource::Table(_) | Resource::Cluster(_) | Resource::Node(..) => None,
    };
    table.into_iter().chain(index).flatten().collect()
}

/// `update-table` with the throughput of a table, or of one index alone.
fn update_table<T: Copy + ToString + Into<Value>>(
    resource: &Resource,
    (member, flag): (&str, &str),
    units: &[(&str, Option<T>)],
) -> Vec<String> {
    let told = units.iter().filter_map(|(name, units)| Some((*name, (*units)?)));
    let mut words = vec![text("dynamodb update-table")];
    words.extend(resource.table_name().iter().flat_map(|table| option("--table-name", table)));
    match resource {
        Resource::Index(_, index) => {
            let units: Map<_, _> =
                told.map(|(name, units)| (name.to_owned(), units.into())).collect();
            let update = json!([{ "Update": { "IndexName": index, member: units } }]).to_string();
            words.extend(option("--global-secondary-index-updates", &update));
        }
        Resource::Account | Resource::Table(_) | Resource::Cluster(_) | Resource::Node(..) => {
            let units: Vec<_> =
                told.map(|(name, units)| format!("{name}={}", units.to_string())).collect();
            words.extend(option(flag, &units.join(",")));
        }
    }
    words
}

/// `TargetTrackingScalingPolicyConfiguration` as JSON; what is absent is left out.
fn configuration(tracking: &TargetTracking) -> Value {
    let mut config = Map::new();
    let mut put = |name: &str, value: Value| {
        config.insert(name.to_owned(), value);
    };
    put("TargetValue", tracking.target_value.into());
    match &tracking.metric {
        ScalingMetric::Predefined { metric, label } => {
            let mut specification = json!({ "PredefinedMetricType": metric });
            if let (Some(label), Some(members)) = (label, specification.as_object_mut()) {
                members.insert("ResourceLabel".to_owned(), json!(label));
            }
            put("PredefinedMetricSpecification", specification);
        }
        ScalingMetric::Customized(specification) => {
            let specification = serde_json::from_str(specification).unwrap_or(Value::Null);
            put("CustomizedMetricSpecification", specification);
        }
        ScalingMetric::Untold => {}
    }
    let cooldowns = [
        ("ScaleInCooldown", tracking.scale_in_cooldown),
        ("ScaleOutCooldown", tracking.scale_out_cooldown),
    ];
    for (name, seconds) in cooldowns {
        seconds.map(|seconds| put(name, seconds.into())).unwrap_or_default();
    }
    if let Some(disabled) = tracking.disable_scale_in {
        put("DisableScaleIn", disabled.into());
    }
    Value::Object(config)
}

/// A word for a POSIX shell.
pub(super) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::insights::InsightsMode;
    use crate::model::scaling::{Suspended, fixture};
    use crate::model::throttle::Direction;
    use crate::tune::setting::Mute;
    use std::sync::Arc;

    fn orders() -> Resource {
        Resource::table("orders")
    }

    fn tracking() -> TargetTracking {
        let policy = fixture::policy(Direction::Write, 62.5);
        policy.tracking.unwrap()
    }

    #[test]
    fn commands_are_complete_and_quoted() {
        let index = Resource::index("orders", "by-customer");
        for (call, expected) in [
            (
                Call::RegisterScalableTarget {
                    resource: index.clone(),
                    direction: Direction::Write,
                    min: 5,
                    max: 500,
                    suspended: Suspended { scale_in: true, ..Suspended::default() },
                },
                "aws application-autoscaling register-scalable-target --service-namespace dynamodb \
                 --resource-id table/orders/index/by-customer --scalable-dimension \
                 dynamodb:index:WriteCapacityUnits --min-capacity 5 --max-capacity 500 \
                 --suspended-state DynamicScalingInSuspended=true,DynamicScalingOutSuspended=false,\
                 ScheduledScalingSuspended=false --region us-east-1",
            ),
            (
                Call::PutScalingPolicy {
                    resource: orders(),
                    direction: Direction::Write,
                    policy: Arc::from("$it's"),
                    tracking: tracking(),
                },
                "aws application-autoscaling put-scaling-policy --service-namespace dynamodb \
                 --resource-id table/orders --scalable-dimension dynamodb:table:WriteCapacityUnits \
                 --policy-name '$it'\\''s' --policy-type TargetTrackingScaling \
                 --target-tracking-scaling-policy-configuration \
                 '{\"PredefinedMetricSpecification\":{\"PredefinedMetricType\":\
                 \"DynamoDBWriteCapacityUtilization\"},\"ScaleOutCooldown\":60,\"TargetValue\":62.5}' \
                 --region us-east-1",
            ),
            (
                Call::UpdateCapacity { resource: orders(), read: 10, write: 20 },
                "aws dynamodb update-table --table-name orders --provisioned-throughput \
                 ReadCapacityUnits=10,WriteCapacityUnits=20 --region us-east-1",
            ),
            (
                Call::UpdateMaximum { resource: index, read: None, write: Some(-1) },
                "aws dynamodb update-table --table-name orders --global-secondary-index-updates \
                 '[{\"Update\":{\"IndexName\":\"by-customer\",\"OnDemandThroughput\":\
                 {\"MaxWriteRequestUnits\":-1}}}]' --region us-east-1",
            ),
            (
                Call::UpdateContributorInsights {
                    resource: orders(),
                    enable: true,
                    mode: InsightsMode::Throttled,
                },
                "aws dynamodb update-contributor-insights --table-name orders \
                 --contributor-insights-action ENABLE --contributor-insights-mode THROTTLED_KEYS \
                 --region us-east-1",
            ),
            (
                Call::PutAlarmMuteRule {
                    rule: Arc::from("ddbtop-1"),
                    mute: Mute {
                        alarms: vec![Arc::from("orders throttles")],
                        start: "2026-11-22T12:01:00Z".parse().unwrap(),
                        end: "2026-11-22T12:31:00Z".parse().unwrap(),
                    },
                },
                "aws cloudwatch put-alarm-mute-rule --name ddbtop-1 --rule \
                 '{\"Schedule\":{\"Duration\":\"PT30M\",\"Expression\":\"at(2026-11-22T12:01)\",\
                 \"Timezone\":\"UTC\"}}' --mute-targets '{\"AlarmNames\":[\"orders throttles\"]}' \
                 --expire-date 2026-11-22T12:31:00Z --region us-east-1",
            ),
            (
                Call::DeleteAlarmMuteRule { rule: Arc::from("ddbtop-1") },
                "aws cloudwatch delete-alarm-mute-rule --alarm-mute-rule-name ddbtop-1 \
                 --region us-east-1",
            ),
        ] {
            assert_eq!(aws_cli(&call, "us-east-1"), expected);
        }
    }

    #[test]
    fn a_customized_metric_is_sent_as_it_was_read() {
        let metric = ScalingMetric::Customized(Arc::from(r#"{"Statistic":"Sum"}"#));
        let config = configuration(&TargetTracking { metric, ..tracking() });
        assert_eq!(config["CustomizedMetricSpecification"], json!({ "Statistic": "Sum" }));
        assert_eq!(config.get("PredefinedMetricSpecification"), None);
    }
}
