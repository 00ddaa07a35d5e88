use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Message {
    at: Stamp,
    name: String,
}

#[test]
fn a_whole_moment_is_an_integer_with_tag_1_in_cbor() {
    let message = Message { at: Stamp(1_700_000_000.0), name: "m".to_owned() };
    let bytes = Format::Cbor.encode(Service::CloudWatch, &message).unwrap();
    // map(2), "At", tag 1, uint32 1700000000, "Name", "m"
    assert_eq!(bytes, b"\xa2\x62At\xc1\x1a\x65\x53\xf1\x00\x64Name\x61m");
    assert_eq!(Format::Cbor.decode::<Message>(Service::CloudWatch, &bytes).unwrap(), message);
}

#[test]
fn a_moment_with_a_fraction_is_a_float_with_tag_1_in_cbor() {
    let bytes = Format::Cbor.encode(Service::CloudWatch, &Stamp(1.5)).unwrap();
    assert_eq!(bytes, b"\xc1\xf9\x3e\x00");
}

#[test]
fn cbor_of_indefinite_length_is_read() {
    // What the AWS SDK for Rust sends: maps and texts that are closed by a break.
    let bytes = b"\xbf\x62At\xc1\xfb\x3f\xf8\0\0\0\0\0\0\x64Name\x7f\x61m\x61n\xff\xff";
    let message: Message = Format::Cbor.decode(Service::CloudWatch, bytes).unwrap();
    assert_eq!(message, Message { at: Stamp(1.5), name: "mn".to_owned() });
}

#[test]
fn a_moment_is_a_number_in_json() {
    let message = Message { at: Stamp(1_700_000_000.25), name: "m".to_owned() };
    let bytes = Format::Json10.encode(Service::CloudWatch, &message).unwrap();
    assert_eq!(bytes, br#"{"At":1700000000.25,"Name":"m"}"#);
    let whole: Message =
        Format::Json10.decode(Service::CloudWatch, br#"{"At":1700000000,"Name":"m"}"#).unwrap();
    assert_eq!(whole.at, Stamp(1_700_000_000.0));
}

#[test]
fn a_body_that_cannot_be_read_is_a_serialization_exception() {
    for (format, body) in
        [(Format::Json10, &b"{"[..]), (Format::Json11, b"[]"), (Format::Cbor, b"\xff")]
    {
        let refusal = format.decode::<Message>(Service::DynamoDb, body).unwrap_err();
        assert_eq!((refusal.status, refusal.shape), (400, "SerializationException"), "{format:?}");
    }
}

#[test]
fn a_route_is_read_off_target_path_or_form() {
    const CBOR: &str = "/service/GraniteServiceVersion20100801/operation/GetMetricData";
    let target = |value| ("x-amz-target", value);
    let cbor = ("smithy-protocol", "rpc-v2-cbor");
    let asked = |service, format, operation| Some((service, format, operation));
    let form = "Action=GetCallerIdentity&Version=2011-06-15";
    let (lists, metrics) =
        ("DynamoDB_20120810.ListTables", "GraniteServiceVersion20100801.ListMetrics");
    let table = [
        ("/", target(lists), "{}", asked(Service::DynamoDb, Format::Json10, "ListTables")),
        ("/", target(metrics), "{}", asked(Service::CloudWatch, Format::Json10, "ListMetrics")),
        (
            "/",
            target("AnyScaleFrontendService.DescribeScalableTargets"),
            "{}",
            asked(Service::ApplicationAutoscaling, Format::Json11, "DescribeScalableTargets"),
        ),
        (CBOR, cbor, "", asked(Service::CloudWatch, Format::Cbor, "GetMetricData")),
        ("/", ("", ""), form, asked(Service::Sts, Format::Query, "GetCallerIdentity")),
        (CBOR, ("", ""), "", None),
        ("/", cbor, "", None),
        (
            "/",
            target("AmazonDAXV3.DescribeClusters"),
            "{}",
            asked(Service::Dax, Format::Json11, "DescribeClusters"),
        ),
        ("/", target("AmazonDAXV2.DescribeClusters"), "{}", None),
        ("/", ("", ""), "Action=GetCallerIdentity&Version=2010-08-01", None),
    ];
    for (path, (name, value), body, expected) in table {
        let header = |asked: &str| (asked == name).then_some(value);
        let body = body.as_bytes();
        let request = Request { method: "POST", path, header: &header, body };
        let route = Route::of(&request, body);
        let found = route.as_ref().map(|r| (r.service, r.format, r.operation.as_str()));
        assert_eq!(found, expected, "{path} {name} {value}");
        assert_eq!(Route::of(&Request { method: "GET", ..request }, body), None);
    }
}

#[test]
fn a_get_request_is_routed_by_its_path() {
    let listed = Some((Service::Lambda, Format::RestJson, "ListEventSourceMappings"));
    let table = [
        ("/2015-03-31/event-source-mappings", listed, ""),
        ("/2015-03-31/event-source-mappings/", listed, ""),
        ("/2015-03-31/event-source-mappings/?MaxItems=5&Marker=a", listed, "MaxItems=5&Marker=a"),
        ("/2015-03-31/event-source-mappings/0-1", None, ""),
        ("/2015-03-31/functions?MaxItems=5", None, "MaxItems=5"),
        ("/", None, ""),
    ];
    for (path, expected, query) in table {
        let request = Request { method: "GET", path, header: &|_| None, body: b"" };
        let route = Route::of(&request, b"");
        let found = route.as_ref().map(|r| (r.service, r.format, r.operation.as_str()));
        assert_eq!((found, request.query()), (expected, query), "{path}");
        for method in ["POST", "PUT"] {
            assert_eq!(Route::of(&Request { method, ..request }, b""), None, "{method} {path}");
        }
    }
}

#[test]
fn a_compressed_body_is_read_up_to_the_limit() {
    let squeeze = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    assert_eq!(inflate(&squeeze(b"{}")), Some(b"{}".to_vec()));
    assert_eq!(inflate(&squeeze(&vec![0; MAX_BODY])).map(|body| body.len()), Some(MAX_BODY));
    assert_eq!(inflate(&squeeze(&vec![0; MAX_BODY + 1])), None, "a bomb");
    assert_eq!(inflate(b"{}"), None, "not gzip");
}

#[test]
fn refusals_look_as_each_protocol_has_them() {
    let denied = |service| Common::Denied.refusal(service, "no <way>".to_owned());
    let body = |service, format| denied(service).body(service, format, "r-1");
    assert_eq!(
        body(Service::DynamoDb, Format::Json10),
        br#"{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"no <way>"}"#
    );
    let cbor: std::collections::BTreeMap<String, String> =
        ciborium::from_reader(&*body(Service::CloudWatch, Format::Cbor)).unwrap();
    assert_eq!(cbor["__type"], "com.amazonaws.cloudwatch#AccessDeniedException");
    assert_eq!(cbor["message"], "no <way>");
    assert_eq!(denied(Service::CloudWatch).query_error(), "AccessDenied;Sender");
    let xml = String::from_utf8(body(Service::Sts, Format::Query)).unwrap();
    assert!(xml.contains("<Code>AccessDenied</Code><Message>no &lt;way&gt;</Message>"), "{xml}");
    assert_eq!(body(Service::Lambda, Format::RestJson), br#"{"Message":"no <way>"}"#);
    let wrong = Refusal::client("InvalidParameterValueException", "", "no");
    let document = wrong.body(Service::Lambda, Format::RestJson, "r-1");
    assert_eq!(document, br#"{"Type":"User","message":"no"}"#);
    let broken = Common::Internal.refusal(Service::Lambda, "no".to_owned());
    let document = broken.body(Service::Lambda, Format::RestJson, "r-1");
    assert_eq!(document, br#"{"Message":"no","Type":"Service"}"#);
    assert_eq!(denied(Service::DynamoDb).status, 400);
    assert_eq!(denied(Service::CloudWatch).status, 403);
}
