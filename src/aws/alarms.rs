//! Amazon `CloudWatch` alarms: what they say, what they said, and what silences them.
//!
//! Quotas are those of the Amazon `CloudWatch` User Guide, "CloudWatch service quotas".

mod convert;
mod data;
mod history;
pub(super) mod mute;

pub use data::{billed_for_alarm, why_not_read};

use super::error::call_error;
use super::{Attempts, Connection, Gathered, Reply, all_pages, first_pages};
use crate::clock::Clock;
use crate::model::alarm::{Alarm, MuteRule};
use crate::model::event::Event;
use crate::model::health::{CallError, ErrorClass};
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types as sdk;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

const DESCRIBE_ALARMS: &str = "cloudwatch:DescribeAlarms";
const DESCRIBE_HISTORY: &str = "cloudwatch:DescribeAlarmHistory";
const LIST_MUTE_RULES: &str = "cloudwatch:ListAlarmMuteRules";
const GET_MUTE_RULE: &str = "cloudwatch:GetAlarmMuteRule";

/// The most that one page of alarms or of history holds.
const PER_PAGE: i32 = 100;
/// The most pages of history that one read asks for.
const HISTORY_PAGES: usize = 10;

/// Between two pages of alarms: an account may ask for nine a second, and others do, too.
const ALARMS_PAUSE: Duration = Duration::from_millis(150);
/// Between two calls that an account may make twenty times a second.
const OTHER_PAUSE: Duration = Duration::from_millis(60);

/// The types to ask for, fewer where more are refused: without any AWS tells alarms on metrics alone,
/// not every partition knows alarms on logs, and some servers know no types.
const TYPES: [&[&str]; 3] =
    [&["MetricAlarm", "CompositeAlarm", "LogAlarm"], &["MetricAlarm", "CompositeAlarm"], &[]];

/// Every alarm.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Listed {
    /// All of them, as AWS orders them.
    pub alarms: Vec<Alarm>,
    /// The names of those that look at metrics of another account.
    pub elsewhere: Vec<Arc<str>>,
}

impl Connection {
    /// Reads every alarm (`DescribeAlarms`, all pages).
    ///
    /// AWS shows composite alarms only to who may describe all alarms.
    pub async fn alarms(&self, clock: &Clock) -> Reply<Listed> {
        let attempts = Attempts::default();
        let result = known_types(|types| self.describe_alarms(&attempts, clock, types)).await;
        attempts.reply(result.map(|described| {
            let mut listed = Listed::default();
            for (alarm, elsewhere) in described {
                if elsewhere {
                    listed.elsewhere.push(alarm.name.clone());
                }
                listed.alarms.push(alarm);
            }
            listed
        }))
    }

    async fn describe_alarms(
        &self,
        attempts: &Attempts,
        clock: &Clock,
        types: Option<Vec<sdk::AlarmType>>,
    ) -> Result<Vec<(Alarm, bool)>, CallError> {
        let types = &types;
        all_pages(DESCRIBE_ALARMS, |token| async {
            pause(clock, ALARMS_PAUSE, token.as_ref()).await;
            let call = self.cloudwatch().describe_alarms().max_records(PER_PAGE);
            let call = call.set_alarm_types(types.clone()).set_next_token(token).customize();
            let sent = call.interceptor(attempts.clone()).send().await;
            let output = sent.map_err(|error| call_error(DESCRIBE_ALARMS, &error))?;
            let metric = output.metric_alarms().iter().filter_map(|described| {
                Some((convert::metric_alarm(described)?, convert::looks_elsewhere(described)))
            });
            let composite = output.composite_alarms().iter().filter_map(convert::composite_alarm);
            let logs = output.log_alarms().iter().filter_map(convert::log_alarm);
            let others = composite.chain(logs).map(|alarm| (alarm, false));
            Ok((metric.chain(others).collect(), output.next_token.clone()))
        })
        .await
    }

    /// Reads what happened to alarms since `since` (`DescribeAlarmHistory` of the whole account), newest
    /// first, at most a thousand entries.
    pub async fn alarm_history(&self, clock: &Clock, since: Timestamp) -> Reply<Gathered<Event>> {
        let attempts = Attempts::default();
        let read = |types| self.describe_history(&attempts, clock, since, types);
        attempts.reply(known_types(read).await)
    }

    async fn describe_history(
        &self,
        attempts: &Attempts,
        clock: &Clock,
        since: Timestamp,
        types: Option<Vec<sdk::AlarmType>>,
    ) -> Result<Gathered<Event>, CallError> {
        let types = &types;
        first_pages(DESCRIBE_HISTORY, HISTORY_PAGES, |token| async {
            pause(clock, OTHER_PAUSE, token.as_ref()).await;
            let call = self
                .cloudwatch()
                .describe_alarm_history()
                .set_alarm_types(types.clone())
                .scan_by(sdk::ScanBy::TimestampDescending)
                .start_date(DateTime::from_secs(since.as_second()))
                .max_records(PER_PAGE)
                .set_next_token(token)
                .customize();
            let sent = call.interceptor(attempts.clone()).send().await;
            let output = sent.map_err(|error| call_error(DESCRIBE_HISTORY, &error))?;
            let changes = output.alarm_history_items().iter().filter_map(history::change);
            Ok((changes.collect(), output.next_token.clone()))
        })
        .await
    }

    /// Reads every rule that silences alarms now or will (`ListAlarmMuteRules`, all pages, and
    /// `GetAlarmMuteRule` of each, since only that tells which alarms).
    ///
    /// Every call must succeed: what is left out would look as if it were not silenced.
    pub async fn mute_rules(&self, clock: &Clock) -> Reply<Vec<MuteRule>> {
        let attempts = Attempts::default();
        let result = self.read_mute_rules(&attempts, clock).await;
        attempts.reply(result)
    }

    async fn read_mute_rules(
        &self,
        attempts: &Attempts,
        clock: &Clock,
    ) -> Result<Vec<MuteRule>, CallError> {
        let names = self.list_mute_rules(attempts, clock).await?;
        let mut rules = Vec::with_capacity(names.len());
        for name in names {
            tokio::time::sleep(clock.span(OTHER_PAUSE)).await;
            let call = self.cloudwatch().get_alarm_mute_rule().alarm_mute_rule_name(&name);
            match call.customize().interceptor(attempts.clone()).send().await {
                Ok(output) => rules.push(mute::rule(&name, &output)),
                Err(error) => match call_error(GET_MUTE_RULE, &error) {
                    // Deleted since it was listed.
                    gone if mute::is_gone(&gone) => {}
                    error => return Err(error),
                },
            }
        }
        Ok(rules)
    }

    async fn list_mute_rules(
        &self,
        attempts: &Attempts,
        clock: &Clock,
    ) -> Result<Vec<String>, CallError> {
        all_pages(LIST_MUTE_RULES, |token| async {
            pause(clock, OTHER_PAUSE, token.as_ref()).await;
            let call = self
                .cloudwatch()
                .list_alarm_mute_rules()
                .statuses(sdk::AlarmMuteRuleStatus::Active)
                .statuses(sdk::AlarmMuteRuleStatus::Scheduled)
                .set_next_token(token)
                .customize();
            let sent = call.interceptor(attempts.clone()).send().await;
            let output = sent.map_err(|error| call_error(LIST_MUTE_RULES, &error))?;
            let names = output.alarm_mute_rule_summaries().iter().filter_map(mute::name);
            Ok((names.collect(), output.next_token.clone()))
        })
        .await
    }
}

/// Waits between two pages.
async fn pause(clock: &Clock, pause: Duration, token: Option<&String>) {
    if token.is_some() {
        tokio::time::sleep(clock.span(pause)).await;
    }
}

/// Reads with as many of [`TYPES`] as the server knows.
async fn known_types<T, F>(read: impl Fn(Option<Vec<sdk::AlarmType>>) -> F) -> Result<T, CallError>
where
    F: Future<Output = Result<T, CallError>>,
{
    let types = |names: &[&str]| {
        let types: Vec<_> = names.iter().copied().map(sdk::AlarmType::from).collect();
        (!types.is_empty()).then_some(types)
    };
    let [all, fewer @ ..] = TYPES;
    let mut result = read(types(all)).await;
    for names in fewer {
        let refused =
            |error: &CallError| error.class == ErrorClass::Rejected && !error.is_unknown_call();
        if !result.as_ref().is_err_and(refused) {
            break;
        }
        result = read(types(names)).await;
    }
    result
}

#[cfg(test)]
mod tests;
