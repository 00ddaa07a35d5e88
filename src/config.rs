//! What the user typed, resolved and checked.
