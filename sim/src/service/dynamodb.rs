//! Amazon DynamoDB's control plane: `ListTables`, `DescribeTable` and its neighbours.

#![expect(clippy::struct_field_names, reason = "the members have AWS's names")]

mod insights;
mod kinesis;
mod table;
mod update;

use serde::{Deserialize, Serialize};

use super::{Ask, arn, missing, page_size_error};
use crate::facts::{Epoch, TableState};
use crate::wire::{Common, Refusal, Service, Stamp};
pub(crate) use table::stream_arn;
pub(super) use table::{KeySchemaElement, key_schema, stream_label};

/// Names per page of `ListTables`, at most and by default (API reference, `ListTables`).
const LIST_PAGE: usize = 100;

/// The recovery window of point-in-time recovery, seconds (API reference, `RecoveryPeriodInDays`).
const RECOVERY_WINDOW: Epoch = 35.0 * 86_400.0;

/// How far behind the present a table can be restored to, seconds: "typically five minutes" (API
/// reference, `LatestRestorableDateTime`).
const RESTORE_LAG: Epoch = 300.0;

/// Answers one call.
pub(crate) fn answer(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    match ask.call.operation.as_str() {
        "ListTables" => list_tables(ask),
        "DescribeTable" => describe_table(ask),
        "DescribeContributorInsights" => insights::describe(ask),
        "ListContributorInsights" => insights::list(ask),
        "DescribeContinuousBackups" => describe_continuous_backups(ask),
        "DescribeTimeToLive" => describe_time_to_live(ask),
        "DescribeLimits" => describe_limits(ask),
        "DescribeKinesisStreamingDestination" => kinesis::describe(ask),
        "UpdateContributorInsights" => insights::update(ask),
        "UpdateTable" => update::update_table(ask),
        _ => Err(ask.unknown_operation()),
    }
}

/// Returns the ARN of the resource that IAM checks for a call with this body.
pub(crate) fn iam_resource(ask: &Ask<'_>) -> String {
    let name = ask.input::<TableInput>().ok().and_then(|input| input.table_name);
    let name = name.as_deref().map_or("*", table_name);
    arn(ask.account(), "dynamodb", &format!("table/{name}"))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListInput {
    exclusive_start_table_name: Option<String>,
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListOutput<'a> {
    table_names: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    last_evaluated_table_name: Option<&'a String>,
}

fn list_tables(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: ListInput = ask.input()?;
    ask.call.continued = input.exclusive_start_table_name.is_some();
    let limit = match input.limit {
        Some(limit) => match page_size_error(limit, "limit", LIST_PAGE) {
            Some(message) => return Err(invalid(message)),
            None => usize::try_from(limit).unwrap_or(LIST_PAGE),
        },
        None => LIST_PAGE,
    };
    let names = ask.fleet.table_names();
    // The start need not exist: it may have been deleted since the page that named it.
    let start = input.exclusive_start_table_name;
    let skipped = start.map_or(0, |start| names.partition_point(|name| *name <= start));
    let rest = names.get(skipped..).unwrap_or_default();
    let part = rest.get(..limit).unwrap_or(rest);
    let last_evaluated_table_name = if part.len() < rest.len() { part.last() } else { None };
    ask.output(&ListOutput { table_names: part, last_evaluated_table_name })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TableInput {
    table_name: Option<String>,
}

/// Takes the table name out of an ARN, which every operation here takes in its place.
fn table_name(name_or_arn: &str) -> &str {
    match name_or_arn.strip_prefix("arn:").and_then(|rest| rest.split_once("table/")) {
        Some((_, name)) => name,
        None => name_or_arn,
    }
}

/// Finds the table asked for: its state, or `None` with its name if there is none.
fn asked_table(ask: &mut Ask<'_>) -> Result<(String, Option<TableState>), Refusal> {
    let Some(given) = ask.input::<TableInput>()?.table_name else {
        return Err(invalid(missing("tableName")));
    };
    let name = checked_name(table_name(&given))?;
    Ok((name.to_owned(), ask.fleet.table(name, ask.now)))
}

/// Refuses what no table and no index can be named.
fn checked_name(name: &str) -> Result<&str, Refusal> {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if (3..=255).contains(&name.len()) && name.chars().all(known) {
        return Ok(name);
    }
    Err(invalid(
        "Invalid table/index name. Table/index names must be between 3 and 255 characters long, and may \
         contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'"
            .to_owned(),
    ))
}

fn existing_table(ask: &mut Ask<'_>) -> Result<TableState, Refusal> {
    let (name, state) = asked_table(ask)?;
    state.ok_or_else(|| not_found(&format!("Table: {name} not found")))
}

/// Refuses for want of a table or index; `what` says which.
fn not_found(what: &str) -> Refusal {
    let message = format!("Requested resource not found: {what}");
    Refusal::client("ResourceNotFoundException", "ResourceNotFound", message)
}

fn describe_table(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let state = existing_table(ask)?;
    ask.output(&table::DescribeOutput::new(&state, ask.account()))
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BackupsOutput {
    continuous_backups_description: ContinuousBackups,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ContinuousBackups {
    continuous_backups_status: &'static str,
    point_in_time_recovery_description: PointInTimeRecovery,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "PascalCase")]
struct PointInTimeRecovery {
    point_in_time_recovery_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_period_in_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    earliest_restorable_date_time: Option<Stamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_restorable_date_time: Option<Stamp>,
}

fn describe_continuous_backups(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let (name, state) = asked_table(ask)?;
    let Some(state) = state else {
        let message = format!("Table not found: {name}");
        return Err(Refusal::client("TableNotFoundException", "TableNotFound", message));
    };
    let recovery = if state.point_in_time_recovery {
        let latest = (ask.now - RESTORE_LAG).max(state.created);
        PointInTimeRecovery {
            point_in_time_recovery_status: "ENABLED",
            recovery_period_in_days: Some(35),
            earliest_restorable_date_time: Some(Stamp(
                (ask.now - RECOVERY_WINDOW).max(state.created),
            )),
            latest_restorable_date_time: Some(Stamp(latest)),
        }
    } else {
        PointInTimeRecovery { point_in_time_recovery_status: "DISABLED", ..Default::default() }
    };
    // Continuous backups are on for every table from its creation; only their recovery is a choice.
    ask.output(&BackupsOutput {
        continuous_backups_description: ContinuousBackups {
            continuous_backups_status: "ENABLED",
            point_in_time_recovery_description: recovery,
        },
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TimeToLiveOutput {
    time_to_live_description: TimeToLive,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TimeToLive {
    time_to_live_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribute_name: Option<String>,
}

fn describe_time_to_live(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let attribute_name = existing_table(ask)?.ttl_attribute;
    let time_to_live_status = if attribute_name.is_some() { "ENABLED" } else { "DISABLED" };
    ask.output(&TimeToLiveOutput {
        time_to_live_description: TimeToLive { time_to_live_status, attribute_name },
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LimitsOutput {
    account_max_read_capacity_units: u64,
    account_max_write_capacity_units: u64,
    table_max_read_capacity_units: u64,
    table_max_write_capacity_units: u64,
}

fn describe_limits(ask: &Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let account = ask.account();
    ask.output(&LimitsOutput {
        account_max_read_capacity_units: account.account_max.0,
        account_max_write_capacity_units: account.account_max.1,
        table_max_read_capacity_units: account.table_max.0,
        table_max_write_capacity_units: account.table_max.1,
    })
}

fn invalid(message: String) -> Refusal {
    Refusal {
        shape: "ValidationException",
        ..Common::Malformed.refusal(Service::DynamoDb, message)
    }
}

#[cfg(test)]
mod tests;
