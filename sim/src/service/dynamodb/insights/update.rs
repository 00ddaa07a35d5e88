//! `UpdateContributorInsights`.

use serde::Deserialize;

use super::{MODES, Summary, no_index};
use crate::fleet::InsightsRefusal;
use crate::service::dynamodb::{checked_name, invalid, not_found, table_name};
use crate::service::{Ask, constraint, missing};
use crate::wire::Refusal;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UpdateInput {
    table_name: Option<String>,
    index_name: Option<String>,
    contributor_insights_action: Option<String>,
    contributor_insights_mode: Option<String>,
}

/// Enables, disables or changes the mode. Without a mode `ENABLE` means accessed and throttled keys, whatever
/// the mode was.
pub(in crate::service::dynamodb) fn update(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: UpdateInput = ask.input()?;
    let given = input.table_name.as_deref().ok_or_else(|| invalid(missing("tableName")))?;
    let table = checked_name(table_name(given))?;
    let index = input.index_name.as_deref().map(checked_name).transpose()?;
    let mode = input.contributor_insights_mode.as_deref();
    let mode = one_of(mode.or(MODES.first().copied()), "contributorInsightsMode", &MODES)?;
    let action = input.contributor_insights_action.as_deref();
    let action = one_of(action, "contributorInsightsAction", &["ENABLE", "DISABLE"])?;
    let throttled_only = (action == 0).then_some(mode == 1);
    let state = ask.fleet.watch(table, index, throttled_only, ask.now);
    let state = state.map_err(|error| match error {
        InsightsRefusal::NoTable => not_found(&format!("Table: {table} not found")),
        InsightsRefusal::NoIndex => no_index(index.unwrap_or_default(), table),
        InsightsRefusal::NotActive => {
            let status = if index.is_some() { "IndexStatus" } else { "TableStatus" };
            invalid(format!(
                "Table or Index is not in a valid state to update Key Access Insights: {status} must be \
                 ACTIVE to enable ContributorInsights."
            ))
        }
    })?;
    ask.output(&Summary::new(&state))
}

/// Returns which of the known values was given.
fn one_of(given: Option<&str>, member: &str, known: &[&str]) -> Result<usize, Refusal> {
    let given = given.ok_or_else(|| invalid(missing(member)))?;
    known.iter().position(|known| *known == given).ok_or_else(|| {
        let rule = format!("Member must satisfy enum value set: [{}]", known.join(", "));
        invalid(constraint(&given, member, &rule))
    })
}

#[cfg(test)]
mod tests;
