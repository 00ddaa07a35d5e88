//! Pictures: charts and screens as SVG and PNG, the same on every machine.
//!
//! What is drawn is a [`Scene`] first: boxes, lines and text in an embedded font. Both formats are
//! written from it, so that they show the same. Charts are laid out by plotters, whose types stay
//! in here.

mod canvas;
mod chart;
mod font;
mod glyphs;
mod legend;
mod palette;
mod png;
mod scene;
mod screen;
mod svg;
#[cfg(test)]
mod tests;

pub use chart::{Caption, SIZE, chart};
pub use png::PictureError;
pub use scene::Scene;
pub use screen::screen;
