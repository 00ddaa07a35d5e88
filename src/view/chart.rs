//! A chart as data: what is drawn, over which minutes, against what; the same for every painter.

mod axis;

use super::Role;
use super::format::Unit;
use crate::model::local::UtcOffset;
use crate::model::time::{Minute, Window};
pub use axis::{Scale, Tick};

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
    /// Its name where that finds no room; empty if it has no shorter one.
    pub short: &'static str,
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
    /// The words of its name where they find no room, such as `prov`; may be empty.
    pub short: &'static str,
    /// Where it lies, in the unit of the lines.
    pub value: f64,
}

/// What happened, as the axis of time tells it: where several things share a cell, the last of
/// these is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// What the chart is drawn from could not be read.
    Unread,
    /// Status, billing mode or maximum changed, or capacity by an amount that is not known.
    Changed,
    /// Capacity was lowered.
    Lowered,
    /// Capacity was raised.
    Raised,
    /// This program wrote something.
    Edited,
    /// An alarm went back to `OK`.
    Calmed,
    /// Autoscaling wanted to change capacity and could not, such as at its maximum.
    NotScaled,
    /// Autoscaling tried to change capacity and failed.
    Failed,
    /// An alarm went to `ALARM`.
    Alarm,
}

impl Mark {
    /// All of them, in the order in which they are explained.
    pub const ALL: [Self; 9] = [
        Self::Raised,
        Self::Lowered,
        Self::Changed,
        Self::NotScaled,
        Self::Failed,
        Self::Alarm,
        Self::Calmed,
        Self::Unread,
        Self::Edited,
    ];

    /// One cell of ASCII, unlike anything else on an axis.
    pub fn glyph(self) -> &'static str {
        match self {
            Self::Raised => "^",
            Self::Lowered => "v",
            Self::Changed => "*",
            Self::NotScaled => "#",
            Self::Failed => "x",
            Self::Alarm => "!",
            Self::Calmed => "o",
            Self::Unread => "?",
            Self::Edited => "e",
        }
    }

    /// What it means, in a word or two.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Lowered => "lowered",
            Self::Changed => "changed",
            Self::NotScaled => "not scaled",
            Self::Failed => "failed",
            Self::Alarm => "ALARM",
            Self::Calmed => "OK again",
            Self::Unread => "not read",
            Self::Edited => "edited here",
        }
    }

    /// How it is painted.
    pub fn role(self) -> Role {
        match self {
            Self::Raised | Self::Lowered | Self::Changed | Self::Edited | Self::Calmed => {
                Role::Event
            }
            Self::NotScaled | Self::Failed | Self::Alarm => Role::Trouble,
            Self::Unread => Role::Problem,
        }
    }
}

/// Something that happened while the chart's lines were measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub minute: Minute,
    /// What.
    pub mark: Mark,
}

/// One chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What is drawn, with its unit, such as `orders: reads, units/s`.
    pub title: String,
    /// The title where that leaves no room for the legend; empty if there is no shorter one.
    pub short_title: &'static str,
    /// How the axis writes numbers.
    pub unit: Unit,
    /// The minutes drawn; the axis is labelled in UTC, or in local time after `utc_offset`.
    pub window: Window,
    /// How far shown times are ahead of UTC.
    pub utc_offset: UtcOffset,
    /// From back to front.
    pub lines: Vec<Line>,
    /// Levels that the lines are compared with; they are in view if the lines come near.
    pub levels: Vec<Level>,
    /// Up to where the axis reaches at least, in the unit of the lines: charts that are compared share it.
    pub least_top: Option<f64>,
    /// What happened meanwhile; of what shares a cell, the last one is shown.
    pub events: Vec<Event>,
    /// Minutes that the axis of time marks, such as those an alarm looks at.
    pub marked: Option<Window>,
    /// The newest settled minute: points after it are drawn as settling.
    pub settled_through: Option<Minute>,
    /// The minute that the user points at.
    pub cursor: Option<Minute>,
    /// Why there is nothing to draw, or nothing yet; shown in place of the lines.
    pub note: Option<String>,
    /// Whether keys act on it.
    pub focused: bool,
}

impl Chart {
    /// The points of `line` inside the window, oldest first: never negative, always finite.
    pub fn points<'a>(&self, line: &'a Line) -> impl Iterator<Item = Option<f64>> + use<'a> {
        let minutes = usize::try_from(self.window.minutes()).unwrap_or(usize::MAX);
        let sane = |point: Option<f64>| point.filter(|v| v.is_finite()).map(|v| v.max(0.0));
        line.points.iter().take(minutes).map(move |point| sane(*point))
    }

    /// How many of the window's minutes are settled; the others come after them.
    pub fn settled_minutes(&self) -> i64 {
        let settled =
            self.settled_through.map_or(0, |minute| minute.plus(1).since(self.window.start));
        settled.clamp(0, self.window.minutes())
    }
}

/// A chart of the minutes before `end`, with one solid line for each of `lines`.
#[cfg(test)]
pub(crate) fn example(end: &str, lines: &[&[Option<f64>]]) -> Chart {
    const ROLES: [Role; 3] = [Role::Line1, Role::Line2, Role::Line3];
    let minutes = lines.first().map_or(60, |points| i64::try_from(points.len()).unwrap());
    let end = Minute::containing(end.parse().unwrap());
    let line = |(points, (role, label)): (&&[Option<f64>], (Role, &str))| Line {
        label: label.to_owned(),
        short: "",
        value: "7".to_owned(),
        role,
        stroke: Stroke::Solid,
        points: points.to_vec(),
    };
    Chart {
        title: "reads".to_owned(),
        short_title: "",
        unit: Unit::Count,
        window: Window::ending(end, minutes),
        utc_offset: UtcOffset::ZERO,
        lines: lines
            .iter()
            .zip(ROLES.into_iter().zip(["first", "second", "third"]))
            .map(line)
            .collect(),
        levels: vec![],
        least_top: None,
        events: vec![],
        marked: None,
        settled_through: Some(end),
        cursor: None,
        note: None,
        focused: false,
    }
}
