//! What an alarm compares with its threshold, over time.
//!
//! Periods, windows and retention are those of the `CloudWatch` API Reference, "`GetMetricData`".

use crate::aws::cloudwatch::{GET_METRIC_DATA, Partial, is_billed};
use crate::aws::{Attempts, Connection, Reply};
use crate::model::alarm::{AlarmData, MetricAlarm, MetricStat, Query, QueryKind, Source};
use crate::model::health::{CallError, ErrorClass};
use crate::model::time::{Minute, Window};
use aws_sdk_cloudwatch::types as sdk;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;

/// The id that the query of an alarm on one metric is given.
const ONLY: &str = "m0";

/// The shortest window, minutes. No longer one is asked for of periods under a minute, whose points
/// `CloudWatch` keeps for three hours.
const LEAST_MINUTES: i64 = 180;
/// The longest, minutes: for fifteen days `CloudWatch` keeps points of one minute.
const MOST_MINUTES: i64 = 14 * 1_440;
/// Periods that are shown at least, and those before the newest that the alarm looks at: points cost
/// nothing.
const LEAST_PERIODS: i64 = 24;
const PERIODS_BEFORE: i64 = 6;

/// Statistics of one metric that are billed as one (Amazon `CloudWatch` pricing page).
const STATISTICS_PER_METRIC: usize = 5;

/// Why what an alarm looks at is not asked for, if it is not; `elsewhere` if that is metrics of another
/// account.
pub fn why_not_read(alarm: &MetricAlarm, elsewhere: bool) -> Option<CallError> {
    // Whether another account lets its metrics be read is not known, and asked without its number ours
    // would answer.
    let why = if elsewhere {
        "not asked for: it looks at metrics of another account"
    } else if alarm.formulas().iter().any(|formula| is_search(formula)) {
        "not asked for: CloudWatch charges a query by each metric that it matches, which nobody knows before"
    } else if subject(alarm).is_none() {
        "not asked for: no single part of its math is what is compared"
    } else {
        return None;
    };
    Some(CallError {
        class: ErrorClass::Rejected,
        action: GET_METRIC_DATA,
        code: None,
        message: why.to_owned(),
    })
}

/// How many metrics `CloudWatch` bills for one reading of what an alarm looks at.
pub fn billed_for_alarm(alarm: &MetricAlarm) -> u32 {
    let mut statistics: HashMap<_, usize> = HashMap::new();
    for MetricStat { namespace, metric, dimensions, .. } in alarm.stats() {
        let mut dimensions = dimensions.clone();
        dimensions.sort();
        *statistics.entry((namespace, metric, dimensions)).or_default() += 1;
    }
    let billed: usize =
        statistics.values().map(|count| count.div_ceil(STATISTICS_PER_METRIC)).sum();
    u32::try_from(billed).unwrap_or(u32::MAX)
}

impl Connection {
    /// Reads what `alarm` compares with its threshold: the newest complete periods before `now`, far
    /// enough back for all that it looks at and at least three hours (`GetMetricData`, all pages).
    ///
    /// Of an anomaly detection alarm it is the metric without the band. Ask [`why_not_read`] first.
    pub async fn alarm_data(&self, alarm: &MetricAlarm, now: Timestamp) -> Reply<AlarmData> {
        let attempts = Attempts::default();
        let window = window(alarm, now);
        let id = subject(alarm).unwrap_or_default();
        let mut partial = Partial::default();
        let mut flaw = None;
        let take = |result: &sdk::MetricDataResult| {
            if result.id() == Some(&*id) {
                flaw = flaw.take().or(partial.add(result));
            }
        };
        let ended = self.metric_data(&attempts, window, &queries(alarm), take).await;
        let billed = is_billed(&ended, !partial.is_complete());
        let metrics = if billed { billed_for_alarm(alarm) } else { 0 };
        let points = match (ended, flaw) {
            (Err(error), _) | (Ok(()), Some(error)) => Err(error),
            (Ok(()), None) => partial.finish(window),
        };
        let data = |points: Vec<(i64, f64)>| AlarmData {
            period_seconds: alarm.period_seconds(),
            window,
            points: points
                .into_iter()
                .filter_map(|(at, value)| Some((Timestamp::from_second(at).ok()?, value)))
                .collect(),
        };
        Reply { metrics, ..attempts.reply(points.map(data)) }
    }
}

/// The id of the query that is compared; `None` if that is not a single one.
fn subject(alarm: &MetricAlarm) -> Option<Arc<str>> {
    let Source::Math { .. } = &alarm.source else { return Some(Arc::from(ONLY)) };
    let mut compared = asked(alarm).filter(|query| query.returns_data);
    let only = compared.next()?;
    compared.next().is_none().then(|| only.id.clone())
}

/// The parts of an alarm's math without its band.
fn asked(alarm: &MetricAlarm) -> impl Iterator<Item = &Query> {
    let (queries, threshold) = match &alarm.source {
        Source::Metric(_) => (&[][..], None),
        Source::Math { queries, threshold } => (&queries[..], threshold.as_ref()),
    };
    queries.iter().filter(move |query| Some(&query.id) != threshold)
}

/// Whether a formula is a query of Metrics Insights or a search.
fn is_search(formula: &str) -> bool {
    let formula = formula.to_ascii_uppercase();
    formula.trim_start().starts_with("SELECT") || formula.contains("SEARCH(")
}

fn queries(alarm: &MetricAlarm) -> Vec<sdk::MetricDataQuery> {
    let query = sdk::MetricDataQuery::builder();
    match &alarm.source {
        Source::Metric(stat) => vec![query.id(ONLY).metric_stat(metric_stat(stat)).build()],
        Source::Math { .. } => asked(alarm)
            .map(|part| {
                let query = query.clone().id(&*part.id).return_data(part.returns_data);
                match &part.what {
                    QueryKind::Stat(stat) => query.metric_stat(metric_stat(stat)),
                    QueryKind::Expression { formula, period_seconds } => {
                        let period = period_seconds.and_then(|period| i32::try_from(period).ok());
                        query.expression(&**formula).set_period(period)
                    }
                }
                .build()
            })
            .collect(),
    }
}

fn metric_stat(stat: &MetricStat) -> sdk::MetricStat {
    let dimension = |(name, value): &(Arc<str>, Arc<str>)| {
        sdk::Dimension::builder().name(&**name).value(&**value).build()
    };
    let metric = sdk::Metric::builder()
        .namespace(&*stat.namespace)
        .metric_name(&*stat.metric)
        .set_dimensions(Some(stat.dimensions.iter().map(dimension).collect()))
        .build();
    sdk::MetricStat::builder()
        .metric(metric)
        .set_period(i32::try_from(stat.period_seconds).ok())
        .stat(&*stat.statistic)
        .set_unit(stat.unit.as_deref().map(sdk::StandardUnit::from))
        .build()
}

/// Whole periods, ending with the newest complete one.
fn window(alarm: &MetricAlarm, now: Timestamp) -> Window {
    let period = (alarm.period_seconds() / 60).max(1);
    let newest = Minute::containing(now);
    let end = Minute(newest.0.div_euclid(period) * period);
    if alarm.period_seconds() < 60 {
        // What began a moment ago is no longer kept when CloudWatch looks.
        return Window::ending(end, LEAST_MINUTES - 1);
    }
    let evaluated = i64::from(alarm.evaluation_periods) + PERIODS_BEFORE;
    let minutes = (evaluated.max(LEAST_PERIODS) * period).clamp(LEAST_MINUTES, MOST_MINUTES);
    Window::ending(end, (minutes + period - 1) / period * period)
}

#[cfg(test)]
mod tests;
