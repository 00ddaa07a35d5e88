//! Verdicts: the cause of each trouble, with its evidence and the next step.
//!
//! Only settled minutes count. A cause is measured, or inferred where AWS does not publish reasons
//! and arithmetic leaves only one, or unknown: an honest unknown is better than a wrong cause. One
//! file answers one question; `thresholds` says from when on something counts.

mod advice;
mod bout;
mod cause;
mod conditions;
mod conflicts;
mod dax;
mod episode;
mod errors;
mod evidence;
mod gauge;
mod hot_key;
mod infer;
mod lately;
mod latency;
mod lowered;
mod outflow;
mod reasons;
mod scaling;
mod service;
mod spell;
mod step;
#[cfg(test)]
mod tests;
mod thresholds;
mod throttle;
mod traffic;
mod words;

pub use bout::{Bout, bouts};
pub use cause::{Cause, Confidence, Hindrance, Severity};
pub use dax::{DaxCause, DaxThresholds};
pub use evidence::{Amount, Evidence, Fact, Source, Unit};
pub use outflow::Outflow;
pub use step::{Advice, Opens};
pub use thresholds::Thresholds;
pub(crate) use words::{name, number};

use crate::model::id::Resource;
use crate::model::throttle::{Direction, Limit, Reason};
use crate::model::time::Minute;
use crate::store::Reading;
use std::cmp::Reverse;
use std::sync::Arc;

/// What is wrong with one resource, and what to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The table, index, account, or DAX cluster or node.
    pub resource: Resource,
    /// Reads or writes; `None` where it is about both or neither.
    pub direction: Option<Direction>,
    /// Who gets the changes of the table late or not at all: a function, a region, a data stream.
    pub recipient: Option<Arc<str>>,
    /// The cause.
    pub cause: Cause,
    /// What stands behind the cause: why autoscaling does not do away with it.
    pub behind: Option<Hindrance>,
    /// The cause as AWS spells it in `ThrottlingReasons`, where it is one of those.
    pub reason: Option<Reason>,
    /// How the cause is known.
    pub confidence: Confidence,
    /// How bad it is.
    pub severity: Severity,
    /// The first minute of the trouble, as far as is known.
    pub since: Minute,
    /// Whether it may have begun earlier: nothing is known of the minutes before.
    pub since_or_earlier: bool,
    /// How much it is: throttle events, errors or requests in the newest settled minutes.
    pub events: f64,
    /// What it rests on, the most telling first.
    pub evidence: Vec<Evidence>,
    /// What suffers from it: other resources, or the same one, whose next verdict it is behind.
    pub explains: Vec<Resource>,
    /// The next step.
    pub advice: Advice,
    /// What the cause may be, where it is unknown.
    pub candidates: Vec<Limit>,
}

impl Verdict {
    /// Whether requests are, or may be, refused at this limit.
    pub fn may_be_at(&self, limit: Limit) -> bool {
        match self.cause.limit() {
            Some(known) => known == limit,
            None => self.cause.is_throttle() && self.candidates.contains(&limit),
        }
    }

    /// Names direction and cause in a few words, such as `WRITE: hot partition`, and who it is about where a table
    /// has several: `STREAM: consumer failing, projector`.
    pub fn title(&self) -> String {
        let recipient = self.recipient.as_ref().map(|recipient| format!(", {recipient}"));
        let prefix = cause::prefix(self.direction, self.cause);
        format!("{prefix}{}{}", self.cause.words(), recipient.unwrap_or_default())
    }

    /// The title for a narrow list, which has no other place to say that the cause is inferred.
    pub fn headline(&self) -> String {
        let doubt = if self.confidence == Confidence::Inferred { " (inferred)" } else { "" };
        self.title() + doubt
    }

    /// What it is about as scripts know it: `stream/T` where it is about who reads a table's stream, else the
    /// resource's own path.
    pub fn path(&self) -> String {
        match (self.cause, self.resource.table_name()) {
            (Cause::Outflow(outflow), Some(table)) if outflow.is_of_stream() => {
                format!("stream/{table}")
            }
            _ => self.resource.to_string(),
        }
    }
}

/// A question whose answer depends on what was found before.
type Question = fn(Reading<'_>, &[Verdict], &Thresholds) -> Vec<Verdict>;

/// Those that are asked after throttles and user errors, in this order.
const QUESTIONS: [Question; 8] = [
    dax::verdicts,
    service::verdicts,
    conditions::verdicts,
    conflicts::verdicts,
    latency::verdicts,
    traffic::verdicts,
    scaling::verdicts,
    // Last: what becomes of a table's changes explains nothing about the table itself.
    outflow::verdicts,
];

/// Every verdict of a scope, in the order of what to do first.
///
/// What is worse comes first; of that, what explains another verdict; then requests that fail before
/// those that succeed in vain; then what has more events, by powers of two so that noise changes no
/// places; then what is older.
pub fn verdicts(reading: Reading<'_>, thresholds: &Thresholds) -> Vec<Verdict> {
    // Settling minutes may be shown, but nothing is concluded from them.
    let reading = reading.with_settling(false);
    let mut verdicts = throttle::verdicts(reading, thresholds);
    verdicts.extend(errors::verdict(reading, thresholds));
    for question in QUESTIONS {
        let more = question(reading, &verdicts, thresholds);
        verdicts.extend(more);
    }
    dax::tell_tables(&mut verdicts);
    verdicts.sort_by(|a, b| {
        let rank = |verdict: &Verdict| {
            let explains_none = verdict.explains.is_empty();
            (Reverse(verdict.severity), explains_none, verdict.cause.urgency())
        };
        let magnitude = |verdict: &Verdict| verdict.events.log2().floor();
        rank(a)
            .cmp(&rank(b))
            .then_with(|| magnitude(b).total_cmp(&magnitude(a)))
            .then_with(|| a.since.cmp(&b.since))
            .then_with(|| (&a.resource, a.direction).cmp(&(&b.resource, b.direction)))
    });
    verdicts
}
