//! `ListAlarmMuteRules` and `GetAlarmMuteRule`; [`mod@write`] has those that change rules.

pub(super) mod write;

use serde::{Deserialize, Serialize};

use super::{ALARM_PAGE, enum_error, invalid, invalid_token, length_error, page_size};
use crate::alarms::{Mute, MuteStatus};
use crate::service::{Ask, arn, missing, page, page_size_error};
use crate::wire::{Refusal, Stamp};

/// Mute rules per page, unless the request says otherwise (API reference, `ListAlarmMuteRules`).
const DEFAULT_PAGE: usize = 50;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListInput {
    alarm_name: Option<String>,
    #[serde(default)]
    statuses: Vec<String>,
    max_records: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListOutput {
    alarm_mute_rule_summaries: Vec<Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    alarm_mute_rule_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expire_date: Option<Stamp>,
    status: &'static str,
    mute_type: &'static str,
    last_updated_timestamp: Stamp,
}

impl Summary {
    fn new(rule: &Mute, ask: &Ask<'_>) -> Self {
        Self {
            alarm_mute_rule_arn: arn(
                ask.account(),
                "cloudwatch",
                &format!("alarm-mute-rule:{}", rule.plan.name),
            ),
            expire_date: rule.plan.expires.map(Stamp),
            status: rule.status(ask.now).name(),
            mute_type: if rule.recurs() { "RECURRING" } else { "ONE_TIME" },
            last_updated_timestamp: Stamp(rule.plan.updated),
        }
    }
}

impl ListInput {
    fn error(&self) -> Option<String> {
        let known = [MuteStatus::Scheduled, MuteStatus::Active, MuteStatus::Expired];
        enum_error("statuses", &known.map(MuteStatus::name), &self.statuses)
            .or_else(|| length_error("alarmName", self.alarm_name.as_ref(), 255))
            .or_else(|| {
                self.max_records.and_then(|size| page_size_error(size, "maxRecords", ALARM_PAGE))
            })
    }
}

/// Answers `ListAlarmMuteRules`.
pub(super) fn list(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: ListInput = ask.input()?;
    ask.call.continued = input.next_token.is_some();
    if let Some(message) = input.error() {
        return Err(invalid(message));
    }
    let targets = |rule: &&Mute| {
        input.alarm_name.as_ref().is_none_or(|name| rule.plan.targets.contains(name))
    };
    let rules = ask.alarms.mutes().iter().filter(targets);
    let mut found: Vec<Summary> = rules.map(|rule| Summary::new(rule, ask)).collect();
    found.retain(|rule| {
        input.statuses.is_empty() || input.statuses.iter().any(|wanted| wanted == rule.status)
    });
    let question = (&input.alarm_name, &input.statuses);
    let size = page_size(input.max_records, DEFAULT_PAGE);
    let (alarm_mute_rule_summaries, next_token) =
        page(&found, input.next_token.as_deref(), size, &question).ok_or_else(invalid_token)?;
    ask.output(&ListOutput { alarm_mute_rule_summaries, next_token })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetInput {
    alarm_mute_rule_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetOutput<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    rule: Rule<'a>,
    mute_targets: Targets<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_date: Option<Stamp>,
    #[serde(flatten)]
    summary: Summary,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Rule<'a> {
    schedule: Schedule<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Schedule<'a> {
    expression: &'a str,
    duration: &'a str,
    timezone: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Targets<'a> {
    alarm_names: &'a [String],
}

/// Answers `GetAlarmMuteRule`.
pub(super) fn get(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: GetInput = ask.input()?;
    let name = input.alarm_mute_rule_name.as_ref();
    let Some(name) = name else { return Err(invalid(missing("alarmMuteRuleName"))) };
    if let Some(message) = length_error("alarmMuteRuleName", Some(name), 255) {
        return Err(invalid(message));
    }
    let Some(rule) = ask.alarms.mutes().iter().find(|rule| rule.plan.name == *name) else {
        let message = format!("Alarm mute rule {name} does not exist");
        return Err(Refusal {
            status: 404,
            ..Refusal::client("ResourceNotFoundException", "ResourceNotFoundException", message)
        });
    };
    let plan = &rule.plan;
    ask.output(&GetOutput {
        name: &plan.name,
        description: plan.description.as_deref(),
        rule: Rule {
            schedule: Schedule {
                expression: &plan.expression,
                duration: &plan.duration,
                timezone: &plan.timezone,
            },
        },
        mute_targets: Targets { alarm_names: &plan.targets },
        start_date: plan.starts.map(Stamp),
        summary: Summary::new(rule, ask),
    })
}

#[cfg(test)]
mod tests;
