//! The state of a metric alarm, from its most recent data points: a pure function.
//!
//! The rules are those of "Alarm evaluation" and "Configuring how CloudWatch alarms treat missing data" in the
//! CloudWatch user guide, with its tables as tests.

use crate::scenario::spec::alarms::Missing;

/// A state of an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Ok,
    Alarm,
    InsufficientData,
}

impl State {
    /// Returns the state as AWS spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Alarm => "ALARM",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

/// Data points that are looked at beyond those that are evaluated: where some are missing, AWS "attempts to
/// retrieve a higher number of data points" than the evaluation periods. How many it does not say; its example
/// is five for three.
const MORE_POINTS: usize = 2;

/// M out of N.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    /// N, at least 1.
    pub(super) periods: usize,
    /// M, from 1 to N.
    pub(super) to_alarm: usize,
    pub(super) missing: Missing,
}

impl Rule {
    /// Returns how many data points are retrieved.
    pub(super) fn range(&self) -> usize {
        self.periods + MORE_POINTS
    }

    /// Returns the state after the points of the range, newest first: breaching, not breaching or missing.
    /// `None` keeps the current state.
    pub(super) fn evaluate(&self, points: &[Option<bool>]) -> Option<State> {
        let real = || points.iter().copied().flatten().take(self.periods);
        let (existing, breaching) = (real().count(), real().filter(|breaches| *breaches).count());
        let state = |breaching: usize| {
            Some(if breaching >= self.to_alarm { State::Alarm } else { State::Ok })
        };
        let filled = self.periods - existing;
        match self.missing {
            // Real points come before any filling.
            _ if filled == 0 || breaching >= self.to_alarm => state(breaching),
            Missing::Breaching => state(breaching + filled),
            Missing::NotBreaching => state(breaching),
            Missing::Missing | Missing::Ignore if breaching < existing => Some(State::Ok),
            Missing::Ignore => None,
            Missing::Missing => Some(self.without_calm(points)),
        }
    }

    /// Judges points none of which is within the threshold, and too few of which breach it: it is an alarm once
    /// the oldest of them is so old that those after it could have completed M ("Avoiding premature transitions
    /// to alarm state").
    fn without_calm(&self, points: &[Option<bool>]) -> State {
        let oldest = points.iter().rposition(|point| *point == Some(true));
        if oldest.is_some_and(|periods_ago| periods_ago + 1 >= self.to_alarm) {
            State::Alarm
        } else {
            State::InsufficientData
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALARM: Option<State> = Some(State::Alarm);
    const OK: Option<State> = Some(State::Ok);
    const UNKNOWN: Option<State> = Some(State::InsufficientData);
    const KEPT: Option<State> = None;

    /// Evaluates points written as the user guide does, oldest first: `0`, `X` and `-`.
    fn evaluate(periods: usize, to_alarm: usize, points: &str) -> [Option<State>; 4] {
        let points: Vec<Option<bool>> = points
            .split(' ')
            .rev()
            .map(|point| match point {
                "X" => Some(true),
                "0" => Some(false),
                _ => None,
            })
            .collect();
        [Missing::Missing, Missing::Ignore, Missing::Breaching, Missing::NotBreaching].map(
            |missing| {
                let rule = Rule { periods, to_alarm, missing };
                assert_eq!(rule.range(), points.len(), "{points:?}");
                rule.evaluate(&points)
            },
        )
    }

    #[test]
    fn three_out_of_three_is_as_in_the_user_guide() {
        let table = [
            ("0 - X - X", [OK, OK, OK, OK]),
            ("0 - - - -", [OK, OK, OK, OK]),
            ("- - - - -", [UNKNOWN, KEPT, ALARM, OK]),
            ("0 X X - X", [ALARM, ALARM, ALARM, ALARM]),
            ("- - X - -", [ALARM, KEPT, ALARM, OK]),
            ("- - - - X", [UNKNOWN, KEPT, ALARM, OK]),
            ("X - - - -", [ALARM, KEPT, ALARM, OK]),
        ];
        for (points, expected) in table {
            assert_eq!(evaluate(3, 3, points), expected, "{points}");
        }
    }

    #[test]
    fn two_out_of_three_is_as_in_the_user_guide() {
        let table = [
            ("0 - X - X", [ALARM, ALARM, ALARM, ALARM]),
            ("0 0 X 0 X", [ALARM, ALARM, ALARM, ALARM]),
            ("0 - X - -", [OK, OK, ALARM, OK]),
            ("- - - - 0", [OK, OK, ALARM, OK]),
            ("- - - X -", [ALARM, KEPT, ALARM, OK]),
            ("- - - - X", [UNKNOWN, KEPT, ALARM, OK]),
        ];
        for (points, expected) in table {
            assert_eq!(evaluate(2 + 1, 2, points), expected, "{points}");
        }
    }

    #[test]
    fn an_alarm_is_not_premature() {
        // "when the data is either - - - - X or - - - X - and Datapoints to Alarm is 3".
        for points in ["- - - - X", "- - - X -"] {
            assert_eq!(evaluate(3, 3, points)[0], UNKNOWN, "{points}");
        }
        assert_eq!(evaluate(3, 3, "- - X X -")[0], ALARM);
    }

    #[test]
    fn enough_real_points_need_no_filling_however_old() {
        assert_eq!(evaluate(1, 1, "X - -"), [ALARM; 4]);
        assert_eq!(evaluate(1, 1, "X 0 -"), [OK; 4]);
        assert_eq!(evaluate(2, 2, "X - X -"), [ALARM; 4]);
    }

    #[test]
    fn m_breaching_points_are_an_alarm_whatever_the_others_would_be() {
        assert_eq!(evaluate(5, 2, "- X - - - X -"), [ALARM; 4]);
    }
}
