//! Bytes for the terminal: what turns the screen it shows into the wanted one, and no more.
//!
//! [`Wire`] remembers what the terminal shows, how its pen is set and where its cursor stands. Each
//! difference is written by the shortest of several ways: few bytes are what makes a dashboard
//! usable over a slow connection.

mod cursor;
mod glyph;
mod pen;
#[cfg(test)]
mod tests;

use cursor::Cursor;
use glyph::{Glyph, Ink, glyphs};
use pen::Pen;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use std::ops::Range;

/// Onto which backgrounds a terminal's erase commands may be trusted to leave the present one.
///
/// Terminals differ in whether erasing fills with the pen's background or with the default one
/// ("background colour erase", `bce` in terminfo(5)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erase {
    /// Not at all: nothing is known of the terminal.
    Never,
    /// Where the default background is wanted.
    OntoDefault,
    /// Everywhere.
    OntoAny,
}

impl Erase {
    /// What is known of the terminal that calls itself `term`.
    pub fn of(term: &str) -> Self {
        const ANY: [&str; 6] = ["xterm", "alacritty", "foot", "kitty", "wezterm", "rxvt"];
        const DEFAULT: [&str; 6] = ["tmux", "screen", "linux", "konsole", "vte", "st-"];
        let is_one_of = |names: &[&str]| names.iter().any(|name| term.starts_with(name));
        if is_one_of(&ANY) {
            Self::OntoAny
        } else if is_one_of(&DEFAULT) {
            Self::OntoDefault
        } else {
            Self::Never
        }
    }

    fn onto(self, background: Ink) -> bool {
        match self {
            Self::Never => false,
            Self::OntoDefault => background.is_default(),
            Self::OntoAny => true,
        }
    }
}

/// What one column of a terminal's row shows.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    /// Nobody knows: half of a wide character was written over.
    Unknown,
    /// A further column of the wide character to the left.
    Covered,
    /// The glyph of this cell, from here on.
    Glyph(Cell),
}

/// The far end: what the terminal shows, and how to change it.
#[derive(Debug, Clone)]
pub struct Wire {
    erase: Erase,
    area: Rect,
    shown: Vec<Shown>,
    pen: Pen,
    cursor: Cursor,
}

impl Wire {
    /// A terminal of which nothing is known; [`Wire::clear`] comes first.
    pub fn new(erase: Erase) -> Self {
        let (pen, cursor) = (Pen::default(), Cursor::default());
        Self { erase, area: Rect::ZERO, shown: vec![], pen, cursor }
    }

    /// Clears a terminal that is `width` by `height` cells now.
    pub fn clear(&mut self, width: u16, height: u16, out: &mut Vec<u8>) {
        // The pen comes first, since it may decide the colour of what is cleared.
        out.extend(b"\x1b[m\x1b[2J");
        let area = Rect::new(0, 0, width, height);
        let shown = vec![Shown::Glyph(Cell::EMPTY); usize::from(width) * usize::from(height)];
        *self = Self { area, shown, ..Self::new(self.erase) };
    }

    /// Appends to `out` what makes the terminal show `wanted` inside `areas`, in their order.
    ///
    /// It stops between two rows once `room` bytes are used up; what is not written stays
    /// different, for a later call. Returns whether all is written.
    pub fn encode(
        &mut self,
        wanted: &Buffer,
        areas: &[Rect],
        room: usize,
        out: &mut Vec<u8>,
    ) -> bool {
        let full = out.len().saturating_add(room);
        for area in areas {
            let area = area.intersection(self.area);
            for y in area.top()..area.bottom() {
                let changes = self.changes(wanted, y, area.left()..area.right());
                if changes.is_empty() {
                    continue;
                }
                if out.len() >= full {
                    return false;
                }
                self.write_row(y, &changes, out);
            }
        }
        true
    }

    /// Whether the terminal shows `wanted` inside `area`.
    pub fn shows(&self, wanted: &Buffer, area: Rect) -> bool {
        let area = area.intersection(self.area);
        let columns = area.left()..area.right();
        (area.top()..area.bottom()).all(|y| self.changes(wanted, y, columns.clone()).is_empty())
    }

    /// The glyphs of row `y` that begin within `columns` and are not shown.
    fn changes<'a>(&self, wanted: &'a Buffer, y: u16, columns: Range<u16>) -> Vec<Glyph<'a>> {
        let start = usize::from(y) * usize::from(wanted.area.width);
        let cells = wanted.content.get(start..start + usize::from(wanted.area.width));
        let differs = |glyph: &Glyph<'_>| match self.at(glyph.x, y) {
            Some(Shown::Glyph(cell)) => !glyph.looks_like(cell),
            Some(Shown::Unknown | Shown::Covered) => true,
            None => false,
        };
        glyphs(cells.unwrap_or_default())
            .take_while(|glyph| glyph.x < columns.end)
            .filter(|glyph| glyph.x >= columns.start && differs(glyph))
            .collect()
    }

    fn write_row(&mut self, y: u16, changes: &[Glyph<'_>], out: &mut Vec<u8>) {
        let mut rest = changes;
        while let Some((glyph, others)) = rest.split_first() {
            let erased = self.erase_blanks(y, rest, out);
            if erased > 0 {
                rest = rest.get(erased..).unwrap_or_default();
            } else {
                self.write_glyph(y, glyph, out);
                rest = others;
            }
        }
    }

    /// Writes the blanks that `changes` begin with by one erase command, where the terminal can
    /// and it is shorter. Returns how many of the changes are done.
    fn erase_blanks(&mut self, y: u16, changes: &[Glyph<'_>], out: &mut Vec<u8>) -> usize {
        let Some(first) = changes.first().filter(|glyph| glyph.is_blank()) else { return 0 };
        if !self.erase.onto(first.ink) {
            return 0;
        }
        let run = self.blank_run(y, first, changes);
        let to_end = b"\x1b[K".to_vec();
        let some = format!("\x1b[{}X", run.columns).into_bytes();
        let go_on = if run.changes < changes.len() { some.len() } else { 0 };
        let command = if run.to_row_end { to_end } else { some };
        if command.len() + go_on >= usize::from(run.columns) {
            return 0;
        }
        self.go_to(first.x, y, first.ink, out);
        self.pen.set(first.ink, out);
        out.extend(command);
        for blank in changes.iter().take(run.changes) {
            self.remember(y, blank);
        }
        run.changes
    }

    /// The blanks that follow one another from `first` on, changed ones and right ones.
    fn blank_run(&self, y: u16, first: &Glyph<'_>, changes: &[Glyph<'_>]) -> BlankRun {
        let mut run = BlankRun { changes: 0, columns: 0, to_row_end: true };
        for x in first.x..self.area.width {
            match changes.get(run.changes) {
                Some(glyph) if glyph.x == x => {
                    if !(glyph.is_blank() && glyph.ink == first.ink) {
                        run.to_row_end = false;
                        break;
                    }
                    run.changes += 1;
                    run.columns = x + 1 - first.x;
                }
                _ if self.at(x, y).is_some_and(|shown| first.is_shown_by(shown)) => {}
                _ => {
                    run.to_row_end = false;
                    break;
                }
            }
        }
        run
    }

    fn write_glyph(&mut self, y: u16, glyph: &Glyph<'_>, out: &mut Vec<u8>) {
        self.go_to(glyph.x, y, glyph.ink, out);
        self.pen.set(glyph.ink, out);
        if glyph.is_of_doubtful_width() {
            // Should the terminal think the glyph narrower, the rest of its columns is blank.
            out.extend(std::iter::repeat_n(b' ', glyph.width.into()));
            self.cursor.forget();
            self.cursor.go_to(glyph.x, y, self.area.width, out);
            out.extend(glyph.symbol.bytes());
            self.cursor.forget();
        } else {
            out.extend(glyph.symbol.bytes());
            self.cursor.advance(glyph.width);
        }
        self.remember(y, glyph);
    }

    /// Moves the cursor, by writing again what stands between where that is shorter.
    fn go_to(&mut self, x: u16, y: u16, next: Ink, out: &mut Vec<u8>) {
        let gap = self.cursor.gap_before(x, y);
        let rewritten = gap.and_then(|gap| self.rewrite(gap, y, next));
        let Some((pen, bytes)) = rewritten else {
            return self.cursor.go_to(x, y, self.area.width, out);
        };
        if pen != self.pen {
            self.pen.set(next, out);
        }
        out.extend(bytes);
        self.cursor.set(x, y);
    }

    /// What stands in a short gap, and the pen that writes it: the present one or the next.
    fn rewrite(&self, gap: Range<u16>, y: u16, next: Ink) -> Option<(Pen, Vec<u8>)> {
        let room = cursor::forward(gap.end - gap.start).len();
        let pens = [self.pen.clone(), self.pen.changed_to(next)];
        pens.into_iter().find_map(|pen| {
            let mut bytes = Vec::new();
            for x in gap.clone() {
                let Some(Shown::Glyph(cell)) = self.at(x, y) else { return None };
                let glyph = Glyph::of(cell, x, self.area.width);
                if glyph.width > 1 || glyph.is_of_doubtful_width() || !pen.draws(glyph.ink) {
                    return None;
                }
                bytes.extend(glyph.symbol.bytes());
            }
            (bytes.len() <= room).then_some((pen, bytes))
        })
    }

    /// Notes that the terminal shows `glyph` now, and what became of what it was written over.
    fn remember(&mut self, y: u16, glyph: &Glyph<'_>) {
        let end = glyph.x + glyph.width;
        let mut before = glyph.x;
        while self.at(before, y) == Some(&Shown::Covered) && before > 0 {
            before -= 1;
            self.set(before, y, Shown::Unknown);
        }
        let mut after = end;
        while self.at(after, y) == Some(&Shown::Covered) {
            self.set(after, y, Shown::Unknown);
            after += 1;
        }
        self.set(glyph.x, y, Shown::Glyph(glyph.to_cell()));
        for x in glyph.x + 1..end {
            self.set(x, y, Shown::Covered);
        }
    }

    fn place(&self, x: u16, y: u16) -> Option<usize> {
        (x < self.area.width)
            .then(|| usize::from(y) * usize::from(self.area.width) + usize::from(x))
    }

    fn at(&self, x: u16, y: u16) -> Option<&Shown> {
        self.shown.get(self.place(x, y)?)
    }

    fn set(&mut self, x: u16, y: u16, shown: Shown) {
        let place = self.place(x, y).and_then(|place| self.shown.get_mut(place));
        if let Some(place) = place {
            *place = shown;
        }
    }
}

/// Blanks of one background that follow one another.
struct BlankRun {
    /// How many of them are changes.
    changes: usize,
    /// Columns from the first change to the last.
    columns: u16,
    /// Whether everything behind them is blank, too.
    to_row_end: bool,
}

/// What is left of `whole` without `holes`, in rows of rectangles.
pub fn around(whole: Rect, holes: &[Rect]) -> Vec<Rect> {
    let mut pieces = vec![whole];
    for hole in holes {
        pieces = pieces.iter().flat_map(|piece| without(*piece, *hole)).collect();
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces.sort_by_key(|piece| (piece.y, piece.x));
    pieces
}

/// `piece` without `hole`: above it, to the left, to the right, below it.
fn without(piece: Rect, hole: Rect) -> [Rect; 4] {
    let hole = hole.intersection(piece);
    if hole.is_empty() {
        return [piece, Rect::ZERO, Rect::ZERO, Rect::ZERO];
    }
    let beside = Rect { y: hole.y, height: hole.height, ..piece };
    [
        Rect { height: hole.y - piece.y, ..piece },
        Rect { width: hole.x - piece.x, ..beside },
        Rect { x: hole.right(), width: piece.right() - hole.right(), ..beside },
        Rect { y: hole.bottom(), height: piece.bottom() - hole.bottom(), ..piece },
    ]
}

/// The buffer's rows as coloured text for a terminal that scrolls, without trailing blanks and line ends. Each
/// ends in the terminal's own colours, so that it looks the same wherever it is put.
pub fn lines(buffer: &Buffer) -> Vec<Vec<u8>> {
    let rows = buffer.content.chunks(usize::from(buffer.area.width.max(1)));
    rows.map(line).collect()
}

fn line(row: &[Cell]) -> Vec<u8> {
    let (mut out, mut pen) = (Vec::new(), Pen::default());
    for glyph in without_trailing(glyphs(row)) {
        pen.set(glyph.ink, &mut out);
        out.extend(glyph.symbol.bytes());
    }
    // A line feed with a coloured pen colours the new line.
    pen.reset(&mut out);
    out
}

/// A row's glyphs up to the last that is not a blank on the default background.
fn without_trailing<'a>(glyphs: impl Iterator<Item = Glyph<'a>>) -> Vec<Glyph<'a>> {
    let mut glyphs: Vec<_> = glyphs.collect();
    let seen = |glyph: &Glyph<'_>| !(glyph.is_blank() && glyph.ink.is_default());
    let used = glyphs.iter().rposition(seen).map_or(0, |last| last + 1);
    glyphs.truncate(used);
    glyphs
}
