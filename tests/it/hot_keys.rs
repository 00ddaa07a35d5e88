//! Hot keys from the simulated AWS through the pollers and the store to the JSON of a snapshot, and nowhere in
//! clear.

use crate::support::ddbtop::ddbtop;
use crate::support::sim::world;
use ddbtop::aws::{Connection, connect_simulated};
use ddbtop::clock::Clock;
use ddbtop::model::contributor::{MaskSalt, RuleKind};
use ddbtop::model::id::Resource;
use ddbtop::model::update::{News, Update};
use ddbtop::poll::{Interest, Settings, once};
use ddbtop::store::{self, Detail, HotKeys, Store};
use ddbtop_sim::fault::{Effect, Fault};
use ddbtop_sim::front::in_process::InProcess;
use ddbtop_sim::wire::Service;
use ddbtop_sim::world::World;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::sync::Arc;

/// What the hot key of each scenario is, which the world alone knows.
const SECRETS: [(&str, &str); 3] = [
    ("hot-key-read", "PRODUCT#70418"),
    ("hot-key-gsi", "STATUS#PENDING"),
    ("rolling-hot-key", "LOT#"),
];

fn clock(world: &World) -> Clock {
    let origin = SignedDuration::from_secs_f64(world.start());
    Clock::simulated(Timestamp::from_duration(origin).unwrap(), 0.0)
}

fn connection(world: &World, clock: &Clock) -> Connection {
    let told = clock.clone();
    let now = Arc::new(move || told.now().as_duration().as_secs_f64());
    let http = InProcess::new(world.clone(), now);
    connect_simulated(http, &world.account().region, clock.clone())
}

/// Looks once at a world, with a table open or not.
async fn look(world: &World, open: Option<Resource>) -> Vec<Update> {
    let clock = clock(world);
    let settings = Settings { mask_salt: MaskSalt::new(7), ..Settings::default() };
    let interest = Interest { last_key: clock.now(), open, ..Interest::default() };
    once(connection(world, &clock), clock.clone(), settings, interest).await
}

fn stored(updates: Vec<Update>) -> Store {
    let mut store = Store::new(store::Settings::default());
    for update in updates {
        store.apply(update);
    }
    store
}

fn hot_keys<'a>(store: &'a Store, resource: &Resource) -> Detail<'a, HotKeys> {
    let scope = store.scopes().next().unwrap();
    store.reading(scope, Timestamp::from_second(1_795_348_800).unwrap()).hot_keys(resource)
}

#[tokio::test]
async fn what_is_in_trouble_is_read_and_its_hot_key_takes_a_whole_partition() {
    let world = world("hot-key-read", None);
    let store = stored(look(&world, None).await);
    let known = hot_keys(&store, &Resource::table("catalog")).value().expect("it is in trouble");
    assert_eq!(known.reports().len(), 4);
    for kind in RuleKind::ALL {
        let report = known.report(kind).unwrap();
        let first = &report.contributors[0];
        assert_eq!(first.keys[0].reveal(), "PRODUCT#70418", "{kind:?}");
        let share = report.share_of_total(first).unwrap();
        assert!(
            if kind.is_of_throttles() { share > 0.9 } else { share > 0.3 },
            "{kind:?}: {share}"
        );
    }
    let accessed = known.report(RuleKind::AccessedKeys).unwrap();
    // The other keys of its partition take a little of it.
    let newest = accessed.contributors[0].points.last().unwrap().1;
    assert!((160_000.0..=180_000.0).contains(&newest), "{newest}");
    let trend = known.trend(RuleKind::AccessedKeys, &accessed.contributors[0].keys).unwrap();
    assert_eq!(trend.first_seen.to_string(), "2026-11-22T11:49:00Z");
    assert!(!trend.or_earlier);
    // The table beside it is well: nobody pays for its report.
    assert_eq!(hot_keys(&store, &Resource::table("reviews")), Detail::NotPolled);
    let asked = world.ledger().into_iter().filter(|call| call.operation == "GetInsightRuleReport");
    assert_eq!(asked.map(|call| call.metrics_requested).sum::<usize>(), 4);
}

#[tokio::test]
async fn an_open_table_is_read_though_it_is_well() {
    let world = world("hot-key-read", None);
    let store = stored(look(&world, Some(Resource::table("reviews"))).await);
    let known = hot_keys(&store, &Resource::table("reviews")).value().expect("it is open");
    let kinds: Vec<RuleKind> = known.reports().iter().map(|report| report.kind).collect();
    assert_eq!(kinds, [RuleKind::ThrottledKeys, RuleKind::ThrottledPairs]);
    assert!(known.reports().iter().all(|report| report.contributors.is_empty()));
}

#[tokio::test]
async fn a_denied_report_names_its_permission() {
    let world = world("hot-key-gsi", None);
    let deny = Fault::on(Service::CloudWatch, Effect::Deny).operation("GetInsightRuleReport");
    world.faults().inject(deny);
    let store = stored(look(&world, None).await);
    let detail = hot_keys(&store, &Resource::index("orders", "by-status"));
    assert_eq!(detail, Detail::Denied { action: "cloudwatch:GetInsightRuleReport" });
}

#[tokio::test]
async fn no_key_is_in_the_debug_output_of_anything_that_was_read() {
    for (scenario, secret) in SECRETS {
        let world = world(scenario, None);
        let updates = look(&world, None).await;
        let reports = updates.iter().filter(|update| matches!(update.news, News::HotKeys(..)));
        assert!(reports.count() > 0, "{scenario}");
        let values: Vec<String> = revealed(&updates);
        assert!(values.iter().any(|value| value.starts_with(secret)), "{scenario}: {values:?}");
        let store = stored(updates.clone());
        for written in [format!("{updates:?}"), format!("{store:?}"), format!("{store:#?}")] {
            for value in &values {
                assert!(!written.contains(value.as_str()), "{scenario} writes {value}");
            }
        }
    }
}

/// Every key that was read, in clear.
fn revealed(updates: &[Update]) -> Vec<String> {
    let mut values = vec![];
    for update in updates {
        let News::HotKeys(_, Ok(read)) = &update.news else { continue };
        let contributors = read.reports.iter().flat_map(|report| &report.contributors);
        values.extend(contributors.flat_map(|one| &one.keys).map(|key| key.reveal().to_owned()));
    }
    values.sort();
    values.dedup();
    values
}

fn snapshot(scenario: &str) -> String {
    let output = ddbtop(&[&format!("--demo={scenario}"), "--seed=1", "snapshot", "--format=json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn a_snapshot_has_the_masks_of_hot_keys_and_not_one_key() {
    for (scenario, _) in SECRETS {
        let written = snapshot(scenario);
        for value in revealed(&look(&world(scenario, None), None).await) {
            assert!(!written.contains(&value), "{scenario} writes {value}");
        }
        let json: Value = serde_json::from_str(&written).unwrap();
        let found = json["hot_keys"].as_array().unwrap();
        let rules = found.iter().flat_map(|one| one["rules"].as_array().unwrap());
        assert!(rules.flat_map(|rule| rule["contributors"].as_array().unwrap()).count() > 0);
        let again: Value = serde_json::from_str(&snapshot(scenario)).unwrap();
        assert_eq!(json["hot_keys"], again["hot_keys"], "the same seed has the same masks");
    }
}

#[test]
fn the_json_of_hot_keys_says_state_mode_window_and_shares_in_units() {
    let json: Value = serde_json::from_str(&snapshot("hot-key-read")).unwrap();
    let [catalog, reviews] = json["hot_keys"].as_array().unwrap().as_slice() else {
        panic!("{json}")
    };
    assert_eq!(
        (&catalog["resource"], &catalog["state"]),
        (&"table/catalog".into(), &"value".into())
    );
    assert_eq!(
        (&catalog["status"], &catalog["mode"]),
        (&"ENABLED".into(), &"ACCESSED_AND_THROTTLED_KEYS".into())
    );
    assert_eq!(
        (&reviews["state"], &reviews["rules"]),
        (&"not_polled".into(), &Value::Array(vec![]))
    );
    let kinds: Vec<&str> = catalog["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["PKT", "PKC", "SKT", "SKC"]);
    let [throttled, accessed] = [&catalog["rules"][0], &catalog["rules"][1]];
    assert_eq!(accessed["window"]["minutes"], 15);
    assert_eq!(accessed["key_attributes"], Value::Array(vec!["PK".into()]));
    let first = &accessed["contributors"][0];
    let key = first["keys"][0].as_str().unwrap();
    assert!(key.starts_with("PRODUCT#*") && key.len() == "PRODUCT#*".len() + 6, "{key}");
    assert_eq!(
        throttled["contributors"][0]["keys"], first["keys"],
        "equal keys are told apart as equal"
    );
    let units = first["consumed_throughput_units"].as_f64().unwrap();
    let share = first["share_of_partition_percent"].as_f64().unwrap();
    assert!((share - 100.0 * units / (180_000.0 * 15.0)).abs() < 1e-9, "{share}");
    assert!(first["throttle_events"].is_null());
    let refused = &throttled["contributors"][0];
    assert!(refused["throttle_events"].as_f64().unwrap() > 0.0);
    assert!(refused["share_of_partition_percent"].is_null());
    assert!(refused["share_of_total_percent"].as_f64().unwrap() > 90.0);
    assert_eq!(first["first_seen"], "2026-11-22T11:49:00Z");
}
