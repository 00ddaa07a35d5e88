//! What happened, for the report and for scripts.

use super::markdown::{heading, plain, table};
use crate::report::snapshot::{SCHEMA, instant, located};
use crate::view::timeline::Entry;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::fmt::Write;

/// Rows of the report; all of them are in `timeline.json`.
const MOST: usize = 100;

/// Every entry, newest first.
pub(super) fn json(entries: &[Entry], now: Timestamp) -> Value {
    let entry = |entry: &Entry| {
        let fields = json!({
            "at": instant(entry.at()),
            "first_at": instant(entry.since()),
            "times": entry.times(),
            "kind": entry.kind.name(),
            "severity": entry.weight.as_str(),
            "resource": entry.resource().map(ToString::to_string),
            "about": entry.named(),
            "text": entry.text,
        });
        located(&entry.scope, fields)
    };
    let entries: Vec<Value> = entries.iter().map(entry).collect();
    json!({ "schema": SCHEMA, "at": instant(now), "entries": entries })
}

/// The newest entries as a table.
pub(super) fn section(entries: &[Entry], out: &mut String) {
    heading("Timeline, newest first", out);
    if entries.is_empty() {
        out.push_str("Nothing happened, as far as it was read.\n");
    }
    let row = |entry: &Entry| {
        let times = match entry.times() {
            1 => String::new(),
            times => format!("{times} times since {}: ", instant(entry.since())),
        };
        vec![
            instant(entry.at()),
            entry.kind.name().to_owned(),
            plain(&entry.named()),
            format!("{times}{}", plain(&entry.text)),
        ]
    };
    let rows: Vec<Vec<String>> = entries.iter().take(MOST).map(row).collect();
    table(&["at (UTC)", "kind", "about", "what"], &rows, out);
    let more = entries.len().saturating_sub(MOST);
    if more > 0 {
        let _ = writeln!(out, "\n{more} more are in [timeline.json](timeline.json).");
    }
}
