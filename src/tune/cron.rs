//! When a `cron(…)` schedule is due next.
//!
//! Source: Amazon `EventBridge` User Guide, "Cron expressions reference", which Application Auto
//! Scaling follows: minutes, hours, day of month, month, day of week, year; Sunday is 1.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// How far ahead is looked: a leap day and a weekday may be that far apart.
const DAYS_AHEAD: usize = 366 * 12;

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// The six fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    minutes: Numbers,
    hours: Numbers,
    days: Days,
    months: Numbers,
    years: Numbers,
}

/// Ranges with steps: from, to, step.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Numbers(Vec<(u16, u16, u16)>);

/// Which days of a month: those of the one of both fields that is not `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Days {
    OfMonth(Numbers),
    /// `L`.
    Last,
    /// `LW`: the last that is not of a weekend.
    LastWorkday,
    /// `15W`: the one nearest to it, in its month, that is not of a weekend.
    Workday(i8),
    OfWeek(Numbers),
    /// `FRIL`: the last such in the month.
    LastOfWeek(u16),
    /// `FRI#2`: the second such in the month.
    NthOfWeek(u16, u16),
}

impl Cron {
    /// Reads the six fields, without `cron(` and `)`; `None` for what this cannot compute.
    pub fn parse(fields: &str) -> Option<Self> {
        let mut fields = fields.split_whitespace();
        let mut next = || fields.next();
        let (minutes, hours, of_month) = (next()?, next()?, next()?);
        let (months, of_week, years) = (next()?, next()?, next()?);
        if next().is_some() {
            return None;
        }
        let days = match (of_month, of_week) {
            (days, "?" | "*") => days_of_month(days)?,
            ("?" | "*", days) => days_of_week(days)?,
            _ => return None,
        };
        Some(Self {
            minutes: Numbers::parse(minutes, 0, 59, &[])?,
            hours: Numbers::parse(hours, 0, 23, &[])?,
            days,
            months: Numbers::parse(months, 1, 12, &MONTHS)?,
            years: Numbers::parse(years, 1970, 2199, &[])?,
        })
    }

    /// The first time after `after`, by the clocks of `zone`; `None` for never.
    pub fn next(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let today = after.to_zoned(zone.clone()).date();
        let days = today.series(1.day()).take(DAYS_AHEAD).filter(|day| self.is_due_on(*day));
        let minutes = || (0..24_i8).flat_map(|hour| (0..60_i8).map(move |minute| (hour, minute)));
        let due = |(hour, minute): &(i8, i8)| self.hours.has(*hour) && self.minutes.has(*minute);
        days.flat_map(|day| {
            minutes().filter(due).map(move |(hour, minute)| day.at(hour, minute, 0, 0))
        })
        .filter_map(|time| Some(time.to_zoned(zone.clone()).ok()?.timestamp()))
        .find(|time| *time > after)
    }

    fn is_due_on(&self, day: Date) -> bool {
        self.years.has(day.year()) && self.months.has(day.month()) && self.days.has(day)
    }
}

fn days_of_month(field: &str) -> Option<Days> {
    match field {
        "?" => None,
        "L" => Some(Days::Last),
        "LW" => Some(Days::LastWorkday),
        _ => match field.strip_suffix('W') {
            Some(day) => {
                let day: i8 = day.parse().ok()?;
                (1..=31).contains(&day).then_some(Days::Workday(day))
            }
            None => Numbers::parse(field, 1, 31, &[]).map(Days::OfMonth),
        },
    }
}

fn days_of_week(field: &str) -> Option<Days> {
    let day = |name: &str| number(name, 1, 7, &WEEKDAYS);
    if let Some((name, nth)) = field.split_once('#') {
        let nth = nth.parse().ok().filter(|nth| (1..=5).contains(nth))?;
        return Some(Days::NthOfWeek(day(name)?, nth));
    }
    match field.strip_suffix('L') {
        Some("") => Some(Days::OfWeek(Numbers(vec![(7, 7, 1)]))),
        Some(name) => Some(Days::LastOfWeek(day(name)?)),
        None => Numbers::parse(field, 1, 7, &WEEKDAYS).map(Days::OfWeek),
    }
}

impl Numbers {
    fn parse(field: &str, least: u16, most: u16, names: &[&str]) -> Option<Self> {
        let parts = field.split(',').map(|part| {
            let (range, step) = match part.split_once('/') {
                Some((range, step)) => (range, step.parse().ok().filter(|step| *step > 0)?),
                None => (part, 1),
            };
            let read = |name: &str| number(name, least, most, names);
            let (from, to) = match range.split_once('-') {
                Some((from, to)) => (read(from)?, read(to)?),
                None if range == "*" => (least, most),
                None if part.contains('/') => (read(range)?, most),
                None => (read(range)?, read(range)?),
            };
            (from <= to).then_some((from, to, step))
        });
        parts.collect::<Option<_>>().map(Self)
    }

    fn has(&self, number: impl TryInto<u16>) -> bool {
        let Ok(number) = number.try_into() else { return false };
        let is_in = |(from, to, step): &(u16, u16, u16)| {
            (*from..=*to).contains(&number) && (number - from).is_multiple_of(*step)
        };
        self.0.iter().any(is_in)
    }
}

/// A number in range, or a name that stands for one; the first name is for 1.
fn number(text: &str, least: u16, most: u16, names: &[&str]) -> Option<u16> {
    let place = names.iter().position(|name| name.eq_ignore_ascii_case(text));
    let number = match place {
        Some(place) => u16::try_from(place).ok()?.checked_add(1)?,
        None => text.parse().ok()?,
    };
    (least..=most).contains(&number).then_some(number)
}

impl Days {
    fn has(&self, day: Date) -> bool {
        let last = day.last_of_month();
        match self {
            Self::OfMonth(days) => days.has(day.day()),
            Self::Last => day == last,
            Self::LastWorkday => Some(day) == workday(last),
            Self::Workday(wanted) => {
                let wanted = last.with().day(*wanted).build().ok();
                wanted.and_then(workday) == Some(day)
            }
            Self::OfWeek(days) => days.has(of_week(day)),
            Self::LastOfWeek(wanted) => {
                of_week(day) == *wanted && last.day().saturating_sub(day.day()) < 7
            }
            Self::NthOfWeek(wanted, nth) => {
                let week = u16::try_from((day.day() - 1) / 7 + 1);
                of_week(day) == *wanted && week == Ok(*nth)
            }
        }
    }
}

/// The weekday, 1 for Sunday.
fn of_week(day: Date) -> u16 {
    u16::from(day.weekday().to_sunday_one_offset().unsigned_abs())
}

/// The day itself, or the nearest in its month that is not of a weekend.
fn workday(day: Date) -> Option<Date> {
    let by = match day.weekday() {
        Weekday::Saturday if day.day() == 1 => 2,
        Weekday::Saturday => -1,
        Weekday::Sunday if day == day.last_of_month() => -2,
        Weekday::Sunday => 1,
        Weekday::Monday
        | Weekday::Tuesday
        | Weekday::Wednesday
        | Weekday::Thursday
        | Weekday::Friday => 0,
    };
    day.checked_add(by.days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_time_is_computed_in_the_schedules_own_zone() {
        // 2026-11-22 is a Sunday.
        for (fields, zone, expected) in [
            ("0 10 * * ? *", "UTC", "2026-11-23T10:00:00Z"),
            ("15 12 * * ? *", "UTC", "2026-11-22T12:15:00Z"),
            ("0 18 ? * MON-FRI *", "UTC", "2026-11-23T18:00:00Z"),
            ("0 8 1 * ? *", "UTC", "2026-12-01T08:00:00Z"),
            ("0/15 * * * ? *", "UTC", "2026-11-22T12:15:00Z"),
            ("0/10 * ? * MON-FRI *", "UTC", "2026-11-23T00:00:00Z"),
            ("30 6 ? * MON *", "Europe/Berlin", "2026-11-23T05:30:00Z"),
            ("0 9 * * ? *", "America/New_York", "2026-11-22T14:00:00Z"),
            ("0 22 L * ? *", "UTC", "2026-11-30T22:00:00Z"),
            ("0 22 LW FEB ? *", "UTC", "2027-02-26T22:00:00Z"),
            ("0 1 1W AUG ? *", "UTC", "2027-08-02T01:00:00Z"),
            ("0 1 ? * 6L *", "UTC", "2026-11-27T01:00:00Z"),
            ("0 1 ? * 3#2 *", "UTC", "2026-12-08T01:00:00Z"),
            ("0 0 29 2 ? *", "UTC", "2028-02-29T00:00:00Z"),
            ("0 0 1 1 ? 2031", "UTC", "2031-01-01T00:00:00Z"),
            ("5,35 12 22 11 ? 2026", "UTC", "2026-11-22T12:05:00Z"),
            // 02:30 does not exist on that day: the clocks go forward.
            ("30 2 28 3 ? 2027", "Europe/Berlin", "2027-03-28T01:30:00Z"),
        ] {
            let after: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
            let zone_read = TimeZone::get(zone).unwrap();
            let next = Cron::parse(fields).unwrap().next(after, &zone_read).unwrap();
            assert_eq!(next.to_string(), expected, "{fields} in {zone}");
        }
    }

    #[test]
    fn what_cannot_be_computed_is_not_guessed() {
        for fields in [
            "",
            "* * * * *",
            "0 10 1 * MON *",
            "0 10 ? * ? *",
            "60 * * * ? *",
            "0 10 * * ? * *",
            "0 10 32 * ? *",
            "5/0 * * * ? *",
            "0 10 ? * FRI-MON *",
            "0 10 ? * FRI#6 *",
            "é # , / -",
        ] {
            assert_eq!(Cron::parse(fields), None, "{fields}");
        }
        let past = Cron::parse("0 0 1 1 ? 2020").unwrap();
        assert_eq!(past.next(Timestamp::UNIX_EPOCH, &TimeZone::UTC), None);
        let never = Cron::parse("0 0 31 2 ? *").unwrap();
        assert_eq!(never.next(Timestamp::UNIX_EPOCH, &TimeZone::UTC), None);
    }
}
