//! The detail strip: what is known about the selected row, in words.

use super::format::{Unit, age, figure, grouped, minute, phrase};
use super::tables::{Keys, Subject};
use super::text::{Charset, cut_end, width, wrap};
use super::times::Times;
use super::{Detail, Layout, Paragraph, Role, Span, charts};
use crate::diagnose::{self, Advice, Opens, Severity, Verdict};
use crate::model::health::Poller;
use crate::model::id::Resource;
use crate::model::metric::{Metric, Statistic};
use crate::model::scaling::ScalableTarget;
use crate::model::throttle::Direction;
use crate::store::Reading;

/// Charts in the strip: reads and writes, or in trouble use and throttles.
pub(super) const STRIP_CHARTS: usize = 2;

/// Cells before a paragraph's text; its label stands in them.
pub const LABEL: u16 = 7;

/// Writes the strip: the verdicts first, then capacity, consumption and autoscaling, with charts
/// where `strip`, its columns and rows, has room for them.
pub fn detail(subject: &Subject<'_>, times: Times, charset: Charset, strip: (u16, u16)) -> Detail {
    let paragraphs = paragraphs(subject, charset);
    let charts = if has_room_for_charts(&paragraphs, charset, strip) {
        let kinds = charts::kinds(subject).into_iter().take(STRIP_CHARTS);
        charts::charts_of(kinds, subject, times)
    } else {
        vec![]
    };
    Detail { title: title(subject.resource), paragraphs, charts }
}

/// Whether the strip of so many columns and rows shows charts of this resource.
pub fn shows_charts(subject: &Subject<'_>, charset: Charset, strip: (u16, u16)) -> bool {
    has_room_for_charts(&paragraphs(subject, charset), charset, strip)
}

pub(super) fn has_room_for_charts(
    paragraphs: &[Paragraph],
    charset: Charset,
    (width, height): (u16, u16),
) -> bool {
    let (least_width, least_height) = Layout::LEAST_CHART;
    // The first line is the title's.
    let rows = usize::from(height.saturating_sub(1));
    let words = || fit(paragraphs, (width, height.saturating_sub(1)), charset);
    let taken = if width >= Layout::SIDE_BY_SIDE {
        0
    } else {
        words().iter().map(|(_, lines)| lines.len()).sum()
    };
    width >= least_width && rows - rows.min(taken) >= least_height.into()
}

/// Wraps the paragraphs into so many columns and rows; where room lacks, the last ones go without,
/// and the last line ends in an ellipsis.
pub fn fit(
    paragraphs: &[Paragraph],
    (columns, rows): (u16, u16),
    charset: Charset,
) -> Vec<(&Paragraph, Vec<String>)> {
    let room = usize::from(columns.saturating_sub(LABEL + 1));
    let mut left = usize::from(rows);
    let mut fitted: Vec<(&Paragraph, Vec<String>)> = Vec::with_capacity(paragraphs.len());
    for paragraph in paragraphs {
        let lines = wrap(&paragraph.text.text, room, left, charset);
        left -= lines.len().min(left);
        fitted.push((paragraph, lines));
    }
    let is_left_out = |(paragraph, lines): &(&Paragraph, Vec<String>)| {
        lines.is_empty() && !paragraph.text.text.is_empty()
    };
    let is_cut = fitted.iter().any(is_left_out);
    fitted.retain(|(_, lines)| !lines.is_empty());
    let last = fitted.last_mut().and_then(|(_, lines)| lines.last_mut());
    if let Some(last) = last.filter(|line| is_cut && !line.ends_with(charset.ellipsis())) {
        let kept = room.saturating_sub(width(charset.ellipsis()) + 1);
        *last = if width(last) <= kept {
            format!("{last} {}", charset.ellipsis())
        } else {
            cut_end(&format!("{last} "), room.min(width(last)), charset)
        };
    }
    fitted
}

fn paragraphs(subject: &Subject<'_>, charset: Charset) -> Vec<Paragraph> {
    let Subject { reading, resource, .. } = subject;
    let mut paragraphs = judgement(subject, charset);
    if !matches!(resource, Resource::Account) {
        let capacity = |direction: Direction| {
            let text = capacity(*reading, resource, direction);
            paragraph(direction.as_str(), text, Role::Text)
        };
        paragraphs.extend(Direction::ALL.map(capacity));
        paragraphs.extend(service(*reading, resource));
    }
    paragraphs
}

/// What is wrong with a resource, what to do, and why we think so; nothing where all is well.
pub(super) fn judgement(subject: &Subject<'_>, charset: Charset) -> Vec<Paragraph> {
    let verdicts = subject.verdicts.iter();
    let own = verdicts.flat_map(|verdict| explain(verdict, subject, charset));
    // What is behind it all comes first: nothing here helps before that is mended.
    let cause = subject.explained_by.filter(|_| !subject.verdicts.is_empty());
    let mut paragraphs: Vec<Paragraph> = cause.map(explained).into_iter().chain(own).collect();
    if let Some(other) = subject.suffers_from {
        let who = match other {
            // A cluster is often called as the table behind it.
            Resource::Cluster(_) | Resource::Node(..) => diagnose::name(other),
            Resource::Account | Resource::Table(_) | Resource::Index(..) => title(other),
        };
        let text = format!("suffers from {who}, whose row tells more");
        paragraphs.push(paragraph("what", text, Role::Notice));
    }
    paragraphs
}

/// What is behind the verdict of another resource, and what to do there: keys change this one.
fn explained(cause: &Verdict) -> Paragraph {
    let text = format!("{}: {}: {}", diagnose::name(&cause.resource), cause.title(), cause.advice);
    paragraph("from", text, Role::Trouble)
}

pub(super) fn paragraph(label: &'static str, text: String, role: Role) -> Paragraph {
    Paragraph { label, text: Span::new(text, role) }
}

/// Lines that keep their ends and their indentation, such as code.
pub(super) fn block(
    label: &'static str,
    text: &str,
    role: Role,
) -> impl Iterator<Item = Paragraph> {
    /// It stands below the label of the first line.
    const BELOW: &str = " ";
    let labels = std::iter::once(label).chain(std::iter::repeat(BELOW));
    text.lines().zip(labels).map(move |(line, label)| paragraph(label, line.to_owned(), role))
}

pub(super) fn title(resource: &Resource) -> String {
    match resource {
        Resource::Account => "account".to_owned(),
        Resource::Table(name) | Resource::Cluster(name) => name.to_string(),
        Resource::Index(whole, part) | Resource::Node(whole, part) => format!("{whole} / {part}"),
    }
}

/// The next step, with the key that leads on.
fn next(advice: &Advice, keys: &Keys) -> String {
    let way = advice.opens.and_then(|opens| match opens {
        Opens::Change => keys.edit.as_ref().map(|key| format!("{key} opens it")),
        Opens::PricedPlan => {
            keys.edit.as_ref().map(|key| format!("{key} opens its plan, with the price"))
        }
        Opens::Undo => keys.undo.as_ref().map(|key| format!("{key} opens its plan")),
    });
    advice.told(way.as_deref())
}

/// What is wrong and since when; what to do; why we think so; who else suffers.
fn explain(verdict: &Verdict, subject: &Subject<'_>, charset: Charset) -> Vec<Paragraph> {
    let reading = subject.reading;
    let now = reading.now();
    let or_earlier = if verdict.since_or_earlier { " or earlier" } else { "" };
    let (began, ago) =
        (minute(verdict.since, now, reading.utc_offset()), age(now, verdict.since.start()));
    let since = format!("since {began}{or_earlier} ({ago})");
    let facts = [verdict.title(), verdict.confidence.as_str().to_owned(), since];
    let facts: Vec<String> =
        facts.into_iter().chain(verdict.reason.map(|reason| reason.to_string())).collect();
    let behind = verdict.behind.map(|behind| format!("behind it: {}", behind.words()));
    let facts: Vec<String> = facts.into_iter().chain(behind).collect();
    let role = match verdict.severity {
        Severity::Trouble => Role::Trouble,
        Severity::Notice => Role::Notice,
    };
    let evidence: Vec<&str> = verdict.evidence.iter().map(|item| item.text.as_str()).collect();
    let mut paragraphs = vec![
        paragraph("what", facts.join(charset.separator()), role),
        paragraph("next", next(&verdict.advice, &subject.keys), Role::Title),
        paragraph("why", evidence.join("; "), Role::Text),
    ];
    if !verdict.explains.is_empty() {
        let is_of_dax = verdict.resource.cluster_name().is_some();
        let name = |hit: &Resource| match hit {
            hit if *hit == verdict.resource => "what is told next".to_owned(),
            // A table is often called as the cluster in front of it.
            Resource::Table(table) if is_of_dax => format!("table {table}"),
            Resource::Account
            | Resource::Table(_)
            | Resource::Index(..)
            | Resource::Cluster(_)
            | Resource::Node(..) => title(hit),
        };
        let names: Vec<String> = verdict.explains.iter().map(name).collect();
        paragraphs.push(paragraph("hits", names.join(", "), Role::Text));
    }
    paragraphs
}

/// The limit that the consumption beside it met, with what it is now where that is something else: `400`, or
/// `400 (now 800)`.
pub(super) fn limit_met(
    reading: Reading<'_>,
    resource: &Resource,
    direction: Direction,
    present: f64,
) -> String {
    let now = grouped(present);
    match reading.limit_met(resource, direction).map(grouped) {
        Some(met) if met == now => now,
        Some(met) => format!("{met} (now {now})"),
        None => format!("? (now {now})"),
    }
}

/// Consumption against capacity, and who changes the capacity.
fn capacity(reading: Reading<'_>, resource: &Resource, direction: Direction) -> String {
    let used = figure(reading.utilization_percent(resource, direction), Unit::Percent);
    let limit = reading.capacity(resource, direction);
    let provisioned = limit.and_then(|limit| limit.provisioned);
    let met = |units| limit_met(reading, resource, direction, units);
    let of = match (limit, provisioned, limit.and_then(|limit| limit.maximum)) {
        (None, ..) => "units/s, not described yet".to_owned(),
        (Some(_), Some(units), _) => {
            format!("of {} provisioned units/s ({used})", met(units))
        }
        (Some(_), None, Some(units)) => {
            format!("of {} on-demand maximum units/s ({used})", met(units))
        }
        (Some(_), None, None) => "units/s, on-demand without a maximum".to_owned(),
    };
    let consumed = reading.consumed_per_second(resource, direction);
    let consumption = phrase(consumed, Unit::Decimal, &of, "consumption");
    let scaling = match reading.scalable_target(resource, direction) {
        Some(target) => Some(format!("autoscaling {}", scaling_range(target))),
        None if provisioned.is_some() && scaling_was_read(reading) => {
            Some("no autoscaling".to_owned())
        }
        None => None,
    };
    let throttles = reading.throttle_events(resource, direction);
    let throttles = phrase(throttles, Unit::Count, "throttle events/min", "throttle events");
    let parts: Vec<String> = [consumption, throttles].into_iter().chain(scaling).collect();
    parts.join(", ")
}

/// How a table answers: latency and errors of its requests. Indexes have no such metrics.
fn service(reading: Reading<'_>, resource: &Resource) -> Option<Paragraph> {
    let Resource::Table(table) = resource else { return None };
    let latency = reading.latency(table, Statistic::P99);
    let count = |metric, what: &str| {
        phrase(reading.figure(resource, metric), Unit::Count, &format!("{what}/min"), what)
    };
    let parts = [
        phrase(latency, Unit::Decimal, "ms p99 latency (slowest operation)", "latency"),
        count(Metric::SystemErrors, "system errors"),
        count(Metric::ConditionalCheckFailedRequests, "failed conditions"),
    ];
    Some(paragraph("speed", parts.join(", "), Role::Text))
}

pub(super) fn scaling_was_read(reading: Reading<'_>) -> bool {
    reading.health(Poller::Scaling).is_some_and(|health| health.last_success.is_some())
}

/// Between which capacities autoscaling moves, and at which use.
pub(super) fn scaling_range(target: &ScalableTarget) -> String {
    let (min, max) = (grouped(target.min), grouped(target.max));
    let aim = match target.target_utilization() {
        Some(percent) => format!(" at {percent:.0}%"),
        None => String::new(),
    };
    let suspended = match (target.suspended.scale_out, target.suspended.scale_in) {
        (true, true) => ", suspended",
        (true, false) => ", scale-out suspended",
        (false, true) => ", scale-in suspended",
        (false, false) => "",
    };
    format!("{min} to {max} units/s{aim}{suspended}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str], columns: u16, rows: u16) -> Vec<String> {
        let paragraphs: Vec<Paragraph> =
            texts.iter().map(|text| paragraph("", (*text).to_owned(), Role::Text)).collect();
        let fitted = fit(&paragraphs, (LABEL + 1 + columns, rows), Charset::Unicode);
        fitted.into_iter().flat_map(|(_, lines)| lines).collect()
    }

    #[test]
    fn the_last_paragraphs_go_without_and_an_ellipsis_says_so() {
        let texts = ["a b c d", "x y"];
        assert_eq!(lines(&texts, 3, 4), ["a b", "c d", "x y"]);
        assert_eq!(lines(&texts, 3, 2), ["a b", "c …"]);
        assert_eq!(lines(&texts, 3, 1), ["a …"]);
        assert_eq!(lines(&["a b", "x y"], 5, 1), ["a b …"]);
        assert_eq!(lines(&["a b", ""], 5, 1), ["a b"]);
        assert_eq!(lines(&texts, 3, 0), Vec::<String>::new());
    }

    #[test]
    fn charts_have_room_beside_words_or_below_them() {
        let words = |count: usize| vec![paragraph("", "a".to_owned(), Role::Text); count];
        for (count, strip, has_room) in [
            (3, (80, 8), true),
            (4, (80, 8), false),
            (9, (110, 8), true),
            (9, (110, 4), false),
            (1, (33, 8), false),
            (0, (80, 0), false),
        ] {
            let found = has_room_for_charts(&words(count), Charset::Unicode, strip);
            assert_eq!(found, has_room, "{count} lines in {strip:?}");
        }
    }
}
