//! Reports of Contributor Insights.
//!
//! Limits: `Amazon CloudWatch` User Guide, "CloudWatch service quotas": twenty `GetInsightRuleReport` a second;
//! `Amazon DynamoDB` Developer Guide, "Contributor Insights for DynamoDB: How it works": 25 contributors.

use super::may_have_been_read;
use crate::aws::error::{call_error, unreadable};
use crate::aws::{Attempts, Connection, Reply};
use crate::clock::Clock;
use crate::model::contributor::{Contributor, Key, MaskSalt, Report, RuleKind};
use crate::model::health::CallError;
use crate::model::id::Resource;
use crate::model::time::{Minute, Window};
use aws_sdk_cloudwatch::operation::get_insight_rule_report::GetInsightRuleReportOutput;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types as sdk;
use std::sync::Arc;
use std::time::Duration;

const GET_REPORT: &str = "cloudwatch:GetInsightRuleReport";
/// A point each minute, as it is published.
const PERIOD_SECONDS: i32 = 60;
/// The most that a rule of DynamoDB names.
const CONTRIBUTORS: i32 = 25;
/// Between two calls: half of the quota, since the account has other readers.
const PAUSE: Duration = Duration::from_millis(100);

/// What was read of one table or index.
#[derive(Debug, Clone, PartialEq)]
pub struct HotKeysRead {
    /// The names of its rules, which hold the time they were made at.
    pub rules: Vec<Arc<str>>,
    /// A report of each rule whose kind is known, in the order of [`RuleKind::ALL`].
    pub reports: Vec<Report>,
    /// Why one of them could not be read: the first error met.
    pub flaw: Option<CallError>,
}

impl Connection {
    /// Reads what each rule of `resource` counted in `window` (`GetInsightRuleReport`), at first the names of
    /// the rules where they are not known (`DescribeContributorInsights`).
    ///
    /// The answer is an error where nothing at all could be read.
    pub async fn hot_keys(
        &self,
        clock: &Clock,
        (resource, rules): (&Resource, Option<&[Arc<str>]>),
        window: Window,
        salt: MaskSalt,
    ) -> Reply<HotKeysRead> {
        let attempts = Attempts::default();
        let known = if let Some(rules) = rules {
            Ok(Some(rules.to_vec()))
        } else {
            let described = self.describe_insights_in_turn(&attempts, clock, resource).await;
            described.map(|it| it.rules)
        };
        let rules = match known {
            Ok(rules) => rules.unwrap_or_default(),
            Err(error) => return attempts.reply(Err(error)),
        };
        let (mut reports, mut flaw, mut metrics) = (vec![], None, 0);
        for kind in RuleKind::ALL {
            let Some(rule) = rules.iter().find(|rule| RuleKind::of_rule(rule) == Some(kind)) else {
                continue;
            };
            // Before the first one, too: that of another resource may have been just before.
            tokio::time::sleep(clock.span(PAUSE)).await;
            let read = self.report(&attempts, (kind, rule), window, salt).await;
            let is_billed = |error: &CallError| may_have_been_read(error.class);
            metrics += u32::from(read.as_ref().err().is_none_or(is_billed));
            match read {
                Ok(report) => reports.push(report),
                Err(error) => {
                    // The others would be refused alike.
                    flaw = Some(error);
                    break;
                }
            }
        }
        let result = match flaw {
            Some(error) if reports.is_empty() => Err(error),
            flaw => Ok(HotKeysRead { rules, reports, flaw }),
        };
        Reply { metrics, ..attempts.reply(result) }
    }

    async fn report(
        &self,
        attempts: &Attempts,
        (kind, rule): (RuleKind, &Arc<str>),
        window: Window,
        salt: MaskSalt,
    ) -> Result<Report, CallError> {
        let sent = self
            .cloudwatch()
            .get_insight_rule_report()
            .rule_name(&**rule)
            .start_time(DateTime::from_secs(window.start.start().as_second()))
            .end_time(DateTime::from_secs(window.end.start().as_second()))
            .period(PERIOD_SECONDS)
            .max_contributor_count(CONTRIBUTORS)
            .order_by("Sum")
            .customize()
            .interceptor(attempts.clone())
            .send()
            .await;
        let output = sent.map_err(|error| call_error(GET_REPORT, &error))?;
        report((kind, rule), window, salt, &output)
            .ok_or_else(|| unreadable(GET_REPORT, "a reply without AggregateValue"))
    }
}

fn report(
    (kind, rule): (RuleKind, &Arc<str>),
    window: Window,
    salt: MaskSalt,
    told: &GetInsightRuleReportOutput,
) -> Option<Report> {
    let contributors = told.contributors().iter().map(|one| contributor(one, window, salt));
    let mut contributors: Vec<Contributor> = contributors.collect();
    contributors.sort_by(|a, b| b.total.total_cmp(&a.total));
    Some(Report {
        kind,
        rule: rule.clone(),
        window,
        labels: told.key_labels().iter().map(|label| Arc::from(label.as_str())).collect(),
        // Nothing is to be read as -0.
        total: told.aggregate_value()? + 0.0,
        unique: told.approximate_unique_count().and_then(|n| u64::try_from(n).ok()).unwrap_or(0),
        contributors,
    })
}

/// Data points outside the window would count for minutes that nobody asked about.
fn contributor(told: &sdk::InsightRuleContributor, window: Window, salt: MaskSalt) -> Contributor {
    let point = |point: &sdk::InsightRuleContributorDatapoint| {
        let minute = Minute(point.timestamp()?.secs().div_euclid(60));
        window.contains(minute).then_some((minute, point.approximate_value()?))
    };
    let mut points: Vec<_> = told.datapoints().iter().filter_map(point).collect();
    points.sort_by_key(|(minute, _)| *minute);
    Contributor {
        keys: told.keys().iter().map(|key| Key::new(key, salt)).collect(),
        total: told.approximate_aggregate_value().unwrap_or_default(),
        points,
    }
}

#[cfg(test)]
mod tests;
