//! A second opinion on alarm states: `tests/python/judge_alarms.py` evaluates every alarm of a world again, from the
//! points that boto3 reads, and compares.
//!
//! An alarm sees what is published when it is evaluated, and a reader sees what is published when it reads. So nothing
//! is published late here, and the judge compares only states that have been stable for three minutes.

use std::fmt::Write;
use std::process::Command;
use std::sync::Arc;

use ddbtop_sim::front::listen;
use ddbtop_sim::scenario::Scenario;
use ddbtop_sim::world::{World, WorldOptions};
use tokio::net::TcpListener;

use crate::support::python;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/judge_alarms.py");

/// A table that throttles from 40 to 20 minutes before the start, and again after it.
const TABLE: &str = r#"
start = "2026-11-22T12:00:00Z"
late_share = 0.0
[[table]]
name = "throttled"
capacity.provisioned = { read = 50, write = 50 }
[[table.traffic]]
operation = "GetItem"
rate = 20
daily = 0
change = [{ at = -45, factor = 12.0, lasts = 25 }, { at = 5, factor = 12.0 }]
"#;

/// Metrics that come, breach, pause and go: what is 3 or less does not breach.
const SIGNALS: [(&str, &str); 11] = [
    ("steady-low", "value = 1"),
    ("steady-high", "value = 5"),
    ("gone-low", "value = 1\nuntil = -20"),
    ("gone-high", "value = 5\nuntil = -20"),
    ("gone-soon", "value = 5\nuntil = 10"),
    ("every-other", "value = 5\nchange = [{ at = 0, factor = 0, lasts = 1, every = 2 }]"),
    ("one-in-four", "value = 5\nchange = [{ at = 1, factor = 0, lasts = 3, every = 4 }]"),
    ("one-in-nine", "value = 5\nchange = [{ at = 1, factor = 0, lasts = 8, every = 9 }]"),
    ("mixed", "value = 5\nchange = [{ at = 0, factor = 0.2, lasts = 3, every = 5 }]"),
    (
        "gaps",
        "value = 5\nchange = [{ at = 0, factor = 0.2, lasts = 2, every = 5 }, { at = 2, factor = 0, lasts = 1, every = 5 }]",
    ),
    ("burst", "value = 1\nchange = [{ at = -7, factor = 6, lasts = 20 }]"),
];

/// Metrics of the table: one that is sparse, one that is dense, and one that does not exist.
const TABLE_METRICS: [(&str, u32, u32); 3] =
    [("ReadThrottleEvents", 3, 0), ("ConsumedReadCapacityUnits", 5, 2_500), ("UserErrors", 2, 0)];

const TREATMENTS: [&str; 5] = [
    "",
    "treat_missing_data = 'missing'",
    "treat_missing_data = 'ignore'",
    "treat_missing_data = 'breaching'",
    "treat_missing_data = 'notBreaching'",
];

/// M, N and seconds.
const SHAPES: [(u32, u32, u32); 5] = [(1, 1, 60), (3, 3, 60), (2, 3, 60), (3, 5, 60), (2, 2, 300)];

const MATH: &str = r#"
[[alarm]]
name = "math-share"
threshold = 50
evaluation_periods = 3
datapoints_to_alarm = 2
queries = [
  { id = "e1", expression = "100 * FILL(bad, 0) / (good + FILL(bad, 0))", return_data = true },
  { id = "good", namespace = "Test", metric = "steady-low" },
  { id = "bad", namespace = "Test", metric = "one-in-four" },
]
[[alarm]]
name = "math-difference"
threshold = 0
comparison = "LessThanOrEqualToThreshold"
evaluation_periods = 2
queries = [
  { id = "e1", expression = "m1 - m2", return_data = true },
  { id = "m1", namespace = "Test", metric = "steady-high" },
  { id = "m2", namespace = "Test", metric = "gone-high" },
]
[[alarm]]
name = "math-choice"
threshold = 4
comparison = "GreaterThanOrEqualToThreshold"
evaluation_periods = 3
datapoints_to_alarm = 1
queries = [
  { id = "e1", expression = "IF(m1 > 3, m1, 0)", return_data = true },
  { id = "m1", namespace = "Test", metric = "mixed" },
]
"#;

/// Every signal under every treatment and shape, the metrics of the table, and expressions.
fn scenario() -> Scenario {
    let mut toml = format!("{TABLE}{MATH}");
    for (name, rest) in SIGNALS {
        let text = "[[signal]]\nnamespace = 'Test'\nsparse = true";
        writeln!(toml, "{text}\nmetric = '{name}'\n{rest}").unwrap();
    }
    for (number, treatment) in TREATMENTS.iter().enumerate() {
        for (metric, _) in SIGNALS {
            for (to_alarm, periods, period) in SHAPES {
                writeln!(
                    toml,
                    "[[alarm]]\nname = '{metric}-{number}-{to_alarm}-of-{periods}-{period}'
                     namespace = 'Test'\nmetric = '{metric}'\nstatistic = 'Maximum'\nthreshold = 3
                     period = {period}\nevaluation_periods = {periods}
                     datapoints_to_alarm = {to_alarm}\n{treatment}"
                )
                .unwrap();
            }
        }
        for (metric, periods, threshold) in TABLE_METRICS {
            writeln!(
                toml,
                "[[alarm]]\nname = '{metric}-{number}'\nmetric = '{metric}'\nthreshold = {threshold}
                 dimensions = {{ TableName = 'throttled' }}\nevaluation_periods = {periods}\n{treatment}"
            )
            .unwrap();
        }
    }
    Scenario::parse("judged", &toml).unwrap_or_else(|problem| panic!("{problem}"))
}

/// Judges the world's alarms as they are so many minutes after its start.
async fn judge(world: &World, minutes: f64) {
    let python = tokio::task::spawn_blocking(|| python::python("judges")).await.unwrap();
    let now = world.start() + minutes * 60.0;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let clock = Arc::new(move || now);
    let server =
        tokio::spawn(listen::serve(listener, world.clone(), clock, std::future::pending()));
    let verdict = tokio::task::spawn_blocking(move || {
        Command::new(python).arg(SCRIPT).args([endpoint, now.to_string()]).output().unwrap()
    });
    let verdict = verdict.await.unwrap();
    server.abort();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (found, trouble) = (text(&verdict.stdout), text(&verdict.stderr));
    assert!(verdict.status.success(), "at +{minutes}:\n{found}\n{trouble}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_independent_evaluation_finds_the_same_states() {
    let world = World::new(&WorldOptions { scenario: scenario(), seed: 1, tables: None });
    for minutes in [0.5, 17.25, 64.75] {
        judge(&world, minutes).await;
    }
}
