//! The shipped scenarios at their start and later.

use super::look::{each, in_a_line, verdicts, world};
use ddbtop::diagnose::{Cause, Severity, Verdict};
use ddbtop_sim::scenario::Scenario;

/// What each scenario's header says is wrong: who is refused, and why.
pub(crate) const TROUBLES: [(&str, &str, &[&str]); 25] = [
    ("calm", include_str!("../../../sim/scenarios/calm.toml"), &[]),
    ("misconfigured", include_str!("../../../sim/scenarios/misconfigured.toml"), &[]),
    (
        "stream-lag",
        include_str!("../../../sim/scenarios/stream-lag.toml"),
        &[
            "inventory: consumer-too-slow stock-alerts",
            "orders: consumer-failing orders-to-search",
            "orders: consumer-throttled orders-mailer",
        ],
    ),
    (
        "replica-lag",
        include_str!("../../../sim/scenarios/replica-lag.toml"),
        &["carts: replica-late ap-southeast-2", "profiles: replica-stopped eu-central-1"],
    ),
    (
        "dax-node-loss",
        include_str!("../../../sim/scenarios/dax-node-loss.toml"),
        &["catalog/catalog-b: dax-node-down", "catalog: dax-saturated"],
    ),
    (
        "dax-saturated",
        include_str!("../../../sim/scenarios/dax-saturated.toml"),
        &["pricing: dax-saturated"],
    ),
    (
        "dax-ttl-too-short",
        include_str!("../../../sim/scenarios/dax-ttl-too-short.toml"),
        &["articles: dax-ttl-too-short"],
    ),
    (
        "dax-cold-cache",
        include_str!("../../../sim/scenarios/dax-cold-cache.toml"),
        &["profiles: TableReadProvisionedThroughputExceeded", "profiles: dax-cold-cache"],
    ),
    (
        "dax-miss-storm",
        include_str!("../../../sim/scenarios/dax-miss-storm.toml"),
        &["listings: TableReadProvisionedThroughputExceeded", "listings: dax-miss-storm"],
    ),
    (
        "hot-key",
        include_str!("../../../sim/scenarios/hot-key.toml"),
        &["sessions: TableWriteKeyRangeThroughputExceeded"],
    ),
    (
        "hot-key-read",
        include_str!("../../../sim/scenarios/hot-key-read.toml"),
        &["catalog: TableReadKeyRangeThroughputExceeded"],
    ),
    (
        "hot-key-gsi",
        include_str!("../../../sim/scenarios/hot-key-gsi.toml"),
        &["orders/by-status: IndexWriteKeyRangeThroughputExceeded"],
    ),
    (
        "rolling-hot-key",
        include_str!("../../../sim/scenarios/rolling-hot-key.toml"),
        &["bids: TableWriteKeyRangeThroughputExceeded"],
    ),
    (
        "gsi-backpressure",
        include_str!("../../../sim/scenarios/gsi-backpressure.toml"),
        &["shipments/by-carrier: IndexWriteProvisionedThroughputExceeded"],
    ),
    (
        "under-provisioned",
        include_str!("../../../sim/scenarios/under-provisioned.toml"),
        &[
            "customers: TableReadProvisionedThroughputExceeded",
            "invoices: TableWriteProvisionedThroughputExceeded",
        ],
    ),
    (
        "at-max",
        include_str!("../../../sim/scenarios/at-max.toml"),
        &["inventory: TableWriteProvisionedThroughputExceeded"],
    ),
    (
        "capacity-just-lowered",
        include_str!("../../../sim/scenarios/capacity-just-lowered.toml"),
        &[
            "reservations: TableWriteProvisionedThroughputExceeded",
            "reservations: capacity-lowered",
        ],
    ),
    (
        "conditional-check-storm",
        include_str!("../../../sim/scenarios/conditional-check-storm.toml"),
        &["leases: conditional-check-failures"],
    ),
    (
        "account-limit",
        include_str!("../../../sim/scenarios/account-limit.toml"),
        &["clickstream: TableWriteAccountLimitExceeded"],
    ),
    (
        "on-demand-cap",
        include_str!("../../../sim/scenarios/on-demand-cap.toml"),
        &[
            "search-history: TableWriteMaxOnDemandThroughputExceeded",
            "search-suggestions: TableReadMaxOnDemandThroughputExceeded",
        ],
    ),
    (
        "user-errors",
        include_str!("../../../sim/scenarios/user-errors.toml"),
        &["account: user-errors"],
    ),
    (
        "aws-side",
        include_str!("../../../sim/scenarios/aws-side.toml"),
        &["carts: latency-raised", "orders: system-errors", "payments: system-errors"],
    ),
    (
        "denied",
        include_str!("../../../sim/scenarios/denied.toml"),
        &[
            "catalog: TableReadKeyRangeThroughputExceeded",
            "invoices: TableWriteProvisionedThroughputExceeded",
        ],
    ),
    (
        "alarm-storm",
        include_str!("../../../sim/scenarios/alarm-storm.toml"),
        &["orders/by-customer: IndexWriteProvisionedThroughputExceeded"],
    ),
    (
        "incident",
        include_str!("../../../sim/scenarios/incident.toml"),
        &[
            "account: user-errors",
            "clickstream: TableWriteAccountLimitExceeded",
            "inventory: TableWriteProvisionedThroughputExceeded",
            "inventory: consumer-failing inventory-stock-alerts",
            "invoices: TableWriteProvisionedThroughputExceeded",
            "orders/GSI2: IndexWriteProvisionedThroughputExceeded",
            "payments/by-status: IndexWriteKeyRangeThroughputExceeded",
            "product-catalog/by-category: IndexReadKeyRangeThroughputExceeded",
            "search-suggestions: TableReadMaxOnDemandThroughputExceeded",
            "sessions: TableWriteKeyRangeThroughputExceeded",
        ],
    ),
];

/// What is only told while its beginning is known, which is so for an hour.
/// The surge behind a cold cache is over by then, a node that was lost replaced, and AWS well again.
const AT_FIRST: [&str; 11] = [
    "reservations: capacity-lowered",
    "leases: conditional-check-failures",
    "profiles: TableReadProvisionedThroughputExceeded",
    "profiles: dax-cold-cache",
    "catalog/catalog-b: dax-node-down",
    "catalog: dax-saturated",
    "articles: dax-ttl-too-short",
    "listings: dax-miss-storm",
    "carts: latency-raised",
    "orders: system-errors",
    "payments: system-errors",
];

/// Whether a trouble is told that many minutes after the start.
fn is_told(trouble: &str, minutes: i64) -> bool {
    minutes < 60 || !AT_FIRST.contains(&trouble)
}

/// The troubles, but for what is only worth a look.
fn in_order(verdicts: &[Verdict]) -> Vec<String> {
    let troubles = verdicts.iter().filter(|verdict| verdict.severity == Severity::Trouble);
    let mut lines: Vec<String> = troubles.map(in_a_line).collect();
    lines.sort();
    lines
}

#[test]
fn each_shipped_scenario_names_its_own_troubles_and_no_others() {
    assert_eq!(TROUBLES.len(), Scenario::names().len());
    let worlds: Vec<_> = TROUBLES.iter().flat_map(|of| [1, 2, 3].map(|seed| (of, seed))).collect();
    each(&worlds, |((name, toml, troubles), seed)| {
        let world = world(&Scenario::parse(name, toml).unwrap(), *seed);
        for minutes in [0, 10, 120] {
            let told = troubles.iter().filter(|trouble| is_told(trouble, minutes));
            let expected: Vec<String> = told.map(|trouble| with_confidence(trouble)).collect();
            let found = in_order(&verdicts(&world, minutes));
            assert_eq!(found, expected, "{name}, seed {seed}, at +{minutes}");
        }
    });
}

/// A trouble with how it is known: that a decrease explains a throttle, or that a function which neither fails nor
/// is throttled is too slow, is arithmetic, and AWS does not tell why a cache misses.
fn with_confidence(trouble: &str) -> String {
    let is_inferred =
        ["capacity-lowered", "consumer-too-slow", "-cache", "ttl-too-short", "miss-storm"]
            .iter()
            .any(|cause| trouble.contains(cause));
    let how = if is_inferred { "inferred" } else { "measured" };
    format!("{trouble}, {how}")
}

#[test]
fn a_shipped_scenario_without_its_reasons_names_no_other_trouble() {
    each(&TROUBLES, |(name, toml, troubles)| {
        let bare = format!("withhold_reasons = true\n{toml}");
        let world = world(&Scenario::parse(name, &bare).unwrap(), 1);
        for minutes in [0, 10, 120] {
            let mut found = verdicts(&world, minutes);
            found.retain(|verdict| verdict.severity == Severity::Trouble);
            // That depends on a cause which is withheld.
            found.retain(|verdict| verdict.cause != Cause::CapacityLowered);
            let told = troubles.iter().filter(|trouble| is_told(trouble, minutes));
            let expected = told.filter(|trouble| !trouble.ends_with("capacity-lowered")).count();
            assert_eq!(found.len(), expected, "{name} at +{minutes}: {found:#?}");
            for verdict in found.iter().filter(|v| v.cause != Cause::ThrottledUnknown) {
                let line = in_a_line(verdict);
                let is_right = troubles.iter().any(|trouble| line.starts_with(trouble));
                assert!(is_right, "{name} at +{minutes}: {line}");
            }
        }
    });
}

#[test]
fn a_calm_fleet_has_no_verdict_at_any_hour() {
    let calm = Scenario::named("calm").unwrap();
    let seeds: Vec<u64> = (1..=10).collect();
    each(&seeds, |seed| {
        let world = world(&calm, *seed);
        for hours in [0, 1, 5, 9, 16, 22] {
            let found = verdicts(&world, hours * 60);
            let found: Vec<String> = found.iter().map(in_a_line).collect();
            assert!(found.is_empty(), "seed {seed}, after {hours} h: {found:?}");
        }
    });
}
