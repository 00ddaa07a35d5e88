//! What happened: the entries of the timeline.

mod identity;

pub use identity::Identity;

use super::alarm::{AlarmState, Subject, is_target_tracking};
use super::dax::{DaxEvent, EventSource};
use super::health::{CallError, Poller};
use super::id::Resource;
use super::throttle::Direction;
use jiff::{SignedDuration, Timestamp};
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
    /// Something happened to a DAX cluster, or to what it is set up with.
    Dax(DaxEvent),
    /// A poller stopped reading AWS, or reads it again.
    Poller(PollerChange),
    /// This program wrote something, as its journal tells.
    Write(OwnWrite),
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
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// `Action`: something was told or done, or should have been.
    Action(Action),
}

/// What an alarm did when its state changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// The ARN of whom it told, or of what it set going; `None` where AWS does not tell.
    pub target: Option<Arc<str>>,
    /// How that went.
    pub outcome: Outcome,
}

/// How an action of an alarm went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was carried out.
    Done,
    /// It was not, and why, in AWS's words, where it tells that.
    Failed(Option<Arc<str>>),
    /// What AWS adds next.
    Other,
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
    /// Its provisioned capacity, before it was first described: `DescribeTable` dates the last increase and the
    /// last decrease, but tells neither whether of reads or writes nor from what.
    Dated {
        /// Whether it was raised.
        raised: bool,
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

/// A write of this program, or of another run of it, as the journal tells.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnWrite {
    /// The journal's id of it: it is told again when it has ended.
    pub id: Arc<str>,
    /// The table or index; `None` for what is set of alarms.
    pub resource: Option<Resource>,
    /// Which capacity, if it is about one of the two.
    pub direction: Option<Direction>,
    /// What was set, such as `write autoscaling of orders`.
    pub title: String,
    /// What was to change, such as `minimum 100 WCU -> 400 WCU`.
    pub changes: String,
    /// What came of it.
    pub ending: Ending,
    /// ARN of the caller.
    pub who: Arc<str>,
    /// Whether it took another write back.
    pub is_undo: bool,
}

impl OwnWrite {
    /// Whether AWS did it, or may have done it.
    pub fn is_sent(&self) -> bool {
        matches!(self.ending, Ending::Open | Ending::Done | Ending::Unknown)
    }
}

/// What came of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// It is under way, or its end was never recorded.
    Open,
    /// AWS accepted it.
    Done,
    /// AWS refused it, in these words.
    Refused(Arc<str>),
    /// It was not sent, for this reason.
    NotSent(Arc<str>),
    /// No answer came: AWS may have done it.
    Unknown,
}

/// How a scaling activity went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// What it was to do is done.
    Done,
    /// It has begun, or is about to.
    UnderWay,
    /// It was decided to change nothing.
    NotScaled,
    /// It did not succeed.
    Failed,
    /// Another one took its place, or what AWS adds next.
    Other,
}

/// Why Application Auto Scaling changed nothing: the codes of `NotScaledReason` that say something
/// about capacity ("Scaling activities for Application Auto Scaling").
pub const AT_MAXIMUM: &str = "AlreadyAtMaxCapacity";
/// See [`AT_MAXIMUM`].
pub const AT_MINIMUM: &str = "AlreadyAtMinCapacity";
/// See [`AT_MAXIMUM`].
pub const AT_DESIRED: &str = "AlreadyAtDesiredCapacity";

impl Activity {
    /// How it went, by its status (`StatusCode`).
    pub fn course(&self) -> Course {
        // AWS calls an activity that was not to change anything failed, too.
        match &*self.status {
            _ if !self.not_scaled.is_empty() => Course::NotScaled,
            "Successful" => Course::Done,
            "Pending" | "InProgress" => Course::UnderWay,
            "Failed" | "Unfulfilled" => Course::Failed,
            _ => Course::Other,
        }
    }

    /// The capacity that it sets, units per second; `None` where it sets something else, such as
    /// limits.
    pub fn units(&self) -> Option<f64> {
        let (_, number) = self.description.split_once(" capacity units to ")?;
        number.trim_end_matches('.').parse().ok().filter(|units: &f64| units.is_finite())
    }

    /// The alarm that made autoscaling act, if one did.
    pub fn alarm(&self) -> Option<&str> {
        let (_, rest) = self.cause.split_once("monitor alarm ")?;
        rest.split_once(" in state ").map(|(name, _)| name)
    }

    /// Whether it raises capacity rather than lowering it, as far as its cause tells.
    pub fn raises(&self) -> Option<bool> {
        let (text, up, down) = match self.alarm() {
            Some(alarm) => (alarm, "-AlarmHigh-", "-AlarmLow-"),
            None => (&*self.cause, "minimum capacity was set", "maximum capacity was set"),
        };
        let [raises, reduces] = [up, down].map(|sign| text.contains(sign));
        (raises != reduces).then_some(raises)
    }

    /// Whether a change of capacity that was seen at `seen` is what this activity of `at` did.
    pub fn explains(&self, at: Timestamp, change: &TableChange, seen: Timestamp) -> bool {
        let Change::Capacity { direction, to, .. } = change.change else { return false };
        self.resource == change.resource
            && self.direction == direction
            && self.units().is_some_and(|units| (units - to).abs() < 0.5)
            && self.may_have_made(at, seen)
    }

    /// Whether this activity of `at` changed capacity at about the time `seen`.
    pub fn may_have_made(&self, at: Timestamp, seen: Timestamp) -> bool {
        let is_near = |then: Timestamp| seen.duration_since(then).abs() <= NEAR;
        matches!(self.course(), Course::Done | Course::UnderWay)
            && (is_near(at) || self.ended.is_some_and(is_near))
    }
}

/// How far apart an activity and the change that it makes are told to be.
const NEAR: SignedDuration = SignedDuration::from_mins(2);

impl AlarmChangeKind {
    /// The state after, of a change of state.
    pub fn state(&self) -> Option<AlarmState> {
        match self {
            Self::State { to, .. } => Some(*to),
            Self::Configuration | Self::Action(_) => None,
        }
    }

    /// How an action went, of an action.
    pub fn outcome(&self) -> Option<&Outcome> {
        match self {
            Self::Action(action) => Some(&action.outcome),
            Self::State { .. } | Self::Configuration => None,
        }
    }
}

impl Change {
    /// Which capacity it is about, if it is about one of the two.
    pub fn direction(&self) -> Option<Direction> {
        match self {
            Self::Capacity { direction, .. } | Self::Maximum { direction, .. } => Some(*direction),
            Self::Created
            | Self::Deleted
            | Self::Status { .. }
            | Self::Billing { .. }
            | Self::Dated { .. } => None,
        }
    }
}

impl AlarmChange {
    /// Whether it is about an alarm that Application Auto Scaling made for a policy of its own.
    pub fn is_target_tracking(&self) -> bool {
        is_target_tracking(&self.alarm)
    }
}

impl Happening {
    /// What it is about, as far as that is told; an alarm's subjects are told by the alarm.
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::Scaling(activity) => Some(Subject::Dynamo(activity.resource.clone())),
            Self::Table(change) => Some(Subject::Dynamo(change.resource.clone())),
            Self::Write(write) => write.resource.clone().map(Subject::Dynamo),
            Self::Dax(DaxEvent { source: EventSource::Cluster(name), .. }) => {
                Some(Subject::Dax(name.clone(), None))
            }
            Self::Alarm(_) | Self::Dax(_) | Self::Poller(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn activity(description: &str, cause: &str, status: &str) -> Activity {
        Activity {
            id: Arc::from("1"),
            resource: Resource::table("orders"),
            direction: Direction::Write,
            description: Arc::from(description),
            cause: Arc::from(cause),
            status: Arc::from(status),
            message: None,
            ended: None,
            not_scaled: vec![],
        }
    }

    #[test]
    fn awss_words_tell_what_is_set_and_why() {
        let high = "monitor alarm TargetTracking-table/orders-AlarmHigh-1c9a in state ALARM \
                    triggered policy $orders-write-scaling-policy";
        let cases = [
            ("Setting write capacity units to 210.", high, Some(210.0), Some(true)),
            (
                "Setting read capacity units to 5.",
                "minimum capacity was set to 5",
                Some(5.0),
                Some(true),
            ),
            (
                "Setting min capacity to 5 and max capacity to 50",
                "scheduled action name x",
                None,
                None,
            ),
            (
                "Attempting to scale due to alarm triggered",
                &high.replace("High", "Low"),
                None,
                Some(false),
            ),
        ];
        for (description, cause, units, raises) in cases {
            let activity = activity(description, cause, "Successful");
            assert_eq!((activity.units(), activity.raises()), (units, raises), "{description}");
        }
        let alarm = activity("", high, "").alarm().map(str::to_owned);
        assert_eq!(alarm.as_deref(), Some("TargetTracking-table/orders-AlarmHigh-1c9a"));
    }

    #[test]
    fn an_activity_explains_the_change_that_it_made_and_no_other() {
        let at: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let later = |seconds| at + SignedDuration::from_secs(seconds);
        let change = |direction, to| TableChange {
            resource: Resource::table("orders"),
            change: Change::Capacity { direction, from: 100.0, to },
        };
        let mut set = activity("Setting write capacity units to 210.", "", "Successful");
        let write = change(Direction::Write, 210.0);
        assert!(set.explains(at, &write, later(120)));
        assert!(!set.explains(at, &write, later(121)));
        assert!(!set.explains(at, &change(Direction::Read, 210.0), at));
        assert!(!set.explains(at, &change(Direction::Write, 211.0), at));
        set.ended = Some(later(60));
        assert!(set.explains(at, &write, later(180)));
        set.status = Arc::from("Failed");
        assert!(!set.explains(at, &write, at));
    }

    #[test]
    fn a_decision_to_change_nothing_is_no_failure() {
        let mut activity = activity("", "", "Failed");
        assert_eq!(activity.course(), Course::Failed);
        let code = Arc::from(AT_MAXIMUM);
        activity.not_scaled = vec![NotScaled { code, max: None, min: None, current: None }];
        assert_eq!(activity.course(), Course::NotScaled);
    }
}
