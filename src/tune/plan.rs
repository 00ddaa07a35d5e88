//! A proposed write, and what makes it one that may be sent.

pub use super::consequence::{Money, Move, Sureness};
pub use super::step::{Line, Step, Told};
pub use super::warning::Warning;

use super::mistake::Mistake;
use super::permit::Permit;
use super::price::Prices;
use super::setting::{Edit, Setting};
use super::validate::{Origin, account, check};
use super::words::typed_name;
use crate::diagnose::Verdict;
use crate::model::id::{Resource, Scope};
use crate::store::Reading;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a plan is made from.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// What is known.
    pub reading: Reading<'a>,
    /// What capacity costs.
    pub prices: &'a Prices,
    /// What is in trouble, and why.
    pub verdicts: &'a [Verdict],
}

/// Some writes, one after the other, with all that is to be known before they are confirmed.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    scope: Scope,
    steps: Vec<Step>,
    to_type: String,
}

impl Plan {
    /// A plan of edits that were typed or chosen.
    ///
    /// # Errors
    /// Every mistake; no part of such a plan is made.
    pub fn new(ground: &Ground<'_>, edits: Vec<Edit>) -> Result<Self, Vec<Mistake>> {
        Self::make(ground, edits.into_iter().map(|edit| (edit, None)).collect(), Origin::Typed)
    }

    /// A plan that takes recorded writes back: each edit with the id of the write.
    pub(super) fn undoing(
        ground: &Ground<'_>,
        edits: Vec<(Edit, String)>,
    ) -> Result<Self, Vec<Mistake>> {
        let edits = edits.into_iter().map(|(edit, undone)| (edit, Some(undone))).collect();
        Self::make(ground, edits, Origin::Undo)
    }

    fn make(
        ground: &Ground<'_>,
        edits: Vec<(Edit, Option<String>)>,
        origin: Origin,
    ) -> Result<Self, Vec<Mistake>> {
        let reading = ground.reading;
        let mut mistakes: Vec<Mistake> =
            edits.iter().flat_map(|(edit, _)| check(reading, edit, origin)).collect();
        if edits.is_empty() {
            mistakes.push(Mistake::whole("nothing to do"));
        }
        let mut spent: BTreeMap<Resource, u32> = BTreeMap::new();
        let mut steps: Vec<Step> = Vec::new();
        for (edit, undoes) in edits {
            let resource = edit.after().resource().cloned();
            let spent_before = resource.as_ref().and_then(|of| spent.get(of)).copied();
            let step = Step::new(ground, edit, undoes, spent_before.unwrap_or(0));
            if let Some(resource) = resource.filter(|_| step.lowers_capacity()) {
                *spent.entry(resource).or_default() += 1;
            }
            steps.push(step);
        }
        let rises = steps.iter().flat_map(Step::rises);
        let rises: Vec<_> = rises.map(|moved| (moved.direction, moved.to - moved.from)).collect();
        mistakes.extend(account(reading, &rises));
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let to_type = to_type(&steps);
        Ok(Self { scope: reading.scope().clone(), steps, to_type })
    }

    /// Where it writes.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Its writes, in the order they are sent; the first that fails is the last.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What has to be typed to confirm it.
    pub fn to_type(&self) -> &str {
        &self.to_type
    }

    /// Makes it one that may be sent. That takes a permit, and the exact text.
    ///
    /// ```
    /// # use ddbtop::tune::{permit::Permit, plan::Plan};
    /// fn with_a_permit(plan: Plan, permit: &Permit) {
    ///     let to_type = plan.to_type().to_owned();
    ///     let _ = plan.confirm(permit, &to_type);
    /// }
    /// ```
    ///
    /// Without a permit there is no way to a [`Confirmed`]:
    ///
    /// ```compile_fail
    /// # use ddbtop::tune::{permit::Permit, plan::Plan};
    /// fn without_a_permit(plan: Plan) {
    ///     let to_type = plan.to_type().to_owned();
    ///     let _ = plan.confirm(&to_type);
    /// }
    /// ```
    ///
    /// ```compile_fail
    /// # use ddbtop::tune::plan::{Confirmed, Plan};
    /// fn around_the_plan(plan: Plan) {
    ///     let _ = Confirmed(plan);
    /// }
    /// ```
    ///
    /// # Errors
    /// Something else was typed; the plan is given back.
    pub fn confirm(self, _permit: &Permit, typed: &str) -> Result<Confirmed, Unconfirmed> {
        if typed == self.to_type {
            return Ok(Confirmed(self));
        }
        let mistake = Mistake::whole(format!("type `{}` to apply, Esc to cancel", self.to_type));
        Err(Unconfirmed { plan: Box::new(self), mistake })
    }
}

/// The resource's name; `apply N` for several writes that are not of one resource. Scaling out is
/// not suspended without saying so.
fn to_type(steps: &[Step]) -> String {
    let resources: BTreeSet<&Resource> =
        steps.iter().filter_map(|step| step.edit().after().resource()).collect();
    let mut resources = resources.into_iter();
    let name = match (resources.next(), resources.next(), steps) {
        (Some(one), None, _) => typed_name(one),
        (None, _, [only]) => muted(only.edit()),
        _ => format!("apply {}", steps.len()),
    };
    if steps.iter().any(Step::suspends_scale_out) {
        return format!("suspend scale-out {name}");
    }
    name
}

/// The alarm's name, or `apply N` for a mute of several.
fn muted(edit: &Edit) -> String {
    let alarms = [edit.after(), edit.before()].into_iter().find_map(|setting| match setting {
        Setting::Mute { mute, .. } => mute.as_ref().map(|mute| &mute.alarms),
        Setting::Bounds { .. }
        | Setting::Policy { .. }
        | Setting::Capacity { .. }
        | Setting::Maximum { .. }
        | Setting::Insights { .. } => None,
    });
    match alarms.map_or(&[][..], |alarms| alarms) {
        [only] => only.to_string(),
        several => format!("apply {}", several.len()),
    }
}

/// A plan that was confirmed: the only thing that an executor accepts. Nothing makes one but
/// [`Plan::confirm`].
#[derive(Debug, PartialEq)]
pub struct Confirmed(Plan);

impl Confirmed {
    /// What is to be done.
    pub fn plan(&self) -> &Plan {
        &self.0
    }
}

/// A plan that was not confirmed.
#[derive(Debug)]
pub struct Unconfirmed {
    /// The plan, unchanged.
    pub plan: Box<Plan>,
    /// What should have been typed.
    pub mistake: Mistake,
}

impl fmt::Display for Unconfirmed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.mistake.fmt(f)
    }
}

impl std::error::Error for Unconfirmed {}

#[cfg(test)]
mod tests;
