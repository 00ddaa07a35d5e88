//! Where the changes of tables go, and how late they arrive: functions that read streams, replicas in other
//! regions, Kinesis data streams.

use super::detail::Detail;
use super::reading::Reading;
use super::series::SeriesView;
use crate::model::consumer::{Consumer, homes};
use crate::model::health::Poller;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::table::KinesisStreaming;
use crate::model::time::Figure;
use std::sync::Arc;

/// How far back the newest point of a gauge may lie, minutes: those of metrics about replicas and data streams
/// may be published every five minutes (`Amazon DynamoDB` Developer Guide, "DynamoDB Metrics and dimensions").
const RECENT_MINUTES: i64 = 5;

impl<'a> Reading<'a> {
    /// The functions that read the stream of `table`; none as long as that was not read
    /// ([`Reading::consumers`] tells).
    pub fn consumers_of(self, table: &str) -> impl Iterator<Item = &'a Consumer> {
        let consumers = self.consumers().value().map_or(&[][..], Vec::as_slice);
        consumers.iter().filter(move |consumer| *consumer.table == *table)
    }

    /// How far behind a function was in the newest settled minute, milliseconds: the oldest batch it was invoked
    /// with (`IteratorAge`, Maximum). Idle where it was not invoked, which is no sign of health: a disabled
    /// mapping and a throttled function have no age.
    ///
    /// A function has one age for all the streams it reads.
    pub fn iterator_age(self, consumer: &Consumer) -> Figure {
        self.of_function(consumer, Metric::IteratorAge)
    }

    /// Invocations of a function that ended in an error, in the newest settled minute. Idle where it was not
    /// invoked. Read of the open table's functions, and of those in doubt.
    pub fn function_errors(self, consumer: &Consumer) -> Figure {
        self.of_function(consumer, Metric::FunctionErrors)
    }

    /// Invocations of a function that Lambda refused, in the newest settled minute; read like
    /// [`Reading::function_errors`].
    pub fn function_throttles(self, consumer: &Consumer) -> Figure {
        self.of_function(consumer, Metric::FunctionThrottles)
    }

    /// The key of a function's series, such as [`Metric::IteratorAge`]: they are kept with the first of the tables
    /// whose streams it reads.
    pub fn function_key(self, consumer: &Consumer, metric: Metric) -> SeriesKey {
        let consumers = self.consumers().value().map_or(&[][..], Vec::as_slice);
        let is_it =
            |one: &&Consumer| one.function == consumer.function && self.has_table(&one.table);
        let home = homes(consumers.iter().filter(is_it)).into_values().next();
        SeriesKey::outflow(home.unwrap_or(&consumer.table), metric, &consumer.function)
    }

    /// The iterator age of a function over time, milliseconds, as it was read.
    pub fn iterator_ages(self, consumer: &Consumer) -> Option<SeriesView<'a>> {
        self.series(&self.function_key(consumer, Metric::IteratorAge))
    }

    fn of_function(self, consumer: &Consumer, metric: Metric) -> Figure {
        self.newest(&self.function_key(consumer, metric))
    }

    /// From a write to `table` to its arrival in `region`, milliseconds, the mean of a minute of the last five
    /// (`ReplicationLatency`, Average). Idle where nothing arrived: where nothing was written, or where
    /// replication stands still.
    pub fn replication_latency(self, table: &Arc<str>, region: &Arc<str>) -> Figure {
        self.recent(&SeriesKey::outflow(table, Metric::ReplicationLatency, region))
    }

    /// [`Reading::replication_latency`] over time, as it was read.
    pub fn replication_latencies(
        self,
        table: &Arc<str>,
        region: &Arc<str>,
    ) -> Option<SeriesView<'a>> {
        self.series(&SeriesKey::outflow(table, Metric::ReplicationLatency, region))
    }

    /// Where the changes of a table are sent beside its stream, as it was read while the table was open.
    pub fn kinesis(self, table: &str) -> Detail<'a, KinesisStreaming> {
        self.opened(table).map_or(Detail::NotPolled, |opened| opened.kinesis.detail())
    }

    /// How long the oldest record has waited for the table's Kinesis data stream, milliseconds, at most in the
    /// newest settled five minutes (`AgeOfOldestUnreplicatedRecord`, Maximum).
    pub fn kinesis_age(self, table: &Arc<str>) -> Figure {
        self.of_kinesis(table, Metric::AgeOfOldestUnreplicatedRecord)
    }

    /// Records that never reached the data stream, in the newest settled five minutes
    /// (`FailedToReplicateRecordCount`, Sum): they are lost to it.
    pub fn kinesis_failures(self, table: &Arc<str>) -> Figure {
        self.of_kinesis(table, Metric::FailedToReplicateRecordCount)
    }

    /// Records that the data stream refused and that are sent again, the most in one sample of the newest settled
    /// five minutes (`ThrottledPutRecordCount`, Maximum; AWS lists no sum).
    pub fn kinesis_throttles(self, table: &Arc<str>) -> Figure {
        self.of_kinesis(table, Metric::ThrottledPutRecordCount)
    }

    fn of_kinesis(self, table: &Arc<str>, metric: Metric) -> Figure {
        let streaming = self.kinesis(table).value();
        match streaming {
            Some(streaming) if streaming.destinations.is_empty() => Figure::NotApplicable,
            Some(KinesisStreaming { operation: Some(operation), .. }) => {
                self.recent(&SeriesKey::outflow(table, metric, operation))
            }
            Some(_) => Figure::NotPolled,
            None => self.never_read(Poller::Kinesis),
        }
    }

    /// The figure of the newest settled minute.
    pub(super) fn newest(self, key: &SeriesKey) -> Figure {
        let series = self.series_of(&key.resource).and_then(|series| series.get(key));
        let Some(series) = series else { return self.never_read(Poller::Metrics) };
        series.figure(key.metric.gap_rule(), self.known(&key.resource, series), false)
    }

    /// The figure of the newest of the last settled minutes that has a point; else that of the newest minute.
    pub(super) fn recent(self, key: &SeriesKey) -> Figure {
        let newest = self.newest(key);
        let Some(series) = self.series(key) else { return newest };
        let settled = series.settled_through();
        let mut minutes = (0..RECENT_MINUTES).map(|ago| settled.plus(-ago));
        let point = minutes.find_map(|at| Some((at, series.get(at).value()?)));
        match (newest, point) {
            (Figure::Stale { .. }, Some((at, value))) => Figure::Stale { value, at },
            (
                Figure::Value { .. }
                | Figure::Zero { .. }
                | Figure::Idle { .. }
                | Figure::Unknown { .. },
                Some((at, value)),
            ) => Figure::Value { value, at },
            (newest, _) => newest,
        }
    }
}

#[cfg(test)]
mod tests;
