//! What a scenario file may say about alarms, and about the metrics of other namespaces they watch.
//!
//! The members are those of `PutMetricAlarm`, `PutCompositeAlarm` and `PutAlarmMuteRule`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Change, one};
use crate::metric::DYNAMODB;

/// Minutes before the start at which an alarm was created, unless it says so: 40 days.
const DEFAULT_CREATED: i64 = -40 * 24 * 60;

/// What happens when an alarm changes its state: ARNs by new state.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ActionsSpec {
    pub(crate) enabled: bool,
    pub(crate) ok: Vec<String>,
    pub(crate) alarm: Vec<String>,
    pub(crate) insufficient_data: Vec<String>,
}

impl Default for ActionsSpec {
    fn default() -> Self {
        Self { enabled: true, ok: Vec::new(), alarm: Vec::new(), insufficient_data: Vec::new() }
    }
}

/// A metric alarm: on one metric, or on an expression over `queries`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlarmSpec {
    pub(crate) name: String,
    /// Whether there is one for every table of the fleet; `{table}` in the name, the description and
    /// the values of dimensions is that table's name.
    #[serde(default)]
    pub(crate) each_table: bool,
    #[serde(default)]
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) actions: ActionsSpec,
    #[serde(flatten)]
    pub(crate) watched: WatchedSpec,
    #[serde(default)]
    pub(crate) queries: Vec<QuerySpec>,
    #[serde(default = "one_period")]
    pub(crate) evaluation_periods: u32,
    #[serde(default)]
    pub(crate) datapoints_to_alarm: Option<u32>,
    #[serde(default)]
    pub(crate) threshold: Option<f64>,
    /// The query that is the threshold, of an anomaly alarm.
    #[serde(default)]
    pub(crate) threshold_metric: Option<String>,
    #[serde(default)]
    pub(crate) comparison: Comparison,
    #[serde(default)]
    pub(crate) treat_missing_data: Option<Missing>,
    #[serde(default)]
    pub(crate) evaluate_low_sample_count_percentile: Option<LowSamples>,
    /// When it was created, in minutes since the scenario's start.
    #[serde(default = "default_created")]
    pub(crate) created: i64,
    /// What is wrong with its evaluation, of an alarm that cannot be evaluated here.
    #[serde(default)]
    pub(crate) evaluation_state: Option<EvaluationState>,
}

/// One metric and how it is read.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct WatchedSpec {
    pub(crate) namespace: String,
    pub(crate) metric: Option<String>,
    pub(crate) dimensions: BTreeMap<String, String>,
    /// One of the five statistics, or a percentile such as `p99`.
    pub(crate) statistic: Option<String>,
    /// Seconds.
    pub(crate) period: Option<u32>,
    pub(crate) unit: Option<String>,
}

impl Default for WatchedSpec {
    fn default() -> Self {
        Self {
            namespace: DYNAMODB.to_owned(),
            metric: None,
            dimensions: BTreeMap::new(),
            statistic: None,
            period: None,
            unit: None,
        }
    }
}

impl WatchedSpec {
    /// Seconds of one period.
    pub(crate) fn seconds(&self) -> u32 {
        self.period.unwrap_or(60)
    }

    /// The statistic, `Sum` if none is named.
    pub(crate) fn stat(&self) -> &str {
        self.statistic.as_deref().unwrap_or("Sum")
    }
}

/// One query of an alarm on metric math: a metric or an expression.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuerySpec {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) expression: Option<String>,
    #[serde(flatten)]
    pub(crate) watched: WatchedSpec,
    #[serde(default)]
    pub(crate) label: Option<String>,
    #[serde(default)]
    pub(crate) account_id: Option<String>,
    /// Whether this is what the alarm watches.
    #[serde(default)]
    pub(crate) return_data: bool,
}

/// `ComparisonOperator`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[expect(clippy::enum_variant_names, reason = "the names are AWS's")]
pub(crate) enum Comparison {
    GreaterThanOrEqualToThreshold,
    #[default]
    GreaterThanThreshold,
    LessThanThreshold,
    LessThanOrEqualToThreshold,
    LessThanLowerOrGreaterThanUpperThreshold,
    LessThanLowerThreshold,
    GreaterThanUpperThreshold,
}

/// `TreatMissingData`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::enum_variant_names, reason = "the names are AWS's")]
pub(crate) enum Missing {
    Missing,
    Ignore,
    Breaching,
    NotBreaching,
}

/// `EvaluateLowSampleCountPercentile`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LowSamples {
    Evaluate,
    Ignore,
}

/// `EvaluationState`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum EvaluationState {
    PartialData,
    EvaluationFailure,
    EvaluationError,
}

/// A composite alarm.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompositeSpec {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
    pub(crate) rule: String,
    #[serde(default)]
    pub(crate) actions: ActionsSpec,
    #[serde(default)]
    pub(crate) suppressor: Option<SuppressorSpec>,
    /// When it was created, in minutes since the scenario's start.
    #[serde(default = "default_created")]
    pub(crate) created: i64,
}

/// The alarm that suppresses a composite alarm's actions; periods in seconds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SuppressorSpec {
    pub(crate) alarm: String,
    pub(crate) wait: u32,
    pub(crate) extension: u32,
}

/// An alarm mute rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MuteSpec {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
    /// `cron(…)` with five fields, or `at(…)`.
    #[serde(default)]
    pub(crate) expression: Option<String>,
    /// Instead of an expression: a window that begins so many minutes after the scenario's start.
    #[serde(default)]
    pub(crate) at: Option<i64>,
    /// ISO 8601, for example `PT2H`.
    pub(crate) duration: String,
    #[serde(default = "utc")]
    pub(crate) timezone: String,
    pub(crate) targets: Vec<String>,
    /// `StartDate` and `ExpireDate`, in minutes since the scenario's start.
    #[serde(default)]
    pub(crate) starts: Option<i64>,
    #[serde(default)]
    pub(crate) expires: Option<i64>,
    /// When it was last changed, in minutes since the scenario's start.
    #[serde(default = "default_created")]
    pub(crate) updated: i64,
}

/// A metric of another namespace than the fleet's own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignalSpec {
    pub(crate) namespace: String,
    pub(crate) metric: String,
    #[serde(default)]
    pub(crate) dimensions: BTreeMap<String, String>,
    #[serde(default = "no_unit")]
    pub(crate) unit: String,
    /// The value of each sample.
    pub(crate) value: f64,
    /// Samples in a minute.
    #[serde(default = "one")]
    pub(crate) samples: f64,
    /// Amplitude of the noise from minute to minute, a share.
    #[serde(default)]
    pub(crate) noise: f64,
    /// Whether its values are whole numbers.
    #[serde(default)]
    pub(crate) whole: bool,
    /// Whether there is no datum where the value is 0.
    #[serde(default)]
    pub(crate) sparse: bool,
    /// The first minute with data, and the first without again.
    #[serde(default)]
    pub(crate) from: Option<i64>,
    #[serde(default)]
    pub(crate) until: Option<i64>,
    #[serde(default, rename = "change")]
    pub(crate) changes: Vec<Change>,
}

fn default_created() -> i64 {
    DEFAULT_CREATED
}

fn one_period() -> u32 {
    1
}

fn utc() -> String {
    "UTC".to_owned()
}

fn no_unit() -> String {
    "None".to_owned()
}
