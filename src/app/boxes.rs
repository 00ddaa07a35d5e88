//! The boxes that take every key: the filter and the picker.

use super::key::Key;
use super::picker::{Command, Kind, Picker};
use super::{App, Effect, Mode};
use crate::view::Role;
use jiff::Timestamp;
use tui_input::{Input, InputRequest};

impl App {
    /// Begins to type a filter.
    pub(super) fn begin_filter(&mut self) {
        self.mode = Mode::Filter;
        if let Some(place) = self.place_mut() {
            place.is_held = true;
        }
    }

    fn end_filter(&mut self) {
        self.mode = Mode::Normal;
        if let Some(place) = self.place_mut() {
            place.is_held = false;
        }
        self.list_here();
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "every other key is for the text")]
    pub(super) fn edit_filter(&mut self, key: Key) {
        match key {
            Key::Enter => {
                let filter = self.narrowing().filter.value().to_owned();
                self.kept.keep_filter(&filter);
                self.end_filter();
            }
            Key::Esc => {
                self.narrowing_mut().filter.reset();
                self.end_filter();
            }
            Key::Up => self.recall_filter(true),
            Key::Down => self.recall_filter(false),
            other => {
                if edit(&mut self.narrowing_mut().filter, other) {
                    self.list_best();
                }
            }
        }
    }

    /// Chooses the rows anew for another filter; what matches best stands on top, and is pointed at.
    fn list_best(&mut self) {
        if let Some(place) = self.place_mut() {
            place.cursor = 0;
        }
        self.list_here();
    }

    /// Calls back the filter kept before the one in the box, or the one after it.
    fn recall_filter(&mut self, older: bool) {
        let filters = &self.kept.filters;
        let place = filters.iter().position(|kept| kept == self.narrowing().filter.value());
        let wanted = match (place, older) {
            (Some(place), true) => place.checked_sub(1),
            (Some(place), false) => Some(place + 1),
            (None, true) => filters.len().checked_sub(1),
            (None, false) => None,
        };
        if let Some(filter) = wanted.and_then(|place| filters.get(place)) {
            self.narrowing_mut().filter = Input::new(filter.clone());
        } else if !older {
            self.narrowing_mut().filter.reset();
        }
        self.list_best();
    }

    /// Pasted text goes into boxes alone: it must never be taken for keys.
    pub(super) fn paste(&mut self, text: &str) {
        // Nobody means more: what is found is looked for anew, and must not hold up the next key.
        const MOST: usize = 1_000;
        let text = text.chars().filter(|c| !c.is_control()).take(MOST);
        match &mut self.mode {
            Mode::Normal | Mode::Work | Mode::Advice(_) => {}
            Mode::Filter => {
                insert(&mut self.narrowing_mut().filter, text);
                self.list_best();
            }
            Mode::Picker(picker) => picker.paste(text),
            Mode::Draft(draft) => draft.paste(text),
            Mode::Plan(plan) => plan.paste(text),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "every other key is for the text")]
    pub(super) fn press_in_picker(&mut self, key: Key, now: Timestamp) -> Option<Effect> {
        let page = self.picker_page();
        let Mode::Picker(picker) = &mut self.mode else { return None };
        match key {
            Key::Esc => {
                let restored = picker.restores();
                self.mode = Mode::Normal;
                return restored.map(Effect::Theme);
            }
            Key::Tab if picker.mark() => {}
            Key::Enter => {
                if let Some(names) = picker.taken() {
                    return self.take(names);
                }
                let (command, restored) = (picker.chosen().cloned(), picker.restores());
                self.mode = Mode::Normal;
                return match command {
                    Some(command) => self.carry_out(command, now),
                    // Nothing matches: what was only looked at is not taken.
                    None => restored.map(Effect::Theme),
                };
            }
            Key::Up | Key::BackTab => picker.move_by(-1),
            Key::Down | Key::Tab => picker.move_by(1),
            Key::PageUp => picker.move_by(-page),
            Key::PageDown => picker.move_by(page),
            other => picker.edit(other),
        }
        self.preview()
    }

    /// Takes what is marked in a box of several choices; nothing is taken while nothing is marked.
    fn take(&mut self, names: Vec<String>) -> Option<Effect> {
        let Mode::Picker(picker) = &self.mode else { return None };
        let kind = picker.kind();
        if names.is_empty() {
            return None;
        }
        self.mode = Mode::Normal;
        self.switch(kind, names)
    }

    /// A theme is seen before it is taken.
    fn preview(&self) -> Option<Effect> {
        let Mode::Picker(picker) = &self.mode else { return None };
        let Some(Command::Theme(name)) = picker.chosen() else { return None };
        (picker.kind() == Kind::Theme).then(|| Effect::Theme(name.clone()))
    }

    fn carry_out(&mut self, command: Command, now: Timestamp) -> Option<Effect> {
        match command {
            Command::Act(action) if !self.is_possible(action, now) => {
                let text = "that has no meaning here and now".to_owned();
                self.notice = Some((text, Role::Notice));
            }
            Command::Act(action) => return self.act(action, now),
            Command::Sort(sort) => {
                self.kept.sort = sort;
                self.kept.reversed = false;
                self.list();
            }
            Command::Range(minutes) => self.timeframe.set_minutes(minutes),
            Command::Open(target) => self.open(target),
            Command::Change(change) => self.carry_out_change(change, now),
            // Taken by Enter, with all others that are marked.
            Command::Take(_) => {}
            Command::Theme(name) => {
                self.kept.theme = Some(name.clone());
                self.options.theme.clone_from(&name);
                return Some(Effect::Theme(name));
            }
        }
        None
    }

    /// Lines that a picker's choices have.
    fn picker_page(&self) -> isize {
        isize::try_from(Picker::page(self.size.1)).unwrap_or(1)
    }
}

/// Puts text into a text box where its cursor is.
pub(super) fn insert(input: &mut Input, text: impl Iterator<Item = char>) {
    for c in text {
        input.handle(InputRequest::InsertChar(c));
    }
}

/// Edits a text box as a shell's line; whether the key means anything there.
pub(super) fn edit(input: &mut Input, key: Key) -> bool {
    let request = match key {
        Key::Char(c) => InputRequest::InsertChar(c),
        Key::Backspace => InputRequest::DeletePrevChar,
        Key::Delete => InputRequest::DeleteNextChar,
        Key::Left => InputRequest::GoToPrevChar,
        Key::Right => InputRequest::GoToNextChar,
        Key::Home | Key::Ctrl('a') => InputRequest::GoToStart,
        Key::End | Key::Ctrl('e') => InputRequest::GoToEnd,
        Key::Ctrl('w') => InputRequest::DeletePrevWord,
        Key::Ctrl('u') => InputRequest::DeleteLine,
        Key::Ctrl('k') => InputRequest::DeleteTillEnd,
        Key::Ctrl(_)
        | Key::Up
        | Key::Down
        | Key::PageUp
        | Key::PageDown
        | Key::Enter
        | Key::Esc
        | Key::Tab
        | Key::BackTab
        | Key::Alt(_)
        | Key::F(_)
        | Key::Insert => return false,
    };
    input.handle(request);
    true
}
