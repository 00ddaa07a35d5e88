//! The settings file: TOML, unknown keys refused with a suggestion.

use super::dax::Front;
use super::keys::Keys;
use super::recording::MOST_MIB;
use super::writes::Profile;
use super::{ConfigError, Production, Recording, display_path};
use crate::app::keymap::Keymap;
use crate::cli::{ColorChoice, MarkerChoice};
use crate::diagnose::Thresholds;
use crate::model::dax::Behind;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Every setting with its default, commented; what `ddbtop config` prints.
pub const DEFAULT: &str = include_str!("default.toml");

/// The settings file as written.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    /// Profiles of the AWS configuration files, with commas between them.
    pub profile: Option<String>,
    /// Regions, with commas between them.
    pub region: Option<String>,
    /// Endpoint instead of AWS's own.
    pub endpoint_url: Option<String>,
    /// Most that polling may cost, dollars per hour.
    pub budget_usd_per_hour: Option<f64>,
    /// Seconds after its end until a minute counts as settled.
    pub settle_seconds: Option<u32>,
    /// Bytes a second that the connection to the terminal bears; 0 is no limit.
    pub link_rate: Option<u32>,
    /// Name of the theme.
    pub theme: Option<String>,
    /// How many colours the terminal shows.
    pub colors: Option<ColorChoice>,
    /// What charts are drawn with.
    pub marker: Option<MarkerChoice>,
    /// When trouble begins.
    pub thresholds: Thresholds,
    /// The user's own keys as written.
    pub(super) keys: Keys,
    /// Which keys do what, the user's own among them.
    #[serde(skip)]
    pub keymap: Keymap,
    /// What is production.
    pub production: Production,
    /// Whether confirmed plans may be written.
    pub allow_writes: Option<bool>,
    /// File of the prices that estimates are made from.
    pub prices: Option<PathBuf>,
    /// What is always recorded.
    pub recording: Recording,
    /// Folder that incident bundles are written to.
    pub export_directory: Option<PathBuf>,
    /// What holds for some profiles, by name.
    pub profiles: BTreeMap<String, Profile>,
    /// What AWS does not tell of DAX clusters, by name.
    pub(super) dax: BTreeMap<String, Front>,
    /// Which tables are read through which DAX cluster.
    #[serde(skip)]
    pub behind: Arc<Behind>,
}

/// A mistake in a settings file: where it begins, in bytes, and what is wrong.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    pub(super) offset: usize,
    pub(super) problem: String,
}

/// Reads and checks a settings file.
///
/// # Errors
/// Unreadable files, and mistakes with their line.
pub fn read(path: &Path) -> Result<File, ConfigError> {
    let unreadable =
        |problem: String| ConfigError::Unreadable { path: display_path(path), problem };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    let mut file = parse(&text).map_err(|mistake| ConfigError::Invalid {
        path: display_path(path),
        line: text.bytes().take(mistake.offset).filter(|byte| *byte == b'\n').count() + 1,
        problem: mistake.problem,
    })?;
    // What a file names is beside it.
    let named = [&mut file.prices, &mut file.recording.directory, &mut file.export_directory];
    for named in named.into_iter().flatten() {
        *named = path.parent().unwrap_or(Path::new("")).join(&*named);
    }
    Ok(file)
}

/// Reads settings from text.
///
/// # Errors
/// The first mistake in it.
pub fn parse(text: &str) -> Result<File, Mistake> {
    let mut file: File = toml::from_str(text).map_err(|error| Mistake {
        offset: error.span().map_or(0, |span| span.start),
        problem: with_suggestion(error.message()),
    })?;
    let out_of_range = |key: &str, expected: &str| Mistake {
        offset: text.find(key).unwrap_or(0),
        problem: format!("{key}: expected {expected}"),
    };
    if file.budget_usd_per_hour.is_some_and(|usd| !usd.is_finite() || usd < 0.0) {
        return Err(out_of_range("budget_usd_per_hour", "dollars per hour, 0 or more"));
    }
    if file.settle_seconds.is_some_and(|seconds| !(60..=900).contains(&seconds)) {
        return Err(out_of_range("settle_seconds", "60 to 900 seconds"));
    }
    if file.recording.ring_mib > MOST_MIB {
        return Err(out_of_range("ring_mib", "mebibytes, at most 1048576"));
    }
    let unusable = unusable(&file.thresholds).or_else(|| file.thresholds.dax.unusable());
    if let Some((key, expected)) = unusable {
        return Err(out_of_range(key, expected));
    }
    file.keymap = file.keys.keymap()?;
    file.behind = Arc::new(super::dax::behind(&file.dax, text)?);
    Ok(file)
}

/// The first threshold that would silence verdicts or invent them, and what it should be.
fn unusable(thresholds: &Thresholds) -> Option<(&'static str, &'static str)> {
    const MINUTES: &str = "1 to 60 minutes";
    const WITHIN: &str = "at least 1 and at most window_minutes";
    const SHARE: &str = "a share from 0.0 to 1.0";
    const AMOUNT: &str = "a number above 0";
    const FACTOR: &str = "a number above 1";
    let t = thresholds;
    let minutes = |value: i64| (1..=60).contains(&value);
    let within =
        |value: usize| value >= 1 && i64::try_from(value).is_ok_and(|v| v <= t.window_minutes);
    let share = |value: f64| (0.0..=1.0).contains(&value);
    let amount = |value: f64| value.is_finite() && value > 0.0;
    let factor = |value: f64| value.is_finite() && value > 1.0;
    [
        ("window_minutes", minutes(t.window_minutes), MINUTES),
        ("throttled_minutes", within(t.throttled_minutes), WITHIN),
        ("user_error_minutes", within(t.user_error_minutes), WITHIN),
        ("pressed_minutes", within(t.pressed_minutes), WITHIN),
        ("failing_minutes", within(t.failing_minutes), WITHIN),
        ("raised_minutes", within(t.raised_minutes), WITHIN),
        ("late_minutes", within(t.late_minutes), WITHIN),
        (
            "fallen_minutes",
            minutes(t.fallen_minutes) && t.fallen_minutes <= t.window_minutes,
            WITHIN,
        ),
        ("lowered_minutes", minutes(t.lowered_minutes), MINUTES),
        ("cause_minutes", minutes(t.cause_minutes), MINUTES),
        ("agreeing_minutes", (1..=60).contains(&t.agreeing_minutes), MINUTES),
        ("second_share", share(t.second_share), SHARE),
        ("pinned_share", share(t.pinned_share), SHARE),
        ("pressed_share", share(t.pressed_share), SHARE),
        ("failed_condition_share", share(t.failed_condition_share), SHARE),
        ("conflict_share", share(t.conflict_share), SHARE),
        ("system_error_share", share(t.system_error_share), SHARE),
        ("fallen_share", share(t.fallen_share), SHARE),
        (
            "clear_share",
            share(t.clear_share) && t.clear_share < t.pinned_share,
            "a share from 0.0 to below pinned_share",
        ),
        (
            "burst_reserve_seconds",
            (0.0..=300.0).contains(&t.burst_reserve_seconds),
            "0.0 to 300.0 seconds",
        ),
        ("events_together", amount(t.events_together), AMOUNT),
        ("events_at_once", amount(t.events_at_once), AMOUNT),
        ("read_units_per_event", amount(t.read_units_per_event), AMOUNT),
        ("write_units_per_event", amount(t.write_units_per_event), AMOUNT),
        ("user_errors_per_minute", amount(t.user_errors_per_minute), AMOUNT),
        ("failed_conditions_per_minute", amount(t.failed_conditions_per_minute), AMOUNT),
        ("conflicts_per_minute", amount(t.conflicts_per_minute), AMOUNT),
        ("system_errors_per_minute", amount(t.system_errors_per_minute), AMOUNT),
        ("latency_milliseconds", amount(t.latency_milliseconds), AMOUNT),
        ("median_factor", factor(t.median_factor), FACTOR),
        ("tail_factor", factor(t.tail_factor), FACTOR),
        ("traffic_units_per_second", amount(t.traffic_units_per_second), AMOUNT),
        ("consumer_late_seconds", amount(t.consumer_late_seconds), AMOUNT),
        ("replica_late_seconds", amount(t.replica_late_seconds), AMOUNT),
        ("replica_raised_seconds", amount(t.replica_raised_seconds), AMOUNT),
        ("replica_factor", factor(t.replica_factor), FACTOR),
        ("kinesis_late_seconds", amount(t.kinesis_late_seconds), AMOUNT),
    ]
    .into_iter()
    .find_map(|(key, usable, expected)| (!usable).then_some((key, expected)))
}

/// Serde's list of possible keys cut down to the one that was probably meant.
fn with_suggestion(message: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    let Some(rest) = message.strip_prefix("unknown field ") else {
        return message.to_owned();
    };
    let mut quoted = rest.split('`').skip(1).step_by(2);
    let Some(unknown) = quoted.next() else {
        return message.to_owned();
    };
    did_you_mean(format!("unknown key `{unknown}`"), unknown, quoted)
}

/// A message about an unknown name, with the known one that was probably meant.
pub(super) fn did_you_mean<'a>(
    message: String,
    unknown: &str,
    known: impl Iterator<Item = &'a str>,
) -> String {
    let nearest = known
        // Part of a long name counts as near, too, and so does what was meant for its first words.
        .flat_map(|known| {
            known
                .match_indices('_')
                .map(|(end, _)| end)
                .chain([known.len()])
                .map(move |end| (end, known))
        })
        .filter_map(|(end, known)| Some((known.get(..end)?, known)))
        .map(|(part, known)| (strsim::damerau_levenshtein(unknown, part), known))
        .map(|(distance, known)| (if known.starts_with(unknown) { 0 } else { distance }, known))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= 3)
        .map(|(_, known)| known);
    match nearest {
        Some(known) => format!("{message}; did you mean `{known}`?"),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_files_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "prices = \"p.toml\"\nexport_directory = \"incidents\"\n").unwrap();
        let file = read(&path).unwrap();
        assert_eq!(file.prices, Some(folder.path().join("p.toml")));
        assert_eq!(file.export_directory, Some(folder.path().join("incidents")));
        std::fs::write(&path, "export_directory = \"/var/tmp\"\n").unwrap();
        assert_eq!(read(&path).unwrap().export_directory, Some(PathBuf::from("/var/tmp")));
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_line_and_a_suggestion() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "# mine\nprofile = \"oncall\"\nregoin = \"us-east-1\"\n").unwrap();
        let message = read(&path).unwrap_err().to_string();
        assert!(
            message.ends_with("config.toml:3: unknown key `regoin`; did you mean `region`?"),
            "{message}"
        );
    }

    #[test]
    fn values_out_of_range_and_bad_toml_are_one_line() {
        for (text, said) in [
            ("settle_seconds = 5", "settle_seconds: expected 60 to 900 seconds"),
            ("budget_usd_per_hour = -1.0", "budget_usd_per_hour: expected dollars per hour"),
            ("region = [", ""),
            ("region = 5", "invalid type"),
            ("colors = 265", "`265`: expected auto, truecolor, 256, 16 or none"),
            ("colors = \"lots\"", "`lots`: expected auto, truecolor, 256, 16 or none"),
            ("marker = \"dots\"", "unknown variant `dots`"),
            ("allow_writes = \"yes\"", "invalid type"),
            ("[profiles.prod]\nallow_write = true", "did you mean `allow_writes`"),
            ("bugdet = 1.0", "did you mean `budget_usd_per_hour`"),
        ] {
            let problem = parse(text).unwrap_err().problem;
            assert!(problem.contains(said) && !problem.contains('\n'), "{problem}");
        }
    }

    #[test]
    fn the_printed_defaults_are_the_defaults() {
        assert_eq!(parse(DEFAULT).unwrap(), File::default());
        let uncommented: String = DEFAULT
            .lines()
            .map(|line| line.strip_prefix("#= ").unwrap_or(line).to_owned() + "\n")
            .collect();
        let file = parse(&uncommented).unwrap();
        assert_eq!(file.thresholds, Thresholds::default());
        assert_eq!(file.settle_seconds, Some(120));
        assert_eq!(file.recording, Recording::default());
        assert_eq!(file.budget_usd_per_hour, Some(1.0));
        assert_eq!(file.theme.as_deref(), Some("dark"));
        assert_eq!(file.colors, Some(ColorChoice::Auto));
        assert_eq!(file.marker, Some(MarkerChoice::Auto));
        assert_eq!(file.production.word_for(Some("prod"), None), None);
        assert_eq!(file.allow_writes, None);
    }

    /// The keys that a table of the settings file may have, as refusing another one tells them.
    fn settings_of(table: &str) -> Vec<String> {
        let refused = toml::from_str::<File>(&format!("{table}\nno_such = 1")).unwrap_err();
        let quoted: Vec<&str> = refused.message().split('`').skip(1).step_by(2).collect();
        assert_eq!(quoted[0], "no_such");
        quoted[1..].iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn every_setting_is_printed_in_its_table() {
        let mut table = "";
        let mut printed = vec![];
        for line in DEFAULT.lines() {
            let line = line.trim_start_matches(['#', '=', ' ']);
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                table = name;
                let (parent, own) = name.split_once('.').unwrap_or(("", name));
                printed.extend([("", parent), (parent, own)]);
            } else if let Some((key, _)) = line.split_once(" = ") {
                printed.push((table, key));
            }
        }
        for of in ["", "thresholds", "thresholds.dax", "recording", "production", "profiles.oncall"]
        {
            let header = if of.is_empty() { String::new() } else { format!("[{of}]") };
            for key in settings_of(&header) {
                assert!(printed.contains(&(of, &*key)), "{key} of [{of}]");
            }
        }
    }
}
