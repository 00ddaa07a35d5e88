//! What several integration tests need.

pub(crate) mod python;
pub(crate) mod sim;
