//! Frames: what a file is made of. Each has a head that tells how long it is and what it is about, and two
//! checksums, so that a torn or damaged one is known as such and the next one is found.
//!
//! ```text
//! mark (4) | length of the body (4) | first record (8) | last record (8) | CRC-32 of the body (4) | of the head (4)
//! ```
//! Numbers are little-endian, times nanoseconds since the Unix epoch. The body of the first frame is the header,
//! in CBOR; that of any other is a block: records, each with its length before it (4), compressed with zlib.

use ciborium::Value;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use jiff::Timestamp;
use std::io::{Read, Write};

/// What every file begins with: no text has its first byte, and line ends that were translated show.
pub(super) const MAGIC: [u8; 8] = *b"\x93ddbtop\n";
/// What every frame begins with.
pub(super) const MARK: [u8; 4] = *b"\xd0BLK";
/// Bytes of a head.
pub(super) const HEAD: usize = 32;
/// Most bytes of a body: what is longer is damaged, and is not read into memory.
pub(super) const LONGEST_BODY: u32 = 16 << 20;
/// Most bytes of a block before it is compressed, and so of what one is ever unpacked to.
const LONGEST_BLOCK: u64 = 32 << 20;
/// Most bytes of a record: one that is longer is not recorded.
const LONGEST_RECORD: usize = 8 << 20;
/// From so many bytes on a block is closed, even within its minute.
const FULL_BLOCK: usize = 1 << 20;

/// The head of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// Bytes of the body.
    pub(super) length: u32,
    /// When the first record of a block was heard.
    pub(super) first: Timestamp,
    /// When the last one was.
    pub(super) last: Timestamp,
    /// The checksum of the body.
    crc: u32,
}

impl Head {
    /// Reads a head; `None` unless its checksum and its times are right.
    pub(super) fn read(bytes: &[u8; HEAD]) -> Option<Self> {
        let (head, crc) = bytes.split_last_chunk::<4>()?;
        let (mark, rest) = head.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (first, rest) = rest.split_first_chunk::<8>()?;
        let (last, body) = rest.split_first_chunk::<8>()?;
        let length = u32::from_le_bytes(*length);
        let is_right = *mark == MARK
            && u32::from_le_bytes(*crc) == crc32fast::hash(head)
            && length <= LONGEST_BODY;
        let time = |bytes: [u8; 8]| Timestamp::from_nanosecond(i64::from_le_bytes(bytes).into());
        is_right.then_some(Self {
            length,
            first: time(*first).ok()?,
            last: time(*last).ok()?,
            crc: u32::from_le_bytes(body.try_into().ok()?),
        })
    }

    /// Whether `body` is what the head was written for.
    pub(super) fn fits(&self, body: &[u8]) -> bool {
        crc32fast::hash(body) == self.crc
    }
}

/// A whole frame.
pub(super) fn frame(body: &[u8], first: Timestamp, last: Timestamp) -> Vec<u8> {
    let time = |at: Timestamp| i64::try_from(at.as_nanosecond()).unwrap_or(0).to_le_bytes();
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX).to_le_bytes();
    let crc = crc32fast::hash(body).to_le_bytes();
    let head = [&MARK[..], &length, &time(first), &time(last), &crc].concat();
    let head_crc = crc32fast::hash(&head).to_le_bytes();
    [&head[..], &head_crc, body].concat()
}

/// A block that is being filled.
#[derive(Debug, Default)]
pub(super) struct Block {
    records: Vec<u8>,
    /// When its first and its last record were heard.
    span: Option<(Timestamp, Timestamp)>,
}

impl Block {
    /// Adds a record, unless it is too large for one.
    pub(super) fn push(&mut self, at: Timestamp, record: &Value) -> bool {
        let start = self.records.len();
        self.records.extend([0; 4]);
        let written = ciborium::into_writer(record, &mut self.records);
        let length = self.records.len() - start - 4;
        let (Ok(()), Ok(prefix)) = (written, u32::try_from(length)) else {
            self.records.truncate(start);
            return false;
        };
        if length > LONGEST_RECORD {
            self.records.truncate(start);
            return false;
        }
        if let Some(place) = self.records.get_mut(start..start + 4) {
            place.copy_from_slice(&prefix.to_le_bytes());
        }
        let first = self.span.map_or(at, |(first, _)| first);
        self.span = Some((first, at));
        true
    }

    /// Whether nothing is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.span.is_none()
    }

    /// Whether it is to be closed.
    pub(super) fn is_full(&self) -> bool {
        self.records.len() >= FULL_BLOCK
    }

    /// Empties it into a frame; `None` if there was nothing in it.
    pub(super) fn close(&mut self) -> Option<Vec<u8>> {
        let (first, last) = self.span.take()?;
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
        // Nothing but memory is written to.
        let _ = packer.write_all(&self.records);
        self.records.clear();
        let body = packer.finish().unwrap_or_default();
        Some(frame(&body, first, last))
    }
}

/// Reads the records of a block one after the other; whether that was all of it.
pub(super) fn unpack(body: &[u8], mut read_one: impl FnMut(Value)) -> bool {
    let mut bytes = Vec::new();
    let unpacked = ZlibDecoder::new(body).take(LONGEST_BLOCK).read_to_end(&mut bytes);
    let mut rest = bytes.as_slice();
    while let Some((prefix, after)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_le_bytes(*prefix)).unwrap_or(usize::MAX);
        let Some((record, next)) = after.split_at_checked(length) else { break };
        // What a version of this program wrote is CBOR; anything else is skipped like what a later one writes.
        read_one(read(record).unwrap_or(Value::Null));
        rest = next;
    }
    unpacked.is_ok() && rest.is_empty()
}

fn read(record: &[u8]) -> Option<Value> {
    (record.len() <= LONGEST_RECORD).then(|| ciborium::from_reader(record).ok()).flatten()
}
