//! What several integration tests need.

pub mod python;
pub mod sim;
