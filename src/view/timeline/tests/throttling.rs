//! When throttling began and ended.

use super::*;
use crate::diagnose::{Thresholds, bouts};
use crate::model::metric::Metric;
use crate::model::throttle::Limit;
use crate::store::fixture::minute;

const WRITE: Direction = Direction::Write;

/// At 12:30:15, `orders` with so many throttle events of its writes by minute, for want of provisioned capacity.
fn throttled(events: &[(i64, f64)]) -> Fixture {
    let mut fixture = Fixture::new(1_815, vec![table("orders", provisioned(210.0), &[])]);
    let window = -30..30;
    fixture.publish(&orders(), window.clone());
    fixture.read_sum(&orders(), Metric::ThrottleEvents(WRITE), window.clone(), events);
    for limit in Limit::ALL {
        let own = if limit == Limit::Provisioned { events } else { &[] };
        let metric = Metric::ThrottleEventsBy(WRITE, limit);
        fixture.read_sum(&orders(), metric, window.clone(), own);
    }
    fixture
}

fn entries_of(fixture: &Fixture) -> Vec<Entry> {
    let bouts = bouts(fixture.reading(), &Thresholds::default());
    entries(std::iter::once((fixture.reading(), &*bouts)), false)
}

fn lines(events: &[(i64, f64)]) -> Vec<String> {
    entries_of(&throttled(events)).iter().map(Entry::line).collect()
}

fn steady(minutes: std::ops::Range<i64>) -> Vec<(i64, f64)> {
    minutes.map(|minute| (minute, 100.0)).collect()
}

#[test]
fn throttling_is_told_where_it_began_and_where_it_ended_with_its_reason() {
    let both = [steady(-20..-10), steady(18..28)].concat();
    assert_eq!(
        lines(&both),
        [
            "2026-11-22T12:18:00Z throttle orders write throttling began: TableWriteProvisionedThroughputExceeded",
            "2026-11-22T11:50:00Z throttle orders write throttling ended after 10 m, 1,000 throttle events",
            "2026-11-22T11:40:00Z throttle orders write throttling began: TableWriteProvisionedThroughputExceeded",
        ]
    );
    let told = entries_of(&throttled(&both));
    let weights: Vec<Weight> = told.iter().map(|entry| entry.weight).collect();
    assert_eq!(weights, [Weight::Trouble, Weight::Calm, Weight::Trouble]);
}

#[test]
fn what_every_busy_table_has_is_not_told_and_an_end_only_after_calm_minutes() {
    assert_eq!(lines(&[(3, 2.0), (20, 4.0)]), [""; 0]);
    // Minute 27 is the newest settled one.
    assert_eq!(lines(&steady(10..24)).len(), 1, "four calm minutes");
    assert_eq!(lines(&steady(10..23)).len(), 2, "five");
    assert_eq!(lines(&steady(28..30)), [""; 0], "settling minutes tell nothing");
}

#[test]
fn a_beginning_that_is_not_known_is_not_made_up() {
    let expected = "2026-11-22T11:30:00Z throttle orders write throttling began, or earlier: \
                    TableWriteProvisionedThroughputExceeded";
    let told = lines(&steady(-30..-10));
    assert_eq!(told[1], expected);
    assert!(told[0].ends_with("write throttling ended after 20 m or more, 2,000 throttle events"));
}

#[test]
fn its_row_stays_selected_while_more_is_refused_and_its_strip_tells_how_much() {
    let before = entries_of(&throttled(&steady(18..26)));
    let fixture = throttled(&steady(18..28));
    let after = entries_of(&fixture);
    let (scope, one) = before[0].newest().unwrap();
    assert!(after[0].tells_of(&scope, &one));
    let detail = list(&facts(&fixture, &after[0])).detail.unwrap();
    let told: Vec<String> =
        detail.paragraphs.iter().map(|it| format!("{}: {}", it.label, it.text.text)).collect();
    assert_eq!(
        told[1..3],
        [
            "count: 1,000 throttle events",
            "seen: in settled minutes of WriteThrottleEvents (CloudWatch)",
        ]
    );
    assert_eq!(after[0].minute(), minute(18));
    assert!(detail.charts.iter().any(|chart| chart.title.to_lowercase().contains("throttle")));
}
