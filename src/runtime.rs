//! Event loop, clock, terminal, signals.
