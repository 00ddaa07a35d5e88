//! The simulated AWS: a physical model of a DynamoDB fleet behind AWS's own wire formats.
//!
//! It knows nothing of the product's own model, so that a wrong metric name, dimension or unit
//! there finds no data here.

mod alarms;
mod both;
pub mod facts;
pub mod fault;
pub mod fleet;
pub mod front;
mod metric;
pub mod policy;
mod quota;
pub mod scenario;
mod service;
#[cfg(test)]
mod testing;
pub mod wire;
pub mod world;

/// The scenario of a plain `--demo`.
pub const DEFAULT_SCENARIO: &str = "incident";
