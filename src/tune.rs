//! Writing: from what was typed to what may be sent, and the record of it.
//!
//! A write goes [`Draft`](draft::Draft) → [`Edit`](setting::Edit)s, validated →
//! [`Plan`](plan::Plan), which says what happens and what it costs →
//! [`Confirmed`](plan::Confirmed), for which the resource's name was typed and a
//! [`Permit`](permit::Permit) exists. An executor accepts nothing else. It keeps a
//! [`Record`](audit::Record) of the intent, checks each [`Step`](plan::Step) against a fresh reading,
//! sends its [`Call`](call::Call) once, and records what came of it; [`undo`](undo::undo) makes the
//! way back from these records.
//!
//! Nothing here reads a clock, a file or AWS.

pub mod advice;
pub mod audit;
pub mod budget;
pub mod call;
pub mod choice;
pub mod command;
mod consequence;
pub mod cost;
pub mod cron;
pub mod draft;
mod field;
#[cfg(test)]
mod fixture;
mod maximum;
pub mod mistake;
pub mod permit;
pub mod plan;
pub mod price;
pub mod progress;
pub mod schedule;
pub mod setting;
mod step;
mod terraform;
mod text;
pub mod undo;
mod validate;
mod warning;
mod words;
