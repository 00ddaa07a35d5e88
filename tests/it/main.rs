//! The one integration test binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panic"
)]

mod architecture;
mod colored;
mod command_line;
mod dax;
mod edits;
mod export;
mod fuzz;
mod hot_keys;
mod journeys;
mod judge_alarms;
mod judge_botocore;
mod judge_writes;
mod keys;
mod network;
mod newcomer;
mod outages;
mod panes;
mod pictures;
mod polling;
mod readme;
mod recording;
mod regions;
mod replay;
mod scenarios;
mod screens;
mod screenshots;
mod secrecy;
mod sim_listen;
mod sim_sdk;
mod snapshot_json;
mod support;
mod sweep;
mod terminal;
mod themes;
mod third_party;
mod writes;
