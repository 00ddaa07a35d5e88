//! One outage is one row: pollers that fail together have one cause, and one that passes for all.

use super::{Entry, Kind, Occurrence};
use crate::model::event::{Happening, PollerChange};
use jiff::SignedDuration;

/// Pollers that fail, or read again, no further apart than this do so together, …
const TOGETHER: SignedDuration = SignedDuration::from_mins(1);
/// … and so many of them are one row.
const MANY: usize = 3;

/// Puts rows of pollers together where they tell of one outage.
pub(super) fn joined(entries: Vec<Entry>) -> Vec<Entry> {
    let is_of_poller = |entry: &Entry| change(entry).is_some() && entry.times() == 1;
    let (mut pollers, mut others): (Vec<_>, Vec<_>) = entries.into_iter().partition(is_of_poller);
    pollers.sort_by_key(|entry| (entry.weight, entry.place));
    let is_together =
        |a: &Entry, b: &Entry| a.weight == b.weight && b.at().duration_since(a.at()) <= TOGETHER;
    for run in pollers.chunk_by(is_together) {
        match run.last().filter(|_| run.len() >= MANY) {
            Some(newest) => others.push(join(run, newest)),
            None => others.extend_from_slice(run),
        }
    }
    others
}

/// The change that a row of one poller tells of.
fn change(entry: &Entry) -> Option<&PollerChange> {
    if entry.kind != Kind::Poller {
        return None;
    }
    match entry.happened.first()? {
        Occurrence::Event(event) => match &event.what {
            Happening::Poller(change) => Some(change),
            Happening::Scaling(_)
            | Happening::Alarm(_)
            | Happening::Table(_)
            | Happening::Dax(_)
            | Happening::Write(_) => None,
        },
        Occurrence::Throttling(_) => None,
    }
}

/// `metrics, tables +7 cannot be read: no answer in time`.
fn join(run: &[Entry], newest: &Entry) -> Entry {
    const NAMED: usize = 2;
    let changes: Vec<&PollerChange> = run.iter().filter_map(change).collect();
    let names: Vec<&str> = changes.iter().take(NAMED).map(|it| it.poller.name()).collect();
    let what = match changes.last().and_then(|newest| newest.error.as_ref()) {
        Some(error) => format!("cannot be read: {}", error.message),
        None => "are read again".to_owned(),
    };
    let text = format!("{} +{} {what}", names.join(", "), changes.len().saturating_sub(NAMED));
    let happened = run.iter().rev().flat_map(|entry| entry.happened.clone()).collect();
    Entry { text, happened, ..newest.clone() }
}
