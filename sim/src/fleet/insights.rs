//! Contributor Insights of the tables and indexes: how it is set up, and changed.
//!
//! As with scalable targets the settings are the present ones, whatever moment is asked about; how far a
//! change is follows from the moment.

use super::Fleet;
use super::table::Table;
use crate::facts::{ContributorInsights, Epoch, InsightsState, InsightsStatus};
use crate::scenario::spec::inventory::InsightsSpec;

/// Seconds from a change to the status that it ends in.
pub(crate) const SETTLING: f64 = 1.0;

/// Contributor Insights rules of an account and Region ("CloudWatch service quotas").
const ACCOUNT_RULES: usize = 100;

/// What Contributor Insights of a table or index was last changed to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Watch {
    /// As it is when the change is complete; `Disabling` is gone then.
    settled: ContributorInsights,
}

/// Why Contributor Insights is not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InsightsRefusal {
    NoTable,
    NoIndex,
    /// The table or index is being updated.
    NotActive,
}

impl Watch {
    /// What is seen at a moment.
    fn at(self, now: Epoch) -> Option<ContributorInsights> {
        let Self { settled } = self;
        let is_under_way = now < settled.changed + SETTLING;
        match settled.status {
            InsightsStatus::Disabling => is_under_way.then_some(settled),
            InsightsStatus::Enabled | InsightsStatus::Enabling | InsightsStatus::Failed => {
                let status = if is_under_way { InsightsStatus::Enabling } else { settled.status };
                Some(ContributorInsights { status, ..settled })
            }
        }
    }
}

impl Fleet {
    /// One table with its indexes, or all of them, as Contributor Insights sees them: by name, each table
    /// before its indexes. Empty when there is no such table.
    pub(crate) fn insights(&self, table: Option<&str>, now: Epoch) -> Vec<InsightsState> {
        match table {
            Some(name) => self.tables.get(name).map(|one| one.insights(now)).unwrap_or_default(),
            None => self.tables.values().flat_map(|table| table.insights(now)).collect(),
        }
    }

    /// Enables or disables it: `mode` is whether throttled keys alone are watched, `None` disables. The mode
    /// that it has already changes nothing. A change takes a second; where the account has no rule left it
    /// ends in `FAILED`.
    pub(crate) fn watch(
        &mut self,
        table: &str,
        index: Option<&str>,
        mode: Option<bool>,
        now: Epoch,
    ) -> Result<InsightsState, InsightsRefusal> {
        let all = self.insights(None, now);
        let mut of_table = all.iter().filter(|state| state.table == table).peekable();
        of_table.peek().ok_or(InsightsRefusal::NoTable)?;
        let before = of_table.find(|state| state.index.as_deref() == index);
        let before = before.ok_or(InsightsRefusal::NoIndex)?.clone();
        let rules = |state: &InsightsState| match state.insights {
            Some(one) if one.status != InsightsStatus::Failed => {
                state.rule_count(one.throttled_only)
            }
            _ => 0,
        };
        let others: usize = all.iter().filter(|state| **state != before).map(rules).sum();
        let target = self.tables.get_mut(table).ok_or(InsightsRefusal::NoTable)?;
        let number = target.number(index).ok_or(InsightsRefusal::NoIndex)?;
        target.advance(now);
        if mode.is_some() && target.resources.get(number).is_some_and(|one| one.is_updating(now)) {
            return Err(InsightsRefusal::NotActive);
        }
        let fits = mode.is_none_or(|mode| others + before.rule_count(mode) <= ACCOUNT_RULES);
        if let Some(settled) = changed(before.insights, mode, fits, now) {
            target.watched.insert(number, Watch { settled });
            if let Some(resource) = target.resources.get_mut(number) {
                resource.is_watched = mode.is_some() && fits;
            }
        }
        let insights = target.watched.get(&number).map(|watch| watch.at(now));
        let insights = insights.unwrap_or(before.insights);
        Ok(InsightsState { insights, ..before })
    }
}

/// What a change ends in; `None` where there is nothing to change.
fn changed(
    before: Option<ContributorInsights>,
    mode: Option<bool>,
    fits: bool,
    now: Epoch,
) -> Option<ContributorInsights> {
    let changed = (now * 1_000.0).floor() / 1_000.0;
    let Some(throttled_only) = mode else {
        let before = before.filter(|one| one.status != InsightsStatus::Disabling)?;
        return Some(ContributorInsights { status: InsightsStatus::Disabling, changed, ..before });
    };
    let kept = before.filter(|one| match one.status {
        InsightsStatus::Enabling | InsightsStatus::Enabled => true,
        InsightsStatus::Disabling | InsightsStatus::Failed => false,
    });
    if kept.is_some_and(|one| one.throttled_only == throttled_only) {
        return None;
    }
    Some(ContributorInsights {
        throttled_only,
        status: if fits { InsightsStatus::Enabled } else { InsightsStatus::Failed },
        // The rules of throttled keys outlive a change of mode, with their history.
        throttled_since: kept.map_or(changed, |one| one.throttled_since),
        accessed_since: changed,
        changed,
    })
}

impl Table {
    fn insights(&self, now: Epoch) -> Vec<InsightsState> {
        let state = |index: Option<&str>, keys: &[String], spec: Option<InsightsSpec>| {
            let number = self.number(index).unwrap_or_default();
            let insights = match self.watched.get(&number) {
                Some(watch) => watch.at(now),
                None => spec.map(|spec| self.scripted(index, spec)),
            };
            InsightsState {
                table: self.spec.name.clone(),
                index: index.map(str::to_owned),
                sort_key: keys.len() > 1,
                insights,
            }
        };
        let spec = &self.spec;
        let mut indexes: Vec<_> = spec.indexes.iter().collect();
        indexes.sort_by(|one, other| one.name.cmp(&other.name));
        let own = state(None, &spec.key_schema, spec.contributor_insights);
        std::iter::once(own)
            .chain(indexes.into_iter().map(|index| {
                state(Some(&index.name), &index.key_schema, index.contributor_insights)
            }))
            .collect()
    }

    /// What a scenario says, long settled.
    fn scripted(&self, index: Option<&str>, spec: InsightsSpec) -> ContributorInsights {
        let chance = self.chance.named("contributor insights");
        let since = self.some_time_ago(index.map_or(chance, |index| chance.named(index)));
        ContributorInsights {
            throttled_only: spec == InsightsSpec::Throttled,
            status: match spec {
                InsightsSpec::Failed => InsightsStatus::Failed,
                InsightsSpec::AccessedAndThrottled | InsightsSpec::Throttled => {
                    InsightsStatus::Enabled
                }
            },
            throttled_since: since,
            accessed_since: since,
            changed: since,
        }
    }
}
