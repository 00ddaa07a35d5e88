//! Where the data come from: a live AWS or the simulated one, each behind the same SDK clients.

use super::{Failure, look};
use crate::app;
use crate::aws::{self, Connection, LiveOptions};
use crate::clock::Clock;
use crate::config::{Config, Simulated, Target};
use crate::model::contributor::MaskSalt;
use crate::poll;
use crate::sim::front::in_process::InProcess;
use crate::sim::scenario::Scenario;
use crate::sim::world::{World, WorldOptions};
use crate::store;
use crate::view::header::Banner;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;

/// A target that has been checked, but not yet connected to.
pub(super) struct Source {
    /// The time at the target.
    pub(super) clock: Clock,
    way: Way,
}

enum Way {
    Live(LiveOptions),
    /// Made only when it is connected to: a large fleet takes a moment.
    Simulated(WorldOptions),
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
                let world = world_options(simulated, None)?;
                let origin = moment(world.scenario.start());
                let clock = Clock::simulated(origin, simulated.speed.unwrap_or(speed));
                Ok(Self { clock, way: Way::Simulated(world) })
            }
        }
    }

    /// Sets the clients up. May read configuration files and, on a cloud machine, its metadata.
    pub(super) async fn connect(&self) -> Result<Connection, aws::ConnectError> {
        match &self.way {
            Way::Live(options) => aws::connect_live(options).await,
            Way::Simulated(options) => {
                let world = World::new(options);
                let clock = self.clock.clone();
                let now = Arc::new(move || epoch(clock.now()));
                let http = InProcess::new(world, now);
                let region = options.scenario.region();
                Ok(aws::connect_simulated(http, region, self.clock.clone()))
            }
        }
    }
}

/// What a simulated world is made of; it begins at `start` or on the scenario's own day.
pub(super) fn world_options(
    simulated: &Simulated,
    start: Option<f64>,
) -> Result<WorldOptions, Failure> {
    let scenario = Scenario::named(&simulated.scenario)?;
    let scenario = match start {
        Some(start) => scenario.starting_at(start),
        None => scenario,
    };
    Ok(WorldOptions { scenario, seed: simulated.seed, tables: simulated.tables })
}

/// How the pollers are set up. Nobody shares the simulated AWS: it is described as fast as it
/// answers.
pub(super) fn poll_settings(config: &Config) -> poll::Settings {
    let defaults = poll::Settings::default();
    let (describe_per_second, jitter_seed, mask) = match &config.target {
        // Several people watching one account must not all ask in the same second.
        Target::Live { .. } => (defaults.describe_per_second, fastrand::u64(..), secret()),
        Target::Simulated(simulated) => (10_000, simulated.seed, simulated.seed.into()),
    };
    poll::Settings {
        settle_seconds: config.settle_seconds,
        budget_usd_per_hour: config.budget_usd_per_hour,
        describe_per_second,
        jitter_seed,
        mask_salt: MaskSalt::new(mask),
        ..defaults
    }
}

/// Bits that nobody can guess: the standard library keys its hashers with random bits of the system, which
/// `fastrand` does not promise to.
fn secret() -> u128 {
    let draw = || u128::from(RandomState::new().build_hasher().finish());
    draw() << 64 | draw()
}

/// How the application is set up.
pub(super) fn app_options(config: &Config, source: &Source) -> app::Options {
    let permission = app::Permission { by: config.writes.by(), answer: config.writes.answer() };
    let banner = |live| if config.writes.are_allowed() { Banner::WritesAllowed } else { live };
    let (banner, profile, region) = match &source.way {
        Way::Live(LiveOptions { profile, region, .. }) => {
            (banner(Banner::ReadOnly), profile.clone(), region.clone().unwrap_or_default())
        }
        Way::Simulated(world) => (Banner::Demo, None, world.scenario.region().to_owned()),
    };
    app::Options { banner, permission, profile, region, ..usual_options(config) }
}

/// How the application is set up, whatever it shows; nothing may be written.
pub(super) fn usual_options(config: &Config) -> app::Options {
    app::Options {
        banner: Banner::ReadOnly,
        permission: app::Permission::default(),
        prices: Arc::clone(&config.prices),
        profile: None,
        region: String::new(),
        thresholds: config.thresholds,
        store: store::Settings { settle_seconds: config.settle_seconds, ..Default::default() },
        behind: Arc::clone(&config.behind),
        remembered: app::Remembered::default(),
        keymap: config.keymap.clone(),
        production: config.production.clone(),
        themes: vec![],
        theme: String::new(),
        time_zone: TimeZone::system(),
        charset: look::abilities().charset,
        marker: look::marker(config),
        include_settling: false,
        is_recorded: false,
        replay: None,
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
