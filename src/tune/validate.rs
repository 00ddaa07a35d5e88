//! What must be true of an edit before it may be planned, and what AWS would answer if it were not.
//!
//! Sources: Amazon DynamoDB Developer Guide, "Quotas" and "Managing throughput capacity with auto
//! scaling"; the service models of the calls.

use super::budget::{Budget, budget};
use super::draft::{Field, Key};
use super::mistake::Mistake;
use super::setting::{Edit, KnownInsights, OWN_RULES, Setting, insights_of, table_of};
use super::words::{capacity, moment};
use crate::diagnose::{name, number};
use crate::model::health::Poller;
use crate::model::id::Resource;
use crate::model::insights::InsightsMode;
use crate::model::scaling::{ScalableTarget, ScalingMetric, TargetTracking};
use crate::model::table::BillingMode;
use crate::model::throttle::Direction;
use crate::store::Reading;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// What the documentation allows for the target of a predefined metric, percent.
pub(super) const TARGETS: RangeInclusive<f64> = 20.0..=90.0;

/// What the service was seen to accept: a target of 10 to 19.9 is put back as it was.
const TARGETS_TO_RESTORE: RangeInclusive<f64> = 10.0..=90.0;

/// `MaxCapacity` is a signed number of 32 bits.
const MOST_UNITS: u32 = i32::MAX as u32;

/// Alarms of one mute rule, and minutes that it may last (15 days).
const MOST_ALARMS: usize = 100;
const MOST_MINUTES: i64 = 15 * 24 * 60;

/// Where an edit comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// It was typed or chosen.
    Typed,
    /// It restores what was.
    Undo,
}

/// Everything that is wrong with an edit, the first first.
pub(super) fn check(reading: Reading<'_>, edit: &Edit, origin: Origin) -> Vec<Mistake> {
    let found = match (edit.before(), edit.after()) {
        (before, Setting::Bounds { resource, direction, min, max, .. }) => {
            bounds(reading, (resource, *direction), (*min, *max), before)
        }
        (_, Setting::Policy { resource, direction, policy, tracking }) => {
            let target = reading.scalable_target(resource, *direction);
            policy_target(reading, (resource, *direction), target, policy)
                .map(|()| target_value(*direction, tracking, origin).into_iter().collect())
        }
        (before, Setting::Capacity { resource, read, write }) => {
            manual(reading, resource, [*read, *write], before)
        }
        (before, Setting::Maximum { resource, read, write }) => {
            on_demand(reading, resource, [*read, *write], before)
        }
        (_, Setting::Insights { resource, mode }) => insights(reading, resource, mode.as_ref()),
        (_, Setting::Mute { rule, mute: None }) => own_rule(rule),
        (_, Setting::Mute { mute: Some(mute), .. }) => mutes(reading, &mute.alarms, mute.minutes()),
    };
    found.unwrap_or_else(|mistake| vec![mistake])
}

/// What is wrong field by field; or what makes the fields pointless.
type Found = Result<Vec<Mistake>, Mistake>;

fn bounds(
    reading: Reading<'_>,
    (resource, direction): (&Resource, Direction),
    (min, max): (u32, u32),
    before: &Setting,
) -> Found {
    can_autoscale(reading, resource)?;
    let key = |field: Field| Key { field, direction };
    let mut mistakes = Vec::new();
    let quota = reading.quotas().map(|quotas| quotas.per_table(direction));
    let was = match before {
        Setting::Bounds { min, max, .. } => (*min, *max),
        Setting::Policy { .. }
        | Setting::Capacity { .. }
        | Setting::Maximum { .. }
        | Setting::Insights { .. }
        | Setting::Mute { .. } => (0, 0),
    };
    for (field, units, was) in [(Field::Min, min, was.0), (Field::Max, max, was.1)] {
        if units != was {
            mistakes.extend(in_range(key(field), units, quota));
        }
    }
    if min > max {
        let [min, max] = [min, max].map(|units| capacity(f64::from(units), direction));
        let line = format!("{} minimum of {min} is above its maximum of {max}", direction.as_str());
        mistakes.push(Mistake::of(key(Field::Min), line));
    }
    Ok(mistakes)
}

/// Between 1 and the quota, where that is known.
fn in_range(key: Key, units: u32, quota: Option<f64>) -> Option<Mistake> {
    if units == 0 {
        return Some(Mistake::of(key, format!("{key}: 0 is too low: 1 is the least")));
    }
    if units > MOST_UNITS {
        return Some(Mistake::of(key, format!("{key}: too high for AWS to take")));
    }
    let quota = quota.filter(|quota| f64::from(units) > *quota)?;
    let (units, quota) = (number(f64::from(units)), number(quota));
    let line = format!("{key}: {units} is above the quota of {quota} for one table or index");
    Some(Mistake::of(key, line))
}

/// Whether autoscaling acts on a resource.
pub(super) fn can_autoscale(reading: Reading<'_>, resource: &Resource) -> Result<(), Mistake> {
    let Some(table) = table_of(reading, resource) else { return Err(not_described(resource)) };
    if table.billing == BillingMode::OnDemand {
        let line = format!("{} is on-demand: its autoscaling is inert", table.name);
        return Err(Mistake::whole(line));
    }
    let status = status(reading, resource);
    // While it is UPDATING, autoscaling waits by itself.
    match status.as_deref() {
        Some("ACTIVE" | "UPDATING") => Ok(()),
        status => Err(wrong_status(resource, status)),
    }
}

/// Whether a policy's target may be edited: it is the only one, and nothing of it is unknown.
pub(super) fn policy_target(
    reading: Reading<'_>,
    (resource, direction): (&Resource, Direction),
    target: Option<&ScalableTarget>,
    policy: &str,
) -> Result<(), Mistake> {
    can_autoscale(reading, resource)?;
    let (kind, of) = (direction.as_str(), name(resource));
    let key = Key { field: Field::Target, direction };
    let tracking = target.map(|target| target.policies.iter().filter(|p| p.tracking.is_some()));
    let mut tracking = tracking.into_iter().flatten();
    let line = match (tracking.next(), tracking.next()) {
        (None, _) => format!("{kind} capacity of {of} has no target-tracking policy"),
        (Some(_), Some(_)) => {
            format!("{kind} capacity of {of} has several target-tracking policies")
        }
        (Some(only), None) if &*only.name != policy => {
            format!("{kind} capacity of {of} has no policy {policy}: it is now {}", only.name)
        }
        (Some(only), None) => match &only.unknown {
            None => return Ok(()),
            Some(unknown) => format!(
                "policy {policy} has what this program does not know ({unknown}) and would lose"
            ),
        },
    };
    Err(Mistake::of(key, line))
}

fn target_value(
    direction: Direction,
    tracking: &TargetTracking,
    origin: Origin,
) -> Option<Mistake> {
    let key = Key { field: Field::Target, direction };
    let allowed = match (&tracking.metric, origin) {
        (ScalingMetric::Customized(_) | ScalingMetric::Untold, _) => f64::MIN_POSITIVE..=f64::MAX,
        (ScalingMetric::Predefined { .. }, Origin::Typed) => TARGETS,
        (ScalingMetric::Predefined { .. }, Origin::Undo) => TARGETS_TO_RESTORE,
    };
    let value = tracking.target_value;
    let line = match &tracking.metric {
        ScalingMetric::Predefined { .. } => {
            format!("{key}: {value} % is not between {} and {} %", allowed.start(), allowed.end())
        }
        ScalingMetric::Customized(_) | ScalingMetric::Untold => {
            format!("{key}: {value} is not above 0")
        }
    };
    (!allowed.contains(&value)).then(|| Mistake::of(key, line))
}

fn manual(reading: Reading<'_>, resource: &Resource, units: [u32; 2], before: &Setting) -> Found {
    can_update(reading, resource, BillingMode::Provisioned)?;
    let was = match before {
        Setting::Capacity { read, write, .. } => [*read, *write],
        Setting::Bounds { .. }
        | Setting::Policy { .. }
        | Setting::Maximum { .. }
        | Setting::Insights { .. }
        | Setting::Mute { .. } => units,
    };
    let mut mistakes = Vec::new();
    for ((direction, units), was) in Direction::ALL.into_iter().zip(units).zip(was) {
        if units == was {
            continue;
        }
        let key = Key { field: Field::Capacity, direction };
        mistakes.extend(by_hand(reading, resource, direction).err());
        let quota = reading.quotas().map(|quotas| quotas.per_table(direction));
        mistakes.extend(in_range(key, units, quota));
        if units < was {
            mistakes.extend(without_decrease(reading, resource, key));
        }
    }
    Ok(mistakes)
}

/// Whether a capacity may be set by hand: nothing would set it back.
pub(super) fn by_hand(
    reading: Reading<'_>,
    resource: &Resource,
    direction: Direction,
) -> Result<(), Mistake> {
    let key = Key { field: Field::Capacity, direction };
    let (kind, of) = (direction.as_str(), name(resource));
    let was_read = reading.health(Poller::Scaling).is_some_and(|h| h.last_success.is_some());
    if !was_read {
        let line = format!(
            "scalable targets could not be read: autoscaling may manage the {kind} capacity of {of}"
        );
        return Err(Mistake::of(key, line));
    }
    if reading.scalable_target(resource, direction).is_some() {
        let line = format!(
            "autoscaling manages the {kind} capacity of {of} and would set it back: edit its \
             minimum and maximum"
        );
        return Err(Mistake::of(key, line));
    }
    Ok(())
}

fn without_decrease(reading: Reading<'_>, resource: &Resource, key: Key) -> Option<Mistake> {
    let Budget { spent, next, .. } = budget(reading.throughput(resource)?, reading.now())?;
    let next = moment(reading, next?);
    let of = name(resource);
    let line = format!("{key}: {of} has spent its {spent} decreases of today: the next at {next}");
    Some(Mistake::of(key, line))
}

fn on_demand(
    reading: Reading<'_>,
    resource: &Resource,
    units: [Option<u32>; 2],
    before: &Setting,
) -> Found {
    can_update(reading, resource, BillingMode::OnDemand)?;
    let (read, write) = super::call::maxima(before);
    let mut mistakes = Vec::new();
    for ((direction, units), was) in Direction::ALL.into_iter().zip(units).zip([read, write]) {
        let quota = reading.quotas().map(|quotas| quotas.per_table(direction));
        let key = Key { field: Field::Maximum, direction };
        mistakes
            .extend(units.filter(|_| units != was).and_then(|units| in_range(key, units, quota)));
    }
    Ok(mistakes)
}

/// Whether `UpdateTable` would be accepted: of a table in that mode, with nothing under way.
fn can_update(
    reading: Reading<'_>,
    resource: &Resource,
    billing: BillingMode,
) -> Result<(), Mistake> {
    let Some(table) = table_of(reading, resource) else { return Err(not_described(resource)) };
    if table.billing != billing {
        let line =
            format!("{} is {}, not {}", table.name, table.billing.as_str(), billing.as_str());
        return Err(Mistake::whole(line));
    }
    let index = status(reading, resource);
    match (&*table.status, index.as_deref()) {
        ("ACTIVE", Some("ACTIVE")) => Ok(()),
        ("ACTIVE", status) => Err(wrong_status(resource, status)),
        (status, _) => Err(wrong_status(&Resource::Table(Arc::clone(&table.name)), Some(status))),
    }
}

fn status(reading: Reading<'_>, resource: &Resource) -> Option<Arc<str>> {
    let table = table_of(reading, resource)?;
    match resource {
        Resource::Account | Resource::Cluster(_) | Resource::Node(..) => None,
        Resource::Table(_) => Some(Arc::clone(&table.status)),
        Resource::Index(_, index) => table.index(index).map(|index| Arc::clone(&index.status)),
    }
}

fn not_described(resource: &Resource) -> Mistake {
    Mistake::whole(format!("{} is not described yet", name(resource)))
}

fn wrong_status(resource: &Resource, status: Option<&str>) -> Mistake {
    let of = name(resource);
    Mistake::whole(match status {
        Some("UPDATING") => format!("{of} is UPDATING: AWS takes one change at a time, so wait"),
        Some(status) => format!("{of} is {status}"),
        None => format!("{of} does not exist"),
    })
}

fn insights(reading: Reading<'_>, resource: &Resource, mode: Option<&InsightsMode>) -> Found {
    let of = name(resource);
    if let Some(InsightsMode::Other(mode)) = mode {
        return Err(Mistake::whole(format!("mode {mode} is not known to this program")));
    }
    match insights_of(reading, resource) {
        KnownInsights::NotRead => Err(Mistake::whole("Contributor Insights could not be read")),
        KnownInsights::Listed(insights)
            if matches!(&*insights.status, "ENABLING" | "DISABLING") =>
        {
            Err(Mistake::whole(format!("Contributor Insights of {of} is {}", insights.status)))
        }
        KnownInsights::Listed(_) | KnownInsights::NotListed
            if status(reading, resource).is_none() =>
        {
            Err(not_described(resource))
        }
        KnownInsights::Listed(_) | KnownInsights::NotListed => Ok(vec![]),
    }
}

fn own_rule(rule: &str) -> Found {
    let line = || format!("mute rule {rule} was not made by ddbtop, which deletes no others");
    if rule.starts_with(OWN_RULES) { Ok(vec![]) } else { Err(Mistake::whole(line())) }
}

fn mutes(reading: Reading<'_>, alarms: &[Arc<str>], minutes: i64) -> Found {
    if alarms.is_empty() || alarms.len() > MOST_ALARMS {
        let line = format!("a mute rule silences 1 to {MOST_ALARMS} alarms, not {}", alarms.len());
        return Err(Mistake::whole(line));
    }
    if !(1..=MOST_MINUTES).contains(&minutes) {
        return Err(Mistake::whole("a mute lasts from 1 minute to 15 days"));
    }
    let problem = |name: &Arc<str>| match reading.alarm(name) {
        None => Some(format!("alarm {name} does not exist")),
        // Scaling is the action of these alarms.
        Some(alarm) if alarm.is_target_tracking() => {
            Some(format!("alarm {name} is autoscaling's own: muted, it would no longer scale"))
        }
        Some(_) => None,
    };
    alarms.iter().find_map(problem).map_or(Ok(vec![]), |line| Err(Mistake::whole(line)))
}

/// What a plan would raise at once, against the account's quota: `rises` by direction.
pub(super) fn account(reading: Reading<'_>, rises: &[(Direction, f64)]) -> Vec<Mistake> {
    let Some(quotas) = reading.quotas() else { return vec![] };
    let over = |direction: Direction| {
        let of_direction = rises.iter().filter(|(risen, _)| *risen == direction);
        let rise: f64 = of_direction.map(|(_, units)| units).sum();
        let quota = match direction {
            Direction::Read => quotas.account_read,
            Direction::Write => quotas.account_write,
        };
        let provisioned = provisioned(reading, direction);
        (rise > 0.0 && provisioned + rise > quota).then(|| {
            Mistake::whole(format!(
                "{} more {} capacity would pass the account's quota of {}: {} are provisioned",
                number(rise),
                direction.as_str(),
                capacity(quota, direction),
                number(provisioned),
            ))
        })
    };
    Direction::ALL.into_iter().filter_map(over).collect()
}

/// What is provisioned in the account, as far as tables were described: never more than there is.
fn provisioned(reading: Reading<'_>, direction: Direction) -> f64 {
    let capacity = |resource| reading.capacity(&resource, direction)?.provisioned;
    reading.resources().filter_map(capacity).sum()
}
