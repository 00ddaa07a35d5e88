//! Where a table's changes go, as scripts read it.

use super::figure;
use crate::model::consumer::Consumer;
use crate::model::table::{KinesisDestination, Replica, Table};
use crate::store::Reading;
use serde_json::{Value, json};
use std::sync::Arc;

/// The functions that read the table's stream; null as long as that is not known.
pub(super) fn consumers(reading: Reading<'_>, table: &Arc<str>) -> Value {
    let consumer = |consumer: &Consumer| {
        json!({
            "function": &*consumer.function,
            "uuid": &*consumer.uuid,
            "state": &*consumer.state,
            "last_processing_result": consumer.last_result.as_deref(),
            "iterator_age_milliseconds": figure(reading.iterator_age(consumer)),
            "errors_per_minute": figure(reading.function_errors(consumer)),
            "throttles_per_minute": figure(reading.function_throttles(consumer)),
            "batch_size": consumer.batch_size,
            "parallelization_factor": consumer.parallelization,
            "maximum_retry_attempts": consumer.maximum_retries,
            "maximum_record_age_seconds": consumer.maximum_record_age_seconds,
            "bisects": consumer.bisects,
            "reports_item_failures": consumer.reports_item_failures,
            "on_failure": consumer.on_failure.as_deref(),
        })
    };
    let known = reading.consumers().value();
    known.map(|_| reading.consumers_of(table).map(consumer).collect::<Vec<_>>()).into()
}

/// The Kinesis data streams that the table's changes are sent to; null as long as that is not known.
pub(super) fn kinesis(reading: Reading<'_>, table: &Arc<str>) -> Value {
    let destination = |told: &KinesisDestination| {
        json!({
            "stream": &*told.stream,
            "status": &*told.status,
            "status_description": told.status_description.as_deref(),
        })
    };
    let Some(streaming) = reading.kinesis(table).value() else { return Value::Null };
    json!({
        "destinations": streaming.destinations.iter().map(destination).collect::<Vec<_>>(),
        "age_of_oldest_unreplicated_record_milliseconds": figure(reading.kinesis_age(table)),
        "failed_to_replicate_records_per_five_minutes": figure(reading.kinesis_failures(table)),
        "throttled_put_records": figure(reading.kinesis_throttles(table)),
    })
}

/// The table's replicas in other regions.
pub(super) fn replicas(reading: Reading<'_>, table: &Table) -> Vec<Value> {
    let replica = |replica: &Replica| {
        let latency = reading.replication_latency(&table.name, &replica.region);
        json!({
            "region": &*replica.region,
            "status": &*replica.status,
            "replication_latency_milliseconds": figure(latency),
        })
    };
    table.details.replicas.iter().map(replica).collect()
}
