//! How a confirmed plan is carried out, as it is told.

use super::super::key::Key;
use super::super::{App, Mode};
use super::plan::scroll;
use crate::model::local::UtcOffset;
use crate::tune::plan::Plan;
use crate::tune::progress::{Event, Progress};
use crate::view::Role;
use crate::view::edit::Going;
use crate::view::sheet::{Content, Sheet, columns, wrapped};
use crate::view::text::Charset;
use jiff::Timestamp;

/// A plan that is being carried out, or was.
#[derive(Debug)]
pub(in crate::app) struct Work {
    steps: Vec<Going>,
    /// The step that was told of last.
    at: usize,
    is_finished: bool,
    first: usize,
}

impl Work {
    pub(super) fn new(plan: &Plan) -> Self {
        let steps = plan.steps().iter().map(Going::new).collect();
        Self { steps, at: 0, is_finished: false, first: 0 }
    }

    pub(super) fn is_finished(&self) -> bool {
        self.is_finished
    }

    fn hear(&mut self, Progress { step, event }: Progress, at: Timestamp) {
        self.at = step;
        self.is_finished |= matches!(event, Event::Finished | Event::Stopped);
        if let Some(going) = self.steps.get_mut(step) {
            going.hear(event, at);
        }
    }

    /// `WRITING 1 of 2`; `None` once it has ended.
    pub(super) fn state(&self) -> Option<String> {
        let (at, count) = (self.at + 1, self.steps.len());
        let place = if count > 1 { format!(" {at} of {count}") } else { String::new() };
        (!self.is_finished).then(|| format!("WRITING{place}"))
    }

    /// How it ended, in a line.
    fn outcome(&self) -> Option<(String, Role)> {
        let (text, role) = self.steps.get(self.at)?.line();
        match (self.at, self.steps.len()) {
            (_, 1) => Some((text, role)),
            (at, count) => Some((format!("{} of {count}: {text}", at + 1), role)),
        }
    }

    fn sheet(&self, size: (u16, u16), charset: Charset, offset: UtcOffset) -> Sheet {
        let lines: Vec<_> = self.steps.iter().flat_map(|step| step.told(offset)).collect();
        let title = if self.is_finished { "This is how it went" } else { "Being written" };
        let content = Content {
            title: title.to_owned(),
            lines: wrapped(&lines, columns(size.0), charset),
            first: self.first,
            asked: None,
            answers: vec![],
        };
        Sheet::of(content, size, charset)
    }
}

impl App {
    /// What is told of the plan that is carried out.
    pub(in crate::app) fn work_sheet(&self, now: Timestamp) -> Option<Sheet> {
        let offset = self.utc_offset(now);
        Some(self.editing.work.as_ref()?.sheet(self.size, self.options.charset, offset))
    }

    /// Takes in how far it is; its end is told in the footer, too, where its box was closed.
    pub(in crate::app) fn hear_of_work(&mut self, progress: Progress, now: Timestamp) {
        let Some(work) = &mut self.editing.work else { return };
        work.hear(progress, now);
        if work.is_finished() && !matches!(self.mode, Mode::Work) {
            self.notice = work.outcome();
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "no other key has a meaning here")]
    pub(super) fn press_in_work(&mut self, key: Key, now: Timestamp) {
        let Some(sheet) = self.work_sheet(now) else {
            self.mode = Mode::Normal;
            return;
        };
        let first = self.editing.work.as_mut().map(|work| &mut work.first);
        if first.is_some_and(|first| scroll(first, key, &sheet)) {
            return;
        }
        match key {
            Key::Esc | Key::Enter | Key::Char('q') => self.mode = Mode::Normal,
            _ => {}
        }
    }
}
