//! What leaves a table for its replicas and for a Kinesis data stream, and what `AWS/DynamoDB` says of it.

use std::ops::Range;

use super::backlog::{Ages, Backlog};
use super::publish::Truth;
use super::series::{count, gauge};
use super::table::Table;
use super::{MetricId, Window};
use crate::facts::{Datum, KinesisDestination, ReplicaState};

/// Records that a shard of a Kinesis data stream takes in a second ("Kinesis Data Streams quotas and limits").
const SHARD_RECORDS: f64 = 1_000.0;

/// The value of `DelegatedOperation`: AWS documents the dimension and no value, so this is the simulation's own,
/// which a client can only learn from `ListMetrics`.
const DELEGATED_OPERATION: &str = "KinesisChangeDataCapture";

/// The metric with `TableName` and `ReceivingRegion` ("DynamoDB metrics and dimensions").
const REPLICATION_LATENCY: &str = "ReplicationLatency";

/// A metric with `TableName` and `DelegatedOperation`.
#[derive(Debug, Clone, Copy)]
enum KinesisMetric {
    Age,
    Failed,
    Throttled,
}

const KINESIS_METRICS: [(&str, KinesisMetric); 3] = [
    ("AgeOfOldestUnreplicatedRecord", KinesisMetric::Age),
    ("FailedToReplicateRecordCount", KinesisMetric::Failed),
    ("ThrottledPutRecordCount", KinesisMetric::Throttled),
];

/// Minutes per datum of a metric of the Kinesis destination.
const KINESIS_PERIOD: i64 = 5;

/// One minute of records on their way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flow {
    pub(super) minute: i64,
    /// Records that arrived.
    pub(super) delivered: f64,
    /// Records that were to arrive and could not yet.
    refused: f64,
    /// Records that waited too long.
    lost: f64,
    /// The ages of those that arrived.
    pub(super) ages: Ages,
    /// The age of the oldest that waits in the end, milliseconds.
    waiting: f64,
}

impl Table {
    /// The table's replicas.
    pub(super) fn replicas(&self) -> Vec<ReplicaState> {
        let replicas = self.spec.replicas.iter();
        replicas
            .map(|spec| ReplicaState { region: spec.region.clone(), status: spec.status.clone() })
            .collect()
    }

    /// The data stream that the table's changes are sent to.
    pub(super) fn kinesis_destination(&self) -> Option<KinesisDestination> {
        let spec = self.spec.kinesis.as_ref()?;
        Some(KinesisDestination { stream: spec.stream.clone(), status: spec.status.clone() })
    }

    /// How the records fare, minute by minute, of which so many are taken in a second.
    fn outflows(&self, per_second: Option<f64>, ease: f64) -> Vec<Flow> {
        let mut backlog = Backlog::default();
        let flow = |minute: i64| {
            let begin = backlog.age(minute - 1);
            backlog.write(minute, self.written(minute));
            let lost = backlog.trim(minute);
            let delivered = backlog.take(per_second.map_or(f64::MAX, |records| records * 60.0));
            let waiting = backlog.age(minute);
            let ages = Ages::between(begin, waiting, ease);
            Flow { minute, delivered, refused: backlog.waiting(), lost, ages, waiting }
        };
        (self.born..self.end()).map(flow).collect()
    }

    /// How a replica is kept up to date, if the table has one in `region`.
    pub(super) fn replicated_to(&self, region: &str) -> Option<Vec<Flow>> {
        let spec = self.spec.replicas.iter().find(|replica| replica.region == region)?;
        // "Typically within a second" (DynamoDB developer guide, "Global tables").
        let ease = 500.0 + 600.0 * self.chance.named("replica").named(region).unit(0);
        Some(self.outflows(spec.writes_per_second, ease))
    }

    /// `ReplicationLatency` towards a region: a sample for each record that arrives.
    pub(super) fn replica_series(
        &self,
        name: &str,
        region: &str,
        minutes: Range<i64>,
    ) -> Option<Truth> {
        let flows = (name == REPLICATION_LATENCY).then(|| self.replicated_to(region))??;
        let series = self.chance.named(name).named(region);
        let data = flows.iter().filter(|flow| minutes.contains(&flow.minute));
        let data = data.filter_map(|flow| flow.ages.datum(flow.minute, flow.delivered)).collect();
        Some(Truth::new(series, 1, self.publisher, data))
    }

    /// A metric of the Kinesis destination.
    pub(super) fn kinesis_series(
        &self,
        name: &str,
        operation: &str,
        minutes: Range<i64>,
    ) -> Option<Truth> {
        let spec = self.spec.kinesis.as_ref().filter(|_| operation == DELEGATED_OPERATION)?;
        let (name, metric) = super::metric(&KINESIS_METRICS, name)?;
        let flows = match &*spec.status {
            "ACTIVE" => self.outflows(Some(f64::from(spec.shards) * SHARD_RECORDS), 80.0),
            _ => Vec::new(),
        };
        let truth = |minute: i64| kinesis_datum(metric, minute, &flows);
        Some(self.truth(self.chance.named(name), KINESIS_PERIOD, minutes, truth))
    }

    /// Adds the metrics of replicas and of the Kinesis destination that have a datum in a window.
    pub(super) fn list_outflow(&self, window: Window, found: &mut Vec<MetricId>) {
        let Window { begin, end, now } = window;
        let table = ("TableName", self.spec.name.as_str());
        let has_data = |truth: Option<Truth>| truth.is_some_and(|t| !t.seen(now).is_empty());
        for replica in &self.spec.replicas {
            if has_data(self.replica_series(REPLICATION_LATENCY, &replica.region, begin..end)) {
                let region = ("ReceivingRegion", replica.region.as_str());
                found.push(MetricId::of_dynamodb(REPLICATION_LATENCY, [table, region]));
            }
        }
        for (name, _) in KINESIS_METRICS {
            if has_data(self.kinesis_series(name, DELEGATED_OPERATION, begin..end)) {
                let operation = ("DelegatedOperation", DELEGATED_OPERATION);
                found.push(MetricId::of_dynamodb(name, [table, operation]));
            }
        }
    }
}

/// One period of a metric of the Kinesis destination.
fn kinesis_datum(metric: KinesisMetric, minute: i64, flows: &[Flow]) -> Option<Datum> {
    let end = minute + KINESIS_PERIOD;
    let period = flows.iter().filter(|flow| (minute..end).contains(&flow.minute));
    match metric {
        KinesisMetric::Age => {
            let ages: Vec<f64> = period.map(|flow| flow.waiting.max(flow.ages.least)).collect();
            gauge(minute, &ages)
        }
        KinesisMetric::Failed => count(minute, period.map(|flow| flow.lost).sum::<f64>().round()),
        KinesisMetric::Throttled => {
            let refused: Vec<f64> = period.map(|flow| flow.refused.round()).collect();
            gauge(minute, &refused).filter(|datum| datum.max > 0.0)
        }
    }
}
