//! A quiet but living fleet over a whole day: nothing in it is trouble, though something happens all the time.
//!
//! The pollers run as ever, on virtual time and within their budget: calm rows that nobody sees are read every few
//! minutes, with all minutes between. What is known is judged every minute.

use super::live::{Live, on_virtual_time};
use super::look::{in_a_line, world};
use ddbtop::diagnose::{Severity, Thresholds, Verdict};
use ddbtop::model::event::Happening;
use ddbtop::model::id::Resource;
use ddbtop::poll::Interest;
use ddbtop::store::Reading;
use ddbtop_sim::scenario::Scenario;
use fastrand::Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

const TABLES: usize = 500;
const MINUTES: i64 = 24 * 60;
/// Rows on the screen: their latency and errors are read, too.
const VISIBLE: usize = 40;

/// What goes wrong between AWS and us: results that fail, calls that are throttled, an outage of two minutes.
const FAULTS: &str = "[[fault]]\nservice = 'cloudwatch'\noperation = 'GetMetricData'\nfrom = 200\nuntil = 260\n\
                      effect = { partial-data = 0.05 }\n\
                      [[fault]]\nservice = 'cloudwatch'\noperation = 'GetMetricData'\nfrom = 500\nuntil = 502\n\
                      effect = 'throttle'\n\
                      [[fault]]\nservice = 'dynamodb'\nfrom = 900\nuntil = 902\n\
                      effect = { server-error = { status = 503 } }\n";

/// Writes the fleet: the same seed writes the same.
fn fleet(seed: u64) -> String {
    let rng = &mut Rng::with_seed(seed);
    let mut toml = format!(
        "start = '2026-11-22T00:00:00Z'\nlate_share = 0.01\n[user_errors]\nper_minute = 4\n{FAULTS}"
    );
    for number in 0..TABLES {
        table(rng, number, &mut toml);
    }
    toml
}

fn table(rng: &mut Rng, number: usize, toml: &mut String) {
    let gigabytes = between(rng, 0.1, 60.0);
    let _ = writeln!(
        toml,
        "[[table]]\nname = 'table-{number:03}'\nkey_schema = ['id']\nage_hours = 4\ngigabytes = {gigabytes:.1}"
    );
    match number % 10 {
        // A capacity that is never enough by itself: autoscaling follows the day.
        0 => autoscaled(rng, toml),
        // Refreshed in one second by all hosts, a few hours apart: one to three reads are refused.
        3 => {
            toml.push_str("[[table.traffic]]\noperation = 'GetItem'\nrate = 3\njitter = 0.02\n");
            toml.push_str("blips = { every = 300, requests = 3_001 }\n");
        }
        // A lock table: every other write is refused by its condition, a few a second.
        4 => traffic(rng, "UpdateItem", (4.0, 4.0), "conditional_failures = 0.4\n", toml),
        5 => streamed(rng, number, toml),
        6 => indexed(rng, toml),
        // Nobody asks for it but at night.
        7 => {
            toml.push_str("capacity.provisioned = { read = 5, write = 5 }\n");
            toml.push_str("[[table.traffic]]\noperation = 'Scan'\nrate = 0.002\nunits = 20\n");
        }
        _ => {
            traffic(rng, "GetItem", (1.0, 800.0), "units = 0.5\n", toml);
            traffic(rng, "PutItem", (0.5, 200.0), "conditional_failures = 0.02\n", toml);
        }
    }
}

/// A rate with its daily curve, and a deployment that empties the callers' caches every six hours.
fn traffic(rng: &mut Rng, operation: &str, (low, high): (f64, f64), more: &str, toml: &mut String) {
    let rate = between(rng, low, high);
    let (daily, at) = (between(rng, 0.2, 0.6), rng.i64(-300..0));
    let _ = write!(
        toml,
        "[[table.traffic]]\noperation = '{operation}'\nrate = {rate:.2}\ndaily = {daily:.2}\n{more}\
         [[table.traffic.change]]\nat = {at}\nfactor = 1.5\nlasts = 6\nevery = 360\n"
    );
}

fn autoscaled(rng: &mut Rng, toml: &mut String) {
    let (reads, writes) = (between(rng, 100.0, 900.0), between(rng, 30.0, 300.0));
    let _ = write!(
        toml,
        "capacity.provisioned = {{ read = {:.0}, write = {:.0} }}\n\
         capacity.scaling.read = {{ min = {:.0}, max = {:.0}, target = 60 }}\n\
         capacity.scaling.write = {{ min = {:.0}, max = {:.0}, target = 60 }}\n",
        1.6 * reads,
        1.6 * writes,
        0.4 * reads,
        5.0 * reads,
        0.4 * writes,
        5.0 * writes,
    );
    traffic(rng, "GetItem", (reads, reads), "", toml);
    traffic(rng, "PutItem", (writes, writes), "conditional_failures = 0.01\n", toml);
}

/// A stream with a function that reads it, of some also a replica.
fn streamed(rng: &mut Rng, number: usize, toml: &mut String) {
    if number % 100 == 5 {
        toml.push_str("stream = true\nreplicas = ['eu-west-1']\n");
        let _ = writeln!(toml, "[[table.consumer]]\nfunction = 'reader-{number:03}'");
    }
    traffic(rng, "UpdateItem", (2.0, 150.0), "", toml);
}

fn indexed(rng: &mut Rng, toml: &mut String) {
    let writes = between(rng, 5.0, 90.0);
    let _ = write!(
        toml,
        "capacity.provisioned = {{ read = {:.0}, write = {:.0} }}\n\
         [[table.index]]\nname = 'by-day'\nkey_schema = ['day']\nwrite_share = 0.6\n\
         capacity.provisioned = {{ read = {:.0}, write = {:.0} }}\n",
        8.0 * writes,
        3.0 * writes,
        3.0 * writes,
        2.5 * writes,
    );
    traffic(rng, "Query", (writes, writes), "index = 'by-day'\n", toml);
    traffic(rng, "PutItem", (writes, writes), "", toml);
}

fn between(rng: &mut Rng, low: f64, high: f64) -> f64 {
    low + (high - low) * rng.f64()
}

/// Thresholds that anything passes: what they find shows that something happened.
fn hair_trigger() -> Thresholds {
    Thresholds {
        events_at_once: 1.0,
        failed_conditions_per_minute: 10.0,
        failed_condition_share: 0.1,
        user_errors_per_minute: 1.0,
        ..Thresholds::default()
    }
}

/// What a day told.
#[derive(Default)]
struct Day {
    /// Verdicts above notice, each with its first minute.
    troubles: BTreeMap<String, i64>,
    /// Minutes of notices, by what they say.
    notices: BTreeMap<String, usize>,
    /// Causes that the hair trigger found.
    passed: BTreeSet<&'static str>,
    /// Scaling activities that raised, and that lowered.
    scaled: (usize, usize),
}

impl Day {
    fn note(&mut self, minute: i64, found: &[Verdict]) {
        for verdict in found {
            let line = in_a_line(verdict);
            match verdict.severity {
                Severity::Trouble => _ = self.troubles.entry(line).or_insert(minute),
                Severity::Notice => *self.notices.entry(line).or_default() += 1,
            }
        }
    }

    fn print(&self) -> String {
        let Self { troubles, notices, passed, scaled } = self;
        format!(
            "{TABLES} tables, {MINUTES} minutes\ntroubles: {troubles:#?}\nnotices, minutes: {notices:#?}\n\
                 found by the hair trigger: {passed:?}\nscaled out and in: {scaled:?}\n"
        )
    }
}

async fn live(seed: u64) -> Day {
    let world = world(&Scenario::parse("quiet", &fleet(seed)).unwrap(), seed);
    let visible =
        (0..VISIBLE).map(|number| Resource::table(&format!("table-{number:03}"))).collect();
    let mut live = Live::begin(&world, 0, Interest { visible, ..Interest::default() });
    let mut day = Day::default();
    for minute in 0..MINUTES {
        live.until(minute).await;
        day.note(minute, &live.verdicts(&Thresholds::default()));
        // What happened in any of five minutes is still told after them.
        if minute % 5 == 0 {
            let passed = live.verdicts(&hair_trigger());
            day.passed.extend(passed.iter().map(|verdict| verdict.cause.as_str()));
        }
    }
    for event in live.reading().into_iter().flat_map(Reading::events) {
        let Happening::Scaling(activity) = &event.what else { continue };
        match activity.raises() {
            Some(true) => day.scaled.0 += 1,
            Some(false) => day.scaled.1 += 1,
            None => {}
        }
    }
    day
}

#[test]
fn a_quiet_but_living_fleet_has_no_verdict_above_notice_all_day() {
    let day = on_virtual_time(live(1));
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    std::fs::write(target.join("quiet.txt"), day.print()).unwrap();
    assert!(day.troubles.is_empty(), "{}", day.print());
    // It lived: what is ignored was there to be seen.
    for cause in ["key-range", "conditional-check-failures", "user-errors"] {
        assert!(day.passed.contains(cause), "{cause}: {}", day.print());
    }
    assert!(day.scaled.0 > 100 && day.scaled.1 > 100, "{}", day.print());
}
