//! Amazon CloudWatch: `GetMetricData`, `ListMetrics` and `DescribeAlarms`, in CBOR and JSON alike.

mod metric_data;
mod statistic;

use serde::{Deserialize, Serialize};

use super::{Ask, Token, constraint, page_size_error};
use crate::sim::facts::{Epoch, MetricId};
use crate::sim::wire::Refusal;

/// The one namespace that the fleet publishes in.
const NAMESPACE: &str = "AWS/DynamoDB";

/// Metrics per page of `ListMetrics` (API reference, `ListMetrics`).
const LIST_PAGE: usize = 500;

/// Alarms per page of `DescribeAlarms`, and names in one request (API reference, `DescribeAlarms`).
const ALARM_PAGE: usize = 100;

/// Dimension filters of `ListMetrics`, at most (API reference, `ListMetrics`).
const LIST_FILTERS: usize = 10;

/// Answers one call.
pub(crate) fn answer(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    match ask.call.operation.as_str() {
        "GetMetricData" => metric_data::answer(ask),
        "ListMetrics" => list_metrics(ask),
        "DescribeAlarms" => describe_alarms(ask),
        _ => Err(ask.unknown_operation()),
    }
}

/// The metrics of the fleet, found once for all pages of a listing.
///
/// `ListMetrics` is minutes behind on AWS too, so that one list serves for a minute.
#[derive(Debug, Default)]
pub(crate) struct MetricList {
    minute: Option<i64>,
    metrics: Vec<MetricId>,
}

impl MetricList {
    fn refresh(&mut self, now: Epoch, read: impl FnOnce() -> Vec<MetricId>) {
        let minute = Some(whole_minutes(now));
        if self.minute != minute {
            *self = Self { minute, metrics: read() };
        }
    }
}

/// Returns the minute of a moment, which is taken to lie in the years 1970 to 9999.
fn whole_minutes(moment: Epoch) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to years that fit")]
    let minutes = (moment.clamp(0.0, 253_402_300_799.0) / 60.0).floor() as i64;
    minutes
}

/// A dimension of a metric; as a filter its value may be absent.
#[derive(Deserialize, Hash)]
#[serde(rename_all = "PascalCase")]
struct DimensionFilter {
    name: String,
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListInput {
    namespace: Option<String>,
    metric_name: Option<String>,
    #[serde(default)]
    dimensions: Vec<DimensionFilter>,
    next_token: Option<String>,
    recently_active: Option<String>,
}

impl ListInput {
    fn error(&self) -> Option<String> {
        if self.dimensions.len() > LIST_FILTERS {
            return Some(format!(
                "The collection Dimensions must not have a size greater than {LIST_FILTERS}."
            ));
        }
        match self.recently_active.as_deref() {
            None | Some("PT3H") => None,
            Some(other) => {
                let rule = "Member must satisfy enum value set: [PT3H]";
                Some(constraint(&other, "recentlyActive", rule))
            }
        }
    }

    /// Tells whether a metric is asked for: a dimension filter is met by any metric that has the dimension,
    /// whatever others it has besides.
    fn keeps(&self, metric: &MetricId) -> bool {
        self.namespace.as_deref().is_none_or(|namespace| namespace == NAMESPACE)
            && self.metric_name.as_deref().is_none_or(|name| name == metric.name)
            && self.dimensions.iter().all(|filter| {
                let value = filter.value.as_ref();
                let meets = |(name, have): &(&str, String)| {
                    *name == filter.name && value.is_none_or(|wanted| wanted == have)
                };
                metric.dimensions.iter().any(meets)
            })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListOutput<'a> {
    metrics: Vec<ListedMetric<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListedMetric<'a> {
    namespace: &'static str,
    metric_name: &'static str,
    dimensions: Vec<Dimension<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Dimension<'a> {
    name: &'static str,
    value: &'a str,
}

impl<'a> ListedMetric<'a> {
    fn new(metric: &'a MetricId) -> Self {
        let dimension = |(name, value): &'a (&'static str, String)| Dimension { name, value };
        Self {
            namespace: NAMESPACE,
            metric_name: metric.name,
            dimensions: metric.dimensions.iter().map(dimension).collect(),
        }
    }
}

fn list_metrics(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: ListInput = ask.input()?;
    ask.call.continued = input.next_token.is_some();
    if let Some(message) = input.error() {
        return Err(invalid(message));
    }
    // Every series of the fleet was active within three hours, so that `RecentlyActive` changes nothing.
    let question = (&input.namespace, &input.metric_name, &input.dimensions);
    let start = match &input.next_token {
        Some(token) => Token::read(token, &question).ok_or_else(invalid_token)?.index,
        None => 0,
    };
    let (fleet, now) = (&mut *ask.fleet, ask.now);
    ask.metric_list.refresh(now, || fleet.metrics(now));
    let mut wanted =
        ask.metric_list.metrics.iter().filter(|metric| input.keeps(metric)).skip(start);
    let metrics: Vec<_> = wanted.by_ref().take(LIST_PAGE).map(ListedMetric::new).collect();
    let more = wanted.next().is_some();
    let next_token =
        more.then(|| Token { index: start + metrics.len(), within: 0 }.write(&question));
    ask.output(&ListOutput { metrics, next_token })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AlarmsInput {
    #[serde(default)]
    alarm_names: Vec<String>,
    alarm_name_prefix: Option<String>,
    #[serde(default)]
    alarm_types: Vec<String>,
    state_value: Option<String>,
    max_records: Option<i64>,
    next_token: Option<String>,
}

impl AlarmsInput {
    fn error(&self) -> Option<String> {
        if self.alarm_names.len() > ALARM_PAGE {
            return Some(format!(
                "The collection AlarmNames must not have a size greater than {ALARM_PAGE}."
            ));
        }
        if !self.alarm_names.is_empty() && self.alarm_name_prefix.is_some() {
            return Some("AlarmNamePrefix and AlarmNames cannot be used together.".to_owned());
        }
        let enums = [
            ("alarmTypes", &["CompositeAlarm", "MetricAlarm", "LogAlarm"], &self.alarm_types),
            (
                "stateValue",
                &["OK", "ALARM", "INSUFFICIENT_DATA"],
                &self.state_value.iter().cloned().collect(),
            ),
        ];
        for (member, known, given) in enums {
            if let Some(other) = given.iter().find(|value| !known.contains(&value.as_str())) {
                let rule = format!("Member must satisfy enum value set: [{}]", known.join(", "));
                return Some(constraint(other, member, &rule));
            }
        }
        self.max_records.and_then(|size| page_size_error(size, "maxRecords", ALARM_PAGE))
    }
}

#[derive(Serialize, Default)]
#[serde(rename_all = "PascalCase")]
struct AlarmsOutput {
    composite_alarms: [(); 0],
    metric_alarms: [(); 0],
}

/// Answers `DescribeAlarms`: this account has no alarms, whatever is asked for.
fn describe_alarms(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: AlarmsInput = ask.input()?;
    ask.call.continued = input.next_token.is_some();
    match input.error() {
        Some(message) => Err(invalid(message)),
        None if input.next_token.is_some() => Err(invalid_token()),
        None => ask.output(&AlarmsOutput::default()),
    }
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::client("ValidationException", "ValidationError", message)
}

fn invalid_token() -> Refusal {
    Refusal::client("InvalidNextToken", "InvalidNextToken", "The next token is not valid.")
}

#[cfg(test)]
mod tests;
