//! The one integration test binary.

mod architecture;
mod command_line;
mod judge_botocore;
mod polling;
mod screens;
mod sim_sdk;
mod support;
mod third_party;
