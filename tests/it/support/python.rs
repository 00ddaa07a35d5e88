//! The Python of the judges: a virtual environment under the target directory, made once.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

const REQUIREMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/requirements.txt");

/// Returns a Python interpreter that has the packages of `tests/python/requirements.txt`.
///
/// The first caller makes the environment, the others, of other test processes too, wait for it. A changed
/// list of requirements makes a new one.
///
/// # Panics
/// If Python, its venv module or a package cannot be had; the message names what to install.
pub fn python() -> PathBuf {
    let requirements =
        fs::read_to_string(REQUIREMENTS).expect("the list of requirements is part of the source");
    let mut hasher = DefaultHasher::new();
    requirements.hash(&mut hasher);
    // CARGO_TARGET_TMPDIR is target/tmp.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let lock = File::create(target.join("venv.lock")).unwrap();
    lock.lock().unwrap();
    let home = target.join("venv");
    let python = home.join("bin").join("python");
    let mark = home.join(format!("complete-{:016x}", hasher.finish()));
    if !mark.exists() {
        let system = Command::new("python3");
        run(
            system,
            &["-m", "venv", "--clear", &home.to_string_lossy()],
            "the Debian package python3-venv",
        );
        let pip =
            ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS];
        run(Command::new(&python), &pip, "a package index that pip can reach");
        File::create(mark).unwrap();
    }
    python
}

fn run(mut command: Command, arguments: &[&str], needed: &str) {
    let output = command.args(arguments).output();
    let failure = match output {
        Ok(output) if output.status.success() => return,
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().replace('\n', " "),
        Err(error) => error.to_string(),
    };
    panic!("the tests need Python 3 and {needed}: {failure}");
}
