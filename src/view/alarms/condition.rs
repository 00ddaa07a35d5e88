//! What an alarm compares with what, in a cell and in a sentence.

use crate::model::alarm::{
    Alarm, AlarmKind, Comparison, MetricAlarm, MetricStat, MissingData, Query, QueryKind, Source,
};
use crate::view::format::grouped;

/// What is compared with what: `Sum WriteThrottleEvents > 0`, `m1/m2*100 > 80`; the rule of a
/// composite alarm.
pub fn condition(alarm: &Alarm) -> String {
    match &alarm.kind {
        AlarmKind::Metric(metric) => format!("{} {}", measured(metric), limit(metric)),
        AlarmKind::Composite(composite) => tidy(&composite.rule),
        AlarmKind::Other(kind) => kind.to_string(),
    }
}

/// What is compared with the threshold: `Sum WriteThrottleEvents`, `m1/m2*100`.
pub(super) fn measured(alarm: &MetricAlarm) -> String {
    match &alarm.source {
        Source::Metric(stat) => measure(stat),
        Source::Math { queries, .. } => {
            let result = queries.iter().find(|query| query.returns_data);
            result.map_or_else(|| "metric math".to_owned(), written)
        }
    }
}

/// The comparison and the threshold: `> 25 ms`, `outside its band`.
pub(super) fn limit(alarm: &MetricAlarm) -> String {
    let Some(sign) = alarm.comparison.sign() else { return band(&alarm.comparison) };
    match alarm.threshold {
        Some(threshold) => format!("{sign} {}", quantity(alarm, threshold)),
        None => format!("{sign} its threshold"),
    }
}

/// A value in the unit that the alarm's metric has, as far as its name tells: `25 ms`, `80%`.
pub(super) fn quantity(alarm: &MetricAlarm, value: f64) -> String {
    // Metric math may have any unit.
    let unit = match &alarm.source {
        Source::Metric(stat) => unit(stat),
        Source::Math { .. } => "",
    };
    format!("{}{unit}", plain(value))
}

/// The unit of a metric by its name, as AWS's metrics pages give it.
fn unit(stat: &MetricStat) -> &'static str {
    /// Ends of names, and the unit of what is called so.
    const UNITS: [(&str, &str); 6] = [
        ("Latency", " ms"),
        ("IteratorAge", " ms"),
        ("Duration", " ms"),
        ("AgeOfOldestUnreplicatedRecord", " ms"),
        ("Utilization", "%"),
        ("Percentage", "%"),
    ];
    if &*stat.statistic == "SampleCount" {
        return "";
    }
    let named = UNITS.into_iter().find(|(end, _)| stat.metric.ends_with(end));
    named.map_or("", |(_, unit)| unit)
}

/// Whether values are parts of a hundred.
pub(super) fn is_percent(alarm: &MetricAlarm) -> bool {
    matches!(&alarm.source, Source::Metric(stat) if unit(stat) == "%")
}

/// Whether values are numbers of things.
pub(super) fn is_count(alarm: &MetricAlarm) -> bool {
    let counts = |stat: &MetricStat| matches!(&*stat.statistic, "Sum" | "SampleCount");
    matches!(&alarm.source, Source::Metric(stat) if counts(stat) && unit(stat).is_empty())
}

/// A number in full: a threshold is never rounded.
fn plain(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { grouped(value) } else { value.to_string() }
}

fn measure(stat: &MetricStat) -> String {
    format!("{} {}", stat.statistic, stat.metric)
}

fn written(query: &Query) -> String {
    match &query.what {
        QueryKind::Stat(stat) => measure(stat),
        QueryKind::Expression { formula, .. } => tidy(formula),
    }
}

/// What crosses an anomaly detection band (`ComparisonOperator`).
fn band(comparison: &Comparison) -> String {
    match comparison.as_str() {
        "GreaterThanUpperThreshold" => "above its band".to_owned(),
        "LessThanLowerThreshold" => "below its band".to_owned(),
        "LessThanLowerOrGreaterThanUpperThreshold" => "outside its band".to_owned(),
        other => other.to_owned(),
    }
}

/// How many periods of which length must cross the threshold: `3 of 5 x 1 m`, `1 x 5 m`.
pub(super) fn periods(alarm: &Alarm) -> String {
    let Some(metric) = alarm.metric() else { return String::new() };
    let (needed, of, length) =
        (metric.datapoints(), metric.evaluation_periods, length(metric.period_seconds()));
    if needed == of { format!("{of} x {length}") } else { format!("{needed} of {of} x {length}") }
}

/// A length of time in its greatest whole unit: `10 s`, `1 m`, `1 h`, `1 d`.
pub(super) fn length(seconds: i64) -> String {
    const UNITS: [(i64, &str); 3] = [(86_400, "d"), (3_600, "h"), (60, "m")];
    let whole = UNITS.into_iter().find(|(unit, _)| seconds > 0 && seconds % unit == 0);
    whole
        .map_or_else(|| format!("{seconds} s"), |(unit, name)| format!("{} {name}", seconds / unit))
}

/// What an alarm on metrics evaluates, in a sentence.
pub(super) fn sentence(alarm: &MetricAlarm) -> String {
    let (needed, of) = (alarm.datapoints(), alarm.evaluation_periods);
    let [one, many] = match alarm.period_seconds() {
        60 => ["minute".to_owned(), "minutes".to_owned()],
        3_600 => ["hour".to_owned(), "hours".to_owned()],
        seconds => {
            let length = length(seconds);
            [format!("period of {length}"), format!("periods of {length}")]
        }
    };
    let when = match (needed, of) {
        (_, 1) => format!("the last {one} has"),
        (needed, of) if needed == of => format!("each of the last {of} {many} has"),
        (1, of) => format!("1 of the last {of} {many} has"),
        (needed, of) => format!("{needed} of the last {of} {many} have"),
    };
    let (measured, limit) = (measured(alarm), limit(alarm));
    let parts = parts(alarm).map(|parts| format!(", where {parts}")).unwrap_or_default();
    let missing = missing_data(alarm);
    format!("ALARM when {when} {measured} {limit}{parts}; {many} without data {missing}")
}

/// What the names in a formula stand for: `m1 is Sum ConsumedWriteCapacityUnits`.
fn parts(alarm: &MetricAlarm) -> Option<String> {
    let Source::Math { queries, .. } = &alarm.source else { return None };
    let others = queries.iter().filter(|query| !query.returns_data);
    let parts: Vec<String> =
        others.map(|query| format!("{} is {}", query.id, written(query))).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What a period without data does ("Configuring how `CloudWatch` alarms treat missing data").
fn missing_data(alarm: &MetricAlarm) -> &'static str {
    let is_dynamo =
        alarm.stats().iter().any(|stat| stat.namespace.eq_ignore_ascii_case("AWS/DynamoDB"));
    match alarm.missing_data.unwrap_or(MissingData::Missing) {
        MissingData::NotBreaching => "count as not breaching",
        MissingData::Breaching => "count as breaching",
        MissingData::Ignore => "leave the state as it is",
        MissingData::Missing if is_dynamo => "leave the state as it is (DynamoDB's default)",
        MissingData::Missing => "are left out",
    }
}

/// Text with single blanks for any white space.
pub(super) fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn stat(statistic: &str, metric: &str, period_seconds: i64) -> MetricStat {
        MetricStat {
            namespace: Arc::from("AWS/DynamoDB"),
            metric: Arc::from(metric),
            dimensions: vec![],
            statistic: Arc::from(statistic),
            period_seconds,
            unit: None,
        }
    }

    fn alarm(
        source: Source,
        comparison: &str,
        threshold: Option<f64>,
        m_of_n: (u32, u32),
    ) -> Alarm {
        Alarm {
            name: Arc::from("a"),
            arn: Arc::from("arn"),
            description: None,
            state: crate::model::alarm::AlarmState::Ok,
            since: None,
            configured: None,
            reason: Arc::from(""),
            actions: crate::model::alarm::Actions::default(),
            kind: AlarmKind::Metric(Box::new(MetricAlarm {
                source,
                comparison: Comparison::from_aws(comparison),
                threshold,
                evaluation_periods: m_of_n.1,
                datapoints_to_alarm: Some(m_of_n.0),
                missing_data: None,
                low_samples: None,
                evaluation_state: None,
            })),
        }
    }

    fn math() -> Source {
        let query = |id: &str, what, returns_data| Query {
            id: Arc::from(id),
            what,
            label: None,
            account: None,
            returns_data,
        };
        let formula =
            QueryKind::Expression { formula: Arc::from("m1 /\n m2 * 100"), period_seconds: None };
        Source::Math {
            queries: vec![
                query("e1", formula, true),
                query("m1", QueryKind::Stat(stat("Sum", "SystemErrors", 300)), false),
                query(
                    "m2",
                    QueryKind::Stat(stat("SampleCount", "SuccessfulRequestLatency", 300)),
                    false,
                ),
            ],
            threshold: None,
        }
    }

    #[test]
    fn a_condition_says_what_is_compared_with_what_and_for_how_long() {
        let greater = "GreaterThanThreshold";
        let metric = |statistic, name, period| Source::Metric(stat(statistic, name, period));
        let cases = [
            (
                alarm(metric("Sum", "WriteThrottleEvents", 60), greater, Some(0.0), (3, 5)),
                "Sum WriteThrottleEvents > 0",
                "3 of 5 x 1 m",
            ),
            (
                alarm(metric("p99", "SuccessfulRequestLatency", 300), greater, Some(25.5), (1, 1)),
                "p99 SuccessfulRequestLatency > 25.5 ms",
                "1 x 5 m",
            ),
            (
                alarm(
                    metric("SampleCount", "SuccessfulRequestLatency", 10),
                    greater,
                    Some(1e3),
                    (2, 2),
                ),
                "SampleCount SuccessfulRequestLatency > 1,000",
                "2 x 10 s",
            ),
            (alarm(math(), greater, Some(80.0), (1, 3)), "m1 / m2 * 100 > 80", "1 of 3 x 5 m"),
            (
                alarm(
                    metric("Average", "CPUUtilization", 3_600),
                    "LessThanLowerOrGreaterThanUpperThreshold",
                    None,
                    (1, 1),
                ),
                "Average CPUUtilization outside its band",
                "1 x 1 h",
            ),
        ];
        for (alarm, expected, long) in cases {
            assert_eq!((condition(&alarm).as_str(), periods(&alarm).as_str()), (expected, long));
        }
    }

    #[test]
    fn a_sentence_says_what_is_evaluated_and_what_missing_data_do() {
        let greater = "GreaterThanThreshold";
        let throttles = || Source::Metric(stat("Sum", "WriteThrottleEvents", 60));
        let said = |source, m_of_n, missing| {
            let mut alarm = alarm(source, greater, Some(0.0), m_of_n);
            if let AlarmKind::Metric(metric) = &mut alarm.kind {
                metric.missing_data = missing;
            }
            sentence(alarm.metric().unwrap())
        };
        let cases = [
            (
                said(throttles(), (3, 5), Some(MissingData::NotBreaching)),
                "ALARM when 3 of the last 5 minutes have Sum WriteThrottleEvents > 0; minutes \
                 without data count as not breaching",
            ),
            (
                said(throttles(), (2, 2), None),
                "ALARM when each of the last 2 minutes has Sum WriteThrottleEvents > 0; minutes \
                 without data leave the state as it is (DynamoDB's default)",
            ),
            (
                said(math(), (1, 1), Some(MissingData::Breaching)),
                "ALARM when the last period of 5 m has m1 / m2 * 100 > 0, where m1 is Sum \
                 SystemErrors, m2 is SampleCount SuccessfulRequestLatency; periods of 5 m without \
                 data count as breaching",
            ),
        ];
        for (said, expected) in cases {
            assert_eq!(said, expected);
        }
    }
}
