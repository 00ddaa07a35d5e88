//! A scene as SVG, without fonts: characters are outlines, so that every viewer shows the same.

use super::font::{EM, Step, Weight, outline};
use super::scene::{Paint, Point, Rgb, Scene, Shape, Text};
use std::collections::BTreeSet;
use std::fmt::Write;

impl Scene {
    /// Writes the picture as an SVG document of about one element for each character.
    pub fn svg(&self) -> String {
        let (width, height) = (self.width, self.height);
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{}</title>\n",
            escaped(&self.title)
        );
        if !self.description.is_empty() {
            push(&mut out, format_args!("<desc>{}</desc>\n", escaped(&self.description)));
        }
        self.define_characters(&mut out);
        let ground = hex(self.ground);
        push(&mut out, format_args!("<path fill=\"{ground}\" d=\"M0 0h{width}v{height}H0z\"/>\n"));
        for (shape, paint) in &self.shapes {
            draw(shape, *paint, &mut out);
        }
        out.push_str("</svg>\n");
        out
    }

    /// Writes the outline of every character once, under its name.
    fn define_characters(&self, out: &mut String) {
        let texts = self.shapes.iter().filter_map(|(shape, _)| match shape {
            Shape::Text(text) => Some(text),
            Shape::Boxes(_) | Shape::Polygon(_) | Shape::Lines(..) => None,
        });
        let used = texts.flat_map(|text| text.places().map(|(c, _)| (text.weight, c)));
        let used: BTreeSet<(Weight, char)> = used.collect();
        if used.is_empty() {
            return;
        }
        out.push_str("<defs>\n");
        for (weight, character) in used {
            let name = Name(weight, character);
            let outline = path(&outline(character, weight));
            push(out, format_args!("<path id=\"{name}\" d=\"{outline}\"/>\n"));
        }
        out.push_str("</defs>\n");
    }
}

/// Appends; writing to a string cannot fail.
fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

fn draw(shape: &Shape, paint: Paint, out: &mut String) {
    match shape {
        Shape::Boxes(boxes) => {
            push(out, format_args!("<path {} d=\"", Fill(paint)));
            for r in boxes {
                let (left, top) = (Number(r.left), Number(r.top));
                let (width, height) = (Number(r.width), Number(r.height));
                push(out, format_args!("M{left} {top}h{width}v{height}h-{width}z"));
            }
            out.push_str("\"/>\n");
        }
        Shape::Polygon(points) => {
            push(out, format_args!("<path {} d=\"{}z\"/>\n", Fill(paint), along(points)));
        }
        Shape::Lines(lines, width) => {
            let (color, opacity) = (hex(paint.color), opacity("stroke", paint));
            let line: String = lines.iter().map(|points| along(points)).collect();
            let width = Number(*width);
            push(
                out,
                format_args!(
                    "<path fill=\"none\" stroke=\"{color}\"{opacity} stroke-width=\"{width}\" \
                     stroke-linejoin=\"round\" d=\"{line}\"/>\n"
                ),
            );
        }
        Shape::Text(text) => write(text, paint, out),
    }
}

/// Writes text in the font's own units, in which places are whole numbers.
fn write(text: &Text, paint: Paint, out: &mut String) {
    let (left, baseline) = (Number(text.at.0), Number(text.at.1));
    let scale = text.size / EM;
    let fill = Fill(paint);
    let place = format_args!("translate({left} {baseline}) scale({scale})").to_string();
    push(out, format_args!("<g {fill} transform=\"{place}\">"));
    for (character, (x, _)) in text.places() {
        let (name, x) = (Name(text.weight, character), ((x - text.at.0) / scale).round());
        push(out, format_args!("<use href=\"#{name}\""));
        if x > 0.0 {
            push(out, format_args!(" x=\"{x}\""));
        }
        out.push_str("/>");
    }
    out.push_str("</g>\n");
}

/// The name of a character's outline.
struct Name(Weight, char);

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let weight = match self.0 {
            Weight::Regular => 'r',
            Weight::Bold => 'b',
        };
        write!(f, "{weight}{:x}", u32::from(self.1))
    }
}

struct Fill(Paint);

impl std::fmt::Display for Fill {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "fill=\"{}\"{}", hex(self.0.color), opacity("fill", self.0))
    }
}

fn opacity(of: &str, paint: Paint) -> String {
    if paint.opacity < 1.0 {
        format!(" {of}-opacity=\"{}\"", Number(paint.opacity))
    } else {
        String::new()
    }
}

/// A number with at most two decimals.
struct Number(f32);

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Without a negative zero.
        write!(f, "{}", (self.0 * 100.0).round() / 100.0 + 0.0)
    }
}

/// Two numbers, parted only where they have to be.
struct Pair(f32, f32);

impl std::fmt::Display for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let between = if self.1 < 0.0 { "" } else { " " };
        write!(f, "{}{between}{}", Number(self.0), Number(self.1))
    }
}

fn along(points: &[Point]) -> String {
    let mut path = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let command = if index == 0 { 'M' } else { 'L' };
        push(&mut path, format_args!("{command}{}", Pair(*x, *y)));
    }
    path
}

/// An outline in steps from point to point, which are shorter to write than places.
fn path(outline: &[Step]) -> String {
    let mut path = Path { text: String::new(), at: (0.0, 0.0), last: 'z' };
    for step in outline {
        match *step {
            Step::Move(x, y) => path.to('M', &[x.round(), y.round()], (x, y)),
            Step::Line(x, y) => match path.step_to(x, y) {
                [across, 0.0] => path.to('h', &[across], (x, y)),
                [0.0, down] => path.to('v', &[down], (x, y)),
                both => path.to('l', &both, (x, y)),
            },
            Step::Curve([x1, y1], [x, y]) => {
                let [[x1, y1], [x2, y2]] = [path.step_to(x1, y1), path.step_to(x, y)];
                path.to('q', &[x1, y1, x2, y2], (x, y));
            }
            Step::Close => path.to('z', &[], path.at),
        }
    }
    path.text
}

/// A path as it is written, in whole units.
struct Path {
    text: String,
    at: Point,
    last: char,
}

impl Path {
    /// How far a place is from where the path is.
    fn step_to(&self, x: f32, y: f32) -> [f32; 2] {
        [x.round() - self.at.0, y.round() - self.at.1]
    }

    /// Writes a command that leads to `end`; its letter only where it is another than the last.
    fn to(&mut self, command: char, numbers: &[f32], end: Point) {
        if command != self.last || numbers.is_empty() {
            self.text.push(command);
        } else if numbers.first().is_some_and(|first| *first >= 0.0) {
            self.text.push(' ');
        }
        for (place, number) in numbers.iter().enumerate() {
            let between = if place > 0 && *number >= 0.0 { " " } else { "" };
            push(&mut self.text, format_args!("{between}{}", Number(*number)));
        }
        self.last = command;
        self.at = (end.0.round(), end.1.round());
    }
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Text as XML takes it: control characters, which it does not take, become blanks.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\n' => escaped.push('\n'),
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}
