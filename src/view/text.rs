//! Text that fits: glyphs, truncation, wrapping and sparklines, all by display width.

use super::chart::Marker;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Which characters the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charset {
    /// Box drawing, blocks and arrows besides ASCII.
    #[default]
    Unicode,
    /// ASCII alone, for `LANG=C` and the Linux console.
    Ascii,
}

impl Charset {
    /// Stands for what was cut out.
    pub fn ellipsis(self) -> &'static str {
        self.pick("…", "~")
    }

    /// Parts two facts on one line.
    pub fn separator(self) -> &'static str {
        self.pick(" · ", " | ")
    }

    /// Points at the selected row.
    pub fn pointer(self) -> &'static str {
        self.pick("▶", ">")
    }

    /// Leads from a table to its index.
    pub fn branch(self) -> &'static str {
        self.pick("└ ", "`-")
    }

    /// Marks the sorted column: largest first, or smallest first.
    pub fn arrow(self, ascending: bool) -> &'static str {
        if ascending { self.pick("▲", "^") } else { self.pick("▼", "v") }
    }

    /// Leads from what is to what will be.
    pub fn leads_to(self) -> &'static str {
        self.pick("→", "->")
    }

    /// Draws a horizontal rule.
    pub fn rule(self) -> &'static str {
        self.pick("─", "-")
    }

    /// Draws a box: across, down, and the corners from the upper left to the lower right.
    pub fn frame(self) -> [&'static str; 6] {
        match self {
            Self::Unicode => ["─", "│", "┌", "┐", "└", "┘"],
            Self::Ascii => ["-", "|", "+", "+", "+", "+"],
        }
    }

    fn pick(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        match self {
            Self::Unicode => unicode,
            Self::Ascii => ascii,
        }
    }

    fn bars(self) -> [char; 8] {
        match self {
            Self::Unicode => ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
            Self::Ascii => ['_', '.', '-', '~', '=', '+', '*', '#'],
        }
    }
}

/// The number of cells `text` takes.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// Cuts the middle out of `text` so that it takes at most `cells`; both ends tell names apart.
pub fn cut_middle(text: &str, cells: usize, charset: Charset) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let ellipsis = charset.ellipsis();
    let room = cells.saturating_sub(width(ellipsis));
    let tail_room = room / 2;
    let head = take(text.chars(), room - tail_room);
    let tail: String = take(text.chars().rev(), tail_room).chars().rev().collect();
    if cells == 0 { String::new() } else { format!("{head}{ellipsis}{tail}") }
}

/// Cuts the end off `text` so that it takes at most `cells`.
pub fn cut_end(text: &str, cells: usize, charset: Charset) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let ellipsis = charset.ellipsis();
    let head = take(text.chars(), cells.saturating_sub(width(ellipsis)));
    if cells == 0 { String::new() } else { format!("{head}{ellipsis}") }
}

fn take(chars: impl Iterator<Item = char>, cells: usize) -> String {
    let mut left = cells;
    chars
        .take_while(|c| match left.checked_sub(c.width().unwrap_or(0)) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        })
        .collect()
}

/// Breaks `text` between words into at most `lines` lines of at most `cells` cells.
///
/// Any white space, line ends included, parts words, and what `text` begins with indents all of its lines, up to half
/// of the room. What does not fit ends in an ellipsis.
pub fn wrap(text: &str, cells: usize, lines: usize, charset: Charset) -> Vec<String> {
    let indent = indentation(text, cells);
    let blanks = " ".repeat(indent);
    let wrapped = words(text, cells - indent, lines, charset);
    wrapped.into_iter().map(|line| format!("{blanks}{line}")).collect()
}

/// Cells by which [`wrap`] indents the lines of `text`.
pub(super) fn indentation(text: &str, cells: usize) -> usize {
    text.bytes().take_while(|byte| *byte == b' ').count().min(cells / 2)
}

fn words(text: &str, cells: usize, lines: usize, charset: Charset) -> Vec<String> {
    let mut wrapped: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match wrapped.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= cells => {
                line.push(' ');
                line.push_str(word);
            }
            _ => wrapped.push(word.to_owned()),
        }
    }
    if wrapped.len() > lines {
        let rest = wrapped.split_off(lines);
        if let Some(last) = wrapped.last_mut() {
            last.push(' ');
            last.push_str(&rest.join(" "));
        }
    }
    wrapped.iter().map(|line| cut_end(line, cells, charset)).collect()
}

/// Draws points as bars from 0 to `full`; a blank where there is no point.
///
/// Braille has two points to a cell and weighs less on the eye than blocks, which have one. Whatever
/// is above `full` is drawn as `full`, and nothing is drawn below the lowest bar.
pub fn sparkline(points: &[Option<f64>], full: f64, charset: Charset, marker: Marker) -> String {
    match (charset, marker) {
        (Charset::Unicode, Marker::Braille) => {
            points.chunks(2).map(|pair| braille(pair, full)).collect()
        }
        (Charset::Unicode, Marker::Block) | (Charset::Ascii, _) | (_, Marker::Ascii) => {
            let bars = charset.bars();
            let bar = |value: f64| bars.get(level(value, full, 8)).copied().unwrap_or(' ');
            points.iter().map(|point| point.map_or(' ', bar)).collect()
        }
    }
}

/// Points that a sparkline has in one cell.
pub fn points_per_cell(charset: Charset, marker: Marker) -> i64 {
    match (charset, marker) {
        (Charset::Unicode, Marker::Braille) => 2,
        (Charset::Unicode | Charset::Ascii, _) => 1,
    }
}

/// The step of so many that a value reaches, from 0.
fn level(value: f64, full: f64, steps: u8) -> usize {
    let above = |step: &u8| value > f64::from(*step) / f64::from(steps) * full;
    (1..steps).filter(above).count()
}

/// Two bars of dots in one cell.
fn braille(pair: &[Option<f64>], full: f64) -> char {
    /// The dots of each column from the bottom up (Unicode, "Braille Patterns").
    const COLUMNS: [[u32; 4]; 2] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]];
    let column = |(point, dots): (&Option<f64>, &[u32; 4])| {
        let lit = point.map_or(0, |value| level(value, full, 4) + 1);
        dots.iter().take(lit).sum::<u32>()
    };
    let dots: u32 = pair.iter().zip(&COLUMNS).map(column).sum();
    if dots == 0 { ' ' } else { char::from_u32(0x2800 + dots).unwrap_or(' ') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_middle() {
        let cases = [
            ("orders", 6, "orders"),
            ("orders-production-eu", 11, "order…on-eu"),
            ("orders", 1, "…"),
            ("orders", 0, ""),
            ("日本語テーブル", 7, "日…ル"),
        ];
        for (name, cells, expected) in cases {
            assert_eq!(cut_middle(name, cells, Charset::Unicode), expected);
            assert!(width(expected) <= cells);
        }
        assert_eq!(cut_end("throttled: hot key", 10, Charset::Ascii), "throttled~");
    }

    #[test]
    fn text_wraps_between_words_and_says_when_it_is_cut() {
        let text = "spread the key\nover more values";
        let charset = Charset::Unicode;
        assert_eq!(wrap(text, 15, 9, charset), ["spread the key", "over more", "values"]);
        assert_eq!(wrap(text, 15, 2, charset), ["spread the key", "over more valu…"]);
        assert_eq!(wrap("  min_capacity = 5", 14, 9, charset), ["  min_capacity", "  = 5"]);
        assert_eq!(
            wrap("      ab cd", 4, 9, charset),
            ["  ab", "  cd"],
            "half of the room is left"
        );
        assert_eq!(wrap("unbreakable", 5, 2, charset), ["unbr…"]);
        assert_eq!(wrap("", 5, 2, charset), Vec::<String>::new());
        assert_eq!(wrap(text, 15, 0, charset), Vec::<String>::new());
    }

    #[test]
    fn a_sparkline_shows_gaps_zeroes_and_the_top() {
        let points = [Some(0.0), None, Some(50.0), Some(100.0), Some(300.0), None, None];
        let draw = |charset, marker| sparkline(&points, 100.0, charset, marker);
        assert_eq!(draw(Charset::Unicode, Marker::Block), "▁ ▄██  ");
        assert_eq!(draw(Charset::Ascii, Marker::Braille), "_ ~##  ");
        assert_eq!(draw(Charset::Unicode, Marker::Braille), "⡀⣼⡇ ");
    }
}
