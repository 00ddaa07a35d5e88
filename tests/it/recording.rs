//! Recordings: what is written can be read, whatever happened to the file.

mod actions;
mod broken;
mod clock;
mod left_out;
mod ring;

use crate::support::sim::world;
use ddbtop::aws::{Connection, connect_simulated};
use ddbtop::clock::Clock;
use ddbtop::model::contributor::MaskSalt;
use ddbtop::model::id::Resource;
use ddbtop::model::update::{News, Update};
use ddbtop::poll::{Interest, Settings, once};
use ddbtop::record::Heard;
use ddbtop::record::reader::Recording;
use ddbtop::record::writer::{About, Writer};
use ddbtop_sim::front::in_process::InProcess;
use ddbtop_sim::world::World;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

fn start(world: &World) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs_f64(world.start())
}

fn connection(world: &World, clock: &Clock) -> Connection {
    let told = clock.clone();
    let now = Arc::new(move || told.now().as_duration().as_secs_f64());
    connect_simulated(InProcess::new(world.clone(), now), &world.account().region, clock.clone())
}

/// What one look at a world so many minutes after its start brings.
async fn look(world: &World, minutes: i64, open: Option<Resource>) -> (Timestamp, Vec<Update>) {
    let clock = Clock::simulated(start(world) + SignedDuration::from_mins(minutes), 0.0);
    let settings = Settings { mask_salt: MaskSalt::new(7), ..Settings::default() };
    let interest = Interest { last_key: clock.now(), open, ..Interest::default() };
    let updates = once(connection(world, &clock), clock.clone(), settings, interest).await;
    (clock.now(), updates)
}

fn about(keys: bool) -> About {
    About { simulated: true, keys, settle_seconds: 120, run: "0123456789abcdef".to_owned() }
}

/// Records looks at a world, one a minute, and returns them.
async fn record(path: &Path, scenario: &str, minutes: i64, keys: bool) -> Vec<Heard> {
    let world = world(scenario, None);
    let mut writer = Writer::create(path, false, about(keys)).unwrap();
    let mut heard = Vec::new();
    for minute in 0..minutes {
        let (at, updates) = look(&world, minute, None).await;
        writer.hear(at, &updates).unwrap();
        heard.extend(updates.into_iter().map(|update| Heard { at, update }));
    }
    writer.finish().unwrap();
    heard
}

/// Everything that can be read of a recording.
fn read(mut recording: Recording) -> Vec<Heard> {
    (0..recording.len()).flat_map(|block| recording.read(block).heard).collect()
}

fn open(path: &Path) -> Recording {
    Recording::open(&[path]).unwrap()
}

/// The names of the kinds of news.
fn kinds(heard: &[Heard]) -> BTreeSet<String> {
    let kind = |news: &News| format!("{news:?}").split('(').next().unwrap().to_owned();
    heard.iter().map(|heard| kind(&heard.update.news)).collect()
}

#[tokio::test]
async fn what_pollers_read_is_read_again_from_a_recording() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen = BTreeSet::new();
    for scenario in ["incident", "hot-key-gsi", "stream-lag", "replica-lag", "alarm-storm"] {
        let path = folder.path().join(scenario);
        let heard = record(&path, scenario, 2, true).await;
        let recording = open(&path);
        assert_eq!(recording.damage().told(), None, "{scenario}");
        assert_eq!(recording.header().product, env!("CARGO_PKG_VERSION"));
        assert_eq!(recording.header().scope.as_ref(), Some(&heard[0].update.scope));
        let again = read(recording);
        assert_eq!(again.len(), heard.len(), "{scenario}");
        for (again, heard) in again.iter().zip(&heard) {
            assert_eq!(again, heard, "{scenario}");
        }
        seen.append(&mut kinds(&heard));
    }
    assert!(seen.len() >= 17, "{seen:?}");
}

#[tokio::test]
async fn keys_are_masked_unless_asked_for_and_only_the_user_can_read_the_file() {
    const SECRET: &str = "STATUS#PENDING";
    let folder = tempfile::tempdir().unwrap();
    let revealed = |heard: &[Heard]| {
        let of = |heard: &Heard| {
            if let News::HotKeys(_, Ok(reports)) = &heard.update.news {
                reports.reports.clone()
            } else {
                vec![]
            }
        };
        let contributors = heard.iter().flat_map(of).flat_map(|report| report.contributors);
        let keys = contributors.flat_map(|contributor| contributor.keys);
        keys.map(|key| (key.reveal().to_owned(), key.masked().to_owned())).collect::<Vec<_>>()
    };
    for keys in [false, true] {
        let path = folder.path().join(format!("{keys}"));
        let heard = record(&path, "hot-key-gsi", 1, keys).await;
        let before = revealed(&heard);
        assert!(before.iter().any(|(value, _)| value == SECRET));
        let after = revealed(&read(open(&path)));
        assert_eq!(after.iter().any(|(value, _)| value == SECRET), keys);
        assert_eq!(open(&path).header().keys, keys);
        let masks = |told: &[(String, String)]| {
            told.iter().map(|(_, mask)| mask.clone()).collect::<Vec<_>>()
        };
        assert_eq!(masks(&after), masks(&before), "equal keys are still told to be equal");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn what_is_there_is_not_overwritten_unless_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("there");
    fs::write(&path, "precious").unwrap();
    let refused = Writer::create(&path, false, about(false)).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
    Writer::create(&path, true, about(false)).unwrap().finish().unwrap();
    let told = Recording::open(&[&path]).unwrap_err().to_string();
    assert_eq!(told, "nothing was recorded in it");
}

#[test]
fn a_file_that_others_could_read_is_the_owners_alone_before_anything_is_written_over_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("there");
    fs::write(&path, "old").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    let writer = Writer::create(&path, true, about(true)).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read(&path).unwrap(), b"");
    writer.finish().unwrap();
    let refused = Writer::create(Path::new("/dev/null"), true, about(true)).unwrap_err();
    assert_eq!(refused.to_string(), "this is no file");
}
