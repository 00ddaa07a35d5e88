//! `CloudWatch` alarms as `DescribeAlarms` tells them, their history and the rules that mute them.
//!
//! Source: Amazon `CloudWatch` API Reference, `MetricAlarm`, `CompositeAlarm`, `AlarmHistoryItem`.

mod subject;

pub use subject::Subject;

use super::time::Window;
use jiff::{SignedDuration, Timestamp};
use std::fmt;
use std::sync::Arc;

/// Name and value of a dimension.
pub type Dimension = (Arc<str>, Arc<str>);

/// What an alarm says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AlarmState {
    /// `OK`: the threshold is not crossed.
    Ok,
    /// `INSUFFICIENT_DATA`: it has just begun, or has no data to go by.
    InsufficientData,
    /// `ALARM`: the threshold is crossed.
    Alarm,
}

impl AlarmState {
    /// AWS's name of the state.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::InsufficientData => "INSUFFICIENT_DATA",
            Self::Alarm => "ALARM",
        }
    }

    /// The state that AWS calls so.
    pub fn from_aws(name: &str) -> Option<Self> {
        [Self::Ok, Self::InsufficientData, Self::Alarm]
            .into_iter()
            .find(|state| state.as_str() == name)
    }
}

/// One alarm.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    /// Its name, unique in account and region.
    pub name: Arc<str>,
    /// Its ARN.
    pub arn: Arc<str>,
    /// What its owner says of it.
    pub description: Option<Arc<str>>,
    /// What it says.
    pub state: AlarmState,
    /// Since when it says so (`StateTransitionedTimestamp`, or where AWS does not tell it,
    /// `StateUpdatedTimestamp`, which moves with the reason, too).
    pub since: Option<Timestamp>,
    /// When its settings were last changed.
    pub configured: Option<Timestamp>,
    /// Why it says so, in AWS's words.
    pub reason: Arc<str>,
    /// What it does when its state changes.
    pub actions: Actions,
    /// What it looks at.
    pub kind: AlarmKind,
}

/// What an alarm does when it goes into a state: ARNs of SNS topics, scaling policies, …
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Actions {
    /// Whether any of it is done (`ActionsEnabled`).
    pub enabled: bool,
    /// On `OK`.
    pub ok: Vec<Arc<str>>,
    /// On `ALARM`.
    pub alarm: Vec<Arc<str>>,
    /// On `INSUFFICIENT_DATA`.
    pub insufficient_data: Vec<Arc<str>>,
}

/// What an alarm looks at.
#[derive(Debug, Clone, PartialEq)]
pub enum AlarmKind {
    /// One metric, or a sum, quotient, … of several.
    Metric(Box<MetricAlarm>),
    /// Other alarms.
    Composite(Box<CompositeAlarm>),
    /// What this program does not know, such as alarms on logs or on `PromQL`: AWS's name of the type.
    Other(Arc<str>),
}

/// An alarm on metrics.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricAlarm {
    /// What is compared with the threshold.
    pub source: Source,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what; `None` where an anomaly detection band is the threshold.
    pub threshold: Option<f64>,
    /// The newest periods looked at (`EvaluationPeriods`, N).
    pub evaluation_periods: u32,
    /// Of these, those that must cross the threshold (`DatapointsToAlarm`, M); all if absent.
    pub datapoints_to_alarm: Option<u32>,
    /// What a period without data counts as; `None` is AWS's default, `missing`.
    pub missing_data: Option<MissingData>,
    /// `EvaluateLowSampleCountPercentile`: whether a percentile of few samples counts; `evaluate`
    /// or `ignore`.
    pub low_samples: Option<Arc<str>>,
    /// What is wrong with its evaluation (`EvaluationState`), such as `PARTIAL_DATA`.
    pub evaluation_state: Option<Arc<str>>,
}

/// What is compared with an alarm's threshold.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// One metric.
    Metric(MetricStat),
    /// The one query that returns data, made of the others.
    Math {
        /// All of them.
        queries: Vec<Query>,
        /// The query that is the threshold, of an anomaly detection alarm.
        threshold: Option<Arc<str>>,
    },
}

/// A metric as an alarm reads it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MetricStat {
    /// Such as `AWS/DynamoDB`.
    pub namespace: Arc<str>,
    /// Such as `WriteThrottleEvents`.
    pub metric: Arc<str>,
    /// Its dimensions, in the order AWS tells them.
    pub dimensions: Vec<Dimension>,
    /// Such as `Sum` or `p99`.
    pub statistic: Arc<str>,
    /// Seconds that one data point is about.
    pub period_seconds: i64,
    /// Only samples of this unit, such as `Count`.
    pub unit: Option<Arc<str>>,
}

impl MetricStat {
    /// The value of the dimension called `name`.
    pub fn dimension(&self, name: &str) -> Option<&Arc<str>> {
        self.dimensions.iter().find(|(known, _)| &**known == name).map(|(_, value)| value)
    }
}

/// One part of metric math.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What other parts call it.
    pub id: Arc<str>,
    /// What it is.
    pub what: QueryKind,
    /// What people call it.
    pub label: Option<Arc<str>>,
    /// The account it looks at; `None` is the alarm's own.
    pub account: Option<Arc<str>>,
    /// Whether its result is the alarm's.
    pub returns_data: bool,
}

/// What one part of metric math is.
#[derive(Debug, Clone, PartialEq)]
pub enum QueryKind {
    /// A metric.
    Stat(MetricStat),
    /// A formula over other parts.
    Expression {
        /// The formula.
        formula: Arc<str>,
        /// Seconds that one data point is about, where it says so.
        period_seconds: Option<i64>,
    },
}

/// How a value is compared with a threshold (`ComparisonOperator`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// `GreaterThanThreshold`.
    Greater,
    /// `GreaterThanOrEqualToThreshold`.
    GreaterOrEqual,
    /// `LessThanThreshold`.
    Less,
    /// `LessThanOrEqualToThreshold`.
    LessOrEqual,
    /// A comparison with a band, or what AWS adds next.
    Other(Arc<str>),
}

impl Comparison {
    /// AWS's name of the operator.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Greater => "GreaterThanThreshold",
            Self::GreaterOrEqual => "GreaterThanOrEqualToThreshold",
            Self::Less => "LessThanThreshold",
            Self::LessOrEqual => "LessThanOrEqualToThreshold",
            Self::Other(name) => name,
        }
    }

    /// The operator that AWS calls so.
    pub fn from_aws(name: &str) -> Self {
        [Self::Greater, Self::GreaterOrEqual, Self::Less, Self::LessOrEqual]
            .into_iter()
            .find(|known| known.as_str() == name)
            .unwrap_or_else(|| Self::Other(Arc::from(name)))
    }

    /// The sign between value and threshold; `None` for a band.
    pub fn sign(&self) -> Option<&'static str> {
        match self {
            Self::Greater => Some(">"),
            Self::GreaterOrEqual => Some(">="),
            Self::Less => Some("<"),
            Self::LessOrEqual => Some("<="),
            Self::Other(_) => None,
        }
    }
}

/// What a period without data counts as (`TreatMissingData`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingData {
    /// `missing`: it is left out. Of metrics of `AWS/DynamoDB` it means `ignore`.
    Missing,
    /// `ignore`: the state stays as it is.
    Ignore,
    /// `breaching`: it crosses the threshold.
    Breaching,
    /// `notBreaching`: it does not.
    NotBreaching,
}

impl MissingData {
    /// AWS's name of the treatment.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Ignore => "ignore",
            Self::Breaching => "breaching",
            Self::NotBreaching => "notBreaching",
        }
    }

    /// The treatment that AWS calls so.
    pub fn from_aws(name: &str) -> Option<Self> {
        [Self::Missing, Self::Ignore, Self::Breaching, Self::NotBreaching]
            .into_iter()
            .find(|known| known.as_str() == name)
    }
}

/// An alarm on other alarms.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompositeAlarm {
    /// Such as `ALARM("a") AND NOT ALARM("b")`.
    pub rule: Arc<str>,
    /// The alarm that holds its actions back, by name or ARN.
    pub suppressor: Option<Arc<str>>,
    /// What holds them back now (`ActionsSuppressedBy`): `WaitPeriod`, `ExtensionPeriod`, `Alarm`.
    pub suppressed_by: Option<Arc<str>>,
}

impl CompositeAlarm {
    /// The alarms that its rule names, as they are written there: names or ARNs, each once.
    pub fn children(&self) -> Vec<&str> {
        let mut children = Vec::new();
        let calls = ["ALARM", "OK", "INSUFFICIENT_DATA"];
        let mut rest = &*self.rule;
        while let Some((before, after)) = rest.split_once('(') {
            let word = before.trim_end();
            let is_call = calls.iter().any(|call| {
                word.strip_suffix(call)
                    .is_some_and(|head| !head.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
            });
            rest = after;
            if !is_call {
                continue;
            }
            let inner = after.trim_start();
            let quote = inner.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (name, remainder) = match quote {
                Some(quote) => {
                    let quoted = inner.strip_prefix(quote).unwrap_or(inner);
                    quoted.split_once(quote).unwrap_or((quoted, ""))
                }
                None => inner.split_once(')').unwrap_or((inner, "")),
            };
            rest = remainder;
            let name = name.trim();
            if !name.is_empty() && !children.contains(&name) {
                children.push(name);
            }
        }
        children
    }
}

impl Alarm {
    /// The alarm on metrics, if it is one.
    pub fn metric(&self) -> Option<&MetricAlarm> {
        match &self.kind {
            AlarmKind::Metric(alarm) => Some(alarm),
            AlarmKind::Composite(_) | AlarmKind::Other(_) => None,
        }
    }

    /// The alarm on other alarms, if it is one.
    pub fn composite(&self) -> Option<&CompositeAlarm> {
        match &self.kind {
            AlarmKind::Composite(alarm) => Some(alarm),
            AlarmKind::Metric(_) | AlarmKind::Other(_) => None,
        }
    }

    /// Every metric it looks at.
    pub fn stats(&self) -> Vec<&MetricStat> {
        self.metric().map(MetricAlarm::stats).unwrap_or_default()
    }

    /// Whether Application Auto Scaling made it for a policy of its own: `ALARM` on its low side is
    /// the usual state of an idle table.
    pub fn is_target_tracking(&self) -> bool {
        is_target_tracking(&self.name)
    }
}

/// Whether an alarm of that name is one of Application Auto Scaling's own.
pub(super) fn is_target_tracking(name: &str) -> bool {
    name.starts_with("TargetTracking-")
}

impl MetricAlarm {
    /// Every metric it looks at.
    pub fn stats(&self) -> Vec<&MetricStat> {
        match &self.source {
            Source::Metric(stat) => vec![stat],
            Source::Math { queries, .. } => queries
                .iter()
                .filter_map(|query| match &query.what {
                    QueryKind::Stat(stat) => Some(stat),
                    QueryKind::Expression { .. } => None,
                })
                .collect(),
        }
    }

    /// The formulas of its metric math.
    pub fn formulas(&self) -> Vec<&Arc<str>> {
        let Source::Math { queries, .. } = &self.source else { return vec![] };
        queries
            .iter()
            .filter_map(|query| match &query.what {
                QueryKind::Stat(_) => None,
                QueryKind::Expression { formula, .. } => Some(formula),
            })
            .collect()
    }

    /// Seconds that one of its data points is about: those of its metric, or the longest in its math.
    pub fn period_seconds(&self) -> i64 {
        let Source::Math { queries, .. } = &self.source else {
            return self.stats().first().map_or(60, |stat| stat.period_seconds);
        };
        let periods = queries.iter().filter_map(|query| match &query.what {
            QueryKind::Stat(stat) => Some(stat.period_seconds),
            QueryKind::Expression { period_seconds, .. } => *period_seconds,
        });
        periods.max().unwrap_or(60)
    }

    /// Periods that must cross the threshold: M of M of N.
    pub fn datapoints(&self) -> u32 {
        self.datapoints_to_alarm.unwrap_or(self.evaluation_periods)
    }
}

/// The data of an open alarm: what is compared with its threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmData {
    /// Seconds that each point is about.
    pub period_seconds: i64,
    /// The minutes that were asked for.
    pub window: Window,
    /// Start of the period and value, oldest first.
    pub points: Vec<(Timestamp, f64)>,
}

impl AlarmData {
    /// Of how many alarms, those opened last, data are kept: leafing back shows them at once.
    pub const KEPT: usize = 16;
}

/// A rule that silences alarms for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MuteRule {
    /// Its name.
    pub name: Arc<str>,
    /// `SCHEDULED`, `ACTIVE`, `EXPIRED`, or what AWS adds next.
    pub status: Arc<str>,
    /// The names of the alarms it silences.
    pub targets: Vec<Arc<str>>,
    /// `cron(…)` or `at(…)`.
    pub expression: Arc<str>,
    /// How long it silences them each time, ISO 8601, such as `PT1H`.
    pub duration: Arc<str>,
    /// The zone of the expression; UTC if absent.
    pub time_zone: Option<Arc<str>>,
    /// When it ends for good.
    pub expires: Option<Timestamp>,
}

impl MuteRule {
    /// Whether it silences its alarms at `now`: a rule of one time goes by its times, since its
    /// status may have been read before; any other by its status.
    pub fn is_active(&self, now: Timestamp) -> bool {
        match self.once() {
            Some((start, end)) => &*self.status != "EXPIRED" && (start..end).contains(&now),
            None => &*self.status == "ACTIVE",
        }
    }

    /// From when until when it silences its alarms, where it does so once and in UTC, as
    /// `at(2026-11-22T11:30)`.
    pub fn once(&self) -> Option<(Timestamp, Timestamp)> {
        if self.time_zone.as_deref().is_some_and(|zone| zone != "UTC") {
            return None;
        }
        let at = self.expression.strip_prefix("at(")?.strip_suffix(')')?;
        let start: jiff::civil::DateTime = at.trim().parse().ok()?;
        let start = start.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
        Some((start, start.checked_add(self.length()?).ok()?))
    }

    /// How long it silences them each time; `None` if that cannot be read.
    pub fn length(&self) -> Option<SignedDuration> {
        let span: jiff::Span = self.duration.parse().ok()?;
        // Days of a mute rule have 24 hours: it silences for a length of time.
        span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok()
    }
}

impl fmt::Display for AlarmState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
