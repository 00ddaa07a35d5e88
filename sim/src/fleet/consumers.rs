//! Lambda functions that read a table's stream: what they publish in `AWS/Lambda`.
//!
//! A function reads each stream in order, as one queue. While it fails, the same batch comes again and again,
//! and everything behind it waits. How often a failed batch comes again is the simulation's own.

use std::ops::Range;

use super::backlog::{Ages, Backlog};
use super::publish::Truth;
use super::table::Table;
use super::{Chance, Fleet, MetricRef, minute_of};
use crate::facts::{Datum, Epoch, MetricId};
use crate::scenario::spec::inventory::{ConsumerSpec, ConsumerState};
use crate::scenario::spec::streams::{FailureKind, FailureSpec};

/// The namespace of functions.
pub(crate) const LAMBDA: &str = "AWS/Lambda";

/// Invocations with the same batch in a minute, each shard reader of which the mapping has one or more.
const ATTEMPTS: f64 = 12.0;

/// A metric of a function (AWS Lambda developer guide, "Types of metrics for Lambda functions").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FunctionMetric {
    IteratorAge,
    Invocations,
    Errors,
    Throttles,
}

const METRICS: [(&str, FunctionMetric); 4] = [
    ("IteratorAge", FunctionMetric::IteratorAge),
    ("Invocations", FunctionMetric::Invocations),
    ("Errors", FunctionMetric::Errors),
    ("Throttles", FunctionMetric::Throttles),
];

/// One minute of a consumer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    pub(super) minute: i64,
    pub(super) invocations: f64,
    pub(super) errors: f64,
    pub(super) throttles: f64,
    /// Records that it finished with.
    pub(super) read: f64,
    /// Records that it gave up, which go to the failure destination if there is one.
    pub(super) dropped: f64,
    /// Records that the stream lost before they were read.
    pub(super) lost: f64,
    /// Records that wait in the end.
    pub(super) waiting: f64,
    /// The ages of the batches it was invoked with.
    ages: Ages,
}

/// A consumer on its way through its stream.
struct Reader<'a> {
    spec: &'a ConsumerSpec,
    /// The scenario's start, minutes.
    start: i64,
    chance: Chance,
    backlog: Backlog,
    /// Failed invocations with the batch that is in the way.
    attempts: f64,
    /// The poison record that it is rid of, by the minute it was written.
    rid_of: Option<i64>,
}

impl ConsumerSpec {
    /// The failure under way so many minutes after the start.
    pub(super) fn failure(&self, since: i64) -> Option<FailureSpec> {
        self.failures.iter().find(|failure| failure.is_on(since)).copied()
    }

    /// `LastProcessingResult` so many minutes after the start, unless the scenario says another.
    pub(super) fn result(&self, since: i64) -> &str {
        match &self.last_result {
            Some(result) => result,
            None if self.failure(since).is_some() => "PROBLEM: Function call failed",
            None => "OK",
        }
    }
}

impl Reader<'_> {
    /// Reads for one minute in which so many records are written.
    fn step(&mut self, minute: i64, written: f64) -> Step {
        let begin = self.backlog.age(minute - 1);
        self.backlog.write(minute, written);
        let lost = self.backlog.trim(minute);
        let mut step = Step {
            minute,
            invocations: 0.0,
            errors: 0.0,
            throttles: 0.0,
            read: 0.0,
            dropped: 0.0,
            lost,
            waiting: 0.0,
            ages: Ages::between(0.0, 0.0, 0.0),
        };
        if self.spec.state == ConsumerState::Enabled && self.backlog.waiting() > 0.0 {
            match self.failure(minute) {
                Some(failure) => self.fail(failure, &mut step),
                None => self.read(&mut step),
            }
        }
        let ease = 250.0 + 500.0 * self.chance.unit(minute);
        step.waiting = self.backlog.waiting();
        step.ages = Ages::between(begin, self.backlog.age(minute), ease);
        step
    }

    /// The failure that is in the way.
    fn failure(&self, minute: i64) -> Option<FailureSpec> {
        let failure = self.spec.failure(minute - self.start)?;
        let is_gone = failure.kind == FailureKind::Poison && self.rid_of == Some(failure.at);
        (!is_gone).then_some(failure)
    }

    fn read(&mut self, step: &mut Step) {
        self.attempts = 0.0;
        let most = self.spec.records_per_second.map_or(f64::MAX, |records| records * 60.0);
        step.read = self.backlog.take(most);
        step.invocations = (step.read / f64::from(self.spec.batch_size)).ceil();
    }

    /// Sends the same batch again and again, and gives it up when that was tried often enough or when its
    /// records are too old.
    fn fail(&mut self, failure: FailureSpec, step: &mut Step) {
        let attempts = ATTEMPTS * f64::from(self.spec.parallelization_factor);
        match failure.kind {
            // A throttled invocation is no attempt: it is not counted against the retries.
            FailureKind::Throttles => step.throttles = attempts,
            FailureKind::Errors | FailureKind::Poison => {
                (step.invocations, step.errors) = (attempts, attempts);
                self.attempts += attempts;
            }
        }
        let age = self.spec.maximum_record_age_seconds;
        if age >= 0 {
            step.dropped += self.backlog.expire(step.minute, (age / 60).max(1));
        }
        let given_up = match self.spec.maximum_retry_attempts {
            most if most >= 0 => (self.attempts / (most + 1) as f64).floor(),
            _ => 0.0,
        };
        if given_up >= 1.0 {
            self.attempts = 0.0;
            step.dropped += self.backlog.take(given_up * self.dropped_at_once(failure));
        }
        if failure.kind == FailureKind::Poison && step.dropped > 0.0 {
            self.rid_of = Some(failure.at);
        }
    }

    /// Records that are lost when a batch is given up: all of it, unless the bad record can be found.
    fn dropped_at_once(&self, failure: FailureSpec) -> f64 {
        let finds_it = self.spec.bisect || self.spec.partial_batch;
        match failure.kind {
            FailureKind::Poison if finds_it => 1.0,
            FailureKind::Errors | FailureKind::Poison | FailureKind::Throttles => {
                f64::from(self.spec.batch_size)
            }
        }
    }
}

impl Step {
    fn datum(&self, metric: FunctionMetric) -> Option<Datum> {
        let minute = self.minute;
        let counted = |sum: f64, samples: f64| {
            let (min, max) = (f64::from(u8::from(sum >= samples)), f64::from(u8::from(sum > 0.0)));
            (samples > 0.0).then_some(Datum { minute, sum, min, max, samples, spread: None })
        };
        match metric {
            FunctionMetric::IteratorAge => self.ages.datum(minute, self.invocations),
            FunctionMetric::Invocations => counted(self.invocations, self.invocations),
            FunctionMetric::Errors => counted(self.errors, self.invocations),
            FunctionMetric::Throttles => counted(self.throttles, self.invocations + self.throttles),
        }
    }
}

impl Table {
    /// Records that are written to the table's stream in a minute that is over.
    pub(super) fn written(&self, minute: i64) -> f64 {
        let writes = self.sources.iter().enumerate().filter(|(_, source)| source.is_write());
        writes
            .map(|(number, source)| {
                let succeeded = 1.0 - source.spec.conditional_failures;
                self.requests(number, minute).admitted * source.spec.items * succeeded
            })
            .sum()
    }

    /// How a consumer fares in each minute of the table's history.
    pub(super) fn consumed_by(&self, spec: &ConsumerSpec) -> Vec<Step> {
        let chance = self.chance.named("consumer").named(&spec.function).named("age");
        let backlog = Backlog::default();
        let mut reader =
            Reader { spec, start: self.start, chance, backlog, attempts: 0.0, rid_of: None };
        (self.born..self.end()).map(|minute| reader.step(minute, self.written(minute))).collect()
    }

    fn consumer(&self, function: &str) -> Option<&ConsumerSpec> {
        self.spec.consumers.iter().find(|consumer| consumer.function == function)
    }
}

impl Fleet {
    /// A metric of a function that reads streams of the fleet, over all the streams it reads; `None` for any
    /// other metric.
    pub(super) fn function_series(
        &mut self,
        metric: MetricRef<'_>,
        minutes: Range<i64>,
        now: Epoch,
    ) -> Option<Truth> {
        let (name, function) = named(metric)?;
        let which = METRICS.into_iter().find(|(known, _)| *known == name)?.1;
        let mut data: Vec<Datum> = Vec::new();
        let mut is_known = false;
        for table in self.tables.values_mut() {
            if table.consumer(function).is_none() {
                continue;
            }
            is_known = true;
            table.advance(now);
            let Some(spec) = table.consumer(function) else { continue };
            let steps = table.consumed_by(spec).into_iter();
            let steps = steps.filter(|step| minutes.contains(&step.minute));
            data.extend(steps.filter_map(|step| step.datum(which)));
        }
        data.sort_by_key(|datum| datum.minute);
        let series = self.chance.named("function").named(function).named(name);
        is_known.then(|| Truth::new(series, 1, self.publisher, merged(&data)))
    }

    /// Whether a metric is one of a function that reads streams of the fleet.
    pub(super) fn is_of_function(&self, metric: MetricRef<'_>) -> bool {
        let known = |name: &str| METRICS.iter().any(|(known, _)| *known == name);
        named(metric).is_some_and(|(name, function)| {
            known(name) && self.tables.values().any(|table| table.consumer(function).is_some())
        })
    }

    /// The metrics of functions that have data in some minutes.
    pub(super) fn function_metrics(&mut self, minutes: &Range<i64>, now: Epoch) -> Vec<MetricId> {
        let consumers = self.tables.values().flat_map(|table| &table.spec.consumers);
        let mut functions: Vec<String> = consumers.map(|one| one.function.clone()).collect();
        functions.sort_unstable();
        functions.dedup();
        let mut found = Vec::new();
        for function in functions {
            let dimensions = [("FunctionName".to_owned(), function.clone())];
            for (name, _) in METRICS {
                let metric = MetricRef { namespace: LAMBDA, name, dimensions: &dimensions };
                let truth = self.function_series(metric, minutes.clone(), now);
                if truth.is_some_and(|truth| !truth.seen(now).is_empty()) {
                    found.push(MetricId {
                        namespace: LAMBDA.into(),
                        name: name.into(),
                        dimensions: vec![("FunctionName".into(), function.clone())],
                    });
                }
            }
        }
        found
    }

    /// Minutes from the scenario's start to a moment.
    pub(super) fn since(&self, now: Epoch) -> i64 {
        minute_of(now) - self.publisher.start
    }
}

/// The unit of a metric of a function.
pub(super) fn unit(metric: &str) -> &'static str {
    if metric == "IteratorAge" { "Milliseconds" } else { "Count" }
}

/// The metric's name and the function it is of.
fn named(metric: MetricRef<'_>) -> Option<(&str, &str)> {
    match metric.dimensions {
        [(name, function)] if metric.namespace == LAMBDA && name == "FunctionName" => {
            Some((metric.name, function))
        }
        _ => None,
    }
}

/// Puts the data of the same minute together; they are in the order of minutes.
fn merged(data: &[Datum]) -> Vec<Datum> {
    let both = |a: Datum, b: &Datum| Datum {
        minute: a.minute,
        sum: a.sum + b.sum,
        min: a.min.min(b.min),
        max: a.max.max(b.max),
        samples: a.samples + b.samples,
        spread: None,
    };
    let minutes = data.chunk_by(|a, b| a.minute == b.minute);
    minutes.filter_map(|chunk| Some(chunk.iter().skip(1).fold(*chunk.first()?, both))).collect()
}
