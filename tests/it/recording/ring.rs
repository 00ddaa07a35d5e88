//! The ring: bounded, and each of its files can be read alone.

use super::{about, look, open, read, world};
use ddbtop::model::update::News;
use ddbtop::record::reader::Recording;
use ddbtop::record::ring::{Kind, Ring};
use ddbtop::record::writer::{About, Writer};
use ddbtop::store::{Settings, Store};
use jiff::SignedDuration;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn size(folder: &Path) -> u64 {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum()
}

#[tokio::test]
async fn a_ring_stays_below_its_size_and_its_oldest_files_go_first() {
    const MOST: u64 = 768 << 10;
    let folder = tempfile::tempdir().unwrap();
    let ring = Ring::new(folder.path().join("ring"), MOST, Kind::Live);
    let world = world("incident", None);
    let (at, updates) = look(&world, 0, None).await;
    let mut writer = Writer::in_ring(ring.clone(), about(false), at).unwrap();
    let first = writer.path().to_owned();
    for minute in 0..60 {
        writer.hear(at + SignedDuration::from_mins(minute), &updates).unwrap();
        assert!(size(ring.folder()) <= MOST, "{}", size(ring.folder()));
    }
    writer.finish().unwrap();
    assert!(!first.exists(), "the oldest file is gone");
    let runs = ring.runs();
    let [run] = runs.as_slice() else { panic!("{runs:?}") };
    assert!(run.files.len() > 1, "{run:?}");
    assert_eq!(run.bytes, size(ring.folder()));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(ring.folder()), mode(&run.files[0])), (0o700, 0o600));

    // Each file knows the tables, or else their points would be dropped.
    for file in &run.files {
        let mut store = Store::new(Settings::default());
        for heard in read(open(file)) {
            store.apply(heard.update);
        }
        let scope = store.scopes().next().unwrap().clone();
        let reading = store.reading(&scope, at);
        let names = updates.iter().find_map(|update| {
            if let News::TableNames(names) = &update.news { Some(names.len()) } else { None }
        });
        assert_eq!(Some(reading.tables().count()), names);
        assert!(reading.tables().all(|entry| entry.table.is_some()), "{file:?}");
    }
    let whole = Recording::open(&run.files).unwrap();
    assert_eq!(whole.span().1, at + SignedDuration::from_mins(59));
    assert_eq!(whole.damage().told(), None);
}

#[tokio::test]
async fn two_runs_at_once_write_to_files_of_their_own_and_leave_each_other_alone() {
    const MOST: u64 = 32 << 10;
    let folder = tempfile::tempdir().unwrap();
    let ring = Ring::new(folder.path().to_owned(), MOST, Kind::Live);
    let demo = Ring::new(folder.path().to_owned(), MOST, Kind::Demo);
    let (at, updates) = look(&world("calm", None), 0, None).await;
    let run = |name: &str| About { run: name.to_owned(), ..about(false) };
    let mut writers = [
        Writer::in_ring(ring.clone(), run("a"), at).unwrap(),
        Writer::in_ring(ring.clone(), run("b"), at).unwrap(),
        Writer::in_ring(demo.clone(), run("c"), at).unwrap(),
    ];
    for minute in 0..12 {
        let now = at + SignedDuration::from_mins(minute);
        for writer in &mut writers {
            writer.hear(now, &updates).unwrap();
        }
    }
    for writer in writers {
        writer.finish().unwrap();
    }
    for (ring, expected) in [(ring, vec!["a", "b"]), (demo, vec!["c"])] {
        let mut found: Vec<String> = Vec::new();
        for run in ring.runs() {
            let recording = Recording::open(&run.files).unwrap();
            assert_eq!(recording.damage().told(), None);
            assert_eq!(recording.span().1, at + SignedDuration::from_mins(11));
            found.push(recording.header().run.clone());
        }
        found.sort();
        assert_eq!(found, expected);
    }
}
