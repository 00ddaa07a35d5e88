//! Rendering into cells.
