//! A screen as a picture: every cell where the terminal has it, in its colours.

use super::font::{ADVANCE, REACH, Weight};
use super::glyphs::{Glyph, glyph};
use super::scene::{Paint, Rectangle, Scene, Shape, Text};
use crate::ui::grid::{Cell, Grid};

/// Pixels of an em; a cell is as wide as a character, and as high as characters reach.
const EM: f32 = 15.0;
const CELL: (f32, f32) = (9.0, 20.0);
/// Pixels around the screen.
const MARGIN: f32 = 12.0;

/// Draws a screen. `title` tells in a line what it shows.
pub fn screen(grid: &Grid, title: &str) -> Scene {
    let pixels = |cells: u16, of_each: u16| u32::from(cells) * u32::from(of_each) + 24;
    let size = (pixels(grid.columns, 9), pixels(grid.rows(), 20));
    let mut scene = Scene::new(size, grid.ground, title.to_owned());
    scene.description = grid.text();
    for (row, cells) in (0..grid.rows()).zip(grid.lines()) {
        let top = MARGIN + f32::from(row) * CELL.1;
        grounds(cells, top, grid, &mut scene);
        boxes(cells, top, &mut scene);
        letters(cells, top, &mut scene);
    }
    scene
}

/// Where a column begins.
fn left(column: usize) -> f32 {
    MARGIN + column as f32 * CELL.0
}

/// Paints what lies under neighbours of one colour, where that is not the screen's own.
fn grounds(cells: &[Cell], top: f32, grid: &Grid, scene: &mut Scene) {
    let mut column = 0;
    for run in cells.chunk_by(|a, b| a.ground == b.ground) {
        let width = run.len() as f32 * CELL.0;
        let area = Rectangle { left: left(column), top, width, height: CELL.1 };
        let ground = run.first().map(|cell| cell.ground).filter(|ground| *ground != grid.ground);
        if let Some(ground) = ground {
            scene.add(Shape::Boxes(vec![area]), Paint::solid(ground));
        }
        column += run.len();
    }
}

/// Draws what is made of boxes, and lines under text.
fn boxes(cells: &[Cell], top: f32, scene: &mut Scene) {
    for (column, cell) in cells.iter().enumerate() {
        let left = left(column);
        if let Some(Glyph { boxes, opacity }) = cell.character().and_then(glyph) {
            let placed = boxes.iter().map(|part| Rectangle {
                left: left + part.left * CELL.0,
                top: top + part.top * CELL.1,
                width: part.width * CELL.0,
                height: part.height * CELL.1,
            });
            scene.add(Shape::Boxes(placed.collect()), Paint { color: cell.ink, opacity });
        }
        if cell.underlined {
            let line = Rectangle { left, top: top + 17.5, width: CELL.0, height: 1.0 };
            scene.add(Shape::Boxes(vec![line]), Paint::solid(cell.ink));
        }
    }
}

/// Writes neighbours that look alike as one text.
fn letters(cells: &[Cell], top: f32, scene: &mut Scene) {
    debug_assert!((EM * ADVANCE - CELL.0).abs() < f32::EPSILON, "a character fills its cell");
    let baseline = top + EM * REACH.0;
    let mut column = 0;
    for run in cells.chunk_by(|a, b| (a.ink, a.bold) == (b.ink, b.bold)) {
        let letter = |cell: &Cell| cell.character().filter(|c| glyph(*c).is_none()).unwrap_or(' ');
        let text: String = run.iter().map(letter).collect();
        let blanks = text.len() - text.trim_start_matches(' ').len();
        let (at, text) = ((left(column + blanks), baseline), text.trim_matches(' ').to_owned());
        if let Some(first) = run.first().filter(|_| !text.is_empty()) {
            let weight = if first.bold { Weight::Bold } else { Weight::Regular };
            let text = Text { content: text, at, size: EM, weight };
            scene.add(Shape::Text(text), Paint::solid(first.ink));
        }
        column += run.len();
    }
}
