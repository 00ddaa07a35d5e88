//! Each of the sixteen reasons in a world of its own.
