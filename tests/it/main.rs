//! The one integration test binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panic")]

mod architecture;
mod command_line;
mod judge_botocore;
mod network;
mod polling;
mod screens;
mod sim_sdk;
mod support;
mod third_party;
