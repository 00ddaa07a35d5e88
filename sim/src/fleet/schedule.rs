//! Scheduled actions: bounds of a scalable target that change at a time of day.

use super::capacity::Resource;
use super::scaling::Scaler;
use crate::facts::{Activity, Epoch, ScheduledAction};
use crate::scenario::spec::ScheduledSpec;

const DAY_MINUTES: i64 = 24 * 60;

impl ScheduledSpec {
    /// The minute of the day, UTC.
    fn time(&self) -> i64 {
        i64::from(self.hour) * 60 + i64::from(self.minute)
    }
}

impl Scaler {
    /// Minimum and maximum at a moment: each as the registration or the latest action that sets it
    /// left it. Every action has run at least once before, for the history begins in the middle of
    /// a long life; but what was registered later stands.
    pub(super) fn bounds_at(&self, at: Epoch) -> (u64, u64) {
        let minute = super::minute_of(at);
        let age = |action: &&ScheduledSpec| (minute - action.time()).rem_euclid(DAY_MINUTES);
        let stands =
            |action: &&ScheduledSpec| (minute - age(action)) as f64 * 60.0 > self.registered_at;
        let actions = || {
            let all = self.scheduled.iter().filter(|_| !self.suspended.scheduled);
            all.filter(stands)
        };
        let min = actions().filter(|action| action.min.is_some()).min_by_key(age);
        let max = actions().filter(|action| action.max.is_some()).min_by_key(age);
        let min = min.and_then(|action| action.min).unwrap_or(self.registered.0);
        let max = max.and_then(|action| action.max).unwrap_or(self.registered.1);
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
        self.scheduled.iter().map(show).collect()
    }

    /// Runs the action of a minute, if it has one: the new bounds, and the capacity moved inside.
    pub(super) fn run_scheduled(&mut self, resource: &mut Resource, minute: i64) -> Vec<Activity> {
        let at = minute as f64 * 60.0;
        self.bounds = self.bounds_at(at);
        let due = |action: &&ScheduledSpec| action.time() == minute.rem_euclid(DAY_MINUTES);
        let Some(action) = self.scheduled.iter().find(due) else { return Vec::new() };
        if self.suspended.scheduled {
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
        activities.extend(self.move_inside(resource, at));
        activities
    }
}
