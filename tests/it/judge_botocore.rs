//! The judge that nobody here wrote: boto3 reads every operation of the simulated AWS over HTTP, and each
//! reply is checked against botocore's service models.

use std::process::Command;

use ddbtop_sim::front::listen;
use tokio::net::TcpListener;

use crate::support::{python, sim};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/judge_botocore.py");

/// Lets the judge loose on a scenario.
async fn judge(scenario: &str, tables: Option<usize>, demands: &str) {
    let python = tokio::task::spawn_blocking(|| python::python("judges")).await.unwrap();
    let world = sim::world(scenario, tables);
    let (start, clock) = (world.start(), sim::frozen(&world));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(listen::serve(listener, world, clock, std::future::pending()));
    let demands: Vec<String> = demands.split_whitespace().map(str::to_owned).collect();
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
    judge("incident", None, "--rich").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reply_about_alarms_fits_the_models_of_botocore() {
    judge("alarm-storm", None, "--alarms").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reply_of_a_large_fleet_fits_the_models_of_botocore() {
    judge("calm", Some(250), "").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reply_about_replicas_that_lag_fits_the_models_of_botocore() {
    judge("replica-lag", None, "").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reply_of_the_misconfigured_fleet_fits_the_models_of_botocore() {
    judge("misconfigured", None, "").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reply_about_dax_fits_the_models_of_botocore_and_clusters_are_their_nodes() {
    // Events are only where something happened to the cluster itself.
    for (scenario, demands) in [
        ("dax-node-loss", "--dax"),
        ("dax-cold-cache", "--dax"),
        ("dax-saturated", ""),
        ("dax-ttl-too-short", "--dax"),
        ("dax-miss-storm", ""),
    ] {
        judge(scenario, None, demands).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reports_of_hot_keys_fit_the_models_of_botocore_and_the_published_metrics() {
    let rule = "--hot-key=DynamoDBContributorInsights";
    let demands = format!("{rule}-PKC-catalog-1=PRODUCT#70418 {rule}-PKT-catalog-1=PRODUCT#70418");
    judge("hot-key-read", None, &demands).await;
    let demands = format!("{rule}-PKC-orders-by-status-1=STATUS#PENDING");
    judge("hot-key-gsi", None, &demands).await;
    judge("rolling-hot-key", None, "").await;
}
