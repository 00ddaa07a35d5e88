//! The account: its quotas, its user errors and how much of the quota is provisioned.

use std::ops::Range;

use super::Fleet;
use super::demand::factor;
use super::publish::Truth;
use super::series::{count, gauge};
use crate::facts::{AccountState, Datum, Dimension, Epoch};
use crate::scenario::spec::AccountSpec;

/// The metrics without dimensions ("DynamoDB metrics and dimensions").
pub(super) const METRICS: [&str; 9] = [
    "UserErrors",
    "AccountMaxReads",
    "AccountMaxWrites",
    "AccountMaxTableLevelReads",
    "AccountMaxTableLevelWrites",
    "AccountProvisionedReadCapacityUtilization",
    "AccountProvisionedWriteCapacityUtilization",
    "MaxProvisionedTableReadCapacityUtilization",
    "MaxProvisionedTableWriteCapacityUtilization",
];

/// The account of a scenario.
pub(super) fn state(spec: &AccountSpec) -> AccountState {
    AccountState {
        id: spec.id.clone(),
        region: spec.region.clone(),
        caller_arn: format!("arn:aws:sts::{}:assumed-role/OnCall/demo", spec.id),
        caller_id: "AROAEXAMPLEEXAMPLE123:demo".into(),
        account_max: (spec.account_max.read, spec.account_max.write),
        table_max: (spec.table_max.read, spec.table_max.write),
    }
}

impl Fleet {
    /// A metric without dimensions, when the fleet has reached `now`.
    pub(super) fn account_series(
        &mut self,
        name: &str,
        minutes: Range<i64>,
        now: Epoch,
    ) -> Option<Truth> {
        let name = METRICS.into_iter().find(|known| *known == name)?;
        let quotas = (self.account.account_max, self.account.table_max);
        let (period, constant) = match name {
            "UserErrors" => (1, None),
            "AccountMaxReads" => (5, Some(quotas.0.0)),
            "AccountMaxWrites" => (5, Some(quotas.0.1)),
            "AccountMaxTableLevelReads" => (5, Some(quotas.1.0)),
            "AccountMaxTableLevelWrites" => (5, Some(quotas.1.1)),
            _ => (5, None),
        };
        if name.ends_with("Utilization") {
            for table in self.tables.values_mut() {
                table.advance(now);
            }
        }
        let truth = |minute| match (name, constant) {
            (_, Some(quota)) => gauge(minute, &[quota as f64]),
            ("UserErrors", _) => self.user_errors(minute),
            _ => gauge(minute, &[self.utilization(name, minute)]),
        };
        let series = self.chance.named(name);
        let born = self.publisher.start - super::HISTORY_MINUTES;
        let end = minutes.end.min(super::minute_of(now));
        let periods = (minutes.start.max(born)..end).filter(|minute| minute % period == 0);
        let data = periods.filter_map(truth).collect();
        Some(Truth::new(series, period, self.publisher, data))
    }

    fn user_errors(&self, minute: i64) -> Option<Datum> {
        let errors = self.user_errors.as_ref()?;
        let chance = self.chance.named("user errors");
        let since = minute - self.publisher.start;
        let noise = 1.0 + 0.15 * chance.signed(-minute);
        let mean = errors.per_minute * noise * factor(&errors.changes, since);
        count(minute, chance.round(mean, minute))
    }

    /// Percent of a quota that is provisioned: of all tables together, or of the largest alone.
    fn utilization(&self, name: &str, minute: i64) -> f64 {
        let dimension = if name.contains("Read") { Dimension::Read } else { Dimension::Write };
        let at = minute as f64 * 60.0;
        let resources = self.tables.values().flat_map(|table| &table.resources);
        let provisioned = resources.filter_map(|resource| resource.provisioned_at(dimension, at));
        let (units, quota) = if name.starts_with("Max") {
            (provisioned.max().unwrap_or(0), self.account.table_max)
        } else {
            (provisioned.sum(), self.account.account_max)
        };
        let quota = if dimension == Dimension::Read { quota.0 } else { quota.1 };
        if quota == 0 { 0.0 } else { 100.0 * units as f64 / quota as f64 }
    }
}
