//! The real binary, with an environment of its own.

use std::process::{Command, Output, Stdio};

/// The binary without anything of the machine's own AWS configuration.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddbtop"));
    let nowhere = concat!(env!("CARGO_TARGET_TMPDIR"), "/nowhere");
    command
        .args(args)
        .env_clear()
        .env("HOME", nowhere)
        .env("XDG_STATE_HOME", "/dev/null") // what one test leaves must not lead another one
        .env("AWS_CONFIG_FILE", nowhere)
        .env("AWS_SHARED_CREDENTIALS_FILE", nowhere)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::null());
    command
}

/// Runs the binary to its end.
pub(crate) fn ddbtop(args: &[&str]) -> Output {
    command(args).output().unwrap()
}
