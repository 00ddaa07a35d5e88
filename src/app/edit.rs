//! Changing things: from a key to a confirmed plan, and how that is carried out.
//!
//! `e` asks what to change, a draft takes the values, a plan tells what they do, and the typed name
//! makes it an [`Effect::Write`]. Without a permit the plan is there to be read, and copied as commands:
//! nothing is asked, and there is no way to the last step. A replay refuses the first of them, since a plan
//! on past data would be wrong.

pub(super) mod draft;
pub(super) mod menu;
pub(super) mod plan;
pub(super) mod work;

use super::pane::Pane;
use super::{App, Effect, Mode, Target};
use crate::model::id::{Resource, Scope};
use crate::model::throttle::Direction;
use crate::model::update::Update;
use crate::store::Reading;
use crate::tune::audit::Journal;
use crate::tune::draft::Draft;
use crate::tune::mistake::Mistake;
use crate::tune::plan::{Ground, Plan};
use crate::tune::setting::Edit;
use crate::tune::undo;
use crate::view::hot_keys::HotKeysPane;
use crate::view::sheet::Sheet;
use crate::view::{Body, Role};
use draft::DraftBox;
use jiff::Timestamp;
use plan::PlanBox;
use std::collections::BTreeSet;
use std::sync::Arc;
use work::Work;

/// What is needed to change things.
#[derive(Debug, Default)]
pub(super) struct Editing {
    /// What was written so far, in this run and before.
    journal: Journal,
    marked: BTreeSet<Marked>,
    /// The last plan that was confirmed.
    work: Option<Work>,
    /// Whether the user was told that quitting leaves a write alone.
    warned: bool,
}

/// A row that the user marked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Marked {
    Row(Target),
    Alarm(Scope, Arc<str>),
}

/// Whether things may be changed, and what is said about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Permission {
    /// Who allows or forbids it, such as `by --allow-writes`; empty where nobody said anything.
    pub by: String,
    /// Where things may not be changed, who says so and what would allow it: a clause. In a replay, the answer to
    /// a key that changes things.
    pub answer: String,
}

impl App {
    fn answer(&mut self, text: impl Into<String>) {
        self.notice = Some((text.into(), Role::Notice));
    }

    /// What is known now, even where the screen is frozen: what is written acts on the present.
    fn live<'a>(&'a self, scope: &'a Scope, now: Timestamp) -> Reading<'a> {
        self.store.reading(scope, now).with_utc_offset(self.utc_offset(now))
    }

    fn ground<'a>(&'a self, scope: &'a Scope, now: Timestamp) -> Ground<'a> {
        Ground {
            reading: self.live(scope, now),
            prices: &self.options.prices,
            verdicts: self.verdicts(scope),
        }
    }

    /// Asks what to change of the selected row, or opens a draft of the marked ones.
    pub(super) fn edit(&mut self, now: Timestamp) {
        if !self.may_plan() {
            return;
        }
        if self.pane == Pane::Alarms {
            return self.choose_mute(now);
        }
        let marked = self.marked_rows();
        match (marked.as_slice(), self.current()) {
            ([_, _, ..], _) => self.open_draft(marked, now),
            ([only], _) => self.choose_change(only, now),
            ([], Some(target)) if target.resource != Resource::Account => {
                self.choose_change(&target, now);
            }
            ([], Some(_)) => self.answer("nothing of the account can be changed from here"),
            ([], None) => self.answer("select a table or index to change"),
        }
    }

    /// Whether a change can be planned now, to be carried out or only read; if not, the user is told why.
    fn may_plan(&mut self) -> bool {
        // One plan at a time.
        if self.is_writing() {
            self.mode = Mode::Work;
            return false;
        }
        if self.is_replay() {
            self.answer(self.options.standing.permission.answer.clone());
        }
        !self.is_replay()
    }

    pub(super) fn is_writing(&self) -> bool {
        self.editing.work.as_ref().is_some_and(|work| !work.is_finished())
    }

    /// Opens the fields of some tables and indexes.
    fn open_draft(&mut self, targets: Vec<Target>, now: Timestamp) {
        if !self.may_plan() {
            return;
        }
        let Some(scope) = targets.first().map(|target| target.scope.clone()) else { return };
        if targets.iter().any(|target| target.scope != scope) {
            return self.answer("the marked rows are of several accounts or regions: mark fewer");
        }
        let (focus, advised) = match targets.as_slice() {
            [only] => (self.field_of_interest(only), self.raise_of_interest(only)),
            _ => (None, None),
        };
        let resources: Vec<Resource> = targets.into_iter().map(|target| target.resource).collect();
        match Draft::open(self.live(&scope, now), &resources) {
            Ok(draft) => {
                self.mode = Mode::Draft(DraftBox::new(scope, draft, focus).advised(advised));
            }
            Err(mistake) => self.answer(mistake.line),
        }
    }

    /// Makes a plan of one edit that was chosen.
    fn propose(&mut self, scope: &Scope, edit: Result<Edit, Mistake>, now: Timestamp) {
        if !self.may_plan() {
            return;
        }
        let plan = edit.map_err(|mistake| vec![mistake]);
        let plan = plan.and_then(|edit| Plan::new(&self.ground(scope, now), vec![edit]));
        self.show_plan(plan);
    }

    /// Proposes to take back the user's last write in the scope in view.
    pub(super) fn undo(&mut self, now: Timestamp) {
        if !self.may_plan() {
            return;
        }
        let here = self.current().map(|target| target.scope);
        let first = self.store.scopes().next().cloned();
        if here.is_none() && self.store.scopes().nth(1).is_some() {
            return self.answer("select a row of the account and region to undo in");
        }
        let Some(scope) = here.or(first) else {
            return self.answer("nothing was read yet");
        };
        let who = self.live(&scope, now).identity().map(|identity| identity.arn.clone());
        let Some(who) = who else {
            return self.answer("who you are is not known yet: it tells which writes are yours");
        };
        let plan = undo::undo(&self.ground(&scope, now), &self.editing.journal, &who);
        self.show_plan(plan);
    }

    fn show_plan(&mut self, plan: Result<Plan, Vec<Mistake>>) {
        match plan {
            Ok(plan) => self.mode = Mode::Plan(PlanBox::new(plan, None)),
            Err(mistakes) => {
                let lines: Vec<String> = mistakes.into_iter().map(|it| it.line).collect();
                self.answer(lines.join("; "));
            }
        }
    }

    /// Takes in what is recorded of writes; `told` is what the user has to know of it.
    pub(super) fn remember_writes(
        &mut self,
        journal: Journal,
        told: Option<String>,
        now: Timestamp,
    ) {
        for update in journal.news(self.store.scopes(), now) {
            self.store.apply(update);
        }
        self.editing.journal = journal;
        if let Some(told) = told {
            self.notice = Some((told, Role::Problem));
        }
        self.judge_unless_frozen(now);
    }

    /// What is recorded of writes in the scopes of which these updates are the first to tell: the Timeline shows it
    /// from then on.
    pub fn written_where_new(&self, updates: &[Update], now: Timestamp) -> Vec<Update> {
        self.editing.journal.news(self.store.unheard_of(updates), now)
    }

    /// Marks the selected row, or takes its mark away; the next one is selected.
    pub(super) fn toggle_mark(&mut self, now: Timestamp) {
        let marked = match self.pane {
            Pane::Alarms => self.alarm_id().map(|(scope, alarm)| Marked::Alarm(scope, alarm)),
            Pane::Tables
            | Pane::Table
            | Pane::HotKeys
            | Pane::Scaling
            | Pane::Dax
            | Pane::Timeline
            | Pane::Pollers => self.current().map(Marked::Row),
        };
        let Some(marked) = marked else { return };
        if !self.editing.marked.remove(&marked) {
            self.editing.marked.insert(marked);
        }
        let next = self.row(now).saturating_add(1);
        self.move_to(next, now);
    }

    /// The marked tables and indexes.
    fn marked_rows(&self) -> Vec<Target> {
        let row = |marked: &Marked| match marked {
            Marked::Row(target) => Some(target.clone()),
            Marked::Alarm(..) => None,
        };
        self.editing.marked.iter().filter_map(row).collect()
    }

    /// The marked alarms.
    fn marked_alarms(&self) -> Vec<(Scope, Arc<str>)> {
        let alarm = |marked: &Marked| match marked {
            Marked::Alarm(scope, alarm) => Some((scope.clone(), alarm.clone())),
            Marked::Row(_) => None,
        };
        self.editing.marked.iter().filter_map(alarm).collect()
    }

    /// Shows which rows of a list are marked.
    pub(super) fn show_marks(&self, body: &mut Body) {
        let (Body::List(list) | Body::HotKeys(HotKeysPane { list, .. })) = body else { return };
        let of_row = |target: &Target| self.editing.marked.contains(&Marked::Row(target.clone()));
        let of_alarm = |(scope, alarm): (&Scope, &Arc<str>)| {
            self.editing.marked.contains(&Marked::Alarm(scope.clone(), alarm.clone()))
        };
        let marked: Vec<bool> = match self.pane {
            _ if self.editing.marked.is_empty() => return,
            Pane::Tables => self.visible().iter().map(of_row).collect(),
            Pane::HotKeys => self.hot_keys_in_sight().map(|target| of_row(&target)).collect(),
            Pane::Scaling => self.scaling_in_sight().map(|target| of_row(&target)).collect(),
            Pane::Alarms => self.alarms_in_sight().map(|it| it.is_some_and(of_alarm)).collect(),
            Pane::Table | Pane::Dax | Pane::Timeline | Pane::Pollers => return,
        };
        for (row, marked) in list.rows.iter_mut().zip(marked) {
            row.marked = marked;
        }
    }

    /// The box in which something is changed, if one is open.
    pub(super) fn sheet(&self, now: Timestamp) -> Option<Sheet> {
        let (size, charset) = (self.size, self.options.charset);
        match &self.mode {
            Mode::Draft(draft) => Some(draft.sheet(size, charset)),
            Mode::Plan(plan) => Some(plan.sheet(size, charset, self.options.standing.forbidden())),
            Mode::Advice(advice) => Some(advice.sheet(size, charset)),
            Mode::Work => self.work_sheet(now),
            Mode::Normal | Mode::Filter | Mode::Picker(_) => None,
        }
    }

    /// Reads or writes, where the selected row is about one of the two.
    pub(super) fn direction_in_view(&self) -> Option<Direction> {
        match self.pane {
            Pane::Scaling => self.scaling_current().map(|entry| entry.direction),
            Pane::Tables
            | Pane::Table
            | Pane::HotKeys
            | Pane::Dax
            | Pane::Alarms
            | Pane::Timeline
            | Pane::Pollers => None,
        }
    }

    /// How many rows are marked.
    pub(super) fn marks(&self) -> usize {
        self.editing.marked.len()
    }

    /// Takes the marks of a scope away.
    pub(super) fn unmark(&mut self, scope: &Scope) {
        self.editing.marked.retain(|marked| match marked {
            Marked::Row(target) => target.scope != *scope,
            Marked::Alarm(of, _) => of != scope,
        });
    }

    /// Takes all marks away; whether there were any.
    pub(super) fn clear_marks(&mut self) -> bool {
        let had = !self.editing.marked.is_empty();
        self.editing.marked.clear();
        had
    }

    /// What the header says while a plan is carried out.
    pub(super) fn writing(&self) -> Option<String> {
        self.editing.work.as_ref()?.state()
    }

    /// Whether quitting now would leave the end of a write unrecorded; told once before it is done.
    pub(super) fn keeps_from_quitting(&mut self) -> bool {
        if !self.is_writing() || std::mem::replace(&mut self.editing.warned, true) {
            return false;
        }
        self.answer("a write is under way: once more quits, and its end is not recorded");
        true
    }

    /// Keys of the boxes in which things are changed.
    pub(super) fn press_in_edit(&mut self, key: super::key::Key, now: Timestamp) -> Option<Effect> {
        match &self.mode {
            Mode::Draft(_) => self.press_in_draft(key, now),
            Mode::Plan(_) => return self.press_in_plan(key),
            Mode::Work => self.press_in_work(key, now),
            Mode::Advice(_) => return self.press_in_advice(key),
            Mode::Normal | Mode::Filter | Mode::Picker(_) => {}
        }
        None
    }
}
