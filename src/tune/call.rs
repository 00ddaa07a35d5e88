//! The calls that write, with everything that is sent.
//!
//! Source: the service models of Application Auto Scaling, Amazon DynamoDB and Amazon CloudWatch.

use super::setting::{Edit, Mute, Setting};
use crate::model::id::Resource;
use crate::model::insights::InsightsMode;
use crate::model::scaling::{Suspended, TargetTracking};
use crate::model::throttle::Direction;
use std::sync::Arc;

/// `MaxReadRequestUnits` and its twin that remove the maximum.
pub const NO_MAXIMUM: i64 = -1;

/// One call that writes. It is sent once: a retry of a call that was lost may write twice.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    /// `RegisterScalableTarget`. It merges, and moves capacity into the bounds whatever is sent:
    /// so all is sent.
    RegisterScalableTarget {
        /// `ResourceId`.
        resource: Resource,
        /// With the resource, `ScalableDimension`.
        direction: Direction,
        /// `MinCapacity`.
        min: u32,
        /// `MaxCapacity`.
        max: u32,
        /// `SuspendedState`, all three.
        suspended: Suspended,
    },
    /// `PutScalingPolicy` of type `TargetTrackingScaling`. It replaces the whole configuration.
    PutScalingPolicy {
        /// `ResourceId`.
        resource: Resource,
        /// With the resource, `ScalableDimension`.
        direction: Direction,
        /// `PolicyName`, as described: another name makes another policy.
        policy: Arc<str>,
        /// `TargetTrackingScalingPolicyConfiguration`: what is absent is not sent.
        tracking: TargetTracking,
    },
    /// `UpdateTable` with `ProvisionedThroughput` of the table, or of one index in
    /// `GlobalSecondaryIndexUpdates`.
    UpdateCapacity {
        /// The table or index.
        resource: Resource,
        /// `ReadCapacityUnits`.
        read: u32,
        /// `WriteCapacityUnits`.
        write: u32,
    },
    /// `UpdateTable` with `OnDemandThroughput` of the table, or of one index in
    /// `GlobalSecondaryIndexUpdates`. It merges: only what changes is sent.
    UpdateMaximum {
        /// The table or index.
        resource: Resource,
        /// `MaxReadRequestUnits`, if it is sent; [`NO_MAXIMUM`] removes it.
        read: Option<i64>,
        /// `MaxWriteRequestUnits`, if it is sent; [`NO_MAXIMUM`] removes it.
        write: Option<i64>,
    },
    /// `UpdateContributorInsights`. The mode is always sent: without it AWS goes back to all keys.
    UpdateContributorInsights {
        /// The table or index.
        resource: Resource,
        /// `ENABLE` or else `DISABLE`.
        enable: bool,
        /// `ContributorInsightsMode`.
        mode: InsightsMode,
    },
    /// `PutAlarmMuteRule`: once, and it expires when it ends.
    PutAlarmMuteRule {
        /// `Name`.
        rule: Arc<str>,
        /// Targets, and what `Schedule` and `ExpireDate` are made of.
        mute: Mute,
    },
    /// `DeleteAlarmMuteRule`.
    DeleteAlarmMuteRule {
        /// `AlarmMuteRuleName`.
        rule: Arc<str>,
    },
}

impl Call {
    /// The call that makes `edit`.
    pub fn of(edit: &Edit) -> Self {
        match edit.after().clone() {
            Setting::Bounds { resource, direction, min, max, suspended } => {
                Self::RegisterScalableTarget { resource, direction, min, max, suspended }
            }
            Setting::Policy { resource, direction, policy, tracking } => {
                Self::PutScalingPolicy { resource, direction, policy, tracking }
            }
            Setting::Capacity { resource, read, write } => {
                Self::UpdateCapacity { resource, read, write }
            }
            Setting::Maximum { resource, read, write } => {
                let was = maxima(edit.before());
                Self::UpdateMaximum {
                    resource,
                    read: (read != was.0).then(|| sent_maximum(read)),
                    write: (write != was.1).then(|| sent_maximum(write)),
                }
            }
            Setting::Insights { resource, mode } => Self::UpdateContributorInsights {
                resource,
                enable: mode.is_some(),
                mode: mode.or_else(|| mode_of(edit.before())).unwrap_or(InsightsMode::Throttled),
            },
            Setting::Mute { rule, mute: Some(mute) } => Self::PutAlarmMuteRule { rule, mute },
            Setting::Mute { rule, mute: None } => Self::DeleteAlarmMuteRule { rule },
        }
    }

    /// The IAM action it takes, such as `dynamodb:UpdateTable`.
    pub fn action(&self) -> &'static str {
        match self {
            Self::RegisterScalableTarget { .. } => "application-autoscaling:RegisterScalableTarget",
            Self::PutScalingPolicy { .. } => "application-autoscaling:PutScalingPolicy",
            Self::UpdateCapacity { .. } | Self::UpdateMaximum { .. } => "dynamodb:UpdateTable",
            Self::UpdateContributorInsights { .. } => "dynamodb:UpdateContributorInsights",
            Self::PutAlarmMuteRule { .. } => "cloudwatch:PutAlarmMuteRule",
            Self::DeleteAlarmMuteRule { .. } => "cloudwatch:DeleteAlarmMuteRule",
        }
    }
}

fn sent_maximum(units: Option<u32>) -> i64 {
    units.map_or(NO_MAXIMUM, i64::from)
}

pub(super) fn maxima(setting: &Setting) -> (Option<u32>, Option<u32>) {
    match setting {
        Setting::Maximum { read, write, .. } => (*read, *write),
        Setting::Bounds { .. }
        | Setting::Policy { .. }
        | Setting::Capacity { .. }
        | Setting::Insights { .. }
        | Setting::Mute { .. } => (None, None),
    }
}

fn mode_of(setting: &Setting) -> Option<InsightsMode> {
    match setting {
        Setting::Insights { mode, .. } => mode.clone(),
        Setting::Bounds { .. }
        | Setting::Policy { .. }
        | Setting::Capacity { .. }
        | Setting::Maximum { .. }
        | Setting::Mute { .. } => None,
    }
}

/// `ScalableDimension` of a table or index, of nothing else, such as `dynamodb:index:WriteCapacityUnits`.
pub fn scalable_dimension(resource: &Resource, direction: Direction) -> &'static str {
    match (resource, direction) {
        (Resource::Index(..), Direction::Read) => "dynamodb:index:ReadCapacityUnits",
        (Resource::Index(..), Direction::Write) => "dynamodb:index:WriteCapacityUnits",
        (
            Resource::Table(_) | Resource::Account | Resource::Cluster(_) | Resource::Node(..),
            Direction::Read,
        ) => "dynamodb:table:ReadCapacityUnits",
        (
            Resource::Table(_) | Resource::Account | Resource::Cluster(_) | Resource::Node(..),
            Direction::Write,
        ) => "dynamodb:table:WriteCapacityUnits",
    }
}
