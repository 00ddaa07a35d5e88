//! What the unit tests of services and world share: a client that speaks JSON.

use serde_json::Value;

use super::facts::Epoch;
use super::scenario::Scenario;
use super::wire::{Reply, Request};
use super::world::{World, WorldOptions};

/// The `x-amz-target` prefixes of the JSON services.
pub(crate) const DYNAMODB: &str = "DynamoDB_20120810";
pub(crate) const STREAMS: &str = "DynamoDBStreams_20120810";
pub(crate) const CLOUDWATCH: &str = "GraniteServiceVersion20100801";
pub(crate) const AUTOSCALING: &str = "AnyScaleFrontendService";
pub(crate) const DAX: &str = "AmazonDAXV3";

/// What an authorization header begins with.
const SIGNATURE: &str = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE";

/// The seed of the worlds here.
pub(crate) const SEED: u64 = 7;

/// Makes the world of a scenario.
pub(crate) fn world(scenario: &str, tables: Option<usize>) -> World {
    let scenario = Scenario::named(scenario).unwrap();
    World::new(&WorldOptions { scenario, seed: SEED, tables })
}

/// Sends a signed request with these headers besides.
pub(crate) fn send(world: &World, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    send_at(world, path, headers, body, world.start())
}

/// Sends a signed request at a moment.
pub(crate) fn send_at(
    world: &World,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
    now: Epoch,
) -> Reply {
    let header = |name: &str| match name {
        "authorization" => Some(SIGNATURE),
        _ => headers.iter().find(|header| header.0 == name).map(|header| header.1),
    };
    world.handle(&Request { method: "POST", path, header: &header, body }, now)
}

/// Sends a signed GET request, which has no body.
pub(crate) fn fetch(world: &World, path: &str) -> Reply {
    let header = |name: &str| (name == "authorization").then_some(SIGNATURE);
    world.handle(&Request { method: "GET", path, header: &header, body: b"" }, world.start())
}

/// Returns a header of a reply.
pub(crate) fn header<'a>(reply: &'a Reply, name: &str) -> Option<&'a str> {
    reply.headers.iter().find(|header| header.0 == name).map(|header| header.1.as_str())
}

/// Makes the world of a scenario text that begins at noon.
pub(crate) fn world_of(toml: &str) -> World {
    let toml = format!("start = '2026-11-22T12:00:00Z'\n{toml}");
    let scenario = Scenario::parse("test", &toml).unwrap();
    World::new(&WorldOptions { scenario, seed: SEED, tables: None })
}

/// Asks in JSON; returns the status and the document.
pub(crate) fn ask(world: &World, service: &str, operation: &str, body: &Value) -> (u16, Value) {
    let reply = call(world, (service, operation), body, 0.0);
    (reply.status, serde_json::from_slice(&reply.body).unwrap())
}

/// Sends an operation of a service in JSON so many seconds after the start.
pub(crate) fn call(
    world: &World,
    (service, operation): (&str, &str),
    body: &Value,
    after: f64,
) -> Reply {
    let target = format!("{service}.{operation}");
    let body = body.to_string();
    send_at(world, "/", &[("x-amz-target", &target)], body.as_bytes(), world.start() + after)
}

/// Asks in JSON so many seconds after the start what must succeed.
pub(crate) fn get_at(world: &World, of: (&str, &str), body: &Value, after: f64) -> Value {
    let reply = call(world, of, body, after);
    let document = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(reply.status, 200, "{} {body}: {document}", of.1);
    document
}

/// Asks in JSON what must succeed.
pub(crate) fn get(world: &World, service: &str, operation: &str, body: &Value) -> Value {
    let (status, document) = ask(world, service, operation, body);
    assert_eq!(status, 200, "{operation} {body}: {document}");
    document
}

/// Asks in JSON what must fail; returns the error's name, without its namespace, and its message.
pub(crate) fn refused(
    world: &World,
    service: &str,
    operation: &str,
    body: &Value,
) -> (String, String) {
    refused_at(world, (service, operation), body, 0.0)
}

/// Asks in JSON so many seconds after the start what must fail; returns as [`refused`] does.
pub(crate) fn refused_at(
    world: &World,
    of: (&str, &str),
    body: &Value,
    after: f64,
) -> (String, String) {
    let reply = call(world, of, body, after);
    let document: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(reply.status, 400, "{} {body}: {document}", of.1);
    let kind = document["__type"].as_str().unwrap();
    let name = kind.rsplit('#').next().unwrap();
    (name.to_owned(), document["message"].as_str().unwrap().to_owned())
}
