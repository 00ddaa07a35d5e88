//! Replies kept for replay: the SDK without a server, and the server without the SDK.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use ddbtop_sim::wire::Request;
use ddbtop_sim::world::World;

/// A world that is asked each question once; the same question again gets the same reply.
#[derive(Debug, Clone)]
pub(crate) struct Canned {
    world: World,
    exchanges: Arc<Mutex<HashMap<Vec<u8>, Exchange>>>,
}

#[derive(Debug, Clone)]
struct Exchange {
    method: String,
    path: String,
    headers: HashMap<String, String>,
    body: Vec<u8>,
    reply_headers: Vec<(&'static str, String)>,
    reply: Vec<u8>,
}

impl Exchange {
    fn new(world: &World, request: &HttpRequest) -> Self {
        let (_, path) = request.uri().split_once("amazonaws.com").unwrap();
        let headers = request.headers().iter();
        let mut exchange = Self {
            method: request.method().to_owned(),
            path: path.to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: request.body().bytes().unwrap().to_vec(),
            reply_headers: vec![],
            reply: vec![],
        };
        let (headers, reply) = exchange.ask(world);
        exchange.reply_headers = headers;
        exchange.reply = reply;
        exchange
    }

    fn ask(&self, world: &World) -> (Vec<(&'static str, String)>, Vec<u8>) {
        let header = |name: &str| self.headers.get(name).map(String::as_str);
        let request =
            Request { method: &self.method, path: &self.path, header: &header, body: &self.body };
        let reply = world.handle(&request, world.start());
        assert_eq!(reply.status, 200);
        (reply.headers, reply.body)
    }

    fn response(&self) -> HttpResponse {
        let status = 200.try_into().unwrap();
        let mut response = HttpResponse::new(status, SdkBody::from(self.reply.as_slice()));
        for (name, value) in &self.reply_headers {
            response.headers_mut().insert(*name, value.clone());
        }
        response
    }
}

impl Canned {
    /// Keeps the replies of `world`.
    pub(crate) fn new(world: &World) -> Self {
        Self { world: world.clone(), exchanges: Arc::default() }
    }

    /// Asks the world every question again and returns the bytes of its replies.
    pub(crate) fn ask_again(&self) -> usize {
        let exchanges = self.exchanges.lock().unwrap();
        exchanges.values().map(|exchange| exchange.ask(&self.world).1.len()).sum()
    }
}

impl HttpConnector for Canned {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let question = request.body().bytes().unwrap().to_vec();
        let mut exchanges = self.exchanges.lock().unwrap();
        let exchange =
            exchanges.entry(question).or_insert_with(|| Exchange::new(&self.world, &request));
        HttpConnectorFuture::ready(Ok(exchange.response()))
    }
}

impl HttpClient for Canned {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
