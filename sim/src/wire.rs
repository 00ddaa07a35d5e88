//! Requests and replies as bytes: who is asked, in which of AWS's wire formats, and how a refusal looks.
//!
//! Formats: `AWS JSON 1.0` and `1.1`, `AWS REST JSON`, `Smithy RPC v2 CBOR`, and `AWS Query` (form in, XML
//! out); see the protocol pages of the Smithy specification.

mod query;
mod refusal;

use std::fmt;
use std::io::Read;

use ciborium::tag::Required;
use flate2::read::GzDecoder;
use serde::de::{DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::facts::Epoch;
pub(crate) use query::parameter;
pub(crate) use refusal::{Common, Refusal, escape};

/// The largest request body that is read, compressed or not: 8 MiB.
pub const MAX_BODY: usize = 8 << 20;

/// The path prefix and the `x-amz-target` prefix of CloudWatch.
const CLOUDWATCH_TARGET: &str = "GraniteServiceVersion20100801";

/// The path of `ListEventSourceMappings` (AWS Lambda's API reference).
const EVENT_SOURCE_MAPPINGS: &str = "/2015-03-31/event-source-mappings";

/// The `Version` that marks a Query request as meant for STS.
const STS_VERSION: &str = "2011-06-15";

/// One HTTP request, as far as an AWS service looks at it.
pub struct Request<'a> {
    /// For example `POST`.
    pub method: &'a str,
    /// Path with query string, without scheme and host.
    pub path: &'a str,
    /// Looks a header up by its lower-case name.
    pub header: &'a dyn Fn(&str) -> Option<&'a str>,
    /// The body as sent, perhaps compressed.
    pub body: &'a [u8],
}

impl<'a> Request<'a> {
    /// Returns the query string, still encoded; empty if there is none.
    pub(crate) fn query(&self) -> &'a str {
        self.path.split_once('?').map_or("", |(_, query)| query)
    }
}

/// One HTTP reply and when to send it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// HTTP status code.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// When to send it.
    pub timing: Timing,
}

/// When a reply leaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Timing {
    /// At once.
    Now,
    /// After so many seconds.
    Delay(f64),
    /// Never: the connection stays open without an answer.
    Silence,
}

/// The services that answer, named as IAM and botocore name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Amazon DynamoDB.
    #[serde(rename = "dynamodb")]
    DynamoDb,
    /// Amazon DynamoDB Streams.
    #[serde(rename = "dynamodbstreams")]
    DynamoDbStreams,
    /// Amazon CloudWatch.
    #[serde(rename = "cloudwatch")]
    CloudWatch,
    /// Application Auto Scaling.
    ApplicationAutoscaling,
    /// AWS Security Token Service.
    Sts,
    /// AWS Lambda.
    Lambda,
    /// Amazon DynamoDB Accelerator (DAX).
    Dax,
}

impl Service {
    /// Returns the IAM prefix, for example `cloudwatch`.
    pub fn iam_prefix(self) -> &'static str {
        match self {
            Self::DynamoDb | Self::DynamoDbStreams => "dynamodb",
            Self::CloudWatch => "cloudwatch",
            Self::ApplicationAutoscaling => "application-autoscaling",
            Self::Sts => "sts",
            Self::Lambda => "lambda",
            Self::Dax => "dax",
        }
    }
}

/// A wire format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json10,
    Json11,
    RestJson,
    Cbor,
    Query,
}

impl Format {
    /// Returns the `content-type` of a reply.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Json10 => "application/x-amz-json-1.0",
            Self::Json11 => "application/x-amz-json-1.1",
            Self::RestJson => "application/json",
            Self::Cbor => "application/cbor",
            Self::Query => "text/xml",
        }
    }

    /// Reads a request body; an unreadable one is a `SerializationException`.
    pub(crate) fn decode<T: DeserializeOwned>(
        self,
        service: Service,
        body: &[u8],
    ) -> Result<T, Refusal> {
        let value = match self {
            Self::Cbor => ciborium::from_reader(body).map_err(|error| error.to_string()),
            Self::Json10 | Self::Json11 | Self::RestJson | Self::Query => {
                serde_json::from_slice(body).map_err(|error| error.to_string())
            }
        };
        value.map_err(|text| Common::Malformed.refusal(service, text))
    }

    /// Writes a reply body.
    pub(crate) fn encode<T: Serialize>(
        self,
        service: Service,
        value: &T,
    ) -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        let written = match self {
            Self::Cbor => {
                ciborium::into_writer(value, &mut bytes).map_err(|error| error.to_string())
            }
            Self::Json10 | Self::Json11 | Self::RestJson | Self::Query => {
                serde_json::to_writer(&mut bytes, value).map_err(|error| error.to_string())
            }
        };
        match written {
            Ok(()) => Ok(bytes),
            Err(text) => Err(Common::Internal.refusal(service, text)),
        }
    }
}

/// Who is asked, how, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) service: Service,
    pub(crate) format: Format,
    pub(crate) operation: String,
}

impl Route {
    /// Reads the route off a request whose body is no longer compressed; `None` is a request that no
    /// AWS protocol explains.
    pub(crate) fn of(request: &Request<'_>, body: &[u8]) -> Option<Self> {
        match request.method {
            "GET" => Self::of_resource(request),
            "POST" => Self::of_call(request, body),
            _ => None,
        }
    }

    /// Reads the route of a REST request: its path and method are the operation.
    fn of_resource(request: &Request<'_>) -> Option<Self> {
        let path = request.path.split('?').next()?;
        (path.trim_end_matches('/') == EVENT_SOURCE_MAPPINGS).then(|| Self {
            service: Service::Lambda,
            format: Format::RestJson,
            operation: "ListEventSourceMappings".to_owned(),
        })
    }

    /// Reads the route of a remote procedure call, which names its operation.
    fn of_call(request: &Request<'_>, body: &[u8]) -> Option<Self> {
        let route = |service, format, operation: &str| {
            Some(Self { service, format, operation: operation.to_owned() })
        };
        if let Some(target) = (request.header)("x-amz-target") {
            let (prefix, operation) = target.split_once('.')?;
            return match prefix {
                "DynamoDB_20120810" => route(Service::DynamoDb, Format::Json10, operation),
                "DynamoDBStreams_20120810" => {
                    route(Service::DynamoDbStreams, Format::Json10, operation)
                }
                CLOUDWATCH_TARGET => route(Service::CloudWatch, Format::Json10, operation),
                "AnyScaleFrontendService" => {
                    route(Service::ApplicationAutoscaling, Format::Json11, operation)
                }
                "AmazonDAXV3" => route(Service::Dax, Format::Json11, operation),
                _ => None,
            };
        }
        if (request.header)("smithy-protocol") == Some("rpc-v2-cbor") {
            let rest = request.path.strip_prefix("/service/")?.strip_prefix(CLOUDWATCH_TARGET)?;
            return route(Service::CloudWatch, Format::Cbor, rest.strip_prefix("/operation/")?);
        }
        let form = std::str::from_utf8(body).ok()?;
        let field = |name| form.split('&').filter_map(|p| p.split_once('=')).find(|p| p.0 == name);
        match (field("Action"), field("Version")) {
            (Some((_, action)), Some((_, STS_VERSION))) => {
                route(Service::Sts, Format::Query, action)
            }
            _ => None,
        }
    }
}

/// Undoes `content-encoding: gzip`, which SDKs apply to bodies over 10 KiB; `None` is a body that is not
/// gzip or grows beyond [`MAX_BODY`].
pub(crate) fn inflate(body: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    let limit = u64::try_from(MAX_BODY).unwrap_or(u64::MAX) + 1;
    GzDecoder::new(body).take(limit).read_to_end(&mut plain).ok()?;
    (plain.len() <= MAX_BODY).then_some(plain)
}

/// A moment on the wire: a JSON number of epoch seconds, or CBOR tag 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stamp(pub(crate) Epoch);

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return serializer.serialize_f64(self.0);
        }
        // Most moments are whole minutes, which are smaller as integers.
        if self.0.fract() == 0.0 {
            #[expect(clippy::cast_possible_truncation, reason = "epoch seconds are far below 2^63")]
            let whole = self.0 as i64;
            return Required::<i64, 1>(whole).serialize(serializer);
        }
        Required::<f64, 1>(self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return deserializer.deserialize_any(Seconds).map(Self);
        }
        Required::<SecondsValue, 1>::deserialize(deserializer).map(|tagged| Self(tagged.0.0))
    }
}

/// Epoch seconds of either number type, which CBOR keeps apart.
struct SecondsValue(Epoch);

impl<'de> Deserialize<'de> for SecondsValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Seconds).map(Self)
    }
}

struct Seconds;

impl Visitor<'_> for Seconds {
    type Value = Epoch;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of seconds")
    }

    fn visit_f64<E>(self, seconds: f64) -> Result<Epoch, E> {
        Ok(seconds)
    }

    fn visit_i64<E>(self, seconds: i64) -> Result<Epoch, E> {
        Ok(seconds as f64)
    }

    fn visit_u64<E>(self, seconds: u64) -> Result<Epoch, E> {
        Ok(seconds as f64)
    }
}

#[cfg(test)]
mod tests;
