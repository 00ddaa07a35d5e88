//! What tells events apart.

use super::{Change, Event, Happening, TableChange};
use crate::model::dax::EventSource;
use crate::model::health::Poller;
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use std::sync::Arc;

/// What tells an event from others of its moment: one that is told again has the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identity {
    /// A scaling activity by AWS's id, which is told again when it has ended.
    Activity(Arc<str>),
    /// An alarm, and the summary of its change.
    Alarm(Arc<str>, Arc<str>),
    /// What DAX says, and of what.
    Dax(EventSource, Arc<str>),
    /// A write of this program by the journal's id, which is told again when it has ended.
    Write(Arc<str>),
    /// A table or index, what of it changed, and which capacity if that is one of the two.
    Table(Resource, &'static str, Option<Direction>),
    /// A poller, and whether it reads again.
    Poller(Poller, bool),
}

impl Event {
    /// What tells it from others of its moment.
    pub fn identity(&self) -> Identity {
        match &self.what {
            Happening::Scaling(activity) => Identity::Activity(activity.id.clone()),
            Happening::Alarm(change) => {
                Identity::Alarm(change.alarm.clone(), change.summary.clone())
            }
            Happening::Dax(event) => Identity::Dax(event.source.clone(), event.message.clone()),
            Happening::Write(write) => Identity::Write(write.id.clone()),
            Happening::Table(TableChange { resource, change }) => {
                Identity::Table(resource.clone(), aspect(change), change.direction())
            }
            Happening::Poller(change) => Identity::Poller(change.poller, change.error.is_none()),
        }
    }
}

/// What of a table or index changed, in a word.
fn aspect(change: &Change) -> &'static str {
    match change {
        Change::Created => "created",
        Change::Deleted => "deleted",
        Change::Status { .. } => "status",
        Change::Billing { .. } => "billing",
        Change::Capacity { .. } => "capacity",
        Change::Dated { raised: true } => "dated increase",
        Change::Dated { raised: false } => "dated decrease",
        Change::Maximum { .. } => "maximum",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dax::DaxEvent;
    use crate::model::event::{Activity, AlarmChange, AlarmChangeKind, PollerChange};
    use crate::model::health::{CallError, ErrorClass};
    use jiff::Timestamp;
    use std::collections::BTreeSet;

    fn event(what: Happening) -> Event {
        Event { at: Timestamp::UNIX_EPOCH, what }
    }

    fn activity(id: &str, status: &str) -> Happening {
        Happening::Scaling(Activity {
            id: Arc::from(id),
            resource: Resource::table("orders"),
            direction: Direction::Write,
            description: Arc::from(""),
            cause: Arc::from(""),
            status: Arc::from(status),
            message: None,
            ended: None,
            not_scaled: vec![],
        })
    }

    fn alarm(summary: &str) -> Happening {
        Happening::Alarm(AlarmChange {
            alarm: Arc::from("high"),
            summary: Arc::from(summary),
            kind: AlarmChangeKind::Configuration,
        })
    }

    fn dax(source: EventSource) -> Happening {
        Happening::Dax(DaxEvent { source, message: Arc::from("rebooted") })
    }

    fn table(change: Change) -> Happening {
        Happening::Table(TableChange { resource: Resource::table("orders"), change })
    }

    fn poller(error: Option<CallError>) -> Happening {
        Happening::Poller(PollerChange { poller: Poller::Alarms, error })
    }

    #[test]
    fn what_is_told_again_is_the_same_and_all_else_of_its_moment_is_not() {
        let capacity = |direction| Change::Capacity { direction, from: 1.0, to: 2.0 };
        let class = ErrorClass::Server;
        let error = CallError { class, action: "a:B", code: None, message: String::new() };
        let all = [
            activity("1", "InProgress"),
            activity("2", "InProgress"),
            alarm("updated"),
            alarm("created"),
            dax(EventSource::Cluster(Arc::from("carts"))),
            dax(EventSource::ParameterGroup(Arc::from("carts"))),
            table(capacity(Direction::Read)),
            table(capacity(Direction::Write)),
            table(Change::Created),
            table(Change::Deleted),
            poller(Some(error)),
            poller(None),
        ];
        let count = all.len();
        let all: BTreeSet<Identity> = all.map(|what| event(what).identity()).into();
        assert_eq!(all.len(), count, "{all:#?}");
        assert!(all.contains(&event(activity("1", "Successful")).identity()));
    }
}
