//! Where the terminal's cursor stands, and the shortest way from there.

use std::ops::Range;

/// The most rows that are gone down one by one.
const FEW_ROWS: u16 = 4;
/// The most columns that are gone back one by one.
const FEW_COLUMNS: u16 = 4;

/// The cursor's column and row, if known. Behind the last column it waits for what comes next:
/// terminals differ in where it is then, but they all return to the first column of its row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cursor(Option<(u16, u16)>);

impl Cursor {
    /// Notes that it may be anywhere.
    pub(super) fn forget(&mut self) {
        self.0 = None;
    }

    /// Notes that it stands at `x`, `y`.
    pub(super) fn set(&mut self, x: u16, y: u16) {
        self.0 = Some((x, y));
    }

    /// Notes that something of `width` columns was written.
    pub(super) fn advance(&mut self, width: u16) {
        self.0 = self.0.map(|(x, y)| (x + width, y));
    }

    /// The columns between it and `x`, if it stands before that in the same row.
    pub(super) fn gap_before(self, x: u16, y: u16) -> Option<Range<u16>> {
        self.0.filter(|&(from, row)| row == y && from < x).map(|(from, _)| from..x)
    }

    /// Moves it within rows of `columns` columns, by the fewest bytes.
    pub(super) fn go_to(&mut self, x: u16, y: u16, columns: u16, out: &mut Vec<u8>) {
        if self.0 == Some((x, y)) {
            return;
        }
        let mut ways = vec![absolute(x, y)];
        if let Some((from, row)) = self.0
            && row <= y
            && y - row <= FEW_ROWS
        {
            let down = "\n".repeat(usize::from(y - row));
            ways.push(format!("\r{down}{}", along(0, x)));
            if from < columns {
                ways.push(format!("{down}{}", along(from, x)));
            }
        }
        if let Some(way) = ways.iter().min_by_key(|way| way.len()) {
            out.extend(way.bytes());
        }
        self.set(x, y);
    }
}

fn absolute(x: u16, y: u16) -> String {
    match (x, y) {
        (0, 0) => "\x1b[H".to_owned(),
        (0, y) => format!("\x1b[{}H", y + 1),
        (x, y) => format!("\x1b[{};{}H", y + 1, x + 1),
    }
}

fn along(from: u16, to: u16) -> String {
    if to >= from {
        return forward(to - from);
    }
    match from - to {
        few @ ..=FEW_COLUMNS => "\u{8}".repeat(few.into()),
        many => format!("\x1b[{many}D"),
    }
}

/// Moves to the right without writing.
pub(super) fn forward(columns: u16) -> String {
    match columns {
        0 => String::new(),
        1 => "\x1b[C".to_owned(),
        _ => format!("\x1b[{columns}C"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_way_is_taken() {
        for (from, to, way) in [
            (None, (0, 0), "\x1b[H"),
            (None, (0, 9), "\x1b[10H"),
            (None, (5, 0), "\x1b[1;6H"),
            (Some((3, 2)), (3, 2), ""),
            (Some((3, 2)), (4, 2), "\x1b[C"),
            (Some((3, 2)), (23, 2), "\x1b[20C"),
            (Some((9, 2)), (7, 2), "\u{8}\u{8}"),
            (Some((60, 2)), (40, 2), "\x1b[20D"),
            (Some((60, 2)), (0, 2), "\r"),
            (Some((60, 2)), (0, 3), "\r\n"),
            (Some((60, 2)), (60, 4), "\n\n"),
            (Some((60, 2)), (1, 3), "\r\n\x1b[C"),
            (Some((60, 9)), (60, 2), "\x1b[3;61H"),
            // Behind the last column nothing but a return is certain.
            (Some((80, 2)), (79, 2), "\r\x1b[79C"),
            (Some((80, 2)), (79, 3), "\x1b[4;80H"),
            (Some((80, 2)), (0, 3), "\r\n"),
        ] {
            let mut out = vec![];
            Cursor(from).go_to(to.0, to.1, 80, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), way, "{from:?} to {to:?}");
        }
    }
}
