//! A simulated AWS, and our own clients on it.

use std::sync::Arc;

use aws_smithy_runtime_api::client::http::HttpClient;
use ddbtop::aws::{Connection, connect_simulated};
use ddbtop::clock::Clock;
use ddbtop_sim::front::in_process::InProcess;
use ddbtop_sim::scenario::Scenario;
use ddbtop_sim::world::{World, WorldOptions};
use jiff::{SignedDuration, Timestamp};

/// The world of a shipped scenario with so many tables.
pub(crate) fn world(scenario: &str, tables: usize) -> World {
    let scenario = Scenario::named(scenario).unwrap();
    World::new(&WorldOptions { scenario, seed: 1, tables: Some(tables) })
}

/// The moment at which the world begins.
pub(crate) fn start(world: &World) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs_f64(world.start())
}

/// A clock that begins with the world and runs so many times as fast as the wall's.
pub(crate) fn clock(world: &World, speed: f64) -> Clock {
    Clock::simulated(start(world), speed)
}

/// The world as the HTTP client of the SDK.
pub(crate) fn in_process(world: &World, clock: &Clock) -> InProcess {
    let told = clock.clone();
    InProcess::new(world.clone(), Arc::new(move || told.now().as_duration().as_secs_f64()))
}

/// Clients over `http`.
pub(crate) fn connect(world: &World, http: impl HttpClient + 'static, clock: &Clock) -> Connection {
    connect_simulated(http, &world.account().region, clock.clone())
}

/// The runtime that the program itself uses.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
