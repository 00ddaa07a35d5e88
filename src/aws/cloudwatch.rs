//! Amazon `CloudWatch`: data points, reports of Contributor Insights, and which operations a table was seen to serve.
//!
//! Limits and status codes are those of the `CloudWatch` API Reference, "`GetMetricData`" and
//! "`MetricDataResult`".

mod insights;
mod merge;

pub use insights::HotKeysRead;
pub(super) use merge::Partial;

use self::merge::Merge;
use super::error::{call_error, unreadable};
use super::{Attempts, Connection, Pages, Reply};
use crate::model::health::{CallError, ErrorClass};
use crate::model::metric::{Metric, Operation, SeriesKey};
use crate::model::time::{Minute, Window};
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{
    Dimension, MetricDataQuery, MetricDataResult, MetricStat, RecentlyActive, ScanBy,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) const GET_METRIC_DATA: &str = "cloudwatch:GetMetricData";
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
        let asked: Vec<_> = queries.iter().enumerate().filter_map(query).collect();
        let add = |result: &MetricDataResult| merge.add(result);
        let ended = self.metric_data(&attempts, window, &asked, add).await;
        let metrics = if is_billed(&ended, merge.is_blank()) { billed(queries) } else { 0 };
        let result = match ended {
            // What earlier pages completed is kept.
            Err(error) if merge.is_blank() => Err(error),
            Err(error) => Ok(merge.finish(Some(error))),
            Ok(()) => Ok(merge.finish(None)),
        };
        Reply { metrics, ..attempts.reply(result) }
    }

    /// Reads all pages of one `GetMetricData`, and gives each result to `take`.
    pub(super) async fn metric_data(
        &self,
        attempts: &Attempts,
        window: Window,
        queries: &[MetricDataQuery],
        mut take: impl FnMut(&MetricDataResult),
    ) -> Result<(), CallError> {
        let mut pages = Pages::default();
        loop {
            let output = self
                .cloudwatch()
                .get_metric_data()
                .start_time(DateTime::from_secs(window.start.start().as_second()))
                .end_time(DateTime::from_secs(window.end.start().as_second()))
                .scan_by(ScanBy::TimestampAscending)
                .set_metric_data_queries(Some(queries.to_vec()))
                .set_next_token(pages.token())
                .customize()
                .interceptor(attempts.clone())
                .send()
                .await
                .map_err(|error| call_error(GET_METRIC_DATA, &error))?;
            let results = output
                .metric_data_results
                .ok_or_else(|| unreadable(GET_METRIC_DATA, "a reply without MetricDataResults"))?;
            results.iter().for_each(&mut take);
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

/// Whether the metrics of a reading that ended so are billed; `blank` if it brought nothing.
pub(super) fn is_billed(ended: &Result<(), CallError>, blank: bool) -> bool {
    match ended {
        Ok(()) => true,
        Err(error) => !blank || may_have_been_read(error.class),
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
        .namespace(key.metric.dimension_set().namespace())
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

#[cfg(test)]
mod tests;
