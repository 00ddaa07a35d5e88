//! The one integration test binary.

mod screens;
