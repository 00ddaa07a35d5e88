//! Who watches what: the alarms of a scope by what they look at, for the rules on what is missing.
//!
//! An alarm counts for what it was meant for even if it can never fire: that is told of the alarm.

use crate::model::alarm::{Alarm, MetricAlarm, Subject};
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use std::collections::{HashMap, HashSet};

/// Every metric that is looked at by an alarm.
#[derive(Debug, Default)]
pub(super) struct Watched<'a> {
    /// Reads and writes of tables and indexes with an alarm on their throttles.
    throttles: HashMap<Resource, [bool; 2]>,
    /// Metrics by what they are about.
    metrics: HashSet<(Subject, &'a str)>,
    /// Tables and the regions whose replication latency is looked at.
    replication: HashSet<(&'a str, &'a str)>,
    /// Words of Metrics Insights queries: what those cover is not taken apart.
    queried: HashSet<&'a str>,
}

impl<'a> Watched<'a> {
    /// What `alarms` look at.
    pub(super) fn of(alarms: impl Iterator<Item = &'a Alarm>) -> Self {
        let mut watched = Self::default();
        for alarm in alarms {
            watched.add(alarm);
        }
        watched
    }

    fn add(&mut self, alarm: &'a Alarm) {
        let Some(settings) = alarm.metric() else { return };
        for formula in settings.formulas() {
            if formula.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"))
            {
                self.queried.extend(formula.split(|c: char| !c.is_ascii_alphanumeric()));
            }
        }
        for stat in MetricAlarm::stats(settings) {
            let subject = match Subject::of(stat) {
                // Any node's alarm is one of its cluster.
                Subject::Dax(cluster, _) => Subject::Dax(cluster, None),
                other @ (Subject::Dynamo(_) | Subject::Function(_) | Subject::Elsewhere(_)) => {
                    other
                }
            };
            if let Some(resource) = subject.resource() {
                let operation = stat.dimension("Operation").map(|operation| &**operation);
                let directions = throttled_directions(&stat.metric, operation);
                for direction in directions {
                    let known = self.throttles.entry(resource.clone()).or_default();
                    *slot(known, *direction) = true;
                }
            }
            if let (Some(table), Some(region)) =
                (stat.dimension("TableName"), stat.dimension("ReceivingRegion"))
                && &*stat.metric == "ReplicationLatency"
            {
                self.replication.insert((table, region));
            }
            self.metrics.insert((subject, &stat.metric));
        }
    }

    /// The directions of a table or index without an alarm on their throttles.
    pub(super) fn unthrottled(&self, resource: &Resource) -> Vec<Direction> {
        let mut known = self.throttles.get(resource).copied().unwrap_or_default();
        let missing = |direction: &Direction| {
            let name = match direction {
                Direction::Read => "ReadThrottleEvents",
                Direction::Write => "WriteThrottleEvents",
            };
            !*slot(&mut known, *direction) && !self.queried.contains(name)
        };
        Direction::ALL.into_iter().filter(missing).collect()
    }

    /// Whether an alarm looks at `metric` of `subject`, whatever its other dimensions.
    pub(super) fn has(&self, subject: Subject, metric: &str) -> bool {
        self.queried.contains(metric) || self.metrics.contains(&(subject, metric))
    }

    /// Whether an alarm looks at `metric` of anything.
    pub(super) fn has_any(&self, metric: &str) -> bool {
        self.queried.contains(metric) || self.metrics.iter().any(|(_, known)| *known == metric)
    }

    /// Whether an alarm looks at the replication of a table to a region.
    pub(super) fn has_replication(&self, table: &str, region: &str) -> bool {
        self.queried.contains("ReplicationLatency") || self.replication.contains(&(table, region))
    }
}

fn slot(known: &mut [bool; 2], direction: Direction) -> &mut bool {
    let [read, write] = known;
    match direction {
        Direction::Read => read,
        Direction::Write => write,
    }
}

/// The directions whose throttles a metric counts.
fn throttled_directions(metric: &str, operation: Option<&str>) -> &'static [Direction] {
    const READS: &[Direction] = &[Direction::Read];
    const WRITES: &[Direction] = &[Direction::Write];
    if metric.ends_with("ThrottleEvents") {
        return match metric {
            _ if metric.starts_with("Read") => READS,
            _ if metric.starts_with("Write") => WRITES,
            _ => &[],
        };
    }
    match (metric, operation) {
        (
            "ThrottledRequests",
            Some("GetItem" | "BatchGetItem" | "Query" | "Scan" | "TransactGetItems"),
        ) => READS,
        (
            "ThrottledRequests",
            Some("PutItem" | "UpdateItem" | "DeleteItem" | "BatchWriteItem" | "TransactWriteItems"),
        ) => WRITES,
        ("ThrottledRequests", _) => &Direction::ALL,
        _ => &[],
    }
}
