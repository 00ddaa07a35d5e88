//! Answers that AWS is asked for once in a while, such as a status: what was read long ago says nothing of now.

use super::evidence::{Evidence, Fact};
use super::words::clock;
use crate::model::time::Minute;
use crate::store::{Detail, Reading};
use jiff::{SignedDuration, Timestamp};

/// How long a state is believed that is read every five minutes: as long as a series that is read no more.
pub(super) const STATE: SignedDuration = SignedDuration::from_mins(15);
/// The same of what is read of the open table alone, every quarter of an hour.
pub(super) const OPENED: SignedDuration = SignedDuration::from_mins(30);

/// The last answer, unless it was read longer ago than it is believed, and when that was where it is not the newest
/// there could be.
pub(super) fn lately<'a, T>(
    reading: Reading<'_>,
    answer: Detail<'a, T>,
    believed: SignedDuration,
) -> Option<(&'a T, Option<Evidence>)> {
    let (value, at) = (answer.value()?, answer.at()?);
    let is_due = !is_lately(reading, at, believed / 2);
    let is_old = is_due || matches!(answer, Detail::Stale { .. });
    is_lately(reading, at, believed).then(|| (value, is_old.then(|| read_in(reading, at))))
}

/// Whether something was read no longer ago than it is believed.
pub(super) fn is_lately(reading: Reading<'_>, at: Timestamp, believed: SignedDuration) -> bool {
    reading.now().duration_since(at) <= believed
}

fn read_in(reading: Reading<'_>, at: Timestamp) -> Evidence {
    let minute = Minute::containing(at);
    let text = format!("stale: that was read in {}, and not since", clock(reading, minute));
    Evidence::fact(Fact::Freshness, text).in_minute(minute)
}
