//! What is asked of a cluster: one source of traffic that goes through it.

use super::super::chance::Chance;
use super::super::demand::Source;
use super::Passage;
use super::cache::{Group, groups};
use crate::scenario::spec::{KeysSpec, Operation, TableSpec, TrafficSpec};

/// Memory for an entry beside what it holds, bytes: the simulation's own.
const OVERHEAD: f64 = 200.0;
/// Bytes of a request and of a reply beside the items: the simulation's own.
const ENVELOPE: f64 = 120.0;
/// What a miss costs, and what a write costs every node, in hits of the same size ("Sizing your DAX cluster").
const MISS_COST: f64 = 10.0;
const WRITE_COST: f64 = 25.0;

/// Where an answer is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Item,
    Query,
    Scan,
    /// Nowhere: it is written through.
    Write,
}

impl Kind {
    fn of(operation: Operation) -> Self {
        match operation {
            Operation::GetItem | Operation::BatchGetItem | Operation::TransactGetItems => {
                Self::Item
            }
            Operation::Query => Self::Query,
            Operation::Scan => Self::Scan,
            Operation::BatchWriteItem
            | Operation::DeleteItem
            | Operation::PutItem
            | Operation::TransactWriteItems
            | Operation::UpdateItem => Self::Write,
        }
    }

    /// Whether the query cache's time to live counts.
    pub(super) fn is_query(self) -> bool {
        match self {
            Self::Query | Self::Scan => true,
            Self::Item | Self::Write => false,
        }
    }
}

/// One source of traffic that goes through a cluster. What another source has cached is of no use to it.
#[derive(Debug)]
pub(super) struct Flow {
    /// The table it is for, and which of the table's sources it is.
    pub(super) table: String,
    pub(super) number: usize,
    pub(super) kind: Kind,
    source: Source,
    pub(super) groups: Vec<Group>,
    /// Entries that one request looks up or writes.
    pub(super) entries: f64,
    /// Bytes of what is in an entry.
    bytes: f64,
}

impl Flow {
    fn new(table: &TableSpec, number: usize, traffic: &TrafficSpec, made: Made) -> Option<Self> {
        let through = traffic.through.as_ref()?;
        let kind = Kind::of(traffic.operation);
        let (entries, bytes) = match kind {
            Kind::Item | Kind::Write => (traffic.items, through.item_bytes),
            Kind::Query | Kind::Scan => (1.0, through.item_bytes * traffic.returned),
        };
        let chance = source_chance(made.chance.named(&table.name), number);
        Some(Self {
            table: table.name.clone(),
            number,
            kind,
            source: Source::new(shared(traffic, through.share), made.start, 0, 0, chance),
            groups: groups(through.distinct.unwrap_or(traffic.keys.count), traffic.keys),
            entries,
            bytes,
        })
    }

    /// All that goes through the cluster with an id; tables in order.
    pub(super) fn all(cluster: &str, tables: &[TableSpec], made: Made) -> Vec<Self> {
        let of_table = |table: &TableSpec| -> Vec<Self> {
            let traffic = table.traffic.iter().enumerate();
            let mine = traffic.filter(|(_, traffic)| {
                let through = traffic.through.as_ref();
                through.is_some_and(|through| through.cluster.to_lowercase() == cluster)
            });
            mine.filter_map(|(number, traffic)| Self::new(table, number, traffic, made)).collect()
        };
        tables.iter().flat_map(of_table).collect()
    }

    /// Requests a second that are sent to the cluster, the mean of a minute.
    pub(super) fn demand(&self, minute: i64) -> f64 {
        self.source.demand(minute)
    }

    /// The operation that is counted.
    pub(super) fn operation(&self) -> Operation {
        self.source.spec.operation
    }

    /// Memory for one entry, bytes.
    pub(super) fn memory(&self) -> f64 {
        self.bytes + OVERHEAD
    }

    /// What one entry costs a node's processors, on average, in hits of 1 KB; `missed` is the share of misses.
    pub(super) fn cost(&self, missed: f64) -> f64 {
        let kilobytes = (self.bytes / 1_000.0).ceil().max(1.0);
        let factor = match self.kind {
            Kind::Item | Kind::Query | Kind::Scan => 1.0 + (MISS_COST - 1.0) * missed,
            Kind::Write => WRITE_COST,
        };
        kilobytes * factor
    }

    /// Bytes that come in and go out for so many requests that look up `found + missed` entries, or write them.
    pub(super) fn traffic(&self, requests: f64, found: f64, missed: f64) -> (f64, f64) {
        let (envelopes, all) = (requests * ENVELOPE, (found + missed) * self.bytes);
        match self.kind {
            Kind::Item | Kind::Query | Kind::Scan => {
                (envelopes + missed * self.bytes, envelopes + all + missed * ENVELOPE)
            }
            Kind::Write => (envelopes + all, envelopes + all),
        }
    }
}

/// Where and when flows are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made {
    /// The scenario's start, minutes.
    pub(super) start: i64,
    /// The fleet's chance.
    pub(super) chance: Chance,
}

/// The chance of one of a table's sources.
pub(in crate::fleet) fn source_chance(table: Chance, number: usize) -> Chance {
    table.named("traffic").numbered(number as u64)
}

/// A share of a source's traffic.
fn shared(traffic: &TrafficSpec, share: f64) -> TrafficSpec {
    TrafficSpec { rate: traffic.rate * share, ..traffic.clone() }
}

/// The parts of a source's traffic: what is sent to the table itself, and what goes through a cluster. Popular
/// keys are found there, so that what is missed is spread more evenly than what is asked for: here evenly.
pub(in crate::fleet) fn parts(
    traffic: TrafficSpec,
    passage: Option<Passage>,
) -> Vec<(TrafficSpec, Option<Passage>)> {
    let (Some(through), Some(passage)) = (traffic.through.clone(), passage) else {
        return vec![(traffic, None)];
    };
    let mut rest = shared(&traffic, through.share);
    if Kind::of(traffic.operation) != Kind::Write {
        rest.keys = KeysSpec { zipf: 0.0, hot_share: 0.0, ..traffic.keys };
    }
    let around = (through.share < 1.0).then(|| (shared(&traffic, 1.0 - through.share), None));
    around.into_iter().chain([(rest, Some(passage))]).collect()
}
