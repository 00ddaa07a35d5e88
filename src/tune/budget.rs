//! How often capacity may still be lowered.
//!
//! Source: Amazon DynamoDB Developer Guide, "Quotas": up to four decreases of a table or index in a
//! UTC day at any time, then one more when there was none in the past hour, at most 27. Each
//! table and each index has its own; a change of reads and writes at once is one.

use crate::model::table::Throughput;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

const AT_ANY_TIME: u32 = 4;
const A_DAY: u32 = 27;

/// The decreases of one table or index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Spent since 00:00 UTC.
    pub spent: u32,
    /// Left at this moment.
    pub left: u32,
    /// When there is one again, if none is left.
    pub next: Option<Timestamp>,
}

/// What is left at `now`; `None` where AWS did not tell what was spent.
pub fn budget(throughput: &Throughput, now: Timestamp) -> Option<Budget> {
    let today = now.to_zoned(TimeZone::UTC).start_of_day().ok()?.timestamp();
    let told = throughput.decreases_today?;
    let last = throughput.last_decrease;
    // What was described before midnight counts the day before.
    let spent = if last.is_some_and(|last| last < today) { 0 } else { told };
    if spent < AT_ANY_TIME {
        return Some(Budget { spent, left: AT_ANY_TIME - spent, next: None });
    }
    let tomorrow = today.checked_add(SignedDuration::from_hours(24)).ok()?;
    let hour = SignedDuration::from_hours(1);
    let next = last.and_then(|last| last.checked_add(hour).ok()).unwrap_or(tomorrow);
    let next = if spent < A_DAY { next.min(tomorrow) } else { tomorrow };
    Some(if next <= now {
        Budget { spent, left: 1, next: None }
    } else {
        Budget { spent, left: 0, next: Some(next) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn four_at_any_time_then_one_an_hour_after_the_last_up_to_27_a_day() {
        let noon = "2026-11-22T12:00:00Z";
        for (spent, last, now, left, next) in [
            (0, None, noon, 4, None),
            (3, Some("2026-11-22T11:59:00Z"), noon, 1, None),
            (4, Some("2026-11-22T11:30:00Z"), noon, 0, Some("2026-11-22T12:30:00Z")),
            (4, Some("2026-11-22T11:00:00Z"), noon, 1, None),
            (9, Some("2026-11-22T10:00:00Z"), noon, 1, None),
            (27, Some("2026-11-22T10:00:00Z"), noon, 0, Some("2026-11-23T00:00:00Z")),
            (
                5,
                Some("2026-11-22T23:40:00Z"),
                "2026-11-22T23:50:00Z",
                0,
                Some("2026-11-23T00:00:00Z"),
            ),
            // A description of the day before.
            (5, Some("2026-11-21T23:40:00Z"), "2026-11-22T00:01:00Z", 4, None),
        ] {
            let throughput = Throughput {
                decreases_today: Some(spent),
                last_decrease: last.map(at),
                ..Throughput::default()
            };
            let found = budget(&throughput, at(now)).unwrap();
            assert_eq!((found.left, found.next), (left, next.map(at)), "{spent} by {now}");
        }
        assert_eq!(budget(&Throughput::default(), at(noon)), None);
    }
}
