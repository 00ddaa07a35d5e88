//! Plain domain types: no SDK, no terminal, no clock.

pub mod alarm;
pub mod consumer;
pub mod contributor;
pub mod dax;
pub mod event;
pub mod health;
pub mod id;
pub mod insights;
pub mod local;
pub mod metric;
pub mod moment;
pub mod region;
pub mod scaling;
pub mod table;
pub mod throttle;
pub mod time;
pub mod update;
