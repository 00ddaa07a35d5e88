//! A screen as a picture: every cell where the terminal has it, in its colours.

use super::font::{REACH, Weight};
use super::glyphs::{Glyph, glyph};
use super::scene::{Paint, Rectangle, Scene, Shape, Text};
use crate::ui::grid::{Cell, Grid};

/// Pixels of an em: a character is then as wide as a cell, and reaches as high.
const EM: f32 = 15.0;
/// Pixels of a cell, across and down.
const CELL: (u16, u16) = (9, 20);
/// Pixels around the screen.
const MARGIN: u16 = 12;
/// Pixels from the top of a cell to the line under its text.
const UNDERLINE: f32 = 17.5;

/// Draws a screen. `title` tells in a line what it shows.
pub fn screen(grid: &Grid, title: &str) -> Scene {
    let pixels =
        |cells: u16, of_each: u16| u32::from(cells) * u32::from(of_each) + 2 * u32::from(MARGIN);
    let size = (pixels(grid.columns, CELL.0), pixels(grid.rows(), CELL.1));
    let mut scene = Scene::new(size, grid.ground, title.to_owned());
    scene.description = grid.text();
    for (row, cells) in (0..grid.rows()).zip(grid.lines()) {
        let top = f32::from(MARGIN) + f32::from(row) * f32::from(CELL.1);
        grounds(cells, top, grid, &mut scene);
        boxes(cells, top, &mut scene);
        letters(cells, top, &mut scene);
    }
    scene
}

/// The part of a row from `column` on that so many cells take.
fn area(column: usize, cells: usize, top: f32) -> Rectangle {
    let (width, height) = (f32::from(CELL.0), f32::from(CELL.1));
    let left = f32::from(MARGIN) + column as f32 * width;
    Rectangle { left, top, width: cells as f32 * width, height }
}

/// Paints what lies under neighbours of one colour, where that is not the screen's own.
fn grounds(cells: &[Cell], top: f32, grid: &Grid, scene: &mut Scene) {
    let mut column = 0;
    for run in cells.chunk_by(|a, b| a.ground == b.ground) {
        let ground = run.first().map(|cell| cell.ground).filter(|ground| *ground != grid.ground);
        if let Some(ground) = ground {
            let area = area(column, run.len(), top);
            scene.add(Shape::Boxes(vec![area]), Paint::solid(ground));
        }
        column += run.len();
    }
}

/// Draws what is made of boxes, and lines under text.
fn boxes(cells: &[Cell], top: f32, scene: &mut Scene) {
    for (column, cell) in cells.iter().enumerate() {
        let whole = area(column, 1, top);
        if let Some(Glyph { boxes, opacity }) = cell.character().and_then(glyph) {
            let placed = boxes.iter().map(|part| Rectangle {
                left: whole.left + part.left * whole.width,
                top: top + part.top * whole.height,
                width: part.width * whole.width,
                height: part.height * whole.height,
            });
            scene.add(Shape::Boxes(placed.collect()), Paint { color: cell.ink, opacity });
        }
        if cell.underlined {
            let line = Rectangle { top: top + UNDERLINE, height: 1.0, ..whole };
            scene.add(Shape::Boxes(vec![line]), Paint::solid(cell.ink));
        }
    }
}

/// Writes neighbours that look alike as one text.
fn letters(cells: &[Cell], top: f32, scene: &mut Scene) {
    let baseline = top + EM * REACH.0;
    let mut column = 0;
    for run in cells.chunk_by(|a, b| (a.ink, a.bold) == (b.ink, b.bold)) {
        let letter = |cell: &Cell| cell.character().filter(|c| glyph(*c).is_none()).unwrap_or(' ');
        let text: String = run.iter().map(letter).collect();
        let blanks = text.len() - text.trim_start_matches(' ').len();
        let at = (area(column + blanks, 1, top).left, baseline);
        let content = text.trim_matches(' ').to_owned();
        if let Some(first) = run.first().filter(|_| !content.is_empty()) {
            let weight = if first.bold { Weight::Bold } else { Weight::Regular };
            let text = Text { content, at, size: EM, weight };
            scene.add(Shape::Text(text), Paint::solid(first.ink));
        }
        column += run.len();
    }
}

#[cfg(test)]
mod tests {
    use super::super::font::ADVANCE;
    use super::*;

    #[test]
    fn a_character_fills_its_cell() {
        assert!((EM * ADVANCE - f32::from(CELL.0)).abs() < 1e-4);
        assert!(EM * (REACH.0 + REACH.1) <= f32::from(CELL.1));
    }
}
