use super::*;
use crate::model::table::TableClass;
use crate::store::fixture::{minute, second};
use crate::tune::fixture::{READ, WRITE, World, orders};

fn near(found: Option<f64>, expected: f64) {
    assert!(found.is_some_and(|found| (found - expected).abs() < 1e-9), "{found:?}, {expected}");
}

fn view(world: &World, resource: &Resource, minutes: i64) -> CostView {
    of(world.reading(), &Prices::embedded(), resource, minutes).unwrap()
}

#[test]
fn mean_and_peak_are_of_the_known_minutes_alone_which_are_counted() {
    let mut world = World::new();
    // Of the ten newest settled minutes, 18 to 27, four have a point.
    let points = [(20, 60.0 * 20.0), (21, 60.0 * 40.0), (22, 60.0 * 180.0), (27, 0.0)];
    let metric = Metric::Consumed(WRITE);
    world.fixture.read_sum(&orders(), metric, 0..30, &points);
    let [read, write] = view(&world, &orders(), 10).directions;
    assert_eq!(write.window, Some(Window { start: minute(18), end: minute(28) }));
    assert_eq!(write.known_minutes, 4);
    near(write.mean, 60.0);
    near(write.peak, 180.0);
    near(write.mean_percent, 30.0);
    near(write.peak_percent, 90.0);
    assert_eq!((read.known_minutes, read.mean, read.on_demand, read.window), (0, None, None, None));
}

#[test]
fn a_provisioned_table_is_compared_with_on_demand_and_with_other_capacities() {
    let mut world = World::new();
    world.consume(&orders(), WRITE, 140.0);
    world.consume(&orders(), READ, 10.0);
    let cost = view(&world, &orders(), 20);
    let [read, write] = &cost.directions;
    near(write.now, 200.0 * 0.000_65);
    near(write.on_demand, 140.0 * 0.002_25);
    near(write.provisioned_following, 200.0 * 0.000_65);
    near(write.provisioned_for_peak, 200.0 * 0.000_65);
    near(Some(write.break_even_percent), 100.0 * 0.000_65 / 0.002_25);
    near(cost.now(), 200.0 * 0.000_65 + 200.0 * 0.000_13);
    // Below the break-even use of 28.9 %, on-demand is cheaper; above it is not.
    assert!(read.on_demand < read.now && write.on_demand > write.now);
    assert!(cost.source.starts_with("estimate, list price of us-east-1"));
}

#[test]
fn an_on_demand_table_costs_its_traffic_and_has_no_utilization() {
    let mut world = World::new();
    let bursty = Resource::table("bursty");
    world.consume(&bursty, WRITE, 100.0);
    let cost = view(&world, &bursty, 20);
    let [_, write] = &cost.directions;
    near(write.now, 0.225);
    assert_eq!((write.mean_percent, write.peak_percent), (None, None));
    near(write.provisioned_following, 100.0 / 0.7 * 0.000_65);
    assert_eq!(cost.now(), None);
}

#[test]
fn an_idle_table_still_takes_one_provisioned_unit() {
    let mut world = World::new();
    world.consume(&orders(), READ, 0.0);
    let [read, _] = view(&world, &orders(), 20).directions;
    near(read.provisioned_following, 0.000_13);
    near(read.on_demand, 0.0);
}

#[test]
fn a_change_of_capacity_in_the_window_is_said() {
    let mut world = World::new();
    world.consume(&orders(), WRITE, 10.0);
    assert!(!view(&world, &orders(), 20).capacity_changed);
    world.change_throughput("orders", |throughput| {
        throughput.last_increase = Some(second(20 * 60));
    });
    assert!(view(&world, &orders(), 20).capacity_changed);
    assert!(!view(&world, &orders(), 3).capacity_changed);
}

#[test]
fn what_has_no_price_has_no_cost() {
    let mut world = World::new();
    let prices = Prices::embedded();
    world.change_table("orders", |table| table.details.class = TableClass::Other("COLD".into()));
    assert_eq!(of(world.reading(), &prices, &orders(), 20), None);
    assert_eq!(of(world.reading(), &prices, &Resource::table("gone"), 20), None);
    assert_eq!(of(world.reading(), &prices, &Resource::Account, 20), None);
}
