//! How the user left things, kept in a file from one start to the next.
//!
//! It is a convenience: what cannot be read or written is done without, and nobody is told. Of
//! several dashboards the one that wrote last is remembered.

use crate::app::Remembered;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// What was remembered, or defaults; a theme that is none of `themes` any more is forgotten.
pub(super) fn load(themes: &[String]) -> Remembered {
    let mut remembered = path().map_or_else(Remembered::default, |path| read(&path));
    remembered.theme = remembered.theme.filter(|theme| themes.contains(theme));
    remembered
}

/// Remembers this for the next start, if that is possible.
pub(super) fn save(remembered: &Remembered) {
    if let Some(path) = path() {
        // Without it the next start finds things as they were before.
        let _ = write(&path, remembered);
    }
}

/// `ddbtop/state.toml` in the user's state directory (XDG Base Directory Specification).
fn path() -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    let base = etcetera::base_strategy::Xdg::new().ok()?;
    Some(base.state_dir()?.join("ddbtop").join("state.toml"))
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
