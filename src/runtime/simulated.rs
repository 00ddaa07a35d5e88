//! `sim` and `scenarios`: the simulated AWS on its own.

use super::signals::Signals;
use super::source::{epoch, world_options};
use super::{Ending, Failure, print, tell};
use crate::cli::{Common, Sim};
use crate::clock::Clock;
use crate::config;
use ddbtop_sim::front::listen;
use ddbtop_sim::policy::Policy;
use ddbtop_sim::scenario::Scenario;
use ddbtop_sim::world::World;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Every scenario with its summary, a line each.
pub(super) fn list() -> String {
    let names = Scenario::names();
    let width = names.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    names.iter().fold(String::new(), |mut text, (name, summary)| {
        let _ = writeln!(text, "{name:width$}  {summary}");
        text
    })
}

/// Reads a policy.
fn policy(path: &Path) -> Result<Policy, Failure> {
    let at = path.display().to_string();
    let text = fs::read_to_string(path).map_err(Failure::system(at.clone()))?;
    Policy::parse(&text).map_err(|error| Failure::Policy { path: at, error })
}

/// Serves the simulated AWS until a signal ends it.
pub(super) async fn serve(typed: &Common, flags: &Sim) -> Result<Ending, Failure> {
    config::check(typed)?;
    let scenario = typed.demo.as_deref().unwrap_or(ddbtop_sim::DEFAULT_SCENARIO);
    let simulated = config::simulated(typed, scenario);
    // Clients live in the present, so the scenario begins now and not on its own day.
    let origin = Clock::wall().now();
    let world = World::new(&world_options(&simulated, Some(epoch(origin)))?);
    if let Some(path) = &flags.policy {
        world.enforce(policy(path)?);
    }
    if !flags.frozen {
        world.enforce_quotas();
    }
    let speed = if flags.frozen { 0.0 } else { simulated.speed.unwrap_or(1.0) };
    let clock = Clock::simulated(origin, speed);

    let listener =
        TcpListener::bind(flags.listen).await.map_err(Failure::system(flags.listen.to_string()))?;
    let address = listener.local_addr().map_err(Failure::system("the listening socket"))?;
    if !address.ip().is_loopback() {
        tell(&format!("{address} can be reached from other machines"));
    }
    let mut signals = Signals::new()?;
    print(&format!("listening on http://{address}\n"))?;
    let mut ending = Ending::Fine;
    let shutdown = async {
        ending = signals.next().await;
    };
    listen::serve(listener, world, Arc::new(move || epoch(clock.now())), shutdown).await;
    Ok(ending)
}
