//! A chart as a picture: the same chart that the screen shows, with room for all of its words.

use super::canvas::{Canvas, FINE, extent, steps};
use super::font::Weight;
use super::legend;
use super::palette::{DIM, GRID, GROUND, INK, SETTLING, color, plotted};
use super::scene::{self, Paint, Point, Rgb, Scene, Shape, Text};
use crate::model::time::Minute;
use crate::view::Role;
use crate::view::chart::{Chart, Line, Mark, Scale, Stroke};
use crate::view::text::{Charset, cut_middle};
use plotters::chart::{ChartBuilder, ChartContext, LabelAreaPosition};
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::drawing::{DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, Rectangle};
use plotters::series::{DashedLineSeries, LineSeries};
use plotters::style::{Color, FontFamily, IntoFont, ShapeStyle, TRANSPARENT};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::Range;

/// Columns and rows of pixels.
pub const SIZE: (u32, u32) = (1200, 500);

/// Pixels around everything.
const MARGIN: u16 = 24;
/// Pixels left of the plot, for the numbers of its axis.
const LEFT: u16 = 84;
/// Pixels below the plot, for times and dates.
const BELOW: u16 = 32;
/// Pixels of the row in which marks stand.
const MARKS: u16 = 34;
/// Pixels that a mark takes: of those that share them, the last is shown.
const MARK: i32 = 10;
/// Pixels of what marks a place on an axis.
const TICK: u16 = 5;
/// An axis of time names as many minutes as one of so many cells on the screen.
const NAMED_WITHIN: u16 = 140;
/// Pixels of an em of what stands at the axes.
const SMALL: f32 = 13.0;

/// What a picture says besides its chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Caption {
    /// What is measured, such as `table/orders: write units/s`.
    pub title: String,
    /// Where and when, in a line.
    pub place: String,
    /// The unit of the lines, such as `units/s`.
    pub unit: &'static str,
}

/// Draws a chart.
pub fn chart(chart: &Chart, caption: &Caption) -> Scene {
    let mut scene = Scene::new(SIZE, GROUND, format!("{}, {}", caption.title, caption.place));
    let room = SIZE.0 as f32 - 2.0 * f32::from(MARGIN);
    let left = f32::from(MARGIN);
    let title = fitting(&caption.title, 19.0, room);
    write(title, Look { size: 19.0, weight: Weight::Bold, color: INK }, (left, 38.0), &mut scene);
    write(fitting(&caption.place, SMALL, room), QUIET, (left, 60.0), &mut scene);
    let rows = legend::rows(legend::entries(chart), room);
    let bottom = legend::draw(&rows, (left, 70.0), &mut scene);
    let top = bottom + f32::from(MARKS);
    write(caption.unit.to_owned(), QUIET, (left, top - 22.0), &mut scene);
    // Drawing on a scene cannot fail.
    let marks = plot(chart, top, &mut scene).unwrap_or_default();
    mark(&marks, top, &mut scene);
    write(dates(chart), QUIET, (left, SIZE.1 as f32 - 12.0), &mut scene);
    if let Some(note) = &chart.note {
        let width = extent(note, 15.0).0;
        let at =
            ((SIZE.0 as f32 + f32::from(LEFT) - width) / 2.0, f32::midpoint(top, SIZE.1 as f32));
        let (left, top) = (at.0 - 8.0, at.1 - 18.0);
        let free = scene::Rectangle { left, top, width: width + 16.0, height: 26.0 };
        scene.add(Shape::Boxes(vec![free]), Paint::solid(GROUND));
        write(note.clone(), Look { size: 15.0, ..QUIET }, at, &mut scene);
    }
    scene
}

/// The day or days of a chart, and what its times are in.
fn dates(chart: &Chart) -> String {
    let day = |minute: Minute| minute.start().strftime("%Y-%m-%d").to_string();
    let (first, last) = (day(chart.window.start), day(chart.window.end.plus(-1)));
    if first == last { format!("{first}, UTC") } else { format!("{first} to {last}, UTC") }
}

/// How text looks.
#[derive(Clone, Copy)]
struct Look {
    size: f32,
    weight: Weight,
    color: Rgb,
}

const QUIET: Look = Look { size: SMALL, weight: Weight::Regular, color: DIM };

fn write(text: String, look: Look, at: Point, scene: &mut Scene) {
    let Look { size, weight, color } = look;
    scene.add(Shape::Text(Text { content: text, at, size, weight }), Paint::solid(color));
}

/// Cuts the middle out of what does not fit.
fn fitting(text: &str, size: f32, room: f32) -> String {
    let one = extent("m", size).0;
    let cells = (1_u16..1_000).take_while(|cells| f32::from(*cells) * one <= room).count();
    cut_middle(text, cells, Charset::Unicode)
}

/// Draws what happened: a letter above the plot, and a line down to the axis of time.
fn mark(marks: &BTreeMap<i32, (i32, Mark)>, top: f32, scene: &mut Scene) {
    for (slot, (x, mark)) in marks {
        let color = color(mark.role());
        let left = *x as f32;
        let height = SIZE.1 as f32 - f32::from(MARGIN + BELOW) - top;
        let line = scene::Rectangle { left, top: top - 4.0, width: 1.0, height: height + 4.0 };
        scene.add(Shape::Boxes(vec![line]), Paint { color, opacity: 0.45 });
        let middle = (slot * MARK + MARK / 2) as f32;
        let letter = Look { size: 14.0, weight: Weight::Bold, color };
        let at = (middle - extent("m", 14.0).0 / 2.0, top - 8.0);
        write(mark.glyph().to_owned(), letter, at, scene);
    }
}

type Drawn<T = ()> = Result<T, DrawingAreaErrorKind<Infallible>>;
type Plot<'a, 'scene> = ChartContext<'a, Canvas<'scene>, Cartesian2d<Axis, Axis>>;

/// An axis from 0 up, which names a few places.
#[derive(Clone)]
struct Axis {
    end: f64,
    named: Vec<(f64, String)>,
}

impl Axis {
    /// The name of the place that is named nearest to this one.
    fn name_of(&self, place: f64) -> String {
        let distance = |(known, _): &&(f64, String)| (known - place).abs();
        let nearest = self.named.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
        nearest.map(|(_, name)| name.clone()).unwrap_or_default()
    }
}

impl Ranged for Axis {
    type ValueType = f64;
    type FormatOption = DefaultFormatting;

    fn map(&self, value: &f64, (first, last): (i32, i32)) -> i32 {
        let place = f64::from(first) + f64::from(last - first) * value / self.end;
        #[expect(clippy::cast_possible_truncation, reason = "casts from f64 saturate")]
        let pixel = place.round() as i32;
        pixel
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        // Nothing lies between the places that are named.
        let named = self.named.iter().filter(|_| !hint.weight().allow_light_points());
        named.map(|(place, _)| *place).collect()
    }

    fn range(&self) -> Range<f64> {
        0.0..self.end
    }
}

/// Draws axes, levels and lines below `top`; returns where marks belong, by what they share.
fn plot(chart: &Chart, top: f32, scene: &mut Scene) -> Drawn<BTreeMap<i32, (i32, Mark)>> {
    let scale = chart.scale();
    let named = chart.named_minutes(NAMED_WITHIN).into_iter();
    let times = Axis {
        end: index(chart, chart.window.end.plus(-1)).max(1.0),
        named: named.map(|(minute, name)| (index(chart, minute), name)).collect(),
    };
    let values = Axis { end: scale.top, named: scale.labels() };
    let newest = times.end;
    let area = Canvas(scene).into_drawing_area();
    let mut plot = ChartBuilder::on(&area)
        .margin(of_pixels(MARGIN))
        .margin_top(steps(top))
        .set_label_area_size(LabelAreaPosition::Left, of_pixels(LEFT - MARGIN))
        .set_label_area_size(LabelAreaPosition::Bottom, of_pixels(BELOW))
        .build_cartesian_2d(times.clone(), values.clone())?;
    let settled = chart.settled_minutes();
    if settled < chart.window.minutes() {
        let corners = [((settled - 1).max(0) as f64, 0.0), (newest, scale.top)];
        plot.draw_series([Rectangle::new(corners, plotted(SETTLING).filled())])?;
    }
    let font = (FontFamily::Monospace, f64::from(SMALL)).into_font();
    plot.configure_mesh()
        .bold_line_style(plotted(GRID))
        .light_line_style(TRANSPARENT)
        .axis_style(plotted(DIM))
        .set_all_tick_mark_size(of_pixels(TICK))
        .label_style(font.color(&plotted(DIM)))
        .x_label_formatter(&|place| times.name_of(*place))
        .y_label_formatter(&|place| values.name_of(*place))
        .draw()?;
    if chart.note.is_none() {
        levels(chart, &scale, newest, &mut plot)?;
        for line in &chart.lines {
            trace(chart, line, &mut plot)?;
        }
    }
    let mut marks: BTreeMap<i32, (i32, Mark)> = BTreeMap::new();
    for event in chart.events.iter().filter(|event| chart.window.contains(event.minute)) {
        let (x, _) = plot.backend_coord(&(index(chart, event.minute), 0.0));
        let x = x / i32::from(FINE);
        let last = marks.entry(x.div_euclid(MARK)).or_insert((x, event.mark));
        *last = (*last).max((x, event.mark));
    }
    Ok(marks)
}

/// Steps of so many pixels.
fn of_pixels(pixels: u16) -> u32 {
    u32::from(pixels) * u32::from(FINE)
}

/// Minutes since the window began.
fn index(chart: &Chart, minute: Minute) -> f64 {
    minute.since(chart.window.start) as f64
}

fn levels(chart: &Chart, scale: &Scale, newest: f64, plot: &mut Plot<'_, '_>) -> Drawn {
    for level in chart.levels.iter().filter(|level| scale.shows(level)) {
        let ends = [(0.0, level.value), (newest, level.value)];
        dashed(&ends, (8, 4), plotted(color(Role::Limit)).stroke_width(1), plot)?;
    }
    Ok(())
}

/// Points without a gap between them, all of them settled, or all but the first still settling.
struct Run {
    points: Vec<(f64, f64)>,
    is_settled: bool,
}

/// Breaks a line where it has gaps, and where it begins to settle.
fn runs(chart: &Chart, line: &Line) -> Vec<Run> {
    let settled = chart.settled_minutes();
    let mut runs: Vec<Run> = vec![];
    let mut last: Option<(f64, f64)> = None;
    for (minute, value) in (0..).zip(chart.points(line)) {
        let point = value.map(|value| (minute as f64, value));
        let is_settled = minute < settled;
        match (point, runs.last_mut()) {
            (Some(point), Some(run)) if last.is_some() && run.is_settled == is_settled => {
                run.points.push(point);
            }
            (Some(point), _) => {
                let points = last.into_iter().chain([point]).collect();
                runs.push(Run { points, is_settled });
            }
            (None, _) => {}
        }
        last = point;
    }
    runs
}

fn trace(chart: &Chart, line: &Line, plot: &mut Plot<'_, '_>) -> Drawn {
    let color = plotted(color(line.role));
    for Run { points, is_settled } in runs(chart, line) {
        if let [alone] = points.as_slice() {
            plot.draw_series([Circle::new(*alone, of_pixels(3), color.filled())])?;
            continue;
        }
        let stroke = if is_settled { line.stroke } else { Stroke::Dotted };
        let style = color.stroke_width(2);
        match stroke {
            Stroke::Solid => {
                plot.draw_series(LineSeries::new(points, style))?;
            }
            Stroke::Dashed => dashed(&points, (8, 4), style, plot)?,
            Stroke::Dotted => dashed(&points, (2, 4), style, plot)?,
        }
    }
    Ok(())
}

/// Draws a line with dashes and gaps of so many pixels.
fn dashed(
    points: &[(f64, f64)],
    (dash, gap): (u16, u16),
    style: ShapeStyle,
    plot: &mut Plot<'_, '_>,
) -> Drawn {
    let [dash, gap] = [dash, gap].map(of_pixels);
    plot.draw_series(DashedLineSeries::new(points.to_vec(), dash, gap, style)).map(drop)
}
