//! DAX in the scenarios: the cluster before its tables, what is only inferred, and no trouble where there is none.

use super::live::{Live, on_virtual_time};
use super::look::{each, in_a_line, verdicts, verdicts_with, world};
use super::questions::{Effect, POINTS, SETTLED, resource};
use super::truth::Truth;
use ddbtop::diagnose::{Cause, Confidence, Fact, Severity, Source, Thresholds, Verdict};
use ddbtop::model::dax::Behind;
use ddbtop::model::id::Resource;
use ddbtop::poll::Interest;
use ddbtop_sim::scenario::Scenario;

/// The metric that shows a cause first, and from which sum on.
pub(super) fn effect(cause: &str) -> Effect<'static> {
    match cause {
        // A node that does not run publishes nothing.
        "dax-node-down" => (("CPUUtilization", None), |sum| sum <= 0.0),
        "dax-saturated" => (("ThrottledRequestCount", None), |sum| sum >= 10.0),
        "dax-cold-cache" => (("ItemCacheMisses", None), |sum| sum >= 250_000.0),
        "dax-ttl-too-short" | "dax-miss-storm" => {
            (("ItemCacheMisses", None), |sum| sum >= 100_000.0)
        }
        other => panic!("nothing shows {other}"),
    }
}

/// Each scenario with a cluster in trouble, the cause, and the table behind it.
const SCENARIOS: [(&str, &str, &str); 5] = [
    ("dax-node-loss", "catalog/catalog-b: dax-node-down, measured", "products"),
    ("dax-saturated", "pricing: dax-saturated, measured", "prices"),
    ("dax-ttl-too-short", "articles: dax-ttl-too-short, inferred", "articles"),
    ("dax-cold-cache", "profiles: dax-cold-cache, inferred", "profiles"),
    ("dax-miss-storm", "listings: dax-miss-storm, inferred", "listings"),
];

/// Who is in trouble in a scenario, as its settings would say it.
fn behind(trouble: &str, table: &str) -> Behind {
    let cluster = trouble.split(['/', ':']).next().unwrap();
    let mut behind = Behind::default();
    behind.put(cluster, &[table.to_owned()]).unwrap();
    behind
}

fn is_dax(verdict: &Verdict) -> bool {
    matches!(verdict.cause, Cause::Dax(_))
}

#[test]
fn the_cluster_comes_first_and_explains_what_its_table_feels() {
    let worlds: Vec<_> =
        SCENARIOS.iter().flat_map(|of| (1..=10).map(move |seed| (of, seed))).collect();
    each(&worlds, |((name, cause, table), seed)| {
        let world = world(&Scenario::named(name).unwrap(), *seed);
        let table = Resource::table(table);
        let feels = ["dax-ttl-too-short", "dax-cold-cache", "dax-miss-storm"].contains(name);
        for (found, how) in [
            (verdicts(&world, 0), Fact::Correlation),
            (verdicts_with(&world, 0, None, behind(cause, table.short_name())), Fact::TablesBehind),
        ] {
            let first = &found[0];
            assert_eq!(in_a_line(first), *cause, "{name}, seed {seed}");
            assert_eq!(first.explains.contains(&table), feels, "{name}, seed {seed}: {first:#?}");
            let is_told = first.evidence.iter().any(|item| item.source == Source::Fact(how));
            assert_eq!(is_told, feels, "{name}, seed {seed}: {first:#?}");
            // The nodes that are left refuse some of what the lost one served.
            let troubles = if *name == "dax-node-loss" { 2 } else { 1 };
            let of_dax = found.iter().filter(|it| is_dax(it) && it.severity == Severity::Trouble);
            assert_eq!(of_dax.count(), troubles, "{name}, seed {seed}");
        }
    });
}

#[test]
fn pollers_that_found_all_well_tell_the_cause_within_two_settled_points_though_nobody_looks_at_dax()
{
    let worlds: Vec<_> =
        SCENARIOS.iter().flat_map(|of| (1..=5).map(move |seed| (of, seed))).collect();
    each(&worlds, |((name, cause, _), seed)| {
        let scenario = Scenario::named(name).unwrap();
        let (_, kind) = cause.split_once(": ").unwrap();
        let (metric, is_effect) = effect(kind.split(',').next().unwrap());
        let first = Truth::of(&scenario, *seed).first(&resource(cause), metric, is_effect).unwrap();
        // The engine's rounds are at any time of their five minutes when it happens.
        let begin = first - 20 - i64::try_from(*seed).unwrap();
        let found = on_virtual_time(async {
            let mut live = Live::begin(&world(&scenario, *seed), begin, Interest::default());
            live.until(first + SETTLED + POINTS - 1).await;
            live.verdicts(&Thresholds::default())
        });
        let told: Vec<String> = found.iter().map(in_a_line).collect();
        assert!(told.iter().any(|line| line == cause), "{name}, seed {seed} at {first}: {told:?}");
    });
}

#[test]
fn what_only_moves_together_is_never_more_than_inferred() {
    each(&SCENARIOS, |(name, ..)| {
        let world = world(&Scenario::named(name).unwrap(), 1);
        for minutes in [-10, -5, 0, 5, 10, 20, 40] {
            for verdict in verdicts(&world, minutes).iter().filter(|verdict| is_dax(verdict)) {
                let tables = verdict.explains.iter().filter(|it| it.table_name().is_some()).count();
                let is_measured = verdict.confidence == Confidence::Measured;
                assert!(tables == 0 || !is_measured, "{name} at +{minutes}: {verdict:#?}");
            }
        }
    });
}

#[test]
fn an_idle_cluster_at_night_and_its_morning_are_no_trouble() {
    let calm = Scenario::named("calm").unwrap();
    let seeds: Vec<u64> = (1..=10).collect();
    each(&seeds, |seed| {
        let world = world(&calm, *seed);
        // The shops read from 06:00 to 19:00 UTC, and it begins at 12:00.
        for minutes in [421, 424, 440, 700, 1_082, 1_085, 1_095, 1_120, 1_150] {
            let found = verdicts(&world, minutes);
            let found: Vec<String> = found.iter().filter(|it| is_dax(it)).map(in_a_line).collect();
            assert!(found.is_empty(), "seed {seed}, after {minutes} minutes: {found:?}");
        }
    });
}

#[test]
fn clusters_that_are_well_have_no_trouble_in_any_scenario() {
    each(Scenario::names(), |(name, _)| {
        let world = world(&Scenario::named(name).unwrap(), 2);
        let of = SCENARIOS.iter().find(|(scenario, ..)| scenario == name);
        let expected = of.map(|(_, cause, _)| cause.split(['/', ':']).next().unwrap());
        for minutes in [0, 30, 50] {
            for verdict in verdicts(&world, minutes).iter().filter(|verdict| is_dax(verdict)) {
                let cluster = verdict.resource.cluster_name().map(|name| &**name);
                let is_expected = verdict.severity < Severity::Trouble || cluster == expected;
                assert!(is_expected, "{name} at +{minutes}: {}", in_a_line(verdict));
            }
        }
    });
}
