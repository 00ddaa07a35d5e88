//! Metrics of other namespaces: scripted values without a physics of their own.

use std::ops::Range;

use super::HISTORY_MINUTES;
use super::MetricRef;
use super::chance::Chance;
use super::demand::factor;
use super::publish::{Publisher, Truth};
use crate::facts::{Datum, MetricId};
use crate::scenario::spec::alarms::SignalSpec;

/// One metric, for example `CPUUtilization` of a database.
#[derive(Debug)]
pub(super) struct Signal {
    spec: SignalSpec,
    /// Its dimensions, as they are published.
    dimensions: Vec<(String, String)>,
    publisher: Publisher,
    chance: Chance,
}

impl Signal {
    /// The signals of a scenario.
    pub(super) fn all(specs: &[SignalSpec], publisher: Publisher, chance: Chance) -> Vec<Self> {
        let signal = |spec: &SignalSpec| {
            let dimensions: Vec<(String, String)> = spec.dimensions.clone().into_iter().collect();
            let named = chance.named(&spec.namespace).named(&spec.metric);
            let chance = dimensions
                .iter()
                .fold(named, |chance, (name, value)| chance.named(name).named(value));
            Self { spec: spec.clone(), dimensions, publisher, chance }
        };
        specs.iter().map(signal).collect()
    }

    /// Tells whether it is the metric asked for.
    pub(super) fn is(&self, metric: MetricRef<'_>) -> bool {
        metric.namespace == self.spec.namespace
            && metric.name == self.spec.metric
            && metric.dimensions.len() == self.dimensions.len()
            && metric.dimensions.iter().all(|dimension| self.dimensions.contains(dimension))
    }

    pub(super) fn id(&self) -> MetricId {
        let dimensions = self.dimensions.iter().cloned();
        MetricId {
            namespace: self.spec.namespace.clone().into(),
            name: self.spec.metric.clone().into(),
            dimensions: dimensions.map(|(name, value)| (name.into(), value)).collect(),
        }
    }

    pub(super) fn unit(&self) -> &str {
        &self.spec.unit
    }

    /// Its data in some minutes; it is as old as the history of the scenario's own tables.
    pub(super) fn truth(&self, minutes: Range<i64>) -> Truth {
        let born = self.publisher.start - HISTORY_MINUTES;
        let minutes = minutes.start.max(born)..minutes.end;
        let data = minutes.filter_map(|minute| self.datum(minute)).collect();
        Truth::new(self.chance, 1, self.publisher, data)
    }

    fn datum(&self, minute: i64) -> Option<Datum> {
        let spec = &self.spec;
        let since = minute - self.publisher.start;
        let is_silent = spec.from.is_some_and(|from| since < from)
            || spec.until.is_some_and(|until| since >= until);
        let noise = 1.0 + spec.noise * self.chance.named("noise").signed(minute);
        let value = spec.value * noise * factor(&spec.changes, since);
        let value = if spec.whole { self.chance.round(value, minute) } else { value };
        if is_silent || (spec.sparse && value <= 0.0) {
            return None;
        }
        let samples = spec.samples;
        Some(Datum { minute, sum: value * samples, min: value, max: value, samples, spread: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::Fleet;
    use crate::scenario::Scenario;

    #[test]
    fn a_signal_has_its_value_where_it_is_published_and_nothing_elsewhere() {
        let toml = "start = '2026-11-22T12:00:00Z'\nlate_share = 0.0
            [[signal]]\nnamespace = 'AWS/Lambda'\nmetric = 'Errors'\nvalue = 2\nsparse = true
            dimensions = { FunctionName = 'ship' }\nunit = 'Count'\nsamples = 3\nfrom = -30
            change = [{ at = -20, lasts = 5, factor = 0 }]";
        let mut fleet = Fleet::new(&Scenario::parse("test", toml).unwrap(), 1, None);
        let now = fleet.start();
        #[expect(clippy::cast_possible_truncation, reason = "epoch minutes fit")]
        let start = (now / 60.0) as i64;
        let dimensions = [("FunctionName".to_owned(), "ship".to_owned())];
        let metric = |namespace: &'static str| MetricRef {
            namespace,
            name: "Errors",
            dimensions: &dimensions,
        };
        let truth = fleet.truth(metric("AWS/Lambda"), start - 60..start + 60, now).unwrap();
        let data = truth.seen(now + 600.0);
        assert_eq!(data.len(), 25, "from 30 minutes ago, without the five of the gap");
        assert!(data.iter().all(|datum| (datum.sum - 6.0).abs() < 1e-9 && datum.minute < start));
        assert!(data.iter().all(|d| !(start - 20..start - 15).contains(&d.minute)));
        assert_eq!(fleet.unit(metric("AWS/Lambda")), Some("Count"));
        assert!(fleet.truth(metric("AWS/RDS"), start - 60..start, now).is_none());
        let listed = fleet.metrics(now);
        assert!(listed.iter().any(|metric| metric.namespace == "AWS/Lambda"), "{listed:?}");
    }
}
