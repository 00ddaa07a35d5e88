//! The alarms that AWS recommends, with dimensions that exist; and ours, where AWS names none.
//!
//! Source: Amazon `CloudWatch` User Guide, "Best practice alarm recommendations for AWS services".
//! AWS leaves most thresholds to the workload: 0 finds everything that lasts.

use super::free_name;
use crate::lint::published::{DAX, DYNAMODB, LAMBDA};
use crate::model::alarm::{
    Actions, Alarm, AlarmKind, AlarmState, Comparison, Dimension, MetricAlarm, MetricStat,
    MissingData, Source,
};
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use crate::store::Reading;
use std::sync::Arc;

/// An alarm as it is recommended, without its dimensions.
#[derive(Debug, PartialEq)]
pub(crate) struct Recommended {
    namespace: &'static str,
    metric: &'static str,
    statistic: &'static str,
    /// One-minute periods looked at (N) and those that must cross (M).
    periods: (u32, u32),
    threshold: f64,
    missing: MissingData,
    why: &'static str,
}

const fn count(metric: &'static str, periods: u32, why: &'static str) -> Recommended {
    Recommended {
        namespace: DYNAMODB,
        metric,
        statistic: "Sum",
        periods: (periods, periods),
        threshold: 0.0,
        missing: MissingData::NotBreaching,
        why,
    }
}

const fn gauge(metric: &'static str, threshold: f64, why: &'static str) -> Recommended {
    Recommended { statistic: "Maximum", threshold, ..count(metric, 5, why) }
}

static READ_THROTTLES: Recommended = count("ReadThrottleEvents", 5, "Reads are throttled");
static WRITE_THROTTLES: Recommended = count("WriteThrottleEvents", 5, "Writes are throttled");
/// HTTP 400 replies of the account.
pub(crate) static USER_ERRORS: Recommended = Recommended {
    missing: MissingData::Missing,
    ..count("UserErrors", 10, "DynamoDB refuses requests (HTTP 400)")
};
/// HTTP 500 replies of one operation.
pub(crate) static SYSTEM_ERRORS: Recommended =
    count("SystemErrors", 15, "DynamoDB fails requests (HTTP 500)");
/// How far a replica lags behind: three minutes are "generally a cause for investigation".
pub(crate) static REPLICATION: Recommended = Recommended {
    statistic: "Average",
    threshold: 180_000.0,
    periods: (15, 15),
    missing: MissingData::Missing,
    ..gauge("ReplicationLatency", 0.0, "A replica lags more than three minutes behind")
};
/// How far a function lags behind its stream. Ours: a stream keeps its records for a day.
pub(crate) static ITERATOR_AGE: Recommended = Recommended {
    namespace: LAMBDA,
    ..gauge("IteratorAge", 600_000.0, "The function lags ten minutes behind its stream")
};
/// Ours: AWS says to watch it, not from which value on.
pub(crate) static DAX_CPU: Recommended = Recommended {
    namespace: DAX,
    ..gauge("CPUUtilization", 80.0, "A DAX node has little CPU left")
};
/// Ours: DAX evicts before its memory is full, and throttles writes once it is.
pub(crate) static DAX_MEMORY: Recommended = Recommended {
    namespace: DAX,
    ..gauge("CacheMemoryUtilization", 90.0, "A DAX node has little memory left")
};
/// Ours: internal errors of the cluster.
pub(crate) static DAX_FAULTS: Recommended = Recommended {
    namespace: DAX,
    periods: (5, 3),
    ..count("FaultRequestCount", 5, "DAX fails requests (internal errors)")
};
/// Ours: AWS says to watch it. DAX throttles by its CPU.
pub(crate) static DAX_THROTTLES: Recommended = Recommended {
    namespace: DAX,
    periods: (5, 3),
    ..count("ThrottledRequestCount", 5, "DAX nodes throttle requests")
};

/// The throttle alarm of one direction.
pub(crate) fn throttles(direction: Direction) -> &'static Recommended {
    match direction {
        Direction::Read => &READ_THROTTLES,
        Direction::Write => &WRITE_THROTTLES,
    }
}

/// One dimension of an alarm that is not written yet.
pub(crate) type Named = (&'static str, Arc<str>);

/// The dimensions of a table, index, cluster or node; none for the account.
pub(crate) fn named(resource: &Resource) -> Vec<Named> {
    let table = |name: &Arc<str>| ("TableName", Arc::clone(name));
    match resource {
        Resource::Account => vec![],
        Resource::Table(name) => vec![table(name)],
        Resource::Index(name, index) => {
            vec![table(name), ("GlobalSecondaryIndexName", Arc::clone(index))]
        }
        Resource::Cluster(name) => vec![("ClusterId", Arc::clone(name))],
        Resource::Node(name, node) => {
            vec![("ClusterId", Arc::clone(name)), ("NodeId", Arc::clone(node))]
        }
    }
}

/// The same, as an alarm has them.
pub(crate) fn dimensions(resource: &Resource) -> Vec<Dimension> {
    named(resource).iter().map(|(name, value)| dimension(name, value)).collect()
}

/// One dimension.
pub(crate) fn dimension(name: &str, value: &Arc<str>) -> Dimension {
    (Arc::from(name), Arc::clone(value))
}

impl Recommended {
    /// The metric's name.
    pub(crate) fn metric(&self) -> &'static str {
        self.metric
    }
}

/// A recommended alarm that there is not.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Missing {
    recommended: &'static Recommended,
    dimensions: Vec<Named>,
}

impl Missing {
    /// The alarm on a metric with these dimensions.
    pub(crate) fn new(recommended: &'static Recommended, dimensions: Vec<Named>) -> Self {
        Self { recommended, dimensions }
    }

    /// The alarm under a name that no alarm has yet, notifying `topic`.
    pub(crate) fn alarm(&self, reading: Reading<'_>, topic: &Arc<str>) -> Alarm {
        let Self { recommended, dimensions } = self;
        let mut name = String::new();
        for (_, value) in dimensions {
            name.push_str(value);
            name.push('-');
        }
        name.push_str(recommended.metric);
        let (evaluation_periods, datapoints) = recommended.periods;
        let stat = MetricStat {
            namespace: Arc::from(recommended.namespace),
            metric: Arc::from(recommended.metric),
            dimensions: dimensions.iter().map(|(name, value)| dimension(name, value)).collect(),
            statistic: Arc::from(recommended.statistic),
            period_seconds: 60,
            unit: None,
        };
        Alarm {
            name: free_name(reading, &name),
            arn: Arc::from(""),
            description: Some(Arc::from(recommended.why)),
            state: AlarmState::InsufficientData,
            since: None,
            configured: None,
            reason: Arc::from(""),
            actions: Actions {
                enabled: true,
                alarm: vec![Arc::clone(topic)],
                ..Actions::default()
            },
            kind: AlarmKind::Metric(Box::new(MetricAlarm {
                source: Source::Metric(stat),
                comparison: Comparison::Greater,
                threshold: Some(recommended.threshold),
                evaluation_periods,
                datapoints_to_alarm: Some(datapoints),
                missing_data: Some(recommended.missing),
                low_samples: None,
                evaluation_state: None,
            })),
        }
    }
}
