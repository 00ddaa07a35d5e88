//! The one integration test binary.
//!
//! Each module says that it is test code, which Clippy cannot tell of an integration test's helpers.

#[cfg(test)]
mod judge_botocore;
#[cfg(test)]
mod sim_listen;
#[cfg(test)]
mod sim_sdk;
#[cfg(test)]
mod support;
