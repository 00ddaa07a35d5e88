//! Recordings played again: the store, the keys, the command, and a program that was killed.

mod command;
mod keys;
mod killed;
pub(crate) mod screen;

use crate::support::sim::world;
use ddbtop::aws::connect_simulated;
use ddbtop::clock::Clock;
use ddbtop::diagnose::{Thresholds, verdicts};
use ddbtop::model::contributor::MaskSalt;
use ddbtop::model::dax::Behind;
use ddbtop::model::id::{Resource, Scope};
use ddbtop::model::metric::{Metric, SeriesKey};
use ddbtop::model::throttle::Direction;
use ddbtop::poll::{Interest, Settings, once};
use ddbtop::record::reader::Recording;
use ddbtop::record::writer::{About, Writer};
use ddbtop::replay::{Player, Survey, look_through};
use ddbtop::report::snapshot::json;
use ddbtop::store::Store;
use ddbtop_sim::front::in_process::InProcess;
use jiff::{SignedDuration, Timestamp};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Records one look a minute at a scenario, `begin` minutes after its start, and goes on for `minutes`.
async fn record(path: &Path, scenario: &str, begin: i64, minutes: i64) {
    record_at(path, scenario, begin..begin + minutes).await;
}

/// Records a look at a scenario at each of these minutes after its start.
async fn record_at(path: &Path, scenario: &str, minutes: impl IntoIterator<Item = i64>) {
    let world = world(scenario, None);
    let about = About {
        simulated: true,
        keys: false,
        settle_seconds: 120,
        run: "0123456789abcdef".to_owned(),
    };
    let mut writer = Writer::create(path, false, about).unwrap();
    let start = Timestamp::UNIX_EPOCH + SignedDuration::from_secs_f64(world.start());
    for minute in minutes {
        // A quarter past the minute, as pollers ask.
        let clock = Clock::simulated(start + SignedDuration::from_secs(minute * 60 + 15), 0.0);
        let told = clock.clone();
        let now = Arc::new(move || told.now().as_duration().as_secs_f64());
        let http = InProcess::new(world.clone(), now);
        let connection = connect_simulated(http, &world.account().region, clock.clone());
        let settings = Settings { mask_salt: MaskSalt::new(1), ..Settings::default() };
        let interest = Interest { last_key: clock.now(), ..Interest::default() };
        let updates = once(connection, clock.clone(), settings, interest).await;
        writer.hear(clock.now(), &updates).unwrap();
    }
    writer.finish().unwrap();
}

fn opened(path: &Path) -> Recording {
    Recording::open(&[path]).unwrap()
}

/// Everything that a store tells, as scripts get it.
fn told(store: &Store, at: Timestamp) -> String {
    let readings: Vec<_> = store.scopes().map(|scope| store.reading(scope, at)).collect();
    let judged: Vec<_> = readings
        .iter()
        .map(|reading| (*reading, verdicts(*reading, &Thresholds::default())))
        .collect();
    let judged: Vec<_> =
        judged.iter().map(|(reading, verdicts)| (*reading, verdicts.as_slice())).collect();
    json(&judged, at).to_string()
}

#[tokio::test]
async fn a_moment_is_the_same_whichever_way_it_is_come_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording");
    record(&path, "under-provisioned", 0, 12).await;
    let (first, last) = opened(&path).span();
    let minutes: Vec<Timestamp> =
        (0..12).map(|minute| first + SignedDuration::from_mins(minute)).collect();
    assert_eq!(minutes.last(), Some(&last));
    let from_the_start: Vec<String> = minutes
        .iter()
        .map(|at| {
            let mut player = Player::new(opened(&path), Arc::default());
            player.go_to(*at);
            told(player.store(), *at)
        })
        .collect();
    assert_ne!(from_the_start[2], from_the_start[9]);
    let mut player = Player::new(opened(&path), Arc::default());
    let mut random = fastrand::Rng::with_seed(3);
    for _ in 0..60 {
        let place = random.usize(..12);
        // Between two minutes everything is as it was at the first of them.
        let at = minutes[place] + SignedDuration::from_secs(random.i64(0..30));
        player.go_to(at);
        assert_eq!(player.at(), at.min(last));
        assert_eq!(told(player.store(), minutes[place]), from_the_start[place], "minute {place}");
    }
    player.go_to(first - SignedDuration::from_hours(1));
    assert_eq!(player.at(), first);
    assert_eq!(player.gaps().told(), None);
}

#[tokio::test]
async fn a_table_that_is_opened_later_has_all_of_its_recorded_past() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording");
    // Of a table that is not open the store keeps an hour.
    record_at(&path, "calm", [0, 40, 80, 120, 160]).await;
    let mut player = Player::new(opened(&path), Arc::default());
    let (first, last) = player.recording().span();
    player.go_to(last);
    let scope: Scope = player.store().scopes().next().unwrap().clone();
    let name = player.store().reading(&scope, last).tables().next().unwrap().name.clone();
    let table = Resource::Table(name);
    let key = SeriesKey::sum(table.clone(), Metric::Consumed(Direction::Read));
    let points = |player: &Player| {
        let series = player.store().reading(&scope, player.at()).series(&key).unwrap();
        series.points().filter(|(_, point)| point.value().is_some()).count()
    };
    let before = told(player.store(), last);
    assert!(points(&player) <= 60, "{} minutes", points(&player));
    player.open(scope.clone(), table);
    assert_eq!(player.at(), last);
    assert_eq!(told(player.store(), last), before, "what is shown now is the same");
    let past = points(&player);
    assert!(past > 160, "{past} minutes");
    player.go_to(first);
    player.go_to(last);
    assert_eq!(points(&player), past);
    assert_eq!(told(player.store(), last), before);
}

#[tokio::test]
async fn moments_are_verdicts_and_events_that_were_new_then() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording");
    record(&path, "incident", 0, 6).await;
    let recording = opened(&path);
    let (first, last) = recording.span();
    let Survey { moments: found, kept, gaps } =
        look_through(recording, &Thresholds::default(), Arc::default());
    assert_eq!(gaps.told(), None);
    assert!(found.len() > 1, "{found:?}");
    assert!(found.is_sorted_by_key(|moment| moment.at), "{found:?}");
    assert!(found.iter().all(|moment| (first..=last).contains(&moment.at)), "{found:?}");
    assert!(found[0].what.starts_with("table/"), "{found:?}");
    let year = first.strftime("%Y-").to_string();
    assert!(found.iter().all(|moment| !moment.what.contains(&year)), "told once: {found:?}");
    let mut twice: Vec<_> = found.iter().map(|moment| moment.at).collect();
    twice.dedup();
    assert_eq!(twice.len(), found.len());

    // What was kept on the way leads to the same.
    let mut player = Player::new(opened(&path), Arc::default());
    player.go_to(last);
    let expected = told(player.store(), last);
    let mut player = Player::new(opened(&path), Arc::default());
    player.learn(kept);
    player.go_to(last);
    assert_eq!(told(player.store(), last), expected);
}

#[tokio::test]
async fn which_tables_are_behind_a_cluster_is_known_at_every_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording");
    record(&path, "dax-cold-cache", 0, 3).await;
    let mut behind = Behind::default();
    behind.put("profiles", &["profiles".to_owned()]).unwrap();
    let behind = Arc::new(behind);
    let mut player = Player::new(opened(&path), Arc::clone(&behind));
    let (first, last) = player.recording().span();
    let is_known = |player: &Player| {
        let scope = player.store().scopes().next().unwrap();
        player.store().reading(scope, player.at()).tables_behind("profiles").is_some()
    };
    for at in [first, last, first] {
        player.go_to(at);
        assert!(is_known(&player), "at {at}");
    }
    let scope = player.store().scopes().next().unwrap().clone();
    player.open(scope, Resource::table("profiles"));
    assert!(is_known(&player), "a table that is opened is fed again");

    // The moments of a survey are judged by it, and so are the states that it leaves.
    let survey = look_through(opened(&path), &Thresholds::default(), behind);
    let mut player = Player::new(opened(&path), Arc::default());
    assert!(!is_known(&player));
    player.learn(survey.kept);
    player.go_to(last);
    player.go_to(first);
    assert!(is_known(&player));
}

/// A recording that the first version wrote: it must be readable for ever.
fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/format-1.ddbrec")
}

#[tokio::test]
async fn a_recording_of_format_1_is_read() {
    if std::env::var_os("UPDATE").is_some() && !sample().exists() {
        record(&sample(), "hot-key-gsi", 0, 3).await;
    }
    let recording = opened(&sample());
    assert_eq!((recording.header().format, recording.header().product.as_str()), (1, "0.1.0"));
    assert_eq!(recording.damage().told(), None);
    assert_eq!(recording.len(), 3);
    let mut player = Player::new(recording, Arc::default());
    let (_, last) = player.recording().span();
    player.go_to(last);
    assert_eq!(player.gaps().told(), None);
    let told: serde_json::Value = serde_json::from_str(&told(player.store(), last)).unwrap();
    assert_eq!(told["tables"].as_array().unwrap().len(), 2);
    assert_eq!(told["verdicts"][0]["cause"], "key-range");
    assert_eq!(told["verdicts"][0]["confidence"], "measured");
    assert!(fs::metadata(sample()).unwrap().len() < 200_000);
}
