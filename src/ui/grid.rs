//! A screen without a terminal: its cells in the colours that a terminal would show.

use super::draw;
use super::plain::line;
use super::theme::{Theme, rgb};
use crate::view::Screen;
use ratatui::buffer::{self, Buffer};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

/// Red, green and blue.
pub type Rgb = [u8; 3];

/// What stands on a ground that no theme speaks of, as on most terminals.
const DARK: Rgb = [0x16, 0x18, 0x1d];
/// Ordinary text on a dark ground, and on a light one.
const INK: [Rgb; 2] = [[0xd6, 0xd9, 0xde], [0x1f, 0x23, 0x28]];

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What stands in it; a blank behind a character that is two cells wide.
    pub symbol: String,
    /// The colour of that.
    pub ink: Rgb,
    /// The colour behind it.
    pub ground: Rgb,
    /// Whether it is heavy.
    pub bold: bool,
    /// Whether it is underlined.
    pub underlined: bool,
}

impl Cell {
    /// What is seen of it, if anything.
    pub fn character(&self) -> Option<char> {
        self.symbol.chars().next().filter(|character| !character.is_whitespace())
    }
}

/// A screen as cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// Cells of each row.
    pub columns: u16,
    /// The colour behind most cells.
    pub ground: Rgb,
    cells: Vec<Cell>,
}

impl Grid {
    /// Paints the screen.
    pub fn of(screen: &Screen, theme: &Theme, (columns, rows): (u16, u16)) -> Self {
        let area = Rect::new(0, 0, columns, rows);
        let mut buf = Buffer::empty(area);
        drop(draw(screen, theme, area, &mut buf));
        let behind = theme.ground().and_then(|style| style.bg).or(theme.background_hint());
        let ground = behind.and_then(rgb).unwrap_or(DARK);
        let ink = if is_dark(ground) { INK[0] } else { INK[1] };
        let cells = buf.content.iter().map(|cell| resolved(cell, ink, ground)).collect();
        Self { columns, ground, cells }
    }

    /// Rows of cells.
    pub fn rows(&self) -> u16 {
        let rows = self.cells.len() / usize::from(self.columns.max(1));
        u16::try_from(rows).unwrap_or(u16::MAX)
    }

    /// Its rows from top to bottom.
    pub fn lines(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunks(usize::from(self.columns.max(1)))
    }

    /// What it says, line by line, without trailing blanks.
    pub fn text(&self) -> String {
        let line = |cells: &[Cell]| line(cells.iter().map(|cell| cell.symbol.as_str())) + "\n";
        self.lines().map(line).collect()
    }
}

fn resolved(cell: &buffer::Cell, ink: Rgb, ground: Rgb) -> Cell {
    let (mut ink, mut ground) = (color(cell.fg, ink), color(cell.bg, ground));
    let has = |modifier| cell.modifier.contains(modifier);
    if has(Modifier::REVERSED) {
        (ink, ground) = (ground, ink);
    }
    if has(Modifier::DIM) {
        ink = dimmed(ink, ground);
    }
    Cell {
        symbol: cell.symbol().to_owned(),
        ink,
        ground,
        bold: has(Modifier::BOLD),
        underlined: has(Modifier::UNDERLINED),
    }
}

/// The terminal's own colour is `own`.
fn color(color: Color, own: Rgb) -> Rgb {
    rgb(color).unwrap_or(own)
}

/// Two fifths of the way to what lies behind, about as terminals do.
fn dimmed(ink: Rgb, ground: Rgb) -> Rgb {
    let mixed = |(ink, ground): (u8, u8)| (u16::from(ink) * 3 + u16::from(ground) * 2) / 5;
    let [red, green, blue] = [0, 1, 2].map(|channel: usize| {
        let pick = |of: Rgb| of.get(channel).copied().unwrap_or_default();
        u8::try_from(mixed((pick(ink), pick(ground)))).unwrap_or(u8::MAX)
    });
    [red, green, blue]
}

fn is_dark([red, green, blue]: Rgb) -> bool {
    // Weights of luma (ITU-R BT.709), in ten-thousandths.
    u32::from(red) * 2126 + u32::from(green) * 7152 + u32::from(blue) * 722 < 128 * 10_000
}
