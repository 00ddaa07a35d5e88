//! Rules that silence alarms, as `CloudWatch` tells them.

use crate::aws::timestamp;
use crate::model::alarm::MuteRule;
use crate::model::health::CallError;
use aws_sdk_cloudwatch::operation::get_alarm_mute_rule::GetAlarmMuteRuleOutput;
use aws_sdk_cloudwatch::types as sdk;
use std::sync::Arc;

/// The name of a listed rule, of which AWS tells the ARN alone:
/// `arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:NAME`.
pub(super) fn name(summary: &sdk::AlarmMuteRuleSummary) -> Option<String> {
    summary.alarm_mute_rule_arn()?.splitn(7, ':').nth(6).map(str::to_owned)
}

/// Takes in a rule that was listed as `name`.
pub(in crate::aws) fn rule(name: &str, output: &GetAlarmMuteRuleOutput) -> MuteRule {
    let schedule = output.rule().and_then(sdk::Rule::schedule);
    let told = |pick: fn(&sdk::Schedule) -> Option<&str>| schedule.and_then(pick);
    let targets = output.mute_targets().map_or(&[][..], sdk::MuteTargets::alarm_names);
    let status = output.status().map(sdk::AlarmMuteRuleStatus::as_str);
    MuteRule {
        name: Arc::from(output.name().unwrap_or(name)),
        status: Arc::from(status.unwrap_or("UNKNOWN")),
        targets: targets.iter().map(|target| Arc::from(target.as_str())).collect(),
        expression: Arc::from(told(sdk::Schedule::expression).unwrap_or_default()),
        duration: Arc::from(told(sdk::Schedule::duration).unwrap_or_default()),
        time_zone: told(sdk::Schedule::timezone).map(Arc::from),
        expires: output.expire_date().copied().and_then(timestamp),
    }
}

/// Whether AWS does not know what was asked for (any more).
pub(in crate::aws) fn is_gone(error: &CallError) -> bool {
    let codes = ["ResourceNotFoundException", "ResourceNotFound"];
    error.code.as_deref().is_some_and(|code| codes.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_cloudwatch::primitives::DateTime;

    #[test]
    fn the_name_of_a_rule_is_what_its_arn_ends_in() {
        for (arn, expected) in [
            ("arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:snooze", Some("snooze")),
            ("arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm-mute-rule:a:b", Some("a:b")),
            ("snooze", None),
        ] {
            let summary = sdk::AlarmMuteRuleSummary::builder().alarm_mute_rule_arn(arn).build();
            assert_eq!(name(&summary).as_deref(), expected, "{arn}");
        }
    }

    #[test]
    fn a_rule_tells_whom_it_silences_when_and_for_how_long() {
        let schedule = sdk::Schedule::builder()
            .expression("cron(0 22 * * *)")
            .duration("PT8H")
            .timezone("Europe/Berlin")
            .build();
        let output = GetAlarmMuteRuleOutput::builder()
            .rule(sdk::Rule::builder().schedule(schedule).build())
            .mute_targets(sdk::MuteTargets::builder().alarm_names("a").alarm_names("b").build())
            .status(sdk::AlarmMuteRuleStatus::Active)
            .expire_date(DateTime::from_secs(1_795_348_800))
            .build();
        let rule = rule("nights", &output);
        assert!(rule.is_active(jiff::Timestamp::UNIX_EPOCH));
        assert_eq!(
            (&*rule.name, &*rule.expression, &*rule.duration),
            ("nights", "cron(0 22 * * *)", "PT8H")
        );
        assert_eq!(rule.targets, [Arc::from("a"), Arc::from("b")]);
        assert_eq!(rule.time_zone.as_deref(), Some("Europe/Berlin"));
        assert_eq!(rule.expires.unwrap().to_string(), "2026-11-22T12:00:00Z");
    }
}
