//! A scene that plotters draws on.

use super::font::{ADVANCE, REACH, Weight};
use super::scene::{Paint, Point, Rectangle, Scene, Shape, Text};
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontStyle,
};
use std::convert::Infallible;

/// What drawing on a scene may end with: it cannot fail.
type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// Steps of a pixel: plotters counts in whole ones, which would make stairs of a gentle slope.
pub(super) const FINE: u16 = 8;

/// Draws on a scene, of which each pixel has [`FINE`] steps; lines and text are measured in pixels.
pub(super) struct Canvas<'a>(pub(super) &'a mut Scene);

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.0.width * u32::from(FINE), self.0.height * u32::from(FINE))
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        let (left, top) = place(point);
        let pixel = Rectangle { left, top, width: 1.0, height: 1.0 };
        self.0.add(Shape::Boxes(vec![pixel]), paint(color));
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        if fill {
            return self.fill_polygon(corners, style);
        }
        self.draw_path(corners.into_iter().chain([(left, top)]), style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let points = sharpened(path.into_iter().map(place).collect());
        self.0.add(Shape::Lines(vec![points], style.stroke_width() as f32), paint(style.color()));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        _fill: bool,
    ) -> Drawn {
        const CORNERS: u8 = 16;
        let ((x, y), radius) = (place(center), radius as f32 / f32::from(FINE));
        let corner = |corner: u8| {
            let angle = std::f32::consts::TAU * f32::from(corner) / f32::from(CORNERS);
            (x + radius * angle.cos(), y + radius * angle.sin())
        };
        self.0.add(Shape::Polygon((0..CORNERS).map(corner).collect()), paint(style.color()));
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        let corners = corners.into_iter().map(place).collect();
        self.0.add(Shape::Polygon(corners), paint(style.color()));
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let (width, height) = extent(text, size(style));
        Ok((steps(width), steps(height)))
    }

    fn draw_text<T: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &T,
        position: BackendCoord,
    ) -> Drawn {
        let size = size(style);
        let ((x, y), (width, height)) = (place(position), extent(text, size));
        let anchor = style.anchor();
        let left = match anchor.h_pos {
            HPos::Left => x,
            HPos::Center => x - width / 2.0,
            HPos::Right => x - width,
        };
        let top = match anchor.v_pos {
            VPos::Top => y,
            VPos::Center => y - height / 2.0,
            VPos::Bottom => y - height,
        };
        let weight = match style.style() {
            FontStyle::Bold => Weight::Bold,
            FontStyle::Normal | FontStyle::Oblique | FontStyle::Italic => Weight::Regular,
        };
        let at = (left, top + REACH.0 * size);
        let text = Text { content: text.to_owned(), at, size, weight };
        self.0.add(Shape::Text(text), paint(style.color()));
        Ok(())
    }
}

/// Columns and rows of pixels that text takes.
pub(super) fn extent(text: &str, size: f32) -> (f32, f32) {
    (text.chars().count() as f32 * ADVANCE * size, (REACH.0 + REACH.1) * size)
}

fn place((x, y): BackendCoord) -> Point {
    (x as f32 / f32::from(FINE), y as f32 / f32::from(FINE))
}

/// Puts a line that is upright or level through the middle of pixels.
fn sharpened(mut points: Vec<Point>) -> Vec<Point> {
    let middle = |at: f32| at.floor() + 0.5;
    let Some((left, top)) = points.first().copied() else { return points };
    let is_upright = points.iter().all(|(x, _)| (x - left).abs() < f32::EPSILON);
    let is_level = points.iter().all(|(_, y)| (y - top).abs() < f32::EPSILON);
    for (x, y) in &mut points {
        if is_upright {
            *x = middle(*x);
        }
        if is_level {
            *y = middle(*y);
        }
    }
    points
}

fn paint(BackendColor { alpha, rgb: (red, green, blue) }: BackendColor) -> Paint {
    Paint { color: [red, green, blue], opacity: narrow(alpha) }
}

fn size(style: &impl BackendTextStyle) -> f32 {
    narrow(style.size())
}

#[expect(clippy::cast_possible_truncation, reason = "pixels and opacities are small")]
fn narrow(number: f64) -> f32 {
    number as f32
}

/// The least number of steps that is enough for so many pixels.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels of a picture are few, and casts from f32 saturate"
)]
pub(super) fn steps(pixels: f32) -> u32 {
    (pixels * f32::from(FINE)).ceil() as u32
}
