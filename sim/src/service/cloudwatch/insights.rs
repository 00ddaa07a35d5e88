//! `GetInsightRuleReport` and `DescribeInsightRules`: what Contributor Insights counted. The rules here are
//! those that DynamoDB manages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{invalid, invalid_token, page_size, whole_minutes};
use crate::facts::InsightRule;
use crate::fleet::{Contributor, RuleReport};
use crate::service::{Ask, page, page_size_error};
use crate::wire::{Refusal, Stamp};

/// Rules per page of `DescribeInsightRules`, at most and by default (API reference, `MaxResults`).
const PAGE: usize = 500;
/// Contributors in a report, unless the request says otherwise (API reference, `MaxContributorCount`) …
const CONTRIBUTORS: usize = 10;
/// … and at most: in a report of DynamoDB more return an error ("Contributor Insights for DynamoDB: How it
/// works").
const MOST_CONTRIBUTORS: i64 = 25;
/// Longest name of a rule (API reference, `RuleName`).
const NAME_LENGTH: usize = 128;

/// The metrics of a report (API reference, `Metrics`).
const METRICS: [&str; 7] = [
    "UniqueContributors",
    "MaxContributorValue",
    "SampleCount",
    "Sum",
    "Minimum",
    "Maximum",
    "Average",
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    rule_name: Option<String>,
    start_time: Option<Stamp>,
    end_time: Option<Stamp>,
    period: Option<i64>,
    max_contributor_count: Option<i64>,
    #[serde(default)]
    metrics: Vec<String>,
    order_by: Option<String>,
}

/// A request that makes sense.
struct Question<'a> {
    rule: &'a str,
    /// Minutes: the first, and the one after the last.
    span: (i64, i64),
    /// Minutes in a period.
    period: i64,
    most: usize,
    by_maximum: bool,
}

impl Input {
    fn question(&self) -> Result<Question<'_>, Refusal> {
        let required = |member: &str| missing(member);
        let rule = self.rule_name.as_deref().ok_or_else(|| required("RuleName"))?;
        let Stamp(start) = self.start_time.ok_or_else(|| required("StartTime"))?;
        let Stamp(end) = self.end_time.ok_or_else(|| required("EndTime"))?;
        let period = self.period.ok_or_else(|| required("Period"))?;
        if !(1..=NAME_LENGTH).contains(&rule.len()) {
            return Err(bad("RuleName", &format!("must have 1 to {NAME_LENGTH} characters")));
        }
        if start.is_nan() || end.is_nan() || start >= end {
            return Err(bad("StartTime", "must be less than the parameter EndTime"));
        }
        if period < 60 || period % 60 != 0 {
            return Err(bad("Period", "must be a multiple of 60"));
        }
        let most = self.max_contributor_count;
        if most.is_some_and(|most| !(1..=MOST_CONTRIBUTORS).contains(&most)) {
            let rule = format!("must be from 1 to {MOST_CONTRIBUTORS} for a DynamoDB rule");
            return Err(bad("MaxContributorCount", &rule));
        }
        if self.metrics.iter().any(|metric| !METRICS.contains(&metric.as_str())) {
            return Err(bad("Metrics", &format!("must be of {}", METRICS.join(", "))));
        }
        let by_maximum = match self.order_by.as_deref() {
            None | Some("Sum") => false,
            Some("Maximum") => true,
            Some(_) => return Err(bad("OrderBy", "must be Sum or Maximum")),
        };
        Ok(Question {
            rule,
            span: (whole_minutes(start), whole_minutes(end + 59.999)),
            period: period / 60,
            most: page_size(most, CONTRIBUTORS),
            by_maximum,
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    key_labels: Vec<String>,
    aggregation_statistic: &'static str,
    aggregate_value: f64,
    approximate_unique_count: i64,
    contributors: Vec<OneContributor>,
    metric_datapoints: Vec<MetricDatapoint>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct OneContributor {
    keys: Vec<String>,
    approximate_aggregate_value: f64,
    datapoints: Vec<Datapoint>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Datapoint {
    timestamp: Stamp,
    approximate_value: f64,
}

/// The value of each metric that was asked for; absent are the others.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MetricDatapoint {
    timestamp: Stamp,
    #[serde(flatten)]
    values: BTreeMap<&'static str, f64>,
}

/// What one contributor counted: in each period, and in all.
#[derive(Debug, Default)]
struct Ranked {
    periods: BTreeMap<i64, f64>,
    sum: f64,
}

impl Ranked {
    fn maximum(&self) -> f64 {
        self.periods.values().copied().fold(0.0, f64::max)
    }
}

/// Answers `GetInsightRuleReport`.
pub(super) fn report(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: Input = ask.input()?;
    let question = input.question()?;
    let (start, end) = question.span;
    let report = ask.fleet.insight_report(question.rule, start..end, ask.now);
    let report = report.ok_or_else(|| unknown_rule(question.rule))?;
    ask.call.metrics_requested = input.metrics.len().max(1);
    let mut ranked = rank(&report, question.period);
    let order = |one: &Ranked| if question.by_maximum { one.maximum() } else { one.sum };
    ranked.sort_by(|one, other| order(&other.1).total_cmp(&order(&one.1)));
    let unique = report.unique(ranked.len());
    ranked.truncate(question.most);
    let metrics = METRICS.into_iter().filter(|known| input.metrics.iter().any(|one| one == known));
    ask.output(&Output {
        key_labels: report.labels().to_vec(),
        aggregation_statistic: "SUM",
        // The sum of nothing is -0.
        aggregate_value: report.minutes.iter().map(|minute| minute.aggregate).sum::<f64>() + 0.0,
        approximate_unique_count: unique,
        metric_datapoints: metric_datapoints(&ranked, &metrics.collect::<Vec<_>>()),
        contributors: ranked
            .iter()
            .map(|(one, ranked)| contributor(&report, *one, ranked))
            .collect(),
    })
}

/// Adds up each contributor's periods, which are aligned to the epoch.
fn rank(report: &RuleReport, period: i64) -> Vec<(Contributor, Ranked)> {
    let mut ranked: BTreeMap<Contributor, Ranked> = BTreeMap::new();
    for minute in &report.minutes {
        for (contributor, value) in &minute.contributors {
            let one = ranked.entry(*contributor).or_default();
            *one.periods.entry(minute.minute.div_euclid(period) * period).or_default() += value;
            one.sum += value;
        }
    }
    ranked.into_iter().collect()
}

fn contributor(report: &RuleReport, one: Contributor, ranked: &Ranked) -> OneContributor {
    let datapoint = |(minute, value): (&i64, &f64)| Datapoint {
        timestamp: at(*minute),
        approximate_value: *value,
    };
    OneContributor {
        keys: report.values(one),
        approximate_aggregate_value: ranked.sum,
        datapoints: ranked.periods.iter().map(datapoint).collect(),
    }
}

/// The metrics of each period. Of DynamoDB's rules `MaxContributorValue` and `Maximum` alone mean anything
/// ("Contributor Insights for DynamoDB: How it works"); the others are here what they are of the contributors
/// that the report names, so that nobody takes them for the whole.
fn metric_datapoints(
    ranked: &[(Contributor, Ranked)],
    metrics: &[&'static str],
) -> Vec<MetricDatapoint> {
    let mut periods: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    for (minute, value) in ranked.iter().flat_map(|(_, ranked)| &ranked.periods) {
        periods.entry(*minute).or_default().push(*value);
    }
    let datapoint = |(minute, values): (i64, Vec<f64>)| {
        let (sum, count) = (values.iter().sum::<f64>(), values.len() as f64);
        let most = values.iter().copied().fold(0.0, f64::max);
        let value = |metric: &&'static str| {
            let value = match *metric {
                "UniqueContributors" | "SampleCount" => count,
                "Sum" => sum,
                "Average" => sum / count,
                "Minimum" => values.iter().copied().fold(f64::MAX, f64::min),
                _ => most,
            };
            (*metric, value)
        };
        MetricDatapoint { timestamp: at(minute), values: metrics.iter().map(value).collect() }
    };
    if metrics.is_empty() { vec![] } else { periods.into_iter().map(datapoint).collect() }
}

fn at(minute: i64) -> Stamp {
    Stamp(minute as f64 * 60.0)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeInput {
    max_results: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeOutput {
    insight_rules: Vec<Rule>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Rule {
    name: String,
    state: &'static str,
    schema: &'static str,
    definition: String,
    #[serde(rename = "ManagedRule")]
    is_managed: bool,
}

/// The schema of managed rules (API reference, `InsightRule`).
const MANAGED: &str = r#"{"Name": "ServiceLogRule", "Version": 1}"#;

impl Rule {
    fn new(rule: InsightRule) -> Self {
        let schema: serde_json::Value = serde_json::from_str(MANAGED).unwrap_or_default();
        let definition = json!({ "Schema": schema, "AggregateOn": "Sum" });
        Self {
            name: rule.name,
            state: "ENABLED",
            schema: MANAGED,
            definition: definition.to_string(),
            is_managed: true,
        }
    }
}

/// Answers `DescribeInsightRules`.
pub(super) fn describe(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: DescribeInput = ask.input()?;
    ask.call.continued = input.next_token.is_some();
    if let Some(message) =
        input.max_results.and_then(|size| page_size_error(size, "maxResults", PAGE))
    {
        return Err(invalid(message));
    }
    let mut rules = ask.fleet.insight_rules(ask.now);
    rules.sort_by(|one, other| one.name.cmp(&other.name));
    let size = page_size(input.max_results, PAGE);
    let (part, next_token) =
        page(&rules, input.next_token.as_deref(), size, &"rules").ok_or_else(invalid_token)?;
    let insight_rules = part.into_iter().map(Rule::new).collect();
    ask.output(&DescribeOutput { insight_rules, next_token })
}

fn bad(parameter: &str, rule: &str) -> Refusal {
    let message = format!("The parameter {parameter} {rule}.");
    Refusal::client("InvalidParameterValueException", "InvalidParameterValue", message)
}

fn missing(parameter: &str) -> Refusal {
    let message = format!("The parameter {parameter} is required.");
    Refusal::client("MissingRequiredParameterException", "MissingParameter", message)
}

fn unknown_rule(name: &str) -> Refusal {
    let message = format!("Insight rule {name} does not exist");
    Refusal {
        status: 404,
        ..Refusal::client("ResourceNotFoundException", "ResourceNotFoundException", message)
    }
}

#[cfg(test)]
mod tests;
