//! A chart's axes: a round number at the top, and whole steps of time below.

use super::{Chart, Level};
use crate::model::time::Minute;
use crate::view::format::{Unit, number};
use std::iter::successors;

/// A level at more than this many times the greatest point would flatten the lines.
const FAR_ABOVE: f64 = 4.0;

/// Minutes from which on a window is long enough to name dates.
const LONG: i64 = 12 * 60;

const DAY: i64 = 24 * 60;

/// How high values lie in a chart: from 0 up to a round number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The value at the upper end, always more than 0; its label is exact.
    pub top: f64,
    /// Levels above this are left out.
    greatest_level: f64,
    /// Whether there is a point, without which `top` means nothing.
    has_points: bool,
    unit: Unit,
}

impl Scale {
    /// Whether `level` is drawn: one too far above the lines would flatten them.
    pub fn shows(&self, level: &Level) -> bool {
        level.value <= self.greatest_level
    }

    /// The values that the axis names, from the top down to 0, with what it calls them.
    ///
    /// The middle is among them only if it can be written without rounding.
    pub fn labels(&self) -> Vec<(f64, String)> {
        let top = Some(self.top).filter(|_| self.has_points);
        let middle = top.map(|top| top / 2.0).filter(|middle| is_exact(*middle, self.unit));
        let values = [top, middle, Some(0.0)].into_iter().flatten();
        values.map(|value| (value, number(value, self.unit))).collect()
    }
}

/// A labelled place on the axis of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Columns from the left edge of the plot.
    pub column: u16,
    /// The time of day, or the date at midnight.
    pub label: String,
}

impl Chart {
    /// The scale on which all points, and all levels near them, find room.
    pub fn scale(&self) -> Scale {
        let points = self.lines.iter().flat_map(|line| self.points(line)).flatten();
        let greatest = points.reduce(f64::max);
        let greatest_level = FAR_ABOVE * greatest.unwrap_or(0.0);
        let levels = self.levels.iter().map(|level| level.value);
        let highest =
            levels.filter(|level| *level <= greatest_level).fold(greatest.unwrap_or(0.0), f64::max);
        let top = round_up(highest.max(self.least_top.unwrap_or(0.0)), self.unit);
        Scale { top, greatest_level, has_points: greatest.is_some(), unit: self.unit }
    }

    /// The column of `minute` among `columns`; `None` outside the window.
    ///
    /// The oldest minute lies in the first column and the newest in the last.
    pub fn column(&self, minute: Minute, columns: u16) -> Option<u16> {
        let index = minute.since(self.window.start);
        self.window.contains(minute).then(|| self.column_of(index, columns))
    }

    /// The column of the window's minute number `index`, counted from 0.
    pub fn column_of(&self, index: i64, columns: u16) -> u16 {
        let last = i64::from(columns) - 1;
        let steps = self.window.minutes() - 1;
        let column = if steps > 0 {
            // Rounded to the nearest column.
            index.saturating_mul(2 * last).saturating_add(steps) / steps.saturating_mul(2)
        } else {
            last
        };
        u16::try_from(column.clamp(0, last.max(0))).unwrap_or(0)
    }

    /// The times that an axis of `columns` cells names: whole steps of minutes, hours or days.
    pub fn ticks(&self, columns: u16) -> Vec<Tick> {
        let named = self.named_minutes(columns).into_iter();
        let tick = |(minute, label)| Some(Tick { column: self.column(minute, columns)?, label });
        named.filter_map(tick).collect()
    }

    /// The minutes that an axis of `columns` cells names, with what it calls them.
    pub fn named_minutes(&self, columns: u16) -> Vec<(Minute, String)> {
        let Some(step) = self.step(columns) else { return vec![] };
        let into_step = self.local(self.window.start).0.rem_euclid(step);
        let first = self.window.start.plus((step - into_step) % step);
        successors(Some(first), |minute| Some(minute.plus(step)))
            .take_while(|minute| self.window.contains(*minute))
            .map(|minute| (minute, self.time(minute)))
            .collect()
    }

    /// The newest minute, at the right end of the axis; `None` for an empty window.
    pub fn newest(&self, columns: u16) -> Option<Tick> {
        let newest = self.window.end.plus(-1);
        Some(Tick { column: self.column(newest, columns)?, label: self.time(newest) })
    }

    /// The minute under the cursor, with its date where that is not the newest minute's.
    pub fn cursor_tick(&self, columns: u16) -> Option<Tick> {
        let minute = self.cursor?;
        let day = |minute: Minute| self.local(minute).0.div_euclid(DAY);
        let is_newest_day = day(minute) == day(self.window.end.plus(-1));
        let format = if is_newest_day { "%H:%M" } else { "%b %d %H:%M" };
        let label = self.local(minute).start().strftime(format).to_string();
        Some(Tick { column: self.column(minute, columns)?, label })
    }

    /// Minutes between two labels: the shortest step that leaves them room.
    fn step(&self, columns: u16) -> Option<i64> {
        const STEPS: [i64; 13] = [1, 5, 10, 15, 30, 60, 120, 180, 360, 720, DAY, 2 * DAY, 7 * DAY];
        const ROOM: i64 = 11;
        let columns = i64::from(columns) - 1;
        let minutes = self.window.minutes() - 1;
        STEPS.into_iter().find(|step| step * columns >= minutes.saturating_mul(ROOM))
    }

    fn time(&self, minute: Minute) -> String {
        let local = self.local(minute);
        let midnight = local.0.rem_euclid(DAY) == 0;
        let format = if midnight && self.window.minutes() >= LONG { "%b %d" } else { "%H:%M" };
        local.start().strftime(format).to_string()
    }

    /// The minute whose time in UTC reads as `minute` does in local time.
    fn local(&self, minute: Minute) -> Minute {
        self.utc_offset.local_minute(minute)
    }
}

/// The least round number from `value` on that is written without rounding, if one is near.
fn round_up(value: f64, unit: Unit) -> f64 {
    const ROUND: [f64; 7] = [1.0, 1.5, 2.0, 2.5, 4.0, 5.0, 7.5];
    const LEAST: f64 = 0.1;
    if value <= 0.0 {
        return 1.0;
    }
    let mut round = successors(Some(LEAST), |power| Some(power * 10.0))
        .take_while(|power| power.is_finite())
        .flat_map(|power| ROUND.map(|factor| factor * power))
        .skip_while(|round| *round < value)
        .take(ROUND.len() + 1);
    let nearest = round.clone().next().unwrap_or(value);
    round.find(|round| is_exact(*round, unit)).unwrap_or(nearest)
}

/// Whether `value` is written as what it is.
fn is_exact(value: f64, unit: Unit) -> bool {
    let text = number(value, unit);
    let scaled = [('k', 1e3), ('M', 1e6), ('G', 1e9), ('T', 1e12)]
        .into_iter()
        .find_map(|(suffix, scale)| Some((text.strip_suffix(suffix)?, scale)));
    let (digits, scale) = scaled.unwrap_or((text.trim_end_matches('%'), 1.0));
    let read: Result<f64, _> = digits.replace(',', "").parse();
    read.is_ok_and(|read| (read * scale - value).abs() <= value * 1e-9)
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;
    use crate::model::local::UtcOffset;

    #[test]
    fn the_top_is_the_least_round_number_that_is_written_as_it_is() {
        let cases = [
            (Unit::Count, 0.0, 1.0),
            (Unit::Count, 0.3, 1.0),
            (Unit::Count, 1.2, 2.0),
            (Unit::Count, 7.1, 10.0),
            (Unit::Count, 12.0, 15.0),
            (Unit::Count, 1_000.0, 1_000.0),
            (Unit::Count, 1_001.0, 1_500.0),
            (Unit::Count, 620_000.0, 750_000.0),
            (Unit::Decimal, 0.01, 0.1),
            (Unit::Decimal, 0.21, 0.4),
            (Unit::Decimal, 1.2, 1.5),
            (Unit::Decimal, 7.1, 7.5),
            (Unit::Percent, 87.0, 100.0),
            (Unit::Percent, 1_200.0, 1_500.0),
        ];
        for (unit, greatest, top) in cases {
            let found = round_up(greatest, unit);
            assert!((found - top).abs() < 1e-9, "{greatest} as {unit:?}: {found}");
        }
        assert!(round_up(f64::MAX, Unit::Count) >= f64::MAX);
    }

    #[test]
    fn a_label_that_would_be_rounded_is_left_out() {
        let labels = |greatest, unit| -> Vec<String> {
            let mut chart = example("2026-11-22T12:00:00Z", &[&[Some(greatest)]]);
            chart.unit = unit;
            chart.scale().labels().into_iter().map(|(_, label)| label).collect()
        };
        assert_eq!(labels(1_000.0, Unit::Count), ["1,000", "500", "0"]);
        assert_eq!(labels(5.0, Unit::Count), ["5", "0"]);
        assert_eq!(labels(0.0, Unit::Count), ["1", "0"]);
        assert_eq!(labels(1.0, Unit::Decimal), ["1.0", "0.5", "0"]);
        assert_eq!(labels(2_500_000.0, Unit::Decimal), ["2.5M", "0"]);
        assert_eq!(labels(f64::NAN, Unit::Count), ["0"], "without points there is no scale");
    }

    #[test]
    fn a_level_counts_for_the_top_unless_it_would_flatten_the_lines() {
        let points = [Some(100.0), None, Some(f64::NAN), Some(-3.0)];
        let mut chart = example("2026-11-22T12:00:00Z", &[&points]);
        let level = |value| Level { label: String::new(), short: "", value };
        chart.levels = vec![level(400.0), level(401.0), level(f64::NAN)];
        let scale = chart.scale();
        let shown: Vec<bool> = chart.levels.iter().map(|level| scale.shows(level)).collect();
        assert_eq!(shown, [true, false, false]);
        assert!((scale.top - 400.0).abs() < 1e-9);
    }

    #[test]
    fn times_are_whole_steps_and_the_newest_is_at_the_right_end() {
        let ticks = |minutes: i64, offset, columns| -> Vec<String> {
            let mut chart = example("2026-11-22T12:08:00Z", &[]);
            chart.window.start = chart.window.end.plus(-minutes);
            chart.utc_offset = UtcOffset::fixed(offset);
            chart.ticks(columns).into_iter().map(|tick| tick.label).collect()
        };
        assert_eq!(ticks(60, 0, 60), ["11:15", "11:30", "11:45", "12:00"]);
        assert_eq!(ticks(60, 330, 20), ["17:00"]);
        assert_eq!(ticks(1_440, 0, 60), ["18:00", "Nov 22", "06:00", "12:00"]);
        assert_eq!(ticks(7 * 1_440, 60, 80)[..2], ["Nov 16", "Nov 17"]);
        assert_eq!(ticks(i64::MAX, 0, 60), Vec::<String>::new());
        let chart = example("2026-11-22T12:08:00Z", &[]);
        let newest = Tick { column: 59, label: "12:07".to_owned() };
        assert_eq!(chart.newest(60), Some(newest));
    }

    #[test]
    fn the_cursor_names_its_date_on_another_day_than_the_newest_minute() {
        let mut chart = example("2026-11-22T12:08:00Z", &[]);
        chart.window.start = chart.window.end.plus(-1_440);
        let newest = chart.window.end.plus(-1);
        let cases = [
            (0, 0, "12:07"),
            (0, 12 * 60 + 7, "00:00"),
            (0, 12 * 60 + 8, "Nov 21 23:59"),
            (60, 12 * 60 + 8, "00:59"),
            (720, 8, "Nov 22 23:59"),
        ];
        for (offset, ago, label) in cases {
            chart.utc_offset = UtcOffset::fixed(offset);
            chart.cursor = Some(newest.plus(-ago));
            assert_eq!(chart.cursor_tick(60).unwrap().label, label, "{ago} minutes ago");
        }
    }

    #[test]
    fn minutes_spread_over_all_columns() {
        let mut chart = example("2026-11-22T12:00:00Z", &[]);
        let start = chart.window.start;
        assert_eq!(chart.column(start, 100), Some(0));
        assert_eq!(chart.column(start.plus(59), 100), Some(99));
        assert_eq!(chart.column(start.plus(60), 100), None);
        assert_eq!(chart.column(start, 0), Some(0));
        chart.window.end = start.plus(1);
        assert_eq!(chart.column(start, 100), Some(99));
    }
}
