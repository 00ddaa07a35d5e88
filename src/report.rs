//! Output without a terminal.
