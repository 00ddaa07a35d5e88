//! Settings: flags over `DDBTOP_*` over the settings file over defaults, resolved and checked.

mod dax;
pub mod file;
mod keys;
mod recording;
mod writes;

pub use crate::app::production::Production;
pub use recording::Recording;
pub use writes::{SaidBy, Writes};

use crate::app::Selection;
use crate::app::keymap::Keymap;
use crate::cli::{ColorChoice, Common, MarkerChoice};
use crate::diagnose::Thresholds;
use crate::model::dax::Behind;
use crate::tune::permit::Permit;
use crate::tune::price::Prices;
use file::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use writes::Said;

/// What every mode runs with.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Which AWS.
    pub target: Target,
    /// Most that polling may cost, dollars per hour; `None` is no limit.
    pub budget_usd_per_hour: Option<f64>,
    /// Seconds after its end until a minute counts as settled.
    pub settle_seconds: i64,
    /// When trouble begins.
    pub thresholds: Thresholds,
    /// Which tables are read through which DAX cluster.
    pub behind: Arc<Behind>,
    /// Which keys do what.
    pub keymap: Keymap,
    /// Bytes a second that the connection to the terminal bears; 0 is no limit, `None` unsaid.
    pub link_rate: Option<u32>,
    /// Name of the theme, where the user says one; else the one picked last.
    pub theme: Option<String>,
    /// How many colours the terminal shows.
    pub colors: ColorChoice,
    /// What charts are drawn with.
    pub marker: MarkerChoice,
    /// What is production.
    pub production: Production,
    /// Whether confirmed plans may be written, and who says so.
    pub writes: Writes,
    /// What decides that.
    said: Said,
    /// Folder that key `x` writes incident bundles to; the current one where none is said.
    pub export_directory: Option<PathBuf>,
    /// What estimates are made from.
    pub prices: Arc<Prices>,
    /// What is always recorded.
    pub recording: Recording,
}

impl Config {
    /// The permit to write, where writes are allowed: the one place that makes one.
    pub fn permit(&self) -> Option<Permit> {
        match self.writes {
            Writes::Allowed { .. } => Some(Permit::granted_by_configuration()),
            Writes::Forbidden { .. } => None,
        }
    }

    /// The same, but other profiles and regions are read: whether writes are allowed may depend on them.
    #[must_use]
    pub fn reading(&self, selection: Selection) -> Self {
        let mut config = self.clone();
        match &mut config.target {
            Target::Live { selection: present, .. } => *present = selection,
            Target::Simulated(simulated) => simulated.regions = selection.regions,
        }
        config.writes = config.said.resolve(&config.target);
        config
    }
}

/// Which AWS to read.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// The real one, or whatever answers at an endpoint.
    Live {
        /// The profiles and regions.
        selection: Selection,
        /// Endpoint instead of AWS's own.
        endpoint_url: Option<String>,
    },
    /// The simulated one.
    Simulated(Simulated),
}

impl Target {
    /// The profiles and regions that are read.
    pub fn selection(&self) -> Selection {
        match self {
            Self::Live { selection, .. } => selection.clone(),
            Self::Simulated(simulated) => {
                Selection { profiles: vec![], regions: simulated.regions.clone() }
            }
        }
    }
}

/// How the simulated AWS is set up.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulated {
    /// Name of the scenario.
    pub scenario: String,
    /// Seed of everything random in it.
    pub seed: u64,
    /// Simulated seconds per second; `None` where nothing was said.
    pub speed: Option<f64>,
    /// Where the worlds are, one in each; where none is named, in the scenario's own region.
    pub regions: Vec<String>,
    /// Number of tables, if the scenario's own is not wanted.
    pub tables: Option<usize>,
}

/// Settings that cannot be used. Each message is one line: what, where, what to do.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// The settings file, or one that it names, could not be read.
    #[error("settings: {path}: {problem}")]
    Unreadable {
        /// Its path.
        path: String,
        /// The system's words.
        problem: String,
    },
    /// The settings file has a mistake.
    #[error("settings file {path}:{line}: {problem}")]
    Invalid {
        /// Its path.
        path: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong, and what was probably meant.
        problem: String,
    },
    /// A flag has a value that cannot be used.
    #[error("{flag}: {problem}")]
    Flag {
        /// The flag.
        flag: &'static str,
        /// What is wrong.
        problem: String,
    },
}

/// The default budget on a real AWS, dollars per hour.
const BUDGET_USD_PER_HOUR: f64 = 1.0;
/// Seconds until CloudWatch no longer revises a minute, by default.
const SETTLE_SECONDS: u32 = 120;

/// Resolves what was typed, reading the settings file.
///
/// # Errors
/// Any unreadable or invalid setting, with its place.
pub fn resolve(typed: &Common) -> Result<Config, ConfigError> {
    let file = match &typed.config {
        Some(path) => file::read(path)?,
        None => match default_path().filter(|path| path.exists()) {
            Some(path) => file::read(&path)?,
            None => File::default(),
        },
    };
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    merge(typed, file, variable)
}

/// Where the settings file is looked for when no flag names one.
pub fn default_path() -> Option<PathBuf> {
    Some(folder()?.join("config.toml"))
}

/// Where the user's themes are looked for.
pub fn themes_path() -> Option<PathBuf> {
    Some(folder()?.join("themes"))
}

/// The user's configuration directory for this program.
fn folder() -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    let base = etcetera::base_strategy::Xdg::new().ok()?;
    Some(base.config_dir().join("ddbtop"))
}

/// `variable` reads the environment, as far as the flags do not.
fn merge(
    typed: &Common,
    file: File,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Config, ConfigError> {
    check(typed)?;
    let target = match &typed.demo {
        Some(scenario) => Target::Simulated(simulated(typed, scenario)),
        None => Target::Live {
            selection: Selection {
                profiles: names(typed.profile.as_deref().or(file.profile.as_deref())),
                regions: names(typed.region.as_deref().or(file.region.as_deref())),
            },
            endpoint_url: typed.endpoint_url.clone().or(file.endpoint_url),
        },
    };
    let default_budget = match target {
        Target::Live { .. } => Some(BUDGET_USD_PER_HOUR),
        Target::Simulated(_) => None,
    };
    let [allow_writes, profile] = [writes::VARIABLE, "AWS_PROFILE"].map(variable);
    let said = Said {
        flag: typed.allow_writes,
        variable: allow_writes.as_deref().map(writes::read).transpose()?,
        file: file.allow_writes,
        profiles: file.profiles,
        environment_profile: profile,
    };
    Ok(Config {
        writes: said.resolve(&target),
        said,
        target,
        budget_usd_per_hour: typed.budget.or(file.budget_usd_per_hour).or(default_budget),
        settle_seconds: i64::from(file.settle_seconds.unwrap_or(SETTLE_SECONDS)),
        thresholds: file.thresholds,
        behind: file.behind,
        keymap: file.keymap,
        link_rate: typed.link_rate.or(file.link_rate),
        theme: typed.theme.clone().or(file.theme),
        colors: typed.colors.or(file.colors).unwrap_or_default(),
        marker: typed.marker.or(file.marker).unwrap_or_default(),
        production: file.production,
        recording: file.recording,
        export_directory: file.export_directory,
        prices: Arc::new(file.prices.as_deref().map_or_else(|| Ok(Prices::embedded()), prices)?),
    })
}

/// The names in a text with commas between them, each once.
fn names(text: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = vec![];
    for name in text.unwrap_or_default().split(',').map(str::trim) {
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Reads a table of prices.
fn prices(path: &Path) -> Result<Prices, ConfigError> {
    let unreadable =
        |problem: String| ConfigError::Unreadable { path: display_path(path), problem };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    Prices::parse(&text).map_err(unreadable)
}

/// The simulated AWS as typed; flags that were not given keep their defaults.
pub fn simulated(typed: &Common, scenario: &str) -> Simulated {
    Simulated {
        scenario: scenario.to_owned(),
        seed: typed.seed.unwrap_or(1),
        speed: typed.speed,
        regions: names(typed.region.as_deref()),
        tables: typed.tables,
    }
}

/// Checks the flags for values that cannot be used.
///
/// # Errors
/// The first flag with such a value.
pub fn check(typed: &Common) -> Result<(), ConfigError> {
    let flag = |flag, problem: &str| Err(ConfigError::Flag { flag, problem: problem.to_owned() });
    if typed.budget.is_some_and(|usd| !usd.is_finite() || usd < 0.0) {
        return flag("--budget", "expected dollars per hour, 0 or more");
    }
    if typed.speed.is_some_and(|speed| !(0.0..=3600.0).contains(&speed)) {
        return flag("--speed", "expected a factor from 0 (frozen) to 3600");
    }
    if typed.tables.is_some_and(|tables| tables > 20_000) {
        return flag("--tables", "expected at most 20000");
    }
    Ok(())
}

/// The path as people type it: with `~` for the home directory.
pub fn display_path(path: &Path) -> String {
    match etcetera::home_dir()
        .ok()
        .and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned))
    {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}

/// What was typed, without settings file and environment.
#[cfg(test)]
pub(crate) fn of(typed: &Common) -> Config {
    merge(typed, File::default(), |_| None).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Common {
        Common::default()
    }

    fn unset(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let file = file::parse("region = \"eu-west-1\"\nbudget_usd_per_hour = 0.5\n").unwrap();
        let with_flag = Common { region: Some("us-east-1".to_owned()), ..typed() };
        let config = merge(&with_flag, file.clone(), unset).unwrap();
        assert_eq!(config.target.selection().regions, ["us-east-1"]);
        assert_eq!(config.budget_usd_per_hour, Some(0.5));
        let config = merge(&typed(), file, unset).unwrap();
        assert_eq!(config.target.selection().regions, ["eu-west-1"]);
        assert_eq!(merge(&typed(), File::default(), unset).unwrap().budget_usd_per_hour, Some(1.0));
    }

    #[test]
    fn other_profiles_may_forbid_what_was_allowed() {
        let file = file::parse("[profiles.prod]\nallow_writes = false\n").unwrap();
        let config = merge(&Common { allow_writes: true, ..typed() }, file, unset).unwrap();
        let with = |profile: &str| {
            let profiles = vec![profile.to_owned()];
            config.reading(Selection { profiles, regions: vec![] })
        };
        assert!(config.permit().is_some() && with("dev").permit().is_some());
        let prod = with("prod");
        assert_eq!(prod.writes, Writes::Forbidden { by: SaidBy::Profile("prod".to_owned()) });
        assert!(prod.permit().is_none());
        assert_eq!(prod.target.selection().profiles, ["prod"]);
    }

    #[test]
    fn regions_and_profiles_are_named_with_commas_between_them() {
        let file = file::parse("region = \"eu-west-1, us-west-2\"\nprofile = \"a,b\"\n").unwrap();
        let Selection { profiles, regions } =
            merge(&typed(), file.clone(), unset).unwrap().target.selection();
        assert_eq!(profiles, ["a", "b"]);
        assert_eq!(regions, ["eu-west-1", "us-west-2"]);
        let region = Some("us-east-1,sa-east-1,,us-east-1".to_owned());
        let demo = Common { demo: Some("calm".to_owned()), region, ..typed() };
        let Target::Simulated(simulated) = merge(&demo, file.clone(), unset).unwrap().target else {
            panic!()
        };
        assert_eq!(simulated.regions, ["us-east-1", "sa-east-1"]);
        let demo = Common { demo: Some("calm".to_owned()), ..typed() };
        let Target::Simulated(simulated) = merge(&demo, file, unset).unwrap().target else {
            panic!()
        };
        assert!(simulated.regions.is_empty(), "the settings file speaks of a real AWS");
    }

    #[test]
    fn how_the_screen_looks_follows_the_same_order() {
        let file = file::parse("theme = \"nord\"\ncolors = 256\nmarker = \"block\"\n").unwrap();
        let config = merge(&typed(), file.clone(), unset).unwrap();
        assert_eq!(config.theme.as_deref(), Some("nord"));
        assert_eq!((config.colors, config.marker), (ColorChoice::Palette256, MarkerChoice::Block));
        let with_flags = Common {
            theme: Some("light".to_owned()),
            colors: Some(ColorChoice::None),
            marker: Some(MarkerChoice::Ascii),
            ..typed()
        };
        let config = merge(&with_flags, file, unset).unwrap();
        assert_eq!(config.theme.as_deref(), Some("light"));
        assert_eq!((config.colors, config.marker), (ColorChoice::None, MarkerChoice::Ascii));
        let config = merge(&typed(), File::default(), unset).unwrap();
        assert_eq!(config.theme, None);
        assert_eq!((config.colors, config.marker), (ColorChoice::Auto, MarkerChoice::Auto));
    }

    #[test]
    fn the_demo_has_no_budget() {
        let demo = Common { demo: Some("calm".to_owned()), ..typed() };
        assert_eq!(merge(&demo, File::default(), unset).unwrap().budget_usd_per_hour, None);
    }

    #[test]
    fn a_permit_exists_only_where_writes_are_allowed() {
        let file = file::parse("profile = \"prod\"\n[profiles.prod]\nallow_writes = false\n");
        let typed = Common { allow_writes: true, ..typed() };
        let config = merge(&typed, file.unwrap(), unset).unwrap();
        assert_eq!(config.writes, Writes::Forbidden { by: SaidBy::Profile("prod".to_owned()) });
        assert!(config.permit().is_none());
        let config = merge(&typed, File::default(), unset).unwrap();
        assert_eq!(config.writes, Writes::Allowed { by: SaidBy::Flag });
        assert!(config.permit().is_some());
        let forbidden = |name: &str| (name == "DDBTOP_ALLOW_WRITES").then(|| "false".to_owned());
        let config = merge(&typed, File::default(), forbidden).unwrap();
        assert_eq!(config.writes, Writes::Forbidden { by: SaidBy::Environment });
        assert!(config.permit().is_none());
    }

    #[test]
    fn bad_flags_are_named() {
        let cases: [(Common, &str); 3] = [
            (Common { budget: Some(-1.0), ..typed() }, "--budget"),
            (Common { speed: Some(f64::NAN), ..typed() }, "--speed"),
            (Common { tables: Some(1_000_000), ..typed() }, "--tables"),
        ];
        for (typed, flag) in cases {
            let message = merge(&typed, File::default(), unset).unwrap_err().to_string();
            assert!(message.starts_with(flag), "{message}");
            assert!(!message.contains('\n'), "{message}");
        }
    }
}
