//! The one integration test binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panic")]

mod judge_botocore;
mod network;
mod polling;
mod sim_sdk;
mod support;
