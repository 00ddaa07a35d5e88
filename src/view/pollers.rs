//! The Pollers pane: how well AWS can be read, and what that costs.

use super::format::{age, grouped};
use super::header::problem;
use super::{Align, Column, ColumnWidth, Detail, List, Paragraph, Role, Row, Span};
use crate::model::health::{Outcome, Poller};
use crate::store::Reading;
use crate::view::text::Charset;
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
        column("POLLER", 14, 0, Align::LeftCutEnd),
        column("STATE", 10, 1, Align::LeftCutEnd),
        column("LAST READ", 9, 2, Align::Right),
        column("TOOK MS", 8, 3, Align::Right),
        column("REQUESTS", 9, 4, Align::Right),
    ]
}

fn row(facts: &Facts<'_>, (reading, poller): &(Reading<'_>, Poller), selected: bool) -> Row {
    let health = reading.health(*poller);
    let (state, role) = match health.map(|health| &health.last.outcome) {
        None => ("not yet", Role::Dim),
        Some(Outcome::Complete) => ("ok", Role::Safe),
        Some(Outcome::Partial(_)) => ("partial", Role::Notice),
        Some(Outcome::Failed(_)) => ("failed", Role::Problem),
    };
    let ago = health.and_then(|health| health.last_success).map(|last| age(facts.now, last));
    let took = health.map(|health| grouped(health.last.took.as_secs_f64() * 1_000.0));
    let requests = health.map(|health| grouped(f64::from(health.last.requests)));
    let text = |text: Option<String>| Span::new(text.unwrap_or_default(), Role::Text);
    let name_role = if selected { Role::Selected } else { Role::Text };
    Row {
        mark: Span::new("", Role::Text),
        selected,
        cells: vec![
            Span::new(poller.name(), name_role),
            Span::new(state, role),
            text(ago),
            text(took),
            text(requests),
        ],
    }
}

fn detail(facts: &Facts<'_>, reading: Reading<'_>, poller: Poller) -> Detail {
    let error = reading.health(poller).and_then(|health| health.last.outcome.error());
    let told = error.map(|error| Paragraph {
        label: "what",
        text: Span::new(problem(poller, error, facts.profile), Role::Problem),
    });
    Detail {
        title: poller.name().to_owned(),
        paragraphs: told.into_iter().collect(),
        charts: vec![],
    }
}
