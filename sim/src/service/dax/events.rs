//! `DescribeEvents`.

use serde::{Deserialize, Serialize};

use super::{invalid, invalid_token, page_size};
use crate::facts::{DaxEvent, DaxSource, Epoch};
use crate::service::{Ask, constraint, page};
use crate::wire::{Refusal, Stamp};

const MINUTE: f64 = 60.0;
const DAY: f64 = 24.0 * 60.0 * MINUTE;
/// What can be asked for at most (API reference, `DescribeEvents`) …
const KEPT: f64 = 14.0 * DAY;
/// … and what is returned when no time is given (the same page).
const LATEST: f64 = DAY;

/// The kinds of sources (API reference, `SourceType`).
const SOURCES: [&str; 3] = ["CLUSTER", "PARAMETER_GROUP", "SUBNET_GROUP"];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    source_name: Option<String>,
    source_type: Option<String>,
    start_time: Option<f64>,
    end_time: Option<f64>,
    duration: Option<f64>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    events: Vec<Event>,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct Event {
    source_name: String,
    source_type: &'static str,
    message: String,
    date: Stamp,
}

impl Event {
    fn new(event: DaxEvent) -> Self {
        Self {
            source_name: event.source,
            source_type: source_type(event.kind),
            message: event.message,
            date: Stamp(event.at),
        }
    }
}

fn source_type(kind: DaxSource) -> &'static str {
    match kind {
        DaxSource::Cluster => "CLUSTER",
        DaxSource::ParameterGroup => "PARAMETER_GROUP",
    }
}

impl Input {
    /// The moments that are asked for, both included. That times which contradict each other are refused is
    /// not documented; the errors are.
    fn span(&self, now: Epoch) -> Result<(Epoch, Epoch), Refusal> {
        let duration = self.duration.map(|minutes| minutes * MINUTE);
        if duration.is_some_and(|duration| !(0.0..=KEPT).contains(&duration)) {
            return Err(invalid("Duration must be from 0 to 20160 minutes"));
        }
        if duration.is_some() && self.start_time.is_some() && self.end_time.is_some() {
            let message = "Duration cannot be combined with both StartTime and EndTime";
            let shape = "InvalidParameterCombinationException";
            return Err(Refusal::client(shape, "InvalidParameterCombination", message));
        }
        let length = duration.unwrap_or(LATEST);
        let (start, end) = match (self.start_time, self.end_time) {
            (Some(start), Some(end)) => (start, end),
            (Some(start), None) => (start, duration.map_or(now, |duration| start + duration)),
            (None, Some(end)) => (end - length, end),
            (None, None) => (now - length, now),
        };
        if start > end {
            return Err(invalid("StartTime must be before EndTime"));
        }
        if start < now - KEPT {
            return Err(invalid("StartTime must be within the last 14 days"));
        }
        Ok((start, end))
    }

    fn check_source(&self) -> Result<(), Refusal> {
        match &self.source_type {
            Some(kind) if !SOURCES.contains(&kind.as_str()) => {
                let rule = format!("Member must satisfy enum value set: [{}]", SOURCES.join(", "));
                Err(invalid(constraint(kind, "sourceType", &rule)))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn wants(&self, event: &DaxEvent) -> bool {
        let kind = self.source_type.as_deref();
        // Cluster names come in lower case, and parameter groups as they were typed.
        let name = self.source_name.as_ref();
        kind.is_none_or(|kind| kind == source_type(event.kind))
            && name.is_none_or(|name| name.eq_ignore_ascii_case(&event.source))
    }
}

pub(super) fn describe(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: Input = ask.input()?;
    ask.call.continued = input.next_token.is_some();
    let size = page_size(input.max_results)?;
    input.check_source()?;
    let (start, end) = input.span(ask.now)?;
    let events = ask.fleet.dax_events(ask.now).into_iter();
    let wanted = events.filter(|event| (start..=end).contains(&event.at) && input.wants(event));
    let found: Vec<Event> = wanted.map(Event::new).collect();
    let question = (&input.source_name, &input.source_type);
    let (events, next_token) =
        page(&found, input.next_token.as_deref(), size, &question).ok_or_else(invalid_token)?;
    ask.output(&Output { next_token, events })
}
