//! An AWS that gives canned replies, for tests of what is asked and in which pages.

use super::{Connection, connect_simulated};
use crate::clock::Clock;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
pub(super) use ciborium::Value as Cbor;
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::time::Instant;

/// What was asked.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) at: Instant,
    pub(super) uri: String,
    /// As text, however it was encoded.
    pub(super) body: String,
}

/// Gives its replies in the order they were added.
#[derive(Debug, Clone, Default)]
pub(super) struct Stub(Arc<Mutex<Parts>>);

#[derive(Debug, Default)]
struct Parts {
    replies: VecDeque<(u16, &'static str, Vec<u8>)>,
    asked: Vec<Asked>,
}

/// A clock like the wall's that runs on tokio's virtual time.
pub(super) fn clock() -> Clock {
    Clock::simulated("2026-11-22T12:03:20Z".parse().unwrap(), 1.0)
}

pub(super) fn text(text: &str) -> Cbor {
    Cbor::Text(text.to_owned())
}

pub(super) fn map(fields: &[(&str, Cbor)]) -> Cbor {
    Cbor::Map(fields.iter().map(|(name, value)| (text(name), value.clone())).collect())
}

impl Stub {
    /// Adds a reply of a service that speaks JSON.
    pub(super) fn json(&self, status: u16, body: &Value) {
        self.add(status, "application/x-amz-json-1.1", body.to_string().into_bytes());
    }

    /// Adds a reply of CloudWatch.
    pub(super) fn cbor(&self, status: u16, body: &Cbor) {
        let mut bytes = vec![];
        ciborium::into_writer(body, &mut bytes).unwrap();
        self.add(status, "application/cbor", bytes);
    }

    fn add(&self, status: u16, kind: &'static str, body: Vec<u8>) {
        self.0.lock().unwrap().replies.push_back((status, kind, body));
    }

    /// Everything that was asked.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.0.lock().unwrap().asked.clone()
    }

    /// Clients of it.
    pub(super) fn connection(&self) -> Connection {
        connect_simulated(self.clone(), "us-east-1", clock())
    }
}

impl HttpConnector for Stub {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut parts = self.0.lock().unwrap();
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned();
        parts.asked.push(Asked { at: Instant::now(), uri: request.uri().to_owned(), body });
        let (status, kind, body) = parts.replies.pop_front().expect("nobody expects this call");
        let mut reply =
            HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body));
        reply.headers_mut().insert("content-type", kind);
        if kind == "application/cbor" {
            reply.headers_mut().insert("smithy-protocol", "rpc-v2-cbor");
        }
        HttpConnectorFuture::ready(Ok(reply))
    }
}

impl HttpClient for Stub {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
