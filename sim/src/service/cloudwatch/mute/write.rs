//! `PutAlarmMuteRule` and `DeleteAlarmMuteRule`.
//!
//! Refused though AWS takes them: time zones other than UTC. Tags are taken and forgotten.

use serde::{Deserialize, Serialize};

use super::{invalid, length_error};
use crate::alarms::{Mute, Plan};
use crate::service::{Ask, constraint, missing};
use crate::wire::{Refusal, Stamp};

/// Alarms that one rule may target (API reference, `MuteTargets`).
const MAX_TARGETS: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutInput {
    name: Option<String>,
    description: Option<String>,
    rule: Option<RuleInput>,
    #[serde(default)]
    mute_targets: TargetsInput,
    start_date: Option<Stamp>,
    expire_date: Option<Stamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RuleInput {
    schedule: Option<ScheduleInput>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ScheduleInput {
    expression: Option<String>,
    duration: Option<String>,
    timezone: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
struct TargetsInput {
    #[serde(default)]
    alarm_names: Vec<String>,
}

/// The reply of an operation that says nothing.
#[derive(Serialize)]
struct Nothing {}

impl PutInput {
    fn error(&self) -> Option<String> {
        let names = &self.mute_targets.alarm_names;
        let schedule = self.rule.as_ref().and_then(|rule| rule.schedule.as_ref());
        let text =
            |of: fn(&ScheduleInput) -> &Option<String>| schedule.and_then(|one| of(one).as_ref());
        let lengths = [
            ("name", self.name.as_ref(), 255),
            ("rule.schedule.expression", text(|one| &one.expression), 256),
            ("rule.schedule.duration", text(|one| &one.duration), 50),
            ("rule.schedule.timezone", text(|one| &one.timezone), 50),
        ];
        let mut errors =
            lengths.into_iter().filter_map(|(member, text, most)| length_error(member, text, most));
        let targets = || {
            let rule = format!("Member must have length less than or equal to {MAX_TARGETS}");
            let shown = format!("[{}]", names.join(", "));
            (names.len() > MAX_TARGETS)
                .then(|| constraint(&shown, "muteTargets.alarmNames", &rule))
                .or_else(|| {
                    names
                        .iter()
                        .find_map(|name| length_error("muteTargets.alarmNames", Some(name), 255))
                })
        };
        let description = || {
            let text = self.description.as_ref().filter(|text| !text.is_empty());
            length_error("description", text, 1_024)
        };
        let dates = self.start_date.zip(self.expire_date);
        let crossed = || {
            let is_crossed = dates.is_some_and(|(start, expire)| expire.0 <= start.0);
            is_crossed.then(|| "ExpireDate must be after StartDate".to_owned())
        };
        errors.next().or_else(targets).or_else(description).or_else(crossed)
    }
}

/// Makes a rule, or puts another one in its place.
pub(in crate::service::cloudwatch) fn put(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: PutInput = ask.input()?;
    if let Some(message) = input.error() {
        return Err(invalid(message));
    }
    let lacks = |member: &'static str| move || invalid(missing(member));
    let name = input.name.ok_or_else(lacks("name"))?;
    let rule = input.rule.ok_or_else(lacks("rule"))?;
    let schedule = rule.schedule.ok_or_else(lacks("rule.schedule"))?;
    let plan = Plan {
        name,
        description: input.description,
        expression: schedule.expression.ok_or_else(lacks("rule.schedule.expression"))?,
        duration: schedule.duration.ok_or_else(lacks("rule.schedule.duration"))?,
        timezone: schedule.timezone.unwrap_or_else(|| "UTC".to_owned()),
        targets: input.mute_targets.alarm_names,
        starts: input.start_date.map(|stamp| stamp.0),
        expires: input.expire_date.map(|stamp| stamp.0),
        updated: ask.now,
    };
    let mute =
        Mute::made(plan).map_err(|problem| invalid(format!("Invalid schedule: {problem}")))?;
    if !ask.alarms.put_mute(ask.fleet, mute, ask.now) {
        let message = "The maximum number of alarm mute rules has been reached";
        return Err(Refusal::client("LimitExceededFault", "LimitExceeded", message));
    }
    ask.output(&Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteInput {
    alarm_mute_rule_name: Option<String>,
}

/// Deletes a rule; that there is none of the name is no error.
pub(in crate::service::cloudwatch) fn delete(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: DeleteInput = ask.input()?;
    let name = input.alarm_mute_rule_name.ok_or_else(|| invalid(missing("alarmMuteRuleName")))?;
    if let Some(message) = length_error("alarmMuteRuleName", Some(&name), 255) {
        return Err(invalid(message));
    }
    ask.alarms.delete_mute(ask.fleet, &name, ask.now);
    ask.output(&Nothing {})
}

#[cfg(test)]
mod tests;
