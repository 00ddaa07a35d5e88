use super::*;
use crate::model::health::{ErrorClass, Poller};
use crate::model::local::UtcOffset;
use crate::model::metric::Statistic;
use crate::model::table::{Capacity, Throughput};
use crate::model::throttle::Limit;
use crate::model::time::Window;
use crate::model::update::News;
use crate::store::fixture::{Fixture, minute, on_demand, provisioned, second, table};
use std::sync::Arc;

/// At this second the newest settled minute is 2, so that 3 and 4 are settling.
const AT: i64 = 320;

const READ: Direction = Direction::Read;
const THROTTLES: Metric = Metric::ThrottleEvents(READ);

fn orders() -> Resource {
    Resource::table("orders")
}

fn fixture() -> Fixture {
    Fixture::new(AT, vec![table("orders", provisioned(100.0), &[])])
}

/// Minutes -3 to 4.
fn times() -> Times {
    let window = Window { start: minute(-3), end: minute(5) };
    Times { window, cursor: None, utc_offset: UtcOffset::ZERO }
}

/// The lines of a chart: label, value, and points, `.` for none.
fn drawn(chart: &Chart) -> Vec<String> {
    let point = |point: &Option<f64>| point.map_or_else(|| ".".to_owned(), |it| it.to_string());
    let line = |line: &Line| {
        let points: Vec<String> = line.points.iter().map(point).collect();
        format!("{} {}: {}", line.label, line.value, points.join(" "))
    };
    chart.lines.iter().map(line).collect()
}

fn consumed(fixture: &Fixture, direction: Direction) -> Chart {
    consumption(fixture.reading(), &orders(), direction, times()).0
}

fn throttled(fixture: &Fixture) -> Chart {
    throttles(fixture.reading(), &orders(), READ, times())
}

#[test]
fn consumption_is_per_second_and_its_gaps_stay_gaps() {
    let mut fixture = fixture();
    let points = [(-2, 60.0), (-1, 120.0), (1, 600.0), (2, 660.0), (3, 30.0)];
    fixture.read_sum(&orders(), Metric::Consumed(READ), -2..5, &points);
    let chart = consumed(&fixture, READ);
    assert_eq!(chart.title, "read units/s");
    assert_eq!(drawn(&chart), ["consumed 11.0: . 1 2 . 10 11 0.5 ."]);
    assert_eq!(chart.settled_through, Some(minute(2)));
    assert_eq!(chart.note, None);
}

#[test]
fn consumption_that_is_not_there_says_why() {
    let mut fixture = fixture();
    let note = |fixture: &Fixture| consumed(fixture, READ).note;
    assert_eq!(note(&fixture).unwrap(), "not read yet");
    fixture.finish(Poller::Metrics, Some((ErrorClass::Denied, "cloudwatch:GetMetricData")));
    assert_eq!(note(&fixture).unwrap(), "no permission: cloudwatch:GetMetricData");
    fixture.read_sum(&orders(), Metric::Consumed(READ), -3..5, &[]);
    assert_eq!(note(&fixture).unwrap(), "no data points in this window");
}

#[test]
fn the_legend_tells_the_figure_under_the_cursor_with_its_state() {
    let mut fixture = fixture();
    fixture.read_sum(&orders(), Metric::Consumed(READ), -2..5, &[(-1, 120.0), (3, 30.0)]);
    for (index, value) in [(-1, "2.0"), (0, "?"), (3, "~0.5"), (4, "?"), (-3, ".")] {
        let times = Times { cursor: Some(minute(index)), ..times() };
        let (chart, _) = consumption(fixture.reading(), &orders(), READ, times);
        assert_eq!(chart.lines[0].value, value, "minute {index}");
    }
}

#[test]
fn consumption_is_compared_with_the_limit_that_there_is() {
    let without = Capacity { provisioned: None, maximum: None, warm: None };
    let cases = [
        (provisioned(100.0), vec![("provisioned 100", 100.0)]),
        (on_demand(Some(1_000.0)), vec![("maximum 1,000", 1_000.0)]),
        (on_demand(None), vec![("warm 12,000", 12_000.0)]),
        (Throughput { read: without, ..on_demand(None) }, vec![]),
    ];
    for (throughput, levels) in cases {
        let fixture = Fixture::new(AT, vec![table("orders", throughput, &[])]);
        let chart = consumed(&fixture, READ);
        let found: Vec<_> = chart.levels.iter().map(|it| (it.label.as_str(), it.value)).collect();
        assert_eq!(found, levels);
    }
}

#[test]
fn provisioned_capacity_is_drawn_in_steps_once_it_has_changed() {
    let raised = Throughput { last_increase: Some(second(65)), ..provisioned(100.0) };
    let mut fixture = Fixture::new(AT, vec![table("orders", raised, &[])]);
    fixture.read_sum(&orders(), Metric::Consumed(READ), -3..5, &[(2, 60.0)]);
    let key = SeriesKey::provisioned(orders(), READ);
    fixture.read(&key, -8..5, &[(-5, 100.0), (0, 100.0)]);
    let chart = consumed(&fixture, READ);
    assert_eq!((chart.lines.len(), chart.levels.len()), (1, 1), "it is what it was");
    fixture.read(&key, -8..5, &[(-7, 40.0), (-2, 60.0)]);
    let chart = consumed(&fixture, READ);
    assert_eq!(drawn(&chart)[1], "provisioned 100: 40 60 60 60 100 100 100 100");
    assert_eq!(chart.levels, []);
}

#[test]
fn changes_of_capacity_are_marked_where_they_were_made() {
    // AWS has one date for reads and writes: only the metric tells which of the two was changed.
    let dated = Throughput { last_increase: Some(second(65)), ..provisioned(100.0) };
    let mut fixture = Fixture::new(AT, vec![table("orders", dated, &[])]);
    fixture.read_sum(&orders(), Metric::Consumed(READ), -3..5, &[(2, 60.0)]);
    let key = SeriesKey::provisioned(orders(), READ);
    fixture.read(&key, -8..5, &[(-7, 40.0), (-2, 160.0), (3, 100.0)]);
    let steps = |direction| consumption(fixture.reading(), &orders(), direction, times()).1;
    assert_eq!(steps(READ), [(minute(-2), Mark::Raised), (minute(3), Mark::Lowered)]);
    assert_eq!(steps(Direction::Write), []);
}

#[test]
fn a_count_is_zero_only_in_settled_and_published_minutes() {
    let mut fixture = fixture();
    fixture.publish(&orders(), -3..2);
    fixture.read_sum(&orders(), THROTTLES, -2..5, &[(0, 5.0)]);
    assert_eq!(drawn(&throttled(&fixture)), ["all causes ?: . 0 0 5 0 . . ."]);
    fixture.read_sum(&orders(), THROTTLES, -2..5, &[(0, 5.0), (3, 2.0)]);
    fixture.publish(&orders(), -3..4);
    assert_eq!(drawn(&throttled(&fixture)), ["all causes 0: . 0 0 5 0 0 2 ."]);
}

#[test]
fn causes_that_account_for_all_events_stand_alone() {
    let mut fixture = fixture();
    fixture.publish(&orders(), -3..4);
    fixture.read_sum(&orders(), THROTTLES, -3..5, &[(0, 5.0), (2, 4.0)]);
    let hot = Metric::ThrottleEventsBy(READ, Limit::KeyRange);
    let short = Metric::ThrottleEventsBy(READ, Limit::Provisioned);
    // Reasons are read from the beginning of a trouble on: before it none can have had events.
    fixture.read_sum(&orders(), hot, 0..5, &[(0, 5.0), (2, 1.0)]);
    let partly = ["all causes 4: 0 0 0 5 0 4 . .", "key-range 1: 0 0 0 5 0 1 . ."];
    assert_eq!(drawn(&throttled(&fixture)), partly);
    fixture.read_sum(&orders(), short, 0..5, &[(2, 3.0)]);
    let wholly = ["provisioned 3: 0 0 0 0 0 3 . .", "key-range 1: 0 0 0 5 0 1 . ."];
    assert_eq!(drawn(&throttled(&fixture)), wholly);
}

#[test]
fn none_is_said_only_of_minutes_that_are_known() {
    let note = |published, window| {
        let mut fixture = fixture();
        fixture.publish(&orders(), published);
        fixture.read_sum(&orders(), THROTTLES, window, &[]);
        throttled(&fixture).note.unwrap()
    };
    assert_eq!(note(-3..3, -3..5), "none in this window");
    assert_eq!(note(-3..3, 0..5), "none since 12:00; before that not known");
    assert_eq!(note(-3..2, -3..5), "none seen; 12:02 is not known yet");
    assert_eq!(throttled(&fixture()).note.unwrap(), "not read yet");
}

#[test]
fn nothing_is_said_to_be_none_while_a_cause_has_events() {
    let mut fixture = fixture();
    fixture.publish(&orders(), -3..4);
    let hot = Metric::ThrottleEventsBy(READ, Limit::KeyRange);
    fixture.read_sum(&orders(), hot, -3..5, &[(2, 5.0)]);
    for total in [false, true] {
        if total {
            fixture.read_sum(&orders(), THROTTLES, -3..5, &[]);
        }
        let chart = throttled(&fixture);
        assert_eq!(chart.note, None);
        assert!(drawn(&chart).contains(&"key-range 5: 0 0 0 0 0 5 . .".to_owned()), "{chart:?}");
        assert_eq!(chart.lines[0].label, "all causes");
    }
}

#[test]
fn what_was_not_read_again_is_marked_and_ends_where_it_had_settled() {
    let mut fixture = fixture();
    let consumed: Vec<_> = (0..4).map(|index| (index, 60.0)).collect();
    fixture.read_sum(&orders(), Metric::Consumed(READ), 0..5, &consumed);
    fixture.read_sum(&orders(), THROTTLES, 0..5, &[(2, 7.0), (3, 7.0)]);
    fixture.go_to(AT + 240);
    let hot = Metric::ThrottleEventsBy(READ, Limit::KeyRange);
    fixture.read_sum(&orders(), hot, 0..9, &[(2, 5.0), (3, 5.0)]);
    let lines = ["all causes 7*: . . . 0 0 7 . .", "key-range ?: . . . 0 0 5 5 ."];
    assert_eq!(drawn(&throttled(&fixture)), lines);
}

/// Tells which operations a table serves.
fn serve(fixture: &mut Fixture, operations: &[&str]) {
    let operations = operations.iter().map(|name| Arc::from(*name)).collect();
    fixture.tell(News::Operations(vec![(Arc::from("orders"), operations)]));
}

fn of(operation: &str, metric: Metric, statistic: Statistic) -> SeriesKey {
    SeriesKey { resource: orders(), metric, operation: Some(Arc::from(operation)), statistic }
}

#[test]
fn latency_shows_the_slowest_operations_and_no_sample_is_no_zero() {
    let mut fixture = fixture();
    fixture.publish(&orders(), -3..4);
    serve(&mut fixture, &["GetItem", "PutItem", "Query", "Scan"]);
    let p99 = |operation| of(operation, Metric::SuccessfulRequestLatency, Statistic::P99);
    fixture.read(&p99("GetItem"), -3..5, &[(0, 2.0)]);
    fixture.read(&p99("PutItem"), -3..5, &[(0, 4.0), (2, 6.0)]);
    fixture.read(&p99("Query"), -3..5, &[(0, 9.0)]);
    fixture.read(&p99("Scan"), -3..5, &[(1, 80.0), (2, 90.0)]);
    let p50 = of("Scan", Metric::SuccessfulRequestLatency, Statistic::P50);
    fixture.read(&p50, -3..5, &[(2, 30.0)]);
    let chart = latency(fixture.reading(), &"orders".into(), times());
    assert_eq!(chart.title, "latency p99/p50 ms (+1 more)");
    let lines = [
        "Scan 90.0: . . . . 80 90 . .",
        " 30.0: . . . . . 30 . .",
        "PutItem 6.0: . . . 4 . 6 . .",
        "Query idle: . . . 9 . . . .",
    ];
    assert_eq!(drawn(&chart), lines, "those that are slow now, then those that were");
    assert_eq!(chart.note, None);
    let earlier = Times { cursor: Some(minute(0)), ..times() };
    let chart = latency(fixture.reading(), &"orders".into(), earlier);
    assert_eq!(drawn(&chart)[0], "Scan idle: . . . . 80 90 . .", "the cursor changes no places");
}

#[test]
fn latency_of_a_table_without_operations_says_why_there_is_none() {
    let mut fixture = fixture();
    let note = |fixture: &Fixture| latency(fixture.reading(), &"orders".into(), times()).note;
    assert_eq!(note(&fixture).unwrap(), "not read yet");
    fixture.publish(&orders(), -3..4);
    fixture.finish(Poller::Operations, None);
    assert_eq!(note(&fixture).unwrap(), "idle");
}

#[test]
fn system_errors_are_totals_where_every_operation_is_known() {
    let mut fixture = fixture();
    fixture.publish(&orders(), -3..4);
    serve(&mut fixture, &["GetItem", "PutItem"]);
    let errors_of = |operation| of(operation, Metric::SystemErrors, Statistic::Sum);
    fixture.read(&errors_of("GetItem"), -3..5, &[(1, 2.0), (3, 1.0)]);
    fixture.read(&errors_of("PutItem"), -1..5, &[(1, 3.0), (3, 1.0)]);
    fixture.read_sum(&orders(), Metric::ConditionalCheckFailedRequests, -3..5, &[(2, 7.0)]);
    let chart = errors(fixture.reading(), &"orders".into(), times());
    let lines = [
        "system 0: . . 0 0 5 0 2 .",
        "failed conditions 7: 0 0 0 0 0 7 . .",
        "conflicts .: . . . . . . . .",
    ];
    assert_eq!(drawn(&chart), lines);
}

#[test]
fn no_errors_is_said_of_those_that_were_read() {
    let mut fixture = fixture();
    fixture.publish(&orders(), -3..4);
    fixture.read_sum(&orders(), Metric::ConditionalCheckFailedRequests, -3..5, &[]);
    let note = |fixture: &Fixture| errors(fixture.reading(), &"orders".into(), times()).note;
    assert_eq!(note(&fixture).unwrap(), "none in this window; the rest is not read yet");
    fixture.read_sum(&orders(), Metric::TransactionConflict, -3..5, &[(1, 1.0)]);
    assert_eq!(note(&fixture), None);
}

#[test]
fn user_errors_are_the_accounts() {
    let mut fixture = fixture();
    fixture.publish(&orders(), -3..4);
    fixture.read_sum(&Resource::Account, Metric::UserErrors, -3..5, &[(0, 7.0)]);
    let chart = user_errors(fixture.reading(), times());
    assert_eq!(chart.title, "user errors/min, whole account");
    assert_eq!(drawn(&chart), [" 0: 0 0 0 7 0 0 . ."]);
}
