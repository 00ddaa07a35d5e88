//! What happened.

use super::{Fields, Ink, Recorded, map, recorded, tagged};
use crate::model::dax::{DaxEvent, EventSource};
use crate::model::event::{
    Action, Activity, AlarmChange, AlarmChangeKind, Change, Ending, Event, Happening, NotScaled,
    Outcome, OwnWrite, PollerChange, TableChange,
};
use crate::model::table::BillingMode;
use ciborium::Value;

recorded! {
    Event { at, what }
    Activity {
        id,
        resource,
        direction,
        description,
        cause,
        status,
        message,
        ended,
        not_scaled,
    }
    NotScaled { code, max, min, current }
    AlarmChange { alarm, summary, kind }
    Action { target, outcome }
    TableChange { resource, change }
    PollerChange { poller, error }
    DaxEvent { source, message }
    OwnWrite { id, resource, direction, title, changes, ending, who, is_undo }
}

tagged! {
    Happening {
        "scaling" = Scaling(activity),
        "alarm" = Alarm(change),
        "table" = Table(change),
        "dax" = Dax(event),
        "poller" = Poller(change),
        "write" = Write(write),
    }
    AlarmChangeKind {
        "state" = State { from, to },
        "configuration" = Configuration,
        "action" = Action(action),
    }
    EventSource {
        "cluster" = Cluster(name),
        "parameter-group" = ParameterGroup(name),
        "subnet-group" = SubnetGroup(name),
        "other" = Other(name),
    }
    Outcome { "done" = Done, "failed" = Failed(why), "other" = Other }
    Ending {
        "open" = Open,
        "done" = Done,
        "refused" = Refused(words),
        "not-sent" = NotSent(words),
        "unknown" = Unknown,
    }
    Change {
        "created" = Created,
        "deleted" = Deleted,
        "status" = Status { from, to },
        "billing" = Billing { from, to },
        "capacity" = Capacity { direction, from, to },
        "dated" = Dated { raised },
        "maximum" = Maximum { direction, from, to },
    }
}

/// The names of billing modes, which are the only texts of the model that are not read from AWS.
impl Recorded for &'static str {
    fn write(&self, _: Ink) -> Value {
        Value::from(*self)
    }

    fn read(value: Value) -> Option<Self> {
        BillingMode::read(value).map(BillingMode::as_str)
    }
}
