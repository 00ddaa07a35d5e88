//! When throttling began and ended. No AWS service tells that: the settled minutes do.

use super::words::Told;
use super::{Entry, Kind, Occurrence, Weight};
use crate::diagnose::Bout;
use crate::model::alarm::Subject;
use crate::model::local::UtcOffset;
use crate::model::throttle::Direction;
use crate::model::time::Minute;
use crate::store::Reading;
use crate::view::detail::paragraph;
use crate::view::format::{age, grouped, minute};
use crate::view::{Paragraph, Role};
use std::sync::Arc;

/// The beginning or the end of a time of throttling.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    bout: Bout,
    /// The first minute without throttle events, where it is the end.
    ended: Option<Minute>,
}

impl Turn {
    /// The minute in which it was.
    pub(super) fn minute(&self) -> Minute {
        self.ended.unwrap_or(self.bout.since)
    }

    /// Reads or writes.
    pub(super) fn direction(&self) -> Direction {
        self.bout.direction
    }

    /// Whether both tell of the same, of which more may be known meanwhile.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let key = |turn: &Self| {
            let Bout { resource, direction, .. } = &turn.bout;
            (resource.clone(), *direction, turn.minute(), turn.ended.is_some())
        };
        key(self) == key(other)
    }

    fn told(&self) -> Told {
        let Bout { direction, since, since_or_earlier, events, reason, .. } = &self.bout;
        let kind = direction.as_str();
        let Some(ended) = self.ended else {
            let or_earlier = if *since_or_earlier { ", or earlier" } else { "" };
            let why = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
            return (format!("{kind} throttling began{or_earlier}{why}"), Weight::Trouble);
        };
        let (lasted, or_more) =
            (age(ended.start(), since.start()), if *since_or_earlier { " or more" } else { "" });
        let text = format!(
            "{kind} throttling ended after {lasted}{or_more}, {} throttle events",
            grouped(*events)
        );
        (text, Weight::Calm)
    }

    /// What else is known of it.
    pub(super) fn paragraphs(&self, reading: Reading<'_>, utc_offset: UtcOffset) -> Vec<Paragraph> {
        let Bout { since, ended, events, direction, .. } = &self.bout;
        let at = |at: Minute| minute(at, reading.now(), utc_offset);
        let count = format!("{} throttle events", grouped(*events));
        let (label, other) = match (self.ended, ended) {
            (Some(_), _) => ("since", at(*since)),
            (None, Some(ended)) => ("until", format!("{}, {count}", at(*ended))),
            (None, None) => ("count", count),
        };
        let metric = match direction {
            Direction::Read => "ReadThrottleEvents",
            Direction::Write => "WriteThrottleEvents",
        };
        let seen = format!("in settled minutes of {metric} (CloudWatch)");
        vec![paragraph(label, other, Role::Text), paragraph("seen", seen, Role::Dim)]
    }
}

/// The rows of the times of throttling of one scope, in no order.
pub(super) fn entries(reading: Reading<'_>, bouts: &[Bout]) -> impl Iterator<Item = Entry> {
    let scope = reading.scope();
    bouts.iter().flat_map(move |bout| {
        let turn = |ended| Turn { bout: bout.clone(), ended };
        let turns = [Some(turn(None)), bout.ended.map(|ended| turn(Some(ended)))];
        turns.into_iter().flatten().map(move |turn| {
            let (text, weight) = turn.told();
            Entry {
                scope: scope.clone(),
                kind: Kind::Throttle,
                weight,
                text,
                about: Arc::from([Subject::Dynamo(bout.resource.clone())]),
                actions: vec![],
                happened: vec![Occurrence::Throttling(turn)],
                place: 0,
            }
        })
    })
}
