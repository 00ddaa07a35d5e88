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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::chart::Marker;
    use crate::view::{Bar, Body, Charset, Role, Span};
    use ratatui::style::Style;

    /// The cells of a line of text in the middle of a screen.
    fn line(text: &str, theme: &Theme) -> Vec<Cell> {
        let screen = Screen {
            header: [Bar::default(), Bar::default(), Bar::default()],
            body: Body::Message(vec![Span::new(text, Role::Trouble)]),
            footer: Bar::default(),
            picker: None,
            sheet: None,
            charset: Charset::Unicode,
            marker: Marker::default(),
        };
        let grid = Grid::of(&screen, theme, (60, 12));
        assert_eq!((grid.rows(), grid.text().lines().count()), (12, 12));
        let seen = |cells: &&[Cell]| cells.iter().any(|cell| cell.character().is_some());
        let line = grid.lines().find(seen).unwrap();
        line.iter().skip_while(|cell| cell.character().is_none()).cloned().collect()
    }

    #[test]
    fn a_wide_character_has_its_two_cells() {
        let cells = line("表x", &Theme::plain());
        let symbols: Vec<Option<char>> = cells.iter().take(3).map(Cell::character).collect();
        assert_eq!(symbols, [Some('表'), None, Some('x')]);
    }

    #[test]
    fn looks_are_what_a_terminal_makes_of_them() {
        let with = |style: Style| line("x", &Theme::from_fn(|_| style)).remove(0);
        let usual = with(Style::new());
        assert_eq!((usual.ink, usual.ground, usual.bold), (INK[0], DARK, false));
        let reversed = with(Style::new().add_modifier(Modifier::REVERSED));
        assert_eq!((reversed.ink, reversed.ground), (DARK, INK[0]));
        let dim = with(Style::new().fg(Color::Rgb(255, 255, 255)).add_modifier(Modifier::DIM));
        assert!(dim.ink.iter().all(|channel| (150..200).contains(channel)), "{:?}", dim.ink);
        let heavy = with(Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED));
        assert!(heavy.bold && heavy.underlined);
        assert_eq!(with(Style::new().fg(Color::Red)).ink, [239, 83, 80]);
        assert_eq!(with(Style::new().fg(Color::Indexed(231))).ink, [255, 255, 255]);
    }
}
