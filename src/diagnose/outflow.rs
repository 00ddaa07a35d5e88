//! Where a table's changes go: whether functions, replicas and Kinesis data streams get them in time.
//!
//! What is idle may be well or stand still, so that no age says nothing by itself: the state of what receives the
//! changes and what it refuses is judged as well.

mod consumer;
mod kinesis;
mod replica;

use super::{Thresholds, Verdict};
use crate::store::Reading;

/// How the changes of a table fail to get where they go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outflow {
    /// An event-source mapping is disabled: its function reads nothing of the stream.
    ConsumerStopped,
    /// A function ends in errors, or cannot be invoked: the same batch comes again and again.
    ConsumerFailing,
    /// Lambda throttles a function for want of concurrency.
    ConsumerThrottled,
    /// More is written than a function reads, which does not fail.
    ConsumerTooSlow,
    /// A function is late; what holds it up is not known.
    ConsumerLate,
    /// A replica is in a state in which nothing is replicated to it.
    ReplicaStopped,
    /// Writes arrive late in another region.
    ReplicaLate,
    /// A Kinesis data stream could not be enabled as a destination.
    KinesisStopped,
    /// Records never reach their Kinesis data stream.
    KinesisLosing,
    /// The Kinesis data stream refuses records, which are sent again.
    KinesisThrottled,
    /// Records wait for their Kinesis data stream, which refuses none.
    KinesisLate,
}

impl Outflow {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConsumerStopped => "consumer-stopped",
            Self::ConsumerFailing => "consumer-failing",
            Self::ConsumerThrottled => "consumer-throttled",
            Self::ConsumerTooSlow => "consumer-too-slow",
            Self::ConsumerLate => "consumer-late",
            Self::ReplicaStopped => "replica-stopped",
            Self::ReplicaLate => "replica-late",
            Self::KinesisStopped => "kinesis-stopped",
            Self::KinesisLosing => "kinesis-records-lost",
            Self::KinesisThrottled => "kinesis-throttled",
            Self::KinesisLate => "kinesis-late",
        }
    }

    /// The same in words, to stand behind [`Outflow::prefix`].
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::ConsumerStopped => "consumer stopped",
            Self::ConsumerFailing => "consumer failing",
            Self::ConsumerThrottled => "consumer throttled",
            Self::ConsumerTooSlow => "consumer too slow",
            Self::ConsumerLate => "consumer late",
            Self::ReplicaStopped => "not active",
            Self::ReplicaLate | Self::KinesisLate => "late",
            Self::KinesisStopped => "not enabled",
            Self::KinesisLosing => "records lost",
            Self::KinesisThrottled => "records refused",
        }
    }

    /// Which way out it is about.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::ConsumerStopped
            | Self::ConsumerFailing
            | Self::ConsumerThrottled
            | Self::ConsumerTooSlow
            | Self::ConsumerLate => "STREAM: ",
            Self::ReplicaStopped | Self::ReplicaLate => "REPLICA: ",
            Self::KinesisStopped
            | Self::KinesisLosing
            | Self::KinesisThrottled
            | Self::KinesisLate => "KINESIS: ",
        }
    }

    /// Whether it is about the table's own stream.
    pub(super) fn is_of_stream(self) -> bool {
        self.prefix() == "STREAM: "
    }
}

/// What goes wrong with the changes of tables.
pub(super) fn verdicts(
    reading: Reading<'_>,
    _: &[Verdict],
    thresholds: &Thresholds,
) -> Vec<Verdict> {
    let mut verdicts = consumer::verdicts(reading, thresholds);
    for entry in reading.tables() {
        let Some(table) = entry.table else { continue };
        let reading = reading.of_table(entry.name);
        verdicts.extend(replica::verdicts(reading, table, thresholds));
        verdicts.extend(kinesis::verdicts(reading, table, thresholds));
    }
    verdicts
}
