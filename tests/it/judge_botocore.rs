//! The judge that nobody here wrote: boto3 reads every operation of the simulated AWS over HTTP, and each
//! reply is checked against botocore's service models.

use std::process::Command;

use ddbtop::sim::front::listen;
use tokio::net::TcpListener;

use crate::support::{python, sim};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/judge_botocore.py");

/// Lets the judge loose on a scenario.
async fn judge(scenario: &str, tables: Option<usize>, demands: &'static [&'static str]) {
    let python = tokio::task::spawn_blocking(|| python::python("judges")).await.unwrap();
    let world = sim::world(scenario, tables);
    let (start, clock) = (world.start(), sim::frozen(&world));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(listen::serve(listener, world, clock, std::future::pending()));
    let verdict = tokio::task::spawn_blocking(move || {
        Command::new(python)
            .args(["-B", SCRIPT]) // leaves no byte code in the source
            .args([endpoint, start.to_string()])
            .args(demands)
            .output()
            .unwrap()
    });
    let verdict = verdict.await.unwrap();
    server.abort();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (found, trouble) = (text(&verdict.stdout), text(&verdict.stderr));
    assert!(verdict.status.success(), "{scenario}:\n{found}\n{trouble}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reply_of_the_incident_fits_the_models_of_botocore() {
    judge("incident", None, &["--rich"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reply_about_alarms_fits_the_models_of_botocore() {
    judge("alarm-storm", None, &["--alarms"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reply_of_a_large_fleet_fits_the_models_of_botocore() {
    judge("calm", Some(250), &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reply_about_replicas_that_lag_fits_the_models_of_botocore() {
    judge("replica-lag", None, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reply_of_the_misconfigured_fleet_fits_the_models_of_botocore() {
    judge("misconfigured", None, &[]).await;
}
