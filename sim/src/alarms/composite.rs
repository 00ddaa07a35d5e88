//! A composite alarm: its rule over other alarms, and the alarm that suppresses its actions.

use super::Alarm;
use super::evaluate::State;
use super::life::{Actor, Situation};
use super::reason::{full_date, long_date};
use super::rule::{AlarmRule, alarm_name};
use crate::facts::Epoch;
use crate::scenario::spec::alarms::{CompositeSpec, SuppressorSpec};

/// A composite alarm at work.
#[derive(Debug)]
pub(super) struct Composite {
    pub(super) text: String,
    pub(super) rule: AlarmRule,
    pub(super) suppressor: Option<SuppressorSpec>,
    hold: Option<Hold>,
    /// The first moment at which it is evaluated, as long as it never was.
    unborn: Option<Epoch>,
    /// Created before the history begins: its first state has long been so.
    is_old: bool,
}

/// Why actions are held back ("Alarm suppression" in the CloudWatch user guide).
#[derive(Debug, Clone, Copy, PartialEq)]
enum Hold {
    /// The suppressor is in ALARM.
    Suppressor,
    /// The suppressor may go to ALARM until that moment.
    Wait(Epoch),
    /// The suppressor left ALARM; actions follow at that moment.
    Extension(Epoch),
}

/// An alarm that a composite alarm looks at, over one step.
#[derive(Debug)]
pub(super) struct Watched {
    name: String,
    arn: String,
    is_suppressor: bool,
    /// Its state, and since when, before the change that is looked at.
    state: State,
    since: Epoch,
    /// Its changes in this step, in order.
    changes: Vec<(Epoch, State)>,
}

/// A moment at which something that is looked at changes.
struct Moment {
    at: Epoch,
    /// Which alarm, and its new state; none at the composite alarm's own creation.
    change: Option<(usize, State)>,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    triggering_alarms: Vec<Triggering<'a>>,
}

#[derive(serde::Serialize)]
struct Triggering<'a> {
    arn: &'a str,
    state: Since,
}

#[derive(serde::Serialize)]
struct Since {
    value: &'static str,
    timestamp: String,
}

impl Composite {
    /// Makes the composite alarm of a specification whose rule was checked.
    pub(super) fn new(spec: &CompositeSpec, created: Epoch, begin: Epoch) -> Option<Self> {
        Some(Self {
            text: spec.rule.clone(),
            rule: AlarmRule::parse(&spec.rule).ok()?,
            suppressor: spec.suppressor.clone(),
            hold: None,
            unborn: Some(created.max(begin)),
            is_old: created < begin,
        })
    }

    /// Returns the names of the alarms it looks at.
    pub(super) fn looks_at(&self) -> Vec<&str> {
        let mut names = self.rule.children();
        names.extend(self.suppressor.as_ref().map(|spec| alarm_name(&spec.alarm)));
        names
    }

    /// Returns what suppresses its actions now, as `ActionsSuppressedBy` spells it.
    pub(super) fn suppressed_by(&self) -> Option<&'static str> {
        self.hold.map(|hold| match hold {
            Hold::Suppressor => "Alarm",
            Hold::Wait(_) => "WaitPeriod",
            Hold::Extension(_) => "ExtensionPeriod",
        })
    }

    /// Gathers the alarms it looks at, those that exist.
    pub(super) fn watched<'a>(&self, find: impl Fn(&str) -> Option<&'a Alarm>) -> Vec<Watched> {
        let suppressor = self.suppressor.as_ref().map(|spec| alarm_name(&spec.alarm));
        let watch = |(name, is_suppressor): (&str, bool)| {
            let alarm = find(name)?;
            let (state, since) = alarm.life.before;
            let (name, arn) = (alarm.name.clone(), alarm.arn.clone());
            let changes = alarm.life.changes.clone();
            Some(Watched { name, arn, is_suppressor, state, since, changes })
        };
        let children = self.rule.children().into_iter().map(|name| (name, false));
        children.chain(suppressor.map(|name| (name, true))).filter_map(watch).collect()
    }

    /// Follows the alarms it looks at up to a moment.
    pub(super) fn advance(
        &mut self,
        actor: &mut Actor<'_>,
        mut watched: Vec<Watched>,
        until: Epoch,
    ) {
        for moment in self.moments(&watched, until) {
            self.release(actor, moment.at);
            let mut was_suppressing = false;
            let suppresses = |watched: &[Watched]| {
                watched.iter().any(|one| one.is_suppressor && one.state == State::Alarm)
            };
            if let Some((which, state)) = moment.change
                && let Some(one) = watched.get_mut(which)
            {
                was_suppressing = one.is_suppressor && one.state == State::Alarm;
                (one.state, one.since) = (state, moment.at);
            }
            let is_suppressing = suppresses(&watched);
            self.follow_suppressor(was_suppressing, is_suppressing, moment.at);
            if self.unborn.is_some_and(|first| moment.at < first) {
                continue;
            }
            let is_first = self.unborn.take().is_some();
            let state = self.state(&watched);
            if is_first && self.is_old {
                let since = watched.iter().filter(|one| !one.is_suppressor).map(|one| one.since);
                let since = since.max_by(f64::total_cmp).unwrap_or(moment.at);
                actor.settle(since, situation(state, &watched, newest(&watched)));
            } else if state != actor.state() {
                let cause = moment.change.map(|(which, _)| which).or_else(|| newest(&watched));
                actor.change(moment.at, situation(state, &watched, cause));
                self.act(actor, is_suppressing, moment.at);
            }
        }
        self.release(actor, until);
    }

    fn state(&self, watched: &[Watched]) -> State {
        let state = |name: &str| {
            let found = watched.iter().find(|one| !one.is_suppressor && one.name == name);
            found.map(|one| one.state)
        };
        if self.rule.holds(&state) { State::Alarm } else { State::Ok }
    }

    /// All changes up to a moment in order; first its own creation, if that is due.
    fn moments(&self, watched: &[Watched], until: Epoch) -> Vec<Moment> {
        let own = self.unborn.filter(|at| *at <= until).map(|at| Moment { at, change: None });
        let changes = watched.iter().enumerate().flat_map(|(which, one)| {
            one.changes
                .iter()
                .map(move |(at, state)| Moment { at: *at, change: Some((which, *state)) })
        });
        let mut moments: Vec<Moment> = own.into_iter().chain(changes).collect();
        moments.sort_by(|one, other| one.at.total_cmp(&other.at));
        moments
    }

    fn follow_suppressor(&mut self, was: bool, is: bool, at: Epoch) {
        let extension = self.suppressor.as_ref().map_or(0, |spec| spec.extension);
        self.hold = match self.hold {
            Some(Hold::Wait(_) | Hold::Extension(_)) if is && !was => Some(Hold::Suppressor),
            Some(Hold::Suppressor) if was && !is => {
                Some(Hold::Extension(at + Epoch::from(extension)))
            }
            hold => hold,
        };
    }

    /// Carries out the actions of a new state, unless they are held back.
    fn act(&mut self, actor: &mut Actor<'_>, is_suppressing: bool, at: Epoch) {
        let Some(spec) = &self.suppressor else { return actor.act(at) };
        if self.hold.is_some() || !actor.has_actions() {
            return;
        }
        if is_suppressing {
            self.hold = Some(Hold::Suppressor);
        } else if spec.wait > 0 {
            self.hold = Some(Hold::Wait(at + Epoch::from(spec.wait)));
        } else {
            actor.act(at);
        }
    }

    /// Ends a waiting or extension period that is over: the actions of the present state follow.
    fn release(&mut self, actor: &mut Actor<'_>, at: Epoch) {
        if let Some(Hold::Wait(end) | Hold::Extension(end)) = self.hold
            && end <= at
        {
            self.hold = None;
            actor.act(end);
        }
    }
}

/// The child that changed last.
fn newest(watched: &[Watched]) -> Option<usize> {
    let children = watched.iter().enumerate().filter(|(_, one)| !one.is_suppressor);
    children.max_by(|one, other| one.1.since.total_cmp(&other.1.since)).map(|(which, _)| which)
}

/// Words a state by the alarm that led to it.
fn situation(state: State, watched: &[Watched], cause: Option<usize>) -> Situation {
    let Some(cause) = cause.and_then(|which| watched.get(which)) else {
        return Situation { state, reason: "The alarm rule is constant".to_owned(), data: None };
    };
    let (value, day) = (cause.state.name(), full_date(cause.since));
    let alike = watched.iter().filter(|one| !one.is_suppressor && one.state == cause.state);
    let mut alike: Vec<&Watched> = alike.collect();
    alike.sort_by(|one, other| other.since.total_cmp(&one.since));
    let triggering = alike.iter().take(10).map(|one| Triggering {
        arn: &one.arn,
        state: Since { value, timestamp: long_date(one.since) },
    });
    let data = serde_json::to_string(&Data { triggering_alarms: triggering.collect() }).ok();
    Situation { state, reason: format!("{} transitioned to {value} at {day}", cause.arn), data }
}
