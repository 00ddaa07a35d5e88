//! The box in which values are typed.

use super::super::boxes::edit;
use super::super::key::Key;
use super::super::picker::split;
use super::super::{App, Mode, Target};
use super::plan::PlanBox;
use crate::diagnose::{Cause, Hindrance};
use crate::model::id::Scope;
use crate::model::throttle::Direction;
use crate::tune::draft::{self, Draft, Entry, Field};
use crate::tune::mistake::Mistake;
use crate::tune::plan::Plan;
use crate::view::edit::{Form, form};
use crate::view::format::grouped;
use crate::view::sheet::{Content, Sheet, columns};
use crate::view::text::Charset;
use crate::view::{Role, Span};
use jiff::Timestamp;
use tui_input::{Input, InputRequest};

/// A draft as it is being typed.
#[derive(Debug)]
pub(in crate::app) struct DraftBox {
    pub(super) scope: Scope,
    draft: Draft,
    selected: usize,
    /// The text of the selected field.
    input: Input,
    /// Whether nothing was typed in the field since it was selected: the first character then
    /// replaces what is there.
    untyped: bool,
    pub(super) mistakes: Vec<Mistake>,
    /// What the verdict on it advises, so that nobody has to remember the number.
    advised: Option<String>,
    /// Whether the user was told that leaving drops what was typed.
    leaving: bool,
}

impl DraftBox {
    /// A draft with the cursor on the first field of a direction, or on one of its fields.
    pub(super) fn new(
        scope: Scope,
        draft: Draft,
        focus: Option<(Direction, Option<Field>)>,
    ) -> Self {
        let place = |is_it: &dyn Fn(&Entry) -> bool| draft.entries().iter().position(is_it);
        let selected = focus.and_then(|(direction, field)| {
            let wanted = field.map(|field| draft::Key { field, direction });
            place(&|entry| Some(entry.key) == wanted)
                .or_else(|| place(&|entry| entry.key.direction == direction))
        });
        let selected = selected.unwrap_or(0);
        let mut this = Self {
            scope,
            draft,
            selected,
            input: Input::default(),
            untyped: true,
            mistakes: vec![],
            advised: None,
            leaving: false,
        };
        this.select(selected);
        this
    }

    /// The same with what is advised for it.
    pub(super) fn advised(self, advised: Option<String>) -> Self {
        Self { advised, ..self }
    }

    fn select(&mut self, field: usize) {
        self.selected = field.min(self.draft.entries().len().saturating_sub(1));
        self.untyped = true;
        self.show_typed();
    }

    fn show_typed(&mut self) {
        self.input = self.entry().map(|entry| Input::new(entry.text.clone())).unwrap_or_default();
    }

    fn entry(&self) -> Option<&Entry> {
        self.draft.entries().get(self.selected)
    }

    fn move_by(&mut self, fields: isize) {
        self.select(self.selected.saturating_add_signed(fields));
    }

    fn nudge(&mut self, up: bool) {
        if let Some(key) = self.entry().map(|entry| entry.key) {
            self.draft.nudge(key, up);
            self.show_typed();
            self.untyped = true;
        }
    }

    /// Takes a key into the text of the selected field.
    fn edit(&mut self, key: Key) {
        if self.untyped && matches!(key, Key::Char(_)) {
            self.input.reset();
        }
        if edit(&mut self.input, key) {
            self.keep_typed();
        }
    }

    fn keep_typed(&mut self) {
        self.untyped = false;
        if let Some(key) = self.entry().map(|entry| entry.key) {
            self.draft.set(key, self.input.value());
        }
    }

    /// Takes pasted text into the selected field.
    pub(in crate::app) fn paste(&mut self, text: impl Iterator<Item = char>) {
        for c in text {
            if std::mem::take(&mut self.untyped) {
                self.input.reset();
            }
            self.input.handle(InputRequest::InsertChar(c));
        }
        self.keep_typed();
    }

    /// Whether the selected field is a switch.
    fn is_switch(&self) -> bool {
        let field = self.entry().map(|entry| entry.key.field);
        matches!(field, Some(Field::ScaleIn | Field::ScaleOut))
    }

    /// Says what is wrong and selects the field that is.
    fn say(&mut self, mistakes: Vec<Mistake>) {
        let at_fault = mistakes.iter().find_map(|mistake| mistake.field);
        let entries = self.draft.entries();
        let place = at_fault.and_then(|key| entries.iter().position(|entry| entry.key == key));
        self.mistakes = mistakes;
        if let Some(place) = place {
            self.select(place);
        }
    }

    fn title(&self) -> String {
        match self.draft.resources() {
            [only] => format!("Change {}", crate::diagnose::name(only)),
            several => format!("Change {} tables and indexes", several.len()),
        }
    }

    pub(in crate::app) fn sheet(&self, size: (u16, u16), charset: Charset) -> Sheet {
        let of = Form {
            draft: &self.draft,
            selected: self.selected,
            typed: split(&self.input),
            mistakes: &self.mistakes,
            charset,
        };
        let answer = |mistake: &Mistake| Span::new(mistake.line.clone(), Role::Trouble);
        let leaving = self.leaving.then(|| {
            Span::new("Esc again drops what was typed; any other key goes on", Role::Notice)
        });
        let advised = self.advised.iter().filter(|_| self.mistakes.is_empty());
        let advised = advised.map(|text| Span::new(text.clone(), Role::Text));
        let content = Content {
            title: self.title(),
            lines: form(&of, columns(size.0)),
            // The selected field stays in sight on the smallest screens.
            first: self.selected.saturating_sub(2),
            asked: None,
            answers: self.mistakes.iter().map(answer).chain(advised).chain(leaving).collect(),
        };
        Sheet::of(content, size, charset)
    }
}

impl App {
    #[expect(clippy::wildcard_enum_match_arm, reason = "every other key is for the text")]
    pub(super) fn press_in_draft(&mut self, key: Key, now: Timestamp) {
        let Mode::Draft(form) = &mut self.mode else { return };
        let was_leaving = std::mem::take(&mut form.leaving);
        if key != Key::Enter {
            form.mistakes.clear();
        }
        match key {
            Key::Enter => self.plan_draft(now),
            Key::Esc if form.draft.is_touched() && !was_leaving => form.leaving = true,
            Key::Esc => self.mode = Mode::Normal,
            Key::Up | Key::BackTab => form.move_by(-1),
            Key::Down | Key::Tab => form.move_by(1),
            Key::Char('+') => form.nudge(true),
            Key::Char('-') => form.nudge(false),
            Key::Char(' ') if form.is_switch() => form.nudge(true),
            other => form.edit(other),
        }
    }

    /// Goes on to the plan; what is wrong is said in the draft, which stays as it was typed.
    fn plan_draft(&mut self, now: Timestamp) {
        let Mode::Draft(mut form) = std::mem::replace(&mut self.mode, Mode::Normal) else { return };
        let edits = form.draft.edits(self.live(&form.scope, now));
        let plan = edits.and_then(|edits| Plan::new(&self.ground(&form.scope, now), edits));
        self.mode = match plan {
            Ok(plan) => Mode::Plan(PlanBox::new(plan, Some(form))),
            Err(mistakes) => {
                form.say(mistakes);
                Mode::Draft(form)
            }
        };
    }

    /// Reads or writes of a resource, whichever is in trouble, and the field that the verdict advises to change, if it is about one.
    pub(super) fn field_of_interest(&self, target: &Target) -> Option<(Direction, Option<Field>)> {
        let direction = self.direction_of_interest(target)?;
        let is_at_maximum = self.fleet.verdicts_of(target).iter().any(|verdict| {
            let hindrances = [Some(verdict.cause), verdict.behind.map(Cause::Autoscaling)];
            hindrances.contains(&Some(Cause::Autoscaling(Hindrance::AtMaximum)))
                && verdict.direction == Some(direction)
        });
        Some((direction, is_at_maximum.then_some(Field::Max)))
    }

    /// To how much the verdict on a resource advises to raise a limit, in words.
    pub(super) fn raise_of_interest(&self, target: &Target) -> Option<String> {
        self.fleet.verdicts_of(target).iter().find_map(|verdict| {
            let (direction, to) = (verdict.direction?, verdict.advice.raise_to?);
            Some(format!("advised for {}s: at least {}", direction.as_str(), grouped(to)))
        })
    }

    /// Reads or writes of a resource, whichever is in trouble.
    pub(super) fn direction_of_interest(&self, target: &Target) -> Option<Direction> {
        let verdicts = self.fleet.verdicts_of(target);
        self.direction_in_view().or_else(|| verdicts.iter().find_map(|verdict| verdict.direction))
    }
}
