//! Charts as pictures: everything is inside, nothing overlaps, gaps are gaps.

use super::font::ADVANCE;
use super::scene::{Rectangle, Rgb, Scene, Shape};
use super::{Caption, SIZE, chart, palette};
use crate::model::time::{Minute, Window};
use crate::view::Role;
use crate::view::chart::{Chart, Event, Level, Line, Mark, Stroke, example};

const END: &str = "2026-11-22T12:04:00Z";

fn caption(title: &str) -> Caption {
    let place = "account 123456789012, us-east-1 · simulated · figures of 12:01 UTC".to_owned();
    Caption { title: title.to_owned(), place, unit: "events/min" }
}

/// A chart of an hour with everything that one can have, and then some.
fn crowded() -> Chart {
    let points: Vec<Option<f64>> = (0..60).map(|minute| Some(f64::from(minute) * 20.0)).collect();
    let mut chart = example(END, &[&points]);
    let name = |place: usize| format!("{place} {}", "BatchExecuteStatement-".repeat(3));
    let roles =
        [Role::Line1, Role::Line2, Role::Line3, Role::Line4, Role::Line5, Role::Line6, Role::Limit];
    let strokes = [Stroke::Solid, Stroke::Dotted, Stroke::Dashed].into_iter().cycle();
    let lines = roles.into_iter().zip(strokes).enumerate().map(|(place, (role, stroke))| Line {
        label: name(place),
        value: "123,456".to_owned(),
        role,
        stroke,
        ..chart.lines[0].clone()
    });
    chart.lines = lines.collect();
    let level = |value: f64| Level { label: format!("provisioned {value}"), short: "", value };
    chart.levels = vec![level(1_000.0), level(1_000_000.0)];
    let marks = Mark::ALL.into_iter().cycle().zip(0..60);
    let event = |(mark, minute)| Event { minute: chart.window.start.plus(minute), mark };
    chart.events = marks.map(event).collect();
    chart.settled_through = Some(chart.window.end.plus(-4));
    chart
}

/// Where ink may be, of every text.
fn texts(scene: &Scene) -> Vec<(&str, Rectangle)> {
    let texts = scene.shapes.iter().filter_map(|(shape, _)| match shape {
        Shape::Text(text) => Some(text),
        Shape::Boxes(_) | Shape::Polygon(_) | Shape::Lines(..) => None,
    });
    texts
        .map(|text| {
            let ((left, baseline), size) = (text.at, text.size);
            let width = text.content.chars().count() as f32 * ADVANCE * size;
            let top = baseline - 0.75 * size;
            (text.content.as_str(), Rectangle { left, top, width, height: 0.95 * size })
        })
        .collect()
}

fn overlap(a: &Rectangle, b: &Rectangle) -> bool {
    a.left < b.left + b.width
        && b.left < a.left + a.width
        && a.top < b.top + b.height
        && b.top < a.top + a.height
}

#[test]
fn no_text_lies_on_another_or_leaves_the_picture() {
    let long = format!("table/{}/index/{}: writes", "t".repeat(255), "i".repeat(255));
    let mut day = crowded();
    day.window = Window::ending(Minute::containing(END.parse().unwrap()), 1_440);
    let mut empty = crowded();
    empty.note = Some("none since 11:20; before that not known".to_owned());
    for (name, chart) in [("crowded", crowded()), ("a day", day), ("empty", empty)] {
        let scene = super::chart(&chart, &caption(&long));
        let texts = texts(&scene);
        assert!(texts.len() > 30, "{name}: {}", texts.len());
        for (place, (text, area)) in texts.iter().enumerate() {
            assert!(area.left >= 0.0 && area.top >= 0.0, "{name}: {text}");
            assert!(area.left + area.width <= SIZE.0 as f32, "{name}: {text} {area:?}");
            assert!(area.top + area.height <= SIZE.1 as f32, "{name}: {text}");
            for (other, its) in &texts[place + 1..] {
                assert!(!overlap(area, its), "{name}: {text} on {other}: {area:?} {its:?}");
            }
        }
        assert!(texts[0].0.contains('…') && texts[0].0.ends_with(": writes"), "{}", texts[0].0);
    }
}

/// The lines of one colour and at least two pixels.
fn lines(scene: &Scene, color: Rgb) -> Vec<Vec<(f32, f32)>> {
    let of_color = scene.shapes.iter().filter_map(|(shape, paint)| match shape {
        Shape::Lines(lines, width) if paint.color == color && *width >= 2.0 => Some(lines.clone()),
        Shape::Lines(..) | Shape::Boxes(_) | Shape::Polygon(_) | Shape::Text(_) => None,
    });
    of_color.flatten().collect()
}

#[test]
fn a_gap_parts_a_line_and_a_lone_point_is_a_dot() {
    let mut points: Vec<Option<f64>> = vec![Some(5.0); 60];
    points[20..30].fill(None);
    points[24] = Some(7.0);
    let scene = chart(&example(END, &[&points]), &caption("reads"));
    let drawn = lines(&scene, palette::color(Role::Line1));
    // The first is the sample in the legend.
    assert_eq!(drawn.len(), 3, "{drawn:?}");
    let dots = scene.shapes.iter().filter(|(shape, _)| matches!(shape, Shape::Polygon(_))).count();
    assert_eq!(dots, 1);
}

#[test]
fn what_may_be_revised_is_dotted_and_said_to_be() {
    let points = vec![Some(5.0); 60];
    let mut settling = example(END, &[&points]);
    let dashes = |chart: &Chart| {
        lines(&super::chart(chart, &caption("")), palette::color(Role::Line1)).len()
    };
    assert_eq!(dashes(&settling), 2);
    settling.settled_through = Some(settling.window.end.plus(-6));
    assert!(dashes(&settling) > 10, "{}", dashes(&settling));
    let scene = super::chart(&settling, &caption(""));
    assert!(texts(&scene).iter().any(|(text, _)| *text == "not settled: may be revised"));
}

/// Contrast to white (WCAG 2.2), 1 to 21.
fn contrast([red, green, blue]: Rgb) -> f64 {
    let linear = |channel: u8| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    1.05 / (0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) + 0.05)
}

/// About how a colour looks to eyes without the cones for green (Viénot, Brettel and Mollon 1999), as
/// the yellow-blue and the light of it.
fn deuteranopic([red, green, blue]: Rgb) -> [f64; 2] {
    let [red, green, blue] =
        [red, green, blue].map(|channel| (f64::from(channel) / 255.0).powf(2.2));
    let yellow = 0.292_75 * red + 0.707_25 * green;
    let blue = -0.022_34 * red + 0.022_34 * green + blue;
    [yellow, blue].map(|light: f64| light.max(0.0).powf(1.0 / 2.2) * 255.0)
}

#[test]
fn lines_are_seen_on_white_and_told_apart_by_colour_blind_eyes() {
    let roles =
        [Role::Line1, Role::Line2, Role::Line3, Role::Line4, Role::Line5, Role::Line6, Role::Limit];
    for (place, role) in roles.iter().enumerate() {
        let color = palette::color(*role);
        assert!(contrast(color) >= 3.0, "{role:?}: {}", contrast(color));
        for other in &roles[place + 1..] {
            let (a, b) = (deuteranopic(color), deuteranopic(palette::color(*other)));
            let distance = (a[0] - b[0]).hypot(a[1] - b[1]);
            assert!(distance >= 20.0, "{role:?} and {other:?}: {distance}");
        }
    }
}

#[test]
fn both_formats_are_written_from_the_same_scene_and_are_the_same_each_time() {
    let scene = chart(&crowded(), &caption("writes"));
    assert_eq!(scene.svg(), chart(&crowded(), &caption("writes")).svg());
    let png = scene.png(1).unwrap();
    assert_eq!(png, scene.png(1).unwrap());
    assert!(png.starts_with(b"\x89PNG") && scene.svg().starts_with("<svg "));
    assert!(scene.png(u8::MAX).is_err(), "too large");
}
