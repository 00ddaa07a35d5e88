//! Amazon DynamoDB: tables and quotas. No item is ever read.

use super::error::{call_error, unreadable};
use super::{Attempts, Connection, Pages, Reply};
use crate::model::health::CallError;
use crate::model::table::{BillingMode, Capacity, Index, Quotas, Table, Throughput};
use aws_sdk_dynamodb::types::{
    GlobalSecondaryIndexDescription, OnDemandThroughput, ProvisionedThroughputDescription,
    TableDescription,
};
use jiff::Timestamp;
use std::sync::Arc;

const LIST_TABLES: &str = "dynamodb:ListTables";
const DESCRIBE_TABLE: &str = "dynamodb:DescribeTable";
const DESCRIBE_LIMITS: &str = "dynamodb:DescribeLimits";

impl Connection {
    /// Lists every table's name (`ListTables`, all pages).
    pub async fn table_names(&self) -> Reply<Vec<Arc<str>>> {
        let attempts = Attempts::default();
        attempts.reply(self.list_tables(&attempts).await)
    }

    async fn list_tables(&self, attempts: &Attempts) -> Result<Vec<Arc<str>>, CallError> {
        let mut names = Vec::new();
        let mut pages = Pages::default();
        loop {
            let call = self.dynamodb().list_tables().set_exclusive_start_table_name(pages.token());
            let output = call
                .customize()
                .interceptor(attempts.clone())
                .send()
                .await
                .map_err(|error| call_error(LIST_TABLES, &error))?;
            let page = output
                .table_names
                .ok_or_else(|| unreadable(LIST_TABLES, "a reply without TableNames"))?;
            names.extend(page.into_iter().map(Arc::from));
            if !pages.advance(output.last_evaluated_table_name.as_deref(), LIST_TABLES)? {
                return Ok(names);
            }
        }
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
            Ok(output) => match output.table.as_ref().and_then(table) {
                Some(table) => Ok(Some(table)),
                None => Err(unreadable(DESCRIBE_TABLE, "a reply without a table")),
            },
            Err(error) => match call_error(DESCRIBE_TABLE, &error) {
                unknown if unknown.code.as_deref() == Some("ResourceNotFoundException") => Ok(None),
                error => Err(error),
            },
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
                    account_read: units(account_read),
                    account_write: units(account_write),
                    table_read: units(read),
                    table_write: units(write),
                }),
                _ => Err(unreadable(DESCRIBE_LIMITS, "a reply without all four quotas")),
            },
            Err(error) => Err(call_error(DESCRIBE_LIMITS, &error)),
        };
        attempts.reply(result)
    }
}

fn units(value: i64) -> f64 {
    value as f64
}

fn table(described: &TableDescription) -> Option<Table> {
    let name = described.table_name()?;
    let billing = billing(described);
    let warm = described.warm_throughput();
    let throughput = throughput(
        billing,
        described.provisioned_throughput(),
        described.on_demand_throughput(),
        (
            warm.and_then(|warm| warm.read_units_per_second),
            warm.and_then(|warm| warm.write_units_per_second),
        ),
    );
    let mut indexes: Vec<Index> = described
        .global_secondary_indexes()
        .iter()
        .filter_map(|described| index(billing, described))
        .collect();
    indexes.sort_by(|a, b| a.name.cmp(&b.name));
    Some(Table {
        name: Arc::from(name),
        arn: described.table_arn().unwrap_or_default().to_owned(),
        status: Arc::from(described.table_status().map_or("UNKNOWN", |status| status.as_str())),
        billing,
        throughput,
        items: described.item_count().and_then(|count| u64::try_from(count).ok()),
        bytes: described.table_size_bytes().and_then(|bytes| u64::try_from(bytes).ok()),
        indexes,
    })
}

/// A table that was created as provisioned has no `BillingModeSummary`.
fn billing(described: &TableDescription) -> BillingMode {
    let mode = described.billing_mode_summary().and_then(|summary| summary.billing_mode());
    match mode.map(aws_sdk_dynamodb::types::BillingMode::as_str) {
        Some("PAY_PER_REQUEST") => BillingMode::OnDemand,
        _ => BillingMode::Provisioned,
    }
}

fn index(billing: BillingMode, described: &GlobalSecondaryIndexDescription) -> Option<Index> {
    let warm = described.warm_throughput();
    Some(Index {
        name: Arc::from(described.index_name()?),
        status: Arc::from(described.index_status().map_or("UNKNOWN", |status| status.as_str())),
        backfilling: described.backfilling().unwrap_or(false),
        throughput: throughput(
            billing,
            described.provisioned_throughput(),
            described.on_demand_throughput(),
            (
                warm.and_then(|warm| warm.read_units_per_second),
                warm.and_then(|warm| warm.write_units_per_second),
            ),
        ),
    })
}

/// An on-demand table reports 0 provisioned units, which is not a capacity; a maximum of -1 is
/// AWS's way to say that there is none.
fn throughput(
    billing: BillingMode,
    provisioned: Option<&ProvisionedThroughputDescription>,
    on_demand: Option<&OnDemandThroughput>,
    warm: (Option<i64>, Option<i64>),
) -> Throughput {
    let capacity = |provisioned: Option<i64>, maximum: Option<i64>, warm: Option<i64>| Capacity {
        provisioned: provisioned.filter(|_| billing == BillingMode::Provisioned).map(units),
        maximum: maximum.filter(|units| billing == BillingMode::OnDemand && *units > 0).map(units),
        warm: warm.filter(|units| *units > 0).map(units),
    };
    Throughput {
        read: capacity(
            provisioned.and_then(|p| p.read_capacity_units),
            on_demand.and_then(|o| o.max_read_request_units),
            warm.0,
        ),
        write: capacity(
            provisioned.and_then(|p| p.write_capacity_units),
            on_demand.and_then(|o| o.max_write_request_units),
            warm.1,
        ),
        decreases_today: provisioned
            .and_then(|p| p.number_of_decreases_today)
            .and_then(|count| u32::try_from(count).ok()),
        last_increase: provisioned.and_then(|p| p.last_increase_date_time).and_then(timestamp),
        last_decrease: provisioned.and_then(|p| p.last_decrease_date_time).and_then(timestamp),
    }
}

/// `None` for the epoch, which stands for "never".
fn timestamp(at: aws_sdk_dynamodb::primitives::DateTime) -> Option<Timestamp> {
    let at = Timestamp::from_second(at.secs()).ok()?;
    (at > Timestamp::UNIX_EPOCH).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::types::{BillingModeSummary, TableWarmThroughputDescription};

    fn provisioned(read: i64, write: i64) -> ProvisionedThroughputDescription {
        ProvisionedThroughputDescription::builder()
            .read_capacity_units(read)
            .write_capacity_units(write)
            .number_of_decreases_today(3)
            .build()
    }

    #[test]
    fn a_table_without_a_billing_mode_is_provisioned() {
        let described = TableDescription::builder()
            .table_name("orders")
            .provisioned_throughput(provisioned(100, 50))
            .warm_throughput(
                TableWarmThroughputDescription::builder().read_units_per_second(12_000).build(),
            )
            .build();
        let table = table(&described).unwrap();
        assert_eq!(table.billing, BillingMode::Provisioned);
        assert_eq!(table.throughput.read.provisioned, Some(100.0));
        assert_eq!(table.throughput.read.warm, Some(12_000.0));
        assert_eq!(table.throughput.write.warm, None);
        assert_eq!(table.throughput.decreases_today, Some(3));
    }

    #[test]
    fn an_on_demand_table_has_no_provisioned_capacity_and_only_a_maximum_that_is_set() {
        let described = TableDescription::builder()
            .table_name("orders")
            .billing_mode_summary(
                BillingModeSummary::builder().billing_mode("PAY_PER_REQUEST".into()).build(),
            )
            .provisioned_throughput(provisioned(0, 0))
            .on_demand_throughput(
                OnDemandThroughput::builder()
                    .max_read_request_units(-1)
                    .max_write_request_units(400)
                    .build(),
            )
            .build();
        let table = table(&described).unwrap();
        assert_eq!(table.throughput.read, Capacity::default());
        assert_eq!(table.throughput.write.provisioned, None);
        assert_eq!(table.throughput.write.maximum, Some(400.0));
    }
}
