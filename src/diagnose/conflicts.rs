//! `TransactionConflict`: items that another request is changing. It is the application's doing.

use super::evidence::single;
use super::spell::{Failures, per_operation, tables};
use super::words::{clock, number, percent};
use super::{Cause, Evidence, Fact, Severity, Thresholds, Unit, Verdict};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey, Statistic, is_transaction};
use crate::store::Reading;
use std::sync::Arc;

/// Amazon DynamoDB Developer Guide, "Amazon DynamoDB Transactions: How it works".
const ADVICE: &str = "several callers change the same items at once: look for \
    TransactionConflictException and TransactionCanceledException in the application's logs; make \
    transactions smaller, spread the items, and retry with back-off and jitter. More capacity will \
    not help";

/// Tables many of whose transactions meet another one.
pub(super) fn verdicts(
    reading: Reading<'_>,
    _: &[Verdict],
    thresholds: &Thresholds,
) -> Vec<Verdict> {
    let judged = tables(reading).filter_map(|(reading, table)| verdict(reading, table, thresholds));
    judged.collect()
}

fn verdict(reading: Reading<'_>, table: &Arc<str>, thresholds: &Thresholds) -> Option<Verdict> {
    let resource = Resource::Table(table.clone());
    let metric = Metric::TransactionConflict;
    let key = SeriesKey::sum(resource.clone(), metric);
    let counted = (Metric::SuccessfulRequestLatency, Statistic::SampleCount);
    let transactions = per_operation(reading, table, counted)
        .filter(|key| key.operation.as_deref().is_some_and(is_transaction));
    let met = Failures::of(reading, [key.clone()], transactions)?;
    let least = thresholds.conflicts_per_minute;
    let spell = met.spell(thresholds, least, thresholds.conflict_share)?;
    let (conflicts, done) = (&met.failed, &met.done);
    let (in_last, at) = (conflicts.at(spell.last), clock(reading, spell.last));
    let text = format!(
        "{} transaction conflicts in {at}, beside {} transactions that were done ({})",
        number(in_last),
        number(done.at(spell.last)),
        percent(met.share(spell.last)),
    );
    let mut evidence = vec![
        Evidence::series(key, text, (in_last, Unit::Count), single(spell.last)),
        Evidence::fact(Fact::Definition, "HTTP 400, and so among the account's user errors"),
    ];
    let newest = reading.figure(&resource, metric);
    evidence.extend(Evidence::of_age(reading, newest, conflicts.through));
    // What was there all along may be how the application works.
    let severity = if spell.maybe_earlier { Severity::Notice } else { Severity::Trouble };
    Some(Verdict {
        events: conflicts.lately(thresholds),
        evidence,
        advice: ADVICE.into(),
        ..spell.verdict(resource, Cause::TransactionConflicts, severity)
    })
}
