//! A recording played again: the store as it was at any moment of it.
//!
//! The store is fed in the order in which it was fed then. Going back means beginning at an earlier state, of which
//! some are kept, and feeding it from there. Nothing here knows AWS, and nothing can be written from here.

mod moments;

pub use moments::{Survey, look_through};

use crate::model::dax::Behind;
use crate::model::id::{Resource, Scope};
use crate::record::reader::{Chapter, Recording};
use crate::record::{Heard, LeftOut};
use crate::store::{Settings, Store};
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// States that are kept to go back to, of a fleet of one table: some 4 KB of a table change from one to the next.
const STATES_OF_A_TABLE: usize = 16_384;
/// As many for any fleet at least, and at most.
const FEWEST_STATES: usize = 4;
const MOST_STATES: usize = 256;

/// What of a recording could not be played so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gaps {
    /// News that were never recorded.
    pub left_out: LeftOut,
    /// Records that this version cannot read.
    pub unknown: u64,
    /// Blocks that could not be read whole.
    pub damaged: u64,
}

impl Gaps {
    /// The same in a line; `None` if there are none.
    pub fn told(self) -> Option<String> {
        let parts = [
            (self.left_out.lost, "news came too fast to be recorded"),
            (self.left_out.too_large, "news were too large to be recorded"),
            (self.unknown, "records of another version are left out"),
            (self.damaged, "parts are damaged"),
        ];
        let told = parts.into_iter().filter(|(count, _)| *count > 0);
        let told: Vec<String> = told.map(|(count, what)| format!("{count} {what}")).collect();
        (!told.is_empty()).then(|| told.join(", "))
    }
}

/// Plays a recording.
#[derive(Debug)]
pub struct Player {
    recording: Recording,
    /// A store that was fed nothing.
    empty: Store,
    /// What is looked at in full.
    opened: Option<(Scope, Resource)>,
    store: Store,
    at: Timestamp,
    /// The first block that was not read.
    next: usize,
    /// What was read of the block before, and is yet to come.
    waiting: VecDeque<Heard>,
    kept: Kept,
    gaps: Gaps,
    /// Blocks whose missing news are counted.
    counted: usize,
}

/// The store as it was before some blocks, to go back to.
#[derive(Debug)]
pub struct Kept {
    states: BTreeMap<usize, Store>,
    /// One block in so many.
    every: usize,
}

impl Kept {
    fn new() -> Self {
        Self { states: BTreeMap::new(), every: 1 }
    }

    /// Keeps a state, if it is one's turn; with more than `most`, every second one is let go.
    fn keep(&mut self, block: usize, store: &Store, most: usize) {
        if !block.is_multiple_of(self.every) || self.states.contains_key(&block) {
            return;
        }
        self.states.insert(block, store.clone());
        if self.states.len() > most {
            self.every = self.every.saturating_mul(2);
            self.states.retain(|block, _| block.is_multiple_of(self.every));
        }
    }

    /// The last state before a block.
    fn before(&self, block: usize) -> Option<(usize, Store)> {
        let (block, store) = self.states.range(..=block).next_back()?;
        Some((*block, store.clone()))
    }
}

impl Player {
    /// A player at the beginning of a recording. Settings as they were then are the recording's; which tables are
    /// `behind` which DAX cluster is what the user says now.
    pub fn new(recording: Recording, behind: Arc<Behind>) -> Self {
        let settle_seconds = recording.header().settle_seconds.clamp(0, 3_600);
        let settings = Settings { settle_seconds, ..Settings::default() };
        let empty = Store::new(settings).with_tables_behind(behind);
        let (first, _) = recording.span();
        let mut player = Self {
            recording,
            opened: None,
            store: empty.clone(),
            empty,
            at: first,
            next: 0,
            waiting: VecDeque::new(),
            kept: Kept::new(),
            gaps: Gaps::default(),
            counted: 0,
        };
        player.feed(first);
        player
    }

    /// What is played.
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// Where it is.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Everything that was known there.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What could not be played so far.
    pub fn gaps(&self) -> Gaps {
        self.gaps
    }

    /// Goes to a moment, forward or back, at most to the ends; whether anything was heard on the way.
    pub fn go_to(&mut self, at: Timestamp) -> bool {
        let (first, last) = self.recording.span();
        let at = at.clamp(first, last);
        let turns_back = at < self.at;
        if turns_back {
            self.turn_back(at);
        } else if let Some((block, store)) = self.kept.before(self.last_block_at(at))
            && block > self.next
        {
            // That way is shorter than what lies between.
            (self.store, self.next) = (store, block);
            self.waiting.clear();
        }
        self.at = at;
        self.feed(at) || turns_back
    }

    /// Takes in what was kept by a player that has played it all, unless more is kept of a table here.
    pub fn learn(&mut self, kept: Kept) {
        if self.opened.is_none() {
            self.kept = kept;
        }
    }

    /// Looks at a table or index in full: from the beginning on, more is kept of its past.
    pub fn open(&mut self, scope: Scope, resource: Resource) {
        let table = |opened: &(Scope, Resource)| (opened.0.clone(), opened.1.table_name().cloned());
        let wanted = (scope, resource);
        if self.opened.as_ref().map(table) == Some(table(&wanted)) {
            return;
        }
        self.opened = Some(wanted);
        self.kept = Kept::new();
        self.turn_back(self.at);
        self.feed(self.at);
    }

    /// The last block that begins at `at` or before.
    fn last_block_at(&self, at: Timestamp) -> usize {
        let begins_after =
            |block: &usize| self.recording.span_of(*block).is_none_or(|(first, _)| first > at);
        let (mut low, mut high) = (0, self.recording.len());
        while low < high {
            let middle = low.midpoint(high);
            if begins_after(&middle) { high = middle } else { low = middle + 1 }
        }
        low.saturating_sub(1)
    }

    /// Takes the last state that was kept before `at`.
    fn turn_back(&mut self, at: Timestamp) {
        // News of the block's first moment belong to `at`, and those of the block before may, too.
        let block = self.last_block_at(at).saturating_sub(1);
        let fresh = || {
            let mut store = self.empty.clone();
            if let Some((scope, resource)) = &self.opened {
                store.open(scope.clone(), resource.clone());
            }
            (0, store)
        };
        (self.next, self.store) = self.kept.before(block).unwrap_or_else(fresh);
        self.waiting.clear();
    }

    /// Feeds the store with all that was heard until `at`; whether that was anything.
    fn feed(&mut self, at: Timestamp) -> bool {
        let mut has_heard = false;
        loop {
            while let Some(heard) = self.waiting.pop_front_if(|heard| heard.at <= at) {
                self.store.apply(heard.update);
                has_heard = true;
            }
            let next = self.recording.span_of(self.next);
            if !self.waiting.is_empty() || next.is_none_or(|(first, _)| first > at) {
                return has_heard;
            }
            self.kept.keep(self.next, &self.store, self.most_kept());
            let chapter = self.recording.read(self.next);
            self.next += 1;
            self.count(&chapter);
            self.waiting.extend(chapter.heard);
        }
    }

    /// How many states are kept: fewer of large fleets, which take more memory.
    fn most_kept(&self) -> usize {
        let tables = |scope| self.store.reading(scope, self.at).tables().count();
        let tables: usize = self.store.scopes().map(tables).sum();
        (STATES_OF_A_TABLE / tables.max(1)).clamp(FEWEST_STATES, MOST_STATES)
    }

    /// Counts what is missing of a block, once.
    fn count(&mut self, chapter: &Chapter) {
        if self.next <= self.counted {
            return;
        }
        self.counted = self.next;
        let Gaps { left_out, unknown, damaged } = &mut self.gaps;
        *left_out += chapter.left_out;
        *unknown = unknown.saturating_add(chapter.unknown);
        *damaged = damaged.saturating_add(chapter.is_damaged.into());
    }
}
