//! The rules that alarms, mute rules and signals must keep.

use std::collections::HashSet;

use super::{amount, change, dax, inventory, share};
use crate::alarms::{self, AlarmRule, Mute};
use crate::scenario::spec::ScenarioSpec;
use crate::scenario::spec::alarms::{ActionsSpec, AlarmSpec, MuteSpec, SignalSpec};

/// Metrics that an alarm's expression is made of, at most (user guide, "Alarms on math expressions").
const MATH_METRICS: usize = 10;
/// Actions for each state, and alarms of a mute rule (API reference, `PutMetricAlarm`, `MuteTargets`).
const ACTIONS: usize = 5;
const TARGETS: usize = 100;
/// Children of a composite alarm (API reference, `PutCompositeAlarm`).
const CHILDREN: usize = 100;

/// Checks all that a scenario says about alarms.
pub(super) fn check(spec: &ScenarioSpec) -> Result<(), String> {
    for signal in &spec.signals {
        let name = format!("{} {}", signal.namespace, signal.metric);
        let checked = check_signal(signal)
            .and_then(|()| inventory::check_function(signal, spec))
            .and_then(|()| dax::check_signal(signal, spec));
        checked.map_err(|problem| format!("signal `{name}`: {problem}"))?;
    }
    let mut names = HashSet::new();
    for alarm in &spec.alarms {
        check_alarm(alarm).map_err(|problem| format!("alarm `{}`: {problem}", alarm.name))?;
    }
    for composite in &spec.composite_alarms {
        let rule = AlarmRule::parse(&composite.rule);
        let checked = rule.and_then(|rule| match rule.children().len() {
            count if count > CHILDREN => Err(format!("it has {count} children")),
            _ => name(&composite.name).and_then(|()| actions(&composite.actions)),
        });
        checked.map_err(|problem| format!("composite alarm `{}`: {problem}", composite.name))?;
    }
    let alarms = spec.alarms.iter().map(|alarm| &alarm.name);
    for name in alarms.chain(spec.composite_alarms.iter().map(|alarm| &alarm.name)) {
        if !names.insert(name) {
            return Err(format!("two alarms are named `{name}`"));
        }
    }
    let mut names = HashSet::new();
    for rule in &spec.mute_rules {
        if !names.insert(&rule.name) {
            return Err(format!("two mute rules are named `{}`", rule.name));
        }
        check_mute(rule).map_err(|problem| format!("mute rule `{}`: {problem}", rule.name))?;
    }
    Ok(())
}

fn check_signal(signal: &SignalSpec) -> Result<(), String> {
    if signal.namespace == crate::metric::DYNAMODB {
        return Err("the fleet itself publishes that namespace".to_owned());
    }
    amount("value", signal.value)?;
    amount("samples", signal.samples)?;
    share("noise", signal.noise)?;
    if signal.samples < 1.0 {
        return Err("`samples` must be 1 or more".to_owned());
    }
    signal.changes.iter().try_for_each(change)
}

fn check_alarm(alarm: &AlarmSpec) -> Result<(), String> {
    name(&alarm.name)?;
    actions(&alarm.actions)?;
    alarms::check(alarm)?;
    if alarm.each_table && !alarm.name.contains("{table}") {
        return Err("an alarm for each table has `{table}` in its name".to_owned());
    }
    let metrics = alarm.queries.iter().filter(|query| query.expression.is_none());
    if metrics.clone().count() > MATH_METRICS {
        return Err(format!("an expression is made of at most {MATH_METRICS} metrics"));
    }
    let seconds = metrics.map(|query| query.watched.seconds()).next();
    let seconds = seconds.unwrap_or_else(|| alarm.watched.seconds());
    let minutes = i64::from(seconds) / 60 * (i64::from(alarm.evaluation_periods) + 2);
    let most = if alarm.each_table { alarms::MAX_GROWN_MINUTES } else { alarms::MAX_MINUTES };
    if minutes > most {
        return Err(format!("it looks back {minutes} minutes, and {most} are kept for it"));
    }
    let has_threshold = match (alarm.threshold, &alarm.threshold_metric) {
        (Some(threshold), None) => threshold.is_finite() && !alarm.comparison.is_of_a_band(),
        (None, Some(id)) => {
            alarm.comparison.is_of_a_band() && alarm.queries.iter().any(|query| &query.id == id)
        }
        (Some(_), Some(_)) | (None, None) => false,
    };
    if has_threshold {
        Ok(())
    } else {
        Err("it needs a `threshold`, or a `threshold_metric` and a comparison with a band".into())
    }
}

fn check_mute(rule: &MuteSpec) -> Result<(), String> {
    name(&rule.name)?;
    if rule.targets.is_empty() || rule.targets.len() > TARGETS {
        return Err(format!("it must have 1 to {TARGETS} targets"));
    }
    Mute::new(rule, 0).map(|_| ())
}

fn name(name: &str) -> Result<(), String> {
    if (1..=255).contains(&name.len()) && name.is_ascii() {
        Ok(())
    } else {
        Err("the name must have 1 to 255 ASCII characters".to_owned())
    }
}

fn actions(actions: &ActionsSpec) -> Result<(), String> {
    let lists = [&actions.ok, &actions.alarm, &actions.insufficient_data];
    match lists.into_iter().map(Vec::len).max() {
        Some(count) if count > ACTIONS => Err(format!("a state has at most {ACTIONS} actions")),
        _ => Ok(()),
    }
}
