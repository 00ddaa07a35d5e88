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

/// A piece of news, and when it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// When the store was fed; never earlier than that of the record before.
    pub at: Timestamp,
    /// What it was fed.
    pub update: Update,
}
