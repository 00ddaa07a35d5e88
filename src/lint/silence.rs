//! Alarms that nobody hears: without actions, muted, not evaluated, or heard twice.

use super::context::{Context, Watch};
use super::fault::Fault;
use super::fix::{Call, Fix};
use super::rules::{Check, Row, source};
use super::{Rule, Severity};
use crate::model::alarm::{Alarm, AlarmKind, Dimension, MetricAlarm, MuteRule, Subject};
use std::collections::HashMap;
use std::sync::Arc;

pub(super) const RULES: &[Row] = &[
    Row {
        rule: Rule {
            id: "DDB027",
            what: "an alarm that notifies nobody",
            why: "it has no actions on ALARM or they are switched off, and no composite alarm speaks \
                  for it",
            fix: "add an action, or switch its actions on",
            source: source::PUT,
            severity: Severity::Warning,
        },
        check: Check::Alarm(no_actions),
    },
    Row {
        rule: Rule {
            id: "DDB028",
            what: "a mute rule that holds alarms back",
            why: "a muted alarm notifies nobody, whatever it says",
            fix: "review the rule, and give it an end",
            source: "Amazon CloudWatch API Reference, PutAlarmMuteRule",
            severity: Severity::Info,
        },
        check: Check::Scope(muted),
    },
    Row {
        rule: Rule {
            id: "DDB029",
            what: "an alarm that is not evaluated as it should",
            why: "CloudWatch itself says that its evaluation has a problem",
            fix: "read the reason of its state",
            source: "Amazon CloudWatch API Reference, MetricAlarm (EvaluationState)",
            severity: Severity::Warning,
        },
        check: Check::Alarm(not_evaluated),
    },
    Row {
        rule: Rule {
            id: "DDB030",
            what: "two alarms on the same",
            why: "both fire together, and both are charged",
            fix: "keep one of them",
            source: "Amazon CloudWatch pricing",
            severity: Severity::Info,
        },
        check: Check::Scope(twins),
    },
];

fn first_subject(alarm: &Alarm) -> Option<Subject> {
    alarm.stats().first().map(|stat| Subject::of(stat))
}

fn no_actions(lint: &Context<'_>, alarm: &Alarm) -> Option<Fault> {
    if lint.is_spoken_for(&alarm.name) {
        return None;
    }
    if alarm.actions.alarm.is_empty() {
        let what = format!("{} has no action on ALARM: nobody is told", alarm.name);
        let mut mended = alarm.clone();
        mended.actions.enabled = true;
        mended.actions.alarm = vec![Arc::clone(&lint.topic)];
        return Some(Fault::new(what).mended(put_or_unknown(mended)));
    }
    if alarm.actions.enabled {
        return None;
    }
    let what = format!("the actions of {} are switched off: nobody is told", alarm.name);
    Some(Fault::new(what).mended(Fix::Call(Call::EnableActions(Arc::clone(&alarm.name)))))
}

/// A composite alarm has settings that are not read: put anew, it would lose them.
fn put_or_unknown(alarm: Alarm) -> Fix {
    match alarm.kind {
        AlarmKind::Metric(_) => Fix::Put(vec![alarm]),
        AlarmKind::Composite(_) | AlarmKind::Other(_) => Fix::Unknown,
    }
}

fn muted(lint: &Context<'_>) -> Vec<Fault> {
    let (Some(rules), Some(alarms)) = (lint.reading.mute_rules().value(), &lint.alarms) else {
        return vec![];
    };
    let of_ours = |name: &Arc<str>| {
        let place = alarms.binary_search_by(|alarm| alarm.name.cmp(name)).ok()?;
        alarms.get(place).copied()
    };
    let fault = |rule: &MuteRule| {
        let held: Vec<&Alarm> = rule.targets.iter().filter_map(of_ours).collect();
        let first = *held.first()?;
        let (severity, how) = match share_silenced(rule) {
            Some(share) if share > 0.5 && rule.expires.is_none() => (
                Severity::Warning,
                format!("{:.0} % of the time and without an end", 100.0 * share),
            ),
            Some(_) | None if rule.is_active(lint.reading.now()) => {
                (Severity::Info, "now".to_owned())
            }
            Some(_) | None => return None,
        };
        let held = match held.len() {
            1 => first.name.to_string(),
            more => format!("{} and {} more", first.name, more - 1),
        };
        let what = format!("mute rule {} holds {held} back {how}", rule.name);
        let fix = Fix::Call(Call::DeleteMuteRule(Arc::clone(&rule.name)));
        let fault = Fault::new(what).of_severity(severity).mended(fix);
        Some(fault.of_alarm(first, first_subject(first).as_ref()))
    };
    rules.iter().filter_map(fault).collect()
}

/// The share of the time that a recurring rule silences its alarms; `None` for a rule that acts
/// once, or cannot be read.
fn share_silenced(rule: &MuteRule) -> Option<f64> {
    let fields = rule.expression.strip_prefix("cron(")?.strip_suffix(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else { return None };
    let minutes = values(minute, 0, 60)?;
    let hours = values(hour, 0, 24)?;
    let days = values(day, 1, 31)? / 31.0 * (values(month, 1, 12)? / 12.0);
    let weekdays = (values(weekday, 0, 7)? / 7.0).min(1.0);
    // Where both are named, either is enough for cron.
    let days = if *day == "*" || *weekday == "*" || *weekday == "?" || *day == "?" {
        days * weekdays
    } else {
        days.max(weekdays)
    };
    let a_day = rule.length()?.as_secs_f64() / 86_400.0;
    // Several times a day, it cannot silence more than all of it.
    Some((minutes * hours * a_day).min(1.0_f64.max(a_day)) * days).map(|share| share.min(1.0))
}

/// How many of the values that start at `first` a field of cron stands for.
fn values(field: &str, first: u32, count: u32) -> Option<f64> {
    let part = |part: &str| -> Option<u32> {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let length = match (range, range.split_once('-')) {
            ("*" | "?", _) => count,
            (_, Some((from, to))) => {
                let (from, to) = (number(from, first)?, number(to, first)?);
                to.checked_sub(from)? + 1
            }
            (one, None) => number(one, first).map(|_| 1)?,
        };
        Some(length.div_ceil(step))
    };
    let parts: Option<Vec<u32>> = field.split(',').map(part).collect();
    parts.map(|parts| f64::from(parts.into_iter().sum::<u32>().min(count)))
}

/// A number, or the name of a weekday.
fn number(word: &str, first: u32) -> Option<u32> {
    const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    let named = WEEKDAYS.into_iter().position(|day| day.eq_ignore_ascii_case(word));
    match named {
        Some(place) => u32::try_from(place).ok(),
        None => word.parse().ok().filter(|number| *number >= first),
    }
}

fn not_evaluated(_: &Context<'_>, alarm: &Alarm) -> Option<Fault> {
    let state = alarm.metric()?.evaluation_state.as_ref()?;
    let severity = match &**state {
        "EVALUATION_ERROR" | "EVALUATION_FAILURE" => Severity::Error,
        _ => Severity::Warning,
    };
    let reason = if alarm.reason.is_empty() { "no reason told" } else { &*alarm.reason };
    let what = format!("CloudWatch tells {state} of {}: {reason}", alarm.name);
    Some(Fault::new(what).of_severity(severity))
}

/// What two alarms have in common that fire together.
#[derive(PartialEq, Eq, Hash)]
struct Twin<'a> {
    stats: Vec<(&'a str, &'a str, Vec<&'a Dimension>, &'a str, i64)>,
    formulas: Vec<&'a str>,
    comparison: &'a str,
    threshold: Option<u64>,
    periods: (u32, u32),
}

impl<'a> Twin<'a> {
    fn of(settings: &'a MetricAlarm) -> Self {
        let stats = settings.stats().into_iter().map(|stat| {
            let mut dimensions: Vec<&Dimension> = stat.dimensions.iter().collect();
            dimensions.sort();
            (&*stat.namespace, &*stat.metric, dimensions, &*stat.statistic, stat.period_seconds)
        });
        Self {
            stats: stats.collect(),
            formulas: settings.formulas().into_iter().map(|formula| &**formula).collect(),
            comparison: settings.comparison.as_str(),
            threshold: settings.threshold.map(f64::to_bits),
            periods: (settings.evaluation_periods, settings.datapoints()),
        }
    }
}

fn twins(lint: &Context<'_>) -> Vec<Fault> {
    let mut firsts: HashMap<Twin<'_>, &Alarm> = HashMap::new();
    let mut faults = Vec::new();
    for alarm in lint.alarms.iter().flatten().copied() {
        let Some(settings) = alarm.metric() else { continue };
        let first = *firsts.entry(Twin::of(settings)).or_insert(alarm);
        if first.name == alarm.name {
            continue;
        }
        let what = format!(
            "{} and {} watch the same with the same threshold and periods",
            first.name, alarm.name
        );
        let subject = Watch::all(lint, alarm).into_iter().next().map(|watch| watch.subject);
        let fault = Fault::new(what).mended(Fix::Delete(Arc::clone(&alarm.name)));
        faults.push(fault.of_alarm(alarm, subject.as_ref()));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_the_time_that_a_mute_rule_silences_is_that_of_its_cron() {
        let share = |expression: &str, duration: &str| {
            share_silenced(&MuteRule {
                name: Arc::from("r"),
                status: Arc::from("SCHEDULED"),
                targets: vec![],
                expression: Arc::from(expression),
                duration: Arc::from(duration),
                time_zone: None,
                expires: None,
            })
            .map(|share| (share * 1_000.0).round() / 1_000.0)
        };
        assert_eq!(share("cron(0 22 * * *)", "PT8H"), Some(0.333));
        assert_eq!(share("cron(0 8,20 * * *)", "PT10H"), Some(0.833));
        assert_eq!(share("cron(0 0 * * MON-FRI)", "P1D"), Some(0.714));
        assert_eq!(share("cron(0 0 * * 0,6)", "P1D"), Some(0.286));
        assert_eq!(share("cron(*/30 * * * *)", "PT1H"), Some(1.0));
        assert_eq!(share("cron(0 0 1 * *)", "PT12H"), Some(0.016));
        assert_eq!(share("cron(0 0 * * 1)", "P7D"), Some(1.0));
        assert_eq!(share("at(2026-11-22T10:00)", "P2D"), None);
        assert_eq!(share("cron(0 22 * *)", "PT8H"), None);
    }
}
