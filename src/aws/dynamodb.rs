//! Amazon DynamoDB: tables and quotas. No item is ever read.

mod description;
mod insights;
mod kinesis;

use super::error::{call_error, unreadable};
use super::{Attempts, Connection, Reply, all_pages};
use crate::model::health::CallError;
use crate::model::table::{Backups, Quotas, Table, TimeToLive};
use std::sync::Arc;

const LIST_TABLES: &str = "dynamodb:ListTables";
const DESCRIBE_TABLE: &str = "dynamodb:DescribeTable";
const DESCRIBE_TIME_TO_LIVE: &str = "dynamodb:DescribeTimeToLive";
const DESCRIBE_BACKUPS: &str = "dynamodb:DescribeContinuousBackups";
const DESCRIBE_LIMITS: &str = "dynamodb:DescribeLimits";

impl Connection {
    /// Lists every table's name (`ListTables`, all pages).
    pub async fn table_names(&self) -> Reply<Vec<Arc<str>>> {
        let attempts = Attempts::default();
        attempts.reply(self.list_tables(&attempts).await)
    }

    async fn list_tables(&self, attempts: &Attempts) -> Result<Vec<Arc<str>>, CallError> {
        all_pages(LIST_TABLES, |token| async {
            let call = self.dynamodb().list_tables().set_exclusive_start_table_name(token);
            let sent = call.customize().interceptor(attempts.clone()).send().await;
            let output = sent.map_err(|error| call_error(LIST_TABLES, &error))?;
            let names = output
                .table_names
                .ok_or_else(|| unreadable(LIST_TABLES, "a reply without TableNames"))?;
            Ok((names.into_iter().map(Arc::from).collect(), output.last_evaluated_table_name))
        })
        .await
    }

    /// Describes one table (`DescribeTable`); `None` if AWS does not know it.
    pub async fn table(&self, name: &str) -> Reply<Option<Table>> {
        let attempts = Attempts::default();
        let sent = self
            .dynamodb()
            .describe_table()
            .table_name(name)
            .customize()
            .interceptor(attempts.clone())
            .send()
            .await;
        let result = match sent {
            Ok(output) => match output.table.as_ref().and_then(description::table) {
                Some(table) => Ok(Some(self.with_replicas_elsewhere(table))),
                None => Err(unreadable(DESCRIBE_TABLE, "a reply without a table")),
            },
            Err(error) => match call_error(DESCRIBE_TABLE, &error) {
                unknown if unknown.code.as_deref() == Some("ResourceNotFoundException") => Ok(None),
                error => Err(error),
            },
        };
        attempts.reply(result)
    }

    /// Leaves out the region itself, should AWS list it among the replicas.
    fn with_replicas_elsewhere(&self, mut table: Table) -> Table {
        table.details.replicas.retain(|replica| *replica.region != *self.region());
        table
    }

    /// Reads whether items of a table expire (`DescribeTimeToLive`, ten a second for an account).
    pub async fn time_to_live(&self, table: &str) -> Reply<TimeToLive> {
        let attempts = Attempts::default();
        let call = self.dynamodb().describe_time_to_live().table_name(table);
        let result = match call.customize().interceptor(attempts.clone()).send().await {
            Ok(output) => output
                .time_to_live_description
                .as_ref()
                .and_then(description::time_to_live)
                .ok_or_else(|| unreadable(DESCRIBE_TIME_TO_LIVE, "a reply without a status")),
            Err(error) => Err(call_error(DESCRIBE_TIME_TO_LIVE, &error)),
        };
        attempts.reply(result)
    }

    /// Reads to when a table can be restored (`DescribeContinuousBackups`).
    pub async fn backups(&self, table: &str) -> Reply<Backups> {
        let attempts = Attempts::default();
        let call = self.dynamodb().describe_continuous_backups().table_name(table);
        let result = match call.customize().interceptor(attempts.clone()).send().await {
            Ok(output) => output
                .continuous_backups_description
                .as_ref()
                .and_then(description::backups)
                .ok_or_else(|| unreadable(DESCRIBE_BACKUPS, "a reply without a status")),
            Err(error) => Err(call_error(DESCRIBE_BACKUPS, &error)),
        };
        attempts.reply(result)
    }

    /// Reads the account's quotas in this region (`DescribeLimits`).
    pub async fn quotas(&self) -> Reply<Quotas> {
        let attempts = Attempts::default();
        let sent = self.dynamodb().describe_limits().customize().interceptor(attempts.clone());
        let result = match sent.send().await {
            Ok(output) => match (
                output.account_max_read_capacity_units,
                output.account_max_write_capacity_units,
                output.table_max_read_capacity_units,
                output.table_max_write_capacity_units,
            ) {
                (Some(account_read), Some(account_write), Some(read), Some(write)) => Ok(Quotas {
                    account_read: account_read as f64,
                    account_write: account_write as f64,
                    table_read: read as f64,
                    table_write: write as f64,
                }),
                _ => Err(unreadable(DESCRIBE_LIMITS, "a reply without all four quotas")),
            },
            Err(error) => Err(call_error(DESCRIBE_LIMITS, &error)),
        };
        attempts.reply(result)
    }
}
