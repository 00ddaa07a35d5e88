//! The `ddbtop` binary.
fn main() {}
