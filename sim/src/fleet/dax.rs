//! DAX clusters: a cache in front of tables, on nodes of which each caches on its own.
//!
//! A cluster is simulated minute by minute, as far as it or a table behind it is asked about, and follows from
//! the scenario alone: tables depend on clusters, and no cluster on a table. What it misses are reads of the
//! table; what it finds is never seen there, and so not by Contributor Insights either.
//!
//! Exact:
//! - Requests are hits and misses, refused or failed, and nothing else; what is sent to the tables is the misses
//!   and the writes.
//! - A node's processors are used as AWS's sizing guide has it: a miss costs ten hits, a write 25 on every node,
//!   both times the kilobytes of the item. What exceeds them is refused.
//! - A node that restarts keeps what it has cached, one that is replaced has nothing. The clients' connections of
//!   a node that does not serve go to the others.
//!
//! Approximate:
//! - How much of an entry is cached is a fraction (`cache`); what one source caches is of no use to another, and
//!   what is written is not cached by that.
//! - A read that the table refuses is cached all the same, and no request comes again.
//! - A changed time to live counts at once, for what is cached already, too, unless it waits for a restart.
//! - Each node gives one sample a minute; the simulation's own are the base load, the memory that is used
//!   for the cache, the bytes around an item, and how long a restart or a new node takes.

mod cache;
mod flow;
mod hardware;
mod life;
mod metrics;
mod node;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::chance::Chance;
use super::publish::{Grain, Publisher, Truth};
use super::table::Surroundings;
use super::{Fleet, HISTORY_MINUTES, MetricRef, minute_of};
use crate::facts::{Datum, DaxCluster, DaxEvent, DaxParameterGroup, Epoch, MetricId};
use crate::scenario::spec::TableSpec;
use crate::scenario::spec::dax::{DEFAULT_PARAMETER_GROUP, DEFAULT_TTL_MILLIS, DaxSpec};
use flow::{Flow, Made};
pub(super) use flow::{parts, source_chance};
pub(crate) use hardware::Hardware;
use life::Phase;
use metrics::{METRICS, Metric};
use node::{Load, Node, NodeMinute};

/// The namespace of DAX.
pub(crate) const DAX: &str = "AWS/DAX";

/// Minutes that are forgotten at a time.
const FORGOTTEN_AT_ONCE: i64 = 60;
/// Seconds after which a cache that has been in use for long is as it is when the history begins.
const LONG: f64 = 1e6;

/// A cluster. Clones are the same one.
#[derive(Debug, Clone)]
pub(super) struct Cluster(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    spec: DaxSpec,
    flows: Vec<Flow>,
    /// The scenario's start, and the first minute of the history.
    start: i64,
    born: i64,
    chance: Chance,
    publisher: Publisher,
    /// What is known already of what follows from the rest: tables ask for it while they are simulated.
    known: Mutex<Known>,
}

/// The minutes of a cluster that have been simulated.
#[derive(Debug)]
struct Known {
    nodes: Vec<Node>,
    /// What each node counted, by minute, from `first` on.
    minutes: VecDeque<Vec<NodeMinute>>,
    first: i64,
    /// Of each flow the share that reached its table, by minute; never forgotten, for a table may be behind.
    reached: Vec<Vec<f64>>,
    /// The first minute that is not simulated yet.
    next: i64,
}

/// The way of a source of traffic through a cluster.
#[derive(Debug, Clone)]
pub(super) struct Passage {
    cluster: Cluster,
    flow: usize,
}

impl Passage {
    /// The share of what is asked in a minute that comes to the table.
    pub(super) fn reaches(&self, minute: i64) -> f64 {
        let inner = &self.cluster.0;
        let known = inner.known_until(minute + 1);
        let place = usize::try_from(minute - inner.born).ok();
        let of_flow = known.reached.get(self.flow);
        place.zip(of_flow).and_then(|(place, shares)| shares.get(place)).copied().unwrap_or(0.0)
    }
}

impl Cluster {
    /// The clusters of a scenario, by name, in front of these tables.
    pub(super) fn all(
        specs: &[DaxSpec],
        tables: &[TableSpec],
        around: &Surroundings<'_>,
    ) -> Vec<Self> {
        let mut clusters: Vec<Self> =
            specs.iter().map(|spec| Self::new(spec.clone(), tables, around)).collect();
        clusters.sort_by_key(|cluster| cluster.0.spec.id());
        clusters
    }

    fn new(spec: DaxSpec, tables: &[TableSpec], around: &Surroundings<'_>) -> Self {
        let made = Made { start: around.start, chance: around.chance };
        let flows = Flow::all(&spec.id(), tables, made);
        let chance = around.chance.named("dax").named(&spec.id());
        let born = around.start - HISTORY_MINUTES.min(i64::from(spec.age_hours) * 60);
        let node = |number: usize| {
            // A scenario with another node type is refused.
            let hardware = Hardware::of(&spec.node_type)?;
            Some(Node::new(hardware, flows.len(), chance.named("node").numbered(number as u64)))
        };
        let known = Known {
            nodes: (0..spec.nodes.len()).filter_map(node).collect(),
            minutes: VecDeque::new(),
            first: born,
            reached: vec![Vec::new(); flows.len()],
            next: born,
        };
        let (start, publisher) = (around.start, around.publisher);
        let known = Mutex::new(known);
        Self(Arc::new(Inner { spec, flows, start, born, chance, publisher, known }))
    }

    /// The way of a table's source through it; `None` is that it goes elsewhere.
    pub(super) fn passage(&self, table: &str, number: usize) -> Option<Passage> {
        let is_it = |flow: &Flow| flow.number == number && flow.table == table;
        let flow = self.0.flows.iter().position(is_it)?;
        Some(Passage { cluster: self.clone(), flow })
    }

    fn describe(&self, host_id: String, now: Epoch) -> DaxCluster<'_> {
        let (inner, since) = (&*self.0, minute_of(now) - self.0.start);
        DaxCluster {
            name: inner.spec.id(),
            host_id,
            status: inner.spec.status_at(since),
            nodes: inner.spec.nodes_at(inner.start as f64 * 60.0, since),
            settings: &inner.spec,
        }
    }

    /// A metric of it, or of one of its nodes.
    fn series(&self, metric: &Metric, node: Option<usize>, minutes: Range<i64>) -> Truth {
        let inner = &self.0;
        let period = metric.period();
        let known = inner.known_until(minutes.end);
        let minutes = minutes.start.max(known.first)..minutes.end.min(known.next + 1 - period);
        let periods = minutes.filter(|minute| minute % period == 0);
        let datum = |minute| known.datum(metric, node, minute);
        let data: Vec<Datum> = periods.filter_map(datum).collect();
        let series =
            inner.chance.named(metric.name).numbered(node.map_or(0, |node| node as u64 + 1));
        let grain = if metric.unit.is_whole() { Grain::Whole } else { Grain::Fine };
        Truth::new(series, period, inner.publisher, data).with_grain(grain)
    }
}

impl Inner {
    /// What is known, at least of all minutes before one.
    fn known_until(&self, minute: i64) -> MutexGuard<'_, Known> {
        // Nothing here panics in the middle of a change.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.next == self.born && minute > self.born {
            self.warm(&mut known);
        }
        while known.next < minute {
            self.live(&mut known);
        }
        known
    }

    fn demand(&self, minute: i64) -> Vec<f64> {
        self.flows.iter().map(|flow| flow.demand(minute)).collect()
    }

    fn load<'a>(&'a self, demand: &'a [f64], node: usize, since: i64, seconds: f64) -> Load<'a> {
        let shares = self.spec.shares(since);
        Load {
            flows: &self.flows,
            demand,
            share: shares.get(node).copied().unwrap_or(0.0),
            is_primary: shares.iter().position(|share| *share > 0.0) == Some(node),
            ttl: self.spec.times_to_live_on(node, since),
            faulty: self.spec.faulty(node, since),
            seconds,
        }
    }

    /// A cluster that is older than the history has been in use.
    fn warm(&self, known: &mut Known) {
        if i64::from(self.spec.age_hours) * 60 <= HISTORY_MINUTES {
            return;
        }
        let (demand, since) = (self.demand(self.born), self.born - self.start);
        for (number, node) in known.nodes.iter_mut().enumerate() {
            node.pass(self.load(&demand, number, since, LONG));
        }
    }

    /// Lives one minute.
    fn live(&self, known: &mut Known) {
        let (minute, since) = (known.next, known.next - self.start);
        let demand = self.demand(minute);
        let mut reached = vec![0.0; self.flows.len()];
        let mut counted = Vec::with_capacity(known.nodes.len());
        for (number, node) in known.nodes.iter_mut().enumerate() {
            if self.spec.is_cold(number, since) {
                node.empty();
            }
            let load = self.load(&demand, number, since, 60.0);
            if self.spec.phase(number, since) != Phase::Serving {
                node.pass(load);
                counted.push(NodeMinute::default());
                continue;
            }
            let (mut of_node, passed) = node.serve(load, minute);
            if of_node.all_requests() > 0.0 {
                of_node.connections = (self.spec.connections * load.share).round();
            }
            counted.push(of_node);
            for (sum, passed) in reached.iter_mut().zip(passed) {
                *sum += passed;
            }
        }
        let shares = reached.iter().zip(&demand);
        let shares = shares.map(|(reached, all)| if *all > 0.0 { reached / all } else { 0.0 });
        for (history, share) in known.reached.iter_mut().zip(shares) {
            history.push(share);
        }
        known.minutes.push_back(counted);
        known.next += 1;
        known.forget();
    }
}

impl Known {
    /// Lets go of the oldest hour.
    fn forget(&mut self) {
        if self.next - self.first >= HISTORY_MINUTES + FORGOTTEN_AT_ONCE {
            let minutes = usize::try_from(FORGOTTEN_AT_ONCE).unwrap_or_default();
            self.minutes.drain(..minutes.min(self.minutes.len()));
            self.first += FORGOTTEN_AT_ONCE;
        }
    }

    /// The samples of a period of a node, or of all nodes.
    fn datum(&self, metric: &Metric, node: Option<usize>, minute: i64) -> Option<Datum> {
        let first = usize::try_from(minute - self.first).ok()?;
        let length = usize::try_from(metric.period()).ok()?;
        let sample = |number: usize| {
            let minutes = self.minutes.iter().skip(first).take(length);
            metric.sample(minutes.filter_map(|nodes| nodes.get(number)))
        };
        let numbers =
            (0..self.nodes.len()).filter(|number| node.is_none_or(|node| node == *number));
        super::series::gauge(minute, &numbers.filter_map(sample).collect::<Vec<f64>>())
    }
}

impl Fleet {
    /// All DAX clusters as they are at `now`, by name.
    pub(crate) fn dax_clusters(&self, now: Epoch) -> Vec<DaxCluster<'_>> {
        let host_id: String = self.chance.named("dax").uuid(0).chars().take(6).collect();
        self.clusters.iter().map(|cluster| cluster.describe(host_id.clone(), now)).collect()
    }

    /// What DAX has told until `now`, newest first.
    pub(crate) fn dax_events(&self, now: Epoch) -> Vec<DaxEvent> {
        let of_cluster = |cluster: &Cluster| cluster.0.spec.told(self.start, now, cluster.0.chance);
        let mut events: Vec<DaxEvent> = self.clusters.iter().flat_map(of_cluster).collect();
        events.sort_by(|one, other| other.at.total_cmp(&one.at));
        events
    }

    /// All parameter groups as they are at `now`, by name; the default one is always there.
    pub(crate) fn dax_parameter_groups(&self, now: Epoch) -> Vec<DaxParameterGroup> {
        let since = self.since(now);
        let default = DaxParameterGroup {
            name: DEFAULT_PARAMETER_GROUP.to_owned(),
            record_ttl_millis: DEFAULT_TTL_MILLIS,
            query_ttl_millis: DEFAULT_TTL_MILLIS,
            needs_reboot: false,
        };
        let own = self.clusters.iter().map(|cluster| {
            let spec = &cluster.0.spec;
            let ttl = spec.times_to_live(since);
            DaxParameterGroup {
                name: spec.parameter_group.clone(),
                record_ttl_millis: ttl.record,
                query_ttl_millis: ttl.query,
                needs_reboot: spec.changes_by_reboots(),
            }
        });
        let mut groups: Vec<DaxParameterGroup> = std::iter::once(default).chain(own).collect();
        groups.sort_by(|one, other| one.name.cmp(&other.name));
        groups.dedup_by(|one, other| one.name == other.name);
        groups
    }

    /// A metric of a cluster of the fleet or of one of its nodes; `None` for any other metric.
    fn dax_metric(
        &self,
        metric: MetricRef<'_>,
    ) -> Option<(&Cluster, &'static Metric, Option<usize>)> {
        if metric.namespace != DAX {
            return None;
        }
        let value = |key: &str| {
            let mut all = metric.dimensions.iter();
            all.find(|(name, _)| name == key).map(|(_, value)| value.as_str())
        };
        let id = value("ClusterId")?;
        let cluster = self.clusters.iter().find(|cluster| cluster.0.spec.id() == id)?;
        let known = Metric::named(metric.name)?;
        let node = match (metric.dimensions.len(), value("NodeId")) {
            (1, None) if known.of_clusters => None,
            (2, Some(id)) => {
                let spec = &cluster.0.spec;
                Some((0..spec.nodes.len()).find(|node| spec.node_id(*node) == id)?)
            }
            _ => return None,
        };
        Some((cluster, known, node))
    }

    /// A metric of a cluster or node in some minutes; `None` for any other metric.
    pub(super) fn dax_series(&self, metric: MetricRef<'_>, minutes: Range<i64>) -> Option<Truth> {
        let (cluster, metric, node) = self.dax_metric(metric)?;
        Some(cluster.series(metric, node, minutes))
    }

    /// What `CloudWatch` shows of a metric of a cluster or node in some minutes; `None` where there is none of that
    /// name with exactly those dimensions.
    pub fn series_of_dax(
        &mut self,
        name: &str,
        dimensions: &[(String, String)],
        minutes: Range<i64>,
        now: Epoch,
    ) -> Option<Vec<Datum>> {
        let metric = MetricRef { namespace: DAX, name, dimensions };
        Some(self.truth(metric, minutes, now)?.seen(now))
    }

    /// The unit of a metric of a cluster or node; `None` for any other metric.
    pub(super) fn dax_unit(&self, metric: MetricRef<'_>) -> Option<&'static str> {
        self.dax_metric(metric).map(|(_, metric, _)| metric.unit.name())
    }

    /// The metrics of clusters and nodes that have data in some minutes.
    pub(super) fn dax_metrics(&self, minutes: &Range<i64>, now: Epoch) -> Vec<MetricId> {
        let mut found = Vec::new();
        for cluster in self.clusters.iter().filter(|cluster| !cluster.0.flows.is_empty()) {
            let spec = &cluster.0.spec;
            let nodes = (0..spec.nodes.len()).map(Some);
            for node in std::iter::once(None).chain(nodes) {
                let own = METRICS.iter().filter(|metric| metric.of_clusters || node.is_some());
                let active = own.filter(|metric| {
                    !cluster.series(metric, node, minutes.clone()).seen(now).is_empty()
                });
                let node = node.map(|node| ("NodeId".into(), spec.node_id(node)));
                found.extend(active.map(|metric| {
                    MetricId {
                        namespace: DAX.into(),
                        name: metric.name.into(),
                        dimensions: std::iter::once(("ClusterId".into(), spec.id()))
                            .chain(node.clone())
                            .collect(),
                    }
                }));
            }
        }
        found
    }
}
