use super::*;
use crate::ui::theme::Theme;
use crate::view::chart::{Event, Level, Stroke, example};
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Style};

const END: &str = "2026-11-22T12:08:00Z";

/// Each role has the colour of its number.
fn probe() -> Theme {
    Theme::from_fn(|role| Style::new().fg(Color::Indexed(role as u8)))
}

fn painted(chart: &Chart, marker: Marker, (width, height): (u16, u16)) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    crate::ui::draw_chart(chart, marker, &probe(), area, &mut buf);
    buf
}

fn rows(chart: &Chart, marker: Marker, size: (u16, u16)) -> Vec<String> {
    let buf = painted(chart, marker, size);
    let row = |cells: &[Cell]| cells.iter().map(Cell::symbol).collect::<String>();
    buf.content.chunks(size.0.into()).map(|cells| row(cells).trim_end().to_owned()).collect()
}

/// Compares a picture; its lines are shown one below the other where it differs.
#[track_caller]
fn compare(chart: &Chart, marker: Marker, size: (u16, u16), expected: &[&str]) {
    let rows = rows(chart, marker, size);
    assert_eq!(rows, expected, "\n{}\n", rows.join("\n"));
}

/// Colours of the plot's cells that show `symbol`.
fn roles(buf: &Buffer, symbol: &str) -> Vec<Color> {
    let mut found: Vec<Color> =
        buf.content.iter().filter(|cell| cell.symbol() == symbol).map(|cell| cell.fg).collect();
    found.dedup();
    found
}

fn role(role: Role) -> Color {
    Color::Indexed(role as u8)
}

fn some<const N: usize>(values: [f64; N]) -> [Option<f64>; N] {
    values.map(Some)
}

#[test]
fn a_gap_interrupts_the_line_and_a_lone_point_is_seen() {
    let points = [Some(0.0), Some(8.0), None, None, Some(4.0), None, Some(8.0), Some(8.0)];
    let chart = example(END, &[&points]);
    compare(
        &chart,
        Marker::Braille,
        (24, 7),
        &[
            "  reads  ─ first 7",
            "10┤   ⡀             ⢀⣀⣀⣀",
            "  │  ⡰⠁",
            "  │ ⡰⠁        ⠐",
            "  │⡰⠁",
            " 0└┬─────────────┬──────",
            " 12:00             12:07",
        ],
    );
    compare(
        &chart,
        Marker::Ascii,
        (24, 7),
        &[
            "  reads  * first 7",
            "10+",
            "  |   *             ****",
            "  | **        *",
            "  |*",
            " 0++-------------+------",
            " 12:00             12:07",
        ],
    );
    compare(
        &chart,
        Marker::Block,
        (24, 7),
        &[
            "  reads  █ first 7",
            "10┤   ▂             ▂▂▂▂",
            "  │  ▅█             ████",
            "  │ ▅██       ▅     ████",
            "  │▅███       █     ████",
            " 0└┬─────────────┬──────",
            " 12:00             12:07",
        ],
    );
}

#[test]
fn a_spike_of_one_minute_survives_a_day() {
    let mut points = vec![Some(10.0); 1_440];
    points[700] = Some(100.0);
    let chart = example(END, &[&points]);
    compare(
        &chart,
        Marker::Braille,
        (40, 7),
        &[
            "  reads  ─ first 7",
            "100┤                 ⢸",
            "   │                 ⢸",
            "   │                 ⣿",
            "   │⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠿⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤",
            "  0└─────────────────┬─────────────────┬",
            "                  Nov 22           12:07",
        ],
    );
    compare(
        &chart,
        Marker::Block,
        (40, 7),
        &[
            "  reads  █ first 7",
            "100┤                 █",
            "   │                 █",
            "   │                 █",
            "   │▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄█▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄",
            "  0└─────────────────┬─────────────────┬",
            "                  Nov 22           12:07",
        ],
    );
    compare(
        &chart,
        Marker::Ascii,
        (40, 7),
        &[
            "  reads  * first 7",
            "100+                 *",
            "   |                 *",
            "   |                 *",
            "   |************************************",
            "  0+-----------------+-----------------+",
            "                  Nov 22           12:07",
        ],
    );
}

#[test]
fn a_level_is_drawn_where_it_lies_unless_it_would_flatten_the_lines() {
    let mut chart = example(END, &[&some([10.0, 12.0, 11.0, 14.0, 30.0, 12.0])]);
    let level = |label: &str, value| Level { label: label.to_owned(), value };
    chart.levels = vec![level("provisioned 35", 35.0), level("max 4,000", 4_000.0)];
    compare(
        &chart,
        Marker::Braille,
        (50, 8),
        &[
            "  reads  ─ first 7  ┄ provisioned 35  ┄ max 4,000↑",
            "40┤⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄",
            "  │                                  ⣀⡠⠔⠒⠤⣀",
            "  │                             ⣀⠤⠔⠊⠉      ⠉⠑⠢⠤⣀",
            "  │⠤⠤⠤⠤⠤⠒⠒⠒⠒⠒⠒⠒⠒⠒⠤⠤⠤⠤⠤⠤⠤⠒⠒⠒⠒⠒⠉⠉⠉                ⠉⠒",
            "  │",
            " 0└────────────────────────────┬──────────────────",
            "                             12:05           12:07",
        ],
    );
    compare(
        &chart,
        Marker::Ascii,
        (50, 8),
        &[
            "  reads  * first 7  - provisioned 35  - max 4,000^",
            "40+",
            "  |- - - - - - - - - - - - - - - - - -*****- - - -",
            "  |                               ****     ****",
            "  |*******************************             ***",
            "  |",
            " 0+----------------------------+------------------",
            "                             12:05           12:07",
        ],
    );
    let buf = painted(&chart, Marker::Braille, (50, 8));
    assert_eq!(roles(&buf, "┄"), [role(Role::Limit)]);
}

#[test]
fn what_is_still_settling_is_told_apart() {
    let points = some([5.0, 6.0, 6.0, 7.0, 8.0, 8.0, 9.0, 9.0, 8.0, 8.0]);
    let mut chart = example(END, &[&points]);
    chart.settled_through = Some(chart.window.end.plus(-5));
    compare(
        &chart,
        Marker::Braille,
        (30, 6),
        &[
            "  reads  ─ first 7",
            "10┤       ⢀⣀⣀⡠⠤⠤⠤⠤⠄⠂⠂⠂⠂⠂⠂⠄⠄⠄⠄⠄",
            "  │⠤⠒⠊⠉⠉⠉⠉⠁",
            "  │",
            " 0└──────┬─────────────┬──────",
            "       12:00             12:07",
        ],
    );
    compare(
        &chart,
        Marker::Ascii,
        (30, 6),
        &[
            "  reads  * first 7",
            "10+           ****::::::::::::",
            "  |***********",
            "  |",
            " 0+------+-------------+------",
            "       12:00             12:07",
        ],
    );
    compare(
        &chart,
        Marker::Block,
        (30, 6),
        &[
            "  reads  █ first 7",
            "10┤         ▁▂▂▃▃▃░░░░░░░░░░░░",
            "  │▄▅▆▇▇▇▇████████░░░░░░░░░░░░",
            "  │███████████████░░░░░░░░░░░░",
            " 0└──────┬─────────────┬──────",
            "       12:00             12:07",
        ],
    );
    for (marker, symbol) in [(Marker::Ascii, ":"), (Marker::Block, "░")] {
        let buf = painted(&chart, marker, (30, 6));
        assert!(roles(&buf, symbol).contains(&role(Role::Settling)));
    }
    chart.settled_through = None;
    assert!(!rows(&chart, Marker::Ascii, (30, 6))[1..].concat().contains('*'));
}

#[test]
fn zeroes_lie_on_the_bottom_and_no_data_leave_it_bare() {
    let chart = example(END, &[&some([0.0; 30])]);
    compare(
        &chart,
        Marker::Braille,
        (24, 6),
        &[
            "  reads  ─ first 7",
            "1┤",
            " │",
            " │⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀",
            "0└────────────────┬─────",
            "                   12:07",
        ],
    );
    compare(
        &chart,
        Marker::Block,
        (24, 6),
        &[
            "  reads  █ first 7",
            "1┤",
            " │",
            " │▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁",
            "0└────────────────┬─────",
            "                   12:07",
        ],
    );
    let chart = example(END, &[&[None; 30]]);
    compare(
        &chart,
        Marker::Braille,
        (24, 6),
        &[
            "  reads  ─ first 7",
            " │",
            " │",
            " │",
            "0└────────────────┬─────",
            "                   12:07",
        ],
    );
    let chart = example(END, &[&some([3.0])]);
    compare(
        &chart,
        Marker::Braille,
        (24, 6),
        &[
            "  reads  ─ first 7",
            "4┤                     ⢀",
            " │",
            " │",
            "0└─────────────────────┬",
            "                   12:07",
        ],
    );
}

#[test]
fn the_cursor_and_events_share_the_minutes_of_the_lines() {
    let mut chart = example(END, &[&some([4.0; 60])]);
    chart.cursor = Some(chart.window.start.plus(20));
    chart.events = vec![Event { minute: chart.window.start.plus(40), mark: '^' }];
    compare(
        &chart,
        Marker::Braille,
        (50, 7),
        &[
            "  reads  ─ first 7",
            "4┤⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉",
            " │                │",
            " │                │",
            " │                │",
            "0└──────┬─────────┴─┬──────────┬──^────────┬──────",
            "      11:15     11:28        11:45           12:07",
        ],
    );
    compare(
        &chart,
        Marker::Ascii,
        (50, 7),
        &[
            "  reads  * first 7",
            "4+************************************************",
            " |                |",
            " |                |",
            " |                |",
            "0+------+---------|-+----------+--^--------+------",
            "      11:15     11:28        11:45           12:07",
        ],
    );
    compare(
        &chart,
        Marker::Braille,
        (50, 5),
        &[
            "  reads  ─ first 7",
            "4┤⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉",
            " │                │",
            " │                │",
            "0└──────┬─────────┴─┬──────────┬──^────────┬──────",
        ],
    );
    let buf = painted(&chart, Marker::Braille, (50, 7));
    assert_eq!(roles(&buf, "^"), [role(Role::Event)]);
    assert_eq!(roles(&buf, "┴"), [role(Role::TimeCursor)]);
    chart.cursor = Some(chart.window.end);
    assert!(!rows(&chart, Marker::Braille, (50, 7)).concat().contains('┴'), "outside the window");
}

#[test]
fn lines_differ_without_colour_and_the_front_one_owns_a_shared_cell() {
    let (flat, rising) =
        (some([5.0; 12]), some([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 9.5, 10.0]));
    let mut chart = example(END, &[&flat, &rising, &some([9.0; 12])]);
    chart.lines[0].stroke = Stroke::Dotted;
    chart.lines[2].stroke = Stroke::Dashed;
    compare(
        &chart,
        Marker::Braille,
        (40, 8),
        &[
            "  reads",
            "  · first 7  ─ second 7  ╌ third 7",
            "10┤⠒⠒ ⠒⠒ ⠒⠒ ⠒⠒ ⠒⠒ ⠒⠒ ⠒⠒ ⠒⠒ ⠒⠒⣀⡲⠶⠔⠒⠒⠒⠒⠒⠉⠛",
            "  │                 ⢀⣀⡠⠤⠔⠒⠒⠉⠉",
            "  │⠁⠁⠁⠁⠁⠁⠁⠁⢁⣁⣁⠥⠥⠓⠓⠉⠉⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁",
            "  │⣀⣀⠤⠤⠔⠒⠉⠉⠁",
            " 0└─────────────┬───────────────┬───────",
            "              12:00                12:07",
        ],
    );
    compare(
        &chart,
        Marker::Block,
        (40, 8),
        &[
            "  reads",
            "  █ first 7  • second 7  ◦ third 7",
            "10┤◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦",
            "  │                  ••••••••••",
            "  │█████•••••••••••••███████████████████",
            "  │•••••████████████████████████████████",
            " 0└─────────────┬───────────────┬───────",
            "              12:00                12:07",
        ],
    );
    compare(
        &chart,
        Marker::Ascii,
        (40, 8),
        &[
            "  reads",
            "  * first 7  + second 7  o third 7",
            "10+ooooooooooooooooooooooooooooooooooooo",
            "  |                  ++++++++++",
            "  |*****+++++++++++++*******************",
            "  |+++++",
            " 0+-------------+---------------+-------",
            "              12:00                12:07",
        ],
    );
    chart.lines[1].points = flat.to_vec();
    let buf = painted(&chart, Marker::Ascii, (40, 8));
    assert!(!roles(&buf, "*")[1..].contains(&role(Role::Line1)), "hidden behind the second");
}

#[test]
fn a_focused_chart_has_a_pointer_and_its_title_stands_still() {
    let mut chart = example(END, &[&some([1.0; 5])]);
    let calm = rows(&chart, Marker::Braille, (30, 6));
    chart.focused = true;
    let focused = rows(&chart, Marker::Braille, (30, 6));
    assert_eq!(
        (calm[0].as_str(), focused[0].as_str()),
        ("  reads  ─ first 7", "▶ reads  ─ first 7")
    );
    assert_eq!(calm[1..], focused[1..]);
    assert_eq!(roles(&painted(&chart, Marker::Braille, (30, 6)), "▶"), [role(Role::Focus)]);
    assert!(rows(&chart, Marker::Ascii, (30, 6))[0].starts_with("> reads"));
}

#[test]
fn a_note_stands_in_place_of_the_lines() {
    let mut chart = example(END, &[&some([1.0; 30])]);
    chart.note = Some("no permission for cloudwatch:GetMetricData".to_owned());
    chart.cursor = Some(chart.window.start);
    compare(
        &chart,
        Marker::Braille,
        (40, 8),
        &[
            "  reads  ─ first 7",
            "1┤",
            " │          no permission for",
            " │       cloudwatch:GetMetricData",
            " │",
            " │",
            "0└┴──┬───────────┬────────────┬─────────",
            "11:38          11:50        12:00  12:07",
        ],
    );
    compare(
        &chart,
        Marker::Braille,
        (18, 4),
        &["  reads  ─ first 7", "1┤ no permission", " │ for cloudwatc…", "0└┴──────────┬────"],
    );
}

#[test]
fn the_legend_gives_way_from_its_labels_to_its_values() {
    let mut chart = example(END, &[&some([700.0; 30]), &some([650.0; 30])]);
    chart.title = "orders: reads, units/s".to_owned();
    chart.lines[0].label = "consumed".to_owned();
    chart.lines[1].label = "by-customer".to_owned();
    chart.levels = vec![Level { label: "provisioned 1,000".to_owned(), value: 1_000.0 }];
    let cases: [(u16, u16, &[&str]); 5] =
        [(90, 8, &["?"]), (60, 8, &["?"]), (60, 7, &["?"]), (40, 7, &["?"]), (18, 4, &["?"])];
    for (width, height, heading) in cases {
        let rows = rows(&chart, Marker::Braille, (width, height));
        println!("{width}x{height}\n{}", rows.join("\n"));
    }
}

#[test]
fn no_size_panics_and_nothing_is_painted_outside() {
    let points: Vec<Option<f64>> =
        (0..90).map(|i| (i % 17 != 0).then(|| f64::from(i * i % 61))).collect();
    let odd = [Some(f64::NAN), Some(f64::INFINITY), Some(-5.0), Some(1e300)];
    let mut full = example(END, &[&points, &odd]);
    full.focused = true;
    full.cursor = Some(full.window.start.plus(44));
    full.events = vec![Event { minute: full.window.start, mark: '日' }];
    full.levels = vec![Level { label: "max 40".to_owned(), value: 40.0 }];
    let mut noted = full.clone();
    noted.note = Some("reading the last three hours".to_owned());
    let mut bare = example(END, &[&[]]);
    bare.window.start = bare.window.end;
    let charts = [
        (&full, Marker::Braille),
        (&full, Marker::Block),
        (&full, Marker::Ascii),
        (&noted, Marker::Braille),
        (&bare, Marker::Block),
    ];
    for (chart, marker) in charts {
        for (width, height) in (0..60).flat_map(|width| (0..20).map(move |height| (width, height)))
        {
            stays_inside(chart, marker, Rect::new(2, 1, width, height));
        }
    }
}

fn stays_inside(chart: &Chart, marker: Marker, area: Rect) {
    const OUTSIDE: &str = "@";
    let mut buf = Buffer::filled(Rect::new(0, 0, 64, 22), Cell::new(OUTSIDE));
    for position in area.positions() {
        buf[position].reset();
    }
    crate::ui::draw_chart(chart, marker, &probe(), area, &mut buf);
    let untouched = buf.content.iter().filter(|cell| cell.symbol() == OUTSIDE).count();
    assert_eq!(untouched, buf.content.len() - area.area() as usize, "{area} with {marker:?}");
    let ascii = buf.content.iter().all(|cell| cell.symbol().is_ascii());
    assert!(ascii || marker != Marker::Ascii, "{area}");
}

#[test]
fn an_area_larger_than_the_buffer_is_cut() {
    let chart = example(END, &[&some([1.0; 30])]);
    let mut buf = Buffer::empty(Rect::new(0, 0, 20, 5));
    crate::ui::draw_chart(&chart, Marker::Braille, &probe(), Rect::new(5, 3, 90, 90), &mut buf);
    crate::ui::draw_chart(&chart, Marker::Braille, &probe(), Rect::new(50, 30, 9, 9), &mut buf);
}
