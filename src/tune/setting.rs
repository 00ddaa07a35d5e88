//! What can be set, as it is and as it is to be.

use super::text;
use crate::model::alarm::MuteRule;
use crate::model::id::Resource;
use crate::model::insights::{ContributorInsights, InsightsMode};
use crate::model::scaling::{ScalableTarget, Suspended, TargetTracking};
use crate::model::table::{BillingMode, Table, Throughput};
use crate::model::throttle::Direction;
use crate::store::Reading;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the names of mute rules begin with that this program makes; it deletes no others.
pub const OWN_RULES: &str = "ddbtop-";

/// The state of one thing that can be set: enough to set it again, exactly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Setting {
    /// Between which capacities autoscaling moves, units per second, and what of it is suspended.
    Bounds {
        /// The table or index.
        #[serde(with = "text")]
        resource: Resource,
        /// Which capacity.
        #[serde(with = "text")]
        direction: Direction,
        /// Minimum capacity.
        min: u32,
        /// Maximum capacity.
        max: u32,
        /// What is suspended.
        suspended: Suspended,
    },
    /// A target-tracking policy, whole.
    Policy {
        /// The table or index.
        #[serde(with = "text")]
        resource: Resource,
        /// Which capacity.
        #[serde(with = "text")]
        direction: Direction,
        /// The policy's name.
        policy: Arc<str>,
        /// Its configuration.
        tracking: TargetTracking,
    },
    /// Provisioned capacity, units per second; AWS takes both or neither.
    Capacity {
        /// The table or index.
        #[serde(with = "text")]
        resource: Resource,
        /// RCU.
        read: u32,
        /// WCU.
        write: u32,
    },
    /// The on-demand maximum, request units per second; `None` is no maximum.
    Maximum {
        /// The table or index.
        #[serde(with = "text")]
        resource: Resource,
        /// RRU.
        read: Option<u32>,
        /// WRU.
        write: Option<u32>,
    },
    /// Contributor Insights.
    Insights {
        /// The table or index.
        #[serde(with = "text")]
        resource: Resource,
        /// Which keys it reports; `None` where it is off.
        #[serde(with = "text::option")]
        mode: Option<InsightsMode>,
    },
    /// A mute rule.
    Mute {
        /// Its name.
        rule: Arc<str>,
        /// What it silences; `None` where there is no such rule, or it has expired.
        mute: Option<Mute>,
    },
}

/// What a mute rule of ours silences, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mute {
    /// The alarms' names, in order.
    pub alarms: Vec<Arc<str>>,
    /// From when on, a whole minute.
    #[serde(with = "text")]
    pub start: Timestamp,
    /// Until when.
    #[serde(with = "text")]
    pub end: Timestamp,
}

impl Mute {
    /// Minutes that it lasts.
    pub fn minutes(&self) -> i64 {
        self.end.duration_since(self.start).as_mins()
    }

    /// `Schedule.Expression`, in UTC: `at(2026-11-22T12:01)`.
    pub fn expression(&self) -> String {
        format!("at({})", self.start.strftime("%Y-%m-%dT%H:%M"))
    }

    /// `Schedule.Duration`: `PT30M`.
    pub fn duration(&self) -> String {
        format!("PT{}M", self.minutes())
    }

    /// What a rule of one time says; `None` for one that recurs, or is over.
    fn of(rule: &MuteRule) -> Option<Self> {
        if &*rule.status == "EXPIRED" {
            return None;
        }
        let (start, end) = rule.once()?;
        let mut alarms = rule.targets.clone();
        alarms.sort();
        Some(Self { alarms, start, end })
    }
}

/// Units as whole numbers, as AWS takes them; `None` for what is none.
pub(super) fn whole(units: f64) -> Option<u32> {
    let whole = units.round();
    if !(0.0..=f64::from(u32::MAX)).contains(&whole) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
    Some(whole as u32)
}

impl Setting {
    /// The bounds of a scalable target.
    pub(super) fn bounds(target: &ScalableTarget) -> Option<Self> {
        Some(Self::Bounds {
            resource: target.resource.clone(),
            direction: target.direction,
            min: whole(target.min)?,
            max: whole(target.max)?,
            suspended: target.suspended,
        })
    }

    /// The capacity of a provisioned table or index.
    pub(super) fn capacity(resource: &Resource, throughput: &Throughput) -> Option<Self> {
        let read = whole(throughput.read.provisioned?)?;
        let write = whole(throughput.write.provisioned?)?;
        Some(Self::Capacity { resource: resource.clone(), read, write })
    }

    /// The on-demand maximum of a table or index.
    pub(super) fn maximum(resource: &Resource, throughput: &Throughput) -> Self {
        let read = throughput.read.maximum.and_then(whole);
        let write = throughput.write.maximum.and_then(whole);
        Self::Maximum { resource: resource.clone(), read, write }
    }

    /// Contributor Insights of a table or index; `None` where it was not read, or AWS does not tell
    /// which keys it reports.
    pub(super) fn insights(reading: Reading<'_>, resource: &Resource) -> Option<Self> {
        let mode = match insights_of(reading, resource) {
            KnownInsights::NotRead => return None,
            KnownInsights::Listed(insights)
                if matches!(&*insights.status, "ENABLED" | "ENABLING") =>
            {
                Some(insights.mode.clone()?)
            }
            KnownInsights::Listed(_) | KnownInsights::NotListed => None,
        };
        Some(Self::Insights { resource: resource.clone(), mode })
    }

    /// The mute rule called `rule`; `None` where mute rules were not read.
    pub(super) fn mute(reading: Reading<'_>, rule: &Arc<str>) -> Option<Self> {
        let rules = reading.mute_rules().value()?;
        let mute = rules.iter().find(|known| known.name == *rule).and_then(Mute::of);
        Some(Self::Mute { rule: Arc::clone(rule), mute })
    }

    /// The same thing as a reading has it; `None` where it does not exist, or was not read.
    pub fn present(&self, reading: Reading<'_>) -> Option<Self> {
        match self {
            Self::Bounds { resource, direction, .. } => {
                Self::bounds(reading.scalable_target(resource, *direction)?)
            }
            Self::Policy { resource, direction, policy, .. } => {
                let policies = &reading.scalable_target(resource, *direction)?.policies;
                let found = policies.iter().find(|known| known.name == *policy)?;
                Some(Self::Policy {
                    resource: resource.clone(),
                    direction: *direction,
                    policy: Arc::clone(policy),
                    tracking: found.tracking.clone()?,
                })
            }
            Self::Capacity { resource, .. } => {
                Self::capacity(resource, reading.throughput(resource)?)
            }
            Self::Maximum { resource, .. } => {
                let table = table_of(reading, resource)?;
                let throughput = reading.throughput(resource)?;
                (table.billing == BillingMode::OnDemand)
                    .then(|| Self::maximum(resource, throughput))
            }
            Self::Insights { resource, .. } => Self::insights(reading, resource),
            Self::Mute { rule, .. } => Self::mute(reading, rule),
        }
    }

    /// The table or index it is of; `None` for a mute rule.
    pub fn resource(&self) -> Option<&Resource> {
        match self {
            Self::Bounds { resource, .. }
            | Self::Policy { resource, .. }
            | Self::Capacity { resource, .. }
            | Self::Maximum { resource, .. }
            | Self::Insights { resource, .. } => Some(resource),
            Self::Mute { .. } => None,
        }
    }

    /// Whether both are states of the same thing.
    fn is_of_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Bounds { resource, direction, .. },
                Self::Bounds { resource: r, direction: d, .. },
            ) => resource == r && direction == d,
            (
                Self::Policy { resource, direction, policy, .. },
                Self::Policy { resource: r, direction: d, policy: p, .. },
            ) => resource == r && direction == d && policy == p,
            (Self::Capacity { resource, .. }, Self::Capacity { resource: r, .. })
            | (Self::Maximum { resource, .. }, Self::Maximum { resource: r, .. })
            | (Self::Insights { resource, .. }, Self::Insights { resource: r, .. }) => {
                resource == r
            }
            (Self::Mute { rule, .. }, Self::Mute { rule: r, .. }) => rule == r,
            (
                Self::Bounds { .. }
                | Self::Policy { .. }
                | Self::Capacity { .. }
                | Self::Maximum { .. }
                | Self::Insights { .. }
                | Self::Mute { .. },
                _,
            ) => false,
        }
    }
}

/// The description of a resource's table.
pub(super) fn table_of<'a>(reading: Reading<'a>, resource: &Resource) -> Option<&'a Table> {
    reading.table(resource.table_name()?)
}

/// What is known of a resource's Contributor Insights.
#[derive(Debug, Clone, Copy)]
pub(super) enum KnownInsights<'a> {
    /// Nothing.
    NotRead,
    /// It is not among those listed, which is off.
    NotListed,
    /// This.
    Listed(&'a ContributorInsights),
}

pub(super) fn insights_of<'a>(reading: Reading<'a>, resource: &Resource) -> KnownInsights<'a> {
    let Some(listed) = reading.insights().value() else { return KnownInsights::NotRead };
    let found = listed.iter().find(|insights| insights.resource == *resource);
    found.map_or(KnownInsights::NotListed, KnownInsights::Listed)
}

/// One change of one thing: two different states of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    before: Setting,
    after: Setting,
}

impl Edit {
    /// From `before` to `after`; `None` where nothing would change, or they are not of one thing.
    pub fn new(before: Setting, after: Setting) -> Option<Self> {
        (before.is_of_the_same(&after) && before != after).then_some(Self { before, after })
    }

    /// As it is.
    pub fn before(&self) -> &Setting {
        &self.before
    }

    /// As it is to be.
    pub fn after(&self) -> &Setting {
        &self.after
    }

    /// The way back.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { before: self.after, after: self.before }
    }
}

/// A mute of alarms from the next whole minute on: a rule that begins in the past might never begin.
pub(super) fn next_minute(now: Timestamp) -> Option<Timestamp> {
    let minute = now.as_second().div_euclid(60).checked_add(1)?.checked_mul(60)?;
    Timestamp::from_second(minute).ok()
}

/// `start` and so many minutes.
pub(super) fn minutes_after(start: Timestamp, minutes: u32) -> Option<Timestamp> {
    start.checked_add(SignedDuration::from_mins(i64::from(minutes))).ok()
}
