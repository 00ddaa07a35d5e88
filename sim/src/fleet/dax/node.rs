//! One minute of a node: what it serves, what it misses, what it refuses.

use super::super::chance::Chance;
use super::cache::{Cache, Lived, Pace};
use super::flow::{Flow, Kind};
use super::hardware::{Credits, Hardware};
use super::life::TimesToLive;
use crate::scenario::spec::Operation;

/// How often it is tried what a saturated node can serve, and how long a full cache keeps things.
const SERVICE_ROUNDS: u32 = 6;
const LIFETIME_ROUNDS: u32 = 36;
/// The characteristic time of a cache is looked for between these, seconds.
const LIFETIMES: (f64, f64) = (1e-2, 1e8);
/// Processor time that a node needs beside its requests, if any, and how much it wavers; the simulation's own.
const BASE_CPU: f64 = 0.015;
const CPU_NOISE: f64 = 0.02;
/// Bytes of a packet, about.
const PACKET: f64 = 1_000.0;

/// Lookups in one of the caches.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Lookups {
    pub(super) hits: f64,
    pub(super) misses: f64,
}

/// What a node counted and measured in one minute; nothing of it while it did not serve.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct NodeMinute {
    /// Requests of each operation, in the order of [`OPERATIONS`].
    requests: [f64; OPERATIONS.len()],
    pub(super) items: Lookups,
    pub(super) queries: Lookups,
    pub(super) scans: Lookups,
    pub(super) throttled: f64,
    pub(super) faults: f64,
    /// Percent.
    pub(super) cpu: f64,
    /// Bytes that are cached, and the percentage of the memory for them.
    pub(super) cached: f64,
    pub(super) memory: f64,
    /// Bytes that were evicted.
    pub(super) evicted: f64,
    pub(super) bytes_in: f64,
    pub(super) bytes_out: f64,
    pub(super) packets_in: f64,
    pub(super) packets_out: f64,
    /// Percent of the baseline bandwidth.
    pub(super) network_in: f64,
    pub(super) network_out: f64,
    pub(super) connections: f64,
    /// CPU credits: spent, saved, borrowed, and charged for.
    pub(super) credits_used: f64,
    pub(super) credits: f64,
    pub(super) surplus: f64,
    pub(super) charged: f64,
}

/// The operations that DAX answers or writes through.
const OPERATIONS: [Operation; 8] = [
    Operation::GetItem,
    Operation::BatchGetItem,
    Operation::Query,
    Operation::Scan,
    Operation::PutItem,
    Operation::UpdateItem,
    Operation::DeleteItem,
    Operation::BatchWriteItem,
];

impl NodeMinute {
    /// Requests of one operation.
    pub(super) fn requests_of(&self, operation: Operation) -> f64 {
        let all = OPERATIONS.iter().zip(&self.requests);
        all.filter(|(known, _)| **known == operation).map(|(_, requests)| requests).sum()
    }

    /// All requests, those that failed included.
    pub(super) fn all_requests(&self) -> f64 {
        self.requests.iter().sum()
    }

    fn count(&mut self, operation: Operation, requests: f64) {
        let all = OPERATIONS.iter().zip(&mut self.requests);
        for (_, counted) in all.filter(|(known, _)| **known == operation) {
            *counted += requests;
        }
    }

    fn lookups_mut(&mut self, kind: Kind) -> Option<&mut Lookups> {
        match kind {
            Kind::Item => Some(&mut self.items),
            Kind::Query => Some(&mut self.queries),
            Kind::Scan => Some(&mut self.scans),
            Kind::Write => None,
        }
    }
}

/// What is asked of a node for a while.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load<'a> {
    pub(super) flows: &'a [Flow],
    /// Requests a second of each flow, for all nodes together.
    pub(super) demand: &'a [f64],
    /// The part of the clients' connections that the node has.
    pub(super) share: f64,
    /// Whether it is the primary node, which takes all writes.
    pub(super) is_primary: bool,
    pub(super) ttl: TimesToLive,
    /// The share of the requests that ends in an internal error.
    pub(super) faulty: f64,
    pub(super) seconds: f64,
}

impl Load<'_> {
    /// Requests a second of a flow that come to the node.
    fn requests(&self, flow: &Flow, demand: f64) -> f64 {
        match flow.kind {
            Kind::Write => demand * f64::from(u8::from(self.is_primary)),
            Kind::Item | Kind::Query | Kind::Scan => demand * self.share,
        }
    }

    /// How entries of a flow come and go while a share of the requests is served.
    fn pace(&self, flow: &Flow, demand: f64, served: f64, lifetime: Option<f64>) -> Pace {
        let requests = self.requests(flow, demand) * flow.entries * served;
        let expiry = self.ttl.expiry(flow.kind.is_query());
        Pace { requests, expiry, lifetime, seconds: self.seconds }
    }
}

/// What a while would be with a share of the requests served.
struct Trial {
    /// Share of the requests that are served.
    served: f64,
    lifetime: Option<f64>,
    /// Of each flow.
    lived: Vec<Lived>,
    /// Cost a second, in hits of 1 KB.
    cost: f64,
    /// Bytes that are cached in the end, and that are evicted.
    cached: f64,
    evicted: f64,
}

/// A node and what it has cached of each flow.
#[derive(Debug)]
pub(super) struct Node {
    hardware: Hardware,
    caches: Vec<Cache>,
    credits: f64,
    surplus: f64,
    chance: Chance,
}

impl Node {
    /// A node with empty caches.
    pub(super) fn new(hardware: Hardware, flows: usize, chance: Chance) -> Self {
        let credits = hardware.credits.map_or(0.0, Credits::most);
        Self { hardware, caches: vec![Cache::default(); flows], credits, surplus: 0.0, chance }
    }

    /// Forgets what is cached: another node takes its place.
    pub(super) fn empty(&mut self) {
        self.caches.iter_mut().for_each(Cache::empty);
    }

    /// Lets a while go by in which it serves nothing, or whose counts nobody wants.
    pub(super) fn pass(&mut self, load: Load<'_>) {
        let trial = self.fit(load, 1.0);
        self.keep(load, trial);
    }

    /// Serves for a minute. Returns what it counted, and the requests a second of each flow that reached its
    /// table.
    pub(super) fn serve(&mut self, load: Load<'_>, minute: i64) -> (NodeMinute, Vec<f64>) {
        let capacity = self.capacity();
        let mut trial = self.fit(load, 1.0);
        for _ in 0..SERVICE_ROUNDS {
            if trial.cost <= capacity {
                break;
            }
            let served = trial.served * capacity / trial.cost;
            trial = self.fit(load, served);
        }
        let mut counted = NodeMinute::default();
        let mut reached = Vec::with_capacity(load.flows.len());
        for (number, (flow, demand)) in load.flows.iter().zip(load.demand).enumerate() {
            let missed = trial.lived.get(number).map_or(1.0, |lived| lived.missed);
            let missed = if flow.kind == Kind::Write { 1.0 } else { missed };
            let requests = load.requests(flow, *demand);
            reached.push(requests * trial.served * (1.0 - load.faulty) * missed);
            let chance = self.chance.named("requests").numbered(number as u64);
            let outcome = Outcome { served: trial.served, faulty: load.faulty, missed };
            outcome.count(flow, requests * load.seconds, (chance, minute), &mut counted);
        }
        self.measure(load, &trial, minute, &mut counted);
        self.keep(load, trial);
        (counted, reached)
    }

    /// What it can serve: a node of the standard mode without credits is held to its baseline.
    fn capacity(&self) -> f64 {
        let held = self.hardware.credits.filter(|credits| !credits.is_unlimited);
        let held = held.filter(|_| self.credits <= 0.0).map_or(1.0, Credits::baseline);
        self.hardware.capacity * held
    }

    /// What a while would be, with nothing in memory that does not fit.
    fn fit(&self, load: Load<'_>, served: f64) -> Trial {
        let roomy = self.trial(load, served, None);
        let limit = self.hardware.evicts_at();
        if roomy.cached <= limit {
            return roomy;
        }
        let (mut short, mut long) = LIFETIMES;
        for _ in 0..LIFETIME_ROUNDS {
            let middle = (short * long).sqrt();
            let fits = self.trial(load, served, Some(middle)).cached <= limit;
            (short, long) = if fits { (middle, long) } else { (short, middle) };
        }
        self.trial(load, served, Some(short))
    }

    fn trial(&self, load: Load<'_>, served: f64, lifetime: Option<f64>) -> Trial {
        let lived = Vec::with_capacity(load.flows.len());
        let mut trial = Trial { served, lifetime, lived, cost: 0.0, cached: 0.0, evicted: 0.0 };
        let caches = self.caches.iter().zip(load.flows).zip(load.demand);
        for ((cache, flow), demand) in caches {
            if flow.kind == Kind::Write {
                // Every node takes over what the primary has written.
                trial.cost += demand * flow.entries * served * flow.cost(0.0);
                trial.lived.push(Lived::default());
                continue;
            }
            let pace = load.pace(flow, *demand, served, lifetime);
            let lived = cache.live(&flow.groups, pace);
            trial.cost += pace.requests * flow.cost(lived.missed);
            trial.cached += lived.entries * flow.memory();
            trial.evicted += lived.evicted * flow.memory();
            trial.lived.push(lived);
        }
        trial
    }

    fn keep(&mut self, load: Load<'_>, trial: Trial) {
        let flows = load.flows.iter().zip(load.demand);
        let caches = self.caches.iter_mut().zip(flows).zip(trial.lived);
        for ((cache, (flow, demand)), lived) in caches {
            cache.keep(lived, load.pace(flow, *demand, trial.served, trial.lifetime));
        }
    }

    /// Reads the gauges at the end of a minute.
    fn measure(&mut self, load: Load<'_>, trial: &Trial, minute: i64, of: &mut NodeMinute) {
        let busy = (trial.cost / self.hardware.capacity).min(1.0);
        let noise = 1.0 + CPU_NOISE * self.chance.named("cpu").signed(minute);
        of.cpu = (100.0 * (BASE_CPU + (1.0 - BASE_CPU) * busy * noise)).min(100.0);
        of.cached = trial.cached.floor();
        of.memory = 100.0 * of.cached / self.hardware.cache_bytes();
        of.evicted = trial.evicted.floor();
        of.packets_in = (of.bytes_in / PACKET + of.all_requests()).round();
        of.packets_out = (of.bytes_out / PACKET + of.all_requests()).round();
        let baseline = self.hardware.bytes_per_minute();
        of.network_in = 100.0 * of.bytes_in / baseline;
        of.network_out = 100.0 * of.bytes_out / baseline;
        if let Some(credits) = self.hardware.credits {
            self.spend(credits, load.seconds / 60.0, of);
        }
    }

    /// Earns and spends CPU credits: one is one processor at 100 % for one minute.
    fn spend(&mut self, credits: Credits, minutes: f64, of: &mut NodeMinute) {
        of.credits_used = of.cpu / 100.0 * credits.processors * minutes;
        // What was borrowed is paid back first.
        let earned = credits.per_hour / 60.0 * minutes - of.credits_used;
        let saved = self.credits - self.surplus + earned;
        self.credits = saved.clamp(0.0, credits.most());
        let borrowed = if credits.is_unlimited { (-saved).max(0.0) } else { 0.0 };
        of.charged = (borrowed - credits.most()).max(0.0);
        self.surplus = borrowed - of.charged;
        (of.credits, of.surplus) = (self.credits, self.surplus);
    }
}

/// What becomes of the requests of one flow: shares of them.
#[derive(Clone, Copy)]
struct Outcome {
    served: f64,
    faulty: f64,
    /// Of the entries that are looked up.
    missed: f64,
}

impl Outcome {
    /// Counts whole requests.
    fn count(self, flow: &Flow, requests: f64, at: (Chance, i64), of: &mut NodeMinute) {
        let (chance, minute) = at;
        let whole = |what: &str, amount: f64| chance.named(what).round(amount, minute);
        let all = whole("all", requests);
        let throttled = whole("throttled", all * (1.0 - self.served)).min(all);
        let faults = whole("faults", (all - throttled) * self.faulty).min(all - throttled);
        let entries = ((all - throttled - faults) * flow.entries).round();
        let misses = whole("missed", entries * self.missed).min(entries);
        of.count(flow.operation(), all);
        of.throttled += throttled;
        of.faults += faults;
        if let Some(lookups) = of.lookups_mut(flow.kind) {
            lookups.misses += misses;
            lookups.hits += entries - misses;
        }
        let (bytes_in, bytes_out) = flow.traffic(all, entries - misses, misses);
        of.bytes_in += bytes_in.round();
        of.bytes_out += bytes_out.round();
    }
}
