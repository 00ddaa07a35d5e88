//! The pace in virtual time.

use super::*;

const PROMPT: Share = Share { room: usize::MAX, late: Late::WholeWithin(SMALL_FRAME) };
const WHOLE: Share = Share { room: usize::MAX, late: Late::AsRoomLasts };

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A pace that owes a frame of news.
fn with_news(link_rate: Option<u32>) -> Pace {
    let mut pace = Pace::new(link_rate);
    pace.note_frame();
    pace
}

/// Sends slices whenever the pace lets it until `end`: each uses its room and the rest of a row.
/// Returns the bytes sent, and how many sends it took.
fn send_for_ever(pace: &mut Pace, mut now: Duration, end: Duration) -> (usize, usize) {
    const ROW: usize = 80;
    let (mut bytes, mut sends) = (0, 0);
    while now < end {
        match pace.share(now) {
            Some(share) => {
                let slice = share.room + ROW;
                bytes += slice;
                sends += 1;
                pace.note_sent(slice, Owed::Urgent, now);
            }
            None => now = pace.wake(now).unwrap(),
        }
    }
    (bytes, sends)
}

#[test]
fn an_answer_to_a_key_goes_at_once_whatever_was_sent_before() {
    for link_rate in [None, Some(9_600), Some(1)] {
        let mut pace = with_news(link_rate);
        if link_rate.is_some() {
            send_for_ever(&mut pace, ms(0), ms(10_000));
            assert_eq!(pace.share(ms(10_000)).map(|share| share.late), None, "{link_rate:?}");
        }
        pace.note_input(ms(10_000));
        pace.note_frame();
        assert_eq!(pace.share(ms(10_000)), Some(PROMPT), "{link_rate:?}");
    }
}

#[test]
fn late_areas_follow_a_lull_after_the_last_key() {
    let mut pace = Pace::new(None);
    for key in [1_000, 1_100, 1_200] {
        pace.note_input(ms(key));
        pace.note_frame();
        assert_eq!(pace.share(ms(key)), Some(PROMPT));
        pace.note_sent(500, Owed::Late, ms(key));
        assert_eq!(pace.share(ms(key)), None);
        assert_eq!(pace.wake(ms(key)), Some(ms(key + 120)));
    }
    assert_eq!(pace.share(ms(1_319)), None);
    assert_eq!(pace.share(ms(1_320)), Some(WHOLE));
    pace.note_sent(4_000, Owed::Nothing, ms(1_320));
    assert_eq!((pace.share(ms(1_320)), pace.wake(ms(1_320))), (None, None));
}

#[test]
fn a_held_key_puts_late_areas_off_for_half_a_second_at_most() {
    let mut pace = Pace::new(None);
    let mut late = vec![];
    for now in (0..2_000).step_by(10).map(ms) {
        if now.as_millis().is_multiple_of(30) {
            pace.note_input(now);
            pace.note_frame();
            assert_eq!(pace.share(now), Some(PROMPT));
            pace.note_sent(500, Owed::Late, now);
        } else if pace.share(now).is_some() {
            late.push(now.as_millis());
            pace.note_sent(4_000, Owed::Nothing, now);
        }
    }
    assert_eq!(late, [500, 1_010, 1_520]);
}

#[test]
fn news_between_keys_leave_late_areas_alone() {
    let mut pace = Pace::new(None);
    pace.note_input(ms(1_000));
    pace.note_frame();
    pace.note_sent(500, Owed::Late, ms(1_000));
    pace.note_frame();
    let held = Share { room: usize::MAX, late: Late::Held };
    assert_eq!(pace.share(ms(1_050)), Some(held));
}

#[test]
fn news_go_whole_where_no_rate_is_known() {
    let mut pace = with_news(None);
    for now in [ms(0), ms(1), ms(2)] {
        pace.note_frame();
        assert_eq!(pace.share(now), Some(WHOLE));
        pace.note_sent(20_000, Owed::Nothing, now);
    }
}

#[test]
fn news_use_a_quarter_of_the_connection_after_a_burst() {
    for (link_rate, allowed) in [(9_600, 28_800), (24_000, 72_000), (100_000, 300_000)] {
        let mut pace = with_news(Some(link_rate));
        // Half a second's worth at first, and a quarter of ten seconds'.
        let (bytes, sends) = send_for_ever(&mut pace, ms(0), ms(10_000));
        let share = bytes as f64 / f64::from(allowed);
        assert!((0.95..1.05).contains(&share), "{link_rate}: {bytes}");
        assert!(sends < 60, "{link_rate}: slices are worth a write: {sends}");
    }
}

#[test]
fn the_budget_fills_up_again_while_nothing_is_sent_and_no_further() {
    let mut pace = with_news(Some(24_000));
    send_for_ever(&mut pace, ms(0), ms(5_000));
    for now in [ms(60_000), ms(600_000)] {
        assert_eq!(pace.share(now).map(|share| share.room), Some(12_000));
    }
}

#[test]
fn answers_to_keys_cost_news_nothing() {
    let mut pace = with_news(Some(24_000));
    for now in (0..100).map(ms) {
        pace.note_input(now);
        pace.note_frame();
        pace.note_sent(5_000, Owed::Nothing, now);
    }
    pace.note_frame();
    assert_eq!(pace.share(ms(100)).map(|share| share.room), Some(12_000));
}

#[test]
fn the_slowest_connection_gets_on_and_nobody_spins() {
    let mut pace = with_news(Some(1));
    let (bytes, sends) = send_for_ever(&mut pace, ms(0), ms(3_600_000));
    assert!(bytes >= 81 && sends < 30, "{bytes} bytes in {sends}");
}

#[test]
fn while_a_corner_is_dragged_frames_wait_but_not_for_ever() {
    let mut pace = Pace::new(None);
    let mut drawn = vec![];
    for now in (0..600).step_by(10).map(ms) {
        if now <= ms(300) && now.as_millis().is_multiple_of(30) {
            pace.note_size(now);
            pace.note_frame();
        }
        let wake = pace.wake(now);
        if !pace.is_being_resized(now) && pace.share(now).is_some() {
            drawn.push(now.as_millis());
            pace.note_sent(10_000, Owed::Nothing, now);
        } else {
            assert!(wake.is_none_or(|wake| wake > now));
        }
    }
    // Once on the way, and once 40 ms after the last size.
    assert_eq!(drawn, [200, 340]);
}
