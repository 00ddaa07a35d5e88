//! What leaves the program other than by the terminal.

pub mod lint;
pub mod snapshot;
