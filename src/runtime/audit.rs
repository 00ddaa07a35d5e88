//! `audit`: the journal of what was written.

use super::remember::state_file;
use super::{Ending, Failure, print, tell};
use crate::cli::AuditFormat;
use crate::config::{Config, Target, display_path};
use crate::tune::audit::{Journal, Outcome, Record, Stage};
use crate::tune::plan::Line;
use crate::tune::setting::Setting;
use crate::view::text::width;
use crate::write::journal::JournalFile;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// Columns of the text.
const WIDTH: usize = 80;
/// Columns of a detail's name, with what is around it.
const NAME: usize = 9;

/// The journal of a target. The simulated AWS has one of its own: nothing that happened in a demo may
/// be undone in a real account.
pub(super) fn journal(target: &Target) -> Option<JournalFile> {
    let name = match target {
        Target::Live { .. } => "journal.jsonl",
        Target::Simulated(_) => "journal-demo.jsonl",
    };
    state_file(name).map(JournalFile::at)
}

/// Prints the journal; what cannot be read in it is told on standard error.
pub(super) fn run(config: &Config, format: AuditFormat) -> Result<Ending, Failure> {
    let file = journal(&config.target).ok_or(Failure::NoJournal)?;
    let read = file.read().map_err(Failure::system("reading what was written"))?;
    let journal = told(read, file.path());
    print(&match format {
        AuditFormat::Text => text(&journal),
        AuditFormat::Json => format!("{:#}\n", document(&journal)),
    })
}

/// The journal, with what is wrong with it told.
fn told(read: Option<Journal>, path: &Path) -> Journal {
    let path = display_path(path);
    let Some(journal) = read else {
        tell(&format!("no journal: nothing was written yet ({path})"));
        return Journal::default();
    };
    if let [first, others @ ..] = journal.unreadable.as_slice() {
        let lines = match others.len() {
            0 => "1 unreadable line".to_owned(),
            more => format!("{} unreadable lines", more.saturating_add(1)),
        };
        tell(&format!("{path}: {lines} left out, the first is line {first}"));
    }
    if journal.is_torn {
        tell(&format!("{path}: the last line is torn: its writer was stopped while it wrote"));
    }
    journal
}

/// Some lines for each write, the newest last.
fn text(journal: &Journal) -> String {
    let blocks: Vec<String> = journal.writes().into_iter().map(block).collect();
    blocks.join("\n")
}

/// One write: when and how it ended, what was to change, who wrote it and where, and what was seen.
fn block(record: &Record) -> String {
    let ended = ended(record);
    let at = record.at.strftime("%Y-%m-%d %H:%M:%SZ");
    let mut block = String::new();
    let _ = writeln!(block, "{at}  {}  {}", ended.name, record.subject());
    let mut detail = |name: &str, text: &str| {
        for (number, line) in lines(text, WIDTH - NAME).into_iter().enumerate() {
            let name = if number == 0 { name } else { "" };
            let _ = writeln!(block, "  {name:<6} {line}");
        }
    };
    for line in record.changes() {
        detail("change", &change(&line));
    }
    ended.words.into_iter().for_each(|words| detail("said", words));
    ended.seen.into_iter().for_each(|seen| detail("seen", &in_words(record, seen)));
    detail("by", &record.who);
    detail("in", &format!("account {}, {}", record.account, record.region));
    detail("call", &record.call);
    record.undoes.iter().for_each(|undone| detail("undoes", undone));
    detail("id", &record.id);
    block
}

fn change(Line { name, before, after }: &Line) -> String {
    format!("{name}: {before} -> {after}")
}

/// How a write ended.
struct Ended<'a> {
    /// In text and in JSON.
    name: &'static str,
    /// AWS's words, or ours.
    words: Option<&'a str>,
    /// What was read afterwards.
    seen: Option<&'a Setting>,
}

fn ended(record: &Record) -> Ended<'_> {
    let Stage::Outcome { outcome, seen } = &record.stage else {
        let words = "its end was never recorded: AWS may have done it";
        return Ended { name: "open", words: Some(words), seen: None };
    };
    let (name, words) = match outcome {
        Outcome::Done => ("done", None),
        Outcome::Refused(words) => ("refused", Some(&**words)),
        Outcome::Unknown => ("unknown", Some("no answer came: AWS may have done it")),
        Outcome::NotSent(words) => ("not-sent", Some(&**words)),
        Outcome::ChangedUnderneath(words) => ("changed-underneath", Some(&**words)),
    };
    Ended { name, words, seen: seen.as_ref() }
}

fn in_words(record: &Record, seen: &Setting) -> String {
    if *seen == record.after {
        return "as wanted".to_owned();
    }
    let differences: Vec<String> = record.differences(seen).iter().map(change).collect();
    if differences.is_empty() { "as it was before".to_owned() } else { differences.join("; ") }
}

/// Breaks a text between its words. A word that is too long stays whole: an ARN is searched for.
fn lines(text: &str, cells: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= cells => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Every write, the newest last.
fn document(journal: &Journal) -> Value {
    let writes: Vec<Value> = journal.writes().into_iter().map(write).collect();
    json!({ "schema": 1, "writes": writes, "unreadable_lines": journal.unreadable.len() })
}

/// A write: its last record, with the outcome spelled out.
fn write(record: &Record) -> Value {
    let ended = ended(record);
    let fields = [
        ("id", json!(record.id)),
        ("plan", json!(record.plan)),
        ("at", json!(record.at.to_string())),
        ("who", json!(record.who)),
        ("partition", json!(record.partition)),
        ("account", json!(record.account)),
        ("region", json!(record.region)),
        ("call", json!(record.call)),
        ("undoes", json!(record.undoes)),
        ("before", json!(record.before)),
        ("after", json!(record.after)),
        ("outcome", json!(ended.name)),
        ("words", json!(ended.words)),
        ("seen", json!(ended.seen)),
    ];
    Value::Object(
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>(),
    )
}

#[cfg(test)]
mod tests;
