mod onsets;
mod outage;
mod throttling;

use super::*;
use crate::model::alarm::{AlarmKind, AlarmState, CompositeAlarm};
use crate::model::event::{Action, Activity, AlarmChange, AlarmChangeKind, Change, Outcome};
use crate::model::health::ErrorClass;
use crate::model::local::UtcOffset;
use crate::model::throttle::Direction;
use crate::model::time::Window;
use crate::model::update::News;
use crate::store::fixture::events::{
    alarm_on, changed, event, goes, not_scaled, out_of_decreases, set_writes,
};
use crate::store::fixture::{Fixture, provisioned, second, table};
use crate::view::tables::Keys;

const OK: AlarmState = AlarmState::Ok;
const ALARM: AlarmState = AlarmState::Alarm;

fn orders() -> Resource {
    Resource::table("orders")
}

fn scaled(at: i64, activity: Activity) -> Event {
    event(at, Happening::Scaling(activity))
}

/// What AWS tells of an action of an alarm.
fn acts(alarm: &str, target: &str, outcome: Outcome) -> Happening {
    let target = format!("arn:aws:{target}");
    Happening::Alarm(AlarmChange {
        alarm: Arc::from(alarm),
        summary: Arc::from(format!("Successfully executed action {target}")),
        kind: AlarmChangeKind::Action(Action { target: Some(Arc::from(target)), outcome }),
    })
}

fn writes(from: f64, to: f64) -> Change {
    Change::Capacity { direction: Direction::Write, from, to }
}

/// What is known at noon and an hour.
fn told(events: Vec<Event>) -> Fixture {
    let mut fixture = Fixture::new(3_600, vec![table("orders", provisioned(210.0), &[])]);
    fixture.tell(News::Events(events));
    fixture
}

/// The rows: mark, kind, resource and words, newest first.
fn rows(fixture: &Fixture) -> Vec<String> {
    let entries = entries(std::iter::once((fixture.reading(), &[][..])), false);
    let row = |entry: &Entry| {
        let facts = facts(fixture, entry);
        let cells = row(&facts, entry, false).cells;
        let texts: Vec<&str> = cells.iter().skip(2).map(|cell| cell.text.as_str()).collect();
        format!("{}{}", entry.weight.mark().text, texts.join(" | "))
    };
    entries.iter().map(row).collect()
}

fn facts<'a>(fixture: &'a Fixture, entry: &'a Entry) -> Facts<'a> {
    let end = Minute::containing(fixture.at);
    let subject = entry.resource().map(|resource| Shown {
        reading: fixture.reading(),
        resource,
        verdicts: vec![],
        suffers_from: None,
        explained_by: None,
        watch: None,
        selected: true,
        keys: Keys::default(),
    });
    Facts {
        rows: vec![entry],
        selected: 0,
        reading: fixture.reading(),
        subject,
        verdicts: &[],
        longest_name: 10,
        oldest: entry.at(),
        times: Times {
            window: Window::ending(end, 60),
            cursor: Some(entry.minute()),
            utc_offset: UtcOffset::ZERO,
        },
        charset: Charset::Unicode,
        strip: (120, 12),
    }
}

/// The strip of the newest row: its paragraphs, and the titles of its charts.
fn strip(fixture: &Fixture) -> (Vec<String>, Vec<String>) {
    let entries = entries(std::iter::once((fixture.reading(), &[][..])), false);
    let detail = list(&facts(fixture, &entries[0])).detail.unwrap();
    let paragraphs = detail.paragraphs.iter();
    let paragraphs = paragraphs.map(|it| format!("{}: {}", it.label, it.text.text)).collect();
    (paragraphs, detail.charts.into_iter().map(|chart| chart.title).collect())
}

#[test]
fn autoscaling_is_told_with_what_was_there_before_and_why() {
    let mut under_way = set_writes("d", 150, "AlarmLow");
    under_way.status = Arc::from("InProgress");
    let mut scheduled = set_writes("e", 0, "");
    scheduled.description = Arc::from("Setting min capacity to 5 and max capacity to 50");
    scheduled.cause = Arc::from("scheduled action name nightly was triggered");
    let fixture = told(vec![
        scaled(60, set_writes("a", 100, "AlarmHigh")),
        scaled(120, set_writes("b", 210, "AlarmHigh")),
        scaled(180, out_of_decreases("c")),
        scaled(240, under_way),
        scaled(300, scheduled),
        scaled(360, not_scaled("f", "AlreadyAtMaxCapacity")),
        scaled(420, not_scaled("g", "AutoScalingAnticipatedFlapping")),
    ]);
    assert_eq!(
        rows(&fixture),
        [
            "iscaling | orders | writes not scaled: would have to be undone at once \
             (AutoScalingAnticipatedFlapping)",
            "!scaling | orders | writes not scaled: already at maximum 500 (AlreadyAtMaxCapacity)",
            "scaling | orders | Setting min capacity to 5 and max capacity to 50: \
             scheduled action name nightly was triggered",
            "scaling | orders | write capacity 210 -> 150 (in progress): write utilization alarm low",
            "!scaling | orders | write capacity 210 -> 80 failed: Subscriber limit exceeded: \
             Provisioned throughput decreases are limited within a given UTC day.",
            "scaling | orders | write capacity 100 -> 210: write utilization alarm high",
            "scaling | orders | write capacity -> 100: write utilization alarm high",
        ]
    );
}

#[test]
fn a_capacity_before_that_contradicts_the_cause_is_not_told() {
    let fixture = told(vec![
        scaled(60, set_writes("a", 300, "AlarmHigh")),
        scaled(120, set_writes("b", 210, "AlarmHigh")),
    ]);
    assert!(rows(&fixture)[0].contains("| write capacity -> 210:"), "{:?}", rows(&fixture));
    let billing = Change::Billing { from: "PROVISIONED", to: "PAY_PER_REQUEST" };
    let fixture = told(vec![
        scaled(60, set_writes("a", 100, "AlarmHigh")),
        event(90, changed(&orders(), billing)),
        scaled(120, set_writes("b", 210, "AlarmHigh")),
    ]);
    assert!(rows(&fixture)[0].contains("| write capacity -> 210:"), "{:?}", rows(&fixture));
}

#[test]
fn a_change_that_an_activity_made_is_told_once() {
    let fixture = told(vec![
        scaled(60, set_writes("a", 210, "AlarmHigh")),
        event(100, changed(&orders(), writes(130.0, 210.0))),
        event(900, changed(&orders(), writes(210.0, 300.0))),
    ]);
    assert_eq!(
        rows(&fixture),
        [
            "table | orders | write capacity 210 -> 300",
            "scaling | orders | write capacity 130 -> 210: write utilization alarm high",
        ]
    );
}

#[test]
fn changes_of_tables_are_told_in_awss_names() {
    let index = Resource::index("orders", "GSI2");
    let status = Change::Status { from: Arc::from("ACTIVE"), to: Arc::from("UPDATING") };
    let billing = Change::Billing { from: "PROVISIONED", to: "PAY_PER_REQUEST" };
    let maximum = Change::Maximum { direction: Direction::Read, from: None, to: Some(5_000.0) };
    let changes = [
        (orders(), status),
        (orders(), billing),
        (orders(), maximum),
        (index.clone(), Change::Created),
        (index, Change::Deleted),
        (Resource::table("users"), Change::Created),
    ];
    let events = changes
        .into_iter()
        .zip(0..)
        .map(|((resource, change), minutes)| event(60 * minutes, changed(&resource, change)));
    assert_eq!(
        rows(&told(events.collect())),
        [
            "table | users | table created",
            "itable | orders/GSI2 | index GSI2 deleted",
            "table | orders/GSI2 | index GSI2 created",
            "table | orders | read on-demand maximum none -> 5,000",
            "itable | orders | billing mode PROVISIONED -> PAY_PER_REQUEST",
            "table | orders | status ACTIVE -> UPDATING",
        ]
    );
}

#[test]
fn alarms_name_what_they_are_about_and_autoscalings_own_are_folded() {
    let mut fixture = told(vec![
        event(60, goes("orders-write-throttles", OK, ALARM)),
        event(120, goes("unknown", ALARM, OK)),
        event(180, goes("TargetTracking-table/orders-AlarmHigh-1c9a", OK, ALARM)),
        event(240, goes("shop", OK, ALARM)),
    ]);
    let mut shop = alarm_on("shop", "", "");
    let rule = Arc::from("ALARM(\"orders-write-throttles\") OR ALARM(users)");
    let composite = CompositeAlarm { rule, ..CompositeAlarm::default() };
    shop.kind = AlarmKind::Composite(Box::new(composite));
    fixture.tell(News::Alarms(Ok(vec![
        alarm_on("orders-write-throttles", "WriteThrottleEvents", "orders"),
        alarm_on("users", "SystemErrors", "users"),
        shop,
    ])));
    assert_eq!(
        rows(&fixture),
        [
            "!alarm | orders +1 | OK -> ALARM: shop",
            "alarm |  | ALARM -> OK: unknown",
            "!alarm | orders | OK -> ALARM: orders-write-throttles",
        ]
    );
    assert_eq!(strip(&fixture).0[1], "about: orders, users");
    let all = entries(std::iter::once((fixture.reading(), &[][..])), true);
    assert_eq!((all.len(), all[1].is_trouble()), (4, false), "it is how autoscaling works");
}

#[test]
fn what_an_alarm_did_is_told_with_the_change_that_made_it() {
    let changes = [
        event(60, goes("hot", OK, ALARM)),
        event(61, acts("hot", "sns:us-east-1:1:page", Outcome::Done)),
        event(61, acts("hot", "lambda:us-east-1:1:function:fix", Outcome::Done)),
        event(1_200, goes("hot", ALARM, OK)),
    ];
    let fixture = told(changes.to_vec());
    assert_eq!(
        rows(&fixture),
        ["alarm |  | ALARM -> OK: hot", "!alarm |  | OK -> ALARM: hot, told Lambda fix, SNS page",]
    );
    let (words, _) = strip(&told(changes[..2].to_vec()));
    let did = "did: Successfully executed action arn:aws:sns:us-east-1:1:page";
    assert_eq!(words[1..], ["told: Alarm updated from OK to ALARM", did]);
}

#[test]
fn what_failed_or_came_late_is_told_for_itself() {
    let page = |outcome| acts("hot", "sns:us-east-1:1:page", outcome);
    let why = Outcome::Failed(Some(Arc::from("not authorized to perform: SNS:Publish")));
    let mut own = goes("TargetTracking-table/orders-AlarmLow-1c9a", OK, ALARM);
    let policy = "autoscaling:us-east-1:1:scalingPolicy:u:policyName/w";
    let fixture = told(vec![
        event(0, page(Outcome::Done)),
        event(60, goes("hot", OK, ALARM)),
        event(61, page(why)),
        event(181, page(Outcome::Done)),
        event(200, own.clone()),
        event(201, acts("TargetTracking-table/orders-AlarmLow-1c9a", policy, Outcome::Done)),
        event(
            261,
            acts("TargetTracking-table/orders-AlarmLow-1c9a", policy, Outcome::Failed(None)),
        ),
    ]);
    assert_eq!(
        rows(&fixture),
        [
            "!alarm |  | could not tell scaling policy w: TargetTracking-table/orders-AlarmLow-1c9a",
            "alarm |  | told SNS page: hot",
            "!alarm |  | could not tell SNS page: hot: not authorized to perform: SNS:Publish",
            "!alarm |  | OK -> ALARM: hot",
            "alarm |  | told SNS page: hot",
        ]
    );
    if let Happening::Alarm(change) = &mut own {
        change.kind = AlarmChangeKind::Action(Action { target: None, outcome: Outcome::Other });
        change.alarm = Arc::from("hot");
        change.summary = Arc::from("Actions are put off");
    }
    assert_eq!(rows(&told(vec![event(0, own)])), ["alarm |  | Actions are put off: hot"]);
}

#[test]
fn a_run_of_changes_tells_once_whom_the_alarm_told() {
    let mut events = vec![];
    for minutes in 0..4 {
        let (from, to) = if minutes % 2 == 0 { (OK, ALARM) } else { (ALARM, OK) };
        events.push(event(60 * minutes, goes("hot", from, to)));
        events.push(event(60 * minutes + 1, acts("hot", "sns:us-east-1:1:page", Outcome::Done)));
    }
    let expected = "!alarm |  | x4 since 12:00: flaps, now OK: hot, told SNS page";
    assert_eq!(rows(&told(events)), [expected]);
}

#[test]
fn outages_tell_why_and_for_how_long() {
    let mut fixture = Fixture::new(0, vec![]);
    let denied = Some((ErrorClass::Denied, "cloudwatch:GetMetricData"));
    for (at, error) in [(0, denied), (720, None)] {
        fixture.go_to(at);
        fixture.finish(Poller::Metrics, error);
    }
    assert_eq!(
        rows(&fixture),
        [
            "poller |  | metrics: read again after 12 m",
            "!poller |  | metrics: cannot be read: no permission: cloudwatch:GetMetricData",
        ]
    );
}

#[test]
fn what_repeats_itself_is_one_row_whatever_happens_elsewhere_meanwhile() {
    let mut events: Vec<Event> = (0..12)
        .map(|minutes| {
            let id = minutes.to_string();
            scaled(60 * minutes, not_scaled(&id, "AlreadyAtMaxCapacity"))
        })
        .collect();
    for minutes in 0..4 {
        let (from, to) = if minutes % 2 == 0 { (OK, ALARM) } else { (ALARM, OK) };
        events.push(event(60 * minutes + 5, goes("flaps", from, to)));
        events.push(event(960 * minutes, goes("slow", from, to)));
    }
    assert_eq!(
        rows(&told(events)),
        [
            "alarm |  | ALARM -> OK: slow",
            "!alarm |  | OK -> ALARM: slow",
            "alarm |  | ALARM -> OK: slow",
            "!scaling | orders | x12 since 12:00: writes not scaled: already at maximum 500 \
             (AlreadyAtMaxCapacity)",
            "!alarm |  | x4 since 12:00: flaps, now OK: flaps",
            "!alarm |  | OK -> ALARM: slow",
        ]
    );
}

#[test]
fn equal_events_with_another_between_them_are_two_rows() {
    let fixture = told(vec![
        scaled(0, not_scaled("a", "AlreadyAtMaxCapacity")),
        scaled(60, set_writes("b", 400, "AlarmLow")),
        scaled(120, not_scaled("c", "AlreadyAtMaxCapacity")),
        scaled(180, not_scaled("d", "AlreadyAtMaxCapacity")),
    ]);
    let counts: Vec<usize> = entries(std::iter::once((fixture.reading(), &[][..])), false)
        .iter()
        .map(Entry::times)
        .collect();
    assert_eq!(counts, [2, 1, 1]);
}

#[test]
fn the_strip_tells_everything_aws_said() {
    let (words, charts) = strip(&told(vec![scaled(360, not_scaled("f", "AlreadyAtMaxCapacity"))]));
    assert_eq!(
        words,
        [
            "what: writes not scaled: already at maximum 500 (AlreadyAtMaxCapacity)",
            "did: Attempting to scale due to alarm triggered",
            "cause: monitor alarm TargetTracking-table/orders-AlarmHigh-1c9a in state ALARM \
             triggered policy $orders-write-scaling-policy",
            "how: Failed",
            "why: AlreadyAtMaxCapacity: current 500 units/s, minimum 5 units/s, maximum 500 \
             units/s",
            "chart: no data points of 12:06 here: an hour is kept of tables that are not open; \
             Enter opens it and reads a day",
        ]
    );
    assert_eq!(charts, [""; 0]);
    let mut ended = set_writes("a", 210, "AlarmHigh");
    ended.ended = Some(second(393));
    let mut fixture = told(vec![scaled(360, ended)]);
    fixture.publish(&orders(), 0..55);
    let write = crate::model::metric::Metric::Consumed(Direction::Write);
    fixture.read_sum(&orders(), write, 0..55, &[(6, 60.0)]);
    let (words, charts) = strip(&fixture);
    assert!(words[3].starts_with("how: Successful (ended 12:06:33, after 33 s): Success"));
    assert_eq!(charts, ["write units/s", "write throttle events/min"]);
}

#[test]
fn an_alarm_tells_its_reason_and_shows_the_chart_of_what_it_watches() {
    let mut fixture = told(vec![event(360, goes("slow", OK, ALARM))]);
    let mut slow = alarm_on("slow", "ReadThrottleEvents", "orders");
    (slow.state, slow.since) = (ALARM, Some(second(360)));
    slow.reason = Arc::from("Threshold Crossed: 3 datapoints [9.0] were greater than 0.0.");
    fixture.tell(News::Alarms(Ok(vec![slow.clone()])));
    fixture.publish(&orders(), 0..55);
    let (words, charts) = strip(&fixture);
    assert_eq!(
        words[1..],
        [
            "told: Alarm updated from OK to ALARM",
            "why: Threshold Crossed: 3 datapoints [9.0] were greater than 0.0.",
        ]
    );
    assert_eq!(charts, ["read throttle events/min", "read units/s"]);
    (slow.state, slow.since) = (OK, Some(second(720)));
    slow.reason = Arc::from("calm");
    fixture.tell(News::Alarms(Ok(vec![slow])));
    assert_eq!(strip(&fixture).0[2], "now: OK: calm", "that is not why it rang");
}

#[test]
fn of_a_run_every_time_is_told() {
    let changes = [(0, OK, ALARM), (60, ALARM, OK), (90, OK, ALARM), (200, ALARM, OK)];
    let changes = changes.map(|(at, from, to)| event(at, goes("hot", from, to)));
    let (words, _) = strip(&told(changes.to_vec()));
    let times = "times: 12:03:20 OK, 12:01:30 ALARM, 12:01:00 OK, 12:00:00 ALARM";
    assert_eq!(words.last().unwrap(), times);
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_whole() {
    let action = "application-autoscaling:DescribeScalingActivities";
    let mut fixture = told(vec![event(360, goes("hot", OK, ALARM))]);
    fixture.finish(Poller::Activities, Some((ErrorClass::Denied, action)));
    fixture.finish(Poller::AlarmHistory, None);
    let missing: Vec<String> = missing(fixture.reading()).iter().map(ToString::to_string).collect();
    assert_eq!(missing, [format!("scaling activities cannot be read: no permission: {action}")]);
    assert_eq!(rows(&fixture).len(), 2, "the outage and the alarm");
    assert!(is_read(fixture.reading()));
}

#[test]
fn an_entry_stays_itself_when_more_is_told_of_it() {
    let mut under_way = set_writes("a", 210, "AlarmHigh");
    under_way.status = Arc::from("InProgress");
    let mut fixture = told(vec![scaled(360, under_way)]);
    let entries = |fixture: &Fixture| entries(std::iter::once((fixture.reading(), &[][..])), false);
    let (scope, event) = entries(&fixture)[0].newest().unwrap();
    fixture.tell(News::Events(vec![
        scaled(360, set_writes("a", 210, "AlarmHigh")),
        scaled(420, set_writes("b", 300, "AlarmHigh")),
    ]));
    let told: Vec<bool> =
        entries(&fixture).iter().map(|entry| entry.tells_of(&scope, &event)).collect();
    assert_eq!(told, [false, true]);
}

#[test]
fn a_line_says_it_all_to_somebody_else() {
    let mut events = vec![event(0, goes("hot", OK, ALARM))];
    let fixture = told(events.clone());
    let line = entries(std::iter::once((fixture.reading(), &[][..])), false)[0].line();
    assert_eq!(line, "2026-11-22T12:00:00Z alarm OK -> ALARM: hot");
    events = vec![
        scaled(0, not_scaled("a", "AlreadyAtMaxCapacity")),
        scaled(60, not_scaled("b", "AlreadyAtMaxCapacity")),
    ];
    let fixture = told(events);
    let entries = entries(std::iter::once((fixture.reading(), &[][..])), false);
    assert_eq!(
        entries[0].line_without_time(),
        "scaling orders x2 writes not scaled: already at maximum 500 (AlreadyAtMaxCapacity)"
    );
    assert_eq!(
        entries[0].line(),
        "2026-11-22T12:01:00Z scaling orders x2 since 2026-11-22T12:00:00Z writes not scaled: \
         already at maximum 500 (AlreadyAtMaxCapacity)"
    );
}
