//! The ring: bounded, and each of its files can be read alone.

use super::{about, look, open, read, world};
use ddbtop::model::update::{News, Update};
use ddbtop::record::reader::Recording;
use ddbtop::record::ring::{Kind, Ring};
use ddbtop::record::writer::{About, Writer};
use ddbtop::store::{Settings, Store};
use jiff::SignedDuration;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

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

    // A damaged header costs its file, which is told.
    let (second, last) = (&run.files[1], run.files.last().unwrap());
    let written = fs::read(second).unwrap();
    let mut damaged = written.clone();
    damaged[20] ^= 1;
    fs::write(second, damaged).unwrap();
    assert_eq!(Recording::open(&run.files).unwrap().damage().skipped, written.len() as u64);
    fs::write(second, written).unwrap();
    // A file that was only just begun costs nothing.
    for begun in [10, 0] {
        File::options().write(true).open(last).unwrap().set_len(begun).unwrap();
        let damage = Recording::open(&run.files).unwrap().damage();
        assert_eq!((damage.skipped, damage.torn), (0, begun));
    }
}

#[tokio::test]
async fn two_runs_at_once_write_to_files_of_their_own_and_leave_each_other_alone() {
    const MOST: u64 = 256 << 10;
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

/// The files of the only run of a ring.
fn files(ring: &Ring) -> Vec<PathBuf> {
    let runs = ring.runs();
    let [run] = runs.as_slice() else { panic!("{runs:?}") };
    run.files.clone()
}

#[tokio::test]
async fn files_that_were_copied_are_in_the_order_in_which_they_were_written() {
    let folder = tempfile::tempdir().unwrap();
    let ring = Ring::new(folder.path().to_owned(), 768 << 10, Kind::Live);
    let (at, updates) = look(&world("incident", None), 0, None).await;
    let mut writer = Writer::in_ring(ring.clone(), about(false), at).unwrap();
    for minute in 0..10 {
        writer.hear(at + SignedDuration::from_mins(minute), &updates).unwrap();
    }
    writer.finish().unwrap();
    let written = files(&ring);
    let parts: Vec<u32> = written.iter().map(|file| open(file).header().part).collect();
    assert!(parts.len() > 2 && parts.is_sorted(), "{parts:?}");
    // The last one is written first, as may happen.
    for (days, file) in written.iter().rev().enumerate() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_hours(24) * u32::try_from(days).unwrap();
        File::options().write(true).open(file).unwrap().set_modified(time).unwrap();
    }
    assert_eq!(files(&ring), written);

    // The first files did not tell their part: what is known is when each was begun.
    for file in &written {
        let (name, _) = file.to_str().unwrap().rsplit_once('-').unwrap();
        fs::rename(file, format!("{name}.ddbrec")).unwrap();
    }
    let parts: Vec<u32> = files(&ring).iter().map(|file| open(file).header().part).collect();
    assert!(parts.len() == written.len() && parts.is_sorted(), "{parts:?}");
}

/// Records a look at a world, and then a little in each of twelve minutes; the file that was written last after each.
async fn little_news(ring: &Ring) -> std::io::Result<Vec<PathBuf>> {
    let (at, updates) = look(&world("incident", None), 0, None).await;
    let is_little = |update: &&Update| matches!(update.news, News::Round(_));
    let little: Vec<Update> = updates.iter().filter(is_little).take(3).cloned().collect();
    let mut writer = Writer::in_ring(ring.clone(), about(false), at)?;
    writer.hear(at, &updates)?;
    let mut paths = vec![];
    for minute in 1..=12 {
        writer.hear(at + SignedDuration::from_mins(minute), &little)?;
        paths.push(writer.path().to_owned());
    }
    writer.finish()?;
    paths.dedup();
    Ok(paths)
}

#[tokio::test]
async fn what_is_known_already_does_not_fill_a_small_ring() {
    let folder = tempfile::tempdir().unwrap();
    let ring = |name: &str, most: u64| Ring::new(folder.path().join(name), most, Kind::Live);
    // Of a ring whose first file is full at once, the second one begins with what is known.
    let known = |ring: &Ring| fs::metadata(&files(ring)[1]).unwrap().len();
    let tight = ring("tight", 192 << 10);
    little_news(&tight).await.unwrap();
    let known = known(&tight);

    // That is more than one part in eight.
    let small = ring("small", known * 6);
    assert_eq!(little_news(&small).await.unwrap().len(), 1, "it is not full once a minute");
    assert!(size(small.folder()) <= known * 6);

    let too_small = ring("too-small", known * 2);
    let told = little_news(&too_small).await.unwrap_err().to_string();
    assert_eq!(told, "[recording] ring_mib is too small for what is read here: at least 1");
}
