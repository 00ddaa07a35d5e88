//! What is worth going to in a recording: verdicts that were new, and what happened, each at the moment at
//! which the screen first showed it.

use super::{Gaps, Kept, Player};
use crate::diagnose::{Thresholds, verdicts};
use crate::model::dax::Behind;
use crate::model::event::{Event, Happening, Identity};
use crate::model::id::{Resource, Scope};
use crate::model::moment::Moment;
use crate::model::throttle::Direction;
use crate::record::reader::Recording;
use crate::store::{Reading, Store};
use crate::view::timeline::{Occurrence, entries};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What was found in a recording.
#[derive(Debug)]
pub struct Survey {
    /// What is worth going to, in order; one for each moment.
    pub moments: Vec<Moment>,
    /// What was kept on the way, for other players.
    pub kept: Kept,
    /// What could not be played.
    pub gaps: Gaps,
}

/// Looks through all of a recording, which takes as long as playing it at once. Verdicts are those of `thresholds`, and of
/// what the user says to be `behind` which DAX cluster.
pub fn look_through(recording: Recording, thresholds: &Thresholds, behind: Arc<Behind>) -> Survey {
    let mut player = Player::new(recording, behind);
    let mut search = Search { first: player.at(), thresholds, ..Search::new(thresholds) };
    let mut moments = Vec::new();
    let mut next = 0;
    loop {
        moments.extend(search.look(player.store(), player.at()));
        let Some((first, last)) = player.recording().span_of(next) else {
            return Survey { moments, gaps: player.gaps, kept: player.kept };
        };
        // News come in bursts: what was heard within a second was shown together.
        for at in seconds(first, last) {
            if player.go_to(at) {
                moments.extend(search.look(player.store(), at));
            }
        }
        next += 1;
    }
}

/// The ends of the seconds from `first` to `last`, which is the last of them.
fn seconds(first: Timestamp, last: Timestamp) -> impl Iterator<Item = Timestamp> {
    /// A block is of one minute; a damaged one may say otherwise.
    const MOST: i64 = 120;
    let begin = first.as_second();
    let count = last.as_second().saturating_sub(begin).clamp(0, MOST);
    let ends = (1..=count).filter_map(move |second| Timestamp::from_second(begin + second).ok());
    ends.filter(move |end| *end < last).chain([last])
}

/// What was known so far.
struct Search<'a> {
    thresholds: &'a Thresholds,
    first: Timestamp,
    /// The verdicts of the moment before.
    verdicts: BTreeSet<(Scope, String)>,
    /// What happened before.
    events: BTreeSet<(Scope, Novelty)>,
    /// How the events stood, by scope.
    revisions: Vec<u64>,
}

impl<'a> Search<'a> {
    fn new(thresholds: &'a Thresholds) -> Self {
        Self {
            thresholds,
            first: Timestamp::UNIX_EPOCH,
            verdicts: BTreeSet::new(),
            events: BTreeSet::new(),
            revisions: vec![],
        }
    }

    /// The moment of `at`, if something is new.
    fn look(&mut self, store: &Store, at: Timestamp) -> Option<Moment> {
        let scopes: Vec<&Scope> = store.scopes().collect();
        let readings: Vec<Reading<'_>> =
            scopes.iter().map(|scope| store.reading(scope, at)).collect();
        let mut told = self.new_verdicts(&readings);
        told.extend(self.new_events(&readings));
        let more = match told.len() {
            0 | 1 => String::new(),
            count => format!(", and {} more", count - 1),
        };
        let first = told.into_iter().next()?;
        Some(Moment { at, what: format!("{first}{more}") })
    }

    fn new_verdicts(&mut self, readings: &[Reading<'_>]) -> Vec<String> {
        let found = readings.iter().flat_map(|reading| {
            let verdicts = verdicts(*reading, self.thresholds).into_iter();
            let line = |verdict: crate::diagnose::Verdict| {
                format!("{}: {}", verdict.resource, verdict.headline())
            };
            verdicts.map(move |verdict| (reading.scope().clone(), line(verdict)))
        });
        let found: Vec<(Scope, String)> = found.collect();
        let new = found.iter().filter(|verdict| !self.verdicts.contains(*verdict));
        let lines = new.map(|(_, line)| line.clone()).collect();
        self.verdicts = found.into_iter().collect();
        lines
    }

    fn new_events(&mut self, readings: &[Reading<'_>]) -> Vec<String> {
        let revisions = readings.iter().map(|reading| reading.events_revision()).collect();
        if revisions == self.revisions {
            return vec![];
        }
        self.revisions = revisions;
        let mut lines = Vec::new();
        // That throttling began is told by a verdict.
        let events = readings.iter().map(|reading| (*reading, &[][..]));
        for entry in entries(events, false) {
            let Some((scope, Occurrence::Event(event))) = entry.newest() else { continue };
            // What AWS tells of the time before was no news then.
            let is_new = self.events.insert((scope, Novelty::of(&event))) && event.at >= self.first;
            lines.extend(is_new.then(|| entry.line_without_time()));
        }
        lines
    }
}

/// Something that is news once.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Novelty {
    /// An event.
    Event(Timestamp, Identity),
    /// A reason why autoscaling changes nothing, which it gives again and again: a resource, its capacity and AWS's code.
    NotScaled(Resource, Direction, Arc<str>),
}

impl Novelty {
    fn of(event: &Event) -> Self {
        if let Happening::Scaling(activity) = &event.what
            && let Some(reason) = activity.not_scaled.first()
        {
            return Self::NotScaled(
                activity.resource.clone(),
                activity.direction,
                reason.code.clone(),
            );
        }
        Self::Event(event.at, event.identity())
    }
}
