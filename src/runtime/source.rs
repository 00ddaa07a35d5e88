//! Where the data come from: a live AWS or the simulated one, each behind the same SDK clients.

use super::{Failure, look};
use crate::app::{self, Selection, Standing};
use crate::aws::{self, ConnectError, Connection, LiveOptions};
use crate::clock::Clock;
use crate::config::{Config, Simulated, Target};
use crate::model::contributor::MaskSalt;
use crate::model::health::{CallError, ErrorClass, Outcome, Poller, Round};
use crate::model::id::Scope;
use crate::model::region::partition;
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
use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A target that has been checked, but not yet connected to.
#[derive(Clone)]
pub(super) struct Sources {
    /// The time at the target.
    pub(super) clock: Clock,
    aws: Aws,
    /// What is read first.
    ways: Vec<Way>,
}

/// One region, and the profile that it is read with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    /// `None` is the one that the AWS CLI would use.
    pub(super) profile: Option<String>,
    /// `None` is the profile's own, or the scenario's.
    pub(super) region: Option<String>,
}

#[derive(Clone)]
enum Aws {
    Live { endpoint_url: Option<String> },
    Simulated(Arc<Worlds>),
}

/// The worlds of a simulated AWS, one in each region. They are made only when they are connected to, since a
/// large fleet takes a moment, and stay as they are while another region is read.
struct Worlds {
    options: WorldOptions,
    made: Mutex<BTreeMap<String, World>>,
}

impl Worlds {
    fn in_region(&self, region: &str) -> World {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || World::new(&moved(&self.options, region));
        made.entry(region.to_owned()).or_insert_with(new).clone()
    }
}

impl Sources {
    /// Checks the target; nothing is asked of AWS. `speed` is that of a simulated world where the
    /// user did not say.
    pub(super) fn new(target: &Target, speed: f64) -> Result<Self, Failure> {
        let (clock, aws) = match target {
            Target::Live { endpoint_url, .. } => {
                (Clock::wall(), Aws::Live { endpoint_url: endpoint_url.clone() })
            }
            Target::Simulated(simulated) => {
                let options = world_options(simulated, None)?;
                let origin = moment(options.scenario.start());
                let clock = Clock::simulated(origin, simulated.speed.unwrap_or(speed));
                (clock, Aws::Simulated(Arc::new(Worlds { options, made: Mutex::default() })))
            }
        };
        let mut sources = Self { clock, aws, ways: vec![] };
        sources.ways = sources.ways_to(&target.selection())?;
        Ok(sources)
    }

    /// Every region with every profile.
    ///
    /// # Errors
    /// [`ConnectError::Region`].
    pub(super) fn ways_to(&self, selection: &Selection) -> Result<Vec<Way>, ConnectError> {
        let any_label = matches!(&self.aws, Aws::Live { endpoint_url: Some(_) });
        for region in &selection.regions {
            aws::check_region(region, any_label)?;
        }
        let ways = each(&selection.profiles).flat_map(|profile| {
            let way = move |region: Option<&String>| Way {
                profile: profile.cloned(),
                region: region.cloned(),
            };
            each(&selection.regions).map(way)
        });
        Ok(ways.collect())
    }

    /// What is read first.
    pub(super) fn ways(&self) -> &[Way] {
        &self.ways
    }

    /// Sets the clients up. May read configuration files and, on a cloud machine, its metadata.
    ///
    /// # Errors
    /// Only where no connection at all can be set up: one that cannot leaves the others whole, and is
    /// told in a failed round.
    pub(super) async fn connect(
        &self,
    ) -> Result<Vec<Result<Connection, Box<Update>>>, ConnectError> {
        let mut attempts = join_all(self.ways.iter().map(|way| self.attempt(way))).await;
        if attempts.iter().all(Result::is_err)
            && let Some(Err((_, error))) = attempts.pop()
        {
            return Err(error);
        }
        Ok(attempts.into_iter().map(|attempt| self.or_told(attempt)).collect())
    }

    /// Sets up the clients of one; where that fails, what is told of it.
    pub(super) async fn connect_to(&self, way: &Way) -> Result<Connection, Box<Update>> {
        self.or_told(self.attempt(way).await)
    }

    fn or_told(
        &self,
        attempt: Result<Connection, (Scope, ConnectError)>,
    ) -> Result<Connection, Box<Update>> {
        attempt.map_err(|(scope, error)| Box::new(lost(scope, &error, self.clock.now())))
    }

    /// Sets up the clients of one; where that fails, what stands for its scope, and why.
    async fn attempt(&self, way: &Way) -> Result<Connection, (Scope, ConnectError)> {
        let Way { profile, region } = way.clone();
        match &self.aws {
            Aws::Live { endpoint_url } => {
                let options = LiveOptions { profile, region, endpoint_url: endpoint_url.clone() };
                aws::connect_live(&options).await.map_err(|error| {
                    let [profile, region] = [&options.profile, &options.region]
                        .map(|name| name.as_deref().unwrap_or_default());
                    (Scope::new(partition(region), profile, region), error)
                })
            }
            Aws::Simulated(worlds) => {
                let region = region.as_deref().unwrap_or(worlds.options.scenario.region());
                let clock = self.clock.clone();
                let now = Arc::new(move || epoch(clock.now()));
                let http = InProcess::new(worlds.in_region(region), now);
                Ok(aws::connect_simulated(http, region, self.clock.clone()))
            }
        }
    }

    /// How the pollers of the first connections are set up, in their order.
    pub(super) fn settings(&self, config: &Config) -> Vec<poll::Settings> {
        let (all, count) = (poll_settings(config), self.ways.len());
        let numbered = self.ways.iter().zip(0..);
        numbered.map(|(way, number)| settings(&all, way, number, count)).collect()
    }

    /// The names of the regions, where they are named, with commas between them.
    fn regions(&self, selection: &Selection) -> String {
        let mut regions: Vec<&str> = selection.regions.iter().map(String::as_str).collect();
        if let (Aws::Simulated(worlds), []) = (&self.aws, regions.as_slice()) {
            regions.push(worlds.options.scenario.region());
        }
        regions.sort_unstable();
        regions.join(", ")
    }
}

/// How the pollers of one of `count` connections are set up: as all are, but each keeps an equal share of the
/// budget. `number` is no other one's.
pub(super) fn settings(
    all: &poll::Settings,
    way: &Way,
    number: u64,
    count: usize,
) -> poll::Settings {
    poll::Settings {
        budget_usd_per_hour: share(all.budget_usd_per_hour, count),
        jitter_seed: all.jitter_seed.wrapping_add(number),
        // What stands for an account that is not known, where there may be several.
        stand_in: way.profile.clone().filter(|_| count > 1).unwrap_or_default(),
        ..all.clone()
    }
}

/// What each of `count` connections may cost, of what all may.
pub(super) fn share(usd_per_hour: Option<f64>, count: usize) -> Option<f64> {
    usd_per_hour.map(|usd| usd / count.max(1) as f64)
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
        ConnectError::NoProfile { .. }
        | ConnectError::Region(_)
        | ConnectError::Endpoint(_)
        | ConnectError::Bundle { .. } => ErrorClass::Rejected,
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
        due: None,
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
pub(super) fn app_options(config: &Config, sources: &Sources) -> app::Options {
    app::Options { standing: standing(config, sources), ..usual_options(config) }
}

/// What is read, and what that allows.
pub(super) fn standing(config: &Config, sources: &Sources) -> Standing {
    let permission = app::Permission { by: config.writes.by(), answer: config.writes.answer() };
    let banner = match &config.target {
        Target::Live { .. } if config.writes.are_allowed() => Banner::WritesAllowed,
        Target::Live { .. } => Banner::ReadOnly,
        Target::Simulated(_) => Banner::Demo,
    };
    let selection = config.target.selection();
    let region = sources.regions(&selection);
    Standing { selection, region, banner, permission, permit: config.permit() }
}

/// How the application is set up, whatever it shows; nothing may be written.
pub(super) fn usual_options(config: &Config) -> app::Options {
    app::Options {
        standing: Standing::default(),
        prices: Arc::clone(&config.prices),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::reader::Recording;
    use crate::record::writer::{About, Writer};

    #[test]
    fn what_there_is_no_connection_to_is_recorded_like_any_other_news() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recording");
        let at = moment(1_795_348_800.0);
        let error = ConnectError::NoRegion { profile: None };
        let update = lost(Scope::new("aws", "stage", ""), &error, at);
        let about =
            About { simulated: false, keys: false, settle_seconds: 120, run: "run".to_owned() };
        let mut writer = Writer::create(&path, false, about).unwrap();
        writer.hear(at, std::slice::from_ref(&update)).unwrap();
        writer.finish().unwrap();
        let chapter = Recording::open(&[&path]).unwrap().read(0);
        assert_eq!(chapter.unknown, 0);
        let heard: Vec<Update> = chapter.heard.into_iter().map(|heard| heard.update).collect();
        assert_eq!(heard, [update]);
    }
}
