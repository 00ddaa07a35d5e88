//! A box to pick from: help, palette, columns, ranges, themes.

use super::action::{ACTIONS, Action};
use super::boxes::{edit, insert};
use super::edit::menu::Change;
use super::key::Key;
use super::keymap::{Keymap, written};
use super::timeframe::{RANGES, range_name};
use super::{App, Target};
use crate::model::region::is_shaped_like_one;
use crate::view::chart::Mark;
use crate::view::format::STATES;
use crate::view::tables::SortBy;
use crate::view::{self, Layout};
use jiff::Timestamp;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use std::collections::BTreeSet;
use tui_input::Input;

/// What a choice does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Command {
    Act(Action),
    Sort(SortBy),
    Range(i64),
    Theme(String),
    Open(Target),
    Change(Change),
    /// Takes the region or profile of this name.
    Take(String),
}

/// What a picker is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Help,
    Palette,
    Sort,
    Range,
    Theme,
    Change,
    Regions,
    Profiles,
}

#[derive(Debug)]
pub(super) struct Choice {
    keys: String,
    text: String,
    does: Command,
}

/// A box of choices with a line to type in.
#[derive(Debug)]
pub(super) struct Picker {
    kind: Kind,
    input: Input,
    choices: Vec<Choice>,
    /// The places of the choices that match what was typed, in order.
    matching: Vec<usize>,
    cursor: usize,
    /// What was so before, where moving already changes something.
    before: Option<String>,
    /// What is asked, where that is not always the same.
    title: Option<String>,
    /// Lines below the choices.
    notes: Vec<String>,
    /// Where several can be chosen: the places of those that are marked, and that were when the box opened.
    marks: Option<[BTreeSet<usize>; 2]>,
}

impl Picker {
    /// States of a figure, and marks of a chart, that a line of the legend has room for.
    const STATES_IN_A_LINE: usize = 5;

    fn new(kind: Kind, choices: Vec<Choice>) -> Self {
        let matching = (0..choices.len()).collect();
        Self {
            kind,
            input: Input::default(),
            choices,
            matching,
            cursor: 0,
            before: None,
            title: None,
            notes: vec![],
            marks: None,
        }
    }

    /// The same with the cursor on the choice that is in force.
    fn at(mut self, is_present: impl Fn(&Command) -> bool) -> Self {
        let place = self.choices.iter().position(|choice| is_present(&choice.does));
        self.cursor = place.unwrap_or(0);
        self
    }

    /// Every key and what it does.
    pub(super) fn help(keymap: &Keymap) -> Self {
        Self::new(Kind::Help, actions(keymap))
    }

    /// Everything that can be done now, and every table, index and DAX cluster.
    pub(super) fn palette(app: &App, now: Timestamp) -> Self {
        let is_valid = |choice: &Choice| {
            let Command::Act(action) = choice.does else { return true };
            app.is_possible(action, now)
        };
        let open = |target: &Target| {
            let name = match target.resource.table_name() {
                Some(table) if table.as_ref() != target.resource.short_name() => {
                    format!("{table} / {}", target.resource.short_name())
                }
                _ if target.resource.cluster_name().is_some() => {
                    format!("cluster {}", target.resource.short_name())
                }
                _ => target.resource.short_name().to_owned(),
            };
            choice(String::new(), format!("Open {name}"), Command::Open(target.clone()))
        };
        let mut choices: Vec<Choice> =
            actions(&app.options.keymap).into_iter().filter(is_valid).collect();
        choices.extend(app.changes_here(now));
        choices.extend(sorts());
        choices.extend(ranges(app.longest_range()));
        choices.extend(themes(&app.options.themes));
        choices.extend(app.fleet.targets().map(open));
        choices.extend(app.clusters(now).iter().map(open));
        Self::new(Kind::Palette, choices)
    }

    pub(super) fn sort(present: SortBy) -> Self {
        Self::new(Kind::Sort, sorts()).at(|command| *command == Command::Sort(present))
    }

    pub(super) fn range(present: i64, longest: i64) -> Self {
        Self::new(Kind::Range, ranges(longest)).at(|command| *command == Command::Range(present))
    }

    pub(super) fn theme(names: &[String], present: &str) -> Self {
        let is_present = |command: &Command| *command == Command::Theme(present.to_owned());
        let mut picker = Self::new(Kind::Theme, themes(names)).at(is_present);
        picker.before = Some(present.to_owned());
        picker
    }

    /// What can be changed of one thing.
    pub(super) fn change(title: String, choices: Vec<Choice>, notes: Vec<String>) -> Self {
        Self { title: Some(title), notes, ..Self::new(Kind::Change, choices) }
    }

    /// Several of these names, each with its text; the `present` ones are marked.
    pub(super) fn several(kind: Kind, listed: Vec<(String, String)>, present: &[String]) -> Self {
        let places = listed.iter().enumerate();
        let marked = places.filter(|(_, (name, _))| present.contains(name));
        let marked: BTreeSet<usize> = marked.map(|(place, _)| place).collect();
        let choices =
            listed.into_iter().map(|(name, text)| choice(String::new(), text, Command::Take(name)));
        let mut picker = Self::new(kind, choices.collect());
        picker.cursor = marked.first().copied().unwrap_or(0);
        picker.marks = Some([marked.clone(), marked]);
        picker
    }

    /// Marks the choice under the cursor, or takes its mark away; whether there is anything to mark.
    pub(super) fn mark(&mut self) -> bool {
        let (Some([marked, _]), Some(place)) = (&mut self.marks, self.matching.get(self.cursor))
        else {
            return false;
        };
        if !marked.remove(place) {
            marked.insert(*place);
        }
        true
    }

    /// The names that Enter would take, where several can be chosen: those that are marked, if the user
    /// marked anything, or else the one under the cursor.
    pub(super) fn taken(&self) -> Option<Vec<String>> {
        let [marked, before] = self.marks.as_ref()?;
        let under_cursor: BTreeSet<usize> =
            self.matching.get(self.cursor).copied().into_iter().collect();
        let places = if marked == before { &under_cursor } else { marked };
        let name = |place: &usize| match self.choices.get(*place).map(|choice| &choice.does) {
            Some(Command::Take(name)) => Some(name.clone()),
            _ => None,
        };
        Some(places.iter().filter_map(name).collect())
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// What Enter would do.
    pub(super) fn chosen(&self) -> Option<&Command> {
        let place = self.matching.get(self.cursor)?;
        self.choices.get(*place).map(|choice| &choice.does)
    }

    /// The theme that Esc brings back.
    pub(super) fn restores(&self) -> Option<String> {
        self.before.clone()
    }

    pub(super) fn move_by(&mut self, rows: isize) {
        let last = self.matching.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(rows).min(last);
    }

    /// Takes a key into the text box and finds the choices that match.
    pub(super) fn edit(&mut self, key: Key) {
        if edit(&mut self.input, key) {
            self.search();
        }
    }

    /// Takes text into the text box and finds the choices that match.
    pub(super) fn paste(&mut self, text: impl Iterator<Item = char>) {
        insert(&mut self.input, text);
        self.search();
    }

    fn search(&mut self) {
        let pattern =
            Pattern::parse(self.input.value(), CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut characters = Vec::new();
        let mut scored: Vec<(u32, usize)> = Vec::with_capacity(self.choices.len());
        let typed = self.input.value().to_lowercase();
        for (place, choice) in self.choices.iter().enumerate() {
            let text = format!("{} {}", choice.text, choice.keys);
            let text = Utf32Str::new(&text, &mut characters);
            if let Some(score) = pattern.score(text, &mut matcher) {
                scored.push((score, place));
            }
        }
        // Help keeps its order, so that what belongs together stays together.
        if self.kind != Kind::Help {
            // Who types the beginning of the name of a table or cluster means that.
            let is_named = |place: &usize| match self.choices.get(*place).map(|c| &c.does) {
                Some(Command::Open(target)) => {
                    target.resource.short_name().to_lowercase().starts_with(&typed)
                }
                _ => false,
            };
            scored.sort_by_key(|(score, place)| (!is_named(place), u32::MAX - score, *place));
        }
        self.matching = scored.into_iter().map(|(_, place)| place).collect();
        self.cursor = 0;
        self.offer_typed(&typed);
    }

    /// Offers what was typed where it may be a region that is too new to be listed.
    fn offer_typed(&mut self, typed: &str) {
        if self.kind != Kind::Regions || !self.matching.is_empty() || !is_shaped_like_one(typed) {
            return;
        }
        let does = Command::Take(typed.to_owned());
        self.choices.push(choice(String::new(), typed.to_owned(), does));
        self.matching.push(self.choices.len() - 1);
    }

    /// Lines that the choices have on a screen of this height.
    pub(super) fn page(height: u16) -> usize {
        /// Frame, text box, five lines of legend, a margin, and the footer.
        const TAKEN: u16 = 11;
        usize::from(height.saturating_sub(TAKEN + Layout::HEADER)).max(1)
    }

    /// What the box shows on a screen of this height.
    pub(super) fn view(&self, height: u16) -> view::Picker {
        let page = Self::page(height);
        let count = self.matching.len();
        let first = (self.cursor + 1).saturating_sub(page);
        let shown = self.matching.iter().enumerate().skip(first).take(page);
        let choices = shown.filter_map(|(place, choice)| {
            let mark = match &self.marks {
                Some([marked, _]) if marked.contains(choice) => "[x] ",
                Some(_) => "[ ] ",
                None => "",
            };
            let choice = self.choices.get(*choice)?;
            Some(view::Choice {
                keys: choice.keys.clone(),
                text: format!("{mark}{}", choice.text),
                selected: place == self.cursor,
            })
        });
        let position = match count {
            0 => "nothing matches".to_owned(),
            _ if count > page => {
                format!("{}-{} of {count}", first + 1, (first + page).min(count))
            }
            _ => String::new(),
        };
        view::Picker {
            title: self.title.clone().unwrap_or_else(|| self.title().to_owned()),
            typed: split(&self.input),
            choices: choices.collect(),
            position,
            legend: self.legend(),
        }
    }

    fn title(&self) -> &'static str {
        match self.kind {
            Kind::Help => "Keys: type to search, Enter does it",
            Kind::Palette => "Do what, or open which table or cluster?",
            Kind::Sort => "Sort by",
            Kind::Range => "Show how much time in charts?",
            Kind::Theme => "Theme",
            Kind::Change => "Change what?",
            Kind::Regions => "Read which regions?",
            Kind::Profiles => "Read with which profiles?",
        }
    }

    /// What the states of a figure, the marks in charts and those of alarms look like.
    fn legend(&self) -> Vec<String> {
        if let Some(taken) = self.taken() {
            let names = taken.join(", ");
            let enter = if taken.is_empty() { "mark one" } else { "Enter reads" };
            return vec![format!("{enter} {names}").trim_end().to_owned(), MARKING.to_owned()];
        }
        if self.kind != Kind::Help {
            return self.notes.clone();
        }
        let line = |states: &[(&str, &str)]| {
            let states: Vec<String> =
                states.iter().map(|(text, meaning)| format!("{text} {meaning}")).collect();
            states.join("  ")
        };
        let states = STATES.chunks(Self::STATES_IN_A_LINE).map(line);
        let marks = Mark::ALL.map(|mark| (mark.glyph(), mark.meaning()));
        let mut marks = marks.chunks(Self::STATES_IN_A_LINE).map(line);
        let first = marks.next().map(|marks| format!("in charts: {marks}"));
        let more = marks.map(|marks| format!("{marks}  dotted end: may be revised"));
        states.chain(first).chain(more).chain([ALARM_MARKS.to_owned()]).collect()
    }
}

/// How several are chosen.
const MARKING: &str = "Tab marks one to read beside others, or takes its mark away";

/// What stands beside and in the charts of alarms.
const ALARM_MARKS: &str = "alarms: ! somebody is told  i silent or broken  thick axis: evaluated";

/// The text of a box: before its cursor, under it, after it.
pub(super) fn split(input: &Input) -> [String; 3] {
    let characters: Vec<char> = input.value().chars().collect();
    let (before, rest) = characters.split_at(input.cursor().min(characters.len()));
    let mut rest = rest.iter();
    let under = rest.next().unwrap_or(&' ').to_string();
    [before.iter().collect(), under, rest.collect()]
}

impl Choice {
    /// Whether it changes something of which this holds.
    pub(super) fn is_change(&self, holds: impl Fn(&Change) -> bool) -> bool {
        matches!(&self.does, Command::Change(change) if holds(change))
    }
}

pub(super) fn choice(keys: String, text: String, does: Command) -> Choice {
    Choice { keys, text, does }
}

fn actions(keymap: &Keymap) -> Vec<Choice> {
    let of_action = |action: Action, doc: &str| {
        let keys: Vec<String> = keymap.keys_of(action).map(written).collect();
        choice(keys.join(" "), doc.to_owned(), Command::Act(action))
    };
    ACTIONS.iter().map(|spec| of_action(spec.action, spec.doc)).collect()
}

fn sorts() -> Vec<Choice> {
    let sort = |sort: SortBy| {
        choice(String::new(), format!("Sort by {}", sort.name()), Command::Sort(sort))
    };
    SortBy::ALL.into_iter().map(sort).collect()
}

fn ranges(longest: i64) -> Vec<Choice> {
    let range = |minutes| {
        let text = format!("Show the last {}", range_name(minutes));
        choice(String::new(), text, Command::Range(minutes))
    };
    RANGES.into_iter().filter(|minutes| *minutes <= longest).map(range).collect()
}

fn themes(names: &[String]) -> Vec<Choice> {
    let theme = |name: &String| {
        choice(String::new(), format!("Theme {name}"), Command::Theme(name.clone()))
    };
    names.iter().map(theme).collect()
}
