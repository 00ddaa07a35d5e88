//! View models: what the screen says, as plain text with roles, without a terminal.

pub mod alarms;
pub mod chart;
pub mod charts;
pub mod dax;
pub mod detail;
pub mod edit;
pub mod format;
pub mod header;
pub mod hot_keys;
pub mod places;
pub mod pollers;
pub mod scaling;
pub mod sheet;
pub mod table;
pub mod tables;
pub mod text;
pub mod timeline;
pub mod times;

pub use text::Charset;

use chart::{Chart, Marker};
use dax::DaxPane;
use hot_keys::HotKeysPane;
use sheet::Sheet;
use table::TablePane;

/// What a piece of text means; the theme decides how that looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// What is there to be found, not to be noticed: labels, zeroes, legends.
    Dim,
    /// Names of things: the product, the selected resource.
    Title,
    /// A column's head.
    Head,
    /// The head of the sorted column.
    Sorted,
    /// The selected row's name.
    Selected,
    /// Worth a look: an isolated throttle, use close to capacity.
    Notice,
    /// Something is in trouble.
    Trouble,
    /// Data that could not be read again.
    Stale,
    /// Something that this program could not do.
    Problem,
    /// The simulated AWS speaks.
    Demo,
    /// Nothing can be written.
    Safe,
    /// A key that works here.
    Key,
    /// A small chart.
    Chart,
    /// The cursor of a text box.
    Cursor,
    /// A production account or profile, as the configuration names it.
    Production,
    /// A chart's axis and its labels.
    Axis,
    /// A limit drawn in a chart: provisioned capacity, a maximum, an alarm's threshold.
    Limit,
    /// The lines of a chart, in the order of its legend.
    Line1,
    /// The second line.
    Line2,
    /// The third line.
    Line3,
    /// The fourth line.
    Line4,
    /// The fifth line.
    Line5,
    /// The sixth line.
    Line6,
    /// Points that CloudWatch may still revise.
    Settling,
    /// Something that happened, marked in a chart.
    Event,
    /// The time cursor through all charts.
    TimeCursor,
    /// The frame of a box that lies over the screen.
    Frame,
    /// The chart or box that keys act on.
    Focus,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 29] = [
        Self::Text,
        Self::Dim,
        Self::Title,
        Self::Head,
        Self::Sorted,
        Self::Selected,
        Self::Notice,
        Self::Trouble,
        Self::Stale,
        Self::Problem,
        Self::Demo,
        Self::Safe,
        Self::Key,
        Self::Chart,
        Self::Cursor,
        Self::Production,
        Self::Axis,
        Self::Limit,
        Self::Line1,
        Self::Line2,
        Self::Line3,
        Self::Line4,
        Self::Line5,
        Self::Line6,
        Self::Settling,
        Self::Event,
        Self::TimeCursor,
        Self::Frame,
        Self::Focus,
    ];
}

/// Text of one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The text, without line ends.
    pub text: String,
    /// What it means.
    pub role: Role,
}

impl Span {
    /// Makes a span.
    pub fn new(text: impl Into<String>, role: Role) -> Self {
        Self { text: text.into(), role }
    }
}

/// Spans on one line that are shown together or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// From left to right.
    pub spans: Vec<Span>,
    /// Where room lacks, parts of the greatest rank go first; rank 0 is cut rather than dropped.
    pub rank: u8,
}

impl Part {
    /// A part of one span.
    pub fn new(rank: u8, text: impl Into<String>, role: Role) -> Self {
        Self { spans: vec![Span::new(text, role)], rank }
    }
}

/// One line with parts on its left and on its right.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bar {
    /// From the left edge.
    pub left: Vec<Part>,
    /// Up to the right edge.
    pub right: Vec<Part>,
}

/// How wide a column is, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnWidth {
    /// Always this.
    Fixed(u16),
    /// Between the two, as room allows.
    Flexible {
        /// The least that is of use.
        min: u16,
        /// What its longest text takes.
        wanted: u16,
    },
}

/// Where a column's text stands, and which end of it may be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// To the right; figures always fit.
    Right,
    /// To the left, cut in the middle.
    LeftCutMiddle,
    /// To the left, cut at the end.
    LeftCutEnd,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub title: &'static str,
    /// Whether rows are sorted by it, and if so whether the smallest comes first.
    pub sorted: Option<bool>,
    /// Its width.
    pub width: ColumnWidth,
    /// Where room lacks, columns of the greatest rank go first.
    pub rank: u8,
    /// Where its text stands.
    pub align: Align,
}

/// One visible row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// `!` for trouble, `i` for a notice, empty otherwise.
    pub mark: Span,
    /// Whether it is the selected one.
    pub selected: bool,
    /// Whether the user marked it.
    pub marked: bool,
    /// One cell per column.
    pub cells: Vec<Span>,
}

/// A paragraph of the detail strip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// A short word in front, such as `next`; may be empty.
    pub label: &'static str,
    /// The text; it wraps.
    pub text: Span,
}

/// What is known about the selected row, in words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Detail {
    /// The resource's name.
    pub title: String,
    /// From top to bottom, what matters most first.
    pub paragraphs: Vec<Paragraph>,
    /// Charts beside or below the words, as far as there is room.
    pub charts: Vec<Chart>,
}

/// A list with the selected row's detail below.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// All columns in order of display; those that don't fit are left out.
    pub columns: Vec<Column>,
    /// The visible rows.
    pub rows: Vec<Row>,
    /// The selected row's detail; `None` where the list has the whole pane.
    pub detail: Option<Detail>,
}

/// What stands between header and footer.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// A few lines in the middle of the screen.
    Message(Vec<Span>),
    /// A list: the Tables pane, the Timeline, the Pollers pane.
    List(List),
    /// The Table pane.
    Table(TablePane),
    /// The Hot keys pane.
    HotKeys(HotKeysPane),
    /// The DAX pane while a cluster is open.
    Dax(Box<DaxPane>),
    /// One chart that has the whole pane.
    Chart(Box<Chart>),
    /// What is known of one row, in words that have the whole pane.
    Words(Detail),
}

/// A box over the screen: something to type, and choices to pick from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picker {
    /// What it is for.
    pub title: String,
    /// What was typed: before the cursor, under it, after it.
    pub typed: [String; 3],
    /// The choices on show.
    pub choices: Vec<Choice>,
    /// Which choices these are, such as `1-22 of 29`.
    pub position: String,
    /// Lines that are always shown below the choices.
    pub legend: Vec<String>,
}

/// One choice of a [`Picker`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The keys that do the same; may be empty.
    pub keys: String,
    /// What it does.
    pub text: String,
    /// Whether Enter takes it.
    pub selected: bool,
}

/// Everything the screen says at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Screen {
    /// The lines on top.
    pub header: [Bar; Layout::HEADER as usize],
    /// What stands between header and footer.
    pub body: Body,
    /// The last line.
    pub footer: Bar,
    /// A box of choices over all that.
    pub picker: Option<Picker>,
    /// A box that tells of one thing, over all that.
    pub sheet: Option<Sheet>,
    /// Which characters may be used.
    pub charset: Charset,
    /// What charts are made of.
    pub marker: Marker,
}

/// How the rows of the screen are divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Rows of the list, without its heads.
    pub list: u16,
    /// Rows of the detail strip, its title included; 0 where the screen is too low for one.
    pub detail: u16,
}

impl Layout {
    /// Lines of the header.
    pub const HEADER: u16 = 3;
    /// The least width that is of use.
    pub const MIN_WIDTH: u16 = 40;
    /// The least height that is of use.
    pub const MIN_HEIGHT: u16 = 10;
    /// The line of a list's first row: below the header and the heads.
    pub const FIRST_ROW: u16 = Self::HEADER + 1;

    /// Screens at least so wide have charts beside words, others below or between them.
    pub const SIDE_BY_SIDE: u16 = 110;
    /// The least columns and rows that a chart is of use in.
    pub const LEAST_CHART: (u16, u16) = (34, 4);

    /// Divides a screen; `None` if it is too small to be of use. Where the list has the whole
    /// pane there is no strip below it.
    pub fn of(width: u16, height: u16, expanded: bool) -> Option<Self> {
        const LEAST_WITH_DETAIL: u16 = 20;
        const HEADS_AND_FOOTER: u16 = 2;
        if width < Self::MIN_WIDTH || height < Self::MIN_HEIGHT {
            return None;
        }
        let has_detail = height >= LEAST_WITH_DETAIL && !expanded;
        let detail = if has_detail { (height * 3 / 10).clamp(6, 14) } else { 0 };
        Some(Self { list: height - Self::HEADER - HEADS_AND_FOOTER - detail, detail })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_uses_every_row_and_refuses_what_is_too_small() {
        assert_eq!(Layout::of(39, 24, false), None);
        assert_eq!(Layout::of(80, 9, false), None);
        assert_eq!(Layout::of(40, 10, false), Some(Layout { list: 5, detail: 0 }));
        assert_eq!(Layout::of(80, 24, false), Some(Layout { list: 12, detail: 7 }));
        assert_eq!(Layout::of(200, 50, false), Some(Layout { list: 31, detail: 14 }));
        assert_eq!(Layout::of(80, 24, true), Some(Layout { list: 19, detail: 0 }));
    }
}
