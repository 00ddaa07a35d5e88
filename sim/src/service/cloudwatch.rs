//! Amazon CloudWatch: metrics, alarms, their history and mute rules, Contributor Insights, in CBOR and JSON alike.

mod alarms;
mod history;
mod insights;
mod list;
mod metric_data;
mod mute;

use serde::Deserialize;

use super::{Ask, arn, constraint};
use crate::facts::Epoch;
use crate::wire::Refusal;
pub(crate) use list::MetricList;

/// Alarms per page of `DescribeAlarms` and of its neighbours, and names in one request (API reference).
const ALARM_PAGE: usize = 100;

/// Answers one call.
pub(crate) fn answer(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    match ask.call.operation.as_str() {
        "GetMetricData" => metric_data::answer(ask),
        "ListMetrics" => list::answer(ask),
        "DescribeAlarms" => alarms::answer(ask),
        "DescribeAlarmHistory" => history::answer(ask),
        "ListAlarmMuteRules" => mute::list(ask),
        "GetInsightRuleReport" => insights::report(ask),
        "DescribeInsightRules" => insights::describe(ask),
        "GetAlarmMuteRule" => mute::get(ask),
        "PutAlarmMuteRule" => mute::write::put(ask),
        "DeleteAlarmMuteRule" => mute::write::delete(ask),
        _ => Err(ask.unknown_operation()),
    }
}

/// What a call is about, as IAM sees it: a rule of Contributor Insights, a mute rule, or everything.
pub(crate) fn iam_resource(ask: &Ask<'_>) -> String {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Named {
        rule_name: Option<String>,
        alarm_mute_rule_name: Option<String>,
        name: Option<String>,
    }
    let named = || ask.input::<Named>().ok();
    let of = |kind: &str, name: Option<String>| {
        arn(ask.account(), "cloudwatch", &format!("{kind}{}", name.as_deref().unwrap_or("*")))
    };
    match ask.call.operation.as_str() {
        "GetInsightRuleReport" => of("insight-rule/", named().and_then(|it| it.rule_name)),
        "PutAlarmMuteRule" => of("alarm-mute-rule:", named().and_then(|it| it.name)),
        "DeleteAlarmMuteRule" => {
            of("alarm-mute-rule:", named().and_then(|it| it.alarm_mute_rule_name))
        }
        _ => "*".to_owned(),
    }
}

/// Returns the minute of a moment, which is taken to lie in the years 1970 to 9999.
fn whole_minutes(moment: Epoch) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to years that fit")]
    let minutes = (moment.clamp(0.0, 253_402_300_799.0) / 60.0).floor() as i64;
    minutes
}

/// Words the constraint that the first unknown value of an enumeration breaks.
fn enum_error<'a>(
    member: &str,
    known: &[&str],
    given: impl IntoIterator<Item = &'a String>,
) -> Option<String> {
    let other = given.into_iter().find(|value| !known.contains(&value.as_str()))?;
    let rule = format!("Member must satisfy enum value set: [{}]", known.join(", "));
    Some(constraint(other, member, &rule))
}

/// Words the constraint that a text of a wrong length breaks.
fn length_error(member: &str, text: Option<&String>, most: usize) -> Option<String> {
    let text = text?;
    let rule = match text.chars().count() {
        0 => "Member must have length greater than or equal to 1".to_owned(),
        length if length > most => {
            format!("Member must have length less than or equal to {most}")
        }
        _ => return None,
    };
    Some(constraint(text, member, &rule))
}

/// Returns the page size that is asked for.
fn page_size(asked: Option<i64>, otherwise: usize) -> usize {
    asked.and_then(|size| usize::try_from(size).ok()).unwrap_or(otherwise)
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::client("ValidationException", "ValidationError", message)
}

fn invalid_token() -> Refusal {
    Refusal::client("InvalidNextToken", "InvalidNextToken", "The next token is not valid.")
}

#[cfg(test)]
mod tests;
