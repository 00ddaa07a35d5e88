//! Clocks that are set back while something is recorded.

use super::{about, look, open, read, world};
use ddbtop::model::time::Minute;
use ddbtop::record::reader::Recording;
use ddbtop::record::ring::{Kind, Ring};
use ddbtop::record::writer::Writer;
use jiff::{SignedDuration, Timestamp};

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_turn_the_order_round() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording");
    let world = world("calm", None);
    let (at, updates) = look(&world, 5, None).await;
    let mut writer = Writer::create(&path, false, about(false)).unwrap();
    for minutes in [0, -3, 1] {
        writer.hear(at + SignedDuration::from_mins(minutes), &updates[..2]).unwrap();
    }
    writer.finish().unwrap();
    let heard: Vec<Timestamp> = read(open(&path)).iter().map(|heard| heard.at).collect();
    assert!(heard.is_sorted(), "{heard:?}");
    assert_eq!(heard.len(), 6);
}

#[tokio::test]
async fn a_clock_that_is_set_back_keeps_nothing_from_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording");
    let (at, updates) = look(&world("calm", None), 5, None).await;
    let mut writer = Writer::create(&path, false, about(false)).unwrap();
    writer.hear(at, &updates[..2]).unwrap();
    let back = at - SignedDuration::from_hours(1);
    writer.hear(back, &updates[..2]).unwrap();
    assert_eq!(read(open(&path)).len(), 2, "what was heard before is written");
    assert_eq!(writer.due(), Some(Minute::containing(back).end()), "and the rest in a minute");
    writer.hear(back + SignedDuration::from_mins(1), &updates[..2]).unwrap();
    assert_eq!(read(open(&path)).len(), 4);
    writer.finish().unwrap();
    assert_eq!(read(open(&path)).len(), 6);
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_end_a_ring() {
    let folder = tempfile::tempdir().unwrap();
    let ring = Ring::new(folder.path().to_owned(), 768 << 10, Kind::Live);
    let (at, updates) = look(&world("incident", None), 0, None).await;
    let mut writer = Writer::in_ring(ring.clone(), about(false), at).unwrap();
    // All of it is of one moment, as far as the ring can tell.
    for minutes in 0..20 {
        writer.hear(at - SignedDuration::from_mins(minutes), &updates).unwrap();
    }
    writer.finish().unwrap();
    let runs = ring.runs();
    let [run] = runs.as_slice() else { panic!("{runs:?}") };
    assert!(run.files.len() > 2, "{run:?}");
    let whole = Recording::open(&run.files).unwrap();
    assert_eq!((whole.damage().told(), whole.span()), (None, (at, at)));
}
