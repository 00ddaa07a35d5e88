//! The application: messages in, effects out.

pub mod action;
pub mod key;
