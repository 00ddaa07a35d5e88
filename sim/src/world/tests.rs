use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::*;
use crate::fault::Fault;
use crate::testing::{
    AUTOSCALING, CLOUDWATCH, DAX, DYNAMODB, ask, fetch, get, header, send, send_at, world,
};

const MAPPINGS: &str = "/2015-03-31/event-source-mappings";
const IDENTITY: &[u8] = b"Action=GetCallerIdentity&Version=2011-06-15";

#[test]
fn the_caller_is_who_the_account_says() {
    let world = world("calm", None);
    let reply = send(&world, "/", &[], IDENTITY);
    let body = String::from_utf8(reply.body.clone()).unwrap();
    assert_eq!((reply.status, header(&reply, "content-type")), (200, Some("text/xml")));
    assert!(body.contains(&format!("<Account>{}</Account>", world.account().id)), "{body}");
    assert!(body.contains(&world.account().caller_arn));
}

#[test]
fn each_reply_has_its_own_request_id_and_the_same_in_every_run() {
    let run = || {
        let world = world("calm", None);
        let id =
            || header(&send(&world, "/", &[], IDENTITY), "x-amzn-requestid").unwrap().to_owned();
        (id(), id())
    };
    let (first, second) = run();
    assert_ne!(first, second);
    assert_eq!(run(), (first, second));
}

#[test]
fn an_unsigned_request_is_refused() {
    let world = world("calm", None);
    let target = |name: &str| (name == "x-amz-target").then_some("DynamoDB_20120810.ListTables");
    let request = Request { method: "POST", path: "/", header: &target, body: b"{}" };
    let reply = world.handle(&request, world.start());
    let body = String::from_utf8(reply.body).unwrap();
    assert_eq!(reply.status, 400);
    assert!(body.contains("MissingAuthenticationTokenException"), "{body}");
}

#[test]
fn an_unsigned_request_without_a_body_is_refused_as_well() {
    let world = world("calm", None);
    let request = Request { method: "GET", path: MAPPINGS, header: &|_| None, body: b"" };
    let reply = world.handle(&request, world.start());
    assert_eq!(reply.status, 403);
    assert_eq!(header(&reply, "x-amzn-errortype"), Some("MissingAuthenticationTokenException"));
    assert_eq!(fetch(&world, MAPPINGS).status, 200);
}

#[test]
fn what_no_protocol_explains_is_not_found() {
    let world = world("calm", None);
    assert_eq!(send(&world, "/health", &[], b"").status, 404);
    assert!(world.ledger().is_empty());
}

#[test]
fn a_compressed_request_is_read() {
    let world = world("calm", None);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(br#"{"Limit":1}"#).unwrap();
    let body = encoder.finish().unwrap();
    let target = ("x-amz-target", "DynamoDB_20120810.ListTables");
    let reply = send(&world, "/", &[target, ("content-encoding", "gzip")], &body);
    let names: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(names["TableNames"].as_array().unwrap().len(), 1);
}

#[test]
fn a_body_beyond_the_limit_is_too_large() {
    let world = world("calm", None);
    assert_eq!(send(&world, "/", &[], &vec![b' '; MAX_BODY + 1]).status, 413);
}

#[test]
fn faults_speak_each_services_own_codes() {
    let table = [
        (Effect::Throttle, "ThrottlingException", "Throttling"),
        (Effect::Deny, "AccessDeniedException", "AccessDenied"),
        (Effect::ExpiredCredentials, "ExpiredTokenException", "ExpiredToken"),
    ];
    for (effect, shape, code) in table {
        let world = world("calm", None);
        for service in [
            Service::DynamoDb,
            Service::CloudWatch,
            Service::ApplicationAutoscaling,
            Service::Sts,
            Service::Dax,
        ] {
            world.faults().inject(Fault::on(service, effect));
        }
        let calls = [
            (DYNAMODB, "ListTables"),
            (CLOUDWATCH, "ListMetrics"),
            (AUTOSCALING, "DescribeScalableTargets"),
            (DAX, "DescribeClusters"),
        ];
        for (service, operation) in calls {
            let (_, document) = ask(&world, service, operation, &json!({}));
            assert!(document["__type"].as_str().unwrap().ends_with(shape), "{document}");
        }
        let target = [("x-amz-target", "GraniteServiceVersion20100801.ListMetrics")];
        let reply = send(&world, "/", &target, b"{}");
        let expected = format!("{code};Sender");
        assert_eq!(header(&reply, "x-amzn-query-error"), Some(expected.as_str()));
        let sts = String::from_utf8(send(&world, "/", &[], IDENTITY).body).unwrap();
        assert!(sts.contains(&format!("<Code>{code}</Code>")), "{sts}");
    }
}

#[test]
fn faults_of_lambda_are_named_in_a_header() {
    let denial =
        "is not authorized to perform: lambda:ListEventSourceMappings on resource: * because";
    let expired = "The security token included in the request is expired";
    let table = [
        (Effect::Throttle, 429, "TooManyRequestsException", "message", "Rate exceeded"),
        (Effect::Deny, 403, "AccessDeniedException", "Message", denial),
        (Effect::ExpiredCredentials, 403, "ExpiredTokenException", "message", expired),
    ];
    for (effect, status, shape, key, part) in table {
        let world = world("calm", None);
        world.faults().inject(Fault::on(Service::Lambda, effect).count(1));
        let reply = fetch(&world, MAPPINGS);
        let document: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!((reply.status, header(&reply, "x-amzn-errortype")), (status, Some(shape)));
        assert_eq!(header(&reply, "content-type"), Some("application/json"));
        assert!(document[key].as_str().unwrap().contains(part), "{document}");
        assert!(document["__type"].is_null(), "{document}");
        assert_eq!(fetch(&world, MAPPINGS).status, 200, "spent");
        let calls: Vec<_> = world.ledger().into_iter().map(|call| call.service).collect();
        assert_eq!(calls, [Service::Lambda; 2]);
    }
}

#[test]
fn a_fault_of_the_way_replaces_or_delays_the_reply() {
    let world = world("calm", None);
    let with = |effects: &[Effect]| {
        world.faults().clear();
        for effect in effects {
            world.faults().inject(Fault::on(Service::Sts, *effect));
        }
        send(&world, "/", &[], IDENTITY)
    };
    let empty = with(&[Effect::ServerError { status: 503, html: false }]);
    assert_eq!((empty.status, empty.body.as_slice()), (503, &b""[..]));
    let page = with(&[Effect::ServerError { status: 500, html: true }]);
    assert!(page.status == 500 && page.body.starts_with(b"<html>"));
    let late = with(&[Effect::Latency(1.5), Effect::Latency(2.0), Effect::Throttle]);
    assert_eq!((late.timing, late.status), (Timing::Delay(3.5), 400));
    let never = with(&[Effect::Latency(1.0), Effect::Silence]);
    assert_eq!(never.timing, Timing::Silence);
    assert_eq!(world.ledger().last().unwrap().status, None);
    assert_eq!(with(&[]).status, 200);
}

#[test]
fn a_fault_begins_and_ends_by_the_worlds_time() {
    let world = world("calm", None);
    let fault = Fault::on(Service::Sts, Effect::Throttle);
    world.faults().inject(Fault { from: Some(1.0), until: Some(2.0), ..fault });
    let status = |after: f64| send_at(&world, "/", &[], IDENTITY, world.start() + after).status;
    assert_eq!([59.0, 60.0, 119.0, 120.0].map(status), [200, 400, 400, 200]);
}

#[test]
fn the_ledger_counts_every_call_at_the_door_until_reset() {
    let world = world("calm", None);
    get(&world, DYNAMODB, "ListTables", &json!({}));
    get(&world, DYNAMODB, "ListTables", &json!({ "ExclusiveStartTableName": "mmm" }));
    ask(&world, AUTOSCALING, "Nonsense", &json!({}));
    let calls: Vec<_> = world
        .ledger()
        .into_iter()
        .map(|call| (call.service, call.operation, call.continued, call.status))
        .collect();
    let call = |service, operation: &str, continued, status| {
        (service, operation.to_owned(), continued, Some(status))
    };
    assert_eq!(
        calls,
        [
            call(Service::DynamoDb, "ListTables", false, 200),
            call(Service::DynamoDb, "ListTables", true, 200),
            call(Service::ApplicationAutoscaling, "Nonsense", false, 400),
        ]
    );
    world.reset_ledger();
    assert!(world.ledger().is_empty());
}
