//! Application Auto Scaling's view of a table or index.

use super::id::Resource;
use super::throttle::Direction;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A scalable target with its policies.
#[derive(Debug, Clone, PartialEq)]
pub struct ScalableTarget {
    /// The table or index.
    pub resource: Resource,
    /// Which capacity.
    pub direction: Direction,
    /// Minimum capacity, units per second.
    pub min: f64,
    /// Maximum capacity, units per second.
    pub max: f64,
    /// What of it is suspended.
    pub suspended: Suspended,
    /// Its policies, in the order AWS tells them.
    pub policies: Vec<ScalingPolicy>,
}

impl ScalableTarget {
    /// The policy that capacity follows; `None` without one, or with several.
    pub fn policy(&self) -> Option<&ScalingPolicy> {
        let mut tracking = self.policies.iter().filter(|policy| policy.tracking.is_some());
        tracking.next().filter(|_| tracking.next().is_none())
    }

    /// Target utilization in percent; `None` without a policy that tracks utilization: the target
    /// of a policy with a metric of its own is in that metric's unit.
    ///
    /// Of several policies it is the lowest: that one is the first to scale out and the last to scale
    /// in (Application Auto Scaling User Guide, "Multiple target tracking scaling policies").
    pub fn target_utilization(&self) -> Option<f64> {
        let tracking = self.policies.iter().filter_map(|policy| policy.tracking.as_ref());
        let tracks_utilization = |tracking: &&TargetTracking| match tracking.metric {
            ScalingMetric::Predefined { .. } => true,
            ScalingMetric::Customized(_) | ScalingMetric::Untold => false,
        };
        let percents = tracking.filter(tracks_utilization).map(|tracking| tracking.target_value);
        percents.min_by(f64::total_cmp)
    }
}

/// What of a scalable target is suspended (`SuspendedState`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Suspended {
    /// `DynamicScalingInSuspended`: policies do not lower capacity.
    pub scale_in: bool,
    /// `DynamicScalingOutSuspended`: policies do not raise capacity.
    pub scale_out: bool,
    /// `ScheduledScalingSuspended`: scheduled actions do nothing.
    pub scheduled: bool,
}

/// A scaling policy (`ScalingPolicy`).
#[derive(Debug, Clone, PartialEq)]
pub struct ScalingPolicy {
    /// Its name: a policy put under another name is another policy.
    pub name: Arc<str>,
    /// Its ARN.
    pub arn: Arc<str>,
    /// Its configuration; `None` for a policy that is not of type `TargetTrackingScaling`.
    pub tracking: Option<TargetTracking>,
    /// What of it this program does not know, such as a metric type of the future. Such a policy
    /// cannot be sent again whole, and `PutScalingPolicy` replaces the whole.
    pub unknown: Option<Arc<str>>,
}

/// `TargetTrackingScalingPolicyConfiguration`. What AWS does not tell is absent here, and stays
/// absent when it is sent again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetTracking {
    /// The value that the metric is kept at: percent, for `DynamoDB`'s own metrics.
    pub target_value: f64,
    /// What is kept at that value.
    pub metric: ScalingMetric,
    /// Seconds between two scale-ins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale_in_cooldown: Option<i32>,
    /// Seconds between two scale-outs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale_out_cooldown: Option<i32>,
    /// Whether the policy never lowers capacity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disable_scale_in: Option<bool>,
}

/// What a target-tracking policy keeps at its target value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScalingMetric {
    /// `PredefinedMetricSpecification`.
    Predefined {
        /// Such as `DynamoDBWriteCapacityUtilization`.
        metric: Arc<str>,
        /// `ResourceLabel`; `DynamoDB`'s metrics have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        label: Option<Arc<str>>,
    },
    /// `CustomizedMetricSpecification`, as the JSON that the AWS CLI takes: equal texts are equal
    /// specifications.
    Customized(Arc<str>),
    /// AWS told neither.
    Untold,
}

/// A change of a scalable target's bounds at a set time (`ScheduledAction`).
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduledAction {
    /// Its name.
    pub name: Arc<str>,
    /// The table or index.
    pub resource: Resource,
    /// Which capacity.
    pub direction: Direction,
    /// `at(yyyy-mm-ddThh:mm:ss)`, `rate(value unit)` or `cron(six fields)`.
    pub schedule: Arc<str>,
    /// IANA name of the zone of an `at` or `cron` schedule; UTC if absent.
    pub time_zone: Option<Arc<str>>,
    /// The minimum it sets, units per second, if it sets one.
    pub min: Option<f64>,
    /// The maximum it sets, units per second, if it sets one.
    pub max: Option<f64>,
    /// When it begins to act: first then, later by its schedule.
    pub start: Option<Timestamp>,
    /// When it ceases to act.
    pub end: Option<Timestamp>,
}

#[cfg(test)]
pub(crate) mod fixture {
    use super::{
        Arc, Direction, Resource, ScalableTarget, ScalingMetric, ScalingPolicy, Suspended,
        TargetTracking,
    };

    /// A target-tracking policy as the console makes it.
    pub(crate) fn policy(direction: Direction, percent: f64) -> ScalingPolicy {
        let metric = match direction {
            Direction::Read => "DynamoDBReadCapacityUtilization",
            Direction::Write => "DynamoDBWriteCapacityUtilization",
        };
        ScalingPolicy {
            name: Arc::from("$orders-scaling-policy"),
            arn: Arc::from("arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:1"),
            tracking: Some(TargetTracking {
                target_value: percent,
                metric: ScalingMetric::Predefined { metric: Arc::from(metric), label: None },
                scale_in_cooldown: None,
                scale_out_cooldown: Some(60),
                disable_scale_in: None,
            }),
            unknown: None,
        }
    }

    /// A scalable target that keeps use at 70 %.
    pub(crate) fn target(
        resource: Resource,
        direction: Direction,
        (min, max): (f64, f64),
    ) -> ScalableTarget {
        let policies = vec![policy(direction, 70.0)];
        ScalableTarget { resource, direction, min, max, suspended: Suspended::default(), policies }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_target_of_several_policies_counts_and_only_one_policy_can_be_followed() {
        let direction = Direction::Write;
        let one = fixture::target(Resource::table("t"), direction, (1.0, 9.0));
        assert_eq!(one.target_utilization(), Some(70.0));
        let mut two = one.clone();
        two.policies.push(fixture::policy(direction, 50.0));
        assert_eq!(two.target_utilization(), Some(50.0));
        assert_eq!(two.policy(), None);
        let mut stepped = one.clone();
        stepped.policies.push(ScalingPolicy { tracking: None, ..fixture::policy(direction, 50.0) });
        assert_eq!(stepped.target_utilization(), Some(70.0));
        let mut own = fixture::policy(direction, 50.0);
        own.tracking.as_mut().unwrap().metric = ScalingMetric::Customized(Arc::from("{}"));
        let own = ScalableTarget { policies: vec![own], ..one.clone() };
        assert_eq!(own.target_utilization(), None, "it is no percentage of use");
        assert_eq!(ScalableTarget { policies: vec![], ..one }.target_utilization(), None);
    }
}
