//! Frames as a dashboard might paint them and worse, the same for the same seed.

use fastrand::Rng;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

/// Which colours and attributes frames are made of.
pub(super) struct Palette {
    pub(super) name: &'static str,
    colour: fn(&mut Rng) -> Color,
    attributes: &'static [Modifier],
}

/// One for each way to write a colour, with more attributes from one to the next.
pub(super) const PALETTES: [Palette; 4] = [
    Palette { name: "sixteen", colour: sixteen, attributes: &[Modifier::BOLD, Modifier::DIM] },
    Palette { name: "indexed", colour: indexed, attributes: &[Modifier::ITALIC] },
    Palette {
        name: "rgb",
        colour: rgb,
        attributes: &[Modifier::BOLD, Modifier::UNDERLINED, Modifier::REVERSED],
    },
    Palette {
        name: "all",
        colour: any,
        attributes: &[
            Modifier::BOLD,
            Modifier::DIM,
            Modifier::ITALIC,
            Modifier::UNDERLINED,
            Modifier::REVERSED,
            Modifier::BOLD.union(Modifier::REVERSED),
            Modifier::DIM.union(Modifier::UNDERLINED),
        ],
    },
];

fn sixteen(random: &mut Rng) -> Color {
    const SOME: [Color; 8] = [
        Color::Reset,
        Color::Black,
        Color::Red,
        Color::Gray,
        Color::DarkGray,
        Color::LightGreen,
        Color::White,
        Color::LightYellow,
    ];
    SOME[random.usize(..SOME.len())]
}

fn indexed(random: &mut Rng) -> Color {
    if random.u8(..4) == 0 { Color::Reset } else { Color::Indexed(random.u8(..)) }
}

fn rgb(random: &mut Rng) -> Color {
    if random.u8(..4) == 0 {
        Color::Reset
    } else {
        // Few of them, so that neighbours often agree.
        Color::Rgb(random.u8(..2) * 100, random.u8(..2), 7)
    }
}

fn any(random: &mut Rng) -> Color {
    [sixteen, indexed, rgb][random.usize(..3)](random)
}

/// Paints random things, the same for the same seed.
pub(super) struct Painter {
    random: Rng,
    palette: &'static Palette,
    size: (u16, u16),
}

impl Painter {
    pub(super) fn new(seed: u64, palette: &'static Palette) -> Self {
        Self { random: Rng::with_seed(seed), palette, size: (61, 17) }
    }

    pub(super) fn size(&self) -> (u16, u16) {
        self.size
    }

    /// How many bytes a slice may take.
    pub(super) fn room(&mut self) -> usize {
        if self.random.bool() { usize::MAX } else { self.random.usize(1..400) }
    }

    /// Whether the next frame comes before this one is done.
    pub(super) fn is_interrupted(&mut self) -> bool {
        self.random.u8(..4) == 0
    }

    pub(super) fn shuffle(&mut self, areas: &mut [Rect]) {
        self.random.shuffle(areas);
    }

    /// A rectangle on screen.
    pub(super) fn area(&mut self) -> Rect {
        let (width, height) = self.size;
        let (x, y) = (self.random.u16(..width), self.random.u16(..height));
        Rect::new(x, y, self.random.u16(1..=width - x), self.random.u16(1..=height - y))
    }

    /// Changes some of the frame: words, blanks, styles; seldom everything.
    pub(super) fn paint(&mut self, frame: &mut Buffer) {
        if self.random.u8(..20) == 0 {
            frame.reset();
        }
        for _ in 0..self.random.u8(1..12) {
            let area = self.area();
            let style = self.style();
            match self.random.u8(..5) {
                0 => frame.set_style(area, style),
                1 => {
                    let blanks = " ".repeat(area.width.into());
                    for y in area.top()..area.bottom() {
                        frame.set_string(area.x, y, &blanks, style);
                    }
                }
                _ => {
                    let word = self.word();
                    frame.set_stringn(area.x, area.y, word, area.width.into(), style);
                }
            }
        }
    }

    fn style(&mut self) -> Style {
        let colour = self.palette.colour;
        let back = if self.random.bool() { Color::Reset } else { colour(&mut self.random) };
        let style = Style::reset().fg(colour(&mut self.random)).bg(back);
        let attributes = self.palette.attributes;
        if self.random.bool() {
            style.add_modifier(attributes[self.random.usize(..attributes.len())])
        } else {
            style
        }
    }

    fn word(&mut self) -> String {
        const CHARACTERS: [char; 14] =
            ['a', 'b', '0', '9', ' ', ' ', ' ', '│', '⣿', '▁', '█', '表', '計', '🔥'];
        let length = self.random.usize(1..40);
        (0..length).map(|_| CHARACTERS[self.random.usize(..CHARACTERS.len())]).collect()
    }
}
