//! A hand-made fleet whose capacity moves, or does not, for every reason there is.

use super::events::{activity, ago, at_maximum};
use super::stores::{Fleet, on_demand, provisioned, trouble};
use ddbtop::model::event::{Activity, Event, Happening};
use ddbtop::model::id::Resource;
use ddbtop::model::metric::Metric;
use ddbtop::model::scaling::{
    ScalableTarget, ScalingMetric, ScalingPolicy, ScheduledAction, Suspended, TargetTracking,
};
use ddbtop::model::table::{Capacity, Throughput};
use ddbtop::model::throttle::Direction;
use ddbtop::model::update::News;
use std::sync::Arc;

/// A target between bounds that keeps use at 70 %, with the console's policy.
fn target(resource: Resource, direction: Direction, (min, max): (f64, f64)) -> ScalableTarget {
    let (of, metric) = match direction {
        Direction::Read => ("read", "DynamoDBReadCapacityUtilization"),
        Direction::Write => ("write", "DynamoDBWriteCapacityUtilization"),
    };
    let policy = ScalingPolicy {
        name: Arc::from(format!("${}-{of}-scaling-policy", resource.short_name())),
        arn: Arc::from("arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:1"),
        tracking: Some(TargetTracking {
            target_value: 70.0,
            metric: ScalingMetric::Predefined { metric: Arc::from(metric), label: None },
            scale_in_cooldown: Some(300),
            scale_out_cooldown: Some(60),
            disable_scale_in: None,
        }),
        unknown: None,
    };
    let suspended = Suspended::default();
    ScalableTarget { resource, direction, min, max, suspended, policies: vec![policy] }
}

/// What is scaled, and between which bounds.
pub(crate) fn targets() -> Vec<ScalableTarget> {
    use Direction::{Read, Write};
    let of = |table: &str, direction, bounds| target(Resource::table(table), direction, bounds);
    let suspended = |scale_out, scale_in| Suspended { scale_in, scale_out, scheduled: false };
    let mut never_in = of("orders", Read, (500.0, 6_000.0));
    for policy in &mut never_in.policies {
        policy.tracking.as_mut().unwrap().disable_scale_in = Some(true);
    }
    vec![
        of("payments", Read, (50.0, 500.0)),
        ScalableTarget {
            suspended: suspended(true, true),
            ..of("inventory", Write, (50.0, 1_000.0))
        },
        of("sessions", Read, (50.0, 1_000.0)),
        ScalableTarget { policies: vec![], ..of("shipping-labels", Write, (5.0, 100.0)) },
        of("catalogue", Read, (100.0, 2_000.0)),
        never_in,
        of("orders", Write, (500.0, 4_000.0)),
        target(Resource::index("orders", "by-customer"), Write, (500.0, 4_000.0)),
    ]
}

fn actions() -> Vec<ScheduledAction> {
    let action = |name: &str, schedule: &str, zone: Option<&str>, min, max| ScheduledAction {
        name: Arc::from(name),
        resource: Resource::table("catalogue"),
        direction: Direction::Read,
        schedule: Arc::from(schedule),
        time_zone: zone.map(Arc::from),
        min,
        max,
        start: None,
        end: None,
    };
    vec![
        action("before-the-sale", "cron(0 18 * * ? *)", Some("Europe/Berlin"), Some(600.0), None),
        action("after-the-sale", "cron(0 23 * * ? *)", None, Some(100.0), Some(2_000.0)),
    ]
}

fn events() -> Vec<Event> {
    let event =
        |minutes, activity| Event { at: ago(minutes, 30), what: Happening::Scaling(activity) };
    let failed = Activity {
        status: Arc::from("Failed"),
        message: Some(Arc::from(
            "Failed to set write capacity units to 600. Reason: User: \
             arn:aws:sts::123456789012:assumed-role/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable \
             is not authorized to perform: dynamodb:UpdateTable.",
        )),
        ..activity("orders", Direction::Write, 2_600, "AlarmHigh")
    };
    let mut raised = activity("catalogue", Direction::Read, 800, "AlarmHigh");
    raised.ended = Some(ago(0, 20));
    let mut events = vec![
        event(0, raised),
        event(4, failed),
        event(41, activity("payments", Direction::Read, 500, "AlarmHigh")),
        event(47, activity("payments", Direction::Read, 320, "AlarmHigh")),
    ];
    events.extend((0..3).map(|minutes| event(minutes, at_maximum("payments", minutes))));
    events
}

/// One on-demand table without a maximum.
pub(crate) fn on_demand_alone() -> Fleet {
    let mut fleet = Fleet::new();
    fleet.table("sessions", on_demand(None), &[]);
    fleet.traffic(&Resource::table("sessions"), 1_480.0, 1_020.0);
    fleet.all_well();
    fleet
}

/// The fleet in trouble with scalable targets, scheduled actions, and what autoscaling did.
pub(crate) fn scaled() -> Fleet {
    let mut fleet = trouble();
    // Four decreases are used up, and the last is half an hour old.
    let spent = Throughput {
        decreases_today: Some(4),
        last_decrease: Some(ago(31, 0)),
        ..provisioned(200.0, 100.0)
    };
    fleet.table("customer-profile-production", spent, &[]);
    let warm = |maximum| Capacity { provisioned: None, maximum, warm: Some(12_000.0) };
    let capped = Throughput { read: warm(Some(1_000.0)), write: warm(None), ..on_demand(None) };
    fleet.table("quotes", capped, &[]);
    let quotes = Resource::table("quotes");
    fleet.traffic(&quotes, 100.0, 20.0);
    fleet.sum(&quotes, Metric::Consumed(Direction::Read), |_| Some(60.0 * 940.0));
    fleet.tell(News::Scaling(targets()));
    fleet.tell(News::ScheduledActions(Ok(actions())));
    fleet.tell(News::Events(events()));
    fleet
}
