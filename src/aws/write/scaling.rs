//! Writes to Application Auto Scaling.

use super::{Tried, judged, not_sent};
use crate::aws::autoscaling::policy;
use crate::aws::{Attempts, Connection};
use crate::model::health::CallError;
use crate::model::id::Resource;
use crate::model::scaling::{ScalingMetric, Suspended, TargetTracking};
use crate::model::throttle::Direction;
use crate::tune::call::scalable_dimension;
use aws_sdk_applicationautoscaling::config::Config;
use aws_sdk_applicationautoscaling::types as sdk;
use aws_smithy_types::retry::RetryConfig;

const REGISTER: &str = "application-autoscaling:RegisterScalableTarget";
const PUT_POLICY: &str = "application-autoscaling:PutScalingPolicy";

/// Sent once, whatever the client does with reads.
fn once() -> aws_sdk_applicationautoscaling::config::Builder {
    Config::builder().retry_config(RetryConfig::disabled())
}

impl Connection {
    /// Sends bounds and all three switches: AWS does not say that it merges the switches.
    pub(super) async fn register_scalable_target(
        &self,
        (resource, direction): (&Resource, Direction),
        (min, max): (u32, u32),
        suspended: Suspended,
    ) -> Tried {
        let whole = |units: u32| {
            i32::try_from(units).map_err(|error| not_sent(REGISTER, format!("{units}: {error}")))
        };
        let state = sdk::SuspendedState::builder()
            .dynamic_scaling_in_suspended(suspended.scale_in)
            .dynamic_scaling_out_suspended(suspended.scale_out)
            .scheduled_scaling_suspended(suspended.scheduled)
            .build();
        let attempts = Attempts::default();
        let sent = self
            .autoscaling()
            .register_scalable_target()
            .service_namespace(sdk::ServiceNamespace::Dynamodb)
            .resource_id(resource.to_string())
            .scalable_dimension(scalable_dimension(resource, direction).into())
            .min_capacity(whole(min)?)
            .max_capacity(whole(max)?)
            .suspended_state(state)
            .customize()
            .interceptor(attempts.clone())
            .config_override(once())
            .send()
            .await;
        Ok(judged(REGISTER, sent, &attempts))
    }

    /// Sends a policy again, under the name that AWS tells, with another configuration.
    pub(super) async fn put_scaling_policy(
        &self,
        (resource, direction): (&Resource, Direction),
        name: &str,
        tracking: &TargetTracking,
    ) -> Tried {
        let told = self.policies(&Attempts::default(), Some(resource)).await?;
        let dimension = scalable_dimension(resource, direction);
        let told = told.iter().find(|policy| {
            policy.policy_name() == name && policy.scalable_dimension().as_str() == dimension
        });
        let config = match told {
            Some(told) => configuration(told, tracking)?,
            None => {
                return Err(not_sent(PUT_POLICY, format!("there is no policy {name} any more")));
            }
        };
        let attempts = Attempts::default();
        let sent = self
            .autoscaling()
            .put_scaling_policy()
            .service_namespace(sdk::ServiceNamespace::Dynamodb)
            .resource_id(resource.to_string())
            .scalable_dimension(dimension.into())
            .policy_name(name)
            .policy_type(sdk::PolicyType::TargetTrackingScaling)
            .target_tracking_scaling_policy_configuration(config)
            .customize()
            .interceptor(attempts.clone())
            .config_override(once())
            .send()
            .await;
        Ok(judged(PUT_POLICY, sent, &attempts))
    }
}

/// The configuration to send: as wanted, with the metric that AWS tells now.
///
/// # Errors
/// The described policy has what this program does not know, and which it would lose; or another
/// customized metric than the wanted one, which is not made up from text.
fn configuration(
    told: &sdk::ScalingPolicy,
    wanted: &TargetTracking,
) -> Result<sdk::TargetTrackingScalingPolicyConfiguration, CallError> {
    let known = policy::policy(told);
    let name = told.policy_name();
    if let Some(unknown) = &known.unknown {
        let why = format!("policy {name} has what this program does not know: {unknown}");
        return Err(not_sent(PUT_POLICY, why));
    }
    let builder = sdk::TargetTrackingScalingPolicyConfiguration::builder()
        .target_value(wanted.target_value)
        .set_scale_in_cooldown(wanted.scale_in_cooldown)
        .set_scale_out_cooldown(wanted.scale_out_cooldown)
        .set_disable_scale_in(wanted.disable_scale_in);
    let builder = match &wanted.metric {
        ScalingMetric::Predefined { metric, label } => {
            let kind = sdk::MetricType::try_parse(metric)
                .map_err(|error| not_sent(PUT_POLICY, error.to_string()))?;
            let specification = sdk::PredefinedMetricSpecification::builder()
                .predefined_metric_type(kind)
                .set_resource_label(label.as_deref().map(str::to_owned))
                .build()
                .map_err(|error| not_sent(PUT_POLICY, error.to_string()))?;
            builder.predefined_metric_specification(specification)
        }
        ScalingMetric::Customized(_) => {
            let same = known.tracking.is_some_and(|tracking| tracking.metric == wanted.metric);
            let config = told.target_tracking_scaling_policy_configuration();
            let specification = config.and_then(|config| config.customized_metric_specification());
            let specification = specification.filter(|_| same).ok_or_else(|| {
                not_sent(PUT_POLICY, format!("policy {name} has another customized metric now"))
            })?;
            builder.customized_metric_specification(specification.clone())
        }
        ScalingMetric::Untold => {
            return Err(not_sent(PUT_POLICY, format!("the metric of policy {name} is not known")));
        }
    };
    builder.build().map_err(|error| not_sent(PUT_POLICY, error.to_string()))
}
