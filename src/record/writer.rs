//! Writing a recording. A block is closed when its minute is over, so that being killed costs that minute at most;
//! once a block is written, it is on disk.

use super::file::Header;
use super::form::{Ink, Line, records};
use super::frame::{Block, MAGIC, frame};
use super::memory::Memory;
use super::ring::Ring;
use crate::model::time::Minute;
use crate::model::update::Update;
use jiff::Timestamp;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// What goes into the headers of a run's files.
#[derive(Debug, Clone)]
pub struct About {
    /// Whether the AWS is the simulated one.
    pub simulated: bool,
    /// Whether keys of items are recorded in full.
    pub keys: bool,
    /// Seconds after its end until a minute counts as settled.
    pub settle_seconds: i64,
    /// Names the run.
    pub run: String,
}

/// Where a recording goes.
#[derive(Debug)]
enum Place {
    /// One file, however long.
    File,
    /// Files of a ring: a full one is followed by the next.
    Ring(Ring),
}

/// A recording that is being written.
#[derive(Debug)]
pub struct Writer {
    place: Place,
    about: About,
    path: PathBuf,
    file: File,
    /// Bytes of the file; 0 before its header.
    written: u64,
    part: u32,
    block: Block,
    /// What the next file begins with.
    memory: Memory,
    /// When news were heard last: a clock that is set back does not turn their order round.
    last: Timestamp,
    /// News that could not be recorded since the last block.
    lost: u64,
}

impl Writer {
    /// Begins a recording in a file that must not be there yet, unless it may be overwritten.
    ///
    /// # Errors
    /// The system's words: there is such a file, or it cannot be written.
    pub fn create(path: &Path, overwrite: bool, about: About) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).mode(0o600);
        if overwrite {
            options.create(true).truncate(true);
        } else {
            options.create_new(true);
        }
        Ok(Self::new(Place::File, about, (path.to_owned(), options.open(path)?)))
    }

    /// Begins the next file of a ring.
    ///
    /// # Errors
    /// The system's words: its folder cannot be made or written to.
    pub fn in_ring(ring: Ring, about: About, now: Timestamp) -> io::Result<Self> {
        let opened = ring.next(&about.run, now)?;
        Ok(Self::new(Place::Ring(ring), about, opened))
    }

    fn new(place: Place, about: About, (path, file): (PathBuf, File)) -> Self {
        Self {
            place,
            about,
            path,
            file,
            written: 0,
            part: 0,
            block: Block::default(),
            memory: Memory::default(),
            last: Timestamp::MIN,
            lost: 0,
        }
    }

    /// The file that is being written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// When the open block has to be written; `None` if there is none.
    pub fn due(&self) -> Option<Timestamp> {
        self.block.began().map(|began| Minute::containing(began).end())
    }

    /// Notes that some news never got here.
    pub fn lose(&mut self, count: u64) {
        self.lost = self.lost.saturating_add(count);
    }

    /// Records news that came at `at`.
    ///
    /// # Errors
    /// The system's words; then nothing more can be recorded.
    pub fn hear(&mut self, at: Timestamp, updates: &[Update]) -> io::Result<()> {
        self.last = self.last.max(at);
        if self.due().is_some_and(|due| due <= self.last) {
            self.flush()?;
        }
        self.rotate_when_full()?;
        for update in updates {
            if let Place::Ring(_) = self.place {
                self.memory.hear(update);
            }
            if self.written == 0 {
                self.begin(Some(update))?;
            }
            self.record(update)?;
        }
        Ok(())
    }

    fn record(&mut self, update: &Update) -> io::Result<()> {
        for record in records(self.last, update, Ink { keys: self.about.keys }) {
            if !self.block.push(self.last, &record) {
                self.lost = self.lost.saturating_add(1);
            }
        }
        if self.block.is_full() { self.flush() } else { Ok(()) }
    }

    /// Writes what was heard so far.
    ///
    /// # Errors
    /// The system's words; then nothing more can be recorded.
    pub fn flush(&mut self) -> io::Result<()> {
        if self.lost > 0 && self.block.push(self.last, &Line::lost(self.lost)) {
            self.lost = 0;
        }
        let Some(bytes) = self.block.close() else { return Ok(()) };
        self.write(&bytes)
    }

    /// Writes the rest, and the header of a recording in which nothing was heard.
    ///
    /// # Errors
    /// The system's words.
    pub fn finish(mut self) -> io::Result<()> {
        if self.written == 0 {
            self.begin(None)?;
        }
        self.flush()
    }

    fn begin(&mut self, first: Option<&Update>) -> io::Result<()> {
        let header = Header {
            format: super::file::FORMAT,
            product: env!("CARGO_PKG_VERSION").to_owned(),
            began: self.last.max(Timestamp::UNIX_EPOCH),
            simulated: self.about.simulated,
            scope: first.map(|update| update.scope.clone()),
            keys: self.about.keys,
            settle_seconds: self.about.settle_seconds,
            run: self.about.run.clone(),
            part: self.part,
        };
        let bytes = [&MAGIC[..], &frame(&header.encode(), header.began, header.began)].concat();
        self.write(&bytes)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.file.sync_data()?;
        self.written = self.written.saturating_add(bytes.len() as u64);
        Ok(())
    }

    /// Begins the ring's next file, with what was known at the end of this one.
    fn rotate_when_full(&mut self) -> io::Result<()> {
        let Place::Ring(ring) = &self.place else { return Ok(()) };
        if self.written < ring.longest_file() {
            return Ok(());
        }
        let (path, file) = ring.next(&self.about.run, self.last)?;
        self.flush()?;
        (self.path, self.file) = (path, file);
        (self.written, self.part) = (0, self.part.saturating_add(1));
        let memory = std::mem::take(&mut self.memory);
        let done = memory.recall().try_for_each(|update| {
            if self.written == 0 {
                self.begin(Some(update))?;
            }
            self.record(update)
        });
        self.memory = memory;
        done
    }
}
