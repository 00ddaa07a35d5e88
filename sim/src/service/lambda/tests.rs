use serde_json::{Value, json};

use crate::scenario::Scenario;
use crate::testing::{DYNAMODB, SEED, fetch, get, header, world, world_of};
use crate::world::{World, WorldOptions};

const PATH: &str = "/2015-03-31/event-source-mappings";

/// Writes a parameter as the SDKs do.
fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn page(world: &World, query: &str) -> Value {
    let reply = fetch(world, &format!("{PATH}?{query}"));
    assert_eq!(reply.status, 200, "{query}: {}", String::from_utf8_lossy(&reply.body));
    serde_json::from_slice(&reply.body).unwrap()
}

/// Reads all pages; returns the mappings and the sizes of the pages.
fn all(world: &World, query: &str) -> (Vec<Value>, Vec<usize>) {
    let (mut found, mut sizes, mut marker) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = page(world, &format!("{query}{marker}"));
        let part = page["EventSourceMappings"].as_array().unwrap();
        sizes.push(part.len());
        found.extend(part.iter().cloned());
        match page["NextMarker"].as_str() {
            Some(next) => marker = format!("&Marker={}", encoded(next)),
            None => return (found, sizes),
        }
    }
}

fn functions(mappings: &[Value]) -> Vec<&str> {
    let arns = mappings.iter().map(|mapping| mapping["FunctionArn"].as_str().unwrap());
    arns.map(|arn| arn.rsplit(':').next().unwrap()).collect()
}

fn stream_of(world: &World, table: &str) -> String {
    let description = get(world, DYNAMODB, "DescribeTable", &json!({ "TableName": table }));
    description["Table"]["LatestStreamArn"].as_str().unwrap().to_owned()
}

/// Asks what must fail; returns the status, the error's name and its message.
fn refused(world: &World, query: &str) -> (u16, String, String) {
    let reply = fetch(world, &format!("{PATH}?{query}"));
    let document: Value = serde_json::from_slice(&reply.body).unwrap();
    let message = document.get("message").or_else(|| document.get("Message")).unwrap();
    let name = header(&reply, "x-amzn-errortype").unwrap();
    (reply.status, name.to_owned(), message.as_str().unwrap().to_owned())
}

/// A table with this many consumers of its stream.
fn crowd(consumers: usize) -> World {
    let consumer = |number| format!("[[table.consumer]]\nfunction = 'reader-{number:03}'\n");
    let consumers: String = (0..consumers).map(consumer).collect();
    world_of(&format!("[[table]]\nname = 'crowd'\nstream = true\n{consumers}"))
}

#[test]
fn the_mappings_of_a_stream_are_found_by_the_arn_that_describe_table_gives() {
    let world = world("incident", None);
    let stream = stream_of(&world, "orders");
    let (found, _) = all(&world, &format!("EventSourceArn={}", encoded(&stream)));
    assert_eq!(functions(&found), ["orders-projector", "orders-to-search"]);
    assert!(found.iter().all(|mapping| mapping["EventSourceArn"] == stream.as_str()));
    let none = stream_of(&world, "carts");
    assert!(all(&world, &format!("EventSourceArn={}", encoded(&none))).0.is_empty());
}

#[test]
fn a_mapping_shows_every_setting_of_its_consumer() {
    let world = world_of(
        "[[table]]
         name = 'orders'
         stream = true
         [[table.consumer]]
         function = 'projector'
         state = 'Disabled'
         last_result = 'PROBLEM: Function call failed'
         batch_size = 250
         parallelization_factor = 4
         maximum_retry_attempts = 7
         maximum_record_age_seconds = 3_600
         bisect = true
         partial_batch = true
         on_failure = 'arn:aws:sqs:us-east-1:123456789012:failures'
         event_count = true
         filters = ['{\"eventName\":[\"INSERT\"]}']
         starting_position = 'LATEST'",
    );
    let mapping = &all(&world, "").0[0];
    let id = mapping["UUID"].as_str().unwrap();
    let modified = mapping["LastModified"].as_f64().unwrap();
    assert!(modified < world.start(), "{modified}");
    let destination = json!({ "Destination": "arn:aws:sqs:us-east-1:123456789012:failures" });
    assert_eq!(
        *mapping,
        json!({
            "UUID": id,
            "StartingPosition": "LATEST",
            "BatchSize": 250,
            "MaximumBatchingWindowInSeconds": 0,
            "ParallelizationFactor": 4,
            "EventSourceArn": stream_of(&world, "orders"),
            "FilterCriteria": { "Filters": [{ "Pattern": r#"{"eventName":["INSERT"]}"# }] },
            "MetricsConfig": { "Metrics": ["EventCount"] },
            "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:projector",
            "LastModified": modified,
            "LastProcessingResult": "PROBLEM: Function call failed",
            "State": "Disabled",
            "StateTransitionReason": "User action",
            "DestinationConfig": { "OnFailure": destination },
            "MaximumRecordAgeInSeconds": 3600,
            "BisectBatchOnFunctionError": true,
            "MaximumRetryAttempts": 7,
            "TumblingWindowInSeconds": 0,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "EventSourceMappingArn":
                format!("arn:aws:lambda:us-east-1:123456789012:event-source-mapping:{id}"),
        })
    );
}

#[test]
fn a_consumer_with_nothing_set_has_the_defaults_of_lambda() {
    let mapping = &all(&crowd(1), "").0[0];
    assert_eq!(mapping["BatchSize"], 100);
    assert_eq!(mapping["ParallelizationFactor"], 1);
    assert_eq!(
        (&mapping["MaximumRetryAttempts"], &mapping["MaximumRecordAgeInSeconds"]),
        (&json!(-1), &json!(-1))
    );
    assert_eq!(mapping["DestinationConfig"], json!({ "OnFailure": {} }));
    assert_eq!(mapping["FunctionResponseTypes"], json!([]));
    assert_eq!(mapping["BisectBatchOnFunctionError"], false);
    assert!(mapping["FilterCriteria"].is_null() && mapping["MetricsConfig"].is_null(), "{mapping}");
}

#[test]
fn an_id_belongs_to_its_seed() {
    let ids = |seed| {
        let scenario = Scenario::named("incident").unwrap();
        let world = World::new(&WorldOptions { scenario, seed, tables: None });
        let found = all(&world, "").0;
        found.iter().map(|mapping| mapping["UUID"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(SEED), ids(SEED));
    let (mut these, others) = (ids(SEED), ids(SEED + 1));
    assert!(these.iter().all(|id| !others.contains(id)));
    these.sort();
    these.dedup();
    assert_eq!(these.len(), others.len(), "no two are the same");
}

#[test]
fn a_function_is_given_by_name_arn_or_part_of_it() {
    let world = world("incident", None);
    for name in [
        "email-sender",
        "arn:aws:lambda:us-east-1:123456789012:function:email-sender",
        "123456789012:function:email-sender",
    ] {
        let (found, _) = all(&world, &format!("FunctionName={}", encoded(name)));
        assert_eq!(functions(&found), ["email-sender"], "{name}");
    }
    let stream = encoded(&stream_of(&world, "orders"));
    let both = format!("EventSourceArn={stream}&FunctionName=email-sender");
    assert!(all(&world, &both).0.is_empty(), "another stream");
    for name in ["nobody", "email-sender:PROD"] {
        let (status, error, message) = refused(&world, &format!("FunctionName={}", encoded(name)));
        assert_eq!((status, error.as_str()), (404, "ResourceNotFoundException"));
        assert!(message.ends_with(&format!(":function:{name}")), "{message}");
    }
}

#[test]
fn pages_hold_100_at_most_whatever_is_asked_for() {
    let world = crowd(230);
    let (whole, sizes) = all(&world, "");
    assert_eq!(sizes, [100, 100, 30]);
    for (query, size) in [("MaxItems=10000", 100), ("MaxItems=7", 7), ("MaxItems=", 100)] {
        let (found, sizes) = all(&world, query);
        assert_eq!((found, sizes[0]), (whole.clone(), size), "{query}");
    }
    let continued = world.ledger().iter().filter(|call| call.continued).count();
    assert_eq!(continued, 2 + 2 + 32 + 2, "{:?}", world.ledger().len());
}

#[test]
fn a_bad_request_is_refused_with_its_reason() {
    let world = crowd(3);
    let page = page(&world, "MaxItems=1");
    let of_another_question =
        format!("Marker={}&FunctionName=reader-001", encoded(page["NextMarker"].as_str().unwrap()));
    let table = [
        ("EventSourceArn=orders", "ValidationException", "Value 'orders' at 'eventSourceArn'"),
        ("MaxItems=0", "ValidationException", "Value '0' at 'maxItems'"),
        ("MaxItems=10001", "ValidationException", "Value '10001' at 'maxItems'"),
        ("MaxItems=ten", "SerializationException", "'ten'"),
        ("Marker=x", "InvalidParameterValueException", "token"),
        (&of_another_question, "InvalidParameterValueException", "token"),
    ];
    for (query, name, part) in table {
        let (status, found, message) = refused(&world, query);
        assert_eq!((status, found.as_str()), (400, name), "{query}");
        assert!(message.contains(part), "{message}");
    }
}
