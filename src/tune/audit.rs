//! The record of what was written: JSON lines, only ever appended.
//!
//! A write leaves two: its intent before the call, its outcome after it. An intent without an
//! outcome is a write of which the program never heard the end. Records hold settings of tables,
//! indexes and alarms; no keys of items, and no credentials.

mod events;

use super::setting::{Edit, Setting};
use super::step::{Line, Step, changes};
use super::text;
use super::words::subject;
use crate::model::id::Scope;
use crate::store::{Settings, Store};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The shape of the records that are written; newer ones are not read.
pub const SCHEMA: u32 = 1;

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Of the write, shared by its intent and its outcome.
    pub id: Arc<str>,
    /// Of the plan, shared by the writes that were confirmed together.
    pub plan: Arc<str>,
    /// When it was recorded.
    #[serde(with = "text")]
    pub at: Timestamp,
    /// ARN of the caller.
    pub who: Arc<str>,
    /// `aws`, `aws-cn`, …
    pub partition: Arc<str>,
    /// Account id.
    pub account: Arc<str>,
    /// Region.
    pub region: Arc<str>,
    /// The IAM action of the call.
    pub call: Arc<str>,
    /// The id of the write that this one takes back, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<Arc<str>>,
    /// As it was.
    pub before: Setting,
    /// As it was to be.
    pub after: Setting,
    /// Before or after the call.
    #[serde(flatten)]
    pub stage: Stage,
}

/// Before or after the call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Stage {
    /// Before: it is about to be sent.
    Intent,
    /// After.
    Outcome {
        /// What came of it.
        #[serde(flatten)]
        outcome: Outcome,
        /// What was seen afterwards, once it had settled; `None` where nothing could be read.
        #[serde(default)]
        seen: Option<Setting>,
    },
}

/// What came of a write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", content = "words", rename_all = "kebab-case")]
pub enum Outcome {
    /// AWS accepted it.
    Done,
    /// AWS refused it, in these words, or it never got there.
    Refused(Arc<str>),
    /// It was not sent, for this reason.
    NotSent(Arc<str>),
    /// No answer came: it may have been done.
    Unknown,
    /// It was not sent: something had changed, in these words.
    ChangedUnderneath(Arc<str>),
}

/// What names a record: made by the executor, which has the clock, the randomness and the identity.
#[derive(Debug, Clone, Copy)]
pub struct Stamp<'a> {
    /// Of the write, unique in the journal.
    pub id: &'a str,
    /// Of the plan, unique in the journal.
    pub plan: &'a str,
    /// Now.
    pub at: Timestamp,
    /// ARN of the caller.
    pub who: &'a str,
    /// Where it writes.
    pub scope: &'a Scope,
}

impl Record {
    /// That a step is about to be sent.
    pub fn intent(step: &Step, stamp: Stamp<'_>) -> Self {
        Self {
            schema: SCHEMA,
            id: Arc::from(stamp.id),
            plan: Arc::from(stamp.plan),
            at: stamp.at,
            who: Arc::from(stamp.who),
            partition: Arc::from(stamp.scope.partition()),
            account: Arc::from(stamp.scope.account()),
            region: Arc::from(stamp.scope.region()),
            call: Arc::from(step.call().action()),
            undoes: step.undoes().map(Arc::from),
            before: step.edit().before().clone(),
            after: step.edit().after().clone(),
            stage: Stage::Intent,
        }
    }

    /// What came of the same write, and what was seen afterwards.
    #[must_use]
    pub fn ended(&self, at: Timestamp, outcome: Outcome, seen: Option<Setting>) -> Self {
        Self { at, stage: Stage::Outcome { outcome, seen }, ..self.clone() }
    }

    /// The line, with its end. It is to be written at once, and a new line begun before it where
    /// [`Journal::lacks_newline`].
    ///
    /// # Errors
    /// None are known: every part of a record can be written.
    pub fn line(&self) -> serde_json::Result<String> {
        serde_json::to_string(self).map(|line| line + "\n")
    }

    /// What was set, such as `write autoscaling of orders`.
    pub fn subject(&self) -> String {
        subject(&self.after)
    }

    /// What was to change.
    pub fn changes(&self) -> Vec<Line> {
        self.differences(&self.after)
    }

    /// How `other` differs from what was before.
    pub fn differences(&self, other: &Setting) -> Vec<Line> {
        let scope = Scope::new(&self.partition, &self.account, &self.region);
        // Only for the day: another one is written with its date.
        let store = Store::new(Settings::default());
        let edit = Edit::new(self.before.clone(), other.clone());
        edit.map(|edit| changes(store.reading(&scope, self.at), &edit)).unwrap_or_default()
    }

    /// Whether it is of this scope.
    pub(super) fn is_of(&self, scope: &Scope) -> bool {
        let of = (&*self.partition, &*self.account, &*self.region);
        of == (scope.partition(), scope.account(), scope.region())
    }

    /// Whether AWS did it.
    pub(super) fn is_done(&self) -> bool {
        matches!(self.stage, Stage::Outcome { outcome: Outcome::Done, .. })
    }

    /// Whether AWS may have done it.
    pub(super) fn may_be_done(&self) -> bool {
        match &self.stage {
            Stage::Intent | Stage::Outcome { outcome: Outcome::Done | Outcome::Unknown, .. } => {
                true
            }
            Stage::Outcome {
                outcome: Outcome::Refused(_) | Outcome::NotSent(_) | Outcome::ChangedUnderneath(_),
                ..
            } => false,
        }
    }
}

/// What a journal holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Journal {
    /// Its records, oldest first.
    pub records: Vec<Record>,
    /// Lines, from 1, that could not be read: broken, or of a newer program.
    pub unreadable: Vec<usize>,
    /// Whether the last line was torn: the program was killed while it wrote it.
    pub is_torn: bool,
    /// Whether the last line has no end: the next record has to begin a new one.
    pub lacks_newline: bool,
}

impl Journal {
    /// Reads a journal, whatever is in it.
    pub fn read(bytes: &[u8]) -> Self {
        let lacks_newline = bytes.last().is_some_and(|last| *last != b'\n');
        let mut journal = Self { lacks_newline, ..Self::default() };
        let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        for (index, line) in lines.iter().enumerate() {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let record = serde_json::from_slice::<Record>(line).ok();
            match record.filter(|record| record.schema <= SCHEMA) {
                Some(record) => journal.records.push(record),
                None if lacks_newline && index + 1 == lines.len() => journal.is_torn = true,
                None => journal.unreadable.push(index + 1),
            }
        }
        journal
    }

    /// Intents whose outcome was never recorded: the program ended in between.
    pub fn unfinished(&self) -> Vec<&Record> {
        let is_intent = |record: &&Record| record.stage == Stage::Intent;
        let ended: BTreeSet<&str> =
            self.records.iter().filter(|record| !is_intent(record)).map(|r| &*r.id).collect();
        self.records.iter().filter(is_intent).filter(|r| !ended.contains(&*r.id)).collect()
    }

    /// The last record of each write, in the order the writes began.
    pub fn writes(&self) -> Vec<&Record> {
        let mut writes: Vec<&Record> = Vec::new();
        for record in &self.records {
            match writes.iter_mut().find(|known| known.id == record.id) {
                Some(known) => *known = record,
                None => writes.push(record),
            }
        }
        writes
    }
}

#[cfg(test)]
mod tests;
