//! What several integration tests need.

pub(crate) mod ddbtop;
pub(crate) mod pty;
pub(crate) mod python;
pub(crate) mod server;
pub(crate) mod sim;
