//! A simulated AWS that stands still, and our own clients on it.

use std::sync::Arc;

use aws_smithy_runtime_api::client::http::HttpClient;
use ddbtop::aws::{Connection, connect_simulated};
use ddbtop::clock::Clock;
use ddbtop::sim::front::in_process::InProcess;
use ddbtop::sim::scenario::Scenario;
use ddbtop::sim::world::{World, WorldOptions};
use jiff::{SignedDuration, Timestamp};

/// The world of a shipped scenario with so many tables.
pub(crate) fn world(scenario: &str, tables: usize) -> World {
    let scenario = Scenario::named(scenario).unwrap();
    World::new(&WorldOptions { scenario, seed: 1, tables: Some(tables) })
}

/// The moment at which the world stands still.
pub(crate) fn start(world: &World) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs_f64(world.start())
}

/// The world as the HTTP client of the SDK.
pub(crate) fn in_process(world: &World) -> InProcess {
    let start = world.start();
    InProcess::new(world.clone(), Arc::new(move || start))
}

/// Clients over `http`, at the world's time.
pub(crate) fn connect(world: &World, http: impl HttpClient + 'static) -> Connection {
    let clock = Clock::simulated(start(world), 0.0);
    connect_simulated(http, &world.account().region, clock)
}

/// The runtime that the program itself uses.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
