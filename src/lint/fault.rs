//! What a check finds, before it is written down for people and scripts.

use super::fix::Fix;
use super::{Finding, Rule, Severity};
use crate::model::alarm::{Alarm, AlarmKind, MetricAlarm, MetricStat, QueryKind, Source, Subject};
use crate::model::id::Resource;
use std::sync::Arc;

/// What is wrong, and what mends it.
#[derive(Debug, Default)]
pub(super) struct Fault {
    /// How much it matters, where that is not the rule's own.
    pub(super) severity: Option<Severity>,
    /// The alarm at fault.
    pub(super) alarm: Option<Arc<str>>,
    /// The table, index or account concerned.
    pub(super) resource: Option<Resource>,
    /// What it concerns that is not of `DynamoDB`.
    pub(super) other: Option<String>,
    /// The dimension at fault.
    pub(super) dimension: Option<String>,
    /// One sentence.
    pub(super) what: String,
    /// What mends it.
    pub(super) fix: Fix,
}

impl Fault {
    /// A fault with nothing but its words.
    pub(super) fn new(what: String) -> Self {
        Self { what, ..Self::default() }
    }

    /// The same, mended by `fix`.
    pub(super) fn mended(self, fix: Fix) -> Self {
        Self { fix, ..self }
    }

    /// The same, of another severity than its rule's.
    pub(super) fn of_severity(self, severity: Severity) -> Self {
        Self { severity: Some(severity), ..self }
    }

    /// The same, with the dimension at fault.
    pub(super) fn at(self, dimension: &str) -> Self {
        Self { dimension: Some(dimension.to_owned()), ..self }
    }

    /// The same, about a table, index or the account.
    pub(super) fn on(self, resource: Resource) -> Self {
        Self { resource: Some(resource), ..self }
    }

    /// The same, about something that is not of `DynamoDB`, such as `dax/C`.
    pub(super) fn on_other(self, other: String) -> Self {
        Self { other: Some(other), ..self }
    }

    /// The same, of an alarm and of what that looks at.
    pub(super) fn of_alarm(mut self, alarm: &Alarm, subject: Option<&Subject>) -> Self {
        self.alarm = Some(Arc::clone(&alarm.name));
        match subject {
            Some(Subject::Dynamo(resource)) => self.resource = Some(resource.clone()),
            Some(Subject::Dax(cluster, None)) => self.other = Some(format!("dax/{cluster}")),
            Some(Subject::Dax(cluster, Some(node))) => {
                self.other = Some(format!("dax/{cluster}/node/{node}"));
            }
            Some(Subject::Function(function)) => self.other = Some(format!("function/{function}")),
            Some(Subject::Elsewhere(_)) | None => {}
        }
        self
    }

    /// The finding of `rule`.
    pub(super) fn finding(self, rule: &'static Rule) -> Finding {
        Finding {
            rule,
            severity: self.severity.unwrap_or(rule.severity),
            alarm: self.alarm,
            resource: self.resource,
            other: self.other,
            dimension: self.dimension,
            what: self.what,
            fix: self.fix,
        }
    }
}

/// `alarm` with other settings.
pub(super) fn with_settings(alarm: &Alarm, change: impl FnOnce(&mut MetricAlarm)) -> Alarm {
    let mut changed = alarm.clone();
    match &mut changed.kind {
        AlarmKind::Metric(settings) => change(settings),
        AlarmKind::Composite(_) | AlarmKind::Other(_) => {}
    }
    changed
}

/// `alarm` with its metric number `place` changed.
pub(super) fn with_stat(
    alarm: &Alarm,
    place: usize,
    change: impl FnOnce(&mut MetricStat),
) -> Alarm {
    with_settings(alarm, |settings| match &mut settings.source {
        Source::Metric(stat) => change(stat),
        Source::Math { queries, .. } => {
            let stats = queries.iter_mut().filter_map(|query| match &mut query.what {
                QueryKind::Stat(stat) => Some(stat),
                QueryKind::Expression { .. } => None,
            });
            if let Some(stat) = stats.into_iter().nth(place) {
                change(stat);
            }
        }
    })
}
