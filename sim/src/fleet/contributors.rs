//! What Contributor Insights counts: the traffic of each key, from the same requests as every metric.

use std::collections::BTreeMap;
use std::ops::Range;

use super::keys::{Key, Spread};
use super::names::Names;
use super::series::{CapacityMetric, series_chance};
use super::table::Table;
use super::tally::KeyLoad;
use super::{Fleet, minute_of};
use crate::both::DIMENSIONS;
use crate::facts::{Dimension, Epoch, InsightRule, RuleKind};

/// `ConsumedThroughputUnits` of a write unit; a read unit is one ("Contributor Insights for DynamoDB: How it
/// works": three times the write units and the read units).
const PER_WRITE_UNIT: f64 = 3.0;
/// Keys of the even rest that are seen in a minute.
const PASSERS: i64 = 12;
/// The finest part of consumption that is told.
const HALF_UNIT: f64 = 0.5;

/// A partition key value or a pair of it with a sort key value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Contributor {
    key: Key,
    /// Which of the key's items, in a rule of pairs.
    item: Option<u32>,
}

/// What a rule counted in a minute.
#[derive(Debug)]
pub(crate) struct RuleMinute {
    /// Minutes since the Unix epoch.
    pub(crate) minute: i64,
    /// Over all contributors, seen or not.
    pub(crate) aggregate: f64,
    /// The contributors that are seen, unordered.
    pub(crate) contributors: BTreeMap<Contributor, f64>,
    /// Requests of contributors that are not placed one by one.
    rest: f64,
}

/// What a rule counted in some minutes.
#[derive(Debug)]
pub(crate) struct RuleReport {
    kind: RuleKind,
    names: Names,
    /// Ascending; a minute in which nothing was counted is missing.
    pub(crate) minutes: Vec<RuleMinute>,
    /// Contributors that are not placed one by one.
    rest: f64,
}

impl RuleReport {
    /// The key attributes that make up a contributor.
    pub(crate) fn labels(&self) -> &[String] {
        let labels = self.names.labels();
        let count = if self.kind.is_of_pairs() { 2 } else { 1 };
        labels.get(..count).unwrap_or(labels)
    }

    /// The key values of a contributor.
    pub(crate) fn values(&self, contributor: Contributor) -> Vec<String> {
        let Contributor { key, item } = contributor;
        let sort = item.map(|item| self.names.sort(key, item));
        std::iter::once(self.names.partition(key)).chain(sort).collect()
    }

    /// About how many contributors there were: those seen, or as many as that many requests meet by chance.
    #[expect(clippy::cast_possible_truncation, reason = "keys are counted in millions")]
    pub(crate) fn unique(&self, seen: usize) -> i64 {
        let requests: f64 = self.minutes.iter().map(|minute| minute.rest).sum();
        let met = self.rest * (1.0 - (-requests / self.rest.max(1.0)).exp());
        (met.round() as i64).max(i64::try_from(seen).unwrap_or(i64::MAX))
    }
}

impl Fleet {
    /// All rules of Contributor Insights, by table and index.
    pub(crate) fn insight_rules(&self, now: Epoch) -> Vec<InsightRule> {
        self.insights(None, now)
            .iter()
            .flat_map(|state| state.rules().collect::<Vec<_>>())
            .collect()
    }

    /// What a rule counted in some minutes, as `CloudWatch` shows it at `now`. `None` is no such rule.
    pub(crate) fn insight_report(
        &mut self,
        rule: &str,
        minutes: Range<i64>,
        now: Epoch,
    ) -> Option<RuleReport> {
        let states = self.insights(None, now);
        let (state, rule) = states
            .iter()
            .find_map(|state| Some((state, state.rules().find(|known| known.name == rule)?)))?;
        let table = self.tables.get_mut(&state.table)?;
        table.advance(now);
        let number = table.number(state.index.as_deref())?;
        Some(table.report(number, &rule, minutes.start..minutes.end.min(minute_of(now)), now))
    }
}

impl Table {
    fn report(
        &self,
        number: usize,
        rule: &InsightRule,
        minutes: Range<i64>,
        now: Epoch,
    ) -> RuleReport {
        // It begins with the first whole minute.
        let begin = minutes.start.max(minute_of(rule.since + 59.999)).max(self.born);
        let series = series_chance(self.chance, rule.kind.code(), number);
        let published = (begin..minutes.end)
            .filter(|minute| self.publisher.first_seen(series, *minute, 1) <= now);
        let even = self.flows(number).map(Spread::even_keys);
        let (rest, count) =
            even.fold((0, 1), |(rest, all), (first, keys)| (keys.max(rest), all.max(first + keys)));
        let items = if rule.kind.is_of_pairs() { f64::from(self.sort_keys(number)) } else { 1.0 };
        RuleReport {
            kind: rule.kind,
            names: self.names(number, count),
            minutes: published
                .filter_map(|minute| self.counts(number, rule.kind, minute))
                .collect(),
            rest: rest as f64 * items,
        }
    }

    fn flows(&self, number: usize) -> impl Iterator<Item = &Spread> {
        let resource = self.resources.get(number).into_iter();
        resource.flat_map(|one| DIMENSIONS.into_iter().flat_map(|d| one.flows.of(d)))
    }

    fn sort_keys(&self, number: usize) -> u32 {
        self.flows(number).map(Spread::sort_keys).max().unwrap_or(1)
    }

    fn names(&self, number: usize, count: u64) -> Names {
        let spec = &self.spec;
        let index = number.checked_sub(1).and_then(|index| spec.indexes.get(index));
        match index {
            Some(index) => {
                let chance = self.chance.named(&index.name);
                Names::new(&index.key_names, &spec.name, &index.key_schema, count, chance)
            }
            None => Names::new(&spec.key_names, &spec.name, &spec.key_schema, count, self.chance),
        }
    }

    /// What a rule counts in one minute; `None` if nothing.
    fn counts(&self, number: usize, kind: RuleKind, minute: i64) -> Option<RuleMinute> {
        let (mut aggregate, mut rest) = (0.0, 0.0);
        let mut contributors = BTreeMap::new();
        for dimension in DIMENSIONS {
            let total = self.counted(number, kind, dimension, minute);
            let loads = self.loads(number, dimension, minute);
            let amount = |load: &KeyLoad| {
                if kind.is_of_throttles() { load.refused } else { load.kept }
            };
            let whole: f64 = loads.iter().map(amount).sum();
            if total <= 0.0 || whole <= 0.0 {
                continue;
            }
            let of_kind = |load: &&KeyLoad| load.of_items || !kind.is_of_pairs();
            for load in loads.iter().filter(of_kind) {
                let value = amount(load) / whole * total;
                aggregate += value;
                let one = total / whole * if kind.is_of_throttles() { 1.0 } else { load.units };
                let keys = match load.key {
                    Some(key) => vec![(key, value)],
                    None => self.passers(number, dimension, (value, one), minute),
                };
                rest += if load.key.is_none() { value / one } else { 0.0 };
                let items = if kind.is_of_pairs() { Some(load.sort_keys) } else { None };
                for key in keys {
                    spread(items, key, &mut contributors);
                }
            }
        }
        let grain = if kind.is_of_throttles() { 1.0 } else { HALF_UNIT };
        for value in contributors.values_mut() {
            *value = (*value / grain).round() * grain;
        }
        contributors.retain(|_, value| *value > 0.0);
        let aggregate = (aggregate / grain).round() * grain;
        (aggregate > 0.0).then_some(RuleMinute { minute, aggregate, contributors, rest })
    }

    /// What the published metric counts, in the unit of the rule. Writes that an index throttles are not
    /// measured.
    fn counted(&self, number: usize, kind: RuleKind, dimension: Dimension, minute: i64) -> f64 {
        let sum =
            |metric| self.capacity_datum(metric, number, minute).map_or(0.0, |datum| datum.sum);
        match (kind.is_of_throttles(), dimension) {
            (true, Dimension::Write) if number > 0 => 0.0,
            (true, _) => sum(CapacityMetric::Throttles(dimension)),
            (false, Dimension::Read) => sum(CapacityMetric::Consumed(dimension)),
            (false, Dimension::Write) => PER_WRITE_UNIT * sum(CapacityMetric::Consumed(dimension)),
        }
    }

    /// Some keys of the even rest: those that chance favours most in a minute. `one` is what one request
    /// counts.
    fn passers(
        &self,
        number: usize,
        dimension: Dimension,
        (value, one): (f64, f64),
        minute: i64,
    ) -> Vec<(Key, f64)> {
        let flow = self.resources.get(number).and_then(|one| one.flows.of(dimension).first());
        let Some((first, keys)) = flow.map(Spread::even_keys) else { return vec![] };
        let keys = keys.max(1);
        let chance = self.chance.named("passers").numbered(number as u64);
        let mean = value / one / keys as f64;
        let passer = |nth: i64| {
            let draw = minute * PASSERS + nth;
            let requests = (mean + mean.sqrt() * (1.5 + chance.unit(draw))).round().max(1.0);
            (Key::Ranked(first + chance.bits(draw) % keys), requests * one)
        };
        let mut left = value;
        let seen = (0..PASSERS).map(passer).take_while(|(_, value)| {
            left -= value;
            left >= 0.0
        });
        seen.collect()
    }

    /// What each key was asked for in a minute: as it was tallied, or in a calm one by its popularity.
    fn loads(&self, number: usize, dimension: Dimension, minute: i64) -> Vec<KeyLoad> {
        let tallied = self.stress_at(minute).map(|stress| stress.loads.of(dimension));
        match tallied.filter(|loads| !loads.is_empty()) {
            Some(loads) => {
                loads.iter().filter(|(of, _)| *of == number).map(|(_, load)| *load).collect()
            }
            None => self.calm_loads(number, dimension, minute),
        }
    }

    fn calm_loads(&self, number: usize, dimension: Dimension, minute: i64) -> Vec<KeyLoad> {
        let index = number.checked_sub(1).and_then(|index| self.spec.indexes.get(index));
        let Some(resource) = self.resources.get(number) else { return vec![] };
        let flows = resource.flows.of(dimension);
        let mut loads = Vec::new();
        for source in self.sources.iter().filter(|source| source.dimension() == dimension) {
            let items = source.rate(minute) * source.spec.items * 60.0;
            let of_items = !source.spec.operation.is_query();
            let asked = if source.resource == number {
                Some((items, source.spec.units, source.flow))
            } else {
                index
                    .filter(|_| dimension == Dimension::Write && source.resource == 0)
                    .map(|index| (items * index.write_share, index.write_units, 0))
            };
            let Some((items, units, flow)) = asked.filter(|(items, ..)| *items > 0.0) else {
                continue;
            };
            let Some(flow) = flows.get(flow) else { continue };
            let load = |key, share: f64| KeyLoad {
                key,
                kept: items * units * share,
                refused: 0.0,
                units,
                of_items,
                sort_keys: flow.sort_keys(),
            };
            loads.extend(flow.weights(minute).map(|one| load(Some(one.key), one.share)));
            loads.push(load(None, flow.even_share()));
        }
        loads.retain(|load| load.kept > 0.0);
        loads
    }
}

/// Files what a key is due, over its items in a rule of pairs.
fn spread(items: Option<u32>, (key, value): (Key, f64), into: &mut BTreeMap<Contributor, f64>) {
    let mut file = |item, value| *into.entry(Contributor { key, item }).or_default() += value;
    let Some(items) = items else { return file(None, value) };
    let harmonic: f64 = (1..=items).map(|rank| 1.0 / f64::from(rank)).sum();
    for item in 0..items {
        file(Some(item), value / f64::from(item + 1) / harmonic);
    }
}

#[cfg(test)]
mod tests;
