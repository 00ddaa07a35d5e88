//! Amazon `CloudWatch`: data points, and which operations a table was seen to serve.
//!
//! Limits and status codes are those of the `CloudWatch` API Reference, "`GetMetricData`" and
//! "`MetricDataResult`".

use super::error::{call_error, unreadable};
use super::{Attempts, Connection, Pages, Reply};
use crate::model::health::{CallError, ErrorClass};
use crate::model::metric::{Metric, Operation, SeriesKey};
use crate::model::time::{Minute, Window};
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{
    Dimension, MetricDataQuery, MetricDataResult, MetricStat, RecentlyActive, ScanBy, StatusCode,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const GET_METRIC_DATA: &str = "cloudwatch:GetMetricData";
const LIST_METRICS: &str = "cloudwatch:ListMetrics";
const NAMESPACE: &str = "AWS/DynamoDB";
/// Most of what ddbtop reads is published each minute; of the rest this finds each point, too.
const PERIOD_SECONDS: i32 = 60;

/// The answers to the queries of one `GetMetricData`, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetched {
    /// Ascending points of each query; `None` where the reply was not complete.
    pub series: Vec<Option<Vec<(Minute, f64)>>>,
    /// Why the first incomplete one is so.
    pub flaw: Option<CallError>,
}

impl Connection {
    /// Reads the points of up to 500 series in `window` (`GetMetricData`, all pages).
    ///
    /// Several statistics of one metric are billed as one metric, up to five of them (Amazon
    /// `CloudWatch` pricing page), if they are asked for together.
    pub async fn points(&self, window: Window, queries: &[SeriesKey]) -> Reply<Fetched> {
        let attempts = Attempts::default();
        let mut merge = Merge::new(window, queries.len());
        let ended = self.read_pages(&attempts, window, queries, &mut merge).await;
        let is_billed = match &ended {
            Ok(()) => true,
            Err(error) => !merge.is_blank() || may_have_been_read(error.class),
        };
        let metrics = if is_billed { billed(queries) } else { 0 };
        let result = match ended {
            // What earlier pages completed is kept.
            Err(error) if merge.is_blank() => Err(error),
            Err(error) => Ok(merge.finish(Some(error))),
            Ok(()) => Ok(merge.finish(None)),
        };
        Reply { metrics, ..attempts.reply(result) }
    }

    async fn read_pages(
        &self,
        attempts: &Attempts,
        window: Window,
        queries: &[SeriesKey],
        merge: &mut Merge,
    ) -> Result<(), CallError> {
        let queries: Vec<_> = queries.iter().enumerate().filter_map(query).collect();
        let mut pages = Pages::default();
        loop {
            let output = self
                .cloudwatch()
                .get_metric_data()
                .start_time(DateTime::from_secs(window.start.start().as_second()))
                .end_time(DateTime::from_secs(window.end.start().as_second()))
                .scan_by(ScanBy::TimestampAscending)
                .set_metric_data_queries(Some(queries.clone()))
                .set_next_token(pages.token())
                .customize()
                .interceptor(attempts.clone())
                .send()
                .await
                .map_err(|error| call_error(GET_METRIC_DATA, &error))?;
            let results = output
                .metric_data_results
                .ok_or_else(|| unreadable(GET_METRIC_DATA, "a reply without MetricDataResults"))?;
            for result in results {
                merge.add(&result);
            }
            if !pages.advance(output.next_token.as_deref(), GET_METRIC_DATA)? {
                return Ok(());
            }
        }
    }

    /// Reads which operations each table served in the last three hours (`ListMetrics` of
    /// `SuccessfulRequestLatency`, all pages), tables and operations sorted.
    pub async fn operations(&self) -> Reply<Vec<(Arc<str>, Vec<Operation>)>> {
        let attempts = Attempts::default();
        attempts.reply(self.list_metrics(&attempts).await)
    }

    async fn list_metrics(
        &self,
        attempts: &Attempts,
    ) -> Result<Vec<(Arc<str>, Vec<Operation>)>, CallError> {
        let mut found: BTreeMap<Arc<str>, BTreeSet<Operation>> = BTreeMap::new();
        let mut pages = Pages::default();
        loop {
            let output = self
                .cloudwatch()
                .list_metrics()
                .namespace(NAMESPACE)
                .metric_name(Metric::SuccessfulRequestLatency.name())
                .recently_active(RecentlyActive::Pt3H)
                .set_next_token(pages.token())
                .customize()
                .interceptor(attempts.clone())
                .send()
                .await
                .map_err(|error| call_error(LIST_METRICS, &error))?;
            for metric in output.metrics() {
                if let Some((table, operation)) = table_and_operation(metric.dimensions()) {
                    found.entry(Arc::from(table)).or_default().insert(Arc::from(operation));
                }
            }
            if !pages.advance(output.next_token.as_deref(), LIST_METRICS)? {
                break;
            }
        }
        Ok(found.into_iter().map(|(table, ops)| (table, ops.into_iter().collect())).collect())
    }
}

/// Whether `CloudWatch` may have read, and billed, the metrics of a request that failed so: those
/// that it refused, or that never reached it, it did not.
fn may_have_been_read(class: ErrorClass) -> bool {
    match class {
        ErrorClass::TimedOut | ErrorClass::Server | ErrorClass::Unreadable => true,
        ErrorClass::Throttled
        | ErrorClass::Denied
        | ErrorClass::Expired
        | ErrorClass::NoCredentials
        | ErrorClass::NoRegion
        | ErrorClass::Network
        | ErrorClass::Rejected => false,
    }
}

/// How many metrics `CloudWatch` bills for these queries: a metric's statistics count once, and
/// they stand side by side.
pub(crate) fn billed(queries: &[SeriesKey]) -> u32 {
    let distinct = queries.chunk_by(|a, b| {
        (&a.resource, a.metric, &a.operation) == (&b.resource, b.metric, &b.operation)
    });
    u32::try_from(distinct.count()).unwrap_or(u32::MAX)
}

/// Ids are `m0`, `m1`, …: table names hold characters that ids must not.
fn query((at, key): (usize, &SeriesKey)) -> Option<MetricDataQuery> {
    let dimensions = key
        .dimensions()?
        .into_iter()
        .map(|(name, value)| Dimension::builder().name(name).value(value).build())
        .collect();
    let metric = aws_sdk_cloudwatch::types::Metric::builder()
        .namespace(NAMESPACE)
        .metric_name(key.metric.name())
        .set_dimensions(Some(dimensions))
        .build();
    let stat = MetricStat::builder()
        .metric(metric)
        .period(PERIOD_SECONDS)
        .stat(key.statistic.as_str())
        .build();
    Some(MetricDataQuery::builder().id(format!("m{at}")).metric_stat(stat).build())
}

/// Only the pair `TableName` + `Operation`: other sets repeat the same samples.
fn table_and_operation(dimensions: &[Dimension]) -> Option<(&str, &str)> {
    let value = |wanted: &str| {
        dimensions.iter().find(|d| d.name() == Some(wanted)).and_then(Dimension::value)
    };
    match dimensions.len() {
        2 => Some((value("TableName")?, value("Operation")?)),
        _ => None,
    }
}

/// Merges the pages of one `GetMetricData` by query id.
struct Merge {
    window: Window,
    series: Vec<Partial>,
    flaw: Option<CallError>,
}

/// One series as far as it was read.
#[derive(Debug, Clone, Default)]
struct Partial {
    points: Vec<(Minute, f64)>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum State {
    /// No page mentioned it yet, or more is to come.
    #[default]
    Unfinished,
    Complete,
    /// `CloudWatch` will not complete it in this read.
    Broken,
}

impl Merge {
    fn new(window: Window, queries: usize) -> Self {
        Self { window, series: vec![Partial::default(); queries], flaw: None }
    }

    /// Whether no series is complete.
    fn is_blank(&self) -> bool {
        self.series.iter().all(|series| series.state != State::Complete)
    }

    fn add(&mut self, result: &MetricDataResult) {
        let at = result.id().and_then(|id| id.strip_prefix('m')).and_then(|at| at.parse().ok());
        let Some(series) = at.and_then(|at: usize| self.series.get_mut(at)) else { return };
        let status = result.status_code();
        let sound = result.timestamps().len() == result.values().len();
        series.state = match status {
            _ if series.state == State::Broken || !sound => State::Broken,
            Some(StatusCode::Complete) => State::Complete,
            Some(StatusCode::PartialData) => State::Unfinished,
            _ => State::Broken,
        };
        if series.state == State::Broken && self.flaw.is_none() {
            self.flaw = Some(flaw(result));
        }
        let window = self.window;
        series.points.extend(result.timestamps().iter().zip(result.values()).filter_map(
            |(at, value)| {
                let minute = Minute(at.secs().div_euclid(60));
                (window.contains(minute) && value.is_finite()).then_some((minute, *value))
            },
        ));
    }

    /// The series in the order of their queries; `error` is what ended the reading, if anything.
    fn finish(self, error: Option<CallError>) -> Fetched {
        let mut flaw = error.or(self.flaw);
        let series: Vec<_> = self
            .series
            .into_iter()
            .map(|mut series| {
                if series.state != State::Complete {
                    flaw.get_or_insert_with(|| {
                        unreadable(GET_METRIC_DATA, "a reply without all the series asked for")
                    });
                    return None;
                }
                series.points.sort_by_key(|(minute, _)| *minute);
                series.points.dedup_by_key(|(minute, _)| *minute);
                Some(series.points)
            })
            .collect();
        Fetched { series, flaw }
    }
}

/// Says in `CloudWatch`'s words why a series is broken.
fn flaw(result: &MetricDataResult) -> CallError {
    let status = result.status_code().map(StatusCode::as_str);
    let class = match status {
        Some("Forbidden") => ErrorClass::Denied,
        Some("InternalError") => ErrorClass::Server,
        _ => ErrorClass::Unreadable,
    };
    let said = result.messages().first().and_then(|message| message.value());
    CallError {
        class,
        action: GET_METRIC_DATA,
        code: status.map(str::to_owned),
        message: said.unwrap_or("a series that is not complete").to_owned(),
    }
}

#[cfg(test)]
mod tests;
