//! Tests of reading pages.

use super::*;
use crate::model::health::ErrorClass;

fn refused() -> CallError {
    CallError { class: ErrorClass::Denied, action: "a:B", code: None, message: String::new() }
}

/// Pages of one number each, of which the page numbered `bad` is refused.
async fn read(most: usize, pages: usize, bad: usize) -> Result<Gathered<usize>, CallError> {
    first_pages("a:B", most, |token| async move {
        let at: usize = token.map_or(0, |token| token.parse().unwrap());
        if at == bad {
            return Err(refused());
        }
        Ok((vec![at], (at + 1 < pages).then(|| (at + 1).to_string())))
    })
    .await
}

#[tokio::test]
async fn no_more_pages_are_read_than_asked_for_and_those_before_a_bad_one_are_kept() {
    let none = usize::MAX;
    for (most, pages, bad, items, flawed) in
        [(3, 2, none, 2, false), (3, 9, none, 3, false), (3, 9, 1, 1, true), (1, 9, 1, 1, false)]
    {
        let gathered = read(most, pages, bad).await.unwrap();
        assert_eq!((gathered.items.len(), gathered.flaw.is_some()), (items, flawed));
    }
    assert_eq!(read(3, 9, 0).await.unwrap_err(), refused());
}

#[tokio::test]
async fn a_server_that_repeats_a_page_is_not_asked_for_ever() {
    let same = |_| async { Ok((vec![1], Some("again".to_owned()))) };
    let gathered = first_pages("a:B", 9, same).await.unwrap();
    assert_eq!((gathered.items.len(), gathered.flaw.unwrap().class), (2, ErrorClass::Unreadable));
}

#[test]
fn an_instant_keeps_its_milliseconds_and_the_epoch_is_never() {
    let at = DateTime::from_secs_and_nanos(1_795_348_800, 250_000_000);
    assert_eq!(timestamp(at).unwrap().to_string(), "2026-11-22T12:00:00.25Z");
    assert_eq!(timestamp(DateTime::from_secs(0)), None);
}
