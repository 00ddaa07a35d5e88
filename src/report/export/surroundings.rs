//! What surrounds the incident: writes, scaling, hot keys, findings, and how it was read.

use super::Material;
use super::charts::Charted;
use super::figures::{figure, number};
use super::markdown::{heading, plain, table};
use crate::lint;
use crate::model::contributor::{Contributor, Report};
use crate::model::event::{Ending, Happening, OwnWrite};
use crate::model::health::{Outcome, Poller};
use crate::report::snapshot::instant;
use crate::store::{Health, HotKeys, Reading};
use crate::view::scaling::{Weight, entries};
use jiff::Timestamp;
use std::fmt::Write;

/// Rows of a section.
const MOST: usize = 200;
/// The files in which all rows are.
const SNAPSHOT: &str = "snapshot.json";
const TIMELINE: &str = "timeline.json";
/// Keys of one report.
const MOST_KEYS: usize = 10;

fn readings<'a>(material: &Material<'a>) -> impl Iterator<Item = Reading<'a>> {
    material.judged.iter().map(|(reading, _)| *reading)
}

/// A section with a table.
struct Section<'a> {
    title: &'a str,
    heads: &'a [&'a str],
    /// What is said where there are no rows.
    none: &'a str,
    /// The file of the bundle that has the rest, where there are too many.
    rest: &'a str,
}

impl Section<'_> {
    fn write(&self, rows: &[Vec<String>], out: &mut String) {
        heading(self.title, out);
        if rows.is_empty() {
            out.push_str(self.none);
            out.push('\n');
        }
        let shown = rows.get(..MOST).unwrap_or(rows);
        table(self.heads, shown, out);
        let more = rows.len() - shown.len();
        if more > 0 {
            let rest = self.rest;
            let _ = writeln!(out, "\n{more} more are in [{rest}]({rest}).");
        }
    }
}

/// What this program wrote, as its journal tells.
pub(super) fn writes(material: &Material<'_>, out: &mut String) {
    let own = readings(material).flat_map(|reading| {
        reading.events().filter_map(|event| match &event.what {
            Happening::Write(write) => Some(write_row(event.at, write)),
            Happening::Scaling(_)
            | Happening::Alarm(_)
            | Happening::Table(_)
            | Happening::Dax(_)
            | Happening::Poller(_) => None,
        })
    });
    let rows: Vec<Vec<String>> = own.collect();
    let section = Section {
        title: "Own writes",
        heads: &["at (UTC)", "what", "change", "how it ended", "by"],
        none: "ddbtop wrote nothing, as far as its journal tells.",
        rest: TIMELINE,
    };
    section.write(&rows, out);
}

fn write_row(at: Timestamp, write: &OwnWrite) -> Vec<String> {
    let ended = match &write.ending {
        Ending::Open => "its end was never recorded".to_owned(),
        Ending::Done => "done".to_owned(),
        Ending::Refused(words) => format!("refused: {words}"),
        Ending::NotSent(words) => format!("not sent: {words}"),
        Ending::Unknown => "no answer came: AWS may have done it".to_owned(),
    };
    let undo = if write.is_undo { "undo: " } else { "" };
    vec![
        instant(at),
        format!("{undo}{}", plain(&write.title)),
        plain(&write.changes),
        plain(&ended),
        plain(&write.who),
    ]
}

/// Scalable targets whose capacity does not follow the traffic, or may not.
pub(super) fn scaling(material: &Material<'_>, out: &mut String) {
    let entries = entries(readings(material));
    let troubled = entries.iter().filter(|entry| entry.is_target && entry.weight > Weight::Calm);
    let rows: Vec<Vec<String>> = troubled
        .filter_map(|entry| {
            let reading = readings(material).find(|reading| *reading.scope() == entry.scope)?;
            let target = reading.scalable_target(&entry.resource, entry.direction)?;
            let now =
                reading.limit(&entry.resource, entry.direction, |capacity| capacity.provisioned);
            Some(vec![
                plain(&entry.resource.to_string()),
                entry.direction.as_str().to_owned(),
                figure(now),
                number(target.min),
                number(target.max),
                plain(&entry.why),
            ])
        })
        .collect();
    let section = Section {
        title: "Scalable targets in trouble",
        heads: &["resource", "", "units/s now", "minimum", "maximum", "why"],
        none: "None, as far as it was read.",
        rest: SNAPSHOT,
    };
    section.write(&rows, out);
}

/// The keys of every Contributor Insights report that was read.
pub(super) fn hot_keys(material: &Material<'_>, out: &mut String) {
    let mut rows = vec![];
    for reading in readings(material) {
        for insights in reading.insights().value().into_iter().flatten() {
            let known = reading.hot_keys(&insights.resource).value();
            for report in known.into_iter().flat_map(HotKeys::reports) {
                let top = report.contributors.iter().take(MOST_KEYS);
                let name = insights.resource.to_string();
                rows.extend(top.map(|key| key_row(&name, report, key, material.reveal_keys)));
            }
        }
    }
    let section = Section {
        title: "Hot keys",
        heads: &["resource", "rule", "minutes from (UTC)", "key", "share", "amount"],
        none: "No report of Contributor Insights was read.",
        rest: SNAPSHOT,
    };
    section.write(&rows, out);
}

fn key_row(resource: &str, report: &Report, one: &Contributor, reveal: bool) -> Vec<String> {
    let keys = one.keys.iter().map(|key| if reveal { key.reveal() } else { key.masked() });
    let keys: Vec<String> = keys.map(plain).collect();
    let share = report.share_of_total(one);
    vec![
        plain(resource),
        report.kind.code().to_owned(),
        format!("{} from {}", report.window.minutes(), report.window.start),
        keys.join(" / "),
        share.map_or_else(String::new, |share| format!("{} %", number(share * 100.0))),
        format!("{} {}", number(one.total), report.kind.unit()),
    ]
}

/// Mistakes in alarms and configuration.
pub(super) fn findings(material: &Material<'_>, out: &mut String) {
    let found = readings(material).flat_map(lint::findings);
    let row = |finding: lint::Finding| {
        vec![
            finding.severity.as_str().to_owned(),
            finding.rule.id.to_owned(),
            plain(&finding.what),
            plain(finding.rule.fix),
        ]
    };
    let rows: Vec<Vec<String>> = found.map(row).collect();
    let section = Section {
        title: "Alarms and configuration",
        heads: &["severity", "rule", "what", "what mends it"],
        none: "No mistake was found.",
        rest: SNAPSHOT,
    };
    section.write(&rows, out);
}

/// What could not be read, in AWS's words.
pub(super) fn unread(material: &Material<'_>, out: &mut String) {
    let troubled = readings(material).flat_map(|reading| {
        let healths = Poller::ALL.into_iter().filter_map(move |poller| reading.health(poller));
        healths.filter_map(unread_row)
    });
    let rows: Vec<Vec<String>> = troubled.collect();
    let section = Section {
        title: "What could not be read",
        heads: &["what", "how much", "last read (UTC)", "why"],
        none: "Everything was read.",
        rest: SNAPSHOT,
    };
    section.write(&rows, out);
}

fn unread_row(health: &Health) -> Option<Vec<String>> {
    let error = health.last.outcome.error()?;
    let how_much = match health.last.outcome {
        Outcome::Failed(_) => "nothing",
        Outcome::Partial(_) | Outcome::Complete => "a part",
    };
    vec![
        health.last.poller.name().to_owned(),
        how_much.to_owned(),
        health.last_success.map_or_else(|| "never".to_owned(), instant),
        plain(&error.to_string()),
    ]
    .into()
}

/// What watching costs.
pub(super) fn cost(material: &Material<'_>, out: &mut String) {
    heading("What watching costs", out);
    for reading in readings(material) {
        let cost = reading.cost();
        let _ = writeln!(
            out,
            "- {} {}: {} requests and {} metrics so far; about ${:.2} an hour at this pace",
            plain(reading.scope().account()),
            plain(reading.scope().region()),
            cost.requests,
            cost.metrics,
            cost.usd_per_hour
        );
    }
}

/// What else is in the bundle.
pub(super) fn files(charted: &[Charted<'_>], material: &Material<'_>, out: &mut String) {
    heading("Files", out);
    out.push_str(
        "- [snapshot.json](snapshot.json): everything that was read, as `ddbtop snapshot --format json` writes it\n\
         - [timeline.json](timeline.json): everything that happened\n",
    );
    if !charted.is_empty() {
        out.push_str("- `charts/` and `data/`: each chart as picture and as table, times in UTC\n");
    }
    for (name, scene) in material.screens {
        let title = plain(scene.title());
        let _ = writeln!(out, "- [{title}](screens/{name}.svg)");
    }
}
