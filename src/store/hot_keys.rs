//! Reports of Contributor Insights, and what became of each contributor since it was first seen.

use super::detail::{Detail, Told};
use super::reading::Reading;
use crate::model::contributor::{Key, Report, Reports, RuleKind};
use crate::model::health::CallError;
use crate::model::id::Resource;
use crate::model::insights::ContributorInsights;
use crate::model::time::{Minute, Window};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// After how many seconds a report that is wanted counts as not read again: it is read each minute.
const READ_AGAIN_SECONDS: i64 = 60;
/// Tables and indexes whose reports are kept; those that were read least lately go first.
const KEPT_RESOURCES: usize = 64;
/// Contributors of a rule whose past is kept; those that were seen least lately go first.
const KEPT_CONTRIBUTORS: usize = 100;
/// Minutes of that past.
const KEPT_MINUTES: i64 = 60;

/// What is known of the hot keys of one table or index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HotKeys {
    /// The newest report of each rule.
    reports: Vec<Report>,
    trends: BTreeMap<RuleKind, Rule>,
}

/// The past of a rule's contributors.
#[derive(Debug, Clone, Default, PartialEq)]
struct Rule {
    /// The minutes that reports were about without a gap, up to the newest one: reports are read only while they are
    /// wanted, and what happened in between is unknown.
    read: Option<Window>,
    /// Whether contributors were let go of since: then nobody knows whether a new one is new.
    forgot: bool,
    contributors: BTreeMap<Vec<Key>, Trend>,
}

/// One contributor over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// The first minute in which it was among the top contributors, since reports are read without a gap. One that
    /// was not among them for an hour begins anew.
    pub first_seen: Minute,
    /// Whether it was or may have been before: that is the first minute that was read, or it returns, or others were
    /// forgotten.
    pub or_earlier: bool,
    /// Its value in each minute in which it was among them, ascending; an hour of it is kept.
    pub points: Vec<(Minute, f64)>,
    last_seen: Minute,
}

impl HotKeys {
    /// The newest report of each rule, in the order of [`RuleKind::ALL`]. In the mode `THROTTLED_KEYS` and
    /// without a sort key there are fewer rules.
    pub fn reports(&self) -> &[Report] {
        &self.reports
    }

    /// The newest report of one rule.
    pub fn report(&self, kind: RuleKind) -> Option<&Report> {
        self.reports.iter().find(|report| report.kind == kind)
    }

    /// What became of a contributor of a rule.
    pub fn trend(&self, kind: RuleKind, keys: &[Key]) -> Option<&Trend> {
        self.trends.get(&kind)?.contributors.get(keys)
    }

    /// Takes in new reports; a rule that was made anew begins anew.
    fn take(&mut self, read: Reports) {
        let Reports { mut reports, is_whole } = read;
        for report in &reports {
            let before = self.report(report.kind).map(|before| before.rule.clone());
            let rule = self.trends.entry(report.kind).or_default();
            if before.is_some_and(|before| before != report.rule) {
                *rule = Rule::default();
            }
            rule.take(report);
        }
        let kinds: BTreeSet<RuleKind> = reports.iter().map(|report| report.kind).collect();
        if is_whole {
            self.trends.retain(|kind, _| kinds.contains(kind));
        } else {
            let before = std::mem::take(&mut self.reports).into_iter();
            reports.extend(before.filter(|report| !kinds.contains(&report.kind)));
            let order = |kind| RuleKind::ALL.iter().position(|known| *known == kind);
            reports.sort_by_key(|report| order(report.kind));
        }
        self.reports = reports;
    }
}

impl Rule {
    fn take(&mut self, report: &Report) {
        let read = self.go_on(report.window);
        let oldest = read.end.plus(-KEPT_MINUTES);
        for contributor in &report.contributors {
            let Some(&(seen, _)) = contributor.points.first() else { continue };
            let may_be_old = self.forgot || seen <= read.start;
            let entry = self.contributors.entry(contributor.keys.clone());
            let trend = entry.or_insert_with(|| Trend::began(seen, may_be_old));
            if trend.last_seen < oldest {
                *trend = Trend::began(seen, true);
            }
            // The report says all there is about its window.
            trend.points.retain(|(minute, _)| !report.window.contains(*minute));
            trend.points.extend_from_slice(&contributor.points);
            trend.points.sort_by_key(|(minute, _)| *minute);
            trend.last_seen = trend.points.last().map_or(seen, |(minute, _)| *minute);
        }
        for trend in self.contributors.values_mut() {
            trend.points.retain(|(minute, _)| *minute >= oldest);
        }
        self.forget_beyond(KEPT_CONTRIBUTORS);
    }

    /// The minutes that are read without a gap, a report's window included; after a gap all begins anew.
    fn go_on(&mut self, window: Window) -> Window {
        let before = self.read.filter(|read| window.start <= read.end);
        if before.is_none() {
            *self = Self::default();
        }
        let read = before.map_or(window, |read| Window {
            start: read.start.min(window.start),
            end: read.end.max(window.end),
        });
        self.read = Some(read);
        read
    }

    fn forget_beyond(&mut self, kept: usize) {
        if self.contributors.len() <= kept {
            return;
        }
        let mut newest: Vec<_> = self.contributors.values().map(|trend| trend.last_seen).collect();
        newest.sort_unstable_by(|a, b| b.cmp(a));
        let Some(limit) = newest.get(kept).copied() else { return };
        self.contributors.retain(|_, trend| trend.last_seen > limit);
        self.forgot = true;
    }
}

impl Trend {
    fn began(seen: Minute, or_earlier: bool) -> Self {
        Self { first_seen: seen, or_earlier, points: vec![], last_seen: seen }
    }
}

/// The hot keys of all tables and indexes that were looked at or in trouble.
#[derive(Debug, Clone, Default)]
pub(super) struct HotKeysByResource(BTreeMap<Resource, Told<HotKeys>>);

impl HotKeysByResource {
    pub(super) const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Takes in a reply of `at`.
    pub(super) fn tell(
        &mut self,
        resource: Resource,
        reply: Result<Reports, CallError>,
        at: Timestamp,
    ) {
        let told = self.0.entry(resource).or_default();
        let reply = reply.map(|reports| {
            let mut hot_keys = told.detail().value().cloned().unwrap_or_default();
            hot_keys.take(reports);
            hot_keys
        });
        told.tell(reply, at);
        while self.0.len() > KEPT_RESOURCES {
            let oldest = self.0.iter().min_by_key(|(_, told)| told.detail().at());
            let Some(oldest) = oldest.map(|(resource, _)| resource.clone()) else { return };
            self.0.remove(&oldest);
        }
    }

    /// Lets go of what is no longer counted: AWS forgets it, too.
    pub(super) fn keep_enabled(&mut self, listed: &[ContributorInsights]) {
        let enabled: BTreeSet<&Resource> =
            listed.iter().filter(|one| one.is_enabled()).map(|one| &one.resource).collect();
        self.0.retain(|resource, _| enabled.contains(resource));
    }
}

impl<'a> Reading<'a> {
    /// The hot keys of a table or index, as they were read last: while it was open, selected or in trouble, and
    /// Contributor Insights on.
    pub fn hot_keys(self, resource: &Resource) -> Detail<'a, HotKeys> {
        self.inventory().hot_keys.0.get(resource).map_or(Detail::NotPolled, Told::detail)
    }

    /// Whether hot keys that were read at `at` are older than those of what is open, selected or in trouble.
    pub fn are_hot_keys_old(self, at: Timestamp) -> bool {
        let latest = READ_AGAIN_SECONDS.saturating_add(self.settings().grace_seconds);
        self.now().duration_since(at).as_secs() > latest
    }
}

#[cfg(test)]
mod tests;
