//! Target-tracking autoscaling: alarms over published minutes, then a change half a minute later.

use super::capacity::{Resource, Setting};
use super::chance::Chance;
use super::series::{consumed_units, series_chance};
use super::table::Table;
use crate::sim::both::{Both, DIMENSIONS};
use crate::sim::facts::{Activity, Dimension, Epoch, ScalingState};
use crate::sim::scenario::spec::ScalingSpec;

/// `AlarmHigh` needs this many minutes ("Managing throughput capacity automatically with DynamoDB
/// auto scaling": two consecutive data points of one minute).
const HIGH_MINUTES: i64 = 2;
/// `AlarmLow` needs this many minutes (the same page: fifteen).
const LOW_MINUTES: i64 = 15;
/// `AlarmLow` is this many percentage points under the target.
pub(super) const LOW_POINTS: f64 = 20.0;
/// Seconds from the decision to the new capacity; changes by autoscaling take about half a minute.
pub(super) const REACTION_SECONDS: f64 = 33.0;
/// A decision not to scale is noted again after this long, while nothing changes.
const REPEAT_DECISION_SECONDS: f64 = 3_600.0;
/// Decreases per UTC day that need no waiting ("Service, account, and table quotas").
const FREE_DECREASES: u32 = 4;
/// Seconds between further decreases.
const DECREASE_SECONDS: f64 = 3_600.0;

/// One scalable target with its policy.
#[derive(Debug, Clone)]
pub(super) struct Scaler {
    pub(super) spec: ScalingSpec,
    /// Minimum and maximum of the present minute.
    pub(super) bounds: (u64, u64),
    /// 0 is the table, n its n-th index.
    pub(super) resource: usize,
    pub(super) dimension: Dimension,
    table: String,
    index: Option<String>,
    chance: Chance,
    /// When the last change took effect, by direction of the change.
    pub(super) last_out: Epoch,
    pub(super) last_in: Epoch,
    /// No decrease before this moment: the budget is spent, which was noted once.
    blocked_until: Epoch,
    /// The last decision not to scale.
    last_decision: Option<(&'static str, Epoch)>,
}

/// What an alarm asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alarm {
    High,
    Low,
}

impl Scaler {
    /// The scalers of a table or index.
    pub(super) fn all(
        spec: &Both<Option<ScalingSpec>>,
        resource: usize,
        table: &str,
        index: Option<&str>,
        chance: Chance,
    ) -> Vec<Self> {
        let of = |dimension| {
            spec.of(dimension).clone().map(|spec| Self {
                bounds: (spec.min, spec.max),
                spec,
                resource,
                dimension,
                table: table.to_owned(),
                index: index.map(str::to_owned),
                chance: chance.named(direction(dimension)),
                last_out: f64::MIN,
                last_in: f64::MIN,
                blocked_until: f64::MIN,
                last_decision: None,
            })
        };
        DIMENSIONS.into_iter().filter_map(of).collect()
    }

    /// The target as `DescribeScalableTargets` and `DescribeScalingPolicies` show it.
    pub(super) fn state(&self, created: Epoch, now: Epoch) -> ScalingState {
        let (min, max) = self.bounds_at(now);
        let alarm = |kind| self.alarm_name(kind);
        ScalingState {
            table: self.table.clone(),
            index: self.index.clone(),
            dimension: self.dimension,
            min,
            max,
            target_utilization: self.spec.target,
            scale_in_cooldown: self.spec.scale_in_cooldown,
            scale_out_cooldown: self.spec.scale_out_cooldown,
            disable_scale_in: self.spec.disable_scale_in,
            suspended: (
                self.spec.suspended.scale_in,
                self.spec.suspended.scale_out,
                self.spec.suspended.scheduled,
            ),
            created,
            scheduled: self.scheduled(),
            policy: self.policy_name(),
            alarms: [
                alarm("AlarmHigh"),
                alarm("AlarmLow"),
                alarm("ProvisionedCapacityHigh"),
                alarm("ProvisionedCapacityLow"),
            ],
        }
    }

    fn resource_id(&self) -> String {
        match &self.index {
            Some(index) => format!("{}/index/{index}", self.table),
            None => self.table.clone(),
        }
    }

    fn policy_name(&self) -> String {
        format!("${}-{}-scaling-policy", self.resource_id(), direction(self.dimension))
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
        let high = threshold(self.spec.target);
        if recent(HIGH_MINUTES)?.iter().all(|sum| f64::from(*sum) > high) {
            return Some(Alarm::High);
        }
        let low = threshold(self.spec.target - LOW_POINTS);
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
        let units = f64::from(busiest) / 60.0 / (self.spec.target / 100.0);
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
        let kind = if alarm == Alarm::High { "AlarmHigh" } else { "AlarmLow" };
        format!(
            "monitor alarm {} in state ALARM triggered policy {}",
            self.alarm_name(kind),
            self.policy_name()
        )
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
        let effective = at + REACTION_SECONDS;
        match alarm {
            Alarm::High => {
                let cooldown = f64::from(self.spec.scale_out_cooldown.unwrap_or(0));
                if self.spec.suspended.scale_out || at < self.last_out + cooldown {
                    return None;
                }
                if desired <= capacity {
                    let code = if capacity >= self.bounds.1 {
                        "AlreadyAtMaxCapacity"
                    } else {
                        "AlreadyAtDesiredCapacity"
                    };
                    return self.not_scaled(code, alarm, at, capacity);
                }
                self.last_out = effective;
            }
            Alarm::Low => {
                let cooldown = f64::from(self.spec.scale_in_cooldown.unwrap_or(0));
                let cooling = at < self.last_in.max(self.last_out) + cooldown;
                if self.spec.disable_scale_in || self.spec.suspended.scale_in || cooling {
                    return None;
                }
                if desired >= capacity {
                    let code = if capacity <= self.bounds.0 {
                        "AlreadyAtMinCapacity"
                    } else {
                        "AlreadyAtDesiredCapacity"
                    };
                    return self.not_scaled(code, alarm, at, capacity);
                }
                if at < self.blocked_until {
                    return None;
                }
                if let Some(next) = resource.next_decrease(at).filter(|next| at < *next) {
                    self.blocked_until = next;
                    let cause = self.alarm_cause(alarm);
                    return Some(self.out_of_decreases(cause, resource, at, desired));
                }
                self.last_in = effective;
            }
        }
        self.last_decision = None;
        resource.set(self.dimension, Setting { at: effective, units: desired });
        Some(self.activity(self.alarm_cause(alarm), at, desired))
    }

    /// The failed activity of a scale-in for which no decrease is left.
    pub(super) fn out_of_decreases(
        &self,
        cause: String,
        resource: &Resource,
        at: Epoch,
        desired: u64,
    ) -> Activity {
        let what = format!("{} capacity units", direction(self.dimension));
        Activity {
            end: Some(at + 1.0),
            status: "Failed",
            message: format!(
                "Failed to set {what} to {desired}. Reason: Subscriber limit exceeded: Provisioned \
                 throughput decreases are limited within a given UTC day. After the first 4 \
                 decreases, each subsequent decrease in the same UTC day can be performed at most \
                 once every 3600 seconds. Number of decreases today: {}.",
                resource.decreases_today(at)
            ),
            ..self.activity(cause, at, desired)
        }
    }
}

impl Table {
    /// Decides what autoscaling does during a minute, from the minutes published in it.
    pub(super) fn plan(&mut self, minute: i64) {
        let present = minute as f64 * 60.0..(minute + 1) as f64 * 60.0;
        for scaler in &mut self.scalers {
            let Some(resource) = self.resources.get_mut(scaler.resource) else { continue };
            self.activities.extend(scaler.run_scheduled(resource, minute));
            let series =
                series_chance(self.chance, consumed_units(scaler.dimension), scaler.resource);
            for seen in [minute - 2, minute - 1] {
                let at = self.publisher.first_seen(series, seen, 1);
                let busy = at < scaler.last_out.max(scaler.last_in);
                if !present.contains(&at) || busy {
                    continue;
                }
                // On-demand: targets and policies are kept, and inert.
                let Some(capacity) = resource.provisioned_at(scaler.dimension, at) else {
                    continue;
                };
                let Some(alarm) = scaler.alarm(resource, self.born, seen, capacity) else {
                    scaler.last_decision = None;
                    continue;
                };
                let desired = scaler.desired(resource, self.born, seen, alarm);
                let activity = scaler.act(resource, alarm, at, desired);
                self.activities.extend(activity);
            }
            resource.grow_partitions(self.spec.gigabytes);
        }
    }
}

impl Resource {
    /// Decreases accepted since 00:00 UTC; reads and writes share one budget.
    pub(super) fn decreases_today(&self, now: Epoch) -> u32 {
        let midnight = (now / 86_400.0).floor() * 86_400.0;
        let today = self.decreases().filter(|at| (midnight..=now).contains(at)).count();
        u32::try_from(today).unwrap_or(u32::MAX)
    }

    /// The earliest moment of the next decrease, when that is not now.
    pub(super) fn next_decrease(&self, now: Epoch) -> Option<Epoch> {
        if self.decreases_today(now + REACTION_SECONDS) < FREE_DECREASES {
            return None;
        }
        let tomorrow = ((now / 86_400.0).floor() + 1.0) * 86_400.0;
        let last = self.decreases().fold(f64::MIN, f64::max);
        Some((last + DECREASE_SECONDS).min(tomorrow))
    }

    /// When capacity was last raised, or lowered, up to `now`.
    pub(super) fn last_change(&self, now: Epoch, raised: bool) -> Option<Epoch> {
        self.changes(raised).filter(|at| *at <= now).max_by(f64::total_cmp)
    }

    fn decreases(&self) -> impl Iterator<Item = Epoch> + '_ {
        self.changes(false)
    }

    fn changes(&self, raised: bool) -> impl Iterator<Item = Epoch> + '_ {
        DIMENSIONS.into_iter().flat_map(move |dimension| {
            let settings = self.settings(dimension);
            let pairs = settings.iter().zip(settings.iter().skip(1));
            pairs
                .filter(move |(before, after)| (after.units > before.units) == raised)
                .map(|(_, after)| after.at)
        })
    }
}

/// The word AWS uses in names and messages.
fn direction(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Read => "read",
        Dimension::Write => "write",
    }
}
