//! Writes, judged by nobody here: boto3 changes the simulated AWS over HTTP, and botocore's service models judge the
//! replies. Its clock moves on by a second with every call, so that what takes seconds takes calls and no time.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use ddbtop_sim::front::listen;
use tokio::net::TcpListener;

use crate::support::{python, sim};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/judge_writes.py");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_do_what_they_say_and_their_replies_fit_the_models_of_botocore() {
    let python = tokio::task::spawn_blocking(|| python::python("judges")).await.unwrap();
    let world = sim::world("at-max", None);
    let (start, calls) = (world.start(), AtomicU32::new(0));
    let clock = Arc::new(move || start + f64::from(calls.fetch_add(1, Ordering::Relaxed)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(listen::serve(listener, world, clock, std::future::pending()));
    let judge = move || Command::new(python).arg(SCRIPT).arg(endpoint).output().unwrap();
    let verdict = tokio::task::spawn_blocking(judge).await.unwrap();
    server.abort();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (found, trouble) = (text(&verdict.stdout), text(&verdict.stderr));
    assert!(verdict.status.success(), "{found}\n{trouble}");
}
