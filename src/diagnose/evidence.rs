//! What a verdict rests on, as data: a screen, JSON and an export tell the same.

use super::words::clock;
use crate::model::metric::SeriesKey;
use crate::model::time::{Figure, Minute, Window};
use crate::store::Reading;

/// One fact that a verdict rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// A short clause with its figure and unit, such as `1,240 write throttle events in 11:58`.
    pub text: String,
    /// Where it is from.
    pub source: Source,
    /// The number in it, if it rests on one.
    pub amount: Option<Amount>,
    /// The minutes it is about, if it is about some.
    pub window: Option<Window>,
}

/// Where a fact is from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A series, from which it can be worked out again.
    Series(SeriesKey),
    /// Something else that was read or is known.
    Fact(Fact),
}

/// What is known besides series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// How old or how complete the data are.
    Freshness,
    /// Whether AWS's reason metrics tell something.
    Reasons,
    /// Arithmetic over consumption and limits.
    Inference,
    /// The limit of one partition.
    PartitionLimit,
    /// Warm throughput, as the table's description tells it.
    WarmThroughput,
    /// The scalable target, or that there is none.
    ScalableTarget,
    /// A scaling activity, or that none tells of something.
    ScalingActivity,
    /// A change of provisioned capacity.
    CapacityChange,
    /// A write of this program.
    OwnWrite,
    /// What an index refuses its table.
    BackPressure,
    /// What a metric counts and what not.
    Definition,
    /// A key that Contributor Insights names. Its mask is written, never the key.
    HotKey,
    /// What Contributor Insights counts, or that it is off.
    Insights,
    /// The settings and the state of an event-source mapping, a replica or a destination, as AWS tells them.
    Settings,
    /// How long records are kept, and when they are lost.
    Retention,
    /// The status of a DAX cluster or node, or when a node was made, as AWS tells it.
    DaxStatus,
    /// An event of DAX, in AWS's words.
    DaxEvent,
    /// What the parameter group of a DAX cluster says.
    DaxParameters,
    /// What the tables behind a DAX cluster feel, where the user says which these are.
    TablesBehind,
    /// How far a table's reads move together with what a DAX cluster misses.
    Correlation,
}

impl Fact {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Freshness => "freshness",
            Self::Reasons => "throttle-reasons",
            Self::Inference => "inference",
            Self::PartitionLimit => "partition-limit",
            Self::WarmThroughput => "warm-throughput",
            Self::ScalableTarget => "scalable-target",
            Self::ScalingActivity => "scaling-activity",
            Self::CapacityChange => "capacity-change",
            Self::OwnWrite => "own-write",
            Self::BackPressure => "back-pressure",
            Self::Definition => "definition",
            Self::HotKey => "hot-key",
            Self::Insights => "contributor-insights",
            Self::Settings => "settings",
            Self::Retention => "retention",
            Self::DaxStatus => "dax-status",
            Self::DaxEvent => "dax-event",
            Self::DaxParameters => "dax-parameters",
            Self::TablesBehind => "tables-behind",
            Self::Correlation => "correlation",
        }
    }
}

/// A number with its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: Unit,
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Events, requests or errors.
    Count,
    /// Capacity or request units per second.
    UnitsPerSecond,
    /// Milliseconds.
    Milliseconds,
    /// `ConsumedThroughputUnits` of Contributor Insights in a minute: three for a write unit and one for a read
    /// unit, which cannot be told apart.
    ThroughputUnits,
    /// Percent, 0 to 100.
    Percent,
    /// Bytes.
    Bytes,
    /// Spearman's rank coefficient of correlation, -1 to 1.
    Coefficient,
}

impl Unit {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::UnitsPerSecond => "units_per_second",
            Self::Milliseconds => "milliseconds",
            Self::ThroughputUnits => "consumed_throughput_units",
            Self::Percent => "percent",
            Self::Bytes => "bytes",
            Self::Coefficient => "coefficient",
        }
    }
}

impl Evidence {
    pub(super) fn fact(fact: Fact, text: impl Into<String>) -> Self {
        Self { text: text.into(), source: Source::Fact(fact), amount: None, window: None }
    }

    pub(super) fn series(
        key: SeriesKey,
        text: String,
        (value, unit): (f64, Unit),
        window: Window,
    ) -> Self {
        let amount = Some(Amount { value, unit });
        Self { text, source: Source::Series(key), amount, window: Some(window) }
    }

    /// The same with the number in it.
    pub(super) fn of(self, value: f64, unit: Unit) -> Self {
        Self { amount: Some(Amount { value, unit }), ..self }
    }

    /// The same about one minute.
    pub(super) fn in_minute(self, minute: Minute) -> Self {
        Self { window: Some(single(minute)), ..self }
    }

    /// Tells that a count is known through `through` only, where its newest figure says so.
    pub(super) fn of_age(reading: Reading<'_>, newest: Figure, through: Minute) -> Option<Self> {
        let at = clock(reading, through);
        let text = match newest {
            Figure::Stale { .. } => format!("stale: nothing newer than {at} could be read"),
            Figure::Unknown { .. } => {
                format!("CloudWatch has told nothing of minutes after {at} yet")
            }
            Figure::Value { .. }
            | Figure::Settling { .. }
            | Figure::Zero { .. }
            | Figure::Idle { .. }
            | Figure::Denied { .. }
            | Figure::NotApplicable
            | Figure::NotPolled => return None,
        };
        Some(Self::fact(Fact::Freshness, text).in_minute(through))
    }
}

/// One minute as a window.
pub(super) fn single(minute: Minute) -> Window {
    Window { start: minute, end: minute.plus(1) }
}
