//! Scheduled actions: bounds of a scalable target that change at a time of day.

use super::capacity::{Resource, Setting};
use super::scaling::{REACTION_SECONDS, Scaler};
use crate::sim::facts::{Activity, Epoch, ScheduledAction};
use crate::sim::scenario::spec::ScheduledSpec;

const DAY_MINUTES: i64 = 24 * 60;

impl ScheduledSpec {
    /// The minute of the day, UTC.
    fn time(&self) -> i64 {
        i64::from(self.hour) * 60 + i64::from(self.minute)
    }
}

impl Scaler {
    /// Minimum and maximum at a moment: each as the latest action that sets it left it. Every
    /// action has run at least once before, for the history begins in the middle of a long life.
    pub(super) fn bounds_at(&self, at: Epoch) -> (u64, u64) {
        let minute = super::minute_of(at);
        let age = |action: &&ScheduledSpec| (minute - action.time()).rem_euclid(DAY_MINUTES);
        let actions = || self.spec.scheduled.iter().filter(|_| !self.spec.suspended.scheduled);
        let min = actions().filter(|action| action.min.is_some()).min_by_key(age);
        let max = actions().filter(|action| action.max.is_some()).min_by_key(age);
        let min = min.and_then(|action| action.min).unwrap_or(self.spec.min);
        let max = max.and_then(|action| action.max).unwrap_or(self.spec.max);
        (min, max.max(min))
    }

    /// The actions as `DescribeScheduledActions` shows them.
    pub(super) fn scheduled(&self) -> Vec<ScheduledAction> {
        let show = |action: &ScheduledSpec| ScheduledAction {
            name: action.name.clone(),
            schedule: format!("cron({} {} * * ? *)", action.minute, action.hour),
            min: action.min,
            max: action.max,
        };
        self.spec.scheduled.iter().map(show).collect()
    }

    /// Runs the action of a minute, if it has one: the new bounds, and the capacity moved inside.
    pub(super) fn run_scheduled(&mut self, resource: &mut Resource, minute: i64) -> Vec<Activity> {
        let at = minute as f64 * 60.0;
        self.bounds = self.bounds_at(at);
        let due = |action: &&ScheduledSpec| action.time() == minute.rem_euclid(DAY_MINUTES);
        let Some(action) = self.spec.scheduled.iter().find(due) else { return Vec::new() };
        if self.spec.suspended.scheduled {
            return Vec::new();
        }
        let (min, max) = self.bounds;
        let what = format!("min capacity to {min} and max capacity to {max}");
        let mut activities = vec![Activity {
            description: format!("Setting {what}"),
            message: format!("Successfully set {what}"),
            end: Some(at),
            ..self.activity(format!("scheduled action name {} was triggered", action.name), at, min)
        }];
        if let Some(capacity) = resource.provisioned_at(self.dimension, at)
            && !(min..=max).contains(&capacity)
        {
            let (bound, units) = if capacity < min { ("minimum", min) } else { ("maximum", max) };
            let cause = format!("{bound} capacity was set to {units}");
            if units > capacity || resource.next_decrease(at).is_none_or(|next| next <= at) {
                let setting = Setting { at: at + REACTION_SECONDS, units };
                resource.set(self.dimension, setting);
                let last = if units > capacity { &mut self.last_out } else { &mut self.last_in };
                *last = setting.at;
                activities.push(self.activity(cause, at, units));
            } else {
                activities.push(self.out_of_decreases(cause, resource, at, units));
            }
        }
        activities
    }
}
