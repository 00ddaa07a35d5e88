//! The ring: the newest recordings in a folder, of all runs together no larger than was allowed.
//!
//! Each run writes files of its own, so that several runs never write to the same one. The file that is being
//! written is locked, and is not removed by others.

use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The ring is made of about so many files.
const FILES: u64 = 8;
/// How the names of its files end.
const EXTENSION: &str = ".ddbrec";

/// A ring's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    folder: PathBuf,
    /// Most bytes of all its files together.
    most: u64,
    kind: Kind,
}

/// Whose news are in a ring. The simulated AWS has one of its own, so that no demo takes the place of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A real AWS's.
    Live,
    /// The simulated one's.
    Demo,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Demo => "demo",
        }
    }
}

/// One run's files that are still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The files, oldest first.
    pub files: Vec<PathBuf>,
    /// Their size together, in bytes.
    pub bytes: u64,
}

/// A file of the ring; the order is that of their age.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Member {
    /// When it was written to last.
    written: SystemTime,
    /// The name begins with when it was begun.
    path: PathBuf,
    run: String,
    bytes: u64,
}

impl Ring {
    /// The ring in `folder`, which need not exist, of at most `most` bytes.
    pub fn new(folder: PathBuf, most: u64, kind: Kind) -> Self {
        Self { folder, most, kind }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// From so many bytes on, a file is followed by the next.
    pub(super) fn longest_file(&self) -> u64 {
        self.most / FILES
    }

    /// Begins a file, after the oldest ones that would be too much are removed: there is room for two, since one
    /// may end late, with the block that fills it.
    pub(super) fn next(&self, run: &str, now: Timestamp) -> io::Result<(PathBuf, File)> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        self.make_room();
        let began = now.strftime("%Y%m%dT%H%M%S%3fZ");
        let name = format!("{}-{began}-{run}{EXTENSION}", self.kind.name());
        let path = self.folder.join(name);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        // Where files cannot be locked, the newest are still removed last.
        let _ = file.try_lock();
        Ok((path, file))
    }

    fn make_room(&self) {
        let members = self.members();
        let mut bytes: u64 = members.iter().map(|member| member.bytes).sum();
        for member in members {
            if bytes <= self.most.saturating_sub(2 * self.longest_file()) {
                return;
            }
            let is_written = File::open(&member.path).is_ok_and(|file| file.try_lock().is_err());
            if !is_written && fs::remove_file(&member.path).is_ok() {
                bytes = bytes.saturating_sub(member.bytes);
            }
        }
    }

    /// The runs whose files are there, the one that was written to last at the end.
    pub fn runs(&self) -> Vec<Run> {
        let mut runs: BTreeMap<String, (SystemTime, Run)> = BTreeMap::new();
        for member in self.members() {
            let none = || (member.written, Run { files: vec![], bytes: 0 });
            let (written, run) = runs.entry(member.run).or_insert_with(none);
            *written = member.written;
            run.files.push(member.path);
            run.bytes = run.bytes.saturating_add(member.bytes);
        }
        let mut runs: Vec<(SystemTime, Run)> = runs.into_values().collect();
        runs.sort_by_key(|(written, _)| *written);
        runs.into_iter().map(|(_, run)| run).collect()
    }

    /// Its files, oldest first; none where there is no such folder.
    fn members(&self) -> Vec<Member> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut members: Vec<Member> = entries.filter_map(|entry| self.member(&entry)).collect();
        members.sort();
        members
    }

    fn member(&self, entry: &fs::DirEntry) -> Option<Member> {
        let name = entry.file_name().into_string().ok()?;
        let mut parts = name.strip_suffix(EXTENSION)?.split('-');
        let (kind, _, run) = (parts.next()?, parts.next()?, parts.next()?);
        let about = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        let member = Member {
            written: about.modified().ok()?,
            path: entry.path(),
            run: run.to_owned(),
            bytes: about.len(),
        };
        (kind == self.kind.name() && parts.next().is_none()).then_some(member)
    }
}
