//! A chart as data: what is drawn, over which minutes, against what; the same for every painter.

use super::Role;
use super::format::Unit;
use crate::model::time::{Minute, Window};

/// What the picture of a chart is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Marker {
    /// Braille patterns: two dots across and four down in a cell.
    #[default]
    Braille,
    /// The first line as an area of block elements, the others as marks; for fonts without braille.
    Block,
    /// One ASCII character per cell.
    Ascii,
}

/// How a line is drawn, so that lines differ where there is no colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stroke {
    /// From point to point.
    Solid,
    /// With small gaps.
    Dotted,
    /// With large gaps.
    Dashed,
}

/// One line of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its name in the legend.
    pub label: String,
    /// Its value in the legend: that of the cursor's minute, or of the newest settled one.
    pub value: String,
    /// What its colour means.
    pub role: Role,
    /// How it is drawn.
    pub stroke: Stroke,
    /// One point per minute of the chart's window, oldest first; `None` interrupts the line.
    pub points: Vec<Option<f64>>,
}

/// A level that lines are compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// Its name in the legend, such as `provisioned 1,000`.
    pub label: String,
    /// Where it lies, in the unit of the lines.
    pub value: f64,
}

/// Something that happened while the chart's lines were measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub minute: Minute,
    /// One cell that stands for it on the time axis, such as `^` for more capacity.
    pub mark: char,
}

/// One chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What is drawn, with its unit, such as `orders: reads, units/s`.
    pub title: String,
    /// How the axis writes numbers.
    pub unit: Unit,
    /// The minutes drawn; the axis is labelled in UTC, or in local time after `utc_offset_minutes`.
    pub window: Window,
    /// Minutes that local time is ahead of UTC; 0 for UTC.
    pub utc_offset_minutes: i64,
    /// From back to front.
    pub lines: Vec<Line>,
    /// Levels that the lines are compared with; they are in view if the lines come near.
    pub levels: Vec<Level>,
    /// What happened meanwhile.
    pub events: Vec<Event>,
    /// The newest settled minute: points after it are drawn as settling.
    pub settled_through: Option<Minute>,
    /// The minute that the user points at.
    pub cursor: Option<Minute>,
    /// Why there is nothing to draw, or nothing yet; shown in place of the lines.
    pub note: Option<String>,
    /// Whether keys act on it.
    pub focused: bool,
}
