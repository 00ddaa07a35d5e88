//! Writing a recording. A block is closed when its minute is over, so that being killed costs that minute at most;
//! once a block is written, it is on disk.

use super::LeftOut;
use super::file::Header;
use super::form::{Ink, records};
use super::frame::{Block, MAGIC, frame};
use super::memory::Memory;
use super::ring::Ring;
use crate::model::id::Scope;
use crate::model::time::Minute;
use crate::model::update::Update;
use jiff::Timestamp;
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
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
    /// Those of them that only repeat what the files before knew.
    recalled: u64,
    part: u32,
    block: Block,
    /// The minute in which the open block was begun, as the clock told it then.
    minute: Minute,
    /// What the next file begins with.
    memory: Memory,
    /// When news were heard last: a clock that is set back does not turn their order round.
    last: Timestamp,
    /// News that could not be recorded since the last block.
    left_out: LeftOut,
}

impl Writer {
    /// Begins a recording in a file that must not be there yet, unless it may be overwritten. Only its owner may read it.
    ///
    /// # Errors
    /// The system's words: there is such a file, or it cannot be written.
    pub fn create(path: &Path, overwrite: bool, about: About) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).mode(OWNER_ALONE);
        if overwrite {
            options.create(true).truncate(false);
        } else {
            options.create_new(true);
        }
        let file = options.open(path)?;
        if overwrite {
            take_over(&file)?;
        }
        Ok(Self::new(Place::File, about, (path.to_owned(), file)))
    }

    /// Begins the next file of a ring.
    ///
    /// # Errors
    /// The system's words: its folder cannot be made or written to.
    pub fn in_ring(ring: Ring, about: About, now: Timestamp) -> io::Result<Self> {
        let opened = ring.next((&about.run, 0), now, 0)?;
        Ok(Self::new(Place::Ring(ring), about, opened))
    }

    fn new(place: Place, about: About, (path, file): (PathBuf, File)) -> Self {
        Self {
            place,
            about,
            path,
            file,
            written: 0,
            recalled: 0,
            part: 0,
            block: Block::default(),
            minute: Minute(0),
            memory: Memory::default(),
            last: Timestamp::MIN,
            left_out: LeftOut::default(),
        }
    }

    /// The file that is being written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// When the open block has to be written; `None` if there is none.
    pub fn due(&self) -> Option<Timestamp> {
        (!self.block.is_empty()).then(|| self.minute.end())
    }

    /// Notes that some news never got here.
    pub fn lose(&mut self, count: u64) {
        self.left_out += LeftOut { lost: count, ..LeftOut::default() };
    }

    /// Records news that came at `at`.
    ///
    /// # Errors
    /// The system's words; then nothing more can be recorded.
    pub fn hear(&mut self, at: Timestamp, updates: &[Update]) -> io::Result<()> {
        self.last = self.last.max(at);
        let minute = Minute::containing(at);
        // A clock that is set back leaves the minute, too: nothing waits until it has caught up.
        if minute != self.minute {
            if !self.block.is_empty() {
                self.flush()?;
            }
            self.minute = minute;
        }
        self.rotate_when_full()?;
        for update in updates {
            if let Place::Ring(_) = self.place {
                self.memory.hear(update);
            }
            if self.written == 0 {
                self.begin(Some(update.scope.clone()))?;
            }
            self.record(update)?;
        }
        Ok(())
    }

    fn record(&mut self, update: &Update) -> io::Result<()> {
        for record in records(self.last, update, self.ink()) {
            if !self.block.push(self.last, &record) {
                self.left_out += LeftOut::TOO_LARGE;
            }
        }
        if self.block.is_full() { self.flush() } else { Ok(()) }
    }

    fn ink(&self) -> Ink {
        Ink { keys: self.about.keys }
    }

    /// Writes what was heard so far.
    ///
    /// # Errors
    /// The system's words; then nothing more can be recorded.
    pub fn flush(&mut self) -> io::Result<()> {
        if let Some(record) = self.left_out.record()
            && self.block.push(self.last, &record)
        {
            self.left_out = LeftOut::default();
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

    fn begin(&mut self, scope: Option<Scope>) -> io::Result<()> {
        let header = Header {
            format: super::file::FORMAT,
            product: env!("CARGO_PKG_VERSION").to_owned(),
            began: self.last.max(Timestamp::UNIX_EPOCH),
            simulated: self.about.simulated,
            scope,
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

    /// Begins the ring's next file, with what was known at the end of this one. That counts as none of what fills it:
    /// however much it is, the next file comes only after as many news as the last one did.
    fn rotate_when_full(&mut self) -> io::Result<()> {
        let Place::Ring(ring) = &self.place else { return Ok(()) };
        if self.written.saturating_sub(self.recalled) < ring.longest_file() {
            return Ok(());
        }
        let ring = ring.clone();
        self.flush()?;
        let (scope, known) = self.recall();
        let part = self.part.saturating_add(1);
        let named = (self.about.run.as_str(), part);
        (self.path, self.file) = ring.next(named, self.last, known.len() as u64)?;
        (self.written, self.part) = (0, part);
        if scope.is_some() {
            self.begin(scope)?;
            self.write(&known)?;
        }
        self.recalled = self.written;
        Ok(())
    }

    /// The blocks of everything that is known, and the scope of the first news in them.
    fn recall(&mut self) -> (Option<Scope>, Vec<u8>) {
        let (ink, mut scope) = (self.ink(), None);
        let (mut block, mut known) = (Block::default(), Vec::new());
        for update in self.memory.recall() {
            scope.get_or_insert_with(|| update.scope.clone());
            for record in records(self.last, update, ink) {
                if !block.push(self.last, &record) {
                    self.left_out += LeftOut::TOO_LARGE;
                }
            }
            if block.is_full() {
                known.extend(block.close().unwrap_or_default());
            }
        }
        known.extend(block.close().unwrap_or_default());
        (scope, known)
    }
}

/// Who may read a recording.
const OWNER_ALONE: u32 = 0o600;

/// Empties a file that was there, so that only its owner may read what comes.
fn take_over(file: &File) -> io::Result<()> {
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("this is no file"));
    }
    file.set_permissions(Permissions::from_mode(OWNER_ALONE))?;
    file.set_len(0)
}
