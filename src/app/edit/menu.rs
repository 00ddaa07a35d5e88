//! What can be changed of the selected row, to choose from.

use super::super::picker::{Choice, Command, Picker, choice};
use super::super::{App, Mode, Target};
use super::plan::AdviceBox;
use crate::diagnose::{Cause, name};
use crate::model::id::Scope;
use crate::model::insights::InsightsMode;
use crate::model::throttle::{Direction, Limit};
use crate::tune::advice::{self, Advice};
use crate::tune::choice::{self as chosen, MUTE_MINUTES};
use crate::tune::draft::{Draft, Key};
use crate::tune::setting::OWN_RULES;
use jiff::Timestamp;
use std::sync::Arc;

/// Something that can be changed, or only told how.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) enum Change {
    /// The values of these, in a draft.
    Draft(Vec<Target>),
    /// Contributor Insights, to a mode or off.
    Insights(Target, Option<InsightsMode>),
    /// Alarms of one scope, for so many minutes.
    Mute(Scope, Vec<Arc<str>>, u32),
    /// A mute rule, which is deleted.
    Unmute(Scope, Arc<str>),
    /// What is done by hand alone.
    Advise(Advice),
}

/// Fields in a few words, such as `read capacity; write minimum, maximum, target`.
fn fields(keys: impl Iterator<Item = Key>) -> String {
    let (reads, writes): (Vec<Key>, Vec<Key>) =
        keys.partition(|key| key.direction == Direction::Read);
    let names =
        |keys: &[Key]| keys.iter().map(|key| key.field.name()).collect::<Vec<_>>().join(", ");
    match [names(&reads), names(&writes)] {
        [reads, writes] if reads == writes => format!("{reads}, of reads and writes"),
        [reads, writes] if reads.is_empty() => format!("write {writes}"),
        [reads, writes] if writes.is_empty() => format!("read {reads}"),
        [reads, writes] => format!("read {reads}; write {writes}"),
    }
}

/// What Contributor Insights can be switched to.
const INSIGHTS: [(Option<InsightsMode>, &str); 3] = [
    (Some(InsightsMode::Throttled), "report throttled keys"),
    (Some(InsightsMode::AccessedAndThrottled), "report accessed and throttled keys"),
    (None, "off"),
];

impl App {
    /// Asks what to change of a table or index.
    pub(super) fn choose_change(&mut self, target: &Target, now: Timestamp) {
        let title = format!("Change what of {}?", name(&target.resource));
        let choices = self.changes(target, now);
        let notes = match Draft::open(
            self.live(&target.scope, now),
            std::slice::from_ref(&target.resource),
        ) {
            Ok(draft) => draft.notes().to_vec(),
            Err(mistake) => vec![mistake.line],
        };
        if choices.is_empty() {
            return self.answer(notes.join("; "));
        }
        let choices = self.advised_first(target, choices);
        self.choose(title, choices, notes);
    }

    /// Puts what the verdict advises in front: where a partition is hot, capacity does not help.
    fn advised_first(&self, target: &Target, mut choices: Vec<Choice>) -> Vec<Choice> {
        let first = self.fleet.verdicts_of(target).first().map(|verdict| verdict.cause);
        if first == Some(Cause::Throttled(Limit::KeyRange)) {
            choices
                .sort_by_key(|choice| !choice.is_change(|it| matches!(it, Change::Insights(..))));
        }
        choices
    }

    /// Asks for how long to mute the selected alarm, or the marked ones.
    pub(super) fn choose_mute(&mut self, now: Timestamp) {
        let choices = self.mutes(now);
        let title = match self.alarms_to_mute().as_slice() {
            [(_, only)] => format!("Do what with {only}?"),
            several => format!("Do what with {} alarms?", several.len()),
        };
        if choices.is_empty() {
            return self.answer("select an alarm to mute");
        }
        self.choose(title, choices, vec![]);
    }

    fn choose(&mut self, title: String, choices: Vec<Choice>, mut notes: Vec<String>) {
        let only_plans = "nothing can be written here: each leads to a plan to read";
        notes.extend(self.only_plans().then(|| only_plans.to_owned()));
        self.mode = Mode::Picker(Picker::change(title, choices, notes));
    }

    /// Everything that can be changed here and now, for the palette.
    pub(in crate::app) fn changes_here(&self, now: Timestamp) -> Vec<Choice> {
        if self.is_replay() {
            return vec![];
        }
        let mutes = self.mutes(now);
        match self.current() {
            Some(target) => self.changes(&target, now).into_iter().chain(mutes).collect(),
            None => mutes,
        }
    }

    fn changes(&self, target: &Target, now: Timestamp) -> Vec<Choice> {
        let (reading, of) = (self.live(&target.scope, now), name(&target.resource));
        let plain = |text: String, does: Command| choice(String::new(), text, does);
        let draft = Draft::open(reading, std::slice::from_ref(&target.resource)).ok();
        let set = draft.map(|draft| {
            let text = format!("Set {}", fields(draft.entries().iter().map(|entry| entry.key)));
            plain(text, Command::Change(Change::Draft(vec![target.clone()])))
        });
        let insights = INSIGHTS.iter().filter_map(|(mode, does)| {
            chosen::insights(reading, &target.resource, mode.clone()).ok()?;
            let text = format!("Contributor Insights of {of}: {does}");
            Some(plain(text, Command::Change(Change::Insights(target.clone(), mode.clone()))))
        });
        let advice = advice::of_resource(reading, &target.resource).into_iter().map(|advice| {
            plain(format!("By hand: {}", advice.title), Command::Change(Change::Advise(advice)))
        });
        set.into_iter().chain(insights).chain(advice).collect()
    }

    /// The marked alarms, or else the selected one.
    fn alarms_to_mute(&self) -> Vec<(Scope, Arc<str>)> {
        let marked = self.marked_alarms();
        if marked.is_empty() { self.alarm_id().into_iter().collect() } else { marked }
    }

    fn mutes(&self, now: Timestamp) -> Vec<Choice> {
        let alarms = self.alarms_to_mute();
        let Some((scope, first)) = alarms.first() else { return vec![] };
        let here = alarms.iter().filter(|(of, _)| of == scope);
        let names: Vec<Arc<str>> = here.map(|(_, alarm)| alarm.clone()).collect();
        let what = match names.len() {
            1 => first.to_string(),
            several => format!("{several} alarms"),
        };
        let mute = |minutes: u32| {
            let time = match minutes {
                60 => "an hour".to_owned(),
                240 => "4 hours".to_owned(),
                other => format!("{other} minutes"),
            };
            let does = Command::Change(Change::Mute(scope.clone(), names.clone(), minutes));
            choice(String::new(), format!("Mute {what} for {time}"), does)
        };
        let reading = self.live(scope, now);
        let rules = reading.mute_rules().value().map_or(&[][..], Vec::as_slice).iter();
        let own = rules.filter(|rule| rule.name.starts_with(OWN_RULES));
        let own = own.filter(|rule| rule.targets.iter().any(|alarm| names.contains(alarm)));
        let unmute = own.filter_map(|rule| {
            chosen::unmute(reading, &rule.name).ok()?;
            let does = Command::Change(Change::Unmute(scope.clone(), rule.name.clone()));
            Some(choice(String::new(), format!("Unmute: delete mute rule {}", rule.name), does))
        });
        MUTE_MINUTES.into_iter().map(mute).chain(unmute).collect()
    }

    /// Goes on with what was chosen.
    pub(in crate::app) fn carry_out_change(&mut self, change: Change, now: Timestamp) {
        let (scope, edit) = match change {
            Change::Advise(advice) => {
                self.mode = Mode::Advice(AdviceBox::new(advice));
                return;
            }
            Change::Draft(targets) => return self.open_draft(targets, now),
            Change::Insights(Target { scope, resource }, mode) => {
                let edit = chosen::insights(self.live(&scope, now), &resource, mode);
                (scope, edit)
            }
            Change::Mute(scope, alarms, minutes) => {
                let edit = chosen::mute(self.live(&scope, now), &alarms, minutes);
                (scope, edit)
            }
            Change::Unmute(scope, rule) => {
                let edit = chosen::unmute(self.live(&scope, now), &rule);
                (scope, edit)
            }
        };
        self.propose(&scope, edit, now);
    }
}
