//! The Kinesis data streams that a table's changes are sent to.

use crate::aws::error::call_error;
use crate::aws::{Attempts, Connection, Reply};
use crate::model::health::CallError;
use crate::model::metric::{self, DimensionSet};
use crate::model::table::{KinesisDestination, KinesisStreaming};
use aws_sdk_cloudwatch::types::{DimensionFilter, Metric, RecentlyActive};
use aws_sdk_dynamodb::types::KinesisDataStreamDestination;
use std::sync::Arc;

const DESCRIBE: &str = "dynamodb:DescribeKinesisStreamingDestination";
const LIST_METRICS: &str = "cloudwatch:ListMetrics";

/// The dimension whose value AWS does not document.
const DELEGATED_OPERATION: &str = "DelegatedOperation";

impl Connection {
    /// Reads where a table's changes are sent (`DescribeKinesisStreamingDestination`), and under which dimension
    /// `CloudWatch` has the metrics about it (`ListMetrics`, only where they are sent anywhere: a request of a
    /// thousandth of a cent, which the price leaves out).
    pub async fn kinesis_streaming(&self, table: &str) -> Reply<KinesisStreaming> {
        let attempts = Attempts::default();
        let result = self.streaming(table, &attempts).await;
        attempts.reply(result)
    }

    async fn streaming(
        &self,
        table: &str,
        attempts: &Attempts,
    ) -> Result<KinesisStreaming, CallError> {
        let call = self.dynamodb().describe_kinesis_streaming_destination().table_name(table);
        let sent = call.customize().interceptor(attempts.clone()).send().await;
        let output = sent.map_err(|error| call_error(DESCRIBE, &error))?;
        let destinations = output.kinesis_data_stream_destinations().iter();
        let destinations: Vec<_> = destinations.filter_map(destination).collect();
        let operation = if destinations.is_empty() {
            None
        } else {
            self.delegated_operation(table, attempts).await?
        };
        Ok(KinesisStreaming { destinations, operation })
    }

    async fn delegated_operation(
        &self,
        table: &str,
        attempts: &Attempts,
    ) -> Result<Option<Arc<str>>, CallError> {
        let of_table = DimensionFilter::builder().name("TableName").value(table).build();
        let output = self
            .cloudwatch()
            .list_metrics()
            .namespace(DimensionSet::Delegated.namespace())
            .metric_name(metric::Metric::AgeOfOldestUnreplicatedRecord.name())
            .dimensions(of_table)
            .recently_active(RecentlyActive::Pt3H)
            .customize()
            .interceptor(attempts.clone())
            .send()
            .await
            .map_err(|error| call_error(LIST_METRICS, &error))?;
        let mut dimensions = output.metrics().iter().flat_map(Metric::dimensions);
        let found = dimensions.find(|dimension| dimension.name() == Some(DELEGATED_OPERATION));
        Ok(found.and_then(|dimension| dimension.value()).map(Arc::from))
    }
}

/// Takes in a destination; `None` for one without a stream.
fn destination(told: &KinesisDataStreamDestination) -> Option<KinesisDestination> {
    let status = told.destination_status().map_or("UNKNOWN", |status| status.as_str());
    Some(KinesisDestination {
        stream: Arc::from(told.stream_arn()?),
        status: Arc::from(status),
        status_description: told.destination_status_description().map(Arc::from),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::testing::Stub;
    use serde_json::json;

    #[tokio::test(start_paused = true)]
    async fn only_a_table_with_a_destination_is_asked_for_the_dimension_of_its_metrics() {
        let stub = Stub::default();
        stub.json(200, &json!({ "TableName": "orders", "KinesisDataStreamDestinations": [] }));
        let reply = stub.connection().kinesis_streaming("orders").await;
        assert_eq!((reply.result.unwrap(), reply.requests), (KinesisStreaming::default(), 1));
    }

    #[test]
    fn a_destination_keeps_its_status_and_what_aws_says_of_it() {
        let told = KinesisDataStreamDestination::builder()
            .stream_arn("arn:aws:kinesis:us-east-1:123456789012:stream/lake")
            .destination_status("ENABLE_FAILED".into())
            .destination_status_description("no permission")
            .build();
        let found = destination(&told).unwrap();
        assert_eq!(
            (&*found.status, found.status_description.as_deref()),
            ("ENABLE_FAILED", Some("no permission"))
        );
        assert_eq!(destination(&KinesisDataStreamDestination::builder().build()), None);
    }
}
