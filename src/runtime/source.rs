//! Where the data come from: a live AWS or the simulated one, each behind the same SDK clients.

use super::Failure;
use crate::aws::{self, Connection, LiveOptions};
use crate::clock::Clock;
use crate::config::{Config, Simulated, Target};
use crate::poll;
use crate::sim::front::in_process::InProcess;
use crate::sim::scenario::Scenario;
use crate::sim::world::{World, WorldOptions};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use jiff::Timestamp;
use std::sync::Arc;

/// A target that has been checked, but not yet connected to.
pub(super) struct Source {
    /// The time at the target.
    pub(super) clock: Clock,
    way: Way,
}

enum Way {
    Live(LiveOptions),
    Simulated(World),
}

impl Source {
    /// Checks the target; nothing is asked of AWS. `speed` is that of a simulated world where the
    /// user did not say.
    pub(super) fn new(target: &Target, speed: f64) -> Result<Self, Failure> {
        match target {
            Target::Live { profile, region, endpoint_url } => Ok(Self {
                clock: Clock::wall(),
                way: Way::Live(LiveOptions {
                    profile: profile.clone(),
                    region: region.clone(),
                    endpoint_url: endpoint_url.clone(),
                }),
            }),
            Target::Simulated(simulated) => {
                let world = world(simulated)?;
                let clock = Clock::simulated(moment(world.start()), simulated.speed.unwrap_or(speed));
                Ok(Self { clock, way: Way::Simulated(world) })
            }
        }
    }

    /// Sets the clients up. May read configuration files and, on a cloud machine, its metadata.
    pub(super) async fn connect(&self) -> Result<Connection, aws::ConnectError> {
        match &self.way {
            Way::Live(options) => aws::connect_live(options).await,
            Way::Simulated(world) => {
                let clock = self.clock.clone();
                let now = Arc::new(move || epoch(clock.now()));
                let http = SharedHttpClient::new(InProcess::new(world.clone(), now));
                Ok(aws::connect_simulated(http, &world.account().region, self.clock.clone()))
            }
        }
    }
}

/// The world of a scenario.
pub(super) fn world(simulated: &Simulated) -> Result<World, Failure> {
    let scenario = Scenario::named(&simulated.scenario)?;
    Ok(World::new(&WorldOptions { scenario, seed: simulated.seed, tables: simulated.tables }))
}

/// How the pollers are set up.
pub(super) fn poll_settings(config: &Config) -> poll::Settings {
    poll::Settings {
        settle_seconds: config.settle_seconds,
        budget_usd_per_hour: config.budget_usd_per_hour,
        ..poll::Settings::default()
    }
}

/// Seconds since the Unix epoch.
pub(super) fn epoch(at: Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}

fn moment(epoch: f64) -> Timestamp {
    jiff::SignedDuration::try_from_secs_f64(epoch)
        .ok()
        .and_then(|since| Timestamp::from_duration(since).ok())
        .unwrap_or(Timestamp::UNIX_EPOCH)
}
