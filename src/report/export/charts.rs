//! The charts of a bundle: which there are, what their files are called, and their data.

use super::Material;
use crate::model::id::{Resource, Scope};
use crate::model::local::UtcOffset;
use crate::model::time::{Minute, Window};
use crate::plot::{self, Caption, Scene};
use crate::store::Reading;
use crate::view::charts::{Exported, exported};
use crate::view::tables::{Keys, Subject};
use crate::view::text::{Charset, cut_middle};
use crate::view::times::Times;
use std::fmt::Write;

/// Charts are drawn of so many resources, what to do first in front; data of all are in
/// `snapshot.json`.
pub(super) const MOST: usize = 100;
/// What is kept of every resource, minutes.
const USUAL_MINUTES: i64 = 60;
/// Characters of a resource's name in a file's.
const LONGEST_NAME: usize = 80;

/// A resource whose charts are in the bundle.
pub(super) struct Charted<'a> {
    pub(super) reading: Reading<'a>,
    pub(super) resource: &'a Resource,
    pub(super) charts: Vec<File>,
}

impl Charted<'_> {
    /// Whether it is about this resource.
    pub(super) fn is(&self, scope: &Scope, resource: &Resource) -> bool {
        self.reading.scope() == scope && self.resource == resource
    }
}

/// A chart with its files' name, which ends in `.svg`, `.png` or `.csv`.
pub(super) struct File {
    pub(super) stem: String,
    caption: Caption,
    exported: Exported,
}

/// Every resource with a verdict, what to do first in front, and the selected one.
pub(super) fn charted<'a>(material: &Material<'a>) -> Vec<Charted<'a>> {
    let mut wanted: Vec<(Reading<'a>, &'a Resource, i64)> = vec![];
    for (reading, verdicts) in material.judged {
        for verdict in *verdicts {
            let is_known = |(known, resource, _): &(Reading<'_>, &Resource, i64)| {
                known.scope() == reading.scope() && **resource == verdict.resource
            };
            if !wanted.iter().any(is_known) {
                wanted.push((*reading, &verdict.resource, USUAL_MINUTES));
            }
        }
    }
    wanted.truncate(MOST);
    if let Some(selected) = material.selected {
        let is_it = |(reading, resource, _): &(Reading<'_>, &Resource, i64)| {
            reading.scope() == selected.scope && *resource == selected.resource
        };
        let mut readings = material.judged.iter().map(|(reading, _)| *reading);
        if let Some((_, _, minutes)) = wanted.iter_mut().find(|one| is_it(one)) {
            *minutes = selected.minutes;
        } else if let Some(reading) = readings.find(|one| one.scope() == selected.scope) {
            wanted.push((reading, selected.resource, selected.minutes));
        }
    }
    let place = wanted.into_iter().zip(1..);
    place
        .map(|((reading, resource, minutes), place)| {
            let verdicts = material.judged.iter().find(|(of, _)| of.scope() == reading.scope());
            let verdicts = verdicts.map_or(&[][..], |(_, verdicts)| *verdicts);
            let own = verdicts.iter().filter(|verdict| verdict.resource == *resource);
            let subject = Subject {
                reading,
                resource,
                verdicts: own.collect(),
                suffers_from: None,
                explained_by: None,
                watch: None,
                selected: false,
                keys: Keys::default(),
            };
            Charted { reading, resource, charts: files(&subject, minutes, place, material) }
        })
        .collect()
}

fn files(subject: &Subject<'_>, minutes: i64, place: usize, material: &Material<'_>) -> Vec<File> {
    let reading = subject.reading;
    let end = Minute::containing(material.now);
    let times =
        Times { window: Window::ending(end, minutes), cursor: None, utc_offset: UtcOffset::ZERO };
    let scope = reading.scope();
    let (account, region) = (scope.account(), scope.region());
    let simulated = if material.simulated.is_some() { " · simulated" } else { "" };
    let newest = reading.newest_settled();
    let newest =
        newest.map(|minute| format!(" · figures of {}", minute.start().strftime("%H:%M UTC")));
    let place_and_time =
        format!("account {account}, {region}{simulated}{}", newest.unwrap_or_default());
    let file = |exported: Exported| File {
        stem: format!("{place:02}-{}.{}", file_name(subject.resource), exported.name),
        caption: Caption {
            title: format!("{}: {}", subject.resource, exported.chart.title),
            place: place_and_time.clone(),
            unit: exported.unit,
        },
        exported,
    };
    exported(subject, times).into_iter().map(file).collect()
}

/// Names of tables and indexes are letters, digits, `_`, `-` and `.`, so `+` parts them for sure.
fn file_name(resource: &Resource) -> String {
    let name = match resource {
        Resource::Account => "+account".to_owned(),
        Resource::Table(table) => table.to_string(),
        Resource::Index(table, index) => format!("{table}+{index}"),
        Resource::Cluster(cluster) => format!("+dax+{cluster}"),
        Resource::Node(cluster, node) => format!("+dax+{cluster}+{node}"),
    };
    let is_safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+');
    let safe: String = name.chars().map(|c| if is_safe(c) { c } else { '_' }).collect();
    cut_middle(&safe, LONGEST_NAME, Charset::Ascii)
}

impl File {
    /// What it shows, in a word or two.
    pub(super) fn name(&self) -> &'static str {
        self.exported.name
    }

    pub(super) fn scene(&self) -> Scene {
        plot::chart(&self.exported.chart, &self.caption)
    }

    /// One row for each minute: the value of every line and of what belongs beside them, empty where there is none,
    /// and whether the minute is settled.
    pub(super) fn csv(&self) -> String {
        let Exported { chart, column, beside, .. } = &self.exported;
        let lines = chart.lines.iter().map(|line| (column_name(&line.label, column), line));
        // What stands beside them is known better than a line of the same name.
        let lines = lines.filter(|(name, _)| beside.iter().all(|(other, _)| other != name));
        let lines = lines.map(|(name, line)| (name, chart.points(line).collect()));
        let beside = beside.iter().map(|(name, values)| ((*name).to_owned(), values.clone()));
        let columns: Vec<(String, Vec<Option<f64>>)> = lines.chain(beside).collect();
        let mut out = "minute".to_owned();
        for (name, _) in &columns {
            let _ = write!(out, ",{name}");
        }
        out.push_str(",state\n");
        let settled = chart.settled_minutes();
        for (index, minute) in (0_usize..).zip(chart.window.start.0..chart.window.end.0) {
            let _ = write!(out, "{}", Minute(minute));
            for (_, values) in &columns {
                out.push(',');
                if let Some(value) = values.get(index).copied().flatten() {
                    let _ = write!(out, "{value}");
                }
            }
            let is_settled = minute < chart.window.start.0.saturating_add(settled);
            out.push_str(if is_settled { ",settled\n" } else { ",settling\n" });
        }
        out
    }
}

/// `consumed_units_per_second`; the unit alone for a line without a name.
fn column_name(label: &str, unit: &str) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let label: String = label.chars().map(word).collect();
    if label.is_empty() { unit.to_owned() } else { format!("{label}_{unit}") }
}
