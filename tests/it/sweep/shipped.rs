//! The shipped scenarios at their start and later.
