//! `SuccessfulRequestLatency` against its own past hour. It is measured on AWS's side.

use super::evidence::single;
use super::spell::{LEAST_KNOWN, Spell, Tally, median, past_hour, untold};
use super::words::{clock, number};
use super::{Cause, Evidence, Fact, Severity, Thresholds, Unit, Verdict};
use crate::model::id::Resource;
use crate::model::metric::{Metric, Operation, SeriesKey, Statistic};
use crate::model::time::Minute;
use crate::store::Reading;
use std::sync::Arc;

const ADVICE: &str = "compare with the client's own latency and with the size of items and pages: \
    if these are as ever, it is AWS's side; look at the AWS Health Dashboard, and give AWS Support \
    the request ids";

/// A percentile, the share of samples below it, and how bad it is if it is raised.
type Percentile = (Statistic, f64, Severity);

/// Half of all requests are slow, or a few are.
const PERCENTILES: [Percentile; 2] =
    [(Statistic::P50, 0.5, Severity::Trouble), (Statistic::P99, 0.99, Severity::Notice)];

/// Tables that answer slower than in the hour before, for no reason that is told already.
pub(super) fn verdicts(
    reading: Reading<'_>,
    found: &[Verdict],
    thresholds: &Thresholds,
) -> Vec<Verdict> {
    // A full partition answers slowly, and so does a table that fails.
    let untold = untold(reading, found);
    untold.filter_map(|(reading, table)| verdict(reading, table, thresholds)).collect()
}

/// One percentile of one operation that is raised.
struct Raised {
    key: SeriesKey,
    spell: Spell,
    now: f64,
    before: f64,
    samples: f64,
    severity: Severity,
}

fn verdict(reading: Reading<'_>, table: &Arc<str>, thresholds: &Thresholds) -> Option<Verdict> {
    let resource = Resource::Table(table.clone());
    let of_percentile = |percentile: Percentile| {
        let all = reading.operations(table).iter();
        let raised = all.filter_map(|operation| {
            raised(reading, (&resource, operation), percentile, thresholds)
        });
        raised.max_by(|a, b| (a.now / a.before).total_cmp(&(b.now / b.before)))
    };
    let Raised { key, spell, now, before, samples, severity } =
        PERCENTILES.into_iter().find_map(of_percentile)?;
    let (operation, at) = (key.operation.clone().unwrap_or_default(), clock(reading, spell.last));
    let text = format!(
        "{operation} {} of {} ms in {at}, {} ms in the hour before",
        key.statistic.as_str(),
        number(now),
        number(before),
    );
    let count = SeriesKey { statistic: Statistic::SampleCount, ..key.clone() };
    let requests = format!("from {} requests", number(samples));
    let evidence = vec![
        Evidence::series(key, text, (now, Unit::Milliseconds), single(spell.last)),
        Evidence::series(count, requests, (samples, Unit::Count), single(spell.last)),
        Evidence::fact(Fact::Definition, "on AWS's side: neither network nor client is in it"),
    ];
    Some(Verdict {
        events: samples,
        evidence,
        advice: ADVICE.into(),
        ..spell.verdict(resource, Cause::LatencyRaised, severity)
    })
}

/// Samples that a percentile needs to mean something (Amazon CloudWatch User Guide,
/// "Percentile-based alarms and low data samples").
fn enough(share: f64) -> f64 {
    10.0 / (1.0 - share)
}

fn raised(
    reading: Reading<'_>,
    (resource, operation): (&Resource, &Operation),
    (statistic, share, severity): Percentile,
    thresholds: &Thresholds,
) -> Option<Raised> {
    let key = |statistic| SeriesKey {
        resource: resource.clone(),
        metric: Metric::SuccessfulRequestLatency,
        operation: Some(operation.clone()),
        statistic,
    };
    let latency = Tally::of(reading, [key(statistic)])?.recent(reading)?;
    let samples = Tally::of(reading, [key(Statistic::SampleCount)])?;
    let counts = |minute: &Minute| samples.at(*minute) >= enough(share);
    let hour = past_hour(latency.through, thresholds);
    let minutes = (0..hour.minutes()).map(|offset| hour.start.plus(offset));
    let known = minutes.filter(counts).map(|minute| latency.at(minute));
    let before = median(known.filter(|value| *value > 0.0).collect(), LEAST_KNOWN)?;
    let factor = match statistic {
        Statistic::P50 | Statistic::Average => thresholds.median_factor,
        Statistic::P99 | Statistic::Sum | Statistic::Maximum | Statistic::SampleCount => {
            thresholds.tail_factor
        }
    };
    let least = (factor * before).max(thresholds.latency_milliseconds);
    let spell = latency.spell(thresholds.raised_minutes, thresholds, |minute| {
        latency.at(minute) >= least && counts(&minute)
    })?;
    let (now, samples) = (latency.at(spell.last), samples.at(spell.last));
    Some(Raised { key: key(statistic), spell, now, before, samples, severity })
}
