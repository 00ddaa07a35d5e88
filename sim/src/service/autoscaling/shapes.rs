//! The shapes of Application Auto Scaling's replies.

#![expect(clippy::struct_field_names, reason = "the members have AWS's names")]

use serde::Serialize;

use crate::facts::{self, AccountState, Dimension, ScalingState};
use crate::service::{arn, uuid};
use crate::wire::Stamp;

const NAMESPACE: &str = "dynamodb";

/// Returns the `ResourceId` of a table or index.
pub(super) fn resource_id(table: &str, index: Option<&str>) -> String {
    match index {
        Some(index) => format!("table/{table}/index/{index}"),
        None => format!("table/{table}"),
    }
}

/// Returns the `ScalableDimension`.
pub(super) fn dimension_name(of_index: bool, dimension: Dimension) -> &'static str {
    match (of_index, dimension) {
        (false, Dimension::Read) => "dynamodb:table:ReadCapacityUnits",
        (false, Dimension::Write) => "dynamodb:table:WriteCapacityUnits",
        (true, Dimension::Read) => "dynamodb:index:ReadCapacityUnits",
        (true, Dimension::Write) => "dynamodb:index:WriteCapacityUnits",
    }
}

/// Returns the `PredefinedMetricType` that fits a capacity.
pub(super) fn metric_name(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Read => "DynamoDBReadCapacityUtilization",
        Dimension::Write => "DynamoDBWriteCapacityUtilization",
    }
}

/// What says which capacity is meant; every shape here has it.
#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Subject {
    service_namespace: &'static str,
    resource_id: String,
    scalable_dimension: &'static str,
}

impl Subject {
    pub(super) fn new(table: &str, index: Option<&str>, dimension: Dimension) -> Self {
        Self {
            service_namespace: NAMESPACE,
            resource_id: resource_id(table, index),
            scalable_dimension: dimension_name(index.is_some(), dimension),
        }
    }

    fn of(state: &ScalingState) -> Self {
        Self::new(&state.table, state.index.as_deref(), state.dimension)
    }

    fn uuid(&self, what: &str) -> String {
        uuid(&(what, &self.resource_id, self.scalable_dimension))
    }

    /// The `ScalableTargetARN`.
    pub(super) fn target_arn(&self, account: &AccountState) -> String {
        let id = self.uuid("target").replace('-', "");
        arn(account, "application-autoscaling", &format!("scalable-target/{id}"))
    }
}

/// Returns the ARN of the policy of a scalable target, if it has one.
pub(crate) fn policy_arn(state: &ScalingState, account: &AccountState) -> Option<String> {
    let subject = Subject::of(state);
    let name = &state.policy.as_ref()?.name;
    let (id, resource) = (subject.uuid("policy"), &subject.resource_id);
    let resource = format!("scalingPolicy:{id}:resource/{NAMESPACE}/{resource}:policyName/{name}");
    Some(arn(account, "autoscaling", &resource))
}

/// A `ScalableTarget`.
#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Target {
    #[serde(flatten)]
    subject: Subject,
    min_capacity: u64,
    max_capacity: u64,
    #[serde(rename = "RoleARN")]
    role_arn: String,
    creation_time: Stamp,
    suspended_state: SuspendedState,
    #[serde(rename = "ScalableTargetARN")]
    scalable_target_arn: String,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct SuspendedState {
    dynamic_scaling_in_suspended: bool,
    dynamic_scaling_out_suspended: bool,
    scheduled_scaling_suspended: bool,
}

impl Target {
    pub(super) fn new(state: &ScalingState, account: &AccountState) -> Self {
        let subject = Subject::of(state);
        Self {
            min_capacity: state.min,
            max_capacity: state.max,
            role_arn: format!(
                "arn:aws:iam::{}:role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/\
                 AWSServiceRoleForApplicationAutoScaling_DynamoDBTable",
                account.id
            ),
            creation_time: Stamp(state.created),
            suspended_state: SuspendedState {
                dynamic_scaling_in_suspended: state.suspended.0,
                dynamic_scaling_out_suspended: state.suspended.1,
                scheduled_scaling_suspended: state.suspended.2,
            },
            scalable_target_arn: subject.target_arn(account),
            subject,
        }
    }
}

/// A `ScalingPolicy`.
#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Policy {
    #[serde(rename = "PolicyARN")]
    policy_arn: String,
    policy_name: String,
    #[serde(flatten)]
    subject: Subject,
    policy_type: &'static str,
    #[serde(rename = "TargetTrackingScalingPolicyConfiguration")]
    configuration: Configuration,
    alarms: Vec<Alarm>,
    creation_time: Stamp,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct Configuration {
    target_value: f64,
    predefined_metric_specification: PredefinedMetric,
    #[serde(skip_serializing_if = "Option::is_none")]
    scale_out_cooldown: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scale_in_cooldown: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disable_scale_in: Option<bool>,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct PredefinedMetric {
    predefined_metric_type: &'static str,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct Alarm {
    alarm_name: String,
    #[serde(rename = "AlarmARN")]
    alarm_arn: String,
}

impl Policy {
    /// Shows the policy of a scalable target, if it has one.
    pub(super) fn of(state: &ScalingState, account: &AccountState) -> Option<Self> {
        let policy = state.policy.as_ref()?;
        let subject = Subject::of(state);
        let policy_name = policy.name.clone();
        let policy_arn = policy_arn(state, account)?;
        let alarm = |name: &String| Alarm {
            alarm_name: name.clone(),
            alarm_arn: arn(account, "cloudwatch", &format!("alarm:{name}")),
        };
        let settings = policy.settings;
        Some(Self {
            policy_arn,
            policy_name,
            policy_type: "TargetTrackingScaling",
            configuration: Configuration {
                target_value: settings.target_utilization,
                predefined_metric_specification: PredefinedMetric {
                    predefined_metric_type: metric_name(state.dimension),
                },
                scale_out_cooldown: settings.scale_out_cooldown,
                scale_in_cooldown: settings.scale_in_cooldown,
                disable_scale_in: settings.disable_scale_in,
            },
            alarms: policy.alarms.iter().map(alarm).collect(),
            creation_time: Stamp(policy.created),
            subject,
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.policy_name
    }

    /// Its ARN and its alarms, which are what `PutScalingPolicy` answers.
    pub(super) fn into_put(self) -> PutOutput {
        PutOutput { policy_arn: self.policy_arn, alarms: self.alarms }
    }
}

/// The reply of `PutScalingPolicy`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutOutput {
    #[serde(rename = "PolicyARN")]
    policy_arn: String,
    alarms: Vec<Alarm>,
}

/// A `ScheduledAction`.
#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Scheduled {
    scheduled_action_name: String,
    #[serde(rename = "ScheduledActionARN")]
    scheduled_action_arn: String,
    #[serde(flatten)]
    subject: Subject,
    schedule: String,
    scalable_target_action: TargetAction,
    creation_time: Stamp,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct TargetAction {
    #[serde(skip_serializing_if = "Option::is_none")]
    min_capacity: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_capacity: Option<u64>,
}

impl Scheduled {
    /// Lists the scheduled actions of a scalable target.
    pub(super) fn all(state: &ScalingState, account: &AccountState) -> Vec<Self> {
        let subject = Subject::of(state);
        let one = |action: &facts::ScheduledAction| Self {
            scheduled_action_name: action.name.clone(),
            scheduled_action_arn: arn(
                account,
                "autoscaling",
                &format!(
                    "scheduledAction:{}:resource/{NAMESPACE}/{}:scheduledActionName/{}",
                    subject.uuid("scheduled"),
                    subject.resource_id,
                    action.name
                ),
            ),
            subject: subject.clone(),
            schedule: action.schedule.clone(),
            scalable_target_action: TargetAction {
                min_capacity: action.min,
                max_capacity: action.max,
            },
            creation_time: Stamp(state.created),
        };
        state.scheduled.iter().map(one).collect()
    }

    pub(super) fn name(&self) -> &str {
        &self.scheduled_action_name
    }
}

/// A `ScalingActivity`.
#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Activity {
    activity_id: String,
    #[serde(flatten)]
    subject: Subject,
    description: String,
    cause: String,
    start_time: Stamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<Stamp>,
    status_code: &'static str,
    status_message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_scaled_reasons: Vec<NotScaledReason>,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct NotScaledReason {
    code: &'static str,
    max_capacity: u64,
    min_capacity: u64,
    current_capacity: u64,
}

impl Activity {
    pub(super) fn new(activity: &facts::Activity) -> Self {
        let reason = activity.not_scaled.map(|(code, max, min, current)| NotScaledReason {
            code,
            max_capacity: max,
            min_capacity: min,
            current_capacity: current,
        });
        Self {
            activity_id: activity.id.clone(),
            subject: Subject::new(&activity.table, activity.index.as_deref(), activity.dimension),
            description: activity.description.clone(),
            cause: activity.cause.clone(),
            start_time: Stamp(activity.start),
            end_time: activity.end.map(Stamp),
            status_code: activity.status,
            status_message: activity.message.clone(),
            not_scaled_reasons: reason.into_iter().collect(),
        }
    }
}
