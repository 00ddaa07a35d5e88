//! 5,000 metrics of 60 points each: read through the SDK's clients from the simulated AWS, and
//! applied to a store. The target is 150 ms for all of it.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot be set up has no result")]

mod canned;
mod support;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use canned::Canned;
use criterion::{BatchSize, Criterion};
use ddbtop::aws::Connection;
use ddbtop::model::id::{Resource, Scope};
use ddbtop::model::metric::{Metric, SeriesKey};
use ddbtop::model::throttle::Direction;
use ddbtop::model::time::{Minute, Window};
use ddbtop::model::update::{News, Points, Update};
use ddbtop::store::{Settings, Store};
use ddbtop_sim::world::World;
use jiff::{SignedDuration, Timestamp};
use support::{clock, connect, in_process, runtime, start, world};
use tokio::task::JoinSet;

/// Each has two metrics that are published every minute.
const TABLES: usize = 2_500;
const MINUTES: i64 = 60;
/// As the poller calls `GetMetricData`: queries per call, and calls under way.
const QUERIES_PER_CALL: usize = 500;
const AT_A_TIME: usize = 4;
/// How long after its end a minute may still be published.
const LATE_MINUTES: i64 = 5;

/// What is read.
struct Reading {
    scope: Scope,
    at: Timestamp,
    window: Window,
    batches: Vec<Vec<SeriesKey>>,
}

impl Reading {
    fn new(world: &World, names: Vec<Arc<str>>) -> Self {
        let at = start(world);
        let consumed = Direction::ALL.map(Metric::Consumed);
        let keys: Vec<SeriesKey> = names
            .into_iter()
            .flat_map(|name| consumed.map(|m| SeriesKey::sum(Resource::Table(name.clone()), m)))
            .collect();
        Self {
            scope: Scope::new("aws", &world.account().id, &world.account().region),
            at,
            window: Window::ending(Minute::containing(at).plus(-LATE_MINUTES), MINUTES),
            batches: keys.chunks(QUERIES_PER_CALL).map(<[SeriesKey]>::to_vec).collect(),
        }
    }

    /// Reads everything, a few calls at a time.
    async fn fetch(&self, connection: &Connection) -> Vec<Update> {
        let mut left = self.batches.iter().cloned();
        let mut jobs = JoinSet::new();
        let mut updates = Vec::with_capacity(self.batches.len());
        loop {
            while jobs.len() < AT_A_TIME
                && let Some(keys) = left.next()
            {
                let (connection, window) = (connection.clone(), self.window);
                jobs.spawn(async move {
                    let fetched = connection.points(window, &keys).await.result.unwrap();
                    keys.into_iter().zip(fetched.series.into_iter().map(Option::unwrap)).collect()
                });
            }
            let Some(series) = jobs.join_next().await else { return updates };
            let due = self.at + SignedDuration::from_secs(60);
            let points = Points { window: self.window, due, series: series.unwrap() };
            updates.push(self.update(News::Points(points)));
        }
    }

    fn update(&self, news: News) -> Update {
        Update { scope: self.scope.clone(), at: self.at, news }
    }

    /// A store that knows the tables' names only.
    fn store(&self) -> Store {
        let names = self.batches.iter().flatten().filter_map(|key| key.resource.table_name());
        let mut store = Store::new(Settings::default());
        store.apply(self.update(News::TableNames(names.cloned().collect())));
        store
    }
}

fn apply((mut store, updates): (Store, Vec<Update>)) -> Store {
    for update in updates {
        store.apply(update);
    }
    store
}

fn points(updates: &[Update]) -> usize {
    let mut count = 0;
    for update in updates {
        if let News::Points(points) = &update.news {
            count += points.series.iter().map(|(_, points)| points.len()).sum::<usize>();
        }
    }
    count
}

fn main() {
    let world = world("calm", TABLES);
    let runtime = runtime();
    let clock = clock(&world, 0.0);
    let live = connect(&world, in_process(&world, &clock), &clock);
    let replies = Canned::new(&world);
    let canned = connect(&world, replies.clone(), &clock);
    let names = runtime.block_on(live.table_names()).result.unwrap();
    let reading = Reading::new(&world, names);
    let updates = runtime.block_on(reading.fetch(&canned));
    assert_eq!(points(&updates), 5_000 * 60);

    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let mut group = criterion.benchmark_group("5,000 metrics x 60 points");
    group.bench_function("read and applied", |bencher| {
        let read_and_apply = |store| apply((store, runtime.block_on(reading.fetch(&live))));
        bencher.iter_batched(|| reading.store(), read_and_apply, BatchSize::PerIteration);
    });
    group.bench_function("the simulated AWS alone", |bencher| {
        bencher.iter(|| black_box(replies.ask_again()));
    });
    group.bench_function("the SDK alone", |bencher| {
        bencher.iter_with_large_drop(|| runtime.block_on(reading.fetch(&canned)));
    });
    group.bench_function("applying alone", |bencher| {
        let setup = || (reading.store(), updates.clone());
        bencher.iter_batched(setup, apply, BatchSize::PerIteration);
    });
    group.finish();
    criterion.final_summary();
}
