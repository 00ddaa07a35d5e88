//! What is known of each minute of a series.

use crate::model::id::Resource;
use crate::model::metric::{DimensionSet, GapRule, Metric, SeriesKey};
use crate::model::time::{Figure, Minute, Window};
use crate::store::{Point, Reading, SeriesView};

/// A series over a window, one figure per minute.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct History {
    /// The minute of the first figure.
    pub(super) start: Minute,
    /// Oldest first. None of them is stale: age is a matter of the newest figure alone.
    pub(super) figures: Vec<Figure>,
    /// The newest settled minute that was read; `None` if nothing was.
    pub(super) settled_through: Option<Minute>,
}

impl History {
    /// The numbers, `None` where there is none.
    pub(super) fn values(&self) -> impl Iterator<Item = Option<f64>> {
        self.figures.iter().map(|figure| figure.value())
    }

    /// Fills in what was not read where `whole`, of which this is a part, is known to be 0.
    pub(super) fn zero_where_zero(&mut self, whole: &Self) {
        for (part, whole) in self.figures.iter_mut().zip(&whole.figures) {
            if part.value().is_none() && matches!(whole, Figure::Zero { .. }) {
                *part = *whole;
            }
        }
    }

    /// Sets every minute from `first` on to `value`.
    pub(super) fn hold_from(&mut self, first: Minute, value: f64) {
        for (figure, at) in self.figures.iter_mut().zip((self.start.0..).map(Minute)) {
            if at >= first {
                *figure = Figure::Value { value, at };
            }
        }
    }

    /// The figure of one minute.
    pub(super) fn at(&self, minute: Minute) -> Figure {
        let place = usize::try_from(minute.since(self.start)).ok();
        let figure = place.and_then(|place| self.figures.get(place));
        figure.copied().unwrap_or(Figure::NotPolled)
    }
}

/// Reads a series; without an operation the total of all operations, where it has operations.
pub(super) fn history(reading: Reading<'_>, key: &SeriesKey, window: Window) -> History {
    let each = keys(reading, key).into_iter().map(|key| one(reading, &key, window));
    each.reduce(added).unwrap_or_else(|| unread(window))
}

/// The figure of the newest settled minute of what [`history`] reads.
pub(super) fn newest(reading: Reading<'_>, key: &SeriesKey) -> Figure {
    if let Metric::Dax(metric) = key.metric {
        return reading.dax(&key.resource, metric);
    }
    let (Some(table), Some(_)) = (key.resource.table_name(), &key.operation) else {
        return reading.figure(&key.resource, key.metric);
    };
    let whole = reading.latency(table, key.statistic);
    let Some(view) = reading.series(key) else { return whole };
    let settled = view.settled_through();
    let is_published = is_published(reading, &key.resource, settled);
    let figure = figure(key.metric.gap_rule(), is_published, view, settled);
    // A table's operations are read together: what is true of one's age is true of all.
    if matches!(whole, Figure::Stale { .. }) { figure.staled() } else { figure }
}

fn keys(reading: Reading<'_>, key: &SeriesKey) -> Vec<SeriesKey> {
    match &key.resource {
        Resource::Table(table)
            if key.operation.is_none() && key.metric.dimension_set() == DimensionSet::Operation =>
        {
            let operations = reading.operations(table).iter();
            let of = |operation| SeriesKey { operation: Some(operation), ..key.clone() };
            operations.cloned().map(of).collect()
        }
        Resource::Account
        | Resource::Table(_)
        | Resource::Index(..)
        | Resource::Cluster(_)
        | Resource::Node(..) => vec![key.clone()],
    }
}

fn one(reading: Reading<'_>, key: &SeriesKey, window: Window) -> History {
    let Some(view) = reading.series(key) else { return unread(window) };
    let minutes = (window.start.0..window.end.0).map(Minute);
    let figures = minutes.map(|minute| {
        let is_published = || is_published(reading, &key.resource, minute);
        // Few minutes have no point: what vouches for those is looked up there alone.
        let needs = view.get(minute) == Point::Gap;
        figure(key.metric.gap_rule(), needs && is_published(), view, minute)
    });
    let mut figures: Vec<Figure> = figures.collect();
    if key.metric.gap_rule() == GapRule::Held {
        let before = view.points().take_while(|(minute, _)| *minute < window.start);
        hold(&mut figures, before.filter_map(|(_, point)| point.value()).last());
    }
    History { start: window.start, figures, settled_through: Some(view.settled_through()) }
}

/// Fills the minutes after a point with its value, up to the next point; `held` is the value of the
/// newest point before them.
fn hold(figures: &mut [Figure], mut held: Option<f64>) {
    for figure in figures {
        match (figure.value(), figure.at(), held) {
            (Some(value), ..) => held = Some(value),
            (None, Some(at), Some(value)) => *figure = Figure::Value { value, at },
            (None, ..) => {}
        }
    }
}

fn unread(window: Window) -> History {
    let minutes = usize::try_from(window.minutes()).unwrap_or(0);
    let figures = vec![Figure::NotPolled; minutes];
    History { start: window.start, figures, settled_through: None }
}

/// Whether CloudWatch is known to have published `minute` of a resource; of DAX, whether it ran then.
fn is_published(reading: Reading<'_>, resource: &Resource, minute: Minute) -> bool {
    match resource.cluster_name() {
        None => reading.published(resource).contains(minute),
        Some(_) => reading.was_running(resource, minute),
    }
}

/// What one minute says: a gap says something only if the minute is settled and published.
fn figure(rule: GapRule, is_published: bool, view: SeriesView<'_>, at: Minute) -> Figure {
    let is_settled = at <= view.settled_through();
    match (view.get(at), rule) {
        (Point::Value(value), _) if is_settled => Figure::Value { value, at },
        (Point::Value(value), _) => Figure::Settling { value, at },
        (Point::Unread, _) => Figure::NotPolled,
        (Point::Gap, GapRule::Dense | GapRule::Held) => Figure::Unknown { at },
        (Point::Gap, _) if !is_settled || !is_published => Figure::Unknown { at },
        (Point::Gap, GapRule::Count) => Figure::Zero { at },
        (Point::Gap, GapRule::Gauge) => Figure::Idle { at },
    }
}

/// Adds up two operations minute by minute; a sum is known only where both are.
fn added(a: History, b: History) -> History {
    let both = a.figures.into_iter().zip(b.figures);
    let add = |(a, b): (Figure, Figure)| match (a.value(), b.value(), b.at()) {
        (Some(x), Some(y), Some(at)) => match (a, b) {
            (Figure::Zero { .. }, Figure::Zero { .. }) => a,
            (Figure::Settling { .. }, _) | (_, Figure::Settling { .. }) => {
                Figure::Settling { value: x + y, at }
            }
            _ => Figure::Value { value: x + y, at },
        },
        (None, ..) => a,
        _ => b,
    };
    History {
        start: a.start,
        figures: both.map(add).collect(),
        settled_through: a.settled_through.min(b.settled_through),
    }
}
