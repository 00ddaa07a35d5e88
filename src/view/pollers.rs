//! The Pollers pane: how well AWS can be read, and what that costs.

mod about;

use super::format::{Unit, age, grouped, number};
use super::{Align, Column, ColumnWidth, Detail, List, Paragraph, Role, Row, Span};
use crate::model::health::{CallError, ErrorClass, Outcome, Poller, Slowed};
use crate::store::{Health, Reading};
use crate::view::text::Charset;
use about::About;
use jiff::Timestamp;

/// What the pane is made from.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The rows on screen.
    pub rows: Vec<(Reading<'a>, Poller)>,
    /// The place of the selected one among them.
    pub selected: usize,
    /// The present time.
    pub now: Timestamp,
    /// The profile the user named.
    pub profile: Option<&'a str>,
    /// Which characters may be used.
    pub charset: Charset,
    /// Whether the selected row is told of below the list.
    pub with_detail: bool,
}

/// Writes the pane.
pub fn list(facts: &Facts<'_>) -> List {
    let rows = facts.rows.iter().enumerate();
    let selected = facts.rows.get(facts.selected).filter(|_| facts.with_detail);
    List {
        columns: columns(),
        rows: rows.map(|(place, row)| self::row(facts, row, place == facts.selected)).collect(),
        detail: selected.map(|(reading, poller)| detail(facts, *reading, *poller)),
    }
}

fn columns() -> Vec<Column> {
    let column = |title, width, rank, align| Column {
        title,
        sorted: None,
        width: ColumnWidth::Fixed(width),
        rank,
        align,
    };
    vec![
        column("POLLER", 12, 0, Align::LeftCutEnd),
        column("STATE", 11, 1, Align::LeftCutEnd),
        column("LAST READ", 9, 2, Align::Right),
        column("FAILED", 6, 3, Align::Right),
        column("NEXT IN", 7, 4, Align::Right),
        column("TOOK MS", 7, 5, Align::Right),
        column("REQUESTS", 8, 6, Align::Right),
        column("METRICS", 7, 7, Align::Right),
    ]
}

/// How a poller is doing, in a word.
fn state(health: Option<&Health>) -> (&'static str, Role) {
    let Some(health) = health else { return ("waiting", Role::Dim) };
    match &health.last.outcome {
        Outcome::Complete => ("ok", Role::Safe),
        Outcome::Partial(_) => ("partial", Role::Notice),
        Outcome::Failed(error) if error.class == ErrorClass::Denied => ("denied", Role::Problem),
        Outcome::Failed(_) if health.failures_in_a_row > 1 => ("backing off", Role::Problem),
        Outcome::Failed(_) => ("failed", Role::Problem),
    }
}

fn row(facts: &Facts<'_>, (reading, poller): &(Reading<'_>, Poller), selected: bool) -> Row {
    let health = reading.health(*poller);
    let (state, role) = state(health);
    let mark = match role {
        Role::Problem => Span::new("!", Role::Problem),
        Role::Notice => Span::new("i", Role::Notice),
        _ => Span::new("", Role::Text),
    };
    let text = |text: Option<String>| Span::new(text.unwrap_or_default(), Role::Text);
    let told = |write: &dyn Fn(&Health) -> String| text(health.map(write));
    let last = |health: &Health| {
        health.last_success.map_or_else(|| "never".to_owned(), |last| age(facts.now, last))
    };
    let failures = health.map_or(0, |health| health.failures_in_a_row);
    let failed_role = if failures > 0 { Role::Problem } else { Role::Dim };
    let name_role = if selected { Role::Selected } else { Role::Text };
    Row {
        mark,
        selected,
        cells: vec![
            Span::new(poller.name(), name_role),
            Span::new(state, role),
            told(&last),
            Span::new(health.map(|_| failures.to_string()).unwrap_or_default(), failed_role),
            told(&|health| next(facts.now, health)),
            told(&|health| grouped(health.last.took.as_secs_f64() * 1_000.0)),
            told(&|health| number(f64::from(health.last.requests), Unit::Count)),
            told(&|health| number(f64::from(health.last.metrics), Unit::Count)),
        ],
    }
}

/// Time until the next round.
fn next(now: Timestamp, health: &Health) -> String {
    if health.last.due > now { age(health.last.due, now) } else { "now".to_owned() }
}

fn detail(facts: &Facts<'_>, reading: Reading<'_>, poller: Poller) -> Detail {
    let About { reads, actions } = about::about(poller);
    let error = reading.health(poller).and_then(|health| health.last.outcome.error());
    let paragraph = |label, text: String, role| Paragraph { label, text: Span::new(text, role) };
    let mut paragraphs = vec![];
    if let Some(error) = error {
        paragraphs.push(paragraph("error", in_full(error), Role::Problem));
        let cure = error.cure(facts.profile);
        paragraphs.extend(cure.map(|cure| paragraph("next", cure, Role::Title)));
    }
    paragraphs.push(paragraph("reads", reads.to_owned(), Role::Text));
    paragraphs.push(paragraph("needs", actions.join(", "), Role::Text));
    paragraphs.push(paragraph("cost", cost(reading), Role::Text));
    paragraphs.extend(pace(reading).map(|text| paragraph("pace", text.to_owned(), Role::Notice)));
    let title = format!("{} in {}", poller.name(), reading.scope().region());
    Detail { title, paragraphs, charts: vec![] }
}

/// The action, and what AWS said to it, word for word.
fn in_full(error: &CallError) -> String {
    let CallError { action, code, message, .. } = error;
    match code {
        Some(code) => format!("{action}: {code}: {message}"),
        None => format!("{action}: {message}"),
    }
}

/// What all pollers of a scope have cost since the start, and what they cost an hour.
fn cost(reading: Reading<'_>) -> String {
    let cost = reading.cost();
    let budget = match cost.budget_usd_per_hour {
        Some(budget) => format!("of ${budget:.2} budget"),
        None => "no budget set".to_owned(),
    };
    format!(
        "all pollers together: {} requests and {} metrics so far; ${:.2}/h, {budget}",
        grouped(cost.requests as f64),
        grouped(cost.metrics as f64),
        cost.usd_per_hour,
    )
}

/// Why calm tables are read less often than each minute, if they are.
fn pace(reading: Reading<'_>) -> Option<&'static str> {
    let cost = reading.cost();
    Some(match (cost.passed_budget(), cost.slowed?) {
        (Some(_), Slowed::Budget) => {
            "slowed as far as it goes, and still over the budget: what throttles is read each minute"
        }
        (None, Slowed::Budget) => {
            "slowed to keep the budget: calm tables are read less often, those in trouble each minute"
        }
        (_, Slowed::Idle) => {
            "slowed since no key was pressed for half an hour: calm tables are read less often"
        }
    })
}
