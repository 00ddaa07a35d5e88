//! Single things that can be written, read again before and after.

use super::alarms::mute::{self, is_gone};
use super::error::call_error;
use super::{Attempts, Connection, Reply};
use crate::model::alarm::MuteRule;
use crate::model::health::CallError;
use crate::model::id::Resource;
use crate::model::insights::ContributorInsights;

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
        attempts.reply(known(told.map(|output| mute::rule(name, &output))))
    }
}

/// What AWS does not know is absent, not a failure.
fn known<T>(told: Result<T, CallError>) -> Result<Option<T>, CallError> {
    match told {
        Ok(told) => Ok(Some(told)),
        Err(error) if is_gone(&error) => Ok(None),
        Err(error) => Err(error),
    }
}
