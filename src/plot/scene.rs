//! What a picture is made of, in pixels from its upper left corner.

use super::font::{ADVANCE, Weight};

/// Red, green and blue.
pub(super) type Rgb = [u8; 3];

/// A place in a picture: across, and down.
pub(super) type Point = (f32, f32);

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rectangle {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// A colour and how much of it covers what lies below, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Paint {
    pub(super) color: Rgb,
    pub(super) opacity: f32,
}

impl Paint {
    /// Covers what lies below.
    pub(super) fn solid(color: Rgb) -> Self {
        Self { color, opacity: 1.0 }
    }
}

/// A line of text in the embedded font, whose every character takes the same room.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub(super) content: String,
    /// Where its baseline begins.
    pub(super) at: Point,
    /// Pixels of an em.
    pub(super) size: f32,
    pub(super) weight: Weight,
}

impl Text {
    /// The place of each character that is seen.
    pub(super) fn places(&self) -> impl Iterator<Item = (char, Point)> {
        let (left, baseline) = self.at;
        let place = move |place: usize| (left + place as f32 * ADVANCE * self.size, baseline);
        let characters =
            self.content.chars().enumerate().filter(|(_, character)| *character != ' ');
        characters.map(move |(index, character)| (character, place(index)))
    }
}

/// One thing in a picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// Filled rectangles of one colour.
    Boxes(Vec<Rectangle>),
    /// A filled polygon.
    Polygon(Vec<Point>),
    /// Lines of this width, each through its points.
    Lines(Vec<Vec<Point>>, f32),
    /// Text.
    Text(Text),
}

/// A picture, from back to front.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// Columns of pixels.
    pub(super) width: u32,
    /// Rows of pixels.
    pub(super) height: u32,
    /// What lies under everything.
    pub(super) ground: Rgb,
    /// What it shows, in a line.
    pub(super) title: String,
    /// What it says, for those who search or cannot see it; may be empty.
    pub(super) description: String,
    pub(super) shapes: Vec<(Shape, Paint)>,
}

impl Scene {
    /// An empty picture.
    pub(super) fn new((width, height): (u32, u32), ground: Rgb, title: String) -> Self {
        Self { width, height, ground, title, description: String::new(), shapes: vec![] }
    }

    /// What it shows, in a line.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Adds a thing in front of all others. Rectangles and lines that look alike become one shape.
    pub(super) fn add(&mut self, shape: Shape, paint: Paint) {
        match (self.shapes.last_mut(), shape) {
            (Some((Shape::Boxes(boxes), last)), Shape::Boxes(more)) if *last == paint => {
                boxes.extend(more);
            }
            (Some((Shape::Lines(lines, width), last)), Shape::Lines(more, other))
                if *last == paint && (*width - other).abs() < f32::EPSILON =>
            {
                lines.extend(more);
            }
            (_, shape) => self.shapes.push((shape, paint)),
        }
    }
}
