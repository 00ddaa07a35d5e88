//! Refusals: the error replies of AWS services.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::json;

use super::{Format, Service};

/// An error reply.
///
/// `CloudWatch` was a Query service before it spoke JSON and CBOR and keeps its old error codes in the
/// header `x-amzn-query-error` (Smithy, "AWS Query compatible"); STS still is one. Hence two codes.
/// Lambda, a REST service, gives the name in the header `x-amzn-errortype` alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// HTTP status.
    pub(crate) status: u16,
    /// The name of the error's shape, as `__type` gives it in JSON and CBOR.
    pub(crate) shape: &'static str,
    /// The code of the Query protocol.
    pub(crate) query_code: &'static str,
    /// What a person reads.
    pub(crate) message: String,
}

/// The errors that every service has (AWS, "Common Errors").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Common {
    /// Another change is under way.
    Conflict,
    Denied,
    Expired,
    Internal,
    Malformed,
    NoToken,
    Throttled,
    UnknownOperation,
}

impl Common {
    /// Makes the refusal that `service` gives; those that only ever spoke AWS JSON answer 400 where the
    /// services of the Query family and Lambda answer 403.
    pub(crate) fn refusal(self, service: Service, message: String) -> Refusal {
        let forbidden = match service {
            Service::CloudWatch | Service::Sts | Service::Lambda => 403,
            Service::DynamoDb
            | Service::DynamoDbStreams
            | Service::ApplicationAutoscaling
            | Service::Dax => 400,
        };
        let of_lambda = service == Service::Lambda;
        let conflict = match service {
            Service::DynamoDb | Service::DynamoDbStreams => "ResourceInUseException",
            Service::CloudWatch | Service::Lambda => "ResourceConflictException",
            Service::ApplicationAutoscaling | Service::Dax | Service::Sts => {
                "ConcurrentUpdateException"
            }
        };
        let (status, shape, query_code) = match self {
            Self::Conflict => (400, conflict, conflict),
            Self::Denied => (forbidden, "AccessDeniedException", "AccessDenied"),
            Self::Expired => (forbidden, "ExpiredTokenException", "ExpiredToken"),
            Self::Internal if of_lambda => (500, "ServiceException", "InternalServiceError"),
            Self::Internal => (500, "InternalServerError", "InternalServiceError"),
            Self::Malformed => (400, "SerializationException", "MalformedInput"),
            Self::NoToken => {
                (forbidden, "MissingAuthenticationTokenException", "MissingAuthenticationToken")
            }
            Self::Throttled if of_lambda => (429, "TooManyRequestsException", "Throttling"),
            Self::Throttled => (400, "ThrottlingException", "Throttling"),
            Self::UnknownOperation => (400, "UnknownOperationException", "InvalidAction"),
        };
        Refusal { status, shape, query_code, message }
    }
}

impl Refusal {
    /// Makes a refusal with status 400.
    pub(crate) fn client(
        shape: &'static str,
        query_code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self { status: 400, shape, query_code, message: message.into() }
    }

    /// Makes the `x-amzn-query-error` header of query-compatible services.
    pub(crate) fn query_error(&self) -> String {
        format!("{};{}", self.query_code, self.fault())
    }

    fn fault(&self) -> &'static str {
        if self.status < 500 { "Sender" } else { "Receiver" }
    }

    /// Writes the body.
    pub(crate) fn body(&self, service: Service, format: Format, request_id: &str) -> Vec<u8> {
        let namespace = match service {
            Service::DynamoDb | Service::DynamoDbStreams if self.shape.contains("NotFound") => {
                "com.amazonaws.dynamodb.v20120810#"
            }
            Service::DynamoDb | Service::DynamoDbStreams => "com.amazon.coral.service#",
            Service::CloudWatch => "com.amazonaws.cloudwatch#",
            Service::ApplicationAutoscaling | Service::Sts | Service::Lambda | Service::Dax => "",
        };
        let document = Document { kind: format!("{namespace}{}", self.shape), refusal: self };
        match format {
            Format::Query => self.xml(request_id).into_bytes(),
            Format::RestJson => self.rest_json().to_string().into_bytes(),
            // A document of two strings cannot fail to be written.
            Format::Json10 | Format::Json11 | Format::Cbor => {
                format.encode(service, &document).unwrap_or_default()
            }
        }
    }

    /// The document of Lambda: its own errors say whose fault they are, and some shapes spell `Message` so
    /// (API reference, "Errors"); those of the layers before it say neither.
    fn rest_json(&self) -> serde_json::Value {
        let kind = if self.status < 500 { "User" } else { "Service" };
        match self.shape {
            "InvalidParameterValueException" | "TooManyRequestsException" => {
                json!({ "Type": kind, "message": self.message })
            }
            "ResourceNotFoundException" | "ServiceException" => {
                json!({ "Type": kind, "Message": self.message })
            }
            "AccessDeniedException" => json!({ "Message": self.message }),
            _ => json!({ "message": self.message }),
        }
    }

    fn xml(&self, request_id: &str) -> String {
        format!(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>{}</Type>\
             <Code>{}</Code><Message>{}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>",
            self.fault(),
            self.query_code,
            escape(&self.message),
        )
    }
}

/// Escapes text for XML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The error document of JSON and CBOR.
struct Document<'a> {
    kind: String,
    refusal: &'a Refusal,
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The authorization layer in front of AWS's JSON services writes `Message`, the services `message`.
        let key = match self.refusal.shape {
            "AccessDeniedException" if serializer.is_human_readable() => "Message",
            _ => "message",
        };
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("__type", &self.kind)?;
        map.serialize_entry(key, &self.refusal.message)?;
        map.end()
    }
}
