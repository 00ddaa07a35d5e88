//! The figures of the resources in trouble: those that `snapshot --format json` holds.

use super::charts::Charted;
use super::markdown::{heading, plain, table};
use crate::model::id::Resource;
use crate::model::throttle::{Direction, Limit};
use crate::model::time::Figure;
use crate::store::Reading;

/// Reads and writes of each charted table and index.
pub(super) fn section(charted: &[Charted<'_>], out: &mut String) {
    let is_table = |one: &&Charted<'_>| one.resource.table_name().is_some();
    let tables = charted.iter().filter(is_table);
    let rows: Vec<Vec<String>> = tables
        .flat_map(|one| Direction::ALL.map(|direction| row(one.reading, one.resource, direction)))
        .collect();
    if rows.is_empty() {
        return;
    }
    heading("Figures", out);
    let heads = [
        "resource",
        "",
        "consumed units/s",
        "provisioned units/s",
        "maximum units/s",
        "use %",
        "throttle events/min",
        "by cause",
    ];
    table(&heads, &rows, out);
    out.push_str("\nNumbers are rounded to two decimals; what is not a number is a state, told apart in [snapshot.json](snapshot.json).\n");
}

fn row(reading: Reading<'_>, resource: &Resource, direction: Direction) -> Vec<String> {
    let causes = Limit::ALL.into_iter().filter_map(|limit| {
        let events = reading.throttle_events_by(resource, direction, limit).value()?;
        (events > 0.0).then(|| format!("{} {}", limit.cause(), number(events)))
    });
    let causes: Vec<String> = causes.collect();
    vec![
        plain(&resource.to_string()),
        direction.as_str().to_owned(),
        figure(reading.consumed_per_second(resource, direction)),
        figure(reading.limit(resource, direction, |capacity| capacity.provisioned)),
        figure(reading.limit(resource, direction, |capacity| capacity.maximum)),
        figure(reading.utilization_percent(resource, direction)),
        figure(reading.throttle_events(resource, direction)),
        causes.join(", "),
    ]
}

/// A number, or why there is none. What is stale says of when it is.
pub(super) fn figure(figure: Figure) -> String {
    match (figure, figure.value()) {
        (Figure::Stale { at, .. }, Some(value)) => format!("{} (stale, of {at})", number(value)),
        (Figure::Settling { .. }, Some(value)) => format!("{} (settling)", number(value)),
        (_, Some(value)) => number(value),
        (_, None) => figure.state().replace('_', " "),
    }
}

/// At most two decimals.
pub(super) fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    if value > 0.0 && rounded == 0.0 { "<0.01".to_owned() } else { format!("{rounded}") }
}
