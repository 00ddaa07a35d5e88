//! The encoder judged by a terminal that is not ours, and beside ratatui's own.

mod random;

use super::*;
use random::{PALETTES, Painter};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::style::{Color, Modifier, Style};
use std::num::NonZeroU16;

/// A terminal as the far end of a connection.
fn terminal(width: u16, height: u16) -> vt100::Parser {
    let [width, height] = [width, height].map(|cells| NonZeroU16::new(cells).unwrap());
    vt100::Parser::new(height, width, 0)
}

fn buffer(width: u16, height: u16) -> Buffer {
    Buffer::empty(Rect::new(0, 0, width, height))
}

/// A cleared terminal that erases as xterm does.
fn cleared(width: u16, height: u16) -> (Wire, vt100::Parser) {
    cleared_with(Erase::OntoAny, width, height)
}

fn cleared_with(erase: Erase, width: u16, height: u16) -> (Wire, vt100::Parser) {
    let mut wire = Wire::new(erase);
    wire.clear(width, height, &mut vec![]);
    (wire, terminal(width, height))
}

/// The bytes that make the terminal show all of `wanted`.
fn encode(wire: &mut Wire, wanted: &Buffer) -> Vec<u8> {
    let mut out = vec![];
    assert!(wire.encode(wanted, &[wanted.area], usize::MAX, &mut out));
    out
}

/// The bytes ratatui writes between two frames.
fn by_ratatui(before: &Buffer, wanted: &Buffer) -> Vec<u8> {
    let mut out = vec![];
    CrosstermBackend::new(&mut out).draw(before.diff(wanted).into_iter()).unwrap();
    out
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn vt100_colour(colour: Color) -> vt100::Color {
    const NAMED: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    if let Some(index) = NAMED.iter().position(|known| *known == colour) {
        return vt100::Color::Idx(u8::try_from(index).unwrap());
    }
    if let Color::Rgb(red, green, blue) = colour {
        return vt100::Color::Rgb(red, green, blue);
    }
    if let Color::Indexed(index) = colour {
        vt100::Color::Idx(index)
    } else {
        vt100::Color::Default
    }
}

/// What a person sees of one column.
#[derive(Debug, PartialEq)]
struct Seen {
    text: String,
    wide: bool,
    back: vt100::Color,
    /// Colour and attributes; of a blank only if it is underlined or reversed.
    front: Option<(vt100::Color, [bool; 5])>,
}

impl Seen {
    fn new(text: &str, wide: bool, back: vt100::Color, front: (vt100::Color, [bool; 5])) -> Self {
        let text = if text.is_empty() { " " } else { text }.to_owned();
        let [.., underlined, reversed] = front.1;
        let front = (text != " " || underlined || reversed).then_some(front);
        Self { text, wide, back, front }
    }
}

/// What is to be seen of `wanted`; the further columns of a wide character are left out.
fn wanted_look(wanted: &Buffer) -> Vec<Seen> {
    const JUDGED: [Modifier; 5] =
        [Modifier::BOLD, Modifier::DIM, Modifier::ITALIC, Modifier::UNDERLINED, Modifier::REVERSED];
    let rows = wanted.content.chunks(wanted.area.width.into());
    let look = |glyph: Glyph<'_>| {
        let cell = glyph.to_cell();
        let attributes = JUDGED.map(|modifier| cell.modifier.contains(modifier));
        let front = (vt100_colour(cell.fg), attributes);
        Seen::new(cell.symbol(), glyph.width > 1, vt100_colour(cell.bg), front)
    };
    rows.flat_map(|row| glyphs(row).map(look)).collect()
}

/// What a terminal shows, likewise.
fn shown_look(screen: &vt100::Screen) -> Vec<Seen> {
    let (rows, columns) = screen.size();
    let cells = (0..rows.get()).flat_map(|y| (0..columns.get()).map(move |x| (y, x)));
    let cells = cells.filter_map(|(y, x)| screen.cell(y, x));
    let look = |cell: &vt100::Cell| {
        let attributes = [cell.bold(), cell.dim(), cell.italic(), cell.underline(), cell.inverse()];
        let front = (cell.fgcolor(), attributes);
        Seen::new(cell.contents(), cell.is_wide(), cell.bgcolor(), front)
    };
    cells.filter(|cell| !cell.is_wide_continuation()).map(look).collect()
}

/// Fails with the first difference alone: a frame has a thousand glyphs.
fn assert_alike(shown: &[Seen], wanted: &[Seen], what: &str) {
    let differs = shown.iter().zip(wanted).position(|(shown, wanted)| shown != wanted);
    let at = differs.unwrap_or(shown.len().min(wanted.len()));
    assert_eq!(shown.get(at), wanted.get(at), "{what}: glyph {at}");
}

fn assert_shows(screen: &vt100::Screen, wanted: &Buffer, what: &str) {
    assert_alike(&shown_look(screen), &wanted_look(wanted), what);
}

/// Writes `wanted` in slices: some of its areas with some room, until all is there or the next
/// frame comes in between.
fn send_in_slices(
    wire: &mut Wire,
    wanted: &Buffer,
    painter: &mut Painter,
    far: &mut vt100::Parser,
) -> bool {
    let late = [painter.area(), painter.area()];
    let mut urgent = around(wanted.area, &late);
    painter.shuffle(&mut urgent);
    for areas in [&urgent[..], &late[..]] {
        loop {
            let mut out = vec![];
            let done = wire.encode(wanted, areas, painter.room(), &mut out);
            far.process(&out);
            if done {
                break;
            }
            if painter.is_interrupted() {
                return false;
            }
        }
    }
    // A wide character that stood across two areas leaves half of itself to the one before.
    let rest = encode(wire, wanted);
    far.process(&rest);
    true
}

#[test]
fn random_frames_look_as_wanted_and_as_ratatui_shows_them() {
    let erase = [Erase::OntoAny, Erase::Never, Erase::OntoDefault, Erase::OntoAny];
    for (seed, (palette, erase)) in PALETTES.iter().zip(erase).enumerate() {
        let mut painter = Painter::new(seed as u64, palette);
        let (width, height) = painter.size();
        let mut wanted = buffer(width, height);
        let (mut wire, mut far) = cleared_with(erase, width, height);
        let mut compared = 0;
        while compared < 300 {
            painter.paint(&mut wanted);
            if !send_in_slices(&mut wire, &wanted, &mut painter, &mut far) {
                continue;
            }
            compared += 1;
            assert!(wire.shows(&wanted, wanted.area));
            let what = format!("{} frame {compared}", palette.name);
            assert_shows(far.screen(), &wanted, &what);
            let mut theirs = terminal(width, height);
            theirs.process(&by_ratatui(&buffer(width, height), &wanted));
            assert_alike(&shown_look(far.screen()), &shown_look(theirs.screen()), &what);
        }
    }
}

#[test]
fn a_frame_takes_fewer_bytes_than_ratatui_writes() {
    for (seed, palette) in PALETTES.iter().enumerate() {
        let mut painter = Painter::new(seed as u64, palette);
        let (width, height) = painter.size();
        let mut wanted = buffer(width, height);
        let mut before = wanted.clone();
        let (mut wire, _) = cleared(width, height);
        let (mut ours, mut theirs) = (0, 0);
        for _ in 0..200 {
            painter.paint(&mut wanted);
            ours += encode(&mut wire, &wanted).len();
            theirs += by_ratatui(&before, &wanted).len();
            before = wanted.clone();
        }
        assert!(ours * 4 < theirs * 3, "{}: {ours} against {theirs}", palette.name);
    }
}

#[test]
fn an_unchanged_frame_takes_no_bytes() {
    let (mut wire, _) = cleared(20, 3);
    let mut wanted = buffer(20, 3);
    assert_eq!(text(encode(&mut wire, &wanted)), "");
    wanted.set_string(0, 0, "calm", Style::new().fg(Color::Green));
    assert_eq!(text(encode(&mut wire, &wanted)), "\x1b[H\x1b[32mcalm");
    assert_eq!(text(encode(&mut wire, &wanted)), "");
    // What cannot be seen is no change.
    wanted.set_style(Rect::new(4, 0, 16, 3), Style::new().fg(Color::Red).bold());
    assert_eq!(text(encode(&mut wire, &wanted)), "");
}

#[test]
fn each_change_is_written_the_short_way() {
    let (mut wire, _) = cleared(40, 4);
    let mut wanted = buffer(40, 4);
    let plain = Style::new();
    let mut step = |x, y, symbols: &str, style| {
        wanted.set_string(x, y, symbols, style);
        text(encode(&mut wire, &wanted))
    };
    assert_eq!(step(0, 0, "tables 17 in trouble 3", plain), "\x1b[Htables 17 in trouble 3");
    assert_eq!(step(0, 1, "second", plain), "\r\nsecond");
    // Two changes with a short gap: the gap is written again.
    assert_eq!(step(0, 1, "sEcOnd", plain), "\r\x1b[CEcO");
    assert_eq!(step(0, 0, "tables 18 in trouble 4", plain), "\x1b[1;9H8\x1b[12C4");
    assert_eq!(step(24, 0, "ab", Style::new().red()), "  \x1b[31mab");
    assert_eq!(step(27, 0, "cd", plain), " \x1b[mcd");
    // Long blanks are erased.
    assert_eq!(step(0, 0, &" ".repeat(22), plain), "\r\x1b[22X");
    assert_eq!(step(0, 0, &" ".repeat(40), plain), "\x1b[24C\x1b[K");
}

#[test]
fn blanks_are_erased_only_onto_backgrounds_the_terminal_is_trusted_with() {
    for (term, onto_default, onto_blue) in [
        ("xterm-256color", true, true),
        ("tmux-256color", true, false),
        ("screen", true, false),
        ("linux", true, false),
        ("vt220", false, false),
        ("", false, false),
    ] {
        for (colour, trusted) in [(Color::Reset, onto_default), (Color::Blue, onto_blue)] {
            let mut wire = Wire::new(Erase::of(term));
            wire.clear(40, 1, &mut vec![]);
            let mut wanted = buffer(40, 1);
            wanted.set_string(0, 0, "x".repeat(40), Style::new());
            encode(&mut wire, &wanted);
            wanted.set_string(5, 0, " ".repeat(30), Style::new().bg(colour));
            let bytes = text(encode(&mut wire, &wanted));
            assert_eq!(bytes.contains("\x1b[30X"), trusted, "{term} {colour}: {bytes:?}");
        }
    }
}

#[test]
fn slices_end_between_rows_and_together_make_the_frame() {
    let (mut wire, mut far) = cleared(20, 6);
    let mut wanted = buffer(20, 6);
    for y in 0..6 {
        wanted.set_string(0, y, format!("row {y} {}", "x".repeat(10)), Style::new());
    }
    let mut slices = 0;
    let mut done = false;
    while !done {
        let mut out = vec![];
        done = wire.encode(&wanted, &[wanted.area], 30, &mut out);
        far.process(&out);
        slices += 1;
        let whole = far.screen().contents().lines().filter(|line| line.len() == 16).count();
        assert_eq!(whole, (2 * slices).min(6));
    }
    assert_eq!(slices, 3);
    assert_shows(far.screen(), &wanted, "three slices");
}

#[test]
fn areas_are_written_in_their_order_and_nothing_outside_them() {
    let (mut wire, _) = cleared(20, 3);
    let mut wanted = buffer(20, 3);
    for y in 0..3 {
        wanted.set_string(0, y, format!("left{y}     right{y}"), Style::new());
    }
    let mut out = vec![];
    let (right, low) = (Rect::new(10, 0, 10, 2), Rect::new(0, 2, 10, 1));
    assert!(wire.encode(&wanted, &[low, right], usize::MAX, &mut out));
    assert_eq!(text(out), "\x1b[3Hleft2\x1b[1;11Hright0\n\x1b[6Dright1");
    assert!(wire.shows(&wanted, low) && wire.shows(&wanted, right));
    assert!(!wire.shows(&wanted, wanted.area));
}

#[test]
fn half_of_a_wide_character_is_never_left() {
    let (mut wire, mut far) = cleared(8, 1);
    let mut wanted = buffer(8, 1);
    for symbols in ["表表表表", "a表表表b", "表表表表", "abcdefgh", "ab表ef表", "        "]
    {
        wanted.set_string(0, 0, symbols, Style::new());
        far.process(&encode(&mut wire, &wanted));
        assert_shows(far.screen(), &wanted, symbols);
    }
}

#[test]
fn what_would_spoil_the_row_is_a_blank() {
    for symbol in ["\x1b", "\u{9b}", "\u{200b}", "", "\n"] {
        let (mut wire, mut far) = cleared(4, 2);
        let mut wanted = buffer(4, 2);
        wanted.set_string(0, 0, "abcd", Style::new());
        wanted[(1, 0)].set_symbol(symbol);
        // A wide character in the last column would go on in the next row.
        wanted[(3, 0)].set_symbol("表");
        far.process(&encode(&mut wire, &wanted));
        assert_eq!(far.screen().contents(), "a c", "{symbol:?}");
        assert!(encode(&mut wire, &wanted).is_empty(), "{symbol:?}");
    }
}

#[test]
fn characters_of_doubtful_width_leave_their_neighbours_in_place() {
    for symbol in ["❤\u{fe0f}", "👨\u{200d}👩\u{200d}👧", "e\u{301}"] {
        let (mut wire, mut far) = cleared(12, 1);
        let mut wanted = buffer(12, 1);
        wanted.set_string(0, 0, "abcdefghijkl", Style::new());
        far.process(&encode(&mut wire, &wanted));
        wanted.set_string(2, 0, format!("{symbol}|{symbol}|end"), Style::new());
        far.process(&encode(&mut wire, &wanted));
        let shown = far.screen().contents();
        assert!(shown.starts_with("ab") && shown.contains("|end"), "{symbol}: {shown}");
        let last = wanted.content.iter().rposition(|cell| cell.symbol() == "d").unwrap();
        let cell = far.screen().cell(0, u16::try_from(last).unwrap()).unwrap();
        assert_eq!(cell.contents(), "d", "{symbol}: {shown}");
    }
}

#[test]
fn the_last_frame_can_stay_as_lines_of_text() {
    let mut frame = buffer(12, 4);
    frame.set_string(0, 0, "ddbtop", Style::new().bold());
    frame.set_string(2, 2, "orders", Style::new().fg(Color::Red));
    frame.set_style(Rect::new(8, 2, 2, 1), Style::new().bg(Color::Blue));
    let lines: Vec<String> = lines(&frame).into_iter().map(text).collect();
    assert_eq!(lines, ["\x1b[1mddbtop\x1b[m", "", "  \x1b[31morders\x1b[44m  \x1b[m", ""]);
}

#[test]
fn what_is_around_late_areas_covers_all_the_rest_once() {
    let whole = Rect::new(0, 0, 12, 9);
    let holes = [Rect::new(2, 3, 4, 2), Rect::new(4, 4, 20, 3), Rect::ZERO];
    let pieces = around(whole, &holes);
    for position in whole.positions() {
        let in_hole = holes.iter().any(|hole| hole.contains(position));
        let covered = pieces.iter().filter(|piece| piece.contains(position)).count();
        assert_eq!(covered, usize::from(!in_hole), "{position}");
    }
    assert_eq!(around(whole, &[]), [whole]);
    assert_eq!(around(whole, &[whole]), []);
}
