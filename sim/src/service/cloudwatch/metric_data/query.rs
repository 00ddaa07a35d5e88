//! One query of `GetMetricData`.

#![expect(clippy::struct_field_names, reason = "the members have AWS's names")]

use serde::Deserialize;

use super::Window;
use crate::facts::Datum;
use crate::fleet::MetricRef;
use crate::metric::math::Item;
use crate::metric::statistic::Statistic;
use crate::service::Ask;

/// The longest `Id` (API reference, `MetricDataQuery`).
const MAX_ID: usize = 255;

/// Dimensions of a metric, at most (API reference, `Metric`).
const MAX_DIMENSIONS: usize = 30;

/// A `MetricDataQuery`.
#[derive(Deserialize, Hash)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Query {
    #[serde(default)]
    id: String,
    metric_stat: Option<MetricStat>,
    expression: Option<String>,
    label: Option<String>,
    account_id: Option<String>,
    return_data: Option<bool>,
}

#[derive(Deserialize, Hash)]
#[serde(rename_all = "PascalCase")]
struct MetricStat {
    metric: Metric,
    #[serde(default)]
    period: i64,
    #[serde(default)]
    stat: String,
    unit: Option<String>,
}

#[derive(Deserialize, Hash, PartialEq, Eq)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Metric {
    #[serde(default)]
    namespace: String,
    #[serde(default)]
    metric_name: String,
    #[serde(default)]
    dimensions: Vec<Dimension>,
}

#[derive(Deserialize, Hash, PartialEq, Eq)]
#[serde(rename_all = "PascalCase")]
struct Dimension {
    name: String,
    value: String,
}

/// One data point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    /// Minutes since the Unix epoch: the start of the period.
    pub(super) minute: i64,
    pub(super) value: f64,
}

impl Query {
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Returns the label given, or the metric's name, or the expression's id.
    pub(super) fn label(&self) -> &str {
        let name = || self.metric_stat.as_ref().map(|stat| stat.metric.metric_name.as_str());
        self.label.as_deref().or_else(name).unwrap_or(&self.id)
    }

    /// Tells whether its data are wanted for themselves.
    pub(super) fn returns_data(&self) -> bool {
        self.return_data != Some(false)
    }

    /// Returns the query as metric math sees it.
    pub(super) fn item(&self) -> Item<'_> {
        match &self.expression {
            Some(text) => Item::Expression(text),
            None => Item::Metric(self.metric_stat.as_ref().map_or(60, |stat| stat.period)),
        }
    }

    /// Words why its expression cannot be computed.
    pub(super) fn expression_error(&self, problem: &str) -> String {
        let expression = self.expression.as_deref().unwrap_or_default();
        format!("Error in expression '{}' [{expression}]: {problem}", self.id)
    }

    /// Tells whether the query names another account than the caller's.
    pub(super) fn is_foreign(&self, account: &str) -> bool {
        self.account_id.as_deref().is_some_and(|wanted| wanted != account)
    }

    /// Returns what AWS bills the query as.
    pub(super) fn billed_as(&self) -> Option<(&Metric, Option<&str>)> {
        let metric = self.metric_stat.as_ref().map(|stat| &stat.metric)?;
        Some((metric, self.account_id.as_deref()))
    }

    /// Checks the query, the `position`th of its request counted from 1.
    pub(super) fn check(&self, position: usize) -> Result<(), String> {
        let member = format!("MetricDataQueries.member.{position}");
        let mut letters = self.id.chars();
        let starts_well = letters.next().is_some_and(|c| c.is_ascii_lowercase());
        if !starts_well
            || self.id.len() > MAX_ID
            || !letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        {
            return Err(format!(
                "The value '{}' for parameter {member}.Id is not matching the expected \
                 pattern ^[a-z][A-Za-z0-9_]*$",
                self.id
            ));
        }
        match (&self.metric_stat, &self.expression) {
            (Some(_), Some(_)) => Err(format!(
                "The parameters {member}.MetricStat and {member}.Expression are mutually exclusive and \
                 you have specified both."
            )),
            (None, None) => Err(format!(
                "Exactly one of the parameters {member}.MetricStat and {member}.Expression is required."
            )),
            // Expressions are read together.
            (None, Some(_)) => Ok(()),
            (Some(stat), None) => stat.check(&member),
        }
    }

    /// Reads the query's data points, oldest first. What does not exist has none: AWS gives no error for an
    /// unknown metric, a wrong dimension, another unit, or a period too fine for data so old.
    pub(super) fn points(&self, ask: &mut Ask<'_>, window: Window) -> Vec<Point> {
        let Some(stat) = &self.metric_stat else { return Vec::new() };
        let Some(statistic) = Statistic::parse(&stat.stat) else { return Vec::new() };
        let dimensions: Vec<(String, String)> =
            stat.metric.dimensions.iter().map(|d| (d.name.clone(), d.value.clone())).collect();
        let metric = MetricRef {
            namespace: &stat.metric.namespace,
            name: &stat.metric.metric_name,
            dimensions: &dimensions,
        };
        // The fleet's metrics have minutes, so that finer periods have nothing.
        let too_fine = stat.period % 60 != 0 || stat.period % window.granularity != 0;
        let other_unit =
            stat.unit.as_deref().is_some_and(|unit| Some(unit) != ask.fleet.unit(metric));
        if too_fine || other_unit {
            return Vec::new();
        }
        let minutes = stat.period / 60;
        let truth = ask.fleet.truth(metric, window.span(minutes), ask.now);
        let data = truth.map(|truth| truth.seen(ask.now)).unwrap_or_default();
        let period = |datum: &Datum| datum.minute.div_euclid(minutes);
        data.chunk_by(|a, b| period(a) == period(b))
            .filter_map(|chunk| {
                let minute = period(chunk.first()?) * minutes;
                Some(Point { minute, value: statistic.over(chunk)? })
            })
            .collect()
    }
}

impl MetricStat {
    fn check(&self, member: &str) -> Result<(), String> {
        if self.metric.metric_name.is_empty() || self.metric.namespace.is_empty() {
            return Err(format!(
                "The parameters {member}.MetricStat.Metric.Namespace and MetricName are required."
            ));
        }
        if self.metric.dimensions.len() > MAX_DIMENSIONS {
            return Err(format!(
                "The collection {member}.MetricStat.Metric.Dimensions must not have a size greater than \
                 {MAX_DIMENSIONS}."
            ));
        }
        let high_resolution = matches!(self.period, 1 | 5 | 10 | 20 | 30);
        if self.period < 1 || (self.period % 60 != 0 && !high_resolution) {
            return Err(format!(
                "The parameter {member}.MetricStat.Period must be 1, 5, 10, 20, 30 or a multiple of 60."
            ));
        }
        if Statistic::parse(&self.stat).is_none() {
            return Err(format!(
                "The value {} for parameter {member}.MetricStat.Stat is not supported.",
                self.stat
            ));
        }
        Ok(())
    }
}
