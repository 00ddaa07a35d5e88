//! `lint`: what is wrong, for people (text) and for scripts (JSON).

use super::snapshot::{SCHEMA, instant, located};
use crate::lint::{Commands, Finding, Mending, Remedy, Severity, Shared};
use crate::store::Reading;
use crate::view::text::width;
use jiff::Timestamp;
use serde_json::{Value, json as value};

/// Cells of a line of text; commands keep their own lines.
const CELLS: usize = 80;

/// Writes what was found in every scope.
pub fn json(judged: &[(Reading<'_>, Vec<Finding>)], now: Timestamp) -> Value {
    let findings = judged.iter().flat_map(|(reading, found)| self::findings(*reading, found));
    let unread = judged.iter().flat_map(|(reading, _)| {
        unread(*reading).into_iter().map(|what| located(reading.scope(), value!({ "what": what })))
    });
    value!({
        "schema": SCHEMA,
        "at": instant(now),
        "findings": findings.collect::<Vec<_>>(),
        "unread": unread.collect::<Vec<_>>(),
    })
}

/// All findings of a scope, as `snapshot` writes them, too.
pub(super) fn findings(reading: Reading<'_>, found: &[Finding]) -> Vec<Value> {
    let mending = Mending::new(reading, found);
    found.iter().map(|found| finding(reading, found, mending.of(found))).collect()
}

fn finding(reading: Reading<'_>, finding: &Finding, remedy: Remedy) -> Value {
    let rule = finding.rule;
    let Commands { cli, terraform } = remedy.commands;
    let resource = finding.resource.as_ref().map(ToString::to_string);
    let fields = value!({
        "rule": rule.id,
        "severity": finding.severity.as_str(),
        "alarm": finding.alarm.as_deref(),
        "resource": resource.or_else(|| finding.other.clone()),
        "other": finding.other,
        "dimension": finding.dimension,
        "what": finding.what,
        "why": rule.why,
        "fix": rule.fix,
        "source": rule.source,
        "cli": cli,
        "terraform": terraform,
    });
    located(reading.scope(), fields)
}

/// The lists that could not be read: what depends on them is not judged.
fn unread(reading: Reading<'_>) -> Vec<&'static str> {
    let lists = [
        ("alarms", reading.alarms().value().is_some()),
        ("mute rules", reading.mute_rules().value().is_some()),
        ("Contributor Insights", reading.insights().value().is_some()),
        ("stream consumers", reading.consumers().value().is_some()),
        ("DAX clusters", reading.clusters().value().is_some()),
    ];
    lists.into_iter().filter(|(_, read)| !read).map(|(what, _)| what).collect()
}

/// Writes what was found in every scope, rule by rule, and the counts: on the last line, and where something was found
/// on the first, since the last may be far below.
pub fn text(judged: &[(Reading<'_>, Vec<Finding>)]) -> String {
    let all = || judged.iter().flat_map(|(_, found)| found);
    let counts = counts(all());
    let mut out = String::new();
    if all().next().is_some() {
        fold(&mut out, 0, &counts);
        out.push('\n');
    }
    for (reading, found) in judged {
        let scope = reading.scope();
        let account = Some(scope.account()).filter(|account| !account.is_empty());
        let place = format!("{} {}", account.unwrap_or("unknown account"), scope.region());
        fold(&mut out, 0, &place);
        let unread = unread(*reading);
        if !unread.is_empty() {
            fold(&mut out, 0, &format!("not read, and not judged: {}", unread.join(", ")));
        }
        let mending = Mending::new(*reading, found);
        let alike = |a: &Finding, b: &Finding| a.rule.id == b.rule.id && a.severity == b.severity;
        for group in found.chunk_by(alike) {
            write_group(&mut out, &mending, group);
        }
        out.push('\n');
    }
    if all().any(Finding::can_be_mended) {
        let caution = "Each command leaves the rest of an alarm as it was read. What several findings say of one \
                       alarm, one command mends: run it, then look again.";
        fold(&mut out, 0, caution);
    }
    fold(&mut out, 0, &counts);
    out
}

/// `1 error, 2 warnings, 0 info`.
fn counts<'a>(all: impl Iterator<Item = &'a Finding>) -> String {
    let severities: Vec<Severity> = all.map(|finding| finding.severity).collect();
    let count = |severity| severities.iter().filter(|one| **one == severity).count();
    let plural = |number: usize| if number == 1 { "" } else { "s" };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    format!(
        "{errors} error{}, {warnings} warning{}, {} info",
        plural(errors),
        plural(warnings),
        count(Severity::Info)
    )
}

/// The findings of one rule, under what they have in common.
fn write_group(out: &mut String, mending: &Mending<'_>, group: &[Finding]) {
    let Some(first) = group.first() else { return };
    let rule = first.rule;
    out.push('\n');
    fold(out, 0, &format!("{} {}: {}", first.severity.as_str(), rule.id, rule.what));
    fold(out, 2, &format!("why: {}", rule.why));
    fold(out, 2, &format!("fix: {}", rule.fix));
    fold(out, 2, &format!("source: {}", rule.source));
    for finding in group {
        out.push('\n');
        fold(out, 2, &format!("- {}", finding.what));
        let Remedy { commands: Commands { cli, terraform }, shared } = mending.of(finding);
        if let Some(told) = shared.told() {
            fold(out, 2, &told);
        }
        if matches!(shared, Shared::Same(_)) {
            continue;
        }
        for text in [cli, terraform].into_iter().flatten() {
            out.push('\n');
            for line in text.lines() {
                if !line.is_empty() {
                    out.push_str("    ");
                }
                out.push_str(line);
                out.push('\n');
            }
        }
    }
}

/// Writes words on as many lines as they need. No word is cut, since it may be a name.
fn fold(out: &mut String, indent: usize, text: &str) {
    let mut at = 0;
    for word in text.split_whitespace() {
        let wide = width(word);
        if at > 0 && at + 1 + wide > CELLS {
            out.push('\n');
            at = 0;
        }
        if at == 0 {
            out.push_str(&" ".repeat(indent));
            at = indent;
        } else {
            out.push(' ');
            at += 1;
        }
        out.push_str(word);
        at += wide;
    }
    out.push('\n');
}

/// Hand-made scopes for the tests of the report and of the command.
#[cfg(test)]
pub(crate) mod fixture {
    use crate::model::alarm::{
        Actions, Alarm, AlarmKind, AlarmState, Comparison, MetricAlarm, MetricStat, Source,
    };
    use crate::model::update::News;
    use crate::store::fixture::{Fixture, on_demand, table};
    use std::sync::Arc;

    /// One on-demand table, and these alarms.
    pub(crate) fn stack(alarms: Vec<Alarm>) -> Fixture {
        let mut fixture = Fixture::new(0, vec![table("app", on_demand(None), &[])]);
        fixture.tell(News::Alarms(Ok(alarms)));
        fixture
    }

    /// An alarm that can never fire.
    pub(crate) fn wrong() -> Alarm {
        let source = Source::Metric(MetricStat {
            namespace: Arc::from("AWS/DynamoDB"),
            metric: Arc::from("UserErrors"),
            dimensions: vec![(Arc::from("TableName"), Arc::from("app"))],
            statistic: Arc::from("Sum"),
            period_seconds: 60,
            unit: None,
        });
        Alarm {
            name: Arc::from("app-errors"),
            arn: Arc::from("arn:aws:cloudwatch:us-east-1:123456789012:alarm:app-errors"),
            description: None,
            state: AlarmState::Ok,
            since: None,
            configured: None,
            reason: Arc::from(""),
            actions: Actions {
                enabled: true,
                alarm: vec![Arc::from("arn:aws:sns:us-east-1:123456789012:on-call")],
                ..Actions::default()
            },
            kind: AlarmKind::Metric(Box::new(MetricAlarm {
                source,
                comparison: Comparison::Greater,
                threshold: Some(0.0),
                evaluation_periods: 1,
                datapoints_to_alarm: None,
                missing_data: None,
                low_samples: None,
                evaluation_state: None,
            })),
        }
    }
}

#[cfg(test)]
mod tests;
