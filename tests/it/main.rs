//! The one integration test binary.

mod judge_botocore;
mod screens;
mod sim_sdk;
mod support;
