//! `ListContributorInsights` and `DescribeContributorInsights`; `update` has `UpdateContributorInsights`.

mod update;

use serde::{Deserialize, Serialize};

use super::{checked_name, invalid, not_found, table_name};
use crate::facts::{InsightsState, InsightsStatus};
use crate::fleet::SETTLING;
use crate::service::{Ask, missing, page, page_size_error};
use crate::wire::{Refusal, Stamp};
pub(super) use update::update;

/// Entries per page of `ListContributorInsights`, at most (API reference, `MaxResults`) and by default.
const PAGE: usize = 100;

/// The modes; the first is meant where none is said.
const MODES: [&str; 2] = ["ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListInput {
    table_name: Option<String>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListOutput<'a> {
    contributor_insights_summaries: Vec<Summary<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary<'a> {
    table_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    index_name: Option<&'a str>,
    contributor_insights_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    contributor_insights_mode: Option<&'static str>,
}

impl<'a> Summary<'a> {
    fn new(state: &'a InsightsState) -> Self {
        Self {
            table_name: &state.table,
            index_name: state.index.as_deref(),
            contributor_insights_status: match state.insights.map(|insights| insights.status) {
                Some(InsightsStatus::Enabling) => "ENABLING",
                Some(InsightsStatus::Enabled) => "ENABLED",
                Some(InsightsStatus::Disabling) => "DISABLING",
                Some(InsightsStatus::Failed) => "FAILED",
                None => "DISABLED",
            },
            contributor_insights_mode: state.insights.map(|insights| {
                let [both, throttled] = MODES;
                if insights.throttled_only { throttled } else { both }
            }),
        }
    }
}

/// Lists where Contributor Insights is not `DISABLED`.
///
/// The list of an account is cut into pages before what is disabled is left out, so that a page can be
/// empty and not the last; the list of a table is cut after. So it was seen of AWS, which documents neither.
pub(super) fn list(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: ListInput = ask.input()?;
    ask.call.continued = input.next_token.is_some();
    if let Some(message) =
        input.max_results.and_then(|size| page_size_error(size, "maxResults", PAGE))
    {
        return Err(invalid(message));
    }
    let size = input.max_results.and_then(|size| usize::try_from(size).ok()).unwrap_or(PAGE);
    let is_on = |state: &InsightsState| state.insights.is_some();
    let states = match input.table_name.as_deref() {
        Some(given) => {
            let mut states = existing(ask, given)?;
            states.retain(is_on);
            states
        }
        None => ask.fleet.insights(None, ask.now),
    };
    let (mut part, next_token) =
        page(&states, input.next_token.as_deref(), size, &input.table_name)
            .ok_or_else(|| invalid("Invalid NextToken".to_owned()))?;
    part.retain(is_on);
    let contributor_insights_summaries = part.iter().map(Summary::new).collect();
    ask.output(&ListOutput { contributor_insights_summaries, next_token })
}

/// Finds a table, given by name or ARN, and its indexes.
fn existing(ask: &Ask<'_>, given: &str) -> Result<Vec<InsightsState>, Refusal> {
    let name = checked_name(table_name(given))?;
    let states = ask.fleet.insights(Some(name), ask.now);
    if states.is_empty() { Err(not_found(&format!("Table: {name} not found"))) } else { Ok(states) }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeInput {
    table_name: Option<String>,
    index_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeOutput<'a> {
    #[serde(flatten)]
    summary: Summary<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contributor_insights_rule_list: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_update_date_time: Option<Stamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_exception: Option<FailureException>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FailureException {
    exception_name: &'static str,
    exception_description: &'static str,
}

/// The one failure that a healthy account meets (API reference, `FailureException`).
const RULE_LIMIT: FailureException = FailureException {
    exception_name: "LimitExceededException",
    exception_description: "Amazon CloudWatch Contributor Insights rule limit reached. Please disable \
                            Contributor Insights for other tables/indexes OR disable other CloudWatch \
                            Contributor Insights rules before retrying.",
};

pub(super) fn describe(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: DescribeInput = ask.input()?;
    let Some(given) = input.table_name.as_deref() else {
        return Err(invalid(missing("tableName")));
    };
    let index = input.index_name.as_deref().map(checked_name).transpose()?;
    let states = existing(ask, given)?;
    let state = states
        .iter()
        .find(|state| state.index.as_deref() == index)
        .ok_or_else(|| no_index(index.unwrap_or_default(), table_name(given)))?;
    ask.output(&DescribeOutput {
        summary: Summary::new(state),
        contributor_insights_rule_list: state.rules().map(|rule| rule.name).collect(),
        last_update_date_time: state.insights.map(|insights| Stamp(insights.changed + SETTLING)),
        failure_exception: state
            .insights
            .filter(|insights| insights.status == InsightsStatus::Failed)
            .map(|_| RULE_LIMIT),
    })
}

fn no_index(index: &str, table: &str) -> Refusal {
    not_found(&format!("Index: {index} not found for table: {table}"))
}

#[cfg(test)]
mod tests;
