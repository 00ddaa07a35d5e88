//! What a large fleet takes in memory: in the store, and in the simulated AWS behind a demo.
//!
//! The store holds 5,000 tables with an index each, an hour of their sentinels, a twelfth of them
//! escalated, and a screen of them read in detail. The simulated AWS has 5,000 tables, a quarter of
//! them with an index, at the start and some simulated days later. Not a timing: it prints resident memory as Linux counts it
//! (`proc_pid_status(5)`), in MiB.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::sync::Arc;

use ddbtop::model::id::{Resource, Scope};
use ddbtop::model::metric::{Metric, SeriesKey, Statistic};
use ddbtop::model::table::{BillingMode, Capacity, Details, Index, KeySchema, Table, Throughput};
use ddbtop::model::throttle::{Direction, Limit};
use ddbtop::model::time::{Minute, Window};
use ddbtop::model::update::{News, Points, Update};
use ddbtop::store::{Settings, Store};
use ddbtop_sim::fleet::Fleet;
use ddbtop_sim::scenario::{Scenario, ScenarioError};
use jiff::{SignedDuration, Timestamp};

const TABLES: usize = 5_000;
const DAYS: u32 = 3;
const ESCALATED_EVERY: usize = 12;
const VISIBLE: usize = 45;
const OPERATIONS: [&str; 5] = ["GetItem", "PutItem", "Query", "UpdateItem", "BatchGetItem"];
/// Minutes read of escalated resources, and of all others.
const FULL_MINUTES: i64 = 180;
const LIST_MINUTES: i64 = 60;

/// Resident memory, in MiB.
fn resident() -> Result<f64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()).unwrap_or_default();
    Ok(kibibytes.parse::<f64>()? / 1024.0)
}

fn throughput() -> Throughput {
    let capacity = Capacity { provisioned: Some(100.0), maximum: None, warm: Some(12_000.0) };
    Throughput { read: capacity, write: capacity, ..Throughput::default() }
}

fn key(name: &str) -> KeySchema {
    KeySchema { partition: vec![Arc::from(name)], sort: vec![Arc::from("at")] }
}

fn table(name: &Arc<str>) -> Table {
    Table {
        name: Arc::clone(name),
        arn: format!("arn:aws:dynamodb:us-east-1:123456789012:table/{name}"),
        status: Arc::from("ACTIVE"),
        billing: BillingMode::Provisioned,
        throughput: throughput(),
        items: Some(1_000_000),
        bytes: Some(1 << 30),
        indexes: vec![Index {
            name: Arc::from("GSI1"),
            status: Arc::from("ACTIVE"),
            throughput: throughput(),
            keys: key("other"),
            ..Index::default()
        }],
        details: Box::new(Details { keys: key("id"), ..Details::default() }),
    }
}

fn keys(number: usize, name: &Arc<str>) -> Vec<SeriesKey> {
    let table = Resource::Table(Arc::clone(name));
    let index = Resource::Index(Arc::clone(name), Arc::from("GSI1"));
    let mut metrics = Metric::SENTINELS.to_vec();
    if number.is_multiple_of(ESCALATED_EVERY) {
        metrics.extend(Direction::ALL.into_iter().flat_map(|direction| {
            Limit::ALL.map(|limit| Metric::ThrottleEventsBy(direction, limit))
        }));
    }
    let both = [&table, &index].into_iter();
    let mut keys: Vec<SeriesKey> = both
        .flat_map(|resource| metrics.iter().map(|metric| SeriesKey::sum(resource.clone(), *metric)))
        .collect();
    if number < VISIBLE {
        for operation in OPERATIONS {
            for (metric, statistic) in [
                (Metric::SuccessfulRequestLatency, Statistic::P50),
                (Metric::SuccessfulRequestLatency, Statistic::P99),
                (Metric::SystemErrors, Statistic::Sum),
            ] {
                let operation = Some(Arc::from(operation));
                keys.push(SeriesKey { resource: table.clone(), metric, operation, statistic });
            }
        }
    }
    keys
}

/// One table's points: every minute has one, but throttle events only where it is escalated.
fn points(number: usize, keys: Vec<SeriesKey>, now: Timestamp) -> Points {
    let escalated = number.is_multiple_of(ESCALATED_EVERY);
    let minutes = if escalated { FULL_MINUTES } else { LIST_MINUTES };
    let window = Window::ending(Minute::containing(now), minutes);
    let series = keys.into_iter().map(|key| {
        let quiet = matches!(key.metric, Metric::ThrottleEvents(_)) && !escalated;
        let minutes = (window.start.0..window.end.0).filter(|_| !quiet);
        (key, minutes.map(|minute| (Minute(minute), 1.0 + (minute % 60) as f64)).collect())
    });
    Points { window, due: now + SignedDuration::from_secs(60), series: series.collect() }
}

fn fill(store: &mut Store, now: Timestamp) {
    let scope = Scope::new("aws", "123456789012", "us-east-1");
    let mut tell = |news| store.apply(Update { scope: scope.clone(), at: now, news });
    let names: Vec<Arc<str>> =
        (0..TABLES).map(|number| format!("team-service-things-{number:04}").into()).collect();
    tell(News::TableNames(names.clone()));
    for (number, name) in names.iter().enumerate() {
        tell(News::Table(Box::new(table(name))));
        tell(News::Points(points(number, keys(number, name), now)));
    }
}

/// The simulated AWS after its past.
fn fleet() -> Result<Fleet, ScenarioError> {
    let mut fleet = Fleet::new(&Scenario::named("incident")?, 1, Some(TABLES));
    let start = fleet.start();
    for name in fleet.table_names().to_vec() {
        fleet.table(&name, start);
    }
    Ok(fleet)
}

/// The same after so many simulated days, asked about once an hour.
fn later(mut fleet: Fleet, days: u32) -> Fleet {
    let start = fleet.start();
    for hour in 1..=24 * days {
        for name in fleet.table_names().to_vec() {
            fleet.table(&name, start + f64::from(hour) * 3_600.0);
        }
    }
    fleet
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    let now = Timestamp::constant(1_795_349_000, 0);
    let begun = resident()?;
    let fleet = fleet()?;
    let simulated = resident()?;
    writeln!(out, "simulated AWS of {TABLES} tables:     {:6.1} MiB", simulated - begun)?;
    let fleet = later(fleet, DAYS);
    let aged = resident()?;
    writeln!(out, "the same {DAYS} simulated days later:   {:6.1} MiB", aged - begun)?;
    let mut store = Store::new(Settings::default());
    fill(&mut store, now);
    let filled = resident()?;
    writeln!(out, "store of {TABLES} tables and indexes: {:6.1} MiB", filled - aged)?;
    let frozen = store.clone();
    fill(&mut store, now + SignedDuration::from_secs(60));
    let both = resident()?;
    writeln!(out, "the same with a frozen copy:     {:6.1} MiB", both - aged)?;
    drop((fleet, frozen));
    Ok(())
}
