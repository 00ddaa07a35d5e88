//! What the tables behind a cluster feel.

use super::*;

const READ: Direction = Direction::Read;

/// Since minute 18 nearly all misses; `orders` is read as much more, and throttles from minute 20 on.
fn surge() -> Fixture {
    let mut cluster = described();
    for node in &mut cluster.nodes {
        node.created = Some(second(60 * 18));
    }
    let mut fixture = serving(cluster);
    look_up(&mut fixture, |at| {
        if at >= 18 { (1_000.0, 59_000.0 - 900.0 * at as f64) } else { (59_400.0, 600.0) }
    });
    consume(
        &mut fixture,
        &orders(),
        READ,
        |at| if at >= 18 { 480.0 - 7.0 * at as f64 } else { 5.0 },
    );
    fixture
}

fn throttled() -> Fixture {
    let mut fixture = surge();
    throttle(&mut fixture, &orders(), READ, &steady(20..28, 900.0));
    reasons(&mut fixture, &orders(), READ, &[(Limit::Provisioned, steady(20..28, 900.0))]);
    fixture
}

fn told(fixture: &Fixture) -> Vec<(&'static str, Vec<Resource>)> {
    diagnose(fixture).iter().map(|it| (it.cause.as_str(), it.explains.clone())).collect()
}

#[test]
fn a_configured_table_that_throttles_since_is_explained_and_the_cluster_comes_first() {
    let mut fixture = throttled();
    fixture.put_behind("carts", &["orders"]);
    assert_eq!(told(&fixture), [("dax-cold-cache", vec![orders()]), ("provisioned", vec![])]);
    let found = diagnose(&fixture);
    let clause =
        "behind it, as the settings say: orders, 305 RCU/s, 5 before, throttled since 12:20";
    assert!(clauses(&found[0]).contains(&clause), "{:?}", clauses(&found[0]));
    assert_eq!(clauses(&found[1])[1], "behind it: DAX cluster carts, cold cache (inferred)");
}

#[test]
fn a_configured_table_that_only_serves_more_is_told_and_one_as_ever_is_not() {
    let mut fixture = surge();
    fixture.put_behind("carts", &["orders"]);
    assert_eq!(told(&fixture), [("dax-cold-cache", vec![orders()])]);
    consume(&mut fixture, &orders(), READ, |_| 5.0);
    assert_eq!(told(&fixture), [("dax-cold-cache", vec![])]);
}

#[test]
fn a_table_that_was_throttled_before_is_not_explained() {
    let mut fixture = throttled();
    fixture.put_behind("carts", &["orders"]);
    consume(&mut fixture, &orders(), READ, |_| 200.0);
    throttle(&mut fixture, &orders(), READ, &steady(10..28, 900.0));
    reasons(&mut fixture, &orders(), READ, &[(Limit::Provisioned, steady(10..28, 900.0))]);
    assert!(told(&fixture).iter().all(|(_, explains)| explains.is_empty()), "{:?}", told(&fixture));
}

#[test]
fn without_settings_what_moves_together_is_inferred_with_its_correlation() {
    let fixture = throttled();
    let found = diagnose(&fixture);
    assert_eq!(told(&fixture), [("dax-cold-cache", vec![orders()]), ("provisioned", vec![])]);
    assert_eq!(found[0].confidence, Confidence::Inferred);
    let moving = found[0].evidence.last().unwrap();
    assert_eq!(moving.source, Source::Fact(Fact::Correlation));
    let coefficient = moving.amount.unwrap();
    assert!(coefficient.value >= 0.95 && coefficient.unit == Unit::Coefficient, "{moving:?}");
    assert!(moving.text.contains("which proves nothing"), "{}", moving.text);
}

#[test]
fn a_measured_cause_is_only_inferred_to_reach_a_table_that_nobody_said_is_behind() {
    let evicting =
        || {
            let mut fixture = throttled();
            tell(&mut fixture, described());
            measure(&mut fixture, &carts(), DaxMetric::EvictedSize, |at| {
                if at >= 18 { 4e6 } else { 0.0 }
            });
            measure(&mut fixture, &carts(), DaxMetric::CacheMemoryUtilization, |_| 97.0);
            fixture
        };
    let mut fixture = evicting();
    let first = &diagnose(&fixture)[0];
    assert_eq!(
        (first.cause, first.confidence),
        (Cause::Dax(DaxCause::CacheTooSmall), Confidence::Inferred)
    );
    fixture.put_behind("carts", &["orders"]);
    assert_eq!(diagnose(&fixture)[0].confidence, Confidence::Measured);
}

#[test]
fn a_table_whose_reads_go_their_own_way_is_not_named() {
    let mut fixture = throttled();
    consume(&mut fixture, &orders(), READ, |at| if at % 2 == 0 { 200.0 } else { 5.0 });
    assert_eq!(told(&fixture), [("provisioned", vec![]), ("dax-cold-cache", vec![])]);
}

#[test]
fn a_cluster_that_is_down_explains_its_configured_table_and_no_other() {
    let mut fixture = serving(with_status("failed"));
    happens(&mut fixture, 18, of_cluster(), "Recovering node carts-b.");
    throttle(&mut fixture, &orders(), READ, &steady(20..28, 900.0));
    reasons(&mut fixture, &orders(), READ, &[(Limit::Provisioned, steady(20..28, 900.0))]);
    let down = |fixture: &Fixture| {
        told(fixture).into_iter().find(|(cause, _)| *cause == "dax-node-down").unwrap().1
    };
    assert_eq!(down(&fixture), []);
    fixture.put_behind("carts", &["orders"]);
    assert_eq!(down(&fixture), [orders()]);
}
