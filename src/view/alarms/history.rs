//! What an alarm said over time: one character for each slot of it.

use crate::model::alarm::{Alarm, AlarmState};
use crate::model::event::{AlarmChangeKind, Event, Happening};
use crate::model::time::Window;
use crate::store::Reading;
use crate::view::text::Charset;
use jiff::{SignedDuration, Timestamp};

/// Slots of the strip: of every range that charts can show, each is a whole number of seconds long.
pub(super) const SLOTS: u16 = 36;

/// When an alarm went into which state, oldest first, as far as that is known.
///
/// `DescribeAlarms` tells the newest change, whatever is known of the alarm's history.
pub(super) fn changes(reading: Reading<'_>, alarm: &Alarm) -> Vec<(Timestamp, AlarmState)> {
    let told = reading.events_of_alarm(&alarm.name, Timestamp::MIN).filter_map(change);
    let newest = alarm.since.map(|since| (since, alarm.state));
    let mut changes: Vec<(Timestamp, AlarmState)> = told.chain(newest).collect();
    changes.sort();
    changes.dedup();
    changes
}

fn change(event: &Event) -> Option<(Timestamp, AlarmState)> {
    match &event.what {
        Happening::Alarm(change) => match change.kind {
            AlarmChangeKind::State { to, .. } => Some((event.at, to)),
            AlarmChangeKind::Configuration | AlarmChangeKind::Action(_) => None,
        },
        Happening::Scaling(_)
        | Happening::Table(_)
        | Happening::Dax(_)
        | Happening::Poller(_)
        | Happening::Write(_) => None,
    }
}

/// The strip of the minutes in `window`; its last slot goes on until now.
///
/// A slot shows the worst state in it, so that a short alarm is seen. Before the first known change
/// the state is not known, and never taken for `OK`.
pub(super) fn strip(
    changes: &[(Timestamp, AlarmState)],
    window: Window,
    now: Timestamp,
    charset: Charset,
) -> String {
    let length = window.minutes().saturating_mul(60) / i64::from(SLOTS);
    let edge = |slot: u16| {
        let seconds = SignedDuration::from_secs(length.saturating_mul(slot.into()));
        window.start.start().checked_add(seconds).unwrap_or(Timestamp::MAX)
    };
    let state = |slot: u16| {
        let (start, end) = (edge(slot), edge(slot + 1));
        let is_last = slot + 1 == SLOTS;
        let before = changes.iter().take_while(|(at, _)| *at <= start).last();
        let inside = changes
            .iter()
            .filter(|(at, _)| *at > start && if is_last { *at <= now } else { *at < end });
        before.into_iter().chain(inside).map(|(_, state)| *state).max()
    };
    (0..SLOTS).map(|slot| glyph(state(slot), charset)).collect()
}

/// A state in one character; `None` is a state that is not known.
fn glyph(state: Option<AlarmState>, charset: Charset) -> char {
    let [alarm, insufficient, ok, unknown] = match charset {
        Charset::Unicode => ['█', '▒', '▁', '·'],
        Charset::Ascii => ['#', ':', '_', '.'],
    };
    match state {
        Some(AlarmState::Alarm) => alarm,
        Some(AlarmState::InsufficientData) => insufficient,
        Some(AlarmState::Ok) => ok,
        None => unknown,
    }
}

/// What the characters of a strip mean.
pub fn legend(charset: Charset) -> String {
    let named = |state, name: &str| format!("{} {name}", glyph(state, charset));
    let states = [AlarmState::Alarm, AlarmState::InsufficientData, AlarmState::Ok];
    let known = states.map(|state| named(Some(state), state.as_str()));
    let known = known.into_iter().chain([named(None, "not known")]);
    known.collect::<Vec<_>>().join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use AlarmState::{Alarm, InsufficientData, Ok};

    /// The strip of three hours that end at 12:00, from changes so many minutes before.
    fn drawn(changes: &[(i64, AlarmState)]) -> String {
        let end: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let change =
            |(ago, state): &(i64, AlarmState)| (end - SignedDuration::from_mins(*ago), *state);
        let changes: Vec<_> = changes.iter().map(change).collect();
        let window = Window::ending(crate::model::time::Minute::containing(end), 180);
        strip(&changes, window, end + SignedDuration::from_secs(40), Charset::Ascii)
    }

    #[test]
    fn a_strip_shows_the_worst_of_each_slot_and_never_guesses() {
        assert_eq!(drawn(&[]), ".".repeat(36));
        assert_eq!(drawn(&[(500, Ok)]), "_".repeat(36));
        assert_eq!(drawn(&[(20, Alarm)]), format!("{}####", ".".repeat(32)));
        let flapped = drawn(&[(180, Ok), (63, Alarm), (62, Ok), (30, InsufficientData)]);
        assert_eq!(flapped, format!("{}#{}::::::", "_".repeat(23), "_".repeat(6)));
    }

    #[test]
    fn what_happened_in_the_running_minute_is_in_the_last_slot() {
        let end = "2026-11-22T12:00:30Z".parse().unwrap();
        let early = "2026-11-22T08:00:00Z".parse().unwrap();
        let window = Window::ending(crate::model::time::Minute::containing(end), 60);
        let drawn = strip(&[(early, Ok), (end, Alarm)], window, end, Charset::Ascii);
        assert_eq!(drawn, format!("{}#", "_".repeat(35)));
    }

    #[test]
    fn every_state_has_its_character_and_all_are_explained() {
        assert_eq!(legend(Charset::Ascii), "# ALARM  : INSUFFICIENT_DATA  _ OK  . not known");
    }
}
