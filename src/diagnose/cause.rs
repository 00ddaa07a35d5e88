//! What a verdict can say: causes, how they are known, and how bad they are. The lists are closed.

use super::dax::DaxCause;
use super::{Outflow, words};
use crate::model::throttle::{Direction, Limit};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth a look: it was trouble and is easing off, it is about to be trouble, or only somebody
    /// who knows the application can say whether it is one.
    Notice,
    /// It is trouble now.
    Trouble,
}

impl Severity {
    /// `notice` or `trouble`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Trouble => "trouble",
        }
    }
}

/// How the cause is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// AWS's own metrics or replies name it.
    Measured,
    /// It is the only one that the figures allow.
    Inferred,
    /// It is not.
    Unknown,
}

impl Confidence {
    /// `measured`, `inferred` or `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Inferred => "inferred",
            Self::Unknown => "unknown",
        }
    }
}

/// Why autoscaling does not give a table or index the capacity that its target asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// Capacity is at the scalable target's maximum.
    AtMaximum,
    /// `DynamicScalingOutSuspended`.
    ScaleOutSuspended,
    /// Its newest activity failed.
    Failing,
    /// Its newest activity failed since no decrease of capacity is left: capacity stays too high.
    OutOfDecreases,
}

impl Hindrance {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AtMaximum => "autoscaling-at-maximum",
            Self::ScaleOutSuspended => "autoscaling-suspended",
            Self::Failing => "autoscaling-failing",
            Self::OutOfDecreases => "autoscaling-out-of-decreases",
        }
    }

    /// The same in words: short, and easily searched for.
    pub fn words(self) -> &'static str {
        match self {
            Self::AtMaximum => "autoscaling at max",
            Self::ScaleOutSuspended => "scale-out suspended",
            Self::Failing => "autoscaling failing",
            Self::OutOfDecreases => "out of decreases",
        }
    }
}

/// Why a resource is in trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Requests are refused at this limit.
    Throttled(Limit),
    /// Requests are refused; the limit is not known.
    ThrottledUnknown,
    /// Provisioned capacity was lowered shortly before requests were refused that it had served.
    CapacityLowered,
    /// Capacity is nearly used up, and autoscaling does not raise it; or it cannot lower what is too
    /// much.
    Autoscaling(Hindrance),
    /// An on-demand table or index is near its maximum or throttled, and the scalable target that is
    /// registered for it does nothing.
    InertTarget,
    /// Many writes fail their condition (`ConditionalCheckFailedRequests`): the application's doing.
    ConditionalChecks,
    /// Many items meet another transaction (`TransactionConflict`): the application's doing.
    TransactionConflicts,
    /// `DynamoDB` answers with HTTP 500 (`SystemErrors`): AWS's doing.
    SystemErrors,
    /// `DynamoDB` answers slower than in the hour before (`SuccessfulRequestLatency`, on AWS's side).
    LatencyRaised,
    /// What used to come steadily comes no more: a client's or the network's doing.
    TrafficFallen,
    /// Callers send what DynamoDB answers with HTTP 400.
    UserErrors,
    /// The changes of a table arrive late, or not at all, where they are to go.
    Outflow(Outflow),
    /// A DAX cluster, or a node of it, does not do what it is there for.
    Dax(DaxCause),
}

impl Cause {
    /// Its name in JSON: that of the limit, or its own.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Throttled(limit) => limit.cause(),
            Self::ThrottledUnknown => "unknown",
            Self::CapacityLowered => "capacity-lowered",
            Self::Autoscaling(hindrance) => hindrance.as_str(),
            Self::InertTarget => "inert-scalable-target",
            Self::ConditionalChecks => "conditional-check-failures",
            Self::TransactionConflicts => "transaction-conflicts",
            Self::SystemErrors => "system-errors",
            Self::LatencyRaised => "latency-raised",
            Self::TrafficFallen => "traffic-fallen",
            Self::UserErrors => "user-errors",
            Self::Outflow(outflow) => outflow.as_str(),
            Self::Dax(cause) => cause.as_str(),
        }
    }

    /// The same in words: short, and easily searched for.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Throttled(limit) => words::limit(limit),
            Self::ThrottledUnknown => "cause unknown",
            Self::CapacityLowered => "capacity lowered",
            Self::Autoscaling(hindrance) => hindrance.words(),
            Self::InertTarget => "target inert",
            Self::ConditionalChecks => "failed conditions",
            Self::TransactionConflicts => "transaction conflicts",
            Self::SystemErrors => "system errors",
            Self::LatencyRaised => "latency raised",
            Self::TrafficFallen => "traffic fallen",
            Self::UserErrors => "user errors",
            Self::Outflow(outflow) => outflow.words(),
            Self::Dax(cause) => cause.words(),
        }
    }

    /// Whether requests are refused at a limit.
    pub fn is_throttle(self) -> bool {
        self.limit().is_some() || self == Self::ThrottledUnknown
    }

    /// The limit at which requests are refused, where that is known.
    pub fn limit(self) -> Option<Limit> {
        match self {
            Self::Throttled(limit) => Some(limit),
            Self::ThrottledUnknown
            | Self::CapacityLowered
            | Self::Autoscaling(_)
            | Self::InertTarget
            | Self::ConditionalChecks
            | Self::TransactionConflicts
            | Self::SystemErrors
            | Self::LatencyRaised
            | Self::TrafficFallen
            | Self::UserErrors
            | Self::Outflow(_)
            | Self::Dax(_) => None,
        }
    }

    /// What is looked at first: requests that fail, then those that are answered, but in vain or
    /// late, then what may become of it.
    pub(super) fn urgency(self) -> u8 {
        match self {
            Self::Throttled(_)
            | Self::ThrottledUnknown
            | Self::CapacityLowered
            | Self::SystemErrors
            | Self::UserErrors => 0,
            Self::ConditionalChecks
            | Self::TransactionConflicts
            | Self::LatencyRaised
            | Self::Outflow(_) => 1,
            Self::TrafficFallen | Self::Autoscaling(_) | Self::InertTarget => 2,
            Self::Dax(cause) => cause.urgency(),
        }
    }
}

/// `READ: ` or `WRITE: `, where it is about one of the two; `STREAM: ` and the like where it is about what leaves
/// the table.
pub(super) fn prefix(direction: Option<Direction>, cause: Cause) -> &'static str {
    match direction {
        Some(Direction::Read) => "READ: ",
        Some(Direction::Write) => "WRITE: ",
        None => {
            if let Cause::Outflow(outflow) = cause {
                outflow.prefix()
            } else {
                ""
            }
        }
    }
}
