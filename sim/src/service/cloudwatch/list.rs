//! `ListMetrics`, within the limits its API reference gives.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{invalid, invalid_token, whole_minutes};
use crate::facts::{Epoch, MetricId};
use crate::service::{Ask, Token, constraint};
use crate::wire::Refusal;

/// Metrics per page (API reference, `ListMetrics`).
const LIST_PAGE: usize = 500;

/// Dimension filters, at most (API reference, `ListMetrics`).
const LIST_FILTERS: usize = 10;

/// The metrics of the fleet, found once for all pages of a listing.
///
/// `ListMetrics` is minutes behind on AWS too, so that one list serves for a minute.
#[derive(Debug, Default)]
pub(crate) struct MetricList {
    minute: Option<i64>,
    metrics: Vec<MetricId>,
}

impl MetricList {
    fn refresh(&mut self, now: Epoch, read: impl FnOnce() -> Vec<MetricId>) {
        let minute = Some(whole_minutes(now));
        if self.minute != minute {
            *self = Self { minute, metrics: read() };
        }
    }
}

/// A dimension of a metric; as a filter its value may be absent.
#[derive(Deserialize, Hash)]
#[serde(rename_all = "PascalCase")]
struct DimensionFilter {
    name: String,
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListInput {
    namespace: Option<String>,
    metric_name: Option<String>,
    #[serde(default)]
    dimensions: Vec<DimensionFilter>,
    next_token: Option<String>,
    recently_active: Option<String>,
}

impl ListInput {
    fn error(&self) -> Option<String> {
        if self.dimensions.len() > LIST_FILTERS {
            return Some(format!(
                "The collection Dimensions must not have a size greater than {LIST_FILTERS}."
            ));
        }
        match self.recently_active.as_deref() {
            None | Some("PT3H") => None,
            Some(other) => {
                let rule = "Member must satisfy enum value set: [PT3H]";
                Some(constraint(&other, "recentlyActive", rule))
            }
        }
    }

    /// Tells whether a metric is asked for: a dimension filter is met by any metric that has the dimension,
    /// whatever others it has besides.
    fn keeps(&self, metric: &MetricId) -> bool {
        self.namespace.as_deref().is_none_or(|namespace| namespace == metric.namespace)
            && self.metric_name.as_deref().is_none_or(|name| name == metric.name)
            && self.dimensions.iter().all(|filter| {
                let value = filter.value.as_ref();
                let meets = |(name, have): &(Cow<'static, str>, String)| {
                    *name == filter.name && value.is_none_or(|wanted| wanted == have)
                };
                metric.dimensions.iter().any(meets)
            })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListOutput<'a> {
    metrics: Vec<ListedMetric<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListedMetric<'a> {
    namespace: &'a str,
    metric_name: &'a str,
    dimensions: Vec<Dimension<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Dimension<'a> {
    name: &'a str,
    value: &'a str,
}

impl<'a> ListedMetric<'a> {
    fn new(metric: &'a MetricId) -> Self {
        let dimension = |(name, value): &'a (Cow<'static, str>, String)| Dimension { name, value };
        Self {
            namespace: &metric.namespace,
            metric_name: &metric.name,
            dimensions: metric.dimensions.iter().map(dimension).collect(),
        }
    }
}

pub(super) fn answer(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: ListInput = ask.input()?;
    ask.call.continued = input.next_token.is_some();
    if let Some(message) = input.error() {
        return Err(invalid(message));
    }
    // Every series of the fleet was active within three hours, so that `RecentlyActive` changes nothing.
    let question = (&input.namespace, &input.metric_name, &input.dimensions);
    let start = match &input.next_token {
        Some(token) => Token::read(token, &question).ok_or_else(invalid_token)?.index,
        None => 0,
    };
    let (fleet, now) = (&mut *ask.fleet, ask.now);
    ask.metric_list.refresh(now, || fleet.metrics(now));
    let mut wanted =
        ask.metric_list.metrics.iter().filter(|metric| input.keeps(metric)).skip(start);
    let metrics: Vec<_> = wanted.by_ref().take(LIST_PAGE).map(ListedMetric::new).collect();
    let more = wanted.next().is_some();
    let next_token =
        more.then(|| Token { index: start + metrics.len(), within: 0 }.write(&question));
    ask.output(&ListOutput { metrics, next_token })
}
