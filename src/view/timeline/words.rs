//! What happened, in plain words made of AWS's.

use super::Weight;
use crate::model::alarm::{Alarm, AlarmState, Subject};
use crate::model::dax::{DaxEvent, EventSource};
use crate::model::event::{
    AT_DESIRED, AT_MAXIMUM, AT_MINIMUM, Action, Activity, AlarmChange, AlarmChangeKind, Change,
    Course, Ending, NotScaled, Outcome, OwnWrite, PollerChange, TableChange,
};
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use crate::store::Reading;
use crate::view::alarms::recipient;
use crate::view::format::{age, grouped};
use jiff::Timestamp;

/// What is said of one event, and how much it matters.
pub(super) type Told = (String, Weight);

/// `write capacity 100 -> 210: write utilization alarm high`, with its status unless that is the usual end;
/// `before` is the capacity before, where that is known.
pub(super) fn activity(activity: &Activity, before: Option<f64>) -> Told {
    let direction = activity.direction.as_str();
    let what = match (activity.units(), before) {
        (Some(to), Some(from)) => {
            format!("{direction} capacity {} -> {}", grouped(from), grouped(to))
        }
        (Some(to), None) => format!("{direction} capacity -> {}", grouped(to)),
        (None, _) => activity.description.trim_end_matches('.').to_owned(),
    };
    let status = status(&activity.status);
    match activity.course() {
        Course::Done => (format!("{what}{}", because(activity)), Weight::Calm),
        Course::UnderWay | Course::Other => {
            (format!("{what} ({status}){}", because(activity)), Weight::Calm)
        }
        Course::Failed => {
            let message = activity.message.as_deref().map(reason).unwrap_or_default();
            (format!("{what} {status}: {message}"), Weight::Trouble)
        }
        Course::NotScaled => {
            let each = activity.not_scaled.iter().map(not_scaled);
            let (reasons, weights): (Vec<String>, Vec<Weight>) = each.unzip();
            let weight = weights.into_iter().max().unwrap_or(Weight::Calm);
            (format!("{direction}s not scaled: {}", reasons.join("; ")), weight)
        }
    }
}

/// `InProgress` as `in progress`.
fn status(status: &str) -> String {
    let mut words = String::with_capacity(status.len() + 1);
    for (place, c) in status.char_indices() {
        if c.is_uppercase() && place > 0 {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}

/// The part of a status message that says why.
fn reason(message: &str) -> &str {
    message.split_once("Reason: ").map_or(message, |(_, reason)| reason)
}

/// What follows on what was done.
fn because(activity: &Activity) -> String {
    let why = cause(activity);
    if why.is_empty() { why } else { format!(": {why}") }
}

/// Why autoscaling acted: `write utilization alarm high` in place of the name of the alarm that it
/// made for itself, which says no more.
fn cause(activity: &Activity) -> String {
    match (activity.alarm(), activity.raises()) {
        (Some(_), Some(raises)) => {
            let side = if raises { "high" } else { "low" };
            format!("{} utilization alarm {side}", activity.direction.as_str())
        }
        (Some(alarm), None) => format!("alarm {alarm}"),
        (None, _) => activity.cause.to_string(),
    }
}

/// `already at maximum 500 (AlreadyAtMaxCapacity)`.
pub(super) fn not_scaled(reason: &NotScaled) -> Told {
    let at = |units: Option<f64>| units.map(|units| format!(" {}", grouped(units)));
    let code = &*reason.code;
    let (why, weight) = match code {
        AT_MAXIMUM => {
            let max = at(reason.max).unwrap_or_default();
            (format!("already at maximum{max}"), Weight::Trouble)
        }
        AT_MINIMUM => {
            let min = at(reason.min).unwrap_or_default();
            (format!("already at minimum{min}"), Weight::Calm)
        }
        AT_DESIRED => {
            let units = at(reason.current).unwrap_or_default();
            (format!("has what it needs{units}"), Weight::Calm)
        }
        "AutoScalingAnticipatedFlapping" => {
            ("would have to be undone at once".to_owned(), Weight::Notice)
        }
        "TargetServicePutResourceAsUnscalable" => {
            ("DynamoDB does not let it be scaled now".to_owned(), Weight::Notice)
        }
        unknown => return (unknown.to_owned(), Weight::Notice),
    };
    (format!("{why} ({code})"), weight)
}

/// `OK -> ALARM: orders-write-throttles`: names of alarms are long, and are cut where room lacks.
pub(super) fn alarm(change: &AlarmChange) -> Told {
    let name = &change.alarm;
    match &change.kind {
        AlarmChangeKind::State { from, to } => {
            let weight = match to {
                _ if change.is_target_tracking() => Weight::Calm,
                AlarmState::Alarm => Weight::Trouble,
                AlarmState::InsufficientData => Weight::Notice,
                AlarmState::Ok => Weight::Calm,
            };
            let text = match from {
                Some(from) => format!("{from} -> {to}: {name}"),
                None => format!("-> {to}: {name}"),
            };
            (text, weight)
        }
        AlarmChangeKind::Configuration => (summary(change), Weight::Calm),
        AlarmChangeKind::Action(action) => acted(change, action),
    }
}

/// `told SNS oncall: orders-write-throttles`, or why it could not be.
fn acted(change: &AlarmChange, action: &Action) -> Told {
    let name = &change.alarm;
    let target = action.target.as_deref().map(recipient);
    match (&action.outcome, target) {
        (Outcome::Done, Some(target)) => (format!("told {target}: {name}"), Weight::Calm),
        (Outcome::Failed(why), Some(target)) => {
            let why = why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            (format!("could not tell {target}: {name}{why}"), Weight::Trouble)
        }
        (Outcome::Failed(_), None) => (summary(change), Weight::Trouble),
        (Outcome::Done, None) | (Outcome::Other, _) => (summary(change), Weight::Calm),
    }
}

/// Whom an alarm told of its change: `, told SNS oncall, Lambda fix`.
pub(super) fn told(actions: &[AlarmChange]) -> String {
    let target = |change: &AlarmChange| match &change.kind {
        AlarmChangeKind::Action(action) => action.target.as_deref().map(recipient),
        AlarmChangeKind::State { .. } | AlarmChangeKind::Configuration => None,
    };
    let targets: Vec<String> = actions.iter().filter_map(target).collect();
    if targets.is_empty() { String::new() } else { format!(", told {}", targets.join(", ")) }
}

/// AWS's words, with the alarm's name if that is not among them.
fn summary(change: &AlarmChange) -> String {
    let AlarmChange { alarm, summary, .. } = change;
    if summary.contains(&**alarm) { summary.to_string() } else { format!("{summary}: {alarm}") }
}

/// What a date in `DescribeTable` does not tell.
const DATED: &str = "AWS tells when, not whether of reads or writes";

/// `status ACTIVE -> UPDATING`, `index GSI2 created`.
pub(super) fn table(change: &TableChange) -> Told {
    let limit = |direction: &Direction, what: &str, from: Option<f64>, to: Option<f64>| {
        let units = |units: Option<f64>| units.map_or_else(|| "none".to_owned(), grouped);
        format!("{} {what} {} -> {}", direction.as_str(), units(from), units(to))
    };
    let named = || match &change.resource {
        Resource::Index(_, index) => format!("index {index}"),
        Resource::Table(_) | Resource::Account => "table".to_owned(),
        Resource::Cluster(_) => "cluster".to_owned(),
        Resource::Node(_, node) => format!("node {node}"),
    };
    match &change.change {
        Change::Created => (format!("{} created", named()), Weight::Calm),
        Change::Deleted => (format!("{} deleted", named()), Weight::Notice),
        Change::Status { from, to } => (format!("status {from} -> {to}"), Weight::Calm),
        Change::Billing { from, to } => (format!("billing mode {from} -> {to}"), Weight::Notice),
        Change::Capacity { direction, from, to } => {
            (limit(direction, "capacity", Some(*from), Some(*to)), Weight::Calm)
        }
        Change::Dated { raised: true } => (format!("capacity raised; {DATED}"), Weight::Calm),
        Change::Dated { raised: false } => (format!("capacity lowered; {DATED}"), Weight::Notice),
        Change::Maximum { direction, from, to } => {
            (limit(direction, "on-demand maximum", *from, *to), Weight::Calm)
        }
    }
}

/// `metrics: cannot be read: no permission: cloudwatch:GetMetricData`; `since` is when a poller that
/// reads again had stopped.
pub(super) fn poller(change: &PollerChange, at: Timestamp, since: Option<Timestamp>) -> Told {
    let name = change.poller.name();
    match (&change.error, since) {
        (Some(error), _) => (format!("{name}: cannot be read: {error}"), Weight::Outage),
        (None, Some(since)) => {
            (format!("{name}: read again after {}", age(at, since)), Weight::Calm)
        }
        (None, None) => (format!("{name}: read again"), Weight::Calm),
    }
}

/// What DAX says, and of what if that is not the cluster named beside it.
pub(super) fn dax(event: &DaxEvent) -> Told {
    let of = match &event.source {
        EventSource::Cluster(_) => String::new(),
        EventSource::ParameterGroup(name) => format!("parameter group {name}: "),
        EventSource::SubnetGroup(name) => format!("subnet group {name}: "),
        EventSource::Other(name) => format!("{name}: "),
    };
    (format!("{of}{}", event.message), Weight::Calm)
}

/// `write minimum 100 WCU -> 400 WCU (done)`; what it is of is named beside it.
pub(super) fn write(write: &OwnWrite) -> Told {
    let undo = if write.is_undo { "undo: " } else { "" };
    let of = match (&write.resource, write.direction) {
        (Some(_), Some(direction)) => format!("{} ", direction.as_str()),
        (Some(_), None) => String::new(),
        (None, _) => format!("{}: ", write.title),
    };
    let what = format!("{undo}{of}{}", write.changes);
    match &write.ending {
        Ending::Done => (format!("{what} (done)"), Weight::Calm),
        Ending::Open => (format!("{what} (no end recorded yet)"), Weight::Notice),
        Ending::Unknown => (format!("{what} (unknown: no answer came)"), Weight::Notice),
        Ending::Refused(words) => (format!("{what} refused: {words}"), Weight::Notice),
        Ending::NotSent(words) => (format!("{what} not sent: {words}"), Weight::Notice),
    }
}

/// What an alarm is about; a composite alarm about what its children are about.
pub(super) fn subjects(reading: Reading<'_>, alarm: &str) -> Vec<Subject> {
    let Some(known) = reading.alarm(alarm) else { return vec![] };
    let own = known.subjects();
    let Some(composite) = known.composite() else { return own };
    let named = |child: &str| {
        let name = child.rsplit_once(":alarm:").map_or(child, |(_, name)| name);
        reading.alarm(name)
    };
    let children = composite.children().into_iter().filter_map(named);
    let mut subjects: Vec<Subject> = children.flat_map(Alarm::subjects).collect();
    subjects.sort();
    subjects.dedup();
    subjects
}

/// The first of what it is about, and how many more there are.
pub(super) fn named(subjects: &[Subject]) -> String {
    match subjects {
        [] => String::new(),
        [one] => subject_name(one),
        [first, others @ ..] => format!("{} +{}", subject_name(first), others.len()),
    }
}

/// `orders/GSI1`, `dax carts`, `lambda ship`.
pub(super) fn subject_name(subject: &Subject) -> String {
    match subject {
        Subject::Dynamo(resource) => resource_name(resource),
        Subject::Dax(cluster, node) => {
            format!("dax {}", node.as_ref().unwrap_or(cluster))
        }
        Subject::Function(function) => format!("lambda {function}"),
        Subject::Elsewhere(namespace) => namespace.to_string(),
    }
}

/// `orders`, `orders/GSI1`, `account`, `dax carts`.
pub(super) fn resource_name(resource: &Resource) -> String {
    match resource {
        Resource::Index(table, index) => format!("{table}/{index}"),
        Resource::Account | Resource::Table(_) => resource.short_name().to_owned(),
        Resource::Cluster(name) | Resource::Node(_, name) => format!("dax {name}"),
    }
}
