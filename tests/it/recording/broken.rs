//! Torn, damaged and foreign files.

use super::{Recording, about, record};
use ddbtop::model::update::News;
use ddbtop::record::Heard;
use ddbtop::record::writer::Writer;
use std::fs;

/// A recording of a few minutes as bytes, and what is in it.
async fn recorded(minutes: i64) -> (Vec<u8>, Vec<Heard>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording");
    let heard = record(&path, "calm", minutes, true).await;
    (fs::read(&path).unwrap(), heard)
}

/// The same of three minutes, with blocks of a few hundred bytes.
async fn small() -> (Vec<u8>, Vec<Heard>) {
    let (bytes, mut heard) = recorded(3).await;
    assert!(bytes.len() > 10_000);
    heard.retain(|heard| matches!(heard.update.news, News::TableNames(_) | News::Round(_)));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording");
    let mut writer = Writer::create(&path, false, about(true)).unwrap();
    for Heard { at, update } in &heard {
        writer.hear(*at, std::slice::from_ref(update)).unwrap();
    }
    writer.finish().unwrap();
    (fs::read(&path).unwrap(), heard)
}

/// Reads all that can be read.
fn read(bytes: &[u8]) -> Result<Vec<Heard>, String> {
    let recording = Recording::from_bytes(bytes.to_vec()).map_err(|error| error.to_string())?;
    Ok(super::read(recording))
}

#[tokio::test]
async fn torn_anywhere_in_its_last_minute_it_is_read_up_to_the_minute_before() {
    let (bytes, heard) = small().await;
    let last = bytes.windows(4).rposition(|mark| mark == b"\xd0BLK").unwrap();
    let minutes = |heard: &[Heard]| {
        let mut minutes: Vec<_> = heard.iter().map(|heard| heard.at).collect();
        minutes.dedup();
        minutes
    };
    let all = minutes(&heard);
    assert_eq!((minutes(&read(&bytes).unwrap()), all.len()), (all.clone(), 3));
    let whole: Vec<Heard> = heard.iter().filter(|heard| heard.at < all[2]).cloned().collect();
    let checked = read(&bytes[..last]).unwrap();
    assert_eq!(checked, whole);
    for end in last..bytes.len() {
        let recording = Recording::from_bytes(bytes[..end].to_vec()).unwrap();
        assert_eq!(recording.span(), (all[0], all[1]), "cut at {end}");
        let damage = recording.damage();
        assert_eq!((damage.torn, damage.skipped), ((end - last) as u64, 0), "cut at {end}");
    }
    let mut torn = Recording::from_bytes(bytes[..bytes.len() - 1].to_vec()).unwrap();
    let told = torn.damage().told().unwrap();
    assert_eq!(told, "its last minute was not written whole and is left out");
    assert_eq!(torn.read(99).heard, []);
}

#[tokio::test]
async fn a_damaged_minute_is_skipped_and_told_and_those_after_it_are_read() {
    let (mut bytes, heard) = recorded(3).await;
    let marks: Vec<usize> =
        (0..bytes.len() - 4).filter(|at| &bytes[*at..at + 4] == b"\xd0BLK").collect();
    let [_, first, second, third] = marks[..] else { panic!("{marks:?}") };
    for place in [first, first + 5, first + 20, first + 40, second - 1] {
        bytes[place] ^= 0x40;
        let recording = Recording::from_bytes(bytes.clone()).unwrap();
        assert_eq!(recording.len(), 2, "{place}");
        let told = recording.damage().told().unwrap();
        assert_eq!(told, format!("{} damaged bytes are left out", second - first));
        let first_minute = heard[0].at;
        let rest: Vec<Heard> =
            heard.iter().filter(|heard| heard.at > first_minute).cloned().collect();
        assert_eq!(super::read(recording), rest, "{place}");
        bytes[place] ^= 0x40;
    }
    assert!(third < bytes.len());
}

#[tokio::test]
async fn whatever_happens_to_a_file_reading_it_never_fails_otherwise_than_in_words() {
    let (bytes, heard) = recorded(2).await;
    let mut random = fastrand::Rng::with_seed(7);
    for round in 0..400 {
        let mut broken = bytes.clone();
        for _ in 0..random.usize(1..=8) {
            let place = random.usize(..broken.len());
            match random.u8(..4) {
                0 => broken[place] ^= 1 << random.u8(..8),
                1 => broken.truncate(place.max(1)),
                2 => broken[place] = random.u8(..),
                _ => {
                    let end = (place + random.usize(1..64)).min(broken.len());
                    broken.drain(place..end);
                    broken.push(0);
                }
            }
        }
        match read(&broken) {
            // Checksums do not let anything through that was not written.
            Ok(read) => assert!(read.iter().all(|one| heard.contains(one)), "round {round}"),
            Err(told) => assert!(!told.is_empty() && !told.contains('\n'), "round {round}: {told}"),
        }
    }
}

#[test]
fn other_files_are_told_in_a_line() {
    for (bytes, told) in [
        (&b""[..], "the beginning of this recording is damaged"),
        (b"\x93ddbtop\n", "the beginning of this recording is damaged"),
        (b"{\"schema\":1}", "this is no recording of ddbtop"),
        (&[0; 4096], "this is no recording of ddbtop"),
    ] {
        let error = Recording::from_bytes(bytes.to_vec()).unwrap_err().to_string();
        assert!(error.starts_with(told), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path(), std::path::Path::new("/dev/zero")] {
        let error = Recording::open(&[path]).unwrap_err().to_string();
        assert_eq!(error, "this is no file");
    }
}
