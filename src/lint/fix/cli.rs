//! `aws cloudwatch put-metric-alarm`, whole: `PutMetricAlarm` overwrites an alarm, so that what is
//! left out is lost.
//!
//! Source: AWS CLI Command Reference, `put-metric-alarm`.

use super::TOPIC;
use crate::model::alarm::{
    Actions, Alarm, Dimension, MetricAlarm, MetricStat, Query, QueryKind, Source,
};
use serde_json::{Map, Value, json};
use std::fmt::Write;
use std::sync::Arc;

/// What a shell makes of the topic that nobody has named yet: it says what is missing, and stops.
const ASK_FOR_TOPIC: &str = "\"${TOPIC_ARN:?set it to the ARN of the SNS topic to notify}\"";

/// One command, an option to a line.
pub(crate) struct Command {
    text: String,
}

impl Command {
    /// `aws SERVICE OPERATION` in `region`.
    pub(crate) fn new(service: &str, operation: &str, region: &str) -> Self {
        let mut command = Self { text: format!("aws {service} {operation}") };
        if !region.is_empty() {
            command.option("--region", region);
        }
        command
    }

    /// Adds a switch.
    pub(crate) fn flag(&mut self, flag: &str) {
        self.text.push_str(" \\\n  ");
        self.text.push_str(flag);
    }

    /// Adds an option with its value.
    pub(crate) fn option(&mut self, option: &str, value: &str) {
        self.flag(option);
        // A value that looks like an option is one, unless it is joined to its own.
        self.text.push(if value.starts_with('-') { '=' } else { ' ' });
        quote_into(&mut self.text, value);
    }

    /// Adds an option with several values; nothing if there are none.
    fn options(&mut self, option: &str, values: &[Arc<str>]) {
        if values.is_empty() {
            return;
        }
        self.flag(option);
        for value in values {
            self.text.push(' ');
            if **value == *TOPIC {
                self.text.push_str(ASK_FOR_TOPIC);
            } else {
                quote_into(&mut self.text, value);
            }
        }
    }

    /// Adds what is shell already.
    pub(crate) fn raw(&mut self, shell: &str) {
        self.flag(shell);
    }

    /// The command.
    pub(crate) fn finish(self) -> String {
        self.text
    }
}

/// Adds one word for a POSIX shell: as it is if no character of it means anything there, or in
/// single quotes.
fn quote_into(text: &mut String, word: &str) {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:,=@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        text.push_str(word);
        return;
    }
    text.push('\'');
    for (index, part) in word.split('\'').enumerate() {
        if index > 0 {
            text.push_str("'\\''");
        }
        text.push_str(part);
    }
    text.push('\'');
}

/// The commands that put each of `alarms`, one after the other.
pub(crate) fn put_metric_alarms(alarms: &[Alarm], region: &str) -> String {
    let puts: Vec<String> = alarms
        .iter()
        .filter_map(|alarm| Some(put_metric_alarm(alarm, alarm.metric()?, region)))
        .collect();
    puts.join("\n")
}

fn put_metric_alarm(alarm: &Alarm, settings: &MetricAlarm, region: &str) -> String {
    let mut put = Command::new("cloudwatch", "put-metric-alarm", region);
    put.option("--alarm-name", &alarm.name);
    if let Some(description) = &alarm.description {
        put.option("--alarm-description", description);
    }
    match &settings.source {
        Source::Metric(stat) => metric(&mut put, stat),
        Source::Math { queries, threshold } => {
            let queries: Vec<Value> = queries.iter().map(query).collect();
            put.option("--metrics", &Value::from(queries).to_string());
            if let Some(threshold) = threshold {
                put.option("--threshold-metric-id", threshold);
            }
        }
    }
    put.option("--evaluation-periods", &settings.evaluation_periods.to_string());
    if let Some(datapoints) = settings.datapoints_to_alarm {
        put.option("--datapoints-to-alarm", &datapoints.to_string());
    }
    if let Some(threshold) = settings.threshold {
        put.option("--threshold", &threshold.to_string());
    }
    put.option("--comparison-operator", settings.comparison.as_str());
    if let Some(missing) = settings.missing_data {
        put.option("--treat-missing-data", missing.as_str());
    }
    if let Some(low_samples) = &settings.low_samples {
        put.option("--evaluate-low-sample-count-percentile", low_samples);
    }
    actions(&mut put, &alarm.actions);
    put.finish()
}

fn metric(put: &mut Command, stat: &MetricStat) {
    put.option("--namespace", &stat.namespace);
    put.option("--metric-name", &stat.metric);
    dimensions(put, &stat.dimensions);
    let is_simple = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];
    let option =
        if is_simple.contains(&&*stat.statistic) { "--statistic" } else { "--extended-statistic" };
    put.option(option, &stat.statistic);
    put.option("--period", &stat.period_seconds.to_string());
    if let Some(unit) = &stat.unit {
        put.option("--unit", unit);
    }
}

/// In the shorthand that people write, or in JSON where the shorthand would read it otherwise.
fn dimensions(put: &mut Command, dimensions: &[Dimension]) {
    if dimensions.is_empty() {
        return;
    }
    let is_plain = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:".contains(c))
    };
    if dimensions.iter().any(|(name, value)| !is_plain(name) || !is_plain(value)) {
        let list: Vec<Value> = dimensions.iter().map(dimension).collect();
        put.option("--dimensions", &Value::from(list).to_string());
        return;
    }
    put.flag("--dimensions");
    for (name, value) in dimensions {
        // Writing to a string cannot fail.
        let _ = write!(put.text, " Name={name},Value={value}");
    }
}

fn dimension((name, value): &Dimension) -> Value {
    json!({ "Name": &**name, "Value": &**value })
}

fn query(query: &Query) -> Value {
    let mut all = Map::new();
    all.insert("Id".to_owned(), (*query.id).into());
    match &query.what {
        QueryKind::Stat(stat) => {
            let dimensions: Vec<Value> = stat.dimensions.iter().map(dimension).collect();
            let mut fields = json!({
                "Metric": {
                    "Namespace": &*stat.namespace,
                    "MetricName": &*stat.metric,
                    "Dimensions": dimensions,
                },
                "Period": stat.period_seconds,
                "Stat": &*stat.statistic,
            });
            if let (Value::Object(fields), Some(unit)) = (&mut fields, &stat.unit) {
                fields.insert("Unit".to_owned(), (**unit).into());
            }
            all.insert("MetricStat".to_owned(), fields);
        }
        QueryKind::Expression { formula, period_seconds } => {
            all.insert("Expression".to_owned(), (**formula).into());
            if let Some(period) = period_seconds {
                all.insert("Period".to_owned(), (*period).into());
            }
        }
    }
    for (name, value) in [("Label", &query.label), ("AccountId", &query.account)] {
        if let Some(value) = value {
            all.insert(name.to_owned(), (**value).into());
        }
    }
    all.insert("ReturnData".to_owned(), query.returns_data.into());
    Value::Object(all)
}

fn actions(put: &mut Command, actions: &Actions) {
    put.flag(if actions.enabled { "--actions-enabled" } else { "--no-actions-enabled" });
    put.options("--alarm-actions", &actions.alarm);
    put.options("--ok-actions", &actions.ok);
    put.options("--insufficient-data-actions", &actions.insufficient_data);
}

/// The command that deletes an alarm.
pub(crate) fn delete_alarm(alarm: &str, region: &str) -> String {
    let mut delete = Command::new("cloudwatch", "delete-alarms", region);
    delete.option("--alarm-names", alarm);
    delete.finish()
}
