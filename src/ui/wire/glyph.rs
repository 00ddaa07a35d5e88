//! A row of cells as the glyphs a terminal shows.

use ratatui::buffer::{Cell, CellWidth};
use ratatui::style::{Color, Modifier};

/// What can be seen of a blank.
pub(super) const ON_BLANKS: Modifier =
    Modifier::UNDERLINED.union(Modifier::REVERSED).union(Modifier::CROSSED_OUT);

/// What a glyph is written with, as far as it can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ink {
    /// Colour and attributes of the character; `None` for a blank, which has none to be seen.
    pub(super) front: Option<(Color, Modifier)>,
    /// Colour behind it.
    pub(super) back: Color,
}

impl Ink {
    fn of(cell: &Cell, blank: bool) -> Self {
        let shows = !blank || cell.modifier.intersects(ON_BLANKS);
        Self { front: shows.then_some((cell.fg, cell.modifier)), back: cell.bg }
    }

    /// Whether it is the terminal's own background, or on it.
    pub(super) fn is_default(self) -> bool {
        self.back == Color::Reset
    }
}

/// One character as a person sees it, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph<'a> {
    /// Its first column.
    pub(super) x: u16,
    /// Columns it takes.
    pub(super) width: u16,
    /// What is written.
    pub(super) symbol: &'a str,
    /// With what.
    pub(super) ink: Ink,
    cell: &'a Cell,
}

impl<'a> Glyph<'a> {
    /// The glyph that begins with `cell` at `x` in a row of `columns`.
    ///
    /// What a terminal could not show there without damage to the rest is a blank: control
    /// characters, what has no width, and what is too wide for the rest of the row.
    pub(super) fn of(cell: &'a Cell, x: u16, columns: u16) -> Self {
        let symbol = cell.symbol();
        let width = if is_printable_ascii(symbol) {
            1
        } else if symbol.chars().any(char::is_control) {
            0
        } else {
            symbol.cell_width()
        };
        let fits = width > 0 && width <= columns - x;
        let (symbol, width) = if fits { (symbol, width) } else { (" ", 1) };
        Self { x, width, symbol, ink: Ink::of(cell, symbol == " "), cell }
    }

    /// Whether only its background can be seen.
    pub(super) fn is_blank(&self) -> bool {
        self.ink.front.is_none()
    }

    /// Whether terminals disagree on how many columns it takes: they do on sequences that make one
    /// character of several.
    pub(super) fn is_of_doubtful_width(&self) -> bool {
        self.symbol.chars().nth(1).is_some()
    }

    /// Whether a terminal that shows `cell` there need not be told.
    pub(super) fn looks_like(&self, cell: &Cell) -> bool {
        self.symbol == cell.symbol() && self.ink == Ink::of(cell, self.symbol == " ")
    }

    /// Whether `shown` looks like it.
    pub(super) fn is_shown_by(&self, shown: &super::Shown) -> bool {
        matches!(shown, super::Shown::Glyph(cell) if self.looks_like(cell))
    }

    /// The cell as it is shown.
    pub(super) fn to_cell(self) -> Cell {
        let mut cell = self.cell.clone();
        cell.set_symbol(self.symbol);
        cell
    }
}

fn is_printable_ascii(symbol: &str) -> bool {
    matches!(symbol.as_bytes(), [b' '..=b'~'])
}

/// The glyphs of a row from left to right; cells behind a wide one don't count.
pub(super) fn glyphs(cells: &[Cell]) -> impl Iterator<Item = Glyph<'_>> {
    let columns = u16::try_from(cells.len()).unwrap_or(u16::MAX);
    let mut free = 0;
    cells.iter().zip(0..columns).filter_map(move |(cell, x)| {
        if x < free {
            return None;
        }
        let glyph = Glyph::of(cell, x, columns);
        free = x + glyph.width;
        Some(glyph)
    })
}
