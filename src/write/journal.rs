//! The journal on disk: JSON lines, only ever appended and never deleted. A write takes about a
//! kilobyte; a thousand writes are a megabyte.

use crate::tune::audit::{Journal, Record};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use tokio::task::spawn_blocking;

/// A journal's file. Several processes may append to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalFile {
    path: PathBuf,
}

impl JournalFile {
    /// The journal at `path`, which need not exist.
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a record; once this returns, it is on disk.
    ///
    /// # Errors
    /// The system's words, with the path. The record may be there in part.
    pub async fn append(&self, record: &Record) -> io::Result<()> {
        let line = record.line().map_err(io::Error::other)?;
        let path = self.path.clone();
        // A home directory may be on a slow network. What was begun ends, whoever waits for it.
        let written = spawn_blocking(move || append(&path, &line)).await;
        written.map_err(io::Error::other).flatten().map_err(|error| self.named(&error))
    }

    /// Reads it whole; `None` if there is none.
    ///
    /// # Errors
    /// The system's words, with the path.
    pub fn read(&self) -> io::Result<Option<Journal>> {
        match read(&self.path) {
            Ok(bytes) => Ok(Some(Journal::read(&bytes))),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(self.named(&error)),
        }
    }

    fn named(&self, error: &io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("journal {}: {error}", self.path.display()))
    }
}

/// Reads a file; what is none, such as a device, may have no end.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("this is no file"));
    }
    fs::read(path)
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// What to tell at the start of writes whose end was never recorded, on one line.
pub fn unfinished_line(journal: &Journal) -> Option<String> {
    let open = journal.unfinished();
    let last = open.last()?;
    let at = last.at.strftime("%Y-%m-%d %H:%M:%S UTC");
    let count = match open.len() {
        1 => "a write has".to_owned(),
        several => format!("{several} writes have"),
    };
    Some(format!(
        "{count} no recorded end, the last {} at {at}: AWS may have done it, see `ddbtop audit`",
        last.subject(),
    ))
}

/// Only the user may read it: records hold names.
fn append(path: &Path, line: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::create_dir_all(folder)?;
    }
    let is_new = !path.exists();
    let mut file =
        OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
    // Another process must not write between the look at the end and the line. Where files cannot
    // be locked, a line is still appended whole.
    let _ = file.lock();
    let line = if lacks_newline(&mut file)? { format!("\n{line}") } else { line.to_owned() };
    file.write_all(line.as_bytes())?;
    file.sync_all()?;
    if is_new && let Some(folder) = folder {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Whether the last line has no end, as when its writer was killed.
fn lacks_newline(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}
