//! A box over the screen that tells of one thing from top to bottom, with a line to type in where
//! something is asked.

use super::text::{Charset, cut_end, indentation, width, wrap};
use super::{Layout, Paragraph, Role, Span};
use unicode_width::UnicodeWidthChar;

/// What a box says.
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// What it is about.
    pub title: String,
    /// Lines that fit into [`columns`].
    pub lines: Vec<Vec<Span>>,
    /// The first line that is shown, where there are more than fit.
    pub first: usize,
    /// What is asked, and what was typed so far.
    pub asked: Option<Asked>,
    /// What is said to the last key; it wraps.
    pub answers: Vec<Span>,
}

/// A line to type in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What is to be typed.
    pub prompt: String,
    /// What was typed: before the cursor, under it, after it.
    pub typed: [String; 3],
}

/// A box as it stands on a screen of a certain size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What it is about.
    pub title: String,
    /// The lines on show.
    pub lines: Vec<Vec<Span>>,
    /// Which lines these are, such as `1-22 of 29`; empty where they are all.
    pub position: String,
    /// What is asked.
    pub asked: Option<Asked>,
    /// What is said to the last key, a line each.
    pub answers: Vec<Span>,
    /// How many lines there are below those on show.
    pub below: usize,
}

/// Cells that a box takes at most across, its frame included.
const WIDEST: u16 = 104;
/// Cells of the frame and the margins inside it.
const FRAME: u16 = 4;
/// Cells in front of a paragraph's text; its label stands in them.
const LABEL: usize = 8;

/// Cells that the lines of a box have on a screen so wide.
pub fn columns(screen_width: u16) -> usize {
    screen_width.saturating_sub(2).min(WIDEST).saturating_sub(FRAME).into()
}

impl Sheet {
    /// Fits a box into a screen of so many columns and rows.
    pub fn of(content: Content, (width, height): (u16, u16), charset: Charset) -> Self {
        /// Lines that one answer takes at most.
        const ANSWER: usize = 4;
        let Content { title, lines, first, asked, answers } = content;
        let room = columns(width);
        let wrapped = |answer: &Span| {
            let lines = wrap(&answer.text, room, ANSWER, charset).into_iter();
            lines.map(|text| Span::new(text, answer.role)).collect::<Vec<_>>()
        };
        let answers: Vec<Span> = answers.iter().flat_map(wrapped).collect();
        // Header, footer, and the frame above and below.
        let rows = usize::from(height.saturating_sub(Layout::HEADER + 1 + 2));
        let taken = answers.len() + usize::from(asked.is_some());
        let page = rows.saturating_sub(taken).max(1);
        let count = lines.len();
        let first = first.min(count.saturating_sub(page));
        let lines: Vec<Vec<Span>> = lines.into_iter().skip(first).take(page).collect();
        let last = first + lines.len();
        let position = if last - first < count {
            format!("{}-{last} of {count}", first + 1)
        } else {
            String::new()
        };
        Self { title, lines, position, asked, answers, below: count - last }
    }
}

/// Wraps paragraphs into lines of so many cells, each label in front of its first line.
pub fn wrapped(paragraphs: &[Paragraph], columns: usize, charset: Charset) -> Vec<Vec<Span>> {
    let mut lines = Vec::new();
    for Paragraph { label, text } in paragraphs {
        let indent = if label.is_empty() { 0 } else { LABEL };
        let room = columns.saturating_sub(indent).max(1);
        let parted = broken(&text.text, room - indentation(&text.text, room));
        let texts = wrap(&parted, room, usize::MAX, charset);
        for (number, line) in texts.into_iter().enumerate() {
            let label = if number == 0 { *label } else { "" };
            let label = cut_end(label, LABEL, charset);
            let blank = " ".repeat(indent.saturating_sub(width(&label)));
            lines.push(vec![Span::new(label + &blank, Role::Head), Span::new(line, text.role)]);
        }
    }
    lines
}

/// Parts words that take more than a line, such as an argument of a command: nothing is cut.
fn broken(text: &str, cells: usize) -> String {
    let mut broken = String::with_capacity(text.len());
    let mut taken = 0;
    for c in text.chars() {
        let cell = c.width().unwrap_or(0);
        if c.is_whitespace() {
            taken = 0;
        } else if taken + cell > cells {
            broken.push(' ');
            taken = cell;
        } else {
            taken += cell;
        }
        broken.push(c);
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::detail::block;

    fn content(lines: usize, first: usize) -> Content {
        let line = |number: usize| vec![Span::new(number.to_string(), Role::Text)];
        Content { lines: (0..lines).map(line).collect(), first, ..Content::default() }
    }

    fn shown(content: Content) -> (Vec<String>, String, usize) {
        let sheet = Sheet::of(content, (40, 10), Charset::Ascii);
        let text = |line: &Vec<Span>| line.iter().map(|span| &*span.text).collect();
        (sheet.lines.iter().map(text).collect(), sheet.position, sheet.below)
    }

    #[test]
    fn a_box_shows_what_fits_and_never_scrolls_past_its_end() {
        let of = |texts: &[&str], position: &str, below| {
            let texts = texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
            (texts, position.to_owned(), below)
        };
        assert_eq!(shown(content(2, 0)), of(&["0", "1"], "", 0));
        assert_eq!(shown(content(6, 0)), of(&["0", "1", "2", "3"], "1-4 of 6", 2));
        assert_eq!(shown(content(6, 1)), of(&["1", "2", "3", "4"], "2-5 of 6", 1));
        assert_eq!(shown(content(6, 9)), of(&["2", "3", "4", "5"], "3-6 of 6", 0));
        let asked = Asked { prompt: "name".to_owned(), typed: Default::default() };
        let answers = vec![Span::new("a word that does not fit on one line here", Role::Notice)];
        let content = Content { asked: Some(asked), answers, ..content(6, 0) };
        assert_eq!(shown(content), of(&["0"], "1-1 of 6", 5));
    }

    #[test]
    fn paragraphs_wrap_beside_their_labels() {
        let paragraph = |label, text: &str| Paragraph { label, text: Span::new(text, Role::Text) };
        let paragraphs = [paragraph("", "orders"), paragraph("then", "it moves at once")];
        let lines = wrapped(&paragraphs, 18, Charset::Ascii);
        let texts: Vec<String> =
            lines.iter().map(|line| line.iter().map(|span| &*span.text).collect()).collect();
        assert_eq!(texts, ["orders", "then    it moves", "        at once"]);
        let long = [paragraph("aws", "put abcdefghijklmnopq")];
        let lines = wrapped(&long, 18, Charset::Ascii);
        let texts: Vec<&str> = lines.iter().map(|line| &*line[1].text).collect();
        assert_eq!(texts, ["put", "abcdefghij", "klmnopq"], "no word is cut");
        let code: Vec<Paragraph> = block("tf", "x {\n  abcdefghijkl\n}", Role::Dim).collect();
        let lines = wrapped(&code, 18, Charset::Ascii);
        let texts: Vec<String> =
            lines.iter().map(|line| line.iter().map(|span| &*span.text).collect()).collect();
        let expected = ["tf      x {", "          abcdefgh", "          ijkl", "        }"];
        assert_eq!(texts, expected, "code keeps its lines and its indentation");
    }
}
