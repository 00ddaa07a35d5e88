//! Where the data come from: a live AWS or the simulated one, each behind the same SDK clients.

use super::{Failure, look};
use crate::app;
use crate::aws::{self, ConnectError, Connection, LiveOptions};
use crate::clock::Clock;
use crate::config::{Config, Simulated, Target};
use crate::model::contributor::MaskSalt;
use crate::model::health::{CallError, ErrorClass, Outcome, Poller, Round};
use crate::model::id::Scope;
use crate::model::update::{News, Update};
use crate::poll;
use crate::store;
use crate::view::header::Banner;
use ddbtop_sim::front::in_process::InProcess;
use ddbtop_sim::scenario::Scenario;
use ddbtop_sim::world::{World, WorldOptions};
use futures_util::future::join_all;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

/// A target that has been checked, but not yet connected to.
pub(super) struct Sources {
    /// The time at the target.
    pub(super) clock: Clock,
    ways: Vec<Way>,
}

enum Way {
    Live(LiveOptions),
    /// Made only when it is connected to: a large fleet takes a moment.
    Simulated(WorldOptions),
}

impl Way {
    /// The region, where it is named.
    fn region(&self) -> Option<&str> {
        match self {
            Self::Live(options) => options.region.as_deref(),
            Self::Simulated(world) => Some(world.scenario.region()),
        }
    }
}

impl Sources {
    /// Checks the target; nothing is asked of AWS. `speed` is that of a simulated world where the
    /// user did not say.
    pub(super) fn new(target: &Target, speed: f64) -> Result<Self, Failure> {
        match target {
            Target::Live { profiles, regions, endpoint_url } => {
                for region in regions {
                    aws::check_region(region, endpoint_url.is_some())?;
                }
                let ways = each(profiles).flat_map(|profile| {
                    let (profile, endpoint_url) = (profile.cloned(), endpoint_url.clone());
                    each(regions).map(move |region| {
                        let (profile, endpoint_url) = (profile.clone(), endpoint_url.clone());
                        Way::Live(LiveOptions { profile, region: region.cloned(), endpoint_url })
                    })
                });
                Ok(Self { clock: Clock::wall(), ways: ways.collect() })
            }
            Target::Simulated(simulated) => {
                for region in &simulated.regions {
                    aws::check_region(region, false)?;
                }
                let world = world_options(simulated, None)?;
                let origin = moment(world.scenario.start());
                let clock = Clock::simulated(origin, simulated.speed.unwrap_or(speed));
                let worlds = each(&simulated.regions).map(|region| match region {
                    Some(region) => Way::Simulated(moved(&world, region)),
                    None => Way::Simulated(moved(&world, world.scenario.region())),
                });
                Ok(Self { ways: worlds.collect(), clock })
            }
        }
    }

    /// Sets the clients up. May read configuration files and, on a cloud machine, its metadata.
    ///
    /// # Errors
    /// Only where no connection at all can be set up: one that cannot leaves the others whole, and is
    /// told in a failed round.
    pub(super) async fn connect(
        &self,
    ) -> Result<Vec<Result<Connection, Box<Update>>>, ConnectError> {
        let mut attempts = join_all(self.ways.iter().map(|way| self.connect_one(way))).await;
        if attempts.iter().all(Result::is_err)
            && let Some(Err((_, error))) = attempts.pop()
        {
            return Err(error);
        }
        let now = self.clock.now();
        let told = |(scope, error)| Box::new(lost(scope, &error, now));
        Ok(attempts.into_iter().map(|attempt| attempt.map_err(told)).collect())
    }

    /// Sets up the clients of one; where that fails, what stands for its scope, and why.
    async fn connect_one(&self, way: &Way) -> Result<Connection, (Scope, ConnectError)> {
        match way {
            Way::Live(options) => aws::connect_live(options).await.map_err(|error| {
                let [profile, region] = [&options.profile, &options.region]
                    .map(|name| name.as_deref().unwrap_or_default());
                (Scope::new(aws::partition(region), profile, region), error)
            }),
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

    /// How the pollers of each connection are set up, in their order: each keeps an equal share of the
    /// budget.
    pub(super) fn settings(&self, config: &Config) -> Vec<poll::Settings> {
        let all = poll_settings(config);
        let share = all.budget_usd_per_hour.map(|usd| usd / self.ways.len().max(1) as f64);
        let each = |(way, place): (&Way, u64)| poll::Settings {
            budget_usd_per_hour: share,
            jitter_seed: all.jitter_seed.wrapping_add(place),
            stand_in: self.stand_in(way),
            ..all.clone()
        };
        self.ways.iter().zip(0..).map(each).collect()
    }

    /// What stands for an account that is not known, where there may be several.
    fn stand_in(&self, way: &Way) -> String {
        match way {
            Way::Live(LiveOptions { profile: Some(profile), .. }) if self.ways.len() > 1 => {
                profile.clone()
            }
            Way::Live(_) | Way::Simulated(_) => String::new(),
        }
    }
}

/// Each of these, or `None` once where there is none.
fn each<T>(all: &[T]) -> impl Iterator<Item = Option<&T>> {
    let none = all.is_empty().then_some(None);
    all.iter().map(Some).chain(none)
}

/// What is told of a scope that there is no connection to.
fn lost(scope: Scope, error: &ConnectError, now: Timestamp) -> Update {
    let class = match error {
        ConnectError::NoRegion { .. } => ErrorClass::NoRegion,
        ConnectError::Region(_) | ConnectError::Endpoint(_) | ConnectError::Bundle { .. } => {
            ErrorClass::Rejected
        }
    };
    let (action, message) = ("dynamodb:ListTables", error.to_string());
    let error = CallError { class, action, code: None, message };
    let round = Round {
        poller: Poller::Tables,
        started: now,
        took: Duration::ZERO,
        outcome: Outcome::Failed(error),
        requests: 0,
        metrics: 0,
        due: Timestamp::MAX,
    };
    Update { scope, at: now, news: News::Round(round) }
}

/// The world of another region: the same scenario, with chances of its own.
fn moved(world: &WorldOptions, region: &str) -> WorldOptions {
    let mix = |seed: u64, byte: u8| (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let seed = if region == world.scenario.region() {
        world.seed
    } else {
        region.bytes().fold(world.seed, mix)
    };
    WorldOptions { scenario: world.scenario.clone().in_region(region), seed, tables: world.tables }
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
fn poll_settings(config: &Config) -> poll::Settings {
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
pub(super) fn app_options(config: &Config, sources: &Sources) -> app::Options {
    let permission = app::Permission { by: config.writes.by(), answer: config.writes.answer() };
    let banner = |live| if config.writes.are_allowed() { Banner::WritesAllowed } else { live };
    let (banner, profiles) = match &config.target {
        Target::Live { profiles, .. } => (banner(Banner::ReadOnly), profiles.clone()),
        Target::Simulated(_) => (Banner::Demo, vec![]),
    };
    let mut regions: Vec<&str> = sources.ways.iter().filter_map(Way::region).collect();
    regions.sort_unstable();
    regions.dedup();
    let region = regions.join(", ");
    app::Options { banner, permission, profiles, region, ..usual_options(config) }
}

/// How the application is set up, whatever it shows; nothing may be written.
pub(super) fn usual_options(config: &Config) -> app::Options {
    app::Options {
        banner: Banner::ReadOnly,
        permission: app::Permission::default(),
        prices: Arc::clone(&config.prices),
        profiles: vec![],
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
