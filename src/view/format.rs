//! Numbers, figures, ages and times in a few cells.

use crate::model::local::UtcOffset;
use crate::model::time::{Figure, Minute};
use jiff::Timestamp;

/// How the number of a figure is written. The widest result is six cells and a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Per cent, whole: `87%`.
    Percent,
    /// A whole count: `1,240`.
    Count,
    /// A rate or a duration with one decimal while it is small: `3.4`.
    Decimal,
}

/// Every state of a figure: how [`figure`] writes it, and what that means. The states differ in
/// text, so that none needs a colour.
pub const STATES: [(&str, &str); 9] = [
    ("87%", "settled"),
    ("0", "nothing happened"),
    ("idle", "no samples"),
    ("?", "unknown"),
    ("~87%", "settling"),
    ("87%*", "stale"),
    ("denied", "no permission"),
    ("-", "not applicable"),
    (".", "not polled"),
];

/// What the marks of [`figure`] mean: the mark, and its explanation in the footer.
pub const LEGEND: [(char, &str); 5] =
    [('*', "stale"), ('~', "settling"), ('?', "unknown"), ('.', "not polled"), ('-', "n/a")];

/// Writes a figure so that no two states look alike.
pub fn figure(figure: Figure, unit: Unit) -> String {
    match figure {
        Figure::Value { value, .. } => number(value, unit),
        Figure::Settling { value, .. } => format!("~{}", number(value, unit)),
        Figure::Stale { value, .. } => format!("{}*", number(value, unit)),
        Figure::Zero { .. } => "0".to_owned(),
        Figure::Idle { .. } => "idle".to_owned(),
        Figure::Unknown { .. } => "?".to_owned(),
        Figure::Denied { .. } => "denied".to_owned(),
        Figure::NotApplicable => "-".to_owned(),
        Figure::NotPolled => ".".to_owned(),
    }
}

/// Writes a figure for a sentence: `12 units/s`, with `of` after the number; where there is no
/// number `consumption not polled`, with `subject` before the state.
pub fn phrase(figure: Figure, unit: Unit, of: &str, subject: &str) -> String {
    let state = match figure {
        Figure::Value { .. }
        | Figure::Settling { .. }
        | Figure::Stale { .. }
        | Figure::Zero { .. } => return format!("{} {of}", self::figure(figure, unit)),
        Figure::Idle { .. } => "idle",
        Figure::Unknown { .. } => "unknown",
        Figure::Denied { action } => return format!("{subject}: no permission for {action}"),
        Figure::NotApplicable => "not applicable",
        Figure::NotPolled => "not polled",
    };
    format!("{subject} {state}")
}

/// The place of a figure's mark in [`LEGEND`], if it has one.
pub fn legend_entry(figure: Figure) -> Option<usize> {
    let mark = match figure {
        Figure::Stale { .. } => '*',
        Figure::Settling { .. } => '~',
        Figure::Unknown { .. } => '?',
        Figure::NotApplicable => '-',
        Figure::NotPolled => '.',
        Figure::Value { .. }
        | Figure::Zero { .. }
        | Figure::Idle { .. }
        | Figure::Denied { .. } => {
            return None;
        }
    };
    LEGEND.iter().position(|(known, _)| *known == mark)
}

/// The place in [`LEGEND`] of the mark of a figure that [`figure`] has written, if it has one.
pub fn mark_in(written: &str) -> Option<usize> {
    let is_used = |(mark, _): &(char, &str)| match mark {
        '*' => written.ends_with('*'),
        '~' => written.starts_with('~'),
        alone => written.chars().eq([*alone]),
    };
    LEGEND.iter().position(is_used)
}

/// Writes a number; one that is not zero never reads as zero.
pub fn number(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Percent if value > 0.0 && value <= 0.5 => "<1%".to_owned(),
        Unit::Percent if value >= 999.5 => ">999%".to_owned(),
        Unit::Percent => format!("{value:.0}%"),
        Unit::Count => count(value),
        Unit::Decimal => decimal(value),
    }
}

/// `0`, `<1`, `1,240`, `99,999`, `124k`, `1.2M`.
fn count(value: f64) -> String {
    if value > 0.0 && value <= 0.5 {
        "<1".to_owned()
    } else if value < 99_999.5 {
        grouped(value)
    } else {
        scaled(value)
    }
}

/// `0`, `<0.1`, `3.4`, `340`, `9,999`, `12.4k`.
fn decimal(value: f64) -> String {
    if value == 0.0 {
        "0".to_owned()
    } else if value > 0.0 && value < 0.05 {
        "<0.1".to_owned()
    } else if value < 99.95 {
        format!("{value:.1}")
    } else if value < 9_999.5 {
        grouped(value)
    } else {
        scaled(value)
    }
}

/// A whole number with a comma between thousands.
pub fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        let left = digits.len() - place;
        if place > 0 && left.is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// At most five cells: `12.4k`, `124k`, `1.2M`, `>999T`.
fn scaled(value: f64) -> String {
    let mut value = value;
    for suffix in ['k', 'M', 'G', 'T'] {
        value /= 1000.0;
        if value < 99.95 {
            return format!("{value:.1}{suffix}");
        }
        if value < 999.5 {
            return format!("{value:.0}{suffix}");
        }
    }
    ">999T".to_owned()
}

/// How long ago `then` was, in its greatest whole unit: `12 s`, `3 m`, `5 h`, `2 d`.
pub fn age(now: Timestamp, then: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(then.as_second()).max(0);
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} m", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// The time of day, `12:03:20`, on clocks that are so far ahead of UTC.
pub fn clock(at: Timestamp, utc_offset: UtcOffset) -> String {
    utc_offset.local(at).strftime("%H:%M:%S").to_string()
}

/// The time of day, `12:03:20`, on clocks that are so far ahead of UTC; where that is not today's,
/// its date and minute, `Nov 21 12:03`.
pub fn moment(at: Timestamp, now: Timestamp, utc_offset: UtcOffset) -> String {
    let (at, now) = (utc_offset.local(at), utc_offset.local(now));
    at.strftime(if is_one_day(at, now) { "%H:%M:%S" } else { "%b %d %H:%M" }).to_string()
}

/// A minute, `12:03`, on clocks that are so far ahead of UTC; with its date where that is not
/// today's.
pub fn minute(minute: Minute, now: Timestamp, utc_offset: UtcOffset) -> String {
    let (start, now) = (utc_offset.local(minute.start()), utc_offset.local(now));
    start.strftime(if is_one_day(start, now) { "%H:%M" } else { "%b %d %H:%M" }).to_string()
}

fn is_one_day(one: Timestamp, other: Timestamp) -> bool {
    let day = |at: Timestamp| at.as_second().div_euclid(86_400);
    day(one) == day(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_states_look_alike_and_none_needs_more_than_ascii() {
        let at = Minute(1);
        let value = 87.0;
        let figures = [
            Figure::Value { value, at },
            Figure::Settling { value, at },
            Figure::Zero { at },
            Figure::Idle { at },
            Figure::Unknown { at },
            Figure::Stale { value, at },
            Figure::Denied { action: "cloudwatch:GetMetricData" },
            Figure::NotApplicable,
            Figure::NotPolled,
        ];
        for unit in [Unit::Percent, Unit::Count, Unit::Decimal] {
            for it in figures {
                assert_eq!(mark_in(&figure(it, unit)), legend_entry(it), "{it:?}");
            }
            let texts: BTreeSet<String> = figures.iter().map(|f| figure(*f, unit)).collect();
            assert_eq!(texts.len(), figures.len(), "{texts:?}");
            assert!(texts.iter().all(|text| text.is_ascii() && text.len() <= 7), "{texts:?}");
        }
        let explained: BTreeSet<&str> = STATES.into_iter().map(|(text, _)| text).collect();
        let texts: Vec<String> = figures.iter().map(|f| figure(*f, Unit::Percent)).collect();
        assert_eq!(explained, texts.iter().map(String::as_str).collect());
    }

    #[test]
    fn sentences_tell_states_in_words() {
        let write = |figure| phrase(figure, Unit::Decimal, "units/s", "consumption");
        assert_eq!(write(Figure::Stale { value: 12.0, at: Minute(1) }), "12.0* units/s");
        assert_eq!(write(Figure::NotPolled), "consumption not polled");
        let denied = Figure::Denied { action: "dynamodb:DescribeTable" };
        assert_eq!(write(denied), "consumption: no permission for dynamodb:DescribeTable");
    }

    #[test]
    fn every_mark_is_explained() {
        let at = Minute(1);
        assert_eq!(legend_entry(Figure::Stale { value: 1.0, at }), Some(0));
        assert_eq!(legend_entry(Figure::NotPolled), Some(3));
        assert_eq!(legend_entry(Figure::Zero { at }), None);
    }

    #[test]
    fn numbers_keep_their_width() {
        let cases = [
            (Unit::Count, 0.0, "0"),
            (Unit::Count, 0.2, "<1"),
            (Unit::Count, 1.0, "1"),
            (Unit::Count, 999.0, "999"),
            (Unit::Count, 1_240.0, "1,240"),
            (Unit::Count, 99_999.0, "99,999"),
            (Unit::Count, 99_999.5, "100k"),
            (Unit::Count, 999_499.0, "999k"),
            (Unit::Count, 999_500.0, "1.0M"),
            (Unit::Count, 12_345_678.0, "12.3M"),
            (Unit::Count, 1e18, ">999T"),
            (Unit::Decimal, 0.0, "0"),
            (Unit::Decimal, 0.01, "<0.1"),
            (Unit::Decimal, 3.44, "3.4"),
            (Unit::Decimal, 99.96, "100"),
            (Unit::Decimal, 1_240.0, "1,240"),
            (Unit::Decimal, 12_400.0, "12.4k"),
            (Unit::Percent, 0.0, "0%"),
            (Unit::Percent, 0.3, "<1%"),
            (Unit::Percent, 87.4, "87%"),
            (Unit::Percent, 340.0, "340%"),
            (Unit::Percent, 1_240.0, ">999%"),
        ];
        for (unit, value, text) in cases {
            assert_eq!(number(value, unit), text, "{value} as {unit:?}");
            assert!(text.len() <= 6, "{text}");
        }
    }

    #[test]
    fn ages_and_times_are_short_and_in_utc() {
        let now: Timestamp = "2026-11-22T12:03:20Z".parse().unwrap();
        let cases = [
            ("2026-11-22T12:03:08Z", "12 s"),
            ("2026-11-22T12:00:00Z", "3 m"),
            ("2026-11-22T07:00:00Z", "5 h"),
            ("2026-11-19T12:00:00Z", "3 d"),
            ("2026-11-22T12:09:00Z", "0 s"),
        ];
        for (then, text) in cases {
            assert_eq!(age(now, then.parse().unwrap()), text);
        }
        assert_eq!(clock(now, UtcOffset::ZERO), "12:03:20");
        assert_eq!(clock(now, UtcOffset::fixed(330)), "17:33:20");
        assert_eq!(minute(Minute::containing(now), now, UtcOffset::ZERO), "12:03");
        assert_eq!(
            minute(Minute::containing(now).plus(-1_440), now, UtcOffset::ZERO),
            "Nov 21 12:03"
        );
        let moments = [0, 13, 24].map(|hours| now - jiff::SignedDuration::from_hours(hours));
        let moments = moments.map(|at| moment(at, now, UtcOffset::ZERO));
        assert_eq!(moments, ["12:03:20", "Nov 21 23:03", "Nov 21 12:03"]);
        assert_eq!(
            minute(Minute::containing(now), now, UtcOffset::fixed(720)),
            "Nov 23 00:03".split_at(7).1
        );
    }
}
