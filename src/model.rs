//! Plain domain types.
