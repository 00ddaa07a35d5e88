//! Scenarios: a fleet, its traffic and its troubles over time, as TOML.
//!
//! A scenario scripts traffic and faults only; what follows from them is up to the physics.

mod check;
pub(crate) mod spec;

use std::sync::Arc;

use jiff::Timestamp;
use thiserror::Error;

use super::facts::Epoch;
use super::fault::Fault;
use spec::ScenarioSpec;

/// Name and one-line summary of each shipped scenario, the default one first.
const NAMES: &[(&str, &str)] = &[
    ("incident", "over twenty tables, eight of them in trouble for different reasons"),
    ("calm", "a fleet that is well, with deploys and daily curves"),
    ("hot-key", "one key takes more writes than a partition can"),
    (
        "hot-key-read",
        "one item is read more than a partition can serve, and Contributor Insights names it",
    ),
    ("hot-key-gsi", "one key of an index takes more writes than a partition can"),
    ("rolling-hot-key", "every five minutes another key takes more writes than a partition can"),
    ("gsi-backpressure", "an index provisioned too low refuses the base table's writes"),
    ("under-provisioned", "traffic above the provisioned capacity, and nothing that scales it"),
    ("at-max", "autoscaling is at its maximum and traffic above it"),
    ("capacity-just-lowered", "a deployment puts an old, too low capacity back"),
    ("account-limit", "an on-demand table above the account's table-level quota"),
    ("on-demand-cap", "an on-demand table above its own maximum throughput"),
    ("user-errors", "a deploy makes the account's requests invalid"),
    ("aws-side", "DynamoDB itself fails some requests and answers others late"),
    ("conditional-check-storm", "workers try for a lock again and again, and pay for each attempt"),
    ("misconfigured", "a calm fleet whose autoscaling, stream consumers and DAX are set up badly"),
    ("stream-lag", "Lambda functions fall behind the streams they read, each for its own reason"),
    ("replica-lag", "replicas of global tables fall behind in another region"),
    ("dax-node-loss", "a DAX node is lost, and the others cannot serve what it did"),
    (
        "dax-cold-cache",
        "a DAX cluster is made anew, and its table gets the reads that it used to spare",
    ),
    ("dax-saturated", "a release asks a DAX cluster for more than its processors can do"),
    ("dax-ttl-too-short", "what DAX caches is gone before it is asked for again"),
    ("dax-miss-storm", "an export walks through the cache and pushes out what others need"),
    (
        "alarm-storm",
        "one throttled index sets off a dozen alarms, beside others that have their own reasons",
    ),
    ("denied", "tables in trouble, read by somebody who may not read alarms, DAX or hot keys"),
];

/// The text of a shipped scenario.
fn shipped(name: &str) -> Option<&'static str> {
    Some(match name {
        "incident" => include_str!("../scenarios/incident.toml"),
        "calm" => include_str!("../scenarios/calm.toml"),
        "hot-key" => include_str!("../scenarios/hot-key.toml"),
        "hot-key-read" => include_str!("../scenarios/hot-key-read.toml"),
        "hot-key-gsi" => include_str!("../scenarios/hot-key-gsi.toml"),
        "rolling-hot-key" => include_str!("../scenarios/rolling-hot-key.toml"),
        "gsi-backpressure" => include_str!("../scenarios/gsi-backpressure.toml"),
        "under-provisioned" => include_str!("../scenarios/under-provisioned.toml"),
        "at-max" => include_str!("../scenarios/at-max.toml"),
        "capacity-just-lowered" => include_str!("../scenarios/capacity-just-lowered.toml"),
        "account-limit" => include_str!("../scenarios/account-limit.toml"),
        "on-demand-cap" => include_str!("../scenarios/on-demand-cap.toml"),
        "user-errors" => include_str!("../scenarios/user-errors.toml"),
        "aws-side" => include_str!("../scenarios/aws-side.toml"),
        "conditional-check-storm" => include_str!("../scenarios/conditional-check-storm.toml"),
        "misconfigured" => include_str!("../scenarios/misconfigured.toml"),
        "stream-lag" => include_str!("../scenarios/stream-lag.toml"),
        "replica-lag" => include_str!("../scenarios/replica-lag.toml"),
        "dax-node-loss" => include_str!("../scenarios/dax-node-loss.toml"),
        "dax-cold-cache" => include_str!("../scenarios/dax-cold-cache.toml"),
        "dax-saturated" => include_str!("../scenarios/dax-saturated.toml"),
        "dax-ttl-too-short" => include_str!("../scenarios/dax-ttl-too-short.toml"),
        "dax-miss-storm" => include_str!("../scenarios/dax-miss-storm.toml"),
        "alarm-storm" => include_str!("../scenarios/alarm-storm.toml"),
        "denied" => include_str!("../scenarios/denied.toml"),
        _ => return None,
    })
}

/// Why a scenario cannot be used.
#[derive(Debug, Error)]
pub enum ScenarioError {
    /// No shipped scenario has this name.
    #[error("no scenario is named `{name}`{}; known are {known}", did_you_mean(*.suggestion))]
    Unknown {
        /// What was asked for.
        name: String,
        /// The nearest known name, if one is near.
        suggestion: Option<&'static str>,
        /// All known names.
        known: String,
    },
    /// The file is not TOML, or has a key or value that scenarios do not have.
    #[error("scenario `{name}`, line {line}: {problem}")]
    Syntax {
        /// Scenario name.
        name: String,
        /// Line number, from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// The file contradicts itself or AWS's rules.
    #[error("scenario `{name}`: {problem}")]
    Invalid {
        /// Scenario name.
        name: String,
        /// What is wrong.
        problem: String,
    },
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map(|known| format!(", did you mean `{known}`?")).unwrap_or_default()
}

/// A scenario, read and checked.
#[derive(Debug, Clone)]
pub struct Scenario {
    name: String,
    /// Minutes since the epoch.
    start: i64,
    spec: Arc<ScenarioSpec>,
}

impl Scenario {
    /// Reads a shipped scenario.
    ///
    /// # Errors
    /// [`ScenarioError::Unknown`] when there is none of that name.
    pub fn named(name: &str) -> Result<Self, ScenarioError> {
        match shipped(name) {
            Some(toml) => Self::parse(name, toml),
            None => Err(ScenarioError::Unknown {
                name: name.to_owned(),
                suggestion: nearest(name),
                known: NAMES.iter().map(|(known, _)| *known).collect::<Vec<_>>().join(", "),
            }),
        }
    }

    /// Reads a scenario from TOML text; `name` is for messages.
    ///
    /// # Errors
    /// [`ScenarioError::Syntax`] or [`ScenarioError::Invalid`].
    pub fn parse(name: &str, toml: &str) -> Result<Self, ScenarioError> {
        let spec: ScenarioSpec = toml::from_str(toml).map_err(|error| ScenarioError::Syntax {
            name: name.to_owned(),
            line: line_of(toml, error.span().map_or(0, |span| span.start)),
            problem: error.message().replace('\n', ", "),
        })?;
        let invalid = |problem| ScenarioError::Invalid { name: name.to_owned(), problem };
        let start: Timestamp = spec
            .start
            .parse()
            .map_err(|error| invalid(format!("start `{}`: {error}", spec.start)))?;
        check::check(&spec).map_err(invalid)?;
        if let Some(problem) = spec.faults.iter().find_map(Fault::problem) {
            return Err(invalid(format!("fault: {problem}")));
        }
        let start = start.as_second().div_euclid(60);
        Ok(Self { name: name.to_owned(), start, spec: Arc::new(spec) })
    }

    /// The shipped scenarios with a one-line summary each, the default one first.
    pub fn names() -> &'static [(&'static str, &'static str)] {
        NAMES
    }

    /// The name it was read under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The moment the scenario is about, a whole minute.
    pub fn start(&self) -> Epoch {
        self.start as f64 * 60.0
    }

    /// Moves the scenario in time: everything scripted happens relative to the new start, which is
    /// rounded down to a whole minute.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970 fit")]
    pub fn starting_at(mut self, start: Epoch) -> Self {
        self.start = (start / 60.0).floor() as i64;
        self
    }

    /// Moves the scenario to another region. A global table that has a replica there has it in the
    /// region that was left, and a zone keeps its letter.
    #[must_use]
    pub fn in_region(mut self, region: &str) -> Self {
        let spec = Arc::make_mut(&mut self.spec);
        let left = std::mem::replace(&mut spec.account.region, region.to_owned());
        let replicas = spec.tables.iter_mut().flat_map(|table| &mut table.replicas);
        for replica in replicas.filter(|replica| replica.region == region) {
            replica.region.clone_from(&left);
        }
        for node in spec.clusters.iter_mut().flat_map(|cluster| &mut cluster.nodes) {
            if let Some(letter) = node.zone.strip_prefix(&left) {
                node.zone = format!("{region}{letter}");
            }
        }
        self
    }

    /// The region its account is in.
    pub fn region(&self) -> &str {
        &self.spec.account.region
    }

    pub(crate) fn faults(&self) -> &[Fault] {
        &self.spec.faults
    }

    pub(crate) fn start_minute(&self) -> i64 {
        self.start
    }

    pub(crate) fn spec(&self) -> &ScenarioSpec {
        &self.spec
    }
}

/// The line of a byte of a text, from 1.
fn line_of(text: &str, byte: usize) -> usize {
    1 + text.bytes().take(byte).filter(|byte| *byte == b'\n').count()
}

/// The known name that differs least, when it differs little.
fn nearest(name: &str) -> Option<&'static str> {
    NAMES
        .iter()
        .map(|(known, _)| (strsim::normalized_damerau_levenshtein(name, known), *known))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_scenario_is_valid() {
        for (name, summary) in Scenario::names() {
            let scenario = Scenario::named(name).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(scenario.name(), *name);
            assert!(!summary.is_empty());
        }
    }

    #[test]
    fn every_shipped_scenario_can_be_in_every_region_that_it_names() {
        for (name, _) in Scenario::names() {
            for region in ["us-east-1", "eu-west-1", "us-west-2", "ap-southeast-2", "cn-north-1"] {
                let moved = Scenario::named(name).unwrap().in_region(region);
                assert_eq!(moved.region(), region);
                assert_eq!(check::check(moved.spec()), Ok(()), "{name} in {region}");
            }
        }
    }

    #[test]
    fn a_replica_is_seen_from_the_other_side() {
        let replicas = |region: &str| {
            let moved = Scenario::named("incident").unwrap().in_region(region);
            let tables = moved.spec().tables.iter().flat_map(|table| &table.replicas);
            tables.map(|replica| replica.region.clone()).collect::<Vec<_>>()
        };
        assert_eq!(replicas("us-east-1"), ["eu-west-1", "us-west-2"]);
        assert_eq!(replicas("us-west-2"), ["eu-west-1", "us-east-1"]);
        assert_eq!(replicas("sa-east-1"), ["eu-west-1", "us-west-2"]);
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest_and_all_known_ones() {
        let message = Scenario::named("hotkey").unwrap_err().to_string();
        assert!(message.contains("did you mean `hot-key`?"), "{message}");
        assert!(message.contains("gsi-backpressure"), "{message}");
        let message = Scenario::named("zzz").unwrap_err().to_string();
        assert!(!message.contains("did you mean"), "{message}");
    }

    #[test]
    fn a_bad_file_is_refused_with_the_place_or_the_reason() {
        let cases = [
            ("", "missing field `start`"),
            ("start = 'noon'", "start `noon`"),
            ("start = '2026-11-22T12:00:00Z'\ncolour = 1", "line 2: unknown field `colour`"),
            (
                "start = '2026-11-22T12:00:00Z'\n[[table]]\nname = 'a'",
                "table `a`: the name must have 3 to 255",
            ),
            (
                "start = '2026-11-22T12:00:00Z'\n[[table]]\nname = 'abc'\n[[table]]\nname = 'abc'",
                "two tables are named `abc`",
            ),
            (
                "start = '2026-11-22T12:00:00Z'\n[[table]]\nname = 'abc'\n[[table.traffic]]\noperation = 'GetItem'\nindex = 'GSI1'\nrate = 1",
                "only `Query` and `Scan` read an index",
            ),
            (
                "start = '2026-11-22T12:00:00Z'\n[[table]]\nname = 'abc'\n[[table.traffic]]\noperation = 'Query'\nindex = 'GSI1'\nrate = 1",
                "no index is named `GSI1`",
            ),
            (
                "start = '2026-11-22T12:00:00Z'\n[[table]]\nname = 'abc'\n[[table.traffic]]\noperation = 'Query'\nrate = -1",
                "`rate` must be",
            ),
            (
                "start = '2026-11-22T12:00:00Z'\n[[table]]\nname = 'abc'\n[[table.slow]]\nat = 0\nlasts = 5\nfactor = 0.5",
                "`slow.factor` must be from 1",
            ),
            (
                "start = '2026-11-22T12:00:00Z'\n[[table]]\nname = 'abc'\ncapacity.scaling.read = { min = 5, max = 2 }",
                "min 5 is above max 2",
            ),
        ];
        for (toml, expected) in cases {
            let message = Scenario::parse("test", toml).unwrap_err().to_string();
            assert!(message.contains(expected), "{expected}: {message}");
            assert!(!message.contains('\n'), "{message}");
        }
    }

    #[test]
    fn bad_alarms_are_refused_with_their_name_and_the_reason() {
        let cases = [
            ("[[alarm]]\nname = 'a'\nthreshold = 1", "alarm `a`: either `metric` or `queries`"),
            ("[[alarm]]\nname = 'a'\nmetric = 'M'", "alarm `a`: it needs a `threshold`"),
            ("[[alarm]]\nname = 'a'\nmetric = 'M'\nthreshold = 1\nperiod = 90", "multiple of 60"),
            ("[[alarm]]\nname = 'a'\nmetric = 'M'\nthreshold = 1\nstatistic = 'Mean'", "`Mean`"),
            (
                "[[alarm]]\nname = 'a'\nmetric = 'M'\nthreshold = 1\ndatapoints_to_alarm = 2",
                "`datapoints_to_alarm` must be",
            ),
            (
                "[[alarm]]\nname = 'a'\nmetric = 'M'\nthreshold = 1\nperiod = 3_600\nevaluation_periods = 24",
                "looks back 1560 minutes",
            ),
            (
                "[[alarm]]\nname = 'a'\neach_table = true\nmetric = 'M'\nthreshold = 1",
                "`{table}` in its name",
            ),
            ("[[alarm]]\nname = 'a'\nmetric = 'M'\nthreshold = 1\ncolour = 1", "colour"),
            (
                "[[alarm]]\nname = 'a'\nthreshold = 1\nqueries = [{ id = 'e', expression = 'RATE(m)', return_data = true }, { id = 'm', metric = 'M' }]",
                "query `e`: `RATE`",
            ),
            (
                "[[alarm]]\nname = 'a'\nthreshold = 1\nqueries = [{ id = 'm', metric = 'M' }]",
                "exactly one query",
            ),
            (
                "[[alarm]]\nname = 'a'\nmetric = 'M'\nthreshold = 1\nactions = { ok = ['1', '2', '3', '4', '5', '6'] }",
                "at most 5 actions",
            ),
            (
                "[[alarm]]\nname = 'a'\nmetric = 'M'\nthreshold = 1\n[[composite_alarm]]\nname = 'a'\nrule = 'TRUE'",
                "two alarms are named `a`",
            ),
            ("[[composite_alarm]]\nname = 'c'\nrule = 'ALARM('", "composite alarm `c`: a `)`"),
            (
                "[[mute_rule]]\nname = 'm'\nat = 0\nduration = 'PT1H'\ntargets = []",
                "mute rule `m`: it must have 1 to 100 targets",
            ),
            (
                "[[mute_rule]]\nname = 'm'\nat = 0\nduration = 'P20D'\ntargets = ['a']",
                "the duration `P20D`",
            ),
            (
                "[[signal]]\nnamespace = 'AWS/DynamoDB'\nmetric = 'M'\nvalue = 1",
                "signal `AWS/DynamoDB M`: the fleet itself",
            ),
        ];
        for (toml, expected) in cases {
            let toml = format!("start = '2026-11-22T12:00:00Z'\n{toml}");
            let message = Scenario::parse("test", &toml).unwrap_err().to_string();
            assert!(message.contains(expected), "{expected}: {message}");
            assert!(!message.contains('\n'), "{message}");
        }
    }

    #[test]
    fn a_moved_scenario_starts_on_the_whole_minute() {
        let scenario = Scenario::named("calm").unwrap().starting_at(1_000_000_059.0);
        assert!((scenario.start() - 1_000_000_020.0).abs() < 1e-9);
    }
}
