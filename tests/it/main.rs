//! The one integration test binary.

mod judge_botocore;
mod sim_sdk;
mod support;
