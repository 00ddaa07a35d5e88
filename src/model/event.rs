//! What happened: the entries of the timeline.

use super::alarm::{AlarmState, Subject};
use super::health::{CallError, Poller};
use super::id::Resource;
use super::throttle::Direction;
use jiff::Timestamp;
use std::sync::Arc;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Happening,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// Application Auto Scaling changed a capacity, tried to, or decided not to.
    Scaling(Activity),
    /// An alarm changed.
    Alarm(AlarmChange),
    /// A table or index changed between two descriptions.
    Table(TableChange),
    /// A poller stopped reading AWS, or reads it again.
    Poller(PollerChange),
}

/// One scaling activity (`DescribeScalingActivities`, `IncludeNotScaledActivities`).
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// AWS's id of it: an activity in progress is told again when it has ended.
    pub id: Arc<str>,
    /// The table or index.
    pub resource: Resource,
    /// Which capacity.
    pub direction: Direction,
    /// What was done, in AWS's words, such as `Setting write capacity units to 210.`
    pub description: Arc<str>,
    /// Why, in AWS's words, which name the alarm.
    pub cause: Arc<str>,
    /// `Pending`, `InProgress`, `Successful`, `Failed`, …
    pub status: Arc<str>,
    /// How it went, in AWS's words.
    pub message: Option<Arc<str>>,
    /// When it ended, if it has.
    pub ended: Option<Timestamp>,
    /// Why nothing was changed, if nothing was.
    pub not_scaled: Vec<NotScaled>,
}

/// Why Application Auto Scaling changed nothing (`NotScaledReason`).
#[derive(Debug, Clone, PartialEq)]
pub struct NotScaled {
    /// Such as `AlreadyAtMaxCapacity`.
    pub code: Arc<str>,
    /// Maximum capacity then, units per second.
    pub max: Option<f64>,
    /// Minimum capacity then, units per second.
    pub min: Option<f64>,
    /// Capacity then, units per second.
    pub current: Option<f64>,
}

/// One entry of an alarm's history.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmChange {
    /// The alarm's name.
    pub alarm: Arc<str>,
    /// AWS's summary, such as `Alarm updated from OK to ALARM`.
    pub summary: Arc<str>,
    /// What kind of entry it is.
    pub kind: AlarmChangeKind,
}

/// What kind of entry of an alarm's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmChangeKind {
    /// `StateUpdate`.
    State {
        /// The state before, where AWS tells it.
        from: Option<AlarmState>,
        /// The state after.
        to: AlarmState,
    },
    /// `ConfigurationUpdate`.
    Configuration,
    /// `Action`: something was told or done.
    Action,
}

/// How a table or index changed between two descriptions.
#[derive(Debug, Clone, PartialEq)]
pub struct TableChange {
    /// The table or index.
    pub resource: Resource,
    /// What changed.
    pub change: Change,
}

/// What of a table or index changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// It is there now.
    Created,
    /// It is gone.
    Deleted,
    /// Its status.
    Status {
        /// Before.
        from: Arc<str>,
        /// Now.
        to: Arc<str>,
    },
    /// Its billing mode, AWS's names.
    Billing {
        /// Before.
        from: &'static str,
        /// Now.
        to: &'static str,
    },
    /// Its provisioned capacity, units per second.
    Capacity {
        /// Which.
        direction: Direction,
        /// Before.
        from: f64,
        /// Now.
        to: f64,
    },
    /// Its on-demand maximum, request units per second; `None` is no maximum of its own.
    Maximum {
        /// Which.
        direction: Direction,
        /// Before.
        from: Option<f64>,
        /// Now.
        to: Option<f64>,
    },
}

/// A poller that stopped reading AWS, or reads it again.
#[derive(Debug, Clone, PartialEq)]
pub struct PollerChange {
    /// Which.
    pub poller: Poller,
    /// Why it reads nothing; `None` where it reads again.
    pub error: Option<CallError>,
}

impl Happening {
    /// What it is about, as far as that is told; an alarm's subjects are told by the alarm.
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::Scaling(activity) => Some(Subject::Dynamo(activity.resource.clone())),
            Self::Table(change) => Some(Subject::Dynamo(change.resource.clone())),
            Self::Alarm(_) | Self::Poller(_) => None,
        }
    }
}
