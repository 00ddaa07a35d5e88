//! The first minutes on screen: what was not read yet is no calm.

use super::*;
use crate::screens::stores::options;
use ddbtop::app::{App, Msg};
use ddbtop::report::snapshot::text;
use ddbtop_sim::fault::{Effect, Fault};
use ddbtop_sim::wire::Service;

/// Seconds that AWS takes to answer each call.
const LATENCY: f64 = 0.4;

/// The header's second line, second after second.
async fn headers(scenario: &str, seconds: u64) -> Vec<String> {
    let world = world(scenario, None);
    let slow = Effect::Latency(LATENCY);
    for service in [
        Service::DynamoDb,
        Service::CloudWatch,
        Service::ApplicationAutoscaling,
        Service::Lambda,
        Service::Dax,
    ] {
        world.faults().inject(Fault::on(service, slow));
    }
    let mut bench = Bench::start(world, Settings::default());
    let mut app = App::new(options());
    app.handle(Msg::Resize(160, 40), bench.clock.now());
    let mut headers = vec![];
    for _ in 0..seconds {
        let (updates, now) = (bench.pass(1).await, bench.clock.now());
        app.handle(Msg::Updates(updates), now);
        let shown = text(&app.screen(now), 160, 40);
        headers.push(shown.lines().nth(1).unwrap().to_owned());
    }
    headers
}

#[tokio::test(start_paused = true)]
async fn nothing_is_called_well_before_functions_replicas_and_dax_were_read() {
    // Of a replica its status tells that something is wrong before its latency does.
    for (scenario, waits) in [("replica-lag", false), ("stream-lag", true), ("dax-saturated", true)]
    {
        let headers = headers(scenario, 150).await;
        let early = headers.iter().find(|header| header.contains("nothing in trouble"));
        assert_eq!(early, None, "{scenario}");
        let says_so =
            |header: &String| header.contains("no trouble seen") && header.contains("not read yet");
        assert_eq!(headers.iter().any(says_so), waits, "{scenario}: {headers:#?}");
        let last = headers.last().unwrap();
        assert!(last.contains(" in trouble") && !last.contains("not read yet"), "{last}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_fleet_that_is_well_is_called_so_once_all_was_read() {
    let headers = headers("calm", 150).await;
    let first = headers.iter().position(|header| header.contains("nothing in trouble")).unwrap();
    let later = &headers[first..];
    assert!(later.iter().all(|header| header.contains("nothing in trouble")), "{later:#?}");
    assert!(headers[..first].iter().any(|header| header.contains("not read yet")), "{headers:#?}");
}
