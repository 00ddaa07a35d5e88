//! Data points: by far the most of a recording, so without a name for each.

use super::{Fields, Ink, Recorded, map};
use crate::model::metric::{DaxMetric, Metric, SeriesKey};
use crate::model::throttle::{Direction, Limit};
use crate::model::time::{Minute, Window};
use crate::model::update::Points;
use ciborium::Value;
use jiff::Timestamp;

/// Every metric; its name is that of CloudWatch.
fn metrics() -> impl Iterator<Item = Metric> {
    let of_direction = |direction| {
        let reasons = Limit::ALL.map(|limit| Metric::ThrottleEventsBy(direction, limit));
        let others = [
            Metric::Consumed(direction),
            Metric::ThrottleEvents(direction),
            Metric::Provisioned(direction),
        ];
        others.into_iter().chain(reasons)
    };
    Direction::ALL
        .into_iter()
        .flat_map(of_direction)
        .chain([
            Metric::SuccessfulRequestLatency,
            Metric::SystemErrors,
            Metric::ConditionalCheckFailedRequests,
            Metric::TransactionConflict,
            Metric::UserErrors,
            Metric::IteratorAge,
            Metric::FunctionErrors,
            Metric::FunctionThrottles,
            Metric::ReplicationLatency,
            Metric::AgeOfOldestUnreplicatedRecord,
            Metric::FailedToReplicateRecordCount,
            Metric::ThrottledPutRecordCount,
        ])
        .chain(DaxMetric::all().map(Metric::Dax))
}

impl Recorded for Metric {
    fn write(&self, _: Ink) -> Value {
        Value::from(self.name())
    }

    fn read(value: Value) -> Option<Self> {
        let name = value.as_text()?;
        metrics().find(|metric| metric.name() == name)
    }
}

/// A series: `[resource, metric, operation, statistic, [minutes after the window's start], [values]]`.
type Series = (SeriesKey, Vec<(Minute, f64)>);

fn write_series((key, points): &Series, start: Minute, ink: Ink) -> Value {
    let SeriesKey { resource, metric, operation, statistic } = key;
    let minutes = points.iter().map(|(minute, _)| Value::from(minute.since(start)));
    let values = points.iter().map(|(_, value)| Value::Float(*value));
    Value::Array(vec![
        resource.write(ink),
        metric.write(ink),
        operation.write(ink),
        statistic.write(ink),
        Value::Array(minutes.collect()),
        Value::Array(values.collect()),
    ])
}

fn read_series(value: Value, start: Minute) -> Option<Series> {
    let parts: [Value; 6] = value.into_array().ok()?.try_into().ok()?;
    let [resource, metric, operation, statistic, minutes, values] = parts;
    let key = SeriesKey {
        resource: Recorded::read(resource)?,
        metric: Recorded::read(metric)?,
        operation: Recorded::read(operation)?,
        statistic: Recorded::read(statistic)?,
    };
    let minutes: Vec<i64> = Recorded::read(minutes)?;
    let values: Vec<f64> = Recorded::read(values)?;
    let points = minutes.into_iter().map(|after| start.plus(after)).zip(values);
    Some((key, points.collect()))
}

impl Recorded for Points {
    fn write(&self, ink: Ink) -> Value {
        let Self { window, due, series } = self;
        let each = series.iter().map(|one| write_series(one, window.start, ink));
        map([
            ("window", window.write(ink)),
            ("due", due.write(ink)),
            ("series", Value::Array(each.collect())),
        ])
    }

    /// A series of a metric that only a later version knows is left out.
    fn read(value: Value) -> Option<Self> {
        let mut fields = Fields::of(value)?;
        let window: Window = fields.take("window")?;
        let due: Timestamp = fields.take("due")?;
        let Raw(series) = fields.take("series")?;
        let series = series.into_iter().filter_map(|one| read_series(one, window.start));
        Some(Self { window, due, series: series.collect() })
    }
}

/// A list that is read later.
struct Raw(Vec<Value>);

impl Recorded for Raw {
    fn write(&self, _: Ink) -> Value {
        Value::Array(self.0.clone())
    }

    fn read(value: Value) -> Option<Self> {
        value.into_array().ok().map(Self)
    }
}
