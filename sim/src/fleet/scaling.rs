//! Target-tracking autoscaling: alarms over published minutes, then a change half a minute later.

use super::capacity::{Resource, Setting};
use super::chance::Chance;
use super::series::{consumed_units, series_chance};
use super::table::Table;
use crate::both::{Both, DIMENSIONS};
use crate::facts::{Activity, Dimension, Epoch, PolicySettings, PolicyState, ScalingState};
use crate::scenario::spec::{ScalingSpec, ScheduledSpec, Suspended};

/// `AlarmHigh` needs this many minutes ("Managing throughput capacity automatically with DynamoDB
/// auto scaling": two consecutive data points of one minute).
const HIGH_MINUTES: i64 = 2;
/// `AlarmLow` needs this many minutes (the same page: fifteen).
const LOW_MINUTES: i64 = 15;
/// `AlarmLow` is this many percentage points under the target.
pub(super) const LOW_POINTS: f64 = 20.0;
/// Seconds from the decision to the table's or index's `UPDATING` …
const CALL_SECONDS: f64 = 4.0;
/// … and to the new capacity: changes by autoscaling take about half a minute.
const REACTION_SECONDS: f64 = 33.0;
/// A decision not to scale is noted again after this long, while nothing changes.
const REPEAT_DECISION_SECONDS: f64 = 3_600.0;

/// One scalable target, with its policy if it has one.
#[derive(Debug, Clone)]
pub(super) struct Scaler {
    /// Minimum and maximum as they were registered, and when: scheduled actions change them.
    pub(super) registered: (u64, u64),
    pub(super) registered_at: Epoch,
    /// Minimum and maximum of the present minute.
    pub(super) bounds: (u64, u64),
    pub(super) suspended: Suspended,
    pub(super) scheduled: Vec<ScheduledSpec>,
    pub(super) policy: Option<Policy>,
    /// When it was registered first; `None` is with its table.
    created: Option<Epoch>,
    /// 0 is the table, n its n-th index.
    pub(super) resource: usize,
    pub(super) dimension: Dimension,
    table: String,
    index: Option<String>,
    chance: Chance,
    /// When the last change took effect, by direction of the change.
    last_out: Epoch,
    last_in: Epoch,
    /// No decrease before this moment: the budget is spent, which was noted once.
    blocked_until: Epoch,
    /// The last decision not to scale.
    last_decision: Option<(&'static str, Epoch)>,
}

/// The policy of a scalable target.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    pub(super) name: String,
    pub(super) settings: PolicySettings,
    /// When it was put first; `None` is with its target.
    pub(super) created: Option<Epoch>,
}

/// What an alarm asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alarm {
    High,
    Low,
}

impl Alarm {
    fn name(self) -> &'static str {
        match self {
            Self::High => "AlarmHigh",
            Self::Low => "AlarmLow",
        }
    }
}

impl Scaler {
    /// The scalers of a table or index in a scenario.
    pub(super) fn all(
        spec: &Both<Option<ScalingSpec>>,
        resource: usize,
        table: &str,
        index: Option<&str>,
        chance: Chance,
    ) -> Vec<Self> {
        let of = |dimension| {
            let spec = spec.of(dimension).as_ref()?;
            let mut scaler = Self::bare(resource, dimension, table, index, chance);
            scaler.registered = (spec.min, spec.max);
            scaler.bounds = scaler.registered;
            scaler.suspended = spec.suspended;
            scaler.scheduled.clone_from(&spec.scheduled);
            let settings = PolicySettings {
                target_utilization: spec.target,
                scale_in_cooldown: spec.scale_in_cooldown,
                scale_out_cooldown: spec.scale_out_cooldown,
                disable_scale_in: Some(spec.disable_scale_in),
            };
            let name = format!("${}-{}-scaling-policy", scaler.resource_id(), direction(dimension));
            scaler.policy = Some(Policy { name, settings, created: None });
            Some(scaler)
        };
        DIMENSIONS.into_iter().filter_map(of).collect()
    }

    /// A target without bounds and policy, as old as its table; `chance` is that of the table or
    /// index.
    pub(super) fn bare(
        resource: usize,
        dimension: Dimension,
        table: &str,
        index: Option<&str>,
        chance: Chance,
    ) -> Self {
        Self {
            registered: (0, 0),
            registered_at: f64::MIN,
            bounds: (0, 0),
            suspended: Suspended::default(),
            scheduled: Vec::new(),
            policy: None,
            created: None,
            resource,
            dimension,
            table: table.to_owned(),
            index: index.map(str::to_owned),
            chance: chance.named(direction(dimension)),
            last_out: f64::MIN,
            last_in: f64::MIN,
            blocked_until: f64::MIN,
            last_decision: None,
        }
    }

    /// The same target, registered at a moment.
    pub(super) fn created_at(self, at: Epoch) -> Self {
        Self { created: Some(at), ..self }
    }

    /// The target as `DescribeScalableTargets` and `DescribeScalingPolicies` show it; `created` is
    /// when its table was.
    pub(super) fn state(&self, created: Epoch, now: Epoch) -> ScalingState {
        let (min, max) = self.bounds_at(now);
        let created = self.created.unwrap_or(created);
        let alarm = |kind| self.alarm_name(kind);
        let policy = self.policy.as_ref().map(|policy| PolicyState {
            name: policy.name.clone(),
            created: policy.created.unwrap_or(created),
            settings: policy.settings,
            alarms: [
                alarm("AlarmHigh"),
                alarm("AlarmLow"),
                alarm("ProvisionedCapacityHigh"),
                alarm("ProvisionedCapacityLow"),
            ],
        });
        ScalingState {
            table: self.table.clone(),
            index: self.index.clone(),
            dimension: self.dimension,
            min,
            max,
            suspended: (
                self.suspended.scale_in,
                self.suspended.scale_out,
                self.suspended.scheduled,
            ),
            created,
            scheduled: self.scheduled(),
            policy,
        }
    }

    fn resource_id(&self) -> String {
        match &self.index {
            Some(index) => format!("{}/index/{index}", self.table),
            None => self.table.clone(),
        }
    }

    fn alarm_name(&self, kind: &str) -> String {
        let uuid = self.chance.named(kind).uuid(0);
        format!("TargetTracking-table/{}-{kind}-{uuid}", self.resource_id())
    }

    /// Which alarm fires at `at`, when the data up to `minute` (included) are out.
    fn alarm(&self, resource: &Resource, born: i64, minute: i64, capacity: u64) -> Option<Alarm> {
        let threshold = |percent: f64| percent / 100.0 * capacity as f64 * 60.0;
        let recent = |minutes: i64| {
            let end = usize::try_from(minute + 1 - born).ok()?;
            let begin = usize::try_from(minute + 1 - minutes - born).ok()?;
            resource.consumed.of(self.dimension).get(begin..end)
        };
        let target = self.policy.as_ref()?.settings.target_utilization;
        let high = threshold(target);
        if recent(HIGH_MINUTES)?.iter().all(|sum| f64::from(*sum) > high) {
            return Some(Alarm::High);
        }
        let low = threshold(target - LOW_POINTS);
        recent(LOW_MINUTES)?.iter().all(|sum| f64::from(*sum) < low).then_some(Alarm::Low)
    }

    /// The capacity that puts consumption at the target; scale-in looks at the busiest minute.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small, positive")]
    fn desired(&self, resource: &Resource, born: i64, minute: i64, alarm: Alarm) -> u64 {
        let minutes = if alarm == Alarm::High { 1 } else { LOW_MINUTES };
        let sums = resource.consumed.of(self.dimension);
        let begin = usize::try_from(minute + 1 - minutes - born).unwrap_or(0);
        let end = usize::try_from(minute + 1 - born).unwrap_or(0);
        let busiest = sums.get(begin..end).unwrap_or_default().iter().copied().fold(0.0, f32::max);
        let target = self.policy.as_ref().map_or(100.0, |one| one.settings.target_utilization);
        let units = f64::from(busiest) / 60.0 / (target / 100.0);
        (units.ceil() as u64).clamp(self.bounds.0, self.bounds.1)
    }

    /// Notes a decision not to scale, unless it is the same as a short while ago.
    fn not_scaled(
        &mut self,
        code: &'static str,
        alarm: Alarm,
        at: Epoch,
        current: u64,
    ) -> Option<Activity> {
        let repeated = self
            .last_decision
            .is_some_and(|(last, since)| last == code && at - since < REPEAT_DECISION_SECONDS);
        if repeated {
            return None;
        }
        self.last_decision = Some((code, at));
        // As "Scaling activities for Application Auto Scaling" shows one: failed, without an end.
        Some(Activity {
            description: "Attempting to scale due to alarm triggered".into(),
            end: None,
            status: "Failed",
            message: String::new(),
            not_scaled: Some((code, self.bounds.1, self.bounds.0, current)),
            ..self.activity(self.alarm_cause(alarm), at, current)
        })
    }

    /// Why an alarm made it act, in AWS's words.
    fn alarm_cause(&self, alarm: Alarm) -> String {
        let policy = self.policy.as_ref().map_or("", |policy| &policy.name);
        let alarm = self.alarm_name(alarm.name());
        format!("monitor alarm {alarm} in state ALARM triggered policy {policy}")
    }

    /// An activity that sets a capacity, successful.
    pub(super) fn activity(&self, cause: String, at: Epoch, units: u64) -> Activity {
        let what = format!("{} capacity units", direction(self.dimension));
        Activity {
            id: self.chance.named(&cause).uuid(at.to_bits().cast_signed()),
            table: self.table.clone(),
            index: self.index.clone(),
            dimension: self.dimension,
            description: format!("Setting {what} to {units}."),
            cause,
            start: at,
            end: Some(at + REACTION_SECONDS),
            status: "Successful",
            message: format!(
                "Successfully set {what} to {units}. Change successfully fulfilled by dynamodb."
            ),
            not_scaled: None,
        }
    }

    /// Acts on an alarm: changes the resource, or says why not.
    fn act(
        &mut self,
        resource: &mut Resource,
        alarm: Alarm,
        at: Epoch,
        desired: u64,
    ) -> Option<Activity> {
        let capacity = resource.provisioned_at(self.dimension, at)?;
        let settings = self.policy.as_ref()?.settings;
        let (may_not, ready, at_bound, bound_code) = match alarm {
            Alarm::High => {
                let cooldown = f64::from(settings.scale_out_cooldown.unwrap_or(0));
                let ready = self.last_out + cooldown;
                (self.suspended.scale_out, ready, capacity >= self.bounds.1, "AlreadyAtMaxCapacity")
            }
            Alarm::Low => {
                let cooldown = f64::from(settings.scale_in_cooldown.unwrap_or(0));
                let ready = self.last_in.max(self.last_out) + cooldown;
                let may_not = settings.disable_scale_in == Some(true) || self.suspended.scale_in;
                (may_not, ready, capacity <= self.bounds.0, "AlreadyAtMinCapacity")
            }
        };
        if may_not || at < ready {
            return None;
        }
        let is_change = match alarm {
            Alarm::High => desired > capacity,
            Alarm::Low => desired < capacity,
        };
        if !is_change {
            let code = if at_bound { bound_code } else { "AlreadyAtDesiredCapacity" };
            return self.not_scaled(code, alarm, at, capacity);
        }
        if alarm == Alarm::Low && at < self.blocked_until {
            return None;
        }
        self.change(resource, self.alarm_cause(alarm), at, desired)
    }

    /// Moves the capacity inside the bounds, if it is outside; what is on its way counts as there.
    pub(super) fn move_inside(&mut self, resource: &mut Resource, at: Epoch) -> Option<Activity> {
        let capacity = resource.due(self.dimension)?.units;
        let (min, max) = self.bounds;
        let (bound, units) = if capacity < min {
            ("minimum", min)
        } else if capacity > max {
            ("maximum", max)
        } else {
            return None;
        };
        self.change(resource, format!("{bound} capacity was set to {units}"), at, units)
    }

    /// Sets a capacity that is not the present one, unless that takes a decrease and none is left.
    fn change(
        &mut self,
        resource: &mut Resource,
        cause: String,
        at: Epoch,
        units: u64,
    ) -> Option<Activity> {
        let due = resource.due(self.dimension)?;
        // A change that is under way comes first.
        let asked = (at + CALL_SECONDS).max(due.at);
        let effective = (at + REACTION_SECONDS).max(asked);
        if let Some(reason) = resource.over_quota(self.dimension, units) {
            return Some(self.failed(cause, at, units, &reason));
        }
        if units < due.units {
            if let Some(next) = resource.next_decrease(asked).filter(|next| asked < *next) {
                self.blocked_until = next;
                return Some(self.failed(cause, at, units, &resource.no_decrease_left(asked)));
            }
            self.last_in = effective;
        } else {
            self.last_out = effective;
        }
        self.last_decision = None;
        resource.set(self.dimension, Setting { asked, at: effective, units });
        Some(self.activity(cause, at, units))
    }

    /// The failed activity of a change that `DynamoDB` refuses.
    fn failed(&self, cause: String, at: Epoch, units: u64, reason: &str) -> Activity {
        let what = format!("{} capacity units", direction(self.dimension));
        Activity {
            end: Some(at + 1.0),
            status: "Failed",
            message: format!("Failed to set {what} to {units}. Reason: {reason}."),
            ..self.activity(cause, at, units)
        }
    }
}

impl Table {
    /// Decides what autoscaling does in a minute, `after` a moment and up to another, both in it:
    /// from the minutes that are published then.
    pub(super) fn decide(&mut self, minute: i64, after: Option<Epoch>, until: Epoch) {
        let present = minute as f64 * 60.0..(minute + 1) as f64 * 60.0;
        let mut moments = Vec::with_capacity(3 * self.scalers.len());
        for (number, scaler) in self.scalers.iter().enumerate() {
            moments.push((present.start, number, None));
            let series =
                series_chance(self.chance, consumed_units(scaler.dimension), scaler.resource);
            for seen in [minute - 2, minute - 1] {
                let at = self.publisher.first_seen(series, seen, 1);
                if present.contains(&at) {
                    moments.push((at, number, Some(seen)));
                }
            }
        }
        moments.retain(|(at, ..)| *at <= until && after.is_none_or(|after| *at > after));
        moments.sort_by(|one, other| one.0.total_cmp(&other.0));
        for (at, number, seen) in moments {
            let Some(scaler) = self.scalers.get_mut(number) else { continue };
            let Some(resource) = self.resources.get_mut(scaler.resource) else { continue };
            match seen {
                Some(seen) => {
                    self.activities.extend(scaler.look(resource, self.born, seen, at));
                }
                None => self.activities.extend(scaler.run_scheduled(resource, minute)),
            }
        }
    }
}

impl Scaler {
    /// Looks at the data when a minute is first seen, and acts on the alarm that they raise.
    fn look(
        &mut self,
        resource: &mut Resource,
        born: i64,
        seen: i64,
        at: Epoch,
    ) -> Option<Activity> {
        // On-demand: targets and policies are kept, and inert.
        let capacity = resource.provisioned_at(self.dimension, at)?;
        let is_busy = resource.due(self.dimension).is_some_and(|due| at < due.at);
        if is_busy {
            return None;
        }
        let Some(alarm) = self.alarm(resource, born, seen, capacity) else {
            self.last_decision = None;
            return None;
        };
        let desired = self.desired(resource, born, seen, alarm);
        self.act(resource, alarm, at, desired)
    }
}

/// The word AWS uses in names and messages.
fn direction(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Read => "read",
        Dimension::Write => "write",
    }
}
