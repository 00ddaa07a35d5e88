//! What leaves the program other than by the terminal.

pub mod export;
pub mod lint;
pub mod snapshot;
