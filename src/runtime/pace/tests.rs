//! The pace in virtual time.

use super::*;

const PROMPT: Share = Share { room: usize::MAX, late: Late::WholeWithin(SMALL_FRAME) };
const WHOLE: Share = Share { room: usize::MAX, late: Late::AsRoomLasts };

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A pace that owes a frame of news.
fn with_news(link: Option<Link>) -> Pace {
    let mut pace = Pace::new(link);
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
fn an_answer_to_a_key_goes_at_once_whatever_was_sent_where_no_rate_is_told() {
    for link in [None, Some(Link::Guessed(9_600)), Some(Link::Guessed(1))] {
        let mut pace = with_news(link);
        if link.is_some() {
            send_for_ever(&mut pace, ms(0), ms(10_000));
            assert_eq!(pace.share(ms(10_000)), None, "{link:?}");
        }
        pace.note_input(ms(10_000));
        pace.note_frame();
        assert_eq!(pace.share(ms(10_000)), Some(PROMPT), "{link:?}");
    }
}

/// A connection that passes on so many bytes a millisecond.
#[derive(Default)]
struct Far {
    queued: f64,
    /// The most that ever was on its way.
    most: f64,
}

impl Far {
    fn take(&mut self, bytes: usize) {
        self.queued += bytes as f64;
        self.most = self.most.max(self.queued);
    }
}

#[test]
fn a_held_key_never_lags_by_more_than_a_frame_and_a_tenth_of_a_second() {
    for (rate, frame) in [(9_600, 250), (9_600, 700), (9_600, 4_700), (2_400, 700)] {
        let mut pace = Pace::new(Some(Link::Told(rate)));
        let mut far = Far::default();
        let per_ms = f64::from(rate) / 1_000.0;
        // The key that is drawn last, and when that has arrived.
        let (mut pressed, mut drawn, mut arrived) = (0, 0, ms(0));
        for now in (0..8_000).map(ms) {
            far.queued = (far.queued - per_ms).max(0.0);
            if now <= ms(5_000) && now.as_millis().is_multiple_of(33) {
                pressed += 1;
                pace.note_input(now);
                pace.note_frame();
            }
            if pace.wake(now).is_some_and(|wake| wake <= now) && pace.share(now).is_some() {
                far.take(frame);
                pace.note_sent(frame, Owed::Nothing, now);
                drawn = pressed;
                arrived = now + Duration::from_secs_f64(far.queued / f64::from(rate));
            }
        }
        assert_eq!(drawn, pressed, "the newest state is drawn");
        let allowed = f64::from(rate) / 10.0 + frame as f64;
        assert!(far.most <= allowed + 20.0, "{rate} B/s, {frame} B: {}", far.most);
        let limit = ms(5_000) + Duration::from_secs_f64(2.0 * allowed / f64::from(rate));
        assert!(arrived <= limit, "{rate} B/s, {frame} B: {arrived:?}");
    }
}

#[test]
fn the_first_key_after_a_pause_goes_at_once_over_a_told_rate_too() {
    let mut pace = Pace::new(Some(Link::Told(9_600)));
    for now in [ms(1_000), ms(3_000), ms(5_000)] {
        pace.note_input(now);
        pace.note_frame();
        assert_eq!(pace.share(now), Some(PROMPT));
        pace.note_sent(9_600, Owed::Nothing, now);
        assert_eq!(pace.wake(now), None);
    }
}

#[test]
fn news_wait_for_the_answers_on_their_way() {
    let mut pace = Pace::new(Some(Link::Told(10_000)));
    pace.note_input(ms(1_000));
    pace.note_frame();
    pace.note_sent(6_000, Owed::Nothing, ms(1_000));
    pace.note_frame();
    assert_eq!(pace.share(ms(1_400)), None);
    // Half a second until no more than a tenth of one is on its way, and the rounding up.
    assert_eq!(pace.wake(ms(1_000)), Some(ms(1_501)));
    assert!(pace.share(ms(1_501)).is_some());
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
    for (rate, allowed) in [(9_600, 28_800), (24_000, 72_000), (100_000, 300_000)] {
        let mut pace = with_news(Some(Link::Told(rate)));
        // Half a second's worth at first, and a quarter of ten seconds'.
        let (bytes, sends) = send_for_ever(&mut pace, ms(0), ms(10_000));
        let share = bytes as f64 / f64::from(allowed);
        assert!((0.95..1.05).contains(&share), "{rate}: {bytes}");
        assert!(sends < 60, "{rate}: slices are worth a write: {sends}");
    }
}

#[test]
fn the_budget_fills_up_again_while_nothing_is_sent_and_no_further() {
    let mut pace = with_news(Some(Link::Guessed(24_000)));
    send_for_ever(&mut pace, ms(0), ms(5_000));
    for now in [ms(60_000), ms(600_000)] {
        assert_eq!(pace.share(now).map(|share| share.room), Some(12_000));
    }
}

#[test]
fn answers_to_keys_cost_news_nothing() {
    let mut pace = with_news(Some(Link::Guessed(24_000)));
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
    let mut pace = with_news(Some(Link::Told(1)));
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
