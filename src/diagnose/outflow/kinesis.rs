//! Kinesis data streams that a table's changes are sent to. They are read of the open table alone, in periods of five
//! minutes.

use super::Outflow;
use crate::diagnose::evidence::single;
use crate::diagnose::gauge::Gauge;
use crate::diagnose::lately::{OPENED, lately};
use crate::diagnose::spell::Spell;
use crate::diagnose::words::{clock, number, span};
use crate::diagnose::{Cause, Evidence, Fact, Severity, Thresholds, Unit, Verdict};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::table::{KinesisDestination, KinesisStreaming, Table};
use crate::model::throttle::Direction;
use crate::model::time::{Minute, Window};
use crate::store::{Reading, SeriesView};
use std::sync::Arc;

/// What is wrong with the data streams of a table.
pub(super) fn verdicts(
    reading: Reading<'_>,
    table: &Table,
    thresholds: &Thresholds,
) -> Vec<Verdict> {
    let Some(streaming) = reading.kinesis(&table.name).value() else { return vec![] };
    let mut verdicts = not_enabled(reading, table);
    verdicts.extend(flowing(reading, table, streaming, thresholds));
    verdicts
}

/// The data streams that could not be enabled. Once the table is closed, nobody would see that they are mended.
fn not_enabled(reading: Reading<'_>, table: &Table) -> Vec<Verdict> {
    let resource = Resource::Table(table.name.clone());
    let key = SeriesKey::sum(resource.clone(), Metric::Consumed(Direction::Write));
    let since = reading.series(&key).and_then(SeriesView::first_read);
    let told = lately(reading, reading.kinesis(&table.name), OPENED);
    let (Some(since), Some((streaming, age))) = (since, told) else { return vec![] };
    let failed = streaming.destinations.iter().filter(|told| &*told.status == "ENABLE_FAILED");
    let judge = |told: &KinesisDestination| {
        let why = told.status_description.as_ref().map(|why| format!(": {why}"));
        let text = format!("the destination is {}{}", told.status, why.unwrap_or_default());
        let spell = Spell { maybe_earlier: true, ..Spell::began(since) };
        let cause = Cause::Outflow(Outflow::KinesisStopped);
        Verdict {
            recipient: Some(name(told)),
            evidence: [Evidence::fact(Fact::Settings, text)].into_iter().chain(age.clone()).collect(),
            advice: "look whether the data stream is there and DynamoDB may put records into it, and enable it again"
                .into(),
            ..spell.verdict(resource.clone(), cause, Severity::Trouble)
        }
    };
    failed.map(judge).collect()
}

fn name(told: &KinesisDestination) -> Arc<str> {
    Arc::from(told.stream.rsplit('/').next().unwrap_or(&told.stream))
}

/// Records that wait for the data streams or are lost to them. The metrics do not tell several apart.
fn flowing(
    reading: Reading<'_>,
    table: &Table,
    streaming: &KinesisStreaming,
    thresholds: &Thresholds,
) -> Option<Verdict> {
    let operation = streaming.operation.as_ref()?;
    let gauge =
        |metric| Gauge::of(reading, SeriesKey::outflow(&table.name, metric, operation), thresholds);
    let age = gauge(Metric::AgeOfOldestUnreplicatedRecord);
    let refused = gauge(Metric::ThrottledPutRecordCount);
    let lost = gauge(Metric::FailedToReplicateRecordCount);
    let least = thresholds.kinesis_late_seconds * 1e3;
    // A period has five minutes: one that is late is late enough.
    let late = age.as_ref().and_then(|age| age.spell(1, |value| value >= least));
    let some = |gauge: &Option<Gauge>| {
        gauge.as_ref().and_then(|gauge| gauge.spell(1, |count| count > 0.0))
    };
    let (outflow, spell) = match (some(&lost), some(&refused), late) {
        (Some(lost), _, _) => (Outflow::KinesisLosing, lost),
        (None, Some(refused), _) => (Outflow::KinesisThrottled, refused),
        (None, None, Some(late)) => (Outflow::KinesisLate, late),
        (None, None, None) => return None,
    };
    let severity = match (outflow, late) {
        (Outflow::KinesisThrottled, None) => Severity::Notice,
        _ => Severity::Trouble,
    };
    let counted = |gauge: &Option<Gauge>, what: &str| told(reading, gauge.as_ref(), what);
    let waits = |gauge: &Gauge| {
        let (minute, value) = gauge.newest().next()?;
        let text =
            format!("the oldest record waits for {} in {}", span(value), clock(reading, minute));
        Some(period(gauge, text, (value, Unit::Milliseconds), minute))
    };
    let evidence = [
        counted(&lost, "records never reached the data stream"),
        counted(&refused, "records were refused and sent again, at most,"),
        age.as_ref().and_then(waits),
    ];
    let names: Vec<String> =
        streaming.destinations.iter().map(|told| name(told).to_string()).collect();
    Some(Verdict {
        recipient: Some(Arc::from(names.join(", "))),
        evidence: evidence.into_iter().flatten().collect(),
        advice: advice(outflow).into(),
        ..spell.verdict(Resource::Table(table.name.clone()), Cause::Outflow(outflow), severity)
    })
}

fn told(reading: Reading<'_>, gauge: Option<&Gauge>, what: &str) -> Option<Evidence> {
    let gauge = gauge?;
    let (minute, count) = gauge.newest().next().filter(|(_, count)| *count > 0.0)?;
    let text =
        format!("{} {what} in the five minutes from {}", number(count), clock(reading, minute));
    Some(period(gauge, text, (count, Unit::Count), minute))
}

fn period(gauge: &Gauge, text: String, amount: (f64, Unit), minute: Minute) -> Evidence {
    let window = Window { end: minute.plus(gauge.key.metric.period_minutes()), ..single(minute) };
    Evidence::series(gauge.key.clone(), text, amount, window)
}

/// Amazon DynamoDB Developer Guide, "Using Kinesis Data Streams to capture changes to DynamoDB".
fn advice(outflow: Outflow) -> &'static str {
    match outflow {
        Outflow::KinesisLosing => {
            "what was lost is still in the table: find out who needs it again; look whether the data stream is there, \
             DynamoDB may put records into it, and its shards suffice"
        }
        Outflow::KinesisThrottled => {
            "give the data stream more shards, or the on-demand mode: a shard takes 1,000 records or 1 MB a second"
        }
        Outflow::KinesisLate
        | Outflow::KinesisStopped
        | Outflow::ConsumerStopped
        | Outflow::ConsumerFailing
        | Outflow::ConsumerThrottled
        | Outflow::ConsumerTooSlow
        | Outflow::ConsumerLate
        | Outflow::ReplicaStopped
        | Outflow::ReplicaLate => {
            "look at the data stream's own metrics, its state and its permissions"
        }
    }
}
