//! The box that tells what a plan does, and in which it is confirmed.

use super::super::boxes::{edit, insert};
use super::super::key::Key;
use super::super::picker::split;
use super::super::{App, Effect, Mode};
use super::draft::DraftBox;
use super::work::Work;
use crate::tune::advice::Advice;
use crate::tune::plan::{Plan, Unconfirmed};
use crate::view::edit::{advice, commands, plan, terraform};
use crate::view::sheet::{Asked, Content, Sheet, columns, wrapped};
use crate::view::text::Charset;
use crate::view::{Role, Span};
use tui_input::Input;

/// A plan that waits to be confirmed, or that can only be read.
#[derive(Debug)]
pub(in crate::app) struct PlanBox {
    plan: Plan,
    first: usize,
    /// What was typed to confirm it, once it was read.
    typed: Option<Input>,
    answer: Option<(String, Role)>,
    /// Where it is from.
    draft: Option<Box<DraftBox>>,
}

impl PlanBox {
    pub(super) fn new(plan: Plan, draft: Option<DraftBox>) -> Self {
        Self { plan, first: 0, typed: None, answer: None, draft: draft.map(Box::new) }
    }

    /// Drops what was typed to confirm it.
    pub(in crate::app) fn stop_typing(&mut self) {
        self.typed = None;
    }

    /// Whether its name is being typed.
    pub(in crate::app) fn is_typed(&self) -> bool {
        self.typed.is_some()
    }

    /// Takes pasted text where the name is typed.
    pub(in crate::app) fn paste(&mut self, text: impl Iterator<Item = char>) {
        if let Some(typed) = &mut self.typed {
            insert(typed, text);
        }
    }

    /// The box; where nothing can be written, `forbidden` says who says so and what would allow it.
    pub(in crate::app) fn sheet(
        &self,
        size: (u16, u16),
        charset: Charset,
        forbidden: Option<&str>,
    ) -> Sheet {
        let to_type = self.plan.to_type();
        let asked = self
            .typed
            .as_ref()
            .filter(|_| forbidden.is_none())
            .map(|typed| Asked { prompt: format!("type {to_type} to apply"), typed: split(typed) });
        let only_read = forbidden.map(|why| {
            let text = format!(
                "nothing can be written here: {why}; y copies the AWS CLI command, Esc goes back"
            );
            Span::new(text, Role::Notice)
        });
        let answers = self.answer.iter().map(|(text, role)| Span::new(text.clone(), *role));
        let place = self.plan.scope();
        let state = if forbidden.is_none() { "nothing is done yet" } else { "a preview" };
        let content = Content {
            title: format!("Plan for {} {}: {state}", place.account(), place.region()),
            lines: wrapped(&plan(&self.plan, charset), columns(size.0), charset),
            first: self.first,
            asked,
            answers: only_read.into_iter().chain(answers).collect(),
        };
        Sheet::of(content, size, charset)
    }
}

/// Moves through the lines of a box; whether the key was for that.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other key is for the box")]
pub(super) fn scroll(first: &mut usize, key: Key, sheet: &Sheet) -> bool {
    // Where the box ends it stands, whatever was pressed before.
    let page = sheet.lines.len();
    let forward = |lines: usize| lines.min(sheet.below);
    match key {
        Key::Down => *first += forward(1),
        Key::PageDown => *first += forward(page),
        Key::Up => *first = first.saturating_sub(1),
        Key::PageUp => *first = first.saturating_sub(page),
        _ => return false,
    }
    true
}

impl App {
    pub(super) fn press_in_plan(&mut self, key: Key) -> Option<Effect> {
        let (size, charset) = (self.size, self.options.charset);
        let Mode::Plan(open) = &mut self.mode else { return None };
        open.answer = None;
        let sheet = open.sheet(size, charset, self.options.standing.forbidden());
        if scroll(&mut open.first, key, &sheet) {
            return None;
        }
        if open.is_typed() { self.confirm_by(key) } else { self.read_plan(key) }
    }

    /// Keys while a plan is read.
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other key has a meaning here")]
    fn read_plan(&mut self, key: Key) -> Option<Effect> {
        let Mode::Plan(open) = &mut self.mode else { return None };
        match key {
            Key::Enter if self.options.standing.permit.is_some() => {
                open.typed = Some(Input::default());
            }
            Key::Esc => {
                let draft = open.draft.take();
                self.mode = draft.map_or(Mode::Normal, |draft| Mode::Draft(*draft));
            }
            Key::Char('y') => {
                let text = "the AWS CLI command is sent to the terminal's clipboard";
                open.answer = Some((text.to_owned(), Role::Text));
                return Some(Effect::Copy(commands(&open.plan)));
            }
            Key::Char('Y') => {
                let copied = terraform(&open.plan);
                let text = match copied {
                    Some(_) => "the Terraform attributes are sent to the terminal's clipboard",
                    None => "Terraform has no attribute for this",
                };
                open.answer = Some((text.to_owned(), Role::Text));
                return copied.map(Effect::Copy);
            }
            _ => {}
        }
        None
    }

    /// Keys while its name is typed.
    #[expect(clippy::wildcard_enum_match_arm, reason = "every other key is for the text")]
    fn confirm_by(&mut self, key: Key) -> Option<Effect> {
        let Mode::Plan(open) = &mut self.mode else { return None };
        match key {
            Key::Enter => return self.confirm(),
            Key::Esc => open.typed = None,
            other => {
                if let Some(typed) = &mut open.typed {
                    edit(typed, other);
                }
            }
        }
        None
    }

    /// Sends the plan to be carried out, if there is a permit now and what was typed is right.
    fn confirm(&mut self) -> Option<Effect> {
        let Mode::Plan(mut open) = std::mem::replace(&mut self.mode, Mode::Normal) else {
            return None;
        };
        let Some(permit) = &self.options.standing.permit else {
            open.stop_typing();
            self.mode = Mode::Plan(open);
            return None;
        };
        let typed = open.typed.as_ref().map_or("", |typed| typed.value().trim());
        match open.plan.confirm(permit, typed) {
            Ok(confirmed) => {
                self.editing.work = Some(Work::new(confirmed.plan()));
                self.editing.warned = false;
                self.editing.marked.clear();
                self.mode = Mode::Work;
                Some(Effect::Write(Box::new(confirmed)))
            }
            Err(Unconfirmed { plan, mistake }) => {
                open.plan = *plan;
                open.answer = Some((mistake.line, Role::Trouble));
                self.mode = Mode::Plan(open);
                None
            }
        }
    }
}

/// What may be done by hand, as it is read.
#[derive(Debug)]
pub(in crate::app) struct AdviceBox {
    advice: Advice,
    first: usize,
    answer: Option<String>,
}

impl AdviceBox {
    pub(super) fn new(advice: Advice) -> Self {
        Self { advice, first: 0, answer: None }
    }

    pub(in crate::app) fn sheet(&self, size: (u16, u16), charset: Charset) -> Sheet {
        let content = Content {
            title: format!("By hand: {}", self.advice.title),
            lines: wrapped(&advice(&self.advice), columns(size.0), charset),
            first: self.first,
            asked: None,
            answers: self.answer.iter().map(|it| Span::new(it.clone(), Role::Text)).collect(),
        };
        Sheet::of(content, size, charset)
    }
}

impl App {
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other key has a meaning here")]
    pub(super) fn press_in_advice(&mut self, key: Key) -> Option<Effect> {
        let (size, charset) = (self.size, self.options.charset);
        let Mode::Advice(open) = &mut self.mode else { return None };
        let sheet = open.sheet(size, charset);
        if scroll(&mut open.first, key, &sheet) {
            return None;
        }
        match key {
            Key::Esc | Key::Enter | Key::Char('q') => self.mode = Mode::Normal,
            Key::Char('y') => {
                open.answer = Some("the command is sent to the terminal's clipboard".to_owned());
                return Some(Effect::Copy(open.advice.command.clone()));
            }
            _ => {}
        }
        None
    }
}
