//! Second 615 is 12:10:15; at 120 seconds of settling, minute 7 is the newest settled one then.

mod events;
mod opened;
mod operations;
mod published;
mod reread;

use super::fixture::{Fixture, minute, on_demand, provisioned, second, table};
use super::*;
use crate::model::health::{CallError, ErrorClass};
use crate::model::metric::{Metric, SeriesKey, Statistic};
use crate::model::throttle::{Direction, Limit};
use crate::model::time::{Figure, Minute, Window};
use crate::model::update::Points;
use std::ops::Range;

const CONSUMED: Metric = Metric::Consumed(Direction::Write);
const THROTTLES: Metric = Metric::ThrottleEvents(Direction::Write);

fn orders() -> Resource {
    Resource::table("orders")
}

/// A store at second 615 that knows `orders` with 100 provisioned units and an index.
fn fixture() -> Fixture {
    let index = ("by-customer", provisioned(50.0));
    Fixture::new(615, vec![table("orders", provisioned(100.0), &[index])])
}

fn latency_of(operation: &str) -> SeriesKey {
    SeriesKey {
        resource: orders(),
        metric: Metric::SuccessfulRequestLatency,
        operation: Some(operation.into()),
        statistic: Statistic::P99,
    }
}

/// When it was read, which window, which points.
type Read<'a> = (i64, Range<i64>, &'a [(i64, f64)]);

fn figure_after(metric: Metric, reads: &[Read<'_>], now: i64) -> Figure {
    let mut fixture = fixture();
    fixture.publish(&orders(), 0..10);
    for (at, window, points) in reads {
        fixture.go_to(*at);
        fixture.read_sum(&orders(), metric, window.clone(), points);
    }
    fixture.store.reading(&fixture.scope, second(now)).figure(&orders(), metric)
}

#[test]
fn a_figure_is_about_the_newest_settled_minute_that_was_read() {
    let at = minute(7);
    let zero = Figure::Zero { at };
    let five = Figure::Value { value: 5.0, at };
    let cases: &[(&str, Metric, &[Read<'_>], Figure)] = &[
        ("nobody asked", THROTTLES, &[], Figure::NotPolled),
        ("a point", CONSUMED, &[(615, 0..10, &[(7, 5.0), (8, 9.0)])], five),
        (
            "all digits of it",
            CONSUMED,
            &[(615, 0..10, &[(7, 123_456_789.25)])],
            Figure::Value { value: 123_456_789.25, at },
        ),
        ("a gap in a count", THROTTLES, &[(615, 0..10, &[(6, 5.0), (8, 9.0)])], zero),
        ("a gap in a dense metric", CONSUMED, &[(615, 0..10, &[(6, 5.0)])], Figure::Unknown { at }),
        ("only unsettled minutes", CONSUMED, &[(615, 8..10, &[(8, 5.0)])], Figure::NotPolled),
        (
            "a window of the past",
            THROTTLES,
            &[(615, 0..5, &[(4, 5.0)])],
            Figure::Value { value: 5.0, at: minute(4) },
        ),
        ("a window into the future", CONSUMED, &[(615, 0..99, &[(7, 5.0), (50, 9.0)])], five),
        ("an empty window", THROTTLES, &[(615, 7..7, &[(7, 5.0)])], Figure::NotPolled),
        ("points outside the window", THROTTLES, &[(615, 5..10, &[(3, 1.0), (12, 1.0)])], zero),
        ("unsorted points", CONSUMED, &[(615, 5..10, &[(9, 1.0), (7, 5.0), (6, 2.0)])], five),
        ("not a number", THROTTLES, &[(615, 5..10, &[(7, f64::NAN)])], Figure::NotPolled),
        ("a window without end", CONSUMED, &[(615, -9_000_000..9_000_000, &[(7, 5.0)])], five),
        (
            "a point that came late",
            CONSUMED,
            &[(615, 5..10, &[(6, 4.0)]), (630, 5..10, &[(6, 4.0), (7, 5.0)])],
            five,
        ),
        (
            "a revised point",
            CONSUMED,
            &[(615, 5..10, &[(7, 4.0)]), (630, 5..10, &[(7, 5.0)])],
            five,
        ),
        (
            "an older reply that comes late revises nothing",
            CONSUMED,
            &[(630, 5..10, &[(7, 5.0)]), (615, 0..10, &[(7, 4.0)])],
            five,
        ),
        (
            "an older reply does not take back what is settled",
            CONSUMED,
            &[(615, 5..10, &[(7, 5.0)]), (555, 4..9, &[(6, 4.0)])],
            five,
        ),
    ];
    for (name, metric, reads, expected) in cases {
        assert_eq!(figure_after(*metric, reads, 620), *expected, "{name}");
    }
}

#[test]
fn a_figure_changes_only_when_a_poll_arrives() {
    let read: &[Read<'_>] = &[(615, 0..10, &[(7, 5.0), (8, 6.0)])];
    let early = figure_after(CONSUMED, read, 616);
    let late = figure_after(CONSUMED, read, 615 + 60 + 45);
    assert_eq!(early, late, "minute 8 settles in between, but was not read again");
}

#[test]
fn a_series_that_was_not_read_again_when_due_is_stale() {
    let at = minute(7);
    let reads: &[Read<'_>] = &[(615, 0..10, &[(7, 5.0)])];
    let gap: &[Read<'_>] = &[(615, 0..10, &[])];
    let (in_grace, after) = (615 + 60 + 45, 615 + 60 + 46);
    assert_eq!(figure_after(CONSUMED, reads, in_grace), Figure::Value { value: 5.0, at });
    assert_eq!(figure_after(CONSUMED, reads, after), Figure::Stale { value: 5.0, at });
    assert_eq!(figure_after(THROTTLES, gap, after), Figure::Stale { value: 0.0, at });
    assert_eq!(figure_after(CONSUMED, gap, after), Figure::Unknown { at });
    assert_eq!(
        figure_after(CONSUMED, reads, 0),
        Figure::Value { value: 5.0, at },
        "clock set back"
    );
}

#[test]
fn slowed_polling_is_not_stale() {
    let mut fixture = fixture();
    fixture.due = second(615 + 300);
    fixture.read_sum(&orders(), CONSUMED, 0..10, &[(7, 5.0)]);
    fixture.go_to(615 + 290);
    let value = Figure::Value { value: 5.0, at: minute(7) };
    assert_eq!(fixture.reading().figure(&orders(), CONSUMED), value);
}

#[test]
fn a_refusal_is_told_only_where_nothing_was_read() {
    let mut fixture = fixture();
    let denied = Some((ErrorClass::Denied, "cloudwatch:GetMetricData"));
    fixture.finish(Poller::Metrics, Some((ErrorClass::Network, "cloudwatch:GetMetricData")));
    assert_eq!(fixture.reading().figure(&orders(), CONSUMED), Figure::NotPolled);
    fixture.finish(Poller::Metrics, denied);
    let refused = Figure::Denied { action: "cloudwatch:GetMetricData" };
    assert_eq!(fixture.reading().figure(&orders(), CONSUMED), refused);
    assert_eq!(fixture.reading().utilization_percent(&orders(), Direction::Write), refused);

    fixture.finish(Poller::Metrics, None);
    fixture.read_sum(&orders(), CONSUMED, 0..10, &[(7, 5.0)]);
    fixture.go_to(800);
    fixture.finish(Poller::Metrics, denied);
    let stale = Figure::Stale { value: 5.0, at: minute(7) };
    assert_eq!(fixture.reading().figure(&orders(), CONSUMED), stale);
}

#[test]
fn settling_minutes_are_told_only_on_request() {
    let mut fixture = fixture();
    fixture.read_sum(&orders(), CONSUMED, 0..10, &[(7, 5.0), (8, 6.0)]);
    fixture.read_sum(&orders(), THROTTLES, 0..10, &[]);
    let plain = fixture.reading();
    assert_eq!(plain.figure(&orders(), CONSUMED), Figure::Value { value: 5.0, at: minute(7) });
    let settling = plain.with_settling(true);
    let newer = Figure::Settling { value: 6.0, at: minute(8) };
    assert_eq!(settling.figure(&orders(), CONSUMED), newer);
    let zero = Figure::Zero { at: minute(7) };
    assert_eq!(
        settling.figure(&orders(), THROTTLES),
        zero,
        "a missing newest point is no zero yet"
    );
}

#[test]
fn a_series_tells_values_gaps_and_minutes_that_were_not_read_apart() {
    let mut fixture = fixture();
    fixture.go_to(315);
    fixture.read_sum(&orders(), CONSUMED, 0..5, &[(1, 1.0), (3, 3.0), (4, 4.0)]);
    fixture.go_to(915);
    fixture.read_sum(&orders(), CONSUMED, 8..15, &[(8, 8.0)]);
    let key = SeriesKey::sum(orders(), CONSUMED);
    let view = fixture.reading().series(&key).unwrap();
    assert_eq!(view.settled_through(), minute(12));
    let expected = [
        (-1, Point::Unread),
        (0, Point::Gap),
        (1, Point::Value(1.0)),
        (2, Point::Gap),
        (3, Point::Unread), // read only before it settled, then skipped
        (4, Point::Unread),
        (7, Point::Unread),
        (8, Point::Value(8.0)),
        (14, Point::Gap),
        (15, Point::Unread),
    ];
    for (index, point) in expected {
        assert_eq!(view.get(minute(index)), point, "minute {index}");
    }
    assert_eq!(view.points().last(), Some((minute(14), Point::Gap)));
    assert_eq!(view.points().count(), 60);
    assert!(fixture.reading().series(&SeriesKey::sum(orders(), THROTTLES)).is_none());
}

#[test]
fn a_window_longer_than_what_is_kept_leaves_its_newest_minutes() {
    let mut fixture = fixture();
    let points: Vec<(i64, f64)> = (-190..10).map(|index| (index, 1_000.0 + index as f64)).collect();
    let reasons = Metric::ThrottleEventsBy(Direction::Write, Limit::KeyRange);
    for (metric, kept) in [(CONSUMED, 60), (reasons, 180)] {
        fixture.read_sum(&orders(), metric, -190..10, &points);
        let view = fixture.reading().series(&SeriesKey::sum(orders(), metric)).unwrap();
        let first = (minute(10 - kept), Point::Value(1_010.0 - kept as f64));
        assert_eq!(view.points().next(), Some(first));
        assert_eq!(view.get(minute(9)), Point::Value(1_009.0));
    }
}

#[test]
fn a_clock_set_back_by_hours_does_not_leave_the_future_behind() {
    let mut fixture = fixture();
    fixture.go_to(3 * 3_600);
    fixture.read_sum(&orders(), THROTTLES, 120..180, &[]);
    fixture.go_to(615);
    fixture.read_sum(&orders(), THROTTLES, 5..10, &[(7, 3.0)]);
    let value = Figure::Value { value: 3.0, at: minute(7) };
    assert_eq!(fixture.reading().figure(&orders(), THROTTLES), value);
}

#[test]
fn a_limit_that_was_not_read_again_is_stale_and_so_is_what_is_computed_from_it() {
    let mut fixture = Fixture::new(
        615,
        ["denied", "allowed"].map(|name| table(name, provisioned(100.0), &[])).into(),
    );
    fixture.go_to(1_080);
    fixture.tell(News::Table(Box::new(table("allowed", provisioned(200.0), &[]))));
    for name in ["denied", "allowed"] {
        fixture.read_sum(&Resource::table(name), CONSUMED, 0..18, &[(15, 3_000.0)]);
    }
    let at = minute(15);
    let (old, new) = (minute(10), minute(18));
    for (name, limit, percent) in [
        ("denied", Figure::Stale { value: 100.0, at: old }, Figure::Stale { value: 50.0, at }),
        ("allowed", Figure::Value { value: 200.0, at: new }, Figure::Value { value: 50.0, at }),
    ] {
        let (resource, write) = (Resource::table(name), Direction::Write);
        let reading = fixture.reading();
        assert_eq!(reading.limit(&resource, write, |limits| limits.provisioned), limit, "{name}");
        assert_eq!(reading.utilization_percent(&resource, write), percent, "{name}");
    }
}

#[test]
fn utilization_needs_a_limit() {
    let (read, write) = (Direction::Read, Direction::Write);
    let at = minute(7);
    let mut fixture = Fixture::new(
        615,
        vec![
            table("provisioned", provisioned(100.0), &[]),
            table("on-demand", on_demand(None), &[]),
            table("capped", on_demand(Some(50.0)), &[]),
        ],
    );
    let mut names: Vec<_> = fixture.reading().tables().map(|entry| entry.name.clone()).collect();
    names.push("undescribed".into());
    fixture.tell(News::TableNames(names));
    for name in ["provisioned", "on-demand", "capped", "undescribed"] {
        fixture.read_sum(&Resource::table(name), CONSUMED, 0..10, &[(7, 3_000.0)]);
    }
    let cases = [
        ("provisioned", write, Figure::Value { value: 50.0, at }),
        ("provisioned", read, Figure::NotPolled),
        ("on-demand", write, Figure::NotApplicable),
        ("capped", write, Figure::Value { value: 100.0, at }),
        ("undescribed", write, Figure::Unknown { at }),
        ("undescribed", read, Figure::NotPolled),
    ];
    for (name, direction, expected) in cases {
        let resource = Resource::table(name);
        assert_eq!(
            fixture.reading().utilization_percent(&resource, direction),
            expected,
            "{name} {direction:?}"
        );
    }
    let consumed = fixture.reading().consumed_per_second(&Resource::table("on-demand"), write);
    assert_eq!(consumed, Figure::Value { value: 50.0, at });
    fixture.finish(Poller::Descriptions, Some((ErrorClass::Denied, "dynamodb:DescribeTable")));
    let denied = Figure::Denied { action: "dynamodb:DescribeTable" };
    let undescribed = Resource::table("undescribed");
    assert_eq!(fixture.reading().utilization_percent(&undescribed, write), denied);
}

#[test]
fn counts_per_operation_add_up_and_latency_is_the_slowest() {
    let mut fixture = fixture();
    fixture.publish(&orders(), 0..10);
    let errors = |operation: &str| SeriesKey {
        operation: Some(operation.into()),
        ..SeriesKey::sum(orders(), Metric::SystemErrors)
    };
    fixture.read(&errors("GetItem"), 0..10, &[(7, 2.0)]);
    fixture.read(&errors("PutItem"), 0..10, &[(7, 3.0)]);
    fixture.read(&errors("Query"), 0..10, &[]);
    let at = minute(7);
    let errors = fixture.reading().figure(&orders(), Metric::SystemErrors);
    assert_eq!(errors, Figure::Value { value: 5.0, at });

    fixture.read(&latency_of("GetItem"), 0..10, &[]);
    let idle = fixture.reading().latency(&"orders".into(), Statistic::P99);
    assert_eq!(idle, Figure::Idle { at });
    fixture.read(&latency_of("Query"), 0..10, &[(7, 9.5)]);
    fixture.read(&latency_of("PutItem"), 0..10, &[(7, 4.5)]);
    let slowest = fixture.reading().latency(&"orders".into(), Statistic::P99);
    assert_eq!(slowest, Figure::Value { value: 9.5, at });
    let average = fixture.reading().latency(&"orders".into(), Statistic::P50);
    assert_eq!(average, Figure::NotPolled);

    let operations = vec!["PutItem".into(), "GetItem".into()];
    let operations = News::Operations(vec![("orders".into(), operations)]);
    fixture.go_to(45 * 60);
    fixture.publish(&orders(), 0..45);
    fixture.read(&latency_of("PutItem"), 40..45, &[(42, 4.5)]);
    fixture.tell(operations);
    assert_eq!(fixture.reading().operations("orders"), ["GetItem".into(), "PutItem".into()]);
    let slowest = fixture.reading().latency(&"orders".into(), Statistic::P99);
    assert_eq!(slowest.value(), Some(4.5), "Query is no longer served");
}

#[test]
fn a_total_of_different_minutes_is_as_old_as_its_older_part() {
    let mut fixture = fixture();
    let errors = |operation: &str| SeriesKey {
        operation: Some(operation.into()),
        ..SeriesKey::sum(orders(), Metric::SystemErrors)
    };
    fixture.read(&errors("GetItem"), 0..10, &[(7, 2.0)]);
    fixture.go_to(675);
    fixture.read(&errors("PutItem"), 0..11, &[(8, 3.0)]);
    let total = fixture.reading().figure(&orders(), Metric::SystemErrors);
    assert_eq!(total, Figure::Stale { value: 5.0, at: minute(7) });
}

#[test]
fn a_clone_is_frozen() {
    let mut fixture = fixture();
    fixture.read_sum(&orders(), CONSUMED, 0..10, &[(7, 5.0)]);
    let frozen = fixture.store.clone();
    fixture.go_to(675);
    fixture.read_sum(&orders(), CONSUMED, 6..11, &[(7, 6.0), (8, 7.0)]);
    fixture.tell(News::TableNames(vec!["payments".into()]));
    let reading = frozen.reading(&fixture.scope, second(620));
    let before = Figure::Value { value: 5.0, at: minute(7) };
    assert_eq!(reading.figure(&orders(), CONSUMED), before);
    assert_eq!(reading.resources().count(), 2);
    assert_eq!(fixture.reading().resources().collect::<Vec<_>>(), [Resource::table("payments")]);
}

#[test]
fn what_is_gone_from_the_account_is_gone_from_the_store() {
    let mut fixture = fixture();
    let index = Resource::index("orders", "by-customer");
    for resource in [orders(), index.clone()] {
        fixture.read_sum(&resource, CONSUMED, 0..10, &[(7, 5.0)]);
    }
    let value = Figure::Value { value: 5.0, at: minute(7) };
    assert_eq!(fixture.reading().figure(&index, CONSUMED), value);

    fixture.tell(News::Table(Box::new(table("orders", provisioned(100.0), &[]))));
    assert_eq!(fixture.reading().resources().collect::<Vec<_>>(), [orders()]);
    fixture.read_sum(&index, CONSUMED, 0..10, &[(7, 5.0)]);
    assert_eq!(fixture.reading().figure(&index, CONSUMED), Figure::NotPolled, "a late reply");
    assert_eq!(fixture.reading().figure(&orders(), CONSUMED), value);

    fixture.tell(News::TableGone("orders".into()));
    fixture.read_sum(&orders(), CONSUMED, 0..10, &[(7, 5.0)]);
    assert_eq!(fixture.reading().tables().count(), 0, "a late reply brings nothing back");
    fixture.tell(News::Table(Box::new(table("orders", provisioned(100.0), &[]))));
    let again = fixture.reading().figure(&orders(), CONSUMED);
    assert_eq!(again, Figure::NotPolled, "created again, it starts clean");
}

#[test]
fn more_is_kept_of_the_table_opened_last_and_of_escalated_resources_until_they_are_neither() {
    let hour = |fixture: &mut Fixture, index: i64| {
        fixture.go_to(index * 3_600 + 15);
        let window = (index - 1) * 60..index * 60;
        let throttle = (index * 60 - 5, 1.0);
        let payments = Resource::table("payments");
        fixture.read_sum(&orders(), THROTTLES, window.clone(), &[throttle]);
        fixture.read_sum(&payments, THROTTLES, window.clone(), &[]);
        fixture.read_sum(&orders(), CONSUMED, window.clone(), &[]);
        fixture.read_sum(&payments, CONSUMED, window, &[]);
    };
    let kept = |fixture: &Fixture, name: &str, metric: Metric| {
        let key = SeriesKey::sum(Resource::table(name), metric);
        fixture.reading().series(&key).map_or(0, |series| series.points().count())
    };
    let reason = Metric::ThrottleEventsBy(Direction::Write, Limit::KeyRange);
    let mut fixture = fixture();
    fixture.tell(News::Table(Box::new(table("payments", provisioned(1.0), &[]))));
    hour(&mut fixture, 1);
    hour(&mut fixture, 2);
    fixture.read_sum(&orders(), reason, 60..120, &[]);
    assert_eq!(
        [kept(&fixture, "orders", CONSUMED), kept(&fixture, "payments", CONSUMED)],
        [180, 60]
    );

    fixture.store.open(fixture.scope.clone(), Resource::table("payments"));
    // What is opened in another region changes nothing here.
    let elsewhere = Scope::new("aws", "123456789012", "eu-west-1");
    fixture.store.open(elsewhere, Resource::table("carts"));
    hour(&mut fixture, 3);
    assert_eq!(kept(&fixture, "payments", CONSUMED), 1_440);

    fixture.store.open(fixture.scope.clone(), Resource::table("carts"));
    fixture.go_to(4 * 3_600);
    fixture.finish(Poller::Metrics, None);
    for (name, metric, expected) in
        [("orders", CONSUMED, 60), ("orders", reason, 0), ("payments", CONSUMED, 60)]
    {
        assert_eq!(kept(&fixture, name, metric), expected, "{name} {metric}");
    }
}

#[test]
fn the_health_of_a_poller_counts_failures_in_a_row() {
    let mut fixture = fixture();
    let network = Some((ErrorClass::Network, "dynamodb:ListTables"));
    fixture.finish(Poller::Tables, None);
    for at in [675, 735] {
        fixture.go_to(at);
        fixture.finish(Poller::Tables, network);
    }
    let health = fixture.reading().health(Poller::Tables).unwrap();
    assert_eq!((health.failures_in_a_row, health.last_success), (2, Some(second(615))));
    assert_eq!(health.last.started, second(735));
    fixture.finish(Poller::Tables, None);
    let health = fixture.reading().health(Poller::Tables).unwrap();
    assert_eq!((health.failures_in_a_row, health.last_success), (0, Some(second(735))));
    assert!(fixture.reading().health(Poller::Limits).is_none());
}

#[test]
fn an_unknown_scope_reads_as_empty() {
    let fixture = fixture();
    let elsewhere = Scope::new("aws", "123456789012", "eu-west-1");
    let reading = fixture.store.reading(&elsewhere, fixture.at);
    assert_eq!(reading.tables().count(), 0);
    assert_eq!(reading.figure(&orders(), CONSUMED), Figure::NotPolled);
    assert_eq!(reading.newest_settled(), None);
    assert_eq!(fixture.store.scopes().collect::<Vec<_>>(), [&fixture.scope]);
}

#[test]
fn nothing_that_comes_makes_it_panic() {
    let seconds = [Timestamp::MIN, second(0), second(615), Timestamp::MAX];
    let minutes = [i64::MIN, -1, minute(7).0, minute(9).0, i64::MAX].map(Minute);
    let mut fixture = fixture();
    for at in seconds {
        for due in seconds {
            for start in minutes {
                for end in minutes {
                    fixture.at = at;
                    let points = minutes.map(|minute| (minute, 1.0)).to_vec();
                    let series = vec![(SeriesKey::sum(orders(), THROTTLES), points)];
                    let window = Window { start, end };
                    fixture.tell(News::Points(Points { window, due, series }));
                    fixture.finish(Poller::Metrics, None);
                    let _ = fixture.reading().figure(&orders(), THROTTLES);
                }
            }
        }
    }
    fixture.go_to(615);
    fixture.read_sum(&orders(), THROTTLES, 0..10, &[(7, 5.0)]);
    let value = Figure::Value { value: 5.0, at: minute(7) };
    assert_eq!(fixture.reading().figure(&orders(), THROTTLES), value, "and it recovers");
}
