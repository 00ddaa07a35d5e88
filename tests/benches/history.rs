//! How long a large simulated fleet takes to show its first hour.
//!
//! The simulated AWS on its own, then all of `ddbtop --demo --tables N` but the terminal: the
//! engine on a clock of ordinary speed, and an application that takes its news in as the dashboard
//! does. The targets are one second for twenty tables and ten for 5,000, the rows on the screen
//! first.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot be set up has no result")]

mod dashboard;
mod support;

use std::collections::BTreeSet;
use std::hint::black_box;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion};
use dashboard::app;
use ddbtop::app::{App, Effect, Msg};
use ddbtop::model::id::Resource;
use ddbtop::model::metric::Metric;
use ddbtop::model::throttle::Direction;
use ddbtop::model::update::{News, Update};
use ddbtop::poll::{Feed, Interest, Settings, run};
use ddbtop_sim::fleet::Fleet;
use ddbtop_sim::scenario::Scenario;
use support::{clock, connect, in_process, runtime, world};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::Instant;

const TABLES: usize = 5_000;
/// News are taken in at most this often, and so many at once.
const NEWS_PACE: Duration = Duration::from_millis(100);
const NEWS_AT_ONCE: usize = 1_024;

fn fleet() -> Fleet {
    Fleet::new(&Scenario::named("calm").unwrap(), 1, Some(TABLES))
}

/// Simulates the past of every table up to the scenario's start.
fn simulate(mut fleet: Fleet) -> Fleet {
    let start = fleet.start();
    for name in fleet.table_names().to_vec() {
        black_box(fleet.table(&name, start));
    }
    fleet
}

/// What has been read so far, and since when it was what.
#[derive(Default)]
struct Progress {
    wanted: BTreeSet<Resource>,
    described: usize,
    /// Tables and indexes whose first hour was read.
    read: BTreeSet<Resource>,
    screen: Option<Duration>,
    tables: Option<Duration>,
    all: Option<Duration>,
    /// The longest time that the application took for its news.
    slowest: Duration,
}

impl Progress {
    fn note(&mut self, update: &Update) {
        if let News::TableNames(names) = &update.news {
            self.wanted.extend(names.iter().cloned().map(Resource::Table));
        }
        if let News::Table(table) = &update.news {
            self.described += 1;
            let index = |name: &Arc<str>| Resource::Index(table.name.clone(), name.clone());
            self.wanted.extend(table.indexes.iter().map(|one| index(&one.name)));
        }
        if let News::Points(points) = &update.news
            && points.window.minutes() >= 60
        {
            let keys = points.series.iter().map(|(key, _)| key);
            let sentinels =
                keys.filter(|key| key.metric == Metric::ThrottleEvents(Direction::Write));
            self.read.extend(sentinels.map(|key| key.resource.clone()));
        }
    }

    fn look(&mut self, visible: &BTreeSet<Resource>, tables: usize, passed: Duration) {
        let is_read = |resource: &Resource| self.read.contains(resource);
        if !visible.is_empty() && visible.iter().all(is_read) {
            self.screen.get_or_insert(passed);
        }
        let is_table = |resource: &&Resource| matches!(resource, Resource::Table(_));
        if self.read.iter().filter(is_table).count() >= tables {
            self.tables.get_or_insert(passed);
        }
        if self.described >= tables && self.wanted.iter().all(is_read) {
            self.all.get_or_insert(passed);
        }
    }
}

/// Starts the demo and waits for the first hour of every table and index.
async fn first_history(tables: usize) -> Progress {
    let begun = Instant::now();
    let world = world("calm", tables);
    let clock = clock(&world, 1.0);
    let connection = connect(&world, in_process(&world, &clock), &clock);
    let first = Interest { last_key: clock.now(), ..Interest::default() };
    let (interest, watched) = watch::channel(first);
    let settings =
        Settings { budget_usd_per_hour: None, describe_per_second: 10_000, ..Settings::default() };
    let (out, mut news) = mpsc::channel(NEWS_AT_ONCE);
    let feed = Feed::new(watched, Arc::new(Notify::new()));
    let engine = tokio::spawn(run(connection, clock.clone(), settings, feed, out));
    let mut app: App = app(clock.now());
    let mut progress = Progress::default();
    while progress.all.is_none() {
        let mut updates = vec![news.recv().await.unwrap()];
        while let Ok(update) = news.try_recv() {
            updates.push(update);
        }
        for update in &updates {
            progress.note(update);
        }
        let taken = Instant::now();
        for effect in app.handle(Msg::Updates(updates), clock.now()) {
            let Effect::Interest(looked_at) = effect else { continue };
            interest.send_modify(|interest| {
                let visible = looked_at.visible.into_iter().map(|target| target.resource);
                interest.visible = visible.collect();
            });
        }
        progress.slowest = progress.slowest.max(taken.elapsed());
        progress.look(&interest.borrow().visible, tables, begun.elapsed());
        tokio::time::sleep(NEWS_PACE).await;
    }
    engine.abort();
    progress
}

fn tell(tables: usize) {
    let progress = runtime().block_on(first_history(tables));
    let told = [
        ("the screen", progress.screen),
        ("all tables", progress.tables),
        ("and all indexes", progress.all),
        ("news taken in at once at most", Some(progress.slowest)),
    ];
    let mut out = io::stdout().lock();
    for (what, passed) in told {
        let seconds = passed.unwrap_or_default().as_secs_f64();
        writeln!(out, "first hour of {tables:5} tables: {what:30} {seconds:6.2} s").unwrap();
    }
}

fn main() {
    tell(20);
    tell(TABLES);
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(5))
        .configure_from_args();
    let mut group = criterion.benchmark_group("history");
    group.bench_function("5,000 tables built", |bencher| bencher.iter_with_large_drop(fleet));
    group.bench_function("5,000 tables simulated for four hours", |bencher| {
        bencher.iter_batched(fleet, simulate, BatchSize::PerIteration);
    });
    group.finish();
    criterion.final_summary();
}
