//! Single things that can be written, read again before and after.

use super::error::call_error;
use super::{Attempts, Connection, Reply};
use crate::model::alarm::MuteRule;
use crate::model::health::CallError;
use crate::model::id::Resource;
use crate::model::insights::ContributorInsights;
use aws_sdk_cloudwatch::operation::get_alarm_mute_rule::GetAlarmMuteRuleOutput;
use aws_sdk_cloudwatch::types as cloudwatch;
use jiff::Timestamp;
use std::sync::Arc;

const GET_MUTE_RULE: &str = "cloudwatch:GetAlarmMuteRule";

impl Connection {
    /// Reads Contributor Insights of one table or index (`DescribeContributorInsights`); `None` if
    /// AWS does not know the table or index.
    pub async fn insights_of(&self, resource: &Resource) -> Reply<Option<ContributorInsights>> {
        let attempts = Attempts::default();
        if resource.table_name().is_none() {
            return attempts.reply(Ok(None));
        }
        let told = self.describe_insights(&attempts, resource).await;
        attempts.reply(known(told))
    }

    /// Reads one mute rule (`GetAlarmMuteRule`); `None` if there is none of that name.
    pub async fn mute_rule(&self, name: &str) -> Reply<Option<MuteRule>> {
        let attempts = Attempts::default();
        let call = self.cloudwatch().get_alarm_mute_rule().alarm_mute_rule_name(name);
        let sent = call.customize().interceptor(attempts.clone()).send().await;
        let told = sent.map_err(|error| call_error(GET_MUTE_RULE, &error));
        attempts.reply(known(told.map(|output| mute_rule(name, &output))))
    }
}

/// What AWS does not know is absent, not a failure.
fn known<T>(told: Result<T, CallError>) -> Result<Option<T>, CallError> {
    const GONE: [&str; 2] = ["ResourceNotFoundException", "ResourceNotFound"];
    match told {
        Ok(told) => Ok(Some(told)),
        Err(error) if error.code.as_deref().is_some_and(|code| GONE.contains(&code)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn mute_rule(name: &str, output: &GetAlarmMuteRuleOutput) -> MuteRule {
    let schedule = output.rule().and_then(cloudwatch::Rule::schedule);
    let told = |pick: fn(&cloudwatch::Schedule) -> Option<&str>| schedule.and_then(pick);
    let targets = output.mute_targets().map_or(&[][..], cloudwatch::MuteTargets::alarm_names);
    let expires = output.expire_date().map(|at| Timestamp::from_second(at.secs()));
    MuteRule {
        name: Arc::from(name),
        status: Arc::from(output.status().map_or("UNKNOWN", |status| status.as_str())),
        targets: targets.iter().map(|target| Arc::from(target.as_str())).collect(),
        expression: Arc::from(told(cloudwatch::Schedule::expression).unwrap_or_default()),
        duration: Arc::from(told(cloudwatch::Schedule::duration).unwrap_or_default()),
        time_zone: told(cloudwatch::Schedule::timezone).map(Arc::from),
        expires: expires.and_then(Result::ok),
    }
}
