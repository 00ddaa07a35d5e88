//! Why an alarm is in its state, in AWS's words and as `StateReasonData`.
//!
//! The words are those that AWS's documentation and published notifications show.

use jiff::Timestamp;
use serde::Serialize;

use super::evaluate::{Rule, State};
use super::life::Situation;
use crate::facts::Epoch;
use crate::scenario::spec::alarms::{Comparison, Missing};

/// Data points from which on AWS lists the most recent ones only, and how many those are.
const LISTED: usize = 5;

/// Evaluated data points in `StateReasonData`, so that history stays within its 4,095 characters.
const EVALUATED: usize = 10;

/// One data point of the evaluation range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    /// The first minute of its period.
    pub(super) minute: i64,
    pub(super) value: Option<f64>,
    /// `SampleCount`, if it is of a metric.
    pub(super) samples: Option<f64>,
}

/// All that a reason tells.
#[derive(Debug)]
pub(super) struct Evidence<'a> {
    pub(super) rule: Rule,
    /// Whether `DatapointsToAlarm` is set: AWS words it differently then.
    pub(super) m_of_n: bool,
    pub(super) comparison: Comparison,
    pub(super) threshold: f64,
    /// The statistic, of an alarm on one metric.
    pub(super) statistic: Option<&'a str>,
    pub(super) unit: Option<&'a str>,
    /// Seconds.
    pub(super) period: i64,
    pub(super) at: Epoch,
    /// The points of the evaluation range, newest first.
    pub(super) points: Vec<Point>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    version: &'static str,
    query_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statistic: Option<&'a str>,
    period: i64,
    recent_datapoints: Vec<f64>,
    threshold: f64,
    evaluated_datapoints: Vec<Evaluated>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Evaluated {
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sample_count: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
}

impl Comparison {
    /// Tells whether a value breaches a threshold; bands are not evaluated here.
    pub(super) fn breaches(self, value: f64, threshold: f64) -> bool {
        match self {
            Self::GreaterThanOrEqualToThreshold => value >= threshold,
            Self::GreaterThanThreshold => value > threshold,
            Self::LessThanThreshold => value < threshold,
            Self::LessThanOrEqualToThreshold => value <= threshold,
            Self::LessThanLowerOrGreaterThanUpperThreshold
            | Self::LessThanLowerThreshold
            | Self::GreaterThanUpperThreshold => false,
        }
    }

    /// Returns the operator as AWS spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GreaterThanOrEqualToThreshold => "GreaterThanOrEqualToThreshold",
            Self::GreaterThanThreshold => "GreaterThanThreshold",
            Self::LessThanThreshold => "LessThanThreshold",
            Self::LessThanOrEqualToThreshold => "LessThanOrEqualToThreshold",
            Self::LessThanLowerOrGreaterThanUpperThreshold => {
                "LessThanLowerOrGreaterThanUpperThreshold"
            }
            Self::LessThanLowerThreshold => "LessThanLowerThreshold",
            Self::GreaterThanUpperThreshold => "GreaterThanUpperThreshold",
        }
    }

    /// Tells whether it compares with a band of an anomaly detection model.
    pub(crate) fn is_of_a_band(self) -> bool {
        match self {
            Self::GreaterThanOrEqualToThreshold
            | Self::GreaterThanThreshold
            | Self::LessThanThreshold
            | Self::LessThanOrEqualToThreshold => false,
            Self::LessThanLowerOrGreaterThanUpperThreshold
            | Self::LessThanLowerThreshold
            | Self::GreaterThanUpperThreshold => true,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::GreaterThanOrEqualToThreshold => "greater than or equal to",
            Self::LessThanThreshold => "less than",
            Self::LessThanOrEqualToThreshold => "less than or equal to",
            Self::GreaterThanThreshold
            | Self::LessThanLowerOrGreaterThanUpperThreshold
            | Self::LessThanLowerThreshold
            | Self::GreaterThanUpperThreshold => "greater than",
        }
    }
}

impl Evidence<'_> {
    /// Words a state and all that led to it.
    pub(super) fn situation(&self, state: State) -> Situation {
        let data = serde_json::to_string(&self.data()).ok();
        Situation { state, reason: self.words(state), data }
    }

    /// The real points that are evaluated, newest first.
    fn real(&self) -> impl Iterator<Item = (&Point, f64)> {
        let real = self.points.iter().filter_map(|point| Some((point, point.value?)));
        real.take(self.rule.periods)
    }

    fn words(&self, state: State) -> String {
        let existing = self.real().count();
        let missing = self.rule.periods - existing;
        let treated = match self.rule.missing {
            Missing::Breaching => Some("Breaching"),
            Missing::NotBreaching => Some("NonBreaching"),
            Missing::Missing | Missing::Ignore => None,
        };
        if state == State::InsufficientData {
            let unknown = counted(missing, "datapoint");
            return format!("Insufficient Data: {unknown} {} unknown.", was(missing));
        }
        let filled = treated.filter(|_| missing > 0).map(|treated| {
            let filled = counted(missing, "missing datapoint");
            format!(" and {filled} {} treated as [{treated}]", was(missing))
        });
        let filled = filled.unwrap_or_default();
        if existing == 0 {
            let periods = counted(self.rule.periods, "period");
            return format!(
                "Threshold Crossed: no datapoints were received for {periods}{filled}."
            );
        }
        let is_alarm = state == State::Alarm;
        let told: Vec<String> = self
            .real()
            .filter(|(_, value)| self.comparison.breaches(*value, self.threshold) == is_alarm)
            .map(|(point, value)| format!("{} ({})", java(value), short_date(point.minute)))
            .collect();
        let count = told.len();
        let subject = if self.m_of_n {
            format!("{count} out of the last {} datapoints", self.rule.periods)
        } else {
            counted(count, "datapoint")
        };
        let newest = told.get(..told.len().min(LISTED)).unwrap_or_default().join(", ");
        let (inside, behind) = if count < LISTED {
            (format!(" [{newest}]"), String::new())
        } else if is_alarm {
            let crossed = "The most recent datapoints which crossed the threshold";
            (String::new(), format!(". {crossed}: [{newest}]"))
        } else {
            (String::new(), format!(". The most recent datapoints: [{newest}]"))
        };
        let (not, least, way) = if is_alarm {
            ("", self.rule.to_alarm, "OK -> ALARM")
        } else {
            ("not ", self.rule.periods - self.rule.to_alarm + 1, "ALARM -> OK")
        };
        let least = counted(least, "datapoint");
        let tail = if self.m_of_n {
            format!(" (minimum {least} for {way} transition)")
        } else {
            String::new()
        };
        format!(
            "Threshold Crossed: {subject}{inside} {} {not}{} the threshold ({}){behind}{filled}{tail}.",
            was(count),
            self.comparison.words(),
            java(self.threshold),
        )
    }

    fn data(&self) -> Data<'_> {
        let start = self.real().last().map(|(point, _)| long_date(point.minute as f64 * 60.0));
        let mut recent: Vec<f64> = self.real().map(|(_, value)| value).collect();
        recent.reverse();
        // The real points that count, and as many of the newest missing ones as had to be filled.
        let mut gaps = self.rule.periods - recent.len();
        let mut real = recent.len();
        let evaluated = self.points.iter().filter(|point| {
            let left = if point.value.is_some() { &mut real } else { &mut gaps };
            let counts = *left > 0;
            *left = left.saturating_sub(1);
            counts
        });
        Data {
            version: "1.0",
            query_date: long_date(self.at),
            start_date: start,
            unit: self.unit,
            statistic: self.statistic,
            period: self.period,
            recent_datapoints: recent,
            threshold: self.threshold,
            evaluated_datapoints: evaluated
                .take(EVALUATED)
                .map(|point| Evaluated {
                    timestamp: long_date(point.minute as f64 * 60.0),
                    sample_count: point.samples.filter(|_| point.value.is_some()),
                    value: point.value,
                })
                .collect(),
        }
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn was(count: usize) -> &'static str {
    if count == 1 { "was" } else { "were" }
}

/// Writes a number as Java's `Double.toString`, which AWS uses.
fn java(value: f64) -> String {
    if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
        return format!("{value:?}");
    }
    let text = format!("{value:E}");
    match text.split_once('E') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0E{exponent}"),
        _ => text,
    }
}

fn stamp(at: Epoch) -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    let milliseconds = (at * 1e3).round() as i64;
    Timestamp::from_millisecond(milliseconds).unwrap_or_default()
}

fn short_date(minute: i64) -> String {
    stamp(minute as f64 * 60.0).strftime("%d/%m/%y %H:%M:%S").to_string()
}

/// Writes a moment as JSON in alarms has it: `2026-11-22T12:00:00.000+0000`.
pub(crate) fn long_date(at: Epoch) -> String {
    stamp(at).strftime("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string()
}

/// Writes a moment as composite alarms' reasons have it.
pub(super) fn full_date(at: Epoch) -> String {
    stamp(at).strftime("%A %d %B, %Y %H:%M:%S UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 22 November 2026, 12:00 UTC, in minutes.
    const NOON: i64 = 1_795_348_800 / 60;

    fn evidence(
        periods: usize,
        m: Option<usize>,
        missing: Missing,
        values: &[Option<f64>],
    ) -> Evidence<'static> {
        let point = |(ago, value): (usize, &Option<f64>)| Point {
            minute: NOON - 2 - i64::try_from(ago).unwrap(),
            value: *value,
            samples: Some(5.0),
        };
        Evidence {
            rule: Rule { periods, to_alarm: m.unwrap_or(periods), missing },
            m_of_n: m.is_some(),
            comparison: Comparison::GreaterThanThreshold,
            threshold: 0.0,
            statistic: Some("Sum"),
            unit: None,
            period: 60,
            at: NOON as f64 * 60.0 + 1.25,
            points: values.iter().enumerate().map(point).collect(),
        }
    }

    #[test]
    fn the_words_are_those_of_aws() {
        let some = |value| Some(value);
        let table = [
            (
                evidence(
                    5,
                    Some(3),
                    Missing::NotBreaching,
                    &[some(12.0), None, some(3.0), some(1.5), None, None, None],
                ),
                State::Alarm,
                "Threshold Crossed: 3 out of the last 5 datapoints [12.0 (22/11/26 11:58:00), 3.0 (22/11/26 \
                 11:56:00), 1.5 (22/11/26 11:55:00)] were greater than the threshold (0.0) and 2 missing \
                 datapoints were treated as [NonBreaching] (minimum 3 datapoints for OK -> ALARM transition).",
            ),
            (
                evidence(1, None, Missing::Missing, &[some(1.0), some(0.0), None]),
                State::Alarm,
                "Threshold Crossed: 1 datapoint [1.0 (22/11/26 11:58:00)] was greater than the threshold (0.0).",
            ),
            (
                evidence(1, Some(1), Missing::Missing, &[some(0.0), None, None]),
                State::Ok,
                "Threshold Crossed: 1 out of the last 1 datapoints [0.0 (22/11/26 11:58:00)] was not greater \
                 than the threshold (0.0) (minimum 1 datapoint for ALARM -> OK transition).",
            ),
            (
                evidence(5, None, Missing::NotBreaching, &[None; 7]),
                State::Ok,
                "Threshold Crossed: no datapoints were received for 5 periods and 5 missing datapoints were \
                 treated as [NonBreaching].",
            ),
            (
                evidence(1, None, Missing::Missing, &[None; 3]),
                State::InsufficientData,
                "Insufficient Data: 1 datapoint was unknown.",
            ),
            (
                evidence(5, None, Missing::Missing, &[some(12_500_000.0); 7]),
                State::Alarm,
                "Threshold Crossed: 5 datapoints were greater than the threshold (0.0). The most recent \
                 datapoints which crossed the threshold: [1.25E7 (22/11/26 11:58:00), 1.25E7 (22/11/26 \
                 11:57:00), 1.25E7 (22/11/26 11:56:00), 1.25E7 (22/11/26 11:55:00), 1.25E7 (22/11/26 11:54:00)].",
            ),
        ];
        for (evidence, state, expected) in table {
            assert_eq!(evidence.situation(state).reason, expected);
        }
    }

    #[test]
    fn the_data_are_json_with_the_members_of_aws() {
        let values = [Some(1.0), None, Some(2.5), None, None];
        let evidence = evidence(3, None, Missing::Missing, &values);
        let data = evidence.situation(State::Alarm).data.unwrap();
        let expected = "{\"version\":\"1.0\",\"queryDate\":\"2026-11-22T12:00:01.250+0000\",\"startDate\":\
            \"2026-11-22T11:56:00.000+0000\",\"statistic\":\"Sum\",\"period\":60,\"recentDatapoints\":[2.5,1.0],\
            \"threshold\":0.0,\"evaluatedDatapoints\":[{\"timestamp\":\"2026-11-22T11:58:00.000+0000\",\
            \"sampleCount\":5.0,\"value\":1.0},{\"timestamp\":\"2026-11-22T11:57:00.000+0000\"},{\"timestamp\":\
            \"2026-11-22T11:56:00.000+0000\",\"sampleCount\":5.0,\"value\":2.5}]}";
        assert_eq!(data, expected);
    }

    #[test]
    fn numbers_and_dates_are_written_as_java_does() {
        let table =
            [(0.0, "0.0"), (0.5, "0.5"), (1e7, "1.0E7"), (2.5e-4, "2.5E-4"), (-3e9, "-3.0E9")];
        for (value, expected) in table {
            assert_eq!(java(value), expected);
        }
        assert_eq!(full_date(NOON as f64 * 60.0), "Sunday 22 November, 2026 12:00:00 UTC");
    }
}
