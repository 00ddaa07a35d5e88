//! One metric that an alarm reads.

use std::ops::Range;

use super::Look;
use crate::sim::facts::{Datum, Epoch};
use crate::sim::fleet::{Fleet, MetricRef, Publication};
use crate::sim::metric::statistic::Statistic;
use crate::sim::scenario::spec::alarms::WatchedSpec;

/// A metric with the statistic that is wanted of it.
#[derive(Debug)]
pub(super) struct Input {
    namespace: String,
    metric: String,
    dimensions: Vec<(String, String)>,
    statistic: Statistic,
    unit: Option<String>,
}

impl Input {
    /// `None` if the statistic does not exist, which a scenario is refused for.
    pub(super) fn new(spec: &WatchedSpec) -> Option<Self> {
        Some(Self {
            namespace: spec.namespace.clone(),
            metric: spec.metric.clone()?,
            dimensions: spec.dimensions.clone().into_iter().collect(),
            statistic: Statistic::parse(spec.stat())?,
            unit: spec.unit.clone(),
        })
    }

    /// Reads some minutes, one place each. A metric that does not exist, or has another unit, has no data.
    pub(super) fn read(
        &self,
        fleet: &mut Fleet,
        minutes: Range<i64>,
        now: Epoch,
    ) -> Vec<Option<Publication>> {
        let length = usize::try_from(minutes.end - minutes.start).unwrap_or(0);
        let mut found = vec![None; length];
        let metric = MetricRef {
            namespace: &self.namespace,
            name: &self.metric,
            dimensions: &self.dimensions,
        };
        if self.unit.as_deref().is_some_and(|unit| Some(unit) != fleet.unit(metric)) {
            return found;
        }
        let begin = minutes.start;
        let Some(truth) = fleet.truth(metric, minutes, now) else { return found };
        for publication in truth.publications() {
            let place = usize::try_from(publication.minute() - begin).ok();
            if let Some(place) = place.and_then(|place| found.get_mut(place)) {
                *place = Some(publication);
            }
        }
        found
    }

    /// Computes the statistic of one period, of what is seen of it.
    pub(super) fn value(&self, data: &[Option<Publication>], look: Look) -> Option<f64> {
        if let [single] = data {
            let datum = look.sees(single.as_ref()?)?;
            return self.statistic.over(std::slice::from_ref(&datum));
        }
        let seen: Vec<Datum> = data.iter().flatten().filter_map(|one| look.sees(one)).collect();
        self.statistic.over(&seen)
    }

    /// Returns the share of a percentile, 0 to 1.
    pub(super) fn percentile(&self) -> Option<f64> {
        match self.statistic {
            Statistic::Percentile { share, .. } => Some(share),
            Statistic::Sum
            | Statistic::Average
            | Statistic::Minimum
            | Statistic::Maximum
            | Statistic::SampleCount => None,
        }
    }
}
