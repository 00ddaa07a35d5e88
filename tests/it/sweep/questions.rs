//! Each question of an incident in worlds of its own: the right cause comes first, within two
//! settled points of the first effect in the metric that shows it.

use super::look::{each, in_a_line, verdicts, world};
use super::shipped::TROUBLES;
use super::truth::Truth;
use ddbtop::diagnose::{Hindrance, Verdict};
use ddbtop::model::id::Resource;
use ddbtop::sim::scenario::Scenario;
use std::fmt::Write as _;
use std::path::Path;

const SEEDS: u64 = 10;
/// A minute is settled three minutes after it began.
const SETTLED: i64 = 3;
/// Settled points after which a cause must be named.
const POINTS: i64 = 2;

/// Traffic of a quiet table beside the one in question.
const BESIDE: &str = "[[table]]\nname = 'quiet'\n[[table.traffic]]\noperation = 'GetItem'\n\
                      rate = 300\nunits = 0.5\n";

/// What no shipped scenario is about: its name, the table in question, and what is wrong with it.
const MORE: [(&str, &str, &str); 4] = [
    (
        "system-errors",
        "[[table.traffic]]\noperation = 'GetItem'\nrate = 400\n\
         system_errors = [{ at = -9, lasts = 60, share = 0.02 }]",
        "orders: system-errors",
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

/// The metric that shows a trouble, its operation where it has one, and when that is an effect.
pub(super) type Effect = ((&'static str, Option<&'static str>), fn(f64) -> bool);

fn effect(trouble: &str) -> Effect {
    let (_, cause) = trouble.split_once(": ").unwrap();
    match cause {
        dax if dax.starts_with("dax-") => super::dax::effect(dax),
        "user-errors" => (("UserErrors", None), |sum| sum >= 60.0),
        "capacity-lowered" => (("WriteThrottleEvents", None), |sum| sum > 0.0),
        "conditional-check-failures" => {
            (("ConditionalCheckFailedRequests", None), |sum| sum >= 1_000.0)
        }
        "system-errors" => (("SystemErrors", Some("GetItem")), |sum| sum >= 10.0),
        "transaction-conflicts" => (("TransactionConflict", None), |sum| sum >= 60.0),
        "traffic-fallen" => (("ConsumedReadCapacityUnits", None), |sum| sum < 60.0),
        "autoscaling-suspended" => (("ConsumedReadCapacityUnits", None), |sum| sum >= 19_200.0),
        reason if reason.contains("Read") => (("ReadThrottleEvents", None), |sum| sum > 0.0),
        reason if reason.contains("Write") => (("WriteThrottleEvents", None), |sum| sum > 0.0),
        other => panic!("nothing shows {other}"),
    }
}

fn resource(trouble: &str) -> Resource {
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
