//! The metrics of the fleet: which exist, on which dimension sets, and what they say.
//!
//! Names, dimension sets, units and granularity: "DynamoDB metrics and dimensions".

use std::ops::Range;

use super::capacity::{ByReason, Reason, Resource};
use super::chance::Chance;
use super::publish::Truth;
use super::table::{Requests, Table};
use crate::facts::{Datum, Dimension, LogNormal};
use crate::scenario::spec::Operation;

use Dimension::{Read, Write};

/// A metric of a table or of an index.
#[derive(Debug, Clone, Copy)]
pub(super) enum CapacityMetric {
    Consumed(Dimension),
    Throttles(Dimension),
    ThrottlesBy(Dimension, Reason),
    Provisioned(Dimension),
    OnDemandMax(Dimension),
}

/// A metric of a table alone.
#[derive(Debug, Clone, Copy)]
pub(super) enum TableMetric {
    ConditionalCheckFailed,
    TransactionConflict,
    TimeToLiveDeleted,
}

/// A metric of an operation on a table.
#[derive(Debug, Clone, Copy)]
pub(super) enum OperationMetric {
    Latency,
    Throttled,
    SystemErrors,
    ReturnedItems,
}

/// The metrics with `TableName`, or with `TableName` and `GlobalSecondaryIndexName`.
pub(super) const CAPACITY_METRICS: &[(&str, CapacityMetric)] = &[
    ("ConsumedReadCapacityUnits", CapacityMetric::Consumed(Read)),
    ("ConsumedWriteCapacityUnits", CapacityMetric::Consumed(Write)),
    ("ReadThrottleEvents", CapacityMetric::Throttles(Read)),
    ("WriteThrottleEvents", CapacityMetric::Throttles(Write)),
    (
        "ReadProvisionedThroughputThrottleEvents",
        CapacityMetric::ThrottlesBy(Read, Reason::Provisioned),
    ),
    (
        "WriteProvisionedThroughputThrottleEvents",
        CapacityMetric::ThrottlesBy(Write, Reason::Provisioned),
    ),
    ("ReadKeyRangeThroughputThrottleEvents", CapacityMetric::ThrottlesBy(Read, Reason::KeyRange)),
    ("WriteKeyRangeThroughputThrottleEvents", CapacityMetric::ThrottlesBy(Write, Reason::KeyRange)),
    (
        "ReadMaxOnDemandThroughputThrottleEvents",
        CapacityMetric::ThrottlesBy(Read, Reason::MaxOnDemand),
    ),
    (
        "WriteMaxOnDemandThroughputThrottleEvents",
        CapacityMetric::ThrottlesBy(Write, Reason::MaxOnDemand),
    ),
    ("ReadAccountLimitThrottleEvents", CapacityMetric::ThrottlesBy(Read, Reason::AccountLimit)),
    ("WriteAccountLimitThrottleEvents", CapacityMetric::ThrottlesBy(Write, Reason::AccountLimit)),
    ("ProvisionedReadCapacityUnits", CapacityMetric::Provisioned(Read)),
    ("ProvisionedWriteCapacityUnits", CapacityMetric::Provisioned(Write)),
    ("OnDemandMaxReadRequestUnits", CapacityMetric::OnDemandMax(Read)),
    ("OnDemandMaxWriteRequestUnits", CapacityMetric::OnDemandMax(Write)),
];

/// The metrics with `TableName` alone.
pub(super) const TABLE_METRICS: &[(&str, TableMetric)] = &[
    ("ConditionalCheckFailedRequests", TableMetric::ConditionalCheckFailed),
    ("TransactionConflict", TableMetric::TransactionConflict),
    ("TimeToLiveDeletedItemCount", TableMetric::TimeToLiveDeleted),
];

/// The metrics with `TableName` and `Operation`.
pub(super) const OPERATION_METRICS: &[(&str, OperationMetric)] = &[
    ("SuccessfulRequestLatency", OperationMetric::Latency),
    ("ThrottledRequests", OperationMetric::Throttled),
    ("SystemErrors", OperationMetric::SystemErrors),
    ("ReturnedItemCount", OperationMetric::ReturnedItems),
];

/// The metric of a name in one of the tables above.
pub(super) fn metric<M: Copy>(
    table: &[(&'static str, M)],
    name: &str,
) -> Option<(&'static str, M)> {
    table.iter().find(|(known, _)| *known == name).copied()
}

/// The metric of consumed units.
pub(super) fn consumed_units(dimension: Dimension) -> &'static str {
    match dimension {
        Read => "ConsumedReadCapacityUnits",
        Write => "ConsumedWriteCapacityUnits",
    }
}

/// What the publication of a table's or index's series hangs on.
pub(super) fn series_chance(table: Chance, metric: &str, number: usize) -> Chance {
    table.named(metric).numbered(number as u64)
}

/// A share of requests that end in HTTP 500 at any time: AWS's own weather.
const SYSTEM_ERROR_SHARE: f64 = 2e-7;

impl CapacityMetric {
    /// Minutes per datum.
    pub(super) fn period(self) -> i64 {
        match self {
            Self::Consumed(_) | Self::Throttles(_) | Self::ThrottlesBy(..) => 1,
            Self::Provisioned(_) | Self::OnDemandMax(_) => 5,
        }
    }

    /// Whether it is one of the eight that name a throttling reason.
    pub(super) fn is_reason(self) -> bool {
        matches!(self, Self::ThrottlesBy(..))
    }
}

/// A count as `CloudWatch` holds it: one sample of 1 per event.
pub(super) fn count(minute: i64, events: f64) -> Option<Datum> {
    (events > 0.0).then_some(Datum {
        minute,
        sum: events,
        min: 1.0,
        max: 1.0,
        samples: events,
        spread: None,
    })
}

/// A gauge that was `value` from `low` to `high` during a period.
pub(super) fn gauge(minute: i64, values: &[f64]) -> Option<Datum> {
    let samples = values.len() as f64;
    (samples > 0.0).then(|| Datum {
        minute,
        sum: values.iter().sum(),
        min: values.iter().copied().fold(f64::MAX, f64::min),
        max: values.iter().copied().fold(f64::MIN, f64::max),
        samples,
        spread: None,
    })
}

impl Table {
    /// The truth about one period of a capacity metric, before publication.
    pub(super) fn capacity_datum(
        &self,
        metric: CapacityMetric,
        number: usize,
        minute: i64,
    ) -> Option<Datum> {
        let resource = self.resources.get(number)?;
        let refused = |dimension| -> Option<ByReason> {
            Some(*self.stress_at(minute)?.refused.get(number)?.of(dimension))
        };
        match metric {
            CapacityMetric::Consumed(dimension) => {
                self.consumed(resource, number, dimension, minute)
            }
            CapacityMetric::Throttles(dimension) => count(minute, refused(dimension)?.total()),
            CapacityMetric::ThrottlesBy(dimension, reason) => {
                count(minute, refused(dimension)?.of(reason))
            }
            CapacityMetric::Provisioned(dimension) => {
                let at = |n| resource.provisioned_at(dimension, (minute + n) as f64 * 60.0);
                let values: Option<Vec<f64>> = (0..5).map(|n| Some(at(n)? as f64)).collect();
                gauge(minute, &values?)
            }
            CapacityMetric::OnDemandMax(dimension) => {
                let at = |n| resource.on_demand_max_at(dimension, (minute + n) as f64 * 60.0);
                let values: Vec<f64> = (0..5).filter_map(|n| Some(at(n)? as f64)).collect();
                gauge(minute, &values)
            }
        }
    }

    /// Consumed units: a sample per request, so that `Average` is units per request, not a rate.
    fn consumed(
        &self,
        resource: &Resource,
        number: usize,
        dimension: Dimension,
        minute: i64,
    ) -> Option<Datum> {
        let at = usize::try_from(minute - self.born).ok()?;
        let units = f64::from(*resource.consumed.of(dimension).get(at)?);
        // DynamoDB meters in halves of a unit.
        let sum = (units * 2.0).round() / 2.0;
        if sum <= 0.0 {
            // Idle: samples are emitted all the same, and are zero.
            return Some(Datum {
                minute,
                sum: 0.0,
                min: 0.0,
                max: 0.0,
                samples: 5.0,
                spread: None,
            });
        }
        let index = number.checked_sub(1).and_then(|index| self.spec.indexes.get(index));
        let (mut requests, mut asked, mut least, mut most) = (0.0, 0.0, f64::MAX, 0.0_f64);
        for source in self.sources.iter().filter(|source| source.dimension() == dimension) {
            let rate = source.rate(minute);
            let (rate, units) = match index {
                _ if source.resource == number => (rate, source.spec.units * source.spec.items),
                Some(index) if dimension == Write => {
                    (rate * source.spec.items * index.write_share, index.write_units)
                }
                _ => continue,
            };
            if rate * units > 0.0 {
                requests += rate;
                asked += rate * units;
                least = least.min(units);
                most = most.max(units);
            }
        }
        if asked <= 0.0 {
            // Retries alone.
            return Some(Datum { minute, sum, min: sum, max: sum, samples: 1.0, spread: None });
        }
        let samples = (sum * requests / asked).round().max(1.0);
        // Requests of one size consume whole multiples of it.
        let sum = if (most - least).abs() < f64::EPSILON { samples * least } else { sum };
        let mean = sum / samples;
        let (min, max) = (least.min(mean), most.max(mean));
        Some(Datum { minute, sum, min, max, samples, spread: None })
    }

    /// The truth about one minute of a metric of the table alone.
    pub(super) fn table_datum(&self, metric: TableMetric, minute: i64) -> Option<Datum> {
        let events: f64 = match metric {
            TableMetric::ConditionalCheckFailed => {
                self.total(minute, |source, requests, chance| {
                    chance
                        .named("condition")
                        .round(
                            requests.admitted * self.sources.get(source)?.spec.conditional_failures,
                            minute,
                        )
                        .into()
                })
            }
            TableMetric::TransactionConflict => self.total(minute, |source, requests, chance| {
                let spec = &self.sources.get(source)?.spec;
                let share = if spec.operation.is_transaction() { spec.conflicts } else { 0.0 };
                chance.named("conflict").round(requests.admitted * share, minute).into()
            }),
            TableMetric::TimeToLiveDeleted => {
                let deletes = self.spec.ttl.as_ref()?.deletes_per_minute;
                let chance = self.chance.named("time to live");
                chance.round(deletes * (1.0 + 0.3 * chance.signed(-minute)), minute)
            }
        };
        count(minute, events)
    }

    fn total(&self, minute: i64, events: impl Fn(usize, Requests, Chance) -> Option<f64>) -> f64 {
        (0..self.sources.len())
            .filter_map(|source| {
                let chance = self.chance.named("events").numbered(source as u64);
                events(source, self.requests(source, minute), chance)
            })
            .sum()
    }

    /// The truth about one minute of a metric of an operation.
    pub(super) fn operation_datum(
        &self,
        metric: OperationMetric,
        operation: Operation,
        minute: i64,
    ) -> Option<Datum> {
        let of = |value: &dyn Fn(usize, Requests, Chance) -> f64| {
            self.total(minute, |source, requests, chance| {
                let same = self.sources.get(source)?.spec.operation == operation;
                same.then(|| value(source, requests, chance))
            })
        };
        let errors = |source: usize, requests: Requests, chance: Chance| {
            let share = SYSTEM_ERROR_SHARE + self.error_share(source, minute);
            chance.named("system").round(requests.admitted * share, minute)
        };
        let succeeded = |source: usize, requests: Requests, chance: Chance| {
            let whole = chance.named("requests").round(requests.admitted, minute);
            (whole - errors(source, requests, chance)).max(0.0)
        };
        match metric {
            OperationMetric::Latency => self.latency(operation, minute, of(&succeeded)),
            OperationMetric::Throttled => count(minute, of(&|_, requests, _| requests.throttled)),
            OperationMetric::SystemErrors => count(minute, of(&errors)),
            OperationMetric::ReturnedItems => {
                let samples = of(&succeeded);
                let returned = |source: usize, requests: Requests, chance: Chance| {
                    let per_request = self.sources.get(source).map_or(0.0, |s| s.spec.returned);
                    (succeeded(source, requests, chance) * per_request).round()
                };
                let sum = of(&returned);
                (operation.is_query() && samples > 0.0).then(|| {
                    let mean = sum / samples;
                    let (min, max) = ((mean * 0.1).floor(), (mean * 3.0).ceil());
                    Datum { minute, sum, min, max, samples, spread: None }
                })
            }
        }
    }

    /// The scripted share of HTTP 500 in a minute.
    fn error_share(&self, source: usize, minute: i64) -> f64 {
        let bursts = self.sources.get(source).map(|source| source.spec.system_errors.as_slice());
        let since = minute - self.start;
        bursts
            .unwrap_or_default()
            .iter()
            .filter(|burst| (burst.at..burst.at + i64::from(burst.lasts)).contains(&since))
            .map(|burst| burst.share)
            .sum()
    }

    /// How many times as long as its load accounts for the table takes to answer, as it is scripted.
    fn slowness(&self, minute: i64) -> f64 {
        let since = minute - self.start;
        let on = self
            .spec
            .slow_spells
            .iter()
            .filter(|spell| (spell.at..spell.at + i64::from(spell.lasts)).contains(&since));
        on.map(|spell| spell.factor).fold(1.0, f64::max)
    }

    /// Latency of the successful requests: log-normal, slower and wider when the table's hottest
    /// partition is near its limit. The figures are the simulation's own.
    fn latency(&self, operation: Operation, minute: i64, samples: f64) -> Option<Datum> {
        if samples <= 0.0 {
            return None;
        }
        let at = usize::try_from(minute - self.born).ok()?;
        let heat = f64::from(*self.heat.get(at)?) / 100.0;
        let crowding = ((heat - 0.7) / 0.3).clamp(0.0, 1.0);
        let chance = self.chance.named("latency").named(operation.name());
        let median = median_milliseconds(operation)
            * (0.9 + 0.2 * chance.unit(0))
            * (1.0 + 0.06 * chance.signed(minute))
            * (1.0 + 0.6 * crowding)
            * self.slowness(minute);
        let spread = LogNormal { mu: median.ln(), sigma: 0.38 + 0.17 * crowding };
        let mean = (spread.mu + spread.sigma * spread.sigma / 2.0).exp();
        // The expected extremes of that many samples.
        let reach = spread.sigma * (2.0 * samples.ln()).sqrt();
        Some(Datum {
            minute,
            sum: mean * samples,
            min: (spread.mu - reach).exp().min(mean),
            max: (spread.mu + reach).exp().max(mean),
            samples,
            spread: Some(spread),
        })
    }

    /// The operations that the table's traffic uses, without repeats.
    pub(super) fn operations(&self) -> Vec<Operation> {
        let mut operations: Vec<Operation> =
            self.sources.iter().map(|source| source.spec.operation).collect();
        operations.sort_unstable();
        operations.dedup();
        operations
    }

    /// A series, given the truth about each period of `period` minutes.
    pub(super) fn truth(
        &self,
        series: Chance,
        period: i64,
        minutes: Range<i64>,
        truth: impl Fn(i64) -> Option<Datum>,
    ) -> Truth {
        let end = minutes.end.min(self.end() + 1 - period);
        let periods = (minutes.start.max(self.born)..end).filter(|minute| minute % period == 0);
        Truth::new(series, period, self.publisher, periods.filter_map(truth).collect())
    }
}

/// Median server-side latency of a table at ease.
fn median_milliseconds(operation: Operation) -> f64 {
    match operation {
        Operation::GetItem => 2.4,
        Operation::PutItem | Operation::DeleteItem => 4.1,
        Operation::UpdateItem => 4.6,
        Operation::Query => 4.8,
        Operation::BatchGetItem => 6.5,
        Operation::BatchWriteItem => 8.0,
        Operation::TransactGetItems => 9.0,
        Operation::TransactWriteItems => 14.0,
        Operation::Scan => 19.0,
    }
}
