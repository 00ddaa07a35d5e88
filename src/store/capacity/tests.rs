use super::*;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::table::{Table, Throughput};
use crate::model::update::News;
use crate::store::fixture::events::{event, set_writes};
use crate::store::fixture::{Fixture, minute, on_demand, provisioned, second, table};

use std::sync::Arc;

const WRITE: Direction = Direction::Write;

fn orders() -> Resource {
    Resource::table("orders")
}

/// `orders` described at second `at`.
fn described(at: i64, throughput: Throughput) -> Fixture {
    Fixture::new(at, vec![table("orders", throughput, &[])])
}

fn describe(fixture: &mut Fixture, at: i64, throughput: Throughput) {
    fixture.go_to(at);
    fixture.tell(News::Table(Box::new(table("orders", throughput, &[]))));
}

/// What is used in the newest settled minute at the start of minute `at`, where 30 units per second are consumed.
fn used(fixture: &mut Fixture, at: i64) -> Figure {
    fixture.go_to(at * 60);
    for direction in Direction::ALL {
        let points: Vec<(i64, f64)> = (0..at).map(|minute| (minute, 1_800.0)).collect();
        fixture.read_sum(&orders(), Metric::Consumed(direction), 0..at, &points);
    }
    fixture.reading().utilization_percent(&orders(), WRITE)
}

fn value(at: i64, value: f64) -> Figure {
    Figure::Value { value, at: minute(at) }
}

fn unknown(at: i64) -> Figure {
    Figure::Unknown { at: minute(at) }
}

#[test]
fn use_is_of_what_was_provisioned_in_that_minute() {
    let mut fixture = described(0, provisioned(40.0));
    describe(&mut fixture, 10 * 60, provisioned(40.0));
    assert_eq!(used(&mut fixture, 13), value(10, 75.0));
    let raised = Throughput { last_increase: Some(second(11 * 60 + 20)), ..provisioned(120.0) };
    describe(&mut fixture, 13 * 60 + 5, raised);
    // Somebody raised it in minute 11: minute 10 had the old capacity, 11 and 12 belong to neither.
    assert_eq!(used(&mut fixture, 13), value(10, 75.0));
    assert_eq!(used(&mut fixture, 14), unknown(11));
    assert_eq!(used(&mut fixture, 15), unknown(12));
    assert_eq!(used(&mut fixture, 16), value(13, 25.0));
}

#[test]
fn what_was_changed_of_reads_alone_leaves_the_use_of_writes() {
    let mut fixture = described(0, provisioned(40.0));
    let mut raised = Throughput { last_increase: Some(second(11 * 60)), ..provisioned(40.0) };
    raised.read.provisioned = Some(400.0);
    describe(&mut fixture, 13 * 60 + 5, raised);
    assert_eq!(used(&mut fixture, 14), value(11, 75.0));
    let reads = fixture.reading().utilization_percent(&orders(), Direction::Read);
    assert_eq!(reads, unknown(11));
}

#[test]
fn a_change_from_before_the_first_description_is_dated_but_not_told() {
    let lowered = Throughput { last_decrease: Some(second(11 * 60)), ..provisioned(40.0) };
    let mut fixture = described(13 * 60, lowered);
    assert_eq!(used(&mut fixture, 13), unknown(10));
    assert_eq!(used(&mut fixture, 16), value(13, 75.0));
    let dated: Vec<&Change> =
        fixture.reading().events().filter_map(|event| change(&event.what)).collect();
    assert_eq!(dated, [&Change::Dated { raised: false }]);
    // Long ago is not worth telling.
    let long_ago = Throughput { last_increase: Some(second(-25 * 3_600)), ..provisioned(40.0) };
    let mut calm = described(13 * 60, long_ago);
    assert_eq!(used(&mut calm, 13), value(10, 75.0));
    assert_eq!(calm.reading().events().count(), 0);
}

#[test]
fn a_change_that_is_under_way_is_not_yet_one_of_what_was_before() {
    let mut fixture = described(0, provisioned(40.0));
    let throughput = Throughput { last_increase: Some(second(12 * 60)), ..provisioned(40.0) };
    let updating = Table { status: Arc::from("UPDATING"), ..table("orders", throughput, &[]) };
    fixture.go_to(12 * 60 + 5);
    fixture.tell(News::Table(Box::new(updating)));
    assert_eq!(used(&mut fixture, 13), value(10, 75.0));
    assert_eq!(used(&mut fixture, 14), value(11, 75.0));
    assert_eq!(used(&mut fixture, 15), unknown(12));
}

#[test]
fn the_limit_that_was_met_is_that_of_the_minute_of_the_figure() {
    let mut fixture = described(0, provisioned(40.0));
    let raised = Throughput { last_increase: Some(second(11 * 60 + 20)), ..provisioned(120.0) };
    describe(&mut fixture, 13 * 60 + 5, raised);
    let met = |fixture: &mut Fixture, at| {
        used(fixture, at);
        fixture.reading().limit_met(&orders(), WRITE)
    };
    assert_eq!(met(&mut fixture, 13), Some(40.0));
    assert_eq!(met(&mut fixture, 14), None);
    assert_eq!(met(&mut fixture, 16), Some(120.0));
}

#[test]
fn use_of_a_maximum_is_of_the_maximum_of_that_minute() {
    let mut fixture = described(0, on_demand(Some(40.0)));
    describe(&mut fixture, 12 * 60 + 30, on_demand(Some(120.0)));
    assert_eq!(used(&mut fixture, 13), value(10, 75.0));
    assert_eq!(used(&mut fixture, 15), unknown(12));
    assert_eq!(used(&mut fixture, 17), value(14, 25.0));
}

/// What was provisioned in each of these minutes.
fn provisioned_in<const N: usize>(fixture: &Fixture, minutes: [i64; N]) -> [Option<f64>; N] {
    minutes.map(|at| fixture.reading().provisioned_then(&orders(), WRITE, minute(at)))
}

#[test]
fn what_was_provisioned_long_ago_is_known_where_nothing_can_have_changed_it_unseen() {
    let mut fixture = described(10 * 60, provisioned(40.0));
    let raised = Throughput { last_increase: Some(second(11 * 60 + 20)), ..provisioned(120.0) };
    describe(&mut fixture, 13 * 60 + 5, raised);
    let known = provisioned_in(&fixture, [3, 10, 11, 12, 13]);
    assert_eq!(known, [None, Some(40.0), None, None, Some(120.0)], "nobody had looked in minute 3");
    let maximum = fixture.reading().maximum_then(&orders(), WRITE, minute(13));
    assert_eq!(maximum, None);
    fixture.go_to(60 * 60);
    let old = provisioned_in(&fixture, [10, 13, 14, 59]);
    assert_eq!(old, [Some(40.0), Some(120.0), None, None], "nobody has looked since");
    let calm = described(60 * 60, provisioned(40.0));
    assert_eq!(provisioned_in(&calm, [0, 59]), [Some(40.0); 2], "it was never changed");
}

#[test]
fn before_the_first_description_the_metric_tells_what_was_provisioned() {
    // Reads were raised last, which hides that writes were raised before.
    let mut raised = Throughput { last_increase: Some(second(25 * 60)), ..provisioned(120.0) };
    raised.read.provisioned = Some(400.0);
    let mut fixture = described(30 * 60, raised);
    assert_eq!(provisioned_in(&fixture, [4, 24, 27]), [None, None, Some(120.0)]);
    let points = [(0, 40.0), (5, 40.0), (10, 120.0), (15, 120.0)];
    fixture.read(&SeriesKey::provisioned(orders(), WRITE), 0..30, &points);
    let known = provisioned_in(&fixture, [0, 4, 5, 9, 10, 14, 15, 27]);
    let (before, after) = (Some(40.0), Some(120.0));
    assert_eq!(known, [before, before, None, None, after, after, None, after]);
}

#[test]
fn a_maximum_has_no_date_and_is_known_from_the_first_description_on() {
    let mut fixture = described(5 * 60, on_demand(Some(40.0)));
    describe(&mut fixture, 12 * 60 + 30, on_demand(Some(120.0)));
    let known =
        [4, 5, 12, 14].map(|at| fixture.reading().maximum_then(&orders(), WRITE, minute(at)));
    assert_eq!(known, [None, Some(40.0), None, Some(120.0)]);
}

fn change(what: &Happening) -> Option<&Change> {
    if let Happening::Table(told) = what { Some(&told.change) } else { None }
}

#[test]
fn a_date_that_autoscaling_explains_is_of_what_it_scaled() {
    let raised = Throughput { last_increase: Some(second(11 * 60 + 30)), ..provisioned(120.0) };
    let scaled = |at: i64, units: u32| {
        event(at, Happening::Scaling(set_writes(&format!("a{at}"), units, "AlarmHigh")))
    };
    let mut fixture = described(13 * 60, raised);
    fixture.tell(News::Events(vec![scaled(11 * 60 + 20, 120)]));
    // Nothing tells what there was before.
    assert_eq!(used(&mut fixture, 13), unknown(10));
    let reads =
        |fixture: &Fixture| fixture.reading().utilization_percent(&orders(), Direction::Read);
    assert_eq!(reads(&fixture), value(10, 25.0));
    fixture.tell(News::Events(vec![scaled(2 * 60, 40)]));
    assert_eq!(used(&mut fixture, 13), value(10, 75.0));
    assert_eq!(used(&mut fixture, 14), unknown(11));
}
