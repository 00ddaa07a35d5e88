//! Where charts are painted, and what gives way where room lacks.

mod pictures;

use super::*;
use crate::ui::theme::Theme;
use crate::view::chart::{Event, Level, Mark, Stroke, example};
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
fn the_legend_gives_way_from_short_names_to_fewer_entries() {
    let mut chart = example(END, &[&some([700.0; 30]), &some([650.0; 30])]);
    chart.title = "orders: reads, units/s".to_owned();
    chart.lines[0].label = "consumed".to_owned();
    chart.lines[0].short = "used";
    chart.lines[1].label = "by-customer".to_owned();
    chart.levels =
        vec![Level { label: "provisioned 1,000".to_owned(), short: "prov", value: 1_000.0 }];
    let title = "  orders: reads, units/s";
    let beside = |legend: &str| vec![format!("{title}  {legend}")];
    let below = |legend: &str| vec![title.to_owned(), format!("  {legend}")];
    let cases = [
        ((90, 8), beside("─ consumed 7  ─ by-customer 7  ┄ provisioned 1,000")),
        ((60, 8), below("─ consumed 7  ─ by-customer 7  ┄ provisioned 1,000")),
        ((44, 8), below("─ used 7  ─ by-customer 7  ┄ prov 1,000")),
        ((65, 7), beside("─ used 7  ─ by-customer 7  ┄ prov 1,000")),
        ((40, 7), beside("─ used 7 …")),
        ((18, 4), vec!["  orders: reads, …".to_owned()]),
    ];
    for (size, heading) in cases {
        let rows = rows(&chart, Marker::Braille, size);
        assert_eq!(rows[..heading.len()], *heading, "{size:?}\n{}", rows.join("\n"));
    }
    chart.short_title = "reads";
    let narrow = &rows(&chart, Marker::Braille, (41, 7))[0];
    assert_eq!(narrow, "  reads  ─ used 7 ─ by-customer 7 ┄ 1,000");
    chart.lines[1].label = String::new();
    let narrow = &rows(&chart, Marker::Braille, (26, 7))[0];
    assert_eq!(narrow, "  reads  ─ used 7 ┄ 1,000", "a value without a name goes first");
    chart.levels[0].value = 2_801.0;
    let first = &rows(&chart, Marker::Ascii, (90, 8))[0];
    assert!(first.ends_with("- provisioned 1,000^"), "{first}");
}

#[test]
fn several_levels_keep_their_names_and_are_drawn_as_the_legend_says() {
    let level = |label: &str, short, value| Level { label: label.to_owned(), short, value };
    let mut points = some([100.0; 30]);
    points[0] = Some(700.0);
    let mut chart = example(END, &[&points]);
    chart.lines[0].label = "consumed".to_owned();
    chart.lines[0].short = "used";
    chart.levels =
        vec![level("provisioned 900", "prov", 900.0), level("target 70% 300", "target", 300.0)];
    for (marker, [legend, first, second]) in [
        (Marker::Braille, ["─ used 7 ┄ prov 900 ╌ target 70% 300", "⡀ ⡀ ⡀ ⡀", "⠤⠤⠤   ⠤⠤⠤"]),
        (Marker::Block, ["█ used 7 ┄ prov 900 ╌ target 70% 300", "┄┄┄┄", "╌╌╌╌"]),
        (Marker::Ascii, ["* used 7 - prov 900 = target 70% 300", "- - - -", "= = = ="]),
    ] {
        let rows = rows(&chart, marker, (38, 12));
        let shown = rows.join("\n");
        assert_eq!(rows[1].trim(), legend, "{shown}");
        let row = |part: &str| rows.iter().position(|row| row.contains(part));
        assert!(row(first) < row(second) && row(first).is_some(), "{first} {second}\n{shown}");
    }
}

#[test]
fn a_number_at_the_axis_stands_beside_the_row_in_which_it_is_drawn() {
    for marker in [Marker::Braille, Marker::Block, Marker::Ascii] {
        for (value, label) in [(0.0, "0"), (1_000.0, "1,000")] {
            let mut points = [Some(value); 60];
            points[59] = Some(1_000.0);
            let rows = rows(&example(END, &[&points]), marker, (40, 9));
            let row = rows.iter().find(|row| row.trim_start().starts_with(label)).unwrap();
            let drawn = row.split(['┤', '+']).nth(1).unwrap_or_default().trim();
            // An area of blocks has no height where its line is 0.
            let is_there = drawn.chars().count() >= 20 || (value <= 0.0 && marker == Marker::Block);
            assert!(is_there, "{label}: {}", rows.join("\n"));
        }
    }
}

#[test]
fn a_mark_on_a_dim_axis_is_not_dim() {
    let mut chart = example(END, &[&some([1.0; 30])]);
    chart.events = vec![Event { minute: chart.window.start.plus(15), mark: Mark::Alarm }];
    let theme = Theme::from_fn(|role| {
        if role == Role::Axis { Style::new().dim() } else { Style::new().fg(Color::Red) }
    });
    let area = Rect::new(0, 0, 40, 8);
    let mut buf = Buffer::empty(area);
    crate::ui::draw_chart(&chart, Marker::Braille, &theme, area, &mut buf);
    let mark = buf.content.iter().find(|cell| cell.symbol() == "!").unwrap();
    assert_eq!((mark.fg, mark.modifier.is_empty()), (Color::Red, true));
}

#[test]
fn a_terminal_without_unicode_gets_ascii_whatever_the_marker() {
    let chart = example(END, &[&some([3.0; 30])]);
    let area = Rect::new(0, 0, 40, 8);
    for marker in [Marker::Braille, Marker::Block] {
        let mut buf = Buffer::empty(area);
        let theme = probe();
        let mut pen =
            Pen { theme: &theme, charset: Charset::Ascii, marker: Marker::Ascii, buf: &mut buf };
        paint(&chart, marker, area, &mut pen);
        assert_eq!(buf, painted(&chart, Marker::Ascii, (40, 8)));
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
    full.events = vec![Event { minute: full.window.start, mark: Mark::Alarm }];
    full.levels = vec![Level { label: "max 40".to_owned(), short: "", value: 40.0 }];
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
