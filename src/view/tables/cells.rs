//! What stands in each column.

use super::{Content, Marks, Subject};
use crate::diagnose::Severity;
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey, Statistic};
use crate::model::table::BillingMode;
use crate::model::throttle::Direction;
use crate::model::time::{Figure, Minute};
use crate::store::{Detail, Reading};
use crate::view::chart::Marker;
use crate::view::format::{Unit, age, figure, legend_entry};
use crate::view::text::{Charset, points_per_cell, sparkline};
use crate::view::{Role, Span};
use jiff::Timestamp;

/// Cells that a sparkline takes.
const SPARK_CELLS: i64 = 20;

/// Per cent of capacity from which use is worth a look: the highest target utilization that
/// autoscaling takes ("Managing throughput capacity automatically with DynamoDB auto scaling").
const HIGH_USE_PERCENT: f64 = 90.0;

pub(super) fn cell(
    subject: &Subject<'_>,
    content: Content,
    (charset, marker): (Charset, Marker),
    marks: &mut Marks,
) -> Span {
    match content {
        Content::Name => name(subject, charset),
        Content::Status => status(subject),
        Content::Mode => Span::new(mode(subject.reading, subject.resource), Role::Dim),
        Content::Verdict => verdict(subject),
        Content::Since => since(subject),
        Content::Spark(direction) => spark(subject, direction, charset, marker),
        Content::Alarms => alarms(subject, marks),
        Content::Use(_)
        | Content::Throttles(_)
        | Content::Consumed(_)
        | Content::Latency
        | Content::SystemErrors => measured(subject, content, marks),
    }
}

fn name(subject: &Subject<'_>, charset: Charset) -> Span {
    let text = match subject.resource {
        Resource::Account => "account".to_owned(),
        Resource::Table(name) | Resource::Cluster(name) => name.to_string(),
        Resource::Index(_, part) | Resource::Node(_, part) => {
            format!("{}{part}", charset.branch())
        }
    };
    let role = match subject.verdicts.first() {
        _ if subject.selected => Role::Selected,
        Some(verdict) if verdict.severity == Severity::Trouble => Role::Trouble,
        Some(_) | None => Role::Text,
    };
    Span::new(text, role)
}

/// `provisioned` or `on-demand`; an index has its table's mode. Empty while it is not known.
pub fn mode(reading: Reading<'_>, resource: &Resource) -> &'static str {
    let table = resource.table_name().and_then(|name| reading.table(name));
    match table.map(|table| table.billing) {
        Some(BillingMode::Provisioned) => "provisioned",
        Some(BillingMode::OnDemand) => "on-demand",
        None => "",
    }
}

/// The status as AWS spells it; empty while it is not known.
fn status_text<'a>(reading: Reading<'a>, resource: &Resource) -> &'a str {
    let table = resource.table_name().and_then(|name| reading.table(name));
    match (table, resource) {
        (Some(table), Resource::Index(_, index)) => {
            table.index(index).map_or("", |index| &*index.status)
        }
        (Some(table), Resource::Table(_)) => &table.status,
        (_, Resource::Account | Resource::Cluster(_) | Resource::Node(..)) | (None, _) => "",
    }
}

fn status(subject: &Subject<'_>) -> Span {
    let status = status_text(subject.reading, subject.resource);
    Span::new(status, if status == "ACTIVE" { Role::Dim } else { Role::Notice })
}

/// How long ago the first verdict's trouble began.
fn since(subject: &Subject<'_>) -> Span {
    let now = subject.reading.now();
    let began = subject.verdicts.first().map(|verdict| age(now, verdict.since.start()));
    Span::new(began.unwrap_or_default(), Role::Text)
}

/// The first verdict in a few words; without one, what it suffers from or an unusual status.
fn verdict(subject: &Subject<'_>) -> Span {
    let Some(first) = subject.verdicts.first() else {
        return match (subject.suffers_from, status_text(subject.reading, subject.resource)) {
            (Some(other), _) => {
                let dax = if other.cluster_name().is_some() { "DAX " } else { "" };
                Span::new(format!("suffers from {dax}{}", other.short_name()), Role::Notice)
            }
            (None, "ACTIVE") => Span::new("", Role::Text),
            (None, unusual) => Span::new(unusual, Role::Notice),
        };
    };
    let text = match subject.verdicts.len() - 1 {
        0 => first.headline(),
        more => format!("{} +{more}", first.headline()),
    };
    let role = match first.severity {
        Severity::Trouble => Role::Trouble,
        Severity::Notice => Role::Notice,
    };
    Span::new(text, role)
}

/// How many alarms on it are in `ALARM`.
fn alarms(subject: &Subject<'_>, marks: &mut Marks) -> Span {
    let count = subject.watch.map_or(0, |watch| watch.in_alarm.len());
    let known = |at: Timestamp| {
        let (value, at) = (count as f64, Minute::containing(at));
        if count == 0 { Figure::Zero { at } } else { Figure::Value { value, at } }
    };
    let value = match subject.reading.alarms() {
        Detail::Known { at, .. } => known(at),
        Detail::Stale { at, .. } => known(at).staled(),
        Detail::Denied { action } => Figure::Denied { action },
        Detail::Failed(_) => Figure::Unknown { at: Minute::containing(subject.reading.now()) },
        Detail::NotPolled => Figure::NotPolled,
    };
    note_mark(value, marks);
    Span::new(figure(value, Unit::Count), role(value, Content::Alarms, false))
}

/// Notes that a figure's mark is used.
fn note_mark(value: Figure, marks: &mut Marks) {
    if let Some(mark) = legend_entry(value).and_then(|place| marks.get_mut(place)) {
        *mark = true;
    }
}

/// A cell with a figure; blank where the column says nothing about such a resource.
fn measured(subject: &Subject<'_>, content: Content, marks: &mut Marks) -> Span {
    let Subject { reading, resource, .. } = subject;
    let (value, unit) = match (content, resource) {
        (_, Resource::Account) => return Span::new("", Role::Dim),
        (Content::Use(direction), _) => {
            (reading.utilization_percent(resource, direction), Unit::Percent)
        }
        (Content::Throttles(direction), _) => {
            (reading.throttle_events(resource, direction), Unit::Count)
        }
        (Content::Consumed(direction), _) => {
            (reading.consumed_per_second(resource, direction), Unit::Decimal)
        }
        (Content::Latency, Resource::Table(table)) => {
            (reading.latency(table, Statistic::P99), Unit::Decimal)
        }
        (Content::SystemErrors, Resource::Table(_)) => {
            (reading.figure(resource, Metric::SystemErrors), Unit::Count)
        }
        _ => (Figure::NotApplicable, Unit::Count),
    };
    note_mark(value, marks);
    Span::new(figure(value, unit), role(value, content, !subject.verdicts.is_empty()))
}

fn role(figure: Figure, content: Content, in_trouble: bool) -> Role {
    match figure {
        Figure::Stale { .. } => Role::Stale,
        Figure::Denied { .. } => Role::Problem,
        Figure::Zero { .. } | Figure::Idle { .. } | Figure::NotApplicable | Figure::NotPolled => {
            Role::Dim
        }
        Figure::Unknown { .. } => Role::Notice,
        Figure::Value { value, .. } | Figure::Settling { value, .. } => {
            let counts =
                matches!(content, Content::Throttles(_) | Content::SystemErrors | Content::Alarms);
            let is_use = matches!(content, Content::Use(_));
            if counts && value > 0.0 {
                if in_trouble { Role::Trouble } else { Role::Notice }
            } else if is_use && value >= HIGH_USE_PERCENT {
                Role::Notice
            } else {
                Role::Text
            }
        }
    }
}

/// Consumption of the last minutes against the present limit. Where there is none the usual load
/// stands at half the height, so that a steady table is no wall and a doubling reaches the top.
fn spark(subject: &Subject<'_>, direction: Direction, charset: Charset, marker: Marker) -> Span {
    let Subject { reading, resource, .. } = subject;
    let key = SeriesKey::sum((*resource).clone(), Metric::Consumed(direction));
    let (Some(series), Some(newest)) = (reading.series(&key), reading.newest_settled()) else {
        return Span::new("", Role::Chart);
    };
    let minutes = SPARK_CELLS * points_per_cell(charset, marker);
    let minutes = (1 - minutes..=0).map(|offset| newest.plus(offset));
    let points: Vec<Option<f64>> = minutes.map(|minute| series.get(minute).value()).collect();
    let limit = reading
        .capacity(resource, direction)
        .and_then(|capacity| capacity.provisioned.or(capacity.maximum))
        .map(|per_second| per_second * 60.0);
    let twice_the_mean = || {
        let known: Vec<f64> = points.iter().flatten().copied().collect();
        let peak = known.iter().copied().fold(0.0, f64::max);
        peak.max(2.0 * known.iter().sum::<f64>() / known.len().max(1) as f64)
    };
    let full = limit.unwrap_or_else(twice_the_mean);
    Span::new(sparkline(&points, full, charset, marker), Role::Chart)
}
