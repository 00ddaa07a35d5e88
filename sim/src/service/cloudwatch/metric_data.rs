//! `GetMetricData`, within the limits its API reference gives.

mod expressions;
mod query;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{invalid, invalid_token, whole_minutes};
use crate::facts::Epoch;
use crate::service::{Ask, Token};
use crate::wire::{Refusal, Stamp};
use expressions::Expressions;
use query::{Point, Query};

/// Queries per request (API reference, `MetricDataQueries`).
const MAX_QUERIES: usize = 500;

/// Data points per reply, over all results (API reference, `MaxDatapoints`).
const MAX_DATAPOINTS: usize = 100_800;

/// Statistics of one metric that are billed as one metric (CloudWatch pricing page).
const STATISTICS_PER_METRIC: usize = 5;

const DAY: Epoch = 86_400.0;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    #[serde(default)]
    metric_data_queries: Vec<Query>,
    start_time: Option<Stamp>,
    end_time: Option<Stamp>,
    next_token: Option<String>,
    scan_by: Option<String>,
    max_datapoints: Option<i64>,
}

/// What is asked of every query: a span of time and how fine it may be read.
#[derive(Debug, Clone, Copy)]
struct Window {
    /// First minute.
    start: i64,
    /// Minute after the last.
    end: i64,
    /// The period must be a multiple of this, in seconds, or there are no data.
    granularity: i64,
}

impl Window {
    /// Rounds `StartTime` down, and finds the finest period, by the age of `StartTime` (API reference,
    /// `StartTime` and `Period`). A start of more than 455 days ago is cut: data are kept no longer.
    fn new(start: Epoch, end: Epoch, now: Epoch) -> Self {
        let age = now - start;
        let (minutes, granularity) = match age / DAY {
            days if days > 63.0 => (60, 3600),
            days if days > 15.0 => (5, 300),
            _ if age > 3.0 * 3600.0 => (1, 60),
            _ => (1, 1),
        };
        let start = whole_minutes(start.max(now - 455.0 * DAY)).div_euclid(minutes) * minutes;
        // The end is exclusive, and a minute that begins before it is before it.
        Self { start, end: whole_minutes(end + 59.999), granularity }
    }

    /// Returns the minutes of the periods that begin inside. Periods are aligned to the epoch; those that
    /// begin inside are read whole.
    fn span(&self, minutes: i64) -> Range<i64> {
        let align = |minute: i64| minute.saturating_add(minutes - 1).div_euclid(minutes) * minutes;
        align(self.start)..align(self.end)
    }
}

impl Input {
    /// Checks the request as a whole and each query, and finds the window.
    fn window(&self, now: Epoch) -> Result<Window, String> {
        let queries = &self.metric_data_queries;
        let (Some(Stamp(start)), Some(Stamp(end))) = (self.start_time, self.end_time) else {
            let member = if self.start_time.is_none() { "StartTime" } else { "EndTime" };
            return Err(format!("The parameter {member} is required."));
        };
        if queries.is_empty() {
            return Err("The parameter MetricDataQueries is required.".to_owned());
        }
        if queries.len() > MAX_QUERIES {
            return Err(format!(
                "The collection MetricDataQueries must not have a size greater than {MAX_QUERIES}."
            ));
        }
        if start.is_nan() || end.is_nan() || start >= end {
            return Err(
                "The parameter StartTime must be less than the parameter EndTime.".to_owned()
            );
        }
        match self.scan_by.as_deref() {
            None | Some("TimestampDescending" | "TimestampAscending") => {}
            Some(other) => {
                return Err(format!(
                    "The value {other} for parameter ScanBy is not one of TimestampDescending, \
                     TimestampAscending."
                ));
            }
        }
        if self.max_datapoints.is_some_and(|most| most < 1) {
            return Err("The parameter MaxDatapoints must be greater than 0.".to_owned());
        }
        let mut seen = HashSet::new();
        for (index, query) in queries.iter().enumerate() {
            query.check(index + 1)?;
            if !seen.insert(query.id()) {
                let id = query.id();
                return Err(format!(
                    "The values for parameter Id in MetricDataQueries are not unique: {id}"
                ));
            }
        }
        Ok(Window::new(start, end, now))
    }

    fn ascending(&self) -> bool {
        self.scan_by.as_deref() == Some("TimestampAscending")
    }

    /// Returns how many data points one reply may hold.
    fn room(&self) -> usize {
        let asked = self.max_datapoints.and_then(|most| usize::try_from(most).ok());
        asked.unwrap_or(MAX_DATAPOINTS).min(MAX_DATAPOINTS)
    }

    /// Counts the metrics that AWS bills for.
    fn metrics_requested(&self) -> usize {
        let mut statistics: HashMap<_, usize> = HashMap::new();
        for key in self.metric_data_queries.iter().filter_map(Query::billed_as) {
            *statistics.entry(key).or_default() += 1;
        }
        statistics.values().map(|count| count.div_ceil(STATISTICS_PER_METRIC)).sum()
    }

    /// Reads where to go on: a query, and the last minute that was delivered of it.
    fn cursor(&self) -> Result<Option<Token>, Refusal> {
        let read = |text: &String| Token::read(text, &self.question()).ok_or_else(invalid_token);
        self.next_token.as_ref().map(read).transpose()
    }

    /// Returns what a page token is bound to.
    fn question(&self) -> impl std::hash::Hash + '_ {
        let bits = |stamp: Option<Stamp>| stamp.map(|Stamp(moment)| moment.to_bits());
        let span = (bits(self.start_time), bits(self.end_time));
        (&self.metric_data_queries, span, &self.scan_by, self.max_datapoints)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output<'a> {
    metric_data_results: Vec<MetricDataResult<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    messages: [MessageData; 0],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MetricDataResult<'a> {
    id: &'a str,
    label: &'a str,
    timestamps: Vec<Stamp>,
    values: Vec<f64>,
    status_code: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<MessageData>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MessageData {
    code: &'static str,
    value: &'static str,
}

impl<'a> MetricDataResult<'a> {
    fn new(query: &'a Query, points: &[Point], status_code: &'static str) -> Self {
        Self {
            id: query.id(),
            label: query.label(),
            timestamps: points.iter().map(|point| Stamp((point.minute * 60) as f64)).collect(),
            values: points.iter().map(|point| point.value).collect(),
            status_code,
            messages: Vec::new(),
        }
    }

    fn without_data(query: &'a Query, status_code: &'static str, value: &'static str) -> Self {
        let messages = vec![MessageData { code: status_code, value }];
        Self { messages, ..Self::new(query, &[], status_code) }
    }
}

/// Answers one call.
pub(super) fn answer(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: Input = ask.input()?;
    ask.call.continued = input.next_token.is_some();
    ask.call.queries = input.metric_data_queries.len();
    let window = input.window(ask.now).map_err(invalid)?;
    let expressions = Expressions::read(&input.metric_data_queries).map_err(invalid)?;
    ask.call.metrics_requested = input.metrics_requested();
    let cursor = input.cursor()?;
    let has_math = expressions.is_some();
    let computed = expressions.map(|math| math.compute(&input.metric_data_queries, ask, window));
    let computed = computed.unwrap_or_default();
    let (metric_data_results, next) = results(ask, &input, (window, &computed), cursor);
    // "NextToken is not returned" where metric math is used (API reference, `StatusCode`).
    let next = next.filter(|_| !has_math);
    let next_token = next.map(|token| token.write(&input.question()));
    ask.output(&Output { metric_data_results, next_token, messages: [] })
}

/// Fills one page in the order of the queries. The query that the page ends in, and those after it, are
/// `PartialData`; those that an earlier page completed are not repeated.
fn results<'a>(
    ask: &mut Ask<'_>,
    input: &'a Input,
    (window, computed): (Window, &HashMap<usize, Vec<Point>>),
    cursor: Option<Token>,
) -> (Vec<MetricDataResult<'a>>, Option<Token>) {
    let mut room = input.room();
    let mut next: Option<Token> = None;
    let mut results = Vec::with_capacity(input.metric_data_queries.len());
    let first = cursor.map_or(0, |token| token.index);
    let queries = input.metric_data_queries.iter().enumerate().skip(first);
    for (index, query) in queries.filter(|(_, query)| query.returns_data()) {
        if ask.fails(index) {
            let value = "An internal error occurred, retry the request";
            results.push(MetricDataResult::without_data(query, "InternalError", value));
            continue;
        }
        if query.is_foreign(&ask.account().id) {
            let value = "The account is not linked to this monitoring account";
            results.push(MetricDataResult::without_data(query, "Forbidden", value));
            continue;
        }
        if next.is_some() {
            results.push(MetricDataResult::new(query, &[], "PartialData"));
            continue;
        }
        let mut points = match computed.get(&index) {
            Some(points) => points.clone(),
            None => query.points(ask, window),
        };
        if !input.ascending() {
            points.reverse();
        }
        if let Some(token) = cursor.filter(|token| token.index == index) {
            points.retain(|point| {
                (point.minute > token.within) == input.ascending() && point.minute != token.within
            });
        }
        let fits = points.len().min(room);
        room -= fits;
        let (page, rest) = points.split_at_checked(fits).unwrap_or((&points, &[]));
        let status = if rest.is_empty() { "Complete" } else { "PartialData" };
        if !rest.is_empty() {
            // A query of which nothing fitted goes on where this page found it.
            let before = if input.ascending() { i64::MIN } else { i64::MAX };
            let resumed =
                cursor.filter(|token| token.index == index).map_or(before, |token| token.within);
            let within = page.last().map_or(resumed, |point| point.minute);
            next = Some(Token { index, within });
        }
        results.push(MetricDataResult::new(query, page, status));
    }
    (results, next)
}

#[cfg(test)]
mod tests;
