//! What the lines and marks of a chart's picture mean, in as many rows as that takes.

use super::canvas::extent;
use super::font::Weight;
use super::palette::{DIM, GROUND, INK, color};
use super::scene::{Paint, Point, Rgb, Scene, Shape, Text};
use crate::view::Role;
use crate::view::chart::{Chart, Mark, Stroke};
use crate::view::text::{Charset, cut_middle};

/// Pixels of an em.
const EM: f32 = 14.0;
/// Pixels of a row.
const ROW: f32 = 22.0;
/// Pixels that a sample of a line takes, and that part it from its name.
const SAMPLE: f32 = 30.0;
const GAP: f32 = 8.0;
/// Pixels between two entries.
const BETWEEN: f32 = 26.0;
/// Characters of a name; no more, so that a row holds several.
const LONGEST: usize = 60;

/// What stands before a name.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sample {
    Line(Stroke, f32),
    Mark(Mark),
}

/// One name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    sample: Sample,
    color: Rgb,
    name: String,
    /// What it amounts to; may be empty.
    value: String,
}

impl Entry {
    fn width(&self) -> f32 {
        let sample = match self.sample {
            Sample::Line(..) => SAMPLE,
            Sample::Mark(mark) => extent(mark.glyph(), EM).0,
        };
        let parts = [&self.name, &self.value].into_iter().filter(|part| !part.is_empty());
        sample + parts.map(|part| GAP + extent(part, EM).0).sum::<f32>()
    }

    fn draw(&self, (left, top): Point, scene: &mut Scene) {
        let mut x = left;
        match self.sample {
            Sample::Line(stroke, width) => {
                let middle = top + ROW / 2.0;
                let dash = |(from, to)| vec![(x + from, middle), (x + to, middle)];
                let dashes = dashes(stroke).into_iter().map(dash).collect();
                scene.add(Shape::Lines(dashes, width), Paint::solid(self.color));
                x += SAMPLE;
            }
            Sample::Mark(mark) => x = write(mark.glyph(), self.color, (x, top), scene),
        }
        for (text, color) in [(&self.name, DIM), (&self.value, INK)] {
            if !text.is_empty() {
                x = write(text, color, (x + GAP, top), scene);
            }
        }
    }
}

/// From where to where a sample of a line is drawn.
fn dashes(stroke: Stroke) -> Vec<(f32, f32)> {
    match stroke {
        Stroke::Solid => vec![(0.0, SAMPLE)],
        Stroke::Dashed => vec![(0.0, 8.0), (11.0, 19.0), (22.0, SAMPLE)],
        Stroke::Dotted => {
            (0..6).map(|dot: u8| f32::from(dot) * 5.0).map(|x| (x, x + 2.0)).collect()
        }
    }
}

/// Writes into a row that begins at `top`, and returns where the text ends.
fn write(text: &str, color: Rgb, (left, top): Point, scene: &mut Scene) -> f32 {
    let (width, _) = extent(text, EM);
    let at = (left, top + ROW / 2.0 + 0.36 * EM);
    let text = Text { content: text.to_owned(), at, size: EM, weight: Weight::Regular };
    scene.add(Shape::Text(text), Paint::solid(color));
    left + width
}

/// Every line, level and mark of a chart.
pub(super) fn entries(chart: &Chart) -> Vec<Entry> {
    let scale = chart.scale();
    let named = |name: &str| cut_middle(name, LONGEST, Charset::Unicode);
    let lines = chart.lines.iter().map(|line| Entry {
        sample: Sample::Line(line.stroke, if line.role == Role::Limit { 1.5 } else { 2.0 }),
        color: color(line.role),
        name: named(&line.label),
        value: line.value.clone(),
    });
    let levels = chart.levels.iter().map(|level| Entry {
        sample: Sample::Line(Stroke::Dashed, 1.5),
        color: color(Role::Limit),
        name: named(&level.label),
        value: if scale.shows(level) { String::new() } else { "(above this picture)".to_owned() },
    });
    let settling = (chart.settled_minutes() < chart.window.minutes()).then(|| Entry {
        sample: Sample::Line(Stroke::Dotted, 2.0),
        color: DIM,
        name: "not settled: may be revised".to_owned(),
        value: String::new(),
    });
    let happened = |mark: &Mark| chart.events.iter().any(|event| event.mark == *mark);
    let marks = Mark::ALL.into_iter().filter(happened).map(|mark| Entry {
        sample: Sample::Mark(mark),
        color: color(mark.role()),
        name: mark.meaning().to_owned(),
        value: String::new(),
    });
    lines.chain(levels).chain(settling).chain(marks).collect()
}

/// Breaks entries into rows of at most `width` pixels.
pub(super) fn rows(entries: Vec<Entry>, width: f32) -> Vec<Vec<Entry>> {
    let mut rows: Vec<Vec<Entry>> = vec![];
    let mut used = 0.0;
    for entry in entries {
        let wanted = BETWEEN + entry.width();
        match rows.last_mut() {
            Some(row) if used + wanted <= width => {
                row.push(entry);
                used += wanted;
            }
            _ => {
                used = entry.width();
                rows.push(vec![entry]);
            }
        }
    }
    rows
}

/// Draws rows from `top` down, and returns where they end.
pub(super) fn draw(rows: &[Vec<Entry>], (left, top): Point, scene: &mut Scene) -> f32 {
    debug_assert_eq!(scene.ground, GROUND, "the colours are made for it");
    let mut y = top;
    for row in rows {
        let mut x = left;
        for entry in row {
            entry.draw((x, y), scene);
            x += entry.width() + BETWEEN;
        }
        y += ROW;
    }
    y
}
