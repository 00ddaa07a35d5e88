//! Read at 12:30:15, so that minute 27 is the newest settled one; points of 28 and 29 may still
//! change.

mod application;
mod cause;
mod consumers;
mod dax;
mod hot_key;
mod inference;
mod lowered;
mod outflow;
mod raise;
mod scaling;
mod service;
mod traffic;
mod trouble;

use super::*;
use crate::model::metric::{Metric, SeriesKey, Statistic};
use crate::model::table::{Quotas, Table};
use crate::model::update::News;
use crate::store::fixture::{Fixture, table};
use std::ops::Range;
use std::sync::Arc;

const READ_AT: i64 = 30 * 60 + 15;
const WINDOW: Range<i64> = -30..30;
const WRITE: Direction = Direction::Write;

fn orders() -> Resource {
    Resource::table("orders")
}

fn by_customer() -> Resource {
    Resource::index("orders", "by-customer")
}

/// A store that has read everything of its tables, and nothing happened.
fn calm(tables: Vec<Table>) -> Fixture {
    let mut fixture = Fixture::new(READ_AT, tables);
    fixture.tell(News::Quotas(Quotas {
        account_read: 80_000.0,
        account_write: 80_000.0,
        table_read: 40_000.0,
        table_write: 40_000.0,
    }));
    let resources: Vec<Resource> = fixture.reading().resources().collect();
    for resource in &resources {
        for direction in Direction::ALL {
            fixture.read_sum(resource, Metric::ThrottleEvents(direction), WINDOW, &[]);
            consume(&mut fixture, resource, direction, |_| 0.0);
            reasons(&mut fixture, resource, direction, &[]);
        }
    }
    fixture
}

fn calm_orders() -> Fixture {
    use crate::store::fixture::provisioned;
    let index = ("by-customer", provisioned(100.0));
    calm(vec![table("orders", provisioned(200.0), &[index])])
}

fn throttle(
    fixture: &mut Fixture,
    resource: &Resource,
    direction: Direction,
    events: &[(i64, f64)],
) {
    fixture.read_sum(resource, Metric::ThrottleEvents(direction), WINDOW, events);
}

/// The same number of events in each of some minutes.
fn steady(minutes: Range<i64>, events: f64) -> Vec<(i64, f64)> {
    minutes.map(|minute| (minute, events)).collect()
}

/// Reads all four reason metrics; those that are not named have no points.
fn reasons(
    fixture: &mut Fixture,
    resource: &Resource,
    direction: Direction,
    counted: &[(Limit, Vec<(i64, f64)>)],
) {
    for limit in Limit::ALL {
        let points = counted.iter().find(|(counted, _)| *counted == limit);
        let points = points.map_or(&[][..], |(_, points)| points);
        fixture.read_sum(resource, Metric::ThrottleEventsBy(direction, limit), WINDOW, points);
    }
}

/// Reads consumption, in units per second by minute.
fn consume(
    fixture: &mut Fixture,
    resource: &Resource,
    direction: Direction,
    units: impl Fn(i64) -> f64,
) {
    let points: Vec<_> = WINDOW.map(|minute| (minute, 60.0 * units(minute))).collect();
    fixture.read(&SeriesKey::sum(resource.clone(), Metric::Consumed(direction)), WINDOW, &points);
}

/// Tells which operations `orders` serves.
fn serve(fixture: &mut Fixture, operations: &[&str]) {
    let operations = operations.iter().map(|name| Arc::from(*name)).collect();
    fixture.tell(News::Operations(vec![(Arc::from("orders"), operations)]));
}

/// Reads a metric of one operation of `orders`, by minute.
fn serve_with(
    fixture: &mut Fixture,
    operation: &str,
    (metric, statistic): (Metric, Statistic),
    value: impl Fn(i64) -> f64,
) {
    let operation = Some(Arc::from(operation));
    let key = SeriesKey { resource: orders(), metric, operation, statistic };
    let points = WINDOW.map(|minute| (minute, value(minute)));
    let points: Vec<_> = points.filter(|(_, value)| *value > 0.0).collect();
    fixture.read(&key, WINDOW, &points);
}

/// How many requests of one operation of `orders` succeed, by minute.
fn requests(fixture: &mut Fixture, operation: &str, count: impl Fn(i64) -> f64) {
    let counted = (Metric::SuccessfulRequestLatency, Statistic::SampleCount);
    serve_with(fixture, operation, counted, count);
}

fn diagnose(fixture: &Fixture) -> Vec<Verdict> {
    verdicts(fixture.reading(), &Thresholds::default())
}

/// The only verdict there is.
fn only(fixture: &Fixture) -> Verdict {
    let mut verdicts = diagnose(fixture);
    assert_eq!(verdicts.len(), 1, "{verdicts:#?}");
    verdicts.remove(0)
}

fn clauses(verdict: &Verdict) -> Vec<&str> {
    verdict.evidence.iter().map(|evidence| evidence.text.as_str()).collect()
}
