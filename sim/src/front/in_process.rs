//! The world as an HTTP client of the AWS SDK: no socket, but every layer of the SDK above it.

use std::fmt;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;

use super::{Clock, wait};
use crate::wire::{Reply, Request};
use crate::world::World;

/// An HTTP client that asks a world instead of the network.
///
/// Delays and silence run on tokio's time; the SDK's own time-outs apply above it.
#[derive(Clone)]
pub struct InProcess {
    world: World,
    clock: Clock,
}

impl InProcess {
    /// Makes a client of `world`, whose present is what `clock` tells.
    pub fn new(world: World, clock: Clock) -> Self {
        Self { world, clock }
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").field("world", &self.world).finish_non_exhaustive()
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Self { world, clock } = self.clone();
        HttpConnectorFuture::new(async move {
            let reply = ask(&world, &request, clock())?;
            wait(reply.timing).await;
            respond(reply)
        })
    }
}

impl HttpClient for InProcess {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

fn ask(world: &World, request: &HttpRequest, now: f64) -> Result<Reply, ConnectorError> {
    let Some(body) = request.body().bytes() else {
        return Err(ConnectorError::user("a streamed body cannot be read in process".into()));
    };
    // Everything after the authority; a URI without a path means its root.
    let after_scheme = request.uri().split_once("://").map_or(request.uri(), |(_, rest)| rest);
    let path = after_scheme.find('/').and_then(|at| after_scheme.get(at..)).unwrap_or("/");
    let header = |name: &str| request.headers().get(name);
    let request = Request { method: request.method(), path, header: &header, body };
    Ok(world.handle(&request, now))
}

fn respond(reply: Reply) -> Result<HttpResponse, ConnectorError> {
    let status = reply.status.try_into().map_err(|error| ConnectorError::user(Box::new(error)))?;
    let mut response = HttpResponse::new(status, SdkBody::from(reply.body));
    for (name, value) in reply.headers {
        let added = response.headers_mut().try_insert(name, value);
        added.map_err(|error| ConnectorError::user(Box::new(error)))?;
    }
    Ok(response)
}
