//! `UserErrors`: requests that DynamoDB answers with HTTP 400, known for the account alone.

use super::words::{clock, number};
use super::{Cause, Confidence, Evidence, Severity, Thresholds, Verdict};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::time::{Minute, Window};
use crate::store::Reading;

/// What `UserErrors` contains: Amazon DynamoDB Developer Guide, "DynamoDB Metrics and dimensions".
const ADVICE: &str = "search the application's logs for ValidationException, \
    ResourceNotFoundException and TransactionConflictException: CloudWatch cannot name the table \
    or the caller";

/// The verdict, if errors have been many in most of the newest minutes.
pub(super) fn verdict(reading: Reading<'_>, thresholds: &Thresholds) -> Option<Verdict> {
    let metric = Metric::UserErrors;
    let key = SeriesKey::sum(Resource::Account, metric);
    let view = reading.series(&key)?;
    let through = reading.known_through(&key)?;
    let errors = |minute: Minute| view.get(minute).value().unwrap_or(0.0);
    let is_high = |minute: &Minute| errors(*minute) >= thresholds.user_errors_per_minute;
    let newest = || (0..thresholds.window_minutes).map(|back| through.plus(-back));
    if newest().filter(is_high).count() < thresholds.user_error_minutes {
        return None;
    }
    let last = newest().find(is_high)?;
    let first_read = view.first_read()?;
    let since = since(last, is_high, first_read, thresholds);
    let in_last = errors(last);
    let mut evidence = vec![
        Evidence::measured(
            format!("{} user errors in {}", number(in_last), clock(reading, last)),
            metric,
            in_last,
            Window { start: last, end: last.plus(1) },
        ),
        Evidence::clause(
            "HTTP 400 of the whole account and region; throttles and failed conditions are not \
             among them",
        ),
    ];
    evidence.extend(Evidence::of_age(reading, reading.figure(&Resource::Account, metric), through));
    Some(Verdict {
        resource: Resource::Account,
        direction: None,
        cause: Cause::UserErrors,
        reason: None,
        confidence: Confidence::Measured,
        severity: Severity::Trouble,
        since,
        since_or_earlier: since.since(first_read) < thresholds.window_minutes,
        events: newest().map(errors).sum(),
        evidence,
        explains: vec![],
        advice: ADVICE.to_owned(),
        candidates: vec![],
    })
}

/// The first minute of many errors, with pauses shorter than the window, up to `last`.
fn since(
    last: Minute,
    is_high: impl Fn(&Minute) -> bool,
    first_read: Minute,
    thresholds: &Thresholds,
) -> Minute {
    let mut since = last;
    let mut minute = last;
    while minute > first_read && since.since(minute) < thresholds.window_minutes {
        minute = minute.plus(-1);
        if is_high(&minute) {
            since = minute;
        }
    }
    since
}
