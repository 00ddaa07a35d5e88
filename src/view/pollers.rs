//! The Pollers pane: how well AWS can be read, and what that costs.

mod about;

use super::format::{Unit, age, grouped, number};
use super::{Align, Column, ColumnWidth, Detail, List, Paragraph, Role, Row, Span};
use crate::model::health::{CallError, ErrorClass, Outcome, Poller, Slowed};
use crate::store::{Beat, Health, Reading};
use crate::view::text::Charset;
use about::About;
use jiff::Timestamp;

/// Rounds shown, one cell each.
const ROUNDS: u16 = 20;

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
        column("STATE", 11, 1, Align::LeftCutEnd),
        column("LAST READ", 9, 2, Align::Right),
        column("FAILED", 6, 3, Align::Right),
        column("NEXT IN", 7, 4, Align::Right),
        column("LAST 20 ROUNDS", ROUNDS, 5, Align::Right),
        column("TOOK MS", 7, 6, Align::Right),
        column("REQUESTS", 8, 7, Align::Right),
        column("METRICS", 7, 7, Align::Right),
        column("USD", 7, 8, Align::Right),
        column("USD/H", 7, 8, Align::Right),
    ]
}

/// How a poller is doing, in a word.
fn state(now: Timestamp, health: Option<&Health>) -> (&'static str, Role) {
    let Some(health) = health else { return ("waiting", Role::Dim) };
    let backs_off = health.backs_off_until().is_some_and(|until| until > now);
    match &health.last.outcome {
        Outcome::Complete => ("ok", Role::Safe),
        Outcome::Failed(error) if error.class == ErrorClass::Denied => ("denied", Role::Problem),
        Outcome::Failed(_) if backs_off => ("backing off", Role::Problem),
        Outcome::Failed(_) => ("failed", Role::Problem),
        Outcome::Partial(_) if backs_off => ("backing off", Role::Notice),
        Outcome::Partial(_) => ("partial", Role::Notice),
    }
}

fn row(facts: &Facts<'_>, (reading, poller): &(Reading<'_>, Poller), selected: bool) -> Row {
    let health = reading.health(*poller);
    let (state, role) = state(facts.now, health);
    let mark = match health.map(|health| &health.last.outcome) {
        Some(Outcome::Failed(_)) => Span::new("!", Role::Problem),
        Some(Outcome::Partial(_)) => Span::new("i", Role::Notice),
        Some(Outcome::Complete) | None => Span::new("", Role::Text),
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
        marked: false,
        mark,
        selected,
        cells: vec![
            Span::new(poller.name(), name_role),
            Span::new(state, role),
            told(&last),
            Span::new(health.map(|_| failures.to_string()).unwrap_or_default(), failed_role),
            told(&|health| next(facts.now, health)),
            Span::new(health.map(|it| rounds(it, facts.charset)).unwrap_or_default(), Role::Chart),
            told(&|health| grouped(health.last.took.as_secs_f64() * 1_000.0)),
            told(&|health| number(health.requests as f64, Unit::Count)),
            told(&|health| number(health.metrics as f64, Unit::Count)),
            told(&|health| dollars(health.usd)),
            told(&|health| dollars(health.usd_per_hour())),
        ],
    }
}

/// The newest rounds, oldest first: a dot for a good one, `p` for a partial one, `x` for none read.
fn rounds(health: &Health, charset: Charset) -> String {
    let good = good(charset);
    let beats = health.recent();
    let skipped = beats.len().saturating_sub(ROUNDS.into());
    let mark = |beat: &Beat| match (beat.read, beat.error) {
        (true, None) => good,
        (true, Some(_)) => 'p',
        (false, _) => 'x',
    };
    beats.skip(skipped).map(mark).collect()
}

/// The mark of a round that read everything.
fn good(charset: Charset) -> char {
    match charset {
        Charset::Unicode => '·',
        Charset::Ascii => '.',
    }
}

/// `0`, `0.0004`, `0.42`, `12.60`: a cost that is not zero never reads as zero.
fn dollars(usd: f64) -> String {
    match usd {
        _ if usd <= 0.0 => "0".to_owned(),
        _ if usd < 0.000_05 => "<0.0001".to_owned(),
        _ if usd < 0.01 => format!("{usd:.4}"),
        _ => format!("{usd:.2}"),
    }
}

/// Time until the next round.
fn next(now: Timestamp, health: &Health) -> String {
    match health.last.due {
        Some(due) if due > now => age(due, now),
        Some(_) => "now".to_owned(),
        None => "never".to_owned(),
    }
}

fn detail(facts: &Facts<'_>, reading: Reading<'_>, poller: Poller) -> Detail {
    let About { reads, actions } = about::about(poller);
    let health = reading.health(poller);
    let present = health.and_then(|health| health.last.outcome.error());
    let past = health.and_then(|health| health.last_error.as_ref()).filter(|_| present.is_none());
    let paragraph = |label, text: String, role| Paragraph { label, text: Span::new(text, role) };
    let mut paragraphs = vec![];
    if let Some(error) = present {
        paragraphs.push(paragraph("error", in_full(error), Role::Problem));
        let cure = error.cure(facts.profile);
        paragraphs.extend(cure.map(|cure| paragraph("next", cure, Role::Title)));
    }
    if let Some((at, error)) = past {
        let text = format!("{} ago, since recovered: {}", age(facts.now, *at), in_full(error));
        paragraphs.push(paragraph("error", text, Role::Dim));
    }
    paragraphs.push(paragraph("reads", reads.to_owned(), Role::Text));
    paragraphs.push(paragraph("needs", actions.join(", "), Role::Text));
    paragraphs.push(paragraph("cost", cost(reading), Role::Text));
    if health.is_some_and(|health| health.recent().any(|beat| beat.error.is_some())) {
        let good = good(facts.charset);
        let text = format!("last 20 rounds: {good} read all, p read in part, x read nothing");
        paragraphs.push(paragraph("marks", text, Role::Dim));
    }
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

/// What all pollers of a scope have cost since the start, and what is planned to be read an hour. The rows have what
/// was read, so that they may add up to something else: rows that came on screen lately, or pages and retries.
fn cost(reading: Reading<'_>) -> String {
    let cost = reading.cost();
    let budget = match cost.budget_usd_per_hour {
        Some(budget) => format!("the budget is ${budget:.2}/h"),
        None => "no budget set".to_owned(),
    };
    format!(
        "all pollers together: {} requests and {} metrics so far; planned ${:.2}/h, {budget}; USD/H above is measured \
         over the last rounds of each",
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::health::Round;
    use crate::model::update::News;
    use crate::store::fixture::{Fixture, second};
    use std::time::Duration;

    #[test]
    fn a_round_that_is_not_repeated_is_never_next_and_backs_off_from_nothing() {
        let error = CallError {
            class: ErrorClass::NoRegion,
            action: "a:B",
            code: None,
            message: String::new(),
        };
        let mut fixture = Fixture::new(0, vec![]);
        fixture.tell(News::Round(Round {
            poller: Poller::Tables,
            started: second(0),
            took: Duration::ZERO,
            outcome: Outcome::Failed(error),
            requests: 0,
            metrics: 0,
            due: None,
        }));
        let health = fixture.reading().health(Poller::Tables).unwrap();
        let shown = (state(second(1), Some(health)).0, next(second(1), health));
        assert_eq!(shown, ("failed", "never".to_owned()));
        assert!(health.usd_per_hour() < f64::EPSILON);
    }

    #[test]
    fn a_poller_that_leaves_aws_alone_is_backing_off_until_its_next_round() {
        use ErrorClass::{Denied, Server, Throttled};
        let error = |class| CallError { class, action: "a:B", code: None, message: String::new() };
        let cases = [
            (Outcome::Complete, "ok", "ok"),
            (Outcome::Partial(error(Server)), "partial", "partial"),
            (Outcome::Partial(error(Throttled)), "backing off", "partial"),
            (Outcome::Failed(error(Server)), "backing off", "failed"),
            (Outcome::Failed(error(Denied)), "denied", "denied"),
        ];
        for (outcome, resting, due) in cases {
            let mut fixture = Fixture::new(0, vec![]);
            fixture.end(Poller::Metrics, outcome.clone());
            let health = fixture.reading().health(Poller::Metrics);
            let words = [second(59), second(60)].map(|now| state(now, health).0);
            assert_eq!(words, [resting, due], "{outcome:?}");
        }
        assert_eq!(state(second(0), None).0, "waiting");
    }
}
