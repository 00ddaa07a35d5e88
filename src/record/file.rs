//! What a recording says of itself.

use super::form::{Fields, Ink, Recorded, map, recorded};
use crate::model::id::Scope;
use ciborium::Value;
use jiff::Timestamp;

/// The shape of the files that are written; later ones are not read.
pub const FORMAT: u32 = 1;

/// The beginning of a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// [`FORMAT`].
    pub format: u32,
    /// The version of the program that wrote it.
    pub product: String,
    /// When this file was begun.
    pub began: Timestamp,
    /// Whether the AWS was the simulated one.
    pub simulated: bool,
    /// The account and region of the first news, if any came.
    pub scope: Option<Scope>,
    /// Whether keys of items are in it in full; otherwise there are masks alone.
    pub keys: bool,
    /// Seconds after its end until a minute counted as settled.
    pub settle_seconds: i64,
    /// Names the run of the program: the files of a ring that one run wrote have the same.
    pub run: String,
    /// The place of this file among those of its run, from 0.
    pub part: u32,
}

recorded! {
    Header { format, product, began, simulated, scope, keys, settle_seconds, run, part }
}

impl Header {
    /// As it is written.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // Nothing but memory is written to.
        let _ = ciborium::into_writer(&self.write(Ink { keys: false }), &mut bytes);
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Result<Self, u32>> {
        let value: Value = ciborium::from_reader(bytes).ok()?;
        let format = Fields::of(value.clone())?.take::<u32>("format")?;
        if format > FORMAT {
            return Some(Err(format));
        }
        Self::read(value).map(Ok)
    }
}
