//! The detail strip: what is known about the selected row, in words.

use super::format::{Unit, age, figure, grouped, minute};
use super::tables::Subject;
use super::text::Charset;
use super::{Detail, Paragraph, Role, Span};
use crate::diagnose::{Severity, Verdict};
use crate::model::health::Poller;
use crate::model::id::Resource;
use crate::model::scaling::ScalableTarget;
use crate::model::throttle::Direction;
use crate::store::Reading;

/// Writes the strip: the verdicts first, then capacity, consumption and autoscaling.
pub fn detail(subject: &Subject<'_>, charset: Charset) -> Detail {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    for verdict in &subject.verdicts {
        paragraphs.extend(explain(verdict, subject.reading, charset));
    }
    if !matches!(subject.resource, Resource::Account) {
        let directions = Direction::ALL.into_iter();
        paragraphs.extend(directions.map(|direction| Paragraph {
            label: direction.as_str(),
            text: Span::new(capacity(subject.reading, subject.resource, direction), Role::Text),
            yields: true,
        }));
    }
    Detail { title: title(subject.resource), paragraphs }
}

fn title(resource: &Resource) -> String {
    match resource {
        Resource::Account => "account".to_owned(),
        Resource::Table(table) => table.to_string(),
        Resource::Index(table, index) => format!("{table} / {index}"),
    }
}

/// What is wrong and since when; what to do; why we think so.
fn explain(verdict: &Verdict, reading: Reading<'_>, charset: Charset) -> Vec<Paragraph> {
    let now = reading.now();
    let mut facts = vec![
        verdict.headline(),
        verdict.confidence.as_str().to_owned(),
        format!("since {} ({})", minute(verdict.since, now), age(now, verdict.since.start())),
    ];
    facts.extend(verdict.reason.map(|reason| reason.to_string()));
    let role = match verdict.severity {
        Severity::Trouble => Role::Trouble,
        Severity::Notice => Role::Notice,
    };
    let mut paragraphs = vec![Paragraph {
        label: "what",
        text: Span::new(facts.join(charset.separator()), role),
        yields: false,
    }];
    if !verdict.explains.is_empty() {
        let names: Vec<String> = verdict.explains.iter().map(title).collect();
        let text = format!("also the throttled requests on {}", names.join(", "));
        paragraphs.push(Paragraph {
            label: "hits",
            text: Span::new(text, Role::Text),
            yields: true,
        });
    }
    paragraphs.push(Paragraph {
        label: "next",
        text: Span::new(verdict.advice.clone(), Role::Title),
        yields: false,
    });
    let evidence: Vec<&str> = verdict.evidence.iter().map(|item| item.what.as_str()).collect();
    paragraphs.push(Paragraph {
        label: "why",
        text: Span::new(evidence.join("; "), Role::Text),
        yields: true,
    });
    paragraphs
}

/// Consumption against capacity, and who changes the capacity.
fn capacity(reading: Reading<'_>, resource: &Resource, direction: Direction) -> String {
    let consumed = figure(reading.consumed_per_second(resource, direction), Unit::Decimal);
    let used = figure(reading.utilization_percent(resource, direction), Unit::Percent);
    let throttles = figure(reading.throttle_events(resource, direction), Unit::Count);
    let limit = reading.capacity(resource, direction);
    let provisioned = limit.and_then(|limit| limit.provisioned);
    let consumption = match (limit, provisioned, limit.and_then(|limit| limit.maximum)) {
        (None, ..) => format!("{consumed} units/s; the table is not described yet"),
        (Some(_), Some(units), _) => {
            format!("{consumed} of {} provisioned units/s ({used})", grouped(units))
        }
        (Some(_), None, Some(units)) => {
            format!("{consumed} of {} on-demand maximum units/s ({used})", grouped(units))
        }
        (Some(_), None, None) => format!("{consumed} units/s, on-demand without a maximum"),
    };
    let scaling = match reading.scalable_target(resource, direction) {
        Some(target) => Some(autoscaling(target)),
        None if provisioned.is_some() && scaling_was_read(reading) => {
            Some("no autoscaling".to_owned())
        }
        None => None,
    };
    let throttles = format!("{throttles} throttle events/min");
    let parts: Vec<String> = [consumption, throttles].into_iter().chain(scaling).collect();
    parts.join(", ")
}

fn scaling_was_read(reading: Reading<'_>) -> bool {
    reading.health(Poller::Scaling).is_some_and(|health| health.last_success.is_some())
}

fn autoscaling(target: &ScalableTarget) -> String {
    let (min, max) = (grouped(target.min), grouped(target.max));
    let aim = match target.target_utilization {
        Some(percent) => format!(" at {percent:.0}%"),
        None => String::new(),
    };
    let suspended = match (target.scale_out_suspended, target.scale_in_suspended) {
        (true, true) => ", suspended",
        (true, false) => ", scale-out suspended",
        (false, true) => ", scale-in suspended",
        (false, false) => "",
    };
    format!("autoscaling {min} to {max} units/s{aim}{suspended}")
}
