//! The one integration test binary.

mod judge_botocore;
mod polling;
mod sim_sdk;
mod support;
