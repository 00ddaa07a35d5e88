//! What happened to the hand-made fleets, newest first from a minute ago to yesterday.

use super::stores::{Fleet, now, trouble};
use ddbtop::model::alarm::{
    Actions, Alarm, AlarmKind, AlarmState, Comparison, MetricAlarm, MetricStat, Source,
};
use ddbtop::model::event::{
    Activity, AlarmChange, AlarmChangeKind, Change, Event, Happening, NotScaled, TableChange,
};
use ddbtop::model::id::Resource;
use ddbtop::model::throttle::Direction;
use ddbtop::model::update::News;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// So many minutes and seconds before the present of every test, 12:03:20.
pub(crate) fn ago(minutes: i64, seconds: i64) -> Timestamp {
    now() - SignedDuration::from_secs(60 * minutes + seconds)
}

/// A successful activity of autoscaling.
pub(crate) fn activity(table: &str, direction: Direction, units: u32, side: &str) -> Activity {
    let of = direction.as_str();
    Activity {
        id: Arc::from(format!("{table}-{of}-{units}")),
        resource: Resource::table(table),
        direction,
        description: Arc::from(format!("Setting {of} capacity units to {units}.")),
        cause: Arc::from(format!(
            "monitor alarm TargetTracking-table/{table}-{side}-1c9a in state ALARM triggered \
             policy ${table}-{of}-scaling-policy"
        )),
        status: Arc::from("Successful"),
        message: Some(Arc::from(format!(
            "Successfully set {of} capacity units to {units}. Change successfully fulfilled by \
             dynamodb."
        ))),
        ended: None,
        not_scaled: vec![],
    }
}

/// Autoscaling that has nothing left to give.
pub(crate) fn at_maximum(table: &str, number: i64) -> Activity {
    Activity {
        id: Arc::from(format!("{table}-at-maximum-{number}")),
        description: Arc::from("Attempting to scale due to alarm triggered"),
        status: Arc::from("Failed"),
        message: None,
        not_scaled: vec![NotScaled {
            code: Arc::from("AlreadyAtMaxCapacity"),
            max: Some(500.0),
            min: Some(50.0),
            current: Some(500.0),
        }],
        ..activity(table, Direction::Read, 500, "AlarmHigh")
    }
}

/// A change of an alarm's state.
pub(crate) fn goes(alarm: &str, from: AlarmState, to: AlarmState) -> Happening {
    Happening::Alarm(AlarmChange {
        alarm: Arc::from(alarm),
        summary: Arc::from(format!("Alarm updated from {from} to {to}")),
        kind: AlarmChangeKind::State { from: Some(from), to },
    })
}

fn changed(resource: Resource, change: Change) -> Happening {
    Happening::Table(TableChange { resource, change })
}

/// The alarm on the index in trouble.
fn throttle_alarm() -> Alarm {
    let dimensions = [("TableName", "orders"), ("GlobalSecondaryIndexName", "by-status")];
    Alarm {
        name: Arc::from("orders-by-status-write-throttles"),
        arn: Arc::from("arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders-by-status"),
        description: None,
        state: AlarmState::Alarm,
        since: Some(ago(22, 10)),
        configured: None,
        reason: Arc::from(
            "Threshold Crossed: 3 out of the last 3 datapoints [1240.0 (22/11/26 11:40:00), 1240.0 \
             (22/11/26 11:39:00), 1240.0 (22/11/26 11:38:00)] were greater than the threshold \
             (10.0) (minimum 3 datapoints for OK -> ALARM transition).",
        ),
        actions: Actions::default(),
        kind: AlarmKind::Metric(Box::new(MetricAlarm {
            source: Source::Metric(MetricStat {
                namespace: Arc::from("AWS/DynamoDB"),
                metric: Arc::from("WriteThrottleEvents"),
                dimensions: dimensions
                    .map(|(name, value)| (Arc::from(name), Arc::from(value)))
                    .to_vec(),
                statistic: Arc::from("Sum"),
                period_seconds: 60,
                unit: None,
            }),
            comparison: Comparison::Greater,
            threshold: Some(10.0),
            evaluation_periods: 3,
            datapoints_to_alarm: None,
            missing_data: None,
            low_samples: None,
            evaluation_state: None,
        })),
    }
}

/// Seven rows: autoscaling at its maximum five times, out of decreases, at work; an alarm; a billing
/// mode; an index; a status yesterday. Folded away: an alarm of autoscaling's own.
pub(crate) fn events() -> Vec<Event> {
    let (ok, alarm) = (AlarmState::Ok, AlarmState::Alarm);
    let event = |at, what| Event { at, what };
    let mut failed = activity("catalogue", Direction::Read, 400, "AlarmLow");
    failed.status = Arc::from("Failed");
    failed.message = Some(Arc::from(
        "Failed to set read capacity units to 400. Reason: Subscriber limit exceeded: Provisioned \
         throughput decreases are limited within a given UTC day. After the first 4 decreases, \
         each subsequent decrease in the same UTC day can be performed at most once every 3600 \
         seconds. Number of decreases today: 4.",
    ));
    let status = Change::Status { from: Arc::from("ACTIVE"), to: Arc::from("UPDATING") };
    let billing = Change::Billing { from: "PROVISIONED", to: "PAY_PER_REQUEST" };
    let writes = |units| activity("orders", Direction::Write, units, "AlarmHigh");
    let index = Resource::index("inventory", "by-warehouse");
    let mut events: Vec<Event> = (0..5)
        .map(|minutes| {
            let what = Happening::Scaling(at_maximum("payments", minutes));
            event(ago(minutes, 30), what)
        })
        .collect();
    events.extend([
        event(ago(5, 0), Happening::Scaling(failed)),
        event(ago(19, 20), Happening::Scaling(writes(2_000))),
        event(ago(20, 0), goes("TargetTracking-table/orders-AlarmHigh-1c9a", ok, alarm)),
        event(ago(22, 10), goes("orders-by-status-write-throttles", ok, alarm)),
        event(ago(43, 0), changed(Resource::table("sessions"), billing)),
        event(ago(73, 0), changed(index, Change::Created)),
        event(ago(23 * 60 + 33, 0), changed(Resource::table("orders"), status)),
    ]);
    events
}

/// The fleet in trouble with its alarm, after all that.
pub(crate) fn eventful() -> Fleet {
    let mut fleet = trouble();
    fleet.tell(News::Alarms(Ok(vec![throttle_alarm()])));
    fleet.tell(News::Events(events()));
    fleet
}
