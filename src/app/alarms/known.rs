//! What is concluded of all alarms: which stand where, which page, what they are about.

use super::filter::{Filter, Words};
use super::forest::Forest;
use crate::app::Target;
use crate::lint::{self, Finding};
use crate::model::alarm::Subject;
use crate::model::id::{Resource, Scope};
use crate::store::Reading;
use crate::view::alarms::Standing;
use crate::view::tables::Watch;
use crate::view::text::width;
use jiff::Timestamp;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Alarms and findings of every scope as of the last news that concern them.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// In order: children below their parents, autoscaling's own last.
    entries: Vec<Entry>,
    findings: BTreeMap<Scope, Vec<Finding>>,
    noted: BTreeMap<Scope, HashMap<Resource, Noted>>,
}

/// What is known of a table with its indexes, of one index, or of the account.
#[derive(Debug, Default)]
struct Noted {
    /// The alarms in `ALARM`, but for autoscaling's own.
    in_alarm: Vec<Arc<str>>,
    /// How many findings there are.
    findings: usize,
    /// The place of the worst among those of its scope.
    worst: Option<usize>,
}

/// One alarm.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is true of an alarm on its own")]
pub(super) struct Entry {
    pub(super) scope: Scope,
    pub(super) name: Arc<str>,
    pub(super) standing: Standing,
    /// The places of its findings among those of its scope, the worst first.
    pub(super) findings: Vec<usize>,
    /// Steps below the composite alarm it stands under.
    pub(super) depth: usize,
    /// The table, index or account to look at.
    pub(super) resource: Option<Resource>,
    /// The place of the composite alarm it stands under.
    pub(super) parent: Option<usize>,
    /// Whether autoscaling made it for a policy of its own.
    pub(super) own: bool,
    /// Whether it concerns tables, DAX or the functions that read streams.
    pub(super) ours: bool,
    /// Whether it looks at metrics, so that there are data to read.
    pub(super) on_metrics: bool,
    pub(super) in_alarm: bool,
    pub(super) is_broken: bool,
    pub(super) words: Words,
}

/// How rows are chosen.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) filter: Filter,
    pub(super) only_trouble: bool,
    /// Whether alarms on anything have rows.
    pub(super) everywhere: bool,
    /// Whether autoscaling's own alarms have one row.
    pub(super) folded: bool,
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    /// The alarm in this place.
    Alarm(usize),
    /// Autoscaling's own alarms.
    Own,
}

/// What alarms are put in order by: how urgent, then the newest change first, then the name.
pub(super) type Key = (Class, Reverse<Option<Timestamp>>, Arc<str>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Pages,
    Silent,
    Insufficient,
    Ok,
    /// Autoscaling's own.
    Own,
}

impl Known {
    /// Draws conclusions from every scope.
    pub(super) fn new<'a>(readings: impl Iterator<Item = Reading<'a>>) -> Self {
        let mut known = Self::default();
        let mut groups: Vec<(Key, Vec<Entry>)> = vec![];
        for reading in readings {
            let findings = lint::findings(reading);
            let forest = Forest::of(reading, &findings);
            known.noted.insert(reading.scope().clone(), note(&forest, &findings));
            groups.extend(forest.groups());
            known.findings.insert(reading.scope().clone(), findings);
        }
        groups.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (_, members) in groups {
            let first = known.entries.len();
            known.entries.extend(members.into_iter().map(|mut entry| {
                entry.parent = entry.parent.map(|place| first + place);
                entry
            }));
        }
        known
    }

    /// What is wrong in one scope.
    pub(super) fn findings(&self, scope: &Scope) -> &[Finding] {
        self.findings.get(scope).map_or(&[], Vec::as_slice)
    }

    /// What was found about one alarm, the worst first.
    pub(super) fn findings_of(&self, entry: &Entry) -> Vec<&Finding> {
        let all = self.findings(&entry.scope);
        entry.findings.iter().filter_map(|place| all.get(*place)).collect()
    }

    pub(super) fn watch_of(&self, target: &Target) -> Option<Watch<'_>> {
        let noted = self.noted.get(&target.scope)?.get(&target.resource)?;
        let worst = noted.worst.and_then(|place| self.findings(&target.scope).get(place));
        Some(Watch { in_alarm: &noted.in_alarm, findings: noted.findings, worst })
    }

    pub(super) fn entry(&self, place: usize) -> Option<&Entry> {
        self.entries.get(place)
    }

    /// How many alarms there are: everywhere, or on `DynamoDB` and what belongs to it.
    pub(super) fn count(&self, everywhere: bool) -> usize {
        self.entries.iter().filter(|entry| everywhere || entry.ours).count()
    }

    /// How many alarms of ours are in `ALARM`, and whether any of them pages.
    pub(super) fn in_alarm(&self) -> (usize, bool) {
        let ours = || self.entries.iter().filter(|entry| entry.ours && entry.in_alarm);
        (ours().count(), ours().any(|entry| entry.standing.pages))
    }

    /// Autoscaling's own alarms that pass: how many, and how many of them are in `ALARM`.
    pub(super) fn own(&self, query: &Query) -> (usize, usize) {
        let own = || self.entries.iter().filter(|entry| entry.own && query.passes(entry));
        (own().count(), own().filter(|entry| entry.words.state == "alarm").count())
    }

    /// Cells of the longest name that has a row.
    pub(super) fn longest_name(&self, rows: &[Row]) -> usize {
        const INDENT: usize = 2;
        /// `autoscaling's own: 1,000`
        const OWN: usize = 24;
        let cells = rows.iter().filter_map(|row| match row {
            Row::Alarm(place) => {
                self.entry(*place).map(|entry| width(&entry.name) + INDENT * entry.depth)
            }
            Row::Own => Some(OWN),
        });
        cells.max().unwrap_or(0)
    }

    /// The rows that pass, in order, and the composite alarms above them as their context.
    pub(super) fn rows(&self, query: &Query) -> Vec<Row> {
        let mut shown: Vec<bool> = self.entries.iter().map(|entry| query.passes(entry)).collect();
        for place in (0..shown.len()).rev() {
            let parent = self.entry(place).and_then(|entry| entry.parent);
            let is_shown = shown.get(place) == Some(&true);
            if let Some(parent) = parent.and_then(|parent| shown.get_mut(parent)) {
                *parent |= is_shown;
            }
        }
        let (mut rows, mut has_own) = (vec![], false);
        for (place, (entry, shown)) in self.entries.iter().zip(shown).enumerate() {
            if !shown {
                continue;
            }
            if entry.own && !std::mem::replace(&mut has_own, true) {
                rows.push(Row::Own);
            }
            if !entry.own || !query.folds() {
                rows.push(Row::Alarm(place));
            }
        }
        rows
    }
}

impl Query {
    /// Whether autoscaling's own alarms share one row; a filter may seek any of them.
    pub(super) fn folds(&self) -> bool {
        self.folded && !self.filter.seeks()
    }

    fn passes(&self, entry: &Entry) -> bool {
        (self.everywhere || entry.ours)
            && (!self.only_trouble || entry.in_alarm || entry.is_broken)
            && self.filter.matches(&entry.words)
    }
}

/// Notes for tables and indexes which of their alarms are in `ALARM`, and what was found, errors
/// first.
fn note(forest: &Forest<'_>, findings: &[Finding]) -> HashMap<Resource, Noted> {
    let mut noted: HashMap<Resource, Noted> = HashMap::new();
    for (name, subjects) in forest.in_alarm() {
        // A table and its index may be in one formula.
        let resources: BTreeSet<Resource> =
            subjects.iter().filter_map(Subject::resource).flat_map(watched).collect();
        for resource in resources {
            noted.entry(resource).or_default().in_alarm.push(name.clone());
        }
    }
    for (place, finding) in findings.iter().enumerate() {
        for resource in finding.resource.iter().flat_map(watched) {
            let noted = noted.entry(resource).or_default();
            noted.findings += 1;
            noted.worst.get_or_insert(place);
        }
    }
    noted
}

/// The resource, and the table or cluster it belongs to.
fn watched(resource: &Resource) -> impl Iterator<Item = Resource> {
    let whole = match resource {
        Resource::Index(table, _) => Some(Resource::Table(table.clone())),
        Resource::Node(cluster, _) => Some(Resource::Cluster(cluster.clone())),
        Resource::Account | Resource::Table(_) | Resource::Cluster(_) => None,
    };
    std::iter::once(resource.clone()).chain(whole)
}
