//! Application Auto Scaling's view of a table or index.

use super::id::Resource;
use super::throttle::Direction;

/// A scalable target and, where it has one, its target-tracking policy.
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
    /// Target utilization in percent; `None` without a target-tracking policy.
    pub target_utilization: Option<f64>,
    /// Whether scaling out is suspended.
    pub scale_out_suspended: bool,
    /// Whether scaling in is suspended.
    pub scale_in_suspended: bool,
}
