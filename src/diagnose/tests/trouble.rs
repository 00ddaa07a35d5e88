//! What counts as trouble, since when, and in which order it is told.

use super::*;
use crate::store::fixture::{minute, provisioned, second};

#[test]
fn isolated_throttles_and_settling_minutes_are_no_trouble() {
    type Case<'a> = (&'a str, &'a [(i64, f64)], bool);
    let cases: &[Case<'_>] = &[
        ("nothing", &[], false),
        ("a single event now and then", &[(5, 1.0), (12, 3.0), (20, 2.0), (27, 1.0)], false),
        ("one minute with 59 events", &[(27, 59.0)], false),
        ("one minute with 60 events", &[(27, 60.0)], true),
        ("two minutes with 9 events together", &[(26, 4.0), (27, 5.0)], false),
        ("two minutes with 10 events together", &[(26, 5.0), (27, 5.0)], true),
        ("two minutes further apart than the window", &[(22, 30.0), (27, 30.0)], false),
        ("only minutes that may still change", &[(28, 900.0), (29, 900.0)], false),
        ("four quiet minutes since", &[(23, 900.0)], true),
        ("five quiet minutes since", &[(22, 900.0)], false),
        ("ended long ago", &[(-20, 900.0), (-19, 900.0)], false),
    ];
    for (name, events, expected) in cases {
        let mut fixture = calm_orders();
        throttle(&mut fixture, &orders(), WRITE, events);
        assert_eq!(!diagnose(&fixture).is_empty(), *expected, "{name}");
    }
}

#[test]
fn an_episode_begins_with_its_first_event_and_outlives_short_pauses() {
    let mut fixture = calm_orders();
    let events = [(2, 1.0), (10, 80.0), (11, 90.0), (16, 2.0), (21, 2.0), (26, 2.0)];
    throttle(&mut fixture, &orders(), WRITE, &events);
    let verdict = only(&fixture);
    assert_eq!(verdict.since, minute(10));
    assert_eq!(verdict.severity, Severity::Notice, "two events in five minutes: it eases off");
    assert_eq!(clauses(&verdict)[..2], ["2 write throttle events in 12:26", "176 since 12:10"]);
}

#[test]
fn an_episode_as_old_as_what_is_known_may_be_older() {
    let mut fixture = calm_orders();
    throttle(&mut fixture, &orders(), WRITE, &steady(-28..28, 100.0));
    let verdict = only(&fixture);
    assert_eq!(verdict.severity, Severity::Trouble);
    assert_eq!(clauses(&verdict)[1], "5,600 since 11:32 or earlier");
    assert!(verdict.since_or_earlier);
    throttle(&mut fixture, &orders(), WRITE, &steady(-25..28, 100.0));
    assert!(!only(&fixture).since_or_earlier);

    for (first, or_earlier) in [(-28, true), (-25, false)] {
        let mut fixture = calm_orders();
        let errors = steady(first..28, 90.0);
        fixture.read_sum(&Resource::Account, Metric::UserErrors, WINDOW, &errors);
        assert_eq!(only(&fixture).since_or_earlier, or_earlier, "user errors since {first}");
    }
}

#[test]
fn the_order_is_that_of_severity_then_magnitude_then_age() {
    let names = ["a-easing", "b-young", "c-old", "d-large"];
    let tables = names.map(|name| table(name, provisioned(200.0), &[("index", provisioned(9.0))]));
    let mut fixture = calm(tables.to_vec());
    let events = [
        [steady(10..22, 900.0), vec![(24, 1.0)]].concat(),
        steady(20..28, 120.0),
        steady(10..28, 110.0),
        steady(20..28, 900.0),
    ];
    for (name, events) in names.into_iter().zip(events) {
        throttle(&mut fixture, &Resource::table(name), WRITE, &events);
    }
    // An index explains its table, but one that is easing off is no trouble now.
    let index = Resource::index("a-easing", "index");
    throttle(&mut fixture, &index, WRITE, &[steady(10..22, 900.0), vec![(24, 1.0)]].concat());
    let order: Vec<_> = diagnose(&fixture).iter().map(|v| v.resource.to_string()).collect();
    let expected = [
        "table/d-large",
        "table/c-old",
        "table/b-young",
        "table/a-easing/index/index",
        "table/a-easing",
    ];
    assert_eq!(order, expected);
}

#[test]
fn both_directions_of_table_and_index_are_told_apart() {
    let mut fixture = calm_orders();
    throttle(&mut fixture, &orders(), Direction::Read, &steady(20..28, 50.0));
    throttle(&mut fixture, &orders(), WRITE, &steady(20..28, 500.0));
    throttle(&mut fixture, &by_customer(), Direction::Read, &steady(20..28, 70.0));
    throttle(&mut fixture, &by_customer(), WRITE, &steady(20..28, 20.0));
    let order: Vec<_> = diagnose(&fixture)
        .into_iter()
        .map(|verdict| (verdict.resource, verdict.direction, verdict.explains))
        .collect();
    let expected = [
        (by_customer(), Some(WRITE), vec![orders()]), // it pushes back on the table
        (orders(), Some(WRITE), vec![]),
        (by_customer(), Some(Direction::Read), vec![]),
        (orders(), Some(Direction::Read), vec![]),
    ];
    assert_eq!(order, expected);
}

#[test]
fn a_verdict_from_stale_data_says_so() {
    let mut fixture = calm_orders();
    throttle(&mut fixture, &orders(), WRITE, &steady(20..28, 100.0));
    let key_range = vec![(Limit::KeyRange, steady(20..28, 100.0))];
    reasons(&mut fixture, &orders(), WRITE, &key_range);
    assert!(!clauses(&only(&fixture)).iter().any(|what| what.starts_with("stale")));
    fixture.at = second(READ_AT + 20 * 60);
    let verdict = only(&fixture);
    assert_eq!(verdict.cause, Cause::Throttled(Limit::KeyRange));
    assert!(clauses(&verdict).contains(&"stale: nothing newer than 12:27 could be read"));
}

/// `orders`, of which CloudWatch has published nothing after `last` but these events.
fn late_orders(last: i64, events: &[(i64, f64)]) -> Fixture {
    let mut fixture = Fixture::new(READ_AT, vec![table("orders", provisioned(200.0), &[])]);
    for direction in Direction::ALL {
        let consumed = steady(-30..last + 1, 60.0);
        fixture.read_sum(&orders(), Metric::Consumed(direction), WINDOW, &consumed);
        throttle(&mut fixture, &orders(), direction, &[]);
        reasons(&mut fixture, &orders(), direction, &[]);
    }
    throttle(&mut fixture, &orders(), WRITE, events);
    fixture
}

#[test]
fn minutes_that_cloudwatch_has_not_published_end_nothing() {
    let events = steady(10..18, 100.0);
    assert_eq!(diagnose(&late_orders(27, &events)), []);
    let verdict = only(&late_orders(18, &events));
    assert_eq!(verdict.severity, Severity::Trouble);
    assert!((verdict.events - 400.0).abs() < 1e-9, "in the five minutes up to 12:18");
    let told = "CloudWatch has told nothing of minutes after 12:18 yet";
    assert!(clauses(&verdict).contains(&told), "{verdict:#?}");
}

#[test]
fn reasons_without_a_point_prove_nothing_before_their_minutes_are_published() {
    let verdict = only(&late_orders(18, &steady(20..28, 100.0)));
    assert_eq!(verdict.confidence, Confidence::Unknown);
    assert!(clauses(&verdict).contains(&"throttle reasons not known for most of these minutes"));
}

#[test]
fn settling_figures_on_the_screen_do_not_reach_a_verdict() {
    let mut fixture = calm_orders();
    throttle(&mut fixture, &orders(), WRITE, &[(28, 900.0), (29, 900.0)]);
    let reading = fixture.reading().with_settling(true);
    assert_eq!(verdicts(reading, &Thresholds::default()), []);
}

#[test]
fn user_errors_are_told_of_the_account_when_they_last() {
    type Case<'a> = (&'a str, Vec<(i64, f64)>, Option<i64>);
    let cases: &[Case<'_>] = &[
        ("a burst of one minute", vec![(27, 900.0)], None),
        ("two minutes", vec![(26, 900.0), (27, 900.0)], Some(26)),
        ("many, but never enough", steady(0..30, 59.0), None),
        ("three of five minutes", vec![(23, 60.0), (25, 60.0), (27, 60.0)], Some(23)),
        ("settling minutes do not count", vec![(27, 60.0), (28, 60.0), (29, 60.0)], None),
        ("for a long time", steady(4..30, 500.0), Some(4)),
        ("with a pause", [steady(5..12, 90.0), steady(14..30, 90.0)].concat(), Some(5)),
        ("again after a long pause", [steady(5..9, 90.0), steady(20..30, 90.0)].concat(), Some(20)),
    ];
    for (name, errors, since) in cases {
        let mut fixture = calm(vec![table("orders", provisioned(1.0), &[])]);
        fixture.read_sum(&Resource::Account, Metric::UserErrors, WINDOW, errors);
        let found: Vec<_> = diagnose(&fixture).into_iter().map(|v| (v.resource, v.since)).collect();
        let expected: Vec<_> =
            since.iter().map(|since| (Resource::Account, minute(*since))).collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn the_verdict_on_user_errors_does_not_pretend_to_know_the_table() {
    let mut fixture = calm_orders();
    fixture.read_sum(&Resource::Account, Metric::UserErrors, WINDOW, &steady(10..30, 1_240.0));
    let verdict = only(&fixture);
    assert_eq!((verdict.cause.as_str(), verdict.reason), ("user-errors", None));
    assert_eq!(verdict.headline(), "user errors");
    assert_eq!(clauses(&verdict)[0], "1,240 user errors in 12:27");
    assert!(verdict.advice.step.contains("ValidationException"));
    assert!(verdict.advice.step.contains("cannot name the table"));
}
