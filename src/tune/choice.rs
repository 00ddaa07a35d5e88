//! What is chosen rather than typed: Contributor Insights, and muting alarms.

use super::mistake::Mistake;
use super::setting::{Edit, Mute, OWN_RULES, Setting, minutes_after, next_minute};
use super::validate::{Origin, check};
use crate::diagnose::name;
use crate::model::id::Resource;
use crate::model::insights::InsightsMode;
use crate::store::Reading;
use std::sync::Arc;

/// For how long alarms can be muted, minutes.
pub const MUTE_MINUTES: [u32; 3] = [30, 60, 240];

/// Switches Contributor Insights of a table or index to a mode, or off.
///
/// # Errors
/// It is so already, cannot be read, or is changing now.
pub fn insights(
    reading: Reading<'_>,
    resource: &Resource,
    mode: Option<InsightsMode>,
) -> Result<Edit, Mistake> {
    let of = name(resource);
    let Some(before) = Setting::insights(reading, resource) else {
        return Err(Mistake::whole(format!("Contributor Insights of {of} could not be read")));
    };
    let wanted = mode.as_ref().map_or("off", |mode| mode.as_str()).to_owned();
    let after = Setting::Insights { resource: resource.clone(), mode };
    let same = || format!("nothing to do: Contributor Insights of {of} is {wanted} now");
    checked(reading, Edit::new(before, after).ok_or_else(|| Mistake::whole(same()))?)
}

/// Mutes alarms from the next whole minute on, by one rule that expires by itself. What the alarms
/// do of themselves is left alone.
///
/// # Errors
/// An alarm that does not exist, autoscaling's own alarms, too many, or too long.
pub fn mute(reading: Reading<'_>, alarms: &[Arc<str>], minutes: u32) -> Result<Edit, Mistake> {
    let start = next_minute(reading.now());
    let Some((start, end)) = start.and_then(|at| Some((at, minutes_after(at, minutes)?))) else {
        return Err(Mistake::whole("the mute would end after the end of the calendar"));
    };
    let Some(rules) = reading.mute_rules().value() else {
        return Err(Mistake::whole("mute rules could not be read: a name may be taken"));
    };
    let stamp = format!("{OWN_RULES}{}", start.strftime("%Y%m%dT%H%MZ"));
    let names = (1_u32..).map(|n| if n == 1 { stamp.clone() } else { format!("{stamp}-{n}") });
    let mut free = names.filter(|name| rules.iter().all(|rule| *rule.name != **name));
    let rule: Arc<str> = Arc::from(free.next().unwrap_or(stamp.clone()));
    let mut alarms = alarms.to_vec();
    alarms.sort();
    alarms.dedup();
    let before = Setting::Mute { rule: Arc::clone(&rule), mute: None };
    let after = Setting::Mute { rule, mute: Some(Mute { alarms, start, end }) };
    checked(reading, Edit::new(before, after).ok_or_else(|| Mistake::whole("nothing to do"))?)
}

/// Deletes a mute rule of ours.
///
/// # Errors
/// It is not ours, is over, or is not known.
pub fn unmute(reading: Reading<'_>, rule: &Arc<str>) -> Result<Edit, Mistake> {
    let Some(before) = Setting::mute(reading, rule) else {
        return Err(Mistake::whole("mute rules could not be read"));
    };
    let after = Setting::Mute { rule: Arc::clone(rule), mute: None };
    let over = || Mistake::whole(format!("nothing to do: there is no mute rule {rule} at work"));
    checked(reading, Edit::new(before, after).ok_or_else(over)?)
}

fn checked(reading: Reading<'_>, edit: Edit) -> Result<Edit, Mistake> {
    match check(reading, &edit, Origin::Typed).into_iter().next() {
        None => Ok(edit),
        Some(mistake) => Err(mistake),
    }
}
