//! A scene as PNG, painted by tiny-skia.

use super::font::{EM, Step, outline};
use super::scene::{Paint, Point, Rectangle, Scene, Shape, Text};
use tiny_skia::{Color, FillRule, LineJoin, PathBuilder, Pixmap, Rect, Stroke, Transform};

/// More pixels than this would take a gigabyte of memory.
const MOST_PIXELS: u64 = 200_000_000;

/// Why there is no PNG.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// It would not fit into memory.
    #[error("{width}x{height} pixels are too many for a PNG: ask for a smaller --size, or for svg")]
    TooLarge {
        /// Columns of pixels.
        width: u64,
        /// Rows of pixels.
        height: u64,
    },
    /// The pixels could not be written as a PNG.
    #[error("the PNG cannot be written: {0}")]
    Encoding(String),
}

impl Scene {
    /// Paints the picture `scale` times as large, and writes it as a PNG file.
    ///
    /// # Errors
    /// A picture that is too large.
    pub fn png(&self, scale: u8) -> Result<Vec<u8>, PictureError> {
        let [width, height] = [self.width, self.height].map(|side| side * u32::from(scale));
        let pixels = u64::from(width) * u64::from(height);
        let pixmap = if pixels > MOST_PIXELS { None } else { Pixmap::new(width, height) };
        let mut pixmap = pixmap
            .ok_or_else(|| PictureError::TooLarge { width: width.into(), height: height.into() })?;
        let [red, green, blue] = self.ground;
        pixmap.fill(Color::from_rgba8(red, green, blue, u8::MAX));
        let zoom = Transform::from_scale(f32::from(scale), f32::from(scale));
        for (shape, paint) in &self.shapes {
            draw(shape, *paint, zoom, &mut pixmap);
        }
        pixmap.encode_png().map_err(|error| PictureError::Encoding(error.to_string()))
    }
}

fn draw(shape: &Shape, paint: Paint, zoom: Transform, pixmap: &mut Pixmap) {
    let paint = ink(paint);
    match shape {
        Shape::Boxes(boxes) => {
            for rectangle in boxes.iter().filter_map(rect) {
                pixmap.fill_rect(rectangle, &paint, zoom, None);
            }
        }
        Shape::Polygon(points) => {
            if let Some(path) = polygon(points) {
                pixmap.fill_path(&path, &paint, FillRule::Winding, zoom, None);
            }
        }
        Shape::Lines(lines, width) => {
            let stroke = Stroke { width: *width, line_join: LineJoin::Round, ..Stroke::default() };
            if let Some(path) = through(lines) {
                pixmap.stroke_path(&path, &paint, &stroke, zoom, None);
            }
        }
        Shape::Text(text) => {
            if let Some(path) = letters(text) {
                pixmap.fill_path(&path, &paint, FillRule::Winding, zoom, None);
            }
        }
    }
}

fn ink(Paint { color: [red, green, blue], opacity }: Paint) -> tiny_skia::Paint<'static> {
    let mut color = Color::from_rgba8(red, green, blue, u8::MAX);
    color.set_alpha(opacity);
    let mut paint = tiny_skia::Paint { anti_alias: true, ..tiny_skia::Paint::default() };
    paint.set_color(color);
    paint
}

fn rect(of: &Rectangle) -> Option<Rect> {
    Rect::from_xywh(of.left, of.top, of.width, of.height)
}

fn polygon(corners: &[Point]) -> Option<tiny_skia::Path> {
    let mut path = PathBuilder::new();
    along(corners, &mut path);
    path.close();
    path.finish()
}

fn through(lines: &[Vec<Point>]) -> Option<tiny_skia::Path> {
    let mut path = PathBuilder::new();
    for points in lines {
        along(points, &mut path);
    }
    path.finish()
}

fn along(points: &[Point], path: &mut PathBuilder) {
    for (index, (x, y)) in points.iter().enumerate() {
        if index == 0 {
            path.move_to(*x, *y);
        } else {
            path.line_to(*x, *y);
        }
    }
}

fn letters(text: &Text) -> Option<tiny_skia::Path> {
    let scale = text.size / EM;
    let mut path = PathBuilder::new();
    for (character, (left, baseline)) in text.places() {
        let place = |x: f32, y: f32| (left + x * scale, baseline + y * scale);
        for step in outline(character, text.weight) {
            match step {
                Step::Move(x, y) => {
                    let (x, y) = place(x, y);
                    path.move_to(x, y);
                }
                Step::Line(x, y) => {
                    let (x, y) = place(x, y);
                    path.line_to(x, y);
                }
                Step::Curve([x1, y1], [x, y]) => {
                    let ((x1, y1), (x, y)) = (place(x1, y1), place(x, y));
                    path.quad_to(x1, y1, x, y);
                }
                Step::Close => path.close(),
            }
        }
    }
    path.finish()
}
