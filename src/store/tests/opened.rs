//! Tests of what is read and kept of an open table alone, and of what comes too late.

use super::*;
use crate::model::table::TimeToLive;
use crate::store::Detail;

fn provisioned_series(direction: Direction) -> SeriesKey {
    SeriesKey::provisioned(orders(), direction)
}

#[test]
fn a_day_is_kept_of_every_series_of_an_open_table_and_its_indexes() {
    let index = Resource::index("orders", "by-customer");
    let reason = Metric::ThrottleEventsBy(Direction::Write, Limit::KeyRange);
    let mut fixture = fixture();
    fixture.tell(News::Table(Box::new(table(
        "orders",
        provisioned(1.0),
        &[("by-customer", provisioned(1.0))],
    ))));
    fixture.store.open(fixture.scope.clone(), index.clone());
    fixture.go_to(24 * 3_600 + 15);
    let kept = |fixture: &Fixture, resource: &Resource, metric| {
        let key = SeriesKey::sum(resource.clone(), metric);
        let reading = fixture.reading();
        reading.series(&key).map_or(0, |series| {
            series.points().filter(|(_, point)| point.value().is_some()).count()
        })
    };
    let points: Vec<(i64, f64)> = (0..1_440).map(|minute| (minute, 1.0)).collect();
    for resource in [&orders(), &index] {
        for metric in [CONSUMED, reason] {
            fixture.read_sum(resource, metric, 0..1_440, &points);
            assert_eq!(kept(&fixture, resource, metric), 1_440, "{resource} {metric}");
        }
    }
    fixture.store.open(fixture.scope.clone(), Resource::table("carts"));
    fixture.finish(Poller::Metrics, None);
    for resource in [&orders(), &index] {
        assert_eq!(kept(&fixture, resource, CONSUMED), 60, "{resource}");
        assert_eq!(kept(&fixture, resource, reason), 180, "{resource}");
    }
}

#[test]
fn provisioned_capacity_holds_for_its_five_minutes_and_settles_one_period_later() {
    let mut fixture = fixture();
    fixture.go_to(40 * 60);
    let key = provisioned_series(Direction::Read);
    fixture.read(&key, 0..40, &[(0, 100.0), (5, 100.0), (15, 250.0)]);
    let series = fixture.reading().series(&key).unwrap();
    let held = |index| series.held(minute(index), key.metric.period_minutes());
    for (index, expected) in [
        (0, Some(100.0)),
        (4, Some(100.0)),
        (9, Some(100.0)),
        (10, None),
        (14, None),
        (15, Some(250.0)),
        (19, Some(250.0)),
        (20, None),
    ] {
        assert_eq!(held(index), expected, "minute {index}");
    }
    // Minute 27 ended twelve minutes ago: five for its period, five until that is published, two.
    assert_eq!(series.settled_through(), minute(27));
}

#[test]
fn what_an_open_table_told_is_kept_with_its_age_and_a_refusal_names_the_action() {
    let mut fixture = fixture();
    assert_eq!(fixture.reading().time_to_live("orders"), Detail::NotPolled);
    let denied = CallError {
        class: ErrorClass::Denied,
        action: "dynamodb:DescribeContinuousBackups",
        code: None,
        message: String::new(),
    };
    let value = TimeToLive { status: "ENABLED".into(), attribute: Some("expires".into()) };
    fixture.tell(News::TimeToLive("orders".into(), Ok(value.clone())));
    fixture.tell(News::Backups("orders".into(), Err(denied)));
    let at = fixture.at;
    fixture.go_to(1_000);
    let known = Detail::Known { value: &value, at };
    assert_eq!(fixture.reading().time_to_live("orders"), known);
    let action = "dynamodb:DescribeContinuousBackups";
    assert_eq!(fixture.reading().backups("orders"), Detail::Denied { action });
    fixture.tell(News::TimeToLive("gone".into(), Ok(value)));
    assert_eq!(fixture.reading().time_to_live("gone"), Detail::NotPolled);
}

#[test]
fn a_description_that_comes_after_the_list_dropped_the_table_brings_nothing_back() {
    let mut fixture = fixture();
    fixture.tell(News::TableNames(vec!["orders".into(), "carts".into()]));
    fixture.tell(News::TableNames(vec!["carts".into()]));
    fixture.tell(News::Table(Box::new(table("orders", provisioned(1.0), &[]))));
    let names: Vec<_> = fixture.reading().tables().map(|entry| entry.name.to_string()).collect();
    assert_eq!(names, ["carts"]);
}

#[test]
fn a_scope_that_is_left_is_forgotten() {
    let mut fixture = fixture();
    assert_eq!(fixture.store.scopes().count(), 1);
    fixture.store.open(fixture.scope.clone(), orders());
    fixture.tell(News::Left);
    assert_eq!(fixture.store.scopes().count(), 0);
    assert!(fixture.reading().tables().next().is_none());
}
