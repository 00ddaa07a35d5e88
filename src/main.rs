//! The `ddbtop` binary: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    ddbtop::runtime::main()
}
