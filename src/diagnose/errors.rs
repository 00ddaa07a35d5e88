//! `UserErrors`: requests that DynamoDB answers with HTTP 400, known for the account alone.

use super::evidence::single;
use super::spell::Tally;
use super::words::{clock, number};
use super::{Cause, Evidence, Fact, Severity, Thresholds, Unit, Verdict};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::store::Reading;

/// What `UserErrors` contains: Amazon DynamoDB Developer Guide, "DynamoDB Metrics and dimensions".
const ADVICE: &str = "search the application's logs for ValidationException, \
    ResourceNotFoundException and TransactionConflictException: CloudWatch cannot name the table \
    or the caller";

/// The verdict, if errors have been many in enough of the newest minutes.
pub(super) fn verdict(reading: Reading<'_>, thresholds: &Thresholds) -> Option<Verdict> {
    let metric = Metric::UserErrors;
    let key = SeriesKey::sum(Resource::Account, metric);
    let errors = Tally::of(reading, [key.clone()])?;
    let spell = errors.spell(thresholds.user_error_minutes, thresholds, |minute| {
        errors.at(minute) >= thresholds.user_errors_per_minute
    })?;
    let in_last = errors.at(spell.last);
    let text = format!("{} user errors in {}", number(in_last), clock(reading, spell.last));
    let mut evidence = vec![
        Evidence::series(key, text, (in_last, Unit::Count), single(spell.last)),
        Evidence::fact(
            Fact::Definition,
            "HTTP 400 of the whole account and region; throttles and failed conditions are not \
             among them",
        ),
    ];
    let newest = reading.figure(&Resource::Account, metric);
    evidence.extend(Evidence::of_age(reading, newest, errors.through));
    Some(Verdict {
        events: errors.lately(thresholds),
        evidence,
        advice: ADVICE.into(),
        ..spell.verdict(Resource::Account, Cause::UserErrors, Severity::Trouble)
    })
}
