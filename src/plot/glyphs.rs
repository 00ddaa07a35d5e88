//! Characters that are drawn as boxes, so that they join from cell to cell: block elements, box
//! drawing and braille.

use super::scene::Rectangle;

/// Half of how thick the lines of box drawing are, in widths and heights of a cell.
const THIN: (f32, f32) = (0.06, 0.027);
const THICK: (f32, f32) = (0.12, 0.054);

/// What a character is drawn with, in fractions of its cell.
pub(super) struct Glyph {
    pub(super) boxes: Vec<Rectangle>,
    /// How much they cover of what lies below, 0 to 1.
    pub(super) opacity: f32,
}

/// The boxes of `character`; `None` if it is a matter of the font.
pub(super) fn glyph(character: char) -> Option<Glyph> {
    let code = u32::from(character);
    let boxes = match character {
        '░' | '▒' | '▓' => {
            let opacity = (code - 0x2590) as f32 / 4.0;
            return Some(Glyph { boxes: vec![area(0.0, 0.0, 1.0, 1.0)], opacity });
        }
        '▀' => vec![area(0.0, 0.0, 1.0, 0.5)],
        '▁'..='█' => {
            let height = (code - 0x2580) as f32 / 8.0;
            vec![area(0.0, 1.0 - height, 1.0, 1.0)]
        }
        '▉'..='▏' => vec![area(0.0, 0.0, (0x2590 - code) as f32 / 8.0, 1.0)],
        '▐' => vec![area(0.5, 0.0, 1.0, 1.0)],
        '▔' => vec![area(0.0, 0.0, 1.0, 0.125)],
        '▕' => vec![area(0.875, 0.0, 1.0, 1.0)],
        '\u{2800}'..='\u{28ff}' => braille(code - 0x2800),
        '┄' | '┈' | '╌' => dashes(),
        '━' => lines("lr", THICK),
        '┃' => lines("ud", THICK),
        other => lines(arms(other)?, THIN),
    };
    Some(Glyph { boxes, opacity: 1.0 })
}

/// Which edges of the cell a character of box drawing reaches: left, right, up, down.
fn arms(character: char) -> Option<&'static str> {
    const ARMS: [(char, &str); 19] = [
        ('─', "lr"),
        ('│', "ud"),
        ('┌', "rd"),
        ('╭', "rd"),
        ('┐', "ld"),
        ('╮', "ld"),
        ('└', "ru"),
        ('╰', "ru"),
        ('┘', "lu"),
        ('╯', "lu"),
        ('├', "rud"),
        ('┤', "lud"),
        ('┬', "lrd"),
        ('┴', "lru"),
        ('┼', "lrud"),
        ('╴', "l"),
        ('╵', "u"),
        ('╶', "r"),
        ('╷', "d"),
    ];
    ARMS.iter().find(|(known, _)| *known == character).map(|(_, arms)| *arms)
}

fn lines(arms: &str, (across, down): (f32, f32)) -> Vec<Rectangle> {
    let (left, right) = (0.5 - across, 0.5 + across);
    let (top, bottom) = (0.5 - down, 0.5 + down);
    let arm = |arm| match arm {
        'l' => area(0.0, top, right, bottom),
        'r' => area(left, top, 1.0, bottom),
        'u' => area(left, 0.0, right, bottom),
        _ => area(left, top, right, 1.0),
    };
    arms.chars().map(arm).collect()
}

fn dashes() -> Vec<Rectangle> {
    let (_, down) = THIN;
    let dash = |left| area(left, 0.5 - down, left + 0.3, 0.5 + down);
    vec![dash(0.1), dash(0.6)]
}

/// The dots of a braille pattern, by the bits of its number.
fn braille(bits: u32) -> Vec<Rectangle> {
    /// Half the size of a dot.
    const DOT: (f32, f32) = (0.14, 0.0625);
    /// Column and row of each bit's dot.
    const PLACES: [(u8, u8); 8] = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)];
    let dots = PLACES.into_iter().enumerate().filter(|(bit, _)| bits & (1 << bit) != 0);
    let dot = |(_, (column, row))| {
        let (x, y) = (0.25 + 0.5 * f32::from(column), 0.125 + 0.25 * f32::from(row));
        area(x - DOT.0, y - DOT.1, x + DOT.0, y + DOT.1)
    };
    dots.map(dot).collect()
}

/// From edge to edge.
fn area(left: f32, top: f32, right: f32, bottom: f32) -> Rectangle {
    Rectangle { left, top, width: right - left, height: bottom - top }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sixteenths of a cell that are covered, row after row.
    fn covered(character: char) -> Vec<String> {
        let boxes = glyph(character).unwrap().boxes;
        let is_covered = |x: f32, y: f32| {
            boxes.iter().any(|r| {
                (r.left..r.left + r.width).contains(&x) && (r.top..r.top + r.height).contains(&y)
            })
        };
        let middle = |place: u8| (f32::from(place) + 0.5) / 4.0;
        let dot = |x, y| if is_covered(middle(x), middle(y)) { '#' } else { '.' };
        (0..4).map(|y| (0..4).map(|x| dot(x, y)).collect()).collect()
    }

    #[test]
    fn blocks_cover_their_part_of_the_cell() {
        assert_eq!(covered('▂'), ["....", "....", "....", "####"]);
        assert_eq!(covered('█'), ["####"; 4]);
        assert_eq!(covered('▌'), ["##.."; 4]);
        assert_eq!(covered('▀'), ["####", "####", "....", "...."]);
    }

    #[test]
    fn braille_has_the_dots_of_its_bits() {
        let dots = |character| {
            let boxes = glyph(character).unwrap().boxes;
            let place = |r: &Rectangle| (r.left > 0.5, ((r.top + 0.0625) * 4.0 - 0.5).round());
            boxes.iter().map(place).collect::<Vec<_>>()
        };
        assert_eq!(dots('⠁'), [(false, 0.0)]);
        assert_eq!(dots('⢀'), [(true, 3.0)]);
        assert_eq!(dots('⣿').len(), 8);
        assert!(dots('⠀').is_empty());
    }

    #[test]
    fn lines_reach_the_edges_where_they_go_on() {
        let reaches = |character| {
            let boxes = glyph(character).unwrap().boxes;
            let any = |reaches: fn(&Rectangle) -> bool| boxes.iter().any(reaches);
            [
                any(|r| r.left <= 0.0),
                any(|r| r.left + r.width >= 1.0),
                any(|r| r.top <= 0.0),
                any(|r| r.top + r.height >= 1.0),
            ]
        };
        assert_eq!(reaches('─'), [true, true, false, false]);
        assert_eq!(reaches('┤'), [true, false, true, true]);
        assert_eq!(reaches('└'), [false, true, true, false]);
    }

    #[test]
    fn letters_are_a_matter_of_the_font() {
        for character in ['a', '…', '•', '▶', '表'] {
            assert!(glyph(character).is_none(), "{character}");
        }
    }
}
