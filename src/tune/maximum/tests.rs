use crate::model::id::Resource;
use crate::model::metric::Metric;
use crate::model::throttle::{Direction, Limit};
use crate::store::fixture::table;
use crate::tune::draft::Field::Maximum;
use crate::tune::fixture::{READ, WRITE, World, on_demand};
use crate::tune::plan::{Money, Sureness};

/// Dollars an hour for one unit in every second.
const RRU: f64 = 0.000_45;
const WRU: f64 = 0.002_25;

fn bursty() -> Resource {
    Resource::table("bursty")
}

/// `bursty`, on-demand with a maximum of 500, which uses 100 RRU and 500 WRU a second.
fn used() -> World {
    let mut world = World::new();
    world.consume(&bursty(), READ, 100.0);
    world.consume(&bursty(), WRITE, 500.0);
    world
}

/// Reads half an hour of throttle events a second, for any reason or one.
fn refuse(world: &mut World, resource: &Resource, metric: Metric, each_second: f64) {
    let points: Vec<_> = (0..30).map(|minute| (minute, 60.0 * each_second)).collect();
    world.fixture.read_sum(resource, metric, 0..30, &points);
}

/// So many throttle events a second, all of them the maximum's.
fn refuse_by_maximum(world: &mut World, direction: Direction, each_second: f64) {
    refuse(world, &bursty(), Metric::ThrottleEvents(direction), each_second);
    refuse(world, &bursty(), by_maximum(direction), each_second);
}

fn by_maximum(direction: Direction) -> Metric {
    Metric::ThrottleEventsBy(direction, Limit::MaxOnDemand)
}

fn money(world: &World, of: Resource, typed: &[(Direction, &str)]) -> Money {
    let typed: Vec<_> =
        typed.iter().map(|(direction, text)| (Maximum, *direction, *text)).collect();
    let plan = world.plan(of, &typed).unwrap();
    plan.steps()[0].told().money.clone().unwrap()
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found}, {expected}");
}

#[test]
fn what_a_maximum_refuses_now_is_charged_once_it_is_raised() {
    let mut world = used();
    refuse_by_maximum(&mut world, READ, 0.0);
    refuse_by_maximum(&mut world, WRITE, 300.0);
    let now = 100.0 * RRU + 500.0 * WRU;
    let raised = money(&world, bursty(), &[(WRITE, "2000")]);
    near(raised.now, now);
    near(raised.at_once, now + 300.0 * WRU);
    near(raised.most.unwrap(), 500.0 * RRU + 2_000.0 * WRU);
    assert_eq!(
        raised.line(),
        "$1.17/h now, about $1.84/h then, at most $4.72/h (estimate, list price of us-east-1, 2026-05): it refuses \
         300 writes a second (1 WRU each) now, counted as if each came once and took the least it can; those that \
         are larger come to more, those that clients sent again to less"
    );
    let removed = money(&world, bursty(), &[(WRITE, "none")]);
    near(removed.at_once, now + 300.0 * WRU);
    assert_eq!(removed.most, None);
    assert!(removed.line().contains("about $1.84/h then, without a limit ("), "{}", removed.line());
}

#[test]
fn no_more_is_charged_than_the_new_maximum_lets_through() {
    let mut world = used();
    refuse_by_maximum(&mut world, WRITE, 300.0);
    let raised = money(&world, bursty(), &[(WRITE, "600")]);
    near(raised.at_once, 100.0 * RRU + 600.0 * WRU);
    assert!(raised.line().contains("about $1.39/h then, at most $1.57/h"), "{}", raised.line());
}

#[test]
fn an_item_that_is_read_takes_half_a_unit_at_least() {
    let mut world = used();
    refuse_by_maximum(&mut world, READ, 1_000.0);
    let raised = money(&world, bursty(), &[(READ, "none")]);
    near(raised.at_once - raised.now, 500.0 * RRU);
    assert!(raised.line().contains("1,000 reads a second (0.5 RRU each)"), "{}", raised.line());
}

#[test]
fn what_another_limit_refuses_or_the_other_maximum_is_not_charged() {
    let mut world = used();
    // A hot partition refuses writes, and the maximum of reads, which stays, refuses reads.
    refuse(&mut world, &bursty(), Metric::ThrottleEvents(WRITE), 300.0);
    refuse(&mut world, &bursty(), by_maximum(WRITE), 0.0);
    refuse_by_maximum(&mut world, READ, 70.0);
    let raised = money(&world, bursty(), &[(WRITE, "none")]);
    near(raised.at_once, raised.now);
    assert_eq!(raised.sureness, Sureness::Reckoned);
    assert!(raised.line().starts_with("$1.17/h now, $1.17/h then, without a limit ("));
}

#[test]
fn where_it_is_not_known_what_refuses_it_is_said_and_nothing_is_counted() {
    let mut world = used();
    let untold = "or more then, without a limit (estimate, list price of us-east-1, 2026-05): how many writes it \
                  refuses now, which are charged once they are served, is not known";
    let raised = money(&world, bursty(), &[(WRITE, "none")]);
    near(raised.at_once, raised.now);
    assert!(raised.line().ends_with(untold), "{}", raised.line());
    // Throttles whose reason was not read.
    refuse(&mut world, &bursty(), Metric::ThrottleEvents(WRITE), 300.0);
    let raised = money(&world, bursty(), &[(WRITE, "none")]);
    near(raised.at_once, raised.now);
    assert!(raised.line().ends_with(untold), "{}", raised.line());
}

#[test]
fn where_nothing_is_refused_no_reason_has_to_be_known() {
    let mut world = used();
    refuse(&mut world, &bursty(), Metric::ThrottleEvents(WRITE), 0.0);
    let raised = money(&world, bursty(), &[(WRITE, "none")]);
    assert_eq!(raised.sureness, Sureness::Reckoned);
}

#[test]
fn a_maximum_below_the_present_use_costs_no_more_than_it_lets_through() {
    let mut world = used();
    refuse_by_maximum(&mut world, WRITE, 300.0);
    let lowered = money(&world, bursty(), &[(WRITE, "200")]);
    near(lowered.now, 100.0 * RRU + 500.0 * WRU);
    near(lowered.at_once, 100.0 * RRU + 200.0 * WRU);
    assert_eq!(lowered.sureness, Sureness::Reckoned);
}

#[test]
fn writes_through_an_index_are_charged_on_its_table_too() {
    let index = Resource::index("logs", "by-day");
    let logs = Resource::table("logs");
    let tables = vec![table("logs", on_demand(Some(50.0)), &[("by-day", on_demand(Some(50.0)))])];
    let mut world = World::of(tables);
    for resource in [&index, &logs] {
        for direction in Direction::ALL {
            world.consume(resource, direction, 10.0);
            refuse(&mut world, resource, by_maximum(direction), 5.0);
        }
    }
    let line = |of: &Resource, direction| money(&world, of.clone(), &[(direction, "none")]).line();
    assert!(line(&index, WRITE).ends_with("to less; its table's units come on top"));
    assert!(line(&logs, WRITE).ends_with("to less; its indexes' units come on top"));
    assert!(line(&logs, READ).ends_with("to less"), "{}", line(&logs, READ));
}
