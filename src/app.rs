//! The application: messages in, effects out.
//!
//! Only [`App::handle`] changes state. It never waits; what takes time is an [`Effect`] that the
//! runtime carries out.

pub mod action;
mod fleet;
pub mod key;
mod query;
mod screen;

use crate::diagnose::{Thresholds, Verdict};
use crate::model::id::{Resource, Scope};
use crate::model::time::Minute;
use crate::model::update::Update;
use crate::store::{self, Store};
use crate::view::chart::Marker;
use crate::view::header::Banner;
use crate::view::tables::SortBy;
use crate::view::{Charset, Layout};
use action::{Action, Lookup, lookup};
use fleet::{Fleet, Query};
use jiff::Timestamp;
use key::Key;
use query::Filter;
use tui_input::{Input, InputRequest};

/// What the application is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// News from AWS; what arrives together is judged together.
    Updates(Vec<Update>),
    /// The shown clock moved on.
    Tick,
}

/// What the application wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// Stop as job control does.
    Suspend,
    /// Clear the terminal and paint everything.
    Redraw,
    /// Read from AWS now.
    Refresh,
    /// The user looks at other things than before.
    Interest(Interest),
}

/// A resource and where it lives.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    /// Where it lives.
    pub scope: Scope,
    /// The account, table or index.
    pub resource: Resource,
}

impl Target {
    fn new(scope: &Scope, resource: Resource) -> Self {
        Self { scope: scope.clone(), resource }
    }
}

/// What the user looks at: for these more is read than for the rest of the fleet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Interest {
    /// The rows on screen, from top to bottom.
    pub visible: Vec<Target>,
    /// The selected one of them.
    pub selected: Option<Target>,
}

/// What is settled before the application starts.
#[derive(Debug, Clone)]
pub struct Options {
    /// Real or simulated.
    pub banner: Banner,
    /// The profile the user named.
    pub profile: Option<String>,
    /// The region, as the user or the configuration names it.
    pub region: String,
    /// When something counts as trouble.
    pub thresholds: Thresholds,
    /// How data are kept.
    pub store: store::Settings,
    /// How the list is sorted at first.
    pub sort: SortBy,
    /// Which characters the terminal can show.
    pub charset: Charset,
    /// What charts are drawn with.
    pub marker: Marker,
    /// Whether figures may be about minutes that CloudWatch may still revise.
    pub include_settling: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Normal,
    /// The filter box takes every key.
    Filter,
}

/// The state of the dashboard.
#[derive(Debug)]
pub struct App {
    options: Options,
    store: Store,
    fleet: Fleet,
    /// The minute in which `fleet` was judged: verdicts grow old without news, too.
    judged: Minute,
    rows: Vec<Target>,
    mode: Mode,
    filter: Input,
    only_trouble: bool,
    sort: SortBy,
    reversed: bool,
    /// The resource the user moved to; `None` stays on what to do first.
    selected: Option<Target>,
    /// The row that is shown as selected.
    cursor: usize,
    /// The first row on screen.
    offset: usize,
    /// The keys of an unfinished sequence.
    pressed: Vec<Key>,
    size: (u16, u16),
    interest: Interest,
}

impl App {
    /// Starts with nothing known and no room on screen.
    pub fn new(options: Options) -> Self {
        Self {
            store: Store::new(options.store),
            sort: options.sort,
            options,
            fleet: Fleet::default(),
            judged: Minute(0),
            rows: vec![],
            mode: Mode::Normal,
            filter: Input::default(),
            only_trouble: false,
            reversed: false,
            selected: None,
            cursor: 0,
            offset: 0,
            pressed: vec![],
            size: (0, 0),
            interest: Interest::default(),
        }
    }

    /// Everything that was read.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The verdicts of one scope as of the last news, what to do first in front.
    pub fn verdicts(&self, scope: &Scope) -> &[Verdict] {
        self.fleet.verdicts(scope)
    }

    /// Takes in one message and says what is to be done about it.
    pub fn handle(&mut self, msg: Msg, now: Timestamp) -> Vec<Effect> {
        let mut effects = match msg {
            Msg::Key(key) => self.press(key).into_iter().collect(),
            Msg::Paste(text) => {
                self.paste(&text);
                vec![]
            }
            Msg::Resize(width, height) => {
                self.size = (width, height);
                vec![]
            }
            Msg::Updates(updates) => {
                for update in updates {
                    self.store.apply(update);
                }
                self.judge(now);
                vec![]
            }
            Msg::Tick => {
                if Minute::containing(now) != self.judged {
                    self.judge(now);
                }
                vec![]
            }
        };
        self.keep_cursor_in_sight();
        let interest = self.present_interest();
        if interest != self.interest {
            self.interest = interest.clone();
            effects.push(Effect::Interest(interest));
        }
        effects
    }

    fn judge(&mut self, now: Timestamp) {
        let Options { thresholds, include_settling, .. } = &self.options;
        self.fleet = Fleet::new(&self.store, thresholds, now, *include_settling);
        self.judged = Minute::containing(now);
        let before = self.cursor;
        self.list();
        // Where the selected resource is gone, the row in its place is selected.
        if self.selected.is_some() && self.selected.as_ref() != self.rows.get(self.cursor) {
            self.cursor = before.min(self.rows.len().saturating_sub(1));
        }
    }

    /// Chooses and orders the rows anew; the selection stays on its resource where it is listed.
    fn list(&mut self) {
        self.rows = self.fleet.rows(&Query {
            sort: self.sort,
            reversed: self.reversed,
            filter: Filter::parse(self.filter.value()),
            only_trouble: self.only_trouble,
        });
        let wanted = self.selected.as_ref().or(self.fleet.first_in_trouble());
        let place = wanted.and_then(|wanted| self.rows.iter().position(|row| row == wanted));
        self.cursor = place.unwrap_or(0);
    }

    fn press(&mut self, key: Key) -> Option<Effect> {
        if key == Key::Ctrl('c') {
            return Some(Effect::Quit);
        }
        match self.mode {
            Mode::Filter => {
                self.edit_filter(key);
                None
            }
            Mode::Normal => {
                self.pressed.push(key);
                match lookup(&self.pressed) {
                    Lookup::Prefix => None,
                    Lookup::Unbound => {
                        self.pressed.clear();
                        None
                    }
                    Lookup::Action(action) => {
                        self.pressed.clear();
                        self.act(action)
                    }
                }
            }
        }
    }

    fn act(&mut self, action: Action) -> Option<Effect> {
        let page = self.page();
        match action {
            Action::Down => self.move_to(self.cursor.saturating_add(1)),
            Action::Up => self.move_to(self.cursor.saturating_sub(1)),
            Action::Top => self.move_to(0),
            Action::Bottom => self.move_to(usize::MAX),
            Action::HalfPageDown => self.move_to(self.cursor.saturating_add(page.div_ceil(2))),
            Action::HalfPageUp => self.move_to(self.cursor.saturating_sub(page.div_ceil(2))),
            Action::PageDown => self.move_to(self.cursor.saturating_add(page)),
            Action::PageUp => self.move_to(self.cursor.saturating_sub(page)),
            Action::Filter => self.mode = Mode::Filter,
            Action::OnlyTrouble => {
                self.only_trouble = !self.only_trouble;
                self.list();
            }
            Action::Sort => {
                self.sort = self.sort.next();
                self.reversed = false;
                self.list();
            }
            Action::Reverse => {
                self.reversed = !self.reversed;
                self.list();
            }
            Action::Back => {
                self.filter.reset();
                self.only_trouble = false;
                self.list();
            }
            Action::Refresh => return Some(Effect::Refresh),
            Action::Redraw => return Some(Effect::Redraw),
            Action::Suspend => return Some(Effect::Suspend),
            Action::Quit => return Some(Effect::Quit),
        }
        None
    }

    fn move_to(&mut self, row: usize) {
        self.cursor = row.min(self.rows.len().saturating_sub(1));
        self.selected = self.rows.get(self.cursor).cloned();
    }

    fn edit_filter(&mut self, key: Key) {
        let request = match key {
            Key::Enter => {
                self.mode = Mode::Normal;
                return;
            }
            Key::Esc => {
                self.mode = Mode::Normal;
                self.filter.reset();
                return self.list();
            }
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
            Key::Ctrl(_) | Key::Up | Key::Down | Key::PageUp | Key::PageDown => return,
        };
        self.filter.handle(request);
        self.list();
    }

    /// Pasted text goes into the filter box alone: it must never be taken for keys.
    fn paste(&mut self, text: &str) {
        if self.mode == Mode::Filter {
            for c in text.chars().filter(|c| !c.is_control()) {
                self.filter.handle(InputRequest::InsertChar(c));
            }
            self.list();
        }
    }

    /// Rows of the list that fit on screen.
    fn page(&self) -> usize {
        let (width, height) = self.size;
        Layout::of(width, height).map_or(0, |layout| layout.list.into())
    }

    fn keep_cursor_in_sight(&mut self) {
        let page = self.page().max(1);
        let last_offset = self.rows.len().saturating_sub(page);
        self.offset = self.offset.clamp((self.cursor + 1).saturating_sub(page), self.cursor);
        self.offset = self.offset.min(last_offset);
    }

    /// The rows on screen.
    fn visible(&self) -> &[Target] {
        let end = self.offset.saturating_add(self.page()).min(self.rows.len());
        self.rows.get(self.offset..end).unwrap_or_default()
    }

    fn present_interest(&self) -> Interest {
        let visible = self.visible().to_vec();
        Interest { visible, selected: self.rows.get(self.cursor).cloned() }
    }
}
