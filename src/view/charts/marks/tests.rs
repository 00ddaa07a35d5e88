use super::*;
use crate::model::event::{Ending, OwnWrite};
use crate::model::health::ErrorClass;
use crate::model::update::News;
use crate::store::fixture::events::{
    alarm_on, changed, event, goes, not_scaled, out_of_decreases, set_writes,
};
use crate::store::fixture::{Fixture, minute, provisioned, table};
use std::sync::Arc;

const WRITES: Kind = Kind::Units(Direction::Write);

fn orders() -> Resource {
    Resource::table("orders")
}

/// What is known at minute 20.
fn told(events: Vec<Event>) -> Fixture {
    let mut fixture = Fixture::new(1_200, vec![table("orders", provisioned(210.0), &[])]);
    fixture.tell(News::Events(events));
    fixture
}

/// The marks of one chart: minute and glyph, in the order in which they are painted.
fn marks(fixture: &Fixture, kind: Kind, steps: &[Step]) -> Vec<(i64, &'static str)> {
    let window = Window { start: minute(0), end: minute(20) };
    let marks = Happened::to(fixture.reading(), &orders(), window).marks(kind, steps);
    marks.iter().map(|event| (event.minute.since(minute(0)), event.mark.glyph())).collect()
}

fn scaled(at: i64, activity: Activity) -> Event {
    event(at, Happening::Scaling(activity))
}

fn writes(from: f64, to: f64) -> Happening {
    changed(&orders(), Change::Capacity { direction: Direction::Write, from, to })
}

#[test]
fn a_change_is_one_mark_however_many_tell_of_it() {
    let steps = [(minute(10), Mark::Raised), (minute(15), Mark::Lowered)];
    let fixture = told(vec![]);
    assert_eq!(marks(&fixture, WRITES, &steps), [(15, "v"), (10, "^")], "the metric alone");
    let mut fixture = told(vec![scaled(310, set_writes("a", 210, "AlarmHigh"))]);
    assert_eq!(marks(&fixture, WRITES, &steps), [(15, "v"), (5, "^")], "and the activity");
    let before = table("orders", provisioned(100.0), &[]);
    fixture = Fixture::new(340, vec![before]);
    fixture.tell(News::Table(Box::new(table("orders", provisioned(210.0), &[]))));
    assert_eq!(marks(&fixture, WRITES, &steps), [(15, "v"), (5, "^")], "or the description");
    fixture.tell(News::Events(vec![scaled(310, set_writes("a", 210, "AlarmHigh"))]));
    assert_eq!(marks(&fixture, WRITES, &steps), [(15, "v"), (5, "^")], "or all three");
    assert_eq!(marks(&fixture, Kind::Units(Direction::Read), &[]), [(5, "^")], "reads were raised");
    assert_eq!(marks(&fixture, Kind::Latency, &[]), []);
}

#[test]
fn an_activity_without_an_alarm_goes_where_the_metric_goes() {
    let mut scheduled = set_writes("a", 210, "AlarmHigh");
    scheduled.cause = Arc::from("scheduled action name nightly was triggered");
    let fixture = told(vec![scaled(310, scheduled)]);
    assert_eq!(marks(&fixture, WRITES, &[(minute(7), Mark::Lowered)]), [(5, "v")]);
    assert_eq!(marks(&fixture, WRITES, &[]), [(5, "*")], "nothing tells");
}

#[test]
fn what_autoscaling_could_not_do_has_a_mark_unless_nothing_was_wanted() {
    let fixture = told(vec![
        scaled(60, not_scaled("a", "AlreadyAtMaxCapacity")),
        scaled(120, not_scaled("b", "AlreadyAtMinCapacity")),
        scaled(180, not_scaled("c", "AlreadyAtDesiredCapacity")),
        scaled(240, not_scaled("d", "AutoScalingAnticipatedFlapping")),
        scaled(300, out_of_decreases("e")),
    ]);
    assert_eq!(marks(&fixture, WRITES, &[]), [(1, "#"), (4, "#"), (5, "x")]);
}

#[test]
fn alarms_are_marked_on_the_charts_of_what_they_watch() {
    let fixture = |metric: &str, name: &str| {
        let (ok, alarm) = (AlarmState::Ok, AlarmState::Alarm);
        let mut fixture = told(vec![
            event(300, goes(name, ok, alarm)),
            event(600, goes(name, alarm, ok)),
            event(660, goes(name, ok, AlarmState::InsufficientData)),
        ]);
        fixture.tell(News::Alarms(Ok(vec![alarm_on(name, metric, "orders")])));
        fixture
    };
    let read = Kind::Throttles(Direction::Read);
    let write = Kind::Throttles(Direction::Write);
    let kinds = [WRITES, read, write, Kind::Latency, Kind::Errors];
    for (metric, watched) in [
        ("WriteThrottleEvents", vec![write]),
        ("ReadKeyRangeThroughputThrottleEvents", vec![read]),
        ("ThrottledRequests", vec![read, write]),
        ("ConsumedWriteCapacityUnits", vec![WRITES]),
        ("SuccessfulRequestLatency", vec![Kind::Latency]),
        ("SystemErrors", vec![Kind::Errors]),
        ("TimeToLiveDeletedItemCount", vec![]),
    ] {
        let fixture = fixture(metric, "hot");
        for kind in kinds {
            let found = marks(&fixture, kind, &[]);
            let expected: &[(i64, &str)] =
                if watched.contains(&kind) { &[(10, "o"), (5, "!")] } else { &[] };
            assert_eq!(found, expected, "{metric} on {kind:?}");
        }
    }
    let own = fixture("ConsumedWriteCapacityUnits", "TargetTracking-table/orders-AlarmHigh-1c9a");
    assert_eq!(marks(&own, WRITES, &[]), []);
}

#[test]
fn changes_of_the_table_are_marked_on_both_capacity_charts_and_a_maximum_on_its_own() {
    let status = Change::Status { from: Arc::from("ACTIVE"), to: Arc::from("UPDATING") };
    let maximum = Change::Maximum { direction: Direction::Write, from: None, to: Some(500.0) };
    let fixture = told(vec![
        event(60, changed(&orders(), status)),
        event(120, changed(&orders(), maximum)),
        event(180, changed(&Resource::table("users"), Change::Created)),
        event(240, writes(100.0, 80.0)),
    ]);
    assert_eq!(marks(&fixture, WRITES, &[]), [(1, "*"), (2, "*"), (4, "v")]);
    assert_eq!(marks(&fixture, Kind::Units(Direction::Read), &[]), [(1, "*")]);
}

#[test]
fn of_one_minute_what_matters_most_is_marked() {
    let fixture = told(vec![
        scaled(300, set_writes("a", 210, "AlarmHigh")),
        scaled(330, not_scaled("b", "AlreadyAtMaxCapacity")),
    ]);
    assert_eq!(marks(&fixture, WRITES, &[]), [(5, "#")]);
}

#[test]
fn outages_are_marked_on_the_charts_that_miss_data() {
    let mut fixture = told(vec![]);
    let outage = |fixture: &mut Fixture, minutes: i64, poller| {
        fixture.go_to(60 * minutes);
        fixture.finish(poller, Some((ErrorClass::Server, "a:B")));
        fixture.go_to(60 * minutes + 60);
        fixture.finish(poller, None);
    };
    outage(&mut fixture, 2, Poller::Metrics);
    outage(&mut fixture, 6, Poller::Descriptions);
    outage(&mut fixture, 9, Poller::MuteRules);
    assert_eq!(marks(&fixture, WRITES, &[]), [(2, "?"), (6, "?")]);
    assert_eq!(marks(&fixture, Kind::Errors, &[]), [(2, "?")]);
}

#[test]
fn own_writes_are_marked_on_the_capacity_that_they_set() {
    let write = |id: &str, direction, ending| {
        Happening::Write(OwnWrite {
            id: Arc::from(id),
            resource: Some(orders()),
            direction,
            title: "write autoscaling of orders".to_owned(),
            changes: "minimum 100 WCU -> 400 WCU".to_owned(),
            ending,
            who: Arc::from("arn:aws:iam::123456789012:user/anna"),
            is_undo: false,
        })
    };
    let refused = Ending::Refused(Arc::from("no"));
    let fixture = told(vec![
        event(60, write("a", Some(Direction::Write), Ending::Done)),
        event(120, write("b", Some(Direction::Read), Ending::Done)),
        event(180, write("c", None, Ending::Unknown)),
        event(240, write("d", Some(Direction::Write), refused)),
    ]);
    assert_eq!(marks(&fixture, WRITES, &[]), [(1, "e"), (3, "e")]);
    assert_eq!(marks(&fixture, Kind::Latency, &[]), []);
}
