//! The rows of the Tables pane.

mod cells;

pub use cells::mode;

use super::chart::Marker;
use super::format::LEGEND;
use super::text::{Charset, points_per_cell};
use super::{Align, Column, ColumnWidth, Role, Row, Span};
use crate::diagnose::{Severity, Verdict};
use crate::lint::Finding;
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use crate::store::Reading;
use std::sync::Arc;

/// What the rows can be sorted by: any column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortBy {
    /// What to do first, then throttle events, then use.
    #[default]
    Trouble,
    /// The name.
    Name,
    /// The status.
    Status,
    /// Provisioned or on-demand.
    Mode,
    /// Read use in per cent.
    ReadUse,
    /// Write use in per cent.
    WriteUse,
    /// Read throttle events.
    ReadThrottles,
    /// Write throttle events.
    WriteThrottles,
    /// Consumed read units.
    ReadUnits,
    /// Consumed write units.
    WriteUnits,
    /// Latency, as far as it was read.
    Latency,
    /// System errors, as far as they were read.
    SystemErrors,
}

impl SortBy {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 12] = [
        Self::Trouble,
        Self::Name,
        Self::Status,
        Self::Mode,
        Self::ReadUse,
        Self::WriteUse,
        Self::ReadThrottles,
        Self::WriteThrottles,
        Self::ReadUnits,
        Self::WriteUnits,
        Self::Latency,
        Self::SystemErrors,
    ];

    /// Its name on screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Trouble => "trouble",
            Self::Name => "name",
            Self::Status => "status",
            Self::Mode => "mode",
            Self::ReadUse => "read use",
            Self::WriteUse => "write use",
            Self::ReadThrottles => "read throttles",
            Self::WriteThrottles => "write throttles",
            Self::ReadUnits => "read units",
            Self::WriteUnits => "write units",
            Self::Latency => "p99 latency",
            Self::SystemErrors => "system errors",
        }
    }

    /// Whether it is sorted as words are, the smallest first.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Name | Self::Status | Self::Mode)
    }
}

/// What one row is about.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// The scope it is read from.
    pub reading: Reading<'a>,
    /// The table, index or account.
    pub resource: &'a Resource,
    /// Its verdicts, what to do first in front.
    pub verdicts: Vec<&'a Verdict>,
    /// Where it has no verdict of its own: the resource that makes it suffer.
    pub suffers_from: Option<&'a Resource>,
    /// The verdict of another resource that explains its own.
    pub explained_by: Option<&'a Verdict>,
    /// What alarms and the lint say of it; `None` where they say nothing.
    pub watch: Option<Watch<'a>>,
    /// Whether it is the selected row.
    pub selected: bool,
    /// The keys that open what is advised.
    pub keys: Keys,
}

/// The keys that open what is advised, as the user has bound them: `None` where none is bound, and where nothing can
/// be opened, as in a replay or where writes are not allowed.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    /// The one that changes the selection.
    pub edit: Option<String>,
    /// The one that takes back the last write.
    pub undo: Option<String>,
}

/// What alarms and the lint say of a table with its indexes, of one index, or of the account.
#[derive(Debug, Clone, Copy)]
pub struct Watch<'a> {
    /// The alarms in `ALARM`, but for autoscaling's own.
    pub in_alarm: &'a [Arc<str>],
    /// How many mistakes the lint found.
    pub findings: usize,
    /// The worst of them.
    pub worst: Option<&'a Finding>,
}

/// Which marks of [`LEGEND`] the visible rows use.
pub type Marks = [bool; LEGEND.len()];

/// One column: its head, how it is laid out, and what stands in it.
struct Spec {
    title: &'static str,
    sort: Option<SortBy>,
    width: u16,
    rank: u8,
    content: Content,
}

#[derive(Clone, Copy)]
enum Content {
    Name,
    Status,
    Mode,
    Use(Direction),
    Throttles(Direction),
    Consumed(Direction),
    Latency,
    SystemErrors,
    Alarms,
    Spark(Direction),
    Since,
    Verdict,
}

/// The columns in order of display. Widths hold the widest figure with its mark, and the head
/// with its arrow.
const COLUMNS: [Spec; 16] = {
    use Content::{
        Alarms, Consumed, Latency, Mode, Name, Since, Spark, Status, SystemErrors, Throttles, Use,
        Verdict,
    };
    use Direction::{Read, Write};
    const fn spec(
        title: &'static str,
        sort: Option<SortBy>,
        width: u16,
        rank: u8,
        content: Content,
    ) -> Spec {
        Spec { title, sort, width, rank, content }
    }
    [
        spec("NAME", Some(SortBy::Name), 16, 0, Name),
        spec("STATUS", Some(SortBy::Status), 8, 5, Status),
        spec("MODE", Some(SortBy::Mode), 11, 6, Mode),
        spec("R USE", Some(SortBy::ReadUse), 6, 2, Use(Read)),
        spec("W USE", Some(SortBy::WriteUse), 6, 2, Use(Write)),
        spec("R THR", Some(SortBy::ReadThrottles), 7, 1, Throttles(Read)),
        spec("W THR", Some(SortBy::WriteThrottles), 7, 1, Throttles(Write)),
        spec("R U/S", Some(SortBy::ReadUnits), 7, 7, Consumed(Read)),
        spec("W U/S", Some(SortBy::WriteUnits), 7, 7, Consumed(Write)),
        spec("P99 MS", Some(SortBy::Latency), 7, 9, Latency),
        spec("SYS ERR", Some(SortBy::SystemErrors), 8, 10, SystemErrors),
        spec("ALARMS", None, 6, 8, Alarms),
        spec("READS, 20 MIN", None, 20, 11, Spark(Read)),
        spec("WRITES, 20 MIN", None, 20, 11, Spark(Write)),
        spec("SINCE", None, 5, 4, Since),
        spec("VERDICT", Some(SortBy::Trouble), 26, 3, Verdict),
    ]
};

/// The rows' heads; the name's column is wide enough for `longest_name` cells, if there is room.
///
/// Widths don't depend on the rows on screen: they would jump when the list is scrolled. The sorted
/// column is in sight however narrow the screen is: the verdict's makes room.
pub fn columns(
    longest_name: usize,
    (sort, reversed): (SortBy, bool),
    (charset, marker): (Charset, Marker),
) -> Vec<Column> {
    /// Cells that the verdict's column gives up last.
    const NARROW_VERDICT: u16 = 17;
    let is_sorted = |spec: &Spec| spec.sort == Some(sort);
    let promoted = |spec: &Spec| is_sorted(spec) && spec.sort != Some(SortBy::Trouble);
    let makes_room = COLUMNS.iter().any(promoted);
    let column = |spec: &Spec| {
        let (width, align) = match spec.content {
            Content::Name => {
                let wanted = u16::try_from(longest_name).unwrap_or(u16::MAX).clamp(spec.width, 40);
                (ColumnWidth::Flexible { min: spec.width, wanted }, Align::LeftCutMiddle)
            }
            Content::Verdict => {
                let min = if makes_room { NARROW_VERDICT } else { spec.width };
                (ColumnWidth::Flexible { min, wanted: 36 }, Align::LeftCutMiddle)
            }
            Content::Status | Content::Mode | Content::Spark(_) => {
                (ColumnWidth::Fixed(spec.width), Align::LeftCutEnd)
            }
            Content::Use(_)
            | Content::Throttles(_)
            | Content::Consumed(_)
            | Content::Latency
            | Content::Alarms
            | Content::Since
            | Content::SystemErrors => (ColumnWidth::Fixed(spec.width), Align::Right),
        };
        let sorted = is_sorted(spec).then_some(sort.is_text() != reversed);
        let title = match (spec.content, points_per_cell(charset, marker)) {
            (Content::Spark(Direction::Read), 2) => "READS, 40 MIN",
            (Content::Spark(Direction::Write), 2) => "WRITES, 40 MIN",
            _ => spec.title,
        };
        let rank = if promoted(spec) { 0 } else { spec.rank };
        Column { title, sorted, width, rank, align }
    };
    COLUMNS.iter().map(column).collect()
}

/// Writes one row with these glyphs; `marks` learns which marks it uses.
pub fn row(subject: &Subject<'_>, glyphs: (Charset, Marker), marks: &mut Marks) -> Row {
    let mark = match subject.verdicts.first().map(|verdict| verdict.severity) {
        Some(Severity::Trouble) => Span::new("!", Role::Trouble),
        Some(Severity::Notice) => Span::new("i", Role::Notice),
        None => Span::new("", Role::Text),
    };
    let cells = COLUMNS.iter().map(|spec| cells::cell(subject, spec.content, glyphs, marks));
    Row { mark, selected: subject.selected, marked: false, cells: cells.collect() }
}
