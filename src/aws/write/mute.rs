//! Writes to Amazon CloudWatch: mute rules of our own.

use super::{Tried, judged};
use crate::aws::{Attempts, Connection};
use crate::tune::setting::Mute;
use aws_sdk_cloudwatch::config::Config;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types as sdk;
use aws_smithy_types::retry::RetryConfig;

const PUT: &str = "cloudwatch:PutAlarmMuteRule";
const DELETE: &str = "cloudwatch:DeleteAlarmMuteRule";

/// Sent once, whatever the client does with reads.
fn once() -> aws_sdk_cloudwatch::config::Builder {
    Config::builder().retry_config(RetryConfig::disabled())
}

impl Connection {
    /// Mutes alarms once; the rule expires when it ends.
    pub(super) async fn put_mute_rule(&self, rule: &str, mute: &Mute) -> Tried {
        let schedule = sdk::Schedule::builder()
            .expression(mute.expression())
            .duration(mute.duration())
            .timezone("UTC")
            .build();
        let alarms = mute.alarms.iter().map(ToString::to_string).collect();
        let targets = sdk::MuteTargets::builder().set_alarm_names(Some(alarms)).build();
        let attempts = Attempts::default();
        let sent = self
            .cloudwatch()
            .put_alarm_mute_rule()
            .name(rule)
            .rule(sdk::Rule::builder().schedule(schedule).build())
            .mute_targets(targets)
            .expire_date(DateTime::from_secs(mute.end.as_second()))
            .customize()
            .interceptor(attempts.clone())
            .config_override(once())
            .send()
            .await;
        Ok(judged(PUT, sent, &attempts))
    }

    /// Ends a mute.
    pub(super) async fn delete_mute_rule(&self, rule: &str) -> Tried {
        let attempts = Attempts::default();
        let call = self.cloudwatch().delete_alarm_mute_rule().alarm_mute_rule_name(rule);
        let call = call.customize().interceptor(attempts.clone()).config_override(once());
        Ok(judged(DELETE, call.send().await, &attempts))
    }
}
