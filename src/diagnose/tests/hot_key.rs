//! Which key is hot, by the newest minute of the newest report, and never by name.

use super::*;
use crate::model::contributor::{Contributor, Key, MaskSalt, Report, Reports, RuleKind};
use crate::model::health::ErrorClass;
use crate::model::insights::{ContributorInsights, InsightsMode};
use crate::model::time::Window;
use crate::store::fixture::{failed, minute};

fn key(name: &str) -> Key {
    Key::new(name, MaskSalt::new(7))
}

/// A report of the quarter of an hour until 12:30 of keys with their points.
fn report(kind: RuleKind, total: f64, keys: &[(&str, Vec<(i64, f64)>)]) -> Report {
    let mut contributors: Vec<Contributor> = keys
        .iter()
        .map(|(name, points)| Contributor {
            keys: vec![key(name)],
            total: points.iter().map(|(_, value)| value).sum(),
            points: points.iter().map(|(at, value)| (minute(*at), *value)).collect(),
        })
        .collect();
    contributors.sort_by(|a, b| b.total.total_cmp(&a.total));
    Report {
        kind,
        rule: Arc::from(format!("DynamoDBContributorInsights-{}-orders-1", kind.code())),
        window: Window { start: minute(15), end: minute(30) },
        labels: vec![Arc::from("PK")],
        total,
        unique: 40,
        contributors,
    }
}

/// A full partition of a resource, and what Contributor Insights says of it.
fn full(resource: &Resource, mode: Option<InsightsMode>, reports: Option<Vec<Report>>) -> Verdict {
    only(&throttling(resource, mode, reports, steady(15..28, 600.0)))
}

/// The same of a resource with these throttle events.
fn throttling(
    resource: &Resource,
    mode: Option<InsightsMode>,
    reports: Option<Vec<Report>>,
    events: Vec<(i64, f64)>,
) -> Fixture {
    let mut fixture = calm_orders();
    throttle(&mut fixture, resource, WRITE, &events);
    reasons(&mut fixture, resource, WRITE, &[(Limit::KeyRange, events)]);
    let insights = mode.map(|mode| ContributorInsights {
        resource: resource.clone(),
        status: Arc::from("ENABLED"),
        mode: Some(mode),
        rules: None,
        failure: None,
    });
    fixture.tell(News::Insights(Ok(insights.into_iter().collect())));
    if let Some(reports) = reports {
        let reports = Reports { reports, is_whole: true };
        fixture.tell(News::HotKeys(resource.clone(), Ok(reports)));
    }
    fixture
}

#[test]
fn a_full_partition_names_its_key_masked_with_its_share_and_never_asks_for_capacity() {
    let throttled =
        report(RuleKind::ThrottledKeys, 8_000.0, &[("CUSTOMER#8131", steady(16..28, 600.0))]);
    let accessed =
        report(RuleKind::AccessedKeys, 3e6, &[("CUSTOMER#8131", steady(16..28, 171_000.0))]);
    let mode = Some(InsightsMode::AccessedAndThrottled);
    let verdict = full(&orders(), mode, Some(vec![throttled, accessed]));
    let told = clauses(&verdict).join("\n");
    let mask = key("CUSTOMER#8131").to_string();
    for clause in [
        format!("hot key {mask}: 600 throttle events in 12:27, 90 % of all from 12:15 to 12:30"),
        "it took 171,000 units (3xWCU+RCU) in 12:27, 95 % of what a partition serves".to_owned(),
    ] {
        assert!(told.contains(&clause), "{clause}\n{told}");
    }
    assert!(!format!("{verdict:?}").contains("8131"), "the key itself is never written");
    assert!(verdict.advice.step.starts_with("one key is too hot"), "{}", verdict.advice);
    assert!(verdict.advice.more.starts_with("more capacity will not help"));
    let hot = verdict.evidence.iter().find(|one| one.source == Source::Fact(Fact::HotKey)).unwrap();
    assert_eq!(hot.amount, Some(Amount { value: 600.0, unit: Unit::Count }));
}

#[test]
fn of_keys_that_are_hot_in_turn_the_newest_is_named() {
    let lot = |from: i64| steady(from..from + 4, 600.0);
    // The first lot has the most events of the quarter of an hour.
    let keys = [("LOT#1", steady(15..20, 600.0)), ("LOT#2", lot(20)), ("LOT#3", lot(24))];
    let throttled = report(RuleKind::ThrottledKeys, 7_800.0, &keys);
    let mode = Some(InsightsMode::Throttled);
    let verdict = full(&orders(), mode, Some(vec![throttled]));
    let told = clauses(&verdict).join("\n");
    assert!(told.contains(&format!("hot key {}:", key("LOT#3"))), "{told}");
    assert!(told.contains("3 keys were the hottest in turn"), "{told}");
    assert!(verdict.advice.step.starts_with("one key after the other"), "{}", verdict.advice);
}

#[test]
fn where_no_key_stands_out_dynamodb_splits_the_partition() {
    let throttled = report(
        RuleKind::ThrottledKeys,
        8_000.0,
        &[("A", steady(16..28, 60.0)), ("B", steady(16..28, 50.0))],
    );
    let verdict = full(&orders(), Some(InsightsMode::Throttled), Some(vec![throttled]));
    assert!(verdict.advice.step.starts_with("no key stands out"), "{}", verdict.advice);
}

#[test]
fn a_report_of_other_minutes_than_those_that_throttle_decides_nothing() {
    let mode = || Some(InsightsMode::Throttled);
    let lot = |minutes: Range<i64>| steady(minutes, 600.0);
    let of = |minutes: Range<i64>| {
        let keys = [("OLD#1", lot(minutes.clone()))];
        let report = report(RuleKind::ThrottledKeys, 6_000.0, &keys);
        let window = Window { start: minute(minutes.start), end: minute(minutes.end) };
        Report { window, ..report }
    };
    for (what, read, throttled) in [
        ("an earlier trouble", -15..0, [lot(-15..-5), lot(20..28)].concat()),
        ("the same trouble, long ago", -15..0, lot(-15..28)),
        ("nothing is told of the newest minutes yet", 8..23, [lot(8..15), lot(23..28)].concat()),
    ] {
        let told = of(read.clone());
        let verdict = only(&throttling(&orders(), mode(), Some(vec![told]), throttled));
        let clauses = clauses(&verdict).join("\n");
        assert!(
            verdict.advice.step.starts_with("usually one hot key"),
            "{what}: {}",
            verdict.advice
        );
        assert!(!clauses.contains("hot key"), "{what}: {clauses}");
        assert!(clauses.contains("names no key of these events"), "{what}: {clauses}");
        assert!(!clauses.contains("is off"), "{what}: {clauses}");
    }
    let long_ago = only(&throttling(&orders(), mode(), Some(vec![of(-15..0)]), lot(20..28)));
    assert!(clauses(&long_ago).join("\n").contains(
        "the newest report of Contributor Insights, from 11:45 to 12:00, names no key of these events"
    ));
    let newest = of(13..28);
    let verdict = only(&throttling(&orders(), mode(), Some(vec![newest]), lot(20..28)));
    assert!(verdict.advice.step.starts_with("one key is too hot"), "{}", verdict.advice);
}

#[test]
fn a_report_that_is_refused_since_still_tells_of_its_own_minutes() {
    let throttled = report(RuleKind::ThrottledKeys, 8_000.0, &[("A", steady(16..28, 600.0))]);
    let mode = Some(InsightsMode::Throttled);
    let mut fixture = throttling(&orders(), mode, Some(vec![throttled]), steady(15..28, 600.0));
    fixture.tell(News::HotKeys(
        orders(),
        Err(failed(ErrorClass::Denied, "cloudwatch:GetInsightRuleReport")),
    ));
    let verdict = only(&fixture);
    assert!(verdict.advice.step.starts_with("one key is too hot"), "{}", verdict.advice);
    assert!(clauses(&verdict).join("\n").contains("of all from 12:15 to 12:30"));
}

#[test]
fn where_contributor_insights_is_off_the_cheap_mode_is_offered_by_its_plan() {
    let verdict = full(&orders(), None, None);
    assert!(clauses(&verdict).join("\n").contains("Contributor Insights is off"));
    assert!(verdict.advice.step.ends_with("in mode THROTTLED_KEYS"), "{}", verdict.advice);
    assert_eq!(verdict.advice.opens, Some(Opens::PricedPlan));
}

#[test]
fn what_takes_load_off_the_key_at_once_comes_first_and_what_lasts_last() {
    let told = |resource: &Resource, direction| {
        let mut fixture = calm_orders();
        let events = steady(15..28, 600.0);
        throttle(&mut fixture, resource, direction, &events);
        reasons(&mut fixture, resource, direction, &[(Limit::KeyRange, events)]);
        only(&fixture).advice
    };
    for (resource, direction, now) in [
        (orders(), Direction::Read, "cache its items (application or DAX), "),
        (by_customer(), Direction::Read, "cache what is read of it (application or DAX), "),
        (orders(), WRITE, "slow down or put off its writes"),
        (by_customer(), WRITE, "slow down or put off its writes"),
    ] {
        let advice = told(&resource, direction);
        assert!(advice.step.starts_with(&format!("usually one hot key: {now}")), "{advice}");
        let lasts = "more capacity will not help; in the long run, spread the ";
        assert!(advice.more.starts_with(lasts), "{advice}");
        let is_read_strongly = direction == Direction::Read && resource == orders();
        assert_eq!(advice.step.contains("eventually consistent"), is_read_strongly, "{advice}");
    }
}

#[test]
fn throttled_writes_of_an_index_are_not_measured_and_its_accessed_keys_tell() {
    let off = full(&by_customer(), None, None);
    assert!(off.advice.step.contains("mode ACCESSED_AND_THROTTLED_KEYS"), "{}", off.advice);
    let cheap = full(&by_customer(), Some(InsightsMode::Throttled), None);
    assert!(clauses(&cheap).join("\n").contains("which has no accessed keys"));
    let accessed =
        report(RuleKind::AccessedKeys, 3e6, &[("STATUS#open", steady(16..28, 171_000.0))]);
    let mode = Some(InsightsMode::AccessedAndThrottled);
    let verdict = full(&by_customer(), mode, Some(vec![accessed]));
    let told = clauses(&verdict).join("\n");
    assert!(told.contains("does not measure throttled writes of an index"), "{told}");
    assert!(told.contains("171,000 units (3xWCU+RCU) in 12:27"), "{told}");
}

#[test]
fn what_was_not_read_is_not_called_off() {
    let mut fixture = calm_orders();
    let events = steady(15..28, 600.0);
    throttle(&mut fixture, &orders(), WRITE, &events);
    reasons(&mut fixture, &orders(), WRITE, &[(Limit::KeyRange, events)]);
    let verdict = only(&fixture);
    assert!(!clauses(&verdict).join("\n").contains("off"));
    assert!(verdict.advice.step.starts_with("usually one hot key"), "{}", verdict.advice);
}
