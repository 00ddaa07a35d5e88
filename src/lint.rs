//! Mistakes in alarms and configuration that AWS lets exist: an alarm that can never fire says
//! nothing is wrong until it is asked.

mod configuration;
mod context;
mod coverage;
mod dimensions;
mod fault;
mod fix;
mod meaning;
mod mending;
mod missing;
mod orphans;
mod periods;
mod published;
mod rules;
mod silence;
#[cfg(test)]
mod tests;
mod watched;

use crate::model::alarm::{Alarm, Subject};
use crate::model::id::Resource;
use crate::store::Reading;
pub use fix::Commands;
pub use mending::{Mending, Remedy, Shared};

use context::{Context, Watch};
use fault::Fault;
use fix::Fix;
use rules::{Check, Row};
use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// It works worse than it seems to.
    Warning,
    /// It does not work.
    Error,
}

impl Severity {
    /// Its name on screen and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One rule: what is looked for, and why it is a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Such as `DDB001`.
    pub id: &'static str,
    /// What is looked for, in a few words.
    pub what: &'static str,
    /// Why it is a mistake.
    pub why: &'static str,
    /// What to do instead, in general.
    pub fix: &'static str,
    /// The AWS page or model this is from.
    pub source: &'static str,
    /// How much it matters, unless a finding says otherwise.
    pub severity: Severity,
}

/// One mistake that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule it breaks.
    pub rule: &'static Rule,
    /// How much it matters here.
    pub severity: Severity,
    /// The alarm at fault; `None` where one is missing, or the configuration is at fault.
    pub alarm: Option<Arc<str>>,
    /// The table, index or account concerned, if one is.
    pub resource: Option<Resource>,
    /// What it concerns that is not of `DynamoDB`: `dax/C`, `function/F`.
    pub other: Option<String>,
    /// The dimension at fault, such as `TableName`.
    pub dimension: Option<String>,
    /// What is wrong here, one sentence with its names and figures.
    pub what: String,
    /// What mends it.
    fix: Fix,
}

impl Finding {
    /// Whether there is a command for it.
    pub fn can_be_mended(&self) -> bool {
        self.fix != Fix::Unknown
    }

    /// Writes what mends it alone, for the scope it was found in.
    fn commands(&self, reading: Reading<'_>) -> Commands {
        self.fix.commands(reading)
    }
}

/// Every mistake in a scope: errors first, then by rule and by what it concerns.
///
/// What could not be read is not judged: a list that is not known misses nothing.
pub fn findings(reading: Reading<'_>) -> Vec<Finding> {
    let context = Context::new(reading);
    let mut findings = Vec::new();
    let alarms = || context.alarms.iter().flatten().copied();
    for alarm in alarms() {
        judge(&context, alarm, &mut findings);
    }
    for row in rules::all() {
        match row.check {
            Check::Scope(check) => {
                let faults = check(&context).into_iter();
                findings.extend(faults.map(|fault| fault.finding(&row.rule)));
            }
            Check::Metric(_) | Check::Settings(_) | Check::Alarm(_) | Check::Last(_) => {}
        }
    }
    judge_last(&context, &mut findings);
    findings.sort_by_cached_key(order);
    findings
}

/// What the alarm itself tells.
fn judge(context: &Context<'_>, alarm: &Alarm, findings: &mut Vec<Finding>) {
    let watches = Watch::all(context, alarm);
    let first = watches.first().map(|watch| &watch.subject);
    let mut tell = |rule, fault: Fault, subject| {
        findings.push(fault.of_alarm(alarm, subject).finding(rule));
    };
    for Row { rule, check } in rules::all() {
        match check {
            Check::Metric(check) => {
                let mut told: Vec<&Subject> = Vec::new();
                for watch in &watches {
                    if told.contains(&&watch.subject) {
                        continue;
                    }
                    if let Some(fault) = check(watch) {
                        told.push(&watch.subject);
                        tell(rule, fault, Some(&watch.subject));
                    }
                }
            }
            Check::Settings(check) => {
                let found = watches.iter().find_map(|watch| Some((check(watch)?, watch)));
                if let Some((fault, watch)) = found {
                    tell(rule, fault, Some(&watch.subject));
                }
            }
            Check::Alarm(check) => {
                if let Some(fault) = check(context, alarm) {
                    tell(rule, fault, first);
                }
            }
            Check::Scope(_) | Check::Last(_) => {}
        }
    }
}

/// What alarms tell once it is known which of them do not work.
fn judge_last(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    let names: Vec<Arc<str>> = errors.filter_map(|finding| finding.alarm.clone()).collect();
    let broken: HashSet<&str> = names.iter().map(|name| &**name).collect();
    for Row { rule, check } in rules::all() {
        let check = match check {
            Check::Last(check) => check,
            Check::Metric(_) | Check::Settings(_) | Check::Alarm(_) | Check::Scope(_) => continue,
        };
        for alarm in context.alarms.iter().flatten().copied() {
            let Some(fault) = check(context, alarm, &broken) else { continue };
            let subject = alarm.stats().first().map(|stat| Subject::of(stat));
            let fault = fault.of_alarm(alarm, subject.as_ref());
            findings.push(fault.finding(rule));
        }
    }
}

/// Errors first, then alarms' rules, coverage and configuration, each by number, then by name.
fn order(finding: &Finding) -> impl Ord + use<> {
    let id = finding.rule.id;
    let group = ["DDB", "COV", "CFG"].into_iter().position(|prefix| id.starts_with(prefix));
    (
        Reverse(finding.severity),
        group,
        id,
        finding.alarm.clone(),
        finding.resource.clone(),
        finding.other.clone(),
        finding.dimension.clone(),
    )
}

/// Every rule, in the order of their findings.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    rules::all().map(|row| &row.rule)
}
