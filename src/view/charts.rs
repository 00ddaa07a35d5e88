//! From series to charts.
//!
//! A point is drawn only where something is known: a count's gap is 0 once CloudWatch has published
//! its minute, every other gap interrupts the line.

mod dax;
mod errors;
mod exported;
mod history;
mod latency;
mod marks;
#[cfg(test)]
mod tests;
mod throttles;

pub(super) use dax::{DaxKind, dax_chart, node_charts};
pub use exported::{Exported, exported};

use errors::{errors, user_errors};
use latency::latency;
use throttles::throttles;

use super::Role;
use super::chart::{Chart, Level, Line, Mark, Stroke};
use super::format::{Unit, grouped};
use super::tables::Subject;
use super::times::Times;
use crate::model::alarm::Alarm;
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::throttle::Direction;
use crate::model::time::{Figure, Minute};
use crate::store::Reading;
use history::{History, history, newest};
use marks::{Happened, Step};

/// A chart that exists for a resource, not yet built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Units(Direction),
    Throttles(Direction),
    Latency,
    Errors,
    UserErrors,
}

/// Every chart that exists for such a resource: first what its trouble is about, if it has any.
///
/// Side by side in pairs they are reads beside writes; in trouble, use beside throttles.
pub(super) fn kinds(subject: &Subject<'_>) -> Vec<Kind> {
    use Direction::{Read, Write};
    use Kind::{Errors, Latency, Throttles, Units, UserErrors};
    let mut kinds = match subject.verdicts.first().and_then(|verdict| verdict.direction) {
        _ if matches!(subject.resource, Resource::Account) => return vec![UserErrors],
        None => vec![Units(Read), Units(Write), Throttles(Read), Throttles(Write)],
        Some(Read) => vec![Units(Read), Throttles(Read), Units(Write), Throttles(Write)],
        Some(Write) => vec![Units(Write), Throttles(Write), Units(Read), Throttles(Read)],
    };
    // Indexes have neither of the two.
    if matches!(subject.resource, Resource::Table(_)) {
        kinds.extend([Latency, Errors]);
    }
    kinds
}

/// The charts in which something that happened to a resource shows: those of one direction, or of
/// what an alarm watches, before all others.
pub(super) fn kinds_around(
    subject: &Subject<'_>,
    direction: Option<Direction>,
    alarm: Option<&Alarm>,
) -> Vec<Kind> {
    let of_direction =
        direction.map(|direction| [Kind::Units(direction), Kind::Throttles(direction)]);
    let stats = alarm.map(Alarm::stats).unwrap_or_default();
    let watched = stats.into_iter().flat_map(marks::watched);
    let exist = kinds(subject);
    let first = of_direction.into_iter().flatten().chain(watched);
    let mut around: Vec<Kind> = vec![];
    for kind in first.filter(|kind| exist.contains(kind)).chain(exist.iter().copied()) {
        if !around.contains(&kind) {
            around.push(kind);
        }
    }
    around
}

/// Builds charts of one resource; what happened to it is looked up once for all of them.
pub(super) fn charts_of(
    kinds: impl IntoIterator<Item = Kind>,
    subject: &Subject<'_>,
    times: Times,
) -> Vec<Chart> {
    let happened = Happened::to(subject.reading, subject.resource, times.window);
    let chart = |kind| {
        let (chart, steps) = chart_of(kind, subject, times);
        Chart { events: happened.marks(kind, &steps), ..chart }
    };
    kinds.into_iter().map(chart).collect()
}

/// Builds one chart without what happened, and tells where its limit is seen to have changed.
fn chart_of(kind: Kind, subject: &Subject<'_>, times: Times) -> (Chart, Vec<Step>) {
    let Subject { reading, resource, .. } = *subject;
    let chart = match (kind, resource) {
        (Kind::Units(direction), _) => return consumption(reading, resource, direction, times),
        (Kind::Throttles(direction), _) => throttles(reading, resource, direction, times),
        (Kind::Latency, Resource::Table(table)) => latency(reading, table, times),
        (Kind::Errors, Resource::Table(table)) => errors(reading, table, times),
        (Kind::Latency | Kind::Errors | Kind::UserErrors, _) => user_errors(reading, times),
    };
    (chart, vec![])
}

/// Consumed units per second against the limit of the resource: what is provisioned, else the
/// on-demand maximum, else the warm throughput.
fn consumption(
    reading: Reading<'_>,
    resource: &Resource,
    direction: Direction,
    times: Times,
) -> (Chart, Vec<Step>) {
    let key = SeriesKey::sum(resource.clone(), Metric::Consumed(direction));
    let (name, role) = match direction {
        Direction::Read => ("read", Role::Line1),
        Direction::Write => ("write", Role::Line2),
    };
    let consumed =
        Trace::of(reading, &key, times).named("consumed", "used", role).scaled(1.0 / 60.0);
    let note = consumed.absence();
    let steps = steps(reading, resource, direction, times, &consumed);
    let changes = steps.as_ref().map_or_else(Vec::new, changes);
    // A constant limit is a level, which does not flatten what lies far below it.
    let level = level(reading, resource, direction).filter(|_| steps.is_none());
    let traces: Vec<Trace> = std::iter::once(consumed).chain(steps).collect();
    let chart = Chart {
        levels: level.into_iter().collect(),
        note,
        ..chart((format!("{name} units/s"), ""), Unit::Decimal, times, &traces)
    };
    (chart, changes)
}

/// Provisioned capacity over time, where it was read and has changed.
fn steps(
    reading: Reading<'_>,
    resource: &Resource,
    direction: Direction,
    times: Times,
    consumed: &Trace,
) -> Option<Trace> {
    let throughput = reading.throughput(resource)?;
    let present = throughput.capacity(direction).provisioned?;
    let key = SeriesKey::provisioned(resource.clone(), direction);
    let points = reading.series(&key)?.points();
    let (newest, _) = points.filter(|(_, point)| point.value().is_some()).last()?;
    let mut trace = Trace::of(reading, &key, times).named("provisioned", "prov", Role::Limit);
    trace.stroke = Stroke::Dashed;
    // The metric comes minutes late; what is provisioned now, has been since the last change.
    let changes = throughput.last_increase.max(throughput.last_decrease);
    if let Some(changed) = changes.map(Minute::containing).filter(|changed| *changed > newest) {
        trace.history.hold_from(changed, present);
    }
    trace.history.settled_through = consumed.history.settled_through;
    if times.cursor.is_none() {
        trace.figure = reading.limit(resource, direction, |capacity| capacity.provisioned);
    }
    let is_present = |units: f64| (units - present).abs() < 0.5;
    let has_changed = !trace.history.values().flatten().all(is_present);
    has_changed.then_some(trace)
}

/// The limit that consumption is compared with.
fn level(reading: Reading<'_>, resource: &Resource, direction: Direction) -> Option<Level> {
    let capacity = reading.capacity(resource, direction)?;
    let (name, short, value) = match (capacity.provisioned, capacity.maximum, capacity.warm) {
        (Some(units), ..) => ("provisioned", "prov", units),
        (None, Some(units), _) => ("maximum", "max", units),
        (None, None, Some(units)) => ("warm", "warm", units),
        (None, None, None) => return None,
    };
    Some(Level { label: format!("{name} {}", grouped(value)), short, value })
}

/// Where provisioned capacity was raised or lowered, to within the five minutes of its metric.
///
/// The dates that `DescribeTable` tells are of reads and writes together: they would mark changes on
/// the wrong chart.
fn changes(steps: &Trace) -> Vec<Step> {
    let minutes = (steps.history.start.0..).map(Minute);
    let known = minutes.zip(steps.history.values()).filter_map(|(at, units)| Some((at, units?)));
    let known: Vec<(Minute, f64)> = known.collect();
    let pairs = known.windows(2).filter_map(|pair| match pair {
        [(_, before), (minute, after)] if (after - before).abs() >= 0.5 => {
            Some((*minute, if after > before { Mark::Raised } else { Mark::Lowered }))
        }
        _ => None,
    });
    pairs.collect()
}

/// A series on its way into a chart.
struct Trace {
    label: String,
    short: &'static str,
    role: Role,
    stroke: Stroke,
    history: History,
    /// What its legend says: the figure under the cursor, or the newest settled one.
    figure: Figure,
    scale: f64,
}

impl Trace {
    /// Reads what the charts of `times` show of a series.
    ///
    /// Without an operation it is the total of all operations, where the metric has operations.
    fn of(reading: Reading<'_>, key: &SeriesKey, times: Times) -> Self {
        let history = history(reading, key, times.window);
        let figure = match times.cursor {
            Some(cursor) => history.at(cursor),
            None => newest(reading, key),
        };
        Self::from_history(history, figure)
    }

    /// Of figures that were worked out already.
    fn from_history(history: History, figure: Figure) -> Self {
        let (role, stroke) = (Role::Line1, Stroke::Solid);
        Self { label: String::new(), short: "", role, stroke, history, figure, scale: 1.0 }
    }

    /// With a name, and what it is called where that finds no room.
    fn named(self, label: impl Into<String>, short: &'static str, role: Role) -> Self {
        Self { label: label.into(), short, role, ..self }
    }

    fn scaled(self, scale: f64) -> Self {
        Self { scale, ..self }
    }

    /// Whether anything was counted in the window.
    fn has_events(&self) -> bool {
        self.history.values().flatten().any(|count| count > 0.0)
    }

    /// Why there is nothing to draw, where there is nothing.
    fn absence(&self) -> Option<String> {
        let is_empty = self.history.values().all(|value| value.is_none());
        is_empty.then(|| why_empty(self.figure))
    }

    /// The line, with nothing after the minute up to which it is settled, if others are settled
    /// further: it was not read again, and its newest points may since have been revised.
    fn line(&self, unit: Unit, settled_through: Option<Minute>) -> Line {
        let own = self.history.settled_through;
        let is_kept = |minute: Minute| own >= settled_through || Some(minute) <= own;
        let minutes = (self.history.start.0..).map(Minute);
        let points = minutes.zip(self.history.values());
        Line {
            label: self.label.clone(),
            short: self.short,
            value: super::format::figure(self.figure.map(|value| value * self.scale), unit),
            role: self.role,
            stroke: self.stroke,
            points: points
                .map(|(minute, value)| value.filter(|_| is_kept(minute)))
                .map(|value| value.map(|value| value * self.scale))
                .collect(),
        }
    }
}

/// Why a series without a point has none, by its newest figure.
fn why_empty(newest: Figure) -> String {
    match newest {
        Figure::Denied { action } => format!("no permission: {action}"),
        Figure::NotPolled => "not read yet".to_owned(),
        Figure::NotApplicable => "no such metric here".to_owned(),
        Figure::Idle { .. } => "idle".to_owned(),
        Figure::Value { .. }
        | Figure::Settling { .. }
        | Figure::Zero { .. }
        | Figure::Unknown { .. }
        | Figure::Stale { .. } => "no data points in this window".to_owned(),
    }
}

/// Why a chart of counts is empty, where nothing was counted: 0 is said only of known minutes.
fn nothing_counted(traces: &[Trace], reading: Reading<'_>, times: Times) -> Option<String> {
    if traces.iter().any(Trace::has_events) {
        return None;
    }
    let absent: Vec<String> = traces.iter().filter_map(Trace::absence).collect();
    if absent.len() == traces.len() {
        return absent.into_iter().next();
    }
    let read: Vec<&Trace> = traces.iter().filter(|trace| trace.absence().is_none()).collect();
    // Minutes that have not settled may be counted yet.
    let settled = read.iter().filter_map(|trace| trace.history.settled_through).min()?;
    let through = settled.min(times.window.end.plus(-1));
    let is_known =
        |minute: &Minute| read.iter().all(|trace| trace.history.at(*minute).value().is_some());
    let minutes = (times.window.start.0..=through.0).rev().map(Minute);
    let known_from = minutes.take_while(is_known).last();
    let written = |minute| super::format::minute(minute, reading.now(), times.utc_offset);
    let none = match known_from {
        Some(from) if from == times.window.start => "none in this window".to_owned(),
        Some(from) => format!("none since {}; before that not known", written(from)),
        None => format!("none seen; {} is not known yet", written(through)),
    };
    let rest = if absent.is_empty() { "" } else { "; the rest is not read yet" };
    Some(none + rest)
}

/// A chart of these traces, with its title at length and short, without levels and events.
fn chart(
    (title, short_title): (String, &'static str),
    unit: Unit,
    times: Times,
    traces: &[Trace],
) -> Chart {
    let settled_through = traces.iter().filter_map(|trace| trace.history.settled_through).max();
    Chart {
        title,
        short_title,
        unit,
        window: times.window,
        utc_offset: times.utc_offset,
        lines: traces.iter().map(|trace| trace.line(unit, settled_through)).collect(),
        levels: vec![],
        least_top: None,
        events: vec![],
        marked: None,
        settled_through,
        cursor: times.cursor,
        note: None,
        focused: false,
    }
}
