//! Writes to Amazon DynamoDB: throughput and Contributor Insights. No item is ever written.

use super::{Tried, judged, not_sent};
use crate::aws::{Attempts, Connection};
use crate::model::health::CallError;
use crate::model::id::Resource;
use crate::model::insights::InsightsMode;
use aws_sdk_dynamodb::config::Config;
use aws_sdk_dynamodb::types as sdk;
use aws_smithy_types::retry::RetryConfig;

const UPDATE_TABLE: &str = "dynamodb:UpdateTable";
const UPDATE_INSIGHTS: &str = "dynamodb:UpdateContributorInsights";

/// Sent once, whatever the client does with reads.
fn once() -> aws_sdk_dynamodb::config::Builder {
    Config::builder().retry_config(RetryConfig::disabled())
}

/// The throughput of a table, or of one index: one kind of it at a time.
enum Throughput {
    Provisioned(sdk::ProvisionedThroughput),
    OnDemand(sdk::OnDemandThroughput),
}

impl Connection {
    /// Sends both capacities: AWS takes both or neither.
    pub(super) async fn update_capacity(
        &self,
        resource: &Resource,
        read: u32,
        write: u32,
    ) -> Tried {
        let throughput = sdk::ProvisionedThroughput::builder()
            .read_capacity_units(i64::from(read))
            .write_capacity_units(i64::from(write))
            .build()
            .map_err(|error| not_sent(UPDATE_TABLE, error.to_string()))?;
        self.update_throughput(resource, Throughput::Provisioned(throughput)).await
    }

    /// Sends the maxima that change; AWS answers with an error of its own where there is none.
    pub(super) async fn update_maximum(
        &self,
        resource: &Resource,
        read: Option<i64>,
        write: Option<i64>,
    ) -> Tried {
        if read.is_none() && write.is_none() {
            return Err(not_sent(UPDATE_TABLE, "no maximum to set"));
        }
        let throughput = sdk::OnDemandThroughput::builder()
            .set_max_read_request_units(read)
            .set_max_write_request_units(write)
            .build();
        self.update_throughput(resource, Throughput::OnDemand(throughput)).await
    }

    async fn update_throughput(&self, resource: &Resource, throughput: Throughput) -> Tried {
        let (table, index) = table_and_index(resource, UPDATE_TABLE)?;
        let call = self.dynamodb().update_table().table_name(table);
        let call = match (index, throughput) {
            (None, Throughput::Provisioned(units)) => call.provisioned_throughput(units),
            (None, Throughput::OnDemand(units)) => call.on_demand_throughput(units),
            (Some(index), throughput) => {
                let action = sdk::UpdateGlobalSecondaryIndexAction::builder().index_name(index);
                let action = match throughput {
                    Throughput::Provisioned(units) => action.provisioned_throughput(units),
                    Throughput::OnDemand(units) => action.on_demand_throughput(units),
                };
                let action =
                    action.build().map_err(|error| not_sent(UPDATE_TABLE, error.to_string()))?;
                let update = sdk::GlobalSecondaryIndexUpdate::builder().update(action).build();
                call.global_secondary_index_updates(update)
            }
        };
        let attempts = Attempts::default();
        let call = call.customize().interceptor(attempts.clone()).config_override(once());
        Ok(judged(UPDATE_TABLE, call.send().await, &attempts))
    }

    /// Switches Contributor Insights. The mode is always sent: without it AWS goes back to all keys.
    pub(super) async fn update_insights(
        &self,
        resource: &Resource,
        enable: bool,
        mode: &InsightsMode,
    ) -> Tried {
        let (table, index) = table_and_index(resource, UPDATE_INSIGHTS)?;
        let mode = sdk::ContributorInsightsMode::try_parse(mode.as_str())
            .map_err(|error| not_sent(UPDATE_INSIGHTS, error.to_string()))?;
        let action = if enable {
            sdk::ContributorInsightsAction::Enable
        } else {
            sdk::ContributorInsightsAction::Disable
        };
        let attempts = Attempts::default();
        let sent = self
            .dynamodb()
            .update_contributor_insights()
            .table_name(table)
            .set_index_name(index.map(str::to_owned))
            .contributor_insights_action(action)
            .contributor_insights_mode(mode)
            .customize()
            .interceptor(attempts.clone())
            .config_override(once())
            .send()
            .await;
        Ok(judged(UPDATE_INSIGHTS, sent, &attempts))
    }
}

fn table_and_index<'a>(
    resource: &'a Resource,
    action: &'static str,
) -> Result<(&'a str, Option<&'a str>), CallError> {
    match resource {
        Resource::Account | Resource::Cluster(_) | Resource::Node(..) => {
            Err(not_sent(action, "only tables and indexes have throughput"))
        }
        Resource::Table(table) => Ok((table, None)),
        Resource::Index(table, index) => Ok((table, Some(index))),
    }
}
