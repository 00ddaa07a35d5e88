//! Keys of a replay, and those that mean nothing in one.

use super::screen::Replay;
use ddbtop::app::{CHANGES_NOTHING, Cue, Effect, Msg};
use ddbtop::model::moment::Moment;
use jiff::{SignedDuration, Timestamp};

fn cue(to: Option<Timestamp>, pace: u32) -> Vec<Effect> {
    vec![Effect::Replay(Cue { to, pace })]
}

#[tokio::test]
async fn keys_play_pause_and_go_through_the_recording() {
    let mut replay = Replay::of("under-provisioned", 4).await;
    let (first, last) = (replay.first, replay.last);
    let minute = SignedDuration::from_mins(1);
    assert!(replay.shown().contains("REPLAY  playing x10  of a demo"), "{}", replay.shown());
    assert!(replay.shown().contains("w pause"), "{}", replay.shown());
    assert_eq!(replay.press(">"), cue(None, 60));
    let slower: Vec<Effect> = [10, 1, 1].into_iter().flat_map(|pace| cue(None, pace)).collect();
    assert_eq!(replay.press("<<<"), slower);
    assert_eq!(replay.press("w"), cue(None, 0));
    assert!(replay.shown().contains("REPLAY  paused x1"), "{}", replay.shown());
    assert_eq!(replay.press("."), cue(Some(first + minute), 0));
    assert_eq!(replay.press(","), cue(Some(first), 0), "not before the beginning");
    replay.go_to(last);
    assert_eq!(replay.press("."), cue(Some(last), 0), "not after the end");
    assert_eq!(replay.press("w"), cue(Some(first), 1), "at the end it begins anew");
    // Frozen or not makes no difference where nothing goes on by itself.
    assert_eq!(replay.press("f"), []);
    assert!(!replay.shown().contains("FROZEN"), "{}", replay.shown());
}

#[tokio::test]
async fn the_recording_stands_still_at_its_end() {
    let mut replay = Replay::of("calm", 4).await;
    replay.go_to(replay.last);
    assert!(replay.shown().contains("REPLAY  paused"), "{}", replay.shown());
    // Played again it is on its way to the beginning, though the end is still on screen.
    let first = replay.first;
    assert_eq!(replay.press("w"), cue(Some(first), 10));
    assert!(replay.shown().contains("REPLAY  playing"), "{}", replay.shown());
    replay.go_to(first);
    assert!(replay.shown().contains("REPLAY  playing"), "{}", replay.shown());
    replay.go_to(replay.last);
    assert!(replay.shown().contains("REPLAY  paused"), "{}", replay.shown());
}

#[tokio::test]
async fn keys_go_from_one_moment_to_the_next_and_say_what_it_is() {
    let mut replay = Replay::of("under-provisioned", 4).await;
    let (first, last) = (replay.first, replay.last);
    assert_eq!(replay.press("}"), []);
    assert!(replay.shown().contains("still being looked through"), "{}", replay.shown());
    let middle = first + SignedDuration::from_secs(90);
    let moment = |at, what: &str| Moment { at, what: what.to_owned() };
    let found = vec![moment(middle, "table/a: WRITE"), moment(last, "alarm b")];
    replay.app.handle(Msg::Moments(Ok(found)), first);
    assert_eq!(replay.press("}"), cue(Some(middle), 0));
    assert!(replay.shown().contains("table/a: WRITE"), "{}", replay.shown());
    replay.go_to(middle);
    assert_eq!(replay.press("}"), cue(Some(last), 0));
    assert_eq!(replay.press("{"), []);
    assert!(replay.shown().contains("nothing happened before"), "{}", replay.shown());
    replay.go_to(last);
    assert_eq!(replay.press("{"), cue(Some(middle), 0));
    assert_eq!(replay.press("}"), []);
    assert!(replay.shown().contains("nothing happens after"), "{}", replay.shown());
}

#[tokio::test]
async fn a_recording_that_cannot_be_looked_through_says_so_at_once_and_to_each_key() {
    let mut replay = Replay::of("calm", 4).await;
    let why = "the recording could not be looked through: no such file";
    replay.app.handle(Msg::Moments(Err(why.to_owned())), replay.first);
    assert!(replay.shown().contains(why), "{}", replay.shown());
    for key in ["}", "{"] {
        replay.press(".");
        assert_eq!(replay.press(key), []);
        assert!(replay.shown().contains(why), "{key}: {}", replay.shown());
    }
}

#[tokio::test]
async fn nothing_can_be_changed_or_read_and_keys_that_were_not_recorded_not_shown() {
    let mut replay = Replay::of("hot-key-gsi", 4).await;
    replay.go_to(replay.last);
    for (key, said) in [
        ("e", CHANGES_NOTHING),
        ("u", CHANGES_NOTHING),
        ("r", "a replay reads nothing from AWS"),
        ("3p", "only the masks of keys were recorded"),
    ] {
        assert_eq!(replay.press(key), [], "{key}");
        assert!(replay.shown().contains(said), "{key}: {}", replay.shown());
    }
    assert!(!replay.shown().contains("KEYS SHOWN"), "{}", replay.shown());
}

#[tokio::test]
async fn every_pane_shows_what_it_showed_then() {
    let mut replay = Replay::of("under-provisioned", 4).await;
    replay.go_to(replay.last);
    for (pane, said) in
        [("1", "VERDICT"), ("2", "REPLAY"), ("4", "TARGET"), ("7", "scaling"), ("8", "LAST READ")]
    {
        replay.press(pane);
        assert!(replay.shown().contains(said), "{pane}: {}", replay.shown());
    }
}
