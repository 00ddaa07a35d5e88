//! The alarms of the account: metric alarms, composite alarms and mute rules over the fleet's published metrics.
//!
//! Alarms are evaluated once a minute, each at a second of its own, over what is visible then; lazily, and only
//! as far as somebody asks. What is evaluated does not depend on who asks when.

mod build;
mod composite;
mod evaluate;
mod life;
mod mute;
mod reason;
mod rule;
mod watch;

use std::sync::Arc;

use super::facts::{Epoch, ScalingState};
use super::fleet::Fleet;
use super::scenario::Scenario;
use super::scenario::spec::alarms::{ActionsSpec, AlarmSpec, CompositeSpec, SuppressorSpec};
use composite::Composite;
use life::Life;
pub(crate) use life::{Event, Item, Situation};
pub(crate) use mute::{Mute, MuteStatus, Plan};
pub(crate) use rule::{AlarmRule, alarm_name};
use watch::Watch;
pub(crate) use watch::{MAX_GROWN_MINUTES, MAX_MINUTES, check};

/// How far alarms may stay behind, in seconds: tables forget their oldest hour once another one is over.
const STEP: Epoch = 3_600.0;

/// Mute rules of an account and Region ("CloudWatch service quotas").
const MAX_MUTES: usize = 2_000;

/// How long alarm history is kept here, in seconds; on AWS it is 30 days.
const HISTORY: Epoch = 24.0 * 3_600.0;

/// The alarms of a world.
#[derive(Debug)]
pub(crate) struct Alarms {
    specs: Vec<AlarmSpec>,
    composite_specs: Vec<CompositeSpec>,
    mutes: Vec<Mute>,
    /// The scenario's start.
    start: Epoch,
    /// The moment up to which all alarms are evaluated.
    reached: Epoch,
    built: Option<Built>,
}

/// The alarms once somebody has asked for them.
#[derive(Debug)]
struct Built {
    /// In the order of their names.
    metric: Vec<Alarm>,
    composite: Vec<Alarm>,
    /// The composite alarms, each after those it refers to; those in a cycle are left out.
    order: Vec<usize>,
}

/// An alarm of either type.
#[derive(Debug)]
pub(crate) struct Alarm {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) description: Option<String>,
    pub(crate) actions: Arc<ActionsSpec>,
    /// When its configuration was last changed.
    pub(crate) configured: Epoch,
    life: Life,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Metric(Box<Watch>),
    Composite(Box<Composite>),
}

impl Alarms {
    /// Makes the alarms of a scenario.
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let (spec, start) = (scenario.spec(), scenario.start_minute());
        // A rule that cannot be read was refused with its scenario.
        let mutes = spec.mute_rules.iter().filter_map(|rule| Mute::new(rule, start).ok());
        let mut mutes: Vec<Mute> = mutes.collect();
        mutes.sort_by(|one, other| one.plan.name.cmp(&other.plan.name));
        Self {
            specs: spec.alarms.clone(),
            composite_specs: spec.composite_alarms.clone(),
            mutes,
            start: scenario.start(),
            reached: scenario.start(),
            built: None,
        }
    }

    /// Evaluates all alarms once they are far behind, so that no table forgets what they need.
    pub(crate) fn keep_up(&mut self, fleet: &mut Fleet, now: Epoch) {
        if now >= self.reached + STEP {
            self.advance(fleet, now);
        }
    }

    /// Evaluates all alarms up to `now`.
    pub(crate) fn advance(&mut self, fleet: &mut Fleet, now: Epoch) {
        if self.built.is_none() {
            let begin = self.start - HISTORY;
            self.built = Some(build::build(&self.specs, &self.composite_specs, fleet, begin));
            self.reached = begin;
        }
        while self.reached < now {
            // Nothing is forgotten before the start.
            let until = now.min((self.reached + STEP).max(self.start));
            self.step(fleet, until);
            self.reached = until;
        }
    }

    fn step(&mut self, fleet: &mut Fleet, until: Epoch) {
        let Some(built) = &mut self.built else { return };
        for alarm in &mut built.metric {
            alarm.life.begin_step();
            if let Kind::Metric(watch) = &mut alarm.kind {
                let mut actor = alarm.life.actor(&alarm.name, &alarm.actions, &self.mutes);
                watch.advance(&mut actor, fleet, until);
                actor.end_step(until);
                alarm.configured = watch.configured().unwrap_or(alarm.configured);
            }
        }
        for alarm in &mut built.composite {
            alarm.life.begin_step();
        }
        for at in built.order.clone() {
            built.follow(at, &self.mutes, until);
        }
        for alarm in built.metric.iter_mut().chain(&mut built.composite) {
            alarm.life.forget(until - HISTORY);
        }
    }

    /// Lets the alarms of a scalable target follow the policy that was put at `now`, up to which all alarms
    /// are evaluated; those of a new policy begin then.
    pub(crate) fn follow_policy(&mut self, fleet: &mut Fleet, target: &ScalingState, now: Epoch) {
        let (Some(built), Some(policy)) = (&mut self.built, &target.policy) else { return };
        let percents = build::percents(policy.settings.target_utilization);
        for (name, percent) in policy.alarms.iter().zip(percents) {
            let found = built.metric.iter_mut().find(|alarm| alarm.name == *name);
            if let Some(alarm) = found
                && let Kind::Metric(watch) = &mut alarm.kind
            {
                watch.retarget(percent, fleet, now);
                alarm.configured = now;
            }
        }
        let account = fleet.account().clone();
        let mut new = build::tracking_alarms(&account, target, now);
        new.retain(|alarm| built.named(&alarm.name).is_none());
        built.metric.extend(new);
        built.metric.sort_by(|one, other| one.name.cmp(&other.name));
    }

    /// Puts a mute rule in the place of the one of its name, from now on; `false` when that would be one too many.
    pub(crate) fn put_mute(&mut self, fleet: &mut Fleet, mute: Mute, now: Epoch) -> bool {
        self.advance(fleet, now);
        match self.mutes.binary_search_by(|other| other.plan.name.cmp(&mute.plan.name)) {
            Ok(place) => {
                if let Some(other) = self.mutes.get_mut(place) {
                    *other = mute;
                }
            }
            Err(_) if self.mutes.len() >= MAX_MUTES => return false,
            Err(place) => self.mutes.insert(place, mute),
        }
        self.remute(now);
        true
    }

    /// Deletes a mute rule, if there is one of the name. What it alone has muted is carried out at once.
    pub(crate) fn delete_mute(&mut self, fleet: &mut Fleet, name: &str, now: Epoch) {
        self.advance(fleet, now);
        self.mutes.retain(|mute| mute.plan.name != name);
        self.remute(now);
    }

    /// Looks again at what is muted, after the rules have changed.
    fn remute(&mut self, now: Epoch) {
        let Some(built) = &mut self.built else { return };
        for alarm in built.metric.iter_mut().chain(&mut built.composite) {
            alarm.life.actor(&alarm.name, &alarm.actions, &self.mutes).remute(now);
        }
    }

    /// Returns the metric alarms, in the order of their names.
    pub(crate) fn metric(&self) -> &[Alarm] {
        self.built.as_ref().map_or(&[], |built| &built.metric)
    }

    /// Returns the composite alarms, in the order of their names.
    pub(crate) fn composite(&self) -> &[Alarm] {
        self.built.as_ref().map_or(&[], |built| &built.composite)
    }

    /// Returns the alarm of a name.
    pub(crate) fn named(&self, name: &str) -> Option<&Alarm> {
        self.built.as_ref()?.named(name)
    }

    /// Returns the mute rules, in the order of their names.
    pub(crate) fn mutes(&self) -> &[Mute] {
        &self.mutes
    }
}

impl Built {
    fn named(&self, name: &str) -> Option<&Alarm> {
        let find = |alarms: &'_ [Alarm]| {
            alarms.binary_search_by(|alarm| alarm.name.as_str().cmp(name)).ok()
        };
        match find(&self.metric) {
            Some(at) => self.metric.get(at),
            None => self.composite.get(find(&self.composite)?),
        }
    }

    /// Lets a composite alarm follow the alarms it refers to.
    fn follow(&mut self, at: usize, mutes: &[Mute], until: Epoch) {
        let Some(Kind::Composite(composite)) = self.composite.get(at).map(|alarm| &alarm.kind)
        else {
            return;
        };
        let watched = composite.watched(|name| self.named(name));
        if let Some(alarm) = self.composite.get_mut(at)
            && let Kind::Composite(composite) = &mut alarm.kind
        {
            let mut actor = alarm.life.actor(&alarm.name, &alarm.actions, mutes);
            composite.advance(&mut actor, watched, until);
            actor.end_step(until);
        }
    }
}

impl Alarm {
    pub(crate) fn life(&self) -> &Life {
        &self.life
    }

    /// Returns the definition of a metric alarm.
    pub(crate) fn watch(&self) -> Option<&Watch> {
        match &self.kind {
            Kind::Metric(watch) => Some(watch),
            Kind::Composite(_) => None,
        }
    }

    /// Returns the rule of a composite alarm, as text and as read.
    pub(crate) fn rule(&self) -> Option<(&str, &AlarmRule)> {
        match &self.kind {
            Kind::Metric(_) => None,
            Kind::Composite(composite) => Some((&composite.text, &composite.rule)),
        }
    }

    /// Returns the alarm that suppresses the actions of a composite alarm, and what suppresses them now.
    pub(crate) fn suppressor(&self) -> Option<(&SuppressorSpec, Option<&'static str>)> {
        match &self.kind {
            Kind::Metric(_) => None,
            Kind::Composite(composite) => {
                composite.suppressor.as_ref().map(|spec| (spec, composite.suppressed_by()))
            }
        }
    }
}

#[cfg(test)]
mod tests;
