//! What cannot be recorded whole, or not at all, and is told.

use super::{about, look, open, read, world};
use ddbtop::model::update::{News, Update};
use ddbtop::record::writer::Writer;
use ddbtop::replay::Player;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;
use std::sync::Arc;

/// Records these news of one moment, where `lost` more came too fast.
fn record(path: &Path, (at, updates): (Timestamp, &[Update]), lost: u64) {
    let mut writer = Writer::create(path, false, about(false)).unwrap();
    writer.lose(lost);
    writer.hear(at, updates).unwrap();
    writer.finish().unwrap();
}

fn told(path: &Path) -> Option<String> {
    Player::new(open(path), Arc::default()).gaps().told()
}

#[tokio::test]
async fn what_is_too_large_is_not_said_to_have_come_too_fast() {
    let folder = tempfile::tempdir().unwrap();
    let [large, fast, both] = ["large", "fast", "both"].map(|name| folder.path().join(name));
    let (at, mut updates) = look(&world("calm", None), 0, None).await;
    record(&fast, (at, &updates), 3);
    assert_eq!(told(&fast).as_deref(), Some("3 news came too fast to be recorded"));
    let names = vec![Arc::from("x".repeat(9 << 20))];
    updates.push(Update { news: News::TableNames(names), ..updates[0].clone() });
    record(&large, (at, &updates), 0);
    assert_eq!(told(&large).as_deref(), Some("1 news were too large to be recorded"));
    assert_eq!(read(open(&large)).len(), updates.len() - 1, "the rest is there");
    record(&both, (at, &updates), 2);
    let all = "2 news came too fast to be recorded, 1 news were too large to be recorded";
    assert_eq!(told(&both).as_deref(), Some(all));
}

#[tokio::test]
async fn lists_that_can_be_taken_apart_are_recorded_in_pieces() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording");
    let (at, updates) = look(&world("incident", None), 0, None).await;
    let of = |update: &Update| {
        if let News::Events(events) = &update.news { events.first().cloned() } else { None }
    };
    let event = updates.iter().find_map(of).unwrap();
    let later = |number| {
        let mut event = event.clone();
        event.at += SignedDuration::from_millis(number);
        event
    };
    let events: Vec<_> = (0..2_500).map(later).collect();
    let operations: Vec<_> =
        (0..2_500).map(|number| (Arc::from(format!("table-{number}")), vec![])).collect();
    for (news, count) in [(News::Events(events), 3), (News::Operations(operations), 3)] {
        record(&path, (at, &[Update { news: news.clone(), ..updates[0].clone() }]), 0);
        let heard = read(open(&path));
        assert_eq!(heard.len(), count);
        let whole = heard.into_iter().map(|heard| heard.update.news).reduce(joined);
        assert_eq!(whole, Some(news));
        std::fs::remove_file(&path).unwrap();
    }
}

/// One piece of news after the other.
fn joined(mut one: News, other: News) -> News {
    match (&mut one, other) {
        (News::Events(all), News::Events(more)) => all.extend(more),
        (News::Operations(all), News::Operations(more)) => all.extend(more),
        (_, other) => panic!("{other:?}"),
    }
    one
}
