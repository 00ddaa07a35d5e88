//! AWS Lambda: which functions read the streams of tables.

use super::error::call_error;
use super::{Attempts, Connection, Reply, all_pages, timestamp};
use crate::clock::Clock;
use crate::model::consumer::Consumer;
use crate::model::health::CallError;
use aws_sdk_lambda::types as sdk;
use std::sync::Arc;
use std::time::Duration;

const ACTION: &str = "lambda:ListEventSourceMappings";

/// The most mappings that one page holds (AWS Lambda API Reference, "`ListEventSourceMappings`").
const PER_PAGE: i32 = 100;
/// Between two pages: an account may make fifteen calls a second of all that manage functions (AWS
/// Lambda Developer Guide, "Lambda quotas").
const PAUSE: Duration = Duration::from_millis(150);

impl Connection {
    /// Reads every Lambda function that reads the stream of a table of this account
    /// (`ListEventSourceMappings`, all pages).
    pub async fn consumers(&self, clock: &Clock) -> Reply<Vec<Consumer>> {
        let attempts = Attempts::default();
        let result = self.mappings(&attempts, clock).await;
        attempts.reply(result)
    }

    async fn mappings(
        &self,
        attempts: &Attempts,
        clock: &Clock,
    ) -> Result<Vec<Consumer>, CallError> {
        all_pages(ACTION, |token| async {
            if token.is_some() {
                tokio::time::sleep(clock.span(PAUSE)).await;
            }
            let call = self.lambda().list_event_source_mappings().max_items(PER_PAGE);
            let call = call.set_marker(token).customize();
            let sent = call.interceptor(attempts.clone()).send().await;
            let output = sent.map_err(|error| call_error(ACTION, &error))?;
            let consumers = output.event_source_mappings().iter().filter_map(consumer);
            Ok((consumers.collect(), output.next_marker.clone()))
        })
        .await
    }
}

/// Takes in a mapping; `None` for one that does not read the stream of a table beside its function.
fn consumer(told: &sdk::EventSourceMappingConfiguration) -> Option<Consumer> {
    let function = arn(told.function_arn()?)?;
    let source = arn(told.event_source_arn()?)?;
    // A table of another account may be called like one of ours.
    let reads_ours = source.service == "dynamodb" && source.place == function.place;
    let table = stream_table(source.resource).filter(|_| reads_ours)?;
    let on_failure = told.destination_config().and_then(sdk::DestinationConfig::on_failure);
    let metrics = told.metrics_config().map_or(&[][..], |config| config.metrics());
    let filters = told.filter_criteria().map_or(&[][..], |criteria| criteria.filters());
    Some(Consumer {
        uuid: Arc::from(told.uuid()?),
        // function:NAME or function:NAME:QUALIFIER
        function: Arc::from(function.resource.split(':').nth(1)?),
        table: Arc::from(table),
        state: Arc::from(told.state().unwrap_or("UNKNOWN")),
        modified: told.last_modified().copied().and_then(timestamp),
        last_result: told.last_processing_result().map(Arc::from),
        batch_size: told.batch_size(),
        batching_window_seconds: told.maximum_batching_window_in_seconds(),
        parallelization: told.parallelization_factor(),
        maximum_retries: told.maximum_retry_attempts(),
        maximum_record_age_seconds: told.maximum_record_age_in_seconds(),
        bisects: told.bisect_batch_on_function_error().unwrap_or(false),
        reports_item_failures: told
            .function_response_types()
            .iter()
            .any(|kind| kind.as_str() == "ReportBatchItemFailures"),
        on_failure: on_failure.and_then(sdk::OnFailure::destination).map(Arc::from),
        counts_events: metrics.iter().any(|metric| metric.as_str() == "EventCount"),
        filters: !filters.is_empty(),
    })
}

struct Arn<'a> {
    service: &'a str,
    /// Region and account.
    place: (&'a str, &'a str),
    resource: &'a str,
}

/// The parts of `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`.
fn arn(text: &str) -> Option<Arn<'_>> {
    let mut parts = text.splitn(6, ':').skip(2);
    Some(Arn {
        service: parts.next()?,
        place: (parts.next()?, parts.next()?),
        resource: parts.next()?,
    })
}

/// The table of `table/T/stream/LABEL`.
fn stream_table(resource: &str) -> Option<&str> {
    let (table, rest) = resource.strip_prefix("table/")?.split_once('/')?;
    rest.starts_with("stream/").then_some(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::testing::{Stub, clock};
    use aws_sdk_lambda::primitives::DateTime;
    use jiff::Timestamp;
    use serde_json::json;

    const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:project-orders:live";

    fn mapping(source: &str) -> sdk::builders::EventSourceMappingConfigurationBuilder {
        sdk::EventSourceMappingConfiguration::builder()
            .uuid("u-1")
            .function_arn(FUNCTION)
            .event_source_arn(source)
            .state("Enabled")
    }

    #[test]
    fn only_streams_of_tables_beside_the_function_have_consumers() {
        for (source, table) in [
            (
                "arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/2026-01-01T00:00:00.000",
                Some("orders"),
            ),
            (
                "arn:aws:dynamodb:us-east-1:999999999999:table/orders/stream/2026-01-01T00:00:00.000",
                None,
            ),
            (
                "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026-01-01T00:00:00.000",
                None,
            ),
            ("arn:aws:kinesis:us-east-1:123456789012:stream/orders", None),
            ("arn:aws:sqs:us-east-1:123456789012:table/orders/stream/x", None),
            ("arn:aws:dynamodb:us-east-1:123456789012:table/orders", None),
            ("orders", None),
        ] {
            let found = consumer(&mapping(source).build());
            assert_eq!(
                found.map(|c| (c.table, c.function)),
                table.map(|table| (Arc::from(table), Arc::from("project-orders"))),
                "{source}"
            );
        }
    }

    #[test]
    fn how_failed_batches_are_treated_is_told() {
        let stream =
            "arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/2026-01-01T00:00:00.000";
        let plain = consumer(&mapping(stream).build()).unwrap();
        assert!(
            !(plain.bisects || plain.reports_item_failures || plain.counts_events || plain.filters)
        );
        assert_eq!((plain.on_failure, plain.maximum_retries), (None, None));
        let queue = "arn:aws:sqs:us-east-1:123456789012:dlq";
        let careful = mapping(stream)
            .maximum_retry_attempts(-1)
            .maximum_record_age_in_seconds(3_600)
            .bisect_batch_on_function_error(true)
            .function_response_types(sdk::FunctionResponseType::ReportBatchItemFailures)
            .destination_config(
                sdk::DestinationConfig::builder()
                    .on_failure(sdk::OnFailure::builder().destination(queue).build())
                    .build(),
            )
            .metrics_config(
                sdk::EventSourceMappingMetricsConfig::builder()
                    .metrics(sdk::EventSourceMappingMetric::EventCount)
                    .build(),
            )
            .filter_criteria(
                sdk::FilterCriteria::builder()
                    .filters(sdk::Filter::builder().pattern("{}").build())
                    .build(),
            )
            .last_processing_result("PROBLEM: Function call failed")
            .last_modified(DateTime::from_secs(1_764_000_000))
            .maximum_batching_window_in_seconds(300)
            .build();
        let careful = consumer(&careful).unwrap();
        assert!(
            careful.bisects
                && careful.reports_item_failures
                && careful.counts_events
                && careful.filters
        );
        assert_eq!(careful.on_failure.as_deref(), Some(queue));
        assert_eq!(
            (careful.maximum_retries, careful.maximum_record_age_seconds),
            (Some(-1), Some(3_600))
        );
        assert_eq!(careful.last_result.as_deref(), Some("PROBLEM: Function call failed"));
        assert_eq!(careful.modified, Timestamp::from_second(1_764_000_000).ok());
        assert_eq!(careful.batching_window_seconds, Some(300));
    }

    #[tokio::test(start_paused = true)]
    async fn all_pages_are_read() {
        let stub = Stub::default();
        let mapping = |uuid: &str| {
            json!({
                "UUID": uuid, "FunctionArn": FUNCTION, "State": "Enabled",
                "EventSourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/1",
            })
        };
        stub.json(200, &json!({ "EventSourceMappings": [mapping("a")], "NextMarker": "2" }));
        stub.json(200, &json!({ "EventSourceMappings": [mapping("b")] }));
        let reply = stub.connection().consumers(&clock()).await;
        let found: Vec<_> =
            reply.result.unwrap().into_iter().map(|consumer| consumer.uuid).collect();
        assert_eq!((found, reply.requests), (vec![Arc::from("a"), Arc::from("b")], 2));
        assert!(stub.asked()[1].uri.contains("Marker=2"), "{:?}", stub.asked());
    }
}
