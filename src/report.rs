//! What leaves the program other than by the terminal.

pub mod snapshot;
