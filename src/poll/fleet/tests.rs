//! Tests of trouble, of what is read, and of when tables are described.

use super::*;
use crate::model::table::{BillingMode, Capacity, Index};
use crate::model::time::Window;

const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn at(time: &str) -> Timestamp {
    format!("2026-11-22T{time}Z").parse().unwrap()
}

fn orders() -> Resource {
    Resource::table("orders")
}

fn table(name: &str, read: f64, indexes: &[&str]) -> Table {
    let capacity = Capacity { provisioned: Some(read), ..Capacity::default() };
    let throughput = Throughput { read: capacity, ..Throughput::default() };
    let index = |name: &&str| Index {
        name: Arc::from(*name),
        status: Arc::from("ACTIVE"),
        throughput,
        ..Index::default()
    };
    Table {
        name: Arc::from(name),
        arn: String::new(),
        status: Arc::from("ACTIVE"),
        billing: BillingMode::Provisioned,
        throughput,
        items: None,
        bytes: None,
        indexes: indexes.iter().map(index).collect(),
        details: Box::default(),
    }
}

fn fleet(names: &[&str]) -> Fleet {
    let mut fleet = Fleet::default();
    fleet.set_tables(&names.iter().map(|name| Arc::from(*name)).collect::<Vec<_>>());
    fleet
}

fn throttles(direction: Direction, points: &[(i64, f64)]) -> (SeriesKey, Vec<(Minute, f64)>) {
    let key = SeriesKey::sum(orders(), Metric::ThrottleEvents(direction));
    (key, points.iter().map(|(minute, value)| (Minute(*minute), *value)).collect())
}

fn trouble(fleet: &Fleet, now: i64) -> Option<(i64, i64)> {
    let trouble = fleet.watch(&orders()).unwrap().escalated(Minute(now))?;
    Some((trouble.first.0, trouble.last.0))
}

#[test]
fn trouble_lasts_until_fifteen_minutes_after_the_last_event() {
    let mut fleet = fleet(&["orders"]);
    fleet.look(&[throttles(Direction::Read, &[(100, 0.0), (101, 3.0), (110, 1.0)])]);
    assert_eq!(trouble(&fleet, 125), Some((101, 110)));
    assert_eq!(trouble(&fleet, 126), None);
}

#[test]
fn trouble_begins_with_the_first_event_after_a_quiet_quarter_of_an_hour() {
    let mut fleet = fleet(&["orders"]);
    fleet.look(&[
        throttles(Direction::Read, &[(100, 5.0), (140, 5.0)]),
        throttles(Direction::Write, &[(120, 5.0), (130, 5.0)]),
    ]);
    assert_eq!(trouble(&fleet, 141), Some((120, 140)));
    fleet.look(&[throttles(Direction::Read, &[(112, 1.0)])]);
    assert_eq!(trouble(&fleet, 141), Some((112, 140)), "a late point of the same trouble");
}

#[test]
fn consumption_above_what_is_provisioned_is_an_event() {
    let mut fleet = fleet(&["orders"]);
    let consumed = |units_per_second: f64| {
        let key = SeriesKey::sum(orders(), Metric::Consumed(Direction::Read));
        [(key, vec![(Minute(100), units_per_second * 60.0)])]
    };
    fleet.look(&consumed(1e6));
    assert_eq!(trouble(&fleet, 101), None, "nothing is known about its capacity");
    fleet.set_description(&table("orders", 100.0, &[]));
    fleet.look(&consumed(100.0));
    assert_eq!(trouble(&fleet, 101), None);
    fleet.look(&consumed(101.0));
    assert_eq!(trouble(&fleet, 101), Some((100, 100)));
}

#[test]
fn indexes_come_and_go_with_descriptions_and_tables_with_the_list() {
    let mut fleet = fleet(&["orders", "users"]);
    fleet.set_description(&table("orders", 1.0, &["GSI1", "GSI2"]));
    fleet.set_description(&table("orders", 1.0, &["GSI2"]));
    fleet.set_description(&table("gone", 1.0, &["x"]));
    let watched = |fleet: &Fleet| fleet.watched().map(|(r, _)| r.to_string()).collect::<Vec<_>>();
    assert_eq!(
        watched(&fleet),
        ["account", "table/orders", "table/users", "table/orders/index/GSI2"]
    );
    fleet.set_tables(&[Arc::from("users")]);
    assert_eq!(watched(&fleet), ["account", "table/users"]);
    fleet.remove_table("users");
    assert_eq!(watched(&fleet), ["account"]);
}

#[test]
fn a_failed_series_is_not_taken_as_read() {
    let mut fleet = fleet(&["orders"]);
    let now = at("12:03:15");
    let minute = Minute::containing(now);
    let window = Window::ending(minute, 60);
    let ask = Ask { resource: orders(), group: Group::Sentinels, window, is_history: false };
    let progress = |fleet: &Fleet| fleet.watch(&orders()).unwrap().progress(Group::Sentinels);

    fleet.mark_asked(std::slice::from_ref(&ask), minute);
    fleet.mark_failed(&throttles(Direction::Read, &[]).0);
    fleet.mark_read(std::slice::from_ref(&ask), now, &Settings::default());
    assert_eq!(progress(&fleet).settled_to, None);
    fleet.retry_failed();
    assert_eq!(progress(&fleet).asked, None);

    fleet.mark_asked(std::slice::from_ref(&ask), minute);
    fleet.mark_read(&[ask], now, &Settings::default());
    // 12:00 has been over for two minutes, 12:01 has not.
    assert_eq!(progress(&fleet).settled_to, Some(minute.plus(-2)));
}

#[test]
fn calm_tables_are_described_every_five_minutes_each_at_its_own_time() {
    let names: Vec<String> = (0..300).map(|n| format!("table-{n}")).collect();
    let mut fleet = fleet(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let start = at("12:00:00");
    assert_eq!(fleet.to_describe(start, None).len(), 300);
    for name in &names {
        fleet.mark_described(name, start, false);
    }
    let per_second: Vec<usize> = (60..660)
        .map(|second| {
            let now = start + SECOND * second;
            let due = fleet.to_describe(now, None);
            for name in &due {
                fleet.mark_described(name, now, false);
            }
            due.len()
        })
        .collect();
    for five_minutes in per_second.chunks(300) {
        assert_eq!(five_minutes.iter().sum::<usize>(), 300);
        assert!(five_minutes.iter().all(|tables| *tables < 10), "{five_minutes:?}");
    }
}

#[test]
fn tables_in_trouble_open_or_failed_are_described_each_minute() {
    let mut fleet = fleet(&["orders", "users"]);
    let start = at("12:00:00");
    let soon = start + SECOND * 60;
    fleet.mark_described("orders", start, false);
    fleet.mark_described("users", start, false);
    assert_eq!(fleet.to_describe(start + SECOND * 59, Some(&orders())), Vec::<Arc<str>>::new());
    assert_eq!(
        fleet.to_describe(soon, Some(&Resource::index("orders", "i"))),
        [Arc::from("orders")]
    );
    fleet.look(&[throttles(Direction::Read, &[(Minute::containing(start).0, 1.0)])]);
    assert_eq!(fleet.next_description(start, None), Some(soon));
    fleet.mark_described("users", start, true);
    assert_eq!(fleet.to_describe(soon, None).len(), 2);
}
