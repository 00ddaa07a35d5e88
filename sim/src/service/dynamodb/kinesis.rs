//! `DescribeKinesisStreamingDestination`: where a table's changes are sent beside its stream.

use serde::Serialize;

use super::{TableInput, checked_name, invalid, not_found, table_name};
use crate::service::{Ask, arn, missing};
use crate::wire::Refusal;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeOutput<'a> {
    table_name: &'a str,
    kinesis_data_stream_destinations: Vec<Destination<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Destination<'a> {
    stream_arn: String,
    destination_status: &'a str,
    approximate_creation_date_time_precision: &'static str,
}

pub(super) fn describe(ask: &Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let Some(given) = ask.input::<TableInput>()?.table_name else {
        return Err(invalid(missing("tableName")));
    };
    let name = checked_name(table_name(&given))?;
    if ask.fleet.created(name).is_none() {
        return Err(not_found(&format!("Table: {name} not found")));
    }
    let found = ask.fleet.kinesis_destination(name);
    let destinations = found.iter().map(|destination| Destination {
        stream_arn: arn(ask.account(), "kinesis", &format!("stream/{}", destination.stream)),
        destination_status: &destination.status,
        approximate_creation_date_time_precision: "MILLISECOND",
    });
    ask.output(&DescribeOutput {
        table_name: name,
        kinesis_data_stream_destinations: destinations.collect(),
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::{DYNAMODB, ask, get, world_of};
    use serde_json::json;

    #[test]
    fn a_table_shows_where_its_changes_go_and_a_table_without_an_empty_list() {
        let world = world_of(
            "[[table]]\nname = 'clicks'\nkinesis = { stream = 'lake', status = 'DISABLED' }
             [[table]]\nname = 'orders'",
        );
        let read = |table: &str| {
            let name = json!({ "TableName": table });
            get(&world, DYNAMODB, "DescribeKinesisStreamingDestination", &name)
        };
        assert_eq!(
            read("clicks")["KinesisDataStreamDestinations"],
            json!([{
                "StreamArn": "arn:aws:kinesis:us-east-1:123456789012:stream/lake",
                "DestinationStatus": "DISABLED",
                "ApproximateCreationDateTimePrecision": "MILLISECOND",
            }])
        );
        assert_eq!(read("orders")["KinesisDataStreamDestinations"], json!([]));
        let unknown = json!({ "TableName": "nothing" });
        let (status, error) =
            ask(&world, DYNAMODB, "DescribeKinesisStreamingDestination", &unknown);
        assert_eq!(status, 400);
        assert!(error["__type"].as_str().unwrap().ends_with("#ResourceNotFoundException"));
    }
}
