//! What a large simulated fleet costs before its first reply.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot be set up has no result")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion};
use ddbtop::sim::fleet::Fleet;
use ddbtop::sim::scenario::Scenario;

const TABLES: usize = 5_000;

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

fn main() {
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
