//! What is told of one alarm, in words.

use super::condition::{sentence, tidy};
use super::row::Urgency;
use super::{Facts, Subject, chart, history, tree};
use crate::lint::{Commands, Finding, Mending, Remedy, Shared};
use crate::model::alarm::{Alarm, AlarmKind, AlarmState, MuteRule};
use crate::model::time::Minute;
use crate::store::{self, Reading};
use crate::view::detail::{block, paragraph};
use crate::view::format::{age, grouped, minute};
use crate::view::text::Charset;
use crate::view::{Detail, Paragraph, Role};
use jiff::Timestamp;

/// The strip below the list: words, and a chart where there is room beside them.
pub(super) fn strip(subject: &Subject<'_>, facts: &Facts<'_>, room: (u16, u16)) -> Detail {
    let chart = chart::shows_chart(subject, room).then(|| chart::chart(subject, facts.times));
    Detail {
        title: title(subject, facts.has_scopes),
        paragraphs: in_short(subject, facts.charset),
        charts: chart.flatten().into_iter().collect(),
    }
}

/// The strip of the row that stands for autoscaling's own alarms.
pub(super) fn own((alarms, in_alarm): (usize, usize), folded: bool) -> Detail {
    let count = |number: usize| grouped(number as f64);
    let what = format!(
        "{} alarms that Application Auto Scaling made for its own policies, {} of them in ALARM. \
         They tell autoscaling when to act: ALARM on the low side is usual where a table is idle.",
        count(alarms),
        count(in_alarm)
    );
    let next = if folded { "Enter or i lists them" } else { "Enter or i folds them" };
    Detail {
        title: "autoscaling's own alarms".to_owned(),
        paragraphs: vec![
            paragraph("what", what, Role::Text),
            paragraph("next", next.to_owned(), Role::Dim),
        ],
        charts: vec![],
    }
}

/// The alarm's name; where there are several scopes, with its own.
pub(super) fn title(subject: &Subject<'_>, has_scopes: bool) -> String {
    let scope = subject.reading.scope();
    let name = &subject.alarm.name;
    if has_scopes {
        format!("{name} in {} {}", scope.account(), scope.region())
    } else {
        name.to_string()
    }
}

/// What matters most first: the last find no room on small screens.
fn in_short(subject: &Subject<'_>, charset: Charset) -> Vec<Paragraph> {
    let mut paragraphs = vec![state(subject)];
    paragraphs.extend(about(subject));
    paragraphs.extend(evaluates(subject, charset));
    let finding = |finding: &&Finding| {
        let text = format!("{}; {}", found(finding), finding.rule.fix);
        paragraph("lint", text, severity_role(finding))
    };
    paragraphs.extend(subject.findings.iter().map(finding));
    paragraphs.extend(silenced(subject));
    paragraphs.push(tells(subject.alarm));
    paragraphs.extend(says(subject.alarm));
    paragraphs
}

/// Everything, with what puts each finding right.
pub(super) fn in_full(subject: &Subject<'_>, charset: Charset) -> Vec<Paragraph> {
    let mut paragraphs = vec![state(subject)];
    paragraphs.extend(about(subject));
    paragraphs.extend(evaluates(subject, charset));
    paragraphs.extend(silenced(subject));
    paragraphs.push(tells(subject.alarm));
    paragraphs.extend(says(subject.alarm));
    paragraphs.extend(reads(subject.alarm));
    let mending = Mending::new(subject.reading, subject.findings.iter().copied());
    for finding in &subject.findings {
        let role = severity_role(finding);
        paragraphs.push(paragraph("lint", found(finding), role));
        paragraphs.push(paragraph("why", finding.rule.why.to_owned(), Role::Text));
        paragraphs.push(paragraph("fix", finding.rule.fix.to_owned(), Role::Title));
        paragraphs.extend(mended(mending.of(finding)));
    }
    let configured = subject.alarm.configured.map(|at| moment(subject.reading, at));
    paragraphs
        .extend(configured.map(|at| paragraph("set", format!("last changed {at}"), Role::Dim)));
    paragraphs.push(paragraph("marks", history::legend(charset), Role::Dim));
    paragraphs
}

/// What mends a finding; where one command mends several of them, it stands with the first.
fn mended(remedy: Remedy) -> Vec<Paragraph> {
    let Remedy { commands: Commands { cli, terraform }, shared } = remedy;
    let told = shared.told().map(|text| paragraph("cli", text, Role::Text));
    if matches!(shared, Shared::Same(_)) {
        return told.into_iter().collect();
    }
    let cli = cli.map(|text| paragraph("cli", text, Role::Text));
    let terraform = terraform.iter().flat_map(|text| block("tf", text, Role::Text));
    told.into_iter().chain(cli).chain(terraform).collect()
}

/// `DDB001, error: no table is called order`.
fn found(finding: &Finding) -> String {
    let what = finding.what.trim_end_matches('.');
    format!("{}, {}: {what}", finding.rule.id, finding.severity.as_str())
}

fn severity_role(finding: &Finding) -> Role {
    use crate::lint::Severity::{Error, Info, Warning};
    match finding.severity {
        Error => Role::Trouble,
        Warning => Role::Notice,
        Info => Role::Text,
    }
}

/// What it says, since when, and why.
fn state(subject: &Subject<'_>) -> Paragraph {
    let Subject { reading, alarm, .. } = subject;
    let since = alarm.since.map(|at| format!(" since {}", moment(*reading, at)));
    let reason = reason(&alarm.reason);
    let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    let text = format!("{}{}{reason}", alarm.state, since.unwrap_or_default());
    let role = match Urgency::of(subject) {
        Urgency::Pages => Role::Trouble,
        Urgency::Quiet if alarm.state == AlarmState::Alarm => Role::Notice,
        Urgency::Quiet | Urgency::None => Role::Text,
    };
    paragraph("state", text, role)
}

/// Everything it is about, where the list has room for the first alone.
fn about(subject: &Subject<'_>) -> Option<Paragraph> {
    let about = &subject.standing.about;
    (about.len() > 1).then(|| paragraph("about", about.join(", "), Role::Text))
}

/// A moment as clocks show it, and how long ago it was: `11:38 (25 m ago)`.
fn moment(reading: Reading<'_>, at: Timestamp) -> String {
    let now = reading.now();
    let minute = minute(Minute::containing(at), now, reading.utc_offset());
    format!("{minute} ({} ago)", age(now, at))
}

/// AWS's reason without what the rest of the screen shows: times of data points, and how many of
/// them it takes.
fn reason(reason: &str) -> String {
    let text = tidy(reason);
    let text = text.strip_prefix("Threshold Crossed: ").unwrap_or(&text);
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(" (") {
        let Some((inner, behind)) = after.split_once(')') else { break };
        told.push_str(before);
        let is_time = inner.contains('/') && inner.contains(':');
        if !is_time && !inner.starts_with("minimum ") {
            told.push_str(" (");
            told.push_str(inner);
            told.push(')');
        }
        rest = behind;
    }
    told.push_str(rest);
    told
}

/// What it evaluates: a sentence, or the tree of a composite alarm.
fn evaluates(subject: &Subject<'_>, charset: Charset) -> Vec<Paragraph> {
    match &subject.alarm.kind {
        AlarmKind::Metric(metric) => vec![paragraph("when", sentence(metric), Role::Text)],
        AlarmKind::Composite(composite) => {
            let rule = paragraph("rule", tidy(&composite.rule), Role::Text);
            let lines = tree::lines(subject.reading, subject.alarm, charset);
            let lines = lines.into_iter().map(|(text, role)| paragraph("", text, role));
            std::iter::once(rule).chain(lines).collect()
        }
        AlarmKind::Other(kind) => {
            let text = format!("an alarm of a kind that is not taken apart here: {kind}");
            vec![paragraph("when", text, Role::Text)]
        }
    }
}

/// What keeps it silent, or from being evaluated.
fn silenced(subject: &Subject<'_>) -> Vec<Paragraph> {
    let Subject { reading, alarm, standing, .. } = subject;
    let mut paragraphs = vec![];
    if let Some(name) = &standing.muted_by {
        let rules = reading.mute_rules().value().map_or(&[][..], Vec::as_slice);
        let rule = rules.iter().find(|rule| rule.name == *name);
        let how = rule.map(|rule| muting(*reading, rule)).unwrap_or_default();
        paragraphs.push(paragraph("muted", format!("by {name}{how}"), Role::Notice));
    }
    let unknown = match reading.mute_rules() {
        store::Detail::Denied { action } => Some(format!("no permission: {action}")),
        store::Detail::Failed(error) => Some(error.to_string()),
        store::Detail::NotPolled | store::Detail::Known { .. } | store::Detail::Stale { .. } => {
            None
        }
    };
    if let Some(why) = unknown {
        let text = format!("whether it is muted is not known: {why}");
        paragraphs.push(paragraph("muted", text, Role::Problem));
    }
    let composite = alarm.composite();
    let by = composite.and_then(|composite| composite.suppressed_by.as_deref());
    if let Some(by) = by {
        let suppressor = composite.and_then(|composite| composite.suppressor.as_deref());
        let which = suppressor.map(|name| format!(" {}", tree::named(name))).unwrap_or_default();
        let text = match by {
            "Alarm" => format!("actions are held back by the alarm{which}"),
            other => format!("actions are held back ({other}) by the alarm{which}"),
        };
        paragraphs.push(paragraph("held", text, Role::Notice));
    }
    if let Some(state) = alarm.metric().and_then(|metric| metric.evaluation_state.as_deref()) {
        let text = format!("CloudWatch says {state}: it could not evaluate all of it");
        paragraphs.push(paragraph("eval", text, Role::Notice));
    }
    paragraphs
}

/// Until when or how often a rule mutes.
fn muting(reading: Reading<'_>, rule: &MuteRule) -> String {
    if let Some((_, end)) = rule.once() {
        let (now, offset) = (reading.now(), reading.utc_offset());
        return format!(" until {}", minute(Minute::containing(end), now, offset));
    }
    let zone = rule.time_zone.as_deref().unwrap_or("UTC");
    format!(", {} {zone} for {}", rule.expression, rule.duration)
}

/// Whom it tells of which state.
fn tells(alarm: &Alarm) -> Paragraph {
    let actions = &alarm.actions;
    let states =
        [("ALARM", &actions.alarm), ("OK", &actions.ok), ("no data", &actions.insufficient_data)];
    let told = states.into_iter().filter(|(_, arns)| !arns.is_empty());
    let told: Vec<String> = told
        .map(|(state, arns)| {
            let names: Vec<String> = arns.iter().map(|arn| recipient(arn)).collect();
            format!("{state} {}", names.join(", "))
        })
        .collect();
    let (text, role) = match (told.is_empty(), actions.enabled) {
        (true, _) => ("nobody: it has no actions".to_owned(), Role::Notice),
        (false, true) => (format!("on {}", told.join("; on ")), Role::Text),
        (false, false) => {
            (format!("nobody: actions are off (on {})", told.join("; on ")), Role::Notice)
        }
    };
    paragraph("tells", text, role)
}

/// The service and the name in the ARN of an action: `SNS oncall`, `scaling policy orders-write`.
pub(in crate::view) fn recipient(arn: &str) -> String {
    let service = arn.split(':').nth(2).unwrap_or_default();
    let name = arn.rsplit([':', '/']).next().unwrap_or(arn);
    match service {
        "sns" => format!("SNS {name}"),
        "lambda" => format!("Lambda {name}"),
        "autoscaling" => format!("scaling policy {name}"),
        "ssm" | "ssm-incidents" => format!("Systems Manager {name}"),
        _ => arn.to_owned(),
    }
}

fn says(alarm: &Alarm) -> Option<Paragraph> {
    let text = alarm.description.as_deref().map(tidy).filter(|text| !text.is_empty())?;
    Some(paragraph("says", text, Role::Text))
}

/// The metrics it reads, with every dimension as it is spelled.
fn reads(alarm: &Alarm) -> Vec<Paragraph> {
    let stats =
        alarm.stats().into_iter().zip(std::iter::once("reads").chain(std::iter::repeat("")));
    stats
        .map(|(stat, label)| {
            let dimensions = stat.dimensions.iter().map(|(name, value)| format!("{name}={value}"));
            let dimensions: Vec<String> = dimensions.collect();
            let of = if dimensions.is_empty() {
                "no dimensions".to_owned()
            } else {
                dimensions.join(", ")
            };
            let text = format!("{} {} {}, {of}", stat.namespace, stat.metric, stat.statistic);
            paragraph(label, text, Role::Text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_told_without_dates_and_without_arithmetic() {
        let told = reason(
            "Threshold Crossed: 2 out of the last 3 datapoints [7.0 (22/11/26 12:00:00), 3.0 \
             (22/11/26 11:58:00)] were greater than the threshold (0.0) (minimum 2 datapoints for OK \
             -> ALARM transition).",
        );
        let expected =
            "2 out of the last 3 datapoints [7.0, 3.0] were greater than the threshold (0.0).";
        assert_eq!(told, expected);
        assert_eq!(
            reason("Unchecked: Initial alarm creation"),
            "Unchecked: Initial alarm creation"
        );
        assert_eq!(reason("a (b"), "a (b");
        assert_eq!(reason(""), "");
    }

    #[test]
    fn actions_are_named_as_people_call_them() {
        let cases = [
            ("arn:aws:sns:us-east-1:123456789012:oncall", "SNS oncall"),
            (
                "arn:aws:autoscaling:us-east-1:1:scalingPolicy:u:resource/dynamodb/table/orders:policyName/w",
                "scaling policy w",
            ),
            ("arn:aws:lambda:us-east-1:123456789012:function:fix", "Lambda fix"),
            ("arn:aws:new:us-east-1:1:x", "arn:aws:new:us-east-1:1:x"),
        ];
        for (arn, expected) in cases {
            assert_eq!(recipient(arn), expected);
        }
    }
}
