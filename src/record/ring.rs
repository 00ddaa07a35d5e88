//! The ring: the newest recordings in a folder, of all runs together no larger than was allowed.
//!
//! Each run writes files of its own, so that several runs never write to the same one. The file that is being
//! written is locked, and is not removed by others. Which part of its run a file is stands in its name: times of
//! files do not survive being copied, and a clock may be set back.

use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The ring is made of about so many files.
const FILES: u64 = 8;
/// What is known already, with which each file begins, takes at most one part in so many of a ring: with more there
/// would be no room for news.
const MOST_KNOWN: u64 = 4;
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
    /// Its place in the run.
    part: u32,
    bytes: u64,
}

impl Run {
    fn of(mut members: Vec<Member>) -> Self {
        members.sort_by(|a, b| (a.part, &a.path).cmp(&(b.part, &b.path)));
        let bytes = members.iter().fold(0, |sum: u64, member| sum.saturating_add(member.bytes));
        Self { files: members.into_iter().map(|member| member.path).collect(), bytes }
    }
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

    /// Begins a file of a run, the first of which is part 0, after the oldest ones that would be too much are removed.
    /// It is to begin with so many bytes of what is `known` already, and is long enough with
    /// [`Ring::longest_file`] more.
    ///
    /// # Errors
    /// The system's words, or that the ring is too small for what is known.
    pub(super) fn next(
        &self,
        (run, part): (&str, u32),
        now: Timestamp,
        known: u64,
    ) -> io::Result<(PathBuf, File)> {
        if known > self.most / MOST_KNOWN {
            let mebibytes = known.saturating_mul(MOST_KNOWN).div_ceil(1 << 20);
            let told = format!(
                "[recording] ring_mib is too small for what is read here: at least {mebibytes}"
            );
            return Err(io::Error::other(told));
        }
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        self.make_room(known);
        let began = now.strftime("%Y%m%dT%H%M%S%3fZ");
        let name = format!("{}-{began}-{run}-{part}{EXTENSION}", self.kind.name());
        let path = self.folder.join(name);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        // Where files cannot be locked, the newest are still removed last.
        let _ = file.try_lock();
        Ok((path, file))
    }

    /// Room for two files, since one may end late, with the block that fills it, and for what it begins with.
    fn make_room(&self, known: u64) {
        let room = self.longest_file().saturating_mul(2).saturating_add(known);
        let members = self.members();
        let mut bytes: u64 = members.iter().map(|member| member.bytes).sum();
        for member in members {
            if bytes <= self.most.saturating_sub(room) {
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
        let mut runs: BTreeMap<String, Vec<Member>> = BTreeMap::new();
        for member in self.members() {
            runs.entry(member.run.clone()).or_default().push(member);
        }
        let mut runs: Vec<Vec<Member>> = runs.into_values().collect();
        runs.sort_by_key(|members| members.iter().map(|member| member.written).max());
        runs.into_iter().map(Run::of).collect()
    }

    /// Its files, those first that were written to longest ago; none where there is no such folder.
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
        // The first files of this format did not tell: those of a run are in the order of their beginnings.
        let part = parts.next().map_or(Some(0), |part| part.parse().ok())?;
        let about = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        let member = Member {
            written: about.modified().ok()?,
            path: entry.path(),
            run: run.to_owned(),
            part,
            bytes: about.len(),
        };
        (kind == self.kind.name() && parts.next().is_none()).then_some(member)
    }
}
