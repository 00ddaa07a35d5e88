//! The simulated AWS over HTTP, read by the SDK's own HTTP client.

use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use ddbtop_sim::fault::{Effect, Fault};
use ddbtop_sim::front::listen;
use ddbtop_sim::wire::{MAX_BODY, Service};
use ddbtop_sim::world::World;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::support::sim;

/// Serves a world on the loopback; returns its address, and what stops it.
async fn serve(world: &World) -> (String, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (stop, stopped) = oneshot::channel();
    let shutdown = async { stopped.await.unwrap_or_default() };
    let server = tokio::spawn(listen::serve(listener, world.clone(), sim::frozen(world), shutdown));
    (address, stop, server)
}

fn client(address: &str) -> aws_sdk_dynamodb::Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "test"))
        .endpoint_url(format!("http://{address}"))
        .retry_config(RetryConfig::disabled())
        .build();
    aws_sdk_dynamodb::Client::from_conf(config)
}

#[tokio::test]
async fn tables_are_listed_over_http_as_in_process() {
    let world = sim::world("calm", Some(120));
    let (address, _stop, _server) = serve(&world).await;
    let names = |client: aws_sdk_dynamodb::Client| async move {
        let pages = client.list_tables().into_paginator().items().send();
        pages.collect::<Result<Vec<_>, _>>().await.unwrap()
    };
    let over_http = names(client(&address)).await;
    let in_process = names(aws_sdk_dynamodb::Client::new(&sim::sdk_config(&world))).await;
    assert_eq!(over_http.len(), 120);
    assert_eq!(over_http, in_process);
}

#[tokio::test]
async fn a_fault_injected_while_it_serves_strikes_and_passes() {
    let world = sim::world("calm", None);
    let (address, _stop, _server) = serve(&world).await;
    let client = client(&address);
    client.list_tables().send().await.unwrap();
    world.faults().inject(Fault::on(Service::DynamoDb, Effect::Throttle).count(1));
    let error = client.list_tables().send().await.unwrap_err();
    assert_eq!(error.code(), Some("ThrottlingException"));
    client.list_tables().send().await.unwrap();
}

#[tokio::test]
async fn a_body_that_claims_too_much_is_refused_before_it_is_read() {
    let world = sim::world("calm", None);
    let (address, _stop, _server) = serve(&world).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", MAX_BODY + 1);
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![b' '; MAX_BODY + 1]).await.ok();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[tokio::test]
async fn shutdown_ends_the_server_though_a_caller_waits_in_silence() {
    let world = sim::world("calm", None);
    let (address, stop, server) = serve(&world).await;
    world.faults().inject(Fault::on(Service::DynamoDb, Effect::Silence));
    let waiting = tokio::spawn(async move { client(&address).list_tables().send().await.is_err() });
    while world.ledger().is_empty() {
        tokio::task::yield_now().await;
    }
    stop.send(()).unwrap();
    server.await.unwrap();
    assert!(waiting.await.unwrap(), "the connection was cut");
}
