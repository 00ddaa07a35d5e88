//! Amazon DynamoDB Streams: `DescribeStream`. No record is ever read.

#![expect(clippy::struct_field_names, reason = "the members have AWS's names")]

use serde::{Deserialize, Serialize};

use super::dynamodb::{KeySchemaElement, key_schema, stream_arn, stream_label};
use super::{Ask, missing, page_size_error};
use crate::facts::{Epoch, StreamState};
use crate::wire::{Common, Refusal, Service, Stamp};

/// Shards per page, at most and by default (API reference, `DescribeStream`).
const PAGE: usize = 100;

/// How long a shard takes records before another follows it, seconds ("Change data capture for DynamoDB Streams":
/// some four hours).
const SHARD_LIFE: Epoch = 4.0 * 3_600.0;

/// How long a stream keeps its records, seconds (the same page).
const RETENTION: Epoch = 24.0 * 3_600.0;

/// Answers one call.
pub(crate) fn answer(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    match ask.call.operation.as_str() {
        "DescribeStream" => describe(ask),
        _ => Err(ask.unknown_operation()),
    }
}

/// Returns the ARN of the resource that IAM checks for a call with this body.
pub(crate) fn iam_resource(ask: &Ask<'_>) -> String {
    let asked = ask.input::<DescribeInput>().ok().and_then(|input| input.stream_arn);
    asked.unwrap_or_else(|| "*".to_owned())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeInput {
    stream_arn: Option<String>,
    limit: Option<i64>,
    exclusive_start_shard_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeOutput<'a> {
    stream_description: StreamDescription<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StreamDescription<'a> {
    stream_arn: &'a str,
    stream_label: String,
    stream_status: &'static str,
    stream_view_type: &'static str,
    creation_request_date_time: Stamp,
    table_name: &'a str,
    key_schema: Vec<KeySchemaElement<'a>>,
    shards: &'a [Shard],
    #[serde(skip_serializing_if = "Option::is_none")]
    last_evaluated_shard_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shard {
    shard_id: String,
    sequence_number_range: SequenceNumberRange,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_shard_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SequenceNumberRange {
    starting_sequence_number: String,
    /// Absent while the shard takes records.
    #[serde(skip_serializing_if = "Option::is_none")]
    ending_sequence_number: Option<String>,
}

fn describe(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: DescribeInput = ask.input()?;
    let Some(asked) = input.stream_arn else { return Err(invalid(missing("streamArn"))) };
    if let Some(message) = input.limit.and_then(|limit| page_size_error(limit, "limit", PAGE)) {
        return Err(invalid(message));
    }
    let limit = input.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE);
    ask.call.continued = input.exclusive_start_shard_id.is_some();
    let table = asked.split('/').nth(1).unwrap_or_default();
    let now = ask.now;
    let state = ask.fleet.stream(table, now);
    let is_asked = |state: &StreamState| stream_arn(ask.account(), table, state.since) == asked;
    let Some(state) = state.filter(is_asked) else {
        let message = format!("Requested resource not found: Stream: {asked} not found");
        return Err(Refusal::client("ResourceNotFoundException", "ResourceNotFound", message));
    };
    let shards = shards(&state, now);
    let first = match input.exclusive_start_shard_id {
        None => 0,
        Some(start) => shards.partition_point(|shard| shard.shard_id <= start),
    };
    let rest = shards.get(first..).unwrap_or_default();
    let part = rest.get(..limit).unwrap_or(rest);
    let more = if part.len() < rest.len() { part.last() } else { None };
    ask.output(&DescribeOutput {
        stream_description: StreamDescription {
            stream_arn: &asked,
            stream_label: stream_label(state.since),
            stream_status: "ENABLED",
            stream_view_type: "NEW_AND_OLD_IMAGES",
            creation_request_date_time: Stamp(state.since),
            table_name: table,
            key_schema: key_schema(&state.keys),
            shards: part,
            last_evaluated_shard_id: more.map(|shard| shard.shard_id.as_str()),
        },
    })
}

/// The shards that still hold records, by id: each partition's in turn, one after the other in time.
fn shards(state: &StreamState, now: Epoch) -> Vec<Shard> {
    let begin = (now - RETENTION - SHARD_LIFE).max(state.since);
    let mut shards = Vec::new();
    for partition in 0..state.partitions {
        // Partitions do not roll over together.
        let late = SHARD_LIFE * (partition as f64 / state.partitions as f64);
        let mut parent = None;
        let mut at = begin - (begin - late).rem_euclid(SHARD_LIFE);
        while at <= now {
            let shard_id = format!("shardId-{:020.0}-{partition:08x}", at * 1_000.0);
            let number = |at: Epoch| format!("{:018.0}{partition:06}", at * 1_000.0);
            let end = at + SHARD_LIFE;
            shards.push(Shard {
                shard_id: shard_id.clone(),
                sequence_number_range: SequenceNumberRange {
                    starting_sequence_number: number(at),
                    ending_sequence_number: (end <= now).then(|| number(end)),
                },
                parent_shard_id: parent.replace(shard_id),
            });
            at = end;
        }
    }
    shards.sort_by(|one, other| one.shard_id.cmp(&other.shard_id));
    shards
}

fn invalid(message: String) -> Refusal {
    Refusal {
        shape: "ValidationException",
        ..Common::Malformed.refusal(Service::DynamoDbStreams, message)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DYNAMODB, STREAMS, ask, get, world};
    use serde_json::{Value, json};

    #[test]
    fn a_stream_is_found_by_the_arn_that_describe_table_gives_and_its_shards_page_by_page() {
        let world = world("incident", None);
        let table = get(&world, DYNAMODB, "DescribeTable", &json!({ "TableName": "orders" }));
        let arn = table["Table"]["LatestStreamArn"].clone();
        let (mut shards, mut start): (Vec<Value>, Value) = (vec![], Value::Null);
        loop {
            let mut asked = json!({ "StreamArn": arn, "Limit": 3 });
            if start.is_string() {
                asked["ExclusiveStartShardId"] = start.take();
            }
            let page = get(&world, STREAMS, "DescribeStream", &asked);
            let page = &page["StreamDescription"];
            assert_eq!(
                (&page["TableName"], &page["StreamStatus"]),
                (&json!("orders"), &json!("ENABLED"))
            );
            shards.extend(page["Shards"].as_array().unwrap().iter().cloned());
            start = page["LastEvaluatedShardId"].clone();
            if start.is_null() {
                break;
            }
        }
        let ending =
            |shard: &&Value| shard["SequenceNumberRange"]["EndingSequenceNumber"].is_null();
        let open = shards.iter().filter(ending).count();
        assert!(open > 0 && shards.len() >= 7 * open, "{open} of {} are open", shards.len());
        let whole = get(&world, STREAMS, "DescribeStream", &json!({ "StreamArn": arn }));
        assert_eq!(whole["StreamDescription"]["Shards"].as_array().unwrap()[..3], shards[..3]);
    }

    #[test]
    fn a_stream_that_is_not_there_is_not_found() {
        let world = world("incident", None);
        for arn in [
            "arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/2020-01-01T00:00:00.000",
            "arn:aws:dynamodb:us-east-1:123456789012:table/no-such/stream/2020-01-01T00:00:00.000",
        ] {
            let (status, error) =
                ask(&world, STREAMS, "DescribeStream", &json!({ "StreamArn": arn }));
            assert_eq!(status, 400, "{error}");
            assert!(error["__type"].as_str().unwrap().ends_with("ResourceNotFoundException"));
        }
    }
}
