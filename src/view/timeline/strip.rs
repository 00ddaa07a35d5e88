//! What is told of the selected row: everything AWS said, and the charts of that time.

use super::words::subject_name;
use super::{Entry, Facts, Occurrence, missing};
use crate::diagnose::{Severity, Verdict};
use crate::model::dax::DaxEvent;
use crate::model::event::{Activity, AlarmChange, Event, Happening, NotScaled, PollerChange};
use crate::model::time::Minute;
use crate::store::Reading;
use crate::view::chart::Chart;
use crate::view::detail::{STRIP_CHARTS, has_room_for_charts, paragraph, title};
use crate::view::format::{age, grouped, minute, moment};
use crate::view::{Detail, Paragraph, Role, charts};

/// Minutes after an event within which what begins is told with it.
const ONSET_MINUTES: i64 = 15;

/// Writes the strip, with charts where there is room for them and anything to draw.
pub(super) fn detail(facts: &Facts<'_>, entry: &Entry) -> Detail {
    let mut detail = words(facts, entry);
    let Some(subject) = &facts.subject else { return detail };
    if !has_room_for_charts(&detail.paragraphs, facts.charset, facts.strip) {
        return detail;
    }
    let (direction, alarm) = match entry.happened.first() {
        Some(Occurrence::Event(event)) => match &event.what {
            Happening::Scaling(activity) => (Some(activity.direction), None),
            Happening::Alarm(change) => (None, facts.reading.alarm(&change.alarm)),
            Happening::Table(change) => (change.change.direction(), None),
            Happening::Write(write) => (write.direction, None),
            Happening::Dax(_) | Happening::Poller(_) => (None, None),
        },
        Some(Occurrence::Throttling(turn)) => (Some(turn.direction()), None),
        None => (None, None),
    };
    let kinds = charts::kinds_around(subject, direction, alarm).into_iter().take(STRIP_CHARTS);
    let charts = charts::charts_of(kinds, subject, facts.times);
    if charts.iter().any(has_points) {
        detail.charts = charts;
    } else {
        let text = format!(
            "no data points of {} here: an hour is kept of tables that are not open; Enter opens it \
             and reads a day",
            minute(entry.minute(), facts.reading.now(), facts.times.utc_offset)
        );
        detail.paragraphs.push(paragraph("chart", text, Role::Dim));
    }
    detail
}

fn has_points(chart: &Chart) -> bool {
    chart.lines.iter().any(|line| line.points.iter().any(Option::is_some))
}

/// Everything that is known of a row, in words.
pub(super) fn words(facts: &Facts<'_>, entry: &Entry) -> Detail {
    let (now, offset) = (facts.reading.now(), facts.times.utc_offset);
    let mut paragraphs = vec![paragraph("what", entry.text.clone(), entry.weight.role())];
    if entry.about.len() > 1 {
        let names: Vec<String> = entry.about.iter().map(subject_name).collect();
        paragraphs.push(paragraph("about", names.join(", "), Role::Text));
    }
    match entry.happened.first() {
        Some(Occurrence::Event(newest)) => paragraphs.extend(of_event(facts, entry, newest)),
        Some(Occurrence::Throttling(turn)) => {
            paragraphs.extend(turn.paragraphs(facts.reading, offset));
        }
        None => {}
    }
    if entry.times() > 1 {
        let times = entry.happened.iter().map(|one| time(facts, one));
        let text = times.collect::<Vec<_>>().join(", ");
        paragraphs.push(paragraph("times", text, Role::Text));
    }
    let lacking = missing(facts.reading).into_iter();
    paragraphs.extend(lacking.map(|text| paragraph("lacks", text.to_string(), Role::Problem)));
    let about = match entry.resource() {
        Some(resource) => title(resource),
        None if entry.named().is_empty() => entry.kind.name().to_owned(),
        None => entry.named(),
    };
    let (at, ago) = (moment(entry.at(), now, offset), age(now, entry.at()));
    let title = format!("{about}{}{at} ({ago} ago)", facts.charset.separator());
    Detail { title, paragraphs, charts: vec![] }
}

/// What is told of an event, the newest of a row.
fn of_event(facts: &Facts<'_>, entry: &Entry, newest: &Event) -> Vec<Paragraph> {
    match &newest.what {
        Happening::Scaling(told) => activity(facts, newest, told),
        Happening::Alarm(change) => {
            let mut told = alarm(facts.reading, newest, change);
            let did =
                |action: &AlarmChange| paragraph("did", action.summary.to_string(), Role::Text);
            told.extend(entry.actions.iter().map(did));
            told
        }
        Happening::Table(_) => {
            let text = "in two descriptions of the table (DescribeTable)".to_owned();
            vec![paragraph("seen", text, Role::Dim)]
        }
        Happening::Dax(told) => {
            let mut paragraphs = onsets(facts, newest, told);
            paragraphs.push(paragraph("seen", "in DescribeEvents of DAX".to_owned(), Role::Dim));
            paragraphs
        }
        Happening::Poller(change) => poller(change),
        Happening::Write(write) => {
            let set = paragraph("set", write.title.clone(), Role::Text);
            vec![set, paragraph("by", write.who.to_string(), Role::Text)]
        }
    }
}

/// The verdicts on the cluster of an event that begin where the event was: it may be what they come from.
fn onsets(facts: &Facts<'_>, event: &Event, told: &DaxEvent) -> Vec<Paragraph> {
    let reading = facts.reading;
    let is_of_event =
        |name: &str| reading.cluster(name).is_some_and(|cluster| told.source.is_of(cluster));
    let at = Minute::containing(event.at);
    let is_near = |verdict: &&Verdict| (-1..=ONSET_MINUTES).contains(&verdict.since.since(at));
    let of_cluster = facts
        .verdicts
        .iter()
        .filter(|verdict| verdict.resource.cluster_name().is_some_and(|name| is_of_event(name)));
    let onset = |verdict: &Verdict| {
        let since = minute(verdict.since, reading.now(), facts.times.utc_offset);
        let of = title(&verdict.resource);
        let role = if verdict.severity == Severity::Trouble { Role::Trouble } else { Role::Notice };
        paragraph("then", format!("{of}: {} since {since}", verdict.headline()), role)
    };
    of_cluster.filter(is_near).map(onset).collect()
}

/// When one of several was, and what an alarm then said.
fn time(facts: &Facts<'_>, one: &Occurrence) -> String {
    let time = moment(one.at(), facts.reading.now(), facts.times.utc_offset);
    let Some(event) = one.event() else { return time };
    match &event.what {
        Happening::Alarm(AlarmChange { kind, .. }) => match kind.state() {
            Some(state) => format!("{time} {state}"),
            None => time,
        },
        Happening::Poller(change) if change.error.is_some() => format!("{time} failed"),
        Happening::Poller(_) => format!("{time} read"),
        Happening::Scaling(_) | Happening::Table(_) | Happening::Dax(_) | Happening::Write(_) => {
            time
        }
    }
}

fn activity(facts: &Facts<'_>, event: &Event, activity: &Activity) -> Vec<Paragraph> {
    let text = |text: &str| text.to_owned();
    let ended = activity.ended.map(|ended| {
        let at = moment(ended, facts.reading.now(), facts.times.utc_offset);
        format!(" (ended {at}, after {})", age(ended, event.at))
    });
    let message = activity.message.as_deref().filter(|message| !message.is_empty());
    let message = message.map(|message| format!(": {message}")).unwrap_or_default();
    let status = format!("{}{}{message}", activity.status, ended.unwrap_or_default());
    let reasons = activity.not_scaled.iter().map(not_scaled);
    let mut paragraphs = vec![
        paragraph("did", text(&activity.description), Role::Text),
        paragraph("cause", text(&activity.cause), Role::Text),
        paragraph("how", status, Role::Text),
    ];
    paragraphs.extend(reasons.map(|reason| paragraph("why", reason, Role::Text)));
    paragraphs
}

fn not_scaled(reason: &NotScaled) -> String {
    let limits = [("current", reason.current), ("minimum", reason.min), ("maximum", reason.max)];
    let limits = limits.into_iter().filter_map(|(what, units)| {
        units.map(|units| format!("{what} {} units/s", grouped(units)))
    });
    let limits: Vec<String> = limits.collect();
    let colon = if limits.is_empty() { "" } else { ": " };
    format!("{}{colon}{}", reason.code, limits.join(", "))
}

fn alarm(reading: Reading<'_>, event: &Event, change: &AlarmChange) -> Vec<Paragraph> {
    let told = paragraph("told", change.summary.to_string(), Role::Text);
    let Some(alarm) = reading.alarm(&change.alarm) else { return vec![told] };
    let is_newest = change.kind.state() == Some(alarm.state)
        && alarm.since.is_some_and(|since| since <= event.at);
    let now = if is_newest {
        paragraph("why", alarm.reason.to_string(), Role::Text)
    } else {
        paragraph("now", format!("{}: {}", alarm.state, alarm.reason), Role::Text)
    };
    vec![told, now]
}

fn poller(change: &PollerChange) -> Vec<Paragraph> {
    let Some(error) = &change.error else { return vec![] };
    let code = error.code.as_ref().map(|code| format!("{code}: ")).unwrap_or_default();
    let said = format!("{}: {code}{}", error.action, error.message);
    vec![paragraph("error", said, Role::Problem)]
}
