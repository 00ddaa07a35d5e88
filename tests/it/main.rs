//! The one integration test binary.

mod journeys;
mod screens;
mod snapshot_json;
