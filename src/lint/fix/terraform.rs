//! Alarms as Terraform's `aws_cloudwatch_metric_alarm`.
//!
//! Source: Terraform Registry, provider `hashicorp/aws`, resource `aws_cloudwatch_metric_alarm`.

use super::TOPIC;
use crate::model::alarm::{Alarm, Dimension, MetricAlarm, MetricStat, Query, QueryKind, Source};
use std::fmt::Write;
use std::sync::Arc;

/// What Terraform makes of the topic that nobody has named yet.
const TOPIC_VARIABLE: &str = "var.topic_arn";

/// One block of attributes, as `terraform fmt` aligns them.
pub(crate) struct Block {
    indent: usize,
    attributes: Vec<(&'static str, String)>,
}

impl Block {
    /// An empty block, so many blanks from the left.
    pub(crate) fn new(indent: usize) -> Self {
        Self { indent, attributes: vec![] }
    }

    /// Sets an attribute to an expression.
    pub(crate) fn set(&mut self, name: &'static str, value: String) {
        self.attributes.push((name, value));
    }

    /// Sets an attribute to a string.
    pub(crate) fn text(&mut self, name: &'static str, value: &str) {
        self.set(name, quote(value));
    }

    fn texts(&mut self, name: &'static str, values: &[Arc<str>]) {
        if values.is_empty() {
            return;
        }
        let values: Vec<String> = values
            .iter()
            .map(|value| if **value == *TOPIC { TOPIC_VARIABLE.to_owned() } else { quote(value) })
            .collect();
        self.set(name, format!("[{}]", values.join(", ")));
    }

    /// Writes its attributes, a line each.
    pub(crate) fn write(self, out: &mut String) {
        let width = self.attributes.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, value) in self.attributes {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{:indent$}{name:width$} = {value}", "", indent = self.indent);
        }
    }
}

/// A string literal: quotes, backslashes and line breaks escaped, and nothing taken for a template.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') => {
                quoted.push(character);
                quoted.push(character);
            }
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

/// The resource blocks of `alarms`, with an empty line between them.
pub(crate) fn metric_alarms(alarms: &[Alarm]) -> String {
    let blocks: Vec<String> =
        alarms.iter().filter_map(|alarm| Some(metric_alarm(alarm, alarm.metric()?))).collect();
    blocks.join("\n\n")
}

/// The first line of a resource block, labelled after `name`.
pub(crate) fn resource(kind: &str, name: &str) -> String {
    format!("resource \"{kind}\" \"{}\" {{\n", label(name))
}

fn metric_alarm(alarm: &Alarm, settings: &MetricAlarm) -> String {
    let mut out = resource("aws_cloudwatch_metric_alarm", &alarm.name);
    let mut block = Block::new(2);
    block.text("alarm_name", &alarm.name);
    if let Some(description) = &alarm.description {
        block.text("alarm_description", description);
    }
    if let Source::Metric(stat) = &settings.source {
        metric(&mut block, stat);
    }
    block.set("evaluation_periods", settings.evaluation_periods.to_string());
    if let Some(datapoints) = settings.datapoints_to_alarm {
        block.set("datapoints_to_alarm", datapoints.to_string());
    }
    if let Some(threshold) = settings.threshold {
        block.set("threshold", threshold.to_string());
    }
    if let Source::Math { threshold: Some(threshold), .. } = &settings.source {
        block.text("threshold_metric_id", threshold);
    }
    block.text("comparison_operator", settings.comparison.as_str());
    if let Some(missing) = settings.missing_data {
        block.text("treat_missing_data", missing.as_str());
    }
    if let Some(low_samples) = &settings.low_samples {
        block.text("evaluate_low_sample_count_percentiles", low_samples);
    }
    if !alarm.actions.enabled {
        block.set("actions_enabled", "false".to_owned());
    }
    block.texts("alarm_actions", &alarm.actions.alarm);
    block.texts("ok_actions", &alarm.actions.ok);
    block.texts("insufficient_data_actions", &alarm.actions.insufficient_data);
    block.write(&mut out);
    match &settings.source {
        Source::Metric(stat) => dimensions(&mut out, 2, &stat.dimensions),
        Source::Math { queries, .. } => queries.iter().for_each(|part| query(&mut out, part)),
    }
    out.push('}');
    out
}

fn metric(block: &mut Block, stat: &MetricStat) {
    block.text("namespace", &stat.namespace);
    block.text("metric_name", &stat.metric);
    let is_simple = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];
    let name =
        if is_simple.contains(&&*stat.statistic) { "statistic" } else { "extended_statistic" };
    block.text(name, &stat.statistic);
    block.set("period", stat.period_seconds.to_string());
    if let Some(unit) = &stat.unit {
        block.text("unit", unit);
    }
}

fn dimensions(out: &mut String, indent: usize, dimensions: &[Dimension]) {
    if dimensions.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{:indent$}dimensions = {{", "");
    let width = dimensions.iter().map(|(name, _)| key(name).len()).max().unwrap_or(0);
    for (name, value) in dimensions {
        let (name, value, indent) = (key(name), quote(value), indent + 2);
        let _ = writeln!(out, "{:indent$}{name:width$} = {value}", "");
    }
    let _ = writeln!(out, "{:indent$}}}", "");
}

/// The key of a map: as it is, where that is a name.
fn key(name: &str) -> String {
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name { name.to_owned() } else { quote(name) }
}

fn query(out: &mut String, query: &Query) {
    out.push_str("\n  metric_query {\n");
    let mut block = Block::new(4);
    block.text("id", &query.id);
    if let QueryKind::Expression { formula, period_seconds } = &query.what {
        block.text("expression", formula);
        if let Some(period) = period_seconds {
            block.set("period", period.to_string());
        }
    }
    if let Some(label) = &query.label {
        block.text("label", label);
    }
    if let Some(account) = &query.account {
        block.text("account_id", account);
    }
    if query.returns_data {
        block.set("return_data", "true".to_owned());
    }
    block.write(out);
    if let QueryKind::Stat(stat) = &query.what {
        out.push_str("\n    metric {\n");
        let mut block = Block::new(6);
        block.text("namespace", &stat.namespace);
        block.text("metric_name", &stat.metric);
        block.text("stat", &stat.statistic);
        block.set("period", stat.period_seconds.to_string());
        if let Some(unit) = &stat.unit {
            block.text("unit", unit);
        }
        block.write(out);
        dimensions(out, 6, &stat.dimensions);
        out.push_str("    }\n");
    }
    out.push_str("  }\n");
}

/// The name of a resource block: letters, digits, dashes and underscores of the alarm's name.
pub(crate) fn label(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let label: String = name.chars().map(plain).collect();
    if label.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        label
    } else {
        format!("_{label}")
    }
}

/// What is to be done about an alarm that is deleted.
pub(crate) fn without_alarm(alarm: &str) -> String {
    format!("# remove the aws_cloudwatch_metric_alarm with alarm_name = {}", quote(alarm))
}
