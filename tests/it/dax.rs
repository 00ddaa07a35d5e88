//! DAX from the simulated AWS to the screen: the cause on a small one, what is denied, and what the settings say.

use crate::screens::stores::options;
use crate::support::ddbtop::ddbtop;
use crate::support::sim::world;
use ddbtop::app::key::Key;
use ddbtop::app::{App, Msg};
use ddbtop::aws::connect_simulated;
use ddbtop::clock::Clock;
use ddbtop::poll::{Interest, Settings, once};
use ddbtop::report::snapshot::text;
use ddbtop_sim::fault::{Effect, Fault};
use ddbtop_sim::front::in_process::InProcess;
use ddbtop_sim::scenario::Scenario;
use ddbtop_sim::wire::Service;
use ddbtop_sim::world::{World, WorldOptions};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::fs;
use std::sync::Arc;

/// What the panes of these keys show of a scenario, where these operations of DAX are denied.
async fn shown(scenario: &str, denied: &[&str], keys: &[char]) -> Vec<String> {
    let world = world(scenario, None);
    for operation in denied {
        world.faults().inject(Fault::on(Service::Dax, Effect::Deny).operation(operation));
    }
    shown_of(&world, keys, (120, 40)).await
}

/// What the panes of these keys show of a world, on a screen of so many columns and rows.
async fn shown_of(world: &World, keys: &[char], (width, height): (u16, u16)) -> Vec<String> {
    let now = Timestamp::from_duration(SignedDuration::from_secs_f64(world.start())).unwrap();
    let clock = Clock::simulated(now, 0.0);
    let epoch = now.as_duration().as_secs_f64();
    let http = InProcess::new(world.clone(), Arc::new(move || epoch));
    let connection = connect_simulated(http, &world.account().region, clock.clone());
    let interest = Interest { last_key: now, ..Interest::default() };
    let updates = once(connection, clock, Settings::default(), interest).await;
    let mut app = App::new(options());
    app.handle(Msg::Resize(width, height), now);
    app.handle(Msg::Updates(updates), now);
    let mut show = |key: &char| {
        app.handle(Msg::Key(Key::Char(*key)), now);
        text(&app.screen(now), width, height)
    };
    keys.iter().map(&mut show).collect()
}

/// So many clusters of one node, of which only the first has traffic.
fn idle_but_one(clusters: usize) -> World {
    let cluster = |number: usize| {
        format!(
            "[[dax]]\nname = 'cluster-{number:02}'\nnode_type = 'dax.r5.large'\n\
             nodes = [{{ zone = 'us-east-1a' }}]\n"
        )
    };
    let toml: String = (0..clusters).map(cluster).collect();
    let toml = format!(
        "start = '2026-11-22T12:00:00Z'\n{toml}[[table]]\nname = 'orders'\n\
         [[table.traffic]]\noperation = 'GetItem'\nrate = 50\ndax = {{ cluster = 'cluster-00' }}"
    );
    let scenario = Scenario::parse("idle", &toml).unwrap();
    World::new(&WorldOptions { scenario, seed: 1, tables: None })
}

#[tokio::test(start_paused = true)]
async fn clusters_without_traffic_are_idle_and_not_unknown() {
    const CLUSTERS: usize = 46;
    let shown = shown_of(&idle_but_one(CLUSTERS), &['5'], (200, 90)).await;
    let rows: Vec<&str> = shown[0].lines().filter(|line| line.contains("  cluster-")).collect();
    assert_eq!(rows.len(), CLUSTERS, "{}", shown[0]);
    for (number, row) in rows.into_iter().enumerate() {
        let is_idle = row.matches("idle").count() == 6 && row.contains(" 2% ");
        assert!(number == 0 || is_idle, "{row}");
        assert!(!row.contains('?'), "{row}");
    }
}

#[tokio::test(start_paused = true)]
async fn denied_clusters_name_the_action_and_leave_the_tables_judged() {
    let shown = shown("dax-cold-cache", &["DescribeClusters"], &['5', '1']).await;
    assert!(shown[0].contains("dax:DescribeClusters"), "{}", shown[0]);
    assert!(
        shown[1].contains("profiles") && shown[1].contains("provisioned capacity"),
        "{}",
        shown[1]
    );
    assert!(!shown[1].contains("dax:DescribeClusters"), "{}", shown[1]);
}

#[tokio::test(start_paused = true)]
async fn denied_events_and_parameters_leave_the_cause_that_the_nodes_tell() {
    let denied = ["DescribeEvents", "DescribeParameters"];
    let shown = shown("dax-cold-cache", &denied, &['5', 'd']).await;
    assert!(shown[0].contains("cold cache"), "{}", shown[0]);
    for action in ["dax:DescribeEvents", "dax:DescribeParameters"] {
        assert!(shown[1].contains(action), "{}", shown[1]);
    }
}

#[tokio::test(start_paused = true)]
async fn where_events_are_denied_a_short_ttl_is_not_blamed() {
    let shown = shown("dax-ttl-too-short", &["DescribeEvents"], &['5']).await;
    assert!(shown[0].contains("misses raised, cause unknown"), "{}", shown[0]);
}

#[test]
fn the_cause_is_readable_on_a_small_screen() {
    for (scenario, cause) in [
        ("dax-node-loss", "node down"),
        ("dax-saturated", "CPU saturated"),
        ("dax-ttl-too-short", "TTL too short"),
        ("dax-cold-cache", "cold cache"),
        ("dax-miss-storm", "miss storm"),
    ] {
        let demo = format!("--demo={scenario}");
        let read = ddbtop(&[&demo, "snapshot", "--pane=dax", "--size=80x24"]);
        let shown = String::from_utf8_lossy(&read.stdout);
        let rows: Vec<&str> = shown.lines().filter(|line| line.contains(cause)).collect();
        assert!(!rows.is_empty(), "{scenario}:\n{shown}");
        assert_eq!(shown.lines().count(), 24, "{shown}");
        assert!(shown.contains("next"), "what to do is there, too:\n{shown}");
        let tables = ddbtop(&[&demo, "snapshot", "--size=80x24"]);
        let shown = String::from_utf8_lossy(&tables.stdout);
        assert!(shown.contains(" on pane 5 DAX"), "the Tables pane points at it:\n{shown}");
    }
}

#[test]
fn what_is_behind_a_verdict_and_what_to_do_there_comes_before_it() {
    for (flags, expected) in [
        (
            &["--demo=dax-node-loss", "snapshot", "--pane=dax"][..],
            &[
                "catalog-b: node down; CPU",
                " from  node catalog-b of DAX cluster catalog: node down",
            ][..],
        ),
        (
            &["--demo=dax-miss-storm", "snapshot"],
            &[" from  DAX cluster listings: miss storm: find who asks"],
        ),
    ] {
        let shown = String::from_utf8(ddbtop(flags).stdout).unwrap();
        for part in expected {
            assert!(shown.contains(part), "{part}:\n{shown}");
        }
        let place = |what: &str| shown.find(what).unwrap();
        assert!(place(" from  ") < place(" what  "), "{shown}");
    }
}

/// The JSON of a scenario and what is said beside it, with these settings.
fn with_settings(scenario: &str, settings: &str) -> (Value, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, settings).unwrap();
    let demo = format!("--demo={scenario}");
    let config = format!("--config={}", path.display());
    let read = ddbtop(&[&demo, &config, "snapshot", "--format=json"]);
    let said = String::from_utf8(read.stderr).unwrap();
    (serde_json::from_slice(&read.stdout).unwrap_or_else(|_| panic!("{said}")), said)
}

#[test]
fn the_settings_say_which_tables_are_behind_a_cluster() {
    let settings = "[dax.profiles]\ntables = [\"profiles\"]\n";
    let (json, said) = with_settings("dax-cold-cache", settings);
    assert_eq!(said, "");
    let first = &json["verdicts"][0];
    assert_eq!(
        (&first["resource"], &first["cause"]),
        (&"dax/profiles".into(), &"dax-cold-cache".into())
    );
    assert_eq!(first["explains"], serde_json::json!(["table/profiles"]));
    let facts =
        first["evidence"].as_array().unwrap().iter().filter_map(|item| item["fact"].as_str());
    assert_eq!(facts.filter(|fact| *fact == "tables-behind").count(), 1, "{first}");
}

#[test]
fn names_in_the_settings_that_are_not_there_are_a_line_each() {
    let settings = "[dax.profilez]\ntables = [\"profiles\"]\n[dax.profiles]\ntables = [\"profilez\", \"profiles\"]\n";
    let (json, said) = with_settings("dax-cold-cache", settings);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines,
        [
            "ddbtop: settings: [dax.profiles] tables: no table profilez in us-east-1",
            "ddbtop: settings: [dax.profilez]: no such DAX cluster in us-east-1",
        ]
    );
    assert_eq!(json["verdicts"][0]["explains"], serde_json::json!(["table/profiles"]));
}
