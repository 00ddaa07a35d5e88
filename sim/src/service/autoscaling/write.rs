//! `RegisterScalableTarget` and `PutScalingPolicy`.
//!
//! Refused though AWS takes them: customized metrics, which have no place among the capacities here. Tags
//! and role are taken and forgotten.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::shapes::{Policy, Subject, dimension_name, metric_name, resource_id};
use super::{dimension_error, invalid, namespace_error};
use crate::both::DIMENSIONS;
use crate::facts::{Dimension, PolicySettings};
use crate::fleet::{Capacity, Registration, ScalingRefusal};
use crate::service::{Ask, constraint, missing};
use crate::wire::{Refusal, Service};

/// The least capacity of a `DynamoDB` table or index.
const LEAST_CAPACITY: i64 = 1;

/// The targets that `DynamoDB`'s predefined metrics may have, percent; AWS enforces these, though its pages
/// say 20 to 90.
const TARGETS: std::ops::RangeInclusive<f64> = 10.0..=90.0;

/// What the caller must be allowed too ("Permissions validation for Application Auto Scaling API calls on
/// target resources").
const DEPENDENT: [(Service, &str); 5] = [
    (Service::DynamoDb, "DescribeTable"),
    (Service::DynamoDb, "UpdateTable"),
    (Service::CloudWatch, "PutMetricAlarm"),
    (Service::CloudWatch, "DescribeAlarms"),
    (Service::CloudWatch, "DeleteAlarms"),
];

/// The members that say which capacity is meant.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    service_namespace: Option<String>,
    resource_id: Option<String>,
    scalable_dimension: Option<String>,
}

impl Named {
    /// Reads them; a combination that is not of `DynamoDB`'s is unsupported.
    fn capacity(&self) -> Result<Capacity<'_>, Refusal> {
        if let Some(message) = namespace_error(self.service_namespace.as_deref()) {
            return Err(invalid(message));
        }
        let given = self.resource_id.as_deref().ok_or_else(|| invalid(missing("resourceId")))?;
        let dimension = self.scalable_dimension.as_deref();
        let dimension = dimension.ok_or_else(|| invalid(missing("scalableDimension")))?;
        if let Some(message) = dimension_error(dimension) {
            return Err(invalid(message));
        }
        let unsupported =
            || invalid("Unsupported service namespace, resource type or scalable dimension");
        if self.service_namespace.as_deref() != Some("dynamodb") {
            return Err(unsupported());
        }
        let rest = given.strip_prefix("table/").ok_or_else(unsupported)?;
        let (table, index) = match rest.split_once("/index/") {
            Some((table, index)) => (table, Some(index)),
            None => (rest, None),
        };
        let is_it = |known: &Dimension| dimension_name(index.is_some(), *known) == dimension;
        let dimension = DIMENSIONS.into_iter().find(is_it).ok_or_else(unsupported)?;
        Ok(Capacity { table, index, dimension })
    }
}

/// Refuses a caller who lacks a permission that the change depends on.
fn check_permissions(ask: &Ask<'_>) -> Result<(), Refusal> {
    let missing = DEPENDENT.iter().filter(|(service, operation)| !(ask.may)(*service, operation));
    let missing: Vec<String> = missing
        .map(|(service, operation)| format!("{}:{operation}", service.iam_prefix()))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(invalid(format!("User is missing the following permissions: {}", missing.join(", "))))
}

/// Words a refusal as AWS does; where its words are not known, they are the simulation's own.
fn refusal(refusal: ScalingRefusal, of: Capacity<'_>) -> Refusal {
    let resource = resource_id(of.table, of.index);
    match refusal {
        ScalingRefusal::NoTable => {
            invalid(format!("DynamoDB table does not exist: {}", resource_id(of.table, None)))
        }
        ScalingRefusal::NoIndex => invalid(format!("DynamoDB index does not exist: {resource}")),
        ScalingRefusal::BoundMissing => {
            invalid("Minimum and maximum capacity are required to register a new scalable target")
        }
        ScalingRefusal::BoundsCrossed => {
            invalid("Maximum capacity cannot be less than minimum capacity")
        }
        ScalingRefusal::AnotherPolicy => invalid(
            "Only one TargetTrackingScaling policy for a given metric specification is allowed.",
        ),
        ScalingRefusal::NoTarget => {
            let dimension = dimension_name(of.index.is_some(), of.dimension);
            let message = format!(
                "No scalable target registered for service namespace: dynamodb, resource ID: {resource}, \
                 scalable dimension: {dimension}"
            );
            Refusal::client("ObjectNotFoundException", "ObjectNotFound", message)
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RegisterInput {
    #[serde(flatten)]
    named: Named,
    min_capacity: Option<i64>,
    max_capacity: Option<i64>,
    suspended_state: Option<SuspendedInput>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "the members have AWS's names")]
struct SuspendedInput {
    dynamic_scaling_in_suspended: Option<bool>,
    dynamic_scaling_out_suspended: Option<bool>,
    scheduled_scaling_suspended: Option<bool>,
}

#[derive(Serialize)]
struct RegisterOutput {
    #[serde(rename = "ScalableTargetARN")]
    scalable_target_arn: String,
}

/// Registers a scalable target, or changes what the request says of it.
pub(super) fn register_scalable_target(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: RegisterInput = ask.input()?;
    let of = input.named.capacity()?;
    let suspended = input.suspended_state.unwrap_or_default();
    let asked = Registration {
        min: bound(input.min_capacity, "Minimum")?,
        max: bound(input.max_capacity, "Maximum")?,
        suspended: (
            suspended.dynamic_scaling_in_suspended,
            suspended.dynamic_scaling_out_suspended,
            suspended.scheduled_scaling_suspended,
        ),
    };
    check_permissions(ask)?;
    ask.fleet.register(of, asked, ask.now).map_err(|error| refusal(error, of))?;
    let subject = Subject::new(of.table, of.index, of.dimension);
    ask.output(&RegisterOutput { scalable_target_arn: subject.target_arn(ask.account()) })
}

fn bound(units: Option<i64>, which: &str) -> Result<Option<u64>, Refusal> {
    let Some(units) = units else { return Ok(None) };
    let refusal = || invalid(format!("{which} capacity cannot be less than {LEAST_CAPACITY}"));
    let least = if units < LEAST_CAPACITY { None } else { u64::try_from(units).ok() };
    least.map(Some).ok_or_else(refusal)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutInput {
    #[serde(flatten)]
    named: Named,
    policy_name: Option<String>,
    policy_type: Option<String>,
    #[serde(rename = "TargetTrackingScalingPolicyConfiguration")]
    configuration: Option<Configuration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Configuration {
    target_value: Option<f64>,
    predefined_metric_specification: Option<PredefinedMetric>,
    customized_metric_specification: Option<IgnoredAny>,
    scale_out_cooldown: Option<i32>,
    scale_in_cooldown: Option<i32>,
    disable_scale_in: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PredefinedMetric {
    predefined_metric_type: Option<String>,
}

/// Puts a policy: the one of that name is replaced with all it said.
pub(super) fn put_scaling_policy(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: PutInput = ask.input()?;
    let name = input.policy_name.as_deref().ok_or_else(|| invalid(missing("policyName")))?;
    if !(1..=256).contains(&name.len()) {
        let rule =
            "Member must have length less than or equal to 256 and greater than or equal to 1";
        return Err(invalid(constraint(&name, "policyName", rule)));
    }
    let of = input.named.capacity()?;
    let settings = settings(&input, of.dimension)?;
    check_permissions(ask)?;
    // What the alarms said until now they said of the old policy.
    ask.alarms.advance(ask.fleet, ask.now);
    let put = ask.fleet.put_policy(of, name, settings, ask.now);
    let state = put.map_err(|error| refusal(error, of))?;
    ask.alarms.follow_policy(ask.fleet, &state, ask.now);
    ask.output(&Policy::of(&state, ask.account()).map(Policy::into_put))
}

/// Reads what the policy says, if a capacity can follow it.
fn settings(input: &PutInput, dimension: Dimension) -> Result<PolicySettings, Refusal> {
    if input.policy_type.as_deref() != Some("TargetTrackingScaling") {
        return Err(invalid("DynamoDB supports the policy type TargetTrackingScaling only"));
    }
    let configuration = input.configuration.as_ref().ok_or_else(|| {
        invalid("A target tracking scaling policy configuration is required for this policy type")
    })?;
    if configuration.customized_metric_specification.is_some() {
        return Err(invalid("Customized metrics are not part of this simulation"));
    }
    let member = "targetTrackingScalingPolicyConfiguration";
    let target = configuration.target_value;
    let target = target.ok_or_else(|| invalid(missing(&format!("{member}.targetValue"))))?;
    let metric = configuration.predefined_metric_specification.as_ref();
    let metric = metric.and_then(|metric| metric.predefined_metric_type.as_deref());
    let metric = metric.ok_or_else(|| {
        invalid(missing(&format!("{member}.predefinedMetricSpecification.predefinedMetricType")))
    })?;
    if metric != metric_name(dimension) {
        return Err(invalid(format!(
            "The predefined metric type {metric} does not fit the scalable dimension"
        )));
    }
    if !TARGETS.contains(&target) {
        return Err(invalid(format!(
            "For predefined metric type {metric}, target value must be between '{:.1}' and '{:.1}', but \
             was '{target:?}'.",
            TARGETS.start(),
            TARGETS.end()
        )));
    }
    Ok(PolicySettings {
        target_utilization: target,
        scale_in_cooldown: configuration.scale_in_cooldown,
        scale_out_cooldown: configuration.scale_out_cooldown,
        disable_scale_in: configuration.disable_scale_in,
    })
}

#[cfg(test)]
mod tests;
