//! The one table of rules, in the order findings are told.

use super::context::{Context, Watch};
use super::fault::Fault;
use super::{
    Rule, configuration, coverage, dimensions, meaning, missing, orphans, periods, silence,
};
use crate::model::alarm::Alarm;
use std::collections::HashSet;

/// A rule and what looks for it.
#[derive(Debug)]
pub(super) struct Row {
    /// The rule.
    pub(super) rule: Rule,
    /// What looks for it.
    pub(super) check: Check,
}

/// What a check looks at.
#[derive(Debug)]
pub(super) enum Check {
    /// Each metric of each alarm; one finding for each thing that the alarm is about.
    Metric(fn(&Watch<'_>) -> Option<Fault>),
    /// The same, but what is at fault is the alarm: one finding for each alarm.
    Settings(fn(&Watch<'_>) -> Option<Fault>),
    /// Each alarm, of whatever kind.
    Alarm(fn(&Context<'_>, &Alarm) -> Option<Fault>),
    /// The scope.
    Scope(fn(&Context<'_>) -> Vec<Fault>),
    /// Each alarm, once it is known which alarms do not work.
    Last(fn(&Context<'_>, &Alarm, &HashSet<&str>) -> Option<Fault>),
}

/// Every rule, by theme. Findings of the same severity come in this order.
static RULES: [&[Row]; 8] = [
    dimensions::RULES,
    meaning::RULES,
    missing::RULES,
    periods::RULES,
    orphans::RULES,
    silence::RULES,
    coverage::RULES,
    configuration::RULES,
];

/// Every row of the table.
pub(super) fn all() -> impl Iterator<Item = &'static Row> {
    RULES.iter().copied().flatten()
}

/// Where facts are from.
pub(super) mod source {
    /// Which dimensions metrics have, and what they count.
    pub(in crate::lint) const METRICS: &str =
        "Amazon DynamoDB Developer Guide, DynamoDB Metrics and dimensions";
    /// The same of DAX.
    pub(in crate::lint) const DAX: &str =
        "Amazon DynamoDB Developer Guide, Viewing DAX metrics and dimensions";
    /// What to watch of a cluster.
    pub(in crate::lint) const DAX_PRODUCTION: &str =
        "Amazon DynamoDB Developer Guide, DAX production monitoring";
    /// Which alarms AWS recommends.
    pub(in crate::lint) const RECOMMENDED: &str =
        "Amazon CloudWatch User Guide, Best practice alarm recommendations for AWS services";
    /// What missing data count as.
    pub(in crate::lint) const MISSING: &str = "Amazon CloudWatch User Guide, Configuring how \
         CloudWatch alarms treat missing data";
    /// What an alarm is made of.
    pub(in crate::lint) const PUT: &str = "Amazon CloudWatch API Reference, PutMetricAlarm";
    /// Contributor Insights.
    pub(in crate::lint) const INSIGHTS: &str =
        "Amazon DynamoDB Developer Guide, CloudWatch Contributor Insights for DynamoDB";
}
