//! Each question of an incident in worlds of its own: the right cause comes first, within two
//! settled points of the first effect in the metric that shows it.

use super::look::{each, in_a_line, verdicts, verdicts_with, world};
use super::shipped::TROUBLES;
use super::truth::Truth;
use ddbtop::diagnose::{Hindrance, Opens, Verdict};
use ddbtop::model::dax::Behind;
use ddbtop::model::id::Resource;
use ddbtop_sim::scenario::Scenario;
use std::fmt::Write as _;
use std::path::Path;

const SEEDS: u64 = 10;
/// A minute is settled three minutes after it began.
pub(super) const SETTLED: i64 = 3;
/// Settled points after which a cause must be named.
pub(super) const POINTS: i64 = 2;

/// Traffic of a quiet table beside the one in question.
const BESIDE: &str = "[[table]]\nname = 'quiet'\n[[table.traffic]]\noperation = 'GetItem'\n\
                      rate = 300\nunits = 0.5\n";

/// What no shipped scenario is about: its name, the table in question, and what is wrong with it.
const MORE: [(&str, &str, &str); 5] = [
    (
        "consumer-stopped",
        "stream = true\n[[table.consumer]]\nfunction = 'archive'\nstate = 'Disabled'\n\
         [[table.traffic]]\noperation = 'PutItem'\nrate = 40",
        "orders: consumer-stopped archive",
    ),
    (
        "consumer-throttled",
        "stream = true\n[[table.consumer]]\nfunction = 'archive'\nfailure = [{ at = -9, kind = 'throttles' }]\n\
         [[table.traffic]]\noperation = 'PutItem'\nrate = 40",
        "orders: consumer-throttled archive",
    ),
    (
        "transaction-conflicts",
        "[[table.traffic]]\noperation = 'TransactWriteItems'\nrate = 9\nitems = 4\n\
         [[table.traffic]]\noperation = 'TransactWriteItems'\nrate = 20\nitems = 4\nfrom = -9\n\
         daily = 0\nconflicts = 0.7",
        "orders: transaction-conflicts",
    ),
    (
        "traffic-fallen",
        "[[table.traffic]]\noperation = 'GetItem'\nrate = 400\nuntil = -9",
        "orders: traffic-fallen",
    ),
    (
        "scale-out-suspended",
        "capacity.provisioned = { read = 400, write = 100 }\n\
         capacity.scaling.read = { min = 100, max = 900, suspended = { scale_out = true } }\n\
         [[table.traffic]]\noperation = 'GetItem'\nrate = 180\ndaily = 0\n\
         [[table.traffic]]\noperation = 'GetItem'\nrate = 180\ndaily = 0\nfrom = -9",
        "orders: autoscaling-suspended",
    ),
];

/// The metric that shows a trouble, its own dimension where it has one, and when that is an effect.
pub(super) type Effect<'a> = ((&'static str, Option<(&'static str, &'a str)>), fn(f64) -> bool);

fn effect(trouble: &str) -> Effect<'_> {
    let (_, cause) = trouble.split_once(": ").unwrap();
    let (cause, recipient) = cause.split_once(' ').unwrap_or((cause, ""));
    let function = Some(("FunctionName", recipient));
    match cause {
        "consumer-failing" | "consumer-too-slow" => {
            (("IteratorAge", function), |age| age >= 60_000.0)
        }
        "consumer-throttled" => (("Throttles", function), |sum| sum > 0.0),
        "replica-late" => {
            (("ReplicationLatency", Some(("ReceivingRegion", recipient))), |age| age >= 10_000.0)
        }
        // A state, and nothing that is counted: it was so before the first minute.
        "replica-stopped" | "consumer-stopped" => {
            (("ConsumedWriteCapacityUnits", None), |sum| sum > 0.0)
        }
        dax if dax.starts_with("dax-") => super::dax::effect(dax),
        "user-errors" => (("UserErrors", None), |sum| sum >= 60.0),
        "capacity-lowered" => (("WriteThrottleEvents", None), |sum| sum > 0.0),
        "conditional-check-failures" => {
            (("ConditionalCheckFailedRequests", None), |sum| sum >= 1_000.0)
        }
        "system-errors" => (("SystemErrors", Some(("Operation", "GetItem"))), |sum| sum >= 10.0),
        "latency-raised" => {
            (("SuccessfulRequestLatency", Some(("Operation", "GetItem"))), |mean| mean >= 10.0)
        }
        "transaction-conflicts" => (("TransactionConflict", None), |sum| sum >= 60.0),
        "traffic-fallen" => (("ConsumedReadCapacityUnits", None), |sum| sum < 60.0),
        "autoscaling-suspended" => (("ConsumedReadCapacityUnits", None), |sum| sum >= 19_200.0),
        reason if reason.contains("Read") => (("ReadThrottleEvents", None), |sum| sum > 0.0),
        reason if reason.contains("Write") => (("WriteThrottleEvents", None), |sum| sum > 0.0),
        other => panic!("nothing shows {other}"),
    }
}

pub(super) fn resource(trouble: &str) -> Resource {
    let (name, cause) = trouble.split_once(": ").unwrap();
    match name.split_once('/') {
        Some((cluster, node)) if cause.starts_with("dax-") => Resource::node(cluster, node),
        None if cause.starts_with("dax-") => Resource::cluster(name),
        _ if name == "account" => Resource::Account,
        Some((table, index)) => Resource::index(table, index),
        None => Resource::table(name),
    }
}

/// One trouble in one world, and how it was told.
struct Told {
    scenario: String,
    seed: u64,
    trouble: String,
    /// The minute of the first effect, counted from the start.
    effect: i64,
    /// Settled points with the effect when it was told; `None` where it was too late.
    points: Option<i64>,
    /// What came first then.
    first: String,
    /// Whether that is one of the scenario's troubles.
    is_right: bool,
}

/// Looks a minute after the other from the first effect on, until the trouble is told.
fn tell(scenario: &str, toml: &str, troubles: &[&str], seed: u64) -> Vec<Told> {
    let parsed = Scenario::parse(scenario, toml).unwrap();
    let mut truth = Truth::of(&parsed, seed);
    let mut effects: Vec<(i64, &str)> = troubles
        .iter()
        .map(|trouble| {
            let (metric, is_effect) = effect(trouble);
            let first = truth.first(&resource(trouble), metric, is_effect);
            (first.unwrap_or_else(|| panic!("{scenario} {seed}: no effect of {trouble}")), *trouble)
        })
        .collect();
    effects.sort_unstable();
    let world = world(&parsed, seed);
    let told = effects.into_iter().map(|(effect, trouble)| {
        let is_it = |verdict: &Verdict| in_a_line(verdict).starts_with(trouble);
        let looks = (1..=POINTS).map(|points| {
            let minutes = effect + SETTLED + points - 1;
            (points, verdicts(&world, minutes))
        });
        let (points, found) = looks
            .map(|(points, found)| (found.iter().any(is_it).then_some(points), found))
            .reduce(|earlier, later| if earlier.0.is_some() { earlier } else { later })
            .unwrap();
        let first = found.first().map_or("nothing".to_owned(), in_a_line);
        let is_right = troubles.iter().any(|trouble| first.starts_with(trouble));
        let (scenario, trouble) = (scenario.to_owned(), trouble.to_owned());
        Told { scenario, seed, trouble, effect, points, first, is_right }
    });
    told.collect()
}

fn cases() -> Vec<(String, String, Vec<&'static str>)> {
    let shipped = TROUBLES
        .iter()
        .map(|(name, toml, troubles)| ((*name).to_owned(), (*toml).to_owned(), troubles.to_vec()));
    let more = MORE.iter().map(|(name, table, trouble)| {
        let toml = format!(
            "start = '2026-11-22T12:00:00Z'\n{BESIDE}[[table]]\nname = 'orders'\n{table}\n"
        );
        ((*name).to_owned(), toml, vec![*trouble])
    });
    shipped.chain(more).collect()
}

fn print(told: &[Told]) -> String {
    let mut text = format!(
        "{:<24} {:>4}  {:<68} {:>6} {:>6}  first\n",
        "scenario", "seed", "trouble", "effect", "points"
    );
    for one in told {
        let points = one.points.map_or("late".to_owned(), |points| points.to_string());
        let Told { scenario, seed, trouble, effect, first, .. } = one;
        let _ = writeln!(
            text,
            "{scenario:<24} {seed:>4}  {trouble:<68} {effect:>6} {points:>6}  {first}"
        );
    }
    text
}

#[test]
fn the_right_cause_comes_first_within_two_settled_points_of_its_first_effect() {
    let cases = cases();
    let worlds: Vec<_> =
        cases.iter().flat_map(|case| (1..=SEEDS).map(move |seed| (case, seed))).collect();
    let told: Vec<Told> =
        each(&worlds, |((name, toml, troubles), seed)| tell(name, toml, troubles, *seed))
            .into_iter()
            .flatten()
            .collect();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    std::fs::write(target.join("questions.txt"), print(&told)).unwrap();
    let wrong: Vec<&Told> =
        told.iter().filter(|told| told.points.is_none() || !told.is_right).collect();
    let lines = wrong.iter().map(|told| {
        format!(
            "{} {}: {} at {}: {}",
            told.scenario, told.seed, told.trouble, told.effect, told.first
        )
    });
    assert!(wrong.is_empty(), "{}", lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_data_stream_that_is_too_narrow_is_told_of_the_open_table() {
    let scenario = Scenario::named("stream-lag").unwrap();
    each(&(1..=3).collect::<Vec<u64>>(), |seed| {
        let world = world(&scenario, *seed);
        let found = verdicts_with(&world, 0, Some("clicks"), Behind::default());
        let told: Vec<String> = found.iter().map(in_a_line).collect();
        let expected = "clicks: kinesis-throttled clicks-to-the-lake, measured";
        assert!(told.iter().any(|line| line == expected), "seed {seed}: {told:?}");
        let calm = verdicts_with(&world, 0, Some("orders"), Behind::default());
        assert!(!calm.iter().any(|it| in_a_line(it).contains("kinesis")), "it is not read");
    });
}

#[test]
fn hot_keys_are_named_where_contributor_insights_counts_them_and_it_is_offered_where_it_is_off() {
    let is_key = |text: &str| text.starts_with("hot key ");
    for (scenario, is_counted) in [
        ("hot-key", false),
        ("hot-key-read", true),
        ("hot-key-gsi", true),
        ("rolling-hot-key", true),
    ] {
        let world = world(&Scenario::named(scenario).unwrap(), 1);
        let found = verdicts(&world, 0);
        let first = found.first().unwrap();
        let (told, advice) = (&first.evidence, first.advice.to_string());
        assert_eq!(told.iter().any(|it| is_key(&it.text)), is_counted, "{scenario}: {told:#?}");
        assert!(advice.contains("more capacity will not help"), "{scenario}: {advice}");
        let is_offered = first.advice.opens == Some(Opens::PricedPlan);
        assert_eq!(advice.contains("in mode THROTTLED_KEYS"), is_offered, "{scenario}: {advice}");
        assert_eq!(is_offered, !is_counted, "{scenario}: {advice}");
    }
}

#[test]
fn what_stands_behind_a_throttle_and_what_it_explains_is_told_of_the_shipped_scenarios() {
    let of = |scenario: &str| {
        let (name, toml, _) = TROUBLES.iter().find(|(name, ..)| *name == scenario).unwrap();
        let world = world(&Scenario::parse(name, toml).unwrap(), 1);
        verdicts(&world, 0)
    };
    assert_eq!(of("at-max")[0].behind, Some(Hindrance::AtMaximum));
    let under = of("under-provisioned");
    let of_table = |name| under.iter().find(|it| it.resource == Resource::table(name)).unwrap();
    assert_eq!(of_table("customers").behind, Some(Hindrance::ScaleOutSuspended));
    assert_eq!(of_table("invoices").behind, None);
    assert_eq!(of("gsi-backpressure")[0].explains, [Resource::table("shipments")]);
    let lowered = of("capacity-just-lowered");
    let told: Vec<&str> = lowered.iter().map(|verdict| verdict.cause.as_str()).collect();
    assert_eq!(told, ["capacity-lowered", "provisioned"]);
    assert_eq!(lowered[0].explains, [Resource::table("reservations")]);
    assert!(lowered[0].evidence.iter().any(|it| it.text.contains("a person or a deployment")));
}
