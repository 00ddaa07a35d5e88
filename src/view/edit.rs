//! What is said of writes: the fields of a draft, a plan, how it is carried out, and advice.

use super::detail::{block, paragraph};
use super::format::clock;
use super::text::{Charset, cut_end, width};
use super::{Paragraph, Role, Span};
use crate::model::local::UtcOffset;
use crate::tune::advice::Advice;
use crate::tune::draft::{Draft, Entry};
use crate::tune::mistake::Mistake;
use crate::tune::plan::{Line, Plan, Step};
use crate::tune::progress::Event;
use jiff::Timestamp;

/// A draft as it is being typed.
#[derive(Debug)]
pub struct Form<'a> {
    /// The draft.
    pub draft: &'a Draft,
    /// The field that keys go to.
    pub selected: usize,
    /// What is typed in it: before the cursor, under it, after it.
    pub typed: [String; 3],
    /// What is wrong with it.
    pub mistakes: &'a [Mistake],
    /// Which characters may be used.
    pub charset: Charset,
}

/// Writes the fields of a draft, one to a line, and notes on those that are not there.
pub fn form(form: &Form<'_>, columns: usize) -> Vec<Vec<Span>> {
    let fields = form.draft.entries().iter().enumerate();
    let fields = fields.map(|(at, entry)| field(form, entry, at == form.selected));
    let notes: Vec<Paragraph> =
        form.draft.notes().iter().map(|note| paragraph("", note.clone(), Role::Dim)).collect();
    fields.chain(super::sheet::wrapped(&notes, columns, form.charset)).collect()
}

/// Cells of a field's name: `write scale-out suspended`.
const NAME: usize = 26;
/// Cells of a field's text.
const TEXT: usize = 14;

fn field(form: &Form<'_>, entry: &Entry, selected: bool) -> Vec<Span> {
    let is_at_fault = form.mistakes.iter().any(|mistake| mistake.field == Some(entry.key));
    let role = match (is_at_fault, selected) {
        (true, _) => Role::Trouble,
        (false, true) => Role::Selected,
        (false, false) => Role::Text,
    };
    let pointer = if selected { form.charset.pointer() } else { " " };
    let name = format!("{pointer} {:NAME$}", entry.key.to_string());
    let mut spans = vec![Span::new(name, role)];
    let taken = if selected {
        let [before, under, after] = &form.typed;
        spans.push(Span::new(before.clone(), Role::Text));
        spans.push(Span::new(under.clone(), Role::Cursor));
        spans.push(Span::new(after.clone(), Role::Text));
        width(before) + width(under) + width(after)
    } else {
        let text = cut_end(&entry.text, TEXT, form.charset);
        let taken = width(&text);
        spans.push(Span::new(text, Role::Text));
        taken
    };
    let was = match &entry.values {
        Some(values) => format!("now {values}"),
        None if entry.is_touched() => format!("now {}", entry.opened),
        None => String::new(),
    };
    let role = if entry.is_touched() { Role::Notice } else { Role::Dim };
    let blank = " ".repeat(TEXT.saturating_sub(taken) + 1);
    spans.extend([Span::new(blank, Role::Text), Span::new(was, role)]);
    spans
}

/// Writes a plan: for each of its writes what changes, what to know, and what it costs.
pub fn plan(plan: &Plan, charset: Charset) -> Vec<Paragraph> {
    let count = plan.steps().len();
    let steps = plan.steps().iter().zip(1..);
    steps.flat_map(|(step, number)| told(step, (number, count), charset)).collect()
}

fn told(step: &Step, (number, count): (usize, usize), charset: Charset) -> Vec<Paragraph> {
    let told = step.told();
    let title = match count {
        1 => told.title.clone(),
        several => format!("{number} of {several}: {}", told.title),
    };
    let mut paragraphs = vec![paragraph("", title, Role::Title)];
    let arrow = charset.leads_to();
    let change = |Line { name, before, after }: &Line| {
        paragraph("change", format!("{name} {before} {arrow} {after}"), Role::Text)
    };
    paragraphs.extend(told.changes.iter().map(change));
    paragraphs.extend(told.warnings.iter().map(|warning| {
        let (label, role) =
            if warning.is_danger { ("DANGER", Role::Trouble) } else { ("know", Role::Notice) };
        paragraph(label, warning.text.clone(), role)
    }));
    paragraphs.extend(told.at_once.iter().map(|it| paragraph("then", it.clone(), Role::Text)));
    paragraphs.extend(told.decreases.iter().map(|it| paragraph("spends", it.clone(), Role::Text)));
    paragraphs.extend(told.money.iter().map(|it| paragraph("cost", it.line(), Role::Text)));
    let lost = if step.undoes().is_some() { "know" } else { "undo" };
    paragraphs.extend(told.lost.iter().map(|it| paragraph(lost, it.clone(), Role::Text)));
    paragraphs.push(paragraph("aws", told.command.clone(), Role::Dim));
    let terraform = told.terraform.iter();
    paragraphs.extend(terraform.flat_map(|text| block("tf", text, Role::Dim)));
    paragraphs
}

/// The AWS CLI commands of a plan, a line each.
pub fn commands(plan: &Plan) -> String {
    let commands: Vec<&str> =
        plan.steps().iter().map(|step| step.told().command.as_str()).collect();
    commands.join("\n")
}

/// The Terraform attributes of a plan; `None` where Terraform has none for it.
pub fn terraform(plan: &Plan) -> Option<String> {
    let attributes = plan.steps().iter().filter_map(|step| step.told().terraform.as_deref());
    let attributes: Vec<&str> = attributes.collect();
    (!attributes.is_empty()).then(|| attributes.join("\n"))
}

/// How one write goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Going {
    /// What is set.
    title: String,
    /// What has happened to it, and when.
    events: Vec<(Timestamp, Event)>,
}

impl Going {
    /// Nothing has happened yet.
    pub fn new(step: &Step) -> Self {
        Self { title: step.told().title.clone(), events: vec![] }
    }

    /// Something has happened.
    pub fn hear(&mut self, event: Event, at: Timestamp) {
        self.events.push((at, event));
    }

    /// What is known of how it ended, and how much that matters.
    pub fn ending(&self) -> (String, Role) {
        let newest = self.events.iter().rev().find_map(|(_, event)| said(event));
        newest.unwrap_or_else(|| ("not begun".to_owned(), Role::Dim))
    }

    /// Writes what has happened, in times so many minutes ahead of UTC.
    pub fn told(&self, utc_offset: UtcOffset) -> Vec<Paragraph> {
        let title = paragraph("", self.title.clone(), Role::Title);
        let mut paragraphs = vec![title];
        if self.events.is_empty() {
            paragraphs.push(paragraph("", "not begun".to_owned(), Role::Dim));
        }
        let told = self.events.iter().filter_map(|(at, event)| {
            let (text, role) = said(event)?;
            Some(paragraph("", format!("{} {text}", clock(*at, utc_offset)), role))
        });
        paragraphs.extend(told);
        paragraphs
    }

    /// `write autoscaling of orders: seen: it is so now`.
    pub fn line(&self) -> (String, Role) {
        let (ending, role) = self.ending();
        (format!("{}: {ending}", self.title), role)
    }
}

/// What is said of an event; nothing of the end of all.
fn said(event: &Event) -> Option<(String, Role)> {
    Some(match event {
        Event::IntentWritten => ("recorded in the journal, re-reading".to_owned(), Role::Dim),
        Event::NotSent(why) => (format!("not sent: {why}"), Role::Problem),
        Event::ChangedUnderneath { line, .. } => {
            (format!("not sent, it has changed meanwhile: {line}"), Role::Problem)
        }
        Event::Sent => ("sent, once".to_owned(), Role::Dim),
        Event::Done => ("AWS accepted it; waiting to see it".to_owned(), Role::Text),
        Event::Refused(error) => {
            (format!("AWS refused it, nothing is changed: {error}"), Role::Problem)
        }
        Event::Unknown(error) => {
            (format!("UNKNOWN, AWS may have done it: {error}; looking"), Role::Problem)
        }
        Event::Seen(_) => ("done: it is seen to be so".to_owned(), Role::Safe),
        Event::NotSeenYet(_) => {
            ("a minute later it is not seen to be so yet: see the pane".to_owned(), Role::Notice)
        }
        Event::JournalFailed(line) => (line.clone(), Role::Problem),
        Event::Stopped => ("not begun: what came before it failed".to_owned(), Role::Notice),
        Event::Finished => return None,
    })
}

/// Writes what may be done by hand.
pub fn advice(advice: &Advice) -> Vec<Paragraph> {
    let lines = advice.lines.iter().map(|line| paragraph("know", line.clone(), Role::Text));
    let never = "shown only: this program never does it".to_owned();
    let mut paragraphs: Vec<Paragraph> = lines.collect();
    paragraphs.push(paragraph("aws", advice.command.clone(), Role::Dim));
    paragraphs.push(paragraph("", never, Role::Notice));
    paragraphs
}
