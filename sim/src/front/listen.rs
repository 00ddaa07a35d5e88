//! The world as an HTTP server, for any AWS client in any language.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::{Clock, wait};
use crate::wire::{MAX_BODY, Reply, Request};
use crate::world::World;

/// How long to wait after a connection could not be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves `world`, whose present is what `clock` tells, on `listener` until `shutdown` completes; open
/// connections are then cut, as those that are being answered with silence would never end.
pub async fn serve(
    listener: TcpListener,
    world: World,
    clock: Clock,
    shutdown: impl Future<Output = ()>,
) {
    let mut shutdown = pin!(shutdown);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = &mut shutdown => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, world.clone(), clock.clone()));
                }
                // A client gone before it was accepted, or no file descriptor left: some may come free.
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn converse(stream: TcpStream, world: World, clock: Clock) {
    let service = service_fn(|request| answer(request, &world, &clock));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service);
    // A client that breaks off has said all it wanted to.
    let _ = connection.await;
}

async fn answer(
    request: hyper::Request<Incoming>,
    world: &World,
    clock: &Clock,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
        return Ok(status_only(StatusCode::PAYLOAD_TOO_LARGE));
    };
    let reply = ask(world, &parts, &body.to_bytes(), clock());
    wait(reply.timing).await;
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    let response = response.body(Full::from(reply.body));
    Ok(response.unwrap_or_else(|_| status_only(StatusCode::INTERNAL_SERVER_ERROR)))
}

fn ask(world: &World, parts: &Parts, body: &[u8], now: f64) -> Reply {
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    world.handle(&Request { method: parts.method.as_str(), path, header: &header, body }, now)
}

fn status_only(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}
