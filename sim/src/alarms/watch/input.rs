//! One metric that an alarm reads.

use std::ops::Range;

use super::Look;
use crate::facts::{Datum, Epoch};
use crate::fleet::{Fleet, MetricRef, Publication};
use crate::metric::statistic::Statistic;
use crate::scenario::spec::alarms::WatchedSpec;

/// A metric with the statistic that is wanted of it.
#[derive(Debug)]
pub(super) struct Input {
    namespace: String,
    metric: String,
    dimensions: Vec<(String, String)>,
    statistic: Statistic,
    unit: Option<String>,
}

/// Some minutes of a metric, one place each.
#[derive(Debug)]
pub(super) struct Read {
    begin: i64,
    minutes: Vec<Option<Minute>>,
}

/// A minute of a metric.
#[derive(Debug, Clone, Copy)]
pub(super) struct Minute {
    /// From when on all of it is seen, and the statistic of it alone.
    since: Epoch,
    value: Option<f64>,
    pub(super) publication: Publication,
}

impl Read {
    /// Returns the places of some minutes, as far as they were read.
    pub(super) fn of(&self, minutes: Range<i64>) -> &[Option<Minute>] {
        let place =
            |minute: i64| usize::try_from(minute - self.begin).unwrap_or(0).min(self.minutes.len());
        self.minutes.get(place(minutes.start)..place(minutes.end)).unwrap_or_default()
    }
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

    /// Reads some minutes. A metric that does not exist, or has another unit, has no data.
    pub(super) fn read(&self, fleet: &mut Fleet, minutes: Range<i64>, now: Epoch) -> Read {
        let length = usize::try_from(minutes.end - minutes.start).unwrap_or(0);
        let begin = minutes.start;
        let mut read = Read { begin, minutes: vec![None; length] };
        let metric = MetricRef {
            namespace: &self.namespace,
            name: &self.metric,
            dimensions: &self.dimensions,
        };
        if self.unit.as_deref().is_some_and(|unit| Some(unit) != fleet.unit(metric)) {
            return read;
        }
        let Some(truth) = fleet.truth(metric, minutes, now) else { return read };
        for publication in truth.publications() {
            let place = usize::try_from(publication.minute() - begin).ok();
            if let Some(place) = place.and_then(|place| read.minutes.get_mut(place)) {
                let value = self.statistic.over(&[publication.settled()]);
                *place = Some(Minute { since: publication.settled_at(), value, publication });
            }
        }
        read
    }

    /// Computes the statistic of one period, of what is seen of it.
    pub(super) fn value(&self, data: &[Option<Minute>], look: Look) -> Option<f64> {
        if let [single] = data {
            let single = single.as_ref()?;
            if single.since <= look.at {
                return single.value;
            }
            return self.statistic.over(&[look.sees(&single.publication)?]);
        }
        let seen = data.iter().flatten().filter_map(|one| look.sees(&one.publication));
        self.statistic.over(&seen.collect::<Vec<Datum>>())
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
