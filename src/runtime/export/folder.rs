//! A bundle on disk: whole, or not at all, and for its owner alone.

use crate::report::export::Bundle;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Why a bundle is not written. Each message is one line: what, where, what to do.
#[derive(Debug, thiserror::Error)]
pub(in crate::runtime) enum FolderError {
    /// What is there already is left alone.
    #[error("{0}: there is something already: name a folder that does not exist, or an empty one")]
    Occupied(String),
    /// The system refused something.
    #[error("writing {path}: {error}")]
    System {
        /// What was written.
        path: String,
        /// The system's words.
        error: io::Error,
    },
}

/// Checks that nothing is in the way, before anything is read for it.
///
/// # Errors
/// A folder that holds something, or anything else of that name.
pub(super) fn check(folder: &Path) -> Result<(), FolderError> {
    match fs::read_dir(folder).map(|mut inside| inside.next()) {
        Ok(None) => Ok(()),
        Ok(Some(_)) => Err(occupied(folder)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Err(occupied(folder)),
        Err(error) => Err(refused(folder, error)),
    }
}

/// Writes a bundle beside its place first, and puts it there when it is whole.
///
/// # Errors
/// A folder that is occupied, and what the system refuses; nothing is left behind then.
pub(super) fn write(bundle: &Bundle, folder: &Path) -> Result<(), FolderError> {
    check(folder)?;
    let partial = make_partial(folder)?;
    let done = fill(bundle, &partial).and_then(|()| {
        // Replaces an empty folder; one that was filled meanwhile is left alone.
        fs::rename(&partial, folder).map_err(|error| {
            let is_filled = error.kind() == io::ErrorKind::DirectoryNotEmpty;
            if is_filled { occupied(folder) } else { refused(folder, error) }
        })
    });
    if done.is_err() {
        let _ = fs::remove_dir_all(&partial);
    }
    done
}

/// Makes the folder in which a bundle is written until it is whole: one of its own, even where another bundle of the
/// same name is being written.
fn make_partial(folder: &Path) -> Result<PathBuf, FolderError> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let process = std::process::id();
    let mut number = 0_u32;
    loop {
        let partial = folder.with_file_name(format!(".{name}.partial-{process}-{number}"));
        match make(&partial, false) {
            Ok(()) => return Ok(partial),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(refused(&partial, error)),
        }
    }
}

fn make(folder: &Path, parents: bool) -> io::Result<()> {
    DirBuilder::new().recursive(parents).mode(0o700).create(folder)
}

fn fill(bundle: &Bundle, folder: &Path) -> Result<(), FolderError> {
    for (name, data) in &bundle.files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            make(parent, true).map_err(|error| refused(parent, error))?;
        }
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let written = file.and_then(|mut file| file.write_all(data));
        written.map_err(|error| refused(&path, error))?;
    }
    Ok(())
}

fn occupied(folder: &Path) -> FolderError {
    FolderError::Occupied(folder.display().to_string())
}

fn refused(path: &Path, error: io::Error) -> FolderError {
    FolderError::System { path: path.display().to_string(), error }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::os::unix::fs::PermissionsExt;

    fn bundle() -> Bundle {
        let file = |name: &str| (name.to_owned(), name.as_bytes().to_vec());
        Bundle { files: BTreeMap::from(["report.md", "charts/a.svg", "data/a.csv"].map(file)) }
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = entries.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_bundle_is_written_whole_and_for_its_owner_alone() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("incident");
        write(&bundle(), &folder).unwrap();
        assert_eq!(names(parent.path()), ["incident"], "nothing else is left");
        assert_eq!(names(&folder), ["charts", "data", "report.md"]);
        assert_eq!(fs::read(folder.join("charts/a.svg")).unwrap(), b"charts/a.svg");
        let mode =
            |path: &str| fs::metadata(folder.join(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(""), mode("charts"), mode("report.md")), (0o700, 0o700, 0o600));
    }

    #[test]
    fn what_is_there_already_is_left_alone() {
        let parent = tempfile::tempdir().unwrap();
        let [empty, full, file] = ["empty", "full", "file"].map(|name| parent.path().join(name));
        fs::create_dir(&empty).unwrap();
        fs::create_dir(&full).unwrap();
        fs::write(full.join("notes"), "mine").unwrap();
        fs::write(&file, "mine").unwrap();
        write(&bundle(), &empty).unwrap();
        for occupied in [&empty, &full, &file] {
            let problem = write(&bundle(), occupied).unwrap_err().to_string();
            assert!(problem.contains("there is something already"), "{problem}");
            assert!(!problem.contains('\n'), "{problem}");
        }
        assert_eq!(names(&full), ["notes"]);
        assert_eq!(names(parent.path()), ["empty", "file", "full"]);
    }

    #[test]
    fn half_a_bundle_is_never_left() {
        let parent = tempfile::tempdir().unwrap();
        let mut bundle = bundle();
        bundle.files.insert("report.md/below-a-file".to_owned(), vec![]);
        let problem = write(&bundle, &parent.path().join("incident")).unwrap_err();
        assert!(matches!(problem, FolderError::System { .. }), "{problem}");
        assert!(names(parent.path()).is_empty());
        let nowhere = parent.path().join("no/such/place");
        assert!(write(&self::bundle(), &nowhere).is_err());
        assert!(names(parent.path()).is_empty());
    }

    #[test]
    fn bundles_of_one_name_that_are_written_at_once_leave_each_other_alone() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("incident");
        // Another one is half written.
        let other = make_partial(&folder).unwrap();
        fs::write(other.join("report.md"), "half").unwrap();
        write(&bundle(), &folder).unwrap();
        assert_eq!(fs::read_to_string(other.join("report.md")).unwrap(), "half");
        assert_eq!(names(parent.path()).len(), 2);

        let all: Vec<_> = std::thread::scope(|scope| {
            let one = || write(&bundle(), &parent.path().join("again"));
            let running: Vec<_> = (0..4).map(|_| scope.spawn(one)).collect();
            running.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(all.iter().filter(|done| done.is_ok()).count(), 1);
        let occupied = |done: &Result<_, _>| matches!(done, Err(FolderError::Occupied(_)));
        assert_eq!(all.iter().filter(|done| occupied(done)).count(), 3, "{all:?}");
        assert_eq!(names(&parent.path().join("again")), ["charts", "data", "report.md"]);
        assert_eq!(names(parent.path()).len(), 3, "nothing else is left");
    }
}
