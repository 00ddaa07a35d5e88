//! Whose reports of Contributor Insights are read, and when.

use super::State;
use super::timing::LEAF;
use crate::aws::{HotKeysRead, Reply};
use crate::model::contributor::{Reports, RuleKind};
use crate::model::health::{CallError, ErrorClass, Poller};
use crate::model::id::Resource;
use crate::model::insights::{ContributorInsights, InsightsMode};
use crate::model::time::{Minute, Window};
use crate::model::update::News;
use crate::poll::job::{Job, Wanted};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How often the reports of one table or index are read, as they are published …
const EVERY: SignedDuration = SignedDuration::from_mins(1);
/// … and those that AWS refuses.
const REFUSED: SignedDuration = SignedDuration::from_mins(15);
/// Settled minutes in a report: few, so that its first key is the one that is hot now.
const REPORT_MINUTES: i64 = 15;
/// Most tables and indexes in trouble whose reports are read: of four rules each that takes eight seconds at
/// half of the quota.
const MOST_IN_TROUBLE: usize = 20;

/// Where Contributor Insights is on, and when its reports were read.
#[derive(Debug, Default)]
pub(super) struct HotKeys {
    known: BTreeMap<Resource, Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The names of its rules, until one of them turns out to be gone.
    rules: Option<Vec<Arc<str>>>,
    /// How many kinds of rules its mode has at most, where the names are not known.
    most_rules: usize,
    asked: Option<Timestamp>,
    refused: bool,
}

impl Known {
    fn due(&self, now: Timestamp) -> Timestamp {
        let every = if self.refused { REFUSED } else { EVERY };
        self.asked.map_or(now, |asked| asked + every)
    }

    /// How many reports one reading takes.
    fn reports(&self) -> usize {
        let known = |rules: &Vec<Arc<str>>| {
            let kinds = rules.iter().filter_map(|rule| RuleKind::of_rule(rule));
            kinds.collect::<BTreeSet<_>>().len()
        };
        self.rules.as_ref().map_or(self.most_rules, known)
    }
}

impl HotKeys {
    /// Takes in where it is on; what is off has no reports any more.
    pub(super) fn set(&mut self, listed: &[ContributorInsights]) {
        let mut before = std::mem::take(&mut self.known);
        for one in listed.iter().filter(|one| one.is_enabled()) {
            let mut known = before.remove(&one.resource).unwrap_or_default();
            if one.rules.is_some() {
                known.rules.clone_from(&one.rules);
            }
            known.most_rules = match one.mode {
                Some(InsightsMode::Throttled) => RuleKind::ALL.len() / 2,
                Some(InsightsMode::AccessedAndThrottled | InsightsMode::Other(_)) | None => {
                    RuleKind::ALL.len()
                }
            };
            self.known.insert(one.resource.clone(), known);
        }
    }

    /// Lets reports be read again that were asked for in an earlier minute than that of `now`.
    pub(super) fn refresh(&mut self, now: Timestamp) {
        let minute = Minute::containing(now);
        for known in self.known.values_mut() {
            known.asked = known.asked.filter(|asked| Minute::containing(*asked) >= minute);
        }
    }

    /// Forgets when everything was read, since the clock was set back.
    pub(super) fn turn_back(&mut self) {
        for known in self.known.values_mut() {
            known.asked = None;
        }
    }
}

impl State {
    /// The tables and indexes whose reports are wanted: what is looked at first, then what is in trouble.
    fn reported_resources(&self, now: Timestamp) -> Vec<&Resource> {
        let looked_at = |resource: &Resource| {
            self.interest.hot_keys.as_ref() == Some(resource) || self.interest.opens(resource)
        };
        let minute = Minute::containing(now);
        let in_trouble = |resource: &Resource| {
            self.fleet.watch(resource).is_some_and(|watch| watch.escalated(minute).is_some())
        };
        let (first, others): (Vec<_>, Vec<_>) =
            self.hot_keys.known.keys().partition(|resource| looked_at(resource));
        let others = others.into_iter().filter(|resource| in_trouble(resource));
        first.into_iter().chain(others.take(MOST_IN_TROUBLE)).collect()
    }

    /// How many reports are wanted each minute.
    pub(super) fn reports_wanted(&self, now: Timestamp) -> u64 {
        let known = |resource: &Resource| self.hot_keys.known.get(resource);
        let wanted = self.reported_resources(now).into_iter().filter_map(known);
        // What AWS refuses is read so seldom that it does not count.
        wanted.filter(|known| !known.refused).map(|known| known.reports() as u64).sum()
    }

    /// When the next report is due; `None` if none is wanted.
    pub(super) fn reports_due(&self, now: Timestamp) -> Option<Timestamp> {
        let wanted = self.reported_resources(now).into_iter();
        let known = wanted.filter_map(|resource| self.hot_keys.known.get(resource));
        known.map(|known| known.due(now)).min()
    }

    /// Makes reports due when their turn comes: users may leaf through tables.
    pub(super) fn hasten_reports(&mut self, now: Timestamp) {
        if self.once || self.rounds.is_open(Poller::HotKeys) {
            return;
        }
        if let Some(due) = self.reports_due(now) {
            let earliest = self.rounds.started(Poller::HotKeys).map_or(now, |last| last + LEAF);
            self.rounds.hasten(Poller::HotKeys, due.max(earliest));
        }
    }

    /// What is in trouble is known, or where Contributor Insights is on; with both its reports can be read.
    pub(super) fn follow_sentinels(&mut self, now: Timestamp) {
        if !self.once {
            return self.hasten_reports(now);
        }
        let are_known = [Poller::Metrics, Poller::Insights]
            .into_iter()
            .all(|poller| self.rounds.finished(poller));
        if are_known && self.rounds.started(Poller::HotKeys).is_none() {
            self.rounds.set_due(Poller::HotKeys, now);
        }
    }

    /// The reports that are to be read by `now`.
    pub(super) fn report_jobs(&mut self, now: Timestamp) -> Vec<Job> {
        let wanted: Vec<Resource> = self.reported_resources(now).into_iter().cloned().collect();
        let newest = Minute::newest_settled(now, self.settings.settle_seconds);
        let window = Window::ending(newest.plus(1), REPORT_MINUTES);
        let mut jobs = vec![];
        for resource in wanted {
            let Some(known) = self.hot_keys.known.get_mut(&resource) else { continue };
            if known.due(now) > now {
                continue;
            }
            known.asked = Some(now);
            let salt = self.settings.mask_salt;
            jobs.push(Job::HotKeys(Wanted { resource, rules: known.rules.clone(), window, salt }));
        }
        jobs
    }

    /// Counts what was read of one table or index, and passes it on; the store keeps what a flaw left.
    pub(super) fn reported(
        &mut self,
        at: Timestamp,
        resource: Resource,
        reply: Reply<HotKeysRead>,
    ) -> Poller {
        let spent = (reply.requests, reply.metrics);
        let (result, error) = match reply.result {
            Ok(HotKeysRead { rules, reports, flaw }) => {
                if let Some(known) = self.hot_keys.known.get_mut(&resource) {
                    known.rules = Some(rules);
                }
                (Ok(Reports { reports, is_whole: flaw.is_none() }), flaw)
            }
            Err(error) => (Err(error.clone()), Some(error)),
        };
        if let Some(known) = self.hot_keys.known.get_mut(&resource) {
            known.note(error.as_ref());
        }
        let good = result.is_ok();
        self.tell(at, News::HotKeys(resource, result));
        self.record(Poller::HotKeys, spent, good, error);
        Poller::HotKeys
    }
}

impl Known {
    fn note(&mut self, error: Option<&CallError>) {
        let is_gone = |error: &CallError| {
            error.code.as_deref().is_some_and(|code| code.starts_with("ResourceNotFound"))
        };
        let refused =
            |error: &CallError| matches!(error.class, ErrorClass::Denied | ErrorClass::Rejected);
        if error.is_some_and(is_gone) {
            // It was switched off and on since: the rules have other names.
            self.rules = None;
            self.refused = false;
        } else {
            self.refused = error.is_some_and(refused);
        }
    }
}
