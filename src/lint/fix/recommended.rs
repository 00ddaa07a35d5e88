//! The alarms that AWS recommends, with dimensions that exist; and ours, where AWS names none.
//!
//! Source: Amazon `CloudWatch` User Guide, "Best practice alarm recommendations for AWS services".
//! AWS leaves most thresholds to the workload: 0 finds everything that lasts.

use crate::lint::context::Context;
use crate::lint::published::{DAX, DYNAMODB, LAMBDA};
use crate::model::alarm::{
    Actions, Alarm, AlarmKind, AlarmState, Comparison, Dimension, MetricAlarm, MetricStat,
    MissingData, Source,
};
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use std::sync::Arc;

/// An alarm as it is recommended, without its dimensions.
#[derive(Debug, Clone, Copy)]
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

const READ_THROTTLES: Recommended = count("ReadThrottleEvents", 5, "Reads are throttled");
const WRITE_THROTTLES: Recommended = count("WriteThrottleEvents", 5, "Writes are throttled");
/// HTTP 400 replies of the account.
pub(crate) const USER_ERRORS: Recommended = Recommended {
    missing: MissingData::Missing,
    ..count("UserErrors", 10, "DynamoDB refuses requests (HTTP 400)")
};
/// HTTP 500 replies of one operation.
pub(crate) const SYSTEM_ERRORS: Recommended =
    count("SystemErrors", 15, "DynamoDB fails requests (HTTP 500)");
/// How far a replica lags behind: three minutes are "generally a cause for investigation".
pub(crate) const REPLICATION: Recommended = Recommended {
    statistic: "Average",
    threshold: 180_000.0,
    periods: (15, 15),
    missing: MissingData::Missing,
    ..gauge("ReplicationLatency", 0.0, "A replica lags more than three minutes behind")
};
/// How far a function lags behind its stream. Ours: a stream keeps its records for a day.
pub(crate) const ITERATOR_AGE: Recommended = Recommended {
    namespace: LAMBDA,
    ..gauge("IteratorAge", 600_000.0, "The function lags ten minutes behind its stream")
};
/// Ours: AWS says to watch it, not from which value on.
pub(crate) const DAX_CPU: Recommended = Recommended {
    namespace: DAX,
    ..gauge("CPUUtilization", 80.0, "A DAX node has little CPU left")
};
/// Ours: DAX evicts before its memory is full, and throttles writes once it is.
pub(crate) const DAX_MEMORY: Recommended = Recommended {
    namespace: DAX,
    ..gauge("CacheMemoryUtilization", 90.0, "A DAX node has little memory left")
};
/// Ours: internal errors of the cluster.
pub(crate) const DAX_FAULTS: Recommended = Recommended {
    namespace: DAX,
    periods: (5, 3),
    ..count("FaultRequestCount", 5, "DAX fails requests (internal errors)")
};

/// The throttle alarm of one direction.
pub(crate) fn throttles(direction: Direction) -> Recommended {
    match direction {
        Direction::Read => READ_THROTTLES,
        Direction::Write => WRITE_THROTTLES,
    }
}

/// The dimensions of a table or index; none for the account.
pub(crate) fn dimensions(resource: &Resource) -> Vec<Dimension> {
    let table = |name: &Arc<str>| dimension("TableName", name);
    match resource {
        Resource::Account => vec![],
        Resource::Table(name) => vec![table(name)],
        Resource::Index(name, index) => {
            vec![table(name), dimension("GlobalSecondaryIndexName", index)]
        }
    }
}

/// One dimension.
pub(crate) fn dimension(name: &str, value: &str) -> Dimension {
    (Arc::from(name), Arc::from(value))
}

impl Recommended {
    /// The metric's name.
    pub(crate) fn metric(self) -> &'static str {
        self.metric
    }

    /// The alarm on a metric with these dimensions, under a name that no alarm has yet.
    pub(crate) fn alarm(self, lint: &Context<'_>, dimensions: Vec<Dimension>) -> Alarm {
        let mut name = String::new();
        for (_, value) in &dimensions {
            name.push_str(value);
            name.push('-');
        }
        name.push_str(self.metric);
        let (evaluation_periods, datapoints) = self.periods;
        let stat = MetricStat {
            namespace: Arc::from(self.namespace),
            metric: Arc::from(self.metric),
            dimensions,
            statistic: Arc::from(self.statistic),
            period_seconds: 60,
            unit: None,
        };
        Alarm {
            name: lint.free_name(&name),
            arn: Arc::from(""),
            description: Some(Arc::from(self.why)),
            state: AlarmState::InsufficientData,
            since: None,
            configured: None,
            reason: Arc::from(""),
            actions: Actions { enabled: true, alarm: vec![lint.topic()], ..Actions::default() },
            kind: AlarmKind::Metric(Box::new(MetricAlarm {
                source: Source::Metric(stat),
                comparison: Comparison::Greater,
                threshold: Some(self.threshold),
                evaluation_periods,
                datapoints_to_alarm: Some(datapoints),
                missing_data: Some(self.missing),
                low_samples: None,
                evaluation_state: None,
            })),
        }
    }
}
