use super::*;
use crate::model::event::{Event, Happening};
use crate::model::health::{ErrorClass, Poller};
use crate::model::id::Resource;
use crate::model::local::UtcOffset;
use crate::model::metric::Metric;
use crate::model::scaling::{ScheduledAction, Suspended, fixture as scaling};
use crate::model::table::{Table, Throughput};
use crate::model::time::{Minute, Window};
use crate::model::update::News;
use crate::store::fixture::events::{event, not_scaled, out_of_decreases, set_writes};
use crate::store::fixture::{Fixture, on_demand, provisioned, second, table};
use crate::tune::price::Prices;
use crate::view::tables::Keys;
use std::sync::Arc;

fn orders() -> Resource {
    Resource::table("orders")
}

/// Writes of `orders` between 5 and 500 units/s at 70 %.
fn target() -> ScalableTarget {
    scaling::target(orders(), Direction::Write, (5.0, 500.0))
}

/// `orders` at noon and an hour, its writes using so many units per second.
fn known(throughput: Throughput, used: f64, target: Option<ScalableTarget>) -> Fixture {
    tables(vec![table("orders", throughput, &[])], used, target)
}

fn tables(tables: Vec<Table>, used: f64, target: Option<ScalableTarget>) -> Fixture {
    let mut fixture = Fixture::new(3_600, tables);
    fixture.tell(News::Scaling(target.into_iter().collect()));
    fixture.finish(Poller::Scaling, None);
    let points: Vec<(i64, f64)> = (0..60).map(|minute| (minute, used * 60.0)).collect();
    for direction in Direction::ALL {
        fixture.read_sum(&orders(), Metric::Consumed(direction), 0..60, &points);
    }
    fixture
}

fn writes(fixture: &Fixture) -> (Weight, String) {
    let entries = entries(std::iter::once(fixture.reading()));
    let found = entries.into_iter().find(|entry| entry.direction == Direction::Write);
    let entry = found.unwrap();
    (entry.weight, entry.why)
}

fn why(throughput: Throughput, used: f64, target: Option<ScalableTarget>) -> (Weight, String) {
    writes(&known(throughput, used, target))
}

fn words(weight: Weight, text: &str) -> (Weight, String) {
    (weight, text.to_owned())
}

fn after(events: Vec<Event>) -> (Weight, String) {
    let mut fixture = known(provisioned(210.0), 100.0, Some(target()));
    fixture.tell(News::Events(events));
    writes(&fixture)
}

#[test]
fn at_the_maximum_it_is_trouble_only_while_more_is_wanted() {
    let at = |units, used| why(provisioned(units), used, Some(target()));
    assert_eq!(at(500.0, 350.0), words(Weight::Trouble, "at maximum"));
    assert_eq!(at(500.0, 340.0), words(Weight::Notice, "at maximum"));
    assert_eq!(at(499.0, 490.0), words(Weight::Calm, ""));
    assert_eq!(at(4.0, 1.0), words(Weight::Notice, "below its minimum"));
    assert_eq!(at(5.0, 1.0), words(Weight::Calm, ""));
}

#[test]
fn each_suspension_is_told_and_only_that_of_scale_out_is_trouble() {
    let with = |scale_out, scale_in, scheduled| {
        let suspended = Suspended { scale_in, scale_out, scheduled };
        why(provisioned(100.0), 50.0, Some(ScalableTarget { suspended, ..target() }))
    };
    assert_eq!(with(false, false, false), words(Weight::Calm, ""));
    assert_eq!(with(true, false, false), words(Weight::Trouble, "scale-out suspended"));
    assert_eq!(with(true, true, false), words(Weight::Trouble, "scaling suspended"));
    assert_eq!(with(false, true, false), words(Weight::Notice, "scale-in suspended"));
    assert_eq!(with(false, false, true), words(Weight::Notice, "scheduled actions suspended"));
}

#[test]
fn without_target_or_policy_nothing_moves_capacity() {
    let none = why(provisioned(100.0), 50.0, None);
    assert_eq!(none, words(Weight::Calm, "no scalable target"));
    let mut bare = target();
    bare.policies.clear();
    assert_eq!(why(provisioned(100.0), 50.0, Some(bare)), words(Weight::Notice, "no policy"));
    let fixture = Fixture::new(3_600, vec![table("orders", provisioned(1.0), &[])]);
    assert_eq!(writes(&fixture), words(Weight::Calm, "autoscaling not read"));
}

#[test]
fn without_a_target_it_matters_how_much_is_used_and_whether_it_throttles() {
    let known = |used| known(provisioned(100.0), used, None);
    let text = "no scalable target";
    assert_eq!(writes(&known(89.0)), words(Weight::Calm, text));
    assert_eq!(writes(&known(90.0)), words(Weight::Notice, text));
    assert_eq!(writes(&known(100.0)), words(Weight::Trouble, text));
    let throttled = |used| {
        let mut fixture = known(used);
        let metric = Metric::ThrottleEvents(Direction::Write);
        let points: Vec<(i64, f64)> = (0..60).map(|minute| (minute, 12.0)).collect();
        fixture.read_sum(&orders(), metric, 0..60, &points);
        writes(&fixture)
    };
    assert_eq!(throttled(92.0), words(Weight::Trouble, text));
    assert_eq!(throttled(50.0), words(Weight::Calm, text), "that is another matter");
}

#[test]
fn an_index_without_the_target_that_its_table_has_is_worth_a_look() {
    let with = |target| {
        let fixture = tables(
            vec![table("orders", provisioned(100.0), &[("by-status", provisioned(50.0))])],
            50.0,
            target,
        );
        let entries = entries(std::iter::once(fixture.reading()));
        let of_index = |direction| {
            let index = Resource::index("orders", "by-status");
            let found = entries.iter().find(|it| it.resource == index && it.direction == direction);
            let entry = found.unwrap();
            (entry.weight, entry.why.clone())
        };
        [of_index(Direction::Read), of_index(Direction::Write)]
    };
    let none = words(Weight::Calm, "no scalable target");
    let lacks = words(Weight::Notice, "no target, its table has one");
    assert_eq!(with(Some(target())), [none.clone(), lacks]);
    assert_eq!(with(None), [none.clone(), none]);
}

#[test]
fn a_target_of_an_on_demand_table_is_inert_and_others_are_folded() {
    let inert = why(on_demand(None), 50.0, Some(target()));
    assert_eq!(inert, words(Weight::Notice, "target inert: on-demand"));
    let fixture = known(on_demand(Some(1_000.0)), 899.0, None);
    assert_eq!(writes(&fixture), words(Weight::Calm, "on-demand, maximum 1,000"));
    let entries = entries(std::iter::once(fixture.reading()));
    assert!(entries.iter().all(Entry::is_folded));
    let near = why(on_demand(Some(1_000.0)), 900.0, None);
    assert_eq!(near, words(Weight::Notice, "on-demand, near its maximum 1,000"));
    let at = why(on_demand(Some(1_000.0)), 1_000.0, Some(target()));
    let text = "on-demand, at its maximum 1,000; target inert: on-demand";
    assert_eq!(at, words(Weight::Trouble, text));
}

#[test]
fn the_newest_activity_says_what_holds_capacity_back() {
    let scaled = |at, activity| event(at, Happening::Scaling(activity));
    // Sixty seconds of cooldown after a scale-out.
    let raised = |at| vec![scaled(at, set_writes("a", 210, "AlarmHigh"))];
    assert_eq!(after(raised(3_570)), words(Weight::Calm, "cooling down until 13:00"));
    assert_eq!(after(raised(3_540)), words(Weight::Calm, ""));
    let lowered = set_writes("a", 210, "AlarmLow");
    assert_eq!(after(vec![scaled(3_570, lowered)]), words(Weight::Calm, ""), "none is set");
    let failed = |at| vec![scaled(at, out_of_decreases("b"))];
    assert_eq!(after(failed(3_000)), words(Weight::Trouble, "last change failed"));
    assert_eq!(after(failed(-1)), words(Weight::Calm, ""), "an hour ago");
    let flapping = scaled(3_000, not_scaled("c", "AutoScalingAnticipatedFlapping"));
    let text = "not scaled: AutoScalingAnticipatedFlapping";
    assert_eq!(after(vec![flapping]), words(Weight::Notice, text));
    let desired = scaled(3_000, not_scaled("d", "AlreadyAtDesiredCapacity"));
    assert_eq!(after(vec![desired]), words(Weight::Calm, ""));
    let mut under_way = set_writes("e", 300, "AlarmHigh");
    under_way.status = Arc::from("InProgress");
    assert_eq!(after(vec![scaled(3_590, under_way)]), words(Weight::Calm, "scaling now"));
}

#[test]
fn without_decreases_it_is_said_when_there_is_one_again() {
    let spent = |decreases, target| {
        let throughput = Throughput {
            decreases_today: Some(decreases),
            last_decrease: Some(second(1_800)),
            ..provisioned(100.0)
        };
        why(throughput, 50.0, target)
    };
    let calm = "no scalable target; no decrease until 13:30";
    assert_eq!(spent(4, None), words(Weight::Calm, calm), "nobody is about to lower it");
    assert_eq!(spent(4, Some(target())), words(Weight::Notice, "no decrease until 13:30"));
    assert_eq!(spent(3, Some(target())), words(Weight::Calm, ""));
}

fn evening(direction: Direction) -> ScheduledAction {
    ScheduledAction {
        name: Arc::from("evening"),
        resource: orders(),
        direction,
        schedule: Arc::from("cron(0 18 * * ? *)"),
        time_zone: None,
        min: Some(200.0),
        max: Some(4_000.0),
        start: None,
        end: None,
    }
}

#[test]
fn what_is_scheduled_is_told_before_it_comes() {
    let mut fixture = known(provisioned(100.0), 50.0, Some(target()));
    fixture.tell(News::ScheduledActions(Ok(vec![evening(Direction::Read)])));
    assert_eq!(writes(&fixture), words(Weight::Calm, ""));
    fixture.tell(News::ScheduledActions(Ok(vec![evening(Direction::Write)])));
    let text = "scheduled 18:00 min->200 max->4,000";
    assert_eq!(writes(&fixture), words(Weight::Calm, text));
}

#[test]
fn what_needs_action_comes_first_and_then_what_is_used_most() {
    let suspended = Suspended { scale_in: true, ..Suspended::default() };
    let target = ScalableTarget { suspended, ..target() };
    let others = [table("busy", provisioned(10.0), &[]), table("idle", provisioned(10.0), &[])];
    let mut all = vec![table("orders", provisioned(100.0), &[])];
    all.extend(others);
    let mut fixture = tables(all, 1.0, Some(target));
    let points: Vec<(i64, f64)> = (0..60).map(|minute| (minute, 480.0)).collect();
    let busy = Resource::table("busy");
    fixture.read_sum(&busy, Metric::Consumed(Direction::Read), 0..60, &points);
    let entries = entries(std::iter::once(fixture.reading()));
    let order: Vec<_> =
        entries.iter().take(2).map(|it| (name(&it.resource), it.direction.as_str())).collect();
    assert_eq!(order, [("orders".to_owned(), "write"), ("busy".to_owned(), "read")]);
}

/// The paragraphs of the strip of writes, and the levels of its charts.
fn strip(fixture: &Fixture) -> (Vec<String>, Vec<String>) {
    let detail = with_facts(fixture, |facts| list(facts).detail).unwrap();
    let charts = detail.charts.iter().flat_map(|chart| &chart.levels);
    (lines(&detail), charts.map(|level| level.label.clone()).collect())
}

/// Everything about writes.
fn in_words(fixture: &Fixture) -> Vec<String> {
    lines(&with_facts(fixture, super::words).unwrap())
}

fn lines(detail: &Detail) -> Vec<String> {
    detail.paragraphs.iter().map(|it| format!("{}: {}", it.label, it.text.text)).collect()
}

fn with_facts<T>(fixture: &Fixture, made: impl FnOnce(&Facts<'_>) -> T) -> T {
    let entries = entries(std::iter::once(fixture.reading()));
    let entry = entries.iter().find(|entry| entry.direction == Direction::Write).unwrap();
    let end = Minute::containing(fixture.at);
    let facts = Facts {
        rows: vec![(entry, fixture.reading())],
        selected: 0,
        subject: Shown {
            reading: fixture.reading(),
            resource: &entry.resource,
            verdicts: vec![],
            suffers_from: None,
            explained_by: None,
            watch: None,
            selected: true,
            keys: Keys::default(),
        },
        longest_name: 10,
        prices: &Prices::embedded(),
        times: Times { window: Window::ending(end, 60), cursor: None, utc_offset: UtcOffset::ZERO },
        charset: Charset::Unicode,
        strip: (120, 12),
    };
    made(&facts)
}

#[test]
fn the_strip_tells_the_target_in_full() {
    let mut fixture = known(provisioned(100.0), 50.0, Some(target()));
    fixture.tell(News::ScheduledActions(Ok(vec![evening(Direction::Write)])));
    fixture.tell(News::Events(vec![event(
        3_000,
        Happening::Scaling(set_writes("a", 100, "AlarmHigh")),
    )]));
    let (told, levels) = strip(&fixture);
    assert!(levels.contains(&"target 70% 70".to_owned()), "{levels:?}");
    for expected in [
        "aim: 70% use between 5 and 500 units/s, cooldowns 60 s out, not set (0 s) in, policy \
         $orders-scaling-policy",
        "did: 10 m ago: Setting write capacity units to 100 (Successful)",
        "cause: monitor alarm TargetTracking-table/orders-AlarmHigh-1c9a in state ALARM",
        "sched: next 18:00 min->200 max->4,000: evening, cron(0 18 * * ? *) in UTC",
        "cost: estimate, list price of us-east-1",
        "/h now, $",
        "/h on demand, $",
        "use mean 50%, peak 50% in 58 m; on demand is cheaper below 29% mean use",
    ] {
        assert!(told.iter().any(|line| line.contains(expected)), "{expected}: {told:#?}");
    }
}

#[test]
fn what_is_denied_is_missing_by_name() {
    let mut fixture = known(on_demand(Some(1_000.0)), 50.0, None);
    let action = "application-autoscaling:DescribeScheduledActions";
    fixture.finish(Poller::Schedules, Some((ErrorClass::Denied, action)));
    let (told, _) = strip(&fixture);
    let lacks = format!("lacks: scheduled actions: no permission: {action}");
    assert!(told.contains(&lacks), "{told:#?}");
    assert!(told.iter().any(|line| line.contains("warm throughput 12,000 units/s")), "{told:#?}");
}

#[test]
fn why_nothing_was_scaled_is_told_in_the_strip() {
    let mut fixture = known(provisioned(500.0), 400.0, Some(target()));
    let what = |id| Happening::Scaling(not_scaled(id, "AlreadyAtMaxCapacity"));
    let raised = Happening::Scaling(set_writes("d", 500, "AlarmHigh"));
    let noted = [(3_480, "a"), (3_540, "b"), (3_570, "c")];
    let noted = noted.map(|(at, id)| event(at, what(id)));
    fixture.tell(News::Events(noted.into_iter().chain([event(3_000, raised)]).collect()));
    let (told, _) = strip(&fixture);
    let reason = "not scaled: already at maximum 500 (AlreadyAtMaxCapacity)";
    assert!(told.contains(&format!("did: 30 s ago, x3: {reason}")), "{told:#?}");
    let in_words = in_words(&fixture);
    let cause = "cause: monitor alarm TargetTracking-table/orders-AlarmHigh-1c9a in state ALARM";
    let did: Vec<&String> = in_words.iter().filter(|line| line.starts_with("did: ")).collect();
    assert_eq!(did.len(), 2, "{did:#?}");
    let noted = format!("did: 12:59:30 (30 s ago), x3 since 12:58:00: {reason}; {cause}");
    assert!(did[0].starts_with(&noted), "{did:#?}");
}

#[test]
fn bounds_are_exact_where_they_have_room() {
    let of = |min, max| bounds(Some(&scaling::target(orders(), Direction::Write, (min, max))));
    assert_eq!(of(5.0, 500.0), "5-500");
    assert_eq!(of(100.0, 400_000.0), "100-400,000");
    assert_eq!(of(40_000.0, 400_000.0), "40,000-400k");
    assert_eq!(bounds(None), "-");
}

#[test]
fn names_and_reasons_keep_a_quarter_of_the_room_each() {
    let shown = |longest, room| {
        let columns = columns(longest, room);
        let least = |column: &Column| match column.width {
            ColumnWidth::Fixed(cells) => cells,
            ColumnWidth::Flexible { min, .. } => min,
        };
        let (name, why) = (columns.first().unwrap(), columns.last().unwrap());
        (least(name), least(why))
    };
    for (longest, room, expected) in [
        (9, 80, (14, 18)),
        (27, 80, (19, 18)),
        (90, 200, (34, 48)),
        (90, 40, (14, 16)),
        (90, 60, (14, 16)),
    ] {
        assert_eq!(shown(longest, room), expected, "{longest} on {room}");
    }
}
