//! Contributor Insights of tables and indexes: whether it is on, and with which rules.
//!
//! Quotas: `Amazon DynamoDB` Developer Guide, "Quotas": five calls a second of each operation.

use crate::aws::error::call_error;
use crate::aws::{Attempts, Connection, Gathered, Reply, all_pages};
use crate::clock::Clock;
use crate::model::health::CallError;
use crate::model::id::Resource;
use crate::model::insights::{ContributorInsights, InsightsMode};
use aws_sdk_dynamodb::operation::describe_contributor_insights::DescribeContributorInsightsOutput;
use aws_sdk_dynamodb::types as sdk;
use std::sync::Arc;
use std::time::Duration;

const LIST: &str = "dynamodb:ListContributorInsights";
const DESCRIBE: &str = "dynamodb:DescribeContributorInsights";

/// The most tables and indexes that one page holds.
const PER_PAGE: i32 = 100;
/// Between two calls.
const PAUSE: Duration = Duration::from_millis(220);
/// The most whose rules are read: an account has a hundred rules at first (Amazon `CloudWatch` User
/// Guide, "CloudWatch service quotas").
const MOST_DESCRIBED: usize = 100;
/// After so many refusals the other rules are not asked for.
const HOPELESS: u32 = 3;

impl Connection {
    /// Reads whether Contributor Insights is on, of every table and index
    /// (`ListContributorInsights`, all pages), and the rules of those where it is or failed to be
    /// (`DescribeContributorInsights`, the first hundred).
    pub async fn insights(&self, clock: &Clock) -> Reply<Gathered<ContributorInsights>> {
        let attempts = Attempts::default();
        let result = match self.list_insights(&attempts, clock).await {
            Ok(items) => Ok(self.with_rules(&attempts, clock, items).await),
            Err(error) => Err(error),
        };
        attempts.reply(result)
    }

    async fn list_insights(
        &self,
        attempts: &Attempts,
        clock: &Clock,
    ) -> Result<Vec<ContributorInsights>, CallError> {
        all_pages(LIST, |token| async {
            if token.is_some() {
                tokio::time::sleep(clock.span(PAUSE)).await;
            }
            let call = self.dynamodb().list_contributor_insights().max_results(PER_PAGE);
            let call = call.set_next_token(token).customize();
            let sent = call.interceptor(attempts.clone()).send().await;
            let output = sent.map_err(|error| call_error(LIST, &error))?;
            let items = output.contributor_insights_summaries().iter().filter_map(summary);
            Ok((items.collect(), output.next_token.clone()))
        })
        .await
    }

    /// Adds the rules, and why there are none; what is refused is left without, and told as the flaw.
    async fn with_rules(
        &self,
        attempts: &Attempts,
        clock: &Clock,
        mut items: Vec<ContributorInsights>,
    ) -> Gathered<ContributorInsights> {
        let mut flaw = None;
        let mut refusals = 0;
        let with_rules =
            |item: &&mut ContributorInsights| item.is_enabled() || &*item.status == "FAILED";
        for item in items.iter_mut().filter(with_rules).take(MOST_DESCRIBED) {
            match self.describe_insights_in_turn(attempts, clock, &item.resource).await {
                Ok(described) => {
                    item.rules = described.rules;
                    item.failure = described.failure;
                }
                // Deleted since it was listed.
                Err(gone) if gone.code.as_deref() == Some("ResourceNotFoundException") => {}
                Err(error) => {
                    flaw.get_or_insert(error);
                    refusals += 1;
                }
            }
            if refusals == HOPELESS {
                break;
            }
        }
        Gathered { items, flaw }
    }

    /// The same as [`Self::describe_insights`] after a pause, for whoever reads one after the other.
    pub(in crate::aws) async fn describe_insights_in_turn(
        &self,
        attempts: &Attempts,
        clock: &Clock,
        resource: &Resource,
    ) -> Result<ContributorInsights, CallError> {
        tokio::time::sleep(clock.span(PAUSE)).await;
        self.describe_insights(attempts, resource).await
    }

    /// Reads Contributor Insights of one table or index, its rules among it.
    pub(in crate::aws) async fn describe_insights(
        &self,
        attempts: &Attempts,
        resource: &Resource,
    ) -> Result<ContributorInsights, CallError> {
        let call = self.dynamodb().describe_contributor_insights();
        let call = call.set_table_name(resource.table_name().map(ToString::to_string));
        let index = if let Resource::Index(_, index) = resource { Some(index) } else { None };
        let call = call.set_index_name(index.map(ToString::to_string));
        let sent = call.customize().interceptor(attempts.clone()).send().await;
        let output = sent.map_err(|error| call_error(DESCRIBE, &error))?;
        Ok(described(resource, &output))
    }
}

/// Takes in what is described of one table or index.
fn described(resource: &Resource, told: &DescribeContributorInsightsOutput) -> ContributorInsights {
    let status = told.contributor_insights_status().map(sdk::ContributorInsightsStatus::as_str);
    let mode = told.contributor_insights_mode().map(sdk::ContributorInsightsMode::as_str);
    let rules = told.contributor_insights_rule_list().iter();
    ContributorInsights {
        resource: resource.clone(),
        status: Arc::from(status.unwrap_or("UNKNOWN")),
        mode: mode.map(InsightsMode::from_aws),
        rules: Some(rules.map(|rule| Arc::from(rule.as_str())).collect()),
        failure: told.failure_exception().and_then(failure),
    }
}

/// The name and the description of a failure; `None` if AWS tells neither.
fn failure(told: &sdk::FailureException) -> Option<Arc<str>> {
    let parts = [told.exception_name(), told.exception_description()];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| Arc::from(parts.join(": ")))
}

/// Takes in what is listed of one table or index; `None` without its name.
fn summary(told: &sdk::ContributorInsightsSummary) -> Option<ContributorInsights> {
    // Other servers tell the ARN.
    let table = told.table_name()?.rsplit('/').next()?;
    let resource = match told.index_name().filter(|index| !index.is_empty()) {
        Some(index) => Resource::index(table, index),
        None => Resource::table(table),
    };
    let status = told.contributor_insights_status().map(sdk::ContributorInsightsStatus::as_str);
    let mode = told.contributor_insights_mode().map(sdk::ContributorInsightsMode::as_str);
    Some(ContributorInsights {
        resource,
        status: Arc::from(status.unwrap_or("UNKNOWN")),
        mode: mode.map(InsightsMode::from_aws),
        rules: None,
        failure: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::testing::{Stub, clock};
    use serde_json::{Value, json};

    fn listed(table: &str, index: Option<&str>, status: &str) -> Value {
        json!({
            "TableName": table, "IndexName": index, "ContributorInsightsStatus": status,
            "ContributorInsightsMode": "THROTTLED_KEYS",
        })
    }

    fn list(items: &[Value], next: Option<&str>) -> Value {
        json!({ "ContributorInsightsSummaries": items, "NextToken": next })
    }

    fn rules(rules: &[&str]) -> Value {
        json!({ "ContributorInsightsRuleList": rules })
    }

    #[tokio::test(start_paused = true)]
    async fn rules_are_read_where_they_are_at_less_than_five_a_second() {
        let stub = Stub::default();
        let first = [listed("a", None, "ENABLED"), listed("a", Some("i"), "FAILED")];
        stub.json(200, &list(&first, Some("2")));
        stub.json(200, &list(&[listed("b", None, "DISABLED")], None));
        let failed = json!({ "FailureException": {
            "ExceptionName": "LimitExceededException", "ExceptionDescription": "too many rules",
        }});
        stub.json(200, &rules(&["DynamoDBContributorInsights-PKT-a-1"]));
        stub.json(200, &failed);
        let reply = stub.connection().insights(&clock()).await;
        let Gathered { items, flaw } = reply.result.unwrap();
        let found: Vec<_> = items
            .iter()
            .map(|item| (item.resource.to_string(), item.rules.as_ref().map(Vec::len)))
            .collect();
        let expected = [("table/a", Some(1)), ("table/a/index/i", Some(0)), ("table/b", None)];
        assert_eq!(found, expected.map(|(resource, rules)| (resource.to_owned(), rules)));
        assert!(items.iter().all(|item| item.mode == Some(InsightsMode::Throttled)));
        let failures: Vec<_> = items.iter().map(|item| item.failure.as_deref()).collect();
        assert_eq!(failures, [None, Some("LimitExceededException: too many rules"), None]);
        assert_eq!((flaw, reply.requests), (None, 4));
        for pair in stub.asked().windows(2) {
            assert!(pair[1].at - pair[0].at >= Duration::from_millis(200), "{pair:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_rule_list_is_a_flaw_and_three_end_the_asking() {
        for (enabled, calls) in [(1, 2), (8, 4)] {
            let stub = Stub::default();
            let items = vec![listed("a", None, "ENABLED"); enabled];
            stub.json(200, &list(&items, None));
            for _ in 0..enabled {
                stub.json(400, &json!({ "__type": "AccessDeniedException", "message": "no" }));
            }
            let reply = stub.connection().insights(&clock()).await;
            let Gathered { items, flaw } = reply.result.unwrap();
            assert_eq!((items.len(), reply.requests), (enabled, calls));
            assert!(items.iter().all(|item| item.rules.is_none()));
            let words = "no permission: dynamodb:DescribeContributorInsights";
            assert_eq!(flaw.unwrap().to_string(), words);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn of_very_many_the_rules_of_the_first_hundred_are_read() {
        let stub = Stub::default();
        stub.json(200, &list(&vec![listed("a", None, "ENABLED"); 130], None));
        for _ in 0..100 {
            stub.json(200, &rules(&["r"]));
        }
        let Gathered { items, flaw } = stub.connection().insights(&clock()).await.result.unwrap();
        assert_eq!(items.iter().filter(|item| item.rules.is_some()).count(), 100);
        assert_eq!((items.len(), flaw), (130, None));
    }
}
