//! The embedded font: `JetBrains` Mono, cut down to what pictures need (`fonts/README.md`).

use std::sync::LazyLock;
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// Units that an em has in this font, in which outlines are measured.
pub(super) const EM: f32 = 1_000.0;

/// How far each character advances, in ems.
pub(super) const ADVANCE: f32 = 0.6;

/// How far characters reach above the baseline, and below it, in ems.
pub(super) const REACH: (f32, f32) = (1.02, 0.3);

/// How heavy text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// One step along the outline of a character, in units of [`EM`], down from the baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Step {
    Move(f32, f32),
    Line(f32, f32),
    /// A quadratic curve: its control point, and its end.
    Curve([f32; 2], [f32; 2]),
    Close,
}

macro_rules! face {
    ($file:literal) => {
        LazyLock::new(|| {
            let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/", $file));
            Face::parse(bytes, 0).ok()
        })
    };
}

static REGULAR: LazyLock<Option<Face<'static>>> = face!("JetBrainsMono-Regular.ttf");
static BOLD: LazyLock<Option<Face<'static>>> = face!("JetBrainsMono-Bold.ttf");

/// The outline of a character; that of a box where the font does not have it.
pub(super) fn outline(character: char, weight: Weight) -> Vec<Step> {
    let face = match weight {
        Weight::Regular => REGULAR.as_ref(),
        Weight::Bold => BOLD.as_ref(),
    };
    let mut outline = Outline(vec![]);
    if let Some(face) = face {
        let glyph = face.glyph_index(character).unwrap_or(GlyphId(0));
        face.outline_glyph(glyph, &mut outline);
    }
    outline.0
}

struct Outline(Vec<Step>);

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.push(Step::Move(x, -y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.push(Step::Line(x, -y));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.push(Step::Curve([x1, -y1], [x, -y]));
    }

    /// TrueType outlines have none of these.
    fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, x: f32, y: f32) {
        self.line_to(x, y);
    }

    fn close(&mut self) {
        self.0.push(Step::Close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_what_texts_are_written_with() {
        for face in [&REGULAR, &BOLD] {
            let face = face.as_ref().unwrap();
            assert_eq!(face.units_per_em(), 1_000);
            assert_eq!((face.ascender(), face.descender()), (1_020, -300));
            for character in ('!'..='~').chain("äöüéß·•◦…→↑∞▶▲▼▪–µ≥".chars())
            {
                let glyph = face.glyph_index(character).unwrap_or_else(|| panic!("{character}"));
                assert_eq!(face.glyph_hor_advance(glyph), Some(600), "{character}");
            }
        }
    }

    #[test]
    fn what_the_font_lacks_is_a_box_and_a_blank_is_nothing() {
        let missing = outline('表', Weight::Regular);
        assert!(!missing.is_empty());
        assert_eq!(missing, outline('計', Weight::Regular));
        assert!(outline(' ', Weight::Regular).is_empty());
        assert_ne!(outline('a', Weight::Regular), outline('a', Weight::Bold));
    }
}
