//! The terminal's colours and attributes in force, and the shortest way to others.

use super::glyph::{Ink, ON_BLANKS};
use ratatui::style::{Color, Modifier};

/// Each attribute with the codes that turn it on and off (ECMA-48, SGR). Bold and dim share theirs.
const ATTRIBUTES: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// What the terminal writes with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Pen {
    front: Color,
    back: Color,
    attributes: Modifier,
}

impl Pen {
    /// Whether what is written now looks as `ink` wants it.
    pub(super) fn draws(&self, ink: Ink) -> bool {
        self.changed_to(ink) == *self
    }

    /// The pen after a change to `ink`: a blank leaves alone what cannot be seen of it.
    pub(super) fn changed_to(&self, ink: Ink) -> Self {
        let (front, attributes) = ink.front.unwrap_or((self.front, self.attributes - ON_BLANKS));
        Self { front, back: ink.back, attributes }
    }

    /// Changes to `ink` by the fewest bytes.
    pub(super) fn set(&mut self, ink: Ink, out: &mut Vec<u8>) {
        self.change(self.changed_to(ink), out);
    }

    /// Changes to the terminal's own colours.
    pub(super) fn reset(&mut self, out: &mut Vec<u8>) {
        self.change(Self::default(), out);
    }

    fn change(&mut self, wanted: Self, out: &mut Vec<u8>) {
        if *self == wanted {
            return;
        }
        let by_change = self.codes_to(&wanted);
        let mut anew = Self::default().codes_to(&wanted);
        if !anew.is_empty() {
            anew.insert(0, "0".to_owned());
        }
        let shortest = [by_change, anew].map(|codes| codes.join(";"));
        let shortest = shortest.iter().min_by_key(|codes| codes.len());
        out.extend(b"\x1b[");
        out.extend(shortest.into_iter().flat_map(|codes| codes.bytes()));
        out.push(b'm');
        *self = wanted;
    }

    /// The codes that change this pen into `wanted`, without a reset.
    fn codes_to(&self, wanted: &Self) -> Vec<String> {
        let mut codes = Vec::new();
        let mut in_force = self.attributes;
        for (attribute, _, off) in ATTRIBUTES {
            if in_force.contains(attribute) && !wanted.attributes.contains(attribute) {
                codes.push(off.to_string());
                // The code takes the attribute's sibling away, too.
                in_force -= sharing(off);
            }
        }
        for (attribute, on, _) in ATTRIBUTES {
            if wanted.attributes.contains(attribute) && !in_force.contains(attribute) {
                codes.push(on.to_string());
            }
        }
        if self.front != wanted.front {
            codes.push(colour(wanted.front, Ground::Front));
        }
        if self.back != wanted.back {
            codes.push(colour(wanted.back, Ground::Back));
        }
        codes
    }
}

/// The attributes that one code turns off.
fn sharing(off: u8) -> Modifier {
    let same = ATTRIBUTES.iter().filter(|(_, _, code)| *code == off);
    same.fold(Modifier::empty(), |all, (attribute, _, _)| all | *attribute)
}

#[derive(Debug, Clone, Copy)]
enum Ground {
    Front,
    Back,
}

/// The code for a colour: the sixteen have short ones of their own.
fn colour(colour: Color, ground: Ground) -> String {
    let shift = match ground {
        Ground::Front => 0,
        Ground::Back => 10,
    };
    let indexed = |index: u8| match index {
        0..8 => (30 + shift + index).to_string(),
        8..16 => (90 - 8 + shift + index).to_string(),
        16.. => format!("{};5;{index}", 38 + shift),
    };
    match colour {
        Color::Reset => (39 + shift).to_string(),
        Color::Black => indexed(0),
        Color::Red => indexed(1),
        Color::Green => indexed(2),
        Color::Yellow => indexed(3),
        Color::Blue => indexed(4),
        Color::Magenta => indexed(5),
        Color::Cyan => indexed(6),
        Color::Gray => indexed(7),
        Color::DarkGray => indexed(8),
        Color::LightRed => indexed(9),
        Color::LightGreen => indexed(10),
        Color::LightYellow => indexed(11),
        Color::LightBlue => indexed(12),
        Color::LightMagenta => indexed(13),
        Color::LightCyan => indexed(14),
        Color::White => indexed(15),
        Color::Indexed(index) => indexed(index),
        Color::Rgb(red, green, blue) => format!("{};2;{red};{green};{blue}", 38 + shift),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pen(front: Color, back: Color, attributes: Modifier) -> Pen {
        Pen { front, back, attributes }
    }

    #[test]
    fn only_what_changes_is_written_or_a_reset_where_that_is_shorter() {
        let plain = Pen::default();
        let red = pen(Color::Red, Color::Reset, Modifier::empty());
        let loud = pen(Color::Red, Color::Blue, Modifier::BOLD);
        let bold_and_dim = pen(Color::Reset, Color::Reset, Modifier::BOLD | Modifier::DIM);
        let dim = pen(Color::Reset, Color::Reset, Modifier::DIM);
        for (from, to, bytes) in [
            (&plain, &plain, ""),
            (&plain, &red, "\x1b[31m"),
            (&plain, &loud, "\x1b[1;31;44m"),
            (&red, &loud, "\x1b[1;44m"),
            (&loud, &red, "\x1b[0;31m"),
            (&loud, &plain, "\x1b[m"),
            (&loud, &dim, "\x1b[0;2m"),
            (&bold_and_dim, &dim, "\x1b[0;2m"),
            (&plain, &pen(Color::LightRed, Color::Reset, Modifier::empty()), "\x1b[91m"),
            (
                &plain,
                &pen(Color::Indexed(9), Color::Indexed(15), Modifier::empty()),
                "\x1b[91;107m",
            ),
            (&plain, &pen(Color::Indexed(16), Color::Reset, Modifier::empty()), "\x1b[38;5;16m"),
            (
                &plain,
                &pen(Color::Reset, Color::Rgb(1, 2, 3), Modifier::empty()),
                "\x1b[48;2;1;2;3m",
            ),
        ] {
            let mut out = vec![];
            from.clone().change(to.clone(), &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), bytes, "{from:?} to {to:?}");
        }
    }

    #[test]
    fn a_blank_changes_nothing_that_cannot_be_seen_of_it() {
        let loud = pen(Color::Red, Color::Reset, Modifier::BOLD);
        let on = |back| Ink { front: None, back };
        assert!(loud.draws(on(Color::Reset)));
        assert!(!loud.draws(on(Color::Blue)));
        assert!(!pen(Color::Red, Color::Reset, Modifier::REVERSED).draws(on(Color::Reset)));
    }
}
