//! The lines and levels of a chart as one glyph per cell.
//!
//! Lines are traced over a grid of dots. With braille a cell holds 2 x 4 of them, with ASCII one; an
//! area of blocks has eight levels to a cell.

use super::trace::{Grid, trace};
use crate::view::Role;
use crate::view::chart::{Chart, Line, Marker, Scale, Stroke};

/// What one cell shows; nothing where the glyph is blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ink {
    pub(super) glyph: char,
    pub(super) role: Role,
}

impl Ink {
    pub(super) const NONE: Self = Self { glyph: ' ', role: Role::Text };
}

/// The cells of a plot, row by row from the top.
pub(super) struct Raster {
    columns: u16,
    cells: Vec<Ink>,
}

impl Raster {
    /// Draws the levels in view and then all lines of `chart`.
    pub(super) fn of(
        chart: &Chart,
        scale: &Scale,
        marker: Marker,
        (columns, rows): (u16, u16),
    ) -> Self {
        let cells = vec![Ink::NONE; usize::from(columns) * usize::from(rows)];
        let mut raster = Self { columns, cells };
        let grid = |across, down| Grid {
            chart,
            columns: columns.saturating_mul(across),
            rows: rows.saturating_mul(down),
            top: scale.top,
        };
        let dots = match marker {
            Marker::Braille => grid(2, 4),
            Marker::Block | Marker::Ascii => grid(1, 1),
        };
        let levels = chart.levels.iter().enumerate();
        for (place, level) in levels.filter(|(_, level)| scale.shows(level)) {
            raster.level((marker, place), dots.row(level.value), dots.columns);
        }
        for (place, line) in chart.lines.iter().enumerate() {
            let glyph = glyph(marker, place, line.stroke);
            match marker {
                Marker::Braille => raster.strokes(line, &dots),
                Marker::Block if place == 0 => raster.area(line, &grid(1, 8)),
                Marker::Block => raster.marks(line, (glyph, '·'), &dots),
                Marker::Ascii => raster.marks(line, (glyph, ':'), &dots),
            }
        }
        raster
    }

    /// The cells, row by row.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[Ink]> {
        self.cells.chunks(usize::from(self.columns.max(1)))
    }

    fn cell(&mut self, column: u16, row: u16) -> Option<&mut Ink> {
        let place = usize::from(row) * usize::from(self.columns) + usize::from(column);
        self.cells.get_mut(place)
    }

    fn put(&mut self, column: u16, row: u16, ink: Ink) {
        if let Some(cell) = self.cell(column, row) {
            *cell = ink;
        }
    }

    /// Sets one of a cell's eight dots; the cell takes its role.
    fn braille(&mut self, column: u16, row: u16, role: Role) {
        const BLANK: u32 = 0x2800;
        // The patterns number their upper three rows first, column by column.
        let bit = match (column % 2, row % 4) {
            (column, 3) => 6 + column,
            (column, row) => 3 * column + row,
        };
        if let Some(cell) = self.cell(column / 2, row / 4) {
            let present = u32::from(cell.glyph).saturating_sub(BLANK);
            let glyph = char::from_u32(BLANK | present | 1 << bit).unwrap_or(cell.glyph);
            *cell = Ink { glyph, role };
        }
    }

    /// Draws the level at `place`: the first as dots, others as dashes.
    fn level(&mut self, (marker, place): (Marker, usize), row: u16, columns: u16) {
        let role = Role::Limit;
        let glyph = level_glyph(marker, place);
        for column in 0..columns {
            match marker {
                Marker::Braille if is_drawn(place, column) => self.braille(column, row, role),
                Marker::Block => self.put(column, row, Ink { glyph, role }),
                Marker::Ascii if column % 2 == 0 => self.put(column, row, Ink { glyph, role }),
                Marker::Braille | Marker::Ascii => {}
            }
        }
    }

    /// Draws a line in braille; what may still be revised is dotted.
    fn strokes(&mut self, line: &Line, grid: &Grid<'_>) {
        trace(line, grid, |dot| {
            let (role, stroke) = if dot.settled {
                (line.role, line.stroke)
            } else {
                (Role::Settling, Stroke::Dotted)
            };
            if dot.is_drawn(stroke) {
                self.braille(dot.column, dot.row, role);
            }
        });
    }

    /// Draws a line with one glyph per cell, and another for what may still be revised.
    fn marks(&mut self, line: &Line, (glyph, settling): (char, char), grid: &Grid<'_>) {
        trace(line, grid, |dot| {
            let ink = if dot.settled {
                Ink { glyph, role: line.role }
            } else {
                Ink { glyph: settling, role: Role::Settling }
            };
            self.put(dot.column, dot.row, ink);
        });
    }

    /// Fills from the bottom up to the highest dot of each column.
    fn area(&mut self, line: &Line, grid: &Grid<'_>) {
        let mut heights = vec![(0, true); usize::from(grid.columns)];
        trace(line, grid, |dot| {
            if let Some((height, settled)) = heights.get_mut(usize::from(dot.column)) {
                *height = (*height).max(grid.rows - dot.row);
                *settled = dot.settled;
            }
        });
        for (column, (height, settled)) in (0..grid.columns).zip(heights) {
            let role = if settled { line.role } else { Role::Settling };
            for row in 0..grid.rows / 8 {
                let below = grid.rows - 8 * (row + 1);
                let glyph = block(height.saturating_sub(below), settled);
                if glyph != Ink::NONE.glyph {
                    self.put(column, row, Ink { glyph, role });
                }
            }
        }
    }
}

/// Whether the level at `place` has a dot in this column of dots.
fn is_drawn(place: usize, column: u16) -> bool {
    match place {
        0 => column.is_multiple_of(4),
        _ => column % 12 < 6,
    }
}

/// What the legend shows for the level at `place`: what it is drawn with.
pub(super) fn level_glyph(marker: Marker, place: usize) -> char {
    match (marker, place) {
        (Marker::Braille | Marker::Block, 0) => '┄',
        (Marker::Braille | Marker::Block, _) => '╌',
        (Marker::Ascii, 0) => '-',
        (Marker::Ascii, _) => '=',
    }
}

/// A cell filled by so many eighths; what may still be revised is shaded, whatever its height.
fn block(eighths: u16, settled: bool) -> char {
    match (eighths, settled) {
        (0, _) => ' ',
        (_, false) => '░',
        (1, true) => '▁',
        (2, true) => '▂',
        (3, true) => '▃',
        (4, true) => '▄',
        (5, true) => '▅',
        (6, true) => '▆',
        (7, true) => '▇',
        (_, true) => '█',
    }
}

/// What the legend shows for the line at `place`: what the line is drawn with.
pub(super) fn glyph(marker: Marker, place: usize, stroke: Stroke) -> char {
    const BLOCKS: [char; 6] = ['█', '•', '◦', '▪', '+', 'x'];
    const ASCII: [char; 6] = ['*', '+', 'o', 'x', '#', '@'];
    let of = |glyphs: [char; 6]| glyphs.get(place % glyphs.len()).copied().unwrap_or('*');
    match marker {
        Marker::Block => of(BLOCKS),
        Marker::Ascii => of(ASCII),
        Marker::Braille => match stroke {
            Stroke::Solid => '─',
            Stroke::Dotted => '·',
            Stroke::Dashed => '╌',
        },
    }
}
