//! One table with its indexes, traffic and scaling: how it moves on minute by minute.

use std::collections::BTreeMap;

use super::capacity::{Bound, ByReason, Resource, Wave};
use super::chance::Chance;
use super::dax::{self, Cluster};
use super::demand::Source;
use super::insights::Watch;
use super::publish::Publisher;
use super::scaling::Scaler;
use super::tally::KeyLoad;
use crate::both::{Both, DIMENSIONS};
use crate::facts::{Activity, Dimension, Epoch};
use crate::scenario::spec::TableSpec;
use crate::scenario::spec::inventory::InsightsSpec;

/// Minutes that are forgotten at a time, once they are older than the history that is kept.
const FORGOTTEN_AT_ONCE: i64 = 60;

/// What a table is made of, and the world it lives in.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    /// The account's table-level quota, units per second.
    pub(super) quota: Both<u64>,
    /// The scenario's start, minutes.
    pub(super) start: i64,
    /// Minutes of history before the start, and kept at any time.
    pub(super) history: i64,
    pub(super) chance: Chance,
    pub(super) publisher: Publisher,
    /// The caches that some of its traffic goes through.
    pub(super) clusters: &'a [Cluster],
}

/// The requests of one source in one minute.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Requests {
    /// Requests that succeeded, at least in part.
    pub(super) admitted: f64,
    /// Requests that were refused, whole ones.
    pub(super) throttled: f64,
}

/// A minute that was not all admitted as asked.
#[derive(Debug, Clone)]
pub(super) struct Stress {
    pub(super) minute: i64,
    /// Throttle events of each resource.
    pub(super) refused: Vec<Both<ByReason>>,
    /// Requests of each source.
    pub(super) requests: Vec<Requests>,
    /// What each direction was for, by resource, where it was stepped and Contributor Insights counts.
    pub(super) loads: Both<Vec<(usize, KeyLoad)>>,
}

/// A table at work.
#[derive(Debug)]
pub(super) struct Table {
    /// Its traffic is in `sources`.
    pub(super) spec: TableSpec,
    /// The first minute of its history that is kept.
    pub(super) born: i64,
    /// Minutes of history that are kept, or up to an hour more.
    history: i64,
    /// The scenario's start, minutes.
    pub(super) start: i64,
    pub(super) chance: Chance,
    pub(super) publisher: Publisher,
    /// The table itself, then its indexes.
    pub(super) resources: Vec<Resource>,
    pub(super) sources: Vec<Source>,
    pub(super) scalers: Vec<Scaler>,
    pub(super) activities: Vec<Activity>,
    /// Contributor Insights that was changed since the start, by resource.
    pub(super) watched: BTreeMap<usize, Watch>,
    /// Heat of the table's hottest partition, percent of its limit, one per minute.
    pub(super) heat: Vec<u8>,
    /// Minutes with refusals or blips, ascending.
    pub(super) stressed: Vec<Stress>,
    /// The first minute not yet simulated, and until when autoscaling's part in it is decided.
    next: i64,
    decided: Option<Epoch>,
    rates: Vec<f64>,
    pub(super) waves: Vec<Wave>,
    /// The writes of the present second on each index.
    pub(super) index_waves: Vec<Wave>,
    /// Steps every minute; the tests compare that with the closed form.
    #[cfg(test)]
    pub(super) always_step: bool,
}

impl Table {
    /// Builds a table as it is when its history begins.
    pub(super) fn new(mut spec: TableSpec, around: &Surroundings<'_>) -> Self {
        let born = around.start - around.history.min(i64::from(spec.age_hours) * 60);
        let chance = around.chance.named(&spec.name);
        let at = born as f64 * 60.0;
        let mut resources =
            vec![Resource::new(&spec.capacity, around.quota, spec.gigabytes, at, chance)];
        let mut scalers = Scaler::all(&spec.capacity.scaling, 0, &spec.name, None, chance);
        for (number, index) in spec.indexes.iter().enumerate() {
            let chance = chance.named(&index.name);
            let gigabytes = spec.gigabytes * index.item_share;
            let mut resource = Resource::new(&index.capacity, around.quota, gigabytes, at, chance);
            resource.add_flow(Dimension::Write, index.keys);
            resources.push(resource);
            let scaling = &index.capacity.scaling;
            scalers.extend(Scaler::all(scaling, number + 1, &spec.name, Some(&index.name), chance));
        }
        let mut sources = Vec::new();
        for (number, traffic) in std::mem::take(&mut spec.traffic).into_iter().enumerate() {
            let named = |name: &str| spec.indexes.iter().position(|index| index.name == name);
            let resource = traffic.index.as_deref().and_then(named).map_or(0, |index| index + 1);
            let Some(target) = resources.get_mut(resource) else { continue };
            let mut clusters = around.clusters.iter();
            let passage = clusters.find_map(|cluster| cluster.passage(&spec.name, number));
            let chance = dax::source_chance(chance, number);
            for (traffic, passage) in dax::parts(traffic, passage) {
                let flow = target.add_flow(traffic.operation.dimension(), traffic.keys);
                let source = Source::new(traffic, around.start, resource, flow, chance);
                sources.push(source.through(passage));
            }
        }
        let insights = std::iter::once(spec.contributor_insights)
            .chain(spec.indexes.iter().map(|index| index.contributor_insights));
        for (resource, insights) in resources.iter_mut().zip(insights) {
            resource.is_watched = insights.is_some_and(InsightsSpec::has_rules);
        }
        Self {
            spec,
            born,
            history: around.history,
            start: around.start,
            chance,
            publisher: around.publisher,
            resources,
            sources,
            scalers,
            activities: Vec::new(),
            watched: BTreeMap::new(),
            heat: Vec::new(),
            stressed: Vec::new(),
            next: born,
            decided: None,
            rates: Vec::new(),
            waves: Vec::new(),
            index_waves: Vec::new(),
            #[cfg(test)]
            always_step: false,
        }
    }

    /// Simulates all minutes that are over at `now`, and decides what autoscaling does until then.
    pub(super) fn advance(&mut self, now: Epoch) {
        let present = super::minute_of(now);
        while self.next < present {
            if self.decided.is_none() {
                self.set_by_hand(self.next);
            }
            self.decide(self.next, self.decided, f64::MAX);
            self.live(self.next);
            self.next += 1;
            self.decided = None;
            if self.next - self.born >= self.history + FORGOTTEN_AT_ONCE {
                self.forget();
            }
        }
        if self.next == present && self.decided.is_none_or(|decided| decided < now) {
            if self.decided.is_none() {
                self.set_by_hand(present);
            }
            self.decide(present, self.decided, now);
            self.decided = Some(now);
        }
    }

    /// Advances to `now` and gives the earliest moment that can still be changed: what has been
    /// simulated or decided is past, whatever a caller's clock says.
    pub(super) fn changeable(&mut self, now: Epoch) -> Epoch {
        self.advance(now);
        now.max(self.decided.unwrap_or(self.next as f64 * 60.0))
    }

    /// Lets go of the oldest hour: what is kept depends on the minute that is reached alone.
    fn forget(&mut self) {
        self.born += FORGOTTEN_AT_ONCE;
        let minutes = usize::try_from(FORGOTTEN_AT_ONCE).unwrap_or_default();
        for resource in &mut self.resources {
            resource.forget(minutes);
        }
        self.heat.drain(..minutes.min(self.heat.len()));
        let (born, begin) = (self.born, self.born as f64 * 60.0);
        self.stressed.retain(|stress| stress.minute >= born);
        self.activities.retain(|activity| activity.start >= begin);
    }

    /// The first minute that is not over yet.
    pub(super) fn end(&self) -> i64 {
        self.next
    }

    /// Lives one minute: in closed form where no second can reach a limit, else second by second.
    fn live(&mut self, minute: i64) {
        self.rates.clear();
        self.rates.extend(self.sources.iter().map(|source| source.rate(minute)));
        for resource in &mut self.resources {
            resource.grow_partitions();
            resource.heat = 0.0;
        }
        let mut stress = None;
        for dimension in DIMENSIONS {
            if self.is_calm(dimension, minute) {
                for number in 0..self.resources.len() {
                    let bound = self.bound(dimension, number);
                    if let Some(resource) = self.resources.get_mut(number) {
                        resource.spend_calm_minute(dimension, bound);
                    }
                }
            } else {
                self.step(dimension, minute, &mut stress);
            }
        }
        let heat = self.resources.first().map_or(0.0, |resource| resource.heat);
        self.heat.push(percent(heat));
        self.stressed.extend(stress);
    }

    fn is_calm(&self, dimension: Dimension, minute: i64) -> bool {
        #[cfg(test)]
        if self.always_step {
            return false;
        }
        let quiet = self
            .sources
            .iter()
            .filter(|source| source.dimension() == dimension)
            .all(|source| source.backlog <= 0.0 && source.blip(minute).is_none());
        quiet
            && self.resources.iter().enumerate().all(|(number, resource)| {
                resource.is_calm(dimension, minute, self.bound(dimension, number))
            })
    }

    /// What the present minute can ask of a resource.
    fn bound(&self, dimension: Dimension, number: usize) -> Bound {
        let mut bound = Bound::default();
        let Some(resource) = self.resources.get(number) else { return bound };
        let flows = resource.flows.of(dimension);
        let index = number.checked_sub(1).and_then(|index| self.spec.indexes.get(index));
        let sources = self.sources.iter().zip(&self.rates);
        for (source, rate) in sources.filter(|(source, _)| source.dimension() == dimension) {
            let spec = &source.spec;
            if source.resource == number {
                let mean = rate * spec.items * spec.units;
                bound.add(mean, spec.jitter, flows.get(source.flow));
            } else if dimension == Dimension::Write
                && let Some(index) = index
            {
                let mean = rate * spec.items * index.write_share * index.write_units;
                bound.add(mean, spec.jitter, flows.first());
            }
        }
        bound
    }

    /// Lives one minute of one direction second by second.
    fn step(&mut self, dimension: Dimension, minute: i64, stress: &mut Option<Stress>) {
        let mut totals = vec![Requests::default(); self.sources.len()];
        let mut consumed = vec![0.0; self.resources.len()];
        let mut blipped = false;
        let mut tallies = self.tallies(dimension);
        for resource in &mut self.resources {
            resource.begin_minute(dimension, minute);
        }
        for second in 0..60 {
            let at = (minute * 60 + second) as f64;
            for resource in &mut self.resources {
                resource.begin_second(dimension, at);
            }
            blipped |= self.send_waves(dimension, minute, second);
            match dimension {
                Dimension::Read => self.read(&mut consumed),
                Dimension::Write => self.write(&mut consumed),
            }
            self.tally(dimension, &mut tallies);
            self.count(dimension, &mut totals);
        }
        let loads = self.tallied(dimension, minute, &tallies);
        let mut refused = vec![ByReason::default(); self.resources.len()];
        for ((resource, consumed), refused) in
            self.resources.iter_mut().zip(&consumed).zip(&mut refused)
        {
            resource.record(dimension, *consumed);
            *refused = resource.end_minute(dimension, minute);
        }
        for (source, total) in self.sources.iter_mut().zip(&totals) {
            source.throttled_carry += total.throttled;
        }
        if blipped || refused.iter().any(|events| events.total() > 0.0) {
            let stress = stress.get_or_insert_with(|| self.unstressed(minute));
            *stress.loads.of_mut(dimension) = loads;
            for (both, events) in stress.refused.iter_mut().zip(refused) {
                *both.of_mut(dimension) = events;
            }
            for ((requests, total), source) in
                stress.requests.iter_mut().zip(totals).zip(&mut self.sources)
            {
                if source.dimension() == dimension {
                    let throttled = (source.throttled_carry + 1e-6).floor();
                    source.throttled_carry -= throttled;
                    *requests = Requests { admitted: total.admitted, throttled };
                }
            }
        }
    }

    /// A stress record of a minute in which nothing was refused.
    fn unstressed(&self, minute: i64) -> Stress {
        let requests =
            self.rates.iter().map(|rate| Requests { admitted: rate * 60.0, throttled: 0.0 });
        Stress {
            minute,
            refused: vec![Both::default(); self.resources.len()],
            requests: requests.collect(),
            loads: Both::default(),
        }
    }

    /// Sends what each source asks for in one second; returns whether one of them has a blip.
    fn send_waves(&mut self, dimension: Dimension, minute: i64, second: i64) -> bool {
        let mut blipped = false;
        self.waves.clear();
        for (source, rate) in self.sources.iter_mut().zip(&self.rates) {
            let mut wave = Wave { resource: source.resource, flow: source.flow, ..Wave::default() };
            if source.dimension() == dimension {
                wave.units = source.spec.units;
                wave.items = rate * source.weight(minute, second) * source.spec.items
                    + std::mem::take(&mut source.backlog);
                if let Some((_, requests)) = source.blip(minute).filter(|(at, _)| *at == second) {
                    wave.blip = requests * source.spec.items;
                    blipped = true;
                }
            }
            self.waves.push(wave);
        }
        blipped
    }

    /// Reads of one second; each resource stands alone.
    fn read(&mut self, consumed: &mut [f64]) {
        self.index_waves.clear();
        for ((number, resource), consumed) in self.resources.iter_mut().enumerate().zip(consumed) {
            resource.admit(Dimension::Read, number, &mut self.waves);
            let mine = self.waves.iter().filter(|wave| wave.resource == number);
            let units: f64 = mine.map(|wave| wave.kept * wave.units).sum();
            resource.charge(Dimension::Read, units);
            *consumed += units;
        }
    }

    /// Writes of one second: the table first, then each index on what is left. A write that an
    /// index refuses is refused as a whole, and charged nowhere.
    fn write(&mut self, consumed: &mut [f64]) {
        let Some((table, indexes)) = self.resources.split_first_mut() else { return };
        table.admit(Dimension::Write, 0, &mut self.waves);
        let before: f64 = self.waves.iter().map(|wave| wave.kept).sum();
        let mut left = before;
        let mut touched = Vec::with_capacity(indexes.len());
        self.index_waves.clear();
        for (number, (index, spec)) in indexes.iter_mut().zip(&self.spec.indexes).enumerate() {
            let asked = left * spec.write_share;
            let mut wave = [Wave {
                resource: number + 1,
                items: asked,
                units: spec.write_units,
                ..Wave::default()
            }];
            index.admit(Dimension::Write, number + 1, &mut wave);
            let admitted = wave.iter().map(|wave| wave.kept).sum::<f64>();
            left -= asked - admitted;
            touched.push(if left > 0.0 { admitted / left } else { 0.0 });
            self.index_waves.extend(wave.map(|wave| Wave { lasting: left, ..wave }));
        }
        for wave in &mut self.index_waves {
            wave.lasting = if wave.lasting > 0.0 { left / wave.lasting } else { 0.0 };
        }
        let share = if before > 0.0 { left / before } else { 0.0 };
        let mut units = 0.0;
        for wave in &mut self.waves {
            wave.kept *= share;
            wave.lasting = share;
            units += wave.kept * wave.units;
        }
        table.charge(Dimension::Write, units);
        let charged = indexes.iter_mut().zip(&self.spec.indexes).zip(touched).map(
            |((index, spec), touched)| {
                let units = left * touched * spec.write_units;
                index.charge(Dimension::Write, units);
                units
            },
        );
        for (consumed, units) in consumed.iter_mut().zip(std::iter::once(units).chain(charged)) {
            *consumed += units;
        }
    }

    /// Counts the requests of one second and keeps the retries for the next.
    fn count(&mut self, dimension: Dimension, totals: &mut [Requests]) {
        let waves = self.waves.iter().zip(&mut self.sources).zip(totals);
        for ((wave, source), total) in waves.filter(|((_, s), _)| s.dimension() == dimension) {
            let asked = wave.items + wave.blip;
            if asked <= 0.0 {
                continue;
            }
            let refused = (asked - wave.kept).max(0.0);
            // A batch is a throttled request only when all of its items were refused.
            let power = if source.spec.operation.is_batch() { source.spec.items } else { 1.0 };
            let requests = asked / source.spec.items;
            let throttled = requests * (refused / asked).powf(power);
            total.throttled += throttled;
            total.admitted += requests - throttled;
            let again = refused * source.spec.retries;
            source.backlog = if again > 1e-9 { again } else { 0.0 };
        }
    }

    /// The record of a minute that was not all admitted as asked, if it was one.
    pub(super) fn stress_at(&self, minute: i64) -> Option<&Stress> {
        let at = self.stressed.partition_point(|stress| stress.minute < minute);
        self.stressed.get(at).filter(|stress| stress.minute == minute)
    }

    /// The requests of one source in a minute that is over.
    pub(super) fn requests(&self, source: usize, minute: i64) -> Requests {
        match self.stress_at(minute) {
            Some(stress) => stress.requests.get(source).copied().unwrap_or_default(),
            None => Requests {
                admitted: self.sources.get(source).map_or(0.0, |s| s.rate(minute) * 60.0),
                throttled: 0.0,
            },
        }
    }
}

/// A share as whole percent, at most 255.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
fn percent(share: f64) -> u8 {
    (share * 100.0).round().clamp(0.0, 255.0) as u8
}
