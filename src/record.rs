//! Recordings: every piece of news the store was fed, on disk, to be played again.
//!
//! A recording is a file that is only ever appended to. It begins with what it is ([`file::Header`]), and
//! goes on with blocks, each of which can be read without the others and tells by a checksum whether it is whole
//! (`frame`). What was being written when the program was killed is one block: a minute, or less.
//!
//! What a record holds is said by `form`, apart from the model: a field that is renamed there keeps its
//! name here. Unknown fields and records are skipped and counted, so that versions can read each other.

pub mod file;
mod form;
mod frame;
mod memory;
pub mod reader;
pub mod ring;
pub mod writer;

use crate::model::update::Update;
use jiff::Timestamp;
use std::ops::AddAssign;

/// A piece of news, and when it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// When the store was fed; never earlier than that of the record before.
    pub at: Timestamp,
    /// What it was fed.
    pub update: Update,
}

/// How many pieces of news could not be recorded, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// They came faster than the disk took them.
    pub lost: u64,
    /// They were too large for a record.
    pub too_large: u64,
}

impl LeftOut {
    /// One that was too large.
    const TOO_LARGE: Self = Self { lost: 0, too_large: 1 };
}

impl AddAssign for LeftOut {
    fn add_assign(&mut self, more: Self) {
        self.lost = self.lost.saturating_add(more.lost);
        self.too_large = self.too_large.saturating_add(more.too_large);
    }
}
