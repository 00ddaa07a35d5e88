//! How the user left things, kept in a file from one start to the next.
//!
//! It is a convenience: what cannot be read or written is done without, and nobody is told. Of
//! several dashboards the one that wrote last is remembered.

use crate::app::Remembered;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

/// What was remembered, or defaults; a theme that is none of `themes` any more is forgotten.
pub(super) fn load(themes: &[String]) -> Remembered {
    let mut remembered = path().map_or_else(Remembered::default, |path| read(&path));
    remembered.theme = remembered.theme.filter(|theme| themes.contains(theme));
    remembered
}

/// Keeps the file up to date beside the event loop: a home directory may be on a slow network.
pub(super) struct Memory {
    newest: watch::Sender<Option<Remembered>>,
    writer: JoinHandle<()>,
}

impl Memory {
    /// Keeps the user's own file, if there can be one.
    pub(super) fn new() -> Self {
        Self::at(path())
    }

    fn at(path: Option<PathBuf>) -> Self {
        let (newest, wanted) = watch::channel(None);
        Self { newest, writer: tokio::spawn(keep(path, wanted)) }
    }

    /// Remembers this for the next start, if that is possible.
    pub(super) fn save(&self, remembered: Remembered) {
        self.newest.send_replace(Some(remembered));
    }

    /// Waits until all is written, but not for long.
    pub(super) async fn close(self) {
        const PATIENCE: Duration = Duration::from_millis(300);
        drop(self.newest);
        let _ = timeout(PATIENCE, self.writer).await;
    }
}

/// Writes what is wanted, the newest alone where several came while one was written, until nobody
/// can want anything any more.
async fn keep(path: Option<PathBuf>, mut wanted: watch::Receiver<Option<Remembered>>) {
    while wanted.changed().await.is_ok() {
        let newest = wanted.borrow_and_update().clone();
        if let (Some(path), Some(newest)) = (path.clone(), newest) {
            // Without it the next start finds things as they were before.
            let _ = spawn_blocking(move || write(&path, &newest)).await;
        }
    }
}

fn path() -> Option<PathBuf> {
    state_file("state.toml")
}

/// A file in `ddbtop` in the user's state directory (XDG Base Directory Specification).
pub(super) fn state_file(name: &str) -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    let base = etcetera::base_strategy::Xdg::new().ok()?;
    Some(base.state_dir()?.join("ddbtop").join(name))
}

fn read(path: &Path) -> Remembered {
    fs::read_to_string(path).ok().and_then(|text| toml::from_str(&text).ok()).unwrap_or_default()
}

/// Replaces the file whole, so that nobody ever reads half of it. Only the user may read it: filters
/// hold names.
fn write(path: &Path, remembered: &Remembered) -> io::Result<()> {
    let text = toml::to_string(remembered).map_err(io::Error::other)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let fresh = path.with_extension(format!("{}.new", std::process::id()));
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    let done = file.write_all(text.as_bytes()).and_then(|()| fs::rename(&fresh, path));
    if done.is_err() {
        let _ = fs::remove_file(&fresh);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::tables::SortBy;
    use std::os::unix::fs::PermissionsExt;

    fn remembered() -> Remembered {
        Remembered {
            sort: SortBy::WriteThrottles,
            reversed: true,
            fold_indexes: Some(true),
            local_time: true,
            theme: Some("dark \"x\"".to_owned()),
            filters: vec!["!pay".to_owned(), "mode:prov".to_owned()],
        }
    }

    #[test]
    fn what_is_written_is_read_again_and_nobody_else_can() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/ddbtop/state.toml");
        for remembered in [Remembered::default(), remembered()] {
            write(&path, &remembered).unwrap();
            assert_eq!(read(&path), remembered);
        }
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let names = fs::read_dir(path.parent().unwrap()).unwrap();
        assert_eq!(names.count(), 1, "nothing else is left behind");
        assert!(fs::read_to_string(&path).unwrap().contains("sort = \"write throttles\""));
    }

    #[tokio::test]
    async fn the_last_of_many_changes_is_there_when_the_memory_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.toml");
        let memory = Memory::at(Some(path.clone()));
        for number in 1..=500 {
            memory.save(Remembered { filters: vec![number.to_string()], ..remembered() });
            if number % 100 == 0 {
                tokio::task::yield_now().await;
            }
        }
        memory.close().await;
        assert_eq!(read(&path), Remembered { filters: vec!["500".to_owned()], ..remembered() });
        // Nowhere to write is no reason to wait either.
        for nowhere in [None, Some(PathBuf::from("/dev/null/state.toml"))] {
            let memory = Memory::at(nowhere);
            memory.save(remembered());
            memory.close().await;
        }
    }

    #[test]
    fn a_file_that_cannot_be_used_is_done_without() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.toml");
        assert_eq!(read(&path), Remembered::default());
        for bad in ["sort = ", "sort = \"colour\"", "fold_indexes = \"x\"", "\u{0}", "filters = 1"]
        {
            fs::write(&path, bad).unwrap();
            assert_eq!(read(&path), Remembered::default(), "{bad}");
        }
        fs::write(&path, "reversed = true\nfrom_a_newer_version = 1\n").unwrap();
        assert_eq!(read(&path), Remembered { reversed: true, ..Remembered::default() });
        assert!(write(Path::new("/dev/null/ddbtop/state.toml"), &remembered()).is_err());
    }
}
