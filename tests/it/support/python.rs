//! The Python of the judges: virtual environments under the target directory, each made once.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns a Python interpreter that has the packages of `tests/python/{list}.txt`.
///
/// The first caller makes the environment; the others, of other test processes too, wait for it. A changed
/// list makes it anew.
///
/// # Panics
/// If Python, its venv module or a package cannot be had; the message names what to install.
pub(crate) fn python(list: &str) -> PathBuf {
    let requirements =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/python/{list}.txt"));
    let mut hasher = DefaultHasher::new();
    fs::read(&requirements).expect("the list is part of the source").hash(&mut hasher);
    // CARGO_TARGET_TMPDIR is target/tmp.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let lock = File::create(target.join(format!("venv-{list}.lock"))).unwrap();
    lock.lock().unwrap();
    let home = target.join(format!("venv-{list}"));
    let python = home.join("bin").join("python");
    let mark = home.join(format!("complete-{:016x}", hasher.finish()));
    if !mark.exists() {
        let mut make = Command::new("python3");
        run(make.args(["-m", "venv", "--clear"]).arg(&home), "the Debian package python3-venv");
        let mut install = Command::new(&python);
        install.args(["-m", "pip", "install", "--quiet", "-r"]).arg(&requirements);
        run(&mut install, "a package index that pip can reach");
        File::create(mark).unwrap();
    }
    python
}

/// Runs a script of `tests/python` with the judges' packages to its end and returns what it prints;
/// its output is the failure's message.
pub(crate) fn judge(name: &str, args: &[&str]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python").join(name);
    let output = Command::new(python("judges")).arg(script).args(args).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{name} {args:?}:\n{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    said
}

fn run(command: &mut Command, needed: &str) {
    let failure = match command.output() {
        Ok(output) if output.status.success() => return,
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().replace('\n', " "),
        Err(error) => error.to_string(),
    };
    panic!("the tests need Python 3 and {needed}: {failure}");
}
