//! Application Auto Scaling: scalable targets of `DynamoDB`, their policies, and what was done.

mod activities;
pub(super) mod policy;
mod scheduled;

use super::error::call_error;
use super::{Attempts, Connection, Reply, all_pages};
use crate::model::health::CallError;
use crate::model::id::Resource;
use crate::model::scaling::{ScalableTarget, ScalingPolicy, Suspended};
use crate::model::throttle::Direction;
use aws_sdk_applicationautoscaling::types as sdk;
use std::collections::HashMap;

const TARGETS: &str = "application-autoscaling:DescribeScalableTargets";
const POLICIES: &str = "application-autoscaling:DescribeScalingPolicies";

impl Connection {
    /// Reads every scalable target of `DynamoDB` with its target-tracking policy, all pages.
    ///
    /// Both calls must succeed: a target without its policy would look as if it had none.
    pub async fn scaling(&self) -> Reply<Vec<ScalableTarget>> {
        let attempts = Attempts::default();
        let result = self.targets_and_policies(&attempts, None).await;
        attempts.reply(result)
    }

    /// Reads the scalable targets of one table or index with their policies.
    pub async fn scaling_of(&self, resource: &Resource) -> Reply<Vec<ScalableTarget>> {
        let attempts = Attempts::default();
        let result = self.targets_and_policies(&attempts, Some(resource)).await;
        attempts.reply(result)
    }

    async fn targets_and_policies(
        &self,
        attempts: &Attempts,
        of: Option<&Resource>,
    ) -> Result<Vec<ScalableTarget>, CallError> {
        let targets = self.targets(attempts, of).await?;
        let policies = self.policies(attempts, of).await?;
        Ok(join(&targets, &policies))
    }

    async fn targets(
        &self,
        attempts: &Attempts,
        of: Option<&Resource>,
    ) -> Result<Vec<sdk::ScalableTarget>, CallError> {
        all_pages(TARGETS, |token| async {
            let call = self.autoscaling().describe_scalable_targets().set_next_token(token);
            let call = call.set_resource_ids(of.map(|of| vec![of.to_string()]));
            let call = call.service_namespace(sdk::ServiceNamespace::Dynamodb).customize();
            let sent = call.interceptor(attempts.clone()).send().await;
            let output = sent.map_err(|error| call_error(TARGETS, &error))?;
            Ok((output.scalable_targets.unwrap_or_default(), output.next_token))
        })
        .await
    }

    /// The policies of one table or index, or of all.
    pub(super) async fn policies(
        &self,
        attempts: &Attempts,
        of: Option<&Resource>,
    ) -> Result<Vec<sdk::ScalingPolicy>, CallError> {
        all_pages(POLICIES, |token| async {
            let call = self.autoscaling().describe_scaling_policies().set_next_token(token);
            let call = call.set_resource_id(of.map(Resource::to_string));
            let call = call.service_namespace(sdk::ServiceNamespace::Dynamodb).customize();
            let sent = call.interceptor(attempts.clone()).send().await;
            let output = sent.map_err(|error| call_error(POLICIES, &error))?;
            Ok((output.scaling_policies.unwrap_or_default(), output.next_token))
        })
        .await
    }
}

/// Puts each target's policies beside it; targets that are neither table nor index are left out.
fn join(targets: &[sdk::ScalableTarget], policies: &[sdk::ScalingPolicy]) -> Vec<ScalableTarget> {
    let mut by_target: HashMap<(&str, &str), Vec<ScalingPolicy>> = HashMap::new();
    for told in policies {
        let of = (told.resource_id(), told.scalable_dimension().as_str());
        by_target.entry(of).or_default().push(policy::policy(told));
    }
    targets
        .iter()
        .filter_map(|target| {
            let dimension = target.scalable_dimension().as_str();
            let policies = by_target.remove(&(target.resource_id(), dimension));
            Some(ScalableTarget {
                resource: Resource::from_path(target.resource_id())?,
                direction: direction(dimension)?,
                min: f64::from(target.min_capacity()),
                max: f64::from(target.max_capacity()),
                suspended: target.suspended_state().map(suspended).unwrap_or_default(),
                policies: policies.unwrap_or_default(),
            })
        })
        .collect()
}

/// What is suspended; what AWS does not tell is not.
fn suspended(state: &sdk::SuspendedState) -> Suspended {
    Suspended {
        scale_in: state.dynamic_scaling_in_suspended().unwrap_or(false),
        scale_out: state.dynamic_scaling_out_suspended().unwrap_or(false),
        scheduled: state.scheduled_scaling_suspended().unwrap_or(false),
    }
}

fn direction(dimension: &str) -> Option<Direction> {
    match dimension {
        "dynamodb:table:ReadCapacityUnits" | "dynamodb:index:ReadCapacityUnits" => {
            Some(Direction::Read)
        }
        "dynamodb:table:WriteCapacityUnits" | "dynamodb:index:WriteCapacityUnits" => {
            Some(Direction::Write)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::DateTime;

    fn target(id: &str, dimension: &str) -> sdk::ScalableTarget {
        sdk::ScalableTarget::builder()
            .service_namespace(sdk::ServiceNamespace::Dynamodb)
            .resource_id(id)
            .scalable_dimension(dimension.into())
            .min_capacity(5)
            .max_capacity(500)
            .role_arn("arn")
            .creation_time(DateTime::from_secs(1))
            .suspended_state(
                sdk::SuspendedState::builder().dynamic_scaling_out_suspended(true).build(),
            )
            .build()
            .unwrap()
    }

    fn policy(name: &str, target: f64) -> sdk::ScalingPolicy {
        sdk::ScalingPolicy::builder()
            .policy_arn("arn")
            .policy_name(name)
            .service_namespace(sdk::ServiceNamespace::Dynamodb)
            .resource_id("table/orders")
            .scalable_dimension(sdk::ScalableDimension::DynamoDbTableWriteCapacityUnits)
            .policy_type(sdk::PolicyType::TargetTrackingScaling)
            .target_tracking_scaling_policy_configuration(
                sdk::TargetTrackingScalingPolicyConfiguration::builder()
                    .target_value(target)
                    .predefined_metric_specification(
                        sdk::PredefinedMetricSpecification::builder()
                            .predefined_metric_type(
                                sdk::MetricType::DynamoDbWriteCapacityUtilization,
                            )
                            .build()
                            .unwrap(),
                    )
                    .build()
                    .unwrap(),
            )
            .creation_time(DateTime::from_secs(1))
            .build()
            .unwrap()
    }

    #[test]
    fn a_policy_joins_the_target_of_its_own_resource_and_direction() {
        let targets = [
            target("table/orders", "dynamodb:table:ReadCapacityUnits"),
            target("table/orders", "dynamodb:table:WriteCapacityUnits"),
            target("table/orders/index/GSI1", "dynamodb:index:WriteCapacityUnits"),
        ];
        let joined = join(&targets, &[policy("a", 75.0), policy("b", 70.0), policy("c", 80.0)]);
        let found: Vec<_> = joined
            .iter()
            .map(|t| (t.resource.to_string(), t.direction, t.target_utilization()))
            .collect();
        assert_eq!(
            found,
            [
                ("table/orders".to_owned(), Direction::Read, None),
                ("table/orders".to_owned(), Direction::Write, Some(70.0)),
                ("table/orders/index/GSI1".to_owned(), Direction::Write, None),
            ]
        );
        assert!(joined.iter().all(|t| t.suspended.scale_out && !t.suspended.scale_in));
    }
}
