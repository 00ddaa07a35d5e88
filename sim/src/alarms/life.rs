//! What an alarm goes through: its states, its history and its actions.

use std::collections::VecDeque;
use std::sync::Arc;

use super::evaluate::State;
use super::mute::{Mute, muted_until};
use crate::facts::Epoch;
use crate::scenario::spec::alarms::ActionsSpec;

/// Seconds between a change of state and what is done about it.
const ACTION_DELAY: Epoch = 0.031;

/// A state with its reason, as text and as JSON.
#[derive(Debug, PartialEq)]
pub(crate) struct Situation {
    pub(crate) state: State,
    pub(crate) reason: String,
    pub(crate) data: Option<String>,
}

/// An item of alarm history.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) at: Epoch,
    pub(crate) event: Event,
}

/// What an item of alarm history tells.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    Created,
    Changed {
        old: Arc<Situation>,
        new: Arc<Situation>,
    },
    /// An action was carried out.
    Acted {
        action: String,
        /// When the state changed.
        changed: Epoch,
    },
}

/// The life of one alarm.
#[derive(Debug)]
pub(crate) struct Life {
    pub(crate) now: Arc<Situation>,
    /// When state or reason was last set, and when the state last changed.
    pub(crate) updated: Epoch,
    pub(crate) transitioned: Epoch,
    /// Oldest first.
    pub(crate) history: VecDeque<Item>,
    /// Until when the actions of the present state are muted.
    muted_until: Option<Epoch>,
    /// State and time of its change when the present step began, and the changes in it, for composite alarms.
    pub(super) before: (State, Epoch),
    pub(super) changes: Vec<(Epoch, State)>,
}

impl Life {
    /// Begins a life at the alarm's creation; its history goes back to `since`.
    pub(super) fn new(created: Epoch, since: Epoch) -> Self {
        let now = Arc::new(Situation {
            state: State::InsufficientData,
            reason: "Unchecked: Initial alarm creation".to_owned(),
            data: None,
        });
        let is_kept = created >= since;
        Self {
            now,
            updated: created,
            transitioned: created,
            history: is_kept
                .then_some(Item { at: created, event: Event::Created })
                .into_iter()
                .collect(),
            muted_until: None,
            before: (State::InsufficientData, created),
            changes: Vec::new(),
        }
    }

    pub(super) fn begin_step(&mut self) {
        self.before = (self.now.state, self.transitioned);
        self.changes.clear();
    }

    /// Lets go of history before a moment.
    pub(super) fn forget(&mut self, before: Epoch) {
        while self.history.front().is_some_and(|item| item.at < before) {
            self.history.pop_front();
        }
    }

    pub(super) fn actor<'a>(
        &'a mut self,
        name: &'a str,
        actions: &'a ActionsSpec,
        mutes: &'a [Mute],
    ) -> Actor<'a> {
        Actor { life: self, name, actions, mutes }
    }
}

/// A life with all that is needed to live it on.
pub(super) struct Actor<'a> {
    pub(super) life: &'a mut Life,
    name: &'a str,
    actions: &'a ActionsSpec,
    mutes: &'a [Mute],
}

impl Actor<'_> {
    pub(super) fn state(&self) -> State {
        self.life.now.state
    }

    /// Sets a state that has been so since before the history begins.
    pub(super) fn settle(&mut self, since: Epoch, situation: Situation) {
        self.life.before = (situation.state, since);
        self.life.now = Arc::new(situation);
        self.life.updated = since;
        self.life.transitioned = since;
    }

    /// Changes the state. The actions of the new one are left to the caller.
    pub(super) fn change(&mut self, at: Epoch, situation: Situation) {
        self.end_mute(at);
        self.life.muted_until = None;
        self.life.changes.push((at, situation.state));
        let new = Arc::new(situation);
        let old = std::mem::replace(&mut self.life.now, Arc::clone(&new));
        self.life.updated = at;
        self.life.transitioned = at;
        self.life.history.push_back(Item { at, event: Event::Changed { old, new } });
    }

    /// Carries out the actions of the present state, unless they are off; muted ones wait.
    pub(super) fn act(&mut self, at: Epoch) {
        if !self.actions.enabled || self.list().is_empty() {
            return;
        }
        self.life.muted_until = muted_until(self.mutes, self.name, at);
        if self.life.muted_until.is_none() {
            self.carry_out(at);
        }
    }

    /// Tells whether the present state has actions.
    pub(super) fn has_actions(&self) -> bool {
        !self.list().is_empty()
    }

    /// Ends a step at a moment.
    pub(super) fn end_step(&mut self, at: Epoch) {
        self.end_mute(at);
    }

    /// Carries out what was muted, once nothing mutes it and the state is the same still ("How alarm mute rules
    /// work" in the CloudWatch user guide).
    fn end_mute(&mut self, at: Epoch) {
        if let Some(until) = self.life.muted_until.filter(|until| *until <= at) {
            self.life.muted_until = None;
            self.carry_out(until);
        }
    }

    /// Looks again at what is muted, when rules have changed.
    pub(super) fn remute(&mut self, at: Epoch) {
        if self.life.muted_until.is_some() {
            self.life.muted_until = muted_until(self.mutes, self.name, at);
            if self.life.muted_until.is_none() {
                self.carry_out(at);
            }
        }
    }

    fn carry_out(&mut self, at: Epoch) {
        let changed = self.life.transitioned;
        for action in self.list().to_vec() {
            let item = Item { at: at + ACTION_DELAY, event: Event::Acted { action, changed } };
            self.life.history.push_back(item);
        }
    }

    fn list(&self) -> &[String] {
        match self.life.now.state {
            State::Ok => &self.actions.ok,
            State::Alarm => &self.actions.alarm,
            State::InsufficientData => &self.actions.insufficient_data,
        }
    }
}
