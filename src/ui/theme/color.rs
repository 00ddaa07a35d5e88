//! Colours: how theme files write them, and what is left of them where a terminal shows fewer.

use super::Depth;
use ratatui::style::Color;

/// The terminal's own sixteen, by number, with a common terminal's idea of them (xterm's), which
/// only serves to find the nearest one.
const ANSI: [(&str, Color, [u8; 3]); 16] = [
    ("black", Color::Black, [0, 0, 0]),
    ("red", Color::Red, [205, 0, 0]),
    ("green", Color::Green, [0, 205, 0]),
    ("yellow", Color::Yellow, [205, 205, 0]),
    ("blue", Color::Blue, [0, 0, 238]),
    ("magenta", Color::Magenta, [205, 0, 205]),
    ("cyan", Color::Cyan, [0, 205, 205]),
    ("white", Color::Gray, [229, 229, 229]),
    ("bright-black", Color::DarkGray, [127, 127, 127]),
    ("bright-red", Color::LightRed, [255, 0, 0]),
    ("bright-green", Color::LightGreen, [0, 255, 0]),
    ("bright-yellow", Color::LightYellow, [255, 255, 0]),
    ("bright-blue", Color::LightBlue, [92, 92, 255]),
    ("bright-magenta", Color::LightMagenta, [255, 0, 255]),
    ("bright-cyan", Color::LightCyan, [0, 255, 255]),
    ("bright-white", Color::White, [255, 255, 255]),
];

/// What pictures show for the sixteen. They stand on a dark ground there, on which xterm's own red, blue and
/// magenta can hardly be read.
const DRAWN: [[u8; 3]; 16] = [
    [0, 0, 0],
    [239, 83, 80],
    [0, 205, 0],
    [205, 205, 0],
    [92, 124, 250],
    [214, 92, 214],
    [0, 205, 205],
    [229, 229, 229],
    [127, 127, 127],
    [255, 128, 116],
    [0, 255, 0],
    [255, 255, 0],
    [136, 166, 255],
    [255, 130, 255],
    [0, 255, 255],
    [255, 255, 255],
];

/// Reads `#rrggbb`, `ansi:bright-red`, `index:208` or `default`, the terminal's own.
pub(super) fn parse(text: &str) -> Option<Color> {
    if let Some(digits) = text.strip_prefix('#') {
        let hexadecimal = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| hexadecimal)?;
        let [_, red, green, blue] = number.to_be_bytes();
        return Some(Color::Rgb(red, green, blue));
    }
    if let Some(name) = text.strip_prefix("ansi:") {
        return ANSI.iter().find(|(known, ..)| *known == name).map(|(_, color, _)| *color);
    }
    if let Some(number) = text.strip_prefix("index:") {
        return number.parse().ok().map(Color::Indexed);
    }
    (text == "default").then_some(Color::Reset)
}

/// The nearest colour that a terminal of `depth` shows; `None` where it shows none.
pub(super) fn at_depth(color: Color, depth: Depth) -> Option<Color> {
    if depth == Depth::Monochrome {
        return None;
    }
    let shown = match (color, depth) {
        (Color::Rgb(red, green, blue), Depth::Palette256) => nearest_of_256([red, green, blue]),
        (Color::Rgb(red, green, blue), Depth::Ansi16) => nearest_of_16([red, green, blue]),
        (Color::Indexed(index), Depth::Ansi16) => match ANSI.get(usize::from(index)) {
            Some((_, color, _)) => *color,
            None => nearest_of_16(indexed(index)),
        },
        (shown, _) => shown,
    };
    Some(shown)
}

/// Red, green and blue as pictures show a colour; `None` for the terminal's own text or background.
pub(super) fn rgb(color: Color) -> Option<[u8; 3]> {
    if let Color::Rgb(red, green, blue) = color {
        return Some([red, green, blue]);
    }
    let place = if let Color::Indexed(index) = color {
        Some(usize::from(index))
    } else {
        ANSI.iter().position(|(_, known, _)| *known == color)
    };
    let drawn = |place: usize| DRAWN.get(place).copied();
    place.and_then(|place| drawn(place).or_else(|| u8::try_from(place).ok().map(indexed)))
}

/// Black or white, whichever has the greater contrast (WCAG 2.2) to a colour.
pub(super) fn readable_on(rgb: [u8; 3]) -> Color {
    /// Relative luminance at which both have the same.
    const EVEN: f64 = 0.179;
    let [red, green, blue] = rgb.map(linear);
    let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    let channel = if luminance < EVEN { u8::MAX } else { 0 };
    Color::Rgb(channel, channel, channel)
}

/// The first sixteen are the user's and may look like anything, so they are never chosen.
fn nearest_of_256(rgb: [u8; 3]) -> Color {
    let wanted = Oklab::of(rgb);
    let distance = |index: &u8| wanted.distance(Oklab::of(indexed(*index)));
    let nearest = (16..=u8::MAX).min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.map_or(Color::Reset, Color::Indexed)
}

/// Keeps the hue, since that is what a colour says here: plain distance turns pastels to grey.
fn nearest_of_16(rgb: [u8; 3]) -> Color {
    /// Chroma below which a colour has no hue to speak of.
    const GREY: f64 = 0.04;
    /// Lightness from which the bright variant of a hue is nearer.
    const BRIGHT: f64 = 0.6;
    let wanted = Oklab::of(rgb);
    if wanted.chroma() < GREY {
        return match wanted.lightness {
            ..0.25 => Color::Black,
            0.25..0.65 => Color::DarkGray,
            0.65..0.95 => Color::Gray,
            _ => Color::White,
        };
    }
    let hues = if wanted.lightness < BRIGHT { ANSI.get(1..7) } else { ANSI.get(9..15) };
    let away = |rgb| (Oklab::of(rgb).hue() - wanted.hue()).cos();
    let nearest = hues.unwrap_or_default().iter().max_by(|a, b| away(a.2).total_cmp(&away(b.2)));
    nearest.map_or(Color::Reset, |(_, color, _)| *color)
}

/// Colour 16 to 255 of xterm's palette: a cube of 6x6x6, then 24 greys.
fn indexed(index: u8) -> [u8; 3] {
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    match index {
        0..16 => ANSI.get(usize::from(index)).map_or([0; 3], |(_, _, rgb)| *rgb),
        16..232 => {
            let cube = index - 16;
            [level(cube / 36), level(cube / 6 % 6), level(cube % 6)]
        }
        232.. => [8 + 10 * (index - 232); 3],
    }
}

/// A colour in `OKLab` (Björn Ottosson, "A perceptual color space for image processing"), where
/// distances are about what the eye sees; lightness is 0 to 1.
#[derive(Debug, Clone, Copy)]
struct Oklab {
    lightness: f64,
    a: f64,
    b: f64,
}

impl Oklab {
    fn of(rgb: [u8; 3]) -> Self {
        let [red, green, blue] = rgb.map(linear);
        // What the cones for long, medium and short waves report.
        let long = 0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue;
        let medium = 0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue;
        let short = 0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue;
        let [long, medium, short] = [long, medium, short].map(f64::cbrt);
        Self {
            lightness: 0.210_454_255_3 * long + 0.793_617_785_0 * medium - 0.004_072_046_8 * short,
            a: 1.977_998_495_1 * long - 2.428_592_205_0 * medium + 0.450_593_709_9 * short,
            b: 0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766_0 * short,
        }
    }

    fn distance(self, other: Self) -> f64 {
        let (lightness, a, b) =
            (self.lightness - other.lightness, self.a - other.a, self.b - other.b);
        lightness * lightness + a * a + b * b
    }

    fn chroma(self) -> f64 {
        self.a.hypot(self.b)
    }

    /// In radians.
    fn hue(self) -> f64 {
        self.b.atan2(self.a)
    }
}

/// One channel of sRGB as light, 0 to 1 (IEC 61966-2-1).
fn linear(channel: u8) -> f64 {
    let value = f64::from(channel) / 255.0;
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_as_theme_files_write_them() {
        for (text, color) in [
            ("#1e2030", Some(Color::Rgb(0x1e, 0x20, 0x30))),
            ("#FFFFFF", Some(Color::Rgb(255, 255, 255))),
            ("ansi:red", Some(Color::Red)),
            ("ansi:bright-black", Some(Color::DarkGray)),
            ("index:208", Some(Color::Indexed(208))),
            ("default", Some(Color::Reset)),
            ("#fff", None),
            ("#+12345", None),
            ("#1e20300", None),
            ("ansi:orange", None),
            ("index:256", None),
            ("red", None),
            ("", None),
        ] {
            assert_eq!(parse(text), color, "{text}");
        }
    }

    #[test]
    fn a_colour_of_the_palette_is_its_own_nearest() {
        for index in 16..=u8::MAX {
            let Color::Indexed(nearest) = nearest_of_256(indexed(index)) else { panic!() };
            // The cube and the greys share a few colours.
            assert_eq!(indexed(nearest), indexed(index), "{index}");
        }
    }

    #[test]
    fn sixteen_colours_keep_the_hue() {
        for (text, color) in [
            ("#f38ba8", Color::LightRed),
            ("#d55e00", Color::LightRed),
            ("#b42318", Color::Red),
            ("#f9e2af", Color::LightYellow),
            ("#8a5a00", Color::Yellow),
            ("#a3be8c", Color::LightGreen),
            ("#1a7f37", Color::Green),
            ("#8be9fd", Color::LightCyan),
            ("#0072b2", Color::Blue),
            ("#7aa2f7", Color::LightBlue),
            ("#cc79a7", Color::LightMagenta),
            ("#888888", Color::DarkGray),
            ("#cdd0d4", Color::Gray),
            ("#ffffff", Color::White),
            ("#101010", Color::Black),
        ] {
            let rgb = parse(text).unwrap();
            assert_eq!(at_depth(rgb, Depth::Ansi16), Some(color), "{text}");
        }
        assert_eq!(at_depth(Color::Indexed(9), Depth::Ansi16), Some(Color::LightRed));
        assert_eq!(at_depth(Color::Indexed(196), Depth::Ansi16), Some(Color::LightRed));
    }

    #[test]
    fn the_terminals_own_colours_are_left_alone_and_monochrome_has_none() {
        for color in [Color::Reset, Color::Red, Color::LightBlue] {
            for depth in [Depth::Truecolor, Depth::Palette256, Depth::Ansi16] {
                assert_eq!(at_depth(color, depth), Some(color));
            }
            assert_eq!(at_depth(color, Depth::Monochrome), None);
        }
    }
}
