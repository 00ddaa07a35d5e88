//! One table or index as a thing with a capacity: its bucket, its burst bank and its partitions.

use super::chance::Chance;
use super::keys::Spread;
use super::partitions::{Partitions, partition_limit};
use crate::both::{Both, DIMENSIONS};
use crate::facts::{Dimension, Epoch};
use crate::scenario::spec::{CapacitySpec, KeysSpec};

/// Seconds of unused provisioned capacity that are banked ("Burst and adaptive capacity": up to
/// five minutes).
pub(super) const BURST_SECONDS: f64 = 300.0;
/// Warm throughput of a new on-demand table ("Understanding DynamoDB warm throughput").
const ON_DEMAND_WARM: Both<u64> = Both { read: 12_000, write: 4_000 };
/// A partition holds about 10 GB ("Partitions and data distribution in DynamoDB").
const PARTITION_GIGABYTES: f64 = 10.0;

/// Why a request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// Provisioned capacity and burst bank are used up.
    Provisioned,
    /// The partition is at its limit.
    KeyRange,
    /// The on-demand maximum of the table or index.
    MaxOnDemand,
    /// The account's table-level quota.
    AccountLimit,
}

/// An amount for each reason.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct ByReason {
    provisioned: f64,
    key_range: f64,
    max_on_demand: f64,
    account_limit: f64,
}

impl ByReason {
    /// The amount of one reason.
    pub(super) fn of(&self, reason: Reason) -> f64 {
        match reason {
            Reason::Provisioned => self.provisioned,
            Reason::KeyRange => self.key_range,
            Reason::MaxOnDemand => self.max_on_demand,
            Reason::AccountLimit => self.account_limit,
        }
    }

    fn of_mut(&mut self, reason: Reason) -> &mut f64 {
        match reason {
            Reason::Provisioned => &mut self.provisioned,
            Reason::KeyRange => &mut self.key_range,
            Reason::MaxOnDemand => &mut self.max_on_demand,
            Reason::AccountLimit => &mut self.account_limit,
        }
    }

    /// All reasons together.
    pub(super) fn total(&self) -> f64 {
        self.provisioned + self.key_range + self.max_on_demand + self.account_limit
    }

    /// Takes the whole events out and leaves the fractions for later.
    fn take_whole(&mut self) -> Self {
        let mut whole = Self::default();
        for reason in
            [Reason::Provisioned, Reason::KeyRange, Reason::MaxOnDemand, Reason::AccountLimit]
        {
            // Sums of many small amounts fall short of whole numbers by rounding errors.
            let events = (self.of(reason) + 1e-6).floor();
            *whole.of_mut(reason) = events;
            *self.of_mut(reason) -= events;
        }
        whole
    }
}

/// A provisioned capacity from a moment on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Setting {
    /// When the change was accepted: `UPDATING` from here on …
    pub(super) asked: Epoch,
    /// … until it is in effect.
    pub(super) at: Epoch,
    pub(super) units: u64,
}

/// A maximum of on-demand throughput from a moment on.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cap {
    at: Epoch,
    /// Units per second; `None` is no maximum but the quota.
    max: Option<u64>,
}

/// A stream of requests for one second, on its way through the checks.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wave {
    /// Which resource, and which of its flows.
    pub(super) resource: usize,
    pub(super) flow: usize,
    /// Items asked for, by popularity and on the hot key alone.
    pub(super) items: f64,
    pub(super) blip: f64,
    /// Capacity units per item.
    pub(super) units: f64,
    /// Items that were admitted.
    pub(super) kept: f64,
    /// Share of what the partitions admit that the bucket admits, too.
    pub(super) bucket: f64,
    /// Share of that which no index refuses.
    pub(super) lasting: f64,
}

/// A table or index as the physics sees it.
#[derive(Debug, Clone)]
pub(super) struct Resource {
    /// Provisioned capacity over time, empty when on-demand.
    settings: Both<Vec<Setting>>,
    /// Settings that the simulated minutes have reached.
    reached: Both<usize>,
    /// Maxima over time, empty when provisioned.
    caps: Both<Vec<Cap>>,
    /// Maxima that the simulated minutes have reached.
    capped: Both<usize>,
    /// The account's table-level quota, units per second.
    pub(super) quota: Both<u64>,
    /// Units per second of the present second: provisioned capacity, or what on-demand allows.
    rate: Both<f64>,
    /// Banked burst units; none on on-demand.
    bank: Both<f64>,
    /// What a refusal at the bucket is called.
    reason: Both<Reason>,
    pub(super) partitions: Partitions,
    pub(super) flows: Both<Vec<Spread>>,
    /// Consumed units, one per minute of the history that is kept.
    pub(super) consumed: Both<Vec<f32>>,
    /// Refused items of the present minute, and fractions of earlier ones.
    refused: Both<ByReason>,
    /// Largest demand on a partition in the present minute, a share of its limit.
    pub(super) heat: f64,
    /// Warm throughput when the history that is kept begins.
    warm: Both<f64>,
    /// Largest capacity provisioned so far, or warm throughput; partitions follow it.
    peak: Both<f64>,
    gigabytes: f64,
    chance: Chance,
    /// Whether Contributor Insights counts what its keys are asked for.
    pub(super) is_watched: bool,
    /// Share of its demand that each partition admits in the present second, if some do not admit all.
    scratch: Vec<f64>,
    crowded: bool,
}

impl Resource {
    /// Builds it as it is when the history begins at `born`.
    pub(super) fn new(
        spec: &CapacitySpec,
        quota: Both<u64>,
        gigabytes: f64,
        born: Epoch,
        chance: Chance,
    ) -> Self {
        let on_demand = spec.provisioned.is_none();
        let base = spec.provisioned.unwrap_or(ON_DEMAND_WARM);
        let warm = spec.warm.unwrap_or(base);
        let peak = Both::from_fn(|d| (*warm.of(d)).max(*base.of(d)) as f64);
        let allowed = |d| match spec.provisioned {
            Some(units) => (*units.of(d), Reason::Provisioned),
            None => on_demand_limit(*spec.on_demand_max.of(d), *quota.of(d)),
        };
        let setting = |units| Setting { asked: born, at: born, units };
        let settings =
            Both::from_fn(|d| spec.provisioned.iter().map(|all| setting(*all.of(d))).collect());
        let cap = |max| if on_demand { vec![Cap { at: born, max }] } else { Vec::new() };
        let rate = Both::from_fn(|d| allowed(d).0 as f64);
        let bank = Both::from_fn(|d| if on_demand { 0.0 } else { rate.of(d) * BURST_SECONDS });
        Self {
            reached: Both::from_fn(|_| usize::from(!on_demand)),
            settings,
            caps: Both::from_fn(|d| cap(*spec.on_demand_max.of(d))),
            capped: Both::from_fn(|_| usize::from(on_demand)),
            quota,
            rate,
            bank,
            reason: Both::from_fn(|d| allowed(d).1),
            partitions: Partitions::new(partition_count(peak, on_demand, gigabytes)),
            flows: Both::default(),
            consumed: Both::default(),
            refused: Both::default(),
            heat: 0.0,
            warm: peak,
            peak,
            gigabytes,
            chance,
            is_watched: false,
            scratch: Vec::new(),
            crowded: false,
        }
    }

    /// Adds a flow of requests; returns its number.
    pub(super) fn add_flow(&mut self, dimension: Dimension, keys: KeysSpec) -> usize {
        let flows = self.flows.of_mut(dimension);
        flows.push(Spread::new(keys, self.chance, &self.partitions));
        flows.len() - 1
    }

    /// Whether it is provisioned, not on-demand.
    pub(super) fn is_provisioned(&self) -> bool {
        !self.settings.read.is_empty()
    }

    /// Provisioned capacity at a moment; `None` when on-demand.
    pub(super) fn provisioned_at(&self, dimension: Dimension, at: Epoch) -> Option<u64> {
        let settings = self.settings.of(dimension);
        let reached = settings.partition_point(|setting| setting.at <= at);
        settings.get(reached.saturating_sub(1)).map(|setting| setting.units)
    }

    /// The provisioned capacity over time.
    pub(super) fn settings(&self, dimension: Dimension) -> &[Setting] {
        self.settings.of(dimension)
    }

    /// Schedules a provisioned capacity, later than any minute that is simulated already.
    pub(super) fn set(&mut self, dimension: Dimension, setting: Setting) {
        let settings = self.settings.of_mut(dimension);
        let place = settings.partition_point(|other| other.at <= setting.at);
        settings.insert(place, setting);
    }

    /// The capacity that all changes accepted so far lead to; `None` when on-demand.
    pub(super) fn due(&self, dimension: Dimension) -> Option<Setting> {
        self.settings.of(dimension).last().copied()
    }

    /// Whether a change is accepted and not yet in effect.
    pub(super) fn is_updating(&self, now: Epoch) -> bool {
        let changes = |dimension| self.settings.of(dimension).iter().skip(1);
        DIMENSIONS.into_iter().flat_map(changes).any(|one| (one.asked..one.at).contains(&now))
    }

    /// The on-demand maximum at a moment, if there is one.
    pub(super) fn on_demand_max_at(&self, dimension: Dimension, at: Epoch) -> Option<u64> {
        let caps = self.caps.of(dimension);
        let reached = caps.partition_point(|cap| cap.at <= at);
        caps.get(reached.saturating_sub(1)).and_then(|cap| cap.max)
    }

    /// Sets or removes the on-demand maximum from a moment on, later than any minute that is
    /// simulated already and no earlier than the last change.
    pub(super) fn set_on_demand_max(&mut self, dimension: Dimension, at: Epoch, max: Option<u64>) {
        self.caps.of_mut(dimension).push(Cap { at, max });
    }

    /// Warm throughput at a moment: the largest provisioned or served until then, and never less
    /// than at first.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "minutes, >= 0")]
    pub(super) fn warm(&self, born: Epoch, now: Epoch) -> Both<f64> {
        let minutes = ((now - born) / 60.0).max(0.0) as usize;
        Both::from_fn(|dimension| {
            let served = self.consumed.of(dimension).iter().take(minutes).copied();
            let settings = self.settings.of(dimension).iter().filter(|setting| setting.at <= now);
            settings
                .map(|setting| setting.units as f64)
                .chain([*self.warm.of(dimension), f64::from(served.fold(0.0, f32::max)) / 60.0])
                .fold(0.0, f64::max)
        })
    }

    /// Whether a minute can be done in closed form: no second can reach a limit.
    pub(super) fn is_calm(&self, dimension: Dimension, minute: i64, bound: Bound) -> bool {
        let end = (minute + 1) as f64 * 60.0;
        let setting = self.settings.of(dimension).get(*self.reached.of(dimension));
        let cap = self.caps.of(dimension).get(*self.capped.of(dimension));
        let changes =
            setting.is_some_and(|one| one.at < end) || cap.is_some_and(|one| one.at < end);
        !changes
            && bound.second <= *self.rate.of(dimension)
            && bound.partition <= partition_limit(dimension)
    }

    /// Spends a calm minute: all is admitted and the bank only grows, so clamping once at the end
    /// is the same as clamping each second.
    pub(super) fn spend_calm_minute(&mut self, dimension: Dimension, bound: Bound) {
        let (units, rate) = (bound.mean * 60.0, *self.rate.of(dimension));
        if self.is_provisioned() {
            let bank = self.bank.of_mut(dimension);
            *bank = (*bank + rate * 60.0 - units).min(rate * BURST_SECONDS);
        }
        self.heat = self.heat.max(bound.partition / partition_limit(dimension));
        self.partitions.cool(dimension);
        self.record(dimension, units);
    }

    /// Files a minute's consumption.
    #[expect(clippy::cast_possible_truncation, reason = "compact: 24 bits hold any real minute")]
    pub(super) fn record(&mut self, dimension: Dimension, units: f64) {
        let consumed = self.consumed.of_mut(dimension);
        if consumed.len() == consumed.capacity() {
            // An hour at a time: doubling would leave half of a large fleet's memory unused.
            consumed.reserve_exact(60);
        }
        consumed.push(units as f32);
    }

    /// Lets go of the oldest minutes' consumption, but for the warm throughput that they left.
    pub(super) fn forget(&mut self, minutes: usize) {
        for dimension in DIMENSIONS {
            let consumed = self.consumed.of_mut(dimension);
            let oldest = consumed.drain(..minutes.min(consumed.len()));
            let served = f64::from(oldest.fold(0.0, f32::max)) / 60.0;
            let warm = self.warm.of_mut(dimension);
            *warm = warm.max(served);
        }
    }

    /// Begins a minute that is stepped second by second.
    pub(super) fn begin_minute(&mut self, dimension: Dimension, minute: i64) {
        for flow in self.flows.of_mut(dimension) {
            flow.begin_minute(minute, &self.partitions);
        }
    }

    /// Begins a second: capacity changes that are due take effect.
    pub(super) fn begin_second(&mut self, dimension: Dimension, at: Epoch) {
        let reached = self.reached.of_mut(dimension);
        while let Some(setting) = self.settings.of(dimension).get(*reached)
            && setting.at < at + 1.0
        {
            *reached += 1;
            let rate = setting.units as f64;
            *self.rate.of_mut(dimension) = rate;
            let bank = self.bank.of_mut(dimension);
            *bank = bank.min(rate * BURST_SECONDS);
            let peak = self.peak.of_mut(dimension);
            *peak = peak.max(rate);
        }
        let capped = self.capped.of_mut(dimension);
        while let Some(cap) = self.caps.of(dimension).get(*capped)
            && cap.at < at + 1.0
        {
            *capped += 1;
            let (rate, reason) = on_demand_limit(cap.max, *self.quota.of(dimension));
            *self.rate.of_mut(dimension) = rate as f64;
            *self.reason.of_mut(dimension) = reason;
        }
    }

    /// Lets the waves for resource `number` through, as far as partitions and then bucket admit.
    /// Nothing is charged yet: an index may still refuse what the table admits.
    pub(super) fn admit(&mut self, dimension: Dimension, number: usize, waves: &mut [Wave]) {
        let limit = partition_limit(dimension);
        let demand = &mut self.scratch;
        demand.clear();
        demand.resize(self.partitions.count(), 0.0);
        for wave in waves.iter().filter(|wave| wave.resource == number) {
            if let Some(flow) = self.flows.of_mut(dimension).get_mut(wave.flow) {
                flow.units += (wave.items + wave.blip) * wave.units;
                flow.add(wave.items * wave.units, wave.blip * wave.units, demand);
            }
        }
        let hottest = demand.iter().copied().fold(0.0, f64::max);
        self.heat = self.heat.max(hottest / limit);
        let crowded = hottest > limit;
        self.crowded = crowded;
        if crowded {
            self.partitions.admit(dimension, demand);
        }
        let flows = self.flows.of(dimension);
        let mut units = 0.0;
        for wave in waves.iter_mut().filter(|wave| wave.resource == number) {
            let asked = wave.items + wave.blip;
            (wave.bucket, wave.lasting) = (1.0, 1.0);
            wave.kept = match flows.get(wave.flow) {
                Some(flow) if crowded => flow.admitted(wave.items, wave.blip, demand),
                _ => asked,
            };
            self.refused.of_mut(dimension).key_range += asked - wave.kept;
            units += wave.kept * wave.units;
        }
        let tokens = self.rate.of(dimension) + self.bank.of(dimension);
        if units <= tokens {
            return;
        }
        let refused = self.refused.of_mut(dimension).of_mut(*self.reason.of(dimension));
        for wave in waves.iter_mut().filter(|wave| wave.resource == number) {
            wave.bucket = tokens / units;
            let kept = wave.kept * tokens / units;
            *refused += wave.kept - kept;
            wave.kept = kept;
        }
    }

    /// The share of its demand that a partition admits in the present second.
    pub(super) fn admits(&self, partition: usize) -> f64 {
        let share = self.scratch.get(partition).filter(|_| self.crowded);
        share.copied().unwrap_or(1.0)
    }

    /// Charges a second's admitted units to the bucket.
    pub(super) fn charge(&mut self, dimension: Dimension, units: f64) {
        if self.is_provisioned() {
            let rate = *self.rate.of(dimension);
            let bank = self.bank.of_mut(dimension);
            *bank = (*bank + rate - units).clamp(0.0, rate * BURST_SECONDS);
        }
    }

    /// Ends a stepped minute: whole refusal events, the fractions being kept for the next.
    pub(super) fn end_minute(&mut self, dimension: Dimension, minute: i64) -> ByReason {
        if self.partitions.end_minute(dimension, minute, self.flows.of(dimension)) {
            self.lay_flows();
        }
        self.refused.of_mut(dimension).take_whole()
    }

    /// Follows a raise of provisioned capacity with partitions.
    pub(super) fn grow_partitions(&mut self) {
        let wanted = partition_count(self.peak, !self.is_provisioned(), self.gigabytes);
        if self.is_provisioned() && wanted > self.partitions.count() {
            self.partitions.grow_to(wanted);
            self.lay_flows();
        }
    }

    fn lay_flows(&mut self) {
        for dimension in DIMENSIONS {
            for flow in self.flows.of_mut(dimension) {
                flow.lay(&self.partitions);
            }
        }
    }
}

/// Bounds on what one minute can ask of a resource, units per second.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bound {
    /// The mean over the minute.
    pub(super) mean: f64,
    /// At most, in any second.
    pub(super) second: f64,
    /// At most, in any second, of any partition.
    pub(super) partition: f64,
}

impl Bound {
    /// Adds a flow with its mean and its jitter.
    pub(super) fn add(&mut self, mean: f64, jitter: f64, flow: Option<&Spread>) {
        let second = mean * (1.0 + jitter);
        self.mean += mean;
        self.second += second;
        self.partition += second * flow.map_or(1.0, Spread::max_share);
    }
}

/// What bounds an on-demand table or index, and what a refusal is called then.
fn on_demand_limit(max: Option<u64>, quota: u64) -> (u64, Reason) {
    match max {
        Some(max) if max < quota => (max, Reason::MaxOnDemand),
        _ => (quota, Reason::AccountLimit),
    }
}

/// Partitions for a throughput and a size. On-demand tables are ready for the read or the write
/// peak, provisioned ones for both at once.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
fn partition_count(peak: Both<f64>, on_demand: bool, gigabytes: f64) -> usize {
    let reads = peak.read / partition_limit(Dimension::Read);
    let writes = peak.write / partition_limit(Dimension::Write);
    let heat = if on_demand { reads.max(writes) } else { reads + writes };
    heat.max(gigabytes / PARTITION_GIGABYTES).ceil().max(1.0) as usize
}
